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

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/seeds"
	"syncer/storage"
)

// verifyOptions are the flags of verify, which syncer --verify-links takes as well.
type verifyOptions struct {
	nightOptions
	listFormat string
	format     string
}

func (o *verifyOptions) addFlags(f *pflag.FlagSet) {
	o.kind, o.budget, o.links.oneShot = kindVerify, defaultBudget, true
	addListFormat(f, &o.listFormat)
	f.StringVar(&o.format, "format", "", "write the findings as `F`: "+findingFormats())
	o.links.addFlags(f)
}

func (a *app) verifyCommand() *cobra.Command {
	o := &verifyOptions{}
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
		RunE: func(cmd *cobra.Command, args []string) error { return a.verifyLinks(cmd, args, o) },
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func (a *app) verifyLinks(cmd *cobra.Command, args []string, o *verifyOptions) error {
	if !cmd.Flags().Changed("fail-on") {
		a.set.failOn = []string{string(enrich.KindBroken)}
	}
	if err := o.check(); err != nil {
		return err
	}
	if err := checkFindingFormat(o.format); err != nil {
		return err
	}
	lists, err := a.readLists(cmd.Context(), args, o.listFormat)
	if err != nil {
		return err
	}
	if a.set.dryRun {
		return a.dryRun(cmd.Context(), lists, &o.nightOptions)
	}
	names := make([]string, len(lists))
	for i, list := range lists {
		names[i] = list.Name
	}
	report, err := a.runNight(cmd.Context(), lists, &o.nightOptions)
	if report == nil {
		return err
	}
	hits, printErr := a.printLinks(context.WithoutCancel(cmd.Context()), report, names, o.format)
	if err == nil {
		err = printErr
	}
	if err == nil && hits > 0 {
		err = &exitError{exitFindings, fmt.Errorf("verify: %s: %s of the kinds that --fail-on names", a.set.db, count(hits, "link")), ""}
	}
	return err
}

// askLinked asks for the papers that the links lead to, which are judged by their records.
func (n *night) askLinked(ctx context.Context) error {
	papers, err := n.run.PapersOfLinks(ctx, n.lists)
	if err != nil || len(papers) == 0 {
		return err
	}
	n.only = make(map[arxiv.ID]bool, len(papers))
	for _, id := range papers {
		n.only[id] = true
	}
	missing, err := n.askCurrent(ctx)
	if err != nil || n.report.distrust != "" {
		return err
	}
	return n.confirmMissing(ctx, missing)
}

// linkJSON is the contract's shape of a link.
type linkJSON struct {
	URL        string       `json:"url"`
	Verdict    link.Verdict `json:"verdict"`
	Status     int          `json:"status,omitempty"`
	FinalURL   string       `json:"final_url,omitempty"`
	Permanent  bool         `json:"permanent"`
	Reason     string       `json:"reason,omitempty"`
	Certain    bool         `json:"certain"` // the verdict has held over the checks and days that a nightly job asks for
	Since      string       `json:"since,omitempty"`
	CheckedAt  string       `json:"checked_at,omitempty"`
	LastGood   string       `json:"last_good,omitempty"`
	Failures   int          `json:"failures"`
	Suggestion string       `json:"suggestion,omitempty"`
	Archived   string       `json:"archived,omitempty"`
	New        bool         `json:"new"`
	Places     []placeJSON  `json:"places"`
}

type placeJSON struct {
	List   string `json:"list"`
	Line   int    `json:"line"`
	Column int    `json:"column,omitempty"`
	Title  string `json:"title,omitempty"`
}

func linkToJSON(l storage.LinkReport) linkJSON {
	j := linkJSON{
		URL: l.URL, Verdict: l.Verdict, Status: l.Status, Permanent: l.Permanent, Reason: l.Reason, Certain: l.Certain, Since: stamp(l.Since), CheckedAt: stamp(l.CheckedAt),
		LastGood: stamp(l.LastGood), Failures: l.Failures, Suggestion: link.Suggestion(l.State), Archived: l.Archived, New: l.New,
	}
	if l.FinalURL != l.URL {
		j.FinalURL = l.FinalURL
	}
	for _, p := range l.Places {
		j.Places = append(j.Places, placeJSON{p.List, p.Line, p.Column, p.Title})
	}
	return j
}

// verdictOrder is the order of the report: what has to be mended first.
var verdictOrder = []link.Verdict{link.Broken, link.Changed, link.Moved, link.Insecure, link.Suspect, link.Blocked, link.Unchecked}

// printLinks prints the links of the lists as they are known now, and counts those that --fail-on names.
func (a *app) printLinks(ctx context.Context, r *report, lists []string, format string) (hits int, err error) {
	db, err := a.openReader(ctx)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	w := bufio.NewWriter(a.stdout)
	believed := r.links.outage == "" && r.distrust == ""
	each := func(verdict link.Verdict, show func(storage.LinkReport) error) error {
		for l, err := range db.Links(ctx, lists, verdict, r.run) {
			if err != nil {
				return err
			}
			if believed && !l.Quiet && a.failsOn(l.Verdict.Kind(), l.Verdict.Severity()) {
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
		err = each("", func(l storage.LinkReport) error { findings = append(findings, linkAnnotations(l)...); return nil })
		if err == nil {
			err = writeFindings(w, format, findings)
		}
	case a.set.json:
		out := newJSONLines(w)
		err = each("", func(l storage.LinkReport) error { return out.write(linkToJSON(l)) })
	default:
		if r.links.verdicts == nil { // it was stopped before it counted them
			if r.links.verdicts, err = db.LinkVerdicts(ctx, lists); err != nil {
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

// linkAnnotations is what is to be told of a link at each of its places.
func linkAnnotations(l storage.LinkReport) []enrich.Finding {
	var findings []enrich.Finding
	if l.Quiet || l.Verdict.Kind() == "" {
		return nil
	}
	for _, p := range l.Places {
		if enrich.IsIgnored(p.Ignored, l.Verdict.Kind()) {
			continue
		}
		findings = append(findings, link.Annotation(p.List, seeds.Link{Line: p.Line, Column: p.Column}, l.State))
	}
	return findings
}

// printLinkReport is the report for a person: each verdict's links, as each gives them.
func (a *app) printLinkReport(w io.Writer, r *report, each func(verdict link.Verdict, show func(storage.LinkReport) error) error) error {
	state := ""
	switch {
	case r.links.outage != "":
		state = ", no verdicts"
	case r.err != nil || r.distrust != "":
		state = ", incomplete"
	}
	fmt.Fprintf(w, "%s\n", a.paint(bold, fmt.Sprintf("Links of %s: %s", r.started.Format("2006-01-02 15:04 UTC"), linkCounts(r)+state)))
	r.printLists(w)
	fmt.Fprintf(w, "  stored in %s\n", clean(r.db))
	switch {
	case r.links.outage != "":
		fmt.Fprintf(w, "\nNot believed: %s. What was seen is forgotten; the verdicts below are those of before.\n", r.links.outage)
	case r.distrust != "":
		fmt.Fprintf(w, "\nNot believed: %s.\n", r.distrust)
	}
	for _, verdict := range verdictOrder {
		n := 0
		if r.links.verdicts[verdict] == 0 {
			continue
		}
		if err := each(verdict, func(l storage.LinkReport) error {
			if n == 0 {
				fmt.Fprintf(w, "\n%s (%s)\n", a.paint(bold, fmt.Sprintf("%s: %s", verdict, count(r.links.verdicts[verdict], "link"))), verdictWords[verdict])
			}
			n++
			for _, p := range l.Places {
				a.printLink(w, l, p)
			}
			return nil
		}); err != nil {
			return err
		}
	}
	if n := r.links.verdicts[link.OK]; n > 0 {
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
	place := fmt.Sprintf("%s:%d", clean(p.List), p.Line)
	if p.Column > 0 {
		place += fmt.Sprintf(":%d", p.Column)
	}
	mark := ""
	if l.Quiet {
		mark = " [ignored]"
	}
	fmt.Fprintf(w, "  %s: %s%s%s\n", place, clean(link.Message(l.State)), standing(l), mark)
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
func linkCounts(r *report) string {
	text := fmt.Sprintf("%s checked", count(r.links.checked, "link"))
	if r.links.requests > 0 {
		text += " by " + count(r.links.requests, "request")
		if !r.links.nightly { // a night's time is told once, and most of it is arXiv's
			text += fmt.Sprintf(" in %s", r.ended.Sub(r.started).Round(100*time.Millisecond))
		}
	}
	switch {
	case r.links.fresh > 0 && r.links.nightly:
		text += fmt.Sprintf(", %d not due tonight", r.links.fresh)
	case r.links.fresh > 0:
		text += fmt.Sprintf(", %d fresh (--force asks)", r.links.fresh)
	}
	if r.links.waiting > 0 {
		text += fmt.Sprintf(", %d left for another time, since their hosts ask for more patience", r.links.waiting)
	}
	return text
}

// reportLinks is the links' part of the nightly report.
func (a *app) reportLinks(w io.Writer, r *report) {
	if !r.links.asked {
		return
	}
	fmt.Fprintf(w, "\n%s\n", a.paint(bold, "Links: "+linkCounts(r)))
	if r.links.outage != "" {
		fmt.Fprintf(w, "  not believed: %s; no link is judged tonight\n", r.links.outage)
		return
	}
	text := ""
	for _, verdict := range slices.Concat([]link.Verdict{link.OK}, verdictOrder) {
		if n := r.links.verdicts[verdict]; n > 0 {
			text += fmt.Sprintf(", %d %s", n, verdict)
		}
	}
	if text != "" {
		fmt.Fprintf(w, "  %s\n", text[2:])
	}
}
