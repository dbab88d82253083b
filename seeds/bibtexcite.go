package seeds

import (
	"regexp"
	"strconv"
	"strings"

	"syncer/arxiv"
)

// readBibTeX reads BibTeX or BibLaTeX that begins at offset base of the builder's source.
func readBibTeX(src []byte, base int, b *builder) {
	file := parseBib(src)
	for i := range file.entries {
		r := bibReader{src: src, base: base, file: file, e: &file.entries[i], b: b}
		r.read()
	}
}

type bibReader struct {
	src  []byte
	base int
	file bibFile
	e    *bibEntry
	b    *builder

	title, venue string
}

// read makes one citation a paper of the entry, from the fields that name one: first those made for it.
func (r *bibReader) read() {
	r.b.entry()
	r.title, r.venue = r.titleText(), r.venueText()
	claim := r.claim()
	cite := func(id arxiv.ID, version int, span Span) {
		r.b.cite(Citation{ID: id, Version: version, Key: r.e.key, Claim: claim, Span: span})
	}
	r.eprint(cite)
	for _, name := range []string{"arxiv", "arxivid", "doi", "url", "pdf", "journal", "journaltitle", "note", "howpublished", "volume",
		"number", "pages", "booktitle", "annote", "addendum", "link", "ee"} {
		f := r.e.get(name)
		if f == nil {
			continue
		}
		for _, piece := range f.pieces {
			if !piece.macro {
				r.piece(name, piece.span, cite)
			}
		}
	}
}

// eprint reads the field that is made for it. Without archivePrefix it counts when it can be nothing but arXiv's; an
// old-style identifier may be spread over two fields: eprint = {0309136}, archivePrefix = {math}.
func (r *bibReader) eprint(cite func(arxiv.ID, int, Span)) {
	f := r.e.get("eprint")
	if f == nil || len(f.pieces) != 1 || f.pieces[0].macro {
		return
	}
	span := r.trimmed(f.pieces[0].span)
	value := string(r.src[span.Start:span.End])
	prefix := ""
	for _, name := range []string{"archiveprefix", "eprinttype"} {
		if p := r.e.get(name); p != nil && prefix == "" {
			prefix = strings.ToLower(strings.TrimSpace(r.file.text(*p)))
		}
	}
	if prefix != "" && prefix != "arxiv" {
		if id, version, err := arxiv.Parse(prefix + "/" + value); err == nil && oldNumber.MatchString(value) {
			cite(id, version, r.at(span))
		}
		return
	}
	id, version, ok := arxiv.ParseURL(value)
	if !ok {
		var err error
		if id, version, err = arxiv.Parse(value); err != nil {
			if class := r.e.get("primaryclass"); class != nil && oldNumber.MatchString(value) {
				archive, _, _ := strings.Cut(strings.TrimSpace(r.file.text(*class)), ".")
				if id, version, err = arxiv.Parse(archive + "/" + value); err == nil {
					cite(id, version, r.at(span))
					return
				}
			}
			if prefix == "arxiv" && value != "" {
				r.b.malformed(Malformed{Reason: err.Error(), Span: r.at(span)})
			}
			return
		}
	}
	cite(id, version, r.at(span))
}

var oldNumber = regexp.MustCompile(`^\d{7}(?:v\d+)?$`)

// absNumber is how DBLP writes arXiv papers: journal = {CoRR}, volume = {abs/1907.11692}. The volume stays when somebody
// puts in where the paper appeared.
var absNumber = regexp.MustCompile(`(?i)^\s*abs/((?:[a-z-]+/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?)`)

