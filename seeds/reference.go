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
	familyName = `(?:\p{L}{1,2}['’])?\p{Lu}[\p{L}\p{M}'’\x60-]+`
	particle   = `(?:van|von|der|den|de|di|da|la|las|le|los|dos|del|bin|ben|al|el|i|y)`
	families   = `(?:` + particle + `\.? ){0,3}` + familyName + `(?: (?:` + particle + ` )?` + familyName + `){0,2}`
	initials   = `(?:\p{Lu}\.[ -]?){1,4}`
)

var (
	nameForms = []*regexp.Regexp{
		regexp.MustCompile(`^` + families + `, ?` + initials), // Vaswani, A. (APA, ACM)
		regexp.MustCompile(`^` + initials + families),         // A. Vaswani (IEEE)
		regexp.MustCompile(`^` + families + ` \p{Lu}{1,3}`),   // Vaswani A (Vancouver)
		regexp.MustCompile(`^(?:\p{Lu}\.|` + familyName + `)(?:[ -]{1,2}(?:\p{Lu}\.|` + particle + `|` + familyName + `)){0,5}[ -]{1,2}` + familyName), // Ashish Vaswani
	}
	inverted = regexp.MustCompile(`^` + families + `, ` + familyName + `(?: \p{Lu}\.)*`) // Vaswani, Ashish: the first one of Chicago and MLA
	// endOfNames is what stands behind the last name, which may end with a full stop itself.
	endOfNames  = regexp.MustCompile(`^(?:$|[.,;]|[.,;]? ?["“(\[*_\d]| *$)`)
	betweenTwo  = regexp.MustCompile(`^(?:[,;] ?(?:and |& )?| (?:and|&) )`)
	andOthers   = regexp.MustCompile(`^,? ?(?:and )?(?:et\.? al\b\.?|others\b|\.\.\.|…)`)
	datedBehind = regexp.MustCompile(`^[.,]? ?[(\[]((?:19|20)\d{2})[a-z]?(?:, [^()\[\]]{1,20})?[)\]][.,:]? ?|^[.,]? ?((?:19|20)\d{2})[a-z]?[.,:] `)
	parted      = regexp.MustCompile(`^[.,:] `)
	titleDated  = regexp.MustCompile(`[.,]? [(\[](?:19|20)\d{2}[)\]]`)
	endOfTitle  = regexp.MustCompile(`[.?!](?: |$)|, [Ii]n:? (?:\p{Lu}|\d)`)
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
		found, behind := namesInForm(text, form, i == len(nameForms)-1)
		if more := andOthers.FindString(text[behind:]); more != "" && len(found) > 0 {
			behind += len(more)
		}
		if len(found) == 0 || notName[strings.ToLower(strings.Fields(found[0])[0])] {
			continue
		}
		many := len(found) > 1 || behind > len(found[0])+1
		whole := strings.HasSuffix(strings.TrimRight(text[:behind], " "), ".") || endOfNames.MatchString(text[behind:]) ||
			many && strings.HasPrefix(text[behind:], ":")
		// One name that goes on may be a name and the title: "Sepesi G. Dualheap Sort Algorithm."
		if whole && behind > end && (end == 0 || many) {
			names, end, several = found, behind, many
		}
	}
	return names, end, several
}

// namesInForm reads names in one form. In the last form the first name may be inverted.
func namesInForm(text string, form *regexp.Regexp, last bool) (names []string, end int) {
	for len(names) < maxListed {
		rest, gap := text[end:], 0
		if len(names) > 0 {
			if gap = len(betweenTwo.FindString(rest)); gap == 0 {
				break
			}
		}
		n := len(form.FindString(rest[gap:]))
		if n == 0 && len(names) == 0 && last {
			n = len(inverted.FindString(rest))
		}
		if next, _ := utf8.DecodeRuneInString(rest[gap+n:]); n == 0 || unicode.IsLetter(next) && rest[gap+n-1] != ' ' || next == '\'' || next == '’' {
			break
		}
		names = append(names, strings.TrimRight(rest[gap:gap+n], " "))
		end += gap + n
	}
	return names, end
}

// maxListed is how many names of one list are read.
const maxListed = 100

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
		case several || initialInside.MatchString(names[0]) || vancouver.MatchString(names[0]) && !strings.HasPrefix(rest, ":"):
			behind := parted.FindString(rest)
			if behind == "" && !strings.HasSuffix(body[:end], ".") {
				names = nil
			}
			rest = rest[len(behind):]
		default:
			names = nil
		}
		if names != nil {
			bare := strings.TrimLeft(rest, ` "“`)
			quoted := strings.ContainsAny(rest[:len(rest)-len(bare)], `"“`)
			rest = bare
			at := len(text) - len(rest)
			title, behind := rest, ""
			if end := strings.IndexAny(rest, `"”`); quoted && end >= 0 {
				title, behind = rest[:end], rest[end+1:]
			} else if end := titleEnd(rest); end < len(rest) {
				title, behind = rest[:end], rest[end:]
			}
			title = strings.TrimRight(title, ` ,."”`)
			if titleLike(title) && (strings.Contains(title, " ") || m != nil && several) && !listsNames(title) && !lowerCased(title) {
				r.title, r.at, r.names, r.nameAt = title, at, names, start
				r.venue = strings.Trim(behind, " .,")
				return r, true
			}
			if r = (reference{}); several || initialInside.MatchString(names[0]) {
				return r, false
			} // else the name may be the title: "Attention Is All You Need (2017)"
		}
	}
	if m := titleDated.FindStringIndex(body); m != nil {
		title := strings.TrimRight(body[:m[0]], ` ,.`)
		rest := strings.TrimLeft(body[m[1]:], ` ,.:`)
		names, _, several := authorsAt(rest)
		if len(names) > 0 && !several && !initialInside.MatchString(names[0]) {
			names = nil
		}
		if !standsAsTitle(title) && !(len(names) > 0 && sentenceTitle(strings.ReplaceAll(title, ". ", " "))) {
			return r, false
		}
		return reference{title: title, at: start, names: names, nameAt: len(text) - len(rest)}, true
	}
	// "Title. A. Author, B. Author. Venue"
	if end := titleEnd(body); strings.HasPrefix(body[end:], ". ") {
		title, behind := body[:end], body[end+2:]
		if names, _, several := authorsAt(behind); several && standsAsTitle(title) {
			return reference{title: title, at: start, names: names, nameAt: start + end + 2}, true
		}
		if !linked || !titledVenue.MatchString(text[:start]) {
			return r, false
		}
	}
	if !linked && !numberedEntry.MatchString(text[:start]) {
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
	if r.venue == "" && start > 0 && titledVenue.MatchString(text[:start]) {
		r.venue = strings.Trim(text[:start], " ()[]")
	}
	return r, standsAsTitle(r.title) || r.venue != "" && sentenceTitle(strings.ReplaceAll(r.title, ". ", " "))
}

