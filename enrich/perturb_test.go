package enrich

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"syncer/arxiv"
	"syncer/seeds"
)

// The perturbation benchmark: claims about papers with known truth, right in every way that people write them and wrong
// in every way, judged by CheckCitation. TestPerturbations holds the rates that the project promises; run it with -v to
// see the table.

// perturbed is one claim made from a paper.
type perturbed struct {
	kind  string
	claim seeds.Claim
}

// rightTitles are ways to write a title that are no mistake.
var rightTitles = []struct {
	kind  string
	write func(p *arxiv.Paper) string // "" when the title has no such form
}{
	{"as it is", func(p *arxiv.Paper) string { return p.Title }},
	{"lower case", func(p *arxiv.Paper) string { return strings.ToLower(p.Title) }},
	{"upper case", func(p *arxiv.Paper) string { return strings.ToUpper(p.Title) }},
	{"TeX braces", func(p *arxiv.Paper) string { return "{{" + strings.ReplaceAll(p.Title, " ", "} {") + "}}" }},
	{"TeX emphasis", func(p *arxiv.Paper) string { return `\emph{` + strings.ReplaceAll(p.Title, "&", `\&`) + `}.` }},
	{"HTML", func(p *arxiv.Paper) string { return "<i>" + strings.ReplaceAll(p.Title, "&", "&amp;") + "</i>" }},
	{"quotes and dot", func(p *arxiv.Paper) string { return "“" + p.Title + ".”" }},
	{"nickname in front", func(p *arxiv.Paper) string { return "FooNet: " + p.Title }},
	{"nickname, dash", func(p *arxiv.Paper) string { return "FooNet — " + p.Title }},
	{"acronym behind", func(p *arxiv.Paper) string { return p.Title + " (FooNet)" }},
	{"venue in brackets", func(p *arxiv.Paper) string { return "[NeurIPS 2022] " + p.Title }},
	{"hyphens as blanks", func(p *arxiv.Paper) string { return strings.ReplaceAll(p.Title, "-", " ") }},
	{"hyphens left out", func(p *arxiv.Paper) string { return strings.ReplaceAll(p.Title, "-", "") }},
	{"Unicode hyphens", func(p *arxiv.Paper) string { return strings.ReplaceAll(p.Title, "-", "‐") }},
	{"dash for colon", func(p *arxiv.Paper) string { return strings.ReplaceAll(p.Title, ": ", " – ") }},
	{"no colon", func(p *arxiv.Paper) string { return strings.ReplaceAll(p.Title, ":", "") }},
	{"subtitle dropped", func(p *arxiv.Paper) string {
		before, _, ok := strings.Cut(p.Title, ": ")
		if !ok {
			return ""
		}
		return before
	}},
	{"nickname dropped", func(p *arxiv.Paper) string {
		_, after, _ := strings.Cut(p.Title, ": ")
		return after
	}},
	{"cut short", func(p *arxiv.Paper) string {
		words := strings.Fields(p.Title)
		if len(words) < 7 {
			return ""
		}
		return strings.Join(words[:5], " ") + "…"
	}},
	{"phrase left out", func(p *arxiv.Paper) string {
		words := strings.Fields(p.Title)
		if len(words) < 8 {
			return ""
		}
		return strings.Join(slices.Concat(words[:3], words[5:]), " ")
	}},
	{"ampersand", func(p *arxiv.Paper) string {
		if !strings.Contains(p.Title, " and ") {
			return ""
		}
		return strings.ReplaceAll(p.Title, " and ", " & ")
	}},
	{"LLM for large language model", func(p *arxiv.Paper) string {
		if !strings.Contains(p.Title, "arge Language Model") {
			return ""
		}
		return strings.NewReplacer("Large Language Models", "LLMs", "Large Language Model", "LLM").Replace(p.Title)
	}},
	{"label", func(*arxiv.Paper) string { return "FooNet" }},
	{"label with number", func(*arxiv.Paper) string { return "Foo-3 (large)" }},
	{"translation", func(*arxiv.Paper) string { return "注意力就是你所需要的一切" }},
	{"none", func(*arxiv.Paper) string { return "" }},
}

