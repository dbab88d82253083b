package link

import (
	"slices"
	"strings"

	"syncer/enrich"
	"syncer/seeds"
)

// ListCase is a link of a list with what is known of it.
type ListCase struct {
	Link  seeds.Link
	State State
}

// Correct follows a link that has moved for good, and with archive puts a copy at the Internet Archive in the place of one
// that is broken. Other broken and changed links are notes: nobody but the owner can say what they should be. Links that may
// be well tomorrow, or cannot be judged, are left alone.
func Correct(src []byte, format seeds.Format, l ListCase, archive bool) (enrich.Correction, bool) {
	if !slices.Contains([]Verdict{Moved, Broken, Changed}, l.State.Verdict) {
		return enrich.Correction{}, false
	}
	correction := enrich.Correction{Kind: l.State.Verdict.Kind(), Line: l.Link.Line, Column: l.Link.Column, Message: Message(l.State)}
	to := l.State.Target
	if to == "" && archive {
		to = l.State.Archived
	}
	written := seeds.TextAt(src, l.Link.Span)
	if to == "" || !strings.HasPrefix(strings.ToLower(written), "http") {
		return correction, true // a DOI, for example, is no place for an address
	}
	if escaped, ok := seeds.EscapeURL(format, to, written); ok {
		correction.Edits = []seeds.Edit{{Span: l.Link.Span, New: escaped}}
	}
	return correction, true
}
