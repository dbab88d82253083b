package export

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// venueKind is what a journal reference turned out to be.
type venueKind int

const (
	noVenue     venueKind = iota // none, or one that cannot be read for certain: it stays a note
	journal                      // an article in a journal
	proceedings                  // a paper in the proceedings of a conference
)

// venue is a journal reference, read. Where Kind is noVenue the rest is empty.
type venue struct {
	Kind                        venueKind
	Title                       string // journal or proceedings
	Volume, Number, First, Last string // pages: Last is empty for an article number
	Year                        string
}

// Journal references are free text (arXiv help, "Journal reference"), but most follow a few customs, told by their
// punctuation. Only what matches one of them from end to end is taken apart.
var journalForms = compileForms(
	// Phys.Rev.D76:013009,2007   JHEP 0705:034,2007   PLoS ONE 5(5): e10355. 2010   (SPIRES, long arXiv's recommendation)
	`{title}[ ,]*{volume}(?:\({number}\))?: ?{pages}[,.]? ?\(?{year}\)?`,
	// Phys. Rev. Lett. 98, 260403 (2007)   Nature 521 (7553), 436-444 (2015)   J. Low Temp. Phys. Vol. 140 pp 77-89 (2005)
	// Nature volume 645, pages 633-638 (2025)
	`{title},? {vol}{volume}(?: ?\({number}\)|,? {no}{number})?,? ?{pp}{pages},? \({date}\)`,
	// J. Phys. B 40 (2007) 1675-1693   J. Algebra 321 (2009), 3450-3468   Studia Math. 182 (2007), no. 3, 283-294
	// J. Phys. A 40 No 41 (12 October 2007) 12315-12333   Acta Informatica 43, 4 (25/08/2006) p. 265-292
	`{title},? {vol}{volume},? ?(?:\({number}\) ?|{no}{number} |{number} )?\({date}\),? ?(?:{no}{number},? ?)?{pp}{pages}`,
	// Applied Analysis, Volume 36, Issue 1, January 2014, Pages 79-107   Asymptotic Analysis, 57 No. 1-2, 1-27, 2008
	`{title},? {vol}{volume},? {no}{number},? (?:{date},? {pp}{pages}|{pp}{pages}, ?{date})`,
	// Annals of Applied Probability 2008, Vol. 18, No. 2, 552-590
	`{title},? {date},? {vol}{volume},? (?:{no}{number},? )?{pp}{pages}`,
	// Biometrika, 88, 465-474, 2001   IEEE Transactions on Information Theory, vol. 52, pp. 115-140, January 2006
	`{title}, {vol}{volume}(?: ?\({number}\))?[,:] ?{pp}{pages}, {date}`,
	// Transactions on Machine Learning Research (2023)   TMLR 2026
	`{title}(?:,? | \(){date}\)?`,
)

func compileForms(forms ...string) []*regexp.Regexp {
	parts := strings.NewReplacer(
		"{title}", `(?P<title>\pL[^;()\d]*?(?:[\pL.]|\([A-Z][A-Za-z.]{0,9}\)))`,
		"{vol}", `(?:vol(?:ume|\.)? ?)?`, "{volume}", `(?P<volume>[A-Z]?\d{1,5}[A-Z]?)`,
		"{no}", `(?:no\.?|issue|number) ?`, "{number}", `(?P<number>\d{1,4}(?:[-–/]\d{1,4})?)`,
		"{pp}", `(?:pp?\.? ?|pages? )?`, "{pages}", `(?P<pages>[A-Za-z]{0,2}\d{1,9}(?:\([RAL]\)| ?[-–—]{1,2} ?[A-Za-z]{0,2}\d{1,9})?)`,
		"{date}", `(?:\d{1,2} |(?:\d\d/){1,2})?(?:[A-Z][a-z]{2,8}\.? )?(?P<year>(?:19|20)\d\d)`, "{year}", `(?P<year>(?:19|20)\d\d)`,
	)
	out := make([]*regexp.Regexp, len(forms))
	for i, form := range forms {
		out[i] = regexp.MustCompile(`^(?i:` + parts.Replace(form) + `)$`)
	}
	return out
}

var (
	// conferenceWord tells proceedings; the acronyms are the conferences whose papers arXiv has most of.
	conferenceWord = regexp.MustCompile(
		`(?i:\b(?:proceedings|proc|conference|conf|symposium|workshops?|congress|colloquium)\b|advances in neural information processing)` +
			`|\b(?:NeurIPS|NIPS|ICML|ICLR|CVPR|ICCV|ECCV|WACV|BMVC|ACL|EMNLP|NAACL|EACL|COLING|CoNLL|LREC|AAAI|IJCAI|ECAI|AISTATS|UAI|COLT|KDD|SIGIR|CIKM|WSDM|TheWebConf|` +
			`INTERSPEECH|ICASSP|CoRL|ICRA|IROS|SIGGRAPH|MICCAI|VLDB|SIGMOD|ICSE|STOC|FOCS|SODA|ITCS|CRYPTO|EUROCRYPT|ACSAC|USENIX|OSDI|SOSP|NSDI|MLSys|CHI|GECCO|ISMIR|EPTCS|LIPIcs)\b`,
	)
	// notConference are journals that say "proceedings" or "conference" in their name.
	notConference = regexp.MustCompile(
		`(?i:proc(?:eedings|\.)? ?(?:of )?(?:the )?(?:natl|national acad|nat\.|roy|r\. |am(?:er|\.|erican) ?(?:math|phil)|lond|edinb|camb|japan acad|indian acad|steklov|ieee,? (?:\d|vol)|vldb endow|acm (?:on )?(?:program|meas|hum|interact))|conf\. ?ser|conf\. ?proc|pvldb|proceedings of the ieee,? \d)`,
	)

	leadIn       = regexp.MustCompile(`^(?i:(?:to appear |published |appeared |presented |accepted )?(?:in|on|at|by|to|dans):? (?:the )?)`)
	pagesWord    = regexp.MustCompile(`(?i:,? ?\(?\b(?:pp?\.?|pages?) ?(\d{1,6})(?: ?[-–—]{1,2} ?(\d{1,6}))?\)?)`)
	pagesLast    = regexp.MustCompile(`(?:[,:] ?|\) )(\d{1,6}) ?[-–—]{1,2} ?(\d{1,6})$|\) (\d{1,6})$`)
	wholeEntry   = regexp.MustCompile(`["“”]|[,.?] [Ii]n:? `) // authors and title stand in front of the proceedings
	yearAnywhere = regexp.MustCompile(`\b((?:19|20)\d\d)\b`)
	yearLast     = regexp.MustCompile(`,? ?(?:\((?:\d\d/){0,2}(?:19|20)\d\d\)|, (?:19|20)\d\d)$`)
	seriesVolume = regexp.MustCompile(`, (?:vol(?:ume|\.)? ?)?([A-Z][\w.]*) (\d{1,4})$`) // ", PMLR 70"
)

