package seeds

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"syncer/arxiv"
)

// readMarkdown reads CommonMark with GitHub's tables and bare URLs. Each block of text is one entry.
func readMarkdown(src []byte, b *builder) {
	src = blankFrontMatter(src)
	root := newMarkdown().Parse(text.NewReader(src))
	r := markdownReader{src: src, b: b}
	r.blocks(root)
}

// blankFrontMatter overwrites a byte order mark and a YAML or TOML head with blanks, so that offsets stay those of the file.
func blankFrontMatter(src []byte) []byte {
	offset := 0
	if bytes.HasPrefix(src, utf8BOM) {
		offset = len(utf8BOM)
	}
	m := frontMatter.FindIndex(src[offset:])
	if m == nil && offset == 0 {
		return src
	}
	if m != nil {
		offset += m[1]
	}
	blank := bytes.Clone(src)
	for i := range blank[:offset] {
		if blank[i] != '\n' {
			blank[i] = ' '
		}
	}
	return blank
}

var frontMatter = regexp.MustCompile(`(?s)\A(?:---\r?\n.*?\n---|\+\+\+\r?\n.*?\n\+\+\+)[ \t]*(?:\r?\n|\z)`)

type markdownReader struct {
	src     []byte
	b       *builder
	columns []string // the head of the table that is read, reduced by arxiv.Key
}

// blocks walks the tree of blocks by recursion over containers. The parser bounds how deep they are nested.
func (r *markdownReader) blocks(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Heading:
			e := r.inline(c)
			r.b.section = strings.Join(strings.Fields(e.joined.String()), " ")
			e.finish(r.b)
		case *ast.Paragraph, *ast.TextBlock:
			e := r.inline(c)
			e.finish(r.b)
		case *extast.TableHeader, *extast.TableRow:
			e := &entryText{columns: r.columns}
			for cell := c.FirstChild(); cell != nil; cell = cell.NextSibling() {
				e.cells = append(e.cells, e.joined.Len())
				r.spans(cell, e, plain, -1)
				e.gap(" | ")
			}
			if c.Kind() == extast.KindTableHeader {
				r.columns = e.cellTexts()
			}
			e.finish(r.b)
		case *ast.FencedCodeBlock:
			r.fence(c)
		case *ast.CodeBlock: // indented code: whatever looks like an identifier in it is code
		case *ast.HTMLBlock:
			r.html(c)
		default:
			r.blocks(c)
		}
	}
}

// inline reads the text of one block.
func (r *markdownReader) inline(n ast.Node) *entryText {
	e := &entryText{}
	r.spans(n, e, plain, -1)
	return e
}

func (r *markdownReader) spans(n ast.Node, e *entryText, s style, link int) {
	htmlLink := -1 // the <a> of raw HTML that is open
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		inside := link
		if htmlLink >= 0 {
			inside = htmlLink
		}
		switch c := c.(type) {
		case *ast.Text:
			raw := string(c.Segment.Value(r.src))
			if start := c.Segment.Start; s == code || c.IsRaw() {
				e.add(raw, start, s, inside)
			} else {
				e.addWritten(raw, start, s, inside, entityOrEscape)
			}
			if c.SoftLineBreak() || c.HardLineBreak() {
				e.gap("\n")
			}
		case *ast.String:
			e.gap(string(c.Value))
		case *ast.CodeSpan:
			r.spans(c, e, code, inside)
		case *ast.Emphasis:
			next := italic
			if c.Level >= 2 {
				next = bold
			}
			r.spans(c, e, next, inside)
		case *ast.Link:
			at := -1
			if span, ok := r.destination(c.Destination); ok {
				at = e.startLink(entityOrEscape.ReplaceAllStringFunc(string(c.Destination), asRead), span)
			}
			r.spans(c, e, s, at)
		case *ast.AutoLink:
			if span, ok := r.destination(c.Label(r.src)); ok && c.AutoLinkType == ast.AutoLinkURL {
				url, label := string(c.URL(r.src)), string(c.Label(r.src))
				behind := ""
				if end := strings.IndexAny(label, arxiv.EndURL); end >= 0 { // goldmark goes on to the next blank
					label, behind = label[:end], label[end:]
					url = strings.TrimSuffix(url, behind)
				}
				at := e.startLink(url, Span{span.Start, span.Start + len(label)})
				e.add(label, span.Start, s, at)
				e.add(behind, span.Start+len(label), s, inside)
			}
		case *ast.Image:
			// The picture is no link to check, but a badge may be all that names the paper.
			if span, ok := r.destination(c.Destination); ok {
				if _, _, named := arxiv.ParseURL(string(c.Destination)); named {
					e.startLink(string(c.Destination), span)
				}
			}
		case *ast.RawHTML:
			htmlLink = r.rawTag(c, e, htmlLink)
		default:
			r.spans(c, e, s, inside)
		}
	}
}

