package replica

import (
	"crypto/sha1" // arXiv names its feeds by SHA-1; nothing depends on its strength
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	atomNS       = "http://www.w3.org/2005/Atom"
	arxivNS      = "http://arxiv.org/schemas/atom"
	openSearchNS = "http://a9.com/-/spec/opensearch/1.1/"
	atomTime     = "2006-01-02T15:04:05Z"
	atomType     = "application/atom+xml; charset=utf-8"
)

// feed is the answer to a query that was understood.
func (s *Server) feed(p queryParams, hits []hit, total int, now time.Time) response {
	var m markup
	if s.shape == Classic {
		m.classicHead(p, total, p.max, now)
		for _, h := range hits {
			m.classicEntry(h)
		}
	} else {
		m.head(feedID("https", p), "arXiv Query: "+p.String(), now)
		m.tag(1, "link", "href", "https://arxiv.org/api/query?search_query="+linkEscape(p.searchQuery)+
			"&start="+strconv.Itoa(p.start)+"&max_results="+strconv.Itoa(p.max)+"&id_list="+linkEscape(strings.Join(p.ids, ",")),
			"type", "application/atom+xml")
		m.counts(p.max, total, p.start)
		for _, h := range hits {
			m.entry(h, s.shape, now)
		}
	}
	m.WriteString("</feed>\n")
	return page(http.StatusOK, atomType, m.String())
}

// queryError is an error as the query API reports it: a feed with one entry that a careless reader takes for a paper.
func (s *Server) queryError(f queryFault, p queryParams, now time.Time) response {
	link := f.link
	if link == "" {
		link = errorPage
	}
	var m markup
	updated := now.Format(atomTime)
	if s.shape == Classic {
		link = strings.Replace(link, "https://", "http://", 1)
		m.classicHead(p, 1, 1, now)
		updated = midnightEastern(now)
		m.open(1, "entry")
		m.text(2, "id", link)
		m.text(2, "title", "Error")
		m.text(2, "summary", f.message)
		m.text(2, "updated", updated)
		m.tag(2, "link", "href", link, "rel", "alternate", "type", "text/html")
	} else {
		m.head("https://arxiv.org/", "arXiv Search Results", now)
		m.counts(1, 1, 0)
		m.open(1, "entry")
		m.text(2, "id", link)
		m.text(2, "title", "Error")
		m.text(2, "updated", updated)
		m.tag(2, "link", "href", link, "rel", "alternate", "type", "text/html")
		m.text(2, "summary", f.message)
	}
	m.open(2, "author")
	m.text(3, "name", "arXiv api core")
	m.close(2, "author")
	m.close(1, "entry")
	m.WriteString("</feed>\n")
	return page(f.status, atomType, m.String())
}

// feedID names a feed: the SHA-1 of the query in base64, without the padding; it may contain "/" and "+".
func feedID(scheme string, p queryParams) string {
	sum := sha1.Sum([]byte(p.String()))
	return scheme + "://arxiv.org/api/" + base64.RawStdEncoding.EncodeToString(sum[:])
}

// head begins a feed of the current server.
func (m *markup) head(id, title string, now time.Time) {
	m.WriteString("<?xml version='1.0' encoding='UTF-8'?>\n")
	fmt.Fprintf(m, "<feed xmlns:opensearch=\"%s\" xmlns:arxiv=\"%s\" xmlns=\"%s\">\n", openSearchNS, arxivNS, atomNS)
	m.text(1, "id", id)
	m.text(1, "title", title)
	m.text(1, "updated", now.Format(atomTime))
}

func (m *markup) counts(perPage, total, start int) {
	m.text(1, "opensearch:itemsPerPage", strconv.Itoa(perPage))
	m.text(1, "opensearch:totalResults", strconv.Itoa(total))
	m.text(1, "opensearch:startIndex", strconv.Itoa(start))
}

