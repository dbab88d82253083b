package replica

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestWeb: a RoundTripper answers for the web around arXiv as well, with a page for each address and what is staged.
func TestWeb(t *testing.T) {
	now := day
	s := newServer(t, Options{Now: func() time.Time { return now }, Web: []WebPage{
		{URL: "https://gone.example", At: day.Add(time.Hour), Status: http.StatusGone},
		{URL: "https://moved.example/a", At: day.Add(time.Hour), Status: http.StatusPermanentRedirect, Location: "https://new.example/a"},
		{URL: "https://moved.example/a", At: day.Add(2 * time.Hour), Status: http.StatusOK, Title: "Back again"},
	}})
	ask := func(url string) (int, string, string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := s.RoundTripper().RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, answer.Header.Get("Location"), string(body)
	}
	_, _, one := ask("https://any.example/1")
	_, _, two := ask("https://any.example/2")
	if _, _, again := ask("https://any.example/1"); one == two || one != again || !strings.Contains(one, "Stand-in for https://any.example/1") {
		t.Errorf("pages %q and %q", one, two)
	}
	if status, _, _ := ask("https://gone.example/"); status != http.StatusOK {
		t.Errorf("before its time: %d", status)
	}
	now = day.Add(time.Hour)
	if status, _, _ := ask("https://gone.example/"); status != http.StatusGone {
		t.Errorf("staged: %d", status)
	}
	if status, location, _ := ask("https://moved.example/a"); status != http.StatusPermanentRedirect || location != "https://new.example/a" {
		t.Errorf("staged: %d %s", status, location)
	}
	now = day.Add(3 * time.Hour)
	if status, _, body := ask("https://moved.example/a"); status != http.StatusOK || !strings.Contains(body, "Back again") {
		t.Errorf("staged later: %d %s", status, body)
	}
	if status, _, body := ask("https://arxiv.org/abs/1706.03762"); status != http.StatusOK || !strings.Contains(body, "Attention") {
		t.Errorf("arXiv itself: %d", status)
	}
	if status, _, _ := ask("https://any.example/robots.txt"); status != http.StatusNotFound {
		t.Errorf("robots.txt: %d", status)
	}
}
