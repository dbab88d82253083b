package probe

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"time"

	"syncer/enrich/link"
	"syncer/fetch"
)

const (
	// maxPage and maxFile are how much is read of a page of words, and of anything else.
	maxPage, maxFile = 256 << 10, 64 << 10
	// maxDrain is how much of an answer that nobody reads is thrown away to keep its connection.
	maxDrain = 4 << 10
	// acceptPage is what a browser sends, in short: some servers give programs that ask for anything something else.
	acceptPage = "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8"
)

// probeReply is what one request came to, read as far as it matters.
type probeReply struct {
	status     int
	location   string
	retryAfter string
	barrier    string
	tls        string
	page       *link.Page
	robots     []byte // the body of a robots.txt
	fault      link.Fault
	detail     string
	elsewhere  bool  // a registry has answered, and the rest is not asked for
	err        error // our own failure, of the pace file: it tells nothing of the link
	unreached  bool  // nobody was reached: no name, or no connection
}

// refuses says whether the server asks for fewer requests, and to be left alone for a while: by 429, or by another failure that
// names the time, such as GitHub's 403 for too many requests.
func (r probeReply) refuses() bool {
	failing := r.status == http.StatusForbidden || r.status >= 500 && r.status < 600
	return r.status == http.StatusTooManyRequests || failing && r.retryAfter != "" && r.barrier == ""
}

