package seeds

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"syncer/arxiv"
)

// How reference lists write the names in front of a title. A list keeps to one form.
const (
	familyName = `\p{Lu}[\p{L}\p{M}'’\x60-]+`
	families   = `(?:(?:van|von|der|den|de|di|da|la|le|dos|del|bin|al)\.? ){0,2}` + familyName + `(?: ` + familyName + `)?`
	initials   = `(?:\p{Lu}\.[ -]?){1,4}`
)

var (
	nameForms = []*regexp.Regexp{
		regexp.MustCompile(`^` + families + `, ?` + initials),                                                                                      // Vaswani, A. (APA, ACM)
		regexp.MustCompile(`^` + initials + `(?:\p{Ll}+ )?` + families),                                                                            // A. Vaswani (IEEE)
		regexp.MustCompile(`^` + familyName + `(?:[ -]` + familyName + `)? \p{Lu}{1,3}\b`),                                                         // Vaswani A (Vancouver)
		regexp.MustCompile(`^` + familyName + `(?: \p{Lu}\.)*(?: (?:van|von|der|den|de|di|da|la|le|dos|del|bin|al))*(?: ` + familyName + `){1,2}`), // Ashish Vaswani
	}
	inverted    = regexp.MustCompile(`^` + families + `, ` + familyName + `(?: \p{Lu}\.)*`) // Vaswani, Ashish: the first one of Chicago and MLA
	betweenTwo  = regexp.MustCompile(`^(?:[,;] ?(?:and |& )?| (?:and|&) )`)
	andOthers   = regexp.MustCompile(`^,? ?(?:and )?(?:et\.? al\b\.?|others\b|\.\.\.|…)`)
	datedBehind = regexp.MustCompile(`^[.,]? ?[(\[]((?:19|20)\d{2})[a-z]?(?:, [^()\[\]]{1,20})?[)\]][.,:]? ?|^[.,]? ?((?:19|20)\d{2})[a-z]?[.,:] `)
	parted      = regexp.MustCompile(`^[.,:] `)
	titleDated  = regexp.MustCompile(`[.,]? [(\[](?:19|20)\d{2}[)\]]`)
	endOfTitle  = regexp.MustCompile(`[.?!](?: |$)|,? [Ii]n:? (?:\p{Lu}|\d)`)
	leadGroup   = regexp.MustCompile(`^[(\[【][^()\[\]【】]{1,40}[)\]】][ :：.-]*`)
	leadNumber  = regexp.MustCompile(`^\d{1,3}[.)] `)
	leadDate    = regexp.MustCompile(`^(?:19|20)\d{2}(?:[./-]\d{1,2}){0,2} ?[-–—:.] ?`)
	trailing    = regexp.MustCompile(`(?i)(?:[\s.,;:|([\-–—]|\b(?:arxiv(?: preprint)?(?: e-prints)?|available(?: at)?|preprint|url|link|paper|pdf|doi)\b)+$`)
)

// reference is a reference as styles of citation set it.
type reference struct {
	title  string
	at     int // of the title in the text
	names  []string
	nameAt int
	year   int
	yearAt int
	venue  string
}

// authorsAt reads the names that a text begins with; end is where they end. One name alone, in the form of first name and
// family name, may be two words of a title: several is whether there are more, or "et al.".
func authorsAt(text string) (names []string, end int, several bool) {
	for i, form := range nameForms {
		names, end = nil, 0
		for rest := text; len(names) < 100; rest = text[end:] {
			gap := 0
			if len(names) > 0 {
				m := betweenTwo.FindString(rest)
				if m == "" {
					break
				}
				gap = len(m)
			}
			n := len(form.FindString(rest[gap:]))
			if n == 0 && len(names) == 0 && i == len(nameForms)-1 {
				n = len(inverted.FindString(rest))
			}
			if n == 0 {
				break
			}
			names = append(names, strings.TrimRight(rest[gap:gap+n], " "))
			end += gap + n
		}
		if len(names) == 0 {
			continue
		}
		more := andOthers.FindString(text[end:])
		return names, end + len(more), len(names) > 1 || more != ""
	}
	return nil, 0, false
}

