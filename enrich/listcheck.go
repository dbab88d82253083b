package enrich

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/seeds"
)

// CitationFindings is all that one citation gives cause for: what happened to the paper, and what the list says of it. Of
// an identifier that is another paper only that is said, since nothing else is about the paper that was meant. p is nil
// when the paper was never had; for the other arguments see PaperFindings and CheckCitation.
func CitationFindings(now time.Time, cited Cited, p *arxiv.Paper, unknownAt time.Time, events []Event, meant arxiv.ID) []Finding {
	findings := PaperFindings(now, cited, p, unknownAt, events)
	if p == nil {
		for i := range findings {
			if meant != "" {
				findings[i].Suggestion = string(meant)
				findings[i].Message += fmt.Sprintf("; %q is %s", cited.Citation.Claim.Title, meant)
			}
		}
	} else if checked := CheckCitation(cited, p, meant); len(checked) == 1 && checked[0].Kind == KindWrongPaper {
		findings = checked
	} else {
		findings = append(findings, checked...)
	}
	return slices.DeleteFunc(findings, func(f Finding) bool { return ignored(cited.Citation, f.Kind) })
}

func ignored(c seeds.Citation, kind string) bool {
	return slices.Contains(c.Ignored, kind) || slices.Contains(c.Ignored, seeds.IgnoreAll)
}

// Collate makes findings with the same key one, at the first place, which names the other lines.
func Collate(findings []Finding) []Finding {
	var collated []Finding
	first := map[string]int{}
	lines := map[string][]string{}
	for _, f := range findings {
		i, ok := first[f.Key]
		if !ok {
			first[f.Key] = len(collated)
			collated = append(collated, f)
			continue
		}
		if line := strconv.Itoa(f.Line); f.Line != collated[i].Line && !slices.Contains(lines[f.Key], line) {
			lines[f.Key] = append(lines[f.Key], line)
		}
	}
	for i := range collated {
		if also := lines[collated[i].Key]; len(also) > 0 {
			collated[i].Message += " (also line " + strings.Join(also, ", ") + ")"
		}
	}
	return collated
}

// CheckList judges a list against itself: two claims about one paper that cannot both be meant, the same citation twice,
// and what a heading announces. cited are the citations of one list in its order, found what CitationFindings found of
// each: a claim that is known to be wrong is not also told to contradict the right one.
func CheckList(cited []Cited, found [][]Finding) []Finding {
	var l listChecker
	mentions := map[arxiv.ID][]mention{}
	for i, c := range cited {
		now := mention{c, wrongClaimsOf(found[i])}
		for _, earlier := range mentions[c.Citation.ID] {
			l.compare(earlier, now)
		}
		if len(mentions[c.Citation.ID]) < maxCompared {
			mentions[c.Citation.ID] = append(mentions[c.Citation.ID], now)
		}
	}
	l.headings(cited)
	return l.findings
}

// maxCompared bounds the mentions of one paper that later ones are compared with.
const maxCompared = 16

// mention is a citation and which of its claims are known to be wrong, by kind of finding.
type mention struct {
	Cited
	wrong map[string]bool
}

func wrongClaimsOf(findings []Finding) map[string]bool {
	var wrong map[string]bool
	for _, f := range findings {
		if f.Severity != SeverityInfo {
			if wrong == nil {
				wrong = map[string]bool{}
			}
			wrong[f.Kind] = true
		}
	}
	return wrong
}

type listChecker struct{ findings []Finding }

func (l *listChecker) add(kind string, at Cited, claimed, actual, message string, keyParts ...string) {
	if ignored(at.Citation, kind) {
		return
	}
	subject := string(at.Citation.ID)
	l.findings = append(l.findings, Finding{
		Key: key(append([]string{kind, at.List, subject}, keyParts...)...), Kind: kind, Severity: SeverityInfo, Subject: subject, List: at.List,
		Line: at.Citation.Line, Column: at.Citation.Column, Claimed: claimed, Actual: actual, Message: message,
	})
}

