package seeds

import (
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"

	"syncer/arxiv"
)

// builder collects what a reader finds. Readers give byte spans in the whole source; lines and columns, the merging of
// mentions within one entry, and the order are its work.
type builder struct {
	list    List
	src     []byte
	text    string           // src again: what the list has as it is written is a part of it
	starts  []int            // offset of each line
	section string           // the nearest heading so far
	inEntry map[arxiv.ID]int // index into list.Citations of the papers of the current entry
	placed  map[int]bool     // starts of the mentions of the current entry: a place is one mention
	links   map[int]bool     // starts of the links so far: a place is one link
}

func newBuilder(name string, f Format, src []byte) *builder {
	b := &builder{list: List{Name: name, Format: f}, src: src, text: string(src), starts: []int{0}, links: map[int]bool{}}
	for i, c := range src {
		if c == '\n' {
			b.starts = append(b.starts, i+1)
		}
	}
	b.entry()
	return b
}

// entry starts a new entry: a list item, a table row, a paragraph, a BibTeX entry.
func (b *builder) entry() { b.inEntry, b.placed = nil, nil }

// cite adds a mention. A second mention of the same paper within the entry only fills in what the first left open.
func (b *builder) cite(c Citation) {
	b.paperLink(c)
	if i, ok := b.inEntry[c.ID]; ok {
		first := &b.list.Citations[i]
		if first.Version == 0 {
			first.Version = c.Version
		}
		if !b.placed[c.Span.Start] {
			b.placed[c.Span.Start] = true
			first.Also = append(first.Also, c.Span)
		}
		first.Claim = first.Claim.or(c.Claim)
		if first.Passage.Text == "" {
			first.Passage = c.Passage
		}
		return
	}
	c.AsWritten = b.text[c.Span.Start:c.Span.End]
	c.Line, c.Column = b.place(c.Span.Start)
	if c.Section == "" {
		c.Section = b.section
	}
	if b.inEntry == nil {
		b.inEntry, b.placed = map[arxiv.ID]int{}, map[int]bool{}
	}
	b.inEntry[c.ID], b.placed[c.Span.Start] = len(b.list.Citations), true
	b.list.Citations = append(b.list.Citations, c)
}

// paperLink keeps the link of a mention that is one.
func (b *builder) paperLink(c Citation) {
	text := b.text[c.Span.Start:c.Span.End]
	if !strings.HasPrefix(strings.ToLower(text[:min(len(text), 4)]), "http") || b.links[c.Span.Start] {
		return
	}
	url, ok := normalURL(text)
	if !ok {
		return
	}
	b.links[c.Span.Start] = true
	l := Link{URL: url, AsWritten: text, Title: c.Claim.Title, Section: c.Section, Span: c.Span}
	l.Line, l.Column = b.place(c.Span.Start)
	if l.Section == "" {
		l.Section = b.section
	}
	b.list.PaperLinks = append(b.list.PaperLinks, PaperLink{l, c.ID, c.Version})
}

// or fills the claims that c does not make from d.
func (c Claim) or(d Claim) Claim {
	if c.Title == "" {
		c.Title, c.TitleSpan = d.Title, d.TitleSpan
	}
	if c.FirstAuthor == "" {
		c.FirstAuthor, c.AuthorSpan = d.FirstAuthor, d.AuthorSpan
	}
	if c.Authors == nil && c.FirstAuthor == d.FirstAuthor {
		c.Authors = d.Authors
	}
	if c.Year == 0 {
		c.Year, c.YearSpan = d.Year, d.YearSpan
	}
	if c.Venue == "" {
		c.Venue = d.Venue
	}
	return c
}

// paperLink is a link that can only be meant to lead to a paper on arXiv. It stands anywhere in the text of a link, since
// Markdown that is broken around one may make "[https://arxiv.org/abs/…](…" its destination.
var paperLink = regexp.MustCompile(`(?i)\barxiv\.org/(?:abs|pdf|html)/[a-z./-]*\d`)

// link adds a web link; one that names an arXiv paper is a citation, one that only means to is malformed, and what no checker
// can ask (mailto, relative) is left out.
func (b *builder) link(l Link) {
	if b.links[l.Span.Start] {
		return
	}
	if id, version, ok := arxiv.ParseURL(l.URL); ok {
		b.cite(Citation{ID: id, Version: version, Section: l.Section, Span: l.Span})
		return
	}
	u, ok := normalURL(l.URL)
	if parsed, err := url.Parse(u); paperLink.MatchString(l.URL) && (!ok || err == nil && arxiv.IsHost(parsed.Hostname())) {
		b.links[l.Span.Start] = true
		b.malformed(Malformed{Reason: "the link names no paper on arXiv", Section: l.Section, Span: l.Span})
		return
	}
	if !ok {
		return
	}
	b.links[l.Span.Start] = true
	l.AsWritten = b.text[l.Span.Start:l.Span.End]
	if l.URL = u; u == l.AsWritten {
		l.URL = l.AsWritten // one copy of the text is enough
	}
	l.Line, l.Column = b.place(l.Span.Start)
	if l.Section == "" {
		l.Section = b.section
	}
	l.Title = strings.Join(strings.Fields(l.Title), " ")
	b.list.Links = append(b.list.Links, l)
}

func (b *builder) malformed(m Malformed) {
	m.AsWritten = b.text[m.Span.Start:m.Span.End]
	m.Line, m.Column = b.place(m.Span.Start)
	if m.Section == "" {
		m.Section = b.section
	}
	b.list.Malformed = append(b.list.Malformed, m)
}

// place gives line and column, both from 1, the column in bytes.
func (b *builder) place(offset int) (line, column int) {
	line = sort.SearchInts(b.starts, offset+1)
	return line, offset - b.starts[line-1] + 1
}

// done gives the list in the order of the source.
func (b *builder) done() List {
	slices.SortStableFunc(b.list.Citations, func(x, y Citation) int { return x.Span.Start - y.Span.Start })
	slices.SortStableFunc(b.list.Links, func(x, y Link) int { return x.Span.Start - y.Span.Start })
	slices.SortStableFunc(b.list.PaperLinks, func(x, y PaperLink) int { return x.Span.Start - y.Span.Start })
	slices.SortStableFunc(b.list.Malformed, func(x, y Malformed) int { return x.Span.Start - y.Span.Start })
	b.markIgnored()
	return b.list
}

// normalURL gives an http or https URL with a lower-case scheme and host, and a slash for an empty path (RFC 3986 section 6.2.3);
// ok is false for everything else.
func normalURL(s string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return "", false
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return "", false
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String(), true
}