// newProbeTransport keeps connections to each host and verifies no certificate by itself: what is wrong with one is told
// (verifyPeer) instead of hiding the page behind it. Nothing secret is ever sent. It uses no proxy: behind one the guard
// would see only the proxy's address.
func newProbeTransport(allowPrivate bool, perHost, total int) *http.Transport {
	dialer := fetch.PublicDialer(probeDialTimeout)
	if allowPrivate {
		dialer = &net.Dialer{Timeout: probeDialTimeout}
	}
	return &http.Transport{
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    probeDialTimeout,
		MaxIdleConns:           2 * total,
		MaxIdleConnsPerHost:    perHost,
		IdleConnTimeout:        20 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// probeDialTimeout bounds connecting, and the TLS handshake after it.
const probeDialTimeout = 10 * time.Second

var errProbeTimeout = errors.New("no answer in time")

// exchange sends one request and reads its answer. It gives no error: whatever goes wrong is what the probe has found.
func (p *Prober) exchange(ctx context.Context, t *task) probeReply {
	ctx, cancel := context.WithTimeoutCause(ctx, t.patience(p.timeout), errProbeTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, t.url.String(), nil)
	if err != nil {
		return probeReply{fault: link.FaultNotAllowed, detail: "not an address that can be asked for"}
	}
	request.Header.Set("User-Agent", p.agent)
	request.Header.Set("Accept", acceptPage)
	request.Header.Set("Accept-Language", "en, *;q=0.5")
	if t.etag != "" {
		request.Header.Set("If-None-Match", t.etag)
	}
	if t.lastModified != "" {
		request.Header.Set("If-Modified-Since", t.lastModified)
	}
	if t.jar != nil {
		for _, cookie := range t.jar.Cookies(t.url) {
			request.AddCookie(cookie)
		}
	}
	response, err := p.transport.RoundTrip(request)
	if err != nil {
		fault, detail := faultOf(ctx, err)
		var op *net.OpError
		return probeReply{
			fault:     fault,
			detail:    detail,
			unreached: fault == link.FaultNoHost || fault == link.FaultDNS || errors.As(err, &op) && op.Op == "dial",
		}
	}
	defer response.Body.Close()
	r := probeReply{
		status:     response.StatusCode,
		location:   response.Header.Get("Location"),
		retryAfter: response.Header.Get("Retry-After"),
		barrier:    barrierOf(response.Header),
	}
	if response.TLS != nil {
		r.tls = p.verifyPeer(response.TLS, link.ASCIIHost(t.url.Hostname()))
	}
	t.keepCookies(response)
	switch {
	case response.StatusCode < 200:
		// 101: net/http hands the bare connection over as the body, and reading it would end with the server's patience only.
		return probeReply{fault: link.FaultMalformed, detail: fmt.Sprintf("answers %d to a plain GET", response.StatusCode)}
	case response.StatusCode == http.StatusNotModified && t.etag == "" && t.lastModified == "":
		return probeReply{fault: link.FaultMalformed, detail: "answers 304 to a GET without conditions"}
	case t.robots:
		r.robots, err = io.ReadAll(io.LimitReader(response.Body, maxRobots)) // one that breaks off may lack what it forbids
	case response.StatusCode < 300 || wantsLook(response.StatusCode):
		err = p.readPage(ctx, t, response, &r)
	default:
		io.CopyN(io.Discard, response.Body, maxDrain) // for the connection's sake only
	}
	if r.page != nil && r.barrier == "" {
		r.barrier = r.page.Barrier // a challenge that only its text gives away is not asked again either
	}
	if err != nil {
		r.fault, r.detail = faultOf(ctx, err)
		if r.fault != link.FaultTimeout {
			r.fault = link.FaultCutOff
		}
	}
	return r
}

// wantsLook names the statuses under which challenge pages come.
func wantsLook(status int) bool {
	return status == http.StatusForbidden || status == http.StatusServiceUnavailable
}

// bodies are the buffers that pages are read into.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readPage reads the beginning of a page and keeps its fingerprint. A body that only takes too long is no fault: the page
// is there.
func (p *Prober) readPage(ctx context.Context, t *task, response *http.Response, r *probeReply) error {
	contentType := response.Header.Get("Content-Type")
	limit := int64(maxFile)
	if media, _, _ := strings.Cut(contentType, ";"); media == "" || link.IsText(strings.ToLower(strings.TrimSpace(media))) {
		limit = maxPage
	}
	buffer := bodies.Get().(*bytes.Buffer)
	defer bodies.Put(buffer)
	buffer.Reset()
	_, err := io.Copy(buffer, io.LimitReader(response.Body, limit+1))
	body, cut := buffer.Bytes(), false
	if int64(len(body)) > limit {
		body, cut = body[:limit], true
	}
	if err != nil && ctx.Err() != nil {
		err, cut = nil, true
	}
	if err != nil {
		return err
	}
	r.page = link.NewPage(contentType, response.ContentLength, body, cut, t.fragments())
	r.page.ETag, r.page.LastModified = clipHeader(response.Header.Get("ETag")), clipHeader(response.Header.Get("Last-Modified"))
	return nil
}

// clipHeader leaves out a validator that is too long to keep.
func clipHeader(value string) string {
	if len(value) > 200 {
		return ""
	}
	return value
}

// barrierOf knows the headers with which gatekeepers mark an answer of their own (Cloudflare, AWS WAF, DataDome).
func barrierOf(h http.Header) string {
	switch {
	case h.Get("Cf-Mitigated") != "", h.Get("X-Amzn-Waf-Action") != "", h.Get("X-Datadome") != "" && h.Get("X-Dd-B") != "":
		return "challenge page"
	}
	return ""
}

// faultOf says in the project's words what an error of net/http means.
func faultOf(ctx context.Context, err error) (link.Fault, string) {
	var dns *net.DNSError
	var alert tls.AlertError
	var record tls.RecordHeaderError
	var timeout net.Error
	switch {
	case errors.Is(err, fetch.ErrNotPublic):
		return link.FaultNotAllowed, "its address is " + fetch.ErrNotPublic.Error()
	case errors.As(err, &dns) && dns.IsNotFound:
		return link.FaultNoHost, ""
	case errors.As(err, &dns):
		return link.FaultDNS, fetch.Clip(dns.Err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return link.FaultRefused, ""
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return link.FaultUnreachable, "too many open files here" // our own trouble, which Outage looks for
	case errors.Is(err, syscall.ENETUNREACH),
		errors.Is(err, syscall.EHOSTUNREACH),
		errors.Is(err, syscall.ENETDOWN),
		errors.Is(err, syscall.EADDRNOTAVAIL):
		return link.FaultUnreachable, ""
	case context.Cause(ctx) == errProbeTimeout, errors.As(err, &timeout) && timeout.Timeout():
		return link.FaultTimeout, ""
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		// HTTP/2, whose errors net/http keeps to itself
		strings.Contains(err.Error(), "stream error: stream ID"), strings.Contains(err.Error(), "server sent GOAWAY"):
		return link.FaultReset, ""
	case errors.As(err, &alert),
		errors.As(err, &record),
		strings.Contains(err.Error(), "tls: "),
		strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		return link.FaultTLS, fetch.Clip(fetch.PlainError(err).Error())
	}
	return link.FaultMalformed, fetch.Clip(fetch.PlainError(err).Error())
}

// peers remembers what was wrong with which certificate, since one comes with every answer.
type peers struct {
	mu    sync.Mutex
	known map[peer]string
}

type peer struct {
	host string
	leaf [32]byte
}

// maxPeers bounds the memory for certificates.
const maxPeers = 10_000

// verifyPeer says what browsers would warn of, empty for nothing.
func (p *Prober) verifyPeer(state *tls.ConnectionState, host string) string {
	if state.Version < tls.VersionTLS12 {
		return "speaks only " + tls.VersionName(state.Version) + ", which browsers refuse"
	}
	if len(state.PeerCertificates) == 0 {
		return ""
	}
	key := peer{host, sha256.Sum256(state.PeerCertificates[0].Raw)}
	p.peers.mu.Lock()
	defer p.peers.mu.Unlock()
	said, ok := p.peers.known[key]
	if !ok {
		said = certificateFault(state.PeerCertificates, host, p.roots, time.Now())
		if len(p.peers.known) >= maxPeers {
			clear(p.peers.known)
		}
		p.peers.known[key] = said
	}
	return said
}

// certificateFault says what is wrong with a chain of certificates, for a host and a time.
func certificateFault(chain []*x509.Certificate, host string, roots *x509.CertPool, now time.Time) string {
	leaf := chain[0]
	middle := x509.NewCertPool()
	for _, c := range chain[1:] {
		middle.AddCert(c)
	}
	_, err := leaf.Verify(x509.VerifyOptions{DNSName: host, Roots: roots, Intermediates: middle, CurrentTime: now})
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	var issuer x509.UnknownAuthorityError
	var noRoots x509.SystemRootsError
	switch {
	case err == nil, errors.As(err, &noRoots):
		return "" // without roots on this machine nothing can be said
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && now.After(leaf.NotAfter):
		return "certificate expired on " + leaf.NotAfter.UTC().Format(time.DateOnly)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && now.Before(leaf.NotBefore):
		return "certificate is not valid before " + leaf.NotBefore.UTC().Format(time.DateOnly)
	case errors.As(err, &name):
		return fmt.Sprintf("certificate is not for %s%s", fetch.Clip(host), certificateNames(leaf))
	case errors.As(err, &issuer) && len(chain) == 1 && len(leaf.IssuingCertificateURL) > 0 && leaf.CheckSignatureFrom(leaf) != nil:
		return "" // the server forgot the middle of its chain; browsers fetch it from the address in the certificate
	case errors.As(err, &issuer):
		return "certificate of an unknown issuer"
	}
	return "certificate: " + fetch.Clip(fetch.PlainError(err).Error())
}

// certificateNames says for whom a certificate is, in short.
func certificateNames(leaf *x509.Certificate) string {
	if len(leaf.DNSNames) == 0 {
		return ""
	}
	text := ", but for " + fetch.Clip(leaf.DNSNames[0])
	if len(leaf.DNSNames) > 1 {
		text += fmt.Sprintf(" and %d more", len(leaf.DNSNames)-1)
	}
	return text
}
