// Package probe asks for the links of lists, politely, and says what each look saw. Links come in a few at a time from a
// Source, link.Probe values go out; nothing is judged or stored here (package enrich/link judges).
//
// probe.go is what a caller sees, run.go the loop behind it: many hosts at once, each at its own pace; begin there. host.go is
// what is kept of a host: its queue, its rest, what its robots.txt asks for (robots.go). task.go is one link on its way:
// redirects, retries, registries. exchange.go sends one request and reads its answer as far as it matters. archive.go asks
// the Internet Archive for copies. What is dialled is guarded by package fetch.
package probe

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"time"

	"syncer/enrich/link"
	"syncer/fetch"
)

// Options are the settings of a Prober. The zero value probes politely and the public internet only.
type Options struct {
	// Version and Contact go into the User-Agent, as in Options.
	Version, Contact string
	// AllowPrivate lets links lead to loopback, private and other special addresses.
	AllowPrivate bool
	// PerHost is how many requests to one host may be under way at once (default 2), Total how many in all (default 64).
	PerHost, Total int
	// Gap is the least time between the starts of two requests to one host (default 40 ms). A host that asks for more, by
	// Crawl-delay or 429, gets more.
	Gap time.Duration
	// Timeout is for one request with its answer (default 15 s); links that failed before are given more, up to 60 s.
	Timeout time.Duration
	// MaxRetryAfter is how long a host may ask to be left alone and still be waited for (default 2 minutes). One that asks
	// for more is left for another night.
	MaxRetryAfter time.Duration
	// Rests are the hosts that have asked an earlier Prober to be left alone, and until when (Prober.Rests).
	Rests map[string]time.Time
	// ArXivInterval, when not 0, lets arXiv's own pages be probed, that far apart (robots.txt asks for 15 s) and in turn with
	// every other request to arXiv, by PaceFile. Without it they are not asked for.
	ArXivInterval time.Duration
	PaceFile      string
	// Transport sends the requests; nil means one of our own, which guards what it dials.
	Transport http.RoundTripper
	Logger    *slog.Logger
}

// Target is one link to probe.
type Target struct {
	ID  int64 // the caller's
	URL string
	// ETag and LastModified make the request conditional; empty to read the page.
	ETag, LastModified string
	// Failures is how often in a row the link has failed: a slow server is given more time.
	Failures int
	// Extra marks a request beyond the one GET that a link gets: robots.txt must allow it.
	Extra bool
}

// Source gives a Prober its links, a few at a time, so that there may be any number of them.
type Source struct {
	// Hosts gives up to limit hosts with links to probe, in order, those behind after ("" for the first).
	Hosts func(ctx context.Context, after string, limit int) ([]HostWork, error)
	// Links gives up to limit links of a host in the order of their IDs, those above after (0 for the first).
	Links func(ctx context.Context, host string, after int64, limit int) ([]Target, error)
}

// HostWork is a host (link.Host) and how many of its links are to be probed.
type HostWork struct {
	Host  string
	Links int
}

// Prober asks for links: many hosts at once, each host at its own pace. Between runs it keeps what the hosts have asked for.
//
// Every request, redirects and retries too, takes its turn at the host that it goes to: at most PerHost at a time, Gap
// apart, and none while the host has asked to be left alone. A host that waits holds none of the Total places, and neither
// does a request that has waited for its answer for a while: a slow host costs the others nothing.
type Prober struct {
	agent         string
	allowPrivate  bool
	perHost       int
	total         int
	gap, timeout  time.Duration
	maxRetryAfter time.Duration
	transport     http.RoundTripper
	arXiv         *fetch.Pacer // nil: arXiv is not probed
	log           *slog.Logger
	peers         peers
	roots         *x509.CertPool // nil: the system's
	hosts         map[string]*host
	rests         map[string]time.Time
	requests      int
	waits         int
}

