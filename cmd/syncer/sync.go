package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"syncer/arxiv"
	"syncer/fetch"
	"syncer/internal/progress"
	"syncer/seeds"
	"syncer/storage"
)

// defaultBudget bounds what one night asks beside the records themselves: 60 requests are three minutes of arXiv's time.
const defaultBudget = 60

func (a *app) syncCommand() *cobra.Command {
	var format string
	o := &nightOptions{kind: kindSync}
	cmd := &cobra.Command{
		Use:   "sync [LIST...]",
		Short: "The nightly job: read the lists, refresh papers and versions, report what is new, changed or wrong",
		Long: `sync reads the lists, asks arXiv for every cited paper that is not fresh (100 a request, one request per 3 s),
fetches the versions not held yet, spends --budget requests on licences, sizes and withdrawals by OAI-PMH, asks for the other
links that are due, and prints a report. A LIST is a file, an http(s) URL, - for stdin, or landmarks; without one, the lists of syncer.toml, else landmarks.`,
		Example: `  syncer sync --contact you@example.org
  syncer sync README.md refs.bib --contact you@example.org
  syncer sync --dry-run
  syncer sync --fail-on error          exit code 3 when an error is open, for CI`,
		RunE: func(cmd *cobra.Command, args []string) error {
			lists, err := a.readLists(cmd.Context(), args, format)
			if err != nil {
				return err
			}
			if err := o.check(); err != nil {
				return err
			}
			if a.set.dryRun {
				return a.dryRun(cmd.Context(), lists, o)
			}
			report, err := a.wholeNight(cmd.Context(), lists, o)
			if err != nil {
				return err
			}
			return a.failOn(report.openFindings)
		},
	}
	addListFormat(cmd.Flags(), &format)
	o.addFlags(cmd.Flags())
	return cmd
}

// The kinds of run.
const (
	kindSync   = "sync"
	kindVerify = "verify"
)

// nightOptions are the settings of one run.
type nightOptions struct {
	kind   string
	budget int // OAI-PMH requests
	links  linkOptions
}

// addFlags adds the flags of a nightly job.
func (o *nightOptions) addFlags(f *pflag.FlagSet) {
	f.IntVar(&o.budget, "budget", defaultBudget, "requests a night for licences, sizes, withdrawals and missing papers (OAI-PMH), and to find out what doubtful citations mean")
	f.BoolVar(&o.links.skip, "skip-links", false, "papers only: ask for no other links")
	o.links.addFlags(f)
}

func (o *nightOptions) check() error {
	if o.budget < 0 {
		return usageError("0 asks for nothing but records", "read flags: --budget: %d is negative", o.budget)
	}
	return o.links.check()
}

// night is one run of the nightly job, or of its links alone, while it goes on.
type night struct {
	app    *app
	db     *storage.DB
	run    *storage.Run
	client *fetch.Client
	show   *progress.Display
	lists  []string
	only   map[arxiv.ID]bool // the papers to ask for; nil is all
	budget int               // OAI-PMH requests left
	report *report
}

// wholeNight is the nightly job with its report on stdout and, when all went well, the exports that the configuration
// names. What an incomplete night leaves is not exported: the files stay as the last good one left them.
func (a *app) wholeNight(ctx context.Context, lists []seeds.List, o *nightOptions) (*report, error) {
	report, err := a.runNight(ctx, lists, o)
	if report != nil {
		err = errors.Join(err, a.printReport(report))
	}
	for _, flags := range a.set.exports {
		if err != nil {
			break
		}
		var job exportJob
		if job, err = a.exportJob(flags); err == nil { // anew each night: --since 7d counts from now
			err = a.export(ctx, job)
		}
	}
	return report, err
}