// rightAuthors are ways to write the first author.
var rightAuthors = []struct {
	kind  string
	write func(given, family, second string) string
}{
	{"family", func(_, family, _ string) string { return family }},
	{"full", func(given, family, _ string) string { return given + " " + family }},
	{"family first, comma", func(given, family, _ string) string { return family + ", " + given }},
	{"family first", func(given, family, _ string) string { return family + " " + given }},
	{"initial", func(given, family, _ string) string { return given[:1] + ". " + family }},
	{"initial behind", func(given, family, _ string) string { return family + " " + given[:1] + "." }},
	{"BibTeX initial", func(given, family, _ string) string { return family + ", " + given[:1] + "." }},
	{"et al", func(_, family, _ string) string { return family + " et al." }},
	{"et al, comma", func(_, family, _ string) string { return family + ", et al" }},
	{"two", func(_, family, second string) string { return family + " and " + second }},
	{"two, ampersand", func(_, family, second string) string { return family + " & " + second }},
	{"list", func(given, family, second string) string {
		return given + " " + family + ", Some One, " + second + ", Any Other"
	}},
	{"BibTeX list", func(given, family, second string) string {
		return family + ", " + given + " and " + second + " and others"
	}},
	{"upper case", func(_, family, _ string) string { return strings.ToUpper(family) }},
	{"no accents", func(_, family, _ string) string { return arxiv.Key(family) }},
	{"house", func(_, _, _ string) string { return "Google Research" }},
	{"none", func(_, _, _ string) string { return "" }},
}

