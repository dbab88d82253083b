package storage

import (
	"context"
	"database/sql"
	"iter"
)

// Snapshot is the store at one moment: all that is read through it fits together, whatever is written meanwhile.
type Snapshot struct {
	db *DB
	tx *sql.Tx
}

// Snapshot calls read with a view of one moment, which ends with the call. Errors of read are passed on as they are.
func (db *DB) Snapshot(ctx context.Context, read func(*Snapshot) error) error {
	tx, err := db.read.BeginTx(ctx, nil)
	if err != nil {
		return db.fail("read", err)
	}
	defer tx.Rollback() // nothing was written: there is nothing to undo
	return read(&Snapshot{db, tx})
}

// Papers streams papers in the order of their identifiers. Memory is that of one paper: papers and versions are two
// ordered cursors read side by side, not a query a paper.
func (s *Snapshot) Papers(ctx context.Context, f PaperFilter) iter.Seq2[PaperView, error] {
	return func(yield func(PaperView, error) bool) {
		stopped := false
		err := streamPapers(ctx, s.tx, f, func(p PaperView) bool {
			stopped = !yield(p, nil)
			return !stopped
		})
		if err != nil && !stopped {
			yield(PaperView{}, s.db.fail("read papers", err))
		}
	}
}

// Papers is Snapshot.Papers on a snapshot of its own.
func (db *DB) Papers(ctx context.Context, f PaperFilter) iter.Seq2[PaperView, error] {
	return func(yield func(PaperView, error) bool) {
		err := db.Snapshot(ctx, func(s *Snapshot) error {
			for p, err := range s.Papers(ctx, f) {
				if !yield(p, err) {
					break
				}
			}
			return nil
		})
		if err != nil {
			yield(PaperView{}, err)
		}
	}
}
