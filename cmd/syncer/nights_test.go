package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"syncer/internal/replica"
	"syncer/worker"
)

// recorder is a transport that notes when each request was sent, and may break some of them.
type recorder struct {
	mu    sync.Mutex
	next  http.RoundTripper
	times []time.Time
	urls  []string
	fail  func(n int, r *http.Request) error // n counts from 1; nil lets the request through
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.mu.Lock()
	r.times = append(r.times, time.Now())
	r.urls = append(r.urls, request.URL.String())
	n, fail := len(r.times), r.fail
	r.mu.Unlock()
	if fail != nil {
		if err := fail(n, request); err != nil {
			return nil, err
		}
	}
	return r.next.RoundTrip(request)
}

func (r *recorder) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.times, r.urls, r.fail = nil, nil, nil
}

// world is what a command of a test runs against: the network without a transport.
func world(transport http.RoundTripper) outside {
	if transport == nil {
		return outside{}
	}
	return played(transport)
}

// evening sets the bubble's clock (which starts in the year 2000) to an evening of 2026.
func evening() time.Time {
	start := time.Date(2026, 11, 24, 4, 30, 0, 0, time.UTC)
	time.Sleep(time.Until(start))
	return start
}

// syncer runs one command line in the bubble. A sync asks for papers only: links have tests of their own.
func syncer(t *testing.T, transport http.RoundTripper, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	if len(args) > 0 && args[0] == "sync" {
		args = append(slices.Clone(args), "--skip-links")
	}
	return syncerWithLinks(t, transport, args...)
}

func syncerWithLinks(t *testing.T, transport http.RoundTripper, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &out, &errs, world(transport))
	return code, out.String(), errs.String()
}

// TestFirstNightAsksLittleAndSlowly is the promise to arXiv: with an empty database, at the real interval, 1 request for
// the 64 current records, one per 100 older versions, the budgeted rest, and never two within 3 s.
func TestFirstNightAsksLittleAndSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		server := newReplica(t, replica.Options{Now: time.Now})
		wire := &recorder{next: server.RoundTripper()}
		db := filepath.Join(t.TempDir(), "syncer.db")
		code, out, errs := syncer(t, wire, "sync", "--db", db, "--contact", "test@example.org")
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, errs)
		}
		current, versions, lookups, raw := 0, 0, 0, 0
		for i, url := range wire.urls {
			switch {
			case strings.Contains(url, "/oai"):
				raw++
			case strings.Contains(url, "v1"):
				versions++
			case i == 0:
				current++
			default:
				lookups++
			}
		}
		older := lineWith(t, out, "older versions")
		var papers, held, histories int
		if _, err := fmt.Sscanf(older, " had: %d current records, %d older versions, %d histories", &papers, &held, &histories); err != nil {
			t.Fatalf("%q: %v", older, err)
		}
		t.Logf("%d requests: %d for %d current records, %d for %d older versions, %d to find out what doubtful citations mean, %d by OAI-PMH",
			len(wire.urls), current, papers, versions, held, lookups, raw)
		if papers != 64 || current != 1 || held < 100 || versions != (held+99)/100 || lookups == 0 || lookups+raw != worker.DefaultBudget {
			t.Errorf("want 64 papers in 1 request, older versions in one request per 100, %d of the budget", worker.DefaultBudget)
		}
		for i := 1; i < len(wire.times); i++ {
			if gap := wire.times[i].Sub(wire.times[i-1]); gap < 3*time.Second {
				t.Errorf("request %d came %v after the one before", i+1, gap)
			}
		}
		if !strings.Contains(out, "Abhimanyu Dubey -> Aaron Grattafiori") {
			t.Errorf("the report does not say that Llama 3 changed its first author:\n%s", out)
		}

		// A second process right after (another database, the same pace file is in the same folder) is tested in
		// TestPaceHoldsAcrossProcesses. Here: the second night finishes the histories, the third asks one request
		// and writes nothing but its run row.
		time.Sleep(24 * time.Hour)
		wire.reset()
		if code, _, errs := syncer(t, wire, "sync", "--db", db); code != 0 {
			t.Fatalf("second night: %s", errs)
		}
		if want := 1 + 64 - raw; len(wire.urls) != want {
			t.Errorf("second night asked %d requests, want %d", len(wire.urls), want)
		}
		time.Sleep(24 * time.Hour)
		wire.reset()
		before := contents(t, db)
		code, out, _ = syncer(t, wire, "sync", "--db", db)
		if code != 0 || len(wire.urls) != 1 || !strings.Contains(out, "Nothing changed.") {
			t.Errorf("third night: exit code %d, %d requests, report:\n%s", code, len(wire.urls), out)
		}
		if after := contents(t, db); after != before {
			t.Errorf("a night without changes wrote something:\n%s", firstDifference(before, after))
		}
	})
}

