package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"syncer/enrich/link"
)

// web is a transport that answers for every host, after a while, and notes what it was asked and when.
type web struct {
	latency time.Duration
	answer  func(r *http.Request) (status int, header http.Header, body string)

	mu       sync.Mutex
	asked    []asked
	underWay map[string]int // requests under way, by host
	most     map[string]int
	all      int
	peak     int
}

type asked struct {
	at   time.Time
	host string
	path string
	r    *http.Request
}

func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	if w.underWay == nil {
		w.underWay, w.most = map[string]int{}, map[string]int{}
	}
	w.asked = append(w.asked, asked{time.Now(), r.URL.Host, r.URL.RequestURI(), r})
	w.underWay[r.URL.Host]++
	w.all++
	w.most[r.URL.Host], w.peak = max(w.most[r.URL.Host], w.underWay[r.URL.Host]), max(w.peak, w.all)
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.underWay[r.URL.Host]--
		w.all--
		w.mu.Unlock()
	}()
	timer := time.NewTimer(w.latency)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
		return nil, context.Cause(r.Context())
	}
	status, header, body := http.StatusOK, http.Header(nil), ""
	if r.URL.Path == "/robots.txt" {
		status = http.StatusNotFound
	} else {
		w.mu.Lock()
		status, header, body = w.answer(r)
		w.mu.Unlock()
	}
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "text/html; charset=utf-8")
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}, nil
}

// urls is a source of links, in order of hosts.
func urls(links ...string) Source {
	byHost := map[string][]Target{}
	var hosts []HostWork
	for i, address := range links {
		host := link.Host(address)
		if byHost[host] == nil {
			hosts = append(hosts, HostWork{Host: host})
		}
		byHost[host] = append(byHost[host], Target{ID: int64(i + 1), URL: address})
	}
	for i := range hosts {
		hosts[i].Links = len(byHost[hosts[i].Host])
	}
	return Source{
		Hosts: func(_ context.Context, after string, limit int) ([]HostWork, error) {
			page := hosts[:min(limit, len(hosts))]
			hosts = hosts[len(page):]
			return page, nil
		},
		Links: func(_ context.Context, host string, after int64, limit int) ([]Target, error) {
			var page []Target
			for _, t := range byHost[host] {
				if t.ID > after && len(page) < limit {
					page = append(page, t)
				}
			}
			return page, nil
		},
	}
}

// probeAll probes links and gives what was seen of each.
func probeAll(t *testing.T, o Options, source Source) map[string]link.Probe {
	t.Helper()
	p, err := NewProber(o)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]link.Probe{}
	if err := p.Run(t.Context(), source, func(target Target, probe link.Probe) error {
		if _, ok := seen[target.URL]; ok {
			t.Errorf("%s is answered for twice", target.URL)
		}
		seen[target.URL] = probe
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return seen
}

// manyLinks are n links of one host.
func manyLinks(host string, n int) []string {
	links := make([]string, n)
	for i := range links {
		links[i] = fmt.Sprintf("http://%s/p/%03d", host, i)
	}
	return links
}

// TestQuotaIsLearnt: a host takes five requests in a second and asks for a second's rest after the sixth. Its hundred links
// could be asked in 20 s at best; they are asked in little more, none inside a rest, and none is taken for refused.
func TestQuotaIsLearnt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var window, rest time.Time
		n, refused := 0, 0
		w := &web{latency: 50 * time.Millisecond}
		w.answer = func(r *http.Request) (int, http.Header, string) {
			arrived := time.Now().Add(-w.latency)
			if arrived.Sub(window) >= time.Second {
				window, n = arrived, 0
			}
			if n++; n > 5 {
				refused++
				if rest.Before(time.Now()) {
					rest = time.Now().Add(time.Second)
				}
				return http.StatusTooManyRequests, http.Header{"Retry-After": {"1"}}, ""
			}
			return http.StatusOK, nil, "<p>a page</p>"
		}
		start := time.Now()
		seen := probeAll(t, Options{Transport: w}, urls(manyLinks("limited.example", 100)...))
		took := time.Since(start)
		for url, p := range seen {
			if p.Status != http.StatusOK {
				t.Errorf("%s: status %d", url, p.Status)
			}
		}
		if len(seen) != 100 || took > 23*time.Second {
			t.Errorf("%d links in %v, %d refused; want 100 in at most 23 s", len(seen), took, refused)
		}
		if refused > 10 {
			t.Errorf("%d requests were refused", refused)
		}
	})
}

// page gives an ordinary page for every request.
func page(*http.Request) (int, http.Header, string) {
	return http.StatusOK, nil, "<title>t</title><p>a page"
}

// TestRetryAfterIsForTheHost: one page says 429 with a time; until then nothing of the host is asked, and all of it is in the
// end. Other hosts go on.
func TestRetryAfterIsForTheHost(t *testing.T) {
	for _, form := range []string{"seconds", "date"} {
		synctest.Test(t, func(t *testing.T) {
			var until time.Time
			w := &web{latency: 100 * time.Millisecond}
			w.answer = func(r *http.Request) (int, http.Header, string) {
				if r.URL.Host == "busy.example" && r.URL.Path == "/p/003" && until.IsZero() {
					until = time.Now().Add(30 * time.Second)
					value := "30"
					if form == "date" {
						value = until.UTC().Format(http.TimeFormat)
					}
					return http.StatusTooManyRequests, http.Header{"Retry-After": {value}}, ""
				}
				return page(r)
			}
			seen := probeAll(t, Options{Transport: w}, urls(append(manyLinks("busy.example", 20), manyLinks("idle.example", 20)...)...))
			for url, p := range seen {
				if p.Status != http.StatusOK {
					t.Errorf("%s: %s: status %d", form, url, p.Status)
				}
			}
			inside, last := 0, time.Time{}
			for _, a := range w.asked {
				if a.host == "busy.example" && a.at.After(until.Add(-29*time.Second)) && a.at.Before(until.Truncate(time.Second)) {
					inside++
				}
				if a.host == "idle.example" {
					last = a.at
				}
			}
			if len(seen) != 40 || inside > 0 || !last.Before(until.Add(-28*time.Second)) {
				t.Errorf("%s: %d answers, %d requests inside the time, the other host done at %v", form, len(seen), inside, last)
			}
		})
	}
}

