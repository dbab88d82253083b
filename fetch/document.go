package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"syncer/arxiv"
)

// documentDeadline bounds the reading of one list, body included.
const documentDeadline = 2 * time.Minute

// Document gets a reading list by its http or https address, following up to ten redirects, and returns at most limit
// bytes of it. Of the options it heeds Version, Contact and Transport. Another status than 200, a longer body and an
// address at arXiv are errors: arXiv's own pages are asked for through a Client, paced, or not at all.
func Document(ctx context.Context, o Options, address string, limit int64) ([]byte, error) {
	agent, err := userAgent(o.Version, o.Contact)
	if err != nil {
		return nil, err
	}
	if u, err := url.Parse(address); err != nil {
		return nil, err
	} else if arxiv.IsHost(u.Hostname()) {
		return nil, fmt.Errorf("arXiv's own pages are not read as lists")
	}
	ctx, cancel := context.WithTimeout(ctx, documentDeadline)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", agent)
	request.Header.Set("Accept", "text/markdown, text/plain, text/html, application/x-bibtex, text/csv, */*;q=0.5")
	client := &http.Client{Transport: o.Transport, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		if len(via) >= 10 {
			return fmt.Errorf("more than ten redirects")
		}
		if arxiv.IsHost(next.URL.Hostname()) {
			return fmt.Errorf("it redirects to arXiv, whose own pages are not read as lists")
		}
		return nil
	}}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answers %s", response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > limit {
		return nil, fmt.Errorf("larger than %d MiB", limit>>20)
	}
	return body, nil
}
