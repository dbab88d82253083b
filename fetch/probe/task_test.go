package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"syncer/enrich/link"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestRedirects: each is followed by hand, in turn at its host, as far as strangers' links may lead.
func TestRedirects(t *testing.T) {
	many := map[string]string{}
	for i := range 30 {
		many[fmt.Sprintf("/many/%d", i)] = fmt.Sprintf("301 /many/%d", i+1)
	}
	answers := map[string]string{ // path -> status and Location
		"/moved": "301 /new", "/moved308": "308 https://b.example/new", "/chain": "302 /moved", "/loop": "302 /loop2", "/loop2": "302 /loop", "/relative": "301 new",
		"/lost": "301 ", "/scheme": "302 ftp://a.example/x", "/private": "302 http://127.0.0.1/x", "/hex": "302 http://0x7f000001/x", "/v6": "302 http://[::ffff:10.0.0.1]/x", "/port": "302 http://a.example:22/x",
		"/script": "302 javascript:alert(1)", "/arxiv": "301 https://arxiv.org/abs/1706.03762", "/members": "302 /signin?next=/members", "/user": "302 http://user:secret@a.example/new",
		"/long": "302 /" + strings.Repeat("x", 5000), "/slashes": "302 //b.example/new", "/fragment": "302 /new#part", "/blank": "302  /new ", "/percent": "302 /100%-free%20%2",
	}
	for path, to := range many {
		answers[path] = to
	}
	synctest.Test(t, func(t *testing.T) {
		w := &web{answer: func(r *http.Request) (int, http.Header, string) {
			if r.URL.User != nil || r.Header.Get("Authorization") != "" || r.Header.Get("Referer") != "" {
				t.Errorf("%s is asked with %v %v", r.URL, r.URL.User, r.Header)
			}
			to, ok := answers[r.URL.Path]
			if r.URL.Host == "doi.org" {
				to, ok = "302 https://publisher.example/10", true
				if r.URL.Path == "/10.1000/2" {
					to = "301 https://publisher.example/10"
				}
			}
			if !ok {
				return page(r)
			}
			status, err := strconv.Atoi(to[:3])
			if err != nil {
				t.Error(err)
			}
			return status, http.Header{"Location": {to[4:]}}, "<h1>moved"
		}}
		for _, row := range []struct {
			address, final string
			status         int
			fault          link.Fault
			hops           int
			permanent      bool
			detail         string
		}{
			{"http://a.example/plain", "http://a.example/plain", 200, "", 0, false, ""},
			{"http://a.example/moved", "http://a.example/new", 200, "", 1, true, ""},
			{"http://a.example/moved308", "https://b.example/new", 200, "", 1, true, ""},
			{"http://a.example/chain", "http://a.example/new", 200, "", 2, false, ""},
			{"http://a.example/relative", "http://a.example/new", 200, "", 1, true, ""},
			{"http://a.example/slashes", "http://b.example/new", 200, "", 1, false, ""},
			{"http://a.example/fragment", "http://a.example/new#part", 200, "", 1, false, ""},
			{"http://a.example/blank", "http://a.example/new", 200, "", 1, false, ""},
			{"http://a.example/user", "http://a.example/new", 200, "", 1, false, ""},
			{"http://user:pw@a.example/plain", "http://a.example/plain", 200, "", 0, false, ""},
			{"http://a.example/loop", "http://a.example/loop2", 302, link.FaultLoop, 2, false, ""},
			{"http://a.example/many/0", "http://a.example/many/20", 301, link.FaultTooFar, 21, true, ""},
			{"http://a.example/many/12", "http://a.example/many/30", 200, "", 18, true, ""},
			{"http://a.example/percent", "http://a.example/100%25-free%20%252", 200, "", 1, false, ""},
			{"http://a.example/lost", "http://a.example/lost", 301, link.FaultRedirectLost, 0, false, ""},
			{"http://a.example/long", "http://a.example/long", 302, link.FaultRedirectLost, 0, false, ""},
			{"http://a.example/scheme", "ftp://a.example/x", 0, link.FaultNotAllowed, 1, false, `"ftp" addresses`},
			{"http://a.example/script", "javascript:alert(1)", 0, link.FaultNotAllowed, 1, false, "addresses are not asked for"},
			{"http://a.example/private", "http://127.0.0.1/x", 0, link.FaultNotAllowed, 1, false, "not on the public internet"},
			{"http://a.example/hex", "http://0x7f000001/x", 0, link.FaultNotAllowed, 1, false, "not on the public internet"},
			{"http://a.example/v6", "http://[::ffff:10.0.0.1]/x", 0, link.FaultNotAllowed, 1, false, "not on the public internet"},
			{"http://a.example/port", "http://a.example:22/x", 0, link.FaultNotAllowed, 1, false, "port 22"},
			{"http://a.example/arxiv", "https://arxiv.org/abs/1706.03762", 200, "", 1, true, ""},
			{"https://doi.org/10.1000/1", "https://publisher.example/10", 200, "", 1, false, ""},
			{"https://doi.org/10.1000/2", "https://publisher.example/10", 200, "", 1, false, ""},
			{"http://a.example/members", "http://a.example/signin?next=/members", 200, "", 1, false, ""},
		} {
			w.asked = nil
			p := probeAll(t, Options{Transport: w}, urls(row.address))[row.address]
			if p.FinalURL != row.final || p.Status != row.status || p.Fault != row.fault || len(p.Hops) != row.hops || p.Permanent() != row.permanent || !strings.Contains(p.Detail, row.detail) {
				t.Errorf("%s: %+v", row.address, p)
			}
			if strings.Contains(row.address, "members") != (p.Barrier != "") {
				t.Errorf("%s: barrier %q", row.address, p.Barrier)
			}
			for _, a := range w.asked {
				if strings.HasSuffix(a.host, "arxiv.org") || a.host == "publisher.example" || strings.Contains(a.host, "127.") {
					t.Errorf("%s: %s is asked", row.address, a.host)
				}
			}
		}
	})
}

