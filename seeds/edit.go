package seeds

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
)

// Edit replaces the bytes of a span of a list's source.
type Edit struct {
	Span Span
	New  string
}

// Apply makes the edits and leaves every other byte as it was. An edit that stands twice is made once; edits that overlap
// or lie outside of the source are an error, and nothing is edited then.
func Apply(src []byte, edits []Edit) ([]byte, error) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, compareEdits)
	edits = slices.Compact(edits)
	out := make([]byte, 0, len(src))
	at := 0
	for _, e := range edits {
		if e.Span.Start < at || e.Span.End < e.Span.Start || e.Span.End > len(src) {
			return nil, fmt.Errorf("edit of bytes %d to %d overlaps another one or lies outside of the %d bytes", e.Span.Start,
				e.Span.End, len(src))
		}
		out = append(out, src[at:e.Span.Start]...)
		out = append(out, e.New...)
		at = e.Span.End
	}
	return append(out, src[at:]...), nil
}

func compareEdits(a, b Edit) int {
	return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
}

// Edits are edits of one source, none of which overlaps another.
type Edits struct {
	sorted []Edit
}

// Add takes edits in, all of them or, when one overlaps an edit that is there, none. An edit that is there already is
// there once.
func (e *Edits) Add(edits []Edit) bool {
	before := slices.Clone(e.sorted)
	for _, edit := range edits {
		at, _ := slices.BinarySearchFunc(e.sorted, edit, compareEdits)
		known := false
		for ; at < len(e.sorted) && compareEdits(e.sorted[at], edit) == 0; at++ { // texts put in at one place stay in their order
			known = known || e.sorted[at] == edit
		}
		switch {
		case known:
		case at > 0 && e.sorted[at-1].Span.End > edit.Span.Start, at < len(e.sorted) && e.sorted[at].Span.Start < edit.Span.End:
			e.sorted = before
			return false
		default:
			e.sorted = slices.Insert(e.sorted, at, edit)
		}
	}
	return true
}

// All gives the edits in the order of the source.
func (e *Edits) All() []Edit { return e.sorted }

var (
	markdownEscapes = strings.NewReplacer(
		`\`,
		`\\`,
		"*",
		`\*`,
		"_",
		`\_`,
		"[",
		`\[`,
		"]",
		`\]`,
		"<",
		`\<`,
		">",
		`\>`,
		"`",
		"\\`",
		"|",
		`\|`,
	)
	texEscapes = strings.NewReplacer("&", `\&`, "%", `\%`, "#", `\#`, "_", `\_`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`)
)

// Escape writes plain text the way the format wants it inside of running text. ok is false where that cannot be done in
// place: maths and TeX commands outside of TeX's rules, a table cell that would have to be quoted.
func Escape(f Format, text string) (escaped string, ok bool) {
	switch f {
	case Markdown:
		return markdownEscapes.Replace(text), true
	case HTML:
		return html.EscapeString(text), true
	case BibTeX, LaTeX:
		if strings.ContainsAny(text, `\${}"`) {
			return "", false
		}
		return texEscapes.Replace(text), true
	case CSV:
		return text, !strings.ContainsAny(text, ",;\t\"\\\n")
	}
	return text, !strings.Contains(text, "\n")
}

// EscapeURL writes a URL the way it has to stand in the format, in the place of one that was written so. ok is false where
// that cannot be done in place.
func EscapeURL(f Format, url, written string) (escaped string, ok bool) {
	switch f {
	case Markdown:
		// Blanks and brackets would end a destination; their percent-encoding means the same (RFC 3986 section 2.4).
		return strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20").Replace(url), true
	case HTML:
		return html.EscapeString(url), true
	case BibTeX, LaTeX:
		if strings.ContainsAny(url, `\{}"`) {
			return "", false
		}
		if strings.ContainsAny(url, "%#&_~") && strings.Contains(written, `\`) {
			return strings.NewReplacer("&", `\&`, "%", `\%`, "#", `\#`, "_", `\_`).Replace(url), true
		}
		return url, true
	case CSV:
		return url, !strings.ContainsAny(url, ",;\t\"\\\n|")
	}
	return url, !strings.ContainsAny(url, " \t\n")
}

// TextAt is what stands at a place of a source; empty where it has no such place.
func TextAt(src []byte, span Span) string {
	if span.Start < 0 || span.End > len(src) || span.Start >= span.End {
		return ""
	}
	return string(src[span.Start:span.End])
}