// TestBudgetCountsRetries: the budget is of requests, and OAI-PMH fails every other one.
func TestBudgetCountsRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		wire := &recorder{next: newReplica(t, replica.Options{Now: time.Now}).RoundTripper()}
		asked := 0
		wire.fail = func(_ int, r *http.Request) error {
			if !strings.Contains(r.URL.Path, "oai") {
				return nil
			}
			if asked++; asked%2 == 1 {
				return fmt.Errorf("connection reset")
			}
			return nil
		}
		db := filepath.Join(t.TempDir(), "syncer.db")
		code, out, errs := syncer(t, wire, "sync", "--db", db, "--budget", "25")
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, errs)
		}
		// One request for the current records, two for the older versions; the last question may need one retry.
		if spent := len(wire.urls) - 3; asked < 16 || spent < 25 || spent > 26 {
			t.Errorf("%d requests of a budget of 25, %d by OAI-PMH", spent, asked)
		}
		var had, left int
		if _, err := fmt.Sscanf(lineWith(t, out, "had: "), " had: 64 current records, 111 older versions, %d histories by OAI-PMH (%d wait", &had, &left); err != nil || had != asked/2 || had+left != 64 {
			t.Errorf("%d had and %d left after %d requests (%v)\n%s", had, left, asked, err, out)
		}
	})
}

// TestShapesAreNoNews: arXiv's feeds have changed their form twice, overnight and for every paper; no paper has.
func TestShapesAreNoNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		db := filepath.Join(t.TempDir(), "syncer.db")
		before := ""
		for i, shape := range []replica.Shape{replica.Classic, replica.Transitional, replica.Current, replica.Classic} {
			server := newReplica(t, replica.Options{Now: time.Now, Shape: shape})
			code, out, errs := syncer(t, server.RoundTripper(), "sync", "--db", db, "--budget", "100")
			if code != 0 {
				t.Fatalf("night %d: %s", i+1, errs)
			}
			now := contents(t, db)
			if i > 0 && (now != before || !strings.Contains(out, "Nothing changed.")) {
				t.Errorf("night %d:\n%s\n%s", i+1, firstDifference(before, now), out)
			}
			before = now
			time.Sleep(24 * time.Hour)
		}
	})
}

// TestThreeNights plays a replacement with a new title, a withdrawal, a disappearance and an outage in the middle.
func TestThreeNights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := evening()
		scenario, err := replica.DemoScenario(start)
		if err != nil {
			t.Fatal(err)
		}
		server := newReplica(t, replica.Options{Papers: scenario.Papers, Now: time.Now})
		wire := &recorder{next: server.RoundTripper()}
		db := filepath.Join(t.TempDir(), "syncer.db")
		if code, _, errs := syncer(t, wire, "sync", "--db", db, "--budget", "100"); code != 0 {
			t.Fatalf("first night: %s", errs)
		}
		first := contents(t, db)

		// Second night: the API answers, then the network is gone for good.
		time.Sleep(24 * time.Hour)
		wire.reset()
		wire.fail = func(n int, _ *http.Request) error {
			if n >= 2 {
				return fmt.Errorf("network is unreachable")
			}
			return nil
		}
		code, out, errs := syncer(t, wire, "sync", "--db", db, "--budget", "100")
		if code != exitFailed || !strings.Contains(errs, "network is unreachable") || !strings.Contains(out, "ncomplete") {
			t.Fatalf("night with an outage: exit code %d\n%s\n%s", code, out, errs)
		}

		// The same evening again: it goes on from the store.
		wire.reset()
		code, out, errs = syncer(t, wire, "sync", "--db", db, "--budget", "100", "--force")
		if code != 0 {
			t.Fatalf("after the outage: %s", errs)
		}
		findings := findingKindsOpen(t, db)
		for _, kind := range []string{"withdrawn", "disappeared", "replaced"} {
			if !slices.Contains(findings, kind) {
				t.Errorf("no %s finding is open, only %v; report:\n%s", kind, findings, out)
			}
		}
		changes := exported(t, db, "changes")
		for _, kind := range []string{"replaced", "title-changed", "withdrawn", "disappeared", "published"} {
			if n := strings.Count(changes, `"kind":"`+kind+`"`); n == 0 || kind == "disappeared" && n != 1 {
				t.Errorf("%d changes of kind %s are stored", n, kind)
			}
		}

		// Third night: nothing new, and the findings stay without being told again.
		time.Sleep(24 * time.Hour)
		wire.reset()
		before := contents(t, db)
		code, out, errs = syncer(t, wire, "sync", "--db", db, "--budget", "100")
		if code != 0 || !strings.Contains(out, "Findings: 0 new") {
			t.Errorf("third night: exit code %d %s\n%s", code, errs, out)
		}
		if after := contents(t, db); after != before {
			t.Errorf("the third night wrote something:\n%s", firstDifference(before, after))
		}
		if first == before {
			t.Error("the second night stored nothing")
		}
	})
}