// piece looks for identifiers and links in one value.
func (r *bibReader) piece(name string, span Span, cite func(arxiv.ID, int, Span)) {
	text := string(r.src[span.Start:span.End])
	if name == "doi" {
		trimmed := r.trimmed(span)
		doi := strings.ReplaceAll(string(r.src[trimmed.Start:trimmed.End]), `\_`, "_")
		if id, version, ok := arxiv.ParseURL(doi); ok {
			cite(id, version, r.at(trimmed))
		} else if bare, ok := arxiv.BareDOI(doi); ok {
			r.b.link(Link{URL: arxiv.DOIURL(bare), Title: r.title, Span: r.at(trimmed)})
		}
		return
	}
	if name == "arxiv" || name == "arxivid" {
		trimmed := r.trimmed(span)
		if id, version, err := arxiv.Parse(string(r.src[trimmed.Start:trimmed.End])); err == nil {
			cite(id, version, r.at(trimmed))
			return
		}
	}
	hint := strings.Contains(strings.ToLower(text), "arxiv") || strings.Contains(text, "CoRR") || strings.Contains(r.venue, "arxiv") ||
		strings.Contains(r.venue, "corr")
	if m := absNumber.FindStringSubmatchIndex(text); m != nil {
		if id, version, err := arxiv.Parse(text[m[2]:m[3]]); err == nil && (hint || name == "volume") {
			cite(id, version, r.at(Span{span.Start + m[2], span.Start + m[3]}))
		}
	}
	for _, m := range arxiv.Find(text) {
		at := r.at(Span{span.Start + m.Start, span.Start + m.End})
		switch {
		case m.Err != nil:
			r.b.malformed(Malformed{Reason: m.Err.Error(), Span: at})
		case m.Kind != arxiv.MentionBare || hint:
			cite(m.ID, m.Version, at)
		}
	}
	for _, m := range bareURL.FindAllStringIndex(text, -1) {
		written := arxiv.TrimURL(text[m[0]:m[1]])
		url, ok := texURL(written)
		if _, _, named := arxiv.ParseURL(url); ok && !named {
			r.b.link(Link{URL: url, Title: r.title, Span: r.at(Span{span.Start + m[0], span.Start + m[0] + len(written)})})
		}
	}
}

var bareURL = regexp.MustCompile(`https?://[^\s<>"{}|^` + "`" + arxiv.EndURL + `]+`)

// texWritten are how TeX writes the characters of URLs that are commands to it.
var texWritten = strings.NewReplacer(`\_`, "_", `\%`, "%", `\&`, "&", `\#`, "#", `\~{}`, "~", `\~`, "~")

// macroParameter is what stands for an argument in the definition of a command: \href{http://arxiv.org/abs/#1}.
var macroParameter = regexp.MustCompile(`(?:^|[^\\])#[1-9]`)

// texURL is a URL as TeX would give it to a reader; ok is false when it has commands or arguments in it that only TeX knows.
func texURL(written string) (url string, ok bool) {
	url = texWritten.Replace(written)
	return url, !strings.ContainsRune(url, '\\') && !macroParameter.MatchString(written)
}

// venueText is where the entry says that it appeared, in lower case.
func (r *bibReader) venueText() string {
	for _, name := range []string{"journal", "journaltitle", "publisher", "archiveprefix", "eprinttype", "booktitle"} {
		if f := r.e.get(name); f != nil {
			if text := strings.ToLower(r.file.text(*f)); strings.Contains(text, "arxiv") || strings.Contains(text, "corr") {
				return text
			}
		}
	}
	return ""
}

func (r *bibReader) titleText() string {
	if f := r.e.get("title"); f != nil {
		title := readable(r.file.text(*f))
		if _, _, err := arxiv.Parse(title); err == nil {
			return "" // what some exporters put in where they know no title
		}
		return title
	}
	return ""
}

// claim is what the entry says of the paper.
func (r *bibReader) claim() Claim {
	c := Claim{Title: r.title}
	if c.Title != "" {
		c.TitleSpan = r.spanOf("title")
	}
	if f := r.e.get("author"); f != nil {
		text := r.file.text(*f)
		start, end := firstBibAuthor(text)
		c.FirstAuthor = readable(text[start:end])
		if span := r.spanOf("author"); span != (Span{}) && c.FirstAuthor != "" {
			c.AuthorSpan = Span{span.Start + start, span.Start + end}
		}
	}
	for _, name := range []string{"year", "date"} {
		if f := r.e.get(name); f != nil && c.Year == 0 {
			text := r.file.text(*f)
			if m := fourDigits.FindStringIndex(text); m != nil {
				c.Year, _ = strconv.Atoi(text[m[0]:m[1]])
				if span := r.spanOf(name); span != (Span{}) {
					c.YearSpan = Span{span.Start + m[0], span.Start + m[1]}
				}
			}
		}
	}
	return c
}

