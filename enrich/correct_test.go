package enrich

import (
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/seeds"
)

func TestRewordTitle(t *testing.T) {
	for _, row := range []struct {
		format       seeds.Format
		claim, title string
		want         string // empty: no edit in place
	}{
		{seeds.Markdown, "Learning to Summarize with Human Feedback", "Learning to summarize from human feedback", "Learning to Summarize from Human Feedback"},
		{seeds.BibTeX, "The {Llama} 3 Flock of Models", "The Llama 3 Herd of Models", "The {Llama} 3 Herd of Models"},
		{seeds.BibTeX, "{DPO}: Direct {Policy} Optimization", "Direct Preference Optimization", "{DPO}: Direct {Preference} Optimization"},
		{seeds.Markdown, "CLIP: Learning Visual Models From Language Supervision (CLIP)", "Learning Transferable Visual Models From Natural Language Supervision",
			"CLIP: Learning Transferable Visual Models From Natural Language Supervision (CLIP)"},
		{seeds.Markdown, "Off-diagonal book Ramsey numbers", "Off-diagonal Ramsey numbers", "Off-diagonal Ramsey numbers"},
		{seeds.Markdown, "Off-diagonal Ramsey", "Off-diagonal Ramsey numbers", "Off-diagonal Ramsey Numbers"},
		{seeds.Markdown, "Search with tree and pruning.", "Search with trees_and pruning.", `Search with trees\_and pruning.`},
		{seeds.Markdown, "Attention Is All You Need", "Attention Is All You Need", "Attention Is All You Need"},
		{seeds.BibTeX, "Bounds for the metric", `Bounds for $\ell_1$ the metric`, ""}, // maths are not made up
		{seeds.CSV, "Cats dogs", "Cats, dogs", "Cats dogs"},
	} {
		src := []byte("x " + row.claim + " y")
		edits := rewordTitle(src, row.format, seeds.Span{Start: 2, End: len(src) - 2}, row.title)
		got, err := seeds.Apply(src, edits)
		if err != nil {
			t.Errorf("%q: %v", row.claim, err)
			continue
		}
		if row.want == "" {
			if edits != nil {
				t.Errorf("%q: edited to %q", row.claim, got)
			}
			continue
		}
		if want := "x " + row.want + " y"; string(got) != want {
			t.Errorf("%q: %q, want %q", row.claim, got, want)
		}
	}
}

// TestCorrect reads a list, judges it and applies the corrections: what is certain is edited, all else is a note.
func TestCorrect(t *testing.T) {
	ttt := &arxiv.Paper{Record: arxiv.Record{ID: "2407.04620", Version: 1, Title: "Learning to (Learn at Test Time): RNNs with Expressive Hidden States",
		Authors: []arxiv.Author{{Name: "Yu Sun"}, {Name: "Xinhao Li"}}, Published: time.Date(2024, 7, 5, 0, 0, 0, 0, time.UTC), Submitted: time.Date(2024, 7, 5, 0, 0, 0, 0, time.UTC)}}
	for _, row := range []struct {
		name, file, src string
		meant           arxiv.ID
		want            string
		notes           []string // kinds
	}{
		{"author and year", "l.md", "- Liu (2017) **Learning to (Learn at Test Time): RNNs with Expressive Hidden States** arXiv:2407.04620\n", "",
			"- Sun (2024) **Learning to (Learn at Test Time): RNNs with Expressive Hidden States** arXiv:2407.04620\n", nil},
		{"a short name and two contradictions", "l.md", "- Liu (2017) **Learning at Test** arXiv:2407.04620\n", "", "- Liu (2017) **Learning at Test** arXiv:2407.04620\n",
			[]string{KindAuthorDiffers, KindYearDiffers}},
		{"wrong identifier, everywhere in the entry", "l.md", "- Vaswani (2017) **Attention Is All You Need** [2407.04620v2](https://arxiv.org/abs/2407.04620v2)\n", "1706.03762",
			"- Vaswani (2017) **Attention Is All You Need** [1706.03762](https://arxiv.org/abs/1706.03762)\n", nil},
		{"wrong identifier, right one unknown", "l.md", "- Vaswani (2017) **Attention Is All You Need** arXiv:2407.04620\n", "",
			"- Vaswani (2017) **Attention Is All You Need** arXiv:2407.04620\n", []string{KindWrongPaper}},
		{"old link", "l.html", "<p><a href='http://xxx.lanl.gov/pdf/2407.04620.pdf'>x</a></p>\n", "", "<p><a href='https://arxiv.org/pdf/2407.04620'>x</a></p>\n", nil},
		{"plain list", "ids.txt", "2407.04620\r\nhttp://arxiv.org/abs/2407.04620\r\n", "", "2407.04620\r\nhttps://arxiv.org/abs/2407.04620\r\n", nil},
	} {
		src := []byte(row.src)
		list, err := seeds.Read(row.file, "", src)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		var edits []seeds.Edit
		var notes []string
		for _, c := range list.Citations {
			findings := CitationFindings(time.Time{}, Cited{Citation: c, List: row.file}, ttt, time.Time{}, nil, row.meant)
			for _, correction := range Correct(src, list.Format, c, ttt, findings) {
				if !correction.Certain() {
					notes = append(notes, correction.Kind)
				}
				edits = append(edits, correction.Edits...)
			}
		}
		got, err := seeds.Apply(src, edits)
		if err != nil || string(got) != row.want || strings.Join(notes, " ") != strings.Join(row.notes, " ") {
			t.Errorf("%s: %v\n got %q, notes %v\nwant %q, notes %v", row.name, err, got, notes, row.want, row.notes)
		}
	}
}

