package probe

import (
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"syncer/enrich/link"
	"syncer/fetch"
)

// probeServer probes one path of a server on loopback.
func probeServer(t *testing.T, o Options, server *httptest.Server, path string) link.Probe {
	t.Helper()
	o.AllowPrivate, o.Gap = true, time.Millisecond
	address := server.URL + path
	return probeAll(t, o, urls(address))[address]
}

// TestAnswersAreBounded: what strangers' servers send costs bounded memory and time, and is told for what it is.
func TestAnswersAreBounded(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) {
		piece := []byte(strings.Repeat("word ", 1000))
		for r.Context().Err() == nil {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	}
	bomb := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "text/html")
		z := gzip.NewWriter(w)
		zeros := make([]byte, 1<<20)
		for range 200 {
			_, err := z.Write(zeros)
			if errors.Join(err, z.Flush(), http.NewResponseController(w).Flush()) != nil { // flushed, since the client waits 300 ms only
				return
			}
		}
		z.Close()
	}
	for _, row := range []struct {
		name   string
		handle http.HandlerFunc
		status int
		fault  link.Fault
		cut    bool
		words  bool
	}{
		{"an ordinary page", header("Content-Type", "text/html", "<p>some words"), 200, "", false, true},
		{"an empty page", func(http.ResponseWriter, *http.Request) {}, 200, "", false, false},
		{"an endless page", endless, 200, "", true, true},
		{"an endless file", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/pdf")
			endless(w, r)
		}, 200, "", true, false},
		{"a compressed bomb", bomb, 200, "", true, false},
		{"a page that stops half-way", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "<p>some words")
			http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, 200, "", true, true},
		{"a cut answer", raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n<p>half"), 200, link.FaultCutOff, false, false},
		{"no HTTP", raw("SSH-2.0-OpenSSH_9.2\r\n"), 0, link.FaultMalformed, false, false},
		{"nothing at all", raw(""), 0, link.FaultReset, false, false},
		{"a status of letters", raw("HTTP/1.1 two hundred\r\n\r\n"), 0, link.FaultMalformed, false, false},
		{"headers without end", raw("HTTP/1.1 200 OK\r\n" + strings.Repeat("X-A: "+strings.Repeat("a", 1000)+"\r\n", 200)), 0, link.FaultMalformed, false, false},
		{"a protocol that nobody asked for", raw("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"), 0, link.FaultMalformed, false, false},
		{"no answer", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 0, link.FaultTimeout, false, false},
		{"a broken gzip", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, "not gzip at all")
		}, 200, link.FaultCutOff, false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(row.handle)
			defer server.Close()
			p := probeServer(t, Options{Timeout: 300 * time.Millisecond}, server, "/")
			if p.Status != row.status || p.Fault != row.fault || p.Page != nil && p.Page.Cut != row.cut || (p.Page != nil && p.Page.Words > 0) != row.words {
				t.Errorf("%+v, page %+v", p, p.Page)
			}
			if strings.ContainsAny(p.Detail, "\r\n\x1b") || len(p.Detail) > 200 {
				t.Errorf("detail %q", p.Detail)
			}
		})
	}
}

// TestProbesAreCheap: a hundred megabytes that are offered are not read.
func TestProbesAreCheap(t *testing.T) {
	var sent int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Content-Length", fmt.Sprint(100<<20))
		piece := make([]byte, 64<<10)
		for range 100 << 4 {
			n, err := w.Write(piece)
			if sent += int64(n); err != nil {
				return
			}
		}
	}))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p := probeServer(t, Options{}, server, "/large.pdf")
	runtime.ReadMemStats(&after)
	server.Close()
	if p.Status != 200 || p.Page.Length != 100<<20 || sent > 20<<20 || after.TotalAlloc-before.TotalAlloc > 20<<20 {
		t.Errorf("%+v: %d bytes sent, %d allocated", p, sent, after.TotalAlloc-before.TotalAlloc)
	}
}

// TestWhatIsSent: who we are, and nothing secret.
func TestWhatIsSent(t *testing.T) {
	var got *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r }))
	defer server.Close()
	address := strings.Replace(server.URL, "http://", "http://user:secret@", 1) + "/p?q=1#part"
	probeAll(t, Options{Version: "1.2", Contact: "me@example.org", AllowPrivate: true}, urls(address))
	switch {
	case got == nil:
		t.Fatal("nothing was asked")
	case got.Method != "GET" || got.URL.String() != "/p?q=1" || got.Header.Get("Authorization") != "" || got.Header.Get("Referer") != "":
		t.Errorf("%s %s %v", got.Method, got.URL, got.Header)
	case got.Header.Get("User-Agent") != "syncer/1.2 (mailto:me@example.org)" || !strings.Contains(got.Header.Get("Accept"), "text/html"):
		t.Errorf("%v", got.Header)
	}
}

