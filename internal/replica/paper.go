package replica

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Paper is one line of a paper file: everything that is, was and will be known of one paper.
type Paper struct {
	// ID is the canonical identifier, without version: "1706.03762", "hep-th/9901001".
	ID string `json:"id"`
	// PrimaryCategory may be left out: then it is the first of Categories.
	PrimaryCategory string `json:"primary_category,omitempty"`
	// Categories may be left out, and may leave out the primary one.
	Categories []string `json:"categories,omitempty"`
	License    string   `json:"license,omitempty"`   // a URL
	Submitter  string   `json:"submitter,omitempty"` // default: the first author
	DOI        []string `json:"doi,omitempty"`       // bare, as the authors gave them
	JournalRef string   `json:"journal_ref,omitempty"`
	ReportNo   string   `json:"report_no,omitempty"`
	Proxy      string   `json:"proxy,omitempty"`
	MSCClass   string   `json:"msc_class,omitempty"`
	ACMClass   string   `json:"acm_class,omitempty"`
	// Versions are numbered from 1 without gaps and dated in ascending order.
	Versions []Version `json:"versions"`
	// DeletedAt is when the paper vanishes from every interface; zero: never.
	DeletedAt time.Time `json:"deleted_at,omitzero"`
	// Edits are the changes that arXiv makes without a new version.
	Edits []Edit `json:"edits,omitempty"`
}

// Version is one version of a paper. Title, authors and abstract are those of the version before when left out.
type Version struct {
	Version   int       `json:"version"`
	Submitted time.Time `json:"submitted"`
	// SizeKB is the size of the source in units of 1024 bytes, rounded down; default: a made-up one.
	SizeKB *int `json:"size_kb,omitempty"`
	// SourceType is OAI-PMH's letters: A ancillary files, S source not public, D pdflatex, H html, P PostScript, X docx,
	// I withdrawn; empty for ordinary TeX and PDF.
	SourceType string   `json:"source_type,omitempty"`
	Title      string   `json:"title,omitempty"`
	Authors    []Author `json:"authors,omitempty"`
	Abstract   string   `json:"abstract,omitempty"`
	Comment    string   `json:"comment,omitempty"`
	// Withdrawn marks a withdrawal that has no source type I, as the older ones do not: only its pages tell.
	Withdrawn bool `json:"withdrawn,omitempty"`
	// PDF is empty, "none" (arXiv knows why it cannot make one: 404) or "unavailable" (it does not: 500, for ever).
	PDF string `json:"pdf,omitempty"`
	// Approximate says that the date, or another value of this line, is not confirmed.
	Approximate bool `json:"approximate,omitempty"`
}

// Author is one name as the query API writes it ("Aidan N. Gomez", " OpenAI"), suffixes such as "Jr." included.
type Author struct {
	Name         string   `json:"name"`
	Affiliations []string `json:"affiliations,omitempty"`
}

// Edit is a change in place: from At on, Field has Value.
type Edit struct {
	At time.Time `json:"at"`
	// Field is comment (of the version current at that time), journal_ref, doi, categories or license.
	Field string `json:"field"`
	// Value replaces the old one; DOIs and categories are separated by blanks, the primary category first.
	Value string `json:"value"`
}

// maxLine bounds one line of a paper file; a paper with a thousand authors takes some 30 kB a version.
const maxLine = 16 << 20

// readPapers reads and checks a paper file. Errors name the line.
func readPapers(r io.Reader) ([]*Paper, error) {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, maxLine)
	var papers []*Paper
	lines := map[string]int{}
	for number := 1; scanner.Scan(); number++ {
		line := bytes.TrimSpace(scanner.Bytes())
		if len(line) == 0 {
			continue
		}
		paper, err := readPaper(line)
		if err != nil {
			return nil, fmt.Errorf("papers: line %d: %w", number, err)
		}
		if first, ok := lines[paper.ID]; ok {
			return nil, fmt.Errorf("papers: line %d: %s is on line %d already", number, paper.ID, first)
		}
		lines[paper.ID] = number
		papers = append(papers, paper)
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("papers: after line %d: %w", len(lines), err)
	}
	return papers, nil
}

func readPaper(line []byte) (*Paper, error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	paper := new(Paper)
	if err := decoder.Decode(paper); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	if err := paper.complete(); err != nil {
		return nil, fmt.Errorf("%s: %w", paper.ID, err)
	}
	return paper, nil
}

// complete checks a paper and fills in what a version takes over from the one before.
func (p *Paper) complete() error {
	id, ok := parseIdentifier(p.ID)
	if !ok || id.base != p.ID {
		return errors.New("not a canonical arXiv identifier")
	}
	if p.PrimaryCategory == "" && len(p.Categories) > 0 {
		p.PrimaryCategory = p.Categories[0]
	}
	if p.PrimaryCategory == "" {
		return errors.New("no category")
	}
	p.Categories = withPrimary(p.PrimaryCategory, p.Categories)
	if len(p.Versions) == 0 {
		return errors.New("no versions")
	}
	for i := range p.Versions {
		v := &p.Versions[i]
		if v.Version != i+1 {
			return fmt.Errorf("version %d stands where version %d should", v.Version, i+1)
		}
		if i > 0 {
			v.takeOver(p.Versions[i-1])
		}
		switch {
		case v.Submitted.IsZero():
			return fmt.Errorf("version %d: no date", v.Version)
		case i > 0 && !v.Submitted.After(p.Versions[i-1].Submitted):
			return fmt.Errorf("version %d: not later than the version before", v.Version)
		case v.Title == "":
			return fmt.Errorf("version %d: no title", v.Version)
		case len(v.Authors) == 0:
			return fmt.Errorf("version %d: no authors", v.Version)
		case v.PDF != "" && v.PDF != "none" && v.PDF != "unavailable":
			return fmt.Errorf("version %d: pdf %q is neither none nor unavailable", v.Version, v.PDF)
		}
	}
	for _, edit := range p.Edits {
		switch edit.Field {
		case "comment", "journal_ref", "doi", "license":
		case "categories":
			if len(strings.Fields(edit.Value)) == 0 {
				return errors.New("edit: no category")
			}
		default:
			return fmt.Errorf("edit: unknown field %q", edit.Field)
		}
	}
	slices.SortStableFunc(p.Edits, func(a, b Edit) int { return a.At.Compare(b.At) })
	return nil
}

func (v *Version) takeOver(before Version) {
	if v.Title == "" {
		v.Title = before.Title
	}
	if len(v.Authors) == 0 {
		v.Authors = before.Authors
	}
	if v.Abstract == "" {
		v.Abstract = before.Abstract
	}
}

// withPrimary puts the primary category first, as arXiv's own category lists do.
func withPrimary(primary string, categories []string) []string {
	list := []string{primary}
	for _, category := range categories {
		if !slices.Contains(list, category) {
			list = append(list, category)
		}
	}
	return list
}
