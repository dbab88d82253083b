package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"syncer/storage"
)

// runJSON is the contract's shape of a run.
type runJSON struct {
	Type       string `json:"type,omitempty"`
	Run        int64  `json:"run,omitempty"`
	Kind       string `json:"kind"`
	StartedAt  string `json:"started_at"`
	EndedAt    string `json:"ended_at,omitempty"`
	Requests   int    `json:"requests"`
	Papers     int    `json:"papers"`
	Changed    int    `json:"changed"`
	Links      int    `json:"links"`
	Broken     int    `json:"broken"`
	Distrusted bool   `json:"distrusted"`
	Error      string `json:"error,omitempty"`
}

func runToJSON(r storage.RunView) runJSON {
	return runJSON{Run: r.ID, Kind: r.Kind, StartedAt: stamp(r.StartedAt), EndedAt: stamp(r.EndedAt), Requests: r.Requests, Papers: r.Papers,
		Changed: r.Changed, Links: r.Links, Broken: r.Broken, Distrusted: r.Distrusted, Error: r.Error}
}

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
					if err := out.write(runToJSON(r)); err != nil {
						return err
					}
				}
				return nil
			}
			status, err := db.Status(cmd.Context())
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
	fmt.Fprintf(a.stdout, "%s\n", a.paint(bold, fmt.Sprintf("%s (%.1f MB)", clean(a.set.db), float64(s.Bytes)/1e6)))
	fmt.Fprintf(a.stdout, "  %s, %s (%d with their text), %s of %s, %s\n", count(s.Papers, "paper"), count(s.Versions, "version"), s.VersionsWithText,
		count(s.Citations, "citation"), count(s.Lists, "list"), count(s.Links, "link"))
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
			count(r.Requests, "request"), took, did, clean(state))
	}
	a.printDue(runs)
}

// printDue says when a nightly run is due, from the last good one.
func (a *app) printDue(runs []storage.RunView) {
	for _, r := range runs {
		if r.Complete && r.Kind == "sync" {
			due := r.StartedAt.Add(24 * time.Hour)
			if due.After(a.now()) {
				fmt.Fprintf(a.stdout, "  next due %s UTC\n", due.Format("2006-01-02 15:04"))
			} else {
				fmt.Fprintf(a.stdout, "  due since %s UTC: the last good run is %s old\n", due.Format("2006-01-02 15:04"), a.now().Sub(r.StartedAt).Round(time.Hour))
			}
			return
		}
	}
	fmt.Fprintln(a.stdout, "  due now: no good run among these")
}

// backupJSON is a copy that was made.
type backupJSON struct {
	File  string `json:"file"`
	Bytes int64  `json:"bytes"`
}

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "backup FILE",
		Short:   "A consistent copy of the database while others use it",
		Example: `  syncer backup syncer-$(date +%F).db`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := os.Lstat(args[0]); err == nil {
				return usageError("name another file, or remove it first", "backup: %s: exists already", args[0])
			}
			db, err := a.openReader(cmd.Context())
			if err != nil {
				return err
			}
			defer db.Close()
			if a.set.dryRun {
				_, err := fmt.Fprintf(a.stdout, "would write %s\n", clean(args[0]))
				return err
			}
			if err := db.Backup(cmd.Context(), args[0]); err != nil {
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return fmt.Errorf("backup: %w", err)
			}
			if a.set.json {
				return newJSONLines(a.stdout).write(backupJSON{args[0], info.Size()})
			}
			fmt.Fprintf(a.stdout, "%s: %.1f MB\n", args[0], float64(info.Size())/1e6)
			return nil
		},
	}
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "The version of this program",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.set.json {
				return newJSONLines(a.stdout).write(map[string]string{"version": version()})
			}
			_, err := fmt.Fprintf(a.stdout, "syncer %s\n", version())
			return err
		},
	}
}
