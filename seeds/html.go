package seeds

import (
	"html"
	"regexp"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"
)

// blocks are the elements that begin and end an entry. A table row holds its cells; an item its lines.
var blocks = map[string]bool{
	"p": true, "li": true, "tr": true, "dd": true, "dt": true, "div": true, "section": true, "article": true, "blockquote": true,
	"ul": true, "ol": true, "dl": true,
	"table": true, "tbody": true, "thead": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "body": true,
	"main": true, "details": true,
	"summary": true, "header": true, "footer": true, "nav": true, "figure": true, "figcaption": true, "hr": true,
}

// silent are the elements whose content no reader sees.
var silent = map[string]bool{
	"script":   true,
	"style":    true,
	"template": true,
	"noscript": true,
	"head":     true,
	"svg":      true,
	"pre":      true,
	"textarea": true,
}

// styles are the elements that say how text is set.
var styles = map[string]bool{"b": true, "strong": true, "i": true, "em": true, "cite": true, "code": true}

// htmlReader follows the tags of a page or of a piece of one. Cells and paragraphs inside a table row or list item belong
// to its entry.
type htmlReader struct {
	b       *builder
	e       *entryText
	style   []string // open b, strong, i, em, code
	link    int
	quiet   int // depth of silent elements
	within  int // depth of li and tr
	heading bool
}

// readHTML reads HTML that begins at offset base of the source. The tokenizer keeps the raw bytes, so that offsets are
// exact; it never fails, since every text is some HTML.
func readHTML(src []byte, base int, b *builder) {
	r := &htmlReader{b: b, e: &entryText{}, link: -1}
	z := nethtml.NewTokenizer(strings.NewReader(string(src)))
	offset := base
	for {
		kind := z.Next()
		raw := string(z.Raw())
		if kind == nethtml.ErrorToken {
			break
		}
		switch kind {
		case nethtml.TextToken:
			r.text(raw, offset)
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			name, _ := z.TagName()
			r.open(strings.ToLower(string(name)), raw, offset, kind == nethtml.SelfClosingTagToken)
		case nethtml.EndTagToken:
			name, _ := z.TagName()
			r.close(strings.ToLower(string(name)))
		}
		offset += len(raw)
	}
	r.flush()
}

func (r *htmlReader) flush() {
	if r.heading {
		if text := strings.Join(strings.Fields(r.e.joined.String()), " "); text != "" {
			r.b.section = text
		}
	}
	r.e.finish(r.b)
	r.e, r.link = &entryText{}, -1
}

func (r *htmlReader) text(raw string, offset int) {
	if r.quiet > 0 {
		return
	}
	s := plain
	for _, name := range r.style {
		switch name {
		case "b", "strong":
			s = bold
		case "code":
			s = code
		default:
			if s == plain {
				s = italic
			}
		}
	}
	r.e.addWritten(raw, offset, s, r.link, entity)
}

func (r *htmlReader) open(name, raw string, offset int, selfClosing bool) {
	if silent[name] {
		if !selfClosing {
			r.quiet++
		}
		return
	}
	switch {
	case r.quiet > 0:
	case name == "a":
		r.link = -1
		if span, ok := attribute(raw, "href", offset); ok {
			r.link = r.e.startLink(unescapeHTML(raw[span.Start-offset:span.End-offset]), span)
		}
	case styles[name]:
		if !selfClosing && len(r.style) < 64 {
			r.style = append(r.style, name)
		}
	case name == "br":
		r.e.gap("\n")
	case name == "td" || name == "th":
		r.e.gap(" | ")
		r.e.cells = append(r.e.cells, r.e.joined.Len())
	case blocks[name]:
		if r.within == 0 || name == "li" || name == "tr" {
			r.flush()
		} else {
			r.e.gap("\n")
		}
		if name == "li" || name == "tr" {
			r.within++
		}
		if isHeading(name) {
			r.heading = true
		}
	}
}

func (r *htmlReader) close(name string) {
	if silent[name] {
		r.quiet = max(r.quiet-1, 0)
		return
	}
	switch {
	case r.quiet > 0:
	case name == "a":
		r.link = -1
	case styles[name]:
		for i := len(r.style) - 1; i >= 0; i-- {
			if r.style[i] == name {
				r.style = slices.Delete(r.style, i, i+1)
				break
			}
		}
	case blocks[name]:
		if name == "li" || name == "tr" {
			r.within = max(r.within-1, 0)
			r.flush()
		} else if r.within == 0 {
			r.flush()
		} else {
			r.e.gap("\n")
		}
		if isHeading(name) {
			r.heading = false
		}
		if name == "table" || name == "ul" || name == "ol" {
			r.within = 0
		}
	}
}

func isHeading(name string) bool {
	return len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6'
}

var attributes = map[string]*regexp.Regexp{
	"href": regexp.MustCompile(`(?i)\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`),
}

// attribute finds where the value of a tag's attribute stands; offset is where the tag does.
func attribute(tag, name string, offset int) (Span, bool) {
	m := attributes[name].FindStringSubmatchIndex(tag)
	if m == nil {
		return Span{}, false
	}
	for g := 2; g < len(m); g += 2 {
		if m[g] >= 0 && m[g] < m[g+1] {
			return Span{offset + m[g], offset + m[g+1]}, true
		}
	}
	return Span{}, false
}

func unescapeHTML(s string) string { return strings.TrimSpace(html.UnescapeString(s)) }
