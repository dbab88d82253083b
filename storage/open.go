// Package storage is the only folder that knows SQL. It keeps papers, versions, lists, citations, changes, findings and
// runs in one SQLite file, whose views are a public interface (schema/0001_init.sql ends with them).
//
// open.go opens, migrate.go migrates. A Run (run.go) is one night: it holds the file lock, has one row and one time stamp, and its
// methods each read, decide by package enrich and write in one transaction: lists.go takes the lists in, merge.go the
// records, judge.go the findings. What a crash leaves is the batches before; the next Begin closes the row of the dead
// run. The readers (papers.go, views.go) are methods of DB, stream, and never block the writer nor wait for it (WAL).
package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"modernc.org/sqlite"
)

// What can be wrong with a database file, for errors.Is. The errors name the file and the reason.
var (
	// ErrNewer is a schema that a later program has written; it is refused unread.
	ErrNewer = errors.New("written by a newer syncer")
	// ErrCorrupt is a file that is no SQLite database, or a damaged one.
	ErrCorrupt = errors.New("not a sound SQLite database")
	// ErrUnusable is a path that cannot be a database: a directory, a missing folder, no permission to write.
	ErrUnusable = errors.New("cannot be used")
	// ErrFull is a full disk. The transaction under way is undone, everything before it is stored.
	ErrFull = errors.New("the disk is full")
)

//go:embed schema/*.sql
var schema embed.FS

// DB is an open database. Its methods may be called from several goroutines.
type DB struct {
	path  string
	write *sql.DB // one connection, immediate transactions; nil when opened for reading
	read  *sql.DB
}

// Open opens the database at path for reading and writing, makes it when missing, and migrates it.
func Open(ctx context.Context, path string) (*DB, error) {
	if err := checkPath(path); err != nil {
		return nil, openError(path, err)
	}
	write, err := sql.Open("sqlite", dsn(path, url.Values{
		"_synchronous": {
			"NORMAL",
		}, "_pragma": {"cache_size(-4000)"}, "_busy_timeout": {"10000"}, "_foreign_keys": {"1"}, "_txlock": {"immediate"},
	}))
	if err != nil {
		return nil, openError(path, err)
	}
	write.SetMaxOpenConns(1)
	db := &DB{path: path, write: write}
	if err := db.prepare(ctx); err != nil {
		return nil, errors.Join(openError(path, err), db.Close())
	}
	return db, nil
}

func (db *DB) prepare(ctx context.Context) error {
	if err := migrate(ctx, db.write); err != nil {
		return err
	}
	// A program with other kinds and the same schema.
	if differ, err := kindsDiffer(ctx, db.write); err != nil {
		return err
	} else if differ {
		if err := inTx(ctx, db.write, syncKinds); err != nil {
			return err
		}
	}
	if err := useWAL(ctx, db.write); err != nil {
		return err
	}
	if err := checkPragmas(ctx, db.write, map[string]string{"journal_mode": "wal", "foreign_keys": "1", "synchronous": "1",
		"cache_size": "-4000"}); err != nil {
		return err
	}
	read, err := openReadPool(db.path, false)
	if err != nil {
		return err
	}
	db.read = read
	return checkPragmas(ctx, db.read, map[string]string{"query_only": "1"})
}

// useWAL makes a setting that the file keeps, for every connection. It comes after all checks: a file that is refused stays
// as it is. Of two programs that switch at once SQLite refuses one without waiting, since each would wait for the other; an
// empty transaction does wait, until the other is done. A reader that will not end is told as an error after a few tries.
func useWAL(ctx context.Context, db *sql.DB) (err error) {
	for range 4 {
		if _, err = db.ExecContext(ctx, "PRAGMA journal_mode = WAL"); sqliteCode(err) != codeBusy {
			return err
		}
		if err := inTx(ctx, db, func(context.Context, *sql.Tx) error { return nil }); err != nil {
			return err
		}
	}
	return err
}

// OpenReader opens an existing database for reading only. A missing file is fs.ErrNotExist and is not made.
func OpenReader(ctx context.Context, path string) (*DB, error) {
	if err := checkFile(path); err != nil {
		return nil, openError(path, err)
	}
	var firstErr error
	// SQLite reads a WAL database only where it may write beside it. In a read-only folder without a -wal file nobody
	// writes either, and it may be read as immutable.
	for _, immutable := range []bool{false, true} {
		if _, err := os.Stat(path + "-wal"); immutable && err == nil {
			break
		}
		read, err := openReadPool(path, immutable)
		if err != nil {
			return nil, openError(path, err)
		}
		if err = checkVersion(ctx, read); err == nil {
			return &DB{path: path, read: read}, nil
		}
		read.Close()
		if firstErr == nil {
			firstErr = err
		}
		if code := sqliteCode(err); code != codeCantOpen && code != codeReadOnly {
			break
		}
	}
	return nil, openError(path, firstErr)
}

