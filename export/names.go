package export

import (
	"slices"
	"strings"
	"syncer/arxiv"
	"unicode"
	"unicode/utf8"
)

// name is one author in the parts that CSL, BibTeX and RIS want. Either Literal is set, for what must not be taken apart
// (organisations, single names, names in Chinese, Japanese or Korean script), or Family is.
type name struct {
	Given, Particle, Family, Suffix string
	Literal                         string
}

// splitName reads a name as the query API gives it, given names first, and as people write it, "Family, Given". It is
// a reading, not knowledge: a family name of two words without particle ("Leoni Aleman") shows by nothing, so that its
// first word is read as a given name.
func splitName(s string) name {
	s = strings.Trim(plain(s), " ,;:")
	s, native := cutNative(s)
	words := strings.Fields(s)
	switch {
	case len(words) == 0:
		return name{Literal: native}
	case isOrganisation(s, words), len(words) == 1, inIdeographs(s):
		return name{Literal: strings.TrimSpace(s + " " + native)}
	}
	var n name
	if family, rest, ok := strings.Cut(s, ","); ok {
		given, suffix, _ := strings.Cut(rest, ",")
		given, suffix, family = strings.TrimSpace(given), strings.TrimSpace(suffix), strings.TrimSpace(family)
		switch {
		case isSuffix(given) && suffix == "": // "John Smith, Jr."
			n = splitGivenFirst(strings.Fields(family))
			n.Suffix = given
		case isSuffix(given): // BibTeX's own "Smith, Jr., John"
			n = splitFamily(strings.Fields(family))
			n.Suffix, n.Given = given, suffix
		case suffix == "" || isSuffix(suffix):
			n = splitFamily(strings.Fields(family))
			n.Given, n.Suffix = given, suffix
		default:
			return name{Literal: s}
		}
	} else {
		n = splitGivenFirst(words)
	}
	if n.Family == "" || strings.Contains(n.Given+n.Family+n.Suffix, ",") {
		return name{Literal: strings.TrimSpace(s + " " + native)}
	}
	n.Given = strings.TrimSpace(n.Given + " " + native)
	return n
}

// cutNative takes a name in its own script, given in parentheses at the end, off: "Wei Li (李伟)".
func cutNative(s string) (string, string) {
	open := strings.LastIndexByte(s, '(')
	if open <= 0 || !strings.HasSuffix(s, ")") || !inIdeographs(s[open+1:len(s)-1]) {
		return s, ""
	}
	return strings.TrimSpace(s[:open]), s[open:]
}

func splitGivenFirst(words []string) name {
	var n name
	if last := len(words) - 1; last >= 2 && isSuffix(words[last]) {
		n.Suffix, words = words[last], words[:last]
	}
	last := len(words) - 1
	if last == 0 {
		return name{Literal: words[0], Suffix: n.Suffix}
	}
	// The family name starts at its particle; without one it is the last word.
	start := last
	for i := last - 1; i >= 0; i-- {
		lower := arxiv.IsParticle(words[i])
		capital := i > 0 && capitalParticles[words[i]] && !vietnamese[words[last]]
		if !lower && !capital {
			// "Ortega y Gasset": the word before the connecting y belongs to it.
			if i > 0 && start == i+1 && words[start] == "y" {
				start = i
			}
			break
		}
		start = i
	}
	family := splitFamily(words[start:])
	n.Particle, n.Family = family.Particle, family.Family
	n.Given = strings.Join(words[:start], " ")
	return n
}

// splitFamily takes the particles in lower case off the front: they are set before the name and sorted without it.
// Particles with a capital ("Le Scao", "Van Vleck") are part of the name.
func splitFamily(words []string) name {
	i := 0
	for i < len(words)-1 && arxiv.IsParticle(words[i]) {
		i++
	}
	return name{Particle: strings.Join(words[:i], " "), Family: strings.Join(words[i:], " ")}
}

var (
	capitalParticles = wordSet(`Van Von Der Den De Del Della Di Da Dos Das La Le El Al Ter Ten St. Des`)
	// vietnamese are frequent Vietnamese family names: before them Van and Le are middle names, not particles.
	vietnamese = wordSet(`Nguyen Nguyễn Tran Trần Le Lê Pham Phạm Hoang Hoàng Huynh Phan Vu Vũ Vo Võ Dang Đặng Bui Bùi Do Đỗ Ho Hồ Ngo Ngô
		Duong Dương Ly Lý Dinh Đinh Trinh Luu Mai Doan Lam Truong Trương`)
)

func isSuffix(word string) bool { return arxiv.IsNameSuffix(strings.ToLower(word)) }

func isOrganisation(s string, words []string) bool {
	if words[0] == "The" || strings.ContainsAny(s, "&/:@") ||
		strings.ContainsAny(s, "0123456789") && !slices.ContainsFunc(words, isSuffix) {
		return true
	}
	for i, word := range words {
		bare := strings.Trim(word, "().,")
		if bare == "AI" || strings.HasSuffix(bare, "-AI") || arxiv.MarksOrganisation(strings.ToLower(bare)) {
			return true
		}
		// "Institute of", "for the", "A and B": no person's name has these words inside.
		if i > 0 && (bare == "of" || bare == "for" || bare == "the" || strings.EqualFold(bare, "and")) {
			return true
		}
	}
	return false
}

// isOthers tells the "et al." that some author lists end with.
func isOthers(s string) bool {
	s = strings.ToLower(strings.Trim(plain(s), " ."))
	return s == "et al" || s == "et. al" || s == "others" || s == "and others"
}

// inIdeographs says whether the name's letters are Chinese, Japanese or Korean. Such a name has its family name first,
// often without a blank between; which part arXiv's two fields hold differs from author to author.
func inIdeographs(s string) bool {
	found := false
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			found = true
		case r < utf8.RuneSelf && !unicode.IsLetter(r), !unicode.IsLetter(r):
		default:
			return false
		}
	}
	return found
}

// inverted is the name as indexes print it: "de las Casas, Diego", "King, Martin Luther, Jr.", or the literal. Commas of
// a literal are left out, since formats that split there have no way to quote one.
func (n name) inverted() string {
	if n.Literal != "" {
		return strings.Join(strings.Fields(strings.ReplaceAll(n.Literal, ",", " ")), " ")
	}
	s := strings.TrimSpace(n.Particle + " " + n.Family)
	if n.Given != "" || n.Suffix != "" {
		s += ", " + n.Given
	}
	if n.Suffix != "" {
		s += ", " + n.Suffix
	}
	return s
}
