package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// Checked is a citation of a list as read just now, with what is stored of its paper and what is wrong about it.
type Checked struct {
	Citation seeds.Citation
	Paper    *arxiv.Paper // nil when it was never had
	Asked    bool         // arXiv was asked for it: a paper that was never had does not exist
	Findings []enrich.Finding
}

// Check judges a list as it is now against the store, and writes nothing. The list need not be one that was synced.
func (db *DB) Check(ctx context.Context, list seeds.List, now time.Time) ([]Checked, error) {
	var checked []Checked
	err := inTx(ctx, db.read, func(tx *sql.Tx) error {
		checked = make([]Checked, 0, len(list.Citations))
		judged := make([]enrich.Judged, 0, len(list.Citations))
		j := newJudge(ctx, tx, now)
		for _, c := range list.Citations {
			one, p, err := j.citation(enrich.Cited{Citation: c, List: clean(list.Name), FirstSeen: now})
			if err != nil {
				return fmt.Errorf("%s: %w", c.ID, err)
			}
			judged = append(judged, one)
			checked = append(checked, Checked{c, p.paper, p.paper != nil || !p.unknownAt.IsZero(), one.Findings})
		}
		// What only the whole list shows of a single citation belongs to it.
		for _, f := range enrich.CheckList(judged, nil) {
			for i, c := range list.Citations {
				if f.Kind == enrich.KindWrongPaper && c.Line == f.Line && c.Column == f.Column {
					checked[i].Findings = append(checked[i].Findings, f)
				}
			}
		}
		return nil
	})
	return checked, db.fail("check list", err)
}
