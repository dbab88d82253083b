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
	return bibtexDialect.write(w, papers, o)
}

// BibLaTeX writes a .bib file for biblatex and biber, in UTF-8: @online with pubstate preprint, or @article and
// @inproceedings when the journal reference can be read as one; eprint, eprinttype and eprintclass as the biblatex
// manual has them for arXiv (section 3.14.7: identifiers before April 2007 without eprintclass).
func BibLaTeX(w io.Writer, papers iter.Seq2[Paper, error], o Options) error {
	return biblatexDialect.write(w, papers, o)
}

func (d bibDialect) write(w io.Writer, papers iter.Seq2[Paper, error], o Options) error {
	keys := newKeyring(o)
	return stream(w, papers, func(out []byte, p Paper) ([]byte, error) {
		return append(out, d.entry(o.cite(p, keys.key(p)))...), nil
	})
}

var months = [...]string{"", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// bibDialect is what BibTeX and biblatex call by different names.
type bibDialect struct {
	style                   texStyle
	preprint, journal       string // the type of an unpublished paper, the field of a journal
	archive, arXiv, subject string // the fields of the archive and of the primary category; the archive's name
}

var (
	bibtexDialect   = bibDialect{texStyle{ascii: true}, "misc", "journal", "archivePrefix", "arXiv", "primaryClass"}
	biblatexDialect = bibDialect{texStyle{}, "online", "journaltitle", "eprinttype", "arxiv", "eprintclass"}
)

func (d bibDialect) entry(c citation) []byte {
	e, classic := bibEntry{}, d == bibtexDialect
	text := func(s string) string { return tex(s, d.style) }
	e.open(map[venueKind]string{noVenue: d.preprint, journal: "article", proceedings: "inproceedings"}[c.Venue.Kind], c.Key)
	e.names("author", c, d.style)
	if classic && len(c.Authors) == 0 {
		e.field("key", text(c.Title)) // what styles sort and label by instead
	}
	e.field("title", tex(c.Title, texStyle{ascii: d.style.ascii, title: true}))
	switch c.Venue.Kind {
	case journal:
		e.field(d.journal, text(c.Venue.Title))
	case proceedings:
		e.field("booktitle", text(c.Venue.Title))
	}
	e.field("volume", c.Venue.Volume)
	e.field("number", c.Venue.Number)
	e.field("pages", c.Venue.pages("--"))
	if classic {
		e.field("year", strconv.Itoa(c.Year))
		if c.Month > 0 {
			e.bare("month", months[c.Month])
		}
	} else {
		e.field("date", c.date())
		if !c.Published {
			e.field("pubstate", "preprint")
		}
	}
	e.field("doi", c.DOI)
	e.field("eprint", string(c.ID))
	e.field(d.archive, d.arXiv)
	if !c.ID.OldStyle() {
		e.field(d.subject, text(c.Primary))
	}
	if c.Version > 0 && c.Venue.Kind == noVenue {
		e.field("version", strconv.Itoa(c.Version)) // which BibTeX's styles do not print; biblatex's do
	}
	e.field("url", c.URL)
	e.field("keywords", text(strings.Join(c.Categories, ", ")))
	e.field("note", text(c.Note))
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
