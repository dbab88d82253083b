package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"syncer/arxiv"
)

// maxRejected is how many identifiers of one batch arXiv may refuse before the batch is an error: each costs a request,
// and identifiers that passed arxiv.Parse should not be refused at all.
const maxRejected = 5

// Batch is what came of one list of identifiers. Every identifier asked for is in exactly one of the three: it is
// Missing or Rejected by name, or answered by the record of its paper and version (of its paper alone, when it was
// asked for without a version).
type Batch struct {
	// Records are in the order asked for, each once: "1706.03762" and "1706.03762v7" are one record when v7 is current.
	Records []arxiv.Record
	// Missing were passed over in silence, which is how arXiv answers for what it does not know and sometimes for what
	// it does: confirm with Raw before believing it.
	Missing []string
	// Rejected were named in an error (status 400) as no identifiers at all.
	Rejected []string
}

// Records asks the query API for up to MaxIDs papers ("1706.03762", the current version) and versions
// ("1706.03762v2"), each in canonical form, in one request and its retries. An identifier that arXiv refuses would
// cost the whole batch, so it is taken out and the rest asked for again. An answer without any of the papers is asked
// for once more, since arXiv was known to give empty answers by mistake.
//
// The error is ErrRefused or ErrThrottled (wrapped), the context's, or a plain one; the Batch is empty then.
func (c *Client) Records(ctx context.Context, ids []string) (Batch, error) {
	asked, err := parseIDs(ids)
	if err != nil {
		return Batch{}, err
	}
	var b Batch
	var emptyBefore bool
	for len(asked) > 0 {
		page, err := c.query(ctx, asked)
		var apiErr *APIError
		if errors.As(err, &apiErr) && len(b.Rejected) < maxRejected {
			if i := namedIn(apiErr.Message, asked); i >= 0 {
				b.Rejected = append(b.Rejected, asked[i].text)
				asked = slices.Delete(asked, i, i+1)
				continue
			}
		}
		if err != nil {
			return Batch{}, fmt.Errorf("ask arXiv for %s: %w", span(asked), err)
		}
		b.Records, b.Missing = match(asked, page.Records)
		if len(b.Records) > 0 || emptyBefore {
			break
		}
		emptyBefore = true
	}
	return b, nil
}

// wanted is one identifier as asked for.
type wanted struct {
	text    string
	id      arxiv.ID
	version int // 0: the current one
}

// parseIDs checks a list of identifiers and drops repetitions. What is not canonical would be answered with silence
// (upper case, a subject class, wrong padding) or with a 400 for all.
func parseIDs(ids []string) ([]wanted, error) {
	if len(ids) > MaxIDs {
		return nil, fmt.Errorf("%d identifiers in one request: arXiv takes at most %d", len(ids), MaxIDs)
	}
	seen := make(map[string]bool, len(ids))
	var asked []wanted
	for _, text := range ids {
		id, version, err := arxiv.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("identifier %q: %w", Clip(text), err)
		}
		if id.Versioned(version) != text {
			return nil, fmt.Errorf("identifier %q is not in canonical form, which is %s", text, id.Versioned(version))
		}
		if !seen[text] {
			seen[text] = true
			asked = append(asked, wanted{text, id, version})
		}
	}
	return asked, nil
}

// query sends one id_list. max_results is always given: its default of 10 holds for id_list too, and would silently
// drop the eleventh paper (API user's manual section 3.1.1).
func (c *Client) query(ctx context.Context, asked []wanted) (page Page, err error) {
	texts := make([]string, len(asked))
	for i, w := range asked {
		texts[i] = w.text
	}
	u := *c.api
	// Canonical identifiers are letters, digits and ".-/", which need no escaping in a query, and the comma needs none
	// either (RFC 3986 section 3.4).
	u.RawQuery = fmt.Sprintf("id_list=%s&start=0&max_results=%d", strings.Join(texts, ","), len(texts))
	err = c.ask(ctx, &u, func(body []byte) error {
		page, err = ParseAtom(body)
		return err
	})
	return page, err
}

// match finds the record for each identifier asked for. arXiv answers in no particular order, so only identifier and
// version count.
func match(asked []wanted, answered []arxiv.Record) (records []arxiv.Record, missing []string) {
	type key struct {
		id      arxiv.ID
		version int
	}
	found := make(map[key]int, 2*len(answered)) // -> index into answered; version 0 for the newest
	for i, r := range answered {
		found[key{r.ID, r.Version}] = i
		newest, ok := found[key{r.ID, 0}]
		if !ok || answered[newest].Version < r.Version {
			found[key{r.ID, 0}] = i
		}
	}
	matched := make(map[int]bool, len(answered))
	for _, w := range asked {
		i, ok := found[key{w.id, w.version}]
		switch {
		case !ok:
			missing = append(missing, w.text)
		case !matched[i]:
			matched[i] = true
			records = append(records, answered[i])
		}
	}
	return records, missing
}

// namedIn finds the identifier that an error message names ("incorrect id format for 1234.5678"), or -1.
func namedIn(message string, asked []wanted) int {
	words := strings.FieldsFunc(message, func(r rune) bool { return strings.ContainsRune(" \t\n\"'`,;:()[]<>", r) })
	for i := range words {
		words[i] = strings.TrimRight(words[i], ".")
	}
	return slices.IndexFunc(asked, func(w wanted) bool { return slices.Contains(words, w.text) })
}

// span names a list of identifiers in an error message.
func span(asked []wanted) string {
	if len(asked) == 1 {
		return asked[0].text
	}
	return fmt.Sprintf("%d papers (%s .. %s)", len(asked), asked[0].text, asked[len(asked)-1].text)
}

// Raw asks OAI-PMH for one paper in the arXivRaw format: the version history, licence and submitter, and arXiv's word
// on whether the paper exists. errors.Is(err, ErrUnknownPaper) when it does not; that answer is cached at arXiv's edge
// until midnight UTC, so a paper announced since may be unknown for the rest of the day. Other errors are as those of
// Records.
func (c *Client) Raw(ctx context.Context, id arxiv.ID) (arxiv.RawRecord, error) {
	if canonical, version, err := arxiv.Parse(string(id)); err != nil || version != 0 || canonical != id {
		return arxiv.RawRecord{}, fmt.Errorf("identifier %q is not in canonical form", id)
	}
	u := *c.oai
	u.RawQuery = url.Values{
		"verb":           {"GetRecord"},
		"identifier":     {"oai:arXiv.org:" + string(id)},
		"metadataPrefix": {"arXivRaw"},
	}.Encode()
	var record arxiv.RawRecord
	err := c.ask(ctx, &u, func(body []byte) error {
		var err error
		record, err = singleRecord(body, id)
		return err
	})
	if err != nil {
		return arxiv.RawRecord{}, fmt.Errorf("ask arXiv's OAI-PMH for %s: %w", id, err)
	}
	return record, nil
}
