package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"syncer/enrich"
	"syncer/internal/atomicfile"
	"syncer/seeds"
	"syncer/storage"
)

// fixOptions are the flags of fix.
type fixOptions struct {
	format              string
	only                []string
	write               bool
	published, complete bool
}

// fixKinds are what --only takes.
var fixKinds = []string{"wrong-paper", "unknown-id", "title-differs", "title-changed", "author-differs", "year-differs", "published", enrich.KindLinkForm, enrich.KindComplete}

func (a *app) fixCommand() *cobra.Command {
	var o fixOptions
	cmd := &cobra.Command{
		Use:   "fix FILE... [--write]",
		Short: "The corrected list: a unified diff on stdout, or written in place",
		Long: `fix compares the lists with what is stored (run syncer sync FILE first) and prints a unified diff that git apply and
patch take. Only what is certain is edited: a wrong identifier whose right one is known, the differing words of a title,
a first author who is not on the paper, a year that no version has, old forms of links to arXiv. Every other byte stays.
What is not certain follows the diff as notes (# …). Nothing is asked of arXiv.

The kinds for --only: ` + strings.Join(fixKinds, ", ") + `.`,
		Example: `  syncer fix README.md
  syncer fix README.md | git apply
  syncer fix refs.bib --published --complete --write
  syncer fix README.md --only link-form,wrong-paper`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, kind := range o.only {
				if !slices.Contains(fixKinds, kind) {
					return usageError(strings.Join(fixKinds, ", "), "read flags: --only: %q is no kind of correction", kind)
				}
			}
			return a.fix(cmd.Context(), args, o)
		},
	}
	addListFormat(cmd.Flags(), &o.format)
	cmd.Flags().StringSliceVar(&o.only, "only", nil, "make only corrections of these `KINDS`")
	cmd.Flags().BoolVar(&o.write, "write", false, "write the files in place instead of printing a diff")
	cmd.Flags().BoolVar(&o.published, "published", false, "add the DOI of published papers to .bib entries")
	cmd.Flags().BoolVar(&o.complete, "complete", false, "fill in .bib entries: eprint, archivePrefix, primaryClass, the authors that \"others\" stands for")
	return cmd
}

// fixed is one file with its corrections.
type fixed struct {
	path           string
	before, after  []byte
	corrections    []enrich.Correction
	unknown, cited int // papers that the store has never asked for, of all
}

