package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// script is an arXiv in this process: it plays its steps one after the other and notes when it was asked for what.
type script struct {
	t     *testing.T
	mu    sync.Mutex
	steps []step
	asked []time.Time
	urls  []string
}

type step func(*http.Request) (*http.Response, error)

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.asked = append(s.asked, time.Now())
	s.urls = append(s.urls, r.URL.String())
	if len(s.steps) == 0 {
		s.mu.Unlock()
		s.t.Errorf("unexpected request for %s", r.URL)
		return nil, errors.New("no more steps")
	}
	next := s.steps[0]
	s.steps = s.steps[1:]
	s.mu.Unlock()
	return next(r)
}

// gaps are the times between one request and the next.
func (s *script) gaps() []time.Duration {
	var gaps []time.Duration
	for i := 1; i < len(s.asked); i++ {
		gaps = append(gaps, s.asked[i].Sub(s.asked[i-1]))
	}
	return gaps
}

// reply answers with a status, a body and headers (name, value, ...).
func reply(status int, body string, headers ...string) step {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{}
		for i := 0; i < len(headers); i += 2 {
			h.Set(headers[i], headers[i+1])
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
}

func fail(err error) step {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// late answers after d, or not at all when the request is given up before.
func late(d time.Duration, then step) step {
	return func(r *http.Request) (*http.Response, error) {
		select {
		case <-time.After(d):
			return then(r)
		case <-r.Context().Done():
			return nil, context.Cause(r.Context())
		}
	}
}

// cut answers with a body that breaks off.
func cut(body string) step {
	return func(r *http.Request) (*http.Response, error) {
		broken := io.MultiReader(strings.NewReader(body), errReader{io.ErrUnexpectedEOF})
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(broken), Request: r}, nil
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// endless is a body without an end that counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.read += len(p)
	return len(p), nil
}

// newClient makes a client at arXiv's own rate that asks a script of steps.
func newClient(t *testing.T, o Options, steps ...step) (*Client, *script) {
	t.Helper()
	s := &script{t: t, steps: steps}
	o.Transport = s
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}
