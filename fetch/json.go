package fetch

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"syncer/arxiv"
)

// maxBusy is the most that a Retry-After is believed: a service that means more is asked once an hour.
const maxBusy = time.Hour

// BusyError is a service that asks for fewer requests (429 or 503). Wait is how long it wants to be left alone from now
// on, at most an hour; 0 when it does not say.
type BusyError struct {
	Status int
	Wait   time.Duration
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("status %d: asked to wait for %v", e.Status, e.Wait.Round(time.Second))
}

// StatusError is any other status than 200. Said is the beginning of the answer, quoted, on one line.
type StatusError struct {
	Status int
	Said   string
}

func (e *StatusError) Error() string { return fmt.Sprintf("status %d", e.Status) }

// PageError is a web page with status 200 in place of JSON, such as a challenge: a refusal, which tells nothing of what
// was asked. Said is its title or beginning, quoted, on one line.
type PageError struct{ Said string }

func (e *PageError) Error() string { return "the answer is no JSON: " + e.Said }

// JSONOptions are the settings of a JSONClient. Only Pacer is needed.
type JSONOptions struct {
	// Version and Contact go into the User-Agent, as in Options.
	Version, Contact string
	// Pacer keeps the questions to the service apart. Clients of one service may share it.
	Pacer *Pacer
	// Header goes with every question; the place for keys. A host that an answer redirects to does not get it.
	Header http.Header
	// Timeout is for one question with its whole answer, after pacing; 0 means 30 s.
	Timeout time.Duration
	// MaxBody is the most bytes of an answer, unpacked; 0 means 4 MiB. A larger answer is an error.
	MaxBody int64
	// Transport sends the requests; nil means that of net/http.
	Transport http.RoundTripper
}

// JSONClient asks one service for JSON, politely: it says who asks, keeps the pace, reads no more than the cap, and asks
// nothing while the service wants to be left alone. It tries nothing twice. Its method may be called from several
// goroutines; they take turns.
type JSONClient struct {
	agent   string
	pacer   *Pacer
	header  http.Header
	maxBody int64
	http    *http.Client
	busy    BusyError // the last one, and until when it holds: read and written only while holding the pacer's turn
	until   time.Time
}

// NewJSONClient makes a JSONClient and asks nothing. It is an error when there is no Pacer, when a limit is negative, and
// when Contact cannot stand in a User-Agent.
func NewJSONClient(o JSONOptions) (*JSONClient, error) {
	agent, err := UserAgent(o.Version, o.Contact)
	if err == nil && (o.Pacer == nil || o.Timeout < 0 || o.MaxBody < 0) {
		err = errors.New("a JSON client needs a pacer, and no limit below 0")
	}
	if err != nil {
		return nil, err
	}
	c := &JSONClient{agent: agent, pacer: o.Pacer, header: o.Header, maxBody: cmp.Or(o.MaxBody, 4<<20)}
	c.http = &http.Client{Transport: o.Transport, CheckRedirect: c.redirect, Timeout: cmp.Or(o.Timeout, 30*time.Second)}
	return c, nil
}

// Get asks for u and decodes the answer into what into points to. Errors are one line and name neither u's query nor the
// headers of the options: *BusyError, also without asking when it is too early; *PageError; *StatusError; the context's;
// or a plain one. A page of arXiv's is not asked for: that is Client's work.
func (c *JSONClient) Get(ctx context.Context, u *url.URL, into any) (err error) {
	if arxiv.IsHost(u.Hostname()) {
		return errors.New("arXiv is not asked here")
	}
	turn, err := c.pacer.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, turn.End()) }()
	if wait := time.Until(c.until); wait > 0 {
		return &BusyError{c.busy.Status, wait}
	}
	// Marked before sending as well, for the case that this process is killed while it waits for the answer.
	if err := turn.Mark(); err != nil {
		return err
	}
	if err = c.ask(ctx, u, into); ctx.Err() != nil {
		err = ctx.Err()
	}
	return errors.Join(err, turn.Mark())
}

func (c *JSONClient) ask(ctx context.Context, u *url.URL, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return c.plain(u, err)
	}
	maps.Copy(request.Header, c.header)
	request.Header.Set("User-Agent", c.agent)
	request.Header.Set("Accept", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return c.plain(u, err)
	}
	defer response.Body.Close()
	if status := response.StatusCode; status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		busy := &BusyError{status, min(AskedToWait(response.Header.Get("Retry-After"), time.Now()), maxBusy)}
		c.busy, c.until = *busy, time.Now().Add(busy.Wait)
		return busy
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, c.maxBody+1))
	switch {
	case response.StatusCode != http.StatusOK:
		return &StatusError{response.StatusCode, c.quote(u, body)}
	case err != nil:
		return c.plain(u, fmt.Errorf("the answer breaks off after %d bytes: %w", len(body), err))
	case int64(len(body)) > c.maxBody:
		return fmt.Errorf("the answer is larger than %d KiB", c.maxBody>>10)
	}
	if err = json.Unmarshal(body, into); err == nil {
		return nil // whatever its Content-Type says: some services call everything text/html
	}
	switch media := response.Header.Get("Content-Type"); {
	case json.Valid(body):
		return c.plain(u, fmt.Errorf("the answer is JSON of another form: %w", err))
	case strings.Contains(media, "html") || bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")):
		return &PageError{c.quote(u, body)}
	}
	return fmt.Errorf("the answer is no JSON: %s", c.quote(u, body))
}

// redirect lets an answer lead elsewhere within one turn, but not to arXiv and not out of https. net/http itself keeps only
// the headers that it knows to be secret from other hosts, and tells all of them the address before, query and all.
func (c *JSONClient) redirect(next *http.Request, via []*http.Request) error {
	switch first := via[0].URL; {
	case len(via) > maxDocumentRedirects:
		return fmt.Errorf("more than %d redirects", maxDocumentRedirects)
	case arxiv.IsHost(next.URL.Hostname()):
		return errors.New("it redirects to arXiv, which is not asked here")
	case next.URL.Scheme != "https" && next.URL.Scheme != first.Scheme:
		return fmt.Errorf("it redirects from %s to %s", first.Scheme, Clip(next.URL.Scheme))
	case next.URL.Host != first.Host:
		next.Header = http.Header{"User-Agent": {c.agent}, "Accept": {"application/json"}}
	}
	next.Header.Del("Referer")
	return nil
}

// plain makes a line of an error, without the address.
func (c *JSONClient) plain(u *url.URL, err error) error {
	if err = PlainError(err); c.repeats(u, err.Error()) {
		return errors.New("failed, with words that repeat the question")
	}
	return err
}

// quote is the beginning of an answer for a message.
func (c *JSONClient) quote(u *url.URL, body []byte) string {
	if c.repeats(u, string(body)) {
		return "words that repeat the question"
	}
	return Excerpt(body)
}

// repeats says whether text holds a value of the query or of the caller's headers: any that is long enough may be a key.
func (c *JSONClient) repeats(u *url.URL, text string) bool {
	for _, values := range slices.Concat(slices.Collect(maps.Values(u.Query())), slices.Collect(maps.Values(c.header))) {
		for _, word := range strings.Fields(strings.Join(values, " ")) { // "Bearer ..." is two
			if len(word) >= 8 && (strings.Contains(text, word) || strings.Contains(text, url.QueryEscape(word))) {
				return true
			}
		}
	}
	return false
}
