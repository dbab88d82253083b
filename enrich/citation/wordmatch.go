package citation

import (
	"strings"
	"unicode"

	"syncer/arxiv"
)

// common is what two lists of words share.
type common struct {
	claimed               int      // words of the claim that stand in the title, in order
	unsaid                []string // words of the title that do not stand in the claim, in order
	cut                   bool     // all of those stand at the end
	content, contentTotal int      // meaningful words that both have, and that either has
}

// stopWords say little about which title it is.
var stopWords = map[string]bool{
	"a": true, "an": true, "and": true, "are": true, "as": true, "at": true, "by": true, "can": true, "do": true, "does": true,
	"for": true, "from": true, "how": true,
	"in": true, "into": true, "is": true, "it": true, "its": true, "of": true, "on": true, "or": true, "over": true, "the": true,
	"their": true, "to": true, "towards": true,
	"toward": true, "using": true, "via": true, "we": true, "what": true, "when": true, "why": true, "with": true, "without": true,
	"plus": true,
}

// alignWords matches the claim's words with the title's, in order for the first number and anywhere for the others. A
// word matches itself, its joined or hyphenated spelling ("pre training"), and an acronym matches the words it stands for.
func alignWords(claim, title []string) common {
	var c common
	at := 0
	for i := 0; i < len(claim); i++ {
		for next := at; next < len(title); next++ {
			if n, m := matchAt(claim[i:], title[next:]); n > 0 {
				c.claimed += n
				c.unsaid = append(c.unsaid, title[at:next]...)
				i += n - 1
				at = next + m
				break
			}
		}
	}
	c.cut = len(c.unsaid) == 0
	c.unsaid = append(c.unsaid, title[at:]...)
	inTitle, inClaim := wordSet(claim, title), wordSet(title, claim)
	for _, found := range inTitle {
		if found {
			c.content++
		}
	}
	c.contentTotal = len(inTitle)
	for _, found := range inClaim {
		if !found {
			c.contentTotal++
		}
	}
	return c
}

// matchAt says how many words at the start of a are the same as how many at the start of b; 0 when none.
func matchAt(a, b []string) (int, int) {
	switch {
	case a[0] == b[0]:
		return 1, 1
	case len(b) > 1 && a[0] == b[0]+b[1]:
		return 1, 2
	case len(a) > 1 && b[0] == a[0]+a[1]:
		return 2, 1
	}
	if n := acronym(a[0], b); n > 0 {
		return 1, n
	}
	if n := acronym(b[0], a); n > 0 {
		return n, 1
	}
	return 0, 0
}

// acronym says how many of the words the acronym stands for: "llms" for "large language models". 0 when it does not.
// Small words can be a part of it ("tot", tree of thoughts), but not begin or end it: "Attention Is" is no AI.
func acronym(short string, words []string) int {
	short = strings.TrimSuffix(short, "s")
	if len(short) < 2 || len(short) > 6 || len(words) < len(short) || stopWords[words[0]] || stopWords[words[len(short)-1]] {
		return 0
	}
	for i := range len(short) {
		if words[i][0] != short[i] {
			return 0
		}
	}
	return len(short)
}

// wordSet says for each meaningful word of a whether b has it.
func wordSet(a, b []string) map[string]bool {
	set := map[string]bool{}
	for i := range a {
		if stopWords[a[i]] {
			continue
		}
		found := false
		for j := range b {
			if n, _ := matchAt(a[i:], b[j:]); n > 0 || sameStem(a[i], b[j]) {
				found = true
				break
			}
		}
		set[a[i]] = set[a[i]] || found
	}
	return set
}

// sameStem takes words for related that share all but their ends: "summarize", "summarizing".
func sameStem(a, b string) bool {
	n := min(len(a), len(b))
	if n < 5 {
		return false
	}
	same := 0
	for same < n && a[same] == b[same] {
		same++
	}
	return same >= n-2 && same >= 5
}

// saysAllOf says whether an abstract has nearly all of the claim's meaningful words: then the claim is another way to
// speak of this paper, whatever its title is.
func saysAllOf(abstract string, claim []string) bool {
	if abstract == "" {
		return false
	}
	set := wordSet(claim, strings.Fields(arxiv.Key(abstract)))
	found := 0
	for _, ok := range set {
		if ok {
			found++
		}
	}
	return len(set) > 0 && found*5 >= len(set)*4
}

// otherScript says whether the claim is mostly written in letters that the title has none of.
func otherScript(claim, title string) bool {
	foreign, latin := 0, 0
	for _, r := range claim {
		switch {
		case !unicode.IsLetter(r):
		case unicode.In(r, unicode.Latin, unicode.Greek):
			latin++
		default:
			foreign++
		}
	}
	if foreign*3 <= latin {
		return false
	}
	for _, r := range title {
		if unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Greek) {
			return false
		}
	}
	return foreign > 0
}

// genericWords stand in so many titles that two papers may well share them.
var genericWords = map[string]bool{
	"model": true, "models": true, "modeling": true, "learning": true, "language": true, "large": true, "neural": true, "network": true,
	"networks": true, "deep": true,
	"training": true, "data": true, "method": true, "methods": true, "approach": true, "analysis": true, "system": true, "systems": true,
	"llm": true, "llms": true,
	"new": true, "study": true, "survey": true, "report": true, "technical": true, "paper": true, "theory": true, "based": true,
	"efficient": true, "improving": true,
}

// telling counts the words of a claim that can tell papers apart, and how many of them a text has.
func telling(claim, text []string) (found, all int) {
	for word, ok := range wordSet(claim, text) {
		if genericWords[word] {
			continue
		}
		all++
		if ok {
			found++
		}
	}
	return found, all
}

// speaksFor says whether a short name has anything to do with the paper: a telling word of it stands in the title or the
// abstract, or is an acronym of words there. A name without telling words cannot speak against a paper.
func speaksFor(label, title, abstract string) bool {
	words := bareWords(label)
	inTitle, all := telling(words, titleWords(plainTitle(title)))
	inAbstract, _ := telling(words, titleWords(plainTitle(abstract)))
	return all == 0 || inTitle+inAbstract > 0
}

// contentWords counts the meaningful words of a claim: no stop words, no bare numbers.
func contentWords(claim string) int {
	n := 0
	for _, w := range bareWords(claim) {
		if !stopWords[w] && strings.IndexFunc(w, unicode.IsLetter) >= 0 {
			n++
		}
	}
	return n
}
