package citation

import (
	"slices"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
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
		{seeds.BibTeX, "{SNAC} Package of Models (SNAC-Pack)", "SNAC Package for Models (SNAC-Pack)", "{SNAC} Package for Models (SNAC-Pack)"}, // brackets of the title's own
		{seeds.BibTeX, "{{Models} of Language}", "Large models of language", "{{Large Models} of Language}"},
		{seeds.BibTeX, "{L}anguage Models for {Code}", "Large language models for code generation", "Large {L}anguage Models for {Code} Generation"},
		{seeds.Markdown, "FooNet: Pre-training of Transformers", "BERT: Pre-training of Transformers", "BERT: Pre-training of Transformers"},
		{seeds.Markdown, "FooNet: Extreme Compression of Nets", "Extreme Compression of Networks", "FooNet: Extreme Compression of Networks"},
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
		notes           []enrich.Kind
	}{
		{"author and year", "l.md", "- Liu (2017) **Learning to (Learn at Test Time): RNNs with Expressive Hidden States** arXiv:2407.04620\n", "",
			"- Sun (2024) **Learning to (Learn at Test Time): RNNs with Expressive Hidden States** arXiv:2407.04620\n", nil},
		{"a short name and two contradictions", "l.md", "- Liu (2017) **Learning at Test** arXiv:2407.04620\n", "", "- Liu (2017) **Learning at Test** arXiv:2407.04620\n",
			[]enrich.Kind{enrich.KindAuthorDiffers, enrich.KindYearDiffers}},
		{"wrong identifier, everywhere in the entry", "l.md", "- Vaswani (2017) **Attention Is All You Need** [2407.04620v2](https://arxiv.org/abs/2407.04620v2)\n", "1706.03762",
			"- Vaswani (2017) **Attention Is All You Need** [1706.03762](https://arxiv.org/abs/1706.03762)\n", nil},
		{"wrong identifier, right one unknown", "l.md", "- Vaswani (2017) **Attention Is All You Need** arXiv:2407.04620\n", "",
			"- Vaswani (2017) **Attention Is All You Need** arXiv:2407.04620\n", []enrich.Kind{enrich.KindWrongPaper}},
		{"an old link to the wrong paper", "l.md", "- Vaswani (2017) **Attention Is All You Need** [pdf](http://arxiv.org/pdf/2407.04620v2.pdf)\n", "1706.03762",
			"- Vaswani (2017) **Attention Is All You Need** [pdf](https://arxiv.org/pdf/1706.03762)\n", nil},
		{"the wrong paper's category", "l.bib", "@misc{a, title={Attention Is All You Need}, author={Vaswani, A.}, eprint={2407.04620}, primaryClass={math.GT}, url={https://arxiv.org/abs/2407.04620}}", "1706.03762",
			"@misc{a, title={Attention Is All You Need}, author={Vaswani, A.}, eprint={1706.03762}, primaryClass={cs.CL}, url={https://arxiv.org/abs/1706.03762}}", nil},
		{"a number in the title", "l.md", "- Sun (2024) **Learning to (Learn at Test Time): 3 RNNs with Expressive Hidden States** arXiv:2407.04620\n", "",
			"- Sun (2024) **Learning to (Learn at Test Time): 3 RNNs with Expressive Hidden States** arXiv:2407.04620\n", []enrich.Kind{enrich.KindTitleDiffers}},
		{"an invented second author", "l.csv", "title,arxiv,authors\nLearning to (Learn at Test Time): RNNs with Expressive Hidden States,2407.04620,Sun and Thistlewood\n", "",
			"title,arxiv,authors\nLearning to (Learn at Test Time): RNNs with Expressive Hidden States,2407.04620,Sun and Thistlewood\n", nil},
		{"published elsewhere", "l.bib", "@inproceedings{a, title={Learning to (Learn at Test Time): RNNs with Expressive Hidden States}, booktitle={Some Days}, year=2019, eprint={2407.04620}}", "",
			"@inproceedings{a, title={Learning to (Learn at Test Time): RNNs with Expressive Hidden States}, booktitle={Some Days}, year=2019, eprint={2407.04620}}", []enrich.Kind{enrich.KindYearDiffers}},
		{"a preprint", "l.bib", "@article{a, title={Learning to (Learn at Test Time): RNNs with Expressive Hidden States}, journal={arXiv preprint}, year=2019, eprint={2407.04620}, author={Sun, Y.}}", "",
			"@article{a, title={Learning to (Learn at Test Time): RNNs with Expressive Hidden States}, journal={arXiv preprint}, year=2024, eprint={2407.04620}, author={Sun, Y.}}", nil},
		{"a given name behind a comma in a table", "l.md", "| Title | Authors | |\n|---|---|---|\n| Learning to (Learn at Test Time): RNNs with Expressive Hidden States | Goodfellow, Ian | [x](https://arxiv.org/abs/2407.04620) |\n", "",
			"| Title | Authors | |\n|---|---|---|\n| Learning to (Learn at Test Time): RNNs with Expressive Hidden States | Goodfellow, Ian | [x](https://arxiv.org/abs/2407.04620) |\n", []enrich.Kind{enrich.KindAuthorDiffers}},
		{"initials behind a comma in a cell", "l.csv", "title,arxiv,authors\nLearning to (Learn at Test Time): RNNs with Expressive Hidden States,2407.04620,\"Goodfellow, I.\"\n", "",
			"title,arxiv,authors\nLearning to (Learn at Test Time): RNNs with Expressive Hidden States,2407.04620,\"Goodfellow, I.\"\n", []enrich.Kind{enrich.KindAuthorDiffers}},
		{"a given name behind a semicolon", "l.csv", "title,arxiv,authors\nLearning to (Learn at Test Time): RNNs with Expressive Hidden States,2407.04620,Goodfellow; Ian\n", "",
			"title,arxiv,authors\nLearning to (Learn at Test Time): RNNs with Expressive Hidden States,2407.04620,Goodfellow; Ian\n", []enrich.Kind{enrich.KindAuthorDiffers}},
		{"a list of other people", "l.bib", "@misc{a, title={Learning to (Learn at Test Time): RNNs with Expressive Hidden States}, eprint={2407.04620}, author={Simonyan, Karen and Zisserman, Andrew}}", "",
			"@misc{a, title={Learning to (Learn at Test Time): RNNs with Expressive Hidden States}, eprint={2407.04620}, author={Simonyan, Karen and Zisserman, Andrew}}", []enrich.Kind{enrich.KindAuthorDiffers}},
		{"part of a title, and another author", "l.md", "- [Learning at Test](https://arxiv.org/abs/2407.04620) Liang et al. (2024)\n", "",
			"- [Learning at Test](https://arxiv.org/abs/2407.04620) Liang et al. (2024)\n", []enrich.Kind{enrich.KindAuthorDiffers}},
		{"the name keeps its initials", "l.bib", "@misc{a, title={Learning to (Learn at Test Time): RNNs with Expressive Hidden States}, eprint={2407.04620}, author={Liu, H. and Li, X.}}", "",
			"@misc{a, title={Learning to (Learn at Test Time): RNNs with Expressive Hidden States}, eprint={2407.04620}, author={Sun, Y. and Li, X.}}", nil},
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
		var notes []enrich.Kind
		corrector := NewCorrector(src, list)
		for _, c := range list.Citations {
			findings := Findings(time.Time{}, Cited{Citation: c, List: row.file}, FitClaim(c.Claim, ttt), time.Time{}, nil, row.meant)
			attention := &arxiv.Paper{Record: arxiv.Record{ID: "1706.03762", PrimaryCategory: "cs.CL", Categories: []string{"cs.CL", "cs.LG"}}}
			for _, correction := range corrector.Correct(Case{Citation: c, Paper: ttt, Findings: findings, Meant: attention}) {
				if !correction.Certain() {
					notes = append(notes, correction.Kind)
				}
				edits = append(edits, correction.Edits...)
			}
		}
		got, err := seeds.Apply(src, edits)
		if err != nil || string(got) != row.want || joinKinds(notes) != joinKinds(row.notes) {
			t.Errorf("%s: %v\n got %q, notes %v\nwant %q, notes %v", row.name, err, got, notes, row.want, row.notes)
		}
	}
}

