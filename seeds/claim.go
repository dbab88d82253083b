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

// part is the range of an entry's text in which the claims about one paper are looked for.
type part struct {
	e        *entryText
	text     string
	from, to int
	begin    int // where the mention begins
	at       int // where it ends
	link     int // the link that names the paper, -1 for none
}

// claim takes title, first author and year where the text makes such a claim. It would rather miss one than make one up:
// a claim that the list did not make becomes a false finding.
func (p part) claim(alone bool) Claim {
	var c Claim
	if alone {
		c = p.columnClaim()
	}
	if c.Title == "" {
		c.Title, c.TitleSpan = p.setTitle()
	}
	if c.Title == "" {
		set, ok := p.reference()
		if ok {
			return c.or(set).or(p.textClaim(set.Title))
		}
		c.Title, c.TitleSpan = p.otherTitle(alone)
	}
	return c.or(p.textClaim(c.Title)).or(p.namesBefore(c.Title)).or(p.setNames(c.Title))
}

// textClaim is the first author and the year that the text names.
func (p part) textClaim(title string) Claim {
	var c Claim
	text := p.text[p.from:p.to]
	start, end, behind, ok := p.firstAuthor(title)
	if ok {
		c.FirstAuthor, c.AuthorSpan = strings.Join(strings.Fields(p.text[start:end]), " "), p.e.span(start, end)
		if m := bareYear.FindStringSubmatchIndex(p.text[behind:p.to]); m != nil {
			c.Year, _ = strconv.Atoi(p.text[behind+m[2] : behind+m[3]])
			c.YearSpan = p.e.span(behind+m[2], behind+m[3])
			return c
		}
	}
	if !bracketedYear(text) {
		return c.or(p.venueYear(title))
	}
	if m := yearIn.FindStringSubmatchIndex(text); m != nil && !p.beyond(m[2], farWords) {
		year, err := strconv.Atoi(text[m[2]:m[3]])
		if err == nil && year >= 1900 && year < 2100 {
			c.Year, c.YearSpan = year, p.e.span(p.from+m[2], p.from+m[3])
		}
	}
	return c
}

// venueYears are a venue with its year, and a year that ends a reference.
var venueYears = regexp.MustCompile(`(\p{L}+)(?:['’ ]+|, )((?:19|20)\d{2})(?:[.,;)\]:]|[ \n]|$)`)

// venueYear is the year of the venue that stands behind the title: "ICLR 2022.", "in NeurIPS, 2017".
func (p part) venueYear(title string) Claim {
	text := p.text[p.from:p.to]
	if title == "" || !strings.Contains(text, "19") && !strings.Contains(text, "20") {
		return Claim{}
	}
	for _, m := range venueYears.FindAllStringSubmatchIndex(text, maxNames) {
		if !venues[strings.ToLower(text[m[2]:m[3]])] || p.beyond(m[4], farWords) || strings.Contains(title, text[m[2]:m[5]]) ||
			strings.EqualFold(text[m[2]:m[3]], "arxiv") {
			continue
		}
		year, _ := strconv.Atoi(text[m[4]:m[5]])
		return Claim{Year: year, YearSpan: p.e.span(p.from+m[4], p.from+m[5]), Venue: text[m[2]:m[3]]}
	}
	return Claim{}
}

// columnClaim is what the columns of a table say of the only paper of a row.
func (p part) columnClaim() Claim {
	var c Claim
	for i, start := range p.e.cells {
		end := len(p.text)
		if i+1 < len(p.e.cells) {
			end = p.e.cells[i+1]
		}
		text := strings.Trim(p.text[start:end], " |\n")
		start += strings.Index(p.text[start:end], text)
		switch column := p.e.column(start); {
		case authorColumn.MatchString(column) && c.FirstAuthor == "":
			if first := firstListed(text); first != "" && !institutes.MatchString(column) {
				at := start + strings.Index(text, first)
				c.FirstAuthor, c.AuthorSpan = strings.Join(strings.Fields(first), " "), p.e.span(at, at+len(first))
			}
		case yearColumn.MatchString(column) && c.Year == 0:
			if m := fourDigits.FindStringIndex(text); m != nil {
				c.Year, _ = strconv.Atoi(text[m[0]:m[1]])
				c.YearSpan = p.e.span(start+m[0], start+m[1])
			}
		}
	}
	return c
}

// farWords is how many words in lower case may stand between a mention and an author or year behind it. With more, the
// text has gone on to talk of something: "they can [alleviate outliers](…) by adding tokens, known from (Burtsev et al)".
const farWords = 2

