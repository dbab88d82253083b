// Package citation holds what a list says of a paper against the paper. A claim (title, first author, year, version) and the
// paper in all its versions come in; findings go out, and corrections of the list's own text. It knows nothing of links
// and asks nobody: whether an identifier means another paper is told to it.
//
// citation.go is the judgement of one citation: FitClaim says how title (title.go, titlewords.go, wordmatch.go) and author
// (authorfit.go, names.go) stand to the paper, Check makes findings of it. findings.go is what happened to the paper,
// listcheck.go what a list says twice. slips.go is how to search for the paper that was meant. correct.go, correctid.go,
// reword.go and complete.go edit the list, byte by byte, where the right text is certain.
package citation

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/record"
	"syncer/seeds"
)

// Fit is how a claim stands to a paper: its title and its first author, to all versions.
type Fit struct {
	claim  seeds.Claim
	p      *arxiv.Paper
	title  titleFit
	author authorFit
	// otherPaper: the text around the citation is a reference to another paper, whatever was read as its title.
	otherPaper bool
}

// FitClaim compares a claim with a paper, which is nil when it was never had. What goes on behind the title ("…, NeurIPS
// 2017") is a remark, but by other people it is another title ("…: A Survey").
func FitClaim(claim seeds.Claim, p *arxiv.Paper) Fit {
	if p == nil {
		return Fit{claim: claim, title: titleOther}
	}
	f := Fit{claim: claim, p: p, title: bestTitle(claim.Title, p), author: fitAuthor(claim.FirstAuthor, p)}
	if f.title == titleLonger && f.author == authorNowhere {
		f.title = titleNear
	} else if f.title == titleLonger {
		f.title = titleSame
	}
	return f
}

// Claim is what the list claims, as far as the text around the citation bears it out (see FitCitation).
func (f Fit) Claim() seeds.Claim { return f.claim }

// Doubtful says whether it is worth looking for the paper that the claim means: the identifier is unknown, or the title is
// not the paper's; and the claim says enough to tell papers apart.
func (f Fit) Doubtful() bool {
	if f.claim.Title == "" || f.title == titleSame || f.title == titleForeign || f.title == titleShort ||
		f.title == titleLabel && labelFits(f.claim.Title, f.p) {
		return false
	}
	n := contentWords(f.claim.Title)
	return n >= 3 || n == 2 && f.claim.FirstAuthor != ""
}

// names says whether the claimed title names the paper, so that another claim that contradicts it is wrong, and not the
// identifier.
func (f Fit) names() bool {
	switch f.title {
	case titleSame, titleShort:
		return true
	case titleLabel:
		return contentWords(f.claim.Title) > 0 && labelFits(f.claim.Title, f.p)
	}
	return false
}

// IsMeant says whether a paper found by its title is the one that the claim names: title and first author both fit. A
// claim without an author names it by its whole title.
func IsMeant(claim seeds.Claim, p *arxiv.Paper) bool {
	f := FitClaim(claim, p)
	switch {
	case f.title != titleSame:
		return false
	case f.author == authorUnclaimed:
		return contentWords(claim.Title) >= 4
	}
	return f.author == authorFirst || f.author == authorOlder
}

// Check judges what a list says of a paper: identity first, then title, first author, year and version against
// that record and all its versions. meant is the paper that the claim names in truth (see Fit.Doubtful), empty when none
// is known; with it, a wrong identifier is certain and has a suggestion.
//
// Precision goes before recall: a false error costs the trust in all the true ones. So an error needs title and author
// to speak against the paper, or the paper that was meant.
func Check(cited Cited, fit Fit, meant arxiv.ID) []enrich.Finding {
	cited.Citation.Claim = fit.claim
	c := checker{finder: finder{cited: cited, subject: string(cited.Citation.ID)}, Fit: fit}
	if c.isWrongPaper(meant) {
		return c.findings
	}
	c.checkTitle()
	c.checkAuthor()
	c.checkYear()
	c.checkVersion()
	return c.findings
}

type checker struct {
	finder
	Fit
}

