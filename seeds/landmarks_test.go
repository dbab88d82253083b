package seeds

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"syncer/arxiv"
)

// TestLandmarks: every row of the embedded list is read, with its claims as they stand, at its line.
func TestLandmarks(t *testing.T) {
	list := Landmarks()
	papers := map[arxiv.ID]int{}
	for _, c := range list.Citations {
		papers[c.ID]++
	}
	if len(list.Citations) != 151 || len(papers) != 64 || len(list.Links) != 29 || len(list.Malformed) != 0 {
		t.Errorf("%d citations of %d papers, %d links, %d malformed; want 151 of 64, 29 and none", len(list.Citations), len(papers), len(list.Links), len(list.Malformed))
	}
	checkList(t, LandmarksSource(), list)

	lines := strings.Split(string(LandmarksSource()), "\n")
	cited := map[int]bool{}
	for _, c := range list.Citations {
		cited[c.Line] = true
		cells := strings.Split(lines[c.Line-1], "\t")
		year := ""
		if c.Claim.Year != 0 {
			year = strconv.Itoa(c.Claim.Year)
		}
		got := []string{"paper", c.Section, cells[2], c.ID.Versioned(c.Version), c.Claim.Title, c.Claim.FirstAuthor, year}
		if strings.Join(got, "\t") != lines[c.Line-1] {
			t.Errorf("line %d:\n got %q\nwant %q", c.Line, got, cells)
		}
	}
	for _, l := range list.Links {
		cited[l.Line] = true
		cells := strings.Split(lines[l.Line-1], "\t")
		if cells[0] != "link" || cells[1] != l.Section || cells[3] != l.AsWritten || cells[4] != l.Title {
			t.Errorf("line %d: %+v, want %q", l.Line, l, cells)
		}
	}
	for i, line := range lines {
		if (strings.HasPrefix(line, "paper\t") || strings.HasPrefix(line, "link\t")) != cited[i+1] {
			t.Errorf("line %d: %q", i+1, line)
		}
	}
	if most := papers["2203.15556"]; most < 2 {
		t.Errorf("2203.15556 is mentioned %d times", most)
	}
}

// TestLandmarksAsFile: a person who takes the file as a start for an own list gets the same papers from it.
func TestLandmarksAsFile(t *testing.T) {
	list, err := Read("landmarks.tsv", "", bytes.Clone(LandmarksSource()))
	if err != nil {
		t.Fatal(err)
	}
	want := Landmarks()
	if len(list.Citations) != len(want.Citations) || len(list.Links) != len(want.Links) {
		t.Fatalf("%d citations and %d links, want %d and %d", len(list.Citations), len(list.Links), len(want.Citations), len(want.Links))
	}
	for i, c := range list.Citations {
		if c.ID != want.Citations[i].ID || c.Line != want.Citations[i].Line {
			t.Errorf("citation %d: %s line %d, want %s line %d", i, c.ID, c.Line, want.Citations[i].ID, want.Citations[i].Line)
		}
	}
}
