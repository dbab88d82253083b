package seeds

import (
	"bytes"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// ignoreMark is how a list asks not to hear of a kind of finding: <!-- syncer-ignore title-differs --> in Markdown and
// HTML, a comment in LaTeX, BibTeX and plain lists. Without a kind it is every kind.
const ignoreMark = "syncer-ignore"

// IgnoreAll stands in Citation.Ignored and Link.Ignored for every kind of finding.
const IgnoreAll = "all"

// maxIgnored is how many kinds one line can name, and maxIgnoreLine how many bytes of it are read behind a mark.
const maxIgnored, maxIgnoreLine = 32, 400

// maxEntry is how far behind the identifier of a BibTeX entry a mark can stand in it.
const maxEntry = 8 << 10

// kindMalformed is the kind of finding that something malformed gives cause for, as the public contract names it.
const kindMalformed = "malformed-id"

// markIgnored gives each mark to the citations and links on its own line or, when there are none, to those on the next line
// that has any: a comment stands above the entry that it is about. A mark in a field of a BibTeX entry is about that entry,
// as is one behind the words with which a Markdown entry goes on over its first line.
// Something malformed that a list asks not to hear of is left out.
func (b *builder) markIgnored() {
	kinds := map[int][]string{} // by the line that a mark is about
	for at := 0; ; {
		i := bytes.Index(b.src[at:], []byte(ignoreMark))
		if i < 0 {
			break
		}
		at += i + len(ignoreMark)
		if b.list.Format == Markdown && b.inCodeSpan(at) {
			continue // it is written about, not meant
		}
		line := b.markedLine(at)
		for _, kind := range ignoredKinds(b.src[at:]) {
			if len(kinds[line]) < maxIgnored && !slices.Contains(kinds[line], kind) {
				kinds[line] = append(kinds[line], kind)
			}
		}
	}
	for i := range b.list.Citations {
		b.list.Citations[i].Ignored = slices.Clone(kinds[b.list.Citations[i].Line])
	}
	for i := range b.list.Links {
		b.list.Links[i].Ignored = slices.Clone(kinds[b.list.Links[i].Line])
	}
	for i := range b.list.PaperLinks {
		b.list.PaperLinks[i].Ignored = slices.Clone(kinds[b.list.PaperLinks[i].Line])
	}
	b.list.Malformed = slices.DeleteFunc(b.list.Malformed, func(m Malformed) bool {
		return slices.Contains(kinds[m.Line], kindMalformed) || slices.Contains(kinds[m.Line], IgnoreAll)
	})
}

// markedLine is the line that a mark at an offset is about; 0 when none follows.
func (b *builder) markedLine(at int) int {
	line, _ := b.place(at)
	citations, malformed := b.list.Citations, b.list.Malformed
	next := sort.Search(len(citations), func(i int) bool { return citations[i].Line >= line })
	if start := b.starts[line-1]; b.list.Format == BibTeX && next > 0 &&
		!bytes.HasPrefix(bytes.TrimLeft(b.src[start:at], " \t"), []byte("%")) {
		if before := citations[next-1]; at-before.Span.Start < maxEntry && !bytes.Contains(b.src[before.Span.Start:at], []byte("\n@")) {
			return before.Line
		}
	}
	if before := b.wrapped(line, at); before > 0 && (next == len(citations) || citations[next].Line > line) {
		return before
	}
	about := 0
	nearest := func(line int) {
		if about == 0 || line < about {
			about = line
		}
	}
	if next < len(citations) {
		nearest(citations[next].Line)
	}
	if i := sort.Search(len(malformed), func(i int) bool { return malformed[i].Line >= line }); i < len(malformed) {
		nearest(malformed[i].Line)
	}
	if i := sort.Search(len(b.list.Links), func(i int) bool { return b.list.Links[i].Line >= line }); i < len(b.list.Links) {
		nearest(b.list.Links[i].Line)
	}
	return about
}

// inCodeSpan says whether an offset is behind an odd number of backticks on its line.
func (b *builder) inCodeSpan(at int) bool {
	line, _ := b.place(at)
	return bytes.Count(b.src[b.starts[line-1]:at], []byte("`"))%2 == 1
}

// markdownBlock begins a list item, a heading, a quotation or a table row.
var markdownBlock = regexp.MustCompile(`^\s*(?:[-*+>|#]|\d+[.)]\s)`)

// wrapped is the line of the citation whose Markdown entry goes on, without a block of another kind or an empty line between,
// up to a mark with words before it; 0 when there is none.
func (b *builder) wrapped(line, at int) int {
	if b.list.Format != Markdown {
		return 0
	}
	words := bytes.TrimSpace(bytes.TrimSuffix(b.src[b.starts[line-1]:at], []byte(ignoreMark)))
	if len(bytes.TrimSpace(bytes.TrimSuffix(words, []byte("<!--")))) == 0 {
		return 0 // a comment on a line of its own
	}
	i := sort.Search(len(b.list.Citations), func(i int) bool { return b.list.Citations[i].Line >= line })
	if i == 0 {
		return 0
	}
	before := b.list.Citations[i-1].Line
	for n := before + 1; n <= line; n++ {
		text := b.src[b.starts[n-1]:]
		if n < len(b.starts) {
			text = b.src[b.starts[n-1]:b.starts[n]]
		}
		if len(bytes.TrimSpace(text)) == 0 || markdownBlock.Match(text) {
			return 0
		}
	}
	return before
}

// ignoredKinds reads the words up to the end of the comment or line.
func ignoredKinds(rest []byte) []string {
	line, _, _ := bytes.Cut(rest[:min(len(rest), maxIgnoreLine)], []byte("\n"))
	text, _, _ := strings.Cut(string(line), "-->")
	var kinds []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == ':' || r == '\r' }) {
		kind := strings.ToLower(strings.TrimRight(word, `}.;)"'`))
		if strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz-") != "" {
			break
		}
		if kind != "" {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		return []string{IgnoreAll}
	}
	return kinds
}