var (
	// titledVenue is a venue with its year in brackets in front of a title: "(ICLR 2022)".
	titledVenue = regexp.MustCompile(`[(\[]\p{Lu}[\p{L} ]*['’ ]*(?:\d\d|(?:19|20)\d\d)[^()\[\]]*[)\]]`)
	// numberedEntry is the number of a reference: "[4] StructFlowBench: …: https://arxiv.org/abs/…".
	numberedEntry = regexp.MustCompile(`\[\d{1,3}\] *$`)
	vancouver     = regexp.MustCompile(` \p{Lu}{1,3}$`)
	partNumber    = regexp.MustCompile(`^\. (?:[IVX]+|Part \w+|\d)[.:] `)
)

// titleEnd is where a title ends: at a full stop, but for one in front of the number of a part ("…. II. …").
func titleEnd(text string) int {
	for from := 0; ; {
		m := endOfTitle.FindStringIndex(text[from:])
		if m == nil {
			return len(text)
		}
		n := len(partNumber.FindString(text[from+m[0]:]))
		if n == 0 {
			return from + m[0]
		}
		from += m[0] + n
	}
}

// sentenceTitle says whether words that are a reference's can be its title, in sentence case too.
func sentenceTitle(s string) bool {
	return titleLike(s) && strings.Contains(s, " ") && !lowerCased(s) && !listsNames(s) && !strings.Contains(s, ". ") && len(s) < 250
}

// listsNames says whether a text is a list of names and no title that reads like two: "Multiuser Refinement and Description Coding".
func listsNames(s string) bool { return nameList(s) && strings.ContainsAny(s, ",;") }

// lowerCased says whether a text begins in lower case, other than by a sign: "p-Adic", "gDDIM".
func lowerCased(s string) bool {
	first, _, _ := strings.Cut(s, " ")
	return strings.ToLower(first) == first && strings.IndexFunc(first, unicode.IsLower) >= 0
}

// venueBehind is a venue and a year that end a title: "Self-Instruct: Aligning …, ACL, 2023".
var venueBehind = regexp.MustCompile(`,? [(\[]?([\p{L} ]{2,30}),? ((?:19|20)\d{2})[)\]]?[ .,]*$`)

// standsAsTitle says whether words that nothing sets off can be a title and no sentence: they begin with a capital or a digit,
// they are more than a name, and most of the meaningful ones are capitalised or a colon parts a name from the rest.
func standsAsTitle(s string) bool {
	if !titleLike(s) || strings.Count(s, " ") < 2 || lowerCased(s) || nameList(s) || strings.Contains(s, ". ") || len(s) > 250 {
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
	if len(names) == 0 {
		return Claim{}
	}
	at := p.from + start
	c := Claim{FirstAuthor: names[0], AuthorSpan: p.e.span(at, at+len(names[0]))}
	rest := before[start+end:]
	if m := datedBehind.FindStringSubmatchIndex(rest + " "); m != nil {
		g := 2
		if m[g] < 0 {
			g = 4
		}
		c.Year, _ = strconv.Atoi(rest[m[g]:m[g+1]])
		c.YearSpan = p.e.span(at+end+m[g], at+end+m[g+1])
		rest = rest[min(m[1], len(rest)):]
	}
	if strings.Trim(rest, " .,:\n\"“*[") != "" || !several && c.Year == 0 && !initialInside.MatchString(names[0]) {
		return Claim{}
	}
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
		if f.style != italic || f.link >= 0 || text == title || p.beyond(f.at-p.from, farWords) {
			continue
		}
		// One name alone is set right behind the title and ends with a full stop: "_Noam Shazeer._"
		alone := onlyNames.MatchString(text) && f.at >= p.at && strings.Trim(p.text[p.at:f.at], " .,\n") == "" &&
			strings.HasSuffix(strings.TrimRight(p.e.text(f), " "), ".") && !slices.ContainsFunc(strings.Fields(strings.ToLower(text)), func(w string) bool {
			return venues[w] || besideVenue[w] || notName[w] || institutes.MatchString(w)
		})
		names := slices.DeleteFunc(nameParts.Split(text, -1), func(name string) bool { return name == "" })
		if !alone && (len(names) < 2 || !nameList(text)) {
			continue
		}
		at := f.at + strings.Index(p.e.text(f), names[0])
		return Claim{FirstAuthor: names[0], AuthorSpan: p.e.span(at, at+len(names[0])), Authors: names}
	}
	return Claim{}
}
