package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"syncer/export"
	"syncer/internal/replica"
)

// page is one address of the web that a test plays: what it answers, a line for each time that it is asked. The last line
// goes on for ever. A line is a status and what belongs to it: "200 Title", "301 https://…", "429 2" (seconds), "reset".
type page struct {
	answers []string
	asked   int
}

// stagedWeb is a transport over staged pages, in front of a stand-in for arXiv and the rest.
type stagedWeb struct {
	next  http.RoundTripper
	pages map[string]*page
	down  bool // nobody answers

	mu    sync.Mutex
	asked map[string]int
}

// take gives the answer whose turn it is, and false for an address that is not staged.
func (w *stagedWeb) take(url string) (answer string, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked[url]++
	p := w.pages[url]
	if p == nil {
		return "", false
	}
	answer = p.answers[min(p.asked, len(p.answers)-1)]
	p.asked++
	return answer, true
}

func (w *stagedWeb) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.down {
		return nil, &net.OpError{Op: "dial", Err: syscall.ENETUNREACH}
	}
	answer, ok := w.take(r.URL.String())
	if !ok {
		return w.next.RoundTrip(r)
	}
	what, rest, _ := strings.Cut(answer, " ")
	if what == "reset" {
		return nil, io.ErrUnexpectedEOF
	}
	response := &http.Response{Header: http.Header{"Content-Type": {"text/html"}}, Request: r}
	if _, err := fmt.Sscan(what, &response.StatusCode); err != nil {
		return nil, err
	}
	body := "<title>" + rest + "</title>" + strings.Repeat("<p>some words about "+rest+" and what it is", 10)
	switch {
	case response.StatusCode >= 300 && response.StatusCode < 400:
		response.Header.Set("Location", rest)
	case response.StatusCode == http.StatusTooManyRequests:
		response.Header.Set("Retry-After", rest)
	}
	response.Body = io.NopCloser(strings.NewReader(body))
	return response, nil
}

// linkNights runs a command over a list, one night after the other, and gives what each has printed.
type linkNights struct {
	t    *testing.T
	web  *stagedWeb
	list string
	db   string
}

func newLinkNights(t *testing.T, pages map[string]string) *linkNights {
	t.Helper()
	n := &linkNights{t: t, list: filepath.Join(t.TempDir(), "list.md"), db: filepath.Join(t.TempDir(), "l.db")}
	n.web = &stagedWeb{next: newReplica(t, replica.Options{Now: time.Now}).RoundTripper(), pages: map[string]*page{}, asked: map[string]int{}}
	var lines []string
	for url, answers := range pages {
		n.web.pages[url] = &page{answers: strings.Split(answers, "; ")}
		lines = append(lines, fmt.Sprintf("- [Some link](%s)\n", url))
	}
	slices.Sort(lines)
	if err := os.WriteFile(n.list, []byte("# Links\n\n"+strings.Join(lines, "")), 0o644); err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *linkNights) run(command string, args ...string) (code int, out, errs string) {
	n.t.Helper()
	return syncerWithLinks(n.t, n.web, append([]string{command, n.list, "--db", n.db}, args...)...)
}

// verdicts gives each link's verdict, in the order of the list, by verify --json without asking anything.
func (n *linkNights) verdicts() map[string]string {
	n.t.Helper()
	_, out, errs := n.run("verify", "--json")
	all := map[string]string{}
	for line := range strings.Lines(out) {
		var l export.LinkJSON
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			n.t.Fatalf("%q: %v (%s)", line, err, errs)
		}
		all[l.URL] = string(l.Verdict)
	}
	return all
}

// TestThreeNightsOfLinks: flaky links are never broken, a dead one is at the third night and told once, a moved one at the
// second, a limited one is waited for.
func TestThreeNightsOfLinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		n := newLinkNights(t, map[string]string{
			"https://a.example/good":  "200 Good",
			"https://a.example/dead":  "404 Not here",
			"https://b.example/flaky": "503 x; 200 Flaky; 200 Flaky; reset; reset; 200 Flaky",
			"https://b.example/moved": "301 https://b.example/new",
			"https://b.example/new":   "200 New place",
			"https://c.example/busy":  "429 2; 200 Busy; 429 5; 200 Busy",
			"https://d.example/":      "403 Forbidden",
		})
		for night, want := range []struct{ dead, moved, told string }{
			{"suspect", "ok", ""},
			{"suspect", "moved", "moved: https://b.example/moved: moved permanently to https://b.example/new"},
			{"broken", "moved", "broken: https://a.example/dead: 404 Not Found"},
			{"broken", "moved", ""},
		} {
			code, out, errs := n.run("sync")
			if code != 0 {
				t.Fatalf("night %d: %d %s", night+1, code, errs)
			}
			_, findings, _ := n.run("findings")
			got := map[string]string{"/dead": "ok", "/moved": "ok"}
			for line := range strings.Lines(findings) {
				for _, verdict := range []string{"suspect", "broken", "moved", "blocked", "changed"} {
					for path := range got {
						if strings.Contains(line, verdict+": https://") && strings.Contains(line, path+":") {
							got[path] = verdict
						}
					}
				}
				if strings.Contains(line, "flaky") || strings.Contains(line, "good") || strings.Contains(line, "busy") {
					t.Errorf("night %d: %s", night+1, line)
				}
			}
			wantDead := want.dead
			if night == 0 {
				wantDead = "ok" // one bad night is no finding yet
			}
			if got["/dead"] != wantDead || got["/moved"] != want.moved {
				t.Errorf("night %d: %v, want dead %s, moved %s\n%s", night+1, got, want.dead, want.moved, findings)
			}
			if want.told != "" && !strings.Contains(out, want.told) {
				t.Errorf("night %d does not tell %q:\n%s", night+1, want.told, out)
			}
			if night == 3 && strings.Contains(out, "a.example/dead") {
				t.Errorf("a known broken link is news again:\n%s", out)
			}
			time.Sleep(24 * time.Hour)
		}
		if !strings.Contains(func() string { _, out, _ := n.run("findings"); return out }(), "blocked: https://d.example/") {
			t.Error("the forbidden one is not told")
		}
	})
}