// readVenue reads a journal reference. Of several, separated by semicolons (errata, translations), it reads the first.
func readVenue(reference string) venue {
	s := plain(reference)
	if len(s) > 500 {
		return venue{}
	}
	s, _, _ = strings.Cut(s, ";")
	s = strings.Trim(s, " .,:")
	s = leadIn.ReplaceAllString(s, "")
	if s == "" {
		return venue{}
	}
	if conferenceWord.MatchString(s) && !notConference.MatchString(s) {
		if wholeEntry.MatchString(s) {
			return venue{}
		}
		return readProceedings(s)
	}
	for i, form := range journalForms {
		m := form.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		part := func(name string) string {
			for i, other := range form.SubexpNames() {
				if other == name && m[i] != "" {
					return m[i]
				}
			}
			return ""
		}
		v := venue{
			Kind:   journal,
			Title:  strings.Trim(part("title"), " ,"),
			Volume: part("volume"),
			Number: part("number"),
			Year:   part("year"),
		}
		v.First, v.Last = splitPages(part("pages"))
		if i == len(journalForms)-1 && !looksLikeJournal(v.Title) || strings.Count(v.Title, ",") > 1 || len(v.Title) > 80 {
			return venue{} // a book, or authors and title in front
		}
		if letter := v.Volume; len(letter) > 1 && letter[0] >= 'A' && letter[0] <= 'H' {
			v.Title, v.Volume = v.Title+" "+letter[:1], letter[1:] // SPIRES wrote Phys. Rev. D 76 as Phys.Rev.D76
		}
		v.Title = spaced(v.Title)
		return v
	}
	return venue{}
}

// spaced puts a blank behind the dots of "J.R.S.", but not in parentheses: "(N.Y.)" is one word.
func spaced(title string) string {
	var b strings.Builder
	depth := 0
	for i, r := range title {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		b.WriteRune(r)
		next, _ := utf8.DecodeRuneInString(title[i+utf8.RuneLen(r):])
		if r == '.' && depth == 0 && i > 0 && unicode.IsLetter(next) {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// looksLikeJournal guards the form that has nothing but a title and a year.
func looksLikeJournal(title string) bool {
	for _, word := range strings.Fields(strings.ToLower(title)) {
		switch strings.Trim(word, ".,") {
		case "journal",
			"transactions",
			"annals",
			"letters",
			"review",
			"reviews",
			"magazine",
			"bulletin",
			"nature",
			"science",
			"tmlr",
			"jmlr",
			"tacl",
			"quarterly",
			"acta",
			"j",
			"lett",
			"rev",
			"trans",
			"ann":
			return true
		}
	}
	return false
}

func splitPages(s string) (first, last string) {
	if i := strings.IndexAny(s, "-–—"); i > 0 {
		return strings.TrimSpace(s[:i]), strings.TrimLeft(s[i:], "-–— ")
	}
	return s, ""
}

// readProceedings takes pages, year and series off the end of a conference's name and leaves the name as it is.
func readProceedings(s string) venue {
	v := venue{Kind: proceedings}
	whole, pages := s, ""
	if m := pagesWord.FindStringSubmatchIndex(s); m != nil && m[4] >= 0 {
		v.First, v.Last, pages = s[m[2]:m[3]], s[m[4]:m[5]], s[m[0]:m[1]]
		s = s[:m[0]] + s[m[1]:]
	}
	s = cutYear(s)
	if m := pagesLast.FindStringSubmatchIndex(s); m != nil && v.First == "" {
		first := max(m[2], m[6]) // of the one alternative that matched; the other is -1
		pages = s[first:]
		v.First, v.Last = splitPages(pages)
		s = strings.TrimRight(s[:first], " ,:")
	}
	s = cutYear(s)
	if m := seriesVolume.FindStringSubmatchIndex(s); m != nil && s[m[2]:m[3]] == strings.ToUpper(s[m[2]:m[3]]) {
		v.Volume = s[m[4]:m[5]]
		s = s[:m[4]-1] // the series' name stays: ", PMLR"
	}
	if years := yearAnywhere.FindAllString(strings.Replace(whole, pages, "", 1), -1); years != nil {
		v.Year = years[len(years)-1]
	}
	v.Title = strings.Trim(s, " .,:")
	if v.Title == "" || v.Title == v.Year {
		return venue{}
	}
	return v
}

// cutYear takes the year off the end.
func cutYear(s string) string {
	return strings.Trim(yearLast.ReplaceAllString(strings.Trim(s, " .,:"), ""), " .,:")
}
