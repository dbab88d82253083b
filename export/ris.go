package export

import (
	"io"
	"iter"
	"strconv"
	"strings"
)

// RIS writes RIS records in UTF-8 with CRLF line ends. RIS has no type for preprints: they are reports (RPRT) published
// by arXiv, with the number in M1 and "Preprint" as type of work in M3, which Zotero, bibutils and Citation.js all keep;
// UNPB loses its type in Zotero, GEN becomes a journal article there. A paper whose journal reference can be read is
// JOUR or CPAPER. DB and AN name the archive and its number in any case.
func RIS(w io.Writer, papers iter.Seq2[Paper, error], o Options) error {
	keys := newKeyring(o)
	return stream(w, papers, func(out []byte, p Paper) ([]byte, error) {
		return appendRIS(out, o.cite(p, keys.key(p)), plain(p.Abstract)), nil
	})
}

// appendRIS adds one record. Every value is one line already: a line end in it would begin a tag of its own.
func appendRIS(out []byte, c citation, abstract string) []byte {
	tag := func(name, value string) {
		if value != "" {
			out = append(append(append(append(out, name...), "  - "...), value...), "\r\n"...)
		}
	}
	switch c.Venue.Kind {
	case journal:
		tag("TY", "JOUR")
	case proceedings:
		tag("TY", "CPAPER")
	default:
		tag("TY", "RPRT")
	}
	tag("ID", c.Key)
	tag("TI", c.Title)
	for _, n := range c.Authors {
		tag("AU", n.inverted())
	}
	if c.Others {
		tag("AU", "others")
	}
	tag("PY", strconv.Itoa(c.Year))
	if c.Day > 0 {
		tag("DA", strings.ReplaceAll(c.date(), "-", "/"))
	}
	switch c.Venue.Kind {
	case noVenue:
		tag("PB", "arXiv")
		tag("M1", "arXiv:"+string(c.ID))
		tag("M3", "Preprint")
		if c.Version > 0 {
			tag("ET", strconv.Itoa(c.Version))
		}
	default:
		tag("T2", c.Venue.Title)
		tag("VL", c.Venue.Volume)
		tag("IS", c.Venue.Number)
		tag("SP", c.Venue.First)
		tag("EP", c.Venue.Last)
	}
	tag("DB", "arXiv")
	tag("AN", "arXiv:"+string(c.ID))
	tag("DO", c.DOI)
	tag("UR", c.URL)
	tag("AB", abstract)
	for _, category := range c.Categories {
		tag("KW", category)
	}
	tag("N1", c.Note)
	return append(out, "ER  - \r\n\r\n"...)
}
