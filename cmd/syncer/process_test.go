package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"syncer/internal/replica"
)

// process is syncer as a process of its own, against the replica at url.
func process(ctx context.Context, t *testing.T, url, home string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath("syncer") // testscript.Main put this binary on the PATH under that name
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = home
	cmd.Env = append(os.Environ(), arxivEnvironment(url, home)...)
	return cmd
}

// TestKillAnywhereLosesNothing kills -9 the nightly job while its n-th request is under way, and once more when the answer
// is sent and it may be storing, for every request of every phase; it lets the next run complete, and compares the database
// with that of an undisturbed run.
func TestKillAnywhereLosesNothing(t *testing.T) {
	const budget = "8"
	home := t.TempDir()
	list := filepath.Join(home, "list.md")
	writeFile(t, list, "# Papers\n\n- [Llama 3](https://arxiv.org/abs/2407.21783)\n- [Attention](https://arxiv.org/abs/1706.03762), [site](https://example.org)\n"+
		"- arXiv:1810.04805\n- arXiv:2401.99999 (made up)\n- arXiv:2313.00001\n- Devlin et al. **BERT: Pre-training of Deep Bidirectional Transformers** arXiv:2312.00752\n")
	args := func(db string) []string { return []string{"sync", list, "--db", db, "--budget", budget, "--quiet"} }

	undisturbed := filepath.Join(home, "undisturbed.db")
	server, requests := countingReplica(t, 0, false, nil)
	if out, err := process(t.Context(), t, server.URL, home, args(undisturbed)...).CombinedOutput(); err != nil {
		t.Fatalf("undisturbed run: %v\n%s", err, out)
	}
	want := timeless(t, undisturbed)
	for _, part := range []string{"2401.99999", "2313.00001", "https://example.org", "wrong-paper"} {
		if !strings.Contains(want, part) {
			t.Errorf("the undisturbed run does not end with %s:\n%s", part, want)
		}
	}
	if requests() < 7 {
		t.Errorf("only %d requests: the phases were not all reached", requests())
	}
	for n := 1; n <= requests(); n++ {
		for _, answered := range []bool{false, true} {
			db := filepath.Join(home, fmt.Sprintf("killed%d%v.db", n, answered))
			ctx, kill := context.WithCancel(t.Context()) // CommandContext ends the process with SIGKILL
			server, _ := countingReplica(t, n, answered, kill)
			err := process(ctx, t, server.URL, home, args(db)...).Run()
			kill()
			if err == nil && n < requests() {
				t.Errorf("the run was not killed at request %d", n)
			}
			server, _ = countingReplica(t, 0, false, nil)
			if out, err := process(t.Context(), t, server.URL, home, args(db)...).CombinedOutput(); err != nil {
				t.Fatalf("run after kill at request %d: %v\n%s", n, err, out)
			}
			if got := timeless(t, db); got != want {
				t.Errorf("killed at request %d (answered: %v), the database differs:\n%s", n, answered, firstDifference(want, got))
			}
		}
	}
}

// TestStoppedBySignal: SIGTERM, while a request is under way or being paced, ends the run with exit code 130 and its row
// closed; what was done is stored and told.
func TestStoppedBySignal(t *testing.T) {
	for _, answered := range []bool{false, true} {
		home := t.TempDir()
		started := make(chan *os.Process, 1)
		server, _ := countingReplica(t, 3, answered, func() {
			if err := (<-started).Signal(syscall.SIGTERM); err != nil {
				t.Error(err)
			}
		})
		cmd := process(t.Context(), t, server.URL, home, "sync", "--interval", "250ms")
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		started <- cmd.Process
		var exit *exec.ExitError
		if code := exitCode(cmd.Wait(), &exit); code != exitSignal || !strings.Contains(errs.String(), "syncer: stopped by a signal\nhint: ") {
			t.Errorf("exit code %d: %s", code, errs.String())
		}
		if !strings.Contains(out.String(), "incomplete") || !strings.Contains(out.String(), "had: 64 current records") {
			t.Errorf("the report of the stopped run:\n%s", out.String())
		}
		status, err := process(t.Context(), t, server.URL, home, "status").CombinedOutput()
		if err != nil || !strings.Contains(string(status), "stopped by a signal") || !strings.Contains(string(status), "64 papers") {
			t.Errorf("%v\n%s", err, status)
		}
	}
}

