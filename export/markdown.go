package export

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"syncer/enrich"
)

// markdownAuthors is how many authors a line of a reading list names.
const markdownAuthors = 5

// Markdown writes the reading lists themselves, refreshed: the sections and the order of the source, with the title,
// authors, year, venue and version that each paper has now, and below it what is wrong with the citation. It is CommonMark;
// formulas stay as $…$, which GitHub and Pandoc typeset.
func Markdown(w io.Writer, s Source, _ Options) error {
	first := true
	for list, err := range s.lists() {
		if err != nil {
			return err
		}
		var out []byte
		if !first {
			out = append(out, '\n')
		}
		first = false
		if _, err := w.Write(markdownList(out, list)); err != nil {
			return fmt.Errorf("write list %s: %w", list.Name, err)
		}
	}
	return nil
}

func markdownList(out []byte, list List) []byte {
	level := "#"
	if list.Name != "" {
		out = fmt.Appendf(out, "# %s\n", markdown(list.Name))
		level = "##"
	}
	for _, section := range list.Sections {
		if section.Title != "" {
			out = fmt.Appendf(out, "\n%s %s\n", level, markdown(section.Title))
		}
		out = append(out, '\n')
		links := section.Links
		// before gives the links that stand before a line, each as start, link and end.
		before := func(line int, start, end string) (text string) {
			for ; len(links) > 0 && links[0].Line < line; links = links[1:] {
				text += start + markdownLink(links[0]) + end
			}
			return text
		}
		for _, e := range section.Entries {
			out = append(out, before(e.Line, "- ", "\n")...)
			out = markdownEntry(out, e, before(e.Line+1, ". ", ""))
		}
		out = append(out, before(math.MaxInt, "- ", "\n")...)
	}
	if len(list.Findings) > 0 {
		out = fmt.Appendf(out, "\n%s To look at\n\n", level)
		for _, f := range worstFirst(list.Findings) {
			out = fmt.Appendf(out, "- line %d: %s\n", f.Line, markdownFinding(f))
		}
	}
	return out
}

// markdownLink is a link under its title, with what is wrong with it.
func markdownLink(l ListLink) string {
	text := plain(l.Title)
	if text == "" {
		text = plain(l.URL)
	}
	text = markdown(text)
	if isHTTP(l.URL) {
		text = "[" + text + "](" + markdownTarget.Replace(plain(l.URL)) + ")"
	}
	switch l.Verdict {
	case "", "ok", "unchecked":
		return text
	}
	text += " (" + markdown(l.Verdict)
	if !l.Since.IsZero() {
		text += " since " + l.Since.UTC().Format(time.DateOnly)
	}
	return text + ")"
}

// markdownTarget keeps a URL whole between the parentheses that it stands in.
var markdownTarget = strings.NewReplacer(" ", "%20", "<", "%3C", ">", "%3E", "(", `\(`, ")", `\)`, `\`, "%5C", "`", "%60", "&", "&amp;")

// markdownEntry adds a paper with the links that stand beside it.
func markdownEntry(out []byte, e Entry, beside string) []byte {
	if e.Paper == nil {
		title := plain(e.Title)
		if title == "" {
			title = "arXiv:" + string(e.ID)
		}
		out = fmt.Appendf(out, "- %s. arXiv:%s", markdown(title), e.ID)
	} else {
		p := *e.Paper
		title := plain(p.Title)
		if title == "" {
			title = "arXiv:" + string(p.ID)
		}
		out = fmt.Appendf(out, "- [%s](%s)", markdown(title), p.ID.URL(0))
		names, others := shortAuthors(p.Authors, markdownAuthors)
		line := strings.Join(names, ", ")
		if others > 0 {
			line += fmt.Sprintf(" and %d more", others)
		}
		parts := []string{markdown(line), strconv.Itoa(firstYear(p.Paper))}
		if r := reference(p); r != "" {
			parts = append(parts, "*"+markdown(r)+"*")
		}
		version := "arXiv:" + p.ID.Versioned(p.Version)
		if !p.Submitted.IsZero() && p.Version > 1 {
			version += " of " + p.Submitted.UTC().Format(time.DateOnly)
		}
		parts = append(parts, version)
		for _, part := range parts {
			if part != "" {
				out = append(append(out, ". "...), part...)
			}
		}
		switch {
		case !p.Disappeared.IsZero():
			out = append(out, ". **Disappeared from arXiv**"...)
		case p.Withdrawn:
			out = append(out, ". **Withdrawn**"...)
		}
	}
	out = append(append(out, beside...), '\n')
	for _, f := range worstFirst(e.Findings) {
		out = fmt.Appendf(out, "  - %s\n", markdownFinding(f))
	}
	return out
}

func markdownFinding(f Finding) string {
	kind := string(f.Kind)
	if f.Severity == enrich.SeverityError {
		kind = "**" + kind + "**"
	}
	return kind + ": " + markdown(f.Message)
}

// markdown is text from outside as Markdown that shows the same text: formulas stay, everything that Markdown or HTML
// would obey is escaped.
func markdown(s string) string {
	s = plain(s)
	var b strings.Builder
	for i := 0; i < len(s); {
		if formula, length := cutFormula(s[i:]); length > 0 {
			b.WriteString(markdownFormula(formula))
			i += length
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		// An underscore inside a word is no emphasis, and common in names of things.
		inWord := r == '_' && i > 0 && isLetter(s[i-1]) && i+1 < len(s) && isLetter(s[i+1])
		if strings.ContainsRune("\\`*_[]<>$|~&#", r) && !inWord {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		i += n
	}
	return b.String()
}

// markdownFormula keeps a formula from being read as HTML, and an interval such as [0,1) from ending a link.
func markdownFormula(formula string) string {
	formula = strings.NewReplacer("<", `\lt `, ">", `\gt `).Replace(formula)
	if strings.Count(formula, "[") != strings.Count(formula, "]") {
		formula = strings.NewReplacer("[", `\lbrack `, "]", `\rbrack `).Replace(formula)
	}
	return formula
}
