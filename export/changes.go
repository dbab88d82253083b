package export

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/record"
)

// event is all that one run noticed about one paper.
type event struct {
	ID      arxiv.ID
	At      time.Time
	Title   string
	Changes []Change // what matters most first
}

// changeWords says in words what happened, in the order of what matters most.
var changeWords = []struct{ kind, words string }{
	{
		enrich.ChangeWithdrawn,
		"withdrawn",
	}, {enrich.ChangeGone, "disappeared"}, {enrich.ChangeRestored, "restored"}, {enrich.ChangeReplaced, "new version"},
	{
		enrich.ChangePublished,
		"published",
	}, {enrich.ChangeTitle, "new title"}, {enrich.ChangeAuthors, "authors changed"}, {enrich.ChangeAbstract, "abstract changed"},
	{enrich.ChangeComment, "comment changed"}, {enrich.ChangeCategories, "categories changed"}, {enrich.ChangeLicense, "licence changed"},
}

func changeRank(c Change) int {
	for i, w := range changeWords {
		if w.kind == c.Kind {
			return i
		}
	}
	return len(changeWords)
}

// events puts the newest changes, at most limit of them, together by run and paper, in their order.
func events(changes iter.Seq2[Change, error], limit int) ([]event, error) {
	newest, err := collect(changes, limit)
	if err != nil {
		return nil, err
	}
	type place struct {
		at time.Time
		id arxiv.ID
	}
	var out []event
	of := map[place]int{}
	for _, c := range newest {
		i, known := of[place{c.At, c.ID}]
		if !known {
			i = len(out)
			of[place{c.At, c.ID}] = i
			out = append(out, event{ID: c.ID, At: c.At, Title: plain(c.Title)})
		}
		out[i].Changes = append(out[i].Changes, c)
	}
	for _, e := range out {
		slices.SortStableFunc(e.Changes, func(a, b Change) int { return changeRank(a) - changeRank(b) })
	}
	return out, nil
}

// words says what a change is, without what it is from and to.
func (c Change) words() string {
	if rank := changeRank(c); rank < len(changeWords) {
		return changeWords[rank].words
	}
	return c.Kind
}

// url is where to read the paper: the new version when there is one.
func (e event) url() string {
	for _, c := range e.Changes {
		if version, err := strconv.Atoi(strings.TrimPrefix(c.New, "v")); c.Kind == enrich.ChangeReplaced && err == nil {
			return e.ID.URL(version)
		}
	}
	return e.ID.URL(0)
}

// pagePart is a run of words of a comparison.
type pagePart struct {
	Class, Text string // same, new, old, or gap
}

// parts shows a change: texts word by word, everything else as old and new.
func (c Change) parts() []pagePart {
	switch c.Kind {
	case enrich.ChangeTitle, enrich.ChangeAbstract, enrich.ChangeComment, enrich.ChangeAuthors, enrich.ChangeCategories:
		if c.Old != "" && c.New != "" {
			return diffParts(c.Old, c.New)
		}
	}
	var parts []pagePart
	if old := plain(c.Old); old != "" {
		parts = append(parts, pagePart{"old", old})
	}
	if now := plain(c.New); now != "" {
		parts = append(parts, pagePart{"new", now})
	}
	return parts
}

// contextWords is how many unchanged words stand around a changed one in a long text.
const contextWords = 12

// diffParts compares two texts word by word. Long unchanged stretches are cut down to what stands around the changes.
func diffParts(old, new string) []pagePart {
	diff := record.WordDiff(plain(old), plain(new))
	var out []pagePart
	for i, part := range diff {
		switch part.Op {
		case record.Insert:
			out = append(out, pagePart{"new", part.Text})
		case record.Delete:
			out = append(out, pagePart{"old", part.Text})
		default:
			words := strings.Fields(part.Text)
			head, tail := contextWords, contextWords
			if i == 0 {
				head = 0
			}
			if i == len(diff)-1 {
				tail = 0
			}
			if len(words) <= head+tail+contextWords {
				out = append(out, pagePart{"same", part.Text})
				continue
			}
			if head > 0 {
				out = append(out, pagePart{"same", strings.Join(words[:head], " ")})
			}
			out = append(out, pagePart{"gap", "…"})
			if tail > 0 {
				out = append(out, pagePart{"same", strings.Join(words[len(words)-tail:], " ")})
			}
		}
	}
	return out
}
