package replica

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Shape is one of the forms that the Atom feeds of the query API have had.
type Shape int

const (
	// Current is the form since about 14 November 2025.
	Current Shape = iota
	// Transitional is the form of the first days of the new server, from 11 November 2025: links without rel, type and
	// title, and an <updated> that is the time of announcement.
	Transitional
	// Classic is the form up to 10 November 2025: hard-wrapped texts, namespaces declared on each element, http links,
	// and an empty entry for each unknown identifier.
	Classic
)

// ParseShape reads "current", "transitional" or "classic".
func ParseShape(name string) (Shape, error) {
	switch name {
	case "current":
		return Current, nil
	case "transitional":
		return Transitional, nil
	case "classic":
		return Classic, nil
	}
	return 0, fmt.Errorf("unknown shape %q: want current, transitional or classic", name)
}

// Options say what a server holds and how it behaves. The zero value is an arXiv of today's form with the landmark papers.
type Options struct {
	// Papers is a paper file, JSON Lines; nil means the embedded landmark papers.
	Papers io.Reader
	Shape  Shape
	// Now is the server's clock, time.Now when nil. Versions and edits dated later than Now do not exist yet.
	Now func() time.Time
	// Faults apply in order: the first that fits a request is the one that happens.
	Faults []Fault
	// MinGap is how far apart requests to the query API and OAI-PMH, counted together, must arrive; a request that comes
	// earlier gets status 429 and "Rate exceeded.". Zero: any pace is fine. Over a network leave some milliseconds for
	// the way: a client that keeps 3 s between starts can arrive 2.99 s apart.
	MinGap time.Duration
	// PageSize is how many OAI-PMH records, or identifiers, make a page; zero means 2500 and 20000.
	PageSize int
	// Web says what pages outside arXiv do; a RoundTripper answers for those too.
	Web []WebPage
	// Logger gets one line a request, at level debug; nil: none.
	Logger *slog.Logger
}

// Request is what was asked and how it was answered.
type Request struct {
	Time     time.Time
	Endpoint string // api, oai, abs, pdf or other
	Method   string
	Path     string // with query
	Form     string // the body of a POST, its first 4096 bytes
	Status   int    // 0: no answer (connection reset, or the client left)
}

// Server answers as arXiv does. It is an http.Handler; RoundTripper serves a client in the same process without network.
type Server struct {
	archive  *archive
	shape    Shape
	now      func() time.Time
	faults   []Fault
	minGap   time.Duration
	pageSize int
	web      []WebPage
	logger   *slog.Logger

	mu       sync.Mutex
	requests []Request // a ring once it is full
	next     int       // where the ring continues
	counts   map[string]int
	lastCall time.Time // to the query API or OAI-PMH
}

// maxRequests bounds the log of requests, maxPath and maxForm what it keeps of each, maxBody what is read of a body.
const (
	maxRequests = 10_000
	maxPath     = 2 * maxURI
	maxForm     = 4096
	maxBody     = 1 << 20
)

//go:embed landmarks.jsonl
var landmarks []byte

// New makes a server. Errors name the line of the paper file that cannot be used, or the option.
func New(o Options) (*Server, error) {
	if o.Papers == nil {
		o.Papers = bytes.NewReader(landmarks)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Shape < Current || o.Shape > Classic {
		return nil, fmt.Errorf("replica: unknown shape %d", o.Shape)
	}
	if o.PageSize < 0 || o.MinGap < 0 {
		return nil, errors.New("replica: page size and least gap must not be negative")
	}
	for _, fault := range o.Faults {
		if err := fault.check(); err != nil {
			return nil, fmt.Errorf("replica: fault %+v: %w", fault, err)
		}
	}
	papers, err := readPapers(o.Papers)
	if err != nil {
		return nil, fmt.Errorf("replica: %w", err)
	}
	return &Server{
		archive: newArchive(papers), shape: o.Shape, now: o.Now, faults: o.Faults, minGap: o.MinGap,
		pageSize: o.PageSize, web: o.Web, logger: o.Logger, counts: map[string]int{},
	}, nil
}

// Requests gives the latest requests, at most 10,000, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Request, 0, len(s.requests))
	list = append(list, s.requests[s.next:]...)
	return append(list, s.requests[:s.next]...)
}

func (s *Server) record(r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) < maxRequests {
		s.requests = append(s.requests, r)
		return
	}
	s.requests[s.next] = r
	s.next = (s.next + 1) % maxRequests
}

// response is an answer before it travels: over a connection (ServeHTTP) or through memory (RoundTripper).
type response struct {
	status  int
	header  http.Header
	body    []byte
	chunked bool // no Content-Length in a GET
	cut     int  // break off after so many bytes; -1: whole
	endless bool // go on after the body, with white space, up to endlessCap
	reset   bool // no answer, the connection breaks
}

func page(status int, contentType, body string) response {
	return response{status: status, header: http.Header{"Content-Type": {contentType}}, body: []byte(body), cut: -1}
}

