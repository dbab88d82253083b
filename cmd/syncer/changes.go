package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"syncer/enrich"
	"syncer/enrich/record"
	"syncer/export"
	"syncer/worker"
)

func (a *app) changesCommand() *cobra.Command {
	var since string
	limit := 0
	cmd := &cobra.Command{
		Use:   "changes [--since DATE|DURATION]",
		Short: "What changed at arXiv, newest first",
		Example: `  syncer changes --since 7d
  syncer changes --since 2026-11-01 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, err := parseSince(since, a.now())
			if err != nil {
				return err
			}
			db, err := a.openReader(cmd.Context())
			if err != nil {
				return err
			}
			defer db.Close()
			changes, err := db.Changes(cmd.Context(), from, limit)
			if err != nil {
				return err
			}
			out := newJSONLines(a.stdout)
			lastDay := ""
			for _, c := range changes {
				if a.set.json {
					if err := out.write(export.ChangeObject(worker.ExportChange(c))); err != nil {
						return err
					}
					continue
				}
				if d := c.At.Format("2006-01-02 15:04 UTC"); d != lastDay {
					fmt.Fprintln(a.stdout, a.paint(bold, d))
					lastDay = d
				}
				printChange(a.stdout, "  ", c.Change)
			}
			if len(changes) == 0 && !a.set.json {
				fmt.Fprintln(a.stdout, "No changes.")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&since, "since", "", "only changes since this `DATE` (2026-11-01, or RFC 3339) or within this DURATION (36h, 7d)")
	cmd.Flags().IntVar(&limit, "limit", 0, "at most this many; 0 is all")
	return cmd
}

// printChange is one change in words: short values on one line, long ones below each other.
func printChange(w io.Writer, indent string, c enrich.Change) {
	old, new := printable(c.Old), printable(c.New)
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
