package citation

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// Findings is all that one citation gives cause for: what happened to the paper, and what the list says of it. Of
// an identifier that is another paper only that is said, since nothing else is about the paper that was meant. For the
// arguments see PaperFindings and Check.
func Findings(now time.Time, cited Cited, fit Fit, unknownAt time.Time, events []Event, meant arxiv.ID) []enrich.Finding {
	if fit.p != nil {
		cited.Citation.Claim = fit.claim
	}
	findings := PaperFindings(now, cited, fit.p, unknownAt, events)
	if fit.p == nil {
		for i := range findings {
			if meant != "" {
				findings[i].Suggestion = string(meant)
				findings[i].Message += fmt.Sprintf("; %q is %s", cited.Citation.Claim.Title, meant)
			}
		}
	} else if checked := Check(cited, fit, meant); len(checked) == 1 && checked[0].Kind == enrich.KindWrongPaper {
		findings = checked
	} else {
		findings = append(findings, checked...)
	}
	return slices.DeleteFunc(findings, func(f enrich.Finding) bool { return enrich.IsIgnored(cited.Citation.Ignored, f.Kind) })
}

// Judged is a citation with what Findings found.
type Judged struct {
	Cited
	Held     bool // its paper is held, so that each claim has been compared with the record
	Findings []enrich.Finding
}

// Row is an entry of a table that leads elsewhere than to arXiv: a paper that is not there, for all we know.
type Row struct{ Section, Title string }

// ShareMistakes finds the citations of a list that make the mistake of another one: where an entry with a title shows that
// the identifier is another paper, a mention of the same identifier by the name in front of that title ("MMR1" for "MMR1:
// Advancing …") is wrong too. It has the entry's finding then, and no other.
func ShareMistakes(judged []Judged) {
	type mistake struct {
		id   arxiv.ID
		name string
	}
	wrong := map[mistake]enrich.Finding{}
	for _, j := range judged {
		if len(j.Findings) == 1 && j.Findings[0].Kind == enrich.KindWrongPaper {
			if name, _, ok := readForm(plainTitle(j.Citation.Claim.Title)).front(); ok {
				wrong[mistake{j.Citation.ID, name.joined}] = j.Findings[0]
			}
		}
	}
	if len(wrong) == 0 {
		return
	}
	for i, j := range judged {
		f, ok := wrong[mistake{j.Citation.ID, readForm(withoutBrackets(plainTitle(j.Citation.Claim.Title))).joined}]
		if ok && !j.blamed(enrich.KindWrongPaper) && !enrich.IsIgnored(j.Citation.Ignored, enrich.KindWrongPaper) {
			f.Line, f.Column = j.Citation.Line, j.Citation.Column
			judged[i].Findings = []enrich.Finding{f}
		}
	}
}

// CheckList judges a list against itself: two claims about one paper that cannot both be meant, the same citation twice,
// and what a heading announces. judged are the citations of one list in its order; a claim that is known to be wrong is not
// also told to contradict the right one.
func CheckList(judged []Judged, elsewhere []Row) []enrich.Finding {
	var l listChecker
	mentions := map[arxiv.ID][]mention{}
	section := 0
	for i, j := range judged {
		if i > 0 && j.Citation.Section != judged[i-1].Citation.Section {
			section++
		}
		now := mention{j, section}
		for _, earlier := range mentions[j.Citation.ID] {
			l.compare(earlier, now)
		}
		if len(mentions[j.Citation.ID]) < maxCompared {
			mentions[j.Citation.ID] = append(mentions[j.Citation.ID], now)
		}
	}
	l.headings(judged, elsewhere)
	return l.findings
}

// mention is a citation and the number of its section: two sections may have one heading.
type mention struct {
	Judged
	section int
}

// maxCompared bounds the mentions of one paper that later ones are compared with.
const maxCompared = 16

// blamed says whether a claim of that kind, or the whole citation, is known to be wrong.
func (j Judged) blamed(kind enrich.Kind) bool {
	return slices.ContainsFunc(j.Findings, func(f enrich.Finding) bool {
		return f.Severity != enrich.SeverityInfo && (f.Kind == kind || f.Kind == enrich.KindWrongPaper)
	})
}

type listChecker struct{ findings []enrich.Finding }

// add completes a remark about a list, at a citation that stands for it. Its key is made of the parts given, not of the claim.
func (l *listChecker) add(at Cited, f enrich.Finding, keyParts ...string) {
	if enrich.IsIgnored(at.Citation.Ignored, f.Kind) {
		return
	}
	f.Severity = enrich.SeverityInfo
	finder := finder{cited: at, subject: string(at.Citation.ID)}
	finder.place(f, keyParts...)
	l.findings = append(l.findings, finder.findings...)
}

// compare names both places of a contradiction, at the later one. Which of the two is wrong, if any, is Check's
// business: two years can both be right.
func (l *listChecker) compare(earlier, later mention) {
	a, b := earlier.Citation.Claim, later.Citation.Claim
	line := earlier.Citation.Line
	contradicts := func(kind enrich.Kind, format string, is bool, here, there string) bool {
		if !is || earlier.blamed(kind) || later.blamed(kind) {
			return false
		}
		pair := []string{arxiv.Key(here), arxiv.Key(there)}
		slices.Sort(pair) // the same key whichever comes first in the list
		l.add(later.Cited, enrich.Finding{
			Kind: enrich.KindInconsistent, Claimed: here, Actual: there,
			Message: fmt.Sprintf(format+" here, "+format+" on line %d", here, there, line),
		}, append(pair, string(kind))...)
		return true
	}
	year := contradicts(enrich.KindYearDiffers, "%s", a.Year != 0 && b.Year != 0 && a.Year != b.Year, strconv.Itoa(b.Year),
		strconv.Itoa(a.Year))
	title := contradicts(enrich.KindTitleDiffers, "%q", !later.Held && otherTitles(a.Title, b.Title), b.Title, a.Title)
	author := contradicts(enrich.KindAuthorDiffers, "%s", otherNames(a.FirstAuthor, b.FirstAuthor), b.FirstAuthor, a.FirstAuthor)
	if !year && !title && !author && earlier.section == later.section && sameMention(earlier.Citation, later.Citation) {
		l.add(later.Cited, enrich.Finding{
			Kind: enrich.KindDuplicate, Claimed: later.Citation.AsWritten, Message: fmt.Sprintf("cited already on line %d", line),
		})
	}
}

