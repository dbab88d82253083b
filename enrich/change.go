// Package enrich decides what is new, changed, wrong or broken. It is pure: it does no I/O, reads no clock and takes no
// context; what it needs is an argument.
//
// This folder is the vocabulary that its rooms share: Change (what differs at arXiv), Finding (what a list's owner should
// know) with the one table of kinds, Correction (what can be put right), and how findings get keys and are ignored. The
// decisions are in the rooms, which do not import each other, save that citation uses record:
//
//	record    two records of a paper compared, and what a night should ask for
//	citation  what a list says of a paper, against the paper in all its versions; the corrected list
//	link      what one look at a page says of a link, and what many looks make of it
//
// Begin with Kinds in kinds.go: every kind of finding, who opens it and how bad it is.
package enrich

import "syncer/arxiv"

// Change is one difference between what was stored and what arXiv says now. Changes are facts about a paper; whether
// they matter to a list is a Finding's business.
type Change struct {
	ID    arxiv.ID
	Kind  string // KindNew, KindReplaced, KindTitleChanged, …
	Field string // "title", "authors", "version", "categories", …
	Old   string // as text; empty when there was nothing
	New   string
}

// The kinds of Change. Those that share a name with a finding kind of the public contract mean the same.
const (
	ChangeNew        = "new"             // first seen
	ChangeReplaced   = "replaced"        // a new version: field "version", "v1" -> "v2"
	ChangeTitle      = "title-changed"   // the title of the current record
	ChangeAuthors    = "authors-changed" // names or their order
	ChangeAbstract   = "abstract-changed"
	ChangeComment    = "comment-changed"
	ChangeCategories = "categories-changed"
	ChangePublished  = "published" // a DOI or journal reference appeared or changed: field "doi" or "journal_ref"
	ChangeLicense    = "license-changed"
	ChangeWithdrawn  = "withdrawn"   // field "withdrawn", "" -> "v3"
	ChangeRestored   = "restored"    // a withdrawn or disappeared paper is back
	ChangeGone       = "disappeared" // arXiv does not know the paper any more
)
