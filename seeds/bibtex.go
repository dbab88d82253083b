package seeds

import "strings"

// bibFile is a .bib file as it stands: every entry, key, field and piece of a value with its bytes, so that one field can
// be edited and all else stays as it was. Nothing is normalised here.
type bibFile struct {
	src     string
	entries []bibEntry
	macros  map[string]string // @string definitions and the months
}

// bibEntry is one @type{key, field = value, …}.
type bibEntry struct {
	kind    string // lower case, without the @
	key     string
	span    Span // from the @ to the closing delimiter
	keySpan Span
	fields  []bibField
}

// bibField is one field = piece # piece.
type bibField struct {
	name     string // lower case
	nameSpan Span
	pieces   []bibPiece
}

// bibPiece is one braced or quoted text, number or macro of a value; the span is inside its delimiters.
type bibPiece struct {
	span  Span
	macro bool
}

// get gives a field by name, nil when the entry has none.
func (e *bibEntry) get(name string) *bibField {
	for i := range e.fields {
		if e.fields[i].name == name {
			return &e.fields[i]
		}
	}
	return nil
}

var months = map[string]string{
	"jan": "January", "feb": "February", "mar": "March", "apr": "April", "may": "May", "jun": "June", "jul": "July", "aug": "August",
	"sep": "September",
	"oct": "October", "nov": "November", "dec": "December",
}

// parseBib reads a .bib file in one pass. What is broken ends its entry, and reading goes on at the next @ that begins a
// line: as BibTeX itself does, and so that one missing brace costs one entry. Spans are offsets into src.
func parseBib(src []byte) bibFile {
	p := bibParser{src: string(src)}
	p.file = bibFile{src: p.src, macros: map[string]string{}}
	for name, value := range months {
		p.file.macros[name] = value
	}
	for {
		at := strings.IndexByte(p.src[p.pos:], '@')
		if at < 0 {
			return p.file
		}
		p.pos += at
		p.entry()
	}
}

type bibParser struct {
	src  string
	pos  int
	file bibFile
}

// entry reads from an @. It leaves pos behind the entry, or at least behind the @.
func (p *bibParser) entry() {
	start := p.pos
	p.pos++
	p.space()
	kind := strings.ToLower(p.word())
	p.space()
	if kind == "" || kind == "comment" || p.pos >= len(p.src) || p.src[p.pos] != '{' && p.src[p.pos] != '(' {
		return // not an entry: an e-mail address, a comment
	}
	closing := byte('}')
	if p.src[p.pos] == '(' {
		closing = ')'
	}
	p.pos++
	e := bibEntry{kind: kind}
	p.space()
	switch kind {
	case "preamble":
		p.value(closing)
		p.closeEntry(closing)
		return
	case "string":
	default:
		begin := p.pos
		for p.pos < len(p.src) && strings.IndexByte(",}\n\r\t @=", p.src[p.pos]) < 0 && p.src[p.pos] != closing {
			p.pos++
		}
		e.keySpan = Span{begin, p.pos}
		e.key = p.src[begin:p.pos]
		p.space()
		if p.pos < len(p.src) && p.src[p.pos] == ',' {
			p.pos++
		}
	}
	for {
		field, ok := p.field(closing)
		if !ok {
			break
		}
		e.fields = append(e.fields, field)
	}
	p.closeEntry(closing)
	e.span = Span{start, p.pos}
	if kind == "string" {
		for _, f := range e.fields {
			if value := p.file.text(f); len(value) <= maxMacro {
				p.file.macros[f.name] = value
			}
		}
		return
	}
	p.file.entries = append(p.file.entries, e)
}

// closeEntry steps over the closing delimiter when it is there; else the next @ at the start of a line begins anew.
func (p *bibParser) closeEntry(closing byte) {
	p.space()
	if p.pos < len(p.src) && p.src[p.pos] == closing {
		p.pos++
		return
	}
	for p.pos < len(p.src) {
		if p.src[p.pos] == '@' && p.lineStart() {
			return
		}
		p.pos++
	}
}

// lineStart says whether only blanks stand between the start of the line and pos.
func (p *bibParser) lineStart() bool {
	for i := p.pos - 1; i >= 0; i-- {
		switch p.src[i] {
		case '\n':
			return true
		case ' ', '\t', '\r':
		default:
			return false
		}
	}
	return true
}

