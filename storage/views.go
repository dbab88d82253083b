package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"syncer/enrich"
)

// ErrNoFinding says that no open finding has the key.
var ErrNoFinding = errors.New("no such finding")

// ChangeView is a change with when and by which run it was noticed.
type ChangeView struct {
	At  time.Time
	Run int64
	enrich.Change
}

// Changes gives what changed at or after since, newest first, at most limit; 0 is all.
func (db *DB) Changes(ctx context.Context, since time.Time, limit int) ([]ChangeView, error) {
	changes, err := rowsOf(ctx, db.read, func(rows *sql.Rows) (c ChangeView, err error) {
		var at string
		err = rows.Scan(&at, &c.Run, &c.ID, &c.Kind, &c.Field, &c.Old, &c.New)
		c.At = moment(at)
		return c, err
	}, "SELECT at, run, id, kind, field, old, new FROM change WHERE at >= ? ORDER BY at DESC, run DESC, n LIMIT ?", stampOrEmpty(since),
		noLimit(limit))
	return changes, db.fail("read changes", err)
}

// FindingFilter narrows what DB.Findings gives; the zero value is every open finding that is not ignored.
type FindingFilter struct {
	Lists       []string // of these lists; nil is all
	History     bool     // the resolved ones as well
	WithIgnored bool
	Papers      PaperFilter // about papers that pass; the zero value lets findings about anything pass
	Now         time.Time   // decides whether an ignore has ended; the zero time has none ended
}

// FindingView is a finding with its dates.
type FindingView struct {
	enrich.Finding
	FirstSeen, LastSeen time.Time
	ResolvedAt          time.Time // zero while open
	Ignored             bool
	IgnoreReason        string
	IgnoredUntil        time.Time // the first moment at which it is reported again; zero is never
}

// Findings gives findings by list, line and kind. An open one was last seen by the newest complete, believed run over its
// list.
func (db *DB) Findings(ctx context.Context, f FindingFilter) ([]FindingView, error) {
	findings, err := findings(ctx, db.read, f)
	return findings, db.fail("read findings", err)
}

// Findings is DB.Findings at the snapshot's moment.
func (s *Snapshot) Findings(ctx context.Context, f FindingFilter) ([]FindingView, error) {
	findings, err := findings(ctx, s.tx, f)
	return findings, s.db.fail("read findings", err)
}

func findings(ctx context.Context, q queryer, f FindingFilter) ([]FindingView, error) {
	lists, of := "[]", " AND ?4 IS NOT NULL"
	if f.Lists != nil {
		lists, of = toJSON(storableAll(f.Lists)), " AND f.list IN (SELECT n FROM list WHERE name IN (SELECT value FROM json_each(?4)))"
	}
	about, args := f.Papers.where()
	if about != "" {
		about = " AND f.subject IN (SELECT p.id FROM paper AS p" + about + ")"
	}
	return rowsOf(ctx, q, func(rows *sql.Rows) (v FindingView, err error) {
		var first, last, resolved, until string
		err = rows.Scan(&v.Key, &v.Kind, &v.Severity, &v.Subject, &v.List, &v.Line, &v.Column, &v.Claimed, &v.Actual, &v.Suggestion,
			&v.Message, &first, &last, &resolved, &v.Ignored, &v.IgnoreReason, &until)
		v.FirstSeen, v.LastSeen, v.ResolvedAt, v.IgnoredUntil = moment(first), moment(last), moment(resolved), moment(until)
		return v, err
	}, `SELECT f.key, f.kind, f.severity, f.subject, l.name, f.line, f.col, f.claimed, f.actual, f.suggestion, f.message, f.first_seen,
			coalesce(f.resolved_at, j.at, f.first_seen), coalesce(f.resolved_at, ''), `+ignoredNow+` AS is_ignored, f.ignore_reason,
			coalesce(f.ignored_until, '')
		FROM finding AS f JOIN list AS l ON l.n = f.list JOIN finding_kind AS k ON k.kind = f.kind
		LEFT JOIN list_judged AS j ON j.list = f.list AND j.judges = k.judges
		WHERE (?2 OR f.resolved_at IS NULL) AND (?3 OR NOT is_ignored)`+of+about+`
		ORDER BY l.name, f.line, f.col, f.kind, f.key`, append([]any{stamp(f.Now), f.History, f.WithIgnored, lists}, args...)...)
}

// ListNames are the lists that were read and not forgotten, in the order of their names.
func (db *DB) ListNames(ctx context.Context) ([]string, error) {
	names, err := texts(ctx, db.read, "SELECT name FROM list WHERE format <> '' AND forgotten_at IS NULL ORDER BY name")
	return names, db.fail("read lists", err)
}

// Ignore stops an open finding from being reported, from now until the given moment (zero: for ever). It needs no run: it
// is one small transaction between those of a run that may be going on.
func (db *DB) Ignore(ctx context.Context, key, why string, until, now time.Time) error {
	return db.updateFinding(
		ctx,
		"ignore finding",
		key,
		"UPDATE finding SET ignored_at = ?, ignore_reason = ?, ignored_until = ? WHERE key = ? AND resolved_at IS NULL",
		stamp(now),
		storable(why),
		stampOrNull(until),
		key,
	)
}

// Unignore has an open finding reported again that was ignored.
func (db *DB) Unignore(ctx context.Context, key string) error {
	return db.updateFinding(
		ctx,
		"report finding again",
		key,
		"UPDATE finding SET ignored_at = NULL, ignore_reason = '', ignored_until = NULL WHERE key = ? AND resolved_at IS NULL AND ignored_at IS NOT NULL",
		key,
	)
}

