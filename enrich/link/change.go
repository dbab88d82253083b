package link

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"syncer/arxiv"
)

// How much of two pages' shingles must be the same. Measured: a sentence edited leaves 0.95 and more, a page replaced
// 0.00; the Off-Topic Memento Toolkit's best threshold for "about something else" is 0.04. Between them lies ordinary
// editing over years (for three of four references the text of today is not the text that was cited: Jones et al. 2016),
// which is no news.
const (
	sameText    = 0.9  // the same page but for what is different on every answer
	otherText   = 0.1  // another page, when its title is another too
	foreignText = 0.02 // another page, unless it bears the very same title
)

// minWords is how many words two pages must have for their likeness to mean anything.
const minWords = 20

// similarity estimates the share of shingles that two texts have in common, 0 to 1, from their sketches.
func (p *Page) similarity(q *Page) float64 {
	if p.Masked == q.Masked {
		return 1
	}
	k := min(sketchSize, len(p.Sketch)+len(q.Sketch))
	i, j, union, both := 0, 0, 0, 0
	for union < k && (i < len(p.Sketch) || j < len(q.Sketch)) {
		union++
		switch {
		case j == len(q.Sketch) || i < len(p.Sketch) && p.Sketch[i] < q.Sketch[j]:
			i++
		case i == len(p.Sketch) || q.Sketch[j] < p.Sketch[i]:
			j++
		default:
			i, j, both = i+1, j+1, both+1
		}
	}
	if union == 0 {
		return 0
	}
	return float64(both) / float64(union)
}

// another says why a page is about something else than it was, or nothing. The text alone does not decide: the front page
// of a group has other news every month, and a new design rearranges everything under the old title. It takes the title
// or the domain to speak against the page as well.
func another(old, now *Page, oldURL, nowURL string) string {
	if now == nil {
		return ""
	}
	if now.Parked && (old == nil || !old.Parked) {
		return "the domain is offered for sale"
	}
	if old == nil || old.Text == now.Text {
		return ""
	}
	switch {
	case !IsText(old.Type) && now.IsHTML():
		return fmt.Sprintf("was %s, is a web page now%s", fileKind(old.Type), titled(now))
	case old.IsHTML() && !IsText(now.Type) && now.Type != anyType:
		return fmt.Sprintf("was a web page%s, is %s now", titled(old), fileKind(now.Type))
	case !IsText(old.Type) && !IsText(now.Type):
		return anotherFile(old, now)
	case !IsText(old.Type) || !IsText(now.Type):
		return ""
	}
	moved := site(Host(oldURL)) != site(Host(nowURL))
	alike := titleLikeness(old.Title, now.Title)
	likeness := old.similarity(now)
	switch {
	case moved && alike < 0.5 && likeness < 0.25:
		return fmt.Sprintf("leads to %s now%s%s", Host(nowURL), titled(now), was(old))
	case now.Script || old.Words < minWords || now.Words < minWords:
		return hardlyAnything(old, now)
	case likeness < otherText && alike < 0.5, likeness < foreignText && alike < 1:
		return fmt.Sprintf("another page now%s%s", titled(now), was(old))
	}
	return ""
}

// longWords is how many words a page has that does not shrink to a line by editing.
const longWords = 100

// serviceTitle is what pages are called that stand in for another for a while.
var serviceTitle = regexp.MustCompile(
	`(?i)log.?in|sign.?in|wait|loading|moment|maintenance|error|unavailable|redirect|forbidden|denied|not found|soon`,
)

// hardlyAnything says why a long page that is a line of text now is another one, or nothing. So few words cannot be compared:
// it takes a title of two words or more, none of them the old one's, or nothing at all. What a script has yet to write is not known.
func hardlyAnything(old, now *Page) string {
	switch {
	case now.Script || old.Script || old.Words < longWords || !now.IsHTML():
	case now.Words == 0 && now.Title == "":
		return "an empty page now" + was(old)
	case len(namingWords(now.Title)) >= 2 && titleLikeness(old.Title, now.Title) == 0 && !serviceTitle.MatchString(now.Title):
		return fmt.Sprintf("another page now, of %d words%s%s", now.Words, titled(now), was(old))
	}
	return ""
}

// pdfType is what papers are; anyType is what servers say of files that they do not know.
const pdfType, anyType = "application/pdf", "application/octet-stream"

// fileGrowth is how many times as long, or as short, a file is when it is hardly the same any more: a revision of a paper
// adds pages, another paper has another length altogether.
const fileGrowth = 2

// anotherFile says why a file is another one, whose beginning is known to differ. That alone is no sign: a PDF file has the
// day of its making in it, and a new version of the same paper is no news.
func anotherFile(old, now *Page) string {
	if (now.Type == pdfType) != (old.Type == pdfType) && now.Type != anyType && old.Type != anyType {
		return fmt.Sprintf("was %s, is %s now", fileKind(old.Type), fileKind(now.Type))
	}
	if old.Length > 0 && now.Length > 0 && (now.Length >= fileGrowth*old.Length || old.Length >= fileGrowth*now.Length) {
		return fmt.Sprintf("another file now: %d bytes, was %d", now.Length, old.Length)
	}
	return ""
}

// titleLikeness is the share of words that two titles have in common; two absent titles say
// nothing for the page (0), one alone nothing against it (1).
func titleLikeness(a, b string) float64 {
	words, others := namingWords(a), namingWords(b)
	if len(words) == 0 && len(others) == 0 {
		return 0
	}
	if len(words) == 0 || len(others) == 0 {
		return 1
	}
	both := 0
	for _, word := range words {
		if slices.Contains(others, word) {
			both++
		}
	}
	return float64(both) / float64(len(words)+len(others)-both)
}

// namingWords are the words of a page's title, each once, without numbers: those of visitors, dates and versions change.
func namingWords(title string) []string {
	words := strings.Fields(arxiv.Key(title))
	slices.Sort(words)
	words = slices.Compact(words)
	return slices.DeleteFunc(words, func(word string) bool { return strings.ContainsFunc(word, unicode.IsDigit) })
}

func titled(p *Page) string {
	if p.Title == "" {
		return ""
	}
	return fmt.Sprintf(", titled %q", p.Title)
}

func was(p *Page) string {
	if p.Title == "" {
		return ""
	}
	return fmt.Sprintf(" (was %q)", p.Title)
}

func fileKind(media string) string {
	if media == pdfType {
		return "a PDF file"
	}
	return "a file (" + media + ")"
}
