package seeds

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"syncer/arxiv"
)

// readJSON reads JSON Lines, and JSON of any shape. A row is an object that has a title of its own, with all objects in it
// that have none; else the outermost object. The text is read as it stands, so that places are exact and one broken line
// costs no other.
func readJSON(src string, start int, b *builder) {
	first, _, _ := strings.Cut(strings.TrimLeft(src[start:], " \t\r\n"), "\n")
	r := jsonReader{src: src, pos: start, b: b, lines: strings.HasPrefix(first, "{") && strings.HasSuffix(strings.TrimSpace(first), "}")}
	for r.pos < len(src) {
		switch c := src[r.pos]; {
		case c == '"':
			r.text()
		case c == '-' || c >= '0' && c <= '9':
			r.number()
		case c == '{':
			r.open()
			r.pos++
		case c == '}':
			r.close()
			r.pos++
		case c == '\n' && r.lines:
			r.closeAll()
			r.pos++
		default:
			r.pos++
		}
	}
	r.closeAll()
}

// maxJSONDepth is how deep objects are kept apart; below, they are one.
const maxJSONDepth = 100

type jsonReader struct {
	src   string
	pos   int
	b     *builder
	lines bool // each line is a row, closed or not
	stack []jsonObject
	deep  int // objects open below maxJSONDepth
}

// jsonObject is an object that is open, with the cells that it has so far.
type jsonObject struct {
	column   string // the key that is read
	author   string // the key of the list of authors that it is in, empty when it is in none
	cells    []cell
	titled   bool
	authored bool // it has its first author; the others are not needed
}

func (r *jsonReader) open() {
	if len(r.stack) == maxJSONDepth {
		r.deep++
		return
	}
	o := jsonObject{}
	if n := len(r.stack); n > 0 {
		o.column = r.stack[n-1].column
		if authorColumn.MatchString(o.column) {
			o.author = o.column
		}
	}
	r.stack = append(r.stack, o)
}

// close ends the innermost object: a row, or a part of the object around it.
func (r *jsonReader) close() {
	n := len(r.stack)
	switch {
	case r.deep > 0:
		r.deep--
		return
	case n == 0:
		return
	}
	o := r.stack[n-1]
	r.stack = r.stack[:n-1]
	if o.titled || n == 1 {
		readRow(o.cells, r.b)
		return
	}
	for _, c := range o.cells {
		r.stack[n-2].add(c)
	}
}

func (r *jsonReader) closeAll() {
	for r.deep = 0; len(r.stack) > 0; {
		r.close()
	}
}

func (o *jsonObject) add(c cell) {
	if authorColumn.MatchString(c.column) {
		if o.authored {
			return
		}
		o.authored = true
	}
	o.titled = o.titled || titleColumn.MatchString(c.column)
	o.cells = append(o.cells, c)
}

// value adds a value to the object that is open; a list without objects is one row.
func (r *jsonReader) value(c cell) {
	if len(r.stack) == 0 {
		readRow([]cell{c}, r.b)
		return
	}
	o := &r.stack[len(r.stack)-1]
	c.column = o.column
	o.add(c)
}

// text reads a string: a key when a colon follows. A string does not go over the end of its line.
func (r *jsonReader) text() {
	r.pos++
	begin := r.pos
	escaped := false
	for r.pos < len(r.src) && r.src[r.pos] != '"' && r.src[r.pos] != '\n' {
		if r.src[r.pos] == '\\' && r.pos+1 < len(r.src) && r.src[r.pos+1] != '\n' {
			escaped = true
			r.pos++
		}
		r.pos++
	}
	end := min(r.pos, len(r.src))
	c := cell{text: r.src[begin:end], span: Span{begin, end}}
	if escaped {
		c.text, c.offsets = unescapeJSON(c.text, begin)
	}
	if end == len(r.src) || r.src[end] == '\n' {
		r.value(c)
		return
	}
	r.pos++
	next := r.pos
	for next < len(r.src) && isBlank(r.src[next]) {
		next++
	}
	if len(r.stack) == 0 || next == len(r.src) || r.src[next] != ':' {
		r.value(c)
		return
	}
	r.pos = next + 1
	o := &r.stack[len(r.stack)-1]
	// The names of an author's parts: "authors": [{"name": …}], "author": [{"family": …, "given": …}].
	if o.column = arxiv.Key(c.text); o.author != "" && (o.column == "name" || o.column == "family" || o.column == "full name") {
		o.column = o.author
	}
}

func (r *jsonReader) number() {
	begin := r.pos
	for r.pos < len(r.src) && strings.IndexByte("+-.0123456789eE", r.src[r.pos]) >= 0 {
		r.pos++
	}
	r.value(cell{text: r.src[begin:r.pos], span: Span{begin, r.pos}})
}

// unescapeJSON reads a string with escapes (RFC 8259 section 7). What is no escape stays as it is.
func unescapeJSON(raw string, start int) (string, []int) {
	text, offsets := make([]byte, 0, len(raw)), make([]int, 0, len(raw)+1)
	for i := 0; i < len(raw); {
		read, size := raw[i:i+1], 1
		if raw[i] == '\\' && i+1 < len(raw) {
			read, size = jsonEscape(raw[i:])
		}
		for j := range len(read) {
			text, offsets = append(text, read[j]), append(offsets, start+i)
		}
		i += size
	}
	return string(text), append(offsets, start+len(raw))
}

// jsonEscape reads the escape that s begins with.
func jsonEscape(s string) (read string, size int) {
	switch s[1] {
	case 'n':
		return "\n", 2
	case 't':
		return "\t", 2
	case 'r':
		return "\r", 2
	case 'b', 'f':
		return " ", 2
	case 'u':
		unit, ok := hexUnit(s)
		if !ok {
			return s[:1], 1
		}
		if low, ok := hexUnit(s[6:]); ok {
			if pair := utf16.DecodeRune(unit, low); pair != utf8.RuneError {
				return string(pair), 12
			}
		}
		return string(unit), 6
	}
	return s[1:2], 2
}

// hexUnit reads \uXXXX.
func hexUnit(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(unit), err == nil
}
