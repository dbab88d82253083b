package export

import (
	"bytes"
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"syncer/arxiv"
)

// csvColumns are the columns of a CSV export, in order. New ones are added at the end only.
var csvColumns = []string{
	"id", "version", "title", "authors", "abstract", "primary_category", "categories", "comment", "journal_ref", "doi", "license",
	"submitter", "published", "updated", "withdrawn", "disappeared", "versions", "lists", "links", "findings", "url", "fetched_at",
}

// CSV writes a table with a header, one paper a line, by RFC 4180 (CRLF, quotes doubled), in UTF-8 without byte order
// mark. Lists inside a field are divided by "; ". A text that a spreadsheet would take for a formula gets an apostrophe
// in front (OWASP, "CSV Injection"). Times are RFC 3339 UTC.
func CSV(w io.Writer, papers iter.Seq2[Paper, error], o Options) error {
	var buffer bytes.Buffer
	lines := csv.NewWriter(&buffer)
	lines.UseCRLF = true
	if o.Delimiter != 0 {
		lines.Comma = o.Delimiter
	}
	line := func(fields []string) ([]byte, error) {
		buffer.Reset()
		if err := lines.Write(fields); err != nil {
			return nil, err
		}
		lines.Flush()
		return buffer.Bytes(), lines.Error()
	}
	header, err := line(csvColumns)
	if err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	fields := make([]string, len(csvColumns))
	return stream(w, papers, func(out []byte, p Paper) ([]byte, error) {
		csvFields(fields, p)
		encoded, err := line(fields)
		return append(out, encoded...), err
	})
}

// TSV is CSV with tabs between the fields.
func TSV(w io.Writer, papers iter.Seq2[Paper, error], o Options) error {
	o.Delimiter = '\t'
	return CSV(w, papers, o)
}

func csvFields(fields []string, p Paper) {
	names := make([]string, len(p.Authors))
	for i, a := range p.Authors {
		names[i] = a.Name
	}
	links := make([]string, len(p.Links))
	for i, l := range p.Links {
		links[i] = l.URL
	}
	copy(fields, []string{
		string(
			p.ID,
		), csvCount(p.Version), p.Title, csvList(names), p.Abstract, p.PrimaryCategory, csvList(p.Categories), p.Comment, p.JournalRef,
		csvList(
			bareDOIs(p.DOIs),
		), p.License, p.Submitter, moment(p.Published), moment(p.Submitted), strconv.FormatBool(p.Withdrawn), moment(p.Disappeared),
		csvCount(versionCount(p.Paper)), csvList(p.Lists), csvList(links), csvList(p.Findings), p.ID.URL(0), moment(p.FetchedAt),
	})
	for i := range fields {
		fields[i] = inertCell(fields[i])
	}
}

// versionCount is how many versions a paper has, known one by one or not.
func versionCount(p arxiv.Paper) int {
	return max(p.Version, len(p.Versions))
}

func csvCount(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func csvList(texts []string) string { return strings.Join(plainAll(texts), "; ") }

// inertCell is a cell that no spreadsheet computes. Besides ASCII, Excel takes the full-width signs of Japanese input.
func inertCell(s string) string {
	s = plain(s)
	if first, _ := utf8.DecodeRuneInString(s); strings.ContainsRune("=+-@＝＋－＠", first) && s != "" {
		return "'" + s
	}
	return s
}