// compare names both places of a contradiction, at the later one. Which of the two is wrong, if any, is CheckCitation's
// business: two years can both be right.
func (l *listChecker) compare(earlier, later mention) {
	a, b := earlier.Citation.Claim, later.Citation.Claim
	blamed := func(kind string) bool {
		return earlier.wrong[kind] || later.wrong[kind] || earlier.wrong[KindWrongPaper] || later.wrong[KindWrongPaper]
	}
	line := earlier.Citation.Line
	contradicts := false
	if a.Year != 0 && b.Year != 0 && a.Year != b.Year && !blamed(KindYearDiffers) {
		contradicts = true
		l.add(KindInconsistent, later.Cited, strconv.Itoa(b.Year), strconv.Itoa(a.Year), fmt.Sprintf("%d here, %d on line %d", b.Year, a.Year, line), "year", strconv.Itoa(a.Year), strconv.Itoa(b.Year))
	}
	if a.Title != "" && b.Title != "" && !blamed(KindTitleDiffers) && fitTitle(a.Title, b.Title, "") >= titleNear && fitTitle(b.Title, a.Title, "") >= titleNear && !sharesNickname(a.Title, b.Title) {
		contradicts = true
		l.add(KindInconsistent, later.Cited, b.Title, a.Title, fmt.Sprintf("%q here, %q on line %d", b.Title, a.Title, line), "title", arxiv.Key(a.Title), arxiv.Key(b.Title))
	}
	if a.FirstAuthor != "" && b.FirstAuthor != "" && !blamed(KindAuthorDiffers) && !nameFits(a.FirstAuthor, firstOf(b.FirstAuthor)) && !nameFits(b.FirstAuthor, firstOf(a.FirstAuthor)) &&
		!organisation(strings.Fields(arxiv.Key(firstOf(a.FirstAuthor)))) && !organisation(strings.Fields(arxiv.Key(firstOf(b.FirstAuthor)))) {
		contradicts = true
		l.add(KindInconsistent, later.Cited, b.FirstAuthor, a.FirstAuthor, fmt.Sprintf("%s here, %s on line %d", b.FirstAuthor, a.FirstAuthor, line), "author", arxiv.Key(a.FirstAuthor), arxiv.Key(b.FirstAuthor))
	}
	if !contradicts && sameMention(earlier.Citation, later.Citation) {
		l.add(KindDuplicate, later.Cited, later.Citation.AsWritten, "", fmt.Sprintf("cited already on line %d", line))
	}
}

// sharesNickname: "RoFormer/RoPE" and "RoFormer: Enhanced …" are two ways to speak of one paper.
func sharesNickname(a, b string) bool {
	x, y := titleWords(a), titleWords(b)
	return len(x) > 0 && len(y) > 0 && x[0] == y[0]
}

// sameMention: the same section says the same of the paper again, and says enough to be an entry and no mention in
// passing: a title; or, where nothing is ever claimed (plain lists), nothing in both.
func sameMention(a, b seeds.Citation) bool {
	if a.Section != b.Section || a.Version != b.Version || a.Key != b.Key && (a.Key == "" || b.Key == "") {
		return false
	}
	if a.Claim.Title == "" && b.Claim.Title == "" {
		return a.Claim == b.Claim && a.Column == b.Column && a.Line != b.Line
	}
	return arxiv.Key(a.Claim.Title) == arxiv.Key(b.Claim.Title)
}

// announced finds "30 essential papers" in a heading; a year is no count.
var announced = regexp.MustCompile(`(?i)\b(\d{1,3})\+?\s+(?:\pL+[\s-]+){0,3}papers?\b`)

var chronological = regexp.MustCompile(`(?i)\b(?:reverse[\s-]+)?chronological(?:ly)?\b|\b(?:sorted|ordered)\s+by\s+(?:date|time|year)\b`)

// headings checks what the heading of a section says of the section. A section may hold papers that are not on arXiv, so
// only more papers than announced are told; and only a section in which all papers but one or two are in order by
// identifier is told to be out of order.
func (l *listChecker) headings(cited []Cited) {
	for start := 0; start < len(cited); {
		end := start + 1
		for end < len(cited) && cited[end].Citation.Section == cited[start].Citation.Section {
			end++
		}
		section := distinct(cited[start:end])
		heading := cited[start].Citation.Section
		if m := announced.FindStringSubmatch(heading); m != nil && !strings.Contains(m[0], "+") {
			if n, _ := strconv.Atoi(m[1]); n >= 3 && len(section) > n {
				l.add(KindInconsistent, section[0], strconv.Itoa(n), strconv.Itoa(len(section)),
					fmt.Sprintf("the heading %q announces %d papers, here are %d", heading, n, len(section)), "count", heading)
			}
		}
		if chronological.MatchString(heading) {
			l.order(section, heading)
		}
		start = end
	}
}

// distinct are the first mentions of each paper.
func distinct(cited []Cited) []Cited {
	seen := map[arxiv.ID]bool{}
	var first []Cited
	for _, c := range cited {
		if !seen[c.Citation.ID] {
			seen[c.Citation.ID] = true
			first = append(first, c)
		}
	}
	return first
}

// order tells the papers that stand out of a chronological order, either way, compared by month of identifier.
func (l *listChecker) order(section []Cited, heading string) {
	month := func(c Cited) int { return c.Citation.ID.Year()*12 + c.Citation.ID.Month() }
	var up, down []Cited
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
	for _, c := range out {
		l.add(KindInconsistent, c, "", "", fmt.Sprintf("out of the order that the heading %q announces", heading), "order")
	}
}
