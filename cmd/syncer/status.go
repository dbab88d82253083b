package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"syncer/export"
	"syncer/storage"
	"syncer/worker"
)

func (a *app) statusCommand() *cobra.Command {
	limit := 5
	cmd := &cobra.Command{
		Use:   "status",
		Short: "The last runs, what is stored, and how old it is",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := a.openReader(cmd.Context())
			if err != nil {
				return err
			}
			defer db.Close()
			runs, err := db.Runs(cmd.Context(), limit)
			if err != nil {
				return err
			}
			if a.set.json {
				out := newJSONLines(a.stdout)
				for _, r := range runs {
					if err := out.write(export.RunObject(worker.ExportRun(r))); err != nil {
						return err
					}
				}
				return nil
			}
			status, err := db.Status(cmd.Context(), a.now())
			if err != nil {
				return err
			}
			a.printStatus(status, runs)
			return nil
		},
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "at most this many runs; 0 is all")
	return cmd
}

func (a *app) printStatus(s storage.Status, runs []storage.RunView) {
	fmt.Fprintf(a.stdout, "%s\n", a.paint(bold, fmt.Sprintf("%s (%.1f MB)", printable(a.set.db), float64(s.Bytes)/1e6)))
	fmt.Fprintf(a.stdout, "  %s, %s (%d with their text), %s of %s, %s\n", count(s.Papers, "paper"), count(s.Versions, "version"),
		s.VersionsWithText, count(s.Citations, "citation"), count(s.Lists, "list"), count(s.Links, "link"))
	if !s.OldestFetched.IsZero() {
		fmt.Fprintf(a.stdout, "  records last changed or first had between %s and %s\n", day(s.OldestFetched), day(s.NewestFetched))
	}
	if len(s.OpenFindings) == 0 {
		fmt.Fprintln(a.stdout, "  no open findings")
	} else {
		var open []string
		for _, kind := range slices.Sorted(maps.Keys(s.OpenFindings)) {
			open = append(open, fmt.Sprintf("%d %s", s.OpenFindings[kind], kind))
		}
		fmt.Fprintf(a.stdout, "  open findings: %s\n", strings.Join(open, ", "))
	}
	fmt.Fprintf(a.stdout, "\n%s\n", a.paint(bold, "Last runs"))
	for _, r := range runs {
		state := "done"
		switch {
		case r.Distrusted:
			state = "not believed: " + r.Error
		case r.Error != "":
			state = r.Error
		case r.EndedAt.IsZero():
			state = "going on"
		case !r.Complete:
			state = "incomplete"
		}
		took := ""
		if !r.EndedAt.IsZero() {
			took = " in " + r.EndedAt.Sub(r.StartedAt).Round(time.Second).String()
		}
		did := fmt.Sprintf("%s, %d changed", count(r.Papers, "paper"), r.Changed)
		if r.Links > 0 {
			did += fmt.Sprintf(", %s, %d broken", count(r.Links, "link"), r.Broken)
		}
		fmt.Fprintf(a.stdout, "  %-4d %s  %-6s %s%s: %s: %s\n", r.ID, r.StartedAt.Format("2006-01-02 15:04"), r.Kind,
			count(r.Requests, "request"), took, did, printable(state))
	}
	a.printDue(s.LastNight)
}

// printDue says when a nightly run is due, from the last good one.
func (a *app) printDue(last time.Time) {
	if last.IsZero() {
		fmt.Fprintln(a.stdout, "  due now: no good run among these")
		return
	}
	due := last.Add(24 * time.Hour)
	if due.After(a.now()) {
		fmt.Fprintf(a.stdout, "  next due %s UTC\n", due.Format("2006-01-02 15:04"))
		return
	}
	fmt.Fprintf(a.stdout, "  due since %s UTC: the last good run is %s old\n", due.Format("2006-01-02 15:04"),
		a.now().Sub(last).Round(time.Hour))
}