// FuzzCorrect: whatever a list holds, its corrections lie in it and do not overlap, and a list that nothing is found in
// stays as it is to the byte.
func FuzzCorrect(f *testing.F) {
	for _, seed := range []string{
		"- Liu (2017) **Learning to (Learn at Test Time): RNNs with Expressive Hidden States** [2407.04620v2](http://arxiv.org/pdf/2407.04620v2.pdf)\r\n",
		"\ufeff@misc{a, title = {{L}earning to {Learn}}, author={Liu, H. and others}, eprint={2407.04620}, primaryClass={math.GT}, doi={10.48550/arXiv.2407.04620}}",
		"title,arxiv\n\"Learning, \"\"learn\"\"\",2407.04620 and 2407.04620\n", "<a href=http://arxiv.org/abs/2407.04620>2407.04620</a> &amp; <b>Learning to learn at test times", "2407.04620 2407.046200 2407.04620v",
	} {
		f.Add(seed)
	}
	p := &arxiv.Paper{Record: arxiv.Record{ID: "2407.04620", Version: 3, Title: "Learning to (Learn at Test Time): RNNs & $\\ell_1$ States", Authors: []arxiv.Author{{Name: "Yu Sun"}, {Name: "Xinhao Li"}},
		PrimaryCategory: "cs.LG", Categories: []string{"cs.LG"}, DOIs: []string{"10.1000/1"}, Published: time.Date(2024, 7, 5, 0, 0, 0, 0, time.UTC), Submitted: time.Date(2024, 7, 5, 0, 0, 0, 0, time.UTC)}}
	f.Fuzz(func(t *testing.T, text string) {
		src := []byte(text)
		for _, file := range []string{"l.md", "l.bib", "l.html", "l.tex", "l.csv", "l.txt"} {
			list, err := seeds.Read(file, "", src)
			if err != nil {
				continue
			}
			corrector := NewCorrector(src, list)
			var edits, none seeds.Edits
			for _, c := range list.Citations {
				cited := Cited{Citation: c, List: file}
				for _, meant := range []arxiv.ID{"", "1706.03762"} {
					cs := Case{Citation: c, Paper: p, Findings: Findings(time.Time{}, cited, FitClaim(c.Claim, p), time.Time{}, nil, meant), Meant: p}
					for _, correction := range slices.Concat(corrector.Correct(cs), corrector.Complete(cs), corrector.AddDOI(cs)) {
						edits.Add(correction.Edits)
					}
				}
				for _, correction := range corrector.Correct(Case{Citation: c, Paper: p}) {
					if correction.Kind != enrich.KindLinkForm {
						none.Add(correction.Edits)
					}
				}
			}
			if _, err := seeds.Apply(src, edits.All()); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if same, err := seeds.Apply(src, none.All()); err != nil || string(same) != text {
				t.Fatalf("%s: nothing is wrong, and %q becomes %q, %v", file, text, same, err)
			}
		}
	})
}

