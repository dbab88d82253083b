package worker

import (
	"context"
	"slices"

	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/seeds"
	"syncer/storage"
)

// Checked is a list as it is now against what is stored.
type Checked struct {
	Citations []storage.Checked // one for each of the list, in its order
	Links     []link.ListCase   // those that are known not to be as they should
}

// Unasked counts the citations whose papers arXiv was never asked for: of them nothing can be said.
func (c Checked) Unasked() int {
	n := 0
	for _, cited := range c.Citations {
		if !cited.Asked {
			n++
		}
	}
	return n
}

// Check judges a list against what is stored, whether it was ever synced or not. It asks nobody and writes nothing; what the
// list's owner ignores is left out.
func (w *Worker) Check(ctx context.Context, db *storage.DB, list seeds.List) (Checked, error) {
	now := w.Now()
	citations, err := db.Check(ctx, list, now)
	if err != nil {
		return Checked{}, err
	}
	links, err := db.CheckLinks(ctx, list, now)
	return Checked{citations, links}, err
}

// Mark is a syncer-ignore comment of a list.
type Mark struct {
	Line  int    // of what it is about
	Named string // the first word that it names
}

// UselessMarks are the syncer-ignore comments that name no kind of finding: they say nothing, and nobody would know.
func UselessMarks(list seeds.List) []Mark {
	var marks []Mark
	told := map[int]bool{}
	look := func(line int, kinds []string) {
		known := func(kind string) bool {
			_, is := enrich.KindNamed(enrich.Kind(kind))
			return is || kind == seeds.IgnoreAll
		}
		if len(kinds) > 0 && !told[line] && !slices.ContainsFunc(kinds, known) {
			told[line] = true
			marks = append(marks, Mark{line, kinds[0]})
		}
	}
	for _, c := range list.Citations {
		look(c.Line, c.Ignored)
	}
	for _, l := range list.Links {
		look(l.Line, l.Ignored)
	}
	for _, l := range list.PaperLinks {
		look(l.Line, l.Ignored)
	}
	return marks
}
