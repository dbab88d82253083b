package worker

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"syncer/arxiv"
	"syncer/export"
	"syncer/storage"
)

// ExportJob is what is to be exported.
type ExportJob struct {
	Filter storage.PaperFilter
	// Keys gives the papers that have none the citation keys that they keep for ever, before anything is written. A database
	// that cannot be written is read all the same: its papers then get the keys that they would be given.
	Keys bool
}

// Exported is the store at one moment, as the writers of package export take it. It holds until the call that gave it returns.
type Exported struct {
	Source export.Source
	Taken  func(key string) bool // for export.Options
	Lists  []string              // the names of all lists, whatever the filter
}

// Export calls write once with what is stored of the papers that pass the filter: all of it fits together, whatever is written
// meanwhile, and nothing is read before a writer asks for it. The error is *AbsentError when the filter names what is not
// there; that nothing is new or changed is no mistake. Errors of write are passed on as they are.
func (w *Worker) Export(ctx context.Context, job ExportJob, write func(Exported) error) error {
	db, err := w.openForExport(ctx, job)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Snapshot(ctx, func(s *storage.Snapshot) error {
		if err := checkStored(ctx, s, job.Filter); err != nil {
			return err
		}
		lists, err := s.ListNames(ctx)
		if err != nil {
			return err
		}
		var failed error
		isTaken := func(key string) bool {
			is, err := s.KeyTaken(ctx, key)
			failed = errors.Join(failed, err)
			return is
		}
		err = write(Exported{Source: w.source(ctx, s, job.Filter), Taken: isTaken, Lists: lists})
		if errors.Is(err, context.Canceled) {
			return err
		}
		return errors.Join(err, failed)
	})
}

// openForExport opens the database and pins the citation keys.
func (w *Worker) openForExport(ctx context.Context, job ExportJob) (*storage.DB, error) {
	if !job.Keys {
		return w.OpenReader(ctx)
	}
	reader, err := w.OpenReader(ctx)
	if err != nil && !errors.Is(err, storage.ErrUnusable) {
		return nil, err
	}
	writer, writeErr := storage.Open(ctx, w.DB)
	if writeErr != nil {
		if err == nil {
			w.log().Warn("citation keys are not pinned: the database cannot be written", "db", w.DB)
		}
		return reader, err
	}
	if reader != nil {
		reader.Close() // nothing was read or written by it
	}
	maker := storage.KeyMaker{Valid: export.ValidKey, Make: new(export.KeyMaker).Make}
	if err := writer.PinKeys(ctx, job.Filter, maker, w.Now()); err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	return writer, nil
}

// checkStored refuses a filter that names what is not there.
func checkStored(ctx context.Context, s *storage.Snapshot, f storage.PaperFilter) error {
	if f.List != "" {
		list, err := s.List(ctx, f.List)
		if err != nil {
			return err
		}
		if list.Format == "" {
			names, err := s.ListNames(ctx)
			return cmp.Or[error](err, &AbsentError{What: "list", Name: f.List, Lists: names})
		}
	}
	for _, id := range f.IDs {
		if is, err := anyPaper(ctx, s, storage.PaperFilter{IDs: []arxiv.ID{id}}); err != nil || !is {
			return cmp.Or[error](err, &AbsentError{What: "paper", Name: string(id)})
		}
	}
	for _, code := range f.Categories {
		if isCategory(code) {
			continue
		}
		// arXiv may have opened a category that this program does not know yet.
		if is, err := anyPaper(ctx, s, storage.PaperFilter{Categories: []string{code}}); err != nil || !is {
			return cmp.Or[error](err, &AbsentError{What: "category", Name: code})
		}
	}
	return nil
}

// isCategory says whether a code is a category, or an archive of some.
func isCategory(code string) bool {
	return slices.ContainsFunc(arxiv.Categories(), func(c arxiv.Category) bool {
		return c.Code == code || strings.HasPrefix(c.Code, code+".")
	})
}

func anyPaper(ctx context.Context, s *storage.Snapshot, f storage.PaperFilter) (bool, error) {
	for _, err := range s.Papers(ctx, f) {
		return err == nil, err
	}
	return false, nil
}