func TestCompleteEntry(t *testing.T) {
	p := &arxiv.Paper{Record: arxiv.Record{ID: "1706.03762", Version: 7, Title: "Attention Is All You Need", PrimaryCategory: "cs.CL", DOIs: []string{"10.1000/182"},
		Authors: []arxiv.Author{{Name: "Ashish Vaswani"}, {Name: "Noam Shazeer"}, {Name: "Aidan N. Gomez"}}}}
	for _, row := range []struct{ src, want string }{
		{"@misc{a,\n  author = {Vaswani, Ashish and others},\n  eprint = {1706.03762}\n}\n",
			"@misc{a,\n  author = {Vaswani, Ashish and Shazeer, Noam and Gomez, Aidan N.},\n  eprint = {1706.03762},\n  archivePrefix = {arXiv},\n  primaryClass = {cs.CL},\n  doi = {10.1000/182}\n}\n"},
		{"@misc{a, author={Some Body and others}, eprint={1706.03762}, eprinttype={arxiv}, eprintclass={cs.CL}, doi={10.48550/arXiv.1706.03762}}",
			"@misc{a, author={Some Body and others}, eprint={1706.03762}, eprinttype={arxiv}, eprintclass={cs.CL}, doi={10.1000/182}}"},
	} {
		src := []byte(row.src)
		list, err := seeds.Read("r.bib", "", src)
		if err != nil || len(list.Citations) != 1 {
			t.Fatalf("%q: %v", row.src, err)
		}
		var edits []seeds.Edit
		for _, c := range append(CompleteEntry(src, list.Citations[0], p, false), AddDOI(src, list.Citations[0], p)...) {
			edits = append(edits, c.Edits...)
		}
		got, err := seeds.Apply(src, edits)
		if err != nil || string(got) != row.want {
			t.Errorf("%v\n got %q\nwant %q", err, got, row.want)
		}
	}
}

func TestSlips(t *testing.T) {
	for id, want := range map[arxiv.ID][]arxiv.ID{
		"1706.03726": {"1706.03762"}, // swapped
		"2203.15565": {"2203.15556"},
		"2203.15566": {"2203.15556"}, // the wrong digit doubled
		"2205.15556": {"2203.15556"}, // another month
		"2303.15556": {"2203.15556"}, // another year
	} {
		slips := Slips(id)
		for _, w := range want {
			found := false
			for _, s := range slips {
				found = found || s == w
			}
			if !found {
				t.Errorf("%s: %v does not have %s", id, slips, w)
			}
		}
		if len(slips) > 60 {
			t.Errorf("%s: %d slips are too many to ask for", id, len(slips))
		}
	}
	if got := Slips("hep-th/9901001"); got != nil {
		t.Errorf("old style: %v", got)
	}
}
