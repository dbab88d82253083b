package seeds

import (
	"html"
	"regexp"
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
	at, end int // in the entry's joined text
	start   int // offset of the text in the source; -1 when the source writes it otherwise (entities, escapes)
	style   style
	link    int // index into the entry's links, -1 outside of any
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
	cells     []int    // for a table row, where each cell begins in the joined text
	columns   []string // for a table row, what the head of the table calls the cells, reduced by arxiv.Key
}

// cellTexts are the cells of a table row, reduced by arxiv.Key.
func (e *entryText) cellTexts() []string {
	var texts []string
	for i, start := range e.cells {
		end := e.joined.Len()
		if i+1 < len(e.cells) {
			end = e.cells[i+1]
		}
		texts = append(texts, arxiv.Key(e.joined.String()[start:end]))
	}
	return texts
}

// column is what the head of the table calls the cell at a place of the joined text; empty outside of tables.
func (e *entryText) column(at int) string {
	if i := sort.SearchInts(e.cells, at+1) - 1; i >= 0 && i < len(e.columns) {
		return e.columns[i]
	}
	return ""
}

// add appends text as it stands in the source; it goes on the last fragment when that ends where it begins.
func (e *entryText) add(text string, start int, s style, link int) {
	if text == "" {
		return
	}
	at := e.joined.Len()
	e.joined.WriteString(text)
	if n := len(e.fragments); n > 0 {
		last := &e.fragments[n-1]
		if last.end == at && last.style == s && last.link == link && last.start >= 0 && last.start+last.end-last.at == start {
			last.end = e.joined.Len()
			return
		}
	}
	e.fragments = append(e.fragments, fragment{at, e.joined.Len(), start, s, link})
	if link >= 0 {
		e.links[link].last = len(e.fragments)
	}
}

var (
	entity         = regexp.MustCompile(`&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});`)
	entityOrEscape = regexp.MustCompile(entity.String() + `|\\[!-/:-@\[-\x60{-~]`)
)

