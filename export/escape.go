package export

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"syncer/arxiv"
)

// plain is text from outside as one harmless line: no control characters (NUL, ESC and the C1 set that start terminal
// sequences among them), no bidirectional controls (they reorder what stands around them: "Trojan Source",
// CVE-2021-42574), no invisible tags, valid UTF-8 in NFC, white space folded to single blanks. Zero-width joiners stay,
// since Persian, Indic scripts and emoji are spelt with them.
func plain(s string) string {
	if isPlain(s) {
		return s
	}
	return arxiv.Text(strings.Map(func(r rune) rune {
		switch {
		case r >= ' ' && r < 0x7f:
			return r
		case unicode.IsSpace(r):
			return ' '
		case hostile(r):
			return -1
		}
		return r
	}, s))
}

// isPlain says of most texts, in one look, that nothing is to be done.
func isPlain(s string) bool {
	blank := true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ' && blank, c < ' ', c >= 0x7f, c == '\\':
			return false
		default:
			blank = c == ' '
		}
	}
	return s == "" || !blank
}

// hostile tells the characters that no reader ever needs to see: they act on what shows the text.
func hostile(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r <= 0x9f: // C0, DEL, C1
		return true
	case r < 0x7f:
		return false
	case r == '\u00ad', r == '\u200b', r == '\ufeff', r >= '\u2060' && r <= '\u2064', r >= '\ufff9' && r <= '\ufffb':
		return true // invisible: soft hyphen, zero-width space, byte order mark, invisible operators, annotation marks
	case r >= 0xe0000 && r <= 0xe0fff:
		return true // tag characters carry whole invisible sentences
	}
	return unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Noncharacter_Code_Point, r) || r == '\u2028' || r == '\u2029'
}

// plainAll is plain for each text; empty ones are left out.
func plainAll(texts []string) []string {
	out := make([]string, 0, len(texts))
	for _, s := range texts {
		if s = plain(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// plainPaper is p with every text of it plain.
func plainPaper(p Paper) Paper {
	for _, text := range []*string{&p.Title, &p.Abstract, &p.Comment, &p.JournalRef, &p.License, &p.Submitter, &p.PrimaryCategory} {
		*text = plain(*text)
	}
	p.Authors, p.DOIs, p.Categories, p.Lists, p.Findings = plainAuthors(
		p.Authors,
	), bareDOIs(
		p.DOIs,
	), plainAll(
		p.Categories,
	), plainAll(
		p.Lists,
	), plainAll(
		p.Findings,
	)
	versions := make([]arxiv.Version, len(p.Versions))
	for i, v := range p.Versions {
		v.Title, v.Abstract, v.Comment, v.SourceType = plain(v.Title), plain(v.Abstract), plain(v.Comment), plain(v.SourceType)
		v.Authors = plainAuthors(v.Authors)
		versions[i] = v
	}
	p.Versions = versions
	links := make([]Link, len(p.Links))
	for i, l := range p.Links {
		links[i] = Link{plain(l.URL), l.Verdict, l.Since}
	}
	p.Links = links
	return p
}

func plainAuthors(authors []arxiv.Author) []arxiv.Author {
	out := make([]arxiv.Author, len(authors))
	for i, a := range authors {
		out[i] = arxiv.Author{Name: plain(a.Name), Affiliations: plainAll(a.Affiliations)}
	}
	return out
}

// escapeHostile writes hostile characters of an encoded JSON text (they can stand in its strings only) as \u escapes:
// the value is kept to the bit, while a terminal or an editor that shows the file has nothing to obey. What a JSON
// encoder has escaped already is ASCII and passes.
func escapeHostile(encoded []byte) []byte {
	first := -1
	for i := 0; i < len(encoded); {
		r, n := utf8.DecodeRune(encoded[i:])
		if r >= 0x7f && hostile(r) {
			first = i
			break
		}
		i += n
	}
	if first < 0 {
		return encoded
	}
	out := append(make([]byte, 0, len(encoded)+64), encoded[:first]...)
	for i := first; i < len(encoded); {
		r, n := utf8.DecodeRune(encoded[i:])
		if r >= 0x7f && hostile(r) {
			out = appendEscape(out, r)
		} else {
			out = append(out, encoded[i:i+n]...)
		}
		i += n
	}
	return out
}

// appendEscape appends r as JSON escapes it: \uXXXX, a surrogate pair beyond U+FFFF (RFC 8259 section 7).
func appendEscape(out []byte, r rune) []byte {
	const hex = "0123456789abcdef"
	unit := func(u rune) {
		out = append(out, '\\', 'u', hex[u>>12&15], hex[u>>8&15], hex[u>>4&15], hex[u&15])
	}
	if r > 0xffff {
		r -= 0x10000
		unit(0xd800 + r>>10)
		unit(0xdc00 + r&0x3ff)
		return out
	}
	unit(r)
	return out
}
