package worker

import (
	"context"
	"sync"
	"time"

	"syncer/storage"
)

const (
	// stageAfter and stageMost are when what was seen is written down: a crash loses no more than that.
	stageAfter = time.Second
	stageMost  = 1000
)

// staging holds what was seen until it is written down. Nobody is woken for a single check: with thousands of links that would
// cost more than the writing.
type staging struct {
	run     *storage.Run
	mu      sync.Mutex // of checks
	checks  []storage.LinkCheck
	writing sync.Mutex // of written
	written int
}

// add is for the goroutine that everything waits for: it writes itself only when the disk lags behind.
func (s *staging) add(c storage.LinkCheck) error {
	s.mu.Lock()
	s.checks = append(s.checks, c)
	full := len(s.checks) >= stageMost
	s.mu.Unlock()
	if full {
		return s.write()
	}
	return nil
}

// write writes whatever happens to the run: what was seen is not asked for again.
func (s *staging) write() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	batch := s.checks
	s.checks = nil
	s.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	if err := s.run.StageChecks(context.Background(), batch); err != nil {
		s.mu.Lock()
		s.checks = append(batch, s.checks...) // the last write, when the run ends, tries once more
		s.mu.Unlock()
		return err
	}
	s.written += len(batch)
	return nil
}

// writeNowAndThen writes until ctx ends or writing fails.
func (s *staging) writeNowAndThen(ctx context.Context) error {
	ticker := time.NewTicker(stageAfter)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if err := s.write(); err != nil {
				return err
			}
		}
	}
}
