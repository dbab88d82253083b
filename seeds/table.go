package seeds

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"syncer/arxiv"
)

// cell is one value of a table row: its text, where it stands, and the column's name in lower case.
type cell struct {
	column  string
	text    string
	span    Span  // of the raw value, without quotes
	offsets []int // where each byte of the text, and its end, stands in the source; nil when the value is written as it is
}

// at is where a range of the cell's text stands.
func (c cell) at(start, end int) Span {
	if c.offsets != nil {
		return Span{c.offsets[start], c.offsets[end]}
	}
	return Span{c.span.Start + start, c.span.Start + end}
}

// exact is where a part of the cell's text stands, when the source has it as it is.
func (c cell) exact(part string) Span {
	i := strings.Index(c.text, part)
	if c.offsets != nil || i < 0 {
		return Span{}
	}
	return c.at(i, i+len(part))
}

// trim drops the blanks around a cell's text.
func (c cell) trim() cell {
	left := len(c.text) - len(strings.TrimLeft(c.text, " \t\r\n"))
	text := strings.TrimSpace(c.text)
	trimmed := cell{column: c.column, text: text, span: c.at(left, left+len(text))}
	if c.offsets != nil {
		trimmed.offsets = c.offsets[left : left+len(text)+1]
	}
	return trimmed
}

// readTable reads CSV, TSV (any of , ; tab | as separator) and JSON Lines or a JSON array of objects. Each row is an entry.
func readTable(src []byte, b *builder) {
	start := 0
	if bytes.HasPrefix(src, utf8BOM) {
		start = len(utf8BOM)
	}
	if head := bytes.TrimLeft(src[start:], " \t\r\n"); len(head) > 0 && (head[0] == '{' || head[0] == '[') {
		readJSON(string(src), start, b)
		return
	}
	for bytes.HasPrefix(src[start:], []byte("# ")) { // a remark in front of the table
		end := bytes.IndexByte(src[start:], '\n')
		if end < 0 {
			return
		}
		start += end + 1
	}
	var header []string
	separator := sniff(src[start:])
	for pos := start; pos < len(src); {
		var row []cell
		row, pos = csvRow(src, pos, separator)
		if header == nil {
			header = columnNames(row)
			if isHeader(header) {
				continue
			}
			header = make([]string, len(row))
		}
		for i := range row {
			if i < len(header) {
				row[i].column = header[i]
			}
		}
		readRow(row, b)
	}
}

