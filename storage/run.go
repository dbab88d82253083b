package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"syncer/enrich"
	"time"

	"github.com/gofrs/flock"
)

// HeldError says that another run holds the database.
type HeldError struct {
	Path  string
	PID   int
	Host  string
	Kind  enrich.RunKind
	Since time.Time // zero when the holder is just starting
}

func (e *HeldError) Error() string {
	if e.Since.IsZero() {
		return fmt.Sprintf("begin run: %s: another run holds it", e.Path)
	}
	return fmt.Sprintf("begin run: %s: a %s run holds it since %s (process %d on %s)", e.Path, e.Kind, e.Since.UTC().Format(time.RFC3339),
		e.PID, e.Host)
}

// holder is what the lock file says of the process that holds it.
type holder struct {
	PID   int            `json:"pid"`
	Host  string         `json:"host"`
	Kind  enrich.RunKind `json:"kind"`
	Since time.Time      `json:"since"`
}

// Run is one run that writes: a night, or a part of one. Its methods are not safe for concurrent use.
type Run struct {
	ID      int64
	Started time.Time // the one time stamp of everything that the run writes, UTC, seconds

	db   *DB
	lock *flock.Flock
}

// Result is what a run row tells when it is closed.
type Result struct {
	Requests, Papers, Changed, Links, Broken int
	Complete                                 bool // everything that was due was asked and answered
	Distrusted                               bool
	Error                                    string
}

// Begin takes the database's lock and opens a run row over the named lists; *HeldError when another process has the lock.
// The lock belongs to the kernel: it is free when its holder dies, however it dies. Rows that a dead run left open are
// closed here as interrupted.
func (db *DB) Begin(ctx context.Context, kind enrich.RunKind, lists []string, now time.Time) (*Run, error) {
	lock := flock.New(db.lockPath())
	ok, err := lock.TryLock()
	if err != nil {
		return nil, db.fail("begin run", err)
	}
	if !ok {
		return nil, db.heldError()
	}
	run := &Run{Started: now.UTC().Truncate(time.Second), db: db, lock: lock}
	if err := run.open(ctx, kind, lists); err != nil {
		lock.Unlock()
		return nil, db.fail("begin run", err)
	}
	return run, nil
}

func (r *Run) open(ctx context.Context, kind enrich.RunKind, lists []string) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	self := holder{PID: os.Getpid(), Host: host, Kind: kind, Since: r.Started}
	text, err := json.Marshal(self)
	if err != nil {
		return err
	}
	if err := os.WriteFile(r.lock.Path(), text, 0o644); err != nil {
		return err
	}
	return inTx(ctx, r.db.write, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE run SET ended_at = ?, error = 'interrupted' WHERE ended_at IS NULL",
			stamp(r.Started)); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, "INSERT INTO run (kind, pid, host, started_at) VALUES (?, ?, ?, ?)", string(kind), self.PID,
			self.Host, stamp(r.Started))
		if err != nil {
			return err
		}
		if r.ID, err = result.LastInsertId(); err != nil {
			return err
		}
		for i, name := range lists {
			list, err := openList(ctx, tx, name, r.Started)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "INSERT INTO run_list (run, list, position) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", r.ID,
				list.n, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// lockPath is beside the file itself, as its -wal file is, so that a database has one lock whatever link leads to it.
func (db *DB) lockPath() string {
	path, err := filepath.EvalSymlinks(db.path)
	if err != nil {
		path = db.path // the error will come up where the lock file is opened
	}
	return path + ".lock"
}

func (db *DB) heldError() error {
	held := &HeldError{Path: db.path}
	text, err := os.ReadFile(db.lockPath())
	var h holder
	if err == nil && json.Unmarshal(text, &h) == nil {
		held.PID, held.Host, held.Kind, held.Since = h.PID, h.Host, h.Kind, h.Since
	}
	return held
}

// End closes the run row and gives the lock back. It works after ctx was cancelled too: a stopped run is told as such.
func (r *Run) End(ctx context.Context, now time.Time, res Result) error {
	ctx = context.WithoutCancel(ctx)
	err := r.inTx(ctx, "end run", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(
			ctx,
			`UPDATE run SET ended_at = ?, requests = ?, papers = ?, changed = ?, links = ?, broken = ?, complete = ?, distrusted = ?,
				error = ?
			WHERE n = ?`,
			stamp(now),
			res.Requests,
			res.Papers,
			res.Changed,
			res.Links,
			res.Broken,
			res.Complete,
			res.Distrusted,
			storable(res.Error),
			r.ID,
		)
		if err != nil || !res.Complete || res.Distrusted {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO list_judged (list, judges, at) SELECT rl.list, j.value, r.started_at
			FROM run AS r JOIN run_kind AS k ON k.kind = r.kind JOIN json_each(k.judges) AS j JOIN run_list AS rl ON rl.run = r.n
			WHERE r.n = ?
			ON CONFLICT (list, judges) DO UPDATE SET at = excluded.at WHERE at < excluded.at`, r.ID)
		return err
	})
	if unlockErr := r.lock.Unlock(); err == nil && unlockErr != nil {
		err = r.db.fail("end run", unlockErr)
	}
	return err
}

// inTx is one transaction of the run; the operation names it in errors.
func (r *Run) inTx(ctx context.Context, operation string, f func(context.Context, *sql.Tx) error) error {
	return r.db.fail(operation, inTx(ctx, r.db.write, f))
}
