package enrich

import (
	"slices"
	"strings"

	"syncer/seeds"
)

// LinkCase is a link of a list with what is known of it.
type LinkCase struct {
	Link  seeds.Link
	State LinkState
}

// CorrectLink follows a link that has moved for good, and with archive puts a copy at the Internet Archive in the place of one
// that is broken. Other broken and changed links are notes: nobody but the owner can say what they should be. Links that may
// be well tomorrow, or cannot be judged, are left alone.
func (c *Corrector) CorrectLink(l LinkCase, archive bool) (Correction, bool) {
	if !slices.Contains([]string{LinkMoved, LinkBroken, LinkChanged}, l.State.Verdict) {
		return Correction{}, false
	}
	correction := Correction{Kind: l.State.Verdict, Line: l.Link.Line, Column: l.Link.Column, Message: LinkMessage(l.State)}
	to := l.State.Target
	if to == "" && archive {
		to = l.State.Archived
	}
	written := c.text(l.Link.Span)
	if to == "" || !strings.HasPrefix(strings.ToLower(written), "http") {
		return correction, true // a DOI, for example, is no place for an address
	}
	if escaped, ok := seeds.EscapeURL(c.format, to, written); ok {
		correction.Edits = []seeds.Edit{{Span: l.Link.Span, New: escaped}}
	}
	return correction, true
}