// TestTooMuchPatience: a host that asks for an hour is left for another time, with what has been seen.
func TestTooMuchPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{latency: 100 * time.Millisecond, answer: func(r *http.Request) (int, http.Header, string) {
			if r.URL.Path == "/p/005" {
				return http.StatusTooManyRequests, http.Header{"Retry-After": {"3600"}}, ""
			}
			return page(r)
		}}
		p, err := NewProber(Options{Transport: w, PerHost: 1})
		if err != nil {
			t.Fatal(err)
		}
		statuses := map[int]int{}
		start := time.Now()
		if err := p.Run(t.Context(), urls(manyLinks("busy.example", 100)...), func(_ Target, probe link.Probe) error { statuses[probe.Status]++; return nil }); err != nil {
			t.Fatal(err)
		}
		if statuses[200] != 5 || statuses[429] != 1 || p.Waiting() != 94 || time.Since(start) > time.Minute {
			t.Errorf("%v, %d left, in %v", statuses, p.Waiting(), time.Since(start))
		}
	})
}

// TestAlwaysRefused: a page that says 429 for ever is given up, and known as refused.
func TestAlwaysRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{answer: func(r *http.Request) (int, http.Header, string) {
			if r.URL.Path == "/p/000" {
				return http.StatusTooManyRequests, nil, ""
			}
			return page(r)
		}}
		seen := probeAll(t, Options{Transport: w}, urls(manyLinks("h.example", 3)...))
		tries := 0
		for _, a := range w.asked {
			if a.path == "/p/000" {
				tries++
			}
		}
		if seen["http://h.example/p/000"].Status != 429 || seen["http://h.example/p/001"].Status != 200 || tries != probeThrottles {
			t.Errorf("%+v, %d tries", seen, tries)
		}
	})
}

// TestPace: at most two requests to a host at a time, forty milliseconds apart, and no more than Total in all.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{latency: 300 * time.Millisecond, answer: page}
		var links []string
		for i := range 30 {
			links = append(links, manyLinks(fmt.Sprintf("h%02d.example", i), 20)...)
		}
		seen := probeAll(t, Options{Transport: w, Total: 16}, urls(links...))
		last := map[string]time.Time{}
		for _, a := range w.asked {
			if gap := a.at.Sub(last[a.host]); gap < 40*time.Millisecond {
				t.Errorf("%s: two requests %v apart", a.host, gap)
			}
			last[a.host] = a.at
		}
		for host, n := range w.most {
			if n > 2 {
				t.Errorf("%s: %d requests at a time", host, n)
			}
		}
		if len(seen) != 600 || w.peak != 16 {
			t.Errorf("%d links, %d at a time", len(seen), w.peak)
		}
	})
}

// TestSlowHostsCostNothing: hosts that never answer hold no place that others could use.
func TestSlowHostsCostNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		defer close(hang)
		w := &web{latency: 50 * time.Millisecond}
		w.answer = page
		slow := roundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasPrefix(r.URL.Host, "aaa") {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return w.RoundTrip(r)
		})
		var links []string
		for i := range 8 { // first in order, and as many requests as there are places
			links = append(links, manyLinks(fmt.Sprintf("aaa%d.example", i), 2)...)
		}
		for i := range 40 {
			links = append(links, manyLinks(fmt.Sprintf("h%02d.example", i), 10)...)
		}
		start, done := time.Now(), time.Time{}
		p, err := NewProber(Options{Transport: slow, Total: 8})
		if err != nil {
			t.Fatal(err)
		}
		faults := map[link.Fault]int{}
		if err := p.Run(t.Context(), urls(links...), func(target Target, probe link.Probe) error {
			faults[probe.Fault]++
			if probe.Status == http.StatusOK {
				done = time.Now()
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		// 400 links and 40 robots.txt at 8 a 50 ms take 2.75 s.
		if took := done.Sub(start); faults[link.FaultNone] != 400 || faults[link.FaultTimeout] != 16 || took > 6*time.Second {
			t.Errorf("%v; the others took %v", faults, took)
		}
	})
}

// TestStop: a cancelled run ends at once, with nothing under way.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		w := &web{latency: time.Hour, answer: page}
		p, err := NewProber(Options{Transport: w, Timeout: 2 * time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		err = p.Run(ctx, urls(manyLinks("h.example", 50)...), func(Target, link.Probe) error { return nil })
		if !errors.Is(err, context.Canceled) || time.Since(start) > 2*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		failed := errors.New("the disk is full")
		w.latency = 0
		if err := p.Run(t.Context(), urls(manyLinks("h.example", 50)...), func(Target, link.Probe) error { return failed }); !errors.Is(err, failed) {
			t.Errorf("%v", err)
		}
	})
}
