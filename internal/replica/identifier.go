package replica

import (
	"regexp"
	"strconv"
	"strings"
)

// identifier is what arXiv's class Identifier makes of a string (arxiv-base, arxiv/identifier/__init__.py).
type identifier struct {
	base    string // canonical, without version and subject class
	version int    // 0: none
}

func (id identifier) String() string {
	if id.version == 0 {
		return id.base
	}
	return versioned(id.base, id.version)
}

// The patterns and repairs of class Identifier, in its order.
var (
	fileSuffix    = regexp.MustCompile(`\.(pdf|ps|gz|ps\.gz)$`)
	arxivPrefix   = regexp.MustCompile(`(?i)^arxiv:`)
	slashes       = regexp.MustCompile(`//+`)
	hyphens       = regexp.MustCompile(`--+`)
	missingHyphen = regexp.MustCompile(`([^a\-])(ph|ex|th|qc|mat|lat|sci)(/|$)`)
	oldIdentifier = regexp.MustCompile(`^([a-z]+(?:-[a-z]{2,})?)(?:\.[a-zA-Z-]{2,})?/(\d\d)(\d\d)(\d\d\d)(?:v([1-9]\d*))?(?:[#/].*)?$`)
	newIdentifier = regexp.MustCompile(`^(\d\d)(\d\d)\.(\d{4,5})(?:v([1-9]\d*))?(?:[#/].*)?$`)
)

// parseIdentifier is the reading that OAI-PMH and the abs pages use: forgiving in form (it repairs prefixes, suffixes,
// subject classes, zero padding), strict in dates and numbers; the name of the archive is not checked.
func parseIdentifier(s string) (identifier, bool) {
	s = strings.Map(asciiDigit, strings.TrimSuffix(s, "\n"))
	s = fileSuffix.ReplaceAllString(s, "")
	s = strings.TrimPrefix(s, "/")
	s = arxivPrefix.ReplaceAllString(s, "")
	s = slashes.ReplaceAllString(s, "/")
	s = hyphens.ReplaceAllString(s, "-")
	archive, rest, slash := strings.Cut(s, "/")
	s = strings.ToLower(archive)
	if slash {
		s += "/" + rest
	}
	if m := missingHyphen.FindStringSubmatchIndex(s); m != nil { // the first occurrence only
		s = s[:m[3]] + "-" + s[m[4]:]
	}
	if m := oldIdentifier.FindStringSubmatch(s); m != nil {
		year, month, number := toInt(m[2]), toInt(m[3]), toInt(m[4])
		year += 1900
		if year < 1991 {
			year += 100
		}
		if !validMonth(month) || number == 0 || year > 2007 || year == 2007 && month > 3 {
			return identifier{}, false
		}
		return withVersion(m[1]+"/"+m[2]+m[3]+m[4], m[5])
	}
	if m := newIdentifier.FindStringSubmatch(s); m != nil {
		year, month, number := 2000+toInt(m[1]), toInt(m[2]), toInt(m[3])
		if !validMonth(month) || number == 0 || year < 2007 || year == 2007 && month < 4 || year < 2015 && number > 9999 {
			return identifier{}, false
		}
		width := 4
		if year >= 2015 {
			width = 5
		}
		digits := strconv.Itoa(number)
		return withVersion(m[1]+m[2]+"."+strings.Repeat("0", width-len(digits))+digits, m[4])
	}
	return identifier{}, false
}

func withVersion(base, version string) (identifier, bool) {
	if version == "" {
		return identifier{base: base}, true
	}
	n, err := strconv.Atoi(version)
	return identifier{base: base, version: n}, err == nil
}

func validMonth(month int) bool { return month >= 1 && month <= 12 }

// toInt reads digits that a pattern has bounded to five.
func toInt(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// asciiDigit narrows full-width digits: Python's \d and int take them.
func asciiDigit(r rune) rune {
	if r >= '０' && r <= '９' {
		return r - '０' + '0'
	}
	return r
}

// queryAccepts is parse_arxiv_id (arxiv-base, arxiv/identifier/__init__.py): the query API refuses a whole request when
// one element of id_list does not hold, anywhere in it, something like an identifier. It says nothing about what the
// element will match.
func queryAccepts(s string) bool {
	return newInText.MatchString(s) || oldInText.MatchString(s)
}

var (
	newInText = regexp.MustCompile(`(?:^|[^\p{Nd}=.])\p{Nd}{4}\.\p{Nd}{4,5}`)
	oldInText = regexp.MustCompile(`(?i)(?:` + archiveNames + `)(?:\.[a-z-]{2,})?/\p{Nd}{2}[01]\p{Nd}{4}`)
)

// archiveNames are arXiv's archives, past ones included (arxiv-base, arxiv/taxonomy/definitions.py).
const archiveNames = `acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|` +
	`cond-mat|cs|dg-ga|econ|eess|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|` +
	`patt-sol|physics|plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con|test`