// TestCookiesWithinAChain: a server that redirects until it sees its cookie is followed, and no cookie outlives the chain.
func TestCookiesWithinAChain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{answer: func(r *http.Request) (int, http.Header, string) {
			if _, err := r.Cookie("seen"); err != nil {
				return http.StatusFound, http.Header{"Location": {r.URL.Path}, "Set-Cookie": {"seen=1"}}, ""
			}
			return page(r)
		}}
		seen := probeAll(t, Options{Transport: w}, urls(manyLinks("c.example", 3)...))
		without := 0
		for _, a := range w.asked {
			if a.r.Header.Get("Cookie") == "" && a.path != "/robots.txt" {
				without++
			}
		}
		for url, p := range seen {
			if p.Status != http.StatusOK {
				t.Errorf("%s: %+v", url, p)
			}
		}
		if without != 3 {
			t.Errorf("%d requests without a cookie, want one a link", without)
		}
	})
}

// TestTries: what may pass in seconds is tried again, as far as robots.txt allows; what is plain, or slow, is not.
func TestTries(t *testing.T) {
	for _, row := range []struct {
		name    string
		answers string // one a try: a status, or a fault
		robots  string
		tries   int
		status  int
		fault   link.Fault
	}{
		{"flaky", "503 200", "", 2, 200, ""},
		{"failing", "500 502 500 200", "", 3, 500, ""},
		{"not found", "404 200", "", 1, 404, ""},
		{"forbidden", "403 200", "", 1, 403, ""},
		{"reset once", "reset 200", "", 2, 200, ""},
		{"reset", "reset reset 200", "", 2, 0, link.FaultReset},
		{"no such host", "nohost nohost 200", "", 2, 0, link.FaultNoHost},
		{"no such host by mistake", "nohost 200", "", 2, 200, ""},
		{"refused", "refused refused 200", "", 2, 0, link.FaultRefused},
		{"hanging", "hang 200", "", 1, 0, link.FaultTimeout},
		{"malformed", "garbage 200", "", 1, 0, link.FaultMalformed},
		{"robots.txt forbids a second look", "503 200", "User-agent: *\nDisallow: /p", 1, 503, ""},
		{"robots.txt forbids others a second look", "503 200", "User-agent: Bad\nDisallow: /", 2, 200, ""},
		{"the server itself asks to come again", "429,1 200", "User-agent: *\nDisallow: /p", 2, 200, ""},
		{"too many requests, said with 403", "403,1 200", "", 2, 200, ""},
		{"failing for a while", "500,1 502,1 504,1 200", "", 4, 200, ""},
		{"a challenge in the text", "challenge 200", "", 1, 503, ""},
		{"HTTP/2 stream broken once", "stream 200", "", 2, 200, ""},
		{"robots.txt forbids to come again unasked", "429 200", "User-agent: *\nDisallow: /p", 1, 429, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			answers := strings.Fields(row.answers)
			tries := 0
			transport := roundTripper(func(r *http.Request) (*http.Response, error) {
				give := func(status int, body string) (*http.Response, error) {
					return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
				}
				if r.URL.Path == "/robots.txt" {
					if row.robots == "" {
						return give(404, "")
					}
					return give(200, row.robots)
				}
				answer := answers[tries]
				tries++
				switch answer {
				case "reset":
					return nil, &net.OpError{Op: "read", Err: syscall.ECONNRESET}
				case "refused":
					return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
				case "nohost":
					return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", IsNotFound: true}}
				case "challenge":
					return give(503, "<title>Just a moment...</title><p>Enable JavaScript and cookies to continue")
				case "stream":
					return nil, errors.New("stream error: stream ID 3; INTERNAL_ERROR; received from peer")
				case "garbage":
					return nil, errors.New(`malformed HTTP response "SSH-2.0"`)
				case "hang":
					<-r.Context().Done()
					return nil, r.Context().Err()
				}
				code, after, wait := strings.Cut(answer, ",")
				status, _ := strconv.Atoi(code)
				response, err := give(status, "<p>words")
				if wait {
					response.Header.Set("Retry-After", after)
				}
				return response, err
			})
			address := "http://h.example/p/1"
			p := probeAll(t, Options{Transport: transport}, urls(address))[address]
			if tries != row.tries || p.Status != row.status || p.Fault != row.fault {
				t.Errorf("%s: %d tries, %+v", row.name, tries, p)
			}
		})
	}
}