// entry is one paper as search/serialize/atom.py writes it. The transitional days differ in the links and in <updated>.
func (m *markup) entry(h hit, shape Shape, now time.Time) {
	name := versioned(h.id, h.version.Version)
	updated := h.version.Submitted
	if shape == Transitional {
		updated = h.rowTime(now)
	}
	m.open(1, "entry")
	m.text(2, "id", "http://arxiv.org/abs/"+name)
	m.text(2, "title", h.version.Title)
	m.text(2, "updated", updated.UTC().Format(atomTime))
	if shape == Transitional {
		m.tag(2, "link", "href", "https://arxiv.org/abs/"+name)
		m.tag(2, "link", "href", "https://arxiv.org/pdf/"+name)
	} else {
		m.tag(2, "link", "href", "https://arxiv.org/abs/"+name, "rel", "alternate", "type", "text/html")
		m.tag(2, "link", "href", "https://arxiv.org/pdf/"+name, "rel", "related", "type", "application/pdf", "title", "pdf")
	}
	m.text(2, "summary", h.abstract(h.version))
	for _, category := range h.categories {
		m.tag(2, "category", "term", category, "scheme", arxivNS)
	}
	m.text(2, "published", h.published().UTC().Format(atomTime))
	m.optional(2, "arxiv:comment", h.version.Comment)
	m.tag(2, "arxiv:primary_category", "term", h.categories[0])
	m.optional(2, "arxiv:journal_ref", h.journalRef)
	for _, author := range h.version.Authors {
		m.open(2, "author")
		m.text(3, "name", withoutSuffix(author.Name))
		for _, affiliation := range author.Affiliations {
			m.text(3, "arxiv:affiliation", affiliation)
		}
		m.close(2, "author")
	}
	for _, doi := range strings.Fields(strings.Join(h.doi, " ")) { // at blanks only: "10.1/x; 10.1/y" keeps its semicolon
		m.text(2, "arxiv:doi", doi)
		if shape == Transitional {
			m.tag(2, "link", "rel", "related", "href", "https://doi.org/"+doi)
		} else {
			m.tag(2, "link", "rel", "related", "href", "https://doi.org/"+doi, "title", "doi")
		}
	}
	m.close(1, "entry")
}

// rowTime is when the database row was last written: the announcement of the version, some hours after its submission,
// or a later edit. The transitional feeds gave it as <updated>.
func (h hit) rowTime(now time.Time) time.Time {
	row := h.version.Submitted.Add(9*time.Hour + 27*time.Minute + 29*time.Second)
	if h.touched.After(row) {
		row = h.touched
	}
	if row.After(now) {
		return now
	}
	return row
}

// classicHead begins a feed of the old server.
func (m *markup) classicHead(p queryParams, total, perPage int, now time.Time) {
	m.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	fmt.Fprintf(m, "<feed xmlns=\"%s\">\n", atomNS)
	query := strings.ReplaceAll(url.QueryEscape(p.String()), "+", "%20")
	m.tag(1, "link", "href", "http://arxiv.org/api/query?"+query, "rel", "self", "type", "application/atom+xml")
	m.text(1, "title", "ArXiv Query: "+p.String(), "type", "html")
	m.text(1, "id", feedID("http", p))
	m.text(1, "updated", midnightEastern(now))
	m.text(1, "opensearch:totalResults", strconv.Itoa(total), "xmlns:opensearch", openSearchNS)
	m.text(1, "opensearch:startIndex", strconv.Itoa(p.start), "xmlns:opensearch", openSearchNS)
	m.text(1, "opensearch:itemsPerPage", strconv.Itoa(perPage), "xmlns:opensearch", openSearchNS)
}

