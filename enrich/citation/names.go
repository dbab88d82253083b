package citation

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"syncer/arxiv"
)

// nameEnds is where the first of several names ends: "et al.", "and", "&", a bracket, a footnote mark.
var nameEnds = regexp.MustCompile(`(?i)[\s,]+(?:et\.?\s*al\b|(?:and|et|und|with)(?:\s|$))|[\s,]*(?:[&;+/|(\[<、，*†‡§¶]|[⁰¹²³⁴⁵⁶⁷⁸⁹])`)

// firstOf takes the first name out of what a list writes where the first author is expected: "Vaswani et al.",
// "Gu and Dao", "Gu & Dao", "Devlin, Chang, Lee", "Vaswani A, Shazeer N". "Vaswani, Ashish" stays whole: one name after a
// comma is taken as given names. What it gives stands so in arxiv.Text of the claim.
func firstOf(claim string) string {
	if len(claim) > maxText {
		claim = strings.ToValidUTF8(claim[:maxText], "")
	}
	text := strings.Trim(arxiv.Text(claim), " ,")
	if strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) < 0 {
		return text // a family name, as most are
	}
	if rest, ok := strings.CutPrefix(text, "by "); ok {
		text = rest
	}
	if at := nameEnds.FindStringIndex(text); at != nil && at[0] > 0 {
		text = text[:at[0]]
	}
	if first, rest, several := strings.Cut(text, ","); several {
		words := strings.Fields(first)
		if strings.Contains(rest, ",") || len(words) > 1 && (initials(words[0]) || initials(words[len(words)-1])) {
			text = first
		}
	}
	return strings.Trim(text, " ,.")
}

// second is a second name that "and" or a sign joins to the first.
var second = regexp.MustCompile(`\s(?:and|&)\s+([\p{L}'’.\s-]+(?:,\s*\p{Lu}[\p{L}\s.-]*)?)$`)

// coauthorOf is the second name of a claim of two: "Gu and Dao", "Gu & Dao". Empty for a list that goes on ("and others",
// "et al."); names behind a comma may be given names.
func coauthorOf(claim string) string {
	m := second.FindStringSubmatch(arxiv.Text(claim))
	if m == nil {
		return ""
	}
	first, _ := utf8.DecodeRuneInString(m[1])
	particle, _, _ := strings.Cut(m[1], " ")
	if strings.Contains(m[1], " and ") || !unicode.IsUpper(first) && !isParticle(particle) {
		return ""
	}
	return firstOf(m[1])
}

// familyFits says whether the name that a list claims can be that author's: the claimed family name stands in the
// author's name, particles or not, in either order of given and family name, joined ("Open AI") or apart. Case, accents
// and the ways to write ß, ø and ł do not count (arxiv.Key).
func familyFits(claim, author string) bool {
	first := firstOf(claim)
	name := strings.Fields(arxiv.Key(author))
	// Organisations have no family name: "Deep Seek" is a way to write DeepSeek-AI.
	whole, _ := withoutHouseWords(strings.Fields(arxiv.Key(first)))
	if standsIn(name, whole) || familyStandsIn(name, familyWords(first)) {
		return true
	}
	// "A. Vaswani, N. Shazeer" are two names, and no family name with given names behind it.
	before, _, ok := strings.Cut(first, ",")
	return ok && familyStandsIn(name, familyWords(before))
}

func familyStandsIn(name, family []string) bool {
	return standsIn(name, family) || standsIn(dropParticles(name), dropParticles(family))
}

// standsIn says whether words, written together, are a run of whole words of the name, written together. Particles alone
// must be its end or its beginning: Quoc V. Le is a Le, Laurens van der Maaten is no van der.
func standsIn(name, words []string) bool {
	text := strings.Join(words, "")
	anywhere := len(dropParticles(words)) > 0
	for i := range name {
		rest := text
		for j := i; rest != "" && j < len(name) && strings.HasPrefix(rest, name[j]); j++ {
			if rest = rest[len(name[j]):]; rest == "" && (anywhere || i == 0 || j == len(name)-1) {
				return true
			}
		}
	}
	return false
}

// houseWords end the name of an organisation and tell it from no other one.
var houseWords = map[string]bool{"collaboration": true, "collaborations": true, "team": true, "group": true, "consortium": true}

// withoutHouseWords drops them, and an article in front, and says whether there were any.
func withoutHouseWords(name []string) ([]string, bool) {
	n := len(name)
	for n > 0 && houseWords[name[n-1]] {
		n--
	}
	house := n < len(name)
	if name = name[:n]; house && n > 0 && name[0] == "the" {
		name = name[1:]
	}
	return name, house
}

// familyWords is the family name of one claimed name: before the comma, else the last word with the particles before it;
// an organisation's whole name.
func familyWords(name string) []string {
	if family, _, ok := strings.Cut(name, ","); ok {
		words, _ := withoutHouseWords(strings.Fields(arxiv.Key(family)))
		return words
	}
	all, house := withoutHouseWords(strings.Fields(arxiv.Key(name)))
	for len(all) > 1 && arxiv.IsNameSuffix(all[len(all)-1]) {
		all = all[:len(all)-1]
	}
	if house || len(all) <= 1 {
		return all
	}
	// A hyphenated family name is two words in a Key, and the hyphen tells that they belong together.
	last := strings.Fields(arxiv.Text(name))
	tail := strings.Fields(arxiv.Key(last[len(last)-1]))
	start := len(all) - max(len(tail), 1)
	for start > 0 && isParticle(all[start-1]) {
		start--
	}
	return all[max(start, 0):]
}

func dropParticles(name []string) []string {
	return slices.DeleteFunc(slices.Clone(name), isParticle)
}

// RenameAuthor writes another person's name the way the list writes the first author: a family name alone, "Family,
// Given", or in full; what follows ("et al.", "and others") stays.
func RenameAuthor(claim, author string) string {
	author = arxiv.Text(author)
	first := firstOf(claim)
	if first == "" || author == "" {
		return author
	}
	name := author
	family := familyOf(author)
	switch {
	case organisation(strings.Fields(arxiv.Key(author))):
	case strings.Contains(first, ","):
		given := strings.TrimSpace(strings.TrimSuffix(author, family))
		if _, theirs, _ := strings.Cut(first, ","); !slices.ContainsFunc(
			strings.Fields(theirs),
			func(word string) bool { return !initials(word) },
		) {
			given = abbreviated(given)
		}
		name = family + ", " + given
	case len(strings.Fields(first)) == 1:
		name = family
	}
	before, behind, _ := strings.Cut(arxiv.Text(claim), first)
	return before + name + strings.TrimPrefix(behind, ".") // of an initial
}

// abbreviated shortens given names: "Ian J." gives "I. J.".
func abbreviated(given string) string {
	words := strings.Fields(given)
	for i, word := range words {
		r, _ := utf8.DecodeRuneInString(word)
		words[i] = string(r) + "."
	}
	return strings.Join(words, " ")
}

// familyOf is the family name of a name as the query API gives it, given names first: the last word with its particles.
func familyOf(author string) string {
	words := strings.Fields(author)
	start := len(words) - 1
	for start > 1 && isParticle(strings.ToLower(words[start-1])) {
		start--
	}
	return strings.Join(words[max(start, 0):], " ")
}

// isParticle says whether a reduced word stands before family names. A single letter is an initial here, though a Spanish "y" or
// a Portuguese "e" could be one.
func isParticle(word string) bool { return len(word) > 1 && arxiv.IsParticle(word) }
