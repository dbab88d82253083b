package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/export"
	"syncer/storage"
	"syncer/worker"
)

// verifyFlags are the flags of verify, which syncer --verify-links takes as well.
type verifyFlags struct {
	run        *worker.Options
	listFormat string
	format     string
}

func (v *verifyFlags) add(f *pflag.FlagSet) {
	addListFormat(f, &v.listFormat)
	f.StringVar(&v.format, "format", "", "write the findings as `F`: "+findingFormats())
	v.run = newVerifyOptions(f)
}

func (a *app) verifyCommand() *cobra.Command {
	v := &verifyFlags{}
	cmd := &cobra.Command{
		Use:   "verify [LIST...]",
		Short: "Check the links of the lists once: which are broken, moved, changed; the same as syncer --verify-links",
		Long: `verify asks for every link of the lists that was not checked in the last 20 hours (--force: all), each host at its own pace,
and says which are broken, moved, changed, suspect (failing, and it may pass), blocked (the server does not answer programs)
or insecure. Links to papers at arXiv are judged by arXiv's metadata. What was seen is kept: the next check knows what a page
was, and a nightly syncer sync believes nothing at the first failure. Exit code 3 when a link is broken (--fail-on).`,
		Example: `  syncer verify README.md
  syncer --verify-links README.md refs.bib      the same
  syncer verify README.md --json | jq -r 'select(.verdict == "moved") | [.url, .suggestion] | @tsv'
  syncer verify README.md --format sarif >links.sarif
  syncer verify README.md --archive             with archived copies of broken links`,
		RunE: func(cmd *cobra.Command, args []string) error { return a.verifyLinks(cmd, args, v) },
	}
	v.add(cmd.Flags())
	return cmd
}

func (a *app) verifyLinks(cmd *cobra.Command, args []string, v *verifyFlags) error {
	if !cmd.Flags().Changed("fail-on") {
		a.set.failOn = []string{string(enrich.KindBroken)}
	}
	if err := checkOptions(v.run); err != nil {
		return err
	}
	if err := checkFindingFormat(v.format); err != nil {
		return err
	}
	lists, err := a.readLists(cmd.Context(), args, v.listFormat)
	if err != nil {
		return err
	}
	if a.set.dryRun {
		return a.dryRun(cmd.Context(), lists, v.run)
	}
	report, err := a.runJob(cmd.Context(), lists, v.run)
	if report == nil {
		return err
	}
	hits, printErr := a.printLinks(context.WithoutCancel(cmd.Context()), report, v.format)
	if err == nil {
		err = printErr
	}
	if err == nil && hits > 0 {
		err = &exitError{exitFindings, fmt.Errorf("verify: %s: %s of the kinds that --fail-on names", a.set.db, count(hits, "link")), ""}
	}
	return err
}

// verdictOrder is the order of the report: what has to be mended first.
var verdictOrder = []link.Verdict{link.Broken, link.Changed, link.Moved, link.Insecure, link.Suspect, link.Blocked, link.Unchecked}

// printLinks prints the links of the lists as they are known now, and counts those that --fail-on names.
func (a *app) printLinks(ctx context.Context, r *worker.Report, format string) (hits int, err error) {
	var lists []string
	for _, list := range r.Lists {
		lists = append(lists, list.Name)
	}
	db, err := a.openReader(ctx)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	w := bufio.NewWriter(a.stdout)
	believed := r.Links.Outage == "" && r.Distrust == ""
	each := func(verdicts []link.Verdict, show func(storage.LinkReport) error) error {
		for l, err := range db.Links(ctx, lists, verdicts, r.Run, a.now()) {
			if err != nil {
				return err
			}
			if believed && !l.Quiet && worker.IsNamed(a.set.failOn, l.Verdict.Kind(), l.Verdict.Severity()) {
				hits++
			}
			if err := show(l); err != nil {
				return err
			}
		}
		return nil
	}
	switch {
	case format != "":
		var findings []enrich.Finding
		err = each(nil, func(l storage.LinkReport) error { findings = append(findings, worker.LinkFindings(l)...); return nil })
		if err == nil {
			err = writeFindings(w, format, findings)
		}
	case a.set.json:
		out := newJSONLines(w)
		err = each(nil, func(l storage.LinkReport) error { return out.write(export.LinkObject(worker.ExportLink(l))) })
	default:
		if r.Links.Verdicts == nil { // it was stopped before it counted them
			if r.Links.Verdicts, err = db.LinkVerdicts(ctx, lists); err != nil {
				return 0, err
			}
		}
		err = a.printLinkReport(w, r, each)
	}
	if flushErr := w.Flush(); err == nil && flushErr != nil {
		err = fmt.Errorf("write report: stdout: %w", flushErr)
	}
	return hits, err
}

// eachLink shows all links, or with verdicts those that have them, verdict after verdict.
type eachLink func(verdicts []link.Verdict, show func(storage.LinkReport) error) error