// field reads name = value and the comma behind it; ok is false at the end of the entry or where it is broken.
func (p *bibParser) field(closing byte) (f bibField, ok bool) {
	p.space()
	for p.pos < len(p.src) && p.src[p.pos] == ',' {
		p.pos++
		p.space()
	}
	begin := p.pos
	name := p.word()
	if name == "" {
		return f, false
	}
	f.name, f.nameSpan = strings.ToLower(name), Span{begin, p.pos}
	p.space()
	if p.pos >= len(p.src) || p.src[p.pos] != '=' {
		return f, false
	}
	p.pos++
	pieces, ok := p.value(closing)
	f.pieces = pieces
	if !ok {
		return f, false
	}
	p.space()
	if p.pos < len(p.src) && p.src[p.pos] == ',' {
		p.pos++
	}
	return f, true
}

// value reads piece # piece # piece.
func (p *bibParser) value(closing byte) (pieces []bibPiece, ok bool) {
	for {
		p.space()
		if p.pos >= len(p.src) {
			return pieces, false
		}
		switch c := p.src[p.pos]; {
		case c == '{' || c == '"':
			span, ok := p.delimited(c)
			if !ok {
				return pieces, false
			}
			pieces = append(pieces, bibPiece{span: span})
		case c == closing || c == ',':
			return pieces, len(pieces) > 0
		default:
			begin := p.pos
			for p.pos < len(p.src) && strings.IndexByte(" \t\r\n,#{}()\"=@", p.src[p.pos]) < 0 {
				p.pos++
			}
			if p.pos == begin {
				return pieces, false
			}
			word := p.src[begin:p.pos]
			pieces = append(pieces, bibPiece{Span{begin, p.pos}, word[0] < '0' || word[0] > '9'})
		}
		p.space()
		if p.pos >= len(p.src) || p.src[p.pos] != '#' {
			return pieces, true
		}
		p.pos++
	}
}

// delimited reads {…} with nested braces, or "…" in which a quote inside braces does not end it. An entry that begins at the
// start of a line ends a value that was never closed.
func (p *bibParser) delimited(open byte) (Span, bool) {
	p.pos++
	begin, depth := p.pos, 0
	for p.pos < len(p.src) {
		switch c := p.src[p.pos]; c {
		case '\\':
			p.pos++
		case '{':
			depth++
		case '}':
			if depth == 0 && open == '{' {
				p.pos++
				return Span{begin, p.pos - 1}, true
			}
			if depth == 0 {
				return Span{}, false
			}
			depth--
		case '"':
			if depth == 0 && open == '"' {
				p.pos++
				return Span{begin, p.pos - 1}, true
			}
		case '@':
			if p.lineStart() && entryStart(p.src[p.pos:]) {
				return Span{}, false
			}
		}
		p.pos++
	}
	p.pos = len(p.src)
	return Span{}, false
}

// entryStart says whether s begins like an entry: @article{.
func entryStart(s string) bool {
	i := 1
	for i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z') {
		i++
	}
	return i > 1 && i < len(s) && (s[i] == '{' || s[i] == '(')
}

func (p *bibParser) space() {
	for p.pos < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.pos]) >= 0 {
		p.pos++
	}
}

// word reads a type or field name.
func (p *bibParser) word() string {
	begin := p.pos
	for p.pos < len(p.src) && strings.IndexByte(" \t\r\n{}()=,\"#@%\\", p.src[p.pos]) < 0 {
		p.pos++
	}
	return p.src[begin:p.pos]
}

// maxMacro is how long the value of a @string can be, and maxExpanded how long a value before macros in it are left as they
// are, in bytes. Macros can be pieced together from others, so that thirty lines would make a gigabyte.
const maxMacro, maxExpanded = 1024, 1 << 16

// text is a field's value with its macros resolved and its pieces joined, as written otherwise.
func (f bibFile) text(field bibField) string {
	var b strings.Builder
	for _, piece := range field.pieces {
		text := f.src[piece.span.Start:piece.span.End]
		if piece.macro && b.Len() < maxExpanded {
			if value, ok := f.macros[strings.ToLower(text)]; ok {
				text = value
			}
		}
		b.WriteString(text)
	}
	return b.String()
}
