package replica

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func parseFaults(t testing.TB, script string) []Fault {
	t.Helper()
	faults, err := ParseFaults(strings.NewReader(script))
	if err != nil {
		t.Fatal(err)
	}
	return faults
}

func TestParseFault(t *testing.T) {
	for text, want := range map[string]Fault{
		"api:3:status=503,retry-after=2": {Endpoint: "api", First: 3, Last: 3, Status: 503, RetryAfter: 2, Cut: -1},
		"api:2-4:garbage":                {Endpoint: "api", First: 2, Last: 4, Garbage: true, RetryAfter: -1, Cut: -1},
		"any:/10:reset":                  {Endpoint: "any", Every: 10, Reset: true, RetryAfter: -1, Cut: -1},
		"pdf:1:cut=0,endless,empty":      {Endpoint: "pdf", First: 1, Last: 1, Endless: true, Empty: true, RetryAfter: -1},
	} {
		if got, err := ParseFault(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "api", "api:1", "api:1:", "api:0:reset", "api:4-2:reset", "api:x:reset", "api:-1:reset", "api:/0:reset",
		"api:/x:reset", "api:1-x:reset", "rss:1:reset", "api:1:explode", "api:1:status", "api:1:status=abc", "api:1:status=700",
		"api:1:delay=fast", "api:1:delay=-1s", "api:1:cut=-2", "api:1:reset=1", "api:1:retry-after=-5,status=503"} {
		if fault, err := ParseFault(text); err == nil {
			t.Errorf("%q: %+v", text, fault)
		}
	}
	script := "# a comment\n\napi:1:reset\n  oai:2-:status=503,retry-after=0,delay=1s\n"
	faults := parseFaults(t, script)
	if len(faults) != 2 || faults[1].Delay != time.Second || faults[1].RetryAfter != 0 || faults[1].First != 2 || faults[1].Cut != -1 {
		t.Errorf("%+v", faults)
	}
	if _, err := ParseFaults(strings.NewReader("api:1:reset\n\nnonsense")); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Error(err)
	}
}

// TestFaults plays each fault through memory and over a connection: a client must not see a difference.
func TestFaults(t *testing.T) {
	const query = "/api/query?id_list=1706.03762"
	for _, test := range []struct {
		fault  string
		target string
		check  func(answer, error) bool
	}{
		{"api:1:status=429", query, func(a answer, err error) bool {
			return a.status == 429 && a.body == "Rate exceeded." && a.header.Get("Retry-After") == ""
		}},
		{"api:1:status=503,retry-after=0", query, func(a answer, err error) bool { return a.status == 503 && a.header.Get("Retry-After") == "0" }},
		{"api:1:garbage", query, func(a answer, err error) bool { return a.status == 200 && strings.HasPrefix(a.body, "<!DOCTYPE html>") }},
		{"api:1:empty", query, func(a answer, err error) bool {
			return a.status == 200 && strings.Contains(a.body, "<opensearch:totalResults>0<") && !strings.Contains(a.body, "<entry>")
		}},
		{"api:1:empty", "/api/query?id_list=abc", func(a answer, err error) bool { return a.status == 400 }},
		{"api:1:cut=100", query, func(a answer, err error) bool { return len(a.body) == 100 && errors.Is(err, io.ErrUnexpectedEOF) }},
		{"api:1:status=503,cut=3", query, func(a answer, err error) bool { return len(a.body) == 3 && errors.Is(err, io.ErrUnexpectedEOF) }},
		{"pdf:1:cut=100", "/pdf/1706.03762", func(a answer, err error) bool { return len(a.body) == 100 && errors.Is(err, io.ErrUnexpectedEOF) }},
		{"any:1:reset", query, func(a answer, err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		{"oai:1:status=503", query, func(a answer, err error) bool { return a.status == 200 && strings.Contains(a.body, "<entry>") }},
		{"abs:1:delay=1ms", "/abs/1706.03762", func(a answer, err error) bool { return a.status == 200 }},
	} {
		for _, way := range []string{"memory", "connection"} {
			t.Run(test.fault+" "+way, func(t *testing.T) {
				s := newServer(t, Options{Faults: parseFaults(t, test.fault)})
				client, base := &http.Client{Transport: s.RoundTripper()}, "https://arxiv.org"
				if way == "connection" {
					listening := httptest.NewServer(s)
					defer listening.Close()
					client, base = listening.Client(), listening.URL
				}
				got, err := fetch(t.Context(), client, base+test.target)
				if !test.check(got, err) {
					t.Errorf("status %d, header %v, error %v, body %.200s", got.status, got.header, err, got.body)
				}
				if _, err := fetch(t.Context(), client, base+"/"); err != nil {
					t.Errorf("the next request: %v", err)
				}
			})
		}
	}
}

// fetch asks and reads to the end or the error.
func fetch(ctx context.Context, client *http.Client, url string) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Accept", "*/*")
	result, err := client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer result.Body.Close()
	body, err := io.ReadAll(io.LimitReader(result.Body, 4<<20))
	return answer{status: result.StatusCode, header: result.Header, body: string(body)}, err
}

// TestEndless: the body goes on until the client has had enough, in memory and over a connection.
func TestEndless(t *testing.T) {
	s := newServer(t, Options{Faults: parseFaults(t, "api:*:endless")})
	listening := httptest.NewServer(s)
	defer listening.Close()
	for client, base := range map[*http.Client]string{{Transport: s.RoundTripper()}: "http://arxiv.org", listening.Client(): listening.URL} {
		got, err := fetch(t.Context(), client, base+"/api/query?id_list=1706.03762")
		if err != nil || len(got.body) != 4<<20 || !strings.Contains(got.body, "</feed>") || got.header.Get("Content-Length") != "" {
			t.Errorf("%s: %d bytes, %v", base, len(got.body), err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://arxiv.org/api/query?id_list=1706.03762", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "*/*")
	result, err := s.RoundTripper().RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, result.Body, 100_000); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.Copy(io.Discard, result.Body); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
	result.Body.Close()
	if _, err := result.Body.Read(make([]byte, 1)); !errors.Is(err, http.ErrBodyReadAfterClose) {
		t.Errorf("after Close: %v", err)
	}
	if _, err := s.RoundTripper().RoundTrip(request); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
	last := answerBody{ctx: t.Context(), reader: io.LimitReader(blanks{}, 3)}
	if rest, err := io.ReadAll(&last); err != nil || !bytes.Equal(rest, []byte("   ")) {
		t.Errorf("%q, %v", rest, err)
	}
}

