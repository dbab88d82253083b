package enrich

import (
	"fmt"
	"slices"
	"time"

	"syncer/arxiv"
)

// Fresh is how long a record need not be asked for again. arXiv's data change once a day and its manual asks to cache
// for that long (3.3.1.1); four hours less than a day let a nightly job drift.
const Fresh = 20 * time.Hour

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
		asked := !h.RawAt.IsZero() && now.Sub(h.RawAt) < Fresh && !h.RawAt.After(now)
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
// years and changed every record's form in one night (arxiv-facts 1.3, 1.4); a reading list does not lose a fifth of its
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
