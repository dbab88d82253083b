package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

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
				_, err := fmt.Fprintf(a.stdout, "would write %s\n", printable(args[0]))
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
