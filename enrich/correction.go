package enrich

import "syncer/seeds"

// Correction is one thing that can be put right in a list: the edits that do it, or, when it is not certain, a note for
// the owner and no edits.
type Correction struct {
	Kind         Kind
	Line, Column int
	Edits        []seeds.Edit
	Message      string
}

// Certain says whether the correction has edits.
func (c Correction) Certain() bool { return len(c.Edits) > 0 }