func openReadPool(path string, immutable bool) (*sql.DB, error) {
	values := url.Values{"mode": {"ro"}, "_query_only": {"1"}, "_busy_timeout": {"10000"}}
	if immutable {
		values.Set("immutable", "1")
	}
	return sql.Open("sqlite", dsn(path, values))
}

// Close closes the database. A Run should be ended before.
func (db *DB) Close() error {
	var errs []error
	for _, handle := range []*sql.DB{db.read, db.write} {
		if handle != nil {
			errs = append(errs, handle.Close())
		}
	}
	return errors.Join(errs...)
}

// dsn builds the file: URI; a pasted path would be cut off at a # or ?.
func dsn(path string, values url.Values) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: values.Encode()}).String()
}

// checkPath finds what SQLite reports as one obscure code for all of them.
func checkPath(path string) error {
	err := checkFile(path)
	if err == nil {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrUnusable, withoutPath(err))
		}
		return f.Close()
	}
	dir := filepath.Dir(path)
	info, dirErr := os.Stat(dir)
	switch {
	case dirErr != nil:
		return fmt.Errorf("%w: folder %s: %w", ErrUnusable, dir, withoutPath(dirErr))
	case !info.IsDir():
		return fmt.Errorf("%w: %s is not a folder", ErrUnusable, dir)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return nil
}

// checkFile refuses all but a regular file; a missing one is fs.ErrNotExist.
func checkFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return withoutPath(err)
	case err != nil:
		return fmt.Errorf("%w: %w", ErrUnusable, withoutPath(err))
	case info.IsDir():
		return fmt.Errorf("%w: is a directory", ErrUnusable)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%w: is not a regular file", ErrUnusable)
	}
	return nil
}

// checkPragmas reads settings back: a misspelt one in a DSN is ignored without a word.
func checkPragmas(ctx context.Context, db *sql.DB, want map[string]string) error {
	for name, value := range want {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+name).Scan(&got); err != nil {
			return err
		}
		if got != value {
			return fmt.Errorf("pragma %s is %q, want %q", name, got, value)
		}
	}
	return nil
}

// inTx runs f in one transaction; any error undoes it whole, and so does the end of ctx, between two statements. The statements
// themselves get a context that does not end: for each that could the driver starts a goroutine to watch it, which was a third
// of the CPU time of a batch of small ones.
func inTx(ctx context.Context, db *sql.DB, f func(context.Context, *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err = f(context.WithoutCancel(ctx), tx); err == nil {
		err = tx.Commit()
	}
	if err == nil {
		return nil
	}
	rollbackErr := ignoreDone(tx.Rollback())
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.Join(err, rollbackErr)
}

// ignoreDone drops the complaint that a cancelled context has rolled back already.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// The result codes of SQLite that are told apart (sqlite.org/rescode.html): primary ones, and the extended one for a -shm
// file that cannot grow, which is how a full disk shows at the first look at a database in WAL mode.
const (
	codeBusy     = 5
	codeReadOnly = 8
	codeCorrupt  = 11
	codeFull     = 13
	codeCantOpen = 14
	codeNotADB   = 26
	codeShmSize  = 4874
)

// sqliteCode is the result code of an error, the primary one where it is not codeShmSize; 0 when it is none of SQLite's.
func sqliteCode(err error) int {
	var e *sqlite.Error
	switch {
	case !errors.As(err, &e):
		return 0
	case e.Code() == codeShmSize:
		return codeShmSize
	}
	return e.Code() & 0xff
}

// openError and DB.fail name the file and turn SQLite's codes into ours.
func openError(path string, err error) error {
	return fmt.Errorf("open database: %s: %w", path, explain(err))
}

func (db *DB) fail(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %s: %w", operation, db.path, explain(err))
}

func explain(err error) error {
	if slices.ContainsFunc([]error{ErrNewer, ErrCorrupt, ErrUnusable, ErrFull}, func(known error) bool { return errors.Is(err, known) }) {
		return err
	}
	switch sqliteCode(err) {
	case codeCorrupt, codeNotADB:
		return fmt.Errorf("%w (%s)", ErrCorrupt, firstLine(err))
	case codeFull, codeShmSize:
		return ErrFull
	case codeReadOnly:
		return fmt.Errorf("%w: it is read-only", ErrUnusable)
	case codeCantOpen:
		return fmt.Errorf("%w: SQLite cannot open it or the files beside it", ErrUnusable)
	}
	if errors.Is(err, syscall.ENOSPC) { // of the lock file
		return ErrFull
	}
	return err
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// withoutPath drops the path that a message names already.
func withoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
