package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/enrich/record"
	"syncer/seeds"
	"syncer/storage"
)

// report is what a night has to tell. It is filled while the night goes on, so that an interrupted one can be told too.
type report struct {
	db               string
	run              int64
	started, ended   time.Time
	seeds            []listCount
	lists            storage.ListChanges
	cited, fresh     int // papers of the lists; those not asked for because they are fresh
	papers, versions int // records had
	raw, rawLeft     int // papers had from OAI-PMH; those that wait for another night's budget
	changes          []enrich.Change
	historyOf        map[arxiv.ID]bool // papers whose older versions came in this night
	history          []paperHistory

	unknown, stillUnknown, unconfirmed, unindexed []arxiv.ID
	absentVersions                                []record.VersionRef

	links        linkReport
	judgement    storage.Judgement
	openFindings []storage.FindingView
	requests     int // to arXiv
	distrust     string
	err          error
}

// listCount is what a list has.
type listCount struct {
	name                                string
	citations, papers, links, malformed int
}

// linkReport is what the checks of the other links came to.
type linkReport struct {
	asked      bool // there were such checks in this run
	nightly    bool
	due, fresh int // links
	checked    int
	waiting    int // links whose hosts want more patience than a run has
	requests   int
	verdicts   map[link.Verdict]int
	outage     string // why no verdicts were made
}

// paperHistory is what differs between the versions of one paper, as far as a reader of lists cares.
type paperHistory struct {
	paper arxiv.Paper
	diffs []record.VersionDiff
}

func newReport(db string, run *storage.Run, lists []seeds.List) *report {
	r := &report{db: db, run: run.ID, started: run.Started, historyOf: map[arxiv.ID]bool{}}
	for _, list := range lists {
		papers := map[arxiv.ID]bool{}
		for _, c := range list.Citations {
			papers[c.ID] = true
		}
		r.seeds = append(r.seeds, listCount{list.Name, len(list.Citations), len(papers), len(list.Links), len(list.Malformed)})
	}
	return r
}

func (r *report) add(changes []enrich.Change) { r.changes = append(r.changes, changes...) }

func (r *report) finish(requests int, now time.Time, err error) {
	r.requests, r.ended, r.err = requests, now, err
}

// result is the run row.
func (r *report) result() storage.Result {
	links := 0
	for _, n := range r.links.verdicts {
		links += n
	}
	result := storage.Result{Requests: r.requests + r.links.requests, Papers: r.papers, Changed: changedPapers(r.changes), Links: links, Broken: r.links.verdicts[link.Broken],
		Complete: r.err == nil && r.distrust == "" && len(r.unconfirmed) == 0, Distrusted: r.distrust+r.links.outage != "", Error: r.distrust + r.links.outage}
	switch {
	case result.Error != "":
	case errors.Is(r.err, context.Canceled):
		result.Error = "stopped by a signal"
	case r.err != nil:
		result.Error = firstLine(r.err.Error())
	}
	return result
}

// loadHistory compares the versions of the papers whose older versions came in this night.
func (r *report) loadHistory(ctx context.Context, db *storage.DB) error {
	if len(r.historyOf) == 0 {
		return nil
	}
	ids := slices.SortedFunc(keys(r.historyOf), arxiv.Compare)
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
			r.history = append(r.history, paperHistory{paper.Paper, diffs})
		}
	}
	return nil
}

func (a *app) printReport(r *report) error {
	if a.set.json {
		return a.printReportJSON(r)
	}
	w := bufio.NewWriter(a.stdout)
	a.reportHead(w, r)
	a.reportNew(w, r)
	a.reportChanged(w, r)
	a.reportHistory(w, r)
	a.reportNotHad(w, r)
	a.reportLinks(w, r)
	a.reportFindings(w, r)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write report: stdout: %w", err)
	}
	return nil
}

func (a *app) reportHead(w io.Writer, r *report) {
	state := ""
	switch {
	case r.distrust != "":
		state = ", not believed"
	case r.err != nil:
		state = ", incomplete"
	}
	fmt.Fprintf(w, "%s\n", a.paint(bold, fmt.Sprintf("Night of %s: %s to arXiv in %s%s",
		r.started.Format("2006-01-02 15:04 UTC"), count(r.requests, "request"), r.ended.Sub(r.started).Round(100*time.Millisecond), state)))
	r.printLists(w)
	if r.fresh > 0 {
		fmt.Fprintf(w, "  %d of %s fresh, not asked again (--force asks)\n", r.fresh, count(r.cited, "paper"))
	}
	fmt.Fprintf(w, "  had: %s, %s, %s by OAI-PMH", count(r.papers, "current record"), count(r.versions, "older version"), plural(r.raw, "history", "histories"))
	if r.rawLeft > 0 {
		fmt.Fprintf(w, " (%d wait for another night: --budget)", r.rawLeft)
	}
	fmt.Fprintf(w, "\n  stored in %s\n", clean(r.db))
}

