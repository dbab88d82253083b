package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"syncer/storage"
	"syncer/worker"
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
				return usageError("a finding is ignored for a reason: --reason \"cited on purpose\"",
					"ignore finding: %s: no reason given", args[0])
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
			missing := usageError("syncer findings shows the keys, in brackets", "ignore finding: %s: no open finding has this key",
				args[0])
			return a.setFinding(cmd.Context(), finding{args[0], "ignore", false}, missing, func(w *worker.Worker) error {
				return w.Ignore(cmd.Context(), args[0], why, last)
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
			missing := usageError("syncer findings history shows what is ignored, with its keys",
				"report finding again: %s: no open finding with this key is ignored", args[0])
			return a.setFinding(cmd.Context(), finding{args[0], "unignore", true}, missing, func(w *worker.Worker) error {
				return w.Unignore(cmd.Context(), args[0])
			})
		},
	}
}

// finding is one that is to be changed: its key, what is done to it, and whether it must be an ignored one.
type finding struct {
	key, verb string
	ignored   bool
}

// setFinding changes one open finding, or says what it would change. missing is the error when there is none.
func (a *app) setFinding(ctx context.Context, f finding, missing error, set func(*worker.Worker) error) error {
	if a.set.dryRun {
		open, err := a.reader().IsOpen(ctx, f.key, f.ignored)
		if err != nil {
			return err
		}
		if !open {
			return missing
		}
		fmt.Fprintf(a.stdout, "would %s %s\n", f.verb, f.key)
		return nil
	}
	err := set(a.reader())
	if errors.Is(err, storage.ErrNoFinding) {
		return missing
	}
	if err == nil {
		fmt.Fprintf(a.stdout, "%sd %s\n", f.verb, f.key)
	}
	return err
}
