package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const secret = "s3cret-key-of-ours"

// newJSONClient makes a client with a key that asks a script, a second apart.
func newJSONClient(t *testing.T, steps ...step) (*JSONClient, *script) {
	t.Helper()
	s := &script{t: t, steps: steps}
	c, err := NewJSONClient(JSONOptions{
		Version: "1.2", Contact: "who@example.org", Transport: s, MaxBody: 64, Header: http.Header{"x-api-key": {secret}},
		Pacer: NewPacer("", time.Second, func(WaitEvent) {}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

// work is the question of these tests.
func work(t *testing.T) *url.URL {
	t.Helper()
	u, err := url.Parse("https://api.example/works?api_key=" + secret + "&per=1")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// sentAs gives a header that was set under exactly this name.
func sentAs(r *http.Request, name string) string { return strings.Join(r.Header[name], ",") }

func TestJSONAnswers(t *testing.T) {
	big := `"` + strings.Repeat("x", 62) + `"`
	for _, row := range []struct {
		name string
		step step
		want string // the value, or the error
	}{
		{"plain", reply(200, `{"title": "A"}`), "A"},
		{"called a page", reply(200, `{"title": "A"}`, "Content-Type", "text/html"), "A"},
		{"as large as is read", reply(200, `{"title":"`+strings.Repeat("x", 52)+`"}`), strings.Repeat("x", 52)},
		{"larger", reply(200, big+" "), "the answer is larger than 0 KiB"},
		{"page", reply(200, "<html><title>Just a\nmoment</title>", "Content-Type", "text/html; charset=utf-8"),
			`the answer is no JSON: "Just a moment"`},
		{"page without a type", reply(200, "\n<!DOCTYPE html><p>hello"), `the answer is no JSON: "\n<!DOCTYPE html><p>hello"`},
		{"words", reply(200, "Rate exceeded."), `the answer is no JSON: "Rate exceeded."`},
		{"nothing", reply(200, ""), "the answer is no JSON: empty answer"},
		{"another form", reply(200, `[7]`),
			"the answer is JSON of another form: json: cannot unmarshal array into Go value of type struct { Title string }"},
		{"breaks off", cut(`{"ti`), "the answer breaks off after 4 bytes: unexpected EOF"},
		{"repeats the key", reply(200, "no such key: "+secret), "the answer is no JSON: words that repeat the question"},
		{"unknown", reply(404, "no such work"), "status 404"},
		{"failing", reply(500, ""), "status 500"},
		{"throttled", reply(429, "", "Retry-After", "90"), "status 429: asked to wait for 1m30s"},
		{"overloaded", reply(503, "<html>"), "status 503: asked to wait for 0s"},
		{"no connection", fail(errors.New("line one\nline two")), "line one line two"},
		{"an error that repeats the key", fail(errors.New("no way to /?" + secret)),
			"failed, with words that repeat the question"},
		{"too late", late(time.Minute, reply(200, "{}")), "context deadline exceeded"},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, _ := newJSONClient(t, row.step)
			var answer struct{ Title string }
			got := ""
			if err := c.Get(t.Context(), work(t), &answer); err != nil {
				got = err.Error()
			} else {
				got = answer.Title
			}
			// net/http may add which time-out it was.
			if got, _, _ = strings.Cut(got, " (Client.Timeout"); got != row.want {
				t.Errorf("%s: %q, want %q", row.name, got, row.want)
			}
		})
	}
}

// TestJSONErrors: what a caller must tell apart has a type.
func TestJSONErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newJSONClient(t, reply(200, "<title>Log in</title>"), reply(404, "no such work"), reply(400, "bad key "+secret))
		var page *PageError
		if err := c.Get(t.Context(), work(t), new(any)); !errors.As(err, &page) || page.Said != `"Log in"` {
			t.Errorf("a page: %v", err)
		}
		for _, want := range []StatusError{{404, `"no such work"`}, {400, "words that repeat the question"}} {
			var status *StatusError
			if err := c.Get(t.Context(), work(t), new(any)); !errors.As(err, &status) || *status != want {
				t.Errorf("%v, want %+v", err, want)
			}
		}
	})
}

