package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const mebibyte = 1 << 20

// document asks a server that answers with handler for the path /list.
func document(t *testing.T, handler http.HandlerFunc) (string, error) {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	body, err := Document(t.Context(), Options{Version: "1"}, server.URL+"/list", mebibyte)
	checkLine(t, err, server.URL)
	return string(body), err
}

// checkLine holds an error against what a person reads: one line of a bearable length, in which the address stands once,
// put there by the command.
func checkLine(t *testing.T, err error, address string) {
	t.Helper()
	if err == nil {
		return
	}
	if text := err.Error(); strings.ContainsAny(text, "\r\n\x1b") || len(text) > 400 || text != strings.TrimSpace(text) || strings.Contains(text, address+"/list") {
		t.Errorf("error %q", text)
	}
}

// raw answers with bytes as they are, HTTP or not, and hangs up.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		io.WriteString(connection, answer)
		connection.Close()
	}
}

func header(name, value, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(name, value)
		io.WriteString(w, body)
	}
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

func TestDocument(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(code) }
	}
	long := strings.Repeat("x", 5000)
	tests := []struct {
		name    string
		handler http.HandlerFunc
		body    string
		fault   string // in the error; empty for none
	}{
		{"a list", header("Content-Type", "text/markdown", "# List\n"), "# List\n", ""},
		{"nothing", status(200), "", ""},
		{"as large as allowed", header("X", "", strings.Repeat("a", mebibyte)), strings.Repeat("a", mebibyte), ""},
		{"a byte larger", header("X", "", strings.Repeat("a", mebibyte+1)), "", "larger than 1 MiB"},
		{"a PDF, which the reader of lists refuses", header("Content-Type", "application/pdf", "%PDF-1.7\n\x00\xff"), "%PDF-1.7\n\x00\xff", ""},

		{"not there", status(404), "", "the server answers 404 Not Found"},
		{"broken", status(500), "", "the server answers 500 Internal Server Error"},
		{"no content", status(204), "", "the server answers 204 No Content"},
		{"a status nobody knows", status(599), "", "the server answers 599"},
		{"a redirect to nowhere", status(302), "", "the server answers 302 Found"},
		{"a status with words of its own", raw("HTTP/1.1 418 \x1b[31m" + long + "\r\n\r\n"), "", "the server answers 418 I'm a teapot"},
		{"a redirect that is no address", raw("HTTP/1.1 302 Found\r\nLocation: http://%zz" + long + "\r\n\r\n"), "", "failed to parse Location header"},
		{"no HTTP", raw("hello\nworld\n"), "", "malformed HTTP"},
		{"endless headers", raw("HTTP/1.1 200 OK\r\n" + strings.Repeat("X: "+long+"\r\n", 3000)), "", "exceeded"},
		{"hung up", raw(""), "", "EOF"},
		{"cut off", raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n2401.00001\n"), "", "the answer is cut off after 11 bytes"},
		{"cut off in chunks", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n2401.\r\n"), "", "the answer is cut off after 5 bytes"},

		{"gzip", header("Content-Encoding", "gzip", zipped("2401.00001\n")), "2401.00001\n", ""},
		{"a gzip bomb", header("Content-Encoding", "gzip", zipped(strings.Repeat("0", 2*mebibyte))), "", "larger than 1 MiB"},
		{"gzip that is none", header("Content-Encoding", "gzip", "2401.00001 2401.00002\n"), "", "gzip: invalid header"},
		{"gzip cut off", header("Content-Encoding", "gzip", zipped(strings.Repeat("abc", 999))[:20]), "", "the answer is cut off"},
		{"an encoding not asked for", header("Content-Encoding", "br", "\x0b\x02\x80"), "", `the answer is encoded as "br", which was not asked for`},
		{"no encoding, and said so", header("Content-Encoding", "identity", "2401.00001\n"), "2401.00001\n", ""},

		{"Latin-1", header("Content-Type", "text/html; charset=ISO-8859-1", "G\xf6del"), "Gödel", ""},
		{"UTF-8 called Latin-1, as many servers do", header("Content-Type", "text/html; charset=iso-8859-1", "Gödel"), "Gödel", ""},
		{"UTF-16, whose mark the reader of lists takes off", header("Content-Type", "text/plain; charset=utf-16", "\xff\xfeG\x00\xf6\x00"), "\ufeffGö", ""},
		{"Shift JIS", header("Content-Type", `text/plain; charset="Shift_JIS"`, "\x8eR\x93c"), "山田", ""},
		{"Latin-1, and nobody says so", header("Content-Type", "text/html", "G\xf6del"), "G\xf6del", ""},
		{"Latin-1 called UTF-8", header("Content-Type", "text/html; charset=utf-8", "G\xf6del"), "G\xf6del", ""},
		{"a charset that is none", header("Content-Type", "text/html; charset=klingon", "G\xf6del"), "G\xf6del", ""},
		{"a type that is none", header("Content-Type", "text/html; charset=iso-8859-1; ;=", "G\xf6del"), "G\xf6del", ""},
		{"larger in UTF-8 than allowed", header("Content-Type", "text/plain; charset=latin1", strings.Repeat("\xf6", mebibyte)), "", "larger than 1 MiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			body, err := document(t, test.handler)
			switch {
			case test.fault != "" && (err == nil || !strings.Contains(err.Error(), test.fault)):
				t.Errorf("error %v, want %q in it", err, test.fault)
			case test.fault == "" && (err != nil || body != test.body):
				t.Errorf("%.60q, %v, want %.60q", body, err, test.body)
			}
		})
	}
}

