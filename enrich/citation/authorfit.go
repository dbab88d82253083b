package citation

import (
	"slices"
	"strings"
	"unicode/utf8"

	"syncer/arxiv"
)

// authorFit says how a claimed first author stands to a paper and its versions, best first.
type authorFit int

const (
	authorUnclaimed authorFit = iota // nothing is claimed, or nothing that can be compared
	authorFirst                      // the first author of the newest version
	authorOlder                      // the first author of an older version
	authorMisspelt                   // all but for a letter or two
	authorListed                     // on the paper, not first
	authorNowhere                    // on no version
)

// fitAuthor finds the claimed first author on the paper: on the newest version, then the older ones, then anywhere in a
// list of authors.
func fitAuthor(claim string, p *arxiv.Paper) authorFit {
	first := firstOf(claim)
	words := strings.Fields(arxiv.Key(first))
	if len(p.Authors) == 0 || len(words) == 0 || placeholderNames[strings.Join(words, " ")] || otherScript(first, p.Authors[0].Name) {
		return authorUnclaimed
	}
	lists := [][]arxiv.Author{p.Authors}
	for _, v := range p.Versions {
		if v.HasText && len(v.Authors) > 0 && v.Number != p.Version {
			lists = append(lists, v.Authors)
		}
	}
	for i, list := range lists {
		if standsFirst(first, list) {
			return min(authorFirst+authorFit(i), authorOlder)
		}
	}
	// People name the house where the paper names its people, and a person where it names only the house; neither
	// refutes the other.
	if organisation(words) || len(p.Authors) == 1 && isOrganisation(p.Authors[0]) {
		return authorUnclaimed
	}
	fit := authorNowhere
	for _, list := range lists {
		for i, author := range list {
			switch {
			case i == 0 && misspelt(first, author.Name):
				fit = min(fit, authorMisspelt)
			case i > 0 && nameFits(first, author.Name):
				fit = min(fit, authorListed)
			}
		}
	}
	return fit
}

// standsFirst says whether a name is the first author's. Of a list that a house leads ("DeepSeek-AI, Daya Guo, …"), both
// the house and the first of its people are.
func standsFirst(claim string, authors []arxiv.Author) bool {
	for _, author := range authors {
		if nameFits(claim, author.Name) {
			return true
		}
		if arxiv.Key(author.Name) != "" && !isOrganisation(author) {
			return false
		}
	}
	return false
}

func isOrganisation(author arxiv.Author) bool {
	return organisation(strings.Fields(arxiv.Key(author.Name)))
}

// onPaper says whether a name is among the authors of any version.
func onPaper(claim string, p *arxiv.Paper) bool {
	fits := func(author arxiv.Author) bool { return nameFits(claim, author.Name) }
	return slices.ContainsFunc(p.Authors, fits) ||
		slices.ContainsFunc(p.Versions, func(v arxiv.Version) bool { return slices.ContainsFunc(v.Authors, fits) })
}

// placeholderNames claim nobody.
var placeholderNames = map[string]bool{
	"anonymous": true, "anon": true, "unknown": true, "various": true, "various authors": true, "multiple authors": true, "others": true,
	"et al": true, "n a": true, "na": true,
	"the authors": true, "none": true, "author": true, "authors": true, "tbd": true,
}

// nameFits is familyFits with the two liberties that lists take beyond it: initials behind the family name ("Vaswani A"),
// and ä, ö, ü written as ae, oe, ue.
func nameFits(claim, author string) bool {
	if familyFits(claim, author) {
		return true
	}
	claim = withoutInitials(claim, author)
	return familyFits(claim, author) ||
		familyFits(umlauts.Replace(strings.ToLower(claim)), umlauts.Replace(strings.ToLower(arxiv.Text(author))))
}

var umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u", "ä", "a", "ö", "o", "ü", "u", "ø", "o", "å", "a", "aa", "a")

// withoutInitials drops initials behind a family name: "Vaswani A", "Vaswani A.N.", "Vaswani AN", and more of them when
// they are the author's.
func withoutInitials(name, author string) string {
	if strings.Contains(name, ",") {
		return name
	}
	words := strings.Fields(name)
	for len(words) > 1 && (initials(words[len(words)-1]) || initialsOf(author, words[len(words)-1])) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

func initials(word string) bool {
	letters := initialMarks.Replace(word)
	return len(letters) >= 1 && len(letters) <= 2 && strings.ToUpper(letters) == letters && strings.ToLower(letters) != letters
}

// initialsOf says whether a word is the first letters of the names of an author, from the first on.
func initialsOf(author, word string) bool {
	letters := []rune(initialMarks.Replace(word))
	names := strings.FieldsFunc(author, func(r rune) bool { return r == ' ' || r == '-' || r == '.' })
	if len(letters) < 3 || len(letters) >= len(names) {
		return false
	}
	for i, r := range letters {
		if first, _ := utf8.DecodeRuneInString(names[i]); first != r {
			return false
		}
	}
	return true
}

var initialMarks = strings.NewReplacer(".", "", "-", "")

// organisation says whether a name may be that of a house and not of a person. It only ever keeps a finding back.
func organisation(name []string) bool {
	return slices.ContainsFunc(name, arxiv.MayMarkOrganisation)
}

// misspelt says whether the claimed family name is one of the author's but for a slip: one letter in a name of four to
// seven, two in a longer one. Shorter names (Li, Liu, Lu) are different names.
func misspelt(claim, author string) bool {
	claimed := familyWords(withoutInitials(claim, author))
	if len(claimed) == 0 {
		return false
	}
	family := claimed[len(claimed)-1]
	slips := 0
	switch n := len(family); {
	case n >= 8:
		slips = 2
	case n >= 4:
		slips = 1
	}
	for _, word := range strings.Fields(arxiv.Key(author)) {
		if len(word) >= 4 && editDistance(family, word, slips) <= slips {
			return true
		}
	}
	return false
}

// editDistance is the least number of letters inserted, left out, replaced or swapped with the next; more than limit is
// told as limit+1. Its source is the optimal string alignment of Damerau and Levenshtein.
func editDistance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], limit+1)
}