// certificate makes one for names and times, signed by a parent or by itself.
func certificate(t *testing.T, parent *tls.Certificate, names []string, from, to time.Time, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "test"}, DNSNames: names, NotBefore: from, NotAfter: to,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true, IsCA: parent == nil}
	if change != nil {
		change(template)
	}
	signer, signerKey := template, any(key)
	if parent != nil {
		if signer, err = x509.ParseCertificate(parent.Certificate[0]); err != nil {
			t.Fatal(err)
		}
		signerKey = parent.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, template, signer, &key.PublicKey, signerKey)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// TestCertificates: the page behind a bad certificate is seen, and what is wrong is told apart.
func TestCertificates(t *testing.T) {
	now := time.Now()
	year := now.AddDate(1, 0, 0)
	root := certificate(t, nil, nil, now.AddDate(-5, 0, 0), year, nil)
	rootCertificate, err := x509.ParseCertificate(root.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(rootCertificate)
	good := []string{"localhost"}
	for _, row := range []struct {
		name        string
		certificate tls.Certificate
		max         uint16
		want        string
	}{
		{"good", certificate(t, &root, good, now.AddDate(-1, 0, 0), year, nil), 0, ""},
		{"expired", certificate(t, &root, good, now.AddDate(-2, 0, 0), now.AddDate(0, -1, 0), nil), 0, "certificate expired on " + now.AddDate(0, -1, 0).UTC().Format(time.DateOnly)},
		{"of the future", certificate(t, &root, good, now.AddDate(0, 1, 0), year, nil), 0, "certificate is not valid before"},
		{"for another host", certificate(t, &root, []string{"other.example", "www.other.example"}, now.AddDate(-1, 0, 0), year, nil), 0, "certificate is not for localhost, but for other.example and 1 more"},
		{"of an unknown issuer", certificate(t, nil, good, now.AddDate(-1, 0, 0), year, nil), 0, "certificate of an unknown issuer"},
		{"with a chain that lacks its middle", certificate(t, new(certificate(t, nil, nil, now.AddDate(-1, 0, 0), year, nil)), good, now.AddDate(-1, 0, 0), year,
			func(c *x509.Certificate) { c.IssuingCertificateURL = []string{"http://ca.example/ca.crt"} }), 0, ""},
		{"of an old protocol", certificate(t, &root, good, now.AddDate(-1, 0, 0), year, nil), tls.VersionTLS11, "speaks only TLS 1.1"},
	} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<title>T</title>") }))
		server.TLS = &tls.Config{Certificates: []tls.Certificate{row.certificate}, MinVersion: tls.VersionTLS10, MaxVersion: row.max}
		server.Config.ErrorLog = nil
		server.StartTLS()
		address := strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/"
		p, err := NewProber(Options{AllowPrivate: true})
		if err != nil {
			t.Fatal(err)
		}
		p.roots = roots
		var got link.Probe
		if err := p.Run(t.Context(), urls(address), func(_ Target, probe link.Probe) error { got = probe; return nil }); err != nil {
			t.Fatal(err)
		}
		if got.Status != 200 || got.Page == nil || !strings.HasPrefix(got.TLS, row.want) || row.want == "" && got.TLS != "" {
			t.Errorf("a certificate %s: %+v", row.name, got)
		}
		server.Close()
	}
	// An international name is written one way in a list and another in its certificate.
	international := certificate(t, &root, []string{"xn--bcher-kva.example"}, now.AddDate(-1, 0, 0), year, nil)
	leaf, err := x509.ParseCertificate(international.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewProber(Options{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		response, err := reply(http.StatusOK, "<p>words", "Content-Type", "text/html")(r)
		response.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, PeerCertificates: []*x509.Certificate{leaf}}
		return response, err
	})})
	if err != nil {
		t.Fatal(err)
	}
	p.roots = roots
	for address, seen := range probeWith(t, p, "https://bücher.example/x") {
		if seen.TLS != "" {
			t.Errorf("%s: %s", address, seen.TLS)
		}
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	address := strings.Replace(plain.URL, "http://", "https://", 1) + "/"
	if p := probeAll(t, Options{AllowPrivate: true}, urls(address))[address]; p.Fault != link.FaultTLS {
		t.Errorf("https to a server without: %+v", p)
	}
}