// printLists says what the lists have, and what came and went since they were last read.
func (r *report) printLists(w io.Writer) {
	for _, list := range r.seeds {
		fmt.Fprintf(w, "  %s: %s of %s, %s", clean(list.name), count(list.citations, "citation"), count(list.papers, "paper"), count(list.links, "link"))
		if n := list.malformed; n > 0 {
			fmt.Fprintf(w, ", %s", count(n, "malformed id"))
		}
		switch change := r.lists[list.name]; {
		case change.Gone == 0 && change.Added >= list.citations+list.links+list.malformed:
			fmt.Fprint(w, " (new list)")
		case change.Added+change.Gone > 0:
			fmt.Fprintf(w, " (%d added, %d gone)", change.Added, change.Gone)
		}
		fmt.Fprintln(w)
	}
}

// newShown bounds the list of new papers, of which a first night has hundreds and they are no news; listShown every other
// list of a report, each of which some command shows whole.
const (
	newShown  = 10
	listShown = 40
)

// sayMore ends a list that was cut.
func sayMore(w io.Writer, more int, command string) {
	if more > 0 {
		fmt.Fprintf(w, "  … and %d more%s\n", more, command)
	}
}

func (a *app) reportNew(w io.Writer, r *report) {
	var fresh []enrich.Change
	for _, c := range r.changes {
		if c.Kind == enrich.ChangeNew {
			fresh = append(fresh, c)
		}
	}
	if len(fresh) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", a.paint(bold, "New: "+count(len(fresh), "paper")))
	for _, c := range fresh[:min(len(fresh), newShown)] {
		fmt.Fprintf(w, "  %-16s %s\n", c.ID, shorten(clean(c.New), 90))
	}
	sayMore(w, len(fresh)-newShown, "")
}

func (a *app) reportChanged(w io.Writer, r *report) {
	changed := slices.DeleteFunc(slices.Clone(r.changes), func(c enrich.Change) bool { return c.Kind == enrich.ChangeNew })
	if len(changed) == 0 {
		if r.err == nil && r.distrust == "" && r.papers > 0 && len(r.changes) == 0 {
			fmt.Fprintf(w, "\nNothing changed.\n")
		}
		return
	}
	// What OAI-PMH tells of a paper comes later in the night than what the query API does.
	slices.SortStableFunc(changed, func(x, y enrich.Change) int { return arxiv.Compare(x.ID, y.ID) })
	fmt.Fprintf(w, "\n%s\n", a.paint(bold, "Changed: "+count(changedPapers(changed), "paper")))
	for _, c := range changed[:min(len(changed), listShown)] {
		printChange(w, "  ", c)
	}
	sayMore(w, len(changed)-listShown, ": syncer changes --since 1d")
}

// printChange is one change in words: short values on one line, long ones below each other.
func printChange(w io.Writer, indent string, c enrich.Change) {
	old, new := clean(c.Old), clean(c.New)
	head := fmt.Sprintf("%s%-16s %s", indent, c.ID, c.Kind)
	switch {
	case c.Kind == enrich.ChangeGone:
		fmt.Fprintf(w, "%s: arXiv does not know it any more\n", head)
	case c.Kind == enrich.ChangeNew:
		fmt.Fprintf(w, "%s: %s\n", head, shorten(new, 90))
	case c.Kind == enrich.ChangeAbstract:
		fmt.Fprintf(w, "%s: %s\n", head, record.WordsChanged(c.Old, c.New))
	case old == "":
		fmt.Fprintf(w, "%s: %s\n", head, shorten(new, 200))
	case new == "":
		fmt.Fprintf(w, "%s: %s is gone (was %s)\n", head, c.Field, shorten(old, 120))
	case len(old)+len(new) <= 60:
		fmt.Fprintf(w, "%s: %s -> %s\n", head, old, new)
	default:
		fmt.Fprintf(w, "%s\n%s    old  %s\n%s    new  %s\n", head, indent, shorten(old, 200), indent, shorten(new, 200))
	}
}

func (a *app) reportHistory(w io.Writer, r *report) {
	if len(r.history) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", a.paint(bold, "Versions that differ in title or first author: "+count(len(r.history), "paper")))
	for _, h := range r.history[:min(len(r.history), listShown)] {
		fmt.Fprintf(w, "  %-16s %s\n", h.paper.ID, shorten(clean(h.paper.Title), 90))
		for _, diff := range h.diffs {
			fmt.Fprintf(w, "    %s\n", versionDiffText(diff))
		}
	}
	sayMore(w, len(r.history)-listShown, ": syncer show ID")
}

