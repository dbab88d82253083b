package citation

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"syncer/arxiv"
	"syncer/seeds"
)

// ClaimKey is what two claims that name the same paper have in common: the title and the first author as they compare.
func ClaimKey(claim seeds.Claim) string {
	return arxiv.Key(claim.Title) + " / " + arxiv.Key(firstOf(claim.FirstAuthor))
}

// searchWords is how many words the part of a title must have to be searched for without the rest.
const searchWords = 4

// SearchTerms are what to search papers by for a claimed title: its longest part, as a phrase, since a name stands in front
// of many titles and a venue behind; and its meaningful words. Both are plain words. A possessive ends a part, since not
// every index has its "s" as a word.
func SearchTerms(title string) (phrase, words string) {
	text := withoutBrackets(plainTitle(title))
	phrase = text
	longest := 0
	for _, part := range titleParts(possessives.Replace(text)) {
		if n := len(titleWords(part)); n >= searchWords && n > longest {
			phrase, longest = part, n
		}
	}
	phrase = strings.Join(strings.FieldsFunc(phrase, isNoWord), " ")
	kept := slices.DeleteFunc(strings.Fields(phrase), func(w string) bool { return stopWords[strings.ToLower(w)] })
	return phrase, strings.Join(kept, " ")
}

var possessives = strings.NewReplacer("'s ", "|", "’s ", "|")

func isNoWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }

// Slips are the identifiers that one slip of a typist turns into id, the likeliest first: two digits swapped, a digit
// doubled over its neighbour, another month, another year, a number shifted by its zeros. None for identifiers of the old
// style, which people copy rather than type.
func Slips(id arxiv.ID) []arxiv.ID {
	if id.OldStyle() {
		return nil
	}
	yymm, number, ok := strings.Cut(string(id), ".")
	if !ok {
		return nil
	}
	var slips []arxiv.ID
	add := func(yymm, number string) {
		if slip, version, err := arxiv.Parse(yymm + "." + number); err == nil && version == 0 && slip != id &&
			!slices.Contains(slips, slip) {
			slips = append(slips, slip)
		}
	}
	digits := []byte(number)
	for i := range len(digits) - 1 {
		swapped := slices.Clone(digits)
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		add(yymm, string(swapped))
	}
	for i := range digits {
		for _, neighbour := range []int{i - 1, i + 1} {
			if neighbour >= 0 && neighbour < len(digits) {
				doubled := slices.Clone(digits)
				doubled[i] = digits[neighbour]
				add(yymm, string(doubled))
			}
		}
	}
	add(yymm, number[1:]+number[:1])
	add(yymm, number[len(number)-1:]+number[:len(number)-1])
	add(yymm[:1]+yymm[2:3]+yymm[1:2]+yymm[3:], number)
	add(yymm[:2]+yymm[3:]+yymm[2:3], number)
	year, month := id.Year()%100, id.Month()
	for _, step := range []int{-1, 1} {
		add(fmt.Sprintf("%02d%02d", year, month+step), number)
		add(fmt.Sprintf("%02d%02d", year+step, month), number)
	}
	for m := 1; m <= 12; m++ {
		add(fmt.Sprintf("%02d%02d", year, m), number)
	}
	return slips
}
