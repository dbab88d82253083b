package export

import (
	"strconv"
	"strings"
	"time"

	"syncer/arxiv"
)

// citation is what every bibliographic format says of a paper: one reading, so that no two formats disagree.
type citation struct {
	Key     string
	Title   string
	Authors []name
	Others  bool // the author list ends with "et al."
	// Year is always there; Month and Day are 0 for a paper that is dated by its journal reference.
	Year, Month, Day int
	Venue            venue
	Note             string // what a reader must know: a withdrawal, a journal reference that could not be read
	DOI              string // bare: the journal's, else arXiv's own
	Published        bool   // in a journal or proceedings, as far as arXiv was told
	ID               arxiv.ID
	URL              string
	Version          int // 0 when unknown
	Primary          string
	Categories       []string
}

func (o Options) cite(p Paper, key string) citation {
	c := citation{
		Key: key, Title: plain(p.Title), ID: p.ID, URL: p.ID.URL(0), Version: p.Version,
		Primary: plain(p.PrimaryCategory), Categories: plainAll(p.Categories), Venue: readVenue(p.JournalRef),
	}
	if c.Title == "" {
		c.Title = "arXiv:" + string(p.ID)
	}
	for i, a := range p.Authors {
		if i > 0 && i == len(p.Authors)-1 && isOthers(a.Name) {
			c.Others = true
		} else if n := splitName(a.Name); n != (name{}) {
			c.Authors = append(c.Authors, n)
		}
	}
	c.dated(p, o.Year)
	dois := bareDOIs(p.DOIs)
	c.Published = len(dois) > 0 || plain(p.JournalRef) != ""
	c.DOI = append(dois, "10.48550/arXiv."+string(p.ID))[0]
	var notes []string
	if p.Withdrawn {
		notes = append(notes, "Withdrawn")
	}
	if reference := plain(p.JournalRef); reference != "" && c.Venue.Kind == noVenue {
		notes = append(notes, reference)
	}
	c.Note = strings.Join(notes, ". ")
	return c
}

// dated sets the date: the journal's year when it has one, else the submission that the policy names.
func (c *citation) dated(p Paper, policy YearPolicy) {
	if year, err := strconv.Atoi(c.Venue.Year); err == nil && c.Venue.Kind != noVenue {
		c.Year = year
		return
	}
	submitted := p.Published
	if policy == YearOfLatest && !p.Submitted.IsZero() {
		submitted = p.Submitted
	}
	if submitted.IsZero() {
		c.Year, c.Month = p.ID.Year(), p.ID.Month()
		return
	}
	year, month, day := submitted.In(time.UTC).Date()
	c.Year, c.Month, c.Day = year, int(month), day
}

// bareDOIs are the DOIs that the authors gave, bare.
func bareDOIs(given []string) []string {
	var out []string
	for _, field := range given {
		out = append(out, arxiv.DOIsIn(plain(field))...)
	}
	return out
}

// date is the date as ISO 8601, as exact as it is known: 2017-06-12, 2017-06, 2017.
func (c citation) date() string {
	s := strconv.Itoa(c.Year)
	for _, part := range []int{c.Month, c.Day} {
		if part == 0 {
			break
		}
		s += "-" + twoDigits(part)
	}
	return s
}

func twoDigits(n int) string { return string([]byte{'0' + byte(n/10%10), '0' + byte(n%10)}) }

// pages joins first and last page with dash; an article number stands alone.
func (v venue) pages(dash string) string {
	if v.Last == "" {
		return v.First
	}
	return v.First + dash + v.Last
}