// bubbleClock starts at day: a synctest bubble starts in the year 2000, before all papers.
func bubbleClock() func() time.Time {
	start := time.Now()
	return func() time.Time { return day.Add(time.Since(start)) }
}

// TestPace: requests that come too early are throttled, link targets are not counted.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, Options{MinGap: 3 * time.Second, Now: bubbleClock()})
		var got []int
		for _, step := range []struct {
			pause  time.Duration
			target string
		}{
			{0, "/api/query?id_list=1706.03762"}, {2999 * time.Millisecond, "/oai?verb=Identify"}, {3 * time.Second, "/oai?verb=Identify"},
			{0, "/abs/1706.03762"}, {3 * time.Second, "/api/query?id_list=1706.03762"}, {time.Second, "/abs/1706.03762"},
		} {
			time.Sleep(step.pause)
			got = append(got, get(t, s, step.target).status)
		}
		if want := []int{200, 429, 200, 200, 200, 200}; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

// TestDelay: a delay passes on the bubble's clock, and a client that leaves is heard.
func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, Options{Faults: parseFaults(t, "api:*:delay=30s"), Now: bubbleClock()})
		start := time.Now()
		get(t, s, "/api/query?id_list=1706.03762")
		if waited := time.Since(start); waited != 30*time.Second {
			t.Errorf("waited %v", waited)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := fetch(ctx, &http.Client{Transport: s.RoundTripper()}, "https://arxiv.org/api/query?id_list=1706.03762")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 40*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		log := s.Requests()
		if len(log) != 2 || log[0].Status != 200 || log[1].Status != 0 || log[0].Path != "/api/query?id_list=1706.03762" || log[0].Endpoint != "api" {
			t.Errorf("%+v", log)
		}
	})
}

func FuzzParseFault(f *testing.F) {
	for _, seed := range []string{"api:3:status=503,retry-after=2", "oai:*:delay=200ms", "any:/7:reset", "api:2-:cut=10,endless"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		faults, err := ParseFaults(strings.NewReader(text))
		if err != nil {
			return
		}
		if _, err := New(Options{Faults: faults, Papers: strings.NewReader("")}); err != nil {
			t.Fatalf("%q is read but not taken: %v", text, err)
		}
	})
}
