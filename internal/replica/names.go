package replica

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// splitName takes a name apart as arxiv-base does (arxiv/authors): the last word, with the small words before it ("van
// der Waals"), is the key name; what stands before it are the forenames. A name of one word has no forenames.
func splitName(name string) (keyname, forenames, suffix string) {
	parts := strings.Fields(name)
	if len(parts) > 1 && slices.Contains(nameSuffixes, parts[len(parts)-1]) {
		suffix = parts[len(parts)-1]
		parts = parts[:len(parts)-1]
		parts[len(parts)-1] = strings.TrimSuffix(parts[len(parts)-1], ",")
	}
	if len(parts) == 0 {
		return "", "", suffix
	}
	first := len(parts) - 1
	for first > 1 && slices.Contains(nameParticles, strings.ToLower(parts[first-1])) {
		first--
	}
	return strings.Join(parts[first:], " "), strings.Join(parts[:first], " "), suffix
}

var (
	nameSuffixes  = []string{"Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"}
	nameParticles = []string{"von", "van", "der", "den", "ter", "de", "del", "da", "du", "di", "la", "le", "dos", "des"}
)

// authorLine is the author field as authors type it: full names, affiliations in parentheses, accents in TeX.
func authorLine(authors []Author) string {
	names := make([]string, len(authors))
	for i, author := range authors {
		names[i] = strings.TrimSpace(author.Name)
		if len(author.Affiliations) > 0 {
			names[i] += " (" + strings.Join(author.Affiliations, ", ") + ")"
		}
	}
	return texAccents(strings.Join(names, ", "))
}

// texAccents writes accented Latin letters as TeX. Submissions are ASCII; the old query API and the OAI-PMH formats
// arXivRaw and arXivOld give them as they were typed, the others as Unicode.
func texAccents(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 }) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if command, ok := texLetters[r]; ok {
			b.WriteString(command)
			continue
		}
		parts := []rune(norm.NFD.String(string(r)))
		if len(parts) == 2 && parts[0] < 0x80 {
			if accent, ok := texMarks[parts[1]]; ok {
				b.WriteString(accent.write(parts[0]))
				continue
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

type texMark string

// write puts the accent over a letter: \'e but \c{c}, and \'{\i} for the dotless i.
func (m texMark) write(letter rune) string {
	base := string(letter)
	if letter == 'i' && m != "k" && m != "c" {
		base = `\i`
	}
	if len(base) == 1 && !unicode.IsLetter(rune(m[0])) {
		return `\` + string(m) + base
	}
	return `\` + string(m) + "{" + base + "}"
}

var texMarks = map[rune]texMark{
	'\u0300': "`", '\u0301': "'", '\u0302': "^", '\u0303': "~", '\u0304': "=", '\u0306': "u", '\u0307': ".",
	'\u0308': `"`, '\u030a': "r", '\u030b': "H", '\u030c': "v", '\u0327': "c", '\u0328': "k",
}

var texLetters = map[rune]string{
	'ß': `{\ss}`, 'ø': `{\o}`, 'Ø': `{\O}`, 'ł': `{\l}`, 'Ł': `{\L}`, 'æ': `{\ae}`, 'Æ': `{\AE}`, 'œ': `{\oe}`,
	'Œ': `{\OE}`, 'ı': `{\i}`,
}
