package worker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"syncer/storage"
)

// OpenReader opens the database for a job, or for anybody, that only reads; ErrNoDatabase when there is none.
func (w *Worker) OpenReader(ctx context.Context) (*storage.DB, error) {
	db, err := storage.OpenReader(ctx, w.DB)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open database: %s: %w", w.DB, ErrNoDatabase)
	}
	return db, err
}

// Ignore stops an open finding from being reported until the given moment (zero: for ever); storage.ErrNoFinding when none has
// the key.
func (w *Worker) Ignore(ctx context.Context, key, reason string, until time.Time) error {
	return w.write(ctx, func(db *storage.DB) error { return db.Ignore(ctx, key, reason, until, w.Now()) })
}

// Unignore has an open finding reported again; storage.ErrNoFinding when none with the key is ignored.
func (w *Worker) Unignore(ctx context.Context, key string) error {
	return w.write(ctx, func(db *storage.DB) error { return db.Unignore(ctx, key) })
}

// IsOpen says what Ignore and, of ignored findings, Unignore would find, and writes nothing.
func (w *Worker) IsOpen(ctx context.Context, key string, ignored bool) (bool, error) {
	db, err := w.OpenReader(ctx)
	if err != nil {
		return false, err
	}
	defer db.Close()
	open, err := db.Findings(ctx, storage.FindingFilter{WithIgnored: true, Now: w.Now()})
	return slices.ContainsFunc(open, func(f storage.FindingView) bool { return f.Key == key && (f.Ignored || !ignored) }), err
}

func (w *Worker) write(ctx context.Context, change func(*storage.DB) error) error {
	db, err := storage.Open(ctx, w.DB)
	if err != nil {
		return err
	}
	defer db.Close()
	return change(db)
}

// LastNight is when the last good run began that counts as a night; the zero time when there was none, or no database yet.
func (w *Worker) LastNight(ctx context.Context) (time.Time, error) {
	db, err := w.OpenReader(ctx)
	if errors.Is(err, ErrNoDatabase) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	defer db.Close()
	return db.LastNight(ctx)
}
