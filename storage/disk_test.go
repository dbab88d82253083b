package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"syncer/arxiv"
)

// TestFull: the batch that does not fit is undone, all before it stays, and once there is room the work goes on.
func TestFull(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 1))
	before := dump(t, db)
	limit := func(pages int) {
		t.Helper()
		if _, err := db.write.ExecContext(t.Context(), fmt.Sprint("PRAGMA max_page_count = ", pages)); err != nil {
			t.Fatal(err)
		}
	}
	run, err := db.Begin(t.Context(), "sync", nil, night(3))
	if err != nil {
		t.Fatal(err)
	}
	limit(1) // SQLite takes the present size
	var big []arxiv.Record
	for i := range 100 {
		big = append(big, recordOf(fmt.Sprintf("2002.%05d", i+1), 1, titled(strings.Repeat("x", 5000))))
	}
	for range 2 {
		_, err := run.MergeRecords(t.Context(), big)
		checkOneLine(t, err, ErrFull, db.path, "merge records")
	}
	checkEqual(t, "stored", dump(t, db), before)
	limit(1 << 30)
	if changes, err := run.MergeRecords(t.Context(), big); err != nil || len(changes) != len(big) {
		t.Errorf("%d changes, %v", len(changes), err)
	}
	if err := run.End(t.Context(), night(3), Result{}); err != nil {
		t.Error(err)
	}
	checkSound(t, db)
}

// TestReadOnly: SQLite's refusal to write is told as what it is.
func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	openStore(t, path).Close()
	reader, err := OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	before := folderContent(t, filepath.Dir(path))[path]
	mode, err := sql.Open("sqlite", dsn(path, map[string][]string{"mode": {"ro"}}))
	if err != nil {
		t.Fatal(err)
	}
	db := &DB{path: path, write: mode, read: reader.read}
	defer mode.Close()
	_, err = db.Begin(t.Context(), "sync", nil, night(2))
	checkOneLine(t, err, ErrUnusable, path, "read-only")
	checkOneLine(t, db.Ignore(t.Context(), "x", "", night(3), night(2)), ErrUnusable, path, "read-only")
	if after := folderContent(t, filepath.Dir(path))[path]; after != before {
		t.Error("the file has changed")
	}
}

// TestDamagedInside: damage that opening does not meet is told as such by whoever meets it.
func TestDamagedInside(t *testing.T) {
	content := soundFile(t)
	for at := 4096 * 2; at < len(content); at++ {
		content[at] = 'x'
	}
	path := filepath.Join(t.TempDir(), "x.db")
	writeAt(t, path, content)
	db, err := OpenReader(t.Context(), path)
	if err == nil {
		defer db.Close()
		_, err = db.Paper(t.Context(), "2001.00001")
	}
	checkOneLine(t, err, ErrCorrupt, path)
}

// TestNoPermission: a file that may only be read, and a folder in which nothing may be made: SQLite would need to write
// beside the database even to read it, and it is read all the same.
func TestNoPermission(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("permissions do not bind root")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "x.db")
	writeAt(t, path, soundFile(t))
	if err := errors.Join(os.Chmod(path, 0o444), os.Chmod(dir, 0o555)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o755) })
	_, err := Open(t.Context(), path)
	checkOneLine(t, err, ErrUnusable, path, "permission denied")
	_, err = Open(t.Context(), filepath.Join(dir, "new.db"))
	checkOneLine(t, err, ErrUnusable, "new.db", "cannot open it")
	db, err := OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	mustPaper(t, db, "2001.00001")
	if after := folderContent(t, dir); len(after) != 1 {
		t.Errorf("%d files", len(after))
	}
	if err := os.Chmod(path, 0o000); err != nil {
		t.Fatal(err)
	}
	_, err = OpenReader(t.Context(), path)
	checkOneLine(t, err, ErrUnusable, path, "cannot open it")
}