// TestJSONBusy: a Retry-After is believed up to an hour, and nothing is asked before it is over.
func TestJSONBusy(t *testing.T) {
	for _, row := range []struct {
		status     int
		retryAfter string
		wait       time.Duration
	}{
		{429, "60", time.Minute}, {503, "60", time.Minute}, {429, "86400", time.Hour}, {503, "", 0}, {429, "soon", 0},
		{429, "99999999999999999999", time.Hour}, {429, "Sat, 01 Jan 2000 00:10:00 GMT", 10 * time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) { // its clock starts with the year 2000
			c, s := newJSONClient(t, reply(row.status, "", "Retry-After", row.retryAfter), reply(200, "{}"))
			var busy *BusyError
			if err := c.Get(t.Context(), work(t), new(any)); !errors.As(err, &busy) || *busy != (BusyError{row.status, row.wait}) {
				t.Fatalf("%+v: %v", row, err)
			}
			if row.wait > 0 {
				err := c.Get(t.Context(), work(t), new(any))
				if !errors.As(err, &busy) || busy.Status != row.status || row.wait-busy.Wait < time.Second || len(s.asked) != 1 {
					t.Errorf("%+v: too early: %v", row, err)
				}
				time.Sleep(busy.Wait)
			}
			if err := c.Get(t.Context(), work(t), new(any)); err != nil || len(s.asked) != 2 {
				t.Errorf("%+v: %v after %d requests", row, err, len(s.asked))
			}
			if gap := s.gaps()[0]; gap < max(row.wait, time.Second) {
				t.Errorf("%+v: asked again after %v", row, gap)
			}
		})
	}
}

// TestJSONRedirects: another host gets neither the caller's headers nor the address that was asked, and some places are
// never asked.
func TestJSONRedirects(t *testing.T) {
	for _, row := range []struct {
		to   string
		key  string // that the second request carries
		want string // error
	}{
		{"/other", secret, ""},
		{"https://other.example/", "", ""},
		{"https://sub.api.example/", "", ""},
		{"https://api.example:8443/", "", ""},
		{"http://api.example/works", "", "it redirects from https to http"},
		{"https://arxiv.org/abs/1706.03762", "", "it redirects to arXiv, which is not asked here"},
		{"https://%zz/?" + secret, "", "failed, with words that repeat the question"},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, _ := newJSONClient(t,
				func(r *http.Request) (*http.Response, error) {
					if sentAs(r, "x-api-key") != secret || sentAs(r, "User-Agent") != "syncer/1.2 (mailto:who@example.org)" {
						t.Errorf("asked with %v", r.Header)
					}
					return reply(302, "", "Location", row.to)(r)
				},
				func(r *http.Request) (*http.Response, error) {
					if sentAs(r, "x-api-key") != row.key || r.Referer() != "" || r.UserAgent() == "" || sentAs(r, "Accept") == "" {
						t.Errorf("%s: asked with %v", row.to, r.Header)
					}
					return reply(200, "{}")(r)
				})
			got := ""
			if err := c.Get(t.Context(), work(t), new(any)); err != nil {
				got = err.Error()
			}
			if got != row.want {
				t.Errorf("%s: %q, want %q", row.to, got, row.want)
			}
		})
	}
}

// TestJSONRedirectsEnd: round and round is no answer.
func TestJSONRedirectsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		steps := make([]step, maxDocumentRedirects+1)
		for i := range steps {
			steps[i] = reply(302, "", "Location", "/works")
		}
		c, _ := newJSONClient(t, steps...)
		if err := c.Get(t.Context(), work(t), new(any)); err == nil || err.Error() != "more than 10 redirects" {
			t.Error(err)
		}
	})
}

// TestJSONStops: the caller's context ends a wait and a question; arXiv is not asked; what is set wrong is said.
func TestJSONStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newJSONClient(t, late(10*time.Second, reply(200, "{}")))
		for range 2 { // while it is asked, and while it waits for its turn
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second/2, cancel)
			if err := c.Get(ctx, work(t), new(any)); !errors.Is(err, context.Canceled) || err.Error() != "context canceled" {
				t.Error(err)
			}
		}
		u := &url.URL{Scheme: "https", Host: "export.arxiv.org", Path: "/api/query"}
		if err := c.Get(t.Context(), u, new(any)); err == nil || len(s.asked) != 1 {
			t.Errorf("%v after %d requests", err, len(s.asked))
		}
		pacer := NewPacer(filepath.Join(t.TempDir(), "no", "such", "pace"), time.Second, func(WaitEvent) {})
		if c, err := NewJSONClient(JSONOptions{Pacer: pacer, Transport: s}); err != nil || c.Get(t.Context(), work(t), new(any)) == nil {
			t.Errorf("a pace file that cannot be: %v", err)
		}
		for _, o := range []JSONOptions{{}, {Pacer: pacer, MaxBody: -1}, {Pacer: pacer, Timeout: -1}, {Pacer: pacer, Contact: "?"}} {
			if _, err := NewJSONClient(o); err == nil {
				t.Errorf("%+v is taken", o)
			}
		}
	})
}

// TestJSONBodyIsCapped: of an endless answer no more is read than the cap, and a little.
func TestJSONBodyIsCapped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, status := range []int{200, 404} {
			body := &endless{}
			c, _ := newJSONClient(t, func(r *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(body), Request: r}, nil
			})
			if err := c.Get(t.Context(), work(t), new(any)); err == nil || body.read > 1024 {
				t.Errorf("status %d: %v, %d bytes read", status, err, body.read)
			}
		}
	})
}