// leadOf is how much of a text stands in front of a reference: its number, a date, a venue in brackets, signs.
func leadOf(text string) (start int) {
	for {
		rest := text[start:]
		trimmed := strings.TrimLeftFunc(rest, func(c rune) bool {
			return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune(`([【"“`, c)
		})
		start += len(rest) - len(trimmed)
		n := len(leadGroup.FindString(trimmed))
		if n == 0 {
			n = len(leadNumber.FindString(trimmed))
		}
		if n == 0 {
			n = len(leadDate.FindString(trimmed))
		}
		if n == 0 {
			return start
		}
		start += n
	}
}

// referenceIn reads a text as one reference: authors, year, title and venue in one of the orders of APA, ACM, IEEE,
// Vancouver and Chicago, or the title first. Title case alone makes a reference only in front of a link.
func referenceIn(text string, linked bool) (r reference, ok bool) {
	start := leadOf(text)
	text = text[:len(text)-len(trailing.FindString(text))]
	if start >= len(text) {
		return r, false
	}
	body := text[start:]
	names, end, several := authorsAt(body)
	if len(names) > 0 {
		rest := body[end:]
		m := datedBehind.FindStringSubmatchIndex(rest)
		switch {
		case m != nil:
			g := 2
			if m[g] < 0 {
				g = 4
			}
			r.year, _ = strconv.Atoi(rest[m[g]:m[g+1]])
			r.yearAt = start + end + m[g]
			rest = rest[m[1]:]
		case several || initial.MatchString(names[0]) || strings.Contains(names[0], ". "):
			behind := parted.FindString(rest)
			if behind == "" && !strings.HasSuffix(body[:end], ".") {
				names = nil
			}
			rest = rest[len(behind):]
		default:
			names = nil
		}
		if names != nil {
			rest = strings.TrimLeft(rest, ` "“`)
			at := len(text) - len(rest)
			title, behind := rest, ""
			if m := endOfTitle.FindStringIndex(rest); m != nil {
				title, behind = rest[:m[0]], rest[m[0]:]
			}
			title = strings.TrimRight(title, ` ,."”`)
			if titleLike(title) && strings.Count(title, " ") >= 1 && !nameList(title) {
				r.title, r.at, r.names, r.nameAt = title, at, names, start
				r.venue = strings.Trim(behind, " .,")
				return r, true
			}
			return reference{}, false
		}
	}
	if m := titleDated.FindStringIndex(body); m != nil {
		if title := strings.TrimRight(body[:m[0]], ` ,.`); standsAsTitle(title) {
			return reference{title: title, at: start}, true
		}
		return r, false
	}
	// "Title. A. Author, B. Author. Venue"
	if m := endOfTitle.FindStringIndex(body); m != nil && strings.HasPrefix(body[m[0]:], ". ") {
		title, behind := body[:m[0]], body[m[0]+2:]
		if names, _, several := authorsAt(behind); several && standsAsTitle(title) {
			return reference{title: title, at: start, names: names, nameAt: start + m[0] + 2}, true
		}
		return r, false
	}
	if !linked {
		return r, false
	}
	r = reference{at: start}
	if m := venueBehind.FindStringSubmatchIndex(body); m != nil && isVenue(arxiv.Key(body[m[2]:m[3]])) {
		r.venue = body[m[2]:m[3]]
		r.year, _ = strconv.Atoi(body[m[4]:m[5]])
		r.yearAt = start + m[4]
		body = body[:m[0]]
	}
	r.title = strings.TrimRight(body, " ,.")
	return r, standsAsTitle(r.title)
}

// venueBehind is a venue and a year that end a title: "Self-Instruct: Aligning …, ACL, 2023".
var venueBehind = regexp.MustCompile(`,? [(\[]?([\p{L} ]{2,30}),? ((?:19|20)\d{2})[)\]]?[ .,]*$`)

