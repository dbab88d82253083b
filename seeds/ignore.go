package seeds

import (
	"bytes"
	"sort"
	"strings"
)

// ignoreMark is how a list asks not to hear of a kind of finding: <!-- syncer-ignore title-differs --> in Markdown and
// HTML, a comment in LaTeX, BibTeX and plain lists. Without a kind it is every kind.
const ignoreMark = "syncer-ignore"

// IgnoreAll stands in Citation.Ignored for every kind of finding.
const IgnoreAll = "all"

// markIgnored gives each mark to the citations on its own line or, when there are none, to those on the next line that
// has any: a comment stands above the entry that it is about.
func (b *builder) markIgnored() {
	for at := 0; ; {
		i := bytes.Index(b.src[at:], []byte(ignoreMark))
		if i < 0 {
			return
		}
		at += i + len(ignoreMark)
		line, _ := b.place(at)
		kinds := ignoredKinds(b.src[at:])
		citations := b.list.Citations
		first := sort.Search(len(citations), func(i int) bool { return citations[i].Line >= line })
		for i := first; i < len(citations) && citations[i].Line == citations[first].Line; i++ {
			citations[i].Ignored = append(citations[i].Ignored, kinds...)
		}
	}
}

// ignoredKinds reads the words up to the end of the comment or line.
func ignoredKinds(rest []byte) []string {
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	text, _, _ := strings.Cut(string(line), "-->")
	var kinds []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == ':' || r == '\r' }) {
		if strings.Trim(word, "abcdefghijklmnopqrstuvwxyz-") != "" {
			break
		}
		kinds = append(kinds, word)
	}
	if len(kinds) == 0 {
		return []string{IgnoreAll}
	}
	return kinds
}
