package seeds

import (
	"regexp"
	"strconv"
	"strings"

	"syncer/arxiv"
)

// braced is what stands in braces, with braces one level deep in it.
const braced = `([^{}]*(?:\{[^{}]*\}[^{}]*)*)`

var (
	latexSection = regexp.MustCompile(`\\(?:sub){0,2}(?:section|chapter|paragraph)\*?\s*\{((?:[^{}]|\{[^{}]*\})*)\}`)
	// latexItem begins an entry: \bibitem[label]{key} of BibTeX, \entry{key}{type}{} of biber.
	latexItem = regexp.MustCompile(
		`\\bibitem\s*(?:\[((?:[^\[\]]|\[[^\[\]]*\])*)\])?\s*(?:%[^\n]*\n\s*)?\{([^{}]*)\}|\\entry\{([^{}]*)\}\{[^{}]*\}\{[^{}]*\}`,
	)
	latexEnd = regexp.MustCompile(`\\end\{thebibliography\}|\\endentry|\\end\{document\}`)
	// latexEprint are the commands that hold nothing but an identifier.
	latexEprint = regexp.MustCompile(
		`\\(?:eprint|arxiv|arXiv)(?:\[[^\]]*\])?\{([^{}]*)\}|\\verb\{eprint\}\s*\\verb ([^\s\\]+)|\\field\{eprint\}\{([^{}]*)\}`,
	)
	// latexAbs is how BibTeX's styles set what DBLP writes.
	latexAbs   = regexp.MustCompile(`\bCoRR\s*\}[,\s]*abs/((?:[a-z-]+/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?)`)
	latexHref  = regexp.MustCompile(`\\(?:href|url|path|nolinkurl)\s*\{([^{}]*)\}`)
	latexField = regexp.MustCompile(`\\field\{(title|year)\}\{` + braced + `\}`)
	latexEmph  = regexp.MustCompile(
		`\\(?:emph|textit|textbf|bibinfo\{title\})\s*\{` + braced + `\}|\{\\(?:em|it|bf)\s+` + braced + `\}|` + "``([^']*)''",
	)
	latexYear = regexp.MustCompile(`[(\s,{](?:((?:19|20)\d{2})[a-z]?)[),.}]`)
)

// readLaTeX reads the bibliography of a document item by item, and elsewhere in the text what carries a prefix or a URL.
func readLaTeX(src []byte, b *builder) {
	text := blankComments(string(src))
	items := latexItem.FindAllStringSubmatchIndex(text, -1)
	end := len(text)
	if len(items) > 0 {
		end = items[0][0]
	}
	readLaTeXProse(text, 0, end, b)
	for i, m := range items {
		end := len(text)
		if i+1 < len(items) {
			end = items[i+1][0]
		}
		stop := end
		if last := latexEnd.FindStringIndex(text[m[1]:end]); last != nil {
			stop = m[1] + last[0]
		}
		key := ""
		for _, g := range []int{4, 6} {
			if m[g] >= 0 {
				key = text[m[g]:m[g+1]]
			}
		}
		b.entry()
		item := latexEntry{text: text, from: m[1], to: stop, b: b}
		claim := item.claim()
		item.mentions(func(id arxiv.ID, version int, span Span) {
			b.cite(Citation{ID: id, Version: version, Key: key, Claim: claim, Span: span})
		}, claim.Title)
		readLaTeXProse(text, stop, end, b)
	}
}

// readLaTeXProse reads what stands outside of a bibliography, a paragraph at a time.
func readLaTeXProse(text string, from, to int, b *builder) {
	for from < to {
		end := to
		if i := strings.Index(text[from:to], "\n\n"); i >= 0 {
			end = from + i + 2
		}
		if m := latexSection.FindStringSubmatch(text[from:end]); m != nil {
			b.section = readable(m[1])
		}
		b.entry()
		item := latexEntry{text: text, from: from, to: end, b: b}
		item.mentions(func(id arxiv.ID, version int, span Span) {
			b.cite(Citation{ID: id, Version: version, Span: span})
		}, "")
		from = end
	}
}

// blankComments overwrites % comments with blanks; \% is a percent sign, and a URL may hold one.
func blankComments(text string) string {
	out := []byte(text)
	comment, inURL := false, false
	for i, c := range out {
		switch {
		case c == '\n':
			comment, inURL = false, false
		case comment:
			out[i] = ' '
		case c == ' ' || c == '}':
			inURL = false
		case c == ':' && strings.HasPrefix(text[i:], "://"):
			inURL = true
		case c == '%' && !inURL && (i == 0 || out[i-1] != '\\'):
			comment = true
			out[i] = ' '
		}
	}
	return string(out)
}

// latexEntry is one \bibitem or paragraph.
type latexEntry struct {
	text     string
	from, to int
	b        *builder
}

