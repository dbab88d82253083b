package export

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
)

// feedEntries bounds a feed: readers ask for it again and again, and keep what they have seen. feedChanges bounds what is
// read for it.
const feedEntries, feedChanges = 200, 5000

// feedEntry is one thing that happened: all that one run noticed about one paper, or one finding.
type feedEntry struct {
	ID      string // a UUID made of what happened, so that no reader shows it twice
	Title   string
	URL     string
	At      time.Time
	Content string // HTML, escaped
	Tags    []string
}

// feed are the newest entries, newest first. A finding that says what a change of the same run says already is left out.
func feed(s Source) ([]feedEntry, error) {
	events, err := events(s.Changes, feedChanges)
	if err != nil {
		return nil, err
	}
	findings, err := collect(s.Findings, 0)
	if err != nil {
		return nil, err
	}
	var entries []feedEntry
	told := map[string]bool{}
	for _, e := range events {
		entries = append(entries, eventEntry(e))
		for _, c := range e.Changes {
			told[stampOf(c.At)+c.Kind+string(c.ID)] = true
		}
	}
	for _, f := range findings {
		if !told[stampOf(f.FirstSeen)+string(f.Kind)+f.Subject] {
			entries = append(entries, findingEntry(f))
		}
	}
	slices.SortStableFunc(entries, func(a, b feedEntry) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(a.ID, b.ID))
	})
	return entries[:min(len(entries), feedEntries)], nil
}

func eventEntry(e event) feedEntry {
	entry := feedEntry{ID: stableID("change", stampOf(e.At), string(e.ID)), At: e.At, URL: e.url()}
	var words []string
	for _, c := range e.Changes {
		if !slices.Contains(entry.Tags, c.Kind) {
			entry.Tags = append(entry.Tags, c.Kind)
			word := c.words()
			if c.Kind == enrich.ChangeReplaced {
				word += " " + plain(c.New)
			}
			words = append(words, word)
		}
		entry.Content += "<p><b>" + html.EscapeString(c.Kind) + "</b> " + diffHTML(c.parts()) + "</p>"
	}
	entry.Title = e.Title + ": " + strings.Join(words, ", ")
	return entry
}

func findingEntry(f Finding) feedEntry {
	e := feedEntry{
		ID:   stableID("finding", stampOf(f.FirstSeen), f.Key),
		At:   f.FirstSeen,
		Tags: []string{string(f.Kind), string(f.Severity)},
	}
	if id, _, err := arxiv.Parse(f.Subject); err == nil {
		e.URL = id.URL(0)
	} else if address, err := url.Parse(f.Subject); err == nil && isHTTP(f.Subject) {
		e.URL = address.String() // what no URL may hold is escaped
	}
	e.Title = plain(fmt.Sprintf("%s, line %d: %s %s", f.List, f.Line, f.Kind, f.Subject))
	e.Content = "<p>" + html.EscapeString(plain(f.Message)) + "</p>"
	if s := plain(f.Suggestion); s != "" {
		e.Content += "<p>Suggestion: <code>" + html.EscapeString(s) + "</code></p>"
	}
	return e
}

func diffHTML(parts []pagePart) string {
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			b.WriteByte(' ')
		}
		text := html.EscapeString(part.Text)
		switch part.Class {
		case "new":
			text = "<ins>" + text + "</ins>"
		case "old":
			text = "<del>" + text + "</del>"
		}
		b.WriteString(text)
	}
	return b.String()
}

func stampOf(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// stableID is a UUID of version 8 (RFC 9562 section 5.8) made of a hash, as a URN.
func stableID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func feedTitle(s Source) string {
	if name := plain(s.Name); name != "" {
		return "syncer: " + name
	}
	return "syncer"
}

// Atom writes a feed (RFC 4287) of what changed at arXiv and what is wrong with the lists.
func Atom(w io.Writer, s Source, _ Options) error {
	entries, err := feed(s)
	if err != nil {
		return err
	}
	type text struct {
		Type string `xml:"type,attr,omitempty"`
		Text string `xml:",chardata"`
	}
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	type category struct {
		Term string `xml:"term,attr"`
	}
	type entry struct {
		ID         string     `xml:"id"`
		Title      text       `xml:"title"`
		Updated    string     `xml:"updated"`
		Published  string     `xml:"published"`
		Link       *link      `xml:"link"`
		Categories []category `xml:"category"`
		Content    text       `xml:"content"`
	}
	out := struct {
		XMLName   xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Lang      string   `xml:"xml:lang,attr"`
		ID        string   `xml:"id"`
		Title     string   `xml:"title"`
		Updated   string   `xml:"updated"`
		Author    string   `xml:"author>name"`
		Generator string   `xml:"generator"`
		Entries   []entry  `xml:"entry"`
	}{Lang: "en", ID: stableID("feed", s.Name), Title: feedTitle(s), Updated: stampOf(time.Unix(0, 0)), Author: "syncer",
		Generator: "syncer"}
	for i, e := range entries {
		if i == 0 {
			out.Updated = stampOf(e.At)
		}
		x := entry{
			ID:        e.ID,
			Title:     text{"text", e.Title},
			Updated:   stampOf(e.At),
			Published: stampOf(e.At),
			Content:   text{"html", e.Content},
		}
		if e.URL != "" {
			x.Link = &link{"alternate", e.URL}
		}
		for _, tag := range e.Tags {
			x.Categories = append(x.Categories, category{tag})
		}
		out.Entries = append(out.Entries, x)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", " ")
	if err := encoder.Encode(out); err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n")
	return err
}

// JSONFeed writes the entries of Atom as a JSON Feed (jsonfeed.org, version 1.1).
func JSONFeed(w io.Writer, s Source, _ Options) error {
	entries, err := feed(s)
	if err != nil {
		return err
	}
	type item struct {
		ID        string   `json:"id"`
		URL       string   `json:"url,omitempty"`
		Title     string   `json:"title"`
		Content   string   `json:"content_html"`
		Published string   `json:"date_published"`
		Tags      []string `json:"tags,omitempty"`
	}
	type author struct {
		Name string `json:"name"`
	}
	items := make([]item, len(entries))
	for i, e := range entries {
		items[i] = item{e.ID, e.URL, e.Title, e.Content, stampOf(e.At), e.Tags}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	return encoder.Encode(struct {
		Version  string   `json:"version"`
		Title    string   `json:"title"`
		Language string   `json:"language"`
		Authors  []author `json:"authors"`
		Items    []item   `json:"items"`
	}{"https://jsonfeed.org/version/1.1", feedTitle(s), "en", []author{{"syncer"}}, items})
}