func (m *markup) classicEntry(h hit) {
	m.open(1, "entry")
	defer m.close(1, "entry")
	if len(h.versions) == 0 { // an unknown identifier
		m.tag(2, "arxiv:primary_category", "xmlns:arxiv", arxivNS, "term", "", "scheme", arxivNS)
		m.tag(2, "category", "term", "", "scheme", arxivNS)
		return
	}
	name := versioned(h.id, h.version.Version)
	m.text(2, "id", "http://arxiv.org/abs/"+name)
	m.text(2, "updated", h.version.Submitted.UTC().Format(atomTime))
	m.text(2, "published", h.published().UTC().Format(atomTime))
	m.text(2, "title", wrap("Title: ", texAccents(h.version.Title)))
	m.text(2, "summary", wrapAbstract(texAccents(h.abstract(h.version))))
	for _, author := range h.version.Authors {
		m.open(2, "author")
		m.text(3, "name", withoutSuffix(author.Name))
		for _, affiliation := range author.Affiliations {
			m.text(3, "arxiv:affiliation", affiliation, "xmlns:arxiv", arxivNS)
		}
		m.close(2, "author")
	}
	if len(h.doi) > 0 {
		doi := strings.Join(h.doi, " ")
		m.text(2, "arxiv:doi", doi, "xmlns:arxiv", arxivNS)
		m.tag(2, "link", "title", "doi", "href", "http://dx.doi.org/"+doi, "rel", "related")
	}
	if h.version.Comment != "" {
		m.text(2, "arxiv:comment", wrap("Comments: ", texAccents(h.version.Comment)), "xmlns:arxiv", arxivNS)
	}
	if h.journalRef != "" {
		m.text(2, "arxiv:journal_ref", wrap("Journal-ref: ", texAccents(h.journalRef)), "xmlns:arxiv", arxivNS)
	}
	m.tag(2, "link", "href", "http://arxiv.org/abs/"+name, "rel", "alternate", "type", "text/html")
	m.tag(2, "link", "title", "pdf", "href", "http://arxiv.org/pdf/"+name, "rel", "related", "type", "application/pdf")
	m.tag(2, "arxiv:primary_category", "xmlns:arxiv", arxivNS, "term", h.categories[0], "scheme", arxivNS)
	terms := slices.Clone(h.categories)
	for _, class := range []string{h.mscClass, h.acmClass} { // under the same scheme, as if they were categories
		if class != "" {
			terms = append(terms, class)
		}
	}
	for _, term := range terms {
		m.tag(2, "category", "term", term, "scheme", arxivNS)
	}
}

// wrapWidth is the length of a line in the .abs files that the old server copied its texts from.
const wrapWidth = 79

// wrap breaks a field as the .abs files do: after at most 79 characters, the field's name counted in the first line, each
// further line indented by two blanks.
func wrap(fieldName, text string) string {
	return breakLines(text, len(fieldName), "\n  ", 2)
}

// wrapAbstract breaks an abstract; each paragraph, a line of its own in text, begins with two blanks.
func wrapAbstract(text string) string {
	var b strings.Builder
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		b.WriteString("  " + breakLines(paragraph, 2, "\n", 0) + "\n")
	}
	return b.String()
}

func breakLines(text string, column int, separator string, indent int) string {
	var b strings.Builder
	for i, word := range strings.Fields(text) {
		length := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+length > wrapWidth:
			b.WriteString(separator)
			column = indent
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += length
	}
	return b.String()
}

// withoutSuffix drops "Jr." and the like: the search index joins first and last name only (arxiv-search,
// search/process/transform.py, _transformAuthor).
func withoutSuffix(name string) string {
	_, forenames, suffix := splitName(name)
	if suffix == "" || forenames == "" {
		return name
	}
	return strings.TrimRight(strings.TrimSuffix(strings.TrimSpace(name), suffix), " ,")
}

// midnightEastern is the last midnight in arXiv's time zone, as the old server dated its feeds. The rule of the United
// States since 2007 is spelt out: a machine without time zone files must give the same answer.
func midnightEastern(now time.Time) string {
	now = now.UTC()
	march := time.Date(now.Year(), time.March, 1, 7, 0, 0, 0, time.UTC)
	spring := march.AddDate(0, 0, (7-int(march.Weekday()))%7+7) // second Sunday, 02:00 EST
	november := time.Date(now.Year(), time.November, 1, 6, 0, 0, 0, time.UTC)
	autumn := november.AddDate(0, 0, (7-int(november.Weekday()))%7) // first Sunday, 02:00 EDT
	offset := -5
	if !now.Before(spring) && now.Before(autumn) {
		offset = -4
	}
	local := now.Add(time.Duration(offset) * time.Hour)
	return local.Format("2006-01-02") + fmt.Sprintf("T00:00:00-%02d:00", -offset)
}

// linkEscape writes a query into the feed's link as arXiv does: readable, blanks as "+".
func linkEscape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c == ' ':
			b.WriteByte('+')
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~!$'()*,/:;?@", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
