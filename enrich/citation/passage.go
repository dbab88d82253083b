package citation

import (
	"slices"
	"strconv"
	"strings"

	"syncer/arxiv"
	"syncer/seeds"
)

// FitCitation compares what a list says of a paper with the paper, and reads the text around the citation against the
// record: the identifier is known, so the true title and authors are known too. Where they stand in the text, they are the
// claim, whatever the reader of the list took for it: a heading, a venue, the work that was spoken of before.
func FitCitation(c seeds.Citation, p *arxiv.Paper) Fit {
	if p == nil || c.Passage.Text == "" {
		return FitClaim(c.Claim, p)
	}
	r := newReading(c, p)
	f := FitClaim(r.title(c.Claim), p)
	f = FitClaim(r.author(f), p)
	f.claim = r.year(f.claim)
	f.otherPaper = r.isOtherPaper(f)
	return f
}

// reading is a passage in words, beside the record.
type reading struct {
	p      *arxiv.Paper
	own    string
	words  []string // of the part that belongs to the mention, as titles compare
	titles []heldTitle
}

type heldTitle struct {
	title   string
	authors []arxiv.Author
}

func newReading(c seeds.Citation, p *arxiv.Paper) reading {
	text := c.Passage.Text
	from, to := min(c.Passage.From, len(text)), min(c.Passage.To, len(text))
	r := reading{p: p, own: text[from:max(from, to)], titles: []heldTitle{{p.Title, p.Authors}}}
	r.words = titleWords(withoutArticles(plainTitle(r.own)))
	for _, v := range p.Versions {
		if v.HasText && v.Title != p.Title {
			r.titles = append(r.titles, heldTitle{v.Title, v.Authors})
		}
	}
	return r
}

// title is the claim with the paper's own title where that stands in the text, outside of what was taken for the title: a
// title that has the paper's in it ("…: A Survey") is its reader's business.
func (r reading) title(claim seeds.Claim) seeds.Claim {
	if fit := bestTitle(claim.Title, r.p); claim.Title != "" && (fit <= titleForeign || fit == titleShort || fit == titleLonger) {
		return claim
	}
	words := r.words
	if claimed := titleWords(withoutArticles(plainTitle(claim.Title))); len(claimed) > 0 {
		if at := runOf(words, claimed); at >= 0 {
			for _, v := range r.titles {
				// The reader stopped too early: at a full stop or a quotation mark inside of the title.
				if whole := readTruth(v.title).whole.words; len(whole) > len(claimed) && runOf(whole, claimed) >= 0 && runOf(words, whole) >= 0 {
					claim.Title, claim.TitleSpan = v.title, seeds.Span{}
					return claim
				}
			}
			words = slices.Concat(words[:at], []string{""}, words[at+len(claimed):])
		}
	}
	for _, v := range r.titles {
		truth := readTruth(v.title)
		for _, form := range []form{truth.whole, truth.bare, {words: truth.whole.core()}} {
			if len(form.words) > labelWords && standsJoined(words, form.words) || len(form.words) >= 3 && runOf(words, form.words) >= 0 {
				claim.Title, claim.TitleSpan = v.title, seeds.Span{}
				return claim
			}
		}
	}
	return claim
}

// author is the claim without an author who is no claim: a word of the title, or a name that stands behind those of the
// paper. Where the first one is misspelt and the second is not, the misspelt one is the claim: "S. Loffe and C. Szegedy".
func (r reading) author(f Fit) seeds.Claim {
	claim := f.claim
	if len(r.p.Authors) == 0 {
		return claim
	}
	words := strings.Fields(arxiv.Key(r.own))
	claimed := strings.Fields(arxiv.Key(claim.FirstAuthor))
	first := runOf(words, familyWords(r.p.Authors[0].Name))
	switch {
	case f.author == authorNowhere && slices.ContainsFunc(r.titles, func(v heldTitle) bool {
		return standsIn(strings.Fields(arxiv.Key(v.title)), claimed)
	}):
		claim.FirstAuthor, claim.Authors, claim.AuthorSpan = "", nil, seeds.Span{}
	case f.author == authorNowhere && first >= 0 && first < runOf(words, claimed):
		claim.FirstAuthor, claim.Authors, claim.AuthorSpan = "", nil, seeds.Span{}
	case claim.FirstAuthor == "" && first < 0 && len(r.p.Authors) > 1:
		second := runOf(words, familyWords(r.p.Authors[1].Name))
		for i := max(0, second-maxNameWords); i < second; i++ {
			if misspelt(words[i], r.p.Authors[0].Name) {
				claim.FirstAuthor = r.asWritten(words[i])
				break
			}
		}
	}
	return claim
}

// maxNameWords is how many words may lie between two authors: given names, initials, a particle, "and".
const maxNameWords = 5

// asWritten is a word of the text as the list writes it.
func (r reading) asWritten(key string) string {
	for word := range strings.FieldsSeq(r.own) {
		word = strings.Trim(word, ".,;:()[]*_")
		if arxiv.Key(word) == key {
			return word
		}
	}
	return key
}

// year is the claim without a year that only the title has ("ImageNet 2012 …"), and without one beside which nothing is
// claimed: "Exercise 3 (2023). Read arXiv:2006.11239".
func (r reading) year(claim seeds.Claim) seeds.Claim {
	year := strconv.Itoa(claim.Year)
	if claim.Year == 0 || claim.Title == "" && claim.FirstAuthor == "" {
		claim.Year, claim.YearSpan = 0, seeds.Span{}
		return claim
	}
	most := 0
	for _, v := range r.titles {
		most = max(most, strings.Count(v.title, year))
	}
	if most > 0 && strings.Count(r.own, year) <= most {
		claim.Year, claim.YearSpan = 0, seeds.Span{}
	}
	return claim
}

// isOtherPaper says whether the text has the shape of a reference, an author with a title, a year or a venue, and nothing in
// it is of the paper: no telling word of its title in any version and none of its authors. All versions must be held, since
// one of them may have had the words.
func (r reading) isOtherPaper(f Fit) bool {
	if f.author != authorNowhere || f.claim.Title == "" && f.claim.Year == 0 && f.claim.Venue == "" || heldTexts(r.p) < r.p.Version {
		return false
	}
	words := strings.Fields(arxiv.Key(r.own))
	if len(words) < minReference {
		return false
	}
	for _, v := range r.titles {
		if found, all := telling(titleWords(plainTitle(v.title)), r.words); found > 0 || all < 2 {
			return false
		}
		for _, author := range v.authors {
			if family := familyWords(author.Name); len(family) > 0 && runOf(words, family) >= 0 {
				return false
			}
		}
	}
	if f.claim.Title != "" && labelFits(f.claim.Title, r.p) && contentWords(f.claim.Title) <= labelWords {
		return false
	}
	return contentWords(r.own) >= minReference
}

// minReference is how many words a reference has at least: a name, a year, and a title of some words.
const minReference = 6

// runOf is where words stand in a text one behind the other; -1 when they do not.
func runOf(text, words []string) int {
	if len(words) == 0 {
		return -1
	}
	for i := 0; i+len(words) <= len(text); i++ {
		if slices.Equal(text[i:i+len(words)], words) {
			return i
		}
	}
	return -1
}

// standsJoined is runOf for words that may be joined or parted otherwise: "pre training", "pretraining".
func standsJoined(text, words []string) bool {
	joined := strings.Join(words, "")
	for i := range text {
		rest := joined
		for _, word := range text[i:] {
			if word == "" || !strings.HasPrefix(rest, word) {
				break
			}
			if rest = rest[len(word):]; rest == "" {
				return true
			}
		}
	}
	return false
}
