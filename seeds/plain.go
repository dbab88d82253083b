package seeds

import (
	"bytes"
	"regexp"
	"strings"

	"syncer/arxiv"
)

// meantAsID is what a person can only mean as an identifier where a list of identifiers is expected.
var meantAsID = regexp.MustCompile(`(?i)^(?:arxiv:\S+|\d{3,}\.\d+(?:v\d+)?|[a-z-]+(?:\.[a-z-]+)?/\d{4,}(?:v\d+)?)[.,;]?$`)

// readPlain reads one identifier or URL a line; the rest of the line is a remark, `#` begins a comment.
func readPlain(src []byte, b *builder) {
	offset := 0
	if bytes.HasPrefix(src, utf8BOM) {
		offset = len(utf8BOM)
	}
	for line := range bytes.Lines(src[offset:]) {
		readIDLine(string(line), offset, b)
		offset += len(line)
	}
}

// readIDLine reads one line of a list of identifiers: all that begin it, separated by commas or blanks, up to a remark.
func readIDLine(line string, offset int, b *builder) {
	if i := strings.IndexByte(line, '#'); i == 0 || i > 0 && (line[i-1] == ' ' || line[i-1] == '\t') {
		line = line[:i]
	}
	for i := 0; i < len(line); {
		if strings.IndexByte(" \t\r\n,;-*•", line[i]) >= 0 {
			i++
			continue
		}
		end := i
		for end < len(line) && strings.IndexByte(" \t\r\n,;", line[end]) < 0 {
			end++
		}
		word := line[i:end]
		if strings.EqualFold(word, "arxiv:") { // "arXiv: 1706.03762"
			i = end
			continue
		}
		span := Span{offset + i, offset + end}
		b.entry()
		id, version, isURL := arxiv.ParseURL(word)
		var err error
		if !isURL {
			id, version, err = arxiv.Parse(word)
		}
		switch {
		case isURL || err == nil:
			b.cite(Citation{ID: id, Version: version, Span: span})
		case strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://"):
			b.link(Link{URL: word, Span: span})
		case meantAsID.MatchString(word):
			b.malformed(Malformed{Reason: err.Error(), Span: span})
		default:
			return // a remark
		}
		i = end
	}
}
