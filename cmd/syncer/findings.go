package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"syncer/enrich"
	"syncer/export"
	"syncer/storage"
	"syncer/worker"
)

func (a *app) findingsCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "findings [LIST...]",
		Short: "Open findings: what the lists have wrong, and what happened to their papers",
		Example: `  syncer findings
  syncer findings refs.bib --fail-on error
  syncer findings --format sarif >findings.sarif
  syncer findings ignore 3f2a9c01b7de --reason "cited on purpose" --until 2027-06-01
  syncer findings unignore 3f2a9c01b7de
  syncer findings history --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.listFindings(cmd, storage.FindingFilter{Lists: listNames(args)}, format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "", "write them as `F`: "+findingFormats())
	history := &cobra.Command{
		Use:   "history [LIST...]",
		Short: "Every finding ever, with the dates on which it was first seen and resolved",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.listFindings(cmd, storage.FindingFilter{Lists: listNames(args), History: true, WithIgnored: true}, "")
		},
	}
	cmd.AddCommand(history, a.ignoreCommand(), a.unignoreCommand())
	return cmd
}

// listNames are the lists of a command line; none means all.
func listNames(args []string) []string {
	if len(args) == 0 {
		return nil
	}
	return args
}

func (a *app) listFindings(cmd *cobra.Command, filter storage.FindingFilter, format string) error {
	if err := checkFindingFormat(format); err != nil {
		return err
	}
	db, err := a.openReader(cmd.Context())
	if err != nil {
		return err
	}
	defer db.Close()
	known, err := db.ListNames(cmd.Context())
	if err != nil {
		return err
	}
	for _, list := range filter.Lists {
		if !slices.Contains(known, list) {
			return usageError("the lists are: "+strings.Join(known, ", "), "read findings: %s: the list was never synced under this name",
				list)
		}
	}
	filter.Now = a.now()
	findings, err := db.Findings(cmd.Context(), filter)
	if err != nil {
		return err
	}
	if format != "" {
		plain := make([]enrich.Finding, len(findings))
		for i, f := range findings {
			plain[i] = f.Finding
		}
		if err := writeFindings(a.stdout, format, plain); err != nil {
			return fmt.Errorf("write findings: stdout: %w", err)
		}
		return a.failOn(findings)
	}
	out := newJSONLines(a.stdout)
	for _, f := range findings {
		if a.set.json {
			if err := out.write(export.FindingObject(worker.ExportFinding(f))); err != nil {
				return err
			}
			continue
		}
		if filter.History {
			a.printFinding(a.stdout, "", f.Finding)
			fmt.Fprintf(a.stdout, "    %s\n", findingDates(f))
			continue
		}
		f.Message += " [" + f.Key + "]" // as findings ignore takes it
		a.printFinding(a.stdout, "", f.Finding)
	}
	switch {
	case a.set.json || len(findings) > 0:
	case filter.History:
		fmt.Fprintln(a.stdout, "There never was a finding.")
	default:
		fmt.Fprintln(a.stdout, "No findings are open.")
	}
	if filter.History {
		return nil
	}
	return a.failOn(findings)
}

func findingDates(f storage.FindingView) string {
	text := "key " + f.Key + ", first seen " + day(f.FirstSeen)
	switch {
	case !f.ResolvedAt.IsZero():
		text += ", resolved " + day(f.ResolvedAt)
	case f.Ignored && f.IgnoredUntil.IsZero():
		text += ", ignored: " + printable(f.IgnoreReason)
	case f.Ignored:
		text += ", ignored until " + worker.ExportFinding(f).LastIgnoredDay() + ": " + printable(f.IgnoreReason)
	default:
		text += ", open"
	}
	return text
}

// printFinding prints like a compiler does, so that editors can jump to the place.
func (a *app) printFinding(w io.Writer, indent string, f enrich.Finding) {
	place := printable(f.List)
	if f.Line > 0 {
		place += fmt.Sprintf(":%d", f.Line)
	}
	if f.Line > 0 && f.Column > 0 {
		place += fmt.Sprintf(":%d", f.Column)
	}
	fmt.Fprintf(w, "%s%s: %s: %s: %s\n", indent, place, a.paint(severityColor(f.Severity), string(f.Severity)), f.Kind, printable(f.Message))
}

// failOn is exit code 3 when an open finding is of a kind or severity that --fail-on names.
func (a *app) failOn(findings []storage.FindingView) error {
	hits := 0
	for _, f := range findings {
		if f.Ignored || !f.ResolvedAt.IsZero() {
			continue
		}
		if worker.IsNamed(a.set.failOn, f.Kind, f.Severity) {
			hits++
		}
	}
	if hits == 0 {
		return nil
	}
	err := fmt.Errorf("findings: %s: %s of the kinds that --fail-on names", a.set.db, count(hits, "open finding"))
	return &exitError{exitFindings, err, ""}
}

// findingFormats are what --format takes for findings.
func findingFormats() string { return strings.Join(export.FindingFormats, ", ") }

func checkFindingFormat(format string) error {
	if format != "" && !slices.Contains(export.FindingFormats, format) {
		return usageError(findingFormats(), "read flags: --format: %q is not known", format)
	}
	return nil
}

// writeFindings writes findings for the programs that show them beside the text: code hosts, CI, editors.
func writeFindings(w io.Writer, format string, findings []enrich.Finding) error {
	return export.Annotations(w, format, "syncer", version(), findings)
}
