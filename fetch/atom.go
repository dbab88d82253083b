package fetch

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"

	"syncer/arxiv"
)

const (
	atomSpace       = "http://www.w3.org/2005/Atom"
	arxivSpace      = "http://arxiv.org/schemas/atom"
	openSearchSpace = "http://a9.com/-/spec/opensearch/1.1/"
)

// Page is one answer of the query API.
type Page struct {
	// Records are in the order of the answer, which is not that of the question.
	Records []arxiv.Record
	// Total is how many papers the query matches over all pages, as the server counts; -1 when it does not say.
	Total int
}

// APIError is an error that the query API reports in the form of a feed (API user's manual section 3.4).
type APIError struct {
	Message string // arXiv's own, in one line, such as "incorrect id format for abc"
}

func (e *APIError) Error() string { return "arXiv answers: " + e.Message }

// ParseAtom reads an answer of the query API in any of its three shapes: the Perl server's up to 10 November 2025, that
// of its successor's first days (links without rel, the date of a row's last change as <updated>), and today's. They
// differ in order, white space and decoration; the records come out alike, with their text normalised by arxiv.Text.
// Only the submission dates of second and later versions are not to be had from the second shape, and stay zero.
// Placeholders that the old server put in for unknown papers are passed over. The error is an *APIError when the feed
// is one; otherwise it says why data is no feed of arXiv's, and there are no records.
func ParseAtom(data []byte) (Page, error) {
	data = withoutControls(data)
	if err := checkFeed(data); err != nil {
		return Page{}, err
	}
	feed, err := (&atom.Parser{}).Parse(bytes.NewReader(data))
	if err != nil {
		return Page{}, fmt.Errorf("read the feed: %w", err)
	}
	page := Page{Total: -1}
	if totals := extensions(feed.Extensions, "opensearch", openSearchSpace, "totalResults"); len(totals) > 0 {
		if n, err := strconv.Atoi(totals[0].Value); err == nil && n >= 0 {
			page.Total = n
		}
	}
	affiliations, err := readAffiliations(data)
	if err != nil {
		return Page{}, err
	}
	for _, e := range feed.Entries {
		if e.ID == "" {
			continue
		}
		if isError(e) {
			return Page{}, &APIError{Message: Clip(arxiv.Text(e.Summary))}
		}
		r, err := record(e, affiliations[e.ID])
		if err != nil {
			return Page{}, fmt.Errorf("entry %q: %w", Clip(e.ID), err)
		}
		page.Records = append(page.Records, r)
	}
	return page, nil
}

// isError tells an error entry from a paper by its content: the status is not always to be trusted, and a paper may be
// titled "Error".
func isError(e *atom.Entry) bool {
	return strings.Contains(e.ID, "/api/errors") || e.Title == "Error" && !strings.Contains(e.ID, "/abs/")
}

// record reads one entry (API user's manual section 3.3.2). affiliations are those of its authors, in their order.
func record(e *atom.Entry, affiliations [][]string) (arxiv.Record, error) {
	_, name, _ := strings.Cut(e.ID, "/abs/")
	id, version, err := arxiv.Parse(name)
	if err != nil {
		return arxiv.Record{}, err
	}
	if version == 0 {
		return arxiv.Record{}, errors.New("no version in the identifier")
	}
	r := arxiv.Record{
		ID:         id,
		Version:    version,
		Title:      arxiv.Text(e.Title),
		Abstract:   arxiv.Text(e.Summary),
		Comment:    arxiv.Text(first(e, "comment").Value),
		JournalRef: arxiv.Text(first(e, "journal_ref").Value),
	}
	if r.Published, err = time.Parse(time.RFC3339, e.Published); err != nil {
		return arxiv.Record{}, fmt.Errorf("published: %w", err)
	}
	if r.Submitted, err = time.Parse(time.RFC3339, e.Updated); err != nil {
		return arxiv.Record{}, fmt.Errorf("updated: %w", err)
	}
	r.Published = r.Published.UTC().Truncate(time.Second)
	r.Submitted = r.Submitted.UTC().Truncate(time.Second)
	switch {
	case version == 1:
		r.Submitted = r.Published
	case isTransitional(e):
		r.Submitted = time.Time{}
	}
	for i, a := range e.Authors {
		author := arxiv.Author{Name: arxiv.Text(a.Name)} // " OpenAI" has a blank in front: the given name is empty
		if i < len(affiliations) {
			for _, text := range affiliations[i] {
				if text = arxiv.Text(text); text != "" {
					author.Affiliations = append(author.Affiliations, text)
				}
			}
		}
		if author.Name != "" {
			r.Authors = append(r.Authors, author)
		}
	}
	for _, x := range extensions(e.Extensions, "arxiv", arxivSpace, "doi") {
		r.DOIs = append(r.DOIs, bareDOIs(x.Value)...)
	}
	r.DOIs = distinct(r.DOIs)
	r.PrimaryCategory, r.Categories = categories(e)
	return r, nil
}