func TestCompleteEntry(t *testing.T) {
	p := &arxiv.Paper{Record: arxiv.Record{ID: "1706.03762", Version: 7, Title: "Attention Is All You Need", PrimaryCategory: "cs.CL", Categories: []string{"cs.CL", "cs.LG"}, DOIs: []string{"10.1000/182"},
		Authors: []arxiv.Author{{Name: "Ashish Vaswani"}, {Name: "Noam Shazeer"}, {Name: "Aidan N. Gomez"}}}}
	for _, row := range []struct{ src, want string }{
		{"@misc{a,\n  author = {Vaswani, Ashish and others},\n  eprint = {1706.03762}\n}\n",
			"@misc{a,\n  author = {Vaswani, Ashish and Shazeer, Noam and Gomez, Aidan N.},\n  eprint = {1706.03762},\n  archivePrefix = {arXiv},\n  primaryClass = {cs.CL},\n  doi = {10.1000/182}\n}\n"},
		{"@misc{a, author={Some Body and others}, eprint={1706.03762}, eprinttype={arxiv}, eprintclass={cs.CL}, doi={10.48550/arXiv.1706.03762}}",
			"@misc{a, author={Some Body and others}, eprint={1706.03762}, eprinttype={arxiv}, eprintclass={cs.CL}, doi={10.1000/182}}"},
		{"@misc{a,\n  title     = {A},\n  eprint    = {1706.03762},\n  primaryClass = {<built-in method>}\n}\n",
			"@misc{a,\n  title     = {A},\n  eprint    = {1706.03762},\n  primaryClass = {cs.CL},\n  archivePrefix = {arXiv},\n  doi       = {10.1000/182}\n}\n"},
		{"@misc{a, note={arXiv:1706.03762 and arXiv:1810.04805}}", "@misc{a, note={arXiv:1706.03762 and arXiv:1810.04805}}"}, // about two papers
	} {
		src := []byte(row.src)
		list, err := seeds.Read("r.bib", "", src)
		if err != nil || len(list.Citations) == 0 {
			t.Fatalf("%q: %v", row.src, err)
		}
		var edits []seeds.Edit
		corrector, cs := NewCorrector(src, list), Case{Citation: list.Citations[0], Paper: p}
		for _, c := range append(corrector.Complete(cs), corrector.AddDOI(cs)...) {
			edits = append(edits, c.Edits...)
		}
		got, err := seeds.Apply(src, edits)
		if err != nil || string(got) != row.want {
			t.Errorf("%v\n got %q\nwant %q", err, got, row.want)
		}
	}
}

func TestSearchTerms(t *testing.T) {
	for _, row := range []struct{ title, phrase, words string }{
		{"CLIP: Learning Transferable Visual Models From Natural Language Supervision", "Learning Transferable Visual Models From Natural Language Supervision", "Learning Transferable Visual Models Natural Language Supervision"},
		{"Attention Is All You Need, NeurIPS 2017", "Attention Is All You Need", "Attention All You Need"},
		{"[1706.03762] Attention Is All You Need (2017)", "Attention Is All You Need", "Attention All You Need"},
		{"Deploying a Hybrid Algorithm for Reconstruction in LHCb's HLT1", "Deploying a Hybrid Algorithm for Reconstruction in LHCb", "Deploying Hybrid Algorithm Reconstruction LHCb"},
		{"Visual Instruction Tuning", "Visual Instruction Tuning", "Visual Instruction Tuning"},
		{"Mistral 7B", "Mistral 7B", "Mistral 7B"},
		{"“Größe” und $\\beta$-Maß", "Größe und β Maß", "Größe und β Maß"},
		{"?!", "", ""},
	} {
		if phrase, words := SearchTerms(row.title); phrase != row.phrase || words != row.words {
			t.Errorf("%q: %q and %q, want %q and %q", row.title, phrase, words, row.phrase, row.words)
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
