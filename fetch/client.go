package fetch

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Where arXiv's interfaces live, and what may be asked of them.
const (
	// DefaultAPI is the query API. Plain http answers 301 with an empty body, hence https.
	DefaultAPI = "https://export.arxiv.org/api/query"
	// DefaultOAI is OAI-PMH since March 2025; the older export.arxiv.org/oai2 redirects to it.
	DefaultOAI = "https://oaipmh.arxiv.org/oai"
	// MinInterval is the least time between two requests to the real arXiv (API terms of use, "Rate limits").
	MinInterval = 3 * time.Second
	// MaxIDs is how many identifiers one request may name: several hundred in a URL are answered with 414.
	MaxIDs = 100
)

// What can go wrong for reasons that a caller must tell apart. Everything else is a plain error.
var (
	// ErrUnknownPaper is OAI-PMH's word that no such paper exists (any more, or yet).
	ErrUnknownPaper = errors.New("arXiv does not know the paper")
	// ErrRefused is a 403: arXiv has blocked us, and going on "will be interpreted as an attack" (arxiv.org/denied.html).
	// Stop the run at once.
	ErrRefused = errors.New("arXiv refuses to answer (403)")
	// ErrThrottled is arXiv asking for fewer requests, still after all the waiting that is reasonable in one run.
	ErrThrottled = errors.New("arXiv asks to slow down")
)

// Options are the settings of a Client. The zero value asks the real arXiv at its polite rate, without a contact and
// paced within this Client only.
type Options struct {
	// APIURL and OAIURL are the endpoints, https or on a loopback host; empty means DefaultAPI and DefaultOAI.
	APIURL, OAIURL string
	// Contact is an e-mail address or an https URL for arXiv's operators, sent in the User-Agent; empty sends none.
	Contact string
	// Version is the program's own, sent in the User-Agent.
	Version string
	// Interval is the least time from one answer's arrival to the next request; 0 means MinInterval. Less than
	// MinInterval is refused unless both endpoints are on loopback hosts.
	Interval time.Duration
	// PaceFile keeps the time of the last request for all processes that name the same file. It is made when missing,
	// its folder is not. Empty paces this Client alone.
	PaceFile string
	// Transport sends the requests, as it is; nil means a transport of our own with one connection and sane timeouts.
	Transport http.RoundTripper
	// Logger hears of every request at debug level; nil means silence.
	Logger *slog.Logger
	// OnWait, when not nil, is told of every wait before it begins. It is called from the asking goroutine and must
	// not call the Client.
	OnWait func(WaitEvent)
}

// WaitReason says why a Client is waiting.
type WaitReason int

// The reasons to wait.
const (
	WaitPace      WaitReason = iota // the interval since the last request is not over
	WaitTurn                        // another process, or another goroutine, is asking arXiv
	WaitThrottled                   // arXiv asked to slow down
	WaitRetry                       // a try failed and the next one is put off
)

// WaitEvent is one wait, announced as it begins.
type WaitEvent struct {
	Reason WaitReason
	For    time.Duration // how long; 0 for WaitTurn, where nobody knows
	Err    error         // what the last try came to; nil for WaitPace and WaitTurn
}

// Client asks arXiv. Its methods may be called from several goroutines; they take turns.
type Client struct {
	api, oai  *url.URL
	userAgent string
	interval  time.Duration
	pacer     *Pacer
	http      *http.Client
	lastHost  string // of the last request; read and written only while holding the pacer's turn
	requests  atomic.Int64
	log       *slog.Logger
	onWait    func(WaitEvent)
}

// New checks o and makes a Client. It asks nothing and touches no file; the errors say which option is wrong and what
// to do.
func New(o Options) (*Client, error) {
	api, apiLoopback, err := Endpoint("API", o.APIURL, DefaultAPI)
	if err != nil {
		return nil, err
	}
	oai, oaiLoopback, err := Endpoint("OAI", o.OAIURL, DefaultOAI)
	if err != nil {
		return nil, err
	}
	interval := o.Interval
	switch {
	case interval == 0:
		interval = MinInterval
	case interval < 0:
		return nil, fmt.Errorf("interval %v is negative: give a duration such as %v", interval, MinInterval)
	case interval < MinInterval && !(apiLoopback && oaiLoopback):
		return nil, fmt.Errorf("interval %v is shorter than the %v that arXiv's terms of use allow: "+
			"raise it, or point both arXiv URLs at a loopback host", interval, MinInterval)
	}
	agent, err := UserAgent(o.Version, o.Contact)
	if err != nil {
		return nil, err
	}
	c := &Client{
		api:       api,
		oai:       oai,
		userAgent: agent,
		interval:  interval,
		log:       o.Logger,
		onWait:    o.OnWait,
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.onWait == nil {
		c.onWait = func(WaitEvent) {}
	}
	c.pacer = NewPacer(o.PaceFile, interval, c.onWait)
	transport := o.Transport
	if transport == nil {
		transport = newTransport()
	}
	c.http = &http.Client{
		Transport: transport,
		// A redirect is a request like any other: it is handed back, to be paced and followed in ask.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

// Requests is how many requests were sent so far: retries, redirects and failures included.
func (c *Client) Requests() int { return int(c.requests.Load()) }

// Endpoint parses one of the two base URLs and says whether its host is a loopback host.
func Endpoint(name, raw, fallback string) (u *url.URL, loopback bool, err error) {
	if raw == "" {
		raw = fallback
	}
	u, err = url.Parse(raw)
	if err != nil {
		return nil, false, fmt.Errorf("arXiv %s URL: %w", name, err)
	}
	if u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, false, fmt.Errorf("arXiv %s URL %q: give scheme, host and path only, such as %s", name, raw, fallback)
	}
	loopback = IsLoopback(u.Hostname())
	if u.Scheme != "https" && !(u.Scheme == "http" && loopback) {
		return nil, false, fmt.Errorf("arXiv %s URL %q: use https (plain http is for loopback hosts only)", name, raw)
	}
	return u, loopback, nil
}

// IsLoopback says whether host can only mean this machine: localhost by name, 127.0.0.0/8 or ::1 by address.
func IsLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

// UserAgent names the program and, when there is one, a contact: several reports have arXiv more lenient with clients
// that can be written to, and its page for blocked robots asks for the User-Agent.
func UserAgent(version, contact string) (string, error) {
	version = strings.Map(func(r rune) rune {
		if isTokenRune(r) {
			return r
		}
		return -1
	}, version)
	if version == "" {
		version = "unknown"
	}
	agent := "syncer/" + version
	if contact == "" {
		return agent, nil
	}
	// Parentheses and backslashes would end or escape the comment (RFC 9110 section 5.6.5), control characters the header.
	plain := !strings.ContainsFunc(contact, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`()\`, r) })
	if u, err := url.Parse(contact); plain && err == nil && u.Scheme == "https" && u.Host != "" {
		return agent + " (+" + contact + ")", nil
	}
	address := strings.TrimPrefix(contact, "mailto:")
	if a, err := mail.ParseAddress(address); plain && err == nil && a.Address == address {
		return agent + " (mailto:" + address + ")", nil
	}
	return "", fmt.Errorf("contact %q is neither an e-mail address nor an https URL", contact)
}

// isTokenRune says whether r may stand in a product version of a User-Agent (RFC 9110 section 5.6.2).
func isTokenRune(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

// newTransport keeps to one connection a host. There is no timeout for response headers here: arXiv was seen to stall
// for two minutes before answering, which the deadline of each try allows for.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    20 * time.Second,
		MaxConnsPerHost:        1,
		MaxIdleConns:           1,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}
