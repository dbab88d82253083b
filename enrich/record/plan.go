package record

import (
	"fmt"
	"slices"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
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

// VersionRef names one version of one paper.
type VersionRef struct {
	ID      arxiv.ID
	Version int
}

// DueCurrent lists the papers whose current record is to be asked for: all that are not fresh, or all with force.
func DueCurrent(holdings []Holding, now time.Time, fresh time.Duration, force bool) []arxiv.ID {
	var due []arxiv.ID
	for _, h := range holdings {
		// A time to come (the clock was set back) is not fresh.
		age := now.Sub(h.FetchedAt)
		if force || h.FetchedAt.IsZero() || age < 0 || age >= fresh {
			due = append(due, h.ID)
		}
	}
	return due
}

// DueVersions lists the versions whose own text is not held, paper by paper, so that they can be packed into requests
// over all papers.
func DueVersions(holdings []Holding) []VersionRef {
	var due []VersionRef
	for _, h := range holdings {
		for _, v := range h.LackingText {
			due = append(due, VersionRef{h.ID, v})
		}
	}
	return due
}

// DueRaw lists the papers to ask OAI-PMH for tonight, at most budget, newest need first: what speaks of withdrawal, then
// what has a version that OAI-PMH was not asked about, the newest papers before the old ones. A paper asked within Fresh
// waits.
func DueRaw(holdings []Holding, now time.Time, budget int) []arxiv.ID {
	var due []Holding
	for _, h := range holdings {
		asked := !h.RawAt.IsZero() && now.Sub(h.RawAt) < enrich.Fresh && !h.RawAt.After(now)
		if h.Known && !h.Disappeared && !asked && (h.RawDue || h.RawVersion < h.Version) {
			due = append(due, h)
		}
	}
	slices.SortStableFunc(due, func(a, b Holding) int {
		if a.RawDue != b.RawDue {
			if a.RawDue {
				return -1
			}
			return 1
		}
		return arxiv.Compare(b.ID, a.ID)
	})
	due = due[:min(len(due), max(budget, 0))]
	ids := make([]arxiv.ID, len(due))
	for i, h := range due {
		ids[i] = h.ID
	}
	return ids
}

// Tally counts what one night found among the papers that were held before it.
type Tally struct {
	Held    int // asked for tonight and stored before
	Missing int // of these: no answer, for the first time
	Changed int // of these: some field differs
}

// distrustFrom and distrustShare are the rule: more than a fifth of at least 20.
const (
	distrustFrom  = 20
	distrustShare = 5
)

// Distrust says why a night is not to be believed, or nothing. arXiv's interfaces have answered with empty feeds for
// years and changed every record's form in one night (the query API, on 11 November 2025); a reading list does not lose a fifth of its
// papers overnight. What such a night stored or missed does not count again in the next one, which is believed when it
// finds no more than that.
func Distrust(t Tally) string {
	if t.Held < distrustFrom {
		return ""
	}
	if t.Missing*distrustShare > t.Held {
		return fmt.Sprintf("%d of %d papers are missing at once", t.Missing, t.Held)
	}
	if t.Changed*distrustShare > t.Held {
		return fmt.Sprintf("%d of %d papers changed at once", t.Changed, t.Held)
	}
	return ""
}
