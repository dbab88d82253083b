package citation

import (
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

func TestCheckVersion(t *testing.T) {
	p := &arxiv.Paper{Record: arxiv.Record{ID: "2407.21783", Version: 3, Title: "New"}, Versions: []arxiv.Version{
		{Number: 1, HasText: true, Title: "Old", Authors: []arxiv.Author{{Name: "Abhimanyu Dubey"}}},
		{Number: 2, HasText: true, Title: "New", Authors: []arxiv.Author{{Name: "Abhimanyu Dubey"}}},
		{Number: 3, HasText: true, Title: "New", Authors: []arxiv.Author{{Name: "Aaron Grattafiori"}}},
	}}
	for version, want := range map[int]string{0: "", 3: "",
		1: "outdated-version info: v1 is cited, v3 is current; changed since: title, first author",
		2: "outdated-version info: v2 is cited, v3 is current; changed since: first author",
		9: "unknown-id error: 2407.21783 has no v9; the newest is v3"} {
		got := ""
		for _, f := range Check(Cited{Citation: seeds.Citation{ID: p.ID, Version: version}}, FitClaim(seeds.Claim{}, p), "") {
			got += string(f.Kind) + " " + string(f.Severity) + ": " + f.Message
		}
		if got != want {
			t.Errorf("v%d: %q, want %q", version, got, want)
		}
	}
}

func TestCheckList(t *testing.T) {
	cite := func(id arxiv.ID, line int, section, title, author string, year int) Cited {
		return Cited{List: "l", Citation: seeds.Citation{ID: id, Line: line, Column: 1, Section: section, AsWritten: string(id), Claim: seeds.Claim{Title: title, FirstAuthor: author, Year: year}}}
	}
	for _, row := range []struct {
		name  string
		cited []Cited
		want  []string // line, kind, message
	}{
		{"two years", []Cited{cite("2501.00663", 34, "a", "Titans", "Behrouz", 2024), cite("2501.00663", 98, "b", "Titans", "Behrouz", 2025)},
			[]string{"98 inconsistent 2025 here, 2024 on line 34"}},
		{"two authors", []Cited{cite("2501.00663", 1, "a", "", "Sun", 0), cite("2501.00663", 2, "b", "", "Liu", 0)}, []string{"2 inconsistent Liu here, Sun on line 1"}},
		{"the house and its people", []Cited{cite("2302.13971", 1, "a", "", "Touvron", 0), cite("2302.13971", 2, "b", "", "Meta AI", 0)}, nil},
		{"two titles", []Cited{cite("2501.00663", 1, "a", "Attention Is All You Need", "", 0), cite("2501.00663", 2, "b", "Deep Residual Learning for Image Recognition", "", 0)},
			[]string{`2 inconsistent "Deep Residual Learning for Image Recognition" here, "Attention Is All You Need" on line 1`}},
		{"label and title", []Cited{cite("1810.04805", 1, "a", "BERT", "", 0), cite("1810.04805", 2, "b", "BERT: Pre-training of Deep Bidirectional Transformers", "", 0)}, nil},
		{"twice in a section", []Cited{cite("1810.04805", 1, "a", "BERT", "", 0), cite("1810.04805", 2, "a", "BERT", "", 0)}, []string{"2 duplicate cited already on line 1"}},
		{"under the same heading elsewhere", []Cited{cite("1810.04805", 1, "a", "BERT", "", 0), cite("2001.00001", 2, "b", "", "", 0), cite("1810.04805", 3, "a", "BERT", "", 0)}, nil},
		{"a plain list", []Cited{cite("1810.04805", 1, "", "", "", 0), cite("1810.04805", 2, "", "", "", 0)}, []string{"2 duplicate cited already on line 1"}},
		{"mentioned in passing", []Cited{cite("1810.04805", 1, "a", "BERT", "", 0), cite("1810.04805", 2, "a", "", "", 0)}, nil},
		{"more than announced", []Cited{cite("2001.00001", 1, "The 3 best papers", "", "", 0), cite("2001.00002", 2, "The 3 best papers", "", "", 0), cite("2001.00003", 3, "The 3 best papers", "", "", 0), cite("2001.00004", 4, "The 3 best papers", "", "", 0)},
			[]string{`1 inconsistent the heading "The 3 best papers" announces 3 papers, here are 4`}},
		{"a section's number is no count", []Cited{cite("2001.00001", 1, "3 survey papers", "", "", 0), cite("2001.00002", 2, "3 survey papers", "", "", 0), cite("2001.00003", 3, "3 survey papers", "", "", 0),
			cite("2001.00004", 4, "3 survey papers", "", "", 0), cite("2001.00005", 5, "4 others", "", "", 0)}, nil},
		{"two short names", []Cited{cite("2501.00663", 1, "a", "Code Tulu 2", "", 0), cite("2501.00663", 2, "b", "Tulu 2 DPO", "", 0)}, nil},
		{"a year is no count", []Cited{cite("2001.00001", 1, "2023 papers", "", "", 0), cite("2001.00002", 2, "2023 papers", "", "", 0)}, nil},
		{"out of order", []Cited{cite("2001.00001", 1, "In chronological order", "", "", 0), cite("2002.00002", 2, "In chronological order", "", "", 0), cite("2112.00003", 3, "In chronological order", "", "", 0),
			cite("2004.00004", 4, "In chronological order", "", "", 0), cite("2205.00004", 5, "In chronological order", "", "", 0)},
			[]string{`4 inconsistent out of the order that the heading "In chronological order" announces`}},
	} {
		var got []string
		var judged []Judged
		for _, c := range row.cited {
			judged = append(judged, Judged{Cited: c})
		}
		for _, f := range CheckList(judged, nil) {
			got = append(got, strings.Join([]string{strconv.Itoa(f.Line), string(f.Kind), f.Message}, " "))
			if f.Severity != enrich.SeverityInfo {
				t.Errorf("%s: severity %s", row.name, f.Severity)
			}
		}
		if strings.Join(got, "\n") != strings.Join(row.want, "\n") {
			t.Errorf("%s:\n got %q\nwant %q", row.name, got, row.want)
		}
	}
}

func TestIgnoredAndCollated(t *testing.T) {
	p := &arxiv.Paper{Record: arxiv.Record{ID: "2407.04620", Version: 1, Title: "Learning to (Learn at Test Time)", Authors: []arxiv.Author{{Name: "Yu Sun"}}}}
	cited := func(line int, ignored ...string) Cited {
		return Cited{List: "l", Citation: seeds.Citation{ID: p.ID, Line: line, Ignored: ignored, Claim: seeds.Claim{FirstAuthor: "Liu"}}}
	}
	find := func(c Cited) []enrich.Finding {
		return Findings(time.Time{}, c, FitClaim(c.Citation.Claim, p), time.Time{}, nil, "")
	}
	if got := kinds(find(cited(1, string(enrich.KindTitleDiffers)))); len(got) != 1 || got[0] != string(enrich.KindAuthorDiffers) {
		t.Errorf("another kind ignored: %v", got)
	}
	for _, ignored := range []string{string(enrich.KindAuthorDiffers), seeds.IgnoreAll} {
		if got := find(cited(1, ignored)); len(got) != 0 {
			t.Errorf("ignored %s: %v", ignored, got)
		}
	}
	collated := enrich.Collate(append(find(cited(3)), append(find(cited(9)), find(cited(12))...)...))
	if len(collated) != 1 || collated[0].Line != 3 || !strings.HasSuffix(collated[0].Message, "(also line 9, 12)") {
		t.Errorf("collated: %+v", collated)
	}
}

// TestCheckListOrder: which of two mentions stands first changes no key; and the names of a wrong paper are all told.
func TestCheckListOrder(t *testing.T) {
	p := &arxiv.Paper{Record: arxiv.Record{ID: "2502.12022", Version: 1, Title: "Teaching LLMs According to Their Aptitude", Authors: []arxiv.Author{{Name: "Xin Xu"}},
		Published: time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC)}}
	judge := func(line int, title, author string, year int) Judged {
		c := Cited{List: "l", Citation: seeds.Citation{ID: p.ID, Line: line, Section: strconv.Itoa(year), Claim: seeds.Claim{Title: title, FirstAuthor: author, Year: year}}}
		return Judged{Cited: c, Held: true, Findings: Check(c, FitClaim(c.Citation.Claim, p), "")}
	}
	keys := func(judged ...Judged) map[string]bool {
		all := map[string]bool{}
		for _, f := range CheckList(judged, []Row{{"Two", "x"}}) {
			all[f.Key] = true
		}
		return all
	}
	a, b := judge(1, "Teaching LLMs According to Their Aptitude", "Xu", 2024), judge(2, "", "Xin Xu", 2025)
	if forth, back := keys(a, b), keys(b, a); len(forth) != 1 || !maps.Equal(forth, back) {
		t.Errorf("%v, in the other order %v", forth, back)
	}
	wrong, label, other := judge(3, "MMR1: Advancing Multimodal Reasoning with Reinforcement Learning", "", 0), judge(4, "MMR1", "", 0), judge(5, "TATA", "", 0)
	if len(wrong.Findings) != 1 || wrong.Findings[0].Kind != enrich.KindWrongPaper {
		t.Fatalf("%+v", wrong.Findings)
	}
	for _, judged := range [][]Judged{{wrong, label, other}, {other, label, wrong}} {
		ShareMistakes(judged)
		if found := judged[1].Findings; len(found) != 1 || found[0].Kind != enrich.KindWrongPaper || found[0].Line != 4 || found[0].Key != wrong.Findings[0].Key {
			t.Errorf("%+v", found)
		}
		if len(judged[0].Findings)+len(judged[2].Findings) != 1 {
			t.Errorf("%+v", judged)
		}
	}
}
