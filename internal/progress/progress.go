// Package progress shows how far a run is: a bar on a terminal, a plain line now and then elsewhere, nothing when
// silent. It writes to stderr only, so that stdout stays clean for results.
package progress

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// Mode says how progress is shown.
type Mode int

// The modes: Silent shows nothing, Lines a plain line per finished phase and per tenth of a long one, Bar a live bar.
const (
	Silent Mode = iota
	Lines
	Bar
)

// Display shows one phase after the other. Its methods are not safe for concurrent use.
type Display struct {
	w    io.Writer
	mode Mode
	bars *mpb.Progress

	phase, unit string
	done, total int
	quietUntil  time.Time // no plain line before, but the last
	bar         *mpb.Bar
	note        atomic.Value // string; the bar's own goroutine reads it
}

// New makes a display on w.
func New(w io.Writer, mode Mode) *Display {
	d := &Display{w: w, mode: mode}
	if mode == Bar {
		d.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(32), mpb.WithRefreshRate(200*time.Millisecond))
	}
	return d
}

// Phase begins a phase of total requests, each of which takes at least pace (for the time left). A phase without
// requests is not shown.
func (d *Display) Phase(name string, total int, pace time.Duration) {
	d.begin(name, "requests", total, func(s decor.Statistics) time.Duration { return time.Duration(s.Total-s.Current) * pace })
}

// quiet is how far apart the plain lines of a counted phase are at least: it may be over in a second.
const quiet = 5 * time.Second

// Count begins a phase of total things that are done many at once: what is left is reckoned from what was done.
func (d *Display) Count(name, unit string, total int) {
	start := time.Now()
	defer func() { d.quietUntil = start.Add(quiet) }()
	d.begin(name, unit, total, func(s decor.Statistics) time.Duration {
		if s.Current == 0 {
			return 0
		}
		return time.Duration(float64(time.Since(start)) / float64(s.Current) * float64(s.Total-s.Current))
	})
}

func (d *Display) begin(name, unit string, total int, remaining func(decor.Statistics) time.Duration) {
	d.finish()
	d.phase, d.unit, d.done, d.total, d.quietUntil = name, unit, 0, total, time.Time{}
	d.note.Store("")
	if total == 0 || d.mode != Bar {
		return
	}
	d.bar = d.bars.AddBar(int64(total),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(name+" ", decor.WCSyncSpaceR)),
		mpb.AppendDecorators(
			decor.CountersNoUnit("%d of %d "+unit),
			decor.Any(func(s decor.Statistics) string {
				text := ""
				if d := remaining(s); d > 0 {
					text = fmt.Sprintf(", about %s left", d.Round(time.Second))
				}
				return text + " " + d.note.Load().(string)
			}),
		))
}

// Step says that one more of the phase is done; note says what is had so far ("64 papers").
func (d *Display) Step(note string) {
	d.done++
	switch d.mode {
	case Bar:
		d.note.Store(note)
		if d.bar != nil {
			d.bar.Increment()
		}
	case Lines:
		if d.done == d.total || d.total >= 20 && d.done%(d.total/10) == 0 && !time.Now().Before(d.quietUntil) {
			d.quietUntil = d.quietUntil.Add(quiet)
			fmt.Fprintf(d.w, "%s: %d of %d %s", d.phase, d.done, d.total, d.unit)
			if note != "" {
				fmt.Fprintf(d.w, ", %s", note)
			}
			fmt.Fprintln(d.w)
		}
	}
}

// Wait says that the run waits longer than the ordinary pace, and why; 0 is a time that nobody knows.
func (d *Display) Wait(why string, wait time.Duration) {
	waiting := "waiting"
	if wait > 0 {
		waiting += " " + wait.Round(min(time.Second, max(wait/10, time.Millisecond))).String()
	}
	if d.mode == Lines {
		fmt.Fprintf(d.w, "%s: %s: %s\n", d.phase, waiting, why)
	}
	d.note.Store("(" + waiting + ": " + why + ")")
}

func (d *Display) finish() {
	if d.bar != nil {
		d.bar.Abort(true)
		d.bar = nil
	}
}

// Close ends the display and leaves the terminal clean.
func (d *Display) Close() {
	d.finish()
	if d.bars != nil {
		d.bars.Wait()
	}
}