// destination finds where a link's destination stands in the source: goldmark gives a sub-slice of it (and a copy only
// where it had to resolve an escape or entity, which then is looked for near the end of the text before).
func (r *markdownReader) destination(dest []byte) (Span, bool) {
	start := cap(r.src) - cap(dest)
	if start >= 0 && start+len(dest) <= len(r.src) && bytes.Equal(r.src[start:start+len(dest)], dest) {
		return Span{start, start + len(dest)}, len(dest) > 0
	}
	return Span{}, false
}

// rawTag follows the <a> tags of inline HTML, whose text is Markdown.
func (r *markdownReader) rawTag(n *ast.RawHTML, e *entryText, open int) int {
	for i := range n.Segments.Len() {
		segment := n.Segments.At(i)
		tag := string(segment.Value(r.src))
		lower := strings.ToLower(tag)
		switch {
		case strings.HasPrefix(lower, "</a"):
			open = -1
		case strings.HasPrefix(lower, "<a ") || strings.HasPrefix(lower, "<a\n"):
			if span, ok := attribute(tag, "href", segment.Start); ok {
				open = e.startLink(unescapeHTML(string(r.src[span.Start:span.End])), span)
			}
		case strings.HasPrefix(lower, "<br"):
			e.gap("\n")
		}
	}
	return open
}

// html reads a block of raw HTML in place.
func (r *markdownReader) html(n *ast.HTMLBlock) {
	lines := n.Lines()
	if lines.Len() == 0 {
		return
	}
	start, end := lines.At(0).Start, lines.At(lines.Len()-1).Stop
	if n.HasClosure() {
		end = max(end, n.ClosureLine.Stop)
	}
	readHTML(r.src[start:end], start, r.b)
}

// fence reads a fenced code block when it is a bibliography or nothing but a list of identifiers. Everything else in a
// fence is code.
func (r *markdownReader) fence(n *ast.FencedCodeBlock) {
	lines := n.Lines()
	if lines.Len() == 0 {
		return
	}
	start, end := lines.At(0).Start, lines.At(lines.Len()-1).Stop
	body := r.src[start:end]
	language := strings.ToLower(string(n.Language(r.src)))
	if language == "bibtex" || language == "bib" || language == "biblatex" || fenceBibTeX.Match(body) {
		readBibTeX(body, start, r.b)
		return
	}
	for i := range lines.Len() {
		segment := lines.At(i)
		fields := strings.Fields(string(segment.Value(r.src)))
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if _, _, err := arxiv.Parse(strings.TrimRight(fields[0], ",;")); err != nil && !meantAsID.MatchString(fields[0]) {
			return
		}
	}
	for i := range lines.Len() {
		segment := lines.At(i)
		readIDLine(string(segment.Value(r.src)), segment.Start, r.b)
	}
}

var fenceBibTeX = regexp.MustCompile(`\A\s*@[A-Za-z]+\s*\{\s*[^\s,{}]+\s*,`)
