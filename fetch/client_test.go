package fetch

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestNew(t *testing.T) {
	tests := []struct {
		name    string
		options Options
		want    string // in the error; empty for none
	}{
		{"the zero value", Options{}, ""},
		{"slower", Options{Interval: time.Minute}, ""},
		{"faster on loopback", Options{APIURL: "http://127.0.0.1:8080/api/query", OAIURL: "http://[::1]:8080/oai", Interval: time.Millisecond}, ""},
		{"faster on localhost", Options{APIURL: "http://LOCALHOST/api/query", OAIURL: "https://127.9.9.9/oai", Interval: time.Millisecond}, ""},
		{"faster than allowed", Options{Interval: 2999 * time.Millisecond}, "shorter than the 3s"},
		{"faster with one real endpoint", Options{APIURL: "http://127.0.0.1/api/query", Interval: time.Second}, "shorter than the 3s"},
		{"faster with the other", Options{OAIURL: "http://127.0.0.1/oai", Interval: time.Second}, "shorter than the 3s"},
		{"faster on a name that only looks like loopback", Options{APIURL: "https://127.0.0.1.example.org/", OAIURL: "http://127.0.0.1/oai", Interval: time.Second}, "shorter than the 3s"},
		{"negative", Options{Interval: -time.Second}, "negative"},
		{"plain http", Options{APIURL: "http://export.arxiv.org/api/query"}, "use https"},
		{"plain http for OAI", Options{OAIURL: "http://export.arxiv.org/oai2"}, "arXiv OAI URL"},
		{"no host", Options{APIURL: "export.arxiv.org/api/query"}, "give scheme, host and path"},
		{"a query", Options{APIURL: "https://export.arxiv.org/api/query?raw=1"}, "give scheme, host and path"},
		{"a password", Options{APIURL: "https://a:b@export.arxiv.org/api/query"}, "give scheme, host and path"},
		{"no URL", Options{APIURL: "https://[::1"}, "arXiv API URL"},
		{"another scheme", Options{APIURL: "file://localhost/etc/passwd"}, "use https"},
		{"a contact that is none", Options{Contact: "Jane"}, "neither an e-mail address nor an https URL"},
	}
	for _, test := range tests {
		_, err := New(test.options)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: error %v, want %q in it", test.name, err, test.want)
		}
	}
}

func TestUserAgent(t *testing.T) {
	tests := []struct{ version, contact, want string }{
		{"1.2.0", "", "syncer/1.2.0"},
		{"", "", "syncer/unknown"},
		{"(devel) x\r\nEvil: 1", "", "syncer/develxEvil1"},
		{"1.2.0", "jane@example.org", "syncer/1.2.0 (mailto:jane@example.org)"},
		{"1.2.0", "mailto:jane@example.org", "syncer/1.2.0 (mailto:jane@example.org)"},
		{"1.2.0", "https://example.org/lists", "syncer/1.2.0 (+https://example.org/lists)"},
	}
	for _, test := range tests {
		got, err := UserAgent(test.version, test.contact)
		if err != nil || got != test.want {
			t.Errorf("%q, %q: %q, %v, want %q", test.version, test.contact, got, err, test.want)
		}
	}
	for _, contact := range []string{
		"http://example.org", "https://", "jane", "Jane <jane@example.org>", "jane@example.org\r\nEvil: 1",
		"https://example.org/)\r\n", "https://example.org/(x)", "jane@exa mple.org", `jane\@example.org`,
	} {
		if got, err := UserAgent("1", contact); err == nil {
			t.Errorf("contact %q makes %q", contact, got)
		}
	}
}

func TestFollow(t *testing.T) {
	polite, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	fast, err := New(Options{APIURL: "http://127.0.0.1:8080/", OAIURL: "http://127.0.0.1:8080/", Interval: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		client         *Client
		from, location string
		want           string // empty: not followed
	}{
		{polite, "https://export.arxiv.org/oai2?verb=Identify", "https://oaipmh.arxiv.org/oai?verb=Identify", "https://oaipmh.arxiv.org/oai?verb=Identify"},
		{polite, "https://export.arxiv.org/api/query?a=b", "/api/query/?a=b", "https://export.arxiv.org/api/query/?a=b"},
		{polite, "https://mirror.example.org/q", "https://ARXIV.org/q", "https://ARXIV.org/q"},
		{polite, "https://mirror.example.org/q", "https://mirror.example.org/r", "https://mirror.example.org/r"},
		{polite, "http://127.0.0.1:8080/q", "http://127.0.0.1:8080/r", "http://127.0.0.1:8080/r"},
		{polite, "https://export.arxiv.org/q", "http://export.arxiv.org/q", ""},
		{polite, "https://export.arxiv.org/q", "https://example.org/q", ""},
		{polite, "https://export.arxiv.org/q", "https://notarxiv.org/q", ""},
		{polite, "https://export.arxiv.org/q", "https://arxiv.org.example.org/q", ""},
		{polite, "https://export.arxiv.org/q", "file:///etc/passwd", ""},
		{polite, "https://export.arxiv.org/q", "http://127.0.0.1/q", ""},
		{polite, "https://export.arxiv.org/q", "", ""},
		{polite, "https://export.arxiv.org/q", "https://[", ""},
		{fast, "http://127.0.0.1:8080/q", "/r", "http://127.0.0.1:8080/r"},
		{fast, "http://127.0.0.1:8080/q", "https://export.arxiv.org/q", ""},
		{fast, "http://127.0.0.1:8080/q", "http://127.0.0.1:9090/q", ""},
	}
	for _, test := range tests {
		from, err := url.Parse(test.from)
		if err != nil {
			t.Fatal(err)
		}
		got, err := test.client.follow(from, test.location)
		switch {
		case test.want == "" && err == nil:
			t.Errorf("%s -> %s is followed", test.from, test.location)
		case test.want != "" && (err != nil || got.String() != test.want):
			t.Errorf("%s -> %s: %v, %v, want %s", test.from, test.location, got, err, test.want)
		}
	}
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func TestRetryAfter(t *testing.T) {
	tests := []struct {
		value string
		want  time.Duration
	}{
		{"", 0},
		{"0", 0},
		{"10", 10 * time.Second},
		{" 10 ", 10 * time.Second},
		{"300", 5 * time.Minute},
		{"301", 5 * time.Minute},
		{"99999999999999999999999", 5 * time.Minute},
		{"-5", 0},
		{"1.5", 0},
		{"soon", 0},
		{noon.Add(40 * time.Second).Format(http.TimeFormat), 40 * time.Second},
		{noon.Add(24 * time.Hour).Format(http.TimeFormat), 5 * time.Minute},
		{noon.Add(-time.Hour).Format(http.TimeFormat), 0},
		{noon.Add(40 * time.Second).Format(time.RFC850), 40 * time.Second},
	}
	for _, test := range tests {
		if got := retryAfter(test.value, noon); got != test.want {
			t.Errorf("%q: %v, want %v", test.value, got, test.want)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "0", "10", "300", "1e9", "-1", "٣", "Tue, 24 Nov 2026 12:00:40 GMT", "9999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if got := retryAfter(value, noon); got < 0 || got > maxRetryAfter {
			t.Errorf("%q: %v", value, got)
		}
	})
}
