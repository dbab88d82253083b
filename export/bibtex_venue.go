package export

import (
	"regexp"
	"strings"
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
	// Phys.Rev.D76:013009,2007   JHEP 0705:034,2007   Nature 521:436-444 (2015)   (SPIRES, long arXiv's recommendation)
	`{title}[ ,]*{volume}(?:\({number}\))?: ?{pages},? ?\(?{year}\)?`,
	// Phys. Rev. Lett. 98, 260403 (2007)   Nature 521 (7553), 436-444 (2015)   J. Low Temp. Phys. Vol. 140 pp 77-89 (2005)
	// Nature volume 645, pages 633-638 (2025)
	`{title},? (?:vol(?:ume|\.)? ?)?{volume}(?: ?\({number}\)|,? (?:no\.?|issue|number) ?{number})?,? ?(?:pp?\.? ?|pages? )?{pages},? \({date}\)`,
	// J. Phys. B 40 (2007) 1675-1693   J. Algebra 321 (2009), 3450-3468   Studia Math. 182 (2007), no. 3, 283-294
	`{title},? (?:vol(?:ume|\.)? ?)?{volume} ?(?:\({number}\) ?)?\({date}\),? ?(?:no\.? ?{number2},? ?)?(?:pp?\.? ?|pages? )?{pages}`,
	// Applied Analysis, Volume 36, Issue 1, January 2014, Pages 79-107   Asymptotic Analysis, 57 No. 1-2, 1-27, 2008
	`{title},? (?:vol(?:ume|\.)? ?)?{volume},? (?:no\.?|issue|number) ?{number},? (?:{date},? (?:pp?\.? ?|pages? )?{pages}|(?:pp?\.? ?|pages? )?{pages2},? {date2})`,
	// EPL, 93 (2011) 26002 is the third form; Biometrika, 88, 465-474, 2001
	`{title}, (?:vol(?:ume|\.)? ?)?{volume}(?: ?\({number}\))?[,:] ?(?:pp?\.? ?|pages? )?{pages}, {year}`,
	// Transactions on Machine Learning Research (2023)   Transactions on Machine Learning Research, 2023
	`{title}(?:, | \(){date}\)?`,
)

func compileForms(forms ...string) []*regexp.Regexp {
	parts := strings.NewReplacer(
		"{title}", `(?P<title>\pL[^;()\d]*?[\pL.])`, "{volume}", `(?P<volume>[A-Z]?\d{1,5}[A-Z]?)`,
		"{number}", `(?P<number>\d{1,4}(?:[-–/]\d{1,4})?)`, "{number2}", `(?P<number2>\d{1,4}(?:[-–/]\d{1,4})?)`,
		"{pages}", `(?P<pages>[A-Za-z]{0,2}\d{1,9}(?: ?[-–—]{1,2} ?[A-Za-z]{0,2}\d{1,9})?)`,
		"{pages2}", `(?P<pages2>[A-Za-z]{0,2}\d{1,9}(?: ?[-–—]{1,2} ?[A-Za-z]{0,2}\d{1,9})?)`,
		"{year}", `(?P<year>(?:19|20)\d\d)`,
		"{date}", `(?:\d{1,2} |\d\d/)?(?:[A-Z][a-z]{2,8}\.? )?(?P<year>(?:19|20)\d\d)`,
		"{date2}", `(?:[A-Z][a-z]{2,8}\.? )?(?P<year2>(?:19|20)\d\d)`,
	)
	out := make([]*regexp.Regexp, len(forms))
	for i, form := range forms {
		out[i] = regexp.MustCompile(`^(?i:` + parts.Replace(form) + `)$`)
	}
	return out
}