func redirect(location string) response {
	r := page(http.StatusMovedPermanently, "text/html; charset=utf-8", htmlPage("Redirecting", "The page is at "+location+"."))
	r.header.Set("Location", location)
	return r
}

// handle answers one request, faults included. An error is the client's context or its unreadable body.
func (s *Server) handle(r *http.Request) (response, error) {
	now := s.now().UTC()
	form, err := readForm(r)
	entry := Request{Time: now, Endpoint: endpoint(r.URL.Path), Method: r.Method, Path: r.URL.RequestURI(), Form: form}
	entry.Form = entry.Form[:min(len(entry.Form), maxForm)]
	entry.Path = entry.Path[:min(len(entry.Path), maxPath)]
	var answer response
	switch {
	case errors.Is(err, errTooLarge):
		err = nil
		answer = s.queryError(
			queryFault{status: http.StatusRequestEntityTooLarge, message: "The data value transmitted exceeds the capacity limit."},
			queryParams{},
			now,
		)
	case err != nil:
		return response{}, err
	default:
		answer, err = s.answer(r, form, entry.Endpoint, now)
	}
	if err == nil && !answer.reset {
		entry.Status = answer.status
	}
	s.record(entry)
	s.logger.LogAttrs(r.Context(), slog.LevelDebug, "replica request", slog.String("method", entry.Method),
		slog.String("path", entry.Path), slog.Int("status", entry.Status))
	return answer, err
}

// answer applies the pace and the faults, in this order, to what route gives.
func (s *Server) answer(r *http.Request, form, endpoint string, now time.Time) (response, error) {
	count, total, early := s.arrive(endpoint, now)
	if early {
		return rateExceeded(), nil
	}
	for _, fault := range s.faults {
		if !fault.fits(endpoint, count, total) {
			continue
		}
		if err := wait(r.Context(), fault.Delay); err != nil {
			return response{}, err
		}
		if fault.Reset {
			return response{reset: true, cut: -1}, nil
		}
		answer, ok := fault.instead()
		switch {
		case ok:
		case fault.Empty && endpoint == "api":
			answer = s.emptyFeed(r, form, now)
		default:
			answer = s.route(r, form, now)
		}
		if fault.Cut >= 0 && fault.Cut < len(answer.body) {
			answer.cut = fault.Cut
		}
		answer.endless = fault.Endless
		return answer, nil
	}
	return s.route(r, form, now), nil
}

// arrive counts a request and tells whether it came too early.
func (s *Server) arrive(endpoint string, now time.Time) (count, total int, early bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[endpoint]++
	s.counts[""]++
	if endpoint == "api" || endpoint == "oai" {
		early = s.minGap > 0 && !s.lastCall.IsZero() && now.Sub(s.lastCall) < s.minGap
		s.lastCall = now
	}
	return s.counts[endpoint], s.counts[""], early
}

func (s *Server) route(r *http.Request, form string, now time.Time) response {
	path := r.URL.Path
	switch {
	case isForeign(r):
		return s.foreign(r, now)
	case path == "/" || path == "":
		return page(http.StatusOK, "text/html; charset=utf-8", htmlPage("A stand-in for arXiv",
			"This is a replica for trying and testing, not arXiv: its abstracts and some of its dates are made up."))
	case path == "/robots.txt":
		return page(http.StatusOK, "text/plain; charset=utf-8", robots)
	case path == "/api/query":
		return s.query(r, form, now)
	case strings.HasPrefix(path, "/api/"):
		return s.queryError(queryFault{status: http.StatusNotFound, message: notFoundMessage}, queryParams{}, now)
	case path == "/oai":
		return s.oai(r, form, now)
	case path == "/oai2":
		location := "/oai"
		if r.URL.RawQuery != "" {
			location += "?" + r.URL.RawQuery
		}
		return redirect(location)
	}
	return s.linkTarget(r, now)
}

// endpoint sorts a path for counting and for faults.
func endpoint(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch first {
	case "api", "oai", "abs", "pdf":
		return first
	case "oai2":
		return "oai"
	}
	return "other"
}

var errTooLarge = errors.New("request body is too large")

// readForm reads the body of a POST. arXiv takes one without a Content-Type as well (arxiv-search, ef955f5).
func readForm(r *http.Request) (string, error) {
	if r.Body == nil || r.Method != http.MethodPost {
		return "", nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return "", fmt.Errorf("read request: %w", err)
	}
	if len(body) > maxBody {
		return "", errTooLarge
	}
	return string(body), nil
}

// params are a request's parameters, those of the form in a POST.
func params(r *http.Request, form string) url.Values {
	query := r.URL.RawQuery
	if r.Method == http.MethodPost {
		query = form
	}
	values, _ := url.ParseQuery(query) // what can be read counts, as with arXiv's own framework
	return values
}

// wait lets a delay pass unless the client leaves before.
func wait(ctx context.Context, delay time.Duration) error {
	if delay <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
