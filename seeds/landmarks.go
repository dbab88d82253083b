package seeds

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"syncer/arxiv"
)

//go:embed landmarks.tsv
var landmarksSource []byte

// LandmarksSource is the embedded list as a person edits it: seeds/landmarks.tsv.
func LandmarksSource() []byte { return landmarksSource }

// Landmarks is the embedded list of landmark papers on large language models. Each mention is a citation of its own: one
// paper is mentioned up to four times, with claims that differ, and the claims stand as they were made. Its file is part
// of the program and checked by a test; a broken row is a mistake of ours and panics.
func Landmarks() List {
	b := newBuilder("landmarks", CSV, landmarksSource)
	offset, header := 0, false
	for line := range strings.Lines(string(landmarksSource)) {
		start := offset
		offset += len(line)
		text := strings.TrimRight(line, "\r\n")
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if !header {
			header = true
			continue
		}
		cells := strings.Split(text, "\t")
		if len(cells) != 7 {
			panic(fmt.Sprintf("landmarks.tsv: %q has %d cells, want 7", text, len(cells)))
		}
		spans := make([]Span, len(cells))
		at := start
		for i, cell := range cells {
			spans[i] = Span{at, at + len(cell)}
			at += len(cell) + 1
		}
		b.entry()
		claim := Claim{Title: cells[4], FirstAuthor: cells[5], TitleSpan: spans[4], AuthorSpan: spans[5]}
		if cells[6] != "" {
			year, err := strconv.Atoi(cells[6])
			if err != nil {
				panic(fmt.Sprintf("landmarks.tsv: %q: year %q", text, cells[6]))
			}
			claim.Year, claim.YearSpan = year, spans[6]
		}
		switch cells[0] {
		case "paper":
			id, version, err := arxiv.Parse(cells[3])
			if err != nil {
				panic(fmt.Sprintf("landmarks.tsv: %q: %v", text, err))
			}
			b.cite(Citation{ID: id, Version: version, Section: cells[1], Claim: claim, Span: spans[3]})
		case "link":
			b.link(Link{URL: cells[3], Section: cells[1], Title: cells[4], Span: spans[3]})
		default:
			panic(fmt.Sprintf("landmarks.tsv: %q: want paper or link first", text))
		}
	}
	return b.done()
}
