package citation

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// lineStyle writes a paper as a line of a Markdown list; authors are those to be named and id is what is cited.
type lineStyle struct {
	name  string
	write func(title string, authors []string, year int, id arxiv.ID) string
}

func nameParts(name string) (given []string, family string) {
	words := strings.Fields(name)
	n := len(words) - 1
	for n > 1 && unicode.IsLower([]rune(words[n-1])[0]) { // a particle
		n--
	}
	return words[:n], strings.Join(words[n:], " ")
}

func initialsFirst(name string) string {
	given, family := nameParts(name)
	text := ""
	for _, g := range given {
		text += string([]rune(g)[0]) + ". "
	}
	return text + family
}

func initialsBehind(name string) string {
	given, family := nameParts(name)
	text := family + ","
	for _, g := range given {
		text += " " + string([]rune(g)[0]) + "."
	}
	return text
}

func vancouver(name string) string {
	given, family := nameParts(name)
	text := family + " "
	for _, g := range given {
		if !unicode.IsUpper([]rune(g)[0]) || len(text) > len(family)+2 {
			continue
		}
		text += string([]rune(g)[0])
	}
	return text
}

func eachName(names []string, most int, last, others string, write func(string) string) string {
	var all []string
	for _, name := range names[:min(len(names), most)] {
		all = append(all, write(name))
	}
	if len(names) > most {
		return strings.Join(all, ", ") + others
	}
	if len(all) == 1 {
		return all[0]
	}
	return strings.Join(all[:len(all)-1], ", ") + last + all[len(all)-1]
}

func asIs(s string) string { return s }

var lineStyles = []lineStyle{
	{"APA", func(title string, authors []string, year int, id arxiv.ID) string {
		return fmt.Sprintf("%s (%d). %s. *arXiv preprint* arXiv:%s", eachName(authors, 6, ", & ", ", et al.", initialsBehind), year, title, id)
	}},
	{"MLA", func(title string, authors []string, year int, id arxiv.ID) string {
		return fmt.Sprintf("%s \"%s.\" *arXiv preprint arXiv:%s* (%d).", eachName(authors, 1, "", ", et al.", initialsBehind), title, id, year)
	}},
	{"Chicago", func(title string, authors []string, year int, id arxiv.ID) string {
		return fmt.Sprintf("%s. %d. \"%s.\" https://arxiv.org/abs/%s.", eachName(authors, 7, ", and ", ", et al", asIs), year, title, id)
	}},
	{"IEEE", func(title string, authors []string, year int, id arxiv.ID) string {
		return fmt.Sprintf("%s, \"%s,\" in *NeurIPS*, %d. [[arXiv](https://arxiv.org/abs/%s)]", eachName(authors, 3, ", and ", " et al.", initialsFirst), title, year, id)
	}},
	{"Vancouver", func(title string, authors []string, year int, id arxiv.ID) string {
		return fmt.Sprintf("%s. %s. arXiv:%s. %d.", eachName(authors, 6, ", ", ", et al", vancouver), title, id, year)
	}},
	{"ACM", func(title string, authors []string, year int, id arxiv.ID) string {
		return fmt.Sprintf("[12] %s. %d. %s. arXiv:%s", eachName(authors, 5, ", and ", ", et al", asIs), year, title, id)
	}},
	{"linked title, by", func(title string, authors []string, year int, id arxiv.ID) string {
		return fmt.Sprintf("[%s](https://arxiv.org/abs/%s) by %s (%d)", title, id, eachName(authors, 2, ", ", " et al.", asIs), year)
	}},
	{"linked title, names in italics", func(title string, authors []string, year int, id arxiv.ID) string {
		return fmt.Sprintf("[**%s.**](https://arxiv.org/abs/%s) _%s._ ICLR %d.", title, id, eachName(authors, 9, ", ", "", asIs), year)
	}},
	{"plain title, year, names", func(title string, authors []string, year int, id arxiv.ID) string {
		return fmt.Sprintf("%s (%d), %s [[pdf]](https://arxiv.org/pdf/%s)", title, year, eachName(authors, 1, "", " et al.", initialsFirst), id)
	}},
	{"venue, plain title, link", func(title string, authors []string, year int, id arxiv.ID) string {
		return fmt.Sprintf("(ICLR %d) %s [Paper](https://arxiv.org/abs/%s)", year, title, id)
	}},
}

