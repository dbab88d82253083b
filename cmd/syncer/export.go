package main

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/spf13/cobra"

	"syncer/export"
	"syncer/internal/atomicfile"
	"syncer/storage"
)

func (a *app) exportCommand() *cobra.Command {
	var format, output, list string
	cmd := &cobra.Command{
		Use:   "export [--format jsonl] [-o FILE]",
		Short: "Write refreshed metadata: every stored paper with all its versions",
		Example: `  syncer export > papers.jsonl
  syncer export --list README.md -o papers.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "jsonl" {
				return usageError("jsonl", "read flags: --format: %q is not known", format)
			}
			db, err := a.openReader(cmd.Context())
			if err != nil {
				return err
			}
			defer db.Close()
			papers := exportPapers(cmd.Context(), db, storage.PaperFilter{List: list})
			if output == "" || output == "-" {
				return export.JSONLines(a.stdout, papers)
			}
			changed, err := atomicfile.Write(output, func(w io.Writer) error { return export.JSONLines(w, papers) })
			if err != nil {
				return fmt.Errorf("export: %s: %w", output, err)
			}
			if !changed && !a.set.quiet {
				fmt.Fprintf(a.stderr, "%s: unchanged\n", output)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "jsonl", "`FORMAT`: jsonl (one JSON object a line)")
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to `FILE`, replaced in one step (default: stdout)")
	cmd.Flags().StringVar(&list, "list", "", "only the papers that this `LIST` cites")
	return cmd
}

// exportPapers is the store's papers as the export writers take them.
func exportPapers(ctx context.Context, db *storage.DB, filter storage.PaperFilter) iter.Seq2[export.Paper, error] {
	return func(yield func(export.Paper, error) bool) {
		for view, err := range db.Papers(ctx, filter) {
			if !yield(exportPaper(view), err) || err != nil {
				return
			}
		}
	}
}

func exportPaper(view storage.PaperView) export.Paper {
	p := export.Paper{Paper: view.Paper, Lists: view.Lists, Findings: view.Findings}
	for _, link := range view.Links {
		p.Links = append(p.Links, export.Link{URL: link.URL, Verdict: link.Verdict, Since: link.Since})
	}
	return p
}