// corpus is the landmarks' true facts, as the replica has them.
func corpus(t testing.TB) []*arxiv.Paper {
	t.Helper()
	file, err := os.Open("../internal/replica/landmarks.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var papers []*arxiv.Paper
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct {
			ID       arxiv.ID
			Versions []struct {
				Version   int
				Submitted time.Time
				Title     string
				Authors   []arxiv.Author
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
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
	}
	if err := lines.Err(); err != nil || len(papers) == 0 {
		t.Fatal("no papers", err)
	}
	return papers
}

// rightClaims are every right way to write the title, with right ways to write the author.
func rightClaims(p *arxiv.Paper) []perturbed {
	family := familyOf(p.Authors[0].Name)
	given := strings.TrimSpace(strings.TrimSuffix(p.Authors[0].Name, family))
	second := ""
	if len(p.Authors) > 1 {
		second = familyOf(p.Authors[1].Name)
	}
	var claims []perturbed
	for i, t := range rightTitles {
		title := t.write(p)
		for j, a := range rightAuthors {
			// Every title with a fifth of the ways to write the author, each time other ones.
			if given == "" && a.kind != "none" || (i+j+len(p.Title))%5 != 0 {
				continue
			}
			author := ""
			if given != "" {
				author = a.write(given, family, second)
			}
			claims = append(claims, perturbed{"right: title " + t.kind, seeds.Claim{Title: title, FirstAuthor: author, Year: p.Published.Year()}})
			claims = append(claims, perturbed{"right: author " + a.kind, seeds.Claim{Title: title, FirstAuthor: author, Year: p.Submitted.Year() + 1}})
		}
	}
	return claims
}

var inventedAuthors = []string{"Thistlewood", "Abernathy", "Quackenbush", "Vandersloot", "Okonkwo-Hale", "Petrosyan", "Ingvarsdottir", "Mbeki", "Tran-Lopez", "Hargreaves"}

// wrongClaims are claims that are wrong in one way each; the string after the colon is the kind that should be found.
func wrongClaims(p *arxiv.Paper, all []*arxiv.Paper, r *rand.Rand) []perturbed {
	var claims []perturbed
	add := func(kind string, c seeds.Claim) { claims = append(claims, perturbed{kind, c}) }
	first := familyOf(p.Authors[0].Name)
	year := p.Published.Year()
	for range 6 {
		other := all[r.IntN(len(all))]
		if other == p {
			continue
		}
		family := familyOf(other.Authors[0].Name)
		if fitAuthor(family, p) == authorNowhere {
			add("other paper: wrong-paper", seeds.Claim{Title: other.Title, FirstAuthor: other.Authors[0].Name, Year: other.Published.Year()})
			add("other paper, family and et al.: wrong-paper", seeds.Claim{Title: other.Title, FirstAuthor: family + " et al.", Year: other.Published.Year()})
		}
		if contentWords(other.Title) >= 4 {
			add("other paper, no author: wrong-paper", seeds.Claim{Title: other.Title})
		}
		a, b := strings.Fields(p.Title), strings.Fields(other.Title)
		if len(a) >= 4 && len(b) >= 4 {
			add("merged titles: title-differs", seeds.Claim{Title: strings.Join(append(slices.Clone(a[:len(a)/2]), b[len(b)/2:]...), " "), FirstAuthor: first, Year: year})
		}
	}
	for range 3 {
		add("invented first author: author-differs", seeds.Claim{Title: p.Title, FirstAuthor: inventedAuthors[r.IntN(len(inventedAuthors))] + " et al.", Year: year})
	}
	if len(p.Authors) > 1 {
		if second := p.Authors[1].Name; !nameFits(familyOf(second), p.Authors[0].Name) && fitAuthor(second, p) == authorListed {
			add("second author first: author-differs", seeds.Claim{Title: p.Title, FirstAuthor: second, Year: year})
		}
	}
	add("year off by 3: year-differs", seeds.Claim{Title: p.Title, FirstAuthor: first, Year: year - 3})
	add("year off by 3: year-differs", seeds.Claim{Title: p.Title, FirstAuthor: first, Year: p.Submitted.Year() + 3})
	if words := strings.Fields(p.Title); len(words) >= 5 {
		for i, w := range words {
			if len(w) > 4 && unicode.IsLetter(rune(w[0])) && !strings.ContainsAny(w, ":?") && i > 0 {
				changed := slices.Clone(words)
				changed[i] = "Kangaroo"
				add("one word changed: title-differs", seeds.Claim{Title: strings.Join(changed, " "), FirstAuthor: first, Year: year})
				break
			}
		}
	}
	return claims
}

// alarm is the worst that was found: the kind of the first finding of the worst severity.
func alarms(findings []Finding) (kinds []string, alarm bool) {
	for _, f := range findings {
		kinds = append(kinds, f.Kind)
		alarm = alarm || f.Severity != SeverityInfo
	}
	return kinds, alarm
}

func TestPerturbations(t *testing.T) {
	papers := corpus(t)
	r := rand.New(rand.NewPCG(1, 2))
	type rate struct{ hits, all int }
	rates := map[string]*rate{}
	count := func(kind string, hit bool) {
		if rates[kind] == nil {
			rates[kind] = &rate{}
		}
		rates[kind].all++
		if hit {
			rates[kind].hits++
		}
	}
	var falseAlarms []string
	for _, p := range papers {
		for _, c := range rightClaims(p) {
			findings := CheckCitation(Cited{Citation: seeds.Citation{ID: p.ID, Claim: c.claim}}, p, "")
			_, alarm := alarms(findings)
			count(c.kind, alarm)
			count("right: all", alarm)
			if alarm && len(falseAlarms) < 20 {
				falseAlarms = append(falseAlarms, fmt.Sprintf("%s: %s: claim %+v: %s", p.ID, c.kind, c.claim, findings[0].Message))
			}
		}
		for _, c := range wrongClaims(p, papers, r) {
			_, want, _ := strings.Cut(c.kind, ": ")
			kinds, _ := alarms(CheckCitation(Cited{Citation: seeds.Citation{ID: p.ID, Claim: c.claim}}, p, ""))
			hit := slices.Contains(kinds, want)
			count(c.kind, hit)
			if !hit {
				t.Logf("missed: %s: %s (%s): claim %+v: found %v", c.kind, p.ID, p.Title, c.claim, kinds)
			}
		}
	}
	for _, kind := range slices.Sorted(mapsKeys(rates)) {
		t.Logf("%-45s %5d of %5d  %5.1f%%", kind, rates[kind].hits, rates[kind].all, 100*float64(rates[kind].hits)/float64(rates[kind].all))
	}
	atMost := func(kind string, percent int) {
		if r := rates[kind]; r == nil || r.hits*100 > r.all*percent {
			t.Errorf("%s: %+v, want at most %d%%", kind, *r, percent)
		}
	}
	atLeast := func(kind string, percent int) {
		if r := rates[kind]; r == nil || r.hits*100 < r.all*percent {
			t.Errorf("%s: %+v, want at least %d%%", kind, *r, percent)
		}
	}
	atMost("right: all", 1)
	atLeast("other paper: wrong-paper", 98)
	atLeast("other paper, family and et al.: wrong-paper", 98)
	atLeast("invented first author: author-differs", 98)
	atLeast("year off by 3: year-differs", 98)
	atLeast("one word changed: title-differs", 98)
	for _, text := range falseAlarms {
		t.Log("false alarm: " + text)
	}
}

func mapsKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