// printLinkReport is the report for a person: each verdict's links, as each gives them.
func (a *app) printLinkReport(w io.Writer, r *worker.Report, each eachLink) error {
	state := ""
	switch {
	case r.Links.Outage != "":
		state = ", no verdicts"
	case r.Err != nil || r.Distrust != "":
		state = ", incomplete"
	}
	fmt.Fprintf(w, "%s\n", a.paint(bold, fmt.Sprintf("Links of %s: %s", r.Started.Format("2006-01-02 15:04 UTC"), linkCounts(r)+state)))
	printLists(w, r)
	fmt.Fprintf(w, "  stored in %s\n", printable(r.DB))
	switch {
	case r.Links.Outage != "":
		fmt.Fprintf(w, "\nNot believed: %s. What was seen is forgotten; the verdicts below are those of before.\n", r.Links.Outage)
	case r.Distrust != "":
		fmt.Fprintf(w, "\nNot believed: %s.\n", r.Distrust)
	}
	var shown link.Verdict
	if err := each(verdictOrder, func(l storage.LinkReport) error {
		if l.Verdict != shown {
			shown = l.Verdict
			fmt.Fprintf(w, "\n%s (%s)\n", a.paint(bold, fmt.Sprintf("%s: %s", shown, count(r.Links.Verdicts[shown], "link"))), verdictWords[shown])
		}
		for _, p := range l.Places {
			a.printLink(w, l, p)
		}
		return nil
	}); err != nil {
		return err
	}
	if n := r.Links.Verdicts[link.OK]; n > 0 {
		fmt.Fprintf(w, "\n%s\n", a.paint(bold, fmt.Sprintf("ok: %s", count(n, "link"))))
	}
	return nil
}

// verdictWords say what a verdict means, and what to do.
var verdictWords = map[link.Verdict]string{
	link.Broken: "what they led to is not there", link.Changed: "they lead to something else than they did",
	link.Moved: "permanently: the list can follow", link.Insecure: "browsers warn of their certificates",
	link.Suspect: "failing, and it may pass", link.Blocked: "their servers do not answer programs; look with a browser",
	link.Unchecked: "not asked for",
}

func (a *app) printLink(w io.Writer, l storage.LinkReport, p storage.LinkPlace) {
	place := fmt.Sprintf("%s:%d", printable(p.List), p.Line)
	if p.Column > 0 {
		place += fmt.Sprintf(":%d", p.Column)
	}
	mark := ""
	if l.Quiet {
		mark = " [ignored]"
	}
	fmt.Fprintf(w, "  %s: %s%s%s\n", place, printable(link.Message(l.State)), standing(l), mark)
}

// standing says whether a verdict is news, and how sure it is.
func standing(l storage.LinkReport) string {
	switch {
	case l.Verdict == link.Unchecked || l.Since.IsZero():
		return ""
	case l.Verdict == link.Suspect && l.Failures > 1:
		return fmt.Sprintf(" (%d checks in a row since %s)", l.Failures, day(l.FailingSince))
	case l.New && !l.Certain && l.Failures > 1:
		return fmt.Sprintf(" (new, %d checks in a row since %s)", l.Failures, day(l.FailingSince))
	case !l.New:
		return " (since " + day(l.Since) + ")"
	case l.Certain || l.Verdict == link.Suspect:
		return " (new)"
	}
	return " (new, seen once)"
}

// linkCounts is what was done.
func linkCounts(r *worker.Report) string {
	text := fmt.Sprintf("%s checked", count(r.Links.Checked, "link"))
	if r.Links.Requests > 0 {
		text += " by " + count(r.Links.Requests, "request")
		if !r.Links.Nightly { // a night's time is told once, and most of it is arXiv's
			text += fmt.Sprintf(" in %s", r.Ended.Sub(r.Started).Round(100*time.Millisecond))
		}
	}
	switch {
	case r.Links.Fresh > 0 && r.Links.Nightly:
		text += fmt.Sprintf(", %d not due tonight", r.Links.Fresh)
	case r.Links.Fresh > 0:
		text += fmt.Sprintf(", %d fresh (--force asks)", r.Links.Fresh)
	}
	if r.Links.Waiting > 0 {
		text += fmt.Sprintf(", %d left for another time, since their hosts ask for more patience", r.Links.Waiting)
	}
	return text
}

// reportLinks is the links' part of the nightly report.
func (a *app) reportLinks(w io.Writer, r *worker.Report) {
	if !r.Links.Asked {
		return
	}
	fmt.Fprintf(w, "\n%s\n", a.paint(bold, "Links: "+linkCounts(r)))
	if r.Links.Outage != "" {
		fmt.Fprintf(w, "  not believed: %s; no link is judged tonight\n", r.Links.Outage)
		return
	}
	text := ""
	for _, verdict := range slices.Concat([]link.Verdict{link.OK}, verdictOrder) {
		if n := r.Links.Verdicts[verdict]; n > 0 {
			text += fmt.Sprintf(", %d %s", n, verdict)
		}
	}
	if text != "" {
		fmt.Fprintf(w, "  %s\n", text[2:])
	}
}