func TestDocumentSaysWhoAsks(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s %s", r.Method, r.UserAgent(), r.Header.Get("Accept"))
	}))
	defer server.Close()
	body, err := Document(t.Context(), Options{Version: "1.2", Contact: "jane@example.org"}, server.URL, 1000)
	if want := "GET syncer/1.2 (mailto:jane@example.org) text/markdown, "; err != nil || !strings.HasPrefix(string(body), want) {
		t.Errorf("asked with %q, %v, want %q", body, err, want)
	}
	if _, err := Document(t.Context(), Options{Contact: "Jane"}, server.URL, 1000); err == nil {
		t.Error("a contact that is none is sent")
	}
}

// A bomb costs what is allowed to come out of it, not what it holds.
func TestDocumentMemory(t *testing.T) {
	server := httptest.NewServer(header("Content-Encoding", "gzip", zipped(strings.Repeat("0", 16*mebibyte))))
	defer server.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Document(t.Context(), Options{}, server.URL, mebibyte)
	runtime.ReadMemStats(&after)
	if used := (after.TotalAlloc - before.TotalAlloc) / mebibyte; err == nil || used > 12 {
		t.Errorf("%v, %d MiB allocated", err, used)
	}
}

func TestDocumentAddresses(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, test := range []struct{ address, fault string }{
		{"", "only http and https"},
		{"/etc/passwd", "only http and https"},
		{"file:///etc/passwd", "only http and https"},
		{"ftp://example.org/list", "only http and https"},
		{"http://", "names no host"},
		{"https:///list", "names no host"},
		{"http://[::1/list", "missing ']' in host"},
		{"http://example.org/\nlist", "invalid control character"},
		{"http://example.org:port/list", "invalid port"},
		{"https://arxiv.org/list/cs.CL/new", "arXiv's own pages"},
		{"https://export.arxiv.org/api/query", "arXiv's own pages"},
		{"http://ARXIV.org./abs/1706.03762", "arXiv's own pages"},
		{"https://rss.arxiv.org:443/rss/cs", "arXiv's own pages"},
		{closed.URL + "/list", "connection refused"},
	} {
		_, err := Document(t.Context(), Options{}, test.address, 1000)
		checkLine(t, err, closed.URL)
		if err == nil || !strings.Contains(err.Error(), test.fault) {
			t.Errorf("%q: error %v, want %q in it", test.address, err, test.fault)
		}
	}
}

// redirecting answers /n with a redirect to /n-1, /0 with a list, and /to?X with a redirect to X.
func redirecting(w http.ResponseWriter, r *http.Request) {
	var n int
	switch _, err := fmt.Sscanf(r.URL.Path, "/%d", &n); {
	case r.URL.Path == "/to":
		w.Header().Set("Location", r.URL.RawQuery)
		w.WriteHeader(http.StatusFound)
	case err == nil && n > 0:
		http.Redirect(w, r, fmt.Sprintf("/%d", n-1), []int{301, 302, 303, 307, 308}[n%5])
	default:
		io.WriteString(w, "the list")
	}
}

// proxied says whether the environment of the test has a proxy for an address; for loopback addresses nothing is one.
func proxied(t *testing.T, address string) bool {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		return false
	}
	proxy, err := http.ProxyFromEnvironment(request)
	return err == nil && proxy != nil
}

