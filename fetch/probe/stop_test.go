package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"syncer/enrich/link"
)

// oneLinkEach are links of n hosts.
func oneLinkEach(n int) []string {
	links := make([]string, n)
	for i := range links {
		links[i] = fmt.Sprintf("http://h%d.example/r", i)
	}
	return links
}

// TestStoppedRequestsTellNothing: what is given up because the run is stopped is handed over as nothing, least of all as a
// broken answer.
func TestStoppedRequestsTellNothing(t *testing.T) {
	for range 50 { // of two things that are ready select takes any
		synctest.Test(t, func(t *testing.T) {
			transport := roundTripper(func(r *http.Request) (*http.Response, error) {
				if r.URL.Host == "h0.example" {
					time.Sleep(time.Millisecond)
					return reply(http.StatusOK, "<p>words", "Content-Type", "text/html")(r)
				}
				<-r.Context().Done()
				return nil, r.Context().Err()
			})
			p, err := NewProber(Options{Transport: transport})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err = p.Run(ctx, urls(oneLinkEach(20)...), func(target Target, probe link.Probe) error {
				if probe.Fault != link.FaultNone {
					t.Errorf("%s: %+v", target.URL, probe)
				}
				cancel()
				time.Sleep(time.Millisecond) // the others have their words ready
				return nil
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("a stopped run ends with %v", err)
			}
		})
	}
}

// TestPlacesAreGivenBackOnce: a request that is slow by just so much as is allowed gives its place back when that is noticed or
// when it is answered, not both; and a redirect's second request keeps the place that it has.
func TestPlacesAreGivenBackOnce(t *testing.T) {
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			w := &web{latency: slowAfter, answer: func(r *http.Request) (int, http.Header, string) {
				if r.URL.Path == "/r" {
					return http.StatusFound, http.Header{"Location": {"http://other.example/" + r.URL.Host}}, ""
				}
				return page(r)
			}}
			p, err := NewProber(Options{Transport: w, Total: 4})
			if err != nil {
				t.Fatal(err)
			}
			r := &probeRun{p: p, source: urls(oneLinkEach(40)...), hosts: p.hosts, sweepAt: 1024, answers: make(chan *sent, 4), slow: make(chan *sent)}
			r.found = func(Target, link.Probe) error {
				if r.active < 0 || r.active > 4 {
					t.Errorf("%d of 4 places are taken", r.active)
				}
				return nil
			}
			if err := r.loop(t.Context()); err != nil || r.active != 0 || r.open != 0 {
				t.Errorf("%v, %d places taken, %d requests open", err, r.active, r.open)
			}
		})
	}
}

// TestPaceFileFails: our own failure is no finding about a link.
func TestPaceFileFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := NewProber(Options{Transport: roundTripper(reply(http.StatusOK, "")), ArXivInterval: time.Minute, PaceFile: filepath.Join(t.TempDir(), "no", "such", "pace")})
		if err != nil {
			t.Fatal(err)
		}
		err = p.Run(t.Context(), urls("https://arxiv.org/abs/1706.03762"), func(target Target, probe link.Probe) error {
			t.Errorf("%s: %+v", target.URL, probe)
			return nil
		})
		if err == nil {
			t.Error("nobody is told")
		}
	})
}

// TestExtraRequests: one that goes beyond a link's own GET heeds robots.txt wherever it is led, and one that breaks off forbids all.
func TestExtraRequests(t *testing.T) {
	for _, row := range []struct {
		name   string
		robots io.Reader
		asked  string
		fault  link.Fault
	}{
		{"led to what is forbidden", strings.NewReader("User-agent: *\nDisallow: /private\n"), "/robots.txt /1", link.FaultNotAllowed},
		{"allowed", strings.NewReader("User-agent: *\nDisallow: /other\n"), "/robots.txt /1 /private/x", link.FaultNone},
		{"a robots.txt that breaks off", io.MultiReader(strings.NewReader("User-agent: *\n"), brokenReader{}), "/robots.txt", link.FaultNotAllowed},
	} {
		synctest.Test(t, func(t *testing.T) {
			var asked []string
			transport := roundTripper(func(r *http.Request) (*http.Response, error) {
				asked = append(asked, r.URL.Path)
				switch r.URL.Path {
				case "/robots.txt":
					response, err := reply(http.StatusOK, "")(r)
					response.Body = io.NopCloser(row.robots)
					return response, err
				case "/1":
					return reply(http.StatusFound, "", "Location", "/private/x")(r)
				}
				return reply(http.StatusOK, "<p>words", "Content-Type", "text/html")(r)
			})
			source := urls("http://a.example/1")
			links := source.Links
			source.Links = func(ctx context.Context, host string, after int64, limit int) ([]Target, error) {
				targets, err := links(ctx, host, after, limit)
				for i := range targets {
					targets[i].Extra = true
				}
				return targets, err
			}
			probe := probeAll(t, Options{Transport: transport}, source)["http://a.example/1"]
			if got := strings.Join(asked, " "); got != row.asked || probe.Fault != row.fault {
				t.Errorf("%s: asked for %s, want %s; %+v", row.name, got, row.asked, probe)
			}
		})
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestUnasked304: an answer that says the page is as it was says nothing where nobody has said how it was.
func TestUnasked304(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := probeAll(t, Options{Transport: roundTripper(reply(http.StatusNotModified, ""))}, urls("http://a.example/1"))["http://a.example/1"]
		if p.Fault != link.FaultMalformed || p.NotModified {
			t.Errorf("%+v", p)
		}
	})
}