var (
	// conferenceWord tells proceedings; the acronyms are the conferences whose papers arXiv has most of.
	conferenceWord = regexp.MustCompile(`(?i:\b(?:proceedings|proc|conference|conf|symposium|workshops?|congress|colloquium)\b|advances in neural information processing)` +
		`|\b(?:NeurIPS|NIPS|ICML|ICLR|CVPR|ICCV|ECCV|WACV|BMVC|ACL|EMNLP|NAACL|EACL|COLING|CoNLL|LREC|AAAI|IJCAI|ECAI|AISTATS|UAI|COLT|KDD|SIGIR|CIKM|WSDM|TheWebConf|` +
		`INTERSPEECH|ICASSP|CoRL|ICRA|IROS|SIGGRAPH|MICCAI|VLDB|SIGMOD|ICSE|STOC|FOCS|SODA|ITCS|CRYPTO|EUROCRYPT|ACSAC|USENIX|OSDI|SOSP|NSDI|MLSys|CHI|GECCO|ISMIR|EPTCS|LIPIcs)\b`)
	// notConference are journals that say "proceedings" or "conference" in their name.
	notConference = regexp.MustCompile(`(?i:proc(?:eedings|\.)? ?(?:of )?(?:the )?(?:natl|national|nat\.|roy|r\.|amer|am\.|london|lond|edinb|camb|japan|indian|steklov|ieee,? (?:\d|vol)|vldb endow|acm (?:on )?(?:program|meas|hum|interact))|conf\. ?ser|conf\. ?proc|pvldb|proceedings of the ieee,? \d)`)

	leadIn       = regexp.MustCompile(`^(?i:in:? |dans |to appear in |published in |accepted (?:at|to|by|in) )`)
	pagesWord    = regexp.MustCompile(`(?i:,? ?\(?\b(?:pp?\.?|pages?) ?(\d{1,6})(?: ?[-–—]{1,2} ?(\d{1,6}))?\)?)`)
	pagesLast    = regexp.MustCompile(`(?:[,:] ?|\) )(\d{1,6}) ?[-–—]{1,2} ?(\d{1,6})$`)
	yearAnywhere = regexp.MustCompile(`\b((?:19|20)\d\d)\b`)
	yearLast     = regexp.MustCompile(`,? ?(?:\((?:\d\d/){0,2}(?:19|20)\d\d\)|, (?:19|20)\d\d)$`)
	seriesVolume = regexp.MustCompile(`, (?:vol(?:ume|\.)? ?)?([A-Z][\w.]*) (\d{1,4})$`) // ", PMLR 70"
	runOn        = regexp.MustCompile(`(\pL)\.(\pL)`)
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
		return readProceedings(s)
	}
	for i, form := range journalForms {
		m := form.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		part := func(name string) string {
			for _, name := range []string{name, name + "2"} {
				if i := form.SubexpIndex(name); i >= 0 && m[i] != "" {
					return m[i]
				}
			}
			return ""
		}
		v := venue{Kind: journal, Title: strings.Trim(part("title"), " ,"), Volume: part("volume"), Number: part("number"), Year: part("year")}
		v.First, v.Last = splitPages(part("pages"))
		if i == len(journalForms)-1 && !looksLikeJournal(v.Title) || strings.Count(v.Title, ",") > 1 {
			return venue{} // a book, or authors in front
		}
		for range 2 { // twice, since matches share a letter: J.R.S.
			v.Title = runOn.ReplaceAllString(v.Title, "$1. $2")
		}
		return v
	}
	return venue{}
}

// looksLikeJournal guards the form that has nothing but a title and a year.
func looksLikeJournal(title string) bool {
	for _, word := range strings.Fields(strings.ToLower(title)) {
		switch strings.Trim(word, ".,") {
		case "journal", "transactions", "annals", "letters", "review", "reviews", "magazine", "bulletin", "nature", "science", "tmlr", "jmlr", "tacl", "quarterly", "acta", "j", "lett", "rev", "trans", "ann":
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
	if years := yearAnywhere.FindAllString(s, -1); years != nil {
		v.Year = years[len(years)-1]
	}
	if m := pagesWord.FindStringSubmatchIndex(s); m != nil && m[4] >= 0 {
		v.First, v.Last = s[m[2]:m[3]], s[m[4]:m[5]]
		s = s[:m[0]] + s[m[1]:]
	}
	s = strings.Trim(yearLast.ReplaceAllString(strings.Trim(s, " .,:"), ""), " .,:")
	if m := pagesLast.FindStringSubmatchIndex(s); m != nil && v.First == "" {
		v.First, v.Last = s[m[2]:m[3]], s[m[4]:m[5]]
		close := strings.HasPrefix(s[m[0]:], ")") // it ends what stands in front
		s = s[:m[0]]
		if close {
			s += ")"
		}
	}
	s = strings.Trim(yearLast.ReplaceAllString(strings.Trim(s, " .,:"), ""), " .,:")
	if m := seriesVolume.FindStringSubmatchIndex(s); m != nil && s[m[2]:m[3]] == strings.ToUpper(s[m[2]:m[3]]) {
		v.Volume = s[m[4]:m[5]]
		s = s[:m[4]-1] // the series' name stays: ", PMLR"
	}
	v.Title = strings.Trim(s, " .,:")
	if v.Title == "" || v.Title == v.Year {
		return venue{}
	}
	return v
}