// standsAsTitle says whether words that nothing sets off can be a title and no sentence: they begin with a capital or a digit,
// they are more than a name, and most of the meaningful ones are capitalised or a colon parts a name from the rest.
func standsAsTitle(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	if !titleLike(s) || strings.Count(s, " ") < 2 || unicode.IsLower(first) || nameList(s) || strings.Contains(s, ". ") || len(s) > 250 {
		return false
	}
	capitals, meaningful := 0, 0
	for _, word := range strings.Fields(s) {
		word = strings.TrimFunc(word, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
		if len(word) < 4 && word == strings.ToLower(word) || word == "" {
			continue
		}
		meaningful++
		if strings.IndexFunc(word, unicode.IsUpper) >= 0 {
			capitals++
		}
	}
	name, _, named := strings.Cut(s, ": ")
	return meaningful >= 3 && (capitals*3 >= meaningful*2 || named && !strings.Contains(name, " "))
}

// reference is the reference that the text in front of the mention is, where nothing sets its title off.
func (p part) reference() (Claim, bool) {
	if len(p.e.cells) > 0 || p.begin <= p.from {
		return Claim{}, false
	}
	from := p.from
	for i := p.e.fragmentFrom(from); i < len(p.e.fragments) && p.e.fragments[i].end < p.begin; i++ {
		f := p.e.fragments[i]
		if key := arxiv.Key(p.e.text(f)); f.style == plain && key != "" || f.style == code || f.link >= 0 || key != "" && !isVenue(key) {
			break
		}
		from = f.end // **CVPR'23 Oral** in front of the title
	}
	text := p.text[from:p.begin]
	linked := p.link >= 0 && generic[arxiv.Key(p.e.linkText(p.link))]
	r, ok := referenceIn(strings.ReplaceAll(text, "\n", " "), linked)
	if !ok {
		return Claim{}, false
	}
	c := Claim{Title: strings.Join(strings.Fields(r.title), " "), TitleSpan: p.e.span(from+r.at, from+r.at+len(r.title)), Venue: r.venue}
	if len(r.names) > 0 {
		c.FirstAuthor = r.names[0]
		c.AuthorSpan = p.e.span(from+r.nameAt, from+r.nameAt+len(r.names[0]))
		if len(r.names) > 1 {
			c.Authors = r.names
		}
	}
	if r.year != 0 {
		c.Year, c.YearSpan = r.year, p.e.span(from+r.yearAt, from+r.yearAt+4)
	}
	return c, true
}

// namesBefore are the authors that stand right in front of a title that is set off: `J. Ho, A. Jain, "Denoising …"`.
func (p part) namesBefore(title string) Claim {
	before, _, found := strings.Cut(p.text[p.from:p.to], title)
	if title == "" || !found {
		return Claim{}
	}
	start := leadOf(before)
	names, end, several := authorsAt(before[start:])
	if len(names) == 0 || strings.Trim(before[start+end:], " .,:\n\"“*[") != "" || !several && !initial.MatchString(names[0]) {
		return Claim{}
	}
	at := p.from + start
	c := Claim{FirstAuthor: names[0], AuthorSpan: p.e.span(at, at+len(names[0]))}
	if len(names) > 1 {
		c.Authors = names
	}
	return c
}

// setNames are the authors of a list of two names or more that is set apart from the title: in italics, or behind "by".
func (p part) setNames(title string) Claim {
	for i := p.e.fragmentFrom(p.from); i < len(p.e.fragments) && p.e.fragments[i].at < p.to; i++ {
		f := p.e.fragments[i]
		text := strings.Trim(p.e.text(f), " .,\n")
		if f.style != italic || f.link >= 0 || text == title || !strings.ContainsAny(text, ",&") && !strings.Contains(text, " and ") || !nameList(text) {
			continue
		}
		names := slices.DeleteFunc(nameParts.Split(text, -1), func(name string) bool { return name == "" })
		if len(names) < 2 || p.beyond(f.at-p.from, farWords) {
			continue
		}
		at := f.at + strings.Index(p.e.text(f), names[0])
		return Claim{FirstAuthor: names[0], AuthorSpan: p.e.span(at, at+len(names[0])), Authors: names}
	}
	return Claim{}
}