var fourDigits = regexp.MustCompile(`\b(?:19|20)\d{2}\b`)

// firstBibAuthor is the range of the first name of an author field, cut at an " and " outside of braces.
func firstBibAuthor(text string) (start, end int) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 && i > 0 && isBlank(text[i]) && len(text) > i+4 && strings.EqualFold(text[i+1:i+4], "and") && isBlank(text[i+4]) {
			end = i
			break
		}
	}
	if end == 0 {
		end = len(text)
	}
	for start < end && isBlank(text[start]) {
		start++
	}
	for end > start && isBlank(text[end-1]) {
		end--
	}
	return start, start + len(oneBibAuthor(text[start:end]))
}

// oneBibAuthor is the first name of an author field that does not part names by "and", as BibTeX has it.
func oneBibAuthor(name string) string {
	if strings.ContainsAny(name, "{}\\") {
		return name
	}
	name, _, _ = strings.Cut(name, ";")
	name, _, _ = strings.Cut(name, " et al")
	if strings.Count(name, ",") > 1 {
		if first := firstOf(name, true); first != "" {
			name = first
		}
	}
	if name = strings.TrimRight(name, ", "); strings.EqualFold(name, "others") {
		return ""
	}
	return name
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// spanOf is the source range of a field that is one piece, the zero Span of any other.
func (r *bibReader) spanOf(name string) Span {
	f := r.e.get(name)
	if f == nil || len(f.pieces) != 1 || f.pieces[0].macro {
		return Span{}
	}
	return r.at(f.pieces[0].span)
}

func (r *bibReader) at(s Span) Span { return Span{r.base + s.Start, r.base + s.End} }

// trimmed is a span without the blanks around it.
func (r *bibReader) trimmed(s Span) Span {
	for s.Start < s.End && isBlank(r.src[s.Start]) {
		s.Start++
	}
	for s.End > s.Start && isBlank(r.src[s.End-1]) {
		s.End--
	}
	return s
}

var (
	// fontCommands say how a word is set.
	fontCommands = regexp.MustCompile(
		`\\(?:emph|textit|textbf|texttt|textsc|textrm|textsf|textsl|text|ensuremath|bibinfo\{[a-z]+\}|em|it|bf|tt|sc)\b\s*`,
	)
	// commandBrace ends a command that stays, which nothing must run into when the brace goes: \sqrt{s}, {\pm}b.
	commandBrace = regexp.MustCompile(`(\\[A-Za-z]+)[{}]`)
	// math is a formula, or a dollar that begins none.
	math = regexp.MustCompile(`\\\$|\$[^$]*\$`)
	// A tie is a blank, a tilde is a command.
	texTildes = strings.NewReplacer(
		"~",
		" ",
		`{\textasciitilde}`,
		"~",
		`\textasciitilde{}`,
		"~",
		`\textasciitilde`,
		"~",
		`\textasciicircum{}`,
		"^",
	)
	texSigns = strings.NewReplacer("{", "", "}", "", `\&`, "&", `\%`, "%", `\_`, "_", `\$`, "$", `\#`, "#", `\ `, " ")
)

// readable is TeX as a person reads it: accents as Unicode, braces and ties gone. Formulas stay as they are, since arXiv
// gives them so.
func readable(s string) string {
	s = arxiv.Text(s)
	var b strings.Builder
	prose := func(text string) {
		text = fontCommands.ReplaceAllString(texTildes.Replace(text), "")
		b.WriteString(texSigns.Replace(commandBrace.ReplaceAllString(text, "$1 ")))
	}
	done := 0
	for _, m := range math.FindAllStringIndex(s, -1) {
		if s[m[0]] == '$' {
			prose(s[done:m[0]])
			b.WriteString(s[m[0]:m[1]])
			done = m[1]
		}
	}
	prose(s[done:])
	return strings.Join(strings.Fields(b.String()), " ")
}
