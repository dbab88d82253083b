package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// BusyError is a source that asks for fewer requests: 429 or 503.
type BusyError struct {
	Status int
	After  time.Duration // what Retry-After asks for, unbounded; 0 when it says nothing that can be used
}

func (e *BusyError) Error() string {
	if e.After > 0 {
		return fmt.Sprintf("it asks to slow down (status %d, for %s)", e.Status, e.After.Round(time.Second))
	}
	return fmt.Sprintf("it asks to slow down (status %d)", e.Status)
}

// StatusError is an answer with another status than 200 that is no BusyError.
type StatusError struct{ Status int }

func (e *StatusError) Error() string { return fmt.Sprintf("status %d", e.Status) }

// ErrNotJSON is an answer with status 200 that is no JSON: a login page, a challenge, a page of errors. It counts as a refusal,
// never as an empty answer.
var ErrNotJSON = errors.New("the answer is no JSON")

// JSONOptions are the settings of a JSONClient.
type JSONOptions struct {
	Version, Contact string            // for the User-Agent, as in Options
	Interval         time.Duration     // least time from one answer's arrival to the next request; above 0
	Timeout          time.Duration     // for one request with its answer, pacing not counted; above 0
	MaxBody          int64             // how much of an answer is read, in bytes; a longer one is an error
	Header           http.Header       // sent with each request; a key in it never leaves the host that was asked
	Transport        http.RoundTripper // as it is; nil means one of our own
}

// JSONClient asks a source other than arXiv for JSON, politely: one request at a time, an interval apart, each saying who asks. Its
// errors are one line and never have the address's query in them, where keys may stand.
type JSONClient struct {
	agent   string
	maxBody int64
	header  http.Header
	http    *http.Client
	pacer   *Pacer
}

// NewJSONClient makes a JSONClient; an error says which option cannot be used.
func NewJSONClient(o JSONOptions) (*JSONClient, error) {
	agent, err := UserAgent(o.Version, o.Contact)
	if err != nil {
		return nil, err
	}
	if o.Interval <= 0 || o.Timeout <= 0 || o.MaxBody <= 0 {
		return nil, errors.New("interval, timeout and size of an answer are above 0")
	}
	c := &JSONClient{agent: agent, maxBody: o.MaxBody, header: o.Header, pacer: NewPacer("", o.Interval, func(WaitEvent) {})}
	c.http = &http.Client{Transport: o.Transport, Timeout: o.Timeout, CheckRedirect: c.checkRedirect}
	return c, nil
}

// checkRedirect takes the client's own headers off a request that is led to another host. net/http does so for a few names only.
func (c *JSONClient) checkRedirect(next *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("more than %d redirects", maxRedirects)
	}
	if next.URL.Host != via[0].URL.Host || next.URL.Scheme != via[0].URL.Scheme {
		for name := range c.header {
			next.Header.Del(name)
		}
	}
	return nil
}

// Get asks for an address in its turn and decodes the answer into v. What a caller may tell apart is *BusyError, *StatusError,
// ErrNotJSON and the context's error.
func (c *JSONClient) Get(ctx context.Context, address *url.URL, v any) (err error) {
	turn, err := c.pacer.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, turn.Mark(), turn.End()) }()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return PlainError(err)
	}
	for name, values := range c.header {
		request.Header[name] = values
	}
	request.Header.Set("User-Agent", c.agent)
	request.Header.Set("Accept", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return PlainError(err)
	}
	defer response.Body.Close()
	switch status := response.StatusCode; {
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		return &BusyError{status, AskedToWait(response.Header.Get("Retry-After"), time.Now())}
	case status != http.StatusOK:
		return &StatusError{status}
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, c.maxBody+1))
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("the answer breaks off after %d bytes: %w", len(body), PlainError(err))
	case int64(len(body)) > c.maxBody:
		return fmt.Errorf("the answer is larger than %d KiB", c.maxBody>>10)
	}
	if err := json.Unmarshal(body, v); err != nil {
		if strings.HasPrefix(strings.TrimSpace(string(body[:min(len(body), 64)])), "{") {
			return fmt.Errorf("the answer is JSON of another shape: %w", err)
		}
		return fmt.Errorf("%w: %s", ErrNotJSON, Excerpt(body))
	}
	return nil
}