// TestRobots: read first where a host has several links, its delay is kept, and never asked for a single link.
func TestRobots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		robotsRead := map[string]int{}
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			body := "<p>words"
			if r.URL.Path == "/robots.txt" {
				robotsRead[r.URL.Host]++
				body = "User-agent: *\nCrawl-delay: 5\nDisallow: /"
			} else if r.URL.Host == "many.example" {
				at = append(at, time.Now())
			}
			return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})
		seen := probeAll(t, Options{Transport: transport}, urls(append(manyLinks("many.example", 4), "http://one.example/p")...))
		for i := 1; i < len(at); i++ {
			if gap := at[i].Sub(at[i-1]); gap < 5*time.Second {
				t.Errorf("two requests %v apart", gap)
			}
		}
		if len(seen) != 5 || len(at) != 4 || robotsRead["many.example"] != 1 || robotsRead["one.example"] != 0 {
			t.Errorf("%d seen, %d requests, robots.txt %v", len(seen), len(at), robotsRead)
		}
		// An address made up needs leave.
		extra := Source{
			Hosts: func(_ context.Context, after string, _ int) ([]HostWork, error) {
				if after != "" {
					return nil, nil
				}
				return []HostWork{{Host: "many.example", Links: 1}}, nil
			},
			Links: func(_ context.Context, _ string, after int64, _ int) ([]Target, error) {
				if after > 0 {
					return nil, nil
				}
				return []Target{{ID: 1, URL: "http://many.example/xyzzy", Extra: true}}, nil
			},
		}
		if p := probeAll(t, Options{Transport: transport}, extra)["http://many.example/xyzzy"]; p.Fault != link.FaultNotAllowed {
			t.Errorf("%+v", p)
		}
	})
}