// goesElsewhere are words with which a text goes on to another work.
var goesElsewhere = wordSet("and also see cf cf. e.g. compare compared unlike versus vs vs. while whereas than")

// beyond says whether a place in the part lies behind the mention and behind running text: more words in lower case than
// far, or one that leads to another work.
func (p part) beyond(at, far int) bool {
	at += p.from
	if at <= p.at {
		return false
	}
	words := 0
	for _, word := range strings.Fields(p.text[p.at:min(at, p.at+maxBetween)]) {
		word = strings.TrimLeft(word, "([,;")
		if goesElsewhere[strings.ToLower(word)] {
			return true
		}
		if word != "" && word[0] >= 'a' && word[0] <= 'z' {
			words++
		}
	}
	return words > far || at-p.at > maxBetween
}

// maxBetween is how many bytes may stand between a mention and an author or year behind it.
const maxBetween = 400

// yearIn is a year that stands in brackets, alone or behind a venue or month: (2022), [NeurIPS 2022], (Dec 2017).
var yearIn = regexp.MustCompile(`[(\[](?:[^()\[\]]{0,40}[\s,'’.])?((?:19|20)\d{2})[)\]]`)

// bareYear is a year that needs no brackets, since it stands right behind "et al.": "Vaswani et al., 2017". Digits that go on
// behind a full stop are an identifier.
var bareYear = regexp.MustCompile(`^\.?,?[ \n]+((?:19|20)\d{2})[a-z]?(?:$|[^\p{L}\d.:/-]|[.:-](?:$|\D))`)

// bracketedYear is a cheap look for what every year that is a claim ends with, and with it the names in front of one:
// most texts have none, and patterns are slow.
func bracketedYear(text string) bool {
	for i := 4; i < len(text); i++ {
		if c := text[i]; (c == ')' || c == ']') && text[i-1] >= '0' && text[i-1] <= '9' &&
			(text[i-4:i-2] == "19" || text[i-4:i-2] == "20") {
			return true
		}
	}
	return false
}

// setTitle is a title that is set off: the text of the link that names the paper, bold text, or quoted text.
func (p part) setTitle() (string, Span) {
	if p.link >= 0 {
		if title, span := p.linkTitle(p.link); title != "" {
			return title, span
		}
	}
	if title, span := p.styled(bold); title != "" {
		return title, span
	}
	return p.quotedTitle()
}

// otherTitle is what else may be a title: a long italic text, a cell, the text of another link.
func (p part) otherTitle(alone bool) (string, Span) {
	if title, span := p.styled(italic); title != "" {
		return title, span
	}
	if !alone {
		return "", Span{}
	}
	// A table row, or an item that begins with a linked title whose link goes elsewhere (to a project page).
	if len(p.e.cells) > 0 {
		return p.cellTitle()
	}
	if len(p.e.links) > 0 && strings.IndexFunc(p.text[:p.e.linkStart(0)], unicode.IsLetter) < 0 {
		if title, span := p.linkTitle(0); strings.Count(title, " ") >= 2 {
			return title, span
		}
	}
	return "", Span{}
}

var quoted = regexp.MustCompile(`"([^"\n]{4,300})"|“([^”\n]{4,300})”|«([^»\n]{4,300})»|《([^》\n]{2,300})》`)

// quotedTitle is the first quoted text, when it can be a title.
func (p part) quotedTitle() (string, Span) {
	text := p.text[p.from:p.to]
	if !strings.ContainsAny(text, `"“«《`) {
		return "", Span{}
	}
	m := quoted.FindStringSubmatchIndex(text)
	for g := 2; g < len(m); g += 2 {
		if m[g] < 0 {
			continue
		}
		raw := strings.TrimLeft(text[m[g]:m[g+1]], " ")
		start := p.from + m[g+1] - len(raw)
		raw = strings.TrimRight(raw, "., ")
		if title := strings.Join(strings.Fields(raw), " "); titleLike(title) && strings.Contains(title, " ") {
			return title, p.e.span(start, start+len(raw))
		}
	}
	return "", Span{}
}

// possessive is a work by its author's name: "Tri Dao's FlashAttention".
var possessive = regexp.MustCompile(`^\p{Lu}\S*(?: \p{Lu}\S*)?['’]s \S+$`)