// TestGoodLinksAreAskedRarely: a link that was good for weeks is asked once a week.
func TestGoodLinksAreAskedRarely(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		n := newLinkNights(t, map[string]string{"https://a.example/good": "200 Good"})
		for range 60 {
			if code, _, errs := n.run("sync"); code != 0 {
				t.Fatal(errs)
			}
			time.Sleep(24 * time.Hour)
		}
		if asked := n.web.asked["https://a.example/good"]; asked < 10 || asked > 20 {
			t.Errorf("asked %d times in 60 nights", asked)
		}
	})
}

// TestOutageJudgesNothing: when the own network is down nothing is called broken, the exit code says so, and the next run
// goes on as if the night had not been.
func TestOutageJudgesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		n := newLinkNights(t, map[string]string{"https://a.example/1": "200 A", "https://b.example/1": "200 B", "https://c.example/1": "200 C", "https://d.example/1": "404 D"})
		n.web.down = true
		code, out, errs := n.run("verify")
		if code != exitFailed || !strings.Contains(errs, "network here seems to be down") || !strings.Contains(out, "Not believed") {
			t.Errorf("exit code %d\n%s\n%s", code, out, errs)
		}
		n.web.down = false
		code, out, _ = n.run("verify")
		if code != exitFindings || !strings.Contains(out, "https://d.example/1: 404 Not Found (new, seen once)") || !strings.Contains(out, "ok: 3 links") {
			t.Errorf("exit code %d\n%s", code, out)
		}
		time.Sleep(24 * time.Hour)
		n.web.down = true
		if code, _, errs := n.run("verify"); code != exitFailed || !strings.Contains(errs, "no link is judged") {
			t.Errorf("exit code %d: %s", code, errs)
		}
		n.web.down = false
		if v := n.verdicts(); v["https://a.example/1"] != "ok" || v["https://d.example/1"] != "broken" {
			t.Errorf("%v", v)
		}
		_, out, _ = syncerWithLinks(t, n.web, "status", "--json", "--db", n.db)
		if !strings.Contains(out, `"distrusted":true`) {
			t.Errorf("status: %s", out)
		}
	})
}

// TestArXivDownLeavesTheWeb: links elsewhere are judged all the same, and the run is incomplete.
func TestArXivDownLeavesTheWeb(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		n := newLinkNights(t, map[string]string{"https://a.example/1": "200 A", "https://arxiv.org/abs/1706.03762": "x"})
		n.web.next = roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
		})
		delete(n.web.pages, "https://arxiv.org/abs/1706.03762")
		for command, judged := range map[string]string{"verify": "ok: 1 link", "sync": "1 link checked"} {
			n.db = filepath.Join(t.TempDir(), "l.db")
			code, out, errs := n.run(command)
			if code != exitFailed || !strings.Contains(errs, "ask arXiv for 1706.03762") || !strings.Contains(out, judged) {
				t.Errorf("%s: exit code %d\n%s\n%s", command, code, out, errs)
			}
		}
	})
}

// TestHostThatWantsPeace: what its host does not let us ask is left, and the run says that it is incomplete.
func TestHostThatWantsPeace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		n := newLinkNights(t, map[string]string{"https://a.example/1": "429 3600", "https://a.example/2": "429 3600", "https://a.example/3": "200 C", "https://b.example/1": "200 B"})
		code, out, errs := n.run("verify", "--per-host", "1")
		if code != exitFailed || !strings.Contains(errs, "2 links not asked for") || !strings.Contains(out, "ok: 1 link") || !strings.Contains(out, "blocked: 1 link") {
			t.Errorf("exit code %d\n%s\n%s", code, out, errs)
		}
	})
}

