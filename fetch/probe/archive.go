package probe

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"syncer/fetch"
)

const (
	// DefaultArchive is the Wayback availability interface (archive.org/help/wayback_api.php).
	DefaultArchive = "https://archive.org/wayback/available"
	// archiveInterval keeps to four requests a minute: its limits are not written anywhere, and a client that goes on after
	// a 429 is shut out for an hour, doubling (edgi-govdata-archiving/wayback issue 137).
	archiveInterval = 15 * time.Second
	maxArchiveBody  = 64 << 10
)

// ErrArchiveBusy is the Internet Archive asking for fewer requests; ask no more in this run.
var ErrArchiveBusy = errors.New("the Internet Archive asks to slow down")

// Archive asks the Internet Archive for copies of pages, a few a minute.
type Archive struct {
	base   *url.URL
	client *fetch.JSONClient
}

// NewArchive makes an Archive that asks base; of the options it heeds Version, Contact, Transport and, for a base on a
// loopback host or with a Transport, Interval.
func NewArchive(base string, o fetch.Options) (*Archive, error) {
	u, loopback, err := fetch.Endpoint("archive", base, DefaultArchive)
	if err != nil {
		return nil, err
	}
	interval := archiveInterval
	if (loopback || o.Transport != nil) && o.Interval > 0 {
		interval = o.Interval
	}
	client, err := fetch.NewJSONClient(fetch.JSONOptions{
		Version: o.Version, Contact: o.Contact, Transport: o.Transport, MaxBody: maxArchiveBody,
		Pacer: fetch.NewPacer("", interval, func(fetch.WaitEvent) {}),
	})
	if err != nil {
		return nil, err
	}
	return &Archive{base: u, client: client}, nil
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
	var answer struct {
		Snapshots struct {
			Closest struct {
				Available bool
				URL       string
				Status    string
			}
		} `json:"archived_snapshots"`
	}
	err := a.client.Get(ctx, &u, &answer)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	var busy *fetch.BusyError
	if errors.As(err, &busy) {
		err = ErrArchiveBusy
	}
	if err != nil {
		return "", fmt.Errorf("ask the Internet Archive for %s: %w", fetch.Clip(page), err)
	}
	closest := answer.Snapshots.Closest
	copied, err := url.Parse(closest.URL)
	switch {
	case err != nil, !closest.Available, closest.Status != "200":
		return "", nil
	case copied.Host == "", copied.Scheme != "http" && copied.Scheme != "https", len(closest.URL) > maxLocation:
		return "", nil
	}
	// The interface gives http addresses; the Archive itself redirects them.
	return strings.Replace(closest.URL, "http://web.archive.org/", "https://web.archive.org/", 1), nil
}
