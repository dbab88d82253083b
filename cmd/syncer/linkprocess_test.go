package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// manyPages is a server of n pages that counts how often each is asked for, and calls act when the asked-th request comes.
func manyPages(t *testing.T, n int, at int, act func()) (links []string, asked func() map[string]int) {
	t.Helper()
	var mu sync.Mutex
	counts, total := map[string]int{}, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		mu.Lock()
		counts[r.URL.Path]++
		total++
		hit := total == at
		mu.Unlock()
		if hit {
			act()
		}
		if strings.HasSuffix(r.URL.Path, "7") {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, "<title>Page %s</title><p>Some words about %s.", r.URL.Path, strings.Map(func(c rune) rune { return c - '0' + 'a' }, r.URL.Path[3:]))
	}))
	t.Cleanup(server.Close)
	for i := range n {
		links = append(links, fmt.Sprintf("%s/p/%03d", server.URL, i))
	}
	return links, func() map[string]int { mu.Lock(); defer mu.Unlock(); return maps.Clone(counts) }
}

// TestKilledVerify: what a killed verify has written down is not asked again, the next one completes, and the verdicts are
// those of an undisturbed run.
func TestKilledVerify(t *testing.T) {
	const pages = 150
	home := t.TempDir()
	ctx, kill := context.WithCancel(t.Context())
	// At 10 ms a request, the first second's checks are written down when the 140th is asked for.
	links, asked := manyPages(t, pages, 140, kill)
	list, db := filepath.Join(home, "list.txt"), filepath.Join(home, "l.db")
	writeFile(t, list, strings.Join(links, "\n")+"\n")
	args := []string{"verify", list, "--db", db, "--allow-private", "--quiet", "--host-gap", "10ms", "--fail-on", "changed"}
	if err := process(ctx, t, links[0], home, args...).Run(); err == nil {
		t.Fatal("the run was not killed")
	}
	before := 0
	for range asked() {
		before++
	}
	if out, err := process(t.Context(), t, links[0], home, args...).CombinedOutput(); err != nil {
		t.Fatalf("the run after: %v\n%s", err, out)
	}
	once, twice := 0, 0
	for path, n := range asked() {
		switch n {
		case 1:
			once++
		case 2:
			twice++
		default:
			t.Errorf("%s was asked for %d times", path, n)
		}
	}
	if once+twice < pages || twice > pages*3/4 || before < 100 {
		t.Errorf("%d pages asked once, %d twice, %d before the kill", once, twice, before)
	}
	out, err := process(t.Context(), t, links[0], home, append(args, "--json")...).Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(out), `"verdict":"broken"`); got != pages/10 || strings.Count(string(out), "\n") != pages {
		t.Errorf("%d broken of %d links", got, strings.Count(string(out), "\n"))
	}
}

// TestStoppedVerify: SIGTERM ends verify with exit code 130 soon, and says so; a second run at the same time is refused with
// exit code 4.
func TestStoppedVerify(t *testing.T) {
	home := t.TempDir()
	started := make(chan struct{})
	links, _ := manyPages(t, 400, 5, func() { close(started) })
	list := filepath.Join(home, "list.txt")
	writeFile(t, list, strings.Join(links, "\n")+"\n")
	args := []string{"verify", list, "--allow-private", "--no-progress", "--host-gap", "100ms"}
	first := process(t.Context(), t, links[0], home, args...)
	var errs strings.Builder
	first.Stderr = &errs
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	<-started
	second, err := process(t.Context(), t, links[0], home, args...).CombinedOutput()
	if code := first.ProcessState; code != nil || err == nil || !strings.Contains(string(second), "a verify run holds it") {
		t.Errorf("a second run: %v\n%s", err, second)
	}
	began := time.Now()
	if err := first.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := first.Wait(); first.ProcessState.ExitCode() != exitSignal || !strings.Contains(errs.String(), "syncer: stopped by a signal") {
		t.Errorf("%v: %s", err, errs.String())
	}
	if took := time.Since(began); took > 20*time.Second { // forty seconds of links are left
		t.Errorf("it took %v to stop", took)
	}
}
