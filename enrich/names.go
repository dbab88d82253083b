package enrich

import (
	"slices"
	"strings"

	"syncer/arxiv"
)

// particles stand before a family name and are written or left out: "van der Maaten", "Maaten".
var particles = map[string]bool{
	"van": true, "von": true, "de": true, "der": true, "den": true, "del": true, "della": true, "di": true, "da": true, "dos": true, "du": true, "la": true,
	"le": true, "el": true, "al": true, "bin": true, "ibn": true, "ter": true, "ten": true, "zu": true, "af": true, "st": true, "mc": true,
}

// suffixes follow a family name and are no part of it.
var suffixes = map[string]bool{"jr": true, "sr": true, "ii": true, "iii": true, "iv": true}

// firstOf takes the first name out of what a list writes where the first author is expected: "Vaswani et al.",
// "Gu and Dao", "Gu & Dao", "Devlin, Chang, Lee". "Vaswani, Ashish" stays whole: a name after a comma that is not
// followed by another one is taken as given names.
func firstOf(claim string) string {
	text := arxiv.Text(claim)
	// The lower case of a letter may be longer than the letter, and places in the one must be places in the other.
	lower := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, text)
	for _, end := range []string{" et al", " and ", " & ", ";", " with ", " et "} {
		if i := strings.Index(lower, end); i > 0 {
			text, lower = text[:i], lower[:i]
		}
	}
	for _, end := range []string{" and", " &"} {
		text = strings.TrimSuffix(text, end)
	}
	if parts := strings.Split(text, ","); len(parts) > 2 {
		return strings.TrimSpace(parts[0])
	}
	return strings.Trim(text, " ,.")
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
	for len(all) > 1 && suffixes[all[len(all)-1]] {
		all = all[:len(all)-1]
	}
	if house || len(all) <= 1 {
		return all
	}
	// A hyphenated family name is two words in a Key, and the hyphen tells that they belong together.
	last := strings.Fields(arxiv.Text(name))
	tail := strings.Fields(arxiv.Key(last[len(last)-1]))
	start := len(all) - max(len(tail), 1)
	for start > 0 && particles[all[start-1]] {
		start--
	}
	return all[max(start, 0):]
}

func dropParticles(name []string) []string {
	return slices.DeleteFunc(slices.Clone(name), func(word string) bool { return particles[word] })
}
