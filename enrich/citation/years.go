package citation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"syncer/arxiv"
	"syncer/enrich"
)

// checkYear accepts what a careful person may write: the year of any version (arXiv's own BibTeX prints the newest one's,
// arxiv-browse cite.py), that of the identifier, that of the journal reference or in the DOI. Between the first and a year
// after the last of these a venue's year can lie, and nobody can tell of a paper with a DOI that names no year: info.
func (c *checker) checkYear() {
	years := acceptedYears(c.p)
	claimed := strconv.Itoa(c.claim.Year)
	if c.claim.Year == 0 || len(years) == 0 || slices.Contains(years, c.claim.Year) ||
		slices.ContainsFunc(c.p.DOIs, func(doi string) bool { return yearInDOI(doi, claimed) }) {
		return
	}
	first, last := years[0], years[len(years)-1]
	if c.claim.Venue != "" && c.claim.Year > first && c.claim.Year <= last+venueYears {
		return
	}
	actual := strconv.Itoa(c.p.Published.UTC().Year())
	if c.p.Published.IsZero() {
		actual = strconv.Itoa(first)
	}
	if c.claim.Year > first && c.claim.Year <= last+1 || len(c.p.DOIs) > 0 && len(yearsIn(c.p.JournalRef)) == 0 {
		c.add(enrich.Finding{
			Kind: enrich.KindYearDiffers, Severity: enrich.SeverityInfo, Claimed: claimed, Actual: actual,
			Message: fmt.Sprintf("submitted in %s; %s may be the year of its publication", yearsText(years), claimed),
		})
		return
	}
	suggestion := ""
	if c.names() {
		suggestion = actual
	}
	c.add(enrich.Finding{
		Kind: enrich.KindYearDiffers, Severity: enrich.SeverityWarning, Claimed: claimed, Actual: actual, Suggestion: suggestion,
		Message: fmt.Sprintf("submitted in %s, not %s", yearsText(years), claimed),
	})
}

// venueYears is how long after its last version a paper may appear where the list says that it did.
const venueYears = 5

// yearContradicts says whether no careful person would write the claimed year beside the paper.
func (c *checker) yearContradicts() bool {
	years := acceptedYears(c.p)
	return c.claim.Year != 0 && len(years) > 0 && (c.claim.Year < years[0] || c.claim.Year > years[len(years)-1]+venueYears)
}

// yearInDOI: "10.1109/NYSDS.2019.8909784", "10.1007/JHEP05(2020)123".
func yearInDOI(doi, year string) bool {
	_, suffix, _ := strings.Cut(doi, "/")
	return slices.Contains(strings.FieldsFunc(suffix, func(r rune) bool { return strings.ContainsRune("./-_()", r) }), year)
}

// acceptedYears are in ascending order, each once.
func acceptedYears(p *arxiv.Paper) []int {
	years := []int{p.ID.Year()}
	if !p.Published.IsZero() {
		years = append(years, p.Published.UTC().Year(), p.Submitted.UTC().Year())
	}
	for _, v := range p.Versions {
		if !v.Submitted.IsZero() {
			years = append(years, v.Submitted.UTC().Year())
		}
	}
	years = append(years, yearsIn(p.JournalRef)...)
	years = slices.DeleteFunc(years, func(y int) bool { return y < 1900 })
	slices.Sort(years)
	return slices.Compact(years)
}

// yearsIn finds the four-digit years of a journal reference: "Phys. Rev. D 76, 013009 (2007)".
func yearsIn(text string) []int {
	var years []int
	for _, number := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) }) {
		if y, err := strconv.Atoi(number); err == nil && len(number) == 4 && y >= 1985 && y < 2100 {
			years = append(years, y)
		}
	}
	return years
}

func yearsText(years []int) string {
	texts := make([]string, len(years))
	for i, y := range years {
		texts[i] = strconv.Itoa(y)
	}
	return strings.Join(texts, ", ")
}
