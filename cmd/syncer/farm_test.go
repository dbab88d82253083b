package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"syncer/export"
)

// farmKinds are the kinds of links, and what a single look should say of them.
var farmKinds = map[string]string{
	"ok": "ok", "small": "ok", "moved": "moved", "temp": "ok", "notfound": "broken", "gone": "broken", "rate": "ok", "err": "suspect", "flaky": "ok", "hang": "suspect", "slow": "ok",
	"reset": "suspect", "large": "ok", "soft404": "broken", "forbidden": "blocked", "challenge": "blocked", "refused": "broken", "loop": "broken",
}

// A mix is how many of a thousand links are of a kind; the others are ok. Everything has something of all, web is about what
// link checkers meet.
type mix map[string]int

var (
	everything = mix{"moved": 80, "temp": 40, "notfound": 60, "gone": 10, "rate": 20, "err": 20, "flaky": 20, "hang": 5, "slow": 10, "reset": 10, "large": 5, "soft404": 30, "forbidden": 20,
		"challenge": 10, "refused": 10, "loop": 10}
	web = mix{"moved": 80, "temp": 40, "notfound": 60, "gone": 10, "rate": 30, "err": 20, "hang": 5, "slow": 10, "reset": 10, "large": 5, "soft404": 20}
)

// farm is a web of many hosts on loopback, with links of every kind. Hosts whose number ends with 3 answer for any address.
type farm struct {
	links   []string
	verdict map[string]string
	port    string
	latency time.Duration
	hang    time.Duration
	quota   int // requests that a host takes in a second; 0 is any number

	mu    sync.Mutex
	tries map[string]int       // by address
	rest  map[string]time.Time // links and hosts: no request is to come before
	early int                  // requests that came all the same
	taken map[string]int       // by host, in the present second
	began map[string]time.Time
	asks  int // Retry-After, in seconds
}

// newFarm listens on so many addresses of 127.0.0.0/8, which only some systems have.
func newFarm(t testing.TB, hosts, links int, kindOf func(i int) string) *farm {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("needs all of 127.0.0.0/8")
	}
	f := &farm{verdict: map[string]string{}, tries: map[string]int{}, rest: map[string]time.Time{}, taken: map[string]int{}, began: map[string]time.Time{}, hang: 10 * time.Second, asks: 1}
	server := &http.Server{Handler: f}
	var addresses []string
	for i := range hosts {
		l, err := net.Listen("tcp", net.JoinHostPort(fmt.Sprintf("127.20.%d.%d", i/200, 1+i%200), cmp.Or(f.port, "0")))
		if err != nil {
			t.Skipf("no loopback network: %v", err)
		}
		_, f.port, _ = net.SplitHostPort(l.Addr().String())
		addresses = append(addresses, l.Addr().String())
		go server.Serve(l)
	}
	t.Cleanup(func() { server.Close() })
	for i := range links {
		kind := kindOf(i)
		address := addresses[i%hosts]
		switch kind {
		case "soft404":
			address = addresses[3+10*(i%(hosts/10))]
		case "refused":
			address = strings.TrimSuffix(address, f.port) + "1"
		}
		target := fmt.Sprintf("http://%s/%s/%05d", address, kind, i)
		f.links = append(f.links, target)
		f.verdict[target] = farmKinds[kind]
	}
	return f
}

