package arxiv

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ID is the canonical identifier of a paper, without version and without subject class: "1706.03762", "hep-th/9901001".
type ID string

// A version has at most five digits here; the highest that arXiv has given out is 152.
var (
	newStyle = regexp.MustCompile(`^(\d{2})(\d{2})\.(\d{4,5})(?:[vV]([1-9]\d{0,4}))?(?:[#/].*)?$`)
	oldStyle = regexp.MustCompile(`^([a-z]+(?:-[a-z]{2,})?)(?:\.[a-zA-Z-]{2,})?/(\d{2})(\d{2})(\d{3})(?:v([1-9]\d{0,4}))?(?:[#/].*)?$`)
)

// missingHyphen are the archive names that people write without their hyphen (arxiv-base, arxiv/identifier).
var missingHyphen = strings.NewReplacer(
	"hepth/",
	"hep-th/",
	"hepph/",
	"hep-ph/",
	"hepex/",
	"hep-ex/",
	"heplat/",
	"hep-lat/",
	"astroph/",
	"astro-ph/",
	"condmat/",
	"cond-mat/",
	"quantph/",
	"quant-ph/",
	"grqc/",
	"gr-qc/",
	"nuclth/",
	"nucl-th/",
	"nuclex/",
	"nucl-ex/",
	"mathph/",
	"math-ph/",
	"aosci/",
	"ao-sci/",
)

// Parse reads one identifier as people write it. The version is 0 when none is given.
func Parse(s string) (ID, int, error) {
	t := strings.TrimLeftFunc(s, func(r rune) bool { return isAround(r) || strings.ContainsRune("([{<\"'`", r) })
	t = strings.TrimRightFunc(t, func(r rune) bool { return isAround(r) || strings.ContainsRune(".,;:!?)]}>\"'`", r) })
	for _, suffix := range []string{".pdf", ".ps.gz", ".ps", ".gz"} {
		t = strings.TrimSuffix(t, suffix)
	}
	t = strings.TrimPrefix(t, "/")
	if len(t) >= 6 && strings.EqualFold(t[:6], "arxiv:") {
		t = strings.TrimSpace(t[6:])
	}
	t = strings.ReplaceAll(strings.ReplaceAll(t, "//", "/"), "--", "-")
	if i := strings.IndexByte(t, '/'); i > 0 {
		t = strings.ToLower(t[:i]) + t[i:]
		t = missingHyphen.Replace(t)
	}
	if m := newStyle.FindStringSubmatch(t); m != nil {
		return parseNew(m)
	}
	if m := oldStyle.FindStringSubmatch(t); m != nil {
		year, _ := strconv.Atoi(m[2])
		month, _ := strconv.Atoi(m[3])
		if month < 1 || month > 12 {
			return "", 0, fmt.Errorf("month %d does not exist", month)
		}
		if m[4] == "000" {
			return "", 0, fmt.Errorf("number 0 does not exist")
		}
		if n := year*100 + month; n > 703 && n < 9100 {
			return "", 0, fmt.Errorf("old-style identifiers end with 0703")
		}
		v, _ := strconv.Atoi(m[5])
		return ID(m[1] + "/" + m[2] + m[3] + m[4]), v, nil
	}
	return "", 0, fmt.Errorf("not an arXiv identifier")
}

// isAround says whether a character only stands around an identifier: white space, and whatever else than ASCII is
// punctuation or invisible, such as the quotes and full stops of other scripts and zero-width blanks.
func isAround(r rune) bool {
	return unicode.IsSpace(r) || r >= utf8.RuneSelf && (unicode.IsPunct(r) || unicode.Is(unicode.Cf, r))
}

func parseNew(m []string) (ID, int, error) {
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	num, _ := strconv.Atoi(m[3])
	switch {
	case month < 1 || month > 12:
		return "", 0, fmt.Errorf("month %d does not exist", month)
	case year*100+month < 704:
		return "", 0, fmt.Errorf("new-style identifiers begin with 0704")
	case num == 0:
		return "", 0, fmt.Errorf("number 0 does not exist")
	case year < 15 && num > 9999:
		return "", 0, fmt.Errorf("identifiers before 2015 have four digits after the dot")
	}
	width := 5
	if year < 15 {
		width = 4
	}
	v, _ := strconv.Atoi(m[4])
	return ID(fmt.Sprintf("%s%s.%0*d", m[1], m[2], width, num)), v, nil
}

// OldStyle says whether id is of the form used until March 2007, archive/YYMMNNN.
func (id ID) OldStyle() bool { return strings.Contains(string(id), "/") }

// Year is the year of the identifier, 1991 to 2090.
func (id ID) Year() int {
	year, err := strconv.Atoi(id.digits(0, 2))
	switch {
	case err != nil:
		return 0
	case year >= 91:
		return 1900 + year
	}
	return 2000 + year
}

// Month is the month of the identifier, 1 to 12.
func (id ID) Month() int {
	month, _ := strconv.Atoi(id.digits(2, 4))
	return month
}

// digits is a part of what stands behind the archive.
func (id ID) digits(from, to int) string {
	s := string(id)
	s = s[strings.IndexByte(s, '/')+1:]
	if len(s) < to {
		return ""
	}
	return s[from:to]
}

// Versioned is the identifier with a version, "1706.03762v2"; version 0 gives the identifier alone.
func (id ID) Versioned(version int) string {
	if version == 0 {
		return string(id)
	}
	return string(id) + "v" + strconv.Itoa(version)
}

// URL is the abstract page at arXiv; version 0 is the newest.
func (id ID) URL(version int) string { return "https://arxiv.org/abs/" + id.Versioned(version) }

// Compare orders identifiers by year, month, number and archive, as they were given out.
func Compare(a, b ID) int {
	if c := cmp.Compare(a.Year()*100+a.Month(), b.Year()*100+b.Month()); c != 0 {
		return c
	}
	if c := strings.Compare(a.digits(4, len(a)-strings.IndexByte(string(a), '/')-1),
		b.digits(4, len(b)-strings.IndexByte(string(b), '/')-1)); c != 0 {
		return c
	}
	return strings.Compare(string(a), string(b))
}
