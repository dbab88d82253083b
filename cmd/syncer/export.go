package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"syncer/export"
	"syncer/internal/atomicfile"
	"syncer/storage"
	"syncer/worker"
)

// exportFlags are what a person may say about an export, on the command line or in the configuration.
type exportFlags struct {
	outputs          []string
	format, template string
	list, since      string
	categories, ids  []string
	onlyChanged      bool
	delimiter, year  string
}

func addExportFlags(f *pflag.FlagSet, e *exportFlags) {
	f.StringVar(&e.format, "format", "",
		"`FORMAT`: "+strings.Join(formatNames(), ", ")+" (default: told by the suffix of -o; jsonl on stdout)")
	f.StringArrayVarP(&e.outputs, "output", "o", nil,
		"write to `FILE`, replaced in one step and left alone when nothing changed; may be given several times")
	f.StringVar(&e.list, "list", "", "only the papers that this `LIST` cites, by its own citation keys")
	f.StringVar(&e.since, "since", "",
		"only papers new or changed since this `DATE` (2026-11-01, or RFC 3339) or within this DURATION (36h, 7d)")
	f.StringSliceVar(
		&e.categories,
		"category",
		nil,
		"only papers of this `CATEGORY` (cs.CL; cs is all of them); may be given several times",
	)
	f.StringSliceVar(&e.ids, "id", nil, "only the paper with this `ID`; may be given several times")
	f.BoolVar(&e.onlyChanged, "only-changed", false, "only papers that arXiv changed since --since, or in the last run")
	f.StringVar(&e.delimiter, "delimiter", "", "`CHARACTER` between the fields of a CSV line (default: a comma)")
	f.StringVar(&e.year, "year", "first", "date preprints by their `first` or latest version")
	f.StringVar(&e.template, "template", "", "write what this text/template `FILE` makes of the papers")
}

func formatNames() []string {
	var names []string
	for _, f := range export.Formats() {
		names = append(names, f.Name)
	}
	return names
}

func (a *app) exportCommand() *cobra.Command {
	var flags exportFlags
	cmd := &cobra.Command{
		Use:   "export [--format F] [-o FILE]...",
		Short: "Write refreshed metadata in the formats that other tools read",
		Long: `export writes every stored paper, or those that the filters leave, in the order of their identifiers. Several -o are
written from one consistent snapshot. A file is replaced in one step, and left alone when nothing changed. Citation keys are
made once and kept for ever; those of your own .bib files win.

A --template is a text/template of Go: {{range .Papers}}{{.ID}} {{.Title}}{{"\n"}}{{end}}. Each paper has the fields Key, ID,
Version, Title, Authors (each with Name), Abstract, PrimaryCategory, Categories, Comment, JournalRef, DOIs, Published,
Submitted, Withdrawn, Versions, Lists, Links and Findings; functions are tex, csv, json, join and date.`,
		Example: `  syncer export > papers.jsonl
  syncer export -o papers.bib -o papers.csl.json -o papers.csv
  syncer export --list refs.bib --format biblatex -o refreshed.bib
  syncer export --category cs.CL --since 7d -o new.ris
  syncer export --template links.tmpl -o links.txt`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			job, err := a.exportJob(flags)
			if err != nil {
				return err
			}
			return a.export(cmd.Context(), job)
		},
	}
	addExportFlags(cmd.Flags(), &flags)
	return cmd
}

// exportJob is an export that was checked as far as it can be before anything is opened.
type exportJob struct {
	outputs []output
	filter  storage.PaperFilter
	options export.Options
}

type output struct {
	path   string
	format export.Format
}

// stdoutName is the path that means standard output.
const stdoutName = "-"

func (a *app) exportJob(f exportFlags) (exportJob, error) {
	job := exportJob{filter: storage.PaperFilter{List: f.list, Changed: f.onlyChanged, Categories: f.categories}}
	var err error
	if job.filter.Since, err = parseSince(f.since, a.now()); err != nil {
		return job, err
	}
	for _, text := range f.ids {
		id, _, err := parseID(text)
		if err != nil {
			return job, err
		}
		job.filter.IDs = append(job.filter.IDs, id)
	}
	switch f.year {
	case "first":
	case "latest":
		job.options.Year = export.YearOfLatest
	default:
		return job, usageError("first or latest", "read flags: --year: %q is not known", f.year)
	}
	if job.options.Delimiter, err = parseDelimiter(f.delimiter); err != nil {
		return job, err
	}
	job.outputs, err = readOutputs(f)
	return job, err
}

