package worker

import (
	"context"

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
	citations, err := db.Check(ctx, list, w.Now())
	if err != nil {
		return Checked{}, err
	}
	links, err := db.CheckLinks(ctx, list)
	return Checked{citations, links}, err
}
