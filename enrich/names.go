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
	lower := strings.ToLower(text)
	for _, end := range []string{" et al", " and ", " & ", ";", " with ", " et "} {
		if i := strings.Index(lower, end); i > 0 {
			text, lower = text[:i], lower[:i]
		}
	}
	if parts := strings.Split(text, ","); len(parts) > 2 {
		return strings.TrimSpace(parts[0])
	}
	return strings.Trim(text, " ,.")
}

// familyFits says whether the name that a list claims can be that author's: the claimed family name is among the last
// words of the author's name, particles or not, in either order of given and family name. Case, accents and the ways to
// write ß, ø and ł do not count (arxiv.Key).
func familyFits(claim, author string) bool {
	claimed := familyWords(firstOf(claim))
	if len(claimed) == 0 {
		return false
	}
	// Organisations: "DeepSeek" is how people write DeepSeek-AI, "OpenAI" is one word.
	name := strings.Fields(arxiv.Key(author))
	joined := strings.Join(name, "")
	if whole := strings.Join(claimed, ""); whole == joined || len(name) <= 2 && len(whole) >= 5 && strings.HasPrefix(joined, whole) {
		return true
	}
	return containsRun(name, claimed) || containsRun(dropParticles(name), dropParticles(claimed))
}

// familyWords is the family name of one claimed name: before the comma, else the last word with the particles before it.
func familyWords(name string) []string {
	if family, _, ok := strings.Cut(name, ","); ok {
		return strings.Fields(arxiv.Key(family))
	}
	all := strings.Fields(arxiv.Key(name))
	for len(all) > 1 && suffixes[all[len(all)-1]] {
		all = all[:len(all)-1]
	}
	if len(all) <= 1 {
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

// containsRun says whether part stands in whole as one run of words.
func containsRun(whole, part []string) bool {
	if len(part) == 0 {
		return false
	}
	for i := 0; i+len(part) <= len(whole); i++ {
		if slices.Equal(whole[i:i+len(part)], part) {
			return true
		}
	}
	return false
}
