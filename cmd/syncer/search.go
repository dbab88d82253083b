package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"syncer/export"
	"syncer/worker"
)

func (a *app) searchCommand() *cobra.Command {
	limit := 20
	cmd := &cobra.Command{
		Use:   "search QUERY...",
		Short: "Full-text search over titles, authors and abstracts of what is stored",
		Example: `  syncer search mixture of experts
  syncer search touvron llama*           a star at the end of a word finds all that begin so`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := a.openReader(cmd.Context())
			if err != nil {
				return err
			}
			defer db.Close()
			papers, err := db.Search(cmd.Context(), strings.Join(args, " "), limit)
			if err != nil {
				return err
			}
			out := newJSONLines(a.stdout)
			for _, p := range papers {
				if a.set.json {
					if err := out.write(export.PaperObject(worker.ExportPaper(p))); err != nil {
						return err
					}
					continue
				}
				fmt.Fprintf(a.stdout, "%-16s %s  %s\n%18s%s\n", p.ID, day(p.Published)[:4], shorten(printable(p.Title), 100), "",
					shorten(printable(authorLine(p.Authors, 3)), 100))
			}
			if len(papers) == 0 && !a.set.json {
				fmt.Fprintln(a.stdout, "Nothing found.")
			}
			return nil
		},
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "at most this many papers; 0 is all")
	return cmd
}