// NewProber makes a Prober. It is an error when a limit is negative, when Version or Contact cannot stand in a User-Agent, and
// when ArXivInterval is below CrawlInterval without a Transport of the caller's.
func NewProber(o Options) (*Prober, error) {
	agent, err := fetch.UserAgent(o.Version, o.Contact)
	if err != nil {
		return nil, err
	}
	if o.PerHost < 0 || o.Total < 0 || o.Gap < 0 || o.Timeout < 0 || o.MaxRetryAfter < 0 || o.ArXivInterval < 0 {
		return nil, errors.New("a limit of the link probes is negative")
	}
	p := &Prober{
		agent: agent, allowPrivate: o.AllowPrivate, perHost: orDefault(o.PerHost, 2), total: orDefault(o.Total, 64),
		gap:     orDefault(o.Gap, 40*time.Millisecond),
		timeout: orDefault(o.Timeout, 15*time.Second), maxRetryAfter: orDefault(o.MaxRetryAfter, 2*time.Minute),
		transport: o.Transport, log: o.Logger, peers: peers{known: map[peer]string{}}, hosts: map[string]*host{},
		rests: map[string]time.Time{},
	}
	if p.transport == nil {
		p.transport = newProbeTransport(o.AllowPrivate, p.perHost, p.total)
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	if o.ArXivInterval > 0 {
		if o.ArXivInterval < CrawlInterval && o.Transport == nil {
			return nil, fmt.Errorf("arXiv's robots.txt asks for %v between two of its pages: %v is less", CrawlInterval, o.ArXivInterval)
		}
		p.arXiv = fetch.NewPacer(o.PaceFile, o.ArXivInterval, func(fetch.WaitEvent) {})
	}
	for name, until := range o.Rests {
		h := newHost(name, p.gap)
		h.rest(until, time.Now(), p.maxRetryAfter)
		p.hosts[name] = h
	}
	return p, nil
}

// CrawlInterval is what arXiv's robots.txt asks for as Crawl-delay.
const CrawlInterval = 15 * time.Second

func orDefault[T int | time.Duration](value, fallback T) T {
	if value == 0 {
		return fallback
	}
	return value
}

// Requests is how many requests the last Run has sent, with those for robots.txt, redirects and retries.
func (p *Prober) Requests() int { return p.requests }

// Waiting is how many links the last Run has not come to, since their hosts asked for more patience than one run has.
func (p *Prober) Waiting() int { return p.waits }

// Rests are the hosts that have asked to be left alone for longer than until now, and until when.
func (p *Prober) Rests() map[string]time.Time {
	now := time.Now()
	maps.DeleteFunc(p.rests, func(_ string, until time.Time) bool { return !until.After(now) })
	return p.rests
}

// Run probes every link that the source has, and hands each with what was seen to found, from the calling goroutine and in
// no order. found sets Probe.At, which is left zero, and must be quick: every host waits for it. Run returns the first error of
// the source, of found or of the pace file, or the context's: then the probes under way are given up, and the links that were
// not handed over are as if never asked.
func (p *Prober) Run(ctx context.Context, source Source, found func(Target, link.Probe) error) error {
	ctx, cancel := context.WithCancel(ctx)
	r := &probeRun{
		p:       p,
		source:  source,
		found:   found,
		hosts:   p.hosts,
		sweepAt: 1024,
		answers: make(chan *sent, p.total),
		slow:    make(chan *sent),
	}
	p.requests, p.waits = 0, 0
	err := r.loop(ctx)
	cancel()
	for name, h := range p.hosts {
		if h.restUntil.After(time.Now()) {
			p.rests[name] = h.restUntil
		}
	}
	if err != nil {
		p.hosts = map[string]*host{} // they are in the middle of things
	}
	for r.open > 0 { // the goroutines under way end with the context
		select {
		case <-r.answers:
			r.open--
		case <-r.slow:
		}
	}
	if t, ok := p.transport.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
	return err
}
