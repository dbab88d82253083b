package probe

import (
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"syncer/enrich/link"
)

// probeWith probes links with a Prober that was made before, and gives what was seen of each.
func probeWith(t *testing.T, p *Prober, links ...string) map[string]link.Probe {
	t.Helper()
	seen := map[string]link.Probe{}
	if err := p.Run(t.Context(), urls(links...), func(target Target, probe link.Probe) error {
		seen[target.URL] = probe
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return seen
}

// TestRestartOfAServer: a host that nobody listens at for a second has all its links tried again; one that stays away is given
// up soon.
func TestRestartOfAServer(t *testing.T) {
	for _, row := range []struct {
		away  time.Duration
		fault link.Fault
		most  int // requests
	}{{time.Second, link.FaultNone, 1 + 2*20}, {time.Hour, link.FaultRefused, 1 + 20 + 4}} {
		synctest.Test(t, func(t *testing.T) {
			w := &web{answer: page}
			began := time.Now()
			var requests atomic.Int32
			transport := roundTripper(func(r *http.Request) (*http.Response, error) {
				requests.Add(1)
				if time.Since(began) < row.away {
					return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
				}
				return w.RoundTrip(r)
			})
			for url, p := range probeAll(t, Options{Transport: transport}, urls(manyLinks("h.example", 20)...)) {
				if p.Fault != row.fault {
					t.Errorf("away for %v: %s: %+v", row.away, url, p)
				}
			}
			if n := int(requests.Load()); n > row.most {
				t.Errorf("away for %v: %d requests", row.away, n)
			}
		})
	}
}

// TestHostThatIsDown: after three requests that reached nobody the host's other links are answered for without asking.
func TestHostThatIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dials atomic.Int32
		transport := roundTripper(func(*http.Request) (*http.Response, error) {
			dials.Add(1)
			time.Sleep(10 * time.Second)
			return nil, &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}
		})
		seen := probeAll(t, Options{Transport: transport}, urls(manyLinks("down.example", 100)...))
		for url, p := range seen {
			if p.Fault != link.FaultTimeout {
				t.Errorf("%s: %+v", url, p)
			}
		}
		if len(seen) != 100 || dials.Load() > 5 {
			t.Errorf("%d links, %d dials", len(seen), dials.Load())
		}
	})
}

// TestHostThatFails: a host of which every page fails, or hangs, is not asked for each of its links again and again.
func TestHostThatFails(t *testing.T) {
	for _, row := range []struct {
		name     string
		answer   func(*http.Request) (*http.Response, error)
		requests int32
		within   time.Duration
		fault    link.Fault
	}{
		{"502", reply(http.StatusBadGateway, ""), 1 + 100 + 40, time.Minute, ""},
		{"hangs", func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, 1 + maxFailed + 1, 2 * time.Minute, link.FaultTimeout},
	} {
		synctest.Test(t, func(t *testing.T) {
			var requests atomic.Int32
			began := time.Now()
			seen := probeAll(t, Options{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				requests.Add(1)
				if r.URL.Path == "/robots.txt" {
					return reply(http.StatusNotFound, "")(r)
				}
				return row.answer(r)
			})}, urls(manyLinks("h.example", 100)...))
			for url, p := range seen {
				if p.Fault != row.fault || p.Fault == "" && p.Status != http.StatusBadGateway {
					t.Errorf("%s: %s: %+v", row.name, url, p)
				}
			}
			if n, took := requests.Load(), time.Since(began); len(seen) != 100 || n > row.requests || took > row.within {
				t.Errorf("%s: %d links by %d requests in %v", row.name, len(seen), n, took)
			}
		})
	}
}

// TestHostThatRefusesAll: a host that answers nothing but refusals is left in peace after a minute and a half, with all of its
// links; one that comes round earlier has them judged.
func TestHostThatRefusesAll(t *testing.T) {
	for _, row := range []struct {
		name    string
		status  int
		header  []string
		refuses time.Duration
		most    int           // requests
		within  time.Duration // that all of it takes
		good    int           // links
	}{
		{"429", 429, nil, time.Hour, 1 + 4*probeThrottles, 3 * time.Minute, 0},
		{"429 for 2 s", 429, []string{"Retry-After", "2"}, time.Hour, 2 * 60, 2 * time.Minute, 0},
		{"503 for 2 s", 503, []string{"Retry-After", "2"}, time.Hour, 2 * 60, 2 * time.Minute, 0},
		{"429 for a minute", 429, nil, time.Minute, 250, 3 * time.Minute, 198},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			w := &web{answer: func(r *http.Request) (int, http.Header, string) {
				if r.URL.Path == "/robots.txt" || time.Since(began) > row.refuses {
					return page(r)
				}
				h := http.Header{}
				if row.header != nil {
					h.Set(row.header[0], row.header[1])
				}
				return row.status, h, ""
			}}
			good := 0
			for url, p := range probeAll(t, Options{Transport: w}, urls(manyLinks("h.example", 200)...)) {
				if p.Status == http.StatusOK {
					good++
				} else if p.Status != row.status {
					t.Errorf("%s: %s: %+v", row.name, url, p)
				}
			}
			if took := time.Since(began); len(w.asked) > row.most || took > row.within || good < row.good {
				t.Errorf("%s: %d requests in %v, %d good", row.name, len(w.asked), took, good)
			}
		})
	}
}

