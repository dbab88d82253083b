package export

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

// Source is what an export is made from. All of it belongs to one moment, so that files written in one go fit together.
type Source struct {
	// Name says what the source is about: a list, a category; empty is everything. A feed is known by it.
	Name string
	// Papers come in the order of their identifiers, and can be ranged over once for each format.
	Papers iter.Seq2[Paper, error]
	// Lists are the reading lists that cite them, by name; nil when there are none.
	Lists iter.Seq2[List, error]
	// Changes are what arXiv changed about the papers, newest first.
	Changes iter.Seq2[Change, error]
	// Findings are the open and the resolved findings about them, in any order.
	Findings iter.Seq2[Finding, error]
}

// Format is one way to write a Source.
type Format struct {
	Name     string
	Suffixes []string // of file names, with the dot; the usual one first
	Keys     bool     // it cites: Paper.Key should be pinned
	Write    func(io.Writer, Source, Options) error
}

// Formats are all formats, in the order in which a person is told of them.
func Formats() []Format {
	papers := func(write func(io.Writer, iter.Seq2[Paper, error], Options) error) func(io.Writer, Source, Options) error {
		return func(w io.Writer, s Source, o Options) error { return write(w, s.Papers, o) }
	}
	return append([]Format{
		{"jsonl", []string{".jsonl", ".ndjson"}, false, papers(JSONLines)},
		{"json", []string{".json"}, false, papers(JSON)},
		{"csv", []string{".csv"}, false, papers(CSV)},
		{"tsv", []string{".tsv"}, false, papers(TSV)},
		{"bibtex", []string{".bib"}, true, papers(BibTeX)},
		{"biblatex", []string{".biblatex", ".biblatex.bib"}, true, papers(BibLaTeX)},
		{"csl-json", []string{".csl.json", ".csljson"}, true, papers(CSLJSON)},
		{"ris", []string{".ris"}, true, papers(RIS)},
		{"markdown", []string{".md", ".markdown"}, false, Markdown},
		{"html", []string{".html", ".htm"}, false, HTML},
		{"atom", []string{".atom", ".xml"}, false, Atom},
		{"json-feed", []string{".feed.json"}, false, JSONFeed},
		{"yaml", []string{".yaml", ".yml"}, false, papers(YAML)},
	}, parquetFormats()...)
}

// FormatNamed finds a format by its name.
func FormatNamed(name string) (Format, bool) {
	formats := Formats()
	i := slices.IndexFunc(formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, false
	}
	return formats[i], true
}

// FormatOf finds the format that a file's name asks for by its longest known suffix: "refs.csl.json" is csl-json, not json.
func FormatOf(path string) (Format, bool) {
	var found Format
	longest := 0
	for _, f := range Formats() {
		for _, suffix := range f.Suffixes {
			if len(suffix) > longest && strings.HasSuffix(strings.ToLower(path), suffix) {
				found, longest = f, len(suffix)
			}
		}
	}
	return found, longest > 0
}

// YearPolicy says which version's submission a preprint is dated by. A paper whose journal reference names a year is
// dated by that, whatever the policy.
type YearPolicy int

const (
	YearOfFirst  YearPolicy = iota // of v1, as people cite: it never moves
	YearOfLatest                   // of the version described, as arXiv's own BibTeX has it
)

// Options are what a person may choose about the bibliographic writers. The zero value is good.
type Options struct {
	Year YearPolicy
	// Delimiter separates the fields of a CSV line; 0 is a comma. It cannot be a quote, a line end or U+FFFD.
	Delimiter rune
	// Taken says whether a key is pinned for some paper; made keys keep clear of those. Nil: none is.
	Taken func(key string) bool
}

// stream writes one paper after the other through one buffer, so that memory holds one paper at a time.
func stream(w io.Writer, papers iter.Seq2[Paper, error], write func(out []byte, p Paper) ([]byte, error)) error {
	var out []byte
	for p, err := range papers {
		if err != nil {
			return err
		}
		if out, err = write(out, p); err != nil {
			return fmt.Errorf("write paper %s: %w", p.ID, err)
		}
		if len(out) >= 1<<16 {
			if _, err := w.Write(out); err != nil {
				return err // of the file, not of the paper that happened to fill the buffer
			}
			out = out[:0]
		}
	}
	_, err := w.Write(out)
	return err
}
