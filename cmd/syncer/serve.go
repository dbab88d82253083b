package main

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/spf13/cobra"

	"syncer/worker"
)

// defaultSchedule is 04:30 UTC: OAI-PMH is updated about 22:30 US Eastern time, after the announcement at 20:00
// (info.arxiv.org/help/oa, info.arxiv.org/help/availability), which is 02:30 or 03:30 UTC, so a job at midnight UTC would always
// be a day behind.
const defaultSchedule = "30 4 * * *"

// overdue is how old the last good run may be before serve catches up at its start.
const overdue = 24 * time.Hour

func (a *app) serveCommand() *cobra.Command {
	var schedule, format string
	var o *worker.Options
	cmd := &cobra.Command{
		Use:   "serve [--schedule CRON] [LIST...]",
		Short: "Stay, and run the nightly job on a schedule",
		Long: `serve runs sync on a cron schedule (UTC unless the schedule begins with CRON_TZ=Zone), skips a run while the one
before is still going, catches up at its start when the last good run is older than a day, and stops on SIGTERM after the
request under way.`,
		Example: `  syncer serve --contact you@example.org
  syncer serve README.md --schedule "0 6 * * 1-5"
  syncer serve --schedule "CRON_TZ=Europe/Berlin 30 6 * * *"`,
		RunE: func(cmd *cobra.Command, args []string) error {
			timetable, err := parseSchedule(schedule, a.now())
			if err == nil {
				err = checkOptions(o)
			}
			if err != nil {
				return err
			}
			if localHazard(schedule) {
				a.log.Warn("local times between 00:00 and 03:59 are skipped or doubled when clocks change; UTC never is", "schedule",
					schedule)
			}
			lists, err := a.readLists(cmd.Context(), args, format)
			if err != nil {
				return err
			}
			if a.set.dryRun {
				return a.dryRun(cmd.Context(), lists, o)
			}
			return a.serve(cmd.Context(), timetable, func(ctx context.Context) error {
				lists, err := a.readLists(ctx, args, format)
				if err != nil {
					return err
				}
				_, err = a.wholeNight(ctx, lists, o)
				return err
			})
		},
	}
	addListFormat(cmd.Flags(), &format)
	cmd.Flags().StringVar(&schedule, "schedule", defaultSchedule, "`CRON` expression: minute hour day month weekday")
	o = newNightOptions(cmd.Flags())
	return cmd
}

// serve runs job on the timetable until ctx ends, then waits for the job under way: it hears the same context and ends
// at its next safe place.
func (a *app) serve(ctx context.Context, timetable cron.Schedule, job func(context.Context) error) error {
	var running atomic.Bool
	once := func() {
		if !running.CompareAndSwap(false, true) {
			a.log.Warn("the run before is still going; this one is skipped")
			return
		}
		defer running.Store(false)
		if err := job(ctx); err != nil && ctx.Err() == nil {
			// A failed night is told and survived: the next one may succeed.
			fmt.Fprintf(a.stderr, "syncer: %s\n", firstLine(err.Error()))
		}
		if ctx.Err() == nil {
			a.sayNext(timetable)
		}
	}
	scheduler := cron.New(cron.WithLocation(time.UTC), cron.WithChain(cron.Recover(cron.DefaultLogger)))
	scheduler.Schedule(timetable, cron.FuncJob(once))
	due, err := a.isOverdue(ctx)
	if err != nil {
		return err
	}
	scheduler.Start()
	if due {
		once()
	} else {
		a.sayNext(timetable)
	}
	<-ctx.Done()
	<-scheduler.Stop().Done()
	if !a.set.quiet {
		fmt.Fprintln(a.stderr, "syncer: stopped")
	}
	return nil
}

func (a *app) sayNext(timetable cron.Schedule) {
	if !a.set.quiet {
		fmt.Fprintf(a.stderr, "syncer: next run at %s UTC\n", timetable.Next(a.now().UTC()).Format("2006-01-02 15:04"))
	}
}

// isOverdue says whether the last good run is older than a day, or there is none. cron itself never catches up.
func (a *app) isOverdue(ctx context.Context) (bool, error) {
	last, err := a.reader().LastNight(ctx)
	return last.IsZero() || a.now().Sub(last) > overdue, err
}

// parseSchedule reads a cron expression and refuses one that never fires. The parser panics on some malformed time zones
// (robfig/cron v3.0.1 on "TZ=UTC" without fields), hence the recover.
func parseSchedule(spec string, now time.Time) (timetable cron.Schedule, err error) {
	hint := `five fields: minute hour day month weekday, for example "30 4 * * *"`
	defer func() {
		if recover() != nil {
			timetable, err = nil, usageError(hint, "read flags: --schedule: %q is no cron expression", spec)
		}
	}()
	timetable, err = cron.ParseStandard(spec)
	if err != nil {
		return nil, usageError(hint, "read flags: --schedule: %q: %w", spec, err)
	}
	if !hasZone(spec) {
		// ParseStandard gives schedules without a zone the local one; ours are UTC.
		if s, ok := timetable.(*cron.SpecSchedule); ok {
			s.Location = time.UTC
		}
	}
	if timetable.Next(now).IsZero() {
		return nil, usageError("the 31st of February, for example, does not exist", "read flags: --schedule: %q never comes", spec)
	}
	return timetable, nil
}

func hasZone(spec string) bool {
	return strings.HasPrefix(spec, "CRON_TZ=") || strings.HasPrefix(spec, "TZ=")
}

// localHazard says whether a schedule is in a local time zone and in the hours in which clocks are changed.
func localHazard(spec string) bool {
	fields := strings.Fields(spec)
	if !hasZone(spec) || len(fields) < 3 || strings.HasSuffix(fields[0], "=UTC") {
		return false
	}
	var hour int
	_, err := fmt.Sscanf(fields[2], "%d", &hour)
	return err != nil || hour <= 3
}