// TestWishesOutliveARun: what a host has asked for in the first round of a night holds in the second.
func TestWishesOutliveARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		asked := map[string]int{}
		var paced []time.Time
		p, err := NewProber(Options{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			asked[r.URL.Host]++
			switch r.URL.Host {
			case "patience.example":
				return reply(http.StatusTooManyRequests, "", "Retry-After", "3600")(r)
			case "slow.example":
				if r.URL.Path == "/robots.txt" {
					return reply(http.StatusOK, "User-agent: *\nCrawl-delay: 4\n")(r)
				}
				paced = append(paced, time.Now())
			}
			return reply(http.StatusOK, "<p>words", "Content-Type", "text/html")(r)
		})})
		if err != nil {
			t.Fatal(err)
		}
		probeWith(t, p, "http://patience.example/a", "http://slow.example/a", "http://slow.example/b")
		if p.Waiting() != 0 || asked["patience.example"] != 1 {
			t.Errorf("%d left, %v", p.Waiting(), asked)
		}
		if seen := probeWith(t, p, "http://patience.example/b", "http://slow.example/c"); len(seen) != 1 || p.Waiting() != 1 {
			t.Errorf("%d left, %v", p.Waiting(), seen)
		}
		if asked["patience.example"] != 1 || asked["slow.example"] != 4 {
			t.Errorf("requests: %v", asked)
		}
		rests := p.Rests()
		if until := rests["patience.example"]; len(rests) != 1 || time.Until(until) < 50*time.Minute || time.Until(until) > time.Hour {
			t.Errorf("rests: %v", rests)
		}
		began := time.Now()
		rests["short.example"] = began.Add(time.Minute)
		if p, err = NewProber(Options{Transport: p.transport, Rests: rests}); err != nil {
			t.Fatal(err)
		}
		if seen := probeWith(t, p, "http://patience.example/c", "http://short.example/1"); len(seen) != 1 || p.Waiting() != 1 || time.Since(began) < time.Minute || asked["patience.example"] != 1 {
			t.Errorf("another Prober: %v, %d left, after %v", seen, p.Waiting(), time.Since(began))
		}
		for i := 1; i < len(paced); i++ {
			if gap := paced[i].Sub(paced[i-1]); gap < 4*time.Second {
				t.Errorf("two requests %v apart", gap)
			}
		}
	})
}

// TestWhereRobotsAreRead: behind a redirect of its own host, when a host that the list has no two links of is led to
// again and again, and an answer that asks for patience is heeded there as well.
func TestWhereRobotsAreRead(t *testing.T) {
	for _, row := range []struct {
		name   string
		links  []string
		robots func(r *http.Request) (*http.Response, error)
		gap    time.Duration // between two requests to target.example
	}{
		{"redirected to https", manyLinks("target.example", 4), func(r *http.Request) (*http.Response, error) {
			if r.URL.Scheme == "http" {
				return reply(http.StatusMovedPermanently, "", "Location", "https://target.example/robots.txt")(r)
			}
			return reply(http.StatusOK, "User-agent: *\nCrawl-delay: 5\n")(r)
		}, 5 * time.Second},
		{"led to by others", manyLinks("short.example", 4), func(r *http.Request) (*http.Response, error) {
			if r.URL.Host == "short.example" {
				return reply(http.StatusNotFound, "<p>words", "Content-Type", "text/html")(r)
			}
			return reply(http.StatusOK, "User-agent: *\nCrawl-delay: 5\n")(r)
		}, 5 * time.Second},
		{"itself behind a limit", manyLinks("target.example", 3), func(r *http.Request) (*http.Response, error) {
			return reply(http.StatusTooManyRequests, "", "Retry-After", "5")(r)
		}, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			var mu sync.Mutex
			var at []time.Duration
			transport := roundTripper(func(r *http.Request) (*http.Response, error) {
				switch {
				case r.URL.Path == "/robots.txt":
					return row.robots(r)
				case r.URL.Host == "short.example":
					return reply(http.StatusMovedPermanently, "", "Location", "http://target.example"+r.URL.Path)(r)
				}
				mu.Lock()
				defer mu.Unlock()
				at = append(at, time.Since(began))
				return reply(http.StatusOK, "<p>words", "Content-Type", "text/html")(r)
			})
			seen := probeAll(t, Options{Transport: transport}, urls(row.links...))
			if len(seen) != len(row.links) || len(at) != len(row.links) {
				t.Errorf("%s: %d seen, asked at %v", row.name, len(seen), at)
			}
			for i := 1; i < len(at); i++ {
				if at[i]-at[i-1] < row.gap {
					t.Errorf("%s: asked at %v", row.name, at)
				}
			}
			if row.gap == 0 && at[0] < 5*time.Second {
				t.Errorf("%s: asked at %v, inside the time to be left alone", row.name, at)
			}
		})
	}
}
