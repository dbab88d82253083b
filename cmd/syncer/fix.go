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
	"syncer/enrich/citation"
	"syncer/enrich/link"
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
	archive             bool
}

// fixKinds are what --only takes.
func fixKinds() []string {
	var names []string
	for _, row := range enrich.Kinds {
		if row.Fixable {
			names = append(names, string(row.Kind))
		}
	}
	return append(names, string(enrich.KindLinkForm), string(enrich.KindComplete))
}

func (a *app) fixCommand() *cobra.Command {
	var o fixOptions
	cmd := &cobra.Command{
		Use:   "fix FILE... [--write]",
		Short: "The corrected list: a unified diff on stdout, or written in place",
		Long: `fix compares the lists with what is stored (run syncer sync FILE first) and prints a unified diff that git apply and
patch take. Only what is certain is edited: a wrong identifier whose right one is known, the differing words of a title,
a first author who is not on the paper, a year that no version has, old forms of links to arXiv, links that have moved for
good. Every other byte stays. What is not certain follows the diff as notes (# …). Nobody is asked for anything.

The kinds for --only: ` + strings.Join(fixKinds(), ", ") + `.`,
		Example: `  syncer fix README.md
  syncer fix README.md | git apply
  syncer fix refs.bib --published --complete --write
  syncer fix README.md --only link-form,wrong-paper`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, kind := range o.only {
				if !slices.Contains(fixKinds(), kind) {
					return usageError(strings.Join(fixKinds(), ", "), "read flags: --only: %q is no kind of correction", kind)
				}
			}
			return a.fix(cmd.Context(), args, o)
		},
	}
	addListFormat(cmd.Flags(), &o.format)
	cmd.Flags().StringSliceVar(&o.only, "only", nil, "make only corrections of these `KINDS`")
	cmd.Flags().BoolVar(&o.write, "write", false, "write the files in place instead of printing a diff")
	cmd.Flags().BoolVar(&o.published, "published", false, "add the DOI of published papers to .bib entries")
	cmd.Flags().BoolVar(&o.archive, "archive", false, "put the archived copies that syncer verify --archive has found in the place of broken links")
	cmd.Flags().BoolVar(&o.complete, "complete", false, "fill in .bib entries: eprint, archivePrefix, primaryClass, the authors that \"others\" stands for")
	return cmd
}