// runNight runs the nightly job, or its links alone, and closes its run row whatever happens. The report is nil only when the
// run did not begin; with an error it tells what was done before. The lists are not kept: they may be large.
func (a *app) runNight(ctx context.Context, lists []seeds.List, o *nightOptions) (_ *report, err error) {
	show := progress.New(a.stderr, a.progressMode())
	defer show.Close()
	client, err := a.newFetcher(sayWait(show))
	if err != nil {
		return nil, err
	}
	db, err := storage.Open(ctx, a.set.db)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	n := &night{app: a, db: db, client: client, show: show, budget: o.budget}
	for _, list := range lists {
		n.lists = append(n.lists, list.Name)
	}
	if n.run, err = db.Begin(ctx, o.kind, n.lists, a.now()); err != nil {
		return nil, err
	}
	n.report = newReport(a.set.db, n.run, lists)
	workErr := n.work(ctx, lists, o)
	n.report.finish(client.Requests(), a.now(), workErr)
	if endErr := n.run.End(ctx, a.now(), n.report.result()); endErr != nil && workErr == nil {
		workErr = endErr
	}
	if workErr == nil && n.report.distrust == "" {
		n.report.openFindings, workErr = db.Findings(ctx, storage.FindingFilter{Lists: n.lists, Now: a.now()})
	}
	if workErr == nil {
		workErr = n.report.loadHistory(ctx, db)
	}
	switch {
	case errors.Is(workErr, errOutage):
		workErr = &exitError{exitFailed, fmt.Errorf("%s: %s: %s; no link is judged", o.kind, a.set.db, n.report.links.outage), "look at the network here and run the same command again"}
	case n.report.distrust != "" && workErr == nil:
		workErr = &exitError{exitFailed, fmt.Errorf("%s: %s: %s; nothing is flagged", o.kind, a.set.db, n.report.distrust),
			"if the next run finds the same, it is believed"}
	}
	return n.report, workErr
}

// work is steps 2 to 8 of the night. Each step's results are stored before the next begins, so that a crash between two
// of them costs nothing but the requests of the batch under way.
func (n *night) work(ctx context.Context, lists []seeds.List, o *nightOptions) error {
	changes, err := n.run.SaveLists(ctx, lists)
	if err != nil {
		return err
	}
	n.report.lists = changes
	ask := n.askPapers
	if o.kind == kindVerify {
		ask = n.askLinked
	}
	arXivErr := ask(ctx)
	if ctx.Err() != nil || n.report.distrust != "" || n.app.skipsLinks(o) {
		return arXivErr
	}
	// arXiv being down says nothing of the rest of the web.
	if err := n.checkLinks(ctx, &o.links); err != nil {
		return err
	}
	if arXivErr == nil && o.kind == kindVerify && n.report.links.waiting > 0 {
		return &exitError{exitFailed, fmt.Errorf("verify: %s: %s not asked for, since their hosts want to be left alone longer than --max-retry-after", n.app.set.db,
			count(n.report.links.waiting, "link")), "run the same command again later"}
	}
	return arXivErr
}

// askPapers is what a night asks arXiv, and what follows for the citations.
func (n *night) askPapers(ctx context.Context) error {
	missing, err := n.askCurrent(ctx)
	if err != nil || n.report.distrust != "" {
		return err
	}
	if err := n.confirmMissing(ctx, missing); err != nil {
		return err
	}
	if err := n.askVersions(ctx); err != nil {
		return err
	}
	if err := n.resolve(ctx); err != nil {
		return err
	}
	if err := n.askRaw(ctx); err != nil {
		return err
	}
	n.report.judgement, err = n.run.Judge(ctx, n.lists)
	return err
}

// skipsLinks says whether a nightly job leaves the other links alone. Whoever has a stand-in play arXiv is trying things out:
// the world's links are not asked for then, unless loopback ones are allowed as well.
func (a *app) skipsLinks(o *nightOptions) bool {
	if o.kind == kindVerify || o.links.skip || a.transport != nil || a.set.allowPrivate {
		return o.links.skip
	}
	u, err := url.Parse(a.set.arxivAPI)
	return err == nil && fetch.IsLoopback(u.Hostname())
}

// sayWait tells of the waits that are longer than the ordinary pace.
func sayWait(show *progress.Display) func(fetch.WaitEvent) {
	return func(w fetch.WaitEvent) {
		switch w.Reason {
		case fetch.WaitTurn:
			show.Wait("another syncer is asking arXiv", w.For)
		case fetch.WaitThrottled, fetch.WaitRetry:
			show.Wait(firstLine(w.Err.Error()), w.For)
		}
	}
}

// askForContact reminds, once a run and only for the real arXiv, that an operator likes to know whom to write to.
func (a *app) askForContact() {
	if a.set.contact == "" && a.transport == nil && !a.set.quiet && a.set.arxivAPI == fetch.DefaultAPI {
		fmt.Fprintln(a.stderr, "syncer: please tell arXiv whom to write to: --contact you@example.org (or contact in syncer.toml)")
	}
}

func (a *app) progressMode() progress.Mode {
	switch {
	case a.set.quiet || a.set.noProgress || a.set.json && !isTerminal(a.stderr):
		return progress.Silent
	case isTerminal(a.stderr) && !a.set.verbose: // log lines would go through the bar
		return progress.Bar
	}
	return progress.Lines
}
