package worker

import (
	"errors"
	"fmt"

	"syncer/enrich"
)

// A job that does not come to a good end says why by one of these, or by what the rooms below say: *storage.HeldError, the
// sentinels of storage and fetch, context.Canceled. What was done until then is stored.

// ErrNoDatabase is a job that only reads, of a database that is not there.
var ErrNoDatabase = errors.New("no such file")

// OptionError is an option that a client refuses: a contact that is none, an interval that is too short. Nothing was asked.
type OptionError struct{ Err error }

func (e *OptionError) Error() string { return e.Err.Error() }

// Unwrap gives what the client said.
func (e *OptionError) Unwrap() error { return e.Err }

// DistrustError is a run that found too much missing or changed at once to believe it. It is recorded, nothing is flagged, and a
// next run that finds the same is believed.
type DistrustError struct {
	Kind enrich.RunKind
	DB   string
	Why  string
}

func (e *DistrustError) Error() string {
	return fmt.Sprintf("%s: %s: %s; nothing is flagged", e.Kind, e.DB, e.Why)
}

// OutageError is a run whose link checks tell of the network here and not of the links. They are forgotten.
type OutageError struct {
	Kind enrich.RunKind
	DB   string
	Why  string
}

func (e *OutageError) Error() string {
	return fmt.Sprintf("%s: %s: %s; no link is judged", e.Kind, e.DB, e.Why)
}

// WaitingError is a look at links that left some out, since their hosts want to be left alone for longer than
// LinkOptions.MaxRetryAfter, which the message names as everybody who can set it knows it.
type WaitingError struct {
	Kind  enrich.RunKind
	DB    string
	Links int
}

func (e *WaitingError) Error() string {
	links := "links"
	if e.Links == 1 {
		links = "link"
	}
	return fmt.Sprintf("%s: %s: %d %s not asked for, since their hosts want to be left alone longer than --max-retry-after", e.Kind, e.DB,
		e.Links, links)
}

// AbsentError is an export whose filter names what is not stored: a slip of the pen would leave an empty file in the place of a
// good one.
type AbsentError struct {
	What  string // list, paper or category
	Name  string
	Lists []string // that there are, when What is list
}

func (e *AbsentError) Error() string {
	return fmt.Sprintf("export: %s %s is not in the database", e.What, e.Name)
}
