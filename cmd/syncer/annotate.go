package main

import (
	"io"
	"slices"
	"strings"

	"syncer/enrich"
	"syncer/export"
)

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