func versionDiffText(d record.VersionDiff) string {
	field := d.Field
	if d.FirstAuthor {
		field = "first author"
	}
	switch {
	case d.Field == "withdrawn":
		return fmt.Sprintf("v%d -> v%d %s", d.From, d.To, field)
	case d.Old == "":
		return fmt.Sprintf("v%d -> v%d %s: %s", d.From, d.To, field, clean(d.New))
	}
	return fmt.Sprintf("v%d -> v%d %s: %s -> %s", d.From, d.To, field, clean(d.Old), clean(d.New))
}

func (a *app) reportNotHad(w io.Writer, r *report) {
	if len(r.unknown)+len(r.stillUnknown)+len(r.unconfirmed)+len(r.unindexed)+len(r.absentVersions) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", a.paint(bold, "Could not be had"))
	say := func(ids []arxiv.ID, why string) {
		for _, id := range ids[:min(len(ids), newShown)] {
			fmt.Fprintf(w, "  %-16s %s\n", id, why)
		}
		sayMore(w, len(ids)-newShown, ": "+why)
	}
	say(r.unknown, "arXiv has no such paper (the query API and OAI-PMH agree)")
	say(r.stillUnknown, "still not at arXiv")
	say(r.unconfirmed, "no answer, not confirmed: the budget of OAI-PMH requests was spent")
	say(r.unindexed, "no answer from the query API, but OAI-PMH has it; asked again next night")
	for _, ref := range r.absentVersions[:min(len(r.absentVersions), newShown)] {
		fmt.Fprintf(w, "  %-16s this version is not given by arXiv\n", ref.ID.Versioned(ref.Version))
	}
	sayMore(w, len(r.absentVersions)-newShown, " versions are not given by arXiv")
}

func (a *app) reportFindings(w io.Writer, r *report) {
	if r.distrust != "" {
		fmt.Fprintf(w, "\nNot believed: %s. Recorded, nothing flagged; if the next run finds the same, it is believed.\n", r.distrust)
		return
	}
	if r.err != nil {
		fmt.Fprintf(w, "\nIncomplete: the findings are those of before. What was had is stored; the next run goes on from there.\n")
		return
	}
	bySeverity := map[enrich.Severity]int{}
	open := 0
	for _, f := range r.openFindings {
		if !f.Ignored {
			bySeverity[f.Severity]++
			open++
		}
	}
	fmt.Fprintf(w, "\n%s\n", a.paint(bold, fmt.Sprintf("Findings: %d new, %d closed, %d open (%s, %s, %s)", len(r.judgement.Opened), len(r.closed()), open,
		count(bySeverity["error"], "error"), count(bySeverity["warning"], "warning"), fmt.Sprint(bySeverity["info"], " info"))))
	opened, closed := r.judgement.Opened, r.closed()
	for _, f := range opened[:min(len(opened), listShown)] {
		a.printFinding(w, "  ", f)
	}
	sayMore(w, len(opened)-listShown, "")
	for _, f := range closed[:min(len(closed), listShown)] {
		fmt.Fprintf(w, "  closed: %s %s (%s)\n", f.Kind, clean(f.Subject), clean(f.List))
	}
	sayMore(w, len(closed)-listShown, " closed: syncer findings history")
	if open > min(len(opened), listShown) {
		fmt.Fprintf(w, "  syncer findings shows all that are open\n")
	}
}

// closed are the findings that are over: one that only became another kind about the same link (suspect, and now broken) is
// told by that.
func (r *report) closed() []enrich.Finding {
	return slices.DeleteFunc(slices.Clone(r.judgement.Closed), func(old enrich.Finding) bool {
		return slices.ContainsFunc(r.judgement.Opened, func(f enrich.Finding) bool {
			return isLink(old.Kind) && isLink(f.Kind) && f.Subject == old.Subject && f.List == old.List
		})
	})
}

func isLink(kind enrich.Kind) bool {
	row, _ := enrich.KindNamed(kind)
	return row.Subject == enrich.SubjectLink
}

func (a *app) printReportJSON(r *report) error {
	out := newJSONLines(a.stdout)
	for _, c := range r.changes {
		if err := out.write(changeJSON{Type: "change", At: stamp(r.started), ID: c.ID, Kind: c.Kind, Field: c.Field, Old: c.Old, New: c.New}); err != nil {
			return err
		}
	}
	for _, f := range r.judgement.Opened {
		v := findingToJSON(storage.FindingView{Finding: f, FirstSeen: r.started, LastSeen: r.started})
		v.Type = "finding"
		if err := out.write(v); err != nil {
			return err
		}
	}
	result := r.result()
	return out.write(runJSON{Type: "run", Run: r.run, Kind: kindSync, StartedAt: stamp(r.started), EndedAt: stamp(r.ended), Requests: result.Requests,
		Papers: result.Papers, Changed: result.Changed, Links: result.Links, Broken: result.Broken,
		Distrusted: result.Distrusted, Error: result.Error})
}