// TestTooMuchIsNotBelieved: when every title changes at once, or more than a fifth of the papers are missing, it is recorded
// and not flagged. Another run asks for all of them again, right away or the next night, and is believed when it finds the
// same; when it finds other papers missing, it is not.
func TestTooMuchIsNotBelieved(t *testing.T) {
	const papers = 40
	for _, row := range []struct {
		name    string
		change  func(i int) string // what happens to the i-th paper 12 and 36 hours after the start, as JSON
		nights  []string           // what each run after the first night finds: "no", or the kind that is flagged
		flagged int
	}{
		{"all changed", func(i int) string {
			return fmt.Sprintf(`"versions":[%s,{"version":2,"submitted":"DAY1","title":"Another %d"}]`, firstVersion(i), i)
		}, []string{"no", "title-changed"}, papers},
		{"missing", func(i int) string {
			if i < 15 {
				return `"deleted_at":"DAY1","versions":[` + firstVersion(i) + `]`
			}
			return `"versions":[` + firstVersion(i) + `]`
		}, []string{"no", "disappeared"}, 15},
		{"others missing", func(i int) string {
			if i < 30 {
				return fmt.Sprintf(`"deleted_at":"DAY%d","versions":[%s]`, 1+i/15, firstVersion(i))
			}
			return `"versions":[` + firstVersion(i) + `]`
		}, []string{"no", "no", "disappeared"}, 30},
	} {
		for _, wait := range []time.Duration{time.Hour, 24 * time.Hour} {
			if wait == time.Hour && len(row.nights) > 2 {
				continue
			}
			t.Run(fmt.Sprintf("%s, again after %v", row.name, wait), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					start := evening()
					var file strings.Builder
					for i := range papers {
						fmt.Fprintf(&file, `{"id":"2401.%05d","primary_category":"cs.CL",%s}`+"\n", i+1, row.change(i))
					}
					days := strings.NewReplacer("DAY1", start.Add(12*time.Hour).Format(time.RFC3339), "DAY2", start.Add(36*time.Hour).Format(time.RFC3339))
					server := newReplica(t, replica.Options{Papers: strings.NewReader(days.Replace(file.String())), Now: time.Now})
					wire := &recorder{next: server.RoundTripper()}
					list, db := writeList(t, papers), filepath.Join(t.TempDir(), "syncer.db")
					if code, _, errs := syncer(t, wire, "sync", list, "--db", db); code != 0 {
						t.Fatalf("first night: %s", errs)
					}
					time.Sleep(24 * time.Hour)
					for i, want := range row.nights {
						if i > 0 {
							time.Sleep(wait)
						}
						wire.reset()
						code, out, errs := syncer(t, wire, "sync", list, "--db", db)
						if want == "no" {
							if open := findingKindsOpen(t, db); code != exitFailed || !strings.Contains(out, "Not believed") || !strings.Contains(errs, "at once") || len(open) != 0 {
								t.Errorf("run %d: exit code %d, findings %v\n%s%s", i+2, code, open, out, errs)
							}
							continue
						}
						found := 0
						for _, kind := range findingKindsOpen(t, db) {
							if kind == want {
								found++
							}
						}
						if code != 0 || found != row.flagged {
							t.Errorf("run %d: exit code %d, %d of %d findings of kind %s\n%s%s", i+2, code, found, row.flagged, want, out, errs)
						}
						if asked := strings.Count(wire.urls[0], "2401."); asked != papers {
							t.Errorf("run %d: %d papers asked for again, want %d", i+2, asked, papers)
						}
					}
				})
			})
		}
	}
}

func firstVersion(i int) string {
	return fmt.Sprintf(`{"version":1,"submitted":"2024-01-02T03:04:05Z","title":"Paper %d","authors":[{"name":"Ann Author"}]}`, i)
}

func writeList(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "2401.%05d\n", i+1)
	}
	path := filepath.Join(t.TempDir(), "ids.txt")
	writeFile(t, path, b.String())
	return path
}
