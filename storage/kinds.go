package storage

import (
	"context"
	"database/sql"
	"time"

	"syncer/enrich"
)

// syncKinds makes the tables of kinds say what package enrich says, and writes only what differs. Rows of a newer program stay.
func syncKinds(ctx context.Context, tx *sql.Tx) error {
	for _, k := range enrich.Kinds {
		if _, err := tx.ExecContext(ctx, `INSERT INTO finding_kind (kind, subject, severity, judges) VALUES (?, ?, ?, ?)
			ON CONFLICT (kind) DO UPDATE SET subject = excluded.subject, severity = excluded.severity, judges = excluded.judges
			WHERE subject <> excluded.subject OR severity <> excluded.severity OR judges <> excluded.judges`,
			string(k.Kind), string(k.Subject), string(k.Severity), string(k.Judges)); err != nil {
			return err
		}
	}
	for _, k := range enrich.RunKinds {
		if _, err := tx.ExecContext(ctx, `INSERT INTO run_kind (kind, nightly, judges) VALUES (?, ?, ?)
			ON CONFLICT (kind) DO UPDATE SET nightly = excluded.nightly, judges = excluded.judges
			WHERE nightly <> excluded.nightly OR judges <> excluded.judges`, string(k.Kind), k.Nightly, toJSON(k.Judges)); err != nil {
			return err
		}
	}
	return nil
}

// kindsDiffer says whether syncKinds has anything to write, so that opening a database writes nothing as a rule.
func kindsDiffer(ctx context.Context, q queryer) (bool, error) {
	type row struct{ kind, a, b, c string }
	have := map[row]bool{}
	rows, err := rowsOf(ctx, q, func(rows *sql.Rows) (r row, err error) {
		err = rows.Scan(&r.kind, &r.a, &r.b, &r.c)
		return r, err
	}, "SELECT kind, subject, severity, judges FROM finding_kind UNION ALL SELECT kind, CAST(nightly AS TEXT), '', judges FROM run_kind")
	if err != nil {
		return false, err
	}
	for _, r := range rows {
		have[r] = true
	}
	for _, k := range enrich.Kinds {
		if !have[row{string(k.Kind), string(k.Subject), string(k.Severity), string(k.Judges)}] {
			return true, nil
		}
	}
	for _, k := range enrich.RunKinds {
		nightly := "0"
		if k.Nightly {
			nightly = "1"
		}
		if !have[row{string(k.Kind), nightly, "", toJSON(k.Judges)}] {
			return true, nil
		}
	}
	return false, nil
}

// nightlyKinds are the run kinds of which a good run is "the last night".
const nightlyKinds = "(SELECT kind FROM run_kind WHERE nightly)"

// LastNight is when the last good nightly run began; the zero time when there was none.
func (db *DB) LastNight(ctx context.Context) (time.Time, error) {
	var started string
	err := db.read.QueryRowContext(ctx, "SELECT coalesce(max(started_at), '') FROM run WHERE complete AND kind IN "+nightlyKinds).
		Scan(&started)
	return moment(started), db.fail("read runs", err)
}

// ignoredNow is whether finding f is ignored at the moment ?1, which is bound first in the query that it stands in. It is
// the only place that decides so, save the public view, which has no clock.
const ignoredNow = "(f.ignored_at IS NOT NULL AND (f.ignored_until IS NULL OR f.ignored_until > ?1))"

// listsNamed are the numbers of the lists in a JSON array of names.
const listsNamed = "(SELECT n FROM list WHERE name IN (SELECT value FROM json_each(?)))"