func (db *DB) updateFinding(ctx context.Context, operation, key, query string, args ...any) error {
	return db.fail(operation, inTx(ctx, db.write, func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return fmt.Errorf("%s: %w", key, ErrNoFinding)
	}))
}

// RunView is a run as its row tells it.
type RunView struct {
	ID                 int64
	Kind               enrich.RunKind
	Nightly            bool // a good one is "the last night"
	Lists              []string
	StartedAt, EndedAt time.Time // EndedAt is zero while it goes on, or when it crashed and no other has begun since
	Result
}

// Runs gives the newest runs first, at most limit; 0 is all.
func (db *DB) Runs(ctx context.Context, limit int) ([]RunView, error) {
	runs, err := rowsOf(ctx, db.read, func(rows *sql.Rows) (r RunView, err error) {
		var lists, started, ended string
		if err := rows.Scan(&r.ID, &r.Kind, &r.Nightly, &lists, &started, &ended, &r.Requests, &r.Papers, &r.Changed, &r.Links, &r.Broken,
			&r.Complete, &r.Distrusted, &r.Error); err != nil {
			return r, err
		}
		r.StartedAt, r.EndedAt = moment(started), moment(ended)
		r.Lists, err = fromJSON[[]string](lists)
		return r, err
	}, `SELECT r.n, r.kind, k.nightly, (SELECT json_group_array(name) FROM (SELECT l.name FROM run_list AS rl JOIN list AS l
		ON l.n = rl.list
			WHERE rl.run = r.n ORDER BY rl.position)),
		r.started_at, coalesce(r.ended_at, ''), r.requests, r.papers, r.changed, r.links, r.broken, r.complete, r.distrusted, r.error
		FROM run AS r JOIN run_kind AS k ON k.kind = r.kind ORDER BY r.n DESC LIMIT ?`, noLimit(limit))
	return runs, db.fail("read runs", err)
}

// Status is what is stored.
type Status struct {
	Papers, Versions, VersionsWithText, Citations, Links, Lists int
	OpenFindings                                                map[enrich.Kind]int // by kind, without the ignored ones
	OldestFetched, NewestFetched                                time.Time
	LastNight                                                   time.Time // as DB.LastNight
	Bytes                                                       int64     // of the database file and its log
}

// Status counts what is stored; now decides whether an ignore has ended.
func (db *DB) Status(ctx context.Context, now time.Time) (Status, error) {
	s := Status{OpenFindings: map[enrich.Kind]int{}}
	err := inTx(ctx, db.read, func(ctx context.Context, tx *sql.Tx) error {
		var oldest, newest, night string
		if err := tx.QueryRowContext(ctx,
			`SELECT (SELECT count(*) FROM paper), (SELECT count(*) FROM version), (SELECT count(*) FROM version WHERE has_text),
			(SELECT count(*) FROM citation WHERE gone_at IS NULL), (SELECT count(DISTINCT m.url) FROM link_mention AS m JOIN link AS l
			ON l.url = m.url WHERE m.gone_at IS NULL AND l.paper = ''), (SELECT count(*) FROM list WHERE format <> ''
			AND forgotten_at IS NULL),
			(SELECT coalesce(min(fetched_at), '') FROM paper), (SELECT coalesce(max(fetched_at), '') FROM paper),
			(SELECT coalesce(max(started_at), '') FROM run WHERE complete AND kind IN `+nightlyKinds+")").
			Scan(&s.Papers, &s.Versions, &s.VersionsWithText, &s.Citations, &s.Links, &s.Lists, &oldest, &newest, &night); err != nil {
			return err
		}
		s.OldestFetched, s.NewestFetched, s.LastNight = moment(oldest), moment(newest), moment(night)
		rows, err := tx.QueryContext(ctx,
			"SELECT kind, count(*) FROM finding AS f WHERE resolved_at IS NULL AND NOT "+ignoredNow+" GROUP BY kind", stamp(now))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var kind enrich.Kind
			var n int
			if err := rows.Scan(&kind, &n); err != nil {
				return err
			}
			s.OpenFindings[kind] = n
		}
		return rows.Err()
	})
	for _, name := range []string{db.path, db.path + "-wal"} {
		if info, err := os.Stat(name); err == nil {
			s.Bytes += info.Size()
		}
	}
	return s, db.fail("read status", err)
}

// Backup writes a consistent copy to path while others read and write. It is written beside path and renamed, so that a
// crash leaves no half copy under that name; an existing file is not overwritten.
func (db *DB) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("backup: %s: %w", path, os.ErrExist)
	}
	temp, err := os.MkdirTemp(filepath.Dir(path), ".syncer-backup-")
	if err != nil {
		return fmt.Errorf("backup: %s: %w", path, withoutPath(err))
	}
	defer os.RemoveAll(temp)
	copied := filepath.Join(temp, "copy.db")
	// VACUUM INTO reads one snapshot; query_only forbids it, hence a connection of its own.
	source, err := sql.Open("sqlite", dsn(db.path, map[string][]string{"mode": {"ro"}, "_busy_timeout": {"10000"}}))
	if err != nil {
		return db.fail("backup", err)
	}
	defer source.Close()
	if _, err := source.ExecContext(ctx, "VACUUM INTO ?", copied); sqliteCode(err) == codeFull {
		return fmt.Errorf("backup: %s: %w", path, ErrFull)
	} else if err != nil {
		return db.fail("backup", err)
	}
	if err := os.Rename(copied, path); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// rowsOf reads all rows of a query.
func rowsOf[T any](ctx context.Context, db queryer, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// noLimit is SQLite's way to say all.
func noLimit(limit int) int {
	if limit <= 0 {
		return -1
	}
	return limit
}
