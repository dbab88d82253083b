package storage

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
)

// The other process of these tests is the test binary again, told by its environment what to do to which database.
const (
	childDoes = "SYNCER_TEST_CHILD"
	childPath = "SYNCER_TEST_DB"
)

// batchOf is one batch of the child's: papers of a month, with comments of so many letters.
func batchOf(month, papers, letters int) []arxiv.Record {
	var records []arxiv.Record
	for i := range papers {
		records = append(records, recordOf(fmt.Sprintf("%04d.%05d", 2000+month, i+1), 1, func(r *arxiv.Record) {
			r.Comment = fmt.Sprintf("comment %d %s", i, strings.Repeat("x", letters))
		}))
	}
	return records
}

// halfBatch is long enough that SQLite writes of it to the log before the commit.
func halfBatch() []arxiv.Record { return append(batchOf(1, 100, 120_000), recordOf("1901.00001", 2)) }

const childBatch = 100

// TestChild is no test but what the other process does; it says what it has done line by line, and never ends by itself.
func TestChild(t *testing.T) {
	does, path := os.Getenv(childDoes), os.Getenv(childPath)
	if does == "" {
		t.Skip("only for the tests that start it")
	}
	ctx := context.Background()
	db, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if does == "migrate" {
		err := inTx(ctx, db.write, func(ctx context.Context, tx *sql.Tx) error {
			if _, err := tx.Exec("CREATE TABLE half (n); PRAGMA user_version = 999"); err != nil {
				return err
			}
			return sayAndWait("migrating")
		})
		t.Fatal(err)
	}
	run, err := db.Begin(ctx, "sync", []string{"a.md"}, night(3))
	if err != nil {
		t.Fatal(err)
	}
	switch does {
	case "hold":
		err = sayAndWait("holding")
	case "half a batch":
		err = run.inTx(ctx, "merge", func(ctx context.Context, tx *sql.Tx) error {
			m, err := newMerger(ctx, tx, run)
			if err != nil {
				return err
			}
			for _, r := range halfBatch() {
				if _, err := m.record(r); err != nil {
					return err
				}
			}
			return sayAndWait("half")
		})
	case "batches":
		for month := 1; err == nil; month++ {
			if _, err = run.MergeRecords(ctx, batchOf(month, childBatch, 10)); err == nil {
				_, err = fmt.Printf("batch %d\n", month)
			}
		}
	}
	t.Fatal(err)
}

// sayAndWait waits for a standard input that never comes.
func sayAndWait(what string) error {
	if _, err := fmt.Println(what); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return errors.Join(errors.New("nobody waits any more"), err)
}

// startChild starts the other process and waits until it says what it should.
func startChild(t *testing.T, does, path, says string) *exec.Cmd {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestChild$", "-test.timeout=60s")
	child.Env = append(os.Environ(), childDoes+"="+does, childPath+"="+path)
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdin, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); child.Process.Kill(); child.Wait() })
	var said []string
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if said = append(said, lines.Text()); lines.Text() == says {
			return child
		}
	}
	t.Fatalf("the other process says %q, never %q", said, says)
	return nil
}

// kill is SIGKILL: the process gets no chance to do anything about it.
func kill(t *testing.T, child *exec.Cmd) {
	t.Helper()
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.Wait() // says that it was killed
}

// TestHeldByAnotherProcess: the second run is told who holds the database and since when; readers are not held up; when
// the holder dies, the lock is free and its row says that it was interrupted.
func TestHeldByAnotherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db := openStore(t, path)
	merge(t, db, night(2), recordOf("2001.00001", 1))
	child := startChild(t, "hold", path, "holding")
	_, err := db.Begin(t.Context(), "verify", nil, night(4))
	var held *HeldError
	host, _ := os.Hostname()
	if !errors.As(err, &held) || held.PID != child.Process.Pid || held.Kind != "sync" || !held.Since.Equal(night(3)) || held.Host != host || held.Path != path {
		t.Fatalf("%+v, %v", held, err)
	}
	if want := fmt.Sprintf("begin run: %s: a sync run holds it since 2026-11-03T03:00:00Z (process %d on %s)", path, child.Process.Pid, host); err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	mustPaper(t, db, "2001.00001")
	if runs, err := db.Runs(t.Context(), 1); err != nil || !runs[0].EndedAt.IsZero() || runs[0].Lists[0] != "a.md" {
		t.Errorf("%+v, %v", runs, err)
	}
	if err := db.Backup(t.Context(), path+".copy"); err != nil {
		t.Error(err)
	}
	kill(t, child)
	merge(t, db, night(5), recordOf("2001.00001", 2))
	checkEqual(t, "runs", rows(t, db, "SELECT run, complete, ended_at, error FROM runs ORDER BY run"),
		[]string{"1|1|2026-11-02T03:00:00Z|", "2|0|2026-11-05T03:00:00Z|interrupted", "3|1|2026-11-05T03:00:00Z|"})
}

