package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"syncer/enrich"
)

// web is a transport that answers for every host, after a while, and notes what it was asked and when.
type web struct {
	latency time.Duration
	answer  func(r *http.Request) (status int, header http.Header, body string)

	mu    sync.Mutex
	asked []asked
	under map[string]int // requests under way, by host
	most  map[string]int
	all   int
	peak  int
}

type asked struct {
	at   time.Time
	host string
	path string
	r    *http.Request
}

func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	if w.under == nil {
		w.under, w.most = map[string]int{}, map[string]int{}
	}
	w.asked = append(w.asked, asked{time.Now(), r.URL.Host, r.URL.RequestURI(), r})
	w.under[r.URL.Host]++
	w.all++
	w.most[r.URL.Host], w.peak = max(w.most[r.URL.Host], w.under[r.URL.Host]), max(w.peak, w.all)
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.under[r.URL.Host]--
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
	for i, link := range links {
		host := enrich.LinkHost(link)
		if byHost[host] == nil {
			hosts = append(hosts, HostWork{Host: host})
		}
		byHost[host] = append(byHost[host], Target{ID: int64(i + 1), URL: link})
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
func probeAll(t *testing.T, o ProbeOptions, source Source) map[string]enrich.Probe {
	t.Helper()
	p, err := NewProber(o)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]enrich.Probe{}
	if err := p.Run(t.Context(), source, func(target Target, probe enrich.Probe) error {
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
		seen := probeAll(t, ProbeOptions{Transport: w}, urls(manyLinks("limited.example", 100)...))
		took := time.Since(start)
		for url, p := range seen {
			if p.Status != http.StatusOK {
				t.Errorf("%s: status %d", url, p.Status)
			}
		}
		if len(seen) != 100 || took > 23*time.Second {
			t.Errorf("%d links in %v, %d refused; want 100 in at most 23 s", len(seen), took, refused)
		}
		t.Logf("%v, %d refused", took, refused)
		if testing.Verbose() {
			for i := 1; i < len(w.asked); i++ {
				fmt.Println(strconv.Itoa(i), w.asked[i].at.Sub(start), w.asked[i].at.Sub(w.asked[i-1].at), w.asked[i].path)
			}
		}
	})
}