func (p part) linkTitle(link int) (string, Span) {
	title := bareTitle(p.e.linkText(link))
	l := p.e.links[link]
	if !titleLike(title) || possessive.MatchString(title) || l.first == l.last || inSentence(p.text[:p.e.linkStart(link)], title) {
		return "", Span{}
	}
	for _, f := range p.e.fragments[l.first:l.last] {
		if i := strings.Index(p.e.text(f), title); i >= 0 {
			return title, p.e.span(f.at+i, f.at+i+len(title))
		}
	}
	return title, Span{}
}

var (
	titleLead = regexp.MustCompile(`^\[(?:arXiv:)?(?:\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v\d+)?\] *`)
	titleTail = regexp.MustCompile(`(?i)(?: *[(\[](?:[^()\[\]]{0,60}[\s,'’.])?(?:19|20)\d{2}[)\]]| *[(\[](?:pdf|paper|code|arxiv)[)\]])+$`)
)

// bareTitle is a link's text without what people put around a title: "[1706.03762] Attention Is All You Need" as arXiv heads
// its pages, "Attention Is All You Need (Vaswani et al., 2017) [pdf]".
func bareTitle(s string) string {
	bare := titleTail.ReplaceAllString(titleLead.ReplaceAllString(s, ""), "")
	if nameAndYear.MatchString(s) && fullWords(bare) <= 3 ||
		!strings.Contains(bare, " ") && strings.Contains(s, " ") { // "Tri Dao (2022)", "Dao (2022)"
		return s
	}
	return bare
}