func (l latexEntry) mentions(cite func(arxiv.ID, int, Span), title string) {
	body := l.text[l.from:l.to]
	for _, m := range latexEprint.FindAllStringSubmatchIndex(body, -1) {
		for g := 2; g < len(m); g += 2 {
			if m[g] < 0 {
				continue
			}
			if id, version, err := arxiv.Parse(body[m[g]:m[g+1]]); err == nil {
				cite(id, version, l.trimmed(m[g], m[g+1]))
			}
		}
	}
	for _, m := range latexAbs.FindAllStringSubmatchIndex(body, -1) {
		if id, version, err := arxiv.Parse(body[m[2]:m[3]]); err == nil {
			cite(id, version, Span{l.from + m[2], l.from + m[3]})
		}
	}
	for _, m := range latexHref.FindAllStringSubmatchIndex(body, -1) {
		span := l.trimmed(m[2], m[3])
		url, known := texURL(l.text[span.Start:span.End])
		if id, version, ok := arxiv.ParseURL(url); ok {
			cite(id, version, span)
		} else if known {
			l.b.link(Link{URL: url, Title: title, Span: span})
		}
	}
	for _, m := range arxiv.Find(body) {
		span := Span{l.from + m.Start, l.from + m.End}
		switch {
		case m.Err != nil:
			l.b.malformed(Malformed{Reason: m.Err.Error(), Span: span})
		case m.Kind != arxiv.MentionBare:
			cite(m.ID, m.Version, span)
		case hinted(body, m.Start):
			cite(m.ID, m.Version, span)
		}
	}
}

// trimmed is a range of the entry's text without the blanks around it.
func (l latexEntry) trimmed(start, end int) Span {
	text := l.text[l.from+start : l.from+end]
	start += len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	return Span{l.from + start, l.from + start + len(strings.TrimSpace(text))}
}

// claim is what a bibliography item says of the paper, where its form tells.
func (l latexEntry) claim() Claim {
	var c Claim
	body := l.text[l.from:l.to]
	at := func(start, end int) Span { return Span{l.from + start, l.from + end} }
	for _, m := range latexField.FindAllStringSubmatchIndex(body, -1) {
		value := body[m[4]:m[5]]
		if body[m[2]:m[3]] == "title" && c.Title == "" {
			c.Title, c.TitleSpan = readable(value), at(m[4], m[5])
		} else if year, err := strconv.Atoi(value); err == nil && c.Year == 0 {
			c.Year, c.YearSpan = year, at(m[4], m[5])
		}
	}
	// BibTeX's styles put authors, title and the rest into blocks of their own.
	if blocks := strings.Split(body, `\newblock`); len(blocks) > 1 {
		if title := strings.TrimRight(readable(blocks[1]), ",. "); c.Title == "" && titleLike(title) && !strings.Contains(title, `\`) {
			start := len(blocks[0]) + len(`\newblock`)
			c.Title, c.TitleSpan = title, at(start, start+len(blocks[1]))
		}
	}
	if c.Title == "" {
		for _, m := range latexEmph.FindAllStringSubmatchIndex(body, -1) {
			for g := 2; g < len(m); g += 2 {
				if m[g] >= 0 && c.Title == "" { // the first that is none may be "et al."
					title := strings.TrimRight(readable(body[m[g]:m[g+1]]), ",. ")
					if titleLike(title) && strings.Count(title, " ") >= 2 {
						c.Title, c.TitleSpan = title, at(m[g], m[g+1])
					}
				}
			}
		}
	}
	if start, end, ok := firstLaTeXAuthor(body); ok {
		c.FirstAuthor, c.AuthorSpan = readable(body[start:end]), at(start, end)
	}
	if c.Year == 0 {
		if m := latexYear.FindStringSubmatchIndex(body); m != nil {
			c.Year, _ = strconv.Atoi(body[m[2]:m[3]])
			c.YearSpan = at(m[2], m[3])
		}
	}
	return c
}

// firstLaTeXAuthor is the first name of an item that begins with names: what stands before the first comma that does not
// only part a family name from initials, "and" or "et al.".
func firstLaTeXAuthor(body string) (start, end int, ok bool) {
	for start < len(body) && (isBlank(body[start]) || body[start] == '{' || body[start] == '~') {
		start++
	}
	m := regexpAuthor.FindStringSubmatchIndex(body[start:])
	switch {
	case m == nil:
		return 0, 0, false
	case m[2] >= 0:
		return start, start + m[3], true
	}
	return start, start + m[1], true
}

// regexpAuthor is a family name with initials behind a comma ("Goodman, J."), or initials and a family name ("J. Goodman"), or a
// short run of capitalised words that ends as a name does.
var regexpAuthor = regexp.MustCompile(
	`^(?:\p{Lu}\.[~ -]*)+(?:[a-z]+ )?\p{Lu}[\p{L}'\\{}"-]+|^\p{Lu}[\p{L}'\\{}"-]+,[~ ]*(?:\p{Lu}\.[~ -]*)+|^(\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}.'-]*){1,2})(?:[,.\n]| and\b| et\b| \\newblock)`,
)
