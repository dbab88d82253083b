package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestJSONClient: what an answer is worth, in a line that holds no key.
func TestJSONClient(t *testing.T) {
	for _, row := range []struct {
		name string
		step step
		want string // the decoded name, or in brackets a part of the error
	}{
		{"an answer", reply(200, `{"name":"x"}`), "x"},
		{"a challenge page", reply(200, "<html><title>One moment</title></html>"), "[the answer is no JSON: \"One moment\"]"},
		{"another shape", reply(200, `{"name":[1]}`), "[JSON of another shape]"},
		{"not found", reply(404, "{}"), "[status 404]"},
		{"busy", reply(429, "slow", "Retry-After", "90"), "[slow down (status 429, for 1m30s)]"},
		{"busy without a word", reply(503, ""), "[slow down (status 503)]"},
		{"too long", reply(200, `{"name":"`+strings.Repeat("x", 2000)+`"}`), "[larger than 1 KiB]"},
		{"cut off", cut(`{"name":`), "[breaks off after 8 bytes]"},
		{"no connection", fail(errors.New("connection refused")), "[connection refused]"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{t: t, steps: []step{row.step}}
			c, err := NewJSONClient(JSONOptions{Version: "1", Contact: "me@example.org", Interval: time.Second, Timeout: time.Minute, MaxBody: 1 << 10, Transport: s})
			if err != nil {
				t.Fatal(err)
			}
			var v struct{ Name string }
			err = c.Get(t.Context(), &url.URL{Scheme: "https", Host: "api.example", Path: "/x", RawQuery: "key=secret"}, &v)
			got := v.Name
			if err != nil {
				got = "[" + err.Error() + "]"
				if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "\n") {
					t.Errorf("%s: %v", row.name, err)
				}
			}
			if !strings.Contains(got, strings.Trim(row.want, "[]")) || (err == nil) != !strings.HasPrefix(row.want, "[") {
				t.Errorf("%s: %s, want %s", row.name, got, row.want)
			}
		})
	}
}

// TestJSONClientIsPaced: an interval lies between an answer and the next question, and every one says who asks.
func TestJSONClientIsPaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var agents []string
		answer := func(r *http.Request) (*http.Response, error) {
			agents = append(agents, r.Header.Get("User-Agent")+" "+r.Header.Get("Accept"))
			return late(2*time.Second, reply(200, "{}"))(r)
		}
		s := &script{t: t, steps: []step{answer, answer, answer}}
		c, err := NewJSONClient(JSONOptions{Version: "1", Contact: "me@example.org", Interval: 15 * time.Second, Timeout: time.Minute, MaxBody: 1 << 10, Transport: s})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := c.Get(t.Context(), &url.URL{Scheme: "https", Host: "api.example"}, new(struct{})); err != nil {
				t.Fatal(err)
			}
		}
		for _, gap := range s.gaps() {
			if gap < 17*time.Second {
				t.Errorf("%s from one question to the next", gap)
			}
		}
		for _, agent := range agents {
			if agent != "syncer/1 (mailto:me@example.org) application/json" {
				t.Errorf("%q", agent)
			}
		}
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.Get(cancelled, &url.URL{Scheme: "https", Host: "api.example"}, new(struct{})); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

// TestJSONClientKeepsItsKey: a redirect to another host does not take the client's own headers along, one on the same host does.
func TestJSONClientKeepsItsKey(t *testing.T) {
	keys := map[string]string{}
	note := func(then step) step {
		return func(r *http.Request) (*http.Response, error) {
			keys[r.URL.Host+r.URL.Path] = r.Header.Get("X-Api-Key")
			return then(r)
		}
	}
	s := &script{t: t, steps: []step{note(reply(302, "", "Location", "/two")), note(reply(302, "", "Location", "https://other.example/")), note(reply(200, "{}"))}}
	c, err := NewJSONClient(JSONOptions{Interval: time.Millisecond, Timeout: time.Minute, MaxBody: 1 << 10, Header: http.Header{"X-Api-Key": {"secret"}}, Transport: s})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Get(t.Context(), &url.URL{Scheme: "https", Host: "api.example", Path: "/one"}, new(struct{})); err != nil {
		t.Fatal(err)
	}
	if keys["api.example/one"] != "secret" || keys["api.example/two"] != "secret" || keys["other.example/"] != "" {
		t.Errorf("keys sent: %v", keys)
	}
}
