package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// execAt runs statements on a database that need not be ours.
func execAt(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func writeAt(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// folderContent is the names and contents of all files in a folder, to see that nothing was touched.
func folderContent(t *testing.T, dir string) map[string]string {
	t.Helper()
	content := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		content[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// checkOneLine is what every refusal has to be: of its kind, one line, naming the file, without a code of SQLite's alone.
func checkOneLine(t *testing.T, err, kind error, path string, parts ...string) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("error %v, want %v", err, kind)
		return
	}
	if strings.ContainsAny(err.Error(), "\n\r") || !strings.Contains(err.Error(), path) {
		t.Errorf("error %q does not name %q in one line", err, path)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

// soundFile is a closed database with a few papers, small enough to damage and big enough that there is something to.
func soundFile(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sound.db")
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	merge(t, db, night(2), recordOf("2001.00001", 1), recordOf("2001.00002", 1))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestRefused: what cannot be a database of ours is refused in one line of a known kind, and stays as it is. A writer leaves
// nothing beside it; a reader may leave the empty files that SQLite needs to read a database in WAL mode. The statements
// after the file's content make it another one.
func TestRefused(t *testing.T) {
	sound := soundFile(t)
	sqlite := "CREATE TABLE notes (text TEXT)"
	for _, test := range []struct {
		name       string
		content    []byte // nil: an empty file
		statements []string
		kind       error
		says       string
	}{
		{"a text", []byte(strings.Repeat("a text, and no short one\n", 1000)), nil, ErrCorrupt, "file is not a database"},
		{"a short text", []byte("xy"), nil, ErrCorrupt, "file is not a database"},
		{"zeroes", make([]byte, 8192), nil, ErrCorrupt, "file is not a database"},
		{"the magic words alone", []byte("SQLite format 3\x00"), nil, ErrCorrupt, ""},
		{"cut off in a page", sound[:len(sound)/2+100], nil, ErrCorrupt, "malformed"},
		{"cut off between pages", sound[:len(sound)-4096], nil, ErrCorrupt, "malformed"},
		{"cut off in the header", sound[:60], nil, ErrCorrupt, ""},
		{"newer", sound, []string{"PRAGMA user_version = 9999"}, ErrNewer, "schema 9999"},
		{"newer, not in WAL mode", sound, []string{"PRAGMA journal_mode = DELETE", "PRAGMA user_version = 9999"}, ErrNewer, "schema 9999"},
		{"of another program", nil, []string{sqlite}, ErrUnusable, "another program"},
		{"of another program that counts its schemas", nil, []string{sqlite, "PRAGMA user_version = 1"}, ErrUnusable, "another program"},
		{"of another program that has as many schemas", nil, []string{sqlite, fmt.Sprint("PRAGMA user_version = ", schemas(t))}, ErrUnusable, "another program"},
		{"of another program that has more schemas", nil, []string{sqlite, "PRAGMA user_version = 1000"}, ErrUnusable, "another program"},
		{"of another program, which has no table yet", nil, []string{"PRAGMA application_id = 252006673"}, ErrUnusable, "another program"},
		{"of another program that began with ours", sound, []string{"PRAGMA application_id = 252006673"}, ErrUnusable, "another program"},
	} {
		for _, open := range []struct {
			name string
			call func(string) (*DB, error)
		}{
			{"Open", func(path string) (*DB, error) { return Open(t.Context(), path) }},
			{"OpenReader", func(path string) (*DB, error) { return OpenReader(t.Context(), path) }},
		} {
			t.Run(test.name+"/"+open.name, func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, "x.db")
				writeAt(t, path, test.content)
				if test.statements != nil {
					execAt(t, path, test.statements...)
				}
				before := folderContent(t, dir)
				db, err := open.call(path)
				if err == nil {
					db.Close()
				}
				checkOneLine(t, err, test.kind, path, test.says)
				after := folderContent(t, dir)
				delete(after, path+"-shm")
				if after[path+"-wal"] == "" {
					delete(after, path+"-wal")
				}
				if len(after) != len(before) || after[path] != before[path] {
					t.Errorf("%d files before, %d after; the database is untouched: %t", len(before), len(after), after[path] == before[path])
				}
			})
		}
	}
}

func schemas(t *testing.T) int {
	t.Helper()
	files, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// TestNoPlace: paths where no database can be. Nothing is made.
func TestNoPlace(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	writeAt(t, file, []byte("x"))
	for _, test := range []struct {
		name, path, says string
		readerKind       error
	}{
		{"a folder", dir, "is a directory", ErrUnusable},
		{"a missing folder", filepath.Join(dir, "none", "x.db"), "none", fs.ErrNotExist},
		{"a file for a folder", filepath.Join(file, "x.db"), "is not a folder", ErrUnusable},
		{"a name too long", filepath.Join(dir, strings.Repeat("x", 300)), "file name too long", ErrUnusable},
		{"a name that ends early", filepath.Join(dir, "x.db\x00y"), "invalid argument", ErrUnusable},
		{"a device", os.DevNull, "is not a regular file", ErrUnusable},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := folderContent(t, dir)
			db, err := Open(t.Context(), test.path)
			if err == nil {
				db.Close()
			}
			checkOneLine(t, err, ErrUnusable, test.path, test.says)
			db, err = OpenReader(t.Context(), test.path)
			if err == nil {
				db.Close()
			}
			checkOneLine(t, err, test.readerKind, test.path)
			if after := folderContent(t, dir); len(after) != len(before) {
				t.Errorf("%d files, then %d", len(before), len(after))
			}
		})
	}
}

// TestReaderMakesNothing: reading asks for a database that is there, and filled.
func TestReaderMakesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	_, err := OpenReader(t.Context(), path)
	checkOneLine(t, err, fs.ErrNotExist, path)
	writeAt(t, path, nil)
	_, err = OpenReader(t.Context(), path)
	checkOneLine(t, err, ErrUnusable, path, "it is empty")
	if after := folderContent(t, filepath.Dir(path)); len(after) != 1 || after[path] != "" {
		t.Errorf("the reader has written: %d files, %d bytes", len(after), len(after[path]))
	}
}

// TestOlderSchema: a reader asks for the migration, a writer makes it and keeps what is there.
func TestOlderSchema(t *testing.T) {
	files, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.db")
	execAt(t, path, files[0], "PRAGMA user_version = 1", "INSERT INTO unknown VALUES ('2001.00001', '2026-11-01T00:00:00Z')")
	_, err = OpenReader(t.Context(), path)
	checkOneLine(t, err, ErrUnusable, path, "syncer sync migrates it")
	db := openStore(t, path)
	checkEqual(t, "version", rows(t, db, "PRAGMA user_version"), []string{fmt.Sprint(len(files))})
	checkEqual(t, "rows", rows(t, db, "SELECT id FROM unknown"), []string{"2001.00001"})
	checkSound(t, db)
}

// TestFailedMigration: a schema file that fails half way leaves nothing of itself.
func TestFailedMigration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	files, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	// The second file makes a table and then an index: the index is there already.
	execAt(t, path, files[0], "CREATE INDEX link_mention_place ON link_mention(list)", "PRAGMA user_version = 1")
	if db, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "migrate to schema 2") {
		db.Close()
		t.Fatalf("error %v", err)
	}
	execAt(t, path, "DROP INDEX link_mention_place")
	checkSound(t, openStore(t, path))
}

// TestPaths: a path is a path, whatever it has in it that means something in a URI.
func TestPaths(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b.db", "a#b.db", "a?b=c.db", "a%20b.db", "a%.db", "a&b;c.db", "ä 論文.db", "'\"`.db", "file:x.db", ":memory:", "-"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			db := openStore(t, path)
			merge(t, db, night(2), recordOf("2001.00001", 1))
			reader, err := OpenReader(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			mustPaper(t, reader, "2001.00001")
			copied := filepath.Join(dir, "copy of "+name)
			if err := db.Backup(t.Context(), copied); err != nil {
				t.Fatal(err)
			}
			for path := range folderContent(t, dir) {
				if !strings.HasPrefix(path, filepath.Join(dir, name)) && path != copied {
					t.Errorf("made %q", path)
				}
			}
		})
	}
}

// TestRelativePath: a name alone is a file in the working directory.
func TestRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	db := openStore(t, "x.db")
	merge(t, db, night(2), recordOf("2001.00001", 1))
	if _, err := os.Stat("x.db"); err != nil {
		t.Error(err)
	}
}

// TestOpenTogether: several programs that start at once on no database make one.
func TestOpenTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			db, err := Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	checkSound(t, openStore(t, path))
}