// TestArXivIsNotAsked: its pages are left alone, unless they are wanted: then in turn, fifteen seconds apart, as far as its
// robots.txt allows.
func TestArXivIsNotAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		var paths []string
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			at, paths = append(at, time.Now()), append(paths, r.URL.Path)
			body := "<p>words"
			if r.URL.Path == "/robots.txt" {
				body = "User-agent: *\nCrawl-delay: 15\nAllow: /abs\nDisallow: /search"
			}
			return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})
		links := []string{"https://arxiv.org/abs/1706.03762", "https://arxiv.org/list/cs.CL/recent", "https://arxiv.org/search/?query=x"}
		for _, p := range probeAll(t, Options{Transport: transport}, urls(links...)) {
			if p.Fault != link.FaultNotAllowed || !strings.Contains(p.Detail, "--probe-arxiv") {
				t.Errorf("%+v", p)
			}
		}
		if len(at) > 0 {
			t.Fatalf("arXiv was asked for %q", paths)
		}
		seen := probeAll(t, Options{Transport: transport, ArXivInterval: CrawlInterval, PaceFile: filepath.Join(t.TempDir(), "pace")}, urls(links...))
		for i := 1; i < len(at); i++ {
			if gap := at[i].Sub(at[i-1]); gap < CrawlInterval {
				t.Errorf("two requests %v apart", gap)
			}
		}
		if seen[links[0]].Status != 200 || seen[links[1]].Status != 200 || seen[links[2]].Fault != link.FaultNotAllowed || len(at) != 3 {
			t.Errorf("asked for %q: %+v", paths, seen)
		}
	})
}

// TestConditional: validators are sent, and a 304 says that nothing is new.
func TestConditional(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{answer: func(r *http.Request) (int, http.Header, string) {
			if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") == "then" {
				return http.StatusNotModified, nil, ""
			}
			return http.StatusOK, http.Header{"Etag": {`"v1"`}, "Last-Modified": {"then"}}, "<title>T</title>"
		}}
		for _, known := range []bool{false, true} {
			source := Source{
				Hosts: func(_ context.Context, after string, _ int) ([]HostWork, error) {
					if after != "" {
						return nil, nil
					}
					return []HostWork{{Host: "e.example", Links: 1}}, nil
				},
				Links: func(_ context.Context, _ string, after int64, _ int) ([]Target, error) {
					if after > 0 {
						return nil, nil
					}
					target := Target{ID: 1, URL: "http://e.example/"}
					if known {
						target.ETag, target.LastModified = `"v1"`, "then"
					}
					return []Target{target}, nil
				},
			}
			p := probeAll(t, Options{Transport: w}, source)["http://e.example/"]
			if p.NotModified != known || known == (p.Page != nil) || !known && (p.Page.ETag != `"v1"` || p.Page.LastModified != "then" || p.Page.Title != "T") {
				t.Errorf("known %t: %+v", known, p)
			}
		}
	})
}

// TestFragmentsShareARequest: links to several places of a page cost one request, and the missing place is told.
func TestFragmentsShareARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{answer: func(*http.Request) (int, http.Header, string) {
			return http.StatusOK, nil, `<h2 id="a b">one</h2><p id="two">` + strings.Repeat("word ", 100)
		}}
		base := "http://f.example/page"
		seen := probeAll(t, Options{Transport: w}, urls(base, base+"#a%20b", base+"#two", base+"#three"))
		for url, missing := range map[string]string{base: "", base + "#a%20b": "", base + "#two": "", base + "#three": "three"} {
			if p := seen[url]; p.Missing != missing || p.Status != 200 {
				t.Errorf("%s: %+v", url, p)
			}
		}
		if len(w.asked) != 2 { // robots.txt and the page
			t.Errorf("%d requests", len(w.asked))
		}
	})
}
