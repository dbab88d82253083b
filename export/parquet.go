//go:build !noparquet

package export

import (
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/parquet-go/parquet-go"

	"syncer/arxiv"
)

// parquetFormats is empty in a program built with the tag noparquet, which is 7 MB smaller.
func parquetFormats() []Format {
	return []Format{
		{"parquet", []string{".parquet"}, false, func(w io.Writer, s Source, o Options) error { return Parquet(w, s.Papers, o) }},
	}
}

// parquetGroup is how many papers are held in memory before they are written as one row group.
const parquetGroup = 5000

// Parquet writes a table with one paper a row, authors, versions and links nested, compressed with Zstandard. Unknown values
// are null; times are UTC in milliseconds. Texts are plain.
func Parquet(w io.Writer, papers iter.Seq2[Paper, error], _ Options) error {
	writer := parquet.NewGenericWriter[parquetPaper](w, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(parquetGroup),
		parquet.CreatedBy("syncer", "1", ""))
	row := make([]parquetPaper, 1)
	for p, err := range papers {
		if err != nil {
			return err
		}
		row[0] = parquetRow(p)
		if _, err := writer.Write(row); err != nil {
			return fmt.Errorf("write paper %s: %w", p.ID, err)
		}
	}
	return writer.Close()
}

type parquetPaper struct {
	ID              string           `parquet:"id"`
	Version         int32            `parquet:"version"`
	Title           string           `parquet:"title"`
	Authors         []parquetAuthor  `parquet:"authors,list"`
	Abstract        string           `parquet:"abstract,optional"`
	PrimaryCategory string           `parquet:"primary_category,optional,dict"`
	Categories      []string         `parquet:"categories,list"`
	Comment         string           `parquet:"comment,optional"`
	JournalRef      string           `parquet:"journal_ref,optional"`
	DOI             []string         `parquet:"doi,list"`
	License         string           `parquet:"license,optional,dict"`
	Submitter       string           `parquet:"submitter,optional"`
	Published       int64            `parquet:"published,optional,timestamp(millisecond)"`
	Updated         int64            `parquet:"updated,optional,timestamp(millisecond)"`
	Withdrawn       bool             `parquet:"withdrawn"`
	Disappeared     int64            `parquet:"disappeared,optional,timestamp(millisecond)"`
	Versions        []parquetVersion `parquet:"versions,list"`
	Lists           []string         `parquet:"lists,list"`
	Links           []parquetLink    `parquet:"links,list"`
	Findings        []string         `parquet:"findings,list"`
	FetchedAt       int64            `parquet:"fetched_at,optional,timestamp(millisecond)"`
}

type parquetAuthor struct {
	Name         string   `parquet:"name"`
	Affiliations []string `parquet:"affiliations,list"`
}

type parquetVersion struct {
	Version    int32           `parquet:"version"`
	Submitted  int64           `parquet:"submitted,optional,timestamp(millisecond)"`
	SizeKB     *int32          `parquet:"size_kb,optional"` // 0 is a size
	SourceType string          `parquet:"source_type,optional"`
	Withdrawn  bool            `parquet:"withdrawn"`
	Title      string          `parquet:"title,optional"`
	Authors    []parquetAuthor `parquet:"authors,list"`
	Abstract   string          `parquet:"abstract,optional"`
	Comment    string          `parquet:"comment,optional"`
}

type parquetLink struct {
	URL     string `parquet:"url"`
	Verdict string `parquet:"verdict"`
	Since   int64  `parquet:"since,optional,timestamp(millisecond)"`
}

func parquetRow(p Paper) parquetPaper {
	p = plainPaper(p)
	row := parquetPaper{
		ID: string(p.ID), Version: int32(p.Version), Title: p.Title, Authors: parquetAuthors(p.Authors), Abstract: p.Abstract,
		PrimaryCategory: p.PrimaryCategory, Categories: p.Categories, Comment: p.Comment, JournalRef: p.JournalRef, DOI: p.DOIs,
		License:   p.License,
		Submitter: p.Submitter, Published: millis(p.Published), Updated: millis(p.Submitted), Withdrawn: p.Withdrawn,
		Disappeared: millis(p.Disappeared),
		Lists:       p.Lists, Findings: p.Findings, FetchedAt: millis(p.FetchedAt),
	}
	for _, v := range p.Versions {
		version := parquetVersion{
			Version:    int32(v.Number),
			Submitted:  millis(v.Submitted),
			SourceType: v.SourceType,
			Withdrawn:  v.Withdrawn,
		}
		if v.SizeKB >= 0 {
			size := int32(v.SizeKB)
			version.SizeKB = &size
		}
		if v.HasText {
			version.Title, version.Authors, version.Abstract, version.Comment = v.Title, parquetAuthors(v.Authors), v.Abstract, v.Comment
		}
		row.Versions = append(row.Versions, version)
	}
	for _, l := range p.Links {
		row.Links = append(row.Links, parquetLink{l.URL, l.Verdict, millis(l.Since)})
	}
	return row
}

func parquetAuthors(authors []arxiv.Author) []parquetAuthor {
	out := make([]parquetAuthor, len(authors))
	for i, a := range authors {
		out[i] = parquetAuthor{a.Name, a.Affiliations}
	}
	return out
}

// millis is a time as Parquet has it; the zero time is null. Nothing was submitted to arXiv in 1970.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