// add completes a finding about one claim: the same wrong claim has the same key wherever in the list it stands.
func (c *checker) add(f enrich.Finding) { c.place(f, arxiv.Key(f.Claimed)) }

// bestTitle is the best fit over all versions. Nothing claimed fits as a label does.
func bestTitle(claim string, p *arxiv.Paper) titleFit {
	if claim == "" {
		return titleLabel
	}
	best := fitTitle(claim, p.Title, p.Abstract)
	for _, v := range p.Versions {
		if v.HasText && best != titleSame && (v.Title != p.Title || v.Abstract != p.Abstract) {
			best = min(best, fitTitle(claim, v.Title, v.Abstract))
		}
	}
	return best
}

// isWrongPaper decides on identity:
//   - another paper is known that has the title and the author: certain.
//   - the title is another one and the first author is on no version: two independent claims against the record.
//   - the title is another one, has nothing in common with title or abstract of any version, and the author does not
//     speak for the paper.
//   - a short name of two words or more that neither title nor abstract gives, and an author who is on no version.
//   - a short name that has nothing in common with the paper, with a venue of a year in which the paper was not there.
//   - the text around the citation is a reference that has no word of the title and no author of any version.
func (c *checker) isWrongPaper(meant arxiv.ID) bool {
	suggestion := ""
	switch {
	case meant != "" && meant != c.p.ID:
		suggestion = string(meant)
	case c.otherPaper:
	case c.claim.Title == "":
		return false
	case c.title == titleOther && c.author == authorNowhere:
	case c.title == titleOther && (c.author == authorUnclaimed || c.author == authorListed) && c.nothingInCommon():
	case c.title == titleLabel && c.claim.Venue != "" && c.yearContradicts() && c.author == authorUnclaimed &&
		!labelFits(c.claim.Title, c.p) && c.nothingInCommon():
	case c.title == titleLabel && c.author == authorNowhere && contentWords(c.claim.Title) >= 2 && !labelFits(c.claim.Title, c.p):
	default:
		return false
	}
	message := fmt.Sprintf("%s is %q by %s, not %q", c.p.ID, c.p.Title, authorsText(c.p.Authors), cmp.Or(c.claim.Title, claimText(c.claim)))
	if suggestion != "" {
		message += "; that is " + suggestion
	}
	c.add(enrich.Finding{
		Kind: enrich.KindWrongPaper, Severity: enrich.SeverityError, Claimed: claimText(c.claim), Actual: paperText(c.p),
		Suggestion: suggestion, Message: message,
	})
	return true
}

// nothingInCommon: a full title of which hardly a word is in the titles and less than half in the abstracts, and not the
// first one, which may be a name that the abstract gives. Without an author to speak against the paper this is all there
// is, so the bar is high: every version must be held, since one of them may have had the title; and the claim must look
// like a title, since the text of a link may be any sentence.
func (c *checker) nothingInCommon() bool {
	least, tell := 4, 3
	if c.claim.Venue != "" && c.yearContradicts() {
		least, tell = 2, 2 // the year is another claim against the paper
	}
	if contentWords(c.claim.Title) < least || !looksLikeTitle(c.claim.Title) && c.claim.Venue == "" || heldTexts(c.p) < c.p.Version {
		return false
	}
	claim := bareWords(c.claim.Title)
	check := func(title, abstract string) bool {
		titleHas, abstractHas := titleWords(plainTitle(title)), titleWords(plainTitle(abstract))
		inTitle, n := telling(claim, titleHas)
		inAbstract, _ := telling(claim, abstractHas)
		first, _ := telling(claim[:1], abstractHas)
		return n >= tell && inTitle*5 <= n && inAbstract*2 < n && first == 0
	}
	return check(c.p.Title, c.p.Abstract) &&
		!slices.ContainsFunc(c.p.Versions, func(v arxiv.Version) bool { return v.HasText && !check(v.Title, v.Abstract) })
}

