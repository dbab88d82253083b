package worker

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"syncer/enrich"
	"syncer/fetch"
	"syncer/internal/replica"
	"syncer/seeds"
	"syncer/storage"
)

// roundTripper is a function as a transport.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// played is a transport that has answers for some addresses (a status and what belongs to it) and leaves the rest to the next.
func played(next http.RoundTripper, pages map[string]string) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		answer, ok := pages[r.URL.String()]
		if !ok {
			return next.RoundTrip(r)
		}
		status, text, _ := strings.Cut(answer, " ")
		response := &http.Response{Header: http.Header{"Content-Type": {"text/html"}}, Request: r}
		if _, err := fmt.Sscan(status, &response.StatusCode); err != nil {
			return nil, err
		}
		if response.StatusCode == http.StatusTooManyRequests {
			response.Header.Set("Retry-After", text)
		}
		response.Body = io.NopCloser(strings.NewReader("<title>" + text + "</title>" + strings.Repeat("<p>some words about "+text, 20)))
		return response, nil
	})
}

// noNetwork answers nothing.
var noNetwork = roundTripper(func(*http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Err: syscall.ENETUNREACH}
})

// evening sets the bubble's clock (which starts in the year 2000) to an evening of 2026.
func evening() time.Time {
	start := time.Date(2026, 11, 24, 4, 30, 0, 0, time.UTC)
	time.Sleep(time.Until(start))
	return start
}

func newReplica(t *testing.T, o replica.Options) http.RoundTripper {
	t.Helper()
	o.Now = time.Now
	server, err := replica.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return server.RoundTripper()
}

// newWorker is a worker with an empty database, the bubble's clock and always the same chance.
func newWorker(t *testing.T, transport http.RoundTripper) *Worker {
	t.Helper()
	dir := t.TempDir()
	return &Worker{
		DB: filepath.Join(dir, "w.db"), PaceFile: filepath.Join(dir, "pace"), Contact: "test@example.org", Version: "0",
		Transport: transport, Now: time.Now, Random: rand.New(rand.NewPCG(1, 2)),
	}
}

// options are those of a run of a kind over the links too.
func options(kind enrich.RunKind) Options {
	return Options{Kind: kind, Budget: DefaultBudget, Links: DefaultLinkOptions()}
}

// listOf reads a list of lines.
func listOf(t *testing.T, lines ...string) []seeds.List {
	t.Helper()
	list, err := seeds.Read("list.md", seeds.Markdown, []byte("# L\n\n"+strings.Join(lines, "\n")+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return []seeds.List{list}
}

// lastRun is the newest run row.
func lastRun(t *testing.T, w *Worker) storage.RunView {
	t.Helper()
	db, err := w.OpenReader(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	runs, err := db.Runs(context.Background(), 1)
	if err != nil || len(runs) != 1 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	return runs[0]
}

// told remembers what a worker says of its progress.
type told struct {
	phases []Phase
	steps  map[Phase]int
	found  map[Phase]int // of the last step
	waits  int
}

func (p *told) Begin(phase Phase, _ int) { p.phases = append(p.phases, phase) }

func (p *told) Step(found int, _ string) {
	phase := p.phases[len(p.phases)-1]
	p.steps[phase]++
	p.found[phase] = found
}

func (p *told) Wait(fetch.WaitEvent) { p.waits++ }
