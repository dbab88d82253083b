package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"syncer/seeds"
	"syncer/worker"
)

func (a *app) syncCommand() *cobra.Command {
	var format string
	var o *worker.Options
	cmd := &cobra.Command{
		Use:   "sync [LIST...]",
		Short: "The nightly job: read the lists, refresh papers and versions, report what is new, changed or wrong",
		Long: `sync reads the lists, asks arXiv for every cited paper that is not fresh (100 a request, one request per 3 s),
fetches the versions not held yet, spends --budget requests on licences, sizes and withdrawals by OAI-PMH, asks for the other
links that are due, and prints a report. A LIST is a file, an http(s) URL, - for stdin, or landmarks; without one, ` +
			`the lists of syncer.toml, else landmarks.`,
		Example: `  syncer sync --contact you@example.org
  syncer sync README.md refs.bib --contact you@example.org
  syncer sync --dry-run
  syncer sync --fail-on error          exit code 3 when an error is open, for CI`,
		RunE: func(cmd *cobra.Command, args []string) error {
			lists, err := a.readLists(cmd.Context(), args, format)
			if err != nil {
				return err
			}
			if err := checkOptions(o); err != nil {
				return err
			}
			if a.set.dryRun {
				return a.dryRun(cmd.Context(), lists, o)
			}
			report, err := a.wholeNight(cmd.Context(), lists, o)
			if err != nil {
				return err
			}
			return a.failOn(report.Open)
		},
	}
	addListFormat(cmd.Flags(), &format)
	o = newNightOptions(cmd.Flags())
	return cmd
}

// wholeNight is the nightly job with its report on stdout and, when all went well, the exports that the configuration
// names. What an incomplete night leaves is not exported: the files stay as the last good one left them.
func (a *app) wholeNight(ctx context.Context, lists []seeds.List, o *worker.Options) (*worker.Report, error) {
	report, err := a.runJob(ctx, lists, o)
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