// parseDelimiter reads one character, a tab also by its name.
func parseDelimiter(text string) (rune, error) {
	if text == "tab" || text == `\t` {
		return '\t', nil
	}
	r, n := utf8.DecodeRuneInString(text)
	if n < len(text) || strings.ContainsRune("\"\r\n\ufffd", r) && text != "" {
		return 0, usageError(`one character such as ";", or tab`, "read flags: --delimiter: %q cannot divide fields", text)
	}
	if text == "" {
		return 0, nil
	}
	return r, nil
}

// readOutputs gives each output its format: the one asked for, else the one that the file's suffix tells.
func readOutputs(f exportFlags) ([]output, error) {
	format, known := export.FormatNamed(f.format)
	if f.template != "" {
		if f.format != "" {
			return nil, usageError("a template is a format of its own", "read flags: --template and --format exclude each other")
		}
		text, err := os.ReadFile(f.template)
		if err != nil {
			return nil, usageError("", "read template: %s: %w", f.template, withoutPath(err))
		}
		if format, err = export.Template(f.template, string(text)); err != nil {
			return nil, usageError("", "read template: %s", strings.TrimPrefix(err.Error(), "template: "))
		}
		known = true
	} else if f.format != "" && !known {
		return nil, usageError(strings.Join(formatNames(), ", "), "read flags: --format: %q is not known", f.format)
	}
	if len(f.outputs) == 0 {
		f.outputs = []string{stdoutName}
	}
	var outputs []output
	for _, path := range f.outputs {
		o := output{path: path, format: format}
		if told, ok := export.FormatOf(path); !known && ok {
			o.format = told
		} else if !known && path == stdoutName {
			o.format, _ = export.FormatNamed("jsonl")
		} else if !known {
			return nil, usageError("name one with --format: "+strings.Join(formatNames(), ", "),
				"read flags: -o %q: the suffix tells no format", path)
		}
		if slices.ContainsFunc(outputs, func(other output) bool { return finalPath(other.path) == finalPath(path) }) {
			return nil, usageError("", "read flags: -o %s: named twice", path)
		}
		outputs = append(outputs, o)
	}
	return outputs, nil
}

// finalPath is the file that a path leads to, so that one file is known by all its names.
func finalPath(path string) string {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	return path
}

// export writes all outputs of a job from one snapshot. A failing one does not stop the others; the first error is told.
func (a *app) export(ctx context.Context, job exportJob) error {
	pins := !a.set.dryRun && slices.ContainsFunc(job.outputs, func(o output) bool { return o.format.Keys })
	return a.reader().Export(ctx, worker.ExportJob{Filter: job.filter, Keys: pins}, func(stored worker.Exported) error {
		if err := checkOutputs(stored.Lists, job.outputs); err != nil {
			return err
		}
		job.options.Taken = stored.Taken
		var failed []error
		for _, o := range job.outputs {
			err := a.exportTo(o, stored.Source, job.options)
			if errors.Is(err, context.Canceled) {
				return err
			}
			failed = append(failed, err)
		}
		return errors.Join(failed...)
	})
}

// checkOutputs refuses to write over a list: what it has besides papers of arXiv would be lost.
func checkOutputs(lists []string, outputs []output) error {
	for _, o := range outputs {
		isList := func(list string) bool { return finalPath(list) == finalPath(o.path) }
		if o.path != stdoutName && slices.ContainsFunc(lists, isList) {
			return usageError("name another file; syncer fix --write corrects a list in place",
				"export: %s: is a list that sync reads", o.path)
		}
	}
	return nil
}

// absentHint says where what an export's filter names would come from.
func absentHint(e *worker.AbsentError) string {
	switch e.What {
	case "list":
		return "lists go by the names that sync was given: " + strings.Join(e.Lists, ", ")
	case "paper":
		return "a list that cites it, given to syncer sync, brings it in"
	}
	return "codes are such as cs.CL, or cs for all of them"
}

func (a *app) exportTo(o output, source export.Source, options export.Options) error {
	if o.path == stdoutName {
		if err := o.format.Write(a.stdout, source, options); err != nil {
			return fmt.Errorf("export: standard output: %w", withoutPath(err))
		}
		return nil
	}
	if a.set.dryRun {
		fmt.Fprintf(a.stderr, "%s: would be written\n", printable(o.path))
		return nil
	}
	changed, err := atomicfile.Write(o.path, func(w io.Writer) error { return o.format.Write(w, source, options) })
	if err != nil {
		return fmt.Errorf("export: %s: %w", o.path, withoutPath(err))
	}
	if !a.set.quiet {
		fmt.Fprintf(a.stderr, "%s: %s\n", o.path, map[bool]string{true: "written", false: "unchanged"}[changed])
	}
	return nil
}
