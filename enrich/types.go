package enrich

import (
	"time"

	"syncer/arxiv"
)

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

// Finding is something that a list's owner should know, with the evidence.
type Finding struct {
	Key        string // stable over runs: kind, list, subject and, where needed, the claim
	Kind       string // as in the contract
	Severity   string // SeverityError, SeverityWarning or SeverityInfo
	Subject    string // an arXiv identifier or a URL
	List       string
	Line       int // from 1
	Column     int // from 1, in bytes; 0 when unknown
	Claimed    string
	Actual     string
	Suggestion string // a replacement for what the list says; empty when there is no certain one
	Message    string // one sentence
}

// Severities, worst first.
const (
	SeverityError   = "error"
	SeverityWarning = "warning"
	SeverityInfo    = "info"
)

// Holding is what the store has of one cited paper, as far as planning a night needs it.
type Holding struct {
	ID        arxiv.ID
	Known     bool      // a record is stored
	Version   int       // newest version known; 0 when none
	FetchedAt time.Time // when the record was last known to be right; zero when never
	// LackingText lists the versions 1..Version whose own text is not held and that arXiv was not lately asked for in vain.
	LackingText []int
	// RawVersion is the newest version that OAI-PMH data is held for; 0 when it was never asked.
	RawVersion int
	RawAt      time.Time // when OAI-PMH was last asked; zero when never
	// RawDue is set when something says that OAI-PMH should be asked again soon: a comment that speaks of withdrawal.
	RawDue      bool
	UnknownAt   time.Time // when arXiv last said that it has no such paper; zero when it never did
	Disappeared bool
	// MissedBefore is set when an earlier run got no answer for the paper either, and was not believed.
	MissedBefore bool
}
