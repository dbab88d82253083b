// Package worker is the one room where asking (fetch), deciding (enrich) and keeping (storage) meet: the jobs of this program as
// things that anybody may start, be it a command, a page or a test.
//
// In come reading lists that were read already (seeds.List, or the bytes of one) and options. Out come a report as data and, when
// a job did not come to its end, a typed error (errors.go). How far a job is, it tells through Progress. The clock, chance, the
// log and the transport are given from outside, in Worker.
//
// What never happens here: nothing is printed, no report is put into words, no flag, stream, colour or exit code is known, no
// SQL is written, no connection is opened and no record is compared but through the rooms that do so, and no setting of the
// whole process is touched.
//
// Begin with Run in night.go, which is a night from top to bottom:
//
//	night.go      the run is opened, its steps follow each other, it is closed whatever happens
//	papers.go     which papers are due, what arXiv says of them, what it does not know
//	histories.go  older versions, and licences, sizes and withdrawals by OAI-PMH
//	doubts.go     which paper a citation means whose identifier names another
//	links.go      the other links: asked for, kept as they come, judged in the end or not at all
//	probing.go    handing due links to the prober, and keeping what it sees (staging.go)
//	report.go     what a run has to tell; errors.go when there is more than that to say
//
// Beside the night stand plan.go (what a run would ask), check.go and correct.go (a list against the store, and the corrected
// list), export.go and lists.go (what the writers of package export are fed with; shapes.go turns what is stored into their
// models), store.go (small matters of the store: ignoring a finding, the last good night) and words.go (which findings are meant).
package worker

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"syncer/fetch"
	"syncer/seeds"
)

// Worker does the jobs. Its fields are what the world outside is; DB and Now are needed, and every job besides the reading ones
// needs Random. A Worker does one job at a time.
type Worker struct {
	DB string // path of the SQLite database; made when missing by a job that writes

	// APIURL, OAIURL, Interval and PaceFile are those of fetch.Options; empty is the real arXiv at its own pace.
	APIURL, OAIURL string
	Interval       time.Duration
	PaceFile       string
	// Contact and Version are told to whoever is asked, in the User-Agent.
	Contact, Version string

	Transport http.RoundTripper // of every request; nil is the network
	Now       func() time.Time
	Random    *rand.Rand   // makes addresses that nobody can have made
	Log       *slog.Logger // nil is silence
	Progress  Progress     // nil is silence
}

// log is the log, or one that says nothing.
func (w *Worker) log() *slog.Logger {
	if w.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return w.Log
}

// progress is who is told, or somebody who says nothing.
func (w *Worker) progress() Progress {
	if w.Progress == nil {
		return silence{}
	}
	return w.Progress
}

// arXiv makes the one client for all of arXiv in a job.
func (w *Worker) arXiv() (*fetch.Client, error) {
	client, err := fetch.New(fetch.Options{
		APIURL: w.APIURL, OAIURL: w.OAIURL, Contact: w.Contact, Version: w.Version, Interval: w.Interval, PaceFile: w.PaceFile,
		Transport: w.Transport, Logger: w.Log, OnWait: w.progress().Wait,
	})
	if err != nil {
		return nil, &OptionError{err}
	}
	return client, nil
}

// ReadList fetches a reading list from the web, never more of it than seeds.MaxSize.
func (w *Worker) ReadList(ctx context.Context, address string) ([]byte, error) {
	return fetch.Document(ctx, fetch.Options{Version: w.Version, Contact: w.Contact, Transport: w.Transport}, address, seeds.MaxSize)
}