// addWritten appends text in which some characters are written otherwise: as entities, in Markdown behind a backslash.
func (e *entryText) addWritten(raw string, start int, s style, link int, written *regexp.Regexp) {
	if !strings.ContainsAny(raw, `&\`) {
		e.add(raw, start, s, link)
		return
	}
	done := 0
	for _, m := range written.FindAllStringIndex(raw, -1) {
		e.add(raw[done:m[0]], start+done, s, link)
		e.add(asRead(raw[m[0]:m[1]]), -1, s, link)
		done = m[1]
	}
	e.add(raw[done:], start+done, s, link)
}

// asRead is an entity or escaped character as a person reads it.
func asRead(written string) string {
	if written[0] == '\\' {
		return written[1:]
	}
	return html.UnescapeString(written)
}

// text is what a fragment says.
func (e *entryText) text(f fragment) string { return e.joined.String()[f.at:f.end] }

// gap keeps words apart that the source keeps apart by something other than text.
func (e *entryText) gap(text string) { e.joined.WriteString(text) }

func (e *entryText) startLink(url string, span Span) int {
	e.links = append(e.links, entryLink{url, span, len(e.fragments), len(e.fragments)})
	return len(e.links) - 1
}

// linkStart is where a link's text begins in the joined text.
func (e *entryText) linkStart(link int) int {
	if first := e.links[link].first; first < len(e.fragments) {
		return e.fragments[first].at
	}
	return e.joined.Len()
}

// linkText is what a person reads of a link.
func (e *entryText) linkText(link int) string {
	var b strings.Builder
	for _, f := range e.fragments[e.links[link].first:e.links[link].last] {
		b.WriteString(e.text(f))
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// span gives the source range of a range of the joined text, when it lies in one fragment; else the zero Span.
func (e *entryText) span(start, end int) Span {
	if f := e.fragmentAt(start); f != nil && end <= f.end && f.start >= 0 {
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
	if f := &e.fragments[i-1]; at < f.end {
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
	begin    int // in the joined text: where the mention begins
	at       int // and where it ends
	link     int // the link that names it, -1 when the text does
}

// maxClaims is how many mentions of the only paper of an entry are looked at for claims. Each may add some; the text is read
// anew for each.
const maxClaims = 8

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
		part := part{e: e, text: text, from: from, to: len(text), begin: m.begin, at: m.at, link: m.link}
		if len(papers) > 1 {
			if i+1 < len(found) {
				part.to = m.at
				// What goes on in the same line speaks of this paper still, when another line comes to the next.
				if line := strings.IndexByte(text[m.at:max(m.at, found[i+1].begin)], '\n'); line >= 0 {
					part.to += line
				}
			}
			from = part.to
		}
		if len(papers) > 1 || i < maxClaims {
			m.citation.Claim = part.claim(len(papers) == 1)
			m.citation.Passage = part.passage()
		}
		b.cite(m.citation)
	}
	for i, l := range e.links {
		if _, _, ok := arxiv.ParseURL(l.url); !ok {
			b.link(Link{URL: l.url, Title: e.linkText(i), Span: l.span})
		}
	}
}

// passage is the part and, when all is short enough, the text around it.
func (p part) passage() Passage {
	from, to := 0, len(p.text)
	if to > MaxPassage {
		from = max(p.from, p.begin-MaxPassage/2)
		to = min(p.to, from+MaxPassage)
	}
	// Cut at whole characters, and without what a database would change.
	clean := func(s string) string { return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", " "), "") }
	before, own, behind := clean(p.text[from:max(from, p.from)]), clean(p.text[max(from, p.from):min(to, p.to)]), clean(p.text[min(to, p.to):to])
	return Passage{before + own + behind, len(before), len(before) + len(own)}
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
				at = e.fragments[l.last-1].end
			}
			found = append(found, mentioned{Citation{ID: id, Version: version, Span: l.span}, min(e.linkStart(i), at), at, i})
		}
	}
	only := strings.Trim(text, " \n\t.,;`")
	hintedUntil := -hintReach // a list of ids: each hints at the next when only separators lie between
	for _, m := range arxiv.Find(text) {
		f := e.fragmentAt(m.Start)
		if f == nil || f.link >= 0 && (inLinks[f.link] || m.Kind == arxiv.MentionURL) {
			continue // the link itself names the paper
		}
		if m.Kind == arxiv.MentionBare {
			listed := m.Start-hintedUntil < hintReach && strings.Trim(text[hintedUntil:m.Start], " ,;&and\n") == ""
			if !hinted(text, m.Start) && !listed && only != text[m.Start:m.End] && !strings.Contains(e.column(m.Start), "arxiv") {
				continue
			}
		}
		span := e.span(m.Start, m.End)
		if span == (Span{}) {
			span = e.narrowed(text, m.Start, m.End)
		}
		if span == (Span{}) {
			continue
		}
		hintedUntil = m.End
		if m.Err != nil {
			b.malformed(Malformed{Reason: m.Err.Error(), Span: span})
			continue
		}
		found = append(found, mentioned{Citation{ID: m.ID, Version: m.Version, Span: span}, m.Start, m.End, -1})
	}
	slices.SortStableFunc(found, func(a, b mentioned) int { return a.at - b.at })
	return found
}

// hinted says whether the word arxiv stands shortly before a place.
func hinted(text string, at int) bool {
	return strings.Contains(strings.ToLower(text[max(0, at-hintReach):at]), "arxiv")
}

// narrowed is the span of the fragment that holds the identifier of a mention that is spread over several, as in
// arXiv: `1706.03762`.
func (e *entryText) narrowed(text string, start, end int) Span {
	for i := e.fragmentFrom(end) - 1; i >= 0 && e.fragments[i].end > start; i-- {
		from, to := max(start, e.fragments[i].at), min(end, e.fragments[i].end)
		from = to - len(strings.TrimLeft(text[from:to], " \n:[")) // **arXiv**: 1706.03762
		if _, _, err := arxiv.Parse(text[from:to]); err == nil || meantAsID.MatchString(text[from:to]) {
			return e.span(from, to)
		}
	}
	return Span{}
}
