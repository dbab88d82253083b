package seeds

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"syncer/arxiv"
)

// cell is one value of a table row: its text, where it stands, and the column's name in lower case.
type cell struct {
	column string
	text   string
	span   Span // of the raw value, without quotes
	quoted bool // the raw value may hold doubled quotes or escapes
}

// readTable reads CSV, TSV (any of , ; tab | as separator) and JSON Lines or a JSON array of objects. Each row is an entry.
func readTable(src []byte, b *builder) {
	start := 0
	if bytes.HasPrefix(src, utf8BOM) {
		start = len(utf8BOM)
	}
	if head := bytes.TrimLeft(src[start:], " \t\r\n"); len(head) > 0 && (head[0] == '{' || head[0] == '[') {
		readJSON(src, start, b)
		return
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
			text := string(src[begin:min(end, len(src))])
			row = append(row, cell{text: strings.ReplaceAll(text, `""`, `"`), span: Span{begin, min(end, len(src))}, quoted: doubled})
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
		known = known || titleColumn.MatchString(name) || idColumn.MatchString(name) || authorColumn.MatchString(name) || yearColumn.MatchString(name) || urlColumn.MatchString(name)
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

// readRow reads one row: identifiers in any cell, claims in the cells whose columns say so.
func readRow(row []cell, b *builder) {
	b.entry()
	var claim Claim
	for _, c := range row {
		c = c.trim()
		switch {
		case titleColumn.MatchString(c.column) || nameColumn.MatchString(c.column) && claim.Title == "":
			if titleLike(c.text) {
				claim.Title, claim.TitleSpan = strings.Join(strings.Fields(c.text), " "), c.exact(c.text)
			}
		case authorColumn.MatchString(c.column):
			if first := firstListed(c.text); first != "" {
				claim.FirstAuthor, claim.AuthorSpan = first, c.exact(first)
			}
		case yearColumn.MatchString(c.column):
			if year := fourDigits.FindString(c.text); year != "" {
				claim.Year, _ = strconv.Atoi(year)
				claim.YearSpan = c.exact(year)
			}
		}
	}
	for _, c := range row {
		readCell(c.trim(), claim, b)
	}
}

func (c cell) trim() cell {
	if c.quoted {
		return c
	}
	left := len(c.text) - len(strings.TrimLeft(c.text, " \t\r\n"))
	text := strings.TrimSpace(c.text)
	return cell{c.column, text, Span{c.span.Start + left, c.span.Start + left + len(text)}, false}
}

// exact is where a part of the cell's text stands, when the raw value has it as it is.
func (c cell) exact(part string) Span {
	i := strings.Index(c.text, part)
	if c.quoted || i < 0 {
		return Span{}
	}
	return Span{c.span.Start + i, c.span.Start + i + len(part)}
}

// firstListed is the first name of a list of authors.
func firstListed(text string) string {
	for _, separator := range []string{";", " and ", ", ", "|"} {
		if first, _, ok := strings.Cut(text, separator); ok {
			return strings.TrimSpace(first)
		}
	}
	return strings.TrimSpace(text)
}

// readCell finds identifiers and links in one cell. In a column for identifiers a bare number is one, and what cannot be
// one is malformed.
func readCell(c cell, claim Claim, b *builder) {
	forIDs := idColumn.MatchString(c.column)
	if forIDs && c.text != "" && !c.quoted {
		if id, version, err := arxiv.Parse(c.text); err == nil {
			b.cite(Citation{ID: id, Version: version, Claim: claim, Span: c.span})
			return
		} else if strings.Contains(c.column, "arxiv") && meantAsID.MatchString(c.text) {
			b.malformed(Malformed{Reason: err.Error(), Span: c.span})
			return
		}
	}
	listed := strings.Contains(strings.ToLower(c.text), "arxiv")
	for _, m := range arxiv.Find(c.text) {
		span := c.exact(c.text[m.Start:m.End])
		if !c.quoted {
			span = Span{c.span.Start + m.Start, c.span.Start + m.End}
		}
		switch {
		case span == (Span{}) || m.Kind == arxiv.MentionBare && !forIDs && !listed && c.text != c.text[m.Start:m.End]:
		case m.Kind == arxiv.MentionBare && !forIDs && !listed && !urlColumn.MatchString(c.column) && c.column != "":
		case m.Err != nil:
			b.malformed(Malformed{Reason: m.Err.Error(), Span: span})
		default:
			b.cite(Citation{ID: m.ID, Version: m.Version, Claim: claim, Span: span})
		}
	}
	if c.quoted {
		return // doubled quotes shift what stands behind them; such cells are prose
	}
	for _, m := range bareURL.FindAllStringIndex(c.text, -1) {
		url := strings.TrimRight(c.text[m[0]:m[1]], ".,;)]'")
		if _, _, ok := arxiv.ParseURL(url); !ok {
			b.link(Link{URL: url, Title: claim.Title, Span: Span{c.span.Start + m[0], c.span.Start + m[0] + len(url)}})
		}
	}
}

// jsonString is a string of a JSON line with the key before it.
var jsonString = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)

// readJSON reads one JSON object a line, or an array of objects; each object at the top is a row. Values are found in the
// raw text, so that their places are exact; what is no valid JSON is passed over.
func readJSON(src []byte, start int, b *builder) {
	decoder := json.NewDecoder(bytes.NewReader(src[start:]))
	inArray := bytes.TrimLeft(src[start:], " \t\r\n")[0] == '['
	if inArray {
		if _, err := decoder.Token(); err != nil {
			return
		}
	}
	for !inArray || decoder.More() {
		var raw json.RawMessage
		if decoder.Decode(&raw) != nil {
			return
		}
		end := start + int(decoder.InputOffset())
		if len(raw) > 0 && raw[0] == '{' {
			readRow(jsonRow(raw, end-len(raw)), b)
		}
	}
}

// jsonRow gives the strings and numbers of an object with the names before them; nested values carry the name of their key.
func jsonRow(raw []byte, offset int) []cell {
	var row []cell
	column := ""
	text := string(raw)
	for _, m := range jsonString.FindAllStringSubmatchIndex(text, -1) {
		value := text[m[2]:m[3]]
		rest := strings.TrimLeft(text[m[1]:min(len(text), m[1]+16)], " \t\r\n")
		if strings.HasPrefix(rest, ":") {
			name := arxiv.Key(value)
			if name != "name" || !authorColumn.MatchString(column) {
				column = name
			}
			if number := jsonNumber.FindStringSubmatchIndex(text[m[1]:min(len(text), m[1]+40)]); number != nil {
				row = append(row, cell{column, text[m[1]+number[2] : m[1]+number[3]], Span{offset + m[1] + number[2], offset + m[1] + number[3]}, false})
			}
			continue
		}
		var plainText string
		if json.Unmarshal([]byte(text[m[0]:m[1]]), &plainText) != nil {
			continue
		}
		if len(row) > 0 && authorColumn.MatchString(column) && row[len(row)-1].column == column {
			continue // the second author and all after
		}
		row = append(row, cell{column, plainText, Span{offset + m[2], offset + m[3]}, plainText != value})
	}
	return row
}

var jsonNumber = regexp.MustCompile(`^\s*:\s*(\d+(?:\.\d+)?)\s*[,}\]]`)
