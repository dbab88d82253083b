package replica

import (
	"strings"
)

// markup writes XML in the fixed layout of arXiv's feeds: one element a line, two blanks a level.
type markup struct{ strings.Builder }

func (m *markup) indent(level int) {
	for range level {
		m.WriteString("  ")
	}
}

func (m *markup) open(level int, name string) {
	m.indent(level)
	m.WriteString("<" + name + ">\n")
}

func (m *markup) close(level int, name string) {
	m.indent(level)
	m.WriteString("</" + name + ">\n")
}

// text writes an element with text; attributes are names and values in turn.
func (m *markup) text(level int, name, text string, attributes ...string) {
	m.start(level, name, attributes)
	m.WriteString(">" + xmlText.Replace(xmlSafe(text)) + "</" + name + ">\n")
}

// optional writes nothing when there is no text.
func (m *markup) optional(level int, name, text string) {
	if text != "" {
		m.text(level, name, text)
	}
}

// tag writes an empty element.
func (m *markup) tag(level int, name string, attributes ...string) {
	m.start(level, name, attributes)
	m.WriteString("/>\n")
}

func (m *markup) start(level int, name string, attributes []string) {
	m.indent(level)
	m.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		m.WriteString(" " + attributes[i] + `="` + xmlAttribute.Replace(xmlSafe(attributes[i+1])) + `"`)
	}
}

var (
	xmlText      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")
	xmlAttribute = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", "&#10;", "\t", "&#9;", "\r", "&#13;")
	// jinjaText is how the templates of the OAI-PMH server escape, in texts and attributes alike.
	jinjaText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "\r", "&#13;")
)

// xmlSafe drops what XML 1.0 cannot hold (section 2.2), such as control characters in a question that is echoed.
func xmlSafe(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return r
		case r < 0x20 || r == 0xFFFE || r == 0xFFFF:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
