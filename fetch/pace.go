package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/time/rate"
)

const (
	// paceLayout is RFC 3339 with all nine digits, so that every stamp has the same length and one small write replaces
	// the one before it whole.
	paceLayout = "2006-01-02T15:04:05.000000000Z07:00"
	// pacePoll is how often a process that waits for another looks again.
	pacePoll = 25 * time.Millisecond
	// paceSlack is added to the interval: rate counts in floating point, and a wait must never end a nanosecond early.
	paceSlack = time.Millisecond
)

// Pacer hands out turns to ask arXiv, one at a time and an interval apart, over all processes that use the same file.
// The file is locked during a turn, which keeps to the one connection that the terms of use allow, and holds the time
// when arXiv was last heard of. It is the arrival of the answer that counts, not the sending of the question: a request
// that was held up on its way must not be followed too closely by the next.
type Pacer struct {
	path     string // empty: this process alone
	interval time.Duration
	onWait   func(WaitEvent)
	busy     chan struct{} // holds one token during a turn of this process

	// last is when this process last heard of arXiv, with the monotonic clock, and stamp what it then wrote. As long
	// as the file says the same, nobody else has asked since, and changes of the wall clock do not matter.
	last  time.Time
	stamp string
}

func NewPacer(path string, interval time.Duration, onWait func(WaitEvent)) *Pacer {
	return &Pacer{path: path, interval: interval, onWait: onWait, busy: make(chan struct{}, 1)}
}

// Turn is the right to send one request. It lasts until end.
type Turn struct {
	pacer *Pacer
	lock  *flock.Flock // nil without a file
	file  *os.File     // nil without a file
}

// Begin waits until nobody else is asking and the interval is over. It hears ctx all the time.
func (p *Pacer) Begin(ctx context.Context) (*Turn, error) {
	select {
	case p.busy <- struct{}{}:
	default:
		p.onWait(WaitEvent{Reason: WaitTurn})
		select {
		case p.busy <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	t := &Turn{pacer: p}
	if err := t.open(ctx); err != nil {
		return nil, errors.Join(err, t.End())
	}
	if err := p.wait(ctx); err != nil {
		return nil, errors.Join(err, t.End())
	}
	return t, nil
}

// open locks the pace file and learns from it when another process last asked.
func (t *Turn) open(ctx context.Context) error {
	p := t.pacer
	if p.path == "" {
		return nil
	}
	t.lock = flock.New(p.path)
	locked, err := t.lock.TryLock()
	if err == nil && !locked {
		p.onWait(WaitEvent{Reason: WaitTurn})
		_, err = t.lock.TryLockContext(ctx, pacePoll)
	}
	if err == nil {
		t.file, err = os.OpenFile(p.path, os.O_RDWR, 0)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return paceFileError(p.path, err)
	}
	var buf [64]byte
	n, err := t.file.ReadAt(buf[:], 0)
	if err != nil && err != io.EOF {
		return paceFileError(p.path, err)
	}
	p.learn(string(buf[:n]), time.Now())
	return nil
}

// learn takes in what the pace file says. A time in the future (a clock was set back) and what is no time at all count
// as now, and so cost one interval at most; an empty file was never used.
func (p *Pacer) learn(text string, now time.Time) {
	if text == p.stamp || text == "" {
		return
	}
	at, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(text))
	if err != nil || at.After(now) {
		at = now
	}
	if at.After(p.last) {
		p.last = at
	}
}

// wait lets the interval since the last request pass.
func (p *Pacer) wait(ctx context.Context) error {
	if p.last.IsZero() {
		return ctx.Err()
	}
	limiter := rate.NewLimiter(rate.Every(p.interval+paceSlack), 1)
	limiter.AllowN(p.last, 1)
	wait := time.Until(p.last.Add(p.interval))
	if wait > 0 {
		p.onWait(WaitEvent{Reason: WaitPace, For: wait})
	}
	if err := limiter.Wait(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		// rate does not begin a wait that the deadline would cut short, and says so without naming the cause.
		return fmt.Errorf("the next request may be sent in %v: %w", wait.Round(time.Millisecond), context.DeadlineExceeded)
	}
	return nil
}

// Mark notes that arXiv was asked or heard just now.
func (t *Turn) Mark() error {
	p := t.pacer
	p.last = time.Now()
	if t.file == nil {
		return nil
	}
	p.stamp = p.last.UTC().Format(paceLayout) + "\n"
	if _, err := t.file.WriteAt([]byte(p.stamp), 0); err != nil {
		return paceFileError(p.path, err)
	}
	if err := t.file.Truncate(int64(len(p.stamp))); err != nil {
		return paceFileError(p.path, err)
	}
	return nil
}

// End lets the next one ask.
func (t *Turn) End() error {
	var err error
	if t.file != nil {
		err = t.file.Close()
	}
	if t.lock != nil {
		err = errors.Join(err, t.lock.Unlock())
	}
	<-t.pacer.busy
	return err
}

// paceFileError says what a pace file is for, since nobody asked for one by name.
func paceFileError(path string, err error) error {
	var perr *os.PathError
	if errors.As(err, &perr) {
		err = perr.Err
	}
	return fmt.Errorf("pace file %s, which keeps all processes together at arXiv's request rate: %w: "+
		"make it writable or choose another place for it", path, err)
}
