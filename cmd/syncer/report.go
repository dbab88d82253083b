package main

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/record"
	"syncer/worker"
)

func (a *app) printReport(r *worker.Report) error {
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

func (a *app) reportHead(w io.Writer, r *worker.Report) {
	state := ""
	switch {
	case r.Distrust != "":
		state = ", not believed"
	case r.Err != nil:
		state = ", incomplete"
	}
	fmt.Fprintf(w, "%s\n", a.paint(bold, fmt.Sprintf("Night of %s: %s to arXiv in %s%s",
		r.Started.Format("2006-01-02 15:04 UTC"), count(r.Requests, "request"), r.Ended.Sub(r.Started).Round(100*time.Millisecond), state)))
	printLists(w, r)
	if r.Fresh > 0 {
		fmt.Fprintf(w, "  %d of %s fresh, not asked again (--force asks)\n", r.Fresh, count(r.Cited, "paper"))
	}
	fmt.Fprintf(w, "  had: %s, %s, %s by OAI-PMH", count(r.Papers, "current record"), count(r.Versions, "older version"),
		plural(r.Histories, "history", "histories"))
	if r.Waiting > 0 {
		fmt.Fprintf(w, " (%d wait for another night: --budget)", r.Waiting)
	}
	fmt.Fprintf(w, "\n  stored in %s\n", printable(r.DB))
}

// printLists says what the lists have, and what came and went since they were last read.
func printLists(w io.Writer, r *worker.Report) {
	for _, list := range r.Lists {
		fmt.Fprintf(w, "  %s: %s of %s, %s", printable(list.Name), count(list.Citations, "citation"), count(list.Papers, "paper"),
			count(list.Links, "link"))
		if n := list.Malformed; n > 0 {
			fmt.Fprintf(w, ", %s", count(n, "malformed id"))
		}
		switch {
		case list.Gone == 0 && list.Added >= list.Citations+list.Links+list.Malformed:
			fmt.Fprint(w, " (new list)")
		case list.Added+list.Gone > 0:
			fmt.Fprintf(w, " (%d added, %d gone)", list.Added, list.Gone)
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
func sayMore(w io.Writer, cut int, command string) {
	if cut > 0 {
		fmt.Fprintf(w, "  … and %d more%s\n", cut, command)
	}
}

func (a *app) reportNew(w io.Writer, r *worker.Report) {
	fresh := r.NewPapers()
	if len(fresh) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", a.paint(bold, "New: "+count(len(fresh), "paper")))
	for _, c := range fresh[:min(len(fresh), newShown)] {
		fmt.Fprintf(w, "  %-16s %s\n", c.ID, shorten(printable(c.New), 90))
	}
	sayMore(w, len(fresh)-newShown, "")
}

func (a *app) reportChanged(w io.Writer, r *worker.Report) {
	changed := r.SortedChanges()
	if len(changed) == 0 {
		if r.Err == nil && r.Distrust == "" && r.Papers > 0 && len(r.Changes) == 0 {
			fmt.Fprintf(w, "\nNothing changed.\n")
		}
		return
	}
	fmt.Fprintf(w, "\n%s\n", a.paint(bold, "Changed: "+count(worker.ChangedPapers(changed), "paper")))
	for _, c := range changed[:min(len(changed), listShown)] {
		printChange(w, "  ", c)
	}
	sayMore(w, len(changed)-listShown, ": syncer changes --since 1d")
}

func (a *app) reportHistory(w io.Writer, r *worker.Report) {
	if len(r.VersionDiffs) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", a.paint(bold, "Versions that differ in title or first author: "+count(len(r.VersionDiffs), "paper")))
	for _, h := range r.VersionDiffs[:min(len(r.VersionDiffs), listShown)] {
		fmt.Fprintf(w, "  %-16s %s\n", h.Paper.ID, shorten(printable(h.Paper.Title), 90))
		for _, diff := range h.Diffs {
			fmt.Fprintf(w, "    %s\n", versionDiffText(diff))
		}
	}
	sayMore(w, len(r.VersionDiffs)-listShown, ": syncer show ID")
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
		return fmt.Sprintf("v%d -> v%d %s: %s", d.From, d.To, field, printable(d.New))
	}
	return fmt.Sprintf("v%d -> v%d %s: %s -> %s", d.From, d.To, field, printable(d.Old), printable(d.New))
}

func (a *app) reportNotHad(w io.Writer, r *worker.Report) {
	if len(r.Unknown)+len(r.StillUnknown)+len(r.Unconfirmed)+len(r.Unindexed)+len(r.Absent) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", a.paint(bold, "Could not be had"))
	say := func(ids []arxiv.ID, why string) {
		for _, id := range ids[:min(len(ids), newShown)] {
			fmt.Fprintf(w, "  %-16s %s\n", id, why)
		}
		sayMore(w, len(ids)-newShown, ": "+why)
	}
	say(r.Unknown, "arXiv has no such paper (the query API and OAI-PMH agree)")
	say(r.StillUnknown, "still not at arXiv")
	say(r.Unconfirmed, "no answer, not confirmed: the budget of OAI-PMH requests was spent")
	say(r.Unindexed, "no answer from the query API, but OAI-PMH has it; asked again next night")
	for _, ref := range r.Absent[:min(len(r.Absent), newShown)] {
		fmt.Fprintf(w, "  %-16s this version is not given by arXiv\n", ref.ID.Versioned(ref.Version))
	}
	sayMore(w, len(r.Absent)-newShown, " versions are not given by arXiv")
}

func (a *app) reportFindings(w io.Writer, r *worker.Report) {
	if r.Distrust != "" {
		fmt.Fprintf(w, "\nNot believed: %s. Recorded, nothing flagged; if the next run finds the same, it is believed.\n", r.Distrust)
		return
	}
	if r.Err != nil {
		fmt.Fprintf(w, "\nIncomplete: the findings are those of before. What was had is stored; the next run goes on from there.\n")
		return
	}
	bySeverity := map[enrich.Severity]int{}
	open := 0
	for _, f := range r.Open {
		if !f.Ignored {
			bySeverity[f.Severity]++
			open++
		}
	}
	fmt.Fprintf(w, "\n%s\n", a.paint(bold, fmt.Sprintf("Findings: %d new, %d closed, %d open (%s, %s, %s)", len(r.Opened),
		len(r.Closed), open, count(bySeverity["error"], "error"), count(bySeverity["warning"], "warning"),
		fmt.Sprint(bySeverity["info"], " info"))))
	opened, closed := r.Opened, r.Closed
	for _, f := range opened[:min(len(opened), listShown)] {
		a.printFinding(w, "  ", f)
	}
	sayMore(w, len(opened)-listShown, "")
	for _, f := range closed[:min(len(closed), listShown)] {
		fmt.Fprintf(w, "  closed: %s %s (%s)\n", f.Kind, printable(f.Subject), printable(f.List))
	}
	sayMore(w, len(closed)-listShown, " closed: syncer findings history")
	if open > min(len(opened), listShown) {
		fmt.Fprintf(w, "  syncer findings shows all that are open\n")
	}
}

func (a *app) printReportJSON(r *worker.Report) error {
	out := newJSONLines(a.stdout)
	for object := range r.Objects() {
		if err := out.write(object); err != nil {
			return err
		}
	}
	return nil
}
