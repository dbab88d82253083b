package seeds

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"syncer/arxiv"
)

// part is the range of an entry's text in which the claims about one paper are looked for.
type part struct {
	e        *entryText
	text     string
	from, to int
	link     int // the link that names the paper, -1 for none
}

// claim takes title, first author and year where the text makes such a claim. It would rather miss one than make one up:
// a claim that the list did not make becomes a false finding.
func (p part) claim(alone bool) Claim {
	var c Claim
	c.Title, c.TitleSpan = p.title(alone)
	text := p.text[p.from:p.to]
	if m := firstAuthor(text); m != nil {
		c.FirstAuthor = strings.Join(strings.Fields(text[m[0]:m[1]]), " ")
		c.AuthorSpan = p.e.span(p.from+m[0], p.from+m[1])
	}
	if m := yearIn.FindStringSubmatchIndex(text); m != nil {
		year, err := strconv.Atoi(text[m[2]:m[3]])
		if err == nil && year >= 1900 && year < 2100 {
			c.Year, c.YearSpan = year, p.e.span(p.from+m[2], p.from+m[3])
		}
	}
	return c
}

// yearIn is a year that stands in brackets, alone or behind a venue or month: (2022), [NeurIPS 2022], (Dec 2017).
var yearIn = regexp.MustCompile(`[(\[](?:[^()\[\]]{0,40}[\s,'’.])?((?:19|20)\d{2})[)\]]`)

const surname = `\p{Lu}[\p{L}\p{M}'’\x60.-]*`

var (
	etAl = regexp.MustCompile(`(` + surname + `(?:,?[ \n]+(?:` + surname + `|van|von|der|den|de|di|da|la|le|dos|del|bin|al))*)[ \n]*,?[ \n]+et\.?[ \n]*al`)
	// pair is two names and a year, or two names at the start of an item: "Gu and Dao (2023)".
	pair = regexp.MustCompile(`(` + surname + `(?:[ \n]+` + surname + `)*)[ \n]+(?:and|&)[ \n]+` + surname + `(?:[ \n]+` + surname + `)*[ \n]*,?[ \n]*[(\[](?:19|20)\d{2}[)\]]`)
	// single is one name and a year: "Shazeer (2020)", "OpenAI (2023)".
	single = regexp.MustCompile(`(?:^|[\s*—–:;,-])(` + surname + `)[ \n]*,?[ \n]*[(\[](?:19|20)\d{2}[)\]]`)
)

// firstAuthor finds where the text names a first author; nil when it does not.
func firstAuthor(text string) []int {
	for _, form := range []*regexp.Regexp{etAl, pair, single} {
		if m := form.FindStringSubmatchIndex(text); m != nil {
			start, end := m[2], m[3]
			name := text[start:end]
			// "Hinton, Geoffrey, Bengio, Yoshua, et al.": the first family name and its given names.
			if parts := strings.Split(name, ","); len(parts) > 2 {
				end = start + len(parts[0]) + 1 + len(parts[1])
			}
			name = text[start:end]
			if form == single && (len([]rune(name)) < 2 || notName[strings.ToLower(name)]) {
				continue
			}
			for len(name) > 0 && (name[len(name)-1] == ',' || name[len(name)-1] == ' ') {
				end--
				name = text[start:end]
			}
			return []int{start, end}
		}
	}
	return nil
}

// notName are words that stand before a year in brackets and are no author.
var notName = map[string]bool{
	"arxiv": true, "neurips": true, "nips": true, "icml": true, "iclr": true, "acl": true, "emnlp": true, "naacl": true, "cvpr": true, "iccv": true, "eccv": true,
	"aaai": true, "ijcai": true, "kdd": true, "tmlr": true, "jmlr": true, "nature": true, "science": true, "preprint": true, "paper": true, "january": true,
	"february": true, "march": true, "april": true, "may": true, "june": true, "july": true, "august": true, "september": true, "october": true, "november": true,
	"december": true, "survey": true, "blog": true, "report": true, "v1": true, "version": true, "bert": true, "gpt": true, "transformer": true, "transformers": true,
}

