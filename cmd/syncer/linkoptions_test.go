package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestProbeArXiv: with --probe-arxiv the page itself decides, every night anew and with one event a change; without it the
// record does.
func TestProbeArXiv(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		const link = "https://arxiv.org/abs/1706.03762"
		n := newLinkNights(t, map[string]string{link: "404 gone", "https://a.example/1": "200 A"})
		for night := range 4 {
			if code, _, errs := n.run("sync", "--probe-arxiv"); code != 0 || n.web.asked[link] != night+1 {
				t.Errorf("night %d: exit code %d, asked %d times\n%s", night, code, n.web.asked[link], errs)
			}
			time.Sleep(24 * time.Hour)
		}
		if _, out, _ := n.run("findings"); strings.Count(out, "broken") != 1 {
			t.Errorf("findings:\n%s", out)
		}
		if code, out, _ := n.run("verify"); code != 0 || n.web.asked[link] != 4 || !strings.Contains(out, "ok: 2 links") {
			t.Errorf("by the record: exit code %d, asked %d times\n%s", code, n.web.asked[link], out)
		}
		if code, out, _ := n.run("verify", "--probe-arxiv", "--force"); code != exitFindings || n.web.asked[link] != 5 {
			t.Errorf("by the page: exit code %d, asked %d times\n%s", code, n.web.asked[link], out)
		}
	})
}

// TestStoppedVerifyReports: what is known when the run is stopped is reported.
func TestStoppedVerifyReports(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		n := newLinkNights(t, map[string]string{"https://a.example/1": "404 A", "https://b.example/2": "200 B"})
		n.run("verify")
		ctx, cancel := context.WithCancel(t.Context())
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			cancel()
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		var out, errs strings.Builder
		code := run(ctx, []string{"verify", n.list, "--db", n.db, "--force"}, strings.NewReader(""), &out, &errs, world(transport))
		if code != exitSignal || !strings.Contains(out.String(), "incomplete") || !strings.Contains(out.String(), "broken: 1 link") {
			t.Errorf("exit code %d\n%s\n%s", code, out.String(), errs.String())
		}
	})
}

// TestIgnoredInOneList: a finding that is ignored in one list is one in another.
func TestIgnoredInOneList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		n := newLinkNights(t, map[string]string{"https://a.example/1": "404 A"})
		text, err := os.ReadFile(n.list)
		if err != nil {
			t.Fatal(err)
		}
		other := filepath.Join(t.TempDir(), "other.md")
		if err := os.WriteFile(other, text, 0o644); err != nil {
			t.Fatal(err)
		}
		n.run("verify")
		_, out, _ := syncerWithLinks(t, n.web, "findings", "--db", n.db)
		_, key, _ := strings.Cut(strings.TrimSpace(out), "[")
		if code, _, errs := syncerWithLinks(t, n.web, "findings", "ignore", strings.TrimSuffix(key, "]"), "--reason", "known", "--db", n.db); code != 0 {
			t.Fatal(errs)
		}
		for list, want := range map[string]int{n.list: 0, other: exitFindings} {
			if code, out, _ := syncerWithLinks(t, n.web, "verify", list, "--db", n.db); code != want {
				t.Errorf("%s: exit code %d, want %d\n%s", list, code, want, out)
			}
		}
	})
}

// TestRestsOutliveAProcess: a host that asks for more patience than a run has is left alone by the next one too, until its time
// has come; a shorter rest is waited for.
func TestRestsOutliveAProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		const busy, other = "https://busy.example/1", "https://a.example/1"
		n := newLinkNights(t, map[string]string{busy: "429 100; 200 Busy", other: "200 A"})
		for run, want := range []struct {
			code, asked int
			line        string
		}{{0, 1, "blocked: 1 link"}, {exitFailed, 1, "blocked: 1 link"}, {0, 2, "ok: 2 links"}} {
			code, out, errs := n.run("verify", "--force", "--max-retry-after", "10s")
			if code != want.code || n.web.asked[busy] != want.asked || n.web.asked[other] != run+1 || !strings.Contains(out, want.line) {
				t.Errorf("run %d: exit code %d, asked %d times, the other host %d times\n%s\n%s", run, code, n.web.asked[busy], n.web.asked[other], out, errs)
			}
			time.Sleep(60 * time.Second)
		}
	})
}