// looksLikeTitle tells a title from a sentence: most of its meaningful words are capitalised, or it has a colon.
func looksLikeTitle(text string) bool {
	capitals, meaningful := 0, 0
	for _, word := range strings.Fields(plainTitle(text)) {
		if stopWords[strings.ToLower(word)] || strings.IndexFunc(word, unicode.IsLetter) < 0 {
			continue // nor does a number say which it is: "Llama 2"
		}
		meaningful++
		if strings.IndexFunc(word, unicode.IsUpper) >= 0 {
			capitals++
		}
	}
	return capitals*3 >= meaningful*2 || strings.Contains(text, ": ")
}

// labelFits says whether a short name speaks for any version.
func labelFits(label string, p *arxiv.Paper) bool {
	if speaksFor(label, p.Title, p.Abstract) {
		return true
	}
	return slices.ContainsFunc(p.Versions, func(v arxiv.Version) bool { return v.HasText && speaksFor(label, v.Title, v.Abstract) })
}

// checkTitle: a title of an older version is PaperFindings' business; here the title fits none.
func (c *checker) checkTitle() {
	switch c.title {
	case titleShort:
		if leftOut := wordsLeftOut(c.claim.Title, c.p.Title); leftOut != "" {
			c.add(enrich.Finding{
				Kind: enrich.KindTitleDiffers, Severity: enrich.SeverityInfo, Claimed: c.claim.Title, Actual: c.p.Title,
				Suggestion: c.p.Title, Message: fmt.Sprintf("the title is %q; left out: %s", c.p.Title, leftOut),
			})
		}
	case titleNear, titleOther:
		words, suggestion := "", "" // of another title nobody knows whether it or the identifier is wrong
		if c.title == titleNear {
			words, suggestion = differingWords(c.claim.Title, c.p.Title), c.p.Title
		}
		if words == "" {
			words = fmt.Sprintf(", not %q", c.claim.Title)
		}
		severity := enrich.SeverityWarning
		if c.title == titleOther && !looksLikeTitle(c.claim.Title) && c.author != authorNowhere {
			severity = enrich.SeverityInfo // the text of a link may be any words about a paper
		}
		c.add(enrich.Finding{
			Kind: enrich.KindTitleDiffers, Severity: severity, Claimed: c.claim.Title, Actual: c.p.Title, Suggestion: suggestion,
			Message: fmt.Sprintf("the title is %q", c.p.Title) + words,
		})
	}
}

// wordsLeftOut quotes the words of the title that the claim has not.
func wordsLeftOut(claim, title string) string {
	var leftOut []string
	for _, d := range differences(claim, title) {
		if d.title != "" {
			leftOut = append(leftOut, strconv.Quote(d.title))
		}
	}
	return strings.Join(leftOut, ", ")
}

// maxQuotedDifferences bounds how many differing words a message quotes; more of them are plain from the two titles.
const maxQuotedDifferences = 3

// differingWords quotes the words that differ, when they are few: `; the list has "with" for "from"`.
func differingWords(claim, title string) string {
	var parts []string
	for _, d := range differences(claim, title) {
		switch {
		case d.title == "":
			parts = append(parts, strconv.Quote(d.claim)+" too much")
		case d.claim == "":
			parts = append(parts, "not "+strconv.Quote(d.title))
		default:
			parts = append(parts, strconv.Quote(d.claim)+" for "+strconv.Quote(d.title))
		}
	}
	if len(parts) == 0 || len(parts) > maxQuotedDifferences {
		return ""
	}
	return "; the list has " + strings.Join(parts, ", ")
}