// title looks for a title claim: the text of the link that names the paper, then bold text, then quoted text, then a long
// italic text.
func (p part) title(alone bool) (string, Span) {
	if p.link >= 0 {
		if title, span := p.linkTitle(p.link); title != "" {
			return title, span
		}
	}
	for _, s := range []style{bold, italic} {
		if title, span := p.styled(s); title != "" {
			return title, span
		}
		if s == bold {
			if m := quoted.FindStringSubmatchIndex(p.text[p.from:p.to]); m != nil {
				for g := 2; g < len(m); g += 2 {
					if m[g] >= 0 {
						start, end := p.from+m[g], p.from+m[g+1]
						title := strings.TrimRight(strings.Join(strings.Fields(p.text[start:end]), " "), ".,")
						if titleLike(title) && strings.Contains(title, " ") {
							return title, p.e.span(start, start+len(title))
						}
					}
				}
			}
		}
	}
	if !alone {
		return "", Span{}
	}
	// A table row, or an item that begins with a linked title whose link goes elsewhere (to a project page).
	if len(p.e.cells) > 0 {
		return p.cellTitle()
	}
	for i := range p.e.links {
		if title, span := p.linkTitle(i); strings.Count(title, " ") >= 2 {
			return title, span
		}
	}
	return "", Span{}
}

var quoted = regexp.MustCompile(`"([^"\n]{4,300})"|“([^”\n]{4,300})”|«([^»\n]{4,300})»|《([^》\n]{2,300})》`)

func (p part) linkTitle(link int) (string, Span) {
	title := p.e.linkText(link)
	if !titleLike(title) {
		return "", Span{}
	}
	l := p.e.links[link]
	for _, f := range p.e.fragments[l.first:l.last] {
		if strings.TrimSpace(f.text) == title && f.start >= 0 {
			start := f.start + strings.Index(f.text, title)
			return title, Span{start, start + len(title)}
		}
	}
	return title, Span{}
}

// styled is the first run of text in that style that can be a title. A run may be cut by links or other styles.
func (p part) styled(s style) (string, Span) {
	for i := p.e.fragmentFrom(p.from); i < len(p.e.fragments) && p.e.fragments[i].at < p.to; i++ {
		f := p.e.fragments[i]
		if f.style != s {
			continue
		}
		text, end := f.text, i
		for end+1 < len(p.e.fragments) && p.e.fragments[end+1].style == s && p.e.fragments[end+1].at == p.e.fragments[end].at+len(p.e.fragments[end].text) {
			end++
			text += p.e.fragments[end].text
		}
		title := strings.Trim(strings.Join(strings.Fields(text), " "), "\"“”.,: ")
		if titleLike(title) && (s == bold || strings.Count(title, " ") >= 2) {
			if at := strings.Index(f.text, title); at >= 0 && f.start >= 0 && end == i {
				return title, Span{f.start + at, f.start + at + len(title)}
			}
			return title, Span{}
		}
		i = end
	}
	return "", Span{}
}

// cellTitle is the longest cell of a table row that reads like a title.
func (p part) cellTitle() (string, Span) {
	best, bestSpan := "", Span{}
	for i, start := range p.e.cells {
		end := len(p.text)
		if i+1 < len(p.e.cells) {
			end = p.e.cells[i+1]
		}
		cell := strings.Trim(p.text[start:end], " |\n")
		if titleLike(cell) && strings.Count(cell, " ") >= 2 && len(cell) > len(best) && len(cell) < 300 {
			at := start + strings.Index(p.text[start:end], cell)
			best, bestSpan = strings.Join(strings.Fields(cell), " "), p.e.span(at, at+len(cell))
		}
	}
	return best, bestSpan
}

// generic are the texts of links that say what is behind them and not what it is called.
var generic = map[string]bool{
	"paper": true, "pdf": true, "arxiv": true, "link": true, "code": true, "here": true, "abs": true, "html": true, "github": true, "project": true, "website": true,
	"web": true, "page": true, "blog": true, "video": true, "slides": true, "doi": true, "preprint": true, "abstract": true, "demo": true, "dataset": true,
	"homepage": true, "project page": true, "paper link": true, "arxiv link": true, "read": true, "url": true, "source": true, "论文": true, "链接": true, "poster": true,
	"paperswithcode": true, "huggingface": true, "hf": true, "model": true, "data": true, "openreview": true, "tweet": true, "new": true, "read paper": true,
	"full paper": true, "the paper": true, "this paper": true, "official": true, "supplementary": true, "appendix": true, "arxiv preprint": true, "tech report": true,
	"technical report": true, "tldr": true, "date": true, "title": true, "authors": true, "year": true, "venue": true, "todo": true, "note": true, "abs pdf": true,
}

// titleLike says whether a text can be a title: it has letters, says more than "paper", and is no identifier, URL or date.
func titleLike(s string) bool {
	if len([]rune(s)) < 2 || len(s) > 500 || strings.Contains(s, "://") || strings.HasPrefix(s, "www.") {
		return false
	}
	key := arxiv.Key(s)
	if key == "" || generic[key] || strings.HasPrefix(key, "arxiv") || strings.HasPrefix(key, "paper ") && len(key) < 12 {
		return false
	}
	letters, digits := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	return letters >= 2 && letters > digits
}