// countingReplica counts the requests that it gets and calls act at the n-th, which is answered first or never.
func countingReplica(t *testing.T, n int, answered bool, act func()) (*httptest.Server, func() int) {
	t.Helper()
	inner := newReplica(t, replica.Options{})
	var mu sync.Mutex
	count := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		count++
		hit := count == n
		mu.Unlock()
		if hit && !answered {
			act()
			<-r.Context().Done()
			return
		}
		inner.ServeHTTP(w, r)
		if hit {
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
			act()
		}
	}))
	t.Cleanup(server.Close)
	return server, func() int { mu.Lock(); defer mu.Unlock(); return count }
}

// timeless is a database's content without what depends on when and in which run it was stored, or in which order.
func timeless(t *testing.T, db string) string {
	t.Helper()
	text := contents(t, db, "n", "paper", "run", "at", "fetched_at", "raw_at", "asked_at", "first_seen")
	return strings.ReplaceAll(text, time.Now().UTC().Format(time.DateOnly), "today")
}

// TestPaceHoldsAcrossProcesses starts processes one right after the other and two at once, with databases of their own:
// the replica never sees two requests closer than the interval.
func TestPaceHoldsAcrossProcesses(t *testing.T) {
	const interval = 150 * time.Millisecond
	inner := newReplica(t, replica.Options{})
	var mu sync.Mutex
	var arrivals []time.Time
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		arrivals = append(arrivals, time.Now())
		mu.Unlock()
		inner.ServeHTTP(w, r)
	}))
	defer server.Close()
	home := t.TempDir()
	var group sync.WaitGroup
	for i := range 3 {
		group.Go(func() {
			cmd := process(t.Context(), t, server.URL, home, "sync", "--budget", "2", "--quiet", "--interval", interval.String(), "--db", fmt.Sprintf("%d.db", i))
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Run(); err != nil {
				t.Errorf("process %d: %v\n%s", i, err, out.String())
			}
		})
	}
	group.Wait()
	if len(arrivals) < 9 {
		t.Errorf("only %d requests arrived", len(arrivals))
	}
	for i := 1; i < len(arrivals); i++ {
		if gap := arrivals[i].Sub(arrivals[i-1]); gap < interval {
			t.Errorf("request %d came %v after the one before", i+1, gap)
		}
	}
}

// TestSecondWriterIsRefused: exit code 4, and it says who holds the database.
func TestSecondWriterIsRefused(t *testing.T) {
	home := t.TempDir()
	reached := make(chan struct{})
	var once sync.Once
	release := make(chan struct{})
	inner := newReplica(t, replica.Options{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		once.Do(func() { close(reached); <-release })
		inner.ServeHTTP(w, r)
	}))
	defer server.Close()
	holder := process(t.Context(), t, server.URL, home, "sync", "--budget", "0", "--quiet")
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	<-reached
	out, err := process(t.Context(), t, server.URL, home, "sync").CombinedOutput()
	var exit *exec.ExitError
	if code := exitCode(err, &exit); code != exitHeld || !strings.Contains(string(out), fmt.Sprint(holder.Process.Pid)) {
		t.Errorf("exit code %d, want %d and the process %d named:\n%s", code, exitHeld, holder.Process.Pid, out)
	}
	if out, err := process(t.Context(), t, server.URL, home, "status").CombinedOutput(); err != nil || !strings.Contains(string(out), "going on") {
		t.Errorf("a reader beside the writer: %v\n%s", err, out)
	}
	close(release)
	if err := holder.Wait(); err != nil {
		t.Error(err)
	}
}

func exitCode(err error, exit **exec.ExitError) int {
	if e, ok := err.(*exec.ExitError); ok {
		*exit = e
		return e.ExitCode()
	}
	return 0
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
