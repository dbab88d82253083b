// Package seeds reads reading lists: Markdown, BibTeX, HTML, LaTeX, CSV and its kin, and plain lists of identifiers. It
// finds every citation of an arXiv paper with its place and with what the list claims of the paper, and every other web
// link. It is pure: the caller brings the bytes.
//
// read.go tells the formats apart. Markdown and HTML are cut into entries of styled fragments (entry.go), from which
// claim.go takes title, first author and year; BibTeX, LaTeX and tables say in their own syntax what is what. builder.go
// collects. Every span is a range of bytes of the source, so that a correction can be made in place.
package seeds

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"syncer/arxiv"
)

// MaxSize is the largest list that is read, in bytes. The largest known list of papers has 3 MiB.
const MaxSize = 64 << 20

// ErrNothing says that a text is no reading list, at least not in the format that it was read as.
var ErrNothing = errors.New("no identifiers or links found")

// Read reads a list. An empty format is told by name and content. Errors say in a few words why the bytes are no reading
// list, ErrNothing among them; identifiers that cannot be one are no error but Malformed, and the rest goes on.
func Read(name string, f Format, src []byte) (List, error) {
	if err := check(src); err != nil {
		return List{}, err
	}
	if f == "" {
		f = Detect(name, src)
	}
	b := newBuilder(name, f, src)
	switch f {
	case Markdown:
		readMarkdown(src, b)
	case BibTeX:
		readBibTeX(src, 0, b)
	case HTML:
		readHTML(src, 0, b)
	case LaTeX:
		readLaTeX(src, b)
	case CSV:
		readTable(src, b)
	case Plain:
		readPlain(src, b)
	default:
		return List{}, fmt.Errorf("format %q is not known", f)
	}
	list := b.done()
	if len(list.Citations)+len(list.Links)+len(list.Malformed) == 0 {
		return List{}, fmt.Errorf("%w (read as %s)", ErrNothing, f)
	}
	return list, nil
}

// check refuses what is not text.
func check(src []byte) error {
	switch {
	case len(src) > MaxSize:
		return fmt.Errorf("larger than %d MiB", MaxSize>>20)
	case bytes.HasPrefix(src, []byte{0xff, 0xfe}), bytes.HasPrefix(src, []byte{0xfe, 0xff}):
		return errors.New("UTF-16: save it as UTF-8")
	case len(bytes.TrimSpace(bytes.TrimPrefix(src, utf8BOM))) == 0:
		return errors.New("empty")
	case bytes.IndexByte(src, 0) >= 0:
		return errors.New("binary data, not text")
	case !utf8.Valid(src):
		line := 1
		for len(src) > 0 {
			r, size := utf8.DecodeRune(src)
			if r == utf8.RuneError && size == 1 {
				break
			}
			if r == '\n' {
				line++
			}
			src = src[size:]
		}
		return fmt.Errorf("line %d is not valid UTF-8: save it as UTF-8", line)
	}
	return nil
}

var utf8BOM = []byte("\ufeff")

var extensions = map[string]Format{
	".md": Markdown, ".markdown": Markdown, ".mdx": Markdown, ".qmd": Markdown, ".rmd": Markdown,
	".bib": BibTeX, ".bibtex": BibTeX, ".biblatex": BibTeX,
	".html": HTML, ".htm": HTML, ".xhtml": HTML,
	".tex": LaTeX, ".bbl": LaTeX, ".ltx": LaTeX,
	".csv": CSV, ".tsv": CSV, ".tab": CSV, ".jsonl": CSV, ".ndjson": CSV, ".json": CSV,
}

var (
	looksBibTeX = regexp.MustCompile(`(?m)^\s*@[A-Za-z]+\s*[{(]`)
	looksHTML   = regexp.MustCompile(`(?i)^\s*(?:<!doctype html|<html|<\?xml[^>]*>\s*<html)`)
	looksLaTeX  = regexp.MustCompile(`\\(?:documentclass|bibitem|begin\{)`)
)

// Detect tells the format by the name's extension, else by the content. A web page is one whatever its address ends with.
func Detect(name string, src []byte) Format {
	src = bytes.TrimPrefix(src, utf8BOM)
	head := src[:min(len(src), 64<<10)]
	if looksHTML.Match(head) {
		return HTML
	}
	name, _, _ = strings.Cut(name, "?")
	if f, ok := extensions[strings.ToLower(path.Ext(name))]; ok {
		return f
	}
	switch {
	case isPlain(head):
		return Plain
	case looksBibTeX.Match(head):
		return BibTeX
	case looksLaTeX.Match(head):
		return LaTeX
	case bytes.HasPrefix(head, []byte("{")) || bytes.HasPrefix(head, []byte("[{")) || looksTable(head):
		return CSV
	}
	return Markdown
}

// isPlain says whether most lines begin with an identifier or a URL.
func isPlain(src []byte) bool {
	hits, lines := 0, 0
	for line := range bytes.Lines(src) {
		text := strings.TrimSpace(string(line))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		lines++
		first := strings.Fields(text)[0]
		if _, _, err := arxiv.Parse(strings.TrimRight(first, ",;")); err == nil || meantAsID.MatchString(first) ||
			strings.HasPrefix(first, "http") {
			hits++
		}
	}
	return hits > 0 && hits*10 >= lines*8
}

// looksTable says whether the first two lines have the same number of tabs or commas, and the first names a column.
func looksTable(src []byte) bool {
	lines := bytes.SplitN(src, []byte("\n"), 3)
	if len(lines) < 2 {
		return false
	}
	head := strings.ToLower(string(lines[0]))
	for _, separator := range []string{"\t", ",", ";"} {
		if n := strings.Count(head, separator); n > 0 && strings.Count(string(lines[1]), separator) >= n {
			for _, column := range []string{"title", "arxiv", "url", "id"} {
				if strings.Contains(head, column) {
					return true
				}
			}
		}
	}
	return false
}
