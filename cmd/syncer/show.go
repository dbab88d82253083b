package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"syncer/arxiv"
	"syncer/enrich/record"
	"syncer/export"
	"syncer/storage"
	"syncer/worker"
)

// parseID reads an identifier of the command line in any form that people write.
func parseID(arg string) (arxiv.ID, int, error) {
	if id, v, ok := arxiv.ParseURL(arg); ok {
		return id, v, nil
	}
	id, v, err := arxiv.Parse(arg)
	if err != nil {
		return "", 0, usageError("such as 1706.03762, hep-th/9901001v2 or https://arxiv.org/abs/1706.03762", "read identifier: %s: %w",
			printable(arg), err)
	}
	return id, v, nil
}

func (a *app) showCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "One paper: the current record, every version, what changed between them, where it is cited",
		Example: `  syncer show 2407.21783
  syncer show https://arxiv.org/abs/hep-th/9901001
  syncer show 1706.03762 --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, _, err := parseID(args[0])
			if err != nil {
				return err
			}
			db, err := a.openReader(cmd.Context())
			if err != nil {
				return err
			}
			defer db.Close()
			paper, err := db.Paper(cmd.Context(), id)
			if errors.Is(err, storage.ErrNoPaper) {
				return usageError("syncer sync stores the papers of a list; only those can be shown", "show: %s: not in %s", id, a.set.db)
			}
			if err != nil {
				return err
			}
			if a.set.json {
				return newJSONLines(a.stdout).write(export.PaperObject(worker.ExportPaper(paper)))
			}
			findings, err := db.Findings(cmd.Context(), storage.FindingFilter{Now: a.now()})
			if err != nil {
				return err
			}
			a.printPaper(a.stdout, paper, findings)
			return nil
		},
	}
}

func (a *app) printPaper(w io.Writer, p storage.PaperView, findings []storage.FindingView) {
	fmt.Fprintf(w, "%s  %s\n", a.paint(bold, p.ID.Versioned(p.Version)), a.paint(bold, printable(p.Title)))
	fmt.Fprintf(w, "%s\n", printable(authorLine(p.Authors, 12)))
	row := func(label, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-12s %s\n", label, printable(value))
		}
	}
	row("state", stateOf(p.Paper))
	row("categories", categoryLine(p.Paper))
	row("comment", p.Comment)
	row("journal", p.JournalRef)
	row("doi", strings.Join(p.DOIs, ", "))
	row("licence", licenceOf(p.License))
	row("submitter", p.Submitter)
	row("link", p.ID.URL(0))
	row("fetched", day(p.FetchedAt))
	fmt.Fprintf(w, "\n%s\n", shorten(printable(p.Abstract), 2000))

	fmt.Fprintf(w, "\n%s\n", a.paint(bold, "Versions"))
	for _, v := range p.Versions {
		fmt.Fprintf(w, "  v%-3d %s%s\n", v.Number, day(v.Submitted), versionRemarks(v))
	}
	if diffs := record.DiffVersions(p.Paper); len(diffs) > 0 {
		fmt.Fprintf(w, "\n%s\n", a.paint(bold, "What changed between them"))
		for _, d := range diffs {
			fmt.Fprintf(w, "  %s\n", versionDiffText(d))
		}
	}
	if len(p.Citations) > 0 {
		fmt.Fprintf(w, "\n%s\n", a.paint(bold, "Cited"))
		for _, c := range p.Citations {
			fmt.Fprintf(w, "  %s:%d%s\n", printable(c.List), c.Line, claimText(c))
		}
	}
	heading := true
	for _, f := range findings {
		if f.Subject != string(p.ID) {
			continue
		}
		if heading {
			fmt.Fprintf(w, "\n%s\n", a.paint(bold, "Findings"))
			heading = false
		}
		a.printFinding(w, "  ", f.Finding)
	}
}

// authorLine names at most n authors.
func authorLine(authors []arxiv.Author, n int) string {
	names := make([]string, 0, n)
	for _, author := range authors[:min(n, len(authors))] {
		names = append(names, author.Name)
	}
	line := strings.Join(names, ", ")
	if unnamed := len(authors) - n; unnamed > 0 {
		line += fmt.Sprintf(" and %d more", unnamed)
	}
	return line
}

func stateOf(p arxiv.Paper) string {
	switch {
	case !p.Disappeared.IsZero():
		return "disappeared: arXiv does not know it since " + day(p.Disappeared)
	case p.Withdrawn:
		return "withdrawn"
	}
	return ""
}

func categoryLine(p arxiv.Paper) string {
	names := make([]string, len(p.Categories))
	for i, code := range p.Categories {
		names[i] = code
		if category, ok := arxiv.LookupCategory(code); ok && i == 0 {
			names[i] += " (" + category.Name + ")"
		}
	}
	return strings.Join(names, ", ")
}

func licenceOf(url string) string {
	if name := arxiv.LicenseName(url); name != "" {
		return name
	}
	return url
}

func versionRemarks(v arxiv.Version) string {
	var remarks []string
	if v.SizeKB >= 0 {
		remarks = append(remarks, fmt.Sprintf("%d kB", v.SizeKB))
	}
	if v.Withdrawn {
		remarks = append(remarks, "withdrawn")
	}
	if !v.HasText {
		remarks = append(remarks, "text not held")
	}
	if v.Comment != "" {
		remarks = append(remarks, shorten(printable(v.Comment), 80))
	}
	if len(remarks) == 0 {
		return ""
	}
	return "  " + strings.Join(remarks, ", ")
}

func claimText(c storage.CitationView) string {
	var parts []string
	if c.Claim.FirstAuthor != "" {
		parts = append(parts, c.Claim.FirstAuthor)
	}
	if c.Claim.Year != 0 {
		parts = append(parts, fmt.Sprint(c.Claim.Year))
	}
	if c.Claim.Title != "" {
		parts = append(parts, c.Claim.Title)
	}
	if len(parts) == 0 {
		return ""
	}
	return "  as " + printable(strings.Join(parts, ", "))
}
