package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"
)

// TestPaceSharedFile has two clients with one pace file, each used from two goroutines, ask a slow arXiv.
func TestPaceSharedFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "pace")
		type visit struct{ from, to time.Time }
		var mu sync.Mutex
		var visits []visit
		answer := func(r *http.Request) (*http.Response, error) {
			from := time.Now()
			time.Sleep(700 * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			visits = append(visits, visit{from, time.Now()})
			return reply(200, currentFeed)(r)
		}
		var wg sync.WaitGroup
		for range 2 {
			c, _ := newClient(t, Options{PaceFile: path}, slices.Repeat([]step{answer}, 6)...)
			for range 2 {
				wg.Go(func() {
					for range 3 {
						if _, err := c.Records(t.Context(), both); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		wg.Wait()
		check(t, "requests", len(visits), 12)
		for i := 1; i < len(visits); i++ {
			if gap := visits[i].from.Sub(visits[i-1].to); gap < MinInterval {
				t.Errorf("request %d comes %v after the answer before it", i, gap)
			} else if gap > MinInterval+2*pacePoll+2*paceSlack {
				t.Errorf("request %d comes only %v after the answer before it", i, gap)
			}
		}
	})
}

// TestPaceHoldsDuringBody lets nobody else ask while a body is still being read.
func TestPaceHoldsDuringBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "pace")
		slowBody := func(r *http.Request) (*http.Response, error) {
			body := io.MultiReader(slowStart{10 * time.Second}, strings.NewReader(currentFeed))
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(body), Request: r}, nil
		}
		first, _ := newClient(t, Options{PaceFile: path}, slowBody)
		second, s := newClient(t, Options{PaceFile: path}, reply(200, currentFeed))
		start := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() {
			b, err := first.Records(t.Context(), both)
			wantBoth(t, b, err)
		})
		synctest.Wait()
		b, err := second.Records(t.Context(), both)
		wantBoth(t, b, err)
		wg.Wait()
		if at := s.asked[0].Sub(start); at < 10*time.Second || at > 10*time.Second+2*pacePoll {
			t.Errorf("the second asks after %v", at)
		}
	})
}

// slowStart keeps the reader of a body waiting for its first byte.
type slowStart struct{ delay time.Duration }

func (s slowStart) Read([]byte) (int, error) {
	time.Sleep(s.delay)
	return 0, io.EOF
}

func TestPaceFileContent(t *testing.T) {
	tests := []struct {
		name    string
		content string
		want    time.Duration // from the start of the second that synctest begins in, 2000-01-01T00:00:00Z
	}{
		{"no file", "-", 0},
		{"an empty file", "", 0},
		{"asked a second ago", "1999-12-31T23:59:59Z", 2 * time.Second},
		{"asked a second ago, in another zone", "2000-01-01T00:59:59.000000000+01:00\n", 2 * time.Second},
		{"asked long ago", "1999-12-31T00:00:00.000000000Z\n", 0},
		{"the clock was set back", "2038-01-01T00:00:00.000000000Z\n", 3 * time.Second},
		{"something else", "%PDF-1.7\n" + strings.Repeat("x", 1000), 3 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "pace")
				if test.content != "-" {
					if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				start := time.Now()
				c, s := newClient(t, Options{PaceFile: path}, func(r *http.Request) (*http.Response, error) {
					// What a process would find if this one were killed now.
					stamp(t, path, time.Now())
					time.Sleep(time.Second)
					return reply(200, currentFeed)(r)
				})
				b, err := c.Records(t.Context(), both)
				wantBoth(t, b, err)
				if at := s.asked[0].Sub(start); at < test.want || at > test.want+2*paceSlack {
					t.Errorf("asked after %v, want %v", at, test.want)
				}
				stamp(t, path, s.asked[0].Add(time.Second))
			})
		})
	}
}

// stamp checks that the pace file holds one time and nothing else.
func stamp(t *testing.T, path string, want time.Time) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return
	}
	at, err := time.Parse(time.RFC3339Nano+"\n", string(data))
	if err != nil || !at.Equal(want) {
		t.Errorf("the pace file says %q (%v), want %v", data, err, want)
	}
}

func TestPaceFileUnusable(t *testing.T) {
	folder := t.TempDir()
	for _, path := range []string{folder, filepath.Join(folder, "missing", "pace")} {
		c, _ := newClient(t, Options{PaceFile: path})
		_, err := c.Records(t.Context(), both)
		if err == nil || !strings.Contains(err.Error(), "pace file "+path) || !strings.Contains(err.Error(), "choose another place") {
			t.Errorf("got %v", err)
		}
		check(t, "requests", c.Requests(), 0)
		if _, again := c.Records(t.Context(), both); again == nil {
			t.Error("the second question does not fail")
		}
	}
}

// TestPaceCancelWhileLocked hears the context while another process holds the file.
func TestPaceCancelWhileLocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "pace")
		other := flock.New(path)
		if ok, err := other.TryLock(); !ok || err != nil {
			t.Fatal(ok, err)
		}
		var waits []WaitReason
		c, _ := newClient(t, Options{PaceFile: path, OnWait: func(e WaitEvent) { waits = append(waits, e.Reason) }})
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { cancel(errors.New("enough")) })
		if _, err := c.Records(ctx, both); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if !slices.Equal(waits, []WaitReason{WaitTurn}) {
			t.Errorf("waits %v", waits)
		}
		if err := other.Unlock(); err != nil {
			t.Fatal(err)
		}
	})
}

const childVariable = "SYNCER_FETCH_TEST_CHILD"

// TestPaceProcesses has three processes ask one server at once. Each is this test again, told by the environment what to ask.
func TestPaceProcesses(t *testing.T) {
	const interval = 200 * time.Millisecond
	if child := os.Getenv(childVariable); child != "" {
		server, path, _ := strings.Cut(child, " ")
		c, err := New(Options{APIURL: server, OAIURL: server, Interval: interval, PaceFile: path})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			b, err := c.Records(t.Context(), both)
			wantBoth(t, b, err)
		}
		return
	}
	var mu sync.Mutex
	var arrivals []time.Time
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		arrivals = append(arrivals, time.Now())
		mu.Unlock()
		if _, err := w.Write([]byte(currentFeed)); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	path := filepath.Join(t.TempDir(), "pace")
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPaceProcesses$", "-test.count=1")
			child.Env = append(os.Environ(), childVariable+"="+server.URL+" "+path)
			if out, err := child.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	wg.Wait()
	check(t, "requests", len(arrivals), 9)
	for i := 1; i < len(arrivals); i++ {
		if gap := arrivals[i].Sub(arrivals[i-1]); gap < interval {
			t.Errorf("request %d arrives %v after the one before it", i, gap)
		}
	}
}