// otherTitles says whether two claims are titles of two papers. Short names of one paper may have no word in common, and
// where the record is held it has been asked about both already.
func otherTitles(a, b string) bool {
	return min(len(bareWords(a)), len(bareWords(b))) > labelWords && fitTitle(a, b, "") >= titleNear && fitTitle(b, a, "") >= titleNear
}

// otherNames says whether two claims name two people as first author.
func otherNames(a, b string) bool {
	first, second := firstOf(a), firstOf(b)
	return first != "" && second != "" && !nameFits(a, second) && !nameFits(b, first) && !organisation(strings.Fields(arxiv.Key(first))) &&
		!organisation(strings.Fields(arxiv.Key(second)))
}

// listColumn is how far from the start of its line an identifier in a list of nothing but identifiers stands: "- arXiv:…".
const listColumn = 8

// sameMention: the same section says the same of the paper again, and says enough to be an entry and no mention in
// passing: a title; or, where nothing is ever claimed (plain lists), an identifier alone.
func sameMention(a, b seeds.Citation) bool {
	switch {
	case a.Version != b.Version || a.Key != b.Key && (a.Key == "" || b.Key == ""):
		return false
	case a.Claim.Title != "" || b.Claim.Title != "":
		return arxiv.Key(a.Claim.Title) == arxiv.Key(b.Claim.Title)
	}
	return a.Claim.FirstAuthor == b.Claim.FirstAuthor && a.Claim.Year == b.Claim.Year && a.Column == b.Column && a.Column < listColumn &&
		a.Line != b.Line
}

// announced finds "30 essential papers" in a heading; a year is no count.
var announced = regexp.MustCompile(`(?i)\b(\d{1,3})\+?\s+(?:\pL+[\s-]+){0,3}papers?\b`)

var chronological = regexp.MustCompile(`(?i)\b(?:reverse[\s-]+)?chronological(?:ly)?\b|\b(?:sorted|ordered)\s+by\s+(?:date|time|year)\b`)

// headings checks what the heading of a section says of the section. A section may hold papers that are not on arXiv, so
// only more papers than announced are told; and only a section in which all papers but one or two are in order by
// identifier is told to be out of order.
func (l *listChecker) headings(judged []Judged, elsewhere []Row) {
	var sections [][]Judged
	numbered := 0 // headings that begin with a number: it is the section's
	for start := 0; start < len(judged); {
		end := start + 1
		for end < len(judged) && judged[end].Citation.Section == judged[start].Citation.Section {
			end++
		}
		if heading := judged[start].Citation.Section; heading != "" && heading[0] >= '0' && heading[0] <= '9' {
			numbered++
		}
		sections = append(sections, judged[start:end])
		start = end
	}
	for _, section := range sections {
		section = distinct(section)
		heading := section[0].Citation.Section
		if chronological.MatchString(heading) {
			l.order(section, heading)
		}
		m := announced.FindStringSubmatchIndex(heading)
		if m == nil || m[0] == 0 && numbered > 1 || strings.Contains(heading[m[0]:m[1]], "+") {
			continue
		}
		papers := len(section)
		for _, row := range elsewhere {
			if row.Section == heading && row.Title != "" {
				papers++
			}
		}
		if n, _ := strconv.Atoi(heading[m[2]:m[3]]); n >= 3 && papers > n {
			at := section[0].Cited
			for _, j := range section {
				at.Citation.ID = min(at.Citation.ID, j.Citation.ID) // whichever paper comes first in the list
			}
			l.add(at, enrich.Finding{
				Kind: enrich.KindInconsistent, Claimed: strconv.Itoa(n), Actual: strconv.Itoa(papers),
				Message: fmt.Sprintf("the heading %q announces %d papers, here are %d", heading, n, papers),
			}, "count", heading)
		}
	}
}

// distinct are the first mentions of each paper.
func distinct(section []Judged) []Judged {
	seen := map[arxiv.ID]bool{}
	var first []Judged
	for _, j := range section {
		if !seen[j.Citation.ID] {
			seen[j.Citation.ID] = true
			first = append(first, j)
		}
	}
	return first
}

// order tells the papers that stand out of a chronological order, either way, compared by month of identifier.
func (l *listChecker) order(section []Judged, heading string) {
	month := func(j Judged) int { return j.Citation.ID.Year()*12 + j.Citation.ID.Month() }
	var up, down []Judged
	for i := 1; i < len(section); i++ {
		switch before, now := month(section[i-1]), month(section[i]); {
		case now < before:
			up = append(up, section[i])
		case now > before:
			down = append(down, section[i])
		}
	}
	out := up
	if len(down) < len(up) {
		out = down
	}
	if len(section) < 5 || len(out) == 0 || len(out) > 2 {
		return
	}
	for _, j := range out {
		l.add(j.Cited, enrich.Finding{
			Kind: enrich.KindInconsistent, Message: fmt.Sprintf("out of the order that the heading %q announces", heading),
		}, "order")
	}
}
