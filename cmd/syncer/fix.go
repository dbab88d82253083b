package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"syncer/export"
	"syncer/internal/atomicfile"
	"syncer/internal/patch"
	"syncer/storage"
	"syncer/worker"
)

// fixFlags are the flags of fix.
type fixFlags struct {
	worker.CorrectOptions
	format string
	write  bool
}

func (a *app) fixCommand() *cobra.Command {
	var o fixFlags
	cmd := &cobra.Command{
		Use:   "fix FILE... [--write]",
		Short: "The corrected list: a unified diff on stdout, or written in place",
		Long: `fix compares the lists with what is stored (run syncer sync FILE first) and prints a unified diff that git apply and
patch take. Only what is certain is edited: a wrong identifier whose right one is known, the differing words of a title,
a first author who is not on the paper, a year that no version has, old forms of links to arXiv, links that have moved for
good. Every other byte stays. What is not certain follows the diff as notes (# …). Nobody is asked for anything.

The kinds for --only: ` + strings.Join(worker.CorrectionKinds(), ", ") + `.`,
		Example: `  syncer fix README.md
  syncer fix README.md | git apply
  syncer fix refs.bib --published --complete --write
  syncer fix README.md --only link-form,wrong-paper`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, kind := range o.Only {
				if !slices.Contains(worker.CorrectionKinds(), kind) {
					return usageError(strings.Join(worker.CorrectionKinds(), ", "), "read flags: --only: %q is no kind of correction", kind)
				}
			}
			return a.fix(cmd.Context(), args, o)
		},
	}
	addListFormat(cmd.Flags(), &o.format)
	cmd.Flags().StringSliceVar(&o.Only, "only", nil, "make only corrections of these `KINDS`")
	cmd.Flags().BoolVar(&o.write, "write", false, "write the files in place instead of printing a diff")
	cmd.Flags().BoolVar(&o.Published, "published", false, "add the DOI of published papers to .bib entries")
	cmd.Flags().BoolVar(&o.Archive, "archive", false,
		"put the archived copies that syncer verify --archive has found in the place of broken links")
	cmd.Flags().BoolVar(&o.Complete, "complete", false,
		"fill in .bib entries: eprint, archivePrefix, primaryClass, the authors that \"others\" stands for")
	return cmd
}

// fixed is one file with its corrections.
type fixed struct {
	path string
	worker.Corrected
}

func (a *app) fix(ctx context.Context, paths []string, o fixFlags) error {
	var ok bool
	if o.Format, ok = listFormats[o.format]; !ok {
		return usageError("markdown, bibtex, html, latex, csv or plain", "read flags: --list-format: %q is not known", o.format)
	}
	db, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	var files []fixed
	for i, path := range paths {
		if slices.ContainsFunc(paths[:i], func(before string) bool { return sameFile(before, path) }) {
			continue
		}
		if path == landmarks || path == "-" || strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://") {
			return usageError("save it to a file first", "fix list: %s: only a file can be corrected", path)
		}
		file, err := a.fixFile(ctx, db, path, o)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	o.write = o.write && !a.set.dryRun // then the diff says what would be written
	for _, file := range files {
		if o.write && !bytes.Equal(file.Before, file.After) {
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

// fixFile corrects one file.
func (a *app) fixFile(ctx context.Context, db *storage.DB, path string, o fixFlags) (fixed, error) {
	src, err := a.readSource(ctx, path)
	if err != nil {
		return fixed{}, err
	}
	corrected, err := a.reader().Correct(ctx, db, path, src, o.CorrectOptions)
	if errors.Is(err, worker.ErrUnreadableList) {
		return fixed{}, usageError("syncer seeds FILE shows what is found; --list-format overrides the guess", "%w", err)
	}
	return fixed{path, corrected}, err
}

// writeFixed replaces the file unless somebody has changed it since it was read.
func writeFixed(file fixed) error {
	now, err := os.ReadFile(file.path)
	if err != nil {
		return fmt.Errorf("fix list: %s: %w", file.path, withoutPath(err))
	}
	if !bytes.Equal(now, file.Before) {
		return &exitError{exitFailed, fmt.Errorf("fix list: %s: changed while it was read; nothing was written", file.path),
			"run the same command again"}
	}
	if _, err := atomicfile.Write(file.path, func(w io.Writer) error { _, err := w.Write(file.After); return err }); err != nil {
		return fmt.Errorf("fix list: %s: %w", file.path, withoutPath(err))
	}
	return nil
}

// printFixed prints the diff, or with --write what was corrected, and then the notes.
func (a *app) printFixed(file fixed, written bool) error {
	if a.set.json {
		out := newJSONLines(a.stdout)
		for _, c := range slices.Concat(file.Corrections, file.Notes) {
			if err := out.write(export.CorrectionObject(file.path, c)); err != nil {
				return err
			}
		}
		return nil
	}
	if written {
		for _, c := range file.Corrections {
			fmt.Fprintf(a.stdout, "%s:%d: corrected: %s: %s\n", printable(file.path), c.Line, c.Kind, printable(c.Message))
		}
	} else if !bytes.Equal(file.Before, file.After) {
		name, dir := patch.Name(file.path)
		if dir != "" {
			fmt.Fprintf(a.stderr, "syncer: fix list: %s: not below the working directory; the diff is to be applied in %s\n",
				printable(file.path), printable(dir))
		}
		if _, err := a.stdout.Write(patch.Diff(name, file.Before, file.After)); err != nil {
			return err
		}
	}
	for _, c := range file.Notes {
		fmt.Fprintf(a.stdout, "# note: %s:%d:%d: %s: %s\n", printable(file.path), c.Line, c.Column, c.Kind, printable(c.Message))
	}
	if file.Unasked > 0 {
		fmt.Fprintf(a.stderr, "syncer: fix list: %s: %d of %s were never asked for\nhint: syncer sync %s\n", file.path, file.Unasked,
			count(file.Cited, "citation"), file.path)
	}
	return nil
}

// sameFile says whether two paths lead to one file, by links too: it must not be corrected twice.
func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return filepath.Clean(a) == filepath.Clean(b)
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}