// fixed is one file with its corrections.
type fixed struct {
	path               string
	before, after      []byte
	corrections, notes []enrich.Correction // what was certain, and what is not
	unknown, cited     int                 // papers that the store has never asked for, of all
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
	for i, path := range paths {
		if slices.ContainsFunc(paths[:i], func(before string) bool { return sameFile(before, path) }) {
			continue
		}
		if path == landmarks || path == "-" || strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://") {
			return usageError("save it to a file first", "fix list: %s: only a file can be corrected", path)
		}
		file, err := a.fixFile(ctx, db, path, format, o)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	o.write = o.write && !a.set.dryRun // then the diff says what would be written
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

// fixRounds bounds how often a list is read again with its corrections made: an identifier that was replaced is checked
// anew, and behind a first author who was put right "others" can be filled in.
const fixRounds = 4

// fixFile corrects one file until nothing more is to be corrected, so that a second run finds nothing. The notes are about
// the list as it then is.
func (a *app) fixFile(ctx context.Context, db *storage.DB, path string, format seeds.Format, o fixOptions) (fixed, error) {
	src, err := a.readSource(ctx, path)
	if err != nil {
		return fixed{}, err
	}
	file := fixed{path: path, before: src, after: src}
	for round := range fixRounds {
		list, err := seeds.Read(path, format, file.after)
		if err != nil {
			return fixed{}, usageError("syncer seeds FILE shows what is found; --list-format overrides the guess", "read list: %s: %w", path, err)
		}
		checked, err := db.Check(ctx, list, a.now())
		if err != nil {
			return fixed{}, err
		}
		links, err := db.CheckLinks(ctx, list)
		if err != nil {
			return fixed{}, err
		}
		corrections, edits := correct(file.after, list, checked, links, o)
		file.corrections, file.notes = append(file.corrections, certain(corrections, true)...), certain(corrections, false)
		if round == 0 { // of the list as its owner has it
			file.cited = len(checked)
			for _, c := range checked {
				if !c.Asked {
					file.unknown++
				}
			}
		}
		if len(edits) == 0 {
			break
		}
		if file.after, err = seeds.Apply(file.after, edits); err != nil {
			return fixed{}, fmt.Errorf("fix list: %s: %w", path, err)
		}
	}
	return file, nil
}

// correct gives the wanted corrections of a list, and the edits of those that are certain.
func correct(src []byte, list seeds.List, checked []storage.Checked, links []link.ListCase, o fixOptions) ([]enrich.Correction, []seeds.Edit) {
	corrector := citation.NewCorrector(src, list)
	wanted := func(c enrich.Correction) bool { return len(o.only) == 0 || slices.Contains(o.only, string(c.Kind)) }
	var all []enrich.Correction
	var edits seeds.Edits
	add := func(corrections ...enrich.Correction) {
		for _, correction := range corrections {
			if !wanted(correction) {
				continue
			}
			if !edits.Add(correction.Edits) {
				correction.Edits = nil // another correction stands there; what is left is for the next round, or the owner
			}
			all = append(all, correction)
		}
	}
	for _, c := range checked {
		corrections := corrector.Correct(c.Case)
		if o.published {
			corrections = append(corrections, corrector.AddDOI(c.Case)...)
		}
		if o.complete {
			corrections = append(corrections, corrector.Complete(c.Case)...)
		}
		add(corrections...)
	}
	for _, l := range links {
		if correction, ok := link.Correct(src, list.Format, l, o.archive); ok {
			add(correction)
		}
	}
	if wanted(enrich.Correction{Kind: enrich.KindMalformedID}) {
		for _, m := range list.Malformed {
			all = append(all, enrich.Correction{Kind: enrich.KindMalformedID, Line: m.Line, Column: m.Column, Message: citation.MalformedFinding(list.Name, m).Message})
		}
	}
	return all, edits.All()
}

func certain(corrections []enrich.Correction, is bool) []enrich.Correction {
	return slices.DeleteFunc(slices.Clone(corrections), func(c enrich.Correction) bool { return c.Certain() != is })
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
	Type    string      `json:"type"` // "correction", or "note" for what is not certain
	List    string      `json:"list"`
	Line    int         `json:"line"`
	Column  int         `json:"column,omitempty"`
	Kind    enrich.Kind `json:"kind"`
	Message string      `json:"message"`
}

// printFixed prints the diff, or with --write what was corrected, and then the notes.
func (a *app) printFixed(file fixed, written bool) error {
	if a.set.json {
		out := newJSONLines(a.stdout)
		for _, c := range slices.Concat(file.corrections, file.notes) {
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
			fmt.Fprintf(a.stdout, "%s:%d: corrected: %s: %s\n", clean(file.path), c.Line, c.Kind, clean(c.Message))
		}
	} else if !bytes.Equal(file.before, file.after) {
		name, dir := patchName(file.path)
		if dir != "" {
			fmt.Fprintf(a.stderr, "syncer: fix list: %s: not below the working directory; the diff is to be applied in %s\n", clean(file.path), clean(dir))
		}
		patch := diff.Diff("a/"+name, file.before, "b/"+name, file.after)
		_, patch, _ = bytes.Cut(patch, []byte("\n")) // the line "diff a b", which only git writes, and in another form
		if _, err := a.stdout.Write(patch); err != nil {
			return err
		}
	}
	for _, c := range file.notes {
		fmt.Fprintf(a.stdout, "# note: %s:%d:%d: %s: %s\n", clean(file.path), c.Line, c.Column, c.Kind, clean(c.Message))
	}
	if file.unknown > 0 {
		fmt.Fprintf(a.stderr, "syncer: fix list: %s: %d of %s were never asked for\nhint: syncer sync %s\n", file.path, file.unknown, count(file.cited, "citation"), file.path)
	}
	return nil
}

// patchName is how a diff names a file: from the working directory, or, for a file that is not below it and that neither git
// apply nor patch would reach from there, from the file's own, which is dir then. A tab stands behind a name with a blank, by
// which patch knows its end (as GNU diff writes it).
func patchName(path string) (name, dir string) {
	if here, err := os.Getwd(); err == nil && filepath.IsAbs(path) {
		if below, err := filepath.Rel(here, path); err == nil {
			path = below
		}
	}
	if path = filepath.Clean(path); !filepath.IsLocal(path) {
		dir, path = filepath.Dir(path), filepath.Base(path)
	}
	name = filepath.ToSlash(path)
	if strings.Contains(name, " ") {
		name += "\t"
	}
	return name, dir
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