func (a *app) fix(ctx context.Context, paths []string, o fixOptions) error {
	format, ok := listFormats[o.format]
	if !ok {
		return usageError("markdown, bibtex, html, latex, csv or plain", "read flags: --list-format: %q is not known", o.format)
	}
	db, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	var files []fixed
	for _, path := range paths {
		if path == landmarks || path == "-" || strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://") {
			return usageError("save it to a file first", "fix list: %s: only a file can be corrected", path)
		}
		file, err := a.fixFile(ctx, db, path, format, o)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	for _, file := range files {
		if o.write && !bytes.Equal(file.before, file.after) {
			if err := writeFixed(file); err != nil {
				return err
			}
		}
		if err := a.printFixed(file, o.write); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) fixFile(ctx context.Context, db *storage.DB, path string, format seeds.Format, o fixOptions) (fixed, error) {
	src, err := a.readSource(ctx, path)
	if err != nil {
		return fixed{}, err
	}
	list, err := seeds.Read(path, format, src)
	if err != nil {
		return fixed{}, usageError("syncer seeds FILE shows what is found; --list-format overrides the guess", "read list: %s: %w", path, err)
	}
	checked, err := db.Check(ctx, list, a.now())
	if err != nil {
		return fixed{}, err
	}
	file := fixed{path: path, before: src, cited: len(checked)}
	for _, c := range checked {
		if !c.Asked {
			file.unknown++
		}
		corrections := enrich.Correct(src, list.Format, c.Citation, c.Paper, c.Findings)
		if c.Paper != nil && list.Format == seeds.BibTeX && !hasKind(c.Findings, enrich.KindWrongPaper) {
			if o.published {
				corrections = append(corrections, enrich.AddDOI(src, c.Citation, c.Paper)...)
			}
			if o.complete {
				corrections = append(corrections, enrich.CompleteEntry(src, c.Citation, c.Paper, correctsAuthor(corrections))...)
			}
		}
		for _, correction := range corrections {
			if len(o.only) == 0 || slices.Contains(o.only, correction.Kind) {
				file.corrections = append(file.corrections, correction)
			}
		}
	}
	var edits []seeds.Edit
	for _, correction := range file.corrections {
		edits = append(edits, correction.Edits...)
	}
	if file.after, err = seeds.Apply(src, edits); err != nil {
		return fixed{}, fmt.Errorf("fix list: %s: %w", path, err)
	}
	return file, nil
}

// correctsAuthor says whether the first author is put right by one of the corrections.
func correctsAuthor(corrections []enrich.Correction) bool {
	return slices.ContainsFunc(corrections, func(c enrich.Correction) bool { return c.Kind == enrich.KindAuthorDiffers && c.Certain() })
}

func hasKind(findings []enrich.Finding, kind string) bool {
	return slices.ContainsFunc(findings, func(f enrich.Finding) bool { return f.Kind == kind })
}

// writeFixed replaces the file unless somebody has changed it since it was read.
func writeFixed(file fixed) error {
	now, err := os.ReadFile(file.path)
	if err != nil {
		return fmt.Errorf("fix list: %s: %w", file.path, reason(err))
	}
	if !bytes.Equal(now, file.before) {
		return &exitError{exitFailed, fmt.Errorf("fix list: %s: changed while it was read; nothing was written", file.path), "run the same command again"}
	}
	if _, err := atomicfile.Write(file.path, func(w io.Writer) error { _, err := w.Write(file.after); return err }); err != nil {
		return fmt.Errorf("fix list: %s: %w", file.path, reason(err))
	}
	return nil
}

// fixJSON is one correction.
type fixJSON struct {
	Type    string `json:"type"` // "correction", or "note" for what is not certain
	List    string `json:"list"`
	Line    int    `json:"line"`
	Column  int    `json:"column,omitempty"`
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

// printFixed prints the diff, or with --write what was corrected, and then the notes.
func (a *app) printFixed(file fixed, written bool) error {
	if a.set.json {
		out := newJSONLines(a.stdout)
		for _, c := range file.corrections {
			kind := "note"
			if c.Certain() {
				kind = "correction"
			}
			if err := out.write(fixJSON{kind, file.path, c.Line, c.Column, c.Kind, c.Message}); err != nil {
				return err
			}
		}
		return nil
	}
	if written {
		for _, c := range file.corrections {
			if c.Certain() {
				fmt.Fprintf(a.stdout, "%s:%d: corrected: %s: %s\n", clean(file.path), c.Line, c.Kind, clean(c.Message))
			}
		}
	} else if !bytes.Equal(file.before, file.after) {
		name := strings.TrimPrefix(filepath.ToSlash(file.path), "/")
		patch := diff.Diff("a/"+name, file.before, "b/"+name, file.after)
		_, patch, _ = bytes.Cut(patch, []byte("\n")) // the line "diff a b", which only git writes, and in another form
		if _, err := a.stdout.Write(patch); err != nil {
			return err
		}
	}
	for _, c := range file.corrections {
		if !c.Certain() {
			fmt.Fprintf(a.stdout, "# note: %s:%d:%d: %s: %s\n", clean(file.path), c.Line, c.Column, c.Kind, clean(c.Message))
		}
	}
	if file.unknown > 0 {
		fmt.Fprintf(a.stderr, "syncer: fix list: %s: %d of %s were never asked for\nhint: syncer sync %s\n", file.path, file.unknown, count(file.cited, "citation"), file.path)
	}
	return nil
}