// TestHeldByThisProcess: two runs of one process are no different, and the lock is given back however a run ends.
func TestHeldByThisProcess(t *testing.T) {
	db := newStore(t)
	first, err := db.Begin(t.Context(), "verify", nil, night(2).Add(time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if !first.Started.Equal(night(2)) {
		t.Errorf("started %s", first.Started)
	}
	var held *HeldError
	if _, err := db.Begin(t.Context(), "sync", nil, night(3)); !errors.As(err, &held) || held.PID != os.Getpid() || held.Kind != "verify" {
		t.Fatalf("%v", err)
	}
	if err := first.End(t.Context(), night(2), Result{Requests: 1, Papers: 2, Changed: 3, Links: 4, Broken: 5, Complete: true, Distrusted: true, Error: "e\x00"}); err != nil {
		t.Fatal(err)
	}
	checkEqual(t, "the row", rows(t, db, "SELECT kind, lists, started_at, ended_at, requests, papers, changed, links, broken, complete, distrusted, error FROM runs"),
		[]string{"verify|[]|2026-11-02T03:00:00Z|2026-11-02T03:00:00Z|1|2|3|4|5|1|1|e"})
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := db.Begin(cancelled, "sync", nil, night(3)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	merge(t, db, night(4), recordOf("2001.00001", 1)) // the lock of the run that did not begin is free
}

// TestLockFileWithoutWords: a holder that is just starting, or a damaged lock file, still holds.
func TestLockFileWithoutWords(t *testing.T) {
	db := newStore(t)
	run, err := db.Begin(t.Context(), "sync", nil, night(2))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "{", "null", "\x00"} {
		writeAt(t, db.path+".lock", []byte(text))
		var held *HeldError
		if _, err := db.Begin(t.Context(), "sync", nil, night(3)); !errors.As(err, &held) || err.Error() != "begin run: "+db.path+": another run holds it" {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := run.End(t.Context(), night(2), Result{}); err != nil {
		t.Error(err)
	}
}

// TestLockBehindALink: one database has one lock, whatever name it is opened by.
func TestLockBehindALink(t *testing.T) {
	db := newStore(t)
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(db.path, link); err != nil {
		t.Skip(err)
	}
	run, err := db.Begin(t.Context(), "sync", nil, night(2))
	if err != nil {
		t.Fatal(err)
	}
	var held *HeldError
	if _, err := openStore(t, link).Begin(t.Context(), "sync", nil, night(3)); !errors.As(err, &held) {
		t.Errorf("%v", err)
	}
	if err := run.End(t.Context(), night(2), Result{}); err != nil {
		t.Error(err)
	}
}

// TestKilledInATransaction: what the transaction had written, much of it to the disk already, was never there.
func TestKilledInATransaction(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	db := openStore(t, path)
	merge(t, db, night(2), recordOf("1901.00001", 1))
	runOver(t, db, night(2), []string{"a.md"}, Result{}, nil)
	before := dump(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	child := startChild(t, "half a batch", path, "half")
	log, err := os.Stat(path + "-wal")
	if err != nil || log.Size() < 1<<20 {
		t.Errorf("the batch is not half written: %v, %v", log, err)
	}
	kill(t, child)

	reader, err := OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	checkEqual(t, "what a reader sees", dump(t, reader), before)
	reader.Close()
	db = openStore(t, path)
	checkEqual(t, "stored", dump(t, db), before)
	checkSound(t, db)
	if changes := merge(t, db, night(4), halfBatch()...); len(changes) != 101 {
		t.Errorf("%d changes in the next run", len(changes))
	}
	checkSound(t, db)
}

// TestKilledBetweenBatches, at whatever point it happens to be: all batches that were told as done are there, and whole.
func TestKilledBetweenBatches(t *testing.T) {
	t.Parallel()
	for _, batches := range []int{1, 3} {
		path := filepath.Join(t.TempDir(), "x.db")
		kill(t, startChild(t, "batches", path, fmt.Sprintf("batch %d", batches)))
		db := openStore(t, path)
		papers := len(rows(t, db, "SELECT id FROM papers"))
		if papers%childBatch != 0 || papers < batches*childBatch {
			t.Errorf("%d papers after %d batches", papers, batches)
		}
		checkEqual(t, "no news", rows(t, db, "SELECT count(*) FROM changes"), []string{"0"})
		checkSound(t, db)
		var again []arxiv.Record
		for month := 1; month <= papers/childBatch+1; month++ {
			again = append(again, batchOf(month, childBatch, 10)...)
		}
		if changes := merge(t, db, night(4), again...); len(changes) != childBatch {
			t.Errorf("%d changes in the next run", len(changes))
		}
	}
}

// TestKilledWhileMigrating: the schema is the one before, or the one after.
func TestKilledWhileMigrating(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	kill(t, startChild(t, "migrate", path, "migrating"))
	db := openStore(t, path)
	checkEqual(t, "half a schema", rows(t, db, "SELECT name FROM sqlite_master WHERE name = 'half'"), nil)
	checkSound(t, db)
}