// checkAuthor: an author of an older version is PaperFindings' business.
func (c *checker) checkAuthor() {
	if len(c.p.Authors) == 0 {
		return
	}
	first := c.p.Authors[0].Name
	claimed := firstOf(c.claim.FirstAuthor)
	differs := func(severity enrich.Severity, message string) {
		suggestion := ""
		if c.names() {
			suggestion = RenameAuthor(c.claim.FirstAuthor, first)
		}
		c.add(enrich.Finding{
			Kind: enrich.KindAuthorDiffers, Severity: severity, Claimed: c.claim.FirstAuthor, Actual: first, Suggestion: suggestion,
			Message: message,
		})
	}
	switch c.author {
	case authorFirst, authorOlder:
		if second := coauthorOf(c.claim.FirstAuthor); second != "" && !c.canBeAuthor(second) {
			c.add(enrich.Finding{
				Kind: enrich.KindAuthorDiffers, Severity: enrich.SeverityWarning, Claimed: c.claim.FirstAuthor,
				Actual: record.AuthorNames(c.p.Authors), Message: fmt.Sprintf("%s is not an author%s", second, inVersions(c.p)),
			})
		}
	case authorMisspelt:
		differs(enrich.SeverityWarning, fmt.Sprintf("the first author is %s, not %s", first, claimed))
	case authorListed:
		differs(enrich.SeverityInfo, fmt.Sprintf("%s is an author, but not the first; that is %s", claimed, first))
	case authorNowhere:
		differs(enrich.SeverityWarning, fmt.Sprintf("%s is not an author%s; the first is %s", claimed, inVersions(c.p), first))
	}
}

// canBeAuthor says whether a further name is on the paper, or nothing that the paper could refute.
func (c *checker) canBeAuthor(name string) bool {
	words := strings.Fields(arxiv.Key(name))
	return placeholderNames[strings.Join(words, " ")] || organisation(words) ||
		slices.ContainsFunc(c.p.Authors, isOrganisation) && len(c.p.Authors) == 1 ||
		onPaper(name, c.p)
}

// heldTexts counts the versions of which title and authors are held, the newest among them.
func heldTexts(p *arxiv.Paper) int {
	held := 1
	for _, v := range p.Versions {
		if v.HasText && v.Number < p.Version {
			held++
		}
	}
	return held
}

// inVersions tells how far an absence was checked.
func inVersions(p *arxiv.Paper) string {
	held := heldTexts(p)
	switch {
	case p.Version > 1 && held == p.Version:
		return fmt.Sprintf(" of any of the %d versions", p.Version)
	case p.Version > 1:
		return fmt.Sprintf(" of the versions held (%d of %d)", held, p.Version)
	}
	return ""
}

// checkVersion: an explicit version that is not the newest, or that there is none of.
func (c *checker) checkVersion() {
	v := c.cited.Citation.Version
	switch {
	case v == 0 || v == c.p.Version || c.p.Version == 0:
	case v > c.p.Version:
		c.add(enrich.Finding{
			Kind: enrich.KindUnknownID, Severity: enrich.SeverityError, Claimed: c.p.ID.Versioned(v),
			Actual: c.p.ID.Versioned(c.p.Version), Message: fmt.Sprintf("%s has no v%d; the newest is v%d", c.p.ID, v, c.p.Version),
		})
	default:
		c.add(enrich.Finding{
			Kind: enrich.KindOutdated, Severity: enrich.SeverityInfo, Claimed: record.VersionText(v),
			Actual:  record.VersionText(c.p.Version),
			Message: fmt.Sprintf("v%d is cited, v%d is current%s", v, c.p.Version, changedAfter(c.p, v)),
		})
	}
}

// changedAfter says in a few words what the versions after v changed.
func changedAfter(p *arxiv.Paper, v int) string {
	var fields []string
	for _, diff := range record.DiffVersions(*p) {
		field := diff.Field
		if diff.FirstAuthor {
			field = "first author"
		}
		if diff.To > v && !slices.Contains(fields, field) {
			fields = append(fields, field)
		}
	}
	if len(fields) == 0 {
		return ""
	}
	return "; changed since: " + strings.Join(fields, ", ")
}

func claimText(claim seeds.Claim) string {
	text := claim.Title
	switch {
	case claim.FirstAuthor == "":
	case text == "":
		text = "the paper by " + claim.FirstAuthor
	default:
		text += " (" + claim.FirstAuthor + ")"
	}
	return text
}

func paperText(p *arxiv.Paper) string { return fmt.Sprintf("%s (%s)", p.Title, authorsText(p.Authors)) }

func authorsText(authors []arxiv.Author) string {
	switch len(authors) {
	case 0:
		return "nobody named"
	case 1:
		return authors[0].Name
	}
	return authors[0].Name + " et al."
}
