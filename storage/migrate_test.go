package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/seeds"
)

// olderStore is a database of an older schema, with the rows that a demo of the program of that time left.
func olderStore(t *testing.T, schema int) (path string) {
	t.Helper()
	files, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	filled, err := os.ReadFile(fmt.Sprintf("testdata/schema%d.sql", schema))
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "x.db")
	execAt(t, path, append(slices.Clone(files[:schema]), string(filled), fmt.Sprint("PRAGMA user_version = ", schema))...)
	return path
}

// TestEveryOlderSchema: a database of every schema so far is read on with all that it had.
func TestEveryOlderSchema(t *testing.T) {
	for schema := 1; schema < schemas(t); schema++ {
		t.Run(fmt.Sprint(schema), func(t *testing.T) {
			path := olderStore(t, schema)
			before := rowsAt(t, path, `SELECT (SELECT count(*) FROM paper), (SELECT count(*) FROM version), (SELECT count(*) FROM citation),
				(SELECT count(*) FROM link_mention), (SELECT count(*) FROM finding), (SELECT count(*) FROM change WHERE kind <> 'new'), (SELECT count(*) FROM run)`)
			keys := rowsAt(t, path, "SELECT key, kind, subject, list, first_seen FROM findings ORDER BY key")
			shown := rowsAt(t, path, "SELECT key, last_seen FROM findings ORDER BY key")
			firstSeen := "SELECT id, at FROM change WHERE kind = 'new' ORDER BY id"
			if schema >= 6 { // a paper's first day has a column of its own
				firstSeen = "SELECT id, first_seen FROM paper ORDER BY id"
			}
			first := rowsAt(t, path, firstSeen)
			runs := rowsAt(t, path, "SELECT run, kind, lists, started_at, complete FROM runs ORDER BY run")
			db := openStore(t, path)
			checkSound(t, db)
			checkEqual(
				t,
				"counts",
				rows(t, db, `SELECT (SELECT count(*) FROM papers), (SELECT count(*) FROM version), (SELECT count(*) FROM citations),
				(SELECT count(*) FROM links), (SELECT count(*) FROM findings), (SELECT count(*) FROM changes), (SELECT count(*) FROM runs)`),
				before,
			)
			checkEqual(t, "findings", rows(t, db, "SELECT key, kind, subject, list, first_seen FROM findings ORDER BY key"), keys)
			checkEqual(t, "last seen", rows(t, db, "SELECT key, last_seen FROM findings ORDER BY key"), shown)
			checkEqual(t, "first seen", rows(t, db, "SELECT id, first_seen FROM papers ORDER BY id"), first)
			checkEqual(t, "runs", rows(t, db, "SELECT run, kind, lists, started_at, complete FROM runs ORDER BY run"), runs)
			checkEqual(t, "source of texts", rows(t, db, "SELECT DISTINCT has_text, text_source FROM versions WHERE has_text"),
				[]string{"1|api"})
			if found, err := db.Search(t.Context(), "attention", 5); err != nil || len(found) == 0 {
				t.Errorf("search: %d found, %v", len(found), err)
			}
			// A run goes on from it: what it left half done is settled, and findings keep their keys.
			runOver(t, db, night(40), []string{"landmarks"}, Result{Complete: true}, func(r *Run) error {
				_, err1 := r.Reach(t.Context())
				err2 := r.SettleLinks(t.Context(), link.Policy{Grace: link.DefaultGrace}, link.DefaultMaxAge)
				_, err3 := r.Judge(t.Context(), []string{"landmarks"})
				_, err4 := r.JudgeLinks(t.Context(), []string{"landmarks"})
				return errors.Join(err1, err2, err3, err4)
			})
			for _, key := range rows(t, db, "SELECT key FROM findings WHERE first_seen < '2026-12-05'") {
				if !slices.ContainsFunc(keys, func(row string) bool { return strings.HasPrefix(row, key) }) {
					t.Errorf("%s is another finding now", key)
				}
			}
			checkEqual(t, "nothing waits", rows(t, db, "SELECT count(*) FROM link_check"), []string{"0"})
			checkSound(t, db)
		})
	}
}

// rowsAt reads a database of any schema.
func rowsAt(t *testing.T, path, query string) []string {
	t.Helper()
	read, err := sql.Open("sqlite", dsn(path, map[string][]string{"mode": {"ro"}}))
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	return rows(t, &DB{path: path, read: read}, query)
}