// TestVerifyIsNotAskedTwice: what is fresh is not asked again, unless by force; --fail-on decides on the exit code.
func TestVerifyIsNotAskedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		const dead, hidden = "https://a.example/dead", "https://b.example/barred"
		n := newLinkNights(t, map[string]string{dead: "404 x", hidden: "403 x"})
		for _, row := range []struct {
			args        []string
			code, asked int
		}{
			{nil, exitFindings, 1},
			{nil, exitFindings, 1},
			{[]string{"--force"}, exitFindings, 2},
			{[]string{"--fail-on", "moved"}, 0, 2},
			{[]string{"--fail-on", "blocked"}, exitFindings, 2},
			{[]string{"--fail-on", "error"}, exitFindings, 2},
			{[]string{"--fail-on", "any", "--dry-run"}, 0, 2},
		} {
			code, out, errs := n.run("verify", row.args...)
			if code != row.code || n.web.asked[dead] != row.asked {
				t.Errorf("%v: exit code %d, asked %d times; want %d and %d\n%s%s", row.args, code, n.web.asked[dead], row.code, row.asked, out, errs)
			}
		}
		_, out, _ := syncerWithLinks(t, n.web, "findings", "--json", "--db", n.db)
		var f export.FindingJSON
		for line := range strings.Lines(out) {
			if strings.Contains(line, dead) {
				if err := json.Unmarshal([]byte(line), &f); err != nil {
					t.Fatal(err)
				}
			}
		}
		if code, _, errs := syncerWithLinks(t, n.web, "findings", "ignore", f.Key, "--reason", "known", "--db", n.db); code != 0 {
			t.Fatal(errs)
		}
		if code, out, _ := n.run("verify"); code != 0 || !strings.Contains(out, "[ignored]") {
			t.Errorf("an ignored link fails the run: %d\n%s", code, out)
		}
	})
}

// TestArXivLinksByMetadata: links to arXiv's pages cost one request for all of them, and none of the pages is asked for.
func TestArXivLinksByMetadata(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		n := newLinkNights(t, map[string]string{
			"https://arxiv.org/abs/1706.03762": "x", "http://arxiv.org/pdf/1810.04805v2.pdf": "x", "https://arxiv.org/abs/1706.03762v99": "x", "https://arxiv.org/abs/2301.99999": "x",
			"http://xxx.lanl.gov/abs/1706.03762": "x", "https://doi.org/10.48550/arXiv.1706.03762": "x", "https://arxiv.org/list/cs.CL/recent": "x",
		})
		n.web.pages = nil
		code, out, errs := n.run("verify")
		if code != exitFindings {
			t.Errorf("exit code %d: %s", code, errs)
		}
		for _, want := range []string{
			"broken: 3 links", "https://arxiv.org/abs/1706.03762v99: there is no v99, the newest is v", "https://arxiv.org/abs/2301.99999: arXiv has no such paper",
			"http://xxx.lanl.gov/abs/1706.03762: this mirror of arXiv is closed; now https://arxiv.org/abs/1706.03762", "unchecked: 1 link", "--probe-arxiv", "ok: 3 links",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("no %q in\n%s", want, out)
			}
		}
		for url := range n.web.asked {
			if !strings.Contains(url, "/api/query") && !strings.Contains(url, "oai") {
				t.Errorf("%s was asked for", url)
			}
		}
	})
}

// TestArchive: newly broken links get a copy offered, a few a minute; an Archive that is down spoils nothing.
func TestArchive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		n := newLinkNights(t, map[string]string{"https://a.example/1": "404 x", "https://a.example/2": "404 x", "https://a.example/3": "410 x"})
		var at []time.Time
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host != "archive.org" {
				return n.web.RoundTrip(r)
			}
			at = append(at, time.Now())
			body := `{"archived_snapshots":{"closest":{"available":true,"url":"http://web.archive.org/web/2020/` + r.URL.Query().Get("url") + `","timestamp":"2020","status":"200"}}}`
			status := 200
			switch {
			case strings.HasSuffix(r.URL.Query().Get("url"), "2"):
				body = `{"archived_snapshots":{}}`
			case strings.HasSuffix(r.URL.Query().Get("url"), "3"):
				status = http.StatusTooManyRequests
			}
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})
		code, out, errs := syncerWithLinks(t, transport, "verify", n.list, "--db", n.db, "--archive")
		if code != exitFindings || !strings.Contains(out, "archived at https://web.archive.org/web/2020/https://a.example/1") || strings.Count(out, "archived at") != 1 || !strings.Contains(errs, "no archived copies tonight") {
			t.Errorf("exit code %d\n%s\n%s", code, out, errs)
		}
		for i := 1; i < len(at); i++ {
			if gap := at[i].Sub(at[i-1]); gap < 3*time.Second {
				t.Errorf("two questions %v apart", gap)
			}
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
