package worker

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/enrich/record"
	"syncer/seeds"
	"syncer/storage"
)

// Report is what a run has to tell. It is filled while the run goes on, so that an interrupted one can be told too.
type Report struct {
	DB             string // path of the database
	Run            int64  // number of the run
	Kind           enrich.RunKind
	Started, Ended time.Time
	Lists          []ListReport

	Requests           int // to arXiv
	Cited, Fresh       int // papers of the lists; those not asked for because they are fresh
	Papers, Versions   int // current records and older versions that arXiv gave
	Histories, Waiting int // papers asked for by OAI-PMH; those that wait for another night's budget
	Changes            []enrich.Change
	VersionDiffs       []PaperDiffs // of the papers whose older versions came in this run

	Unknown      []arxiv.ID // the query API and OAI-PMH agree that there is no such paper
	StillUnknown []arxiv.ID // an earlier run found them so
	Unconfirmed  []arxiv.ID // the query API left them out, and the budget did not suffice to ask OAI-PMH
	Unindexed    []arxiv.ID // the query API left them out, and OAI-PMH has them
	Absent       []record.VersionRef

	Links          LinkReport
	Opened, Closed []enrich.Finding      // Closed without those that another finding about the same link has replaced
	Open           []storage.FindingView // all that are open in the end; only after a complete run
	Distrust       string                // why nothing is believed; empty when it is
	Err            error                 // what stopped the run before its end

	historyOf map[arxiv.ID]bool // papers whose older versions came in
}

// ListReport is what a list has, and what came and went since it was last read.
type ListReport struct {
	Name                                string
	Citations, Papers, Links, Malformed int
	Added, Gone                         int
}

// LinkReport is what the checks of the other links came to.
type LinkReport struct {
	Asked      bool // there were such checks in this run
	Nightly    bool // as a part of a night
	Due, Fresh int  // links
	Checked    int
	Waiting    int // links whose hosts want more patience than a run has
	Requests   int
	Verdicts   map[link.Verdict]int // of all links of the lists; nil when the run ended before they were counted
	Outage     string               // why no verdicts were made
}

// PaperDiffs is what differs between the versions of one paper, as far as a reader of lists cares: title and first author.
type PaperDiffs struct {
	Paper arxiv.Paper
	Diffs []record.VersionDiff
}

func newReport(db string, run *storage.Run, o Options, lists []seeds.List) *Report {
	r := &Report{DB: db, Run: run.ID, Kind: o.Kind, Started: run.Started, historyOf: map[arxiv.ID]bool{}}
	for _, list := range lists {
		papers := map[arxiv.ID]bool{}
		for _, c := range list.Citations {
			papers[c.ID] = true
		}
		r.Lists = append(r.Lists, ListReport{
			Name: list.Name, Citations: len(list.Citations), Papers: len(papers), Links: len(list.Links), Malformed: len(list.Malformed),
		})
	}
	return r
}

func (r *Report) add(changes []enrich.Change) { r.Changes = append(r.Changes, changes...) }

func (r *Report) addJudgement(j storage.Judgement) {
	r.Opened, r.Closed = append(r.Opened, j.Opened...), append(r.Closed, withoutReplaced(j)...)
}

// withoutReplaced are the findings that are over: one that only became another kind about the same link (suspect, and now
// broken) is told by that.
func withoutReplaced(j storage.Judgement) []enrich.Finding {
	return slices.DeleteFunc(slices.Clone(j.Closed), func(old enrich.Finding) bool {
		return slices.ContainsFunc(j.Opened, func(f enrich.Finding) bool {
			return isAboutLink(old.Kind) && isAboutLink(f.Kind) && f.Subject == old.Subject && f.List == old.List
		})
	})
}

func isAboutLink(kind enrich.Kind) bool {
	row, _ := enrich.KindNamed(kind)
	return row.Subject == enrich.SubjectLink
}

// result is the run row.
func (r *Report) result() storage.Result {
	links := 0
	for _, n := range r.Links.Verdicts {
		links += n
	}
	doubt := r.Distrust + r.Links.Outage
	result := storage.Result{
		Requests: r.Requests + r.Links.Requests, Papers: r.Papers, Changed: ChangedPapers(r.Changes), Links: links,
		Broken: r.Links.Verdicts[link.Broken], Complete: r.Err == nil && r.Distrust == "" && len(r.Unconfirmed) == 0,
		Distrusted: doubt != "", Error: doubt,
	}
	switch {
	case doubt != "":
	case errors.Is(r.Err, context.Canceled):
		result.Error = "stopped by a signal"
	case r.Err != nil:
		line, _, _ := strings.Cut(r.Err.Error(), "\n")
		result.Error = strings.TrimSpace(line)
	}
	return result
}

// compareVersions compares the versions of the papers whose older versions came in with this run.
func (r *Report) compareVersions(ctx context.Context, db *storage.DB) error {
	if len(r.historyOf) == 0 {
		return nil
	}
	var ids []arxiv.ID
	for id := range r.historyOf {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, arxiv.Compare)
	for paper, err := range db.Papers(ctx, storage.PaperFilter{IDs: ids}) {
		if err != nil {
			return err
		}
		var diffs []record.VersionDiff
		for _, diff := range record.DiffVersions(paper.Paper) {
			if diff.Field == "title" || diff.FirstAuthor {
				diffs = append(diffs, diff)
			}
		}
		if len(diffs) > 0 {
			r.VersionDiffs = append(r.VersionDiffs, PaperDiffs{paper.Paper, diffs})
		}
	}
	return nil
}

// ChangedPapers counts the papers, not the fields, that differ from what was held; new ones do not.
func ChangedPapers(changes []enrich.Change) int {
	ids := map[arxiv.ID]bool{}
	for _, c := range changes {
		if c.Kind != enrich.ChangeNew {
			ids[c.ID] = true
		}
	}
	return len(ids)
}

// SortedChanges are the changes of held papers, those of one paper together: what OAI-PMH tells of a paper comes later in a
// night than what the query API does.
func (r *Report) SortedChanges() []enrich.Change {
	changed := slices.DeleteFunc(slices.Clone(r.Changes), func(c enrich.Change) bool { return c.Kind == enrich.ChangeNew })
	slices.SortStableFunc(changed, func(x, y enrich.Change) int { return arxiv.Compare(x.ID, y.ID) })
	return changed
}

// NewPapers are the changes by which papers were first seen.
func (r *Report) NewPapers() []enrich.Change {
	return slices.DeleteFunc(slices.Clone(r.Changes), func(c enrich.Change) bool { return c.Kind != enrich.ChangeNew })
}