func TestDocumentRedirects(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(redirecting))
	defer server.Close()
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	for _, test := range []struct{ path, fault string }{
		{"/1", ""},
		{"/10", ""},
		{"/11", "more than 10 redirects"},
		{"/to?/to?/3", ""},
		{"/to?" + server.URL + "/2", ""},
		{"/to?https://arxiv.org/list/cs.CL/new", "it redirects to https://arxiv.org/list/cs.CL/new: arXiv's own pages"},
		{"/to?//export.arxiv.org/api/query", "arXiv's own pages"},
		{"/to?file:///etc/passwd", "only http and https"},
		{"/to?http:///list", "names no host"},
		{"/to?gopher://" + strings.Repeat("a", 900), "only http and https"},

		// The person named 127.0.0.1; a server there may not lead on to others that only this machine can reach.
		{"/to?http://localhost" + port + "/0", "not on the public internet"},
		{"/to?http://127.0.0.2" + port + "/0", "not on the public internet"},
		{"/to?http://[::ffff:127.0.0.1]" + port + "/0", "not on the public internet"},
		{"/to?http://[::1]" + port + "/0", "not on the public internet"},
		{"/to?http://0.0.0.0" + port + "/0", "not on the public internet"},
		{"/to?http://10.0.0.1/0", "not on the public internet"},
		{"/to?http://169.254.169.254/latest/meta-data", "not on the public internet"},
	} {
		if proxied(t, strings.TrimPrefix(test.path, "/to?")) {
			continue // the proxy decides where it dials
		}
		body, err := Document(t.Context(), Options{}, server.URL+test.path, 1000)
		checkLine(t, err, server.URL)
		switch {
		case test.fault == "" && (err != nil || string(body) != "the list"):
			t.Errorf("%.80s: %q, %v", test.path, body, err)
		case test.fault != "" && (err == nil || !strings.Contains(err.Error(), test.fault)):
			t.Errorf("%.80s: error %v, want %q in it", test.path, err, test.fault)
		}
	}
	// A transport that is given knows where it may go: the demo's knows no network at all.
	body, err := Document(t.Context(), Options{Transport: http.DefaultTransport}, server.URL+"/to?http://localhost"+port+"/0", 1000)
	if err != nil || string(body) != "the list" {
		t.Errorf("with a transport: %q, %v", body, err)
	}
}

// transport is a server without a network.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Nothing is asked of arXiv, not even to learn that it redirects.
func TestDocumentNeverAsksArXiv(t *testing.T) {
	var asked []string
	o := Options{Transport: transport(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.URL.Host)
		return &http.Response{StatusCode: 301, Header: http.Header{"Location": {"https://www.arxiv.org/a"}}, Body: http.NoBody, Request: r}, nil
	})}
	_, first := Document(t.Context(), o, "https://arxiv.org/a", 1000)
	_, second := Document(t.Context(), o, "https://example.org/a", 1000)
	if first == nil || second == nil || len(asked) != 1 || asked[0] != "example.org" {
		t.Errorf("%v, %v, asked %v", first, second, asked)
	}
}

// stalled is a body that never comes: it ends when the context does.
type stalled struct{ ctx context.Context }

func (s stalled) Read([]byte) (int, error) { <-s.ctx.Done(); return 0, s.ctx.Err() }
func (s stalled) Close() error             { return nil }

func TestDocumentDeadline(t *testing.T) {
	silent := transport(func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() })
	stalling := transport(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: stalled{r.Context()}, Request: r}, nil
	})
	for name, o := range map[string]Options{"no answer": {Transport: silent}, "no body": {Transport: stalling}} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := Document(t.Context(), o, "https://example.org/list", 1000)
			if took := time.Since(start); err == nil || err.Error() != "no complete answer within 2m0s" || took != documentDeadline {
				t.Errorf("%s: %v after %v", name, err, took)
			}
		})
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			start := time.Now()
			_, err := Document(ctx, o, "https://example.org/list", 1000)
			if took := time.Since(start); err != context.DeadlineExceeded || took != time.Minute {
				t.Errorf("%s, a caller in a hurry: %v after %v", name, err, took)
			}
		})
	}
}

func TestDocumentCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	if body, err := Document(ctx, Options{}, server.URL, 1000); !errors.Is(err, context.Canceled) {
		t.Errorf("%q, %v", body, err)
	}
}

func TestIsPublic(t *testing.T) {
	for _, address := range []string{"1.1.1.1", "151.101.3.42", "2a04:4e42::810", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"} {
		if !isPublic(netip.MustParseAddr(address)) {
			t.Errorf("%s is refused", address)
		}
	}
	for _, address := range []string{
		"127.0.0.1", "127.255.255.254", "::1", "::", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8",
		"198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:100.64.0.1", "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1", "2002:7f00:1::",
	} {
		if isPublic(netip.MustParseAddr(address)) {
			t.Errorf("%s is dialled", address)
		}
	}
	if isPublic(netip.Addr{}) {
		t.Error("no address is dialled")
	}
}
