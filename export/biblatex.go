package export

import (
	"io"
	"iter"
	"strings"
)

// BibLaTeX writes a .bib file for biblatex and biber, in UTF-8: @online with pubstate preprint, or @article and
// @inproceedings when the journal reference can be read as one; eprint, eprinttype and eprintclass as the biblatex
// manual has them for arXiv (section 3.14.7: identifiers before April 2007 without eprintclass).
func BibLaTeX(w io.Writer, papers iter.Seq2[Paper, error], o Options) error {
	keys := newKeyring(o)
	return stream(w, papers, func(out []byte, p Paper) ([]byte, error) {
		return append(out, biblatexEntry(o.cite(p, keys.key(p)))...), nil
	})
}

func biblatexEntry(c citation) []byte {
	style := texStyle{}
	e := bibEntry{}
	switch c.Venue.Kind {
	case journal:
		e.open("article", c.Key)
	case proceedings:
		e.open("inproceedings", c.Key)
	default:
		e.open("online", c.Key)
	}
	e.names("author", c, style)
	e.field("title", tex(c.Title, texStyle{title: true}))
	switch c.Venue.Kind {
	case journal:
		e.field("journaltitle", tex(c.Venue.Title, style))
	case proceedings:
		e.field("booktitle", tex(c.Venue.Title, style))
	}
	e.field("volume", c.Venue.Volume)
	e.field("number", c.Venue.Number)
	e.field("pages", c.Venue.pages("--"))
	e.field("date", c.date())
	if !c.Published {
		e.field("pubstate", "preprint")
	}
	e.field("doi", c.DOI)
	e.field("eprint", string(c.ID))
	e.field("eprinttype", "arxiv")
	if !c.ID.OldStyle() {
		e.field("eprintclass", tex(c.Primary, style))
	}
	e.version(c)
	e.field("url", c.URL)
	e.field("keywords", tex(strings.Join(c.Categories, ", "), style))
	e.field("note", tex(c.Note, style))
	return e.close()
}