// inSentence says whether a link's text goes on with the sentence before it ("we [build on earlier work](…)"): it begins
// with a word in lower case that is no name such as gDDIM or pix2pix, and a letter or comma comes before it.
func inSentence(before, text string) bool {
	before = strings.TrimRight(before, " \n")
	last, _ := utf8.DecodeLastRuneInString(before)
	if before == "" || !unicode.IsLetter(last) && last != ',' {
		return false
	}
	first, _, more := strings.Cut(text, " ")
	return more && strings.Trim(first, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// lowerWords counts the words of running text: those in lower case that belong to no name.
func lowerWords(text string) int {
	n := 0
	for word := range strings.FieldsSeq(text) {
		word = strings.TrimLeft(word, "([,;*_")
		if len(word) > 1 && word[0] >= 'a' && word[0] <= 'z' && !inNames[strings.TrimRight(word, ".,:;")] {
			n++
		}
	}
	return n
}

// inNames are words in lower case between and in names, and in front of a venue.
var inNames = wordSet("and et al van von der den de di da la le dos del bin by in")

// goesOnLower is how running text goes on behind words that it sets off.
var goesOnLower = regexp.MustCompile(`^ [a-z]{4,} `)

// styled is the first run of text in that style that can be a title. A run may be cut by links or other styles. One that
// may be a name in front of a year is taken only when no other follows: "**Tri Dao** (2022) **FlashAttention**".
func (p part) styled(s style) (string, Span) {
	name, nameSpan := "", Span{}
	for i := p.e.fragmentFrom(p.from); i < len(p.e.fragments) && p.e.fragments[i].at < p.to; i++ {
		f := p.e.fragments[i]
		if f.style != s {
			continue
		}
		end := i
		for end+1 < len(p.e.fragments) && p.e.fragments[end+1].style == s && p.e.fragments[end+1].at == p.e.fragments[end].end {
			end++
		}
		text := p.text[f.at:p.e.fragments[end].end]
		title := strings.Trim(strings.Join(strings.Fields(text), " "), "\"“”.,: ")
		// **(PixelCNN)** behind the title, **[FlashAttention]** in front of it, **Stanford University**
		remark := strings.HasPrefix(title, "(") && strings.HasSuffix(title, ")") ||
			strings.HasPrefix(title, "[") && strings.HasSuffix(title, "]") ||
			institutes.MatchString(strings.ToLower(title)) && strings.Count(title, " ") < 4
		// "Hierarchical Diffusion Autoencoders and Disentangled Image Manipulation" is built like two names, and a title.
		names := nameList(title) && (s == italic || strings.ContainsAny(title, ",;"))
		// *The Illustrated Transformer* explains …
		sentence := s == italic && goesOnLower.MatchString(p.text[p.e.fragments[end].end:])
		// In the **ImageNet Challenge** of 2012 nobody used attention; see …
		sentence = sentence || lowerWords(p.text[p.from:f.at]) > 0 && lowerWords(p.text[p.e.fragments[end].end:max(p.begin, p.e.fragments[end].end)]) > farWords
		if titleLike(title) && !remark && !names && !sentence && !p.beyond(f.at-p.from, 0) && (s == bold || strings.Count(title, " ") >= 2) {
			span := Span{}
			if at := strings.Index(text, title); at >= 0 {
				span = p.e.span(f.at+at, f.at+at+len(title))
			}
			behind := p.text[p.e.fragments[end].end:min(p.to, p.e.fragments[end].end+len(" (2022)"))]
			if name != "" || !nameAndYear.MatchString(title+behind) {
				return title, span
			}
			name, nameSpan = title, span
		}
		i = end
	}
	return name, nameSpan
}

// cellTitle is the cell of a table row in the column for titles; without such a column, the longest that reads like one.
func (p part) cellTitle() (string, Span) {
	titles := slices.ContainsFunc(p.e.columns, titleColumn.MatchString)
	best, bestSpan := "", Span{}
	for i, start := range p.e.cells {
		end := len(p.text)
		if i+1 < len(p.e.cells) {
			end = p.e.cells[i+1]
		}
		cell := strings.Trim(p.text[start:end], " |\n")
		column := p.e.column(start)
		switch {
		case !titleLike(cell) || strings.Count(cell, " ") < 2 || len(cell) <= len(best) || len(cell) >= 300:
		case titles && !titleColumn.MatchString(column),
			authorColumn.MatchString(column),
			institutes.MatchString(column),
			etAl.MatchString(cell),
			!titles && nameList(cell):
		default:
			at := start + strings.Index(p.text[start:end], cell)
			best, bestSpan = strings.Join(strings.Fields(cell), " "), p.e.span(at, at+len(cell))
		}
	}
	return best, bestSpan
}

// generic are the texts of links that say what is behind them and not what it is called.
var generic = map[string]bool{
	"paper": true, "pdf": true, "arxiv": true, "link": true, "code": true, "here": true, "abs": true, "html": true, "github": true,
	"project": true, "website": true,
	"web": true, "page": true, "blog": true, "video": true, "slides": true, "doi": true, "preprint": true, "abstract": true, "demo": true,
	"dataset":  true,
	"homepage": true, "project page": true, "paper link": true, "arxiv link": true, "read": true, "url": true, "source": true, "论文": true,
	"链接": true, "poster": true,
	"paperswithcode": true, "huggingface": true, "hf": true, "model": true, "data": true, "openreview": true, "tweet": true, "new": true,
	"alphaxiv": true,
	"ar5iv":    true, "semantic scholar": true, "semanticscholar": true, "hugging face": true, "huggingface papers": true, "hf papers": true,
	"hugging face papers": true, "papers with code": true, "scirate": true, "connected papers": true, "work": true, "article": true,
	"official": true, "supplementary": true, "appendix": true, "arxiv preprint": true, "tech report": true,
	"technical report": true, "tldr": true, "full text": true, "fulltext": true, "click here": true, "text": true, "more": true,
	"read more": true, "details": true, "info": true, "date": true, "title": true, "authors": true, "year": true, "venue": true,
	"todo": true, "note": true, "abs pdf": true,
}

// determiners stand before what is behind a link: "this paper", "a recent preprint".
var determiners = regexp.MustCompile(
	`^(?:(?:a|an|the|this|that|these|their|our|its|new|recent|original|official|another|yet|see|full|read|in|on) )+`,
)

// isVenue says whether a text names a venue and no more than a year besides: "NeurIPS 2017", "CVPR'23 Oral".
func isVenue(key string) bool {
	named := false
	for _, word := range strings.Fields(key) {
		word = strings.Trim(word, "0123456789")
		named = named || venues[word]
		if word != "" && !venues[word] && !besideVenue[word] {
			return false
		}
	}
	return named
}

// titleLike says whether a text can be a title: it has letters, says more than "paper", and is no identifier, URL or date.
func titleLike(s string) bool {
	if len([]rune(s)) < 2 || len(s) > 500 || authorYear.MatchString(s) || strings.Contains(s, "://") || strings.HasPrefix(s, "www.") {
		return false
	}
	key := arxiv.Key(s)
	if bare := determiners.ReplaceAllString(key, ""); generic[bare] || strings.HasSuffix(bare, " paper") && strings.Count(bare, " ") < 4 {
		return false
	}
	if key == "" || isVenue(key) || strings.HasPrefix(key, "arxiv") || strings.HasPrefix(key, "paper ") && len(key) < 12 {
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
