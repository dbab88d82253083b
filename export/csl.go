package export

import (
	"io"
	"iter"
	"strconv"
	"strings"
)

// CSLJSON writes one array of CSL-JSON items (citation-style-language/schema, csl-data.json): type article with genre
// preprint and publisher arXiv, which is how CSL 1.0.2 and Zotero say preprint; article-journal or paper-conference when
// the journal reference can be read as one, with the preprint as archive and archive_location.
func CSLJSON(w io.Writer, papers iter.Seq2[Paper, error], o Options) error {
	keys := newKeyring(o)
	return array(w, papers, func(p Paper) any { return cslOf(o.cite(p, keys.key(p)), plain(p.Abstract)) })
}

type cslItem struct {
	ID         string    `json:"id"`
	Type       string    `json:"type"`
	Genre      string    `json:"genre,omitempty"`
	Title      string    `json:"title"`
	Author     []cslName `json:"author,omitempty"`
	Issued     cslDate   `json:"issued"`
	Container  string    `json:"container-title,omitempty"`
	Volume     string    `json:"volume,omitempty"`
	Issue      string    `json:"issue,omitempty"`
	Page       string    `json:"page,omitempty"`
	Publisher  string    `json:"publisher,omitempty"`
	Number     string    `json:"number,omitempty"`
	Version    string    `json:"version,omitempty"`
	Archive    string    `json:"archive"`
	Location   string    `json:"archive_location"`
	DOI        string    `json:"DOI"`
	URL        string    `json:"URL"`
	Abstract   string    `json:"abstract,omitempty"`
	Keyword    string    `json:"keyword,omitempty"`
	Categories []string  `json:"categories,omitempty"`
	Note       string    `json:"note,omitempty"`
}

type cslName struct {
	Family   string `json:"family,omitempty"`
	Given    string `json:"given,omitempty"`
	Particle string `json:"non-dropping-particle,omitempty"`
	Suffix   string `json:"suffix,omitempty"`
	Literal  string `json:"literal,omitempty"`
}

type cslDate struct {
	Parts [][]int `json:"date-parts"`
}

func cslOf(c citation, abstract string) cslItem {
	item := cslItem{
		ID: c.Key, Type: "article", Title: c.Title, Container: c.Venue.Title, Volume: c.Venue.Volume, Issue: c.Venue.Number,
		Page: c.Venue.pages("-"), Archive: "arXiv", Location: "arXiv:" + string(c.ID), DOI: c.DOI, URL: c.URL, Abstract: abstract,
		Keyword: strings.Join(c.Categories, ", "), Categories: c.Categories, Note: c.Note,
	}
	switch c.Venue.Kind {
	case journal:
		item.Type = "article-journal"
	case proceedings:
		item.Type = "paper-conference"
	default:
		item.Genre, item.Publisher, item.Number = "preprint", "arXiv", "arXiv:"+string(c.ID)
		if c.Version > 0 {
			item.Version = strconv.Itoa(c.Version)
		}
	}
	for _, n := range c.Authors {
		item.Author = append(item.Author,
			cslName{Family: n.Family, Given: n.Given, Particle: n.Particle, Suffix: n.Suffix, Literal: n.Literal})
	}
	if c.Others {
		item.Author = append(item.Author, cslName{Literal: "others"})
	}
	parts := []int{c.Year}
	if c.Month > 0 {
		parts = append(parts, c.Month)
	}
	if c.Day > 0 {
		parts = append(parts, c.Day)
	}
	item.Issued.Parts = [][]int{parts}
	return item
}