// TestPrivateAddresses: links may not make us look around in the own network, in whatever spelling, and are not called broken.
func TestPrivateAddresses(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s was asked for", r.Host) }))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.01", "127.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
		"0.0.0.0", "0", "[::]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]",
		"0xC0A8000B", "0x7f00000B", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "192.0.2.1", "198.18.0.1"} {
		address := "http://" + host + ":" + port + "/secret"
		p := probeAll(t, Options{Timeout: 5 * time.Second}, urls(address))[address]
		if p.Fault != link.FaultNotAllowed || !strings.Contains(p.Detail, "not on the public internet") {
			t.Errorf("%s: %+v", host, p)
		}
		if s := link.Judge(link.State{URL: address, Verdict: link.Unchecked}, p, "", link.Policy{AtOnce: true}); s.Verdict != link.Unchecked {
			t.Errorf("%s is judged %s", host, s.Verdict)
		}
	}
}

// TestNameThatTurnsPrivate: it is the address dialled that counts. A name that leads to a public address at first and to the
// own machine later is not dialled the second time.
func TestNameThatTurnsPrivate(t *testing.T) {
	answers := [][]netip.Addr{{netip.MustParseAddr("1.1.1.1")}, {netip.MustParseAddr("127.0.0.1")}, {netip.MustParseAddr("::1")}, {netip.MustParseAddr("::ffff:10.0.0.1")}}
	var serving []netip.Addr
	dialer := fetch.PublicDialer(time.Second)
	control := dialer.Control
	errWouldDial := errors.New("would be dialled")
	dialer.Control = func(network, address string, c syscall.RawConn) error {
		if err := control(network, address, c); err != nil {
			return err
		}
		return errWouldDial // nothing leaves this machine
	}
	dialer.Resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nameServer(t, func() []netip.Addr { return serving }), nil
	}}
	for i, want := range []error{errWouldDial, fetch.ErrNotPublic, fetch.ErrNotPublic, fetch.ErrNotPublic} {
		serving = answers[i]
		if _, err := dialer.DialContext(t.Context(), "tcp", "rebind.example:80"); !errors.Is(err, want) {
			t.Errorf("%v: %v, want %v", serving, err, want)
		}
	}
}

// nameServer is a connection to a name server that gives the same addresses for every name.
func nameServer(t *testing.T, addresses func() []netip.Addr) net.Conn {
	client, server := net.Pipe()
	go func() {
		defer server.Close()
		for {
			length := make([]byte, 2) // a stream: every message has its length in front (RFC 1035 section 4.2.2)
			if _, err := io.ReadFull(server, length); err != nil {
				return
			}
			question := make([]byte, int(length[0])<<8|int(length[1]))
			if _, err := io.ReadFull(server, question); err != nil {
				return
			}
			var m dnsmessage.Message
			if err := m.Unpack(question); err != nil {
				t.Error(err)
				return
			}
			m.Header.Response, m.Header.RecursionAvailable, m.Additionals = true, true, nil
			name := m.Questions[0]
			for _, addr := range addresses() {
				h := dnsmessage.ResourceHeader{Name: name.Name, Class: dnsmessage.ClassINET, TTL: 1}
				switch {
				case addr.Is4() && name.Type == dnsmessage.TypeA:
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: addr.As4()}})
				case !addr.Is4() && name.Type == dnsmessage.TypeAAAA:
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}})
				}
			}
			answer, err := m.Pack()
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := server.Write(append([]byte{byte(len(answer) >> 8), byte(len(answer))}, answer...)); err != nil {
				return
			}
		}
	}()
	return client
}

// TestFaultOf: the system's errors in the project's words.
func TestFaultOf(t *testing.T) {
	for _, row := range []struct {
		err  error
		want link.Fault
	}{
		{&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", IsNotFound: true}}, link.FaultNoHost},
		{&net.OpError{Op: "dial", Err: &net.DNSError{Err: "server misbehaving", IsTemporary: true}}, link.FaultDNS},
		{&net.OpError{Op: "dial", Err: &net.DNSError{Err: "i/o timeout", IsTimeout: true}}, link.FaultDNS},
		{&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, link.FaultRefused},
		{&net.OpError{Op: "dial", Err: syscall.EHOSTUNREACH}, link.FaultUnreachable},
		{&net.OpError{Op: "dial", Err: syscall.ENETUNREACH}, link.FaultUnreachable},
		{&net.OpError{Op: "dial", Err: syscall.ETIMEDOUT}, link.FaultTimeout},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, link.FaultReset},
		{io.EOF, link.FaultReset},
		{io.ErrUnexpectedEOF, link.FaultReset},
		{&net.OpError{Op: "remote error", Err: tls.AlertError(40)}, link.FaultTLS},
		{errors.New("http: server gave HTTP response to HTTPS client"), link.FaultTLS},
		{fmt.Errorf("dial: %w", fetch.ErrNotPublic), link.FaultNotAllowed},
		{errors.New("net/http: HTTP/1.x transport connection broken: malformed MIME header"), link.FaultMalformed},
	} {
		if got, _ := faultOf(t.Context(), row.err); got != row.want {
			t.Errorf("%v: %q, want %q", row.err, got, row.want)
		}
	}
}
