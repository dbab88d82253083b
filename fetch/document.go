package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"syncer/arxiv"
)

// documentDeadline bounds the reading of one list, body included.
const documentDeadline = 2 * time.Minute

// maxDocumentRedirects is what browsers allow at least.
const maxDocumentRedirects = 10

// Document gets a reading list by its http or https address, following up to ten redirects, and returns at most limit
// bytes of it, in UTF-8 where the server says what else it is in. Of the options it heeds Version, Contact and Transport.
// Another status than 200, a longer or incomplete body and an address at arXiv are errors, each one line: arXiv's own
// pages are asked for through a Client, paced, or not at all. The address may be on the own machine or network, since a
// person has named it; a redirect from there to another host in such a place is an error, unless Transport is set.
func Document(ctx context.Context, o Options, address string, limit int64) ([]byte, error) {
	agent, err := UserAgent(o.Version, o.Contact)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, PlainError(err)
	}
	if err := checkDocumentURL(u); err != nil {
		return nil, err
	}
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, documentDeadline)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, PlainError(err)
	}
	request.Header.Set("User-Agent", agent)
	request.Header.Set("Accept", "text/markdown, text/plain, text/html, application/x-bibtex, text/csv, */*;q=0.5")
	transport := o.Transport
	if transport == nil {
		transport = newDocumentTransport(u.Hostname())
	}
	client := &http.Client{Transport: transport, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		if len(via) > maxDocumentRedirects {
			return fmt.Errorf("more than %d redirects", maxDocumentRedirects)
		}
		if err := checkDocumentURL(next.URL); err != nil {
			return fmt.Errorf("it redirects to %s: %w", Clip(next.URL.Redacted()), err)
		}
		return nil
	}}
	body, err := readDocument(client, request, limit)
	switch {
	case err == nil:
		return body, nil
	case caller.Err() != nil:
		return nil, caller.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("no complete answer within %v", documentDeadline)
	}
	return nil, PlainError(err)
}

func checkDocumentURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return errors.New("only http and https addresses are read")
	case u.Hostname() == "":
		return errors.New("the address names no host")
	case arxiv.IsHost(u.Hostname()):
		return errors.New("arXiv's own pages are not read as lists")
	}
	return nil
}

func readDocument(client *http.Client, request *http.Request, limit int64) ([]byte, error) {
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		// The server's own words for the status are left out: they can be anything.
		return nil, errors.New(
			strings.TrimSpace(fmt.Sprintf("the server answers %d %s", response.StatusCode, http.StatusText(response.StatusCode))),
		)
	}
	// The transport asks for gzip and takes it off again; everything else comes uninvited.
	if coding := response.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, fmt.Errorf("the answer is encoded as %q, which was not asked for", Clip(coding))
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errCutOff(len(body))
	}
	if err != nil {
		return nil, err
	}
	if int64(len(body)) <= limit {
		body = toUTF8(body, response.Header.Get("Content-Type"))
	}
	if int64(len(body)) > limit {
		return nil, fmt.Errorf("larger than %d MiB", limit>>20)
	}
	return body, nil
}

// toUTF8 converts a body that is not UTF-8 from the charset that its server names. A name is believed only then: many
// servers call everything ISO-8859-1. Without a name that is known the body stays as it is.
func toUTF8(body []byte, contentType string) []byte {
	if utf8.Valid(body) {
		return body
	}
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return body
	}
	encoding, name := charset.Lookup(parameters["charset"])
	if encoding == nil || name == "utf-8" {
		return body
	}
	converted, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return body
	}
	return converted
}

// PlainError takes the method and the address off, which the caller's message names, and keeps to a line.
func PlainError(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if text := err.Error(); len(text) > 300 || strings.ContainsAny(text, "\r\n") {
		return errors.New(Clip(strings.Join(strings.Fields(text), " ")))
	}
	return err
}

// documentTransport reads the hosts that redirects lead to through a transport of its own, which looks where it dials.
type documentTransport struct {
	named   string // the host that a person has named
	guarded *http.Transport
}

func newDocumentTransport(named string) *documentTransport {
	return &documentTransport{named, &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: PublicDialer(30 * time.Second).DialContext, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: 20 * time.Second,
		DisableKeepAlives:   true, MaxResponseHeaderBytes: 64 << 10,
	}}
}

// RoundTrip dials freely for the host named, and for a proxy, which dials itself and is often a private host.
func (t *documentTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	proxy, err := http.ProxyFromEnvironment(request)
	if err == nil && proxy == nil && !strings.EqualFold(request.URL.Hostname(), t.named) {
		return t.guarded.RoundTrip(request)
	}
	return http.DefaultTransport.RoundTrip(request)
}