// namesOfPeople are the authors' names as lists write them; nil when there is a house among them or a name of one word.
func namesOfPeople(p *arxiv.Paper) (names []string) {
	for _, author := range p.Authors {
		if isOrganisation(author) || len(strings.Fields(author.Name)) < 2 || strings.ContainsAny(author.Name, "(,") {
			return nil
		}
		names = append(names, author.Name)
	}
	return names
}

// TestWholeLines is the perturbation benchmark over whole lines: right ones and wrong ones in ten styles, written, read as a
// list and judged.
func TestWholeLines(t *testing.T) {
	var papers []*arxiv.Paper
	for _, p := range corpus(t) {
		if len(namesOfPeople(p)) > 0 {
			papers = append(papers, p)
		}
	}
	found, shown := rates{}, map[string]int{}
	for _, style := range lineStyles {
		for n, p := range papers {
			names, year := namesOfPeople(p), p.Published.Year()
			other := papers[(n+len(papers)/2)%len(papers)]
			invented := append([]string{"Maja Thistlewood"}, names[1:]...)
			for _, c := range []struct {
				kind, line string
				is         func(f enrich.Finding) bool
				want       bool
			}{
				{"right", style.write(arxiv.Text(p.Title), names, year, p.ID), isAlarm, false},
				{"wrong paper", style.write(arxiv.Text(other.Title), namesOfPeople(other), other.Published.Year(), p.ID), isKind(enrich.KindWrongPaper), true},
				{"wrong first author", style.write(arxiv.Text(p.Title), invented, year, p.ID), isKind(enrich.KindAuthorDiffers), true},
			} {
				if style.name == "venue, plain title, link" && c.kind == "wrong first author" {
					continue // it names none
				}
				list, err := seeds.Read("l.md", seeds.Markdown, []byte("# Papers\n\n- "+c.line+"\n"))
				if err != nil || len(list.Citations) != 1 {
					t.Fatalf("%s: %d citations, %v", c.line, len(list.Citations), err)
				}
				cited := Cited{Citation: list.Citations[0]}
				findings := Check(cited, FitCitation(cited.Citation, p), "")
				hit := slices.ContainsFunc(findings, c.is)
				kind := c.kind + ", " + style.name
				found.count(kind, hit)
				if shown[kind]++; hit != c.want && shown[kind] < 400 && found[kind].all < 400 {
					t.Logf("%s: %s\n\tclaim %q by %q in %d\n\t%+v", kind, c.line, cited.Citation.Claim.Title, cited.Citation.Claim.FirstAuthor, cited.Citation.Claim.Year, findings)
				}
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(found)) {
		r := found[kind]
		t.Logf("%-55s %5d of %5d  %5.1f%%", kind, r.hits, r.all, r.percent())
		switch most, least := 0.5, 97.0; {
		case strings.HasPrefix(kind, "right"):
			if r.percent() > most {
				t.Errorf("%s: %.1f%% false alarms", kind, r.percent())
			}
		case strings.HasPrefix(kind, "wrong first author"):
			least = 95
			fallthrough
		default:
			if r.percent() < least {
				t.Errorf("%s: %.1f%% found", kind, r.percent())
			}
		}
	}
}

func isAlarm(f enrich.Finding) bool { return f.Severity != enrich.SeverityInfo }

func isKind(kind enrich.Kind) func(enrich.Finding) bool {
	return func(f enrich.Finding) bool { return f.Kind == kind }
}
