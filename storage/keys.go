package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"syncer/arxiv"
)

// KeyMaker decides about citation keys; package export knows how. Taken says that a key belongs to another paper already,
// whatever its case.
type KeyMaker struct {
	// Valid says whether a key of the user's own .bib can be used.
	Valid func(key string) bool
	// Make gives a key for a paper of which identifier, title, first author and date of v1 are filled in.
	Make func(p arxiv.Paper, taken func(key string) bool) string
}

// pinBatch is how many papers are given keys in one transaction.
const pinBatch = 2000

// PinKeys gives every paper that passes the filter the citation key that it keeps for ever, unless it has one: the key of
// the user's own .bib, else a made one. An own key that comes later replaces a made one, since the user's documents cite
// by it; a paper whose made key an own key of another one takes gets a new one. It needs no run: each batch is one small
// transaction between those of a run that may be going on, and a crash leaves the batches before.
func (db *DB) PinKeys(ctx context.Context, f PaperFilter, maker KeyMaker, now time.Time) error {
	err := db.pinOwn(ctx, maker, now)
	for last := arxiv.ID(""); err == nil; {
		if last, err = db.pinMade(ctx, f, last, maker, now); last == "" {
			break
		}
	}
	return db.fail("pin citation keys", err)
}

// pinOwn takes over the keys of the lists. Of several for one paper the first list's wins, and stays.
func (db *DB) pinOwn(ctx context.Context, maker KeyMaker, now time.Time) error {
	type ownKey struct {
		id  arxiv.ID
		key string
	}
	own, err := rowsOf(ctx, db.read, func(rows *sql.Rows) (k ownKey, err error) {
		err = rows.Scan(&k.id, &k.key)
		return k, err
	}, `SELECT c.id, c.bib_key FROM citation AS c JOIN paper AS p ON p.id = c.id JOIN list AS l ON l.n = c.list
		WHERE c.bib_key <> '' AND c.gone_at IS NULL AND NOT EXISTS (SELECT 1 FROM citation_key AS k WHERE k.id = c.id AND k.own)
		ORDER BY l.name, c.line, c.id`)
	if err != nil || len(own) == 0 {
		return err
	}
	return inTx(ctx, db.write, func(ctx context.Context, tx *sql.Tx) error {
		for _, k := range own {
			if !maker.Valid(k.key) {
				continue
			}
			// A made key gives way, of this paper or of another; an own key never does.
			if _, err := tx.ExecContext(ctx, "DELETE FROM citation_key WHERE NOT own AND (id = ? OR key = ?)", string(k.id),
				k.key); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx,
				"INSERT INTO citation_key (id, key, own, pinned_at) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING",
				string(k.id), k.key, stamp(now)); err != nil {
				return err
			}
		}
		return nil
	})
}

// pinMade makes keys for the next papers without one behind the paper after, in the order of their identifiers. It gives the
// last of them, or nothing when no more can follow.
func (db *DB) pinMade(ctx context.Context, f PaperFilter, after arxiv.ID, maker KeyMaker, now time.Time) (last arxiv.ID, err error) {
	where, args := f.where("p.id > ?", "NOT EXISTS (SELECT 1 FROM citation_key AS k WHERE k.id = p.id)")
	papers, err := rowsOf(ctx, db.read, func(rows *sql.Rows) (p arxiv.Paper, err error) {
		var published, author string
		err = rows.Scan(&p.ID, &published, &p.Title, &author)
		if p.Published = moment(published); author != "" {
			p.Authors = []arxiv.Author{{Name: author}}
		}
		return p, err
	}, "SELECT p.id, p.published, v.title, coalesce(json_extract(v.authors, '$[0].name'), '') FROM paper AS p JOIN version AS v ON v.paper = p.n AND v.number = p.version"+
		where+" ORDER BY p.id LIMIT ?", append(append([]any{string(after)}, args...), pinBatch)...)
	if err != nil || len(papers) == 0 {
		return "", err
	}
	err = inTx(ctx, db.write, func(ctx context.Context, tx *sql.Tx) error {
		look, err := tx.PrepareContext(ctx, takenQuery)
		if err != nil {
			return err
		}
		defer look.Close()
		pin, err := tx.PrepareContext(ctx,
			"INSERT INTO citation_key (id, key, own, pinned_at) VALUES (?, ?, 0, ?) ON CONFLICT (id) DO NOTHING")
		if err != nil {
			return err
		}
		defer pin.Close()
		for _, p := range papers {
			var failed error
			key := maker.Make(p, func(key string) bool {
				taken, err := isTaken(look.QueryRowContext(ctx, key))
				failed = errors.Join(failed, err)
				return taken
			})
			if failed != nil {
				return failed
			}
			if _, err := pin.ExecContext(ctx, string(p.ID), key, stamp(now)); err != nil {
				return err
			}
		}
		return nil
	})
	return papers[len(papers)-1].ID, err
}

const takenQuery = "SELECT 1 FROM citation_key WHERE key = ?"

// isTaken says whether the row is there. A failed query is told as not taken, so that nobody asks on for ever.
func isTaken(row *sql.Row) (bool, error) {
	var one int
	err := row.Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// KeyTaken says whether a citation key is pinned for some paper.
func (s *Snapshot) KeyTaken(ctx context.Context, key string) (bool, error) {
	taken, err := isTaken(s.tx.QueryRowContext(ctx, takenQuery, key))
	return taken, s.db.fail("read citation keys", err)
}