// kinds gives the kind of each of n links, spread in an order that is the same each time.
func (m mix) kinds(n int) func(int) string {
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(m)) {
		kinds = append(kinds, slices.Repeat([]string{kind}, m[kind]*n/1000)...)
	}
	for len(kinds) < n {
		kinds = append(kinds, "ok")
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(n, func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	return func(i int) string { return kinds[i] }
}

func (f *farm) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	address := "http://" + r.Host + r.URL.Path
	f.mu.Lock()
	f.tries[address]++
	tries, now := f.tries[address], time.Now()
	if now.Before(f.rest[address]) || f.quota > 0 && now.Before(f.rest[r.Host]) {
		f.early++
	}
	limited := false
	if f.quota > 0 && r.URL.Path != "/robots.txt" {
		if now.Sub(f.began[r.Host]) >= time.Second {
			f.began[r.Host], f.taken[r.Host] = now, 0
		}
		f.taken[r.Host]++
		limited = f.taken[r.Host] > f.quota
	}
	f.mu.Unlock()
	if r.URL.Path == "/robots.txt" {
		http.NotFound(w, r)
		return
	}
	time.Sleep(f.latency)
	if limited {
		f.refuse(w, r.Host, 1)
		return
	}
	kind, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	soft := strings.HasSuffix(strings.TrimSuffix(r.Host, ":"+f.port), "4") // 127.20.0.4 is the third after the first
	html := func(title, text string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!DOCTYPE html><title>%s</title><h1>%s</h1>%s", title, title, text)
	}
	switch kind {
	case "ok", "temp", "moved", "flaky", "rate", "slow":
		switch {
		case kind == "moved" && !strings.HasSuffix(r.URL.Path, "/new"):
			http.Redirect(w, r, r.URL.Path+"/new", http.StatusMovedPermanently)
			return
		case kind == "temp" && !strings.HasSuffix(r.URL.Path, "/now"):
			http.Redirect(w, r, r.URL.Path+"/now", http.StatusFound)
			return
		case kind == "flaky" && tries == 1:
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		case kind == "rate" && tries == 1:
			f.refuse(w, address, f.asks)
			return
		case kind == "slow":
			time.Sleep(300 * time.Millisecond)
		}
		html("Article "+r.URL.Path, farmText(r.URL.Path, 8<<10))
	case "small":
		html("Note "+r.URL.Path, farmText(r.URL.Path, 400))
	case "gone":
		http.Error(w, "gone", http.StatusGone)
	case "err":
		http.Error(w, "failed", http.StatusInternalServerError)
	case "hang":
		select {
		case <-time.After(f.hang):
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	case "reset":
		panic(http.ErrAbortHandler)
	case "large":
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Content-Length", strconv.Itoa(12<<20))
		piece := make([]byte, 64<<10)
		for range 12 << 4 {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	case "forbidden":
		http.Error(w, "no", http.StatusForbidden)
	case "challenge":
		w.Header().Set("Cf-Mitigated", "challenge")
		html("Just a moment...", "")
	case "loop":
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
	default:
		if soft && kind != "notfound" {
			html("A press", "The page cannot be found. ref "+strconv.FormatUint(rand.Uint64(), 16)+farmText(r.Host, 2000))
			return
		}
		http.NotFound(w, r)
	}
}

// refuse answers 429 and remembers until when nothing more is to come.
func (f *farm) refuse(w http.ResponseWriter, who string, seconds int) {
	f.mu.Lock()
	f.rest[who] = time.Now().Add(time.Duration(seconds) * time.Second)
	f.mu.Unlock()
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	http.Error(w, "later", http.StatusTooManyRequests)
}

// farmText is a text of n bytes, made of nothing but its name.
func farmText(name string, n int) string {
	h := fnv.New64a()
	fmt.Fprint(h, name)
	r := rand.New(rand.NewPCG(h.Sum64(), 3))
	var b strings.Builder
	for b.Len() < n {
		b.WriteString("<p>")
		for range 50 {
			for range 3 + r.IntN(6) {
				b.WriteByte(byte('a' + r.IntN(26)))
			}
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// TestFarm: a single look at a farm with every kind of link says of each what it is: nothing good, slow, flaky, limited or
// guarded is called broken, and nothing dead is missed.
func TestFarm(t *testing.T) {
	const links = 1000
	f := newFarm(t, 20, links, everything.kinds(links))
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "list.txt"), strings.Join(f.links, "\n")+"\n")
	code, out, errs := syncerWithLinks(t, nil, "verify", filepath.Join(dir, "list.txt"), "--db", filepath.Join(dir, "l.db"), "--allow-private", "--json", "--quiet", "--host-gap", "2ms", "--timeout", "1s")
	if code != exitFindings {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	wrong, seen := map[string]int{}, 0
	for line := range strings.Lines(out) {
		var l export.LinkJSON
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		seen++
		if want := f.verdict[l.URL]; string(l.Verdict) != want {
			kind := strings.Split(l.URL, "/")[3]
			if wrong[kind]++; wrong[kind] == 1 {
				t.Errorf("%s: %s (%s), want %s", l.URL, l.Verdict, l.Reason, want)
			}
		}
		if l.Verdict == "moved" && l.Suggestion != l.URL+"/new" {
			t.Errorf("%s has moved to %s", l.URL, l.Suggestion)
		}
	}
	if seen != links || len(wrong) > 0 || f.early > 0 {
		t.Errorf("%d links, wrong by kind %v, %d requests while a host wanted rest", seen, wrong, f.early)
	}
}
