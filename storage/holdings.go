package storage

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/record"
)

// absentFor is how long a version whose text was asked for in vain is not asked for again.
const absentFor = 30 * 24 * time.Hour

// doubtedRuns bounds how far back runs are read to learn which were not believed.
const doubtedRuns = 200

// Holdings gives each paper that the named lists cite now, once, ordered by identifier, with what planning needs. A night
// without changes writes no paper row, so FetchedAt is the later of two times: when the stored content was had, unless by a
// run that was not believed, and when the newest complete, believed run began over a list that cited the paper then.
func (r *Run) Holdings(ctx context.Context, lists []string) ([]record.Holding, error) {
	var holdings []record.Holding
	err := r.inTx(ctx, "read holdings", func(ctx context.Context, tx *sql.Tx) error {
		ids, err := identifiers(ctx, tx, "SELECT DISTINCT id FROM citation WHERE gone_at IS NULL AND list IN "+listsNamed+" ORDER BY id",
			toJSON(storableAll(lists)))
		if err != nil {
			return err
		}
		holdings, err = holdingsOf(ctx, tx, ids, r.Started)
		return err
	})
	return holdings, err
}

// HoldingsOf is Holdings for any identifiers, for a plan before anything is written. Identifiers that the store has never
// seen come back as not known.
func (db *DB) HoldingsOf(ctx context.Context, ids []arxiv.ID, now time.Time) ([]record.Holding, error) {
	var holdings []record.Holding
	err := inTx(ctx, db.read, func(ctx context.Context, tx *sql.Tx) (err error) {
		holdings, err = holdingsOf(ctx, tx, ids, now)
		return err
	})
	return holdings, db.fail("read holdings", err)
}

// identifiers reads a query that gives identifiers.
func identifiers(ctx context.Context, q queryer, query string, args ...any) ([]arxiv.ID, error) {
	return rowsOf(ctx, q, func(rows *sql.Rows) (id arxiv.ID, err error) {
		err = rows.Scan(&id)
		return id, err
	}, query, args...)
}

// holdingsOf looks each paper up by its key: lists have hundreds of papers, the store may have millions.
func holdingsOf(ctx context.Context, tx *sql.Tx, ids []arxiv.ID, now time.Time) ([]record.Holding, error) {
	covered, err := coverage(ctx, tx)
	if err != nil {
		return nil, err
	}
	doubted, err := texts(ctx, tx, "SELECT started_at FROM run WHERE distrusted = 1 ORDER BY n DESC LIMIT ?", doubtedRuns)
	if err != nil {
		return nil, err
	}
	paper, err := tx.PrepareContext(
		ctx,
		`SELECT n, version, fetched_at, raw_version, coalesce(raw_at, ''), raw_due, disappeared_at IS NOT NULL,
		EXISTS (SELECT 1 FROM missing WHERE missing.id = paper.id) FROM paper WHERE id = ?`,
	)
	if err != nil {
		return nil, err
	}
	defer paper.Close()
	unknown, err := tx.PrepareContext(ctx, "SELECT asked_at FROM unknown WHERE id = ?")
	if err != nil {
		return nil, err
	}
	defer unknown.Close()
	held, err := tx.PrepareContext(ctx, "SELECT number FROM version WHERE paper = ? AND (has_text OR absent_at > ?)")
	if err != nil {
		return nil, err
	}
	defer held.Close()
	cited, err := tx.PrepareContext(ctx, "SELECT list, first_seen FROM citation WHERE id = ? AND gone_at IS NULL")
	if err != nil {
		return nil, err
	}
	defer cited.Close()

	holdings := make([]record.Holding, 0, len(ids))
	for _, id := range ids {
		h := record.Holding{ID: id}
		var n int64
		var fetched, raw string
		err := paper.QueryRowContext(ctx, string(id)).
			Scan(&n, &h.Version, &fetched, &h.RawVersion, &raw, &h.RawDue, &h.Disappeared, &h.MissedBefore)
		switch err {
		case nil:
			h.Known, h.RawAt = true, moment(raw)
			if !slices.Contains(doubted, fetched) {
				h.FetchedAt = moment(fetched)
			}
			if h.LackingText, err = lackingText(ctx, held, n, h.Version, now); err != nil {
				return nil, err
			}
		case sql.ErrNoRows:
			var asked string
			if err := unknown.QueryRowContext(ctx, string(id)).Scan(&asked); err == nil {
				h.UnknownAt = moment(asked)
			} else if err != sql.ErrNoRows {
				return nil, err
			}
		default:
			return nil, err
		}
		at, err := lastCovered(ctx, cited, id, covered)
		if err != nil {
			return nil, err
		}
		if at.After(h.FetchedAt) {
			h.FetchedAt = at
		}
		holdings = append(holdings, h)
	}
	return holdings, nil
}

// coverage gives for each list, by number, when the newest complete, believed run that asked for its papers began.
func coverage(ctx context.Context, tx *sql.Tx) (map[int64]time.Time, error) {
	covered := map[int64]time.Time{}
	_, err := rowsOf(ctx, tx, func(rows *sql.Rows) (struct{}, error) {
		var list int64
		var at string
		err := rows.Scan(&list, &at)
		covered[list] = moment(at)
		return struct{}{}, err
	}, "SELECT list, at FROM list_judged WHERE judges = ?", string(enrich.JudgesCitations))
	return covered, err
}

func lastCovered(ctx context.Context, cited *sql.Stmt, id arxiv.ID, covered map[int64]time.Time) (time.Time, error) {
	rows, err := cited.QueryContext(ctx, string(id))
	if err != nil {
		return time.Time{}, err
	}
	defer rows.Close()
	var last time.Time
	for rows.Next() {
		var list int64
		var firstSeen string
		if err := rows.Scan(&list, &firstSeen); err != nil {
			return time.Time{}, err
		}
		if at := covered[list]; !at.IsZero() && !moment(firstSeen).After(at) && at.After(last) {
			last = at
		}
	}
	return last, rows.Err()
}

// lackingText lists the versions 1 to newest that neither have their text nor were lately asked for in vain.
func lackingText(ctx context.Context, texts *sql.Stmt, n int64, newest int, now time.Time) ([]int, error) {
	rows, err := texts.QueryContext(ctx, n, stamp(now.Add(-absentFor)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	have := make(map[int]bool, newest)
	for rows.Next() {
		var number int
		if err := rows.Scan(&number); err != nil {
			return nil, err
		}
		have[number] = true
	}
	var lacking []int
	for number := 1; number <= newest; number++ {
		if !have[number] {
			lacking = append(lacking, number)
		}
	}
	return lacking, rows.Err()
}
