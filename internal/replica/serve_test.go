package replica

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func TestServe(t *testing.T) {
	s := newServer(t, Options{Faults: parseFaults(t, "abs:1:delay=10h")})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ready := make(chan string, 1)
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, "127.0.0.1:0", s, func(a net.Addr) { ready <- a.String() }) }()
	var base string
	select {
	case addr := <-ready:
		base = "http://" + addr
	case err := <-done:
		t.Fatal(err)
	}
	got, err := fetch(t.Context(), http.DefaultClient, base+"/api/query?id_list=1706.03762")
	if err != nil || got.status != http.StatusOK || !strings.Contains(got.body, "Attention Is All You Need") {
		t.Errorf("%d, %v", got.status, err)
	}
	if got, err = fetch(t.Context(), http.DefaultClient, base+"/oai2?verb=Identify"); err != nil || !strings.Contains(got.body, "<Identify>") {
		t.Errorf("through the redirect: %v, %s", err, got.body)
	}
	if err := Serve(ctx, strings.TrimPrefix(base, "http://"), s, nil); err == nil {
		t.Error("two servers on one address")
	}
	stuck := make(chan error, 1) // an answer that takes ten hours does not keep the server from stopping
	go func() {
		_, err := fetch(context.WithoutCancel(t.Context()), http.DefaultClient, base+"/abs/1706.03762")
		stuck <- err
	}()
	for arrived := false; !arrived; {
		s.mu.Lock()
		arrived = s.counts["abs"] > 0
		s.mu.Unlock()
		runtime.Gosched()
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("stop: %v", err)
	}
	if err := <-stuck; err == nil {
		t.Error("the answer under way was not cut off")
	}
}

func TestLoopbackOnly(t *testing.T) {
	s := newServer(t, Options{})
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.org:0"} {
		if err := Serve(t.Context(), addr, s, nil); !errors.Is(err, errNotLoopback) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	for _, addr := range []string{"", "127.0.0.1", "127.0.0.1:x"} {
		if err := Serve(t.Context(), addr, s, nil); err == nil {
			t.Errorf("%q was taken", addr)
		}
	}
	for _, addr := range []string{"localhost:8080", "127.0.0.1:0", "127.1.2.3:0", "[::1]:0"} {
		if err := checkLoopback(addr); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

// TestRequests: the log keeps the latest and forgets the oldest.
func TestRequests(t *testing.T) {
	s := newServer(t, Options{Papers: strings.NewReader("")})
	for i := range maxRequests + 5 {
		s.record(Request{Path: fmt.Sprint(i)})
	}
	log := s.Requests()
	if len(log) != maxRequests || log[0].Path != "5" || log[maxRequests-1].Path != fmt.Sprint(maxRequests+4) {
		t.Errorf("%d from %s to %s", len(log), log[0].Path, log[len(log)-1].Path)
	}
	s = newServer(t, Options{})
	ask(t, s, http.MethodPost, "/api/query", "id_list="+strings.Repeat("1706.03762,", 1000)+"1706.03762")
	if log := s.Requests(); len(log) != 1 || len(log[0].Form) != maxForm || log[0].Method != http.MethodPost {
		t.Errorf("%d bytes of the form", len(log[0].Form))
	}
}

// TestConcurrent asks from many sides at once; the race detector listens.
func TestConcurrent(t *testing.T) {
	s := newServer(t, Options{})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for _, target := range []string{"/api/query?id_list=1706.03762", "/oai?verb=ListIdentifiers&metadataPrefix=arXiv", "/pdf/1706.03762", "/abs/x"} {
				if _, err := fetch(t.Context(), &http.Client{Transport: s.RoundTripper()}, "https://arxiv.org"+target); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if log := s.Requests(); len(log) != 32 {
		t.Errorf("%d requests", len(log))
	}
}
