package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"syncer/enrich"
	"syncer/enrich/citation"
	"syncer/enrich/link"
	"syncer/seeds"
	"syncer/storage"
)

// ErrUnreadableList is a text that no list can be read from.
var ErrUnreadableList = errors.New("read list")

// CorrectOptions say what is to be corrected of a list.
type CorrectOptions struct {
	Format    seeds.Format // empty: told by name and content
	Only      []string     // kinds of corrections; empty is all of CorrectionKinds
	Published bool         // add the DOI of published papers to .bib entries
	Complete  bool         // fill in .bib entries
	Archive   bool         // put archived copies in the place of broken links
}

// CorrectionKinds are the kinds of corrections, in the order of the contract.
func CorrectionKinds() []string {
	var names []string
	for _, row := range enrich.Kinds {
		if row.Fixable {
			names = append(names, string(row.Kind))
		}
	}
	return append(names, string(enrich.KindLinkForm), string(enrich.KindComplete))
}

// Corrected is a list with its corrections.
type Corrected struct {
	Before, After      []byte
	Corrections, Notes []enrich.Correction // what was certain, and what is not
	Unasked, Cited     int                 // citations whose papers arXiv was never asked for, of all
}

// correctRounds bounds how often a list is read again with its corrections made: an identifier that was replaced is checked
// anew, and behind a first author who was put right "others" can be filled in.
const correctRounds = 4

// Correct corrects a list until nothing more is to be corrected, so that a second time finds nothing. The notes are about the
// list as it then is. It asks nobody and writes nothing. The error is ErrUnreadableList for a text that is none.
func (w *Worker) Correct(ctx context.Context, db *storage.DB, name string, src []byte, o CorrectOptions) (Corrected, error) {
	c := Corrected{Before: src, After: src}
	for round := range correctRounds {
		list, err := seeds.Read(name, o.Format, c.After)
		if err != nil {
			return Corrected{}, fmt.Errorf("%w: %s: %w", ErrUnreadableList, name, err)
		}
		checked, err := w.Check(ctx, db, list)
		if err != nil {
			return Corrected{}, err
		}
		corrections, edits := correctOnce(c.After, list, checked, o)
		c.Corrections, c.Notes = append(c.Corrections, certain(corrections, true)...), certain(corrections, false)
		if round == 0 { // of the list as its owner has it
			c.Cited, c.Unasked = len(checked.Citations), checked.Unasked()
		}
		if len(edits) == 0 {
			break
		}
		if c.After, err = seeds.Apply(c.After, edits); err != nil {
			return Corrected{}, fmt.Errorf("fix list: %s: %w", name, err)
		}
	}
	return c, nil
}

// correctOnce gives the wanted corrections of a list, and the edits of those that are certain.
func correctOnce(src []byte, list seeds.List, checked Checked, o CorrectOptions) ([]enrich.Correction, []seeds.Edit) {
	corrector := citation.NewCorrector(src, list)
	wanted := func(kind enrich.Kind) bool { return len(o.Only) == 0 || slices.Contains(o.Only, string(kind)) }
	var all []enrich.Correction
	var edits seeds.Edits
	add := func(corrections ...enrich.Correction) {
		for _, correction := range corrections {
			if !wanted(correction.Kind) {
				continue
			}
			if !edits.Add(correction.Edits) {
				correction.Edits = nil // another correction stands there; the rest is for the next round, or the owner
			}
			all = append(all, correction)
		}
	}
	for _, c := range checked.Citations {
		corrections := corrector.Correct(c.Case)
		if o.Published {
			corrections = append(corrections, corrector.AddDOI(c.Case)...)
		}
		if o.Complete {
			corrections = append(corrections, corrector.Complete(c.Case)...)
		}
		add(corrections...)
	}
	for _, l := range checked.Links {
		if correction, ok := link.Correct(src, list.Format, l, o.Archive); ok {
			add(correction)
		}
	}
	if wanted(enrich.KindMalformedID) {
		for _, m := range list.Malformed {
			all = append(all, enrich.Correction{
				Kind: enrich.KindMalformedID, Line: m.Line, Column: m.Column, Message: citation.MalformedFinding(list.Name, m).Message,
			})
		}
	}
	return all, edits.All()
}

func certain(corrections []enrich.Correction, is bool) []enrich.Correction {
	return slices.DeleteFunc(slices.Clone(corrections), func(c enrich.Correction) bool { return c.Certain() != is })
}