// isTransitional knows the feed of 11 to 14 November 2025 by its links, which say nothing of what they lead to. Its
// <updated> is when the version's row last changed, up to years after its submission.
func isTransitional(e *atom.Entry) bool {
	return len(e.Links) > 0 && !slices.ContainsFunc(e.Links, func(l *atom.Link) bool { return l.Type != "" })
}

// extensions finds the elements called name. gofeed files them under the prefix that the feed declares for their name
// space, or under the name space itself when it is the default.
func extensions(all ext.Extensions, prefix, space, name string) []ext.Extension {
	if found := all[prefix][name]; len(found) > 0 {
		return found
	}
	return all[space][name]
}

// first is the first of arXiv's own elements called name, or an empty one.
func first(e *atom.Entry, name string) ext.Extension {
	if found := extensions(e.Extensions, "arxiv", arxivSpace, name); len(found) > 0 {
		return found[0]
	}
	return ext.Extension{}
}

// doiJoint is where one DOI of a list ends and the next begins without a blank between them. A DOI may itself have commas
// and semicolons in it.
var doiJoint = regexp.MustCompile(`(?i)[,;]+(?:doi:|https?://[a-z.]*doi\.org/)?10\.[0-9]{4,9}/`)

// doiForm is a DOI with what authors put before it.
var doiForm = regexp.MustCompile(
	`(?i)^(?:doi:)?(?:(?:https?://)?(?:www\.|dx\.)?doi\.org/)?(10\.[0-9]{4,9}(?:\.[0-9]+)*/.+)$`)

// bareDOIs takes the DOIs out of the forms in which authors give them, and leaves out what is none ("n/a"). The server
// splits the author's field at blanks only, so that a list's commas and semicolons stay on the DOIs.
func bareDOIs(field string) []string {
	field = doiJoint.ReplaceAllStringFunc(field, func(joint string) string { return " " + strings.TrimLeft(joint, ",;") })
	var dois []string
	for _, text := range strings.Fields(field) {
		if m := doiForm.FindStringSubmatch(strings.Trim(text, ",;")); m != nil {
			dois = append(dois, m[1])
		}
	}
	return dois
}

// categoryShape is what a category looks like that is newer than our table: archive, dot, subject class.
var categoryShape = regexp.MustCompile(`^[a-z]+(-[a-z]+)*\.[A-Za-z]+(-[a-z]+)*$`)

// categories gives the primary category and all of them, the primary first. The old server sent the MSC and ACM classes
// as categories too, under the same scheme ("42C10, 33C20", "I.2.7"); they are left out.
func categories(e *atom.Entry) (primary string, all []string) {
	primary = strings.TrimSpace(first(e, "primary_category").Attrs["term"])
	if primary != "" {
		all = append(all, primary)
	}
	for _, c := range e.Categories {
		term := strings.TrimSpace(c.Term)
		if _, known := arxiv.LookupCategory(term); known || categoryShape.MatchString(term) {
			all = append(all, term)
		}
	}
	return primary, distinct(all)
}

// distinct keeps the first of each.
func distinct(all []string) []string {
	seen := make(map[string]bool, len(all))
	return slices.DeleteFunc(all, func(s string) bool {
		again := seen[s]
		seen[s] = true
		return again
	})
}

// readAffiliations gives, for each entry identifier, the affiliations of its authors in order. gofeed drops what stands
// inside an author, so the same bytes are read again, but only when there is something to find.
func readAffiliations(data []byte) (map[string][][]string, error) {
	if !bytes.Contains(data, []byte(":affiliation")) {
		return nil, nil
	}
	var feed struct {
		Entries []struct {
			ID      string `xml:"id"`
			Authors []struct {
				Affiliations []string `xml:"http://arxiv.org/schemas/atom affiliation"`
			} `xml:"author"`
		} `xml:"entry"`
	}
	if err := newDecoder(bytes.NewReader(data)).Decode(&feed); err != nil {
		return nil, fmt.Errorf("read the affiliations: %w", err)
	}
	byID := make(map[string][][]string, len(feed.Entries))
	for _, e := range feed.Entries {
		var authors [][]string
		for _, a := range e.Authors {
			authors = append(authors, a.Affiliations)
		}
		byID[strings.TrimSpace(e.ID)] = authors
	}
	return byID, nil
}

// newDecoder is as lenient as the one inside gofeed, so that both passes read the same document.
func newDecoder(r io.Reader) *xml.Decoder {
	d := xml.NewDecoder(r)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	return d
}
