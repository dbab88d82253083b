package seeds

import (
	"bytes"
	"slices"
	"sort"
	"strings"
)

// ignoreMark is how a list asks not to hear of a kind of finding: <!-- syncer-ignore title-differs --> in Markdown and
// HTML, a comment in LaTeX, BibTeX and plain lists. Without a kind it is every kind.
const ignoreMark = "syncer-ignore"

// IgnoreAll stands in Citation.Ignored for every kind of finding.
const IgnoreAll = "all"

// maxIgnored is how many kinds one line can name, and maxIgnoreLine how many bytes of it are read behind a mark.
const maxIgnored, maxIgnoreLine = 32, 400

// markIgnored gives each mark to the citations on its own line or, when there are none, to those on the next line that
// has any: a comment stands above the entry that it is about.
func (b *builder) markIgnored() {
	citations := b.list.Citations
	kinds := map[int][]string{} // by the line of the citations
	for at := 0; ; {
		i := bytes.Index(b.src[at:], []byte(ignoreMark))
		if i < 0 {
			break
		}
		at += i + len(ignoreMark)
		line, _ := b.place(at)
		next := sort.Search(len(citations), func(i int) bool { return citations[i].Line >= line })
		if next == len(citations) {
			break
		}
		line = citations[next].Line
		for _, kind := range ignoredKinds(b.src[at:]) {
			if len(kinds[line]) < maxIgnored && !slices.Contains(kinds[line], kind) {
				kinds[line] = append(kinds[line], kind)
			}
		}
	}
	for i := range citations {
		citations[i].Ignored = slices.Clone(kinds[citations[i].Line])
	}
}

// ignoredKinds reads the words up to the end of the comment or line.
func ignoredKinds(rest []byte) []string {
	line, _, _ := bytes.Cut(rest[:min(len(rest), maxIgnoreLine)], []byte("\n"))
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