// TestMigrationKilled: a process that dies in the middle of a migration leaves the schema of before, whole. The files are
// copied while the transaction is open, which is what a dead process leaves on the disk.
func TestMigrationKilled(t *testing.T) {
	files, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	path := olderStore(t, 5)
	execAt(t, path, "PRAGMA journal_mode = WAL")
	before := rowsAt(t, path, "SELECT name, sql FROM sqlite_master ORDER BY name")
	write, err := sql.Open("sqlite", dsn(path, map[string][]string{"_txlock": {"immediate"}, "_pragma": {"cache_size(2)"}}))
	if err != nil {
		t.Fatal(err)
	}
	defer write.Close()
	tx, err := write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(t.Context(), files[5]); err != nil {
		t.Fatal(err)
	}
	dead := filepath.Join(t.TempDir(), "dead.db")
	for _, suffix := range []string{"", "-wal"} {
		copied, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dead+suffix, copied, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(dead + "-wal"); err != nil || info.Size() == 0 {
		t.Errorf("nothing of the migration was on the disk: %v", err)
	}
	checkEqual(t, "the dead one", rowsAt(t, dead, "SELECT name, sql FROM sqlite_master ORDER BY name"), before)
	checkSound(t, openStore(t, dead))
}

// TestCancelledMigration: a migration that is given up leaves nothing of itself.
func TestCancelledMigration(t *testing.T) {
	path := olderStore(t, 5)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if db, err := Open(cancelled, path); !errors.Is(err, context.Canceled) {
		db.Close()
		t.Fatalf("error %v", err)
	}
	checkEqual(t, "version", rowsAt(t, path, "PRAGMA user_version"), []string{"5"})
	checkSound(t, openStore(t, path))
}

// TestConstraints: every word of the program fits the schema, and no other does.
func TestConstraints(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(2), withLinks(reading("a.md", "2001.00001"), "https://a.example/"))
	merge(t, db, night(2), recordOf("2001.00001", 1))
	exec := func(query string, args ...any) error {
		_, err := db.write.ExecContext(t.Context(), query, args...)
		return err
	}
	for _, verdict := range link.Verdicts {
		if err := exec("UPDATE link SET verdict = ?", string(verdict)); err != nil {
			t.Errorf("%s: %v", verdict, err)
		}
	}
	for i, row := range enrich.Kinds {
		for _, severity := range enrich.Severities {
			if err := exec(`INSERT INTO finding (key, kind, severity, subject, list, line, col, claimed, actual, suggestion, message, first_seen)
				VALUES (?, ?, ?, 's', 1, 1, 1, '', '', '', '', '')`, fmt.Sprint(i, severity), string(row.Kind), string(severity)); err != nil {
				t.Errorf("%s %s: %v", row.Kind, severity, err)
			}
		}
	}
	for _, query := range []string{
		"UPDATE link SET verdict = 'fine'", "UPDATE link SET certain = 2", "UPDATE paper SET withdrawn = 'no'",
		"UPDATE paper SET categories = 'cs.CL'", "UPDATE version SET authors = '['", "UPDATE version SET text_source = 'elsewhere'",
		"UPDATE citation SET ignored = ''", "UPDATE finding SET severity = 'fatal'", "UPDATE finding SET kind = 'odd'", "UPDATE finding SET list = 99",
		"UPDATE run SET kind = 'odd'", "UPDATE run SET complete = 7", "UPDATE citation SET list = 99", "UPDATE link_mention SET url = 'https://b.example/'",
	} {
		if exec(query) == nil {
			t.Errorf("%s: taken", query)
		}
	}
	checkSound(t, db)
}

// TestKindsFollow: a database in which a kind has another severity, or is missing, is put right when it is opened, and one in
// which all is well is left alone.
func TestKindsFollow(t *testing.T) {
	db := newStore(t)
	path := db.path
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	execAt(t, path, "UPDATE finding_kind SET severity = 'info' WHERE kind = 'broken'", "DELETE FROM run_kind WHERE kind = 'verify'",
		"INSERT INTO finding_kind VALUES ('of-tomorrow', 'paper', 'info', 'citations')")
	db = openStore(t, path)
	checkEqual(t, "kinds", rows(t, db, "SELECT kind, severity FROM finding_kind WHERE kind IN ('broken', 'of-tomorrow') ORDER BY kind"),
		[]string{"broken|error", "of-tomorrow|info"})
	checkEqual(t, "runs", rows(t, db, "SELECT kind, nightly FROM run_kind ORDER BY kind"), []string{"sync|1", "verify|0"})
	if n := written(t, openStore(t, path)); n != 0 {
		t.Errorf("%d rows written by opening it", n)
	}
}

// TestUnknownIsNull: no public view has an empty text, and none says 0 where nobody knows.
func TestUnknownIsNull(t *testing.T) {
	db := newStore(t)
	list := withLinks(
		seeds.List{Name: "a.md", Format: "markdown", Citations: []seeds.Citation{{ID: "2001.00001", AsWritten: "2001.00001"}}},
		"https://a.example/",
	)
	runOver(t, db, night(2), []string{"a.md"}, Result{}, func(r *Run) error {
		_, err1 := r.SaveLists(t.Context(), []seeds.List{list})
		_, err2 := r.MergeRecords(t.Context(), []arxiv.Record{{ID: "2001.00001", Version: 2, Title: "T"}})
		return errors.Join(err1, err2)
	})
	merge(t, db, night(3), arxiv.Record{ID: "2001.00001", Version: 3, Title: "T", Comment: "c"})
	for _, view := range []string{"papers", "versions", "authors", "citations", "links", "link_history", "changes", "findings", "runs"} {
		for _, column := range rows(t, db, "SELECT name FROM pragma_table_info(?)", view) {
			if n := rows(t, db, fmt.Sprintf("SELECT count(*) FROM %s WHERE %s = ''", view, column)); n[0] != "0" {
				t.Errorf("%s.%s is empty", view, column)
			}
		}
	}
	checkEqual(
		t,
		"not told yet",
		rows(t, db, "SELECT withdrawn IS NULL FROM papers UNION ALL SELECT certain IS NULL OR failures IS NULL FROM links"),
		[]string{"1", "1"},
	)
}
