package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"syncer/seeds"
	"syncer/storage"
)

func (a *app) ignoreCommand() *cobra.Command {
	var why, until string
	cmd := &cobra.Command{
		Use:     "ignore KEY --reason R [--until DATE]",
		Short:   "Stop reporting one finding, with a reason and, if wanted, a last day",
		Example: `  syncer findings ignore 3f2a9c01b7de --reason "cited on purpose" --until 2027-06-01`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if why == "" {
				return usageError("a finding is ignored for a reason: --reason \"cited on purpose\"", "ignore finding: %s: no reason given", args[0])
			}
			var last time.Time
			if until != "" {
				var err error
				if last, err = time.Parse(time.DateOnly, until); err != nil {
					return usageError("a date such as 2027-06-01", "read flags: --until: %q is no date", until)
				}
				last = last.AddDate(0, 0, 1)
				if !last.After(a.now()) {
					return usageError("a date to come", "read flags: --until: %s is past", until)
				}
			}
			missing := usageError("syncer findings shows the keys, in brackets", "ignore finding: %s: no open finding has this key", args[0])
			return a.setFinding(cmd.Context(), args[0], "ignore", missing, func(storage.FindingView) bool { return true }, func(db *storage.DB) error {
				return db.Ignore(cmd.Context(), args[0], why, last, a.now())
			})
		},
	}
	cmd.Flags().StringVar(&why, "reason", "", "why (needed)")
	cmd.Flags().StringVar(&until, "until", "", "last `DATE` on which it is ignored (default: for ever)")
	return cmd
}

func (a *app) unignoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "unignore KEY",
		Short:   "Report a finding again that was ignored",
		Example: "  syncer findings unignore 3f2a9c01b7de",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			missing := usageError("syncer findings history shows what is ignored, with its keys", "report finding again: %s: no open finding with this key is ignored", args[0])
			return a.setFinding(cmd.Context(), args[0], "unignore", missing, func(f storage.FindingView) bool { return f.Ignored }, func(db *storage.DB) error {
				return db.Unignore(cmd.Context(), args[0])
			})
		},
	}
}

// setFinding changes one open finding, or says what it would change. missing is the error when there is none.
func (a *app) setFinding(ctx context.Context, key, verb string, missing error, fits func(storage.FindingView) bool, set func(*storage.DB) error) error {
	if a.set.dryRun {
		db, err := a.openReader(ctx)
		if err != nil {
			return err
		}
		defer db.Close()
		open, err := db.Findings(ctx, storage.FindingFilter{WithIgnored: true, Now: a.now()})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(open, func(f storage.FindingView) bool { return f.Key == key && fits(f) }) {
			return missing
		}
		fmt.Fprintf(a.stdout, "would %s %s\n", verb, key)
		return nil
	}
	db, err := storage.Open(ctx, a.set.db)
	if err != nil {
		return err
	}
	defer db.Close()
	err = set(db)
	if errors.Is(err, storage.ErrNoFinding) {
		return missing
	}
	if err == nil {
		fmt.Fprintf(a.stdout, "%sd %s\n", verb, key)
	}
	return err
}

// warnOfMarks tells of syncer-ignore comments that name no kind of finding: they would say nothing, and nobody would know.
func (a *app) warnOfMarks(list seeds.List) {
	told := map[int]bool{}
	look := func(line int, kinds []string) {
		known := func(kind string) bool { return kind == seeds.IgnoreAll || slices.Contains(findingKinds(), kind) }
		if len(kinds) == 0 || told[line] || slices.ContainsFunc(kinds, known) {
			return
		}
		told[line] = true
		a.log.Warn("syncer-ignore names no kind of finding: nothing is ignored", "list", list.Name, "line", line, "named", kinds[0])
	}
	for _, c := range list.Citations {
		look(c.Line, c.Ignored)
	}
	for _, l := range list.Links {
		look(l.Line, l.Ignored)
	}
	for _, l := range list.PaperLinks {
		look(l.Line, l.Ignored)
	}
}
