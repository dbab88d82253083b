package seeds

import (
	"slices"
	"sort"
	"strings"

	"syncer/arxiv"
)

// style is how a fragment of an entry is set.
type style int

const (
	plain style = iota
	bold
	italic
	code
)

// fragment is a run of an entry's text with one style and, inside a link, that link.
type fragment struct {
	text  string
	start int // offset of text in the source; -1 when the source says it otherwise (entities)
	style style
	link  int // index into the entry's links, -1 outside of any
	at    int // offset in the entry's joined text
}

// entryLink is a link of an entry: where its destination stands in the source.
type entryLink struct {
	url         string
	span        Span
	first, last int // its fragments: [first, last)
}

// entryText is a block of a document that is read as one entry: a list item, a paragraph, a table row, a heading.
type entryText struct {
	fragments []fragment
	links     []entryLink
	joined    strings.Builder
	cells     []int // for a table row, where each cell begins in the joined text
}

func (e *entryText) add(text string, start int, s style, link int) {
	if text == "" {
		return
	}
	e.fragments = append(e.fragments, fragment{text, start, s, link, e.joined.Len()})
	if link >= 0 {
		e.links[link].last = len(e.fragments)
	}
	e.joined.WriteString(text)
}

// gap keeps words apart that the source keeps apart by something other than text.
func (e *entryText) gap(text string) { e.joined.WriteString(text) }

func (e *entryText) startLink(url string, span Span) int {
	e.links = append(e.links, entryLink{url, span, len(e.fragments), len(e.fragments)})
	return len(e.links) - 1
}

// linkText is what a person reads of a link.
func (e *entryText) linkText(link int) string {
	var b strings.Builder
	for _, f := range e.fragments[e.links[link].first:e.links[link].last] {
		b.WriteString(f.text)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// span gives the source range of a range of the joined text, when it lies in one fragment; else the zero Span.
func (e *entryText) span(start, end int) Span {
	if f := e.fragmentAt(start); f != nil && end <= f.at+len(f.text) && f.start >= 0 {
		return Span{f.start + start - f.at, f.start + end - f.at}
	}
	return Span{}
}

// fragmentAt is the fragment that a place of the joined text lies in, nil in a gap.
func (e *entryText) fragmentAt(at int) *fragment {
	i := e.fragmentFrom(at + 1)
	if i == 0 {
		return nil
	}
	if f := &e.fragments[i-1]; at < f.at+len(f.text) {
		return f
	}
	return nil
}

// fragmentFrom is the index of the first fragment that begins at or behind a place of the joined text.
func (e *entryText) fragmentFrom(at int) int {
	return sort.Search(len(e.fragments), func(i int) bool { return e.fragments[i].at >= at })
}

// mentioned is one mention of a paper in an entry, before claims are looked for.
type mentioned struct {
	citation Citation
	at       int // in the joined text: where the mention ends
	link     int // the link that names it, -1 when the text does
}

// finish turns an entry into citations and links. Claims are looked for in the part of the entry that belongs to the
// paper: all of it when it names one paper only, else what stands between the mention before and this one.
func (e *entryText) finish(b *builder) {
	b.entry()
	text := e.joined.String()
	found := e.mentions(text, b)
	papers := map[arxiv.ID]bool{}
	for _, m := range found {
		papers[m.citation.ID] = true
	}
	from := 0
	for i, m := range found {
		part := part{e: e, text: text, from: from, to: len(text), link: m.link}
		if len(papers) > 1 {
			if i+1 < len(found) {
				part.to = m.at
			}
			if i > 0 && found[i-1].citation.ID != m.citation.ID || i == 0 {
				part.from = from
			}
			from = m.at
		}
		m.citation.Claim = part.claim(len(papers) == 1)
		b.cite(m.citation)
	}
	for i, l := range e.links {
		if _, _, ok := arxiv.ParseURL(l.url); !ok {
			b.link(Link{URL: l.url, Title: e.linkText(i), Span: l.span})
		}
	}
}

// hintReach is how far before a bare number the word arxiv may stand, in bytes of the entry's text.
const hintReach = 40

// mentions finds the papers that an entry names, by its links and in its text, in the order of the text.
func (e *entryText) mentions(text string, b *builder) []mentioned {
	var found []mentioned
	inLinks := map[int]bool{}
	for i, l := range e.links {
		if id, version, ok := arxiv.ParseURL(l.url); ok {
			inLinks[i] = true
			at := 0
			if l.last > 0 {
				f := e.fragments[l.last-1]
				at = f.at + len(f.text)
			}
			found = append(found, mentioned{Citation{ID: id, Version: version, Span: l.span}, at, i})
		}
	}
	lower := strings.ToLower(text)
	hintedUntil := -1 // a list of ids: each hints at the next when only separators lie between
	for _, m := range arxiv.Find(text) {
		f := e.fragmentAt(m.Start)
		if f == nil || f.link >= 0 && (inLinks[f.link] || m.Kind == arxiv.MentionURL) {
			continue // the link itself names the paper
		}
		start := m.Start
		if m.Kind == arxiv.MentionBare {
			window := lower[max(0, m.Start-hintReach):m.Start]
			listed := hintedUntil >= 0 && strings.Trim(text[hintedUntil:m.Start], " ,;&and\n") == ""
			if !strings.Contains(window, "arxiv") && !listed && e.onlyText(text, m) == "" {
				continue
			}
		}
		span := e.span(start, m.End)
		if span == (Span{}) {
			span = e.narrowed(text, &start, m.End)
		}
		if span == (Span{}) {
			continue
		}
		hintedUntil = m.End
		if m.Err != nil {
			b.malformed(Malformed{Reason: m.Err.Error(), Span: span})
			continue
		}
		found = append(found, mentioned{Citation{ID: m.ID, Version: m.Version, Span: span}, m.End, -1})
	}
	slices.SortStableFunc(found, func(a, b mentioned) int { return a.at - b.at })
	return found
}

// onlyText is the entry's text when it is nothing but this identifier: an item of a list of ids.
func (e *entryText) onlyText(text string, m arxiv.Mention) string {
	if only := strings.Trim(text, " \n\t.,;`"); only == text[m.Start:m.End] {
		return only
	}
	return ""
}

// narrowed is the span of the last word of a mention that is spread over fragments, as in arXiv: `1706.03762`.
func (e *entryText) narrowed(text string, start *int, end int) Span {
	for i := end - 1; i > *start; i-- {
		if c := text[i-1]; c == ' ' || c == ':' || c == '`' || c == '\n' {
			if span := e.span(i, end); span != (Span{}) {
				*start = i
				return span
			}
			return Span{}
		}
	}
	return Span{}
}
