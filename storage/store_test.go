package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// newStore is an empty store in a folder of its own.
func newStore(t testing.TB) *DB {
	t.Helper()
	return openStore(t, filepath.Join(t.TempDir(), "s.db"))
}

func openStore(t testing.TB, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// record is a plain record; the edits make it the one that a test is about.
func recordOf(id string, version int, edits ...func(*arxiv.Record)) arxiv.Record {
	r := arxiv.Record{ID: arxiv.ID(id), Version: version, Title: "Title of " + id, Authors: []arxiv.Author{{Name: "Ada Lovelace"}, {Name: "Émile Borel", Affiliations: []string{"Paris"}}},
		Abstract: "An abstract.", Comment: "3 pages", PrimaryCategory: "cs.CL", Categories: []string{"cs.CL", "cs.LG"},
		Published: night(1), Submitted: night(1).Add(time.Duration(version) * time.Hour)}
	for _, edit := range edits {
		edit(&r)
	}
	return r
}

func titled(title string) func(*arxiv.Record) { return func(r *arxiv.Record) { r.Title = title } }

// merge is a night with these records; what it tells as changed comes back.
func merge(t *testing.T, db *DB, now time.Time, records ...arxiv.Record) []string {
	t.Helper()
	var changes []enrich.Change
	inRun(t, db, now, func(r *Run) (err error) {
		changes, err = r.MergeRecords(t.Context(), records)
		return err
	})
	return told(changes)
}

func told(changes []enrich.Change) []string {
	lines := []string{}
	for _, c := range changes {
		lines = append(lines, fmt.Sprintf("%s %s %s: %s -> %s", c.ID, c.Kind, c.Field, c.Old, c.New))
	}
	return lines
}

func saveLists(t *testing.T, db *DB, now time.Time, lists ...seeds.List) ListChanges {
	t.Helper()
	var changes ListChanges
	inRun(t, db, now, func(r *Run) (err error) {
		changes, err = r.SaveLists(t.Context(), lists)
		return err
	})
	return changes
}

func mustPaper(t *testing.T, db *DB, id string) PaperView {
	t.Helper()
	p, err := db.Paper(t.Context(), arxiv.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rows is the answer to a query, a line a row, columns parted by bars.
func rows(t testing.TB, db *DB, query string, args ...any) []string {
	t.Helper()
	lines, err := rowsOf(context.WithoutCancel(t.Context()), db.read, func(rows *sql.Rows) (string, error) {
		columns, err := rows.Columns()
		if err != nil {
			return "", err
		}
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return "", err
		}
		texts := make([]string, len(values))
		for i, v := range values {
			if v != nil {
				texts[i] = fmt.Sprint(v)
			}
		}
		return strings.Join(texts, "|"), nil
	}, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// dump is everything that is stored, save the rows of runs.
func dump(t testing.TB, db *DB) []string {
	t.Helper()
	var all []string
	for _, table := range rows(t, db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'papers_fts%' AND name NOT IN ('run', 'run_list', 'list_judged') ORDER BY name") {
		all = append(all, table)
		all = append(all, rows(t, db, "SELECT * FROM "+table+" ORDER BY 1, 2")...)
	}
	return all
}

// written counts the rows that the writing connection has written, those of the full-text index and of runs included.
func written(t testing.TB, db *DB) int {
	t.Helper()
	var n int
	if err := db.write.QueryRowContext(t.Context(), "SELECT total_changes()").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// quietRun is what a run writes that finds nothing to do: its row, when it begins and when it ends. quietList is what comes for
// each of its lists: that it is one, and that citations and links were judged.
const quietRun, quietList = 2, 3

// checkSound has SQLite look at the file and at its references, and compares the full-text index with a fresh one, word by
// word. (FTS5's own check of that cannot be had: it refuses a content view with json_each in it.)
func checkSound(t testing.TB, db *DB) {
	t.Helper()
	if got := rows(t, db, "PRAGMA foreign_key_check"); len(got) > 0 {
		t.Errorf("references: %v", got)
	}
	if got := rows(t, db, "SELECT id FROM paper WHERE n NOT IN (SELECT rowid FROM papers)"); len(got) > 0 {
		t.Errorf("papers without the text of their newest version: %v", got)
	}
	side, err := sql.Open("sqlite", dsn(db.path, map[string][]string{"mode": {"ro"}}))
	if err != nil {
		t.Fatal(err)
	}
	defer side.Close()
	side.SetMaxOpenConns(1)
	// On a connection that has checked before, FTS5 looks for segments that were merged away since.
	var integrity string
	if err := side.QueryRow("PRAGMA integrity_check").Scan(&integrity); err != nil || integrity != "ok" {
		t.Errorf("integrity: %s, %v", integrity, err)
	}
	for _, statement := range []string{
		"CREATE VIRTUAL TABLE temp.fresh USING fts5(title, authors, abstract, tokenize='unicode61 remove_diacritics 2')",
		"INSERT INTO temp.fresh (rowid, title, authors, abstract) SELECT n, title, authors, abstract FROM fts_source",
		"CREATE VIRTUAL TABLE temp.want USING fts5vocab('temp', 'fresh', 'instance')",
		"CREATE VIRTUAL TABLE temp.held USING fts5vocab('main', 'papers_fts', 'instance')",
	} {
		if _, err := side.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	for _, compare := range []string{"SELECT * FROM temp.want EXCEPT SELECT * FROM temp.held", "SELECT * FROM temp.held EXCEPT SELECT * FROM temp.want"} {
		var n int
		if err := side.QueryRow("SELECT count(*) FROM (" + compare + ")").Scan(&n); err != nil || n > 0 {
			t.Errorf("full-text index: %s: %d words, %v", compare, n, err)
		}
	}
}

func checkEqual[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

// TestTxEndsWithContext: statements are not watched one by one, but a transaction that is cancelled half way leaves nothing, and
// says that it was cancelled, wherever that meets it.
func TestTxEndsWithContext(t *testing.T) {
	const insert, count = "INSERT INTO unknown (id, asked_at) VALUES (?, '')", "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 100000) SELECT n FROM c"
	for name, f := range map[string]func(ctx context.Context, tx *sql.Tx, cancel func()) error{
		"between two statements": func(ctx context.Context, tx *sql.Tx, cancel func()) error {
			for n := 0; ; n++ {
				if _, err := tx.ExecContext(ctx, insert, fmt.Sprint(n)); err != nil {
					return fmt.Errorf("insert %d: %w", n, err)
				}
				cancel()
			}
		},
		"between two of a prepared one": func(ctx context.Context, tx *sql.Tx, cancel func()) error {
			p := newPrepared(tx)
			for n := 0; ; n++ {
				if err := p.exec(ctx, insert, fmt.Sprint(n)); err != nil {
					return err
				}
				cancel()
			}
		},
		"between two rows": func(ctx context.Context, tx *sql.Tx, cancel func()) error {
			if _, err := tx.ExecContext(ctx, insert, "1"); err != nil {
				return err
			}
			for {
				if _, err := rowsOf(ctx, tx, func(*sql.Rows) (int, error) { cancel(); return 0, nil }, count); err != nil {
					return err
				}
			}
		},
		"before the commit": func(ctx context.Context, tx *sql.Tx, cancel func()) error {
			_, err := tx.ExecContext(ctx, insert, "1")
			cancel()
			return err
		},
	} {
		db := newStore(t)
		ctx, cancel := context.WithCancel(t.Context())
		if err := inTx(ctx, db.write, func(ctx context.Context, tx *sql.Tx) error { return f(ctx, tx, cancel) }); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled %s: %v", name, err)
		}
		checkEqual(t, "left of what was cancelled "+name, rows(t, db, "SELECT count(*) FROM unknown"), []string{"0"})
	}
}
