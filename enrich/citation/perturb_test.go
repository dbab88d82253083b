package citation

import (
	"bufio"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// The perturbation benchmark: claims about papers with known truth, right in every way that people write them
// (perturb_right_test.go) and wrong in every way (perturb_wrong_test.go), judged by Check. TestPerturbations holds
// the rates that the project promises; run it with -v to see the table.

// perturbed is one claim made from a paper.
type perturbed struct {
	kind  string // "right: …", or for a wrong one "…: the kind of finding it should be"
	claim seeds.Claim
	meant arxiv.ID // the paper that a search for the claim would find
}

// corpus is true facts about papers: the landmarks with all their versions, as the replica has them, and the papers of
// testdata/papers.tsv.
func corpus(t testing.TB) []*arxiv.Paper {
	t.Helper()
	var papers []*arxiv.Paper
	eachLine(t, "../../internal/replica/landmarks.jsonl", func(line string) {
		var row struct {
			ID       arxiv.ID
			Versions []struct {
				Version   int
				Submitted time.Time
				Title     string
				Authors   []arxiv.Author
			}
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		p := &arxiv.Paper{Record: arxiv.Record{ID: row.ID}}
		for i, v := range row.Versions {
			// What a version does not say is as in the one before it.
			if v.Title != "" {
				p.Title = v.Title
			}
			if len(v.Authors) > 0 {
				p.Authors = v.Authors
			}
			if i == 0 {
				p.Published = v.Submitted
			}
			p.Version, p.Submitted = v.Version, v.Submitted
			p.Versions = append(p.Versions, arxiv.Version{Number: v.Version, Submitted: v.Submitted, HasText: true, Title: p.Title, Authors: p.Authors})
		}
		papers = append(papers, p)
	})
	eachLine(t, "testdata/papers.tsv", func(line string) {
		cells := strings.Split(line, "\t")
		if line[0] == '#' {
			return
		}
		p := &arxiv.Paper{Record: arxiv.Record{ID: arxiv.ID(cells[0]), Version: 1, Title: cells[3], Published: date(t, cells[1]), Submitted: date(t, cells[2])}}
		for name := range strings.SplitSeq(cells[4], "; ") {
			p.Authors = append(p.Authors, arxiv.Author{Name: name})
		}
		p.Versions = []arxiv.Version{{Number: 1, Submitted: p.Submitted, HasText: true, Title: p.Title, Authors: p.Authors}}
		papers = append(papers, p)
	})
	return papers
}

func eachLine(t testing.TB, path string, read func(line string)) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		read(lines.Text())
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func date(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// rates counts hits by kind of claim.
type rates map[string]*rate

type rate struct{ hits, all int }

func (r rates) count(kind string, hit bool) {
	if r[kind] == nil {
		r[kind] = &rate{}
	}
	r[kind].all++
	if hit {
		r[kind].hits++
	}
}

func (r rate) percent() float64 { return 100 * float64(r.hits) / float64(max(r.all, 1)) }

// mostFalse is how many percent of right claims may raise an alarm; of one way to write it, a few more, since there are few
// of some.
func mostFalse(kind string) float64 {
	if kind == "right: all" {
		return 0.5
	}
	return 2
}

// maxShown bounds the examples of one kind that are logged.
const maxShown = 5

func TestPerturbations(t *testing.T) {
	papers := corpus(t)
	random := rand.New(rand.NewPCG(1, 2))
	found := rates{}
	shown := map[string]int{}
	show := func(what string, p *arxiv.Paper, c perturbed, findings []enrich.Finding) {
		if shown[c.kind]++; shown[c.kind] > maxShown {
			return
		}
		text := ""
		for _, f := range findings {
			text += "\n\t" + string(f.Severity) + ": " + string(f.Kind) + ": " + f.Message
		}
		t.Logf("%s: %s: %s %q by %s: claim %q by %q in %d:%s", what, c.kind, p.ID, p.Title, p.Authors[0].Name, c.claim.Title, c.claim.FirstAuthor, c.claim.Year, text)
	}
	judge := func(p *arxiv.Paper, c perturbed) (findings []enrich.Finding, alarm bool) {
		findings = Check(Cited{Citation: seeds.Citation{ID: p.ID, Claim: c.claim}}, FitClaim(c.claim, p), c.meant)
		return findings, slices.ContainsFunc(findings, func(f enrich.Finding) bool { return f.Severity != enrich.SeverityInfo })
	}
	for n, p := range papers {
		for _, c := range rightClaims(p, n) {
			findings, alarm := judge(p, c)
			found.count(c.kind, alarm)
			found.count("right: all", alarm)
			if alarm {
				show("false alarm", p, c, findings)
			}
		}
		for _, c := range wrongClaims(p, n, papers, random) {
			_, want, _ := strings.Cut(c.kind, ": ")
			findings, _ := judge(p, c)
			hit := slices.ContainsFunc(findings, func(f enrich.Finding) bool { return strings.Contains(want, string(f.Kind)) })
			found.count(c.kind, hit)
			if !hit {
				show("missed", p, c, findings)
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(found)) {
		t.Logf("%-60s %6d of %6d  %5.1f%%", kind, found[kind].hits, found[kind].all, found[kind].percent())
	}
	if len(papers) < 300 {
		t.Errorf("only %d papers", len(papers))
	}
	for kind, r := range found {
		least, promised := promises[kind]
		switch {
		case strings.HasPrefix(kind, "right: "):
			if most := mostFalse(kind); r.percent() > most {
				t.Errorf("%s: %d of %d are false alarms, want at most %g%%", kind, r.hits, r.all, most)
			}
		case !promised:
			t.Errorf("%s: no rate is promised", kind)
		case r.percent() < least:
			t.Errorf("%s: %d of %d found, want at least %g%%", kind, r.hits, r.all, least)
		}
	}
	for kind := range promises {
		if found[kind] == nil {
			t.Errorf("%s: never tried", kind)
		}
	}
}
