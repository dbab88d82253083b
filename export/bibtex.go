package export

import (
	"io"
	"iter"
	"strconv"
	"strings"
)

// BibTeX writes a .bib file for classic BibTeX and everything that reads its dialect: @article or @inproceedings when
// the journal reference can be read as one, @misc otherwise, always with eprint, archivePrefix and primaryClass (arXiv
// help, "Bibliographic styles"; old-style identifiers carry their archive and get no class). Latin letters and Greek
// are ASCII TeX; other scripts stay UTF-8, which only XeTeX and LuaTeX can print. Formulas need amsmath and amssymb.
func BibTeX(w io.Writer, papers iter.Seq2[Paper, error], o Options) error {
	keys := newKeyring(o)
	return stream(w, papers, func(out []byte, p Paper) ([]byte, error) {
		return append(out, bibtexEntry(o.cite(p, keys.key(p)))...), nil
	})
}

var months = [...]string{"", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

func bibtexEntry(c citation) []byte {
	style := texStyle{ascii: true}
	e := bibEntry{}
	switch c.Venue.Kind {
	case journal:
		e.open("article", c.Key)
	case proceedings:
		e.open("inproceedings", c.Key)
	default:
		e.open("misc", c.Key)
	}
	e.names("author", c, style)
	if len(c.Authors) == 0 {
		e.field("key", tex(c.Title, style)) // what styles sort and label by instead
	}
	e.field("title", tex(c.Title, texStyle{ascii: true, title: true}))
	switch c.Venue.Kind {
	case journal:
		e.field("journal", tex(c.Venue.Title, style))
	case proceedings:
		e.field("booktitle", tex(c.Venue.Title, style))
	}
	e.field("volume", c.Venue.Volume)
	e.field("number", c.Venue.Number)
	e.field("pages", c.Venue.pages("--"))
	e.field("year", strconv.Itoa(c.Year))
	if c.Month > 0 {
		e.bare("month", months[c.Month])
	}
	e.field("doi", c.DOI)
	e.field("eprint", string(c.ID))
	e.field("archivePrefix", "arXiv")
	if !c.ID.OldStyle() {
		e.field("primaryClass", tex(c.Primary, style))
	}
	e.version(c)
	e.field("url", c.URL)
	e.field("keywords", tex(strings.Join(c.Categories, ", "), style))
	e.field("note", tex(c.Note, style))
	return e.close()
}

// bibEntry is one entry of a .bib file being written.
type bibEntry struct{ out []byte }

func (e *bibEntry) open(kind, key string) {
	e.out = append(e.out, "@"+kind+"{"+key...)
}

// field adds name = {value}; value is TeX already. An empty one is left out.
func (e *bibEntry) field(name, value string) {
	if value != "" {
		e.bare(name, "{"+value+"}")
	}
}

func (e *bibEntry) bare(name, value string) {
	e.out = append(e.out, ",\n  "+name...)
	for i := len(name); i < len("archivePrefix"); i++ {
		e.out = append(e.out, ' ')
	}
	e.out = append(e.out, " = "+value...)
}

// version says which version the entry describes. BibTeX's styles do not print it; biblatex's do.
func (e *bibEntry) version(c citation) {
	if c.Version > 0 && c.Venue.Kind == noVenue {
		e.field("version", strconv.Itoa(c.Version))
	}
}

func (e *bibEntry) close() []byte { return append(e.out, "\n}\n\n"...) }

// names adds the author list, in lines of a sensible length: a large collaboration has thousands.
func (e *bibEntry) names(field string, c citation, style texStyle) {
	var b strings.Builder
	line := 0
	add := func(name string) {
		switch {
		case b.Len() == 0:
		case line+len(name) > 100:
			b.WriteString(" and\n                  ")
			line = 0
		default:
			b.WriteString(" and ")
		}
		b.WriteString(name)
		line += len(name)
	}
	for _, n := range c.Authors {
		add(n.bibtex(style))
	}
	if c.Others {
		add("others")
	}
	e.field(field, b.String())
}

// bibtex is the name as "von Last, Jr, First" (Patashnik, "BibTeXing", section 4). Braces keep together what is no
// person's name, and what BibTeX would take for its own "and".
func (n name) bibtex(style texStyle) string {
	if n.Literal != "" {
		return "{" + tex(n.Literal, style) + "}"
	}
	for _, part := range []string{n.Given, n.Family, n.Suffix} {
		for word := range strings.FieldsSeq(part) {
			if strings.EqualFold(word, "and") || strings.EqualFold(word, "others") {
				return "{" + tex(strings.Join(strings.Fields(n.Given+" "+n.Particle+" "+n.Family+" "+n.Suffix), " "), style) + "}"
			}
		}
	}
	s := tex(n.Particle, style)
	if s != "" {
		s += " "
	}
	s += tex(n.Family, style)
	if n.Suffix != "" {
		s += ", " + tex(n.Suffix, style)
	}
	if n.Given != "" {
		s += ", " + tex(n.Given, style)
	}
	return s
}
