package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syncer/fetch"
	"time"
)

const (
	// DefaultArchive is the Wayback availability interface (archive.org/help/wayback_api.php).
	DefaultArchive = "https://archive.org/wayback/available"
	// archiveInterval keeps to four requests a minute: its limits are not written anywhere, and a client that goes on after
	// a 429 is shut out for an hour, doubling (edgi-govdata-archiving/wayback issue 137).
	archiveInterval = 15 * time.Second
	archiveTimeout  = 30 * time.Second
	maxArchiveBody  = 64 << 10
)

// ErrArchiveBusy is the Internet Archive asking for fewer requests; ask no more in this run.
var ErrArchiveBusy = errors.New("the Internet Archive asks to slow down")

// Archive asks the Internet Archive for copies of pages, a few a minute. Its method is not safe for concurrent use.
type Archive struct {
	base  *url.URL
	agent string
	http  *http.Client
	pacer *fetch.Pacer
}

// NewArchive makes an Archive that asks base; of the options it heeds Version, Contact, Transport and, for a base on a
// loopback host, Interval.
func NewArchive(base string, o fetch.Options) (*Archive, error) {
	u, loopback, err := fetch.Endpoint("archive", base, DefaultArchive)
	if err != nil {
		return nil, err
	}
	agent, err := fetch.UserAgent(o.Version, o.Contact)
	if err != nil {
		return nil, err
	}
	interval := archiveInterval
	if (loopback || o.Transport != nil) && o.Interval > 0 {
		interval = o.Interval
	}
	return &Archive{base: u, agent: agent, http: &http.Client{Transport: o.Transport, Timeout: archiveTimeout}, pacer: fetch.NewPacer("", interval, func(fetch.WaitEvent) {})}, nil
}

// Snapshot gives the address of the copy nearest to a time (zero: the newest) of a page as it was with status 200. It is empty
// when the Archive names none, which does not mean that there is none: the interface was seen to forget (waybackpy issue 82).
func (a *Archive) Snapshot(ctx context.Context, page string, near time.Time) (string, error) {
	query := url.Values{"url": {page}}
	if !near.IsZero() {
		query.Set("timestamp", near.UTC().Format("20060102150405"))
	}
	u := *a.base
	u.RawQuery = query.Encode()
	turn, err := a.pacer.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer turn.End() // without a file it has nothing that fails
	snapshot, err := a.ask(ctx, &u)
	if err := errors.Join(err, turn.Mark()); err != nil && ctx.Err() == nil {
		return "", fmt.Errorf("ask the Internet Archive for %s: %w", fetch.Clip(page), fetch.PlainError(err))
	}
	return snapshot, ctx.Err()
}

func (a *Archive) ask(ctx context.Context, u *url.URL) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("User-Agent", a.agent)
	request.Header.Set("Accept", "application/json")
	response, err := a.http.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxArchiveBody))
	switch {
	case response.StatusCode == http.StatusTooManyRequests || response.StatusCode == http.StatusServiceUnavailable:
		return "", ErrArchiveBusy
	case err != nil:
		return "", err
	case response.StatusCode != http.StatusOK:
		return "", fmt.Errorf("status %d", response.StatusCode)
	}
	var answer struct {
		Snapshots struct {
			Closest struct {
				Available bool
				URL       string
				Status    string
			}
		} `json:"archived_snapshots"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", fmt.Errorf("the answer is no JSON: %s", fetch.Excerpt(body))
	}
	closest := answer.Snapshots.Closest
	copied, err := url.Parse(closest.URL)
	if err != nil || !closest.Available || closest.Status != "200" || copied.Host == "" || copied.Scheme != "http" && copied.Scheme != "https" || len(closest.URL) > maxLocation {
		return "", nil
	}
	// The interface gives http addresses; the Archive itself redirects them.
	return strings.Replace(closest.URL, "http://web.archive.org/", "https://web.archive.org/", 1), nil
}
