package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"syncer/arxiv"
)

// maxFound is how many papers one search asks for. The one that is looked for stands first or nowhere.
const maxFound = 10

// maxSearchWords bounds the words of one search: the server refuses long queries.
const maxSearchWords = 12

// SearchTitle asks the query API for papers by title (the field ti of the API user's manual, section 5.1), at most ten
// of them: as a phrase, or by all of its words wherever they stand. One request and its retries. A query that arXiv
// cannot parse finds nothing. Errors are as those of Records.
func (c *Client) SearchTitle(ctx context.Context, title string, phrase bool) ([]arxiv.Record, error) {
	words := strings.Fields(arxiv.Key(title))
	words = words[:min(len(words), maxSearchWords)]
	if len(words) == 0 {
		return nil, nil
	}
	query := `ti:"` + strings.Join(words, " ") + `"`
	if !phrase {
		query = "ti:" + strings.Join(words, " AND ti:")
	}
	u := *c.api
	u.RawQuery = fmt.Sprintf("search_query=%s&start=0&max_results=%d", url.QueryEscape(query), maxFound)
	var page Page
	err := c.ask(ctx, &u, func(body []byte) (err error) {
		page, err = ParseAtom(body)
		return err
	})
	var refused *APIError
	switch {
	case errors.As(err, &refused):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("search arXiv for %q: %w", Clip(title), err)
	}
	return page.Records, nil
}
