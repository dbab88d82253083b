package seeds

import (
	"bytes"
	"strings"
)

// BibEntry is one entry of a .bib file as a place to edit.
type BibEntry struct {
	Key  string
	Kind string // "article", without the @

	src   []byte
	file  bibFile
	entry bibEntry
}

// BibEntries gives the entries of a BibTeX source in its order, without @string, @comment and @preamble.
func BibEntries(src []byte) []BibEntry {
	file := parseBib(src)
	entries := make([]BibEntry, len(file.entries))
	for i, e := range file.entries {
		entries[i] = BibEntry{Key: e.key, Kind: e.kind, src: src, file: file, entry: e}
	}
	return entries
}

// Holds says whether a span lies in the entry.
func (e BibEntry) Holds(s Span) bool {
	return s.Start >= e.entry.span.Start && s.End <= e.entry.span.End
}

// Text is a field's value as written, macros resolved; empty when the entry has no such field. Names are lower case.
func (e BibEntry) Text(name string) string {
	f := e.entry.get(name)
	if f == nil {
		return ""
	}
	return strings.Join(strings.Fields(e.file.text(*f)), " ")
}

// ValueSpan is the text of a field inside its delimiters; ok is false when there is none or it is pieced together.
func (e BibEntry) ValueSpan(name string) (span Span, ok bool) {
	f := e.entry.get(name)
	if f == nil || len(f.pieces) != 1 || f.pieces[0].macro {
		return Span{}, false
	}
	return f.pieces[0].span, true
}

// Insert adds fields behind the last one, set like it: on lines of their own with its indentation, or on its line. ok is
// false for an entry without fields.
func (e BibEntry) Insert(fields [][2]string) (edit Edit, ok bool) {
	if len(e.entry.fields) == 0 || len(fields) == 0 {
		return Edit{}, false
	}
	last := e.entry.fields[len(e.entry.fields)-1]
	if len(last.pieces) == 0 {
		return Edit{}, false
	}
	end := last.pieces[len(last.pieces)-1].span.End
	if end < len(e.src) && (e.src[end] == '}' || e.src[end] == '"') && e.delimited(last.pieces[len(last.pieces)-1].span) {
		end++
	}
	at := end
	for at < len(e.src) && (e.src[at] == ' ' || e.src[at] == '\t') {
		at++
	}
	comma := at < len(e.src) && e.src[at] == ','
	if comma {
		end = at + 1
	}
	lead := e.lead(last)
	var b strings.Builder
	for i, field := range fields {
		if i > 0 || !comma {
			b.WriteByte(',')
		}
		b.WriteString(lead + field[0] + e.equals(last, len(field[0])) + "{" + field[1] + "}")
	}
	if comma {
		b.WriteByte(',')
	}
	return Edit{Span{end, end}, b.String()}, true
}

// delimited says whether the piece stands in braces or quotes, and not a macro or number before the entry's end.
func (e BibEntry) delimited(span Span) bool {
	return span.Start > 0 && (e.src[span.Start-1] == '{' || e.src[span.Start-1] == '"')
}

// lead is what stands between a field and the one before it: the line end and indentation, or a blank.
func (e BibEntry) lead(f bibField) string {
	line := bytes.LastIndexByte(e.src[:f.nameSpan.Start], '\n')
	if line < 0 || len(bytes.TrimLeft(e.src[line+1:f.nameSpan.Start], " \t")) > 0 {
		return " "
	}
	end := "\n"
	if line > 0 && e.src[line-1] == '\r' {
		end = "\r\n"
	}
	return end + string(e.src[line+1:f.nameSpan.Start])
}

// equals is the sign between a name of that length and its value as the entry writes it: where the signs of names of
// different lengths stand one below the other, this one does too.
func (e BibEntry) equals(f bibField, length int) string {
	lengths := map[int]int{} // the length of a name, by how far behind its start the sign is
	for _, field := range e.entry.fields {
		name := field.nameSpan.End - field.nameSpan.Start
		column := bytes.IndexByte(e.src[field.nameSpan.Start:e.entry.span.End], '=')
		if before, ok := lengths[column]; ok && before != name && e.src[field.nameSpan.End] != '\t' {
			return strings.Repeat(" ", max(column-length, 1)) + "= "
		}
		lengths[column] = name
	}
	if bytes.HasPrefix(e.src[f.nameSpan.End:], []byte("=")) {
		return "="
	}
	return " = "
}
