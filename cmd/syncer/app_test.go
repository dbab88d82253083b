package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"syncer/fetch"
	"syncer/internal/replica"
)

// fullDisk takes so many bytes and no more.
type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if len(p) > d.left {
		n := d.left
		d.left = 0
		return n, errors.New("no space left on device")
	}
	d.left -= len(p)
	return len(p), nil
}

// stagedReplica is a replica that has the demo's changes from the next day on.
func stagedReplica(t *testing.T) (transport http.RoundTripper, nextDay func()) {
	t.Helper()
	scenario, err := replica.DemoScenario(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	offset := time.Duration(0)
	server := newReplica(t, replica.Options{Papers: scenario.Papers, Now: func() time.Time { return time.Now().Add(offset) }})
	return server.RoundTripper(), func() { offset = 24 * time.Hour }
}

// TestLostResults: a command whose results could not all be written fails, whatever it printed.
func TestLostResults(t *testing.T) {
	transport, nextDay := stagedReplica(t)
	db := filepath.Join(t.TempDir(), "syncer.db")
	t.Setenv("SYNCER_ARXIV_API", "http://127.0.0.1/api/query")
	t.Setenv("SYNCER_ARXIV_OAI", "http://127.0.0.1/oai")
	t.Setenv("SYNCER_INTERVAL", "1ms")
	if code, _, errs := syncer(t, transport, "sync", "--db", db, "--budget", "0"); code != 0 {
		t.Fatal(errs)
	}
	nextDay() // there are changes then, and the night after says the same every time
	for range 2 {
		if code, _, errs := syncer(t, transport, "sync", "--force", "--db", db); code != 0 {
			t.Fatal(errs)
		}
	}
	for _, args := range []string{
		"sync --force", "sync --force --json", "sync --dry-run", "seeds", "seeds --json", "status", "status --json", "findings", "findings history", "findings --json", "show 1706.03762",
		"show 1706.03762 --json", "changes", "changes --json", "search attention", "search attention --json", "export", "version", "help", "completion bash",
	} {
		fields := append(strings.Fields(args), "--db", db)
		if fields[0] == "help" || fields[0] == "completion" {
			fields = strings.Fields(args)
		}
		whole := &bytes.Buffer{}
		if code := run(context.Background(), fields, strings.NewReader(""), whole, &bytes.Buffer{}, played(transport)); code != 0 || whole.Len() == 0 {
			t.Errorf("%s: exit code %d, %d bytes", args, code, whole.Len())
		}
		for _, room := range []int{0, whole.Len() / 2} {
			var errs bytes.Buffer
			code := run(context.Background(), fields, strings.NewReader(""), &fullDisk{room}, &errs, played(transport))
			if code != exitFailed || !strings.Contains(errs.String(), "no space left on device") {
				t.Errorf("%s with room for %d of %d bytes: exit code %d, %q", args, room, whole.Len(), code, errs.String())
			}
		}
	}
}

// TestJSONOnly: with --json every command writes JSON objects to stdout, one a line, and nothing else.
func TestJSONOnly(t *testing.T) {
	transport, nextDay := stagedReplica(t)
	t.Chdir(t.TempDir())
	t.Setenv("SYNCER_ARXIV_API", "http://127.0.0.1/api/query")
	t.Setenv("SYNCER_ARXIV_OAI", "http://127.0.0.1/oai")
	t.Setenv("SYNCER_INTERVAL", "1ms")
	t.Setenv("SYNCER_BUDGET", "10")
	writeFile(t, "list.md", "- [Attention](http://www.arxiv.org/pdf/1706.03762.pdf)\n- arXiv:2313.00001\n- https://example.org\n")
	for _, args := range []string{
		"sync --dry-run", "sync", "NEXT DAY", "sync --force", "sync list.md --force", "sync --dry-run", "seeds list.md", "status", "findings", "findings history", "show 1706.03762", "changes", "search attention",
		"export", "fix list.md", "backup copy.db", "version", "demo",
	} {
		if args == "NEXT DAY" {
			nextDay()
			continue
		}
		code, out, errs := syncer(t, transport, append(strings.Fields(args), "--json")...)
		if code != 0 || out == "" {
			t.Errorf("%s: exit code %d, %d bytes: %s", args, code, len(out), errs)
		}
		for line := range strings.Lines(out) {
			var object map[string]any
			if err := json.Unmarshal([]byte(line), &object); err != nil {
				t.Errorf("%s: %v: %s", args, err, line)
				break
			}
		}
	}
}

// TestPaceFile: everything that asks arXiv itself shares one file; a stand-in has one of its own only when nothing leads to
// arXiv.
func TestPaceFile(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	for _, row := range []struct{ api, oai, want string }{
		{fetch.DefaultAPI, fetch.DefaultOAI, "arxiv.pace"},
		{"http://127.0.0.1:8080/api/query", fetch.DefaultOAI, "arxiv.pace"},
		{fetch.DefaultAPI, "http://127.0.0.1:8080/oai", "arxiv.pace"},
		{"http://127.0.0.1:8080/api/query", "http://127.0.0.1:8080/oai", "127.0.0.1-8080.pace"},
		{"http://[::1]:8080/api/query", "http://localhost/oai", "--1-8080.pace"},
	} {
		a := &app{set: settings{db: "x.db", arxivAPI: row.api, arxivOAI: row.oai}}
		if got := a.paceFile(); got != filepath.Join(cache, "syncer", row.want) {
			t.Errorf("%s and %s: %s, want %s", row.api, row.oai, got, row.want)
		}
	}
	if got := (&app{set: settings{db: "x.db"}, outside: played(newReplica(t, replica.Options{}).RoundTripper())}).paceFile(); got != "x.db.pace" {
		t.Errorf("without network: %s", got)
	}
}