// sniff takes the separator that the first line has most of, outside of quotes.
func sniff(src []byte) byte {
	counts := map[byte]int{}
	inQuotes := false
	for _, c := range src {
		if c == '"' {
			inQuotes = !inQuotes
		}
		if c == '\n' && !inQuotes {
			break
		}
		if !inQuotes && strings.IndexByte(",;\t|", c) >= 0 {
			counts[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte{'\t', ';', '|'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

// csvRow reads one record (RFC 4180: quoted cells may hold separators, line ends and doubled quotes) and returns where the
// next begins. A quote that is never closed ends with the file.
func csvRow(src []byte, pos int, separator byte) ([]cell, int) {
	var row []cell
	for {
		if pos < len(src) && src[pos] == '"' {
			begin := pos + 1
			end := begin
			doubled := false
			for end < len(src) {
				if src[end] == '"' {
					if end+1 < len(src) && src[end+1] == '"' {
						doubled = true
						end++
					} else {
						break
					}
				}
				end++
			}
			end = min(end, len(src))
			c := cell{text: string(src[begin:end]), span: Span{begin, end}}
			if doubled {
				c.text, c.offsets = undouble(c.text, begin)
			}
			row = append(row, c)
			pos = min(end+1, len(src))
			for pos < len(src) && src[pos] != separator && src[pos] != '\n' {
				pos++
			}
		} else {
			begin := pos
			for pos < len(src) && src[pos] != separator && src[pos] != '\n' {
				pos++
			}
			end := pos
			if end > begin && src[end-1] == '\r' {
				end--
			}
			row = append(row, cell{text: string(src[begin:end]), span: Span{begin, end}})
		}
		if pos >= len(src) {
			return row, pos
		}
		pos++
		if src[pos-1] == '\n' {
			return row, pos
		}
	}
}

// undouble reads a quoted value in which quotes are doubled.
func undouble(raw string, start int) (string, []int) {
	text, offsets := make([]byte, 0, len(raw)), make([]int, 0, len(raw)+1)
	for i := 0; i < len(raw); i++ {
		text, offsets = append(text, raw[i]), append(offsets, start+i)
		if raw[i] == '"' {
			i++
		}
	}
	return string(text), append(offsets, start+len(raw))
}

func columnNames(row []cell) []string {
	names := make([]string, len(row))
	for i, c := range row {
		names[i] = arxiv.Key(c.text)
	}
	return names
}

// isHeader says whether the first row names columns: no identifier in it, and a name that we know.
func isHeader(names []string) bool {
	known := false
	for _, name := range names {
		if len(arxiv.Find(name)) > 0 {
			return false
		}
		known = known || titleColumn.MatchString(name) || idColumn.MatchString(name) || authorColumn.MatchString(name) ||
			yearColumn.MatchString(name) ||
			urlColumn.MatchString(name)
	}
	return known
}

var (
	titleColumn  = regexp.MustCompile(`^(?:title|paper title|paper|paper name)$`)
	nameColumn   = regexp.MustCompile(`^name$`)
	idColumn     = regexp.MustCompile(`\barxiv(?:id)?\b|^(?:eprint|id|paper id)$`)
	authorColumn = regexp.MustCompile(`^(?:authors?|first author|author s)$`)
	yearColumn   = regexp.MustCompile(`^(?:year|published|publication date|publication year)$`)
	urlColumn    = regexp.MustCompile(`\b(?:urls?|link|links|pdf)\b`)
)

// readRow reads one row: identifiers in any cell, claims in the cells whose columns say so. What a row claims, it claims of
// one paper: the first in a column for identifiers or links, else the only one. Other cells may tell of other papers.
func readRow(row []cell, b *builder) {
	b.entry()
	for i := range row {
		row[i] = row[i].trim()
	}
	claim := rowClaim(row)
	r := rowReader{b: b, title: claim.Title}
	for _, c := range row {
		r.read(c)
	}
	about := -1
	papers := map[arxiv.ID]bool{}
	for i, m := range r.found {
		papers[m.citation.ID] = true
		if about < 0 && m.direct {
			about = i
		}
	}
	if about < 0 && len(papers) == 1 {
		about = 0
	}
	for i, m := range r.found {
		if i == about {
			m.citation.Claim = claim
		}
		b.cite(m.citation)
	}
}

// rowClaim is what the columns say.
func rowClaim(row []cell) Claim {
	var claim Claim
	named := false // by a column for names, which is less than one for titles
	for _, c := range row {
		switch {
		case titleColumn.MatchString(c.column) && (claim.Title == "" || named) || nameColumn.MatchString(c.column) && claim.Title == "":
			if titleLike(c.text) {
				claim.Title, claim.TitleSpan = strings.Join(strings.Fields(c.text), " "), c.exact(c.text)
				named = nameColumn.MatchString(c.column)
			}
		case authorColumn.MatchString(c.column) && claim.FirstAuthor == "":
			if first := firstListed(c.text); first != "" {
				claim.FirstAuthor, claim.AuthorSpan = strings.Join(strings.Fields(first), " "), c.exact(first)
			}
		case yearColumn.MatchString(c.column) && claim.Year == 0:
			if year := fourDigits.FindString(c.text); year != "" {
				claim.Year, _ = strconv.Atoi(year)
				claim.YearSpan = c.exact(year)
			}
		}
	}
	return claim
}

// firstListed is the first name of a list of authors.
func firstListed(text string) string {
	for _, separator := range []string{";", " and ", " & ", ", ", "|"} {
		if first, _, ok := strings.Cut(text, separator); ok {
			text = first
			break
		}
	}
	text, _, _ = strings.Cut(text, " et al")
	text = strings.Trim(text, "[]'\" ") // a list as Python writes it
	if utf8.RuneCountInString(text) < 2 || strings.EqualFold(text, "n/a") || strings.EqualFold(text, "none") ||
		strings.EqualFold(text, "nan") ||
		strings.EqualFold(text, "unknown") {
		return ""
	}
	return text
}

// rowReader collects what the cells of a row name.
type rowReader struct {
	b     *builder
	title string
	found []rowMention
}

type rowMention struct {
	citation Citation
	direct   bool // in a column for identifiers or links, or in a table without a head
}

// read finds identifiers and links in one cell. In a column for identifiers a bare number is one, and what cannot be one
// is malformed.
func (r *rowReader) read(c cell) {
	forIDs := idColumn.MatchString(c.column)
	direct := forIDs || c.column == "" || urlColumn.MatchString(c.column) || titleColumn.MatchString(c.column)
	cite := func(id arxiv.ID, version int, span Span) {
		r.found = append(r.found, rowMention{Citation{ID: id, Version: version, Span: span}, direct})
	}
	if forIDs && c.text != "" {
		if id, version, err := arxiv.Parse(c.text); err == nil {
			cite(id, version, c.at(0, len(c.text)))
			return
		} else if strings.Contains(c.column, "arxiv") && meantAsID.MatchString(c.text) {
			r.b.malformed(Malformed{Reason: err.Error(), Span: c.at(0, len(c.text))})
			return
		}
	}
	listed := forIDs || strings.Contains(strings.ToLower(c.text), "arxiv")
	for _, m := range arxiv.Find(c.text) {
		alone := c.text == c.text[m.Start:m.End] && (c.column == "" || urlColumn.MatchString(c.column))
		switch {
		case m.Kind == arxiv.MentionBare && !listed && !alone:
		case m.Err != nil:
			r.b.malformed(Malformed{Reason: m.Err.Error(), Span: c.at(m.Start, m.End)})
		default:
			cite(m.ID, m.Version, c.at(m.Start, m.End))
		}
	}
	for _, m := range bareURL.FindAllStringIndex(c.text, -1) {
		url := arxiv.TrimURL(c.text[m[0]:m[1]])
		if _, _, ok := arxiv.ParseURL(url); !ok {
			r.b.link(Link{URL: url, Title: r.title, Span: c.at(m[0], m[0]+len(url))})
		}
	}
}
