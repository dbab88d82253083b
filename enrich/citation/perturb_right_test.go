package citation

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"syncer/arxiv"
	"syncer/seeds"
)

// A rewrite writes a title in another way; "" when the title has no such form.
type rewrite struct {
	kind  string
	write func(title string) string
}

func replacing(pairs ...string) func(string) string {
	return func(title string) string {
		if changed := strings.NewReplacer(pairs...).Replace(title); changed != title {
			return changed
		}
		return ""
	}
}

// replacingWords replaces whole words.
func replacingWords(pairs ...string) func(string) string {
	return func(title string) string {
		words := strings.Fields(title)
		for i, w := range words {
			if at := slices.Index(pairs, w); at >= 0 && at%2 == 0 {
				words[i] = pairs[at+1]
			}
		}
		if changed := strings.Join(words, " "); changed != title {
			return changed
		}
		return ""
	}
}

// around puts a text before and one behind.
func around(before, behind string) func(string) string {
	return func(title string) string { return before + title + behind }
}

// words needs a title of at least n words and says what to make of them.
func fromWords(n int, write func(words []string) string) func(string) string {
	return func(title string) string {
		if words := strings.Fields(title); len(words) >= n {
			return write(words)
		}
		return ""
	}
}

func texAccents(title string) string {
	marks := map[rune]string{'\u0301': `\'`, '\u0300': "\\`", '\u0302': `\^`, '\u0308': `\"`, '\u0303': `\~`, '\u030c': `\v `, '\u0327': `\c `}
	var b strings.Builder
	changed := false
	var letter rune
	flush := func() {
		if letter != 0 {
			b.WriteRune(letter)
		}
		letter = 0
	}
	for _, r := range norm.NFD.String(title) {
		if mark, ok := marks[r]; ok && letter != 0 {
			b.WriteString("{" + mark + string(letter) + "}")
			letter, changed = 0, true
			continue
		}
		flush()
		letter = r
	}
	flush()
	if !changed {
		return ""
	}
	return b.String()
}

// rightTitles are ways to write a title that are no mistake.
var rightTitles = []rewrite{
	{"as it is", func(t string) string { return t }},
	// Notation.
	{"lower case", strings.ToLower},
	{"upper case", strings.ToUpper},
	{"title case", func(t string) string {
		words := strings.Fields(t)
		for i, w := range words {
			r := []rune(w)
			r[0] = unicode.ToUpper(r[0])
			words[i] = string(r)
		}
		return strings.Join(words, " ")
	}},
	{"TeX braces", func(t string) string { return "{{" + strings.ReplaceAll(t, " ", "} {") + "}}" }},
	{"TeX braced capitals", func(t string) string {
		var b strings.Builder
		for _, r := range t {
			if unicode.IsUpper(r) {
				b.WriteString("{" + string(r) + "}")
			} else {
				b.WriteRune(r)
			}
		}
		return b.String()
	}},
	{"TeX emphasis", func(t string) string { return `\emph{` + strings.ReplaceAll(t, "&", `\&`) + `}.` }},
	{"TeX old emphasis", func(t string) string { return `{\em ` + strings.ReplaceAll(t, "&", `\&`) + `}` }},
	{"TeX accents", texAccents},
	{"TeX dashes", replacing(" - ", " -- ", "–", "--", "—", "---")},
	{"TeX quotes and ties", func(t string) string { return "``" + strings.Replace(t, " ", "~", 1) + "''" }},
	{"no dollars", replacing("$", "")},
	{"HTML", func(t string) string { return "<i>" + strings.ReplaceAll(t, "&", "&amp;") + "</i>" }},
	{"HTML entities", func(t string) string {
		return strings.NewReplacer("&", "&amp;", "'", "&#39;", " ", "&nbsp;", "<", "&lt;").Replace(t)
	}},
	{"decomposed", func(t string) string {
		if d := norm.NFD.String(t); d != t {
			return d
		}
		return ""
	}},
	{"no accents", func(t string) string {
		var b strings.Builder
		for _, r := range norm.NFD.String(t) {
			if !unicode.Is(unicode.Mn, r) {
				b.WriteRune(r)
			}
		}
		if b.String() == t {
			return ""
		}
		return b.String()
	}},
	{"quotes and dot", around("“", ".”")},
	{"straight quotes", around(`"`, `"`)},
	{"guillemets", around("« ", " »")},
	{"hyphens as blanks", replacing("-", " ")},
	{"hyphens left out", replacing("-", "")},
	{"Unicode hyphens", replacing("-", "‐")},
	{"non-breaking hyphens", replacing("-", "\u2011")},
	{"curly apostrophes", replacing("'", "’")},
	{"no commas", replacing(",", "")},
	{"ampersand", replacing(" and ", " & ")},
	{"spoken ampersand", replacing(" & ", " and ")},
	{"British", replacing("ization", "isation", "izing", "ising", "ized", "ised", "avior", "aviour", "olor", "olour", "odeling", "odelling", "abeled", "abelled", "abeling", "abelling")},
	{"Greek letters", replacingWords("alpha", "α", "beta", "β", "gamma", "γ", "lambda", "λ", "Lambda", "Λ")},
	{"digits for words", replacingWords("Two", "2", "two", "2", "Three", "3", "three", "3", "One", "1", "one", "1")},
	{"words run together", replacing("time-varying", "timevarying", "non-", "non", "multi-", "multi", "semi-", "semi")},
	// Parts.
	{"dash for colon", replacing(": ", " – ")},
	{"long dash for colon", replacing(": ", "—")},
	{"hyphen for colon", replacing(": ", " - ")},
	{"no colon", replacing(":", "")},
	{"French colon", replacing(":", " :")},
	{"bracketed subtitle", func(t string) string {
		before, after, ok := strings.Cut(t, ": ")
		if !ok || strings.ContainsAny(after, "()") {
			return ""
		}
		return before + " (" + after + ")"
	}},
	{"subtitle dropped", func(t string) string {
		before, _, ok := strings.Cut(t, ": ")
		if !ok || partOfSeries(t) {
			return ""
		}
		return before
	}},
	{"nickname dropped", func(t string) string {
		_, after, _ := strings.Cut(t, ": ")
		return after
	}},
	{"cut short", fromWords(7, func(w []string) string { return strings.Join(w[:5], " ") + "…" })},
	{"cut short, three dots", fromWords(7, func(w []string) string { return strings.Join(w[:6], " ") + " ..." })},
	{"cut in a word", fromWords(7, func(w []string) string {
		t := strings.Join(w, " ")
		r := []rune(t)
		return strings.TrimRight(string(r[:len(r)*3/4]), " ") + "…"
	})},
	{"phrase left out", fromWords(8, func(w []string) string {
		if partOfSeries(strings.Join(w[3:5], " ")) {
			return ""
		}
		return strings.Join(slices.Concat(w[:3], w[5:]), " ")
	})},
	{"article left out", func(t string) string {
		if rest, ok := strings.CutPrefix(t, "The "); ok {
			return rest
		}
		rest, _ := strings.CutPrefix(t, "A ")
		if rest == t {
			return ""
		}
		return rest
	}},
	{"article added", func(t string) string {
		if strings.HasPrefix(t, "The ") || strings.HasPrefix(t, "A ") || len(strings.Fields(t)) < 4 {
			return ""
		}
		return "The " + t
	}},
	{"LLM for large language model", replacing("Large Language Models", "LLMs", "Large Language Model", "LLM")},
	// What people put around a title.
	{"nickname in front", around("FooNet: ", "")},
	{"nickname, dash", around("FooNet — ", "")},
	{"nickname, hyphen", around("FooNet - ", "")},
	{"nickname, bar", around("FooNet | ", "")},
	{"nickname of two words", around("Foo Net v2: ", "")},
	{"nickname in brackets", around("(FooNet) ", "")},
	{"nickname, bold", around("**FooNet**: ", "")},
	{"acronym behind", around("", " (FooNet)")},
	{"acronym behind, dash", around("", " — FooNet")},
	{"venue in front", around("[NeurIPS 2022] ", "")},
	{"venue behind", around("", " [ICML'23 Oral]")},
	{"venue, dot", around("", ". NeurIPS 2022")},
	{"venue, comma", around("", ", ICLR 2020")},
	{"venue, dash", around("", " - CVPR 2021")},
	{"year behind", around("", ", 2017")},
	{"year in brackets", around("", " (2017)")},
	{"year in front", around("2017: ", "")},
	{"identifier in front", around("[1706.03762] ", "")},
	{"number in front", around("12. ", "")},
	{"medium", around("", " [pdf]")},
	{"star", around("⭐ ", " 🔥")},
	{"remark, dash", around("", " — the paper that introduced a good idea")},
	{"author behind", around("", " (Vaswani et al.)")},
	// No claim about the title.
	{"label", func(string) string { return "FooNet" }},
	{"label with number", func(string) string { return "Foo-3 (large)" }},
	{"translation", func(string) string { return "注意力就是你所需要的一切" }},
	{"Russian translation", func(string) string { return "Внимание — это всё, что вам нужно" }},
	{"none", func(string) string { return "" }},
}

// partOfSeries says whether a title is one of several parts, so that what stands before the colon is not its name.
func partOfSeries(title string) bool {
	for _, w := range strings.Fields(title) {
		w = strings.ToLower(strings.Trim(w, ".:,"))
		if w == "part" || strings.HasSuffix(w, "-part") || w == "i" || w == "ii" || w == "iii" || w == "vii" || w == "xv" {
			return true
		}
	}
	return false
}

// name is a first author taken apart, and the second one.
type name struct{ given, family, second string }

func (n name) full() string { return strings.TrimSpace(n.given + " " + n.family) }

func (n name) initials() string {
	var b strings.Builder
	for _, g := range strings.FieldsFunc(n.given, func(r rune) bool { return r == ' ' || r == '-' || r == '.' }) {
		b.WriteString(string([]rune(g)[:1]))
	}
	return strings.ToUpper(b.String())
}

// authorWay is a way to write the first author; "" when the name has no such form.
type authorWay struct {
	kind  string
	write func(n name) string
}

// rightAuthors are no mistakes.
var rightAuthors = []authorWay{
	{"family", func(n name) string { return n.family }},
	{"full", name.full},
	{"family first, comma", func(n name) string { return n.family + ", " + n.given }},
	{"family first", func(n name) string { return n.family + " " + n.given }},
	{"initial", func(n name) string { return n.given[:1] + ". " + n.family }},
	{"initial, no dot", func(n name) string { return n.initials() + " " + n.family }},
	{"initials", func(n name) string { return strings.Join(strings.Split(n.initials(), ""), ". ") + ". " + n.family }},
	{"initial behind", func(n name) string { return n.family + " " + n.given[:1] + "." }},
	{"initials behind", func(n name) string { return n.family + " " + n.initials() }},
	{"BibTeX initial", func(n name) string { return n.family + ", " + n.given[:1] + "." }},
	{"et al", func(n name) string { return n.family + " et al." }},
	{"et al, comma", func(n name) string { return n.family + ", et al" }},
	{"et. al", func(n name) string { return n.family + " et. al." }},
	{"et al, year", func(n name) string { return n.family + " et al. (2017)" }},
	{"year", func(n name) string { return n.family + " (2017)" }},
	{"full et al", func(n name) string { return n.full() + " et al." }},
	{"and others", func(n name) string { return n.full() + " and others" }},
	{"and 12 others", func(n name) string { return n.full() + " and 12 others" }},
	{"two", func(n name) string { return n.family + " and " + n.second }},
	{"two, ampersand", func(n name) string { return n.family + " & " + n.second }},
	{"two, plus", func(n name) string { return n.family + " + " + n.second }},
	{"list", func(n name) string { return n.full() + ", Some One, " + n.second }},
	{"list of families", func(n name) string { return n.family + ", Other, and " + n.second }},
	{"list, initials behind", func(n name) string { return n.family + " " + n.initials() + ", Other AB, Further C" }},
	{"list, semicolons", func(n name) string { return n.family + ", " + n.given + "; Other, Any" }},
	{"BibTeX list", func(n name) string { return n.family + ", " + n.given + " and " + n.second + " and others" }},
	{"BibTeX braces", func(n name) string { return "{" + n.family + "}, {" + n.given + "}" }},
	{"TeX accents", func(n name) string { return texAccents(n.full()) }},
	{"upper case", func(n name) string { return strings.ToUpper(n.family) }},
	{"upper case family", func(n name) string { return n.given + " " + strings.ToUpper(n.family) }},
	{"lower case", func(n name) string { return strings.ToLower(n.full()) }},
	{"no accents", func(n name) string { return arxiv.Key(n.family) }},
	{"German umlauts", func(n name) string {
		return replacing("ä", "ae", "ö", "oe", "ü", "ue", "Ö", "Oe", "Ü", "Ue", "ß", "ss", "ø", "oe", "Ø", "Oe", "å", "aa")(n.full())
	}},
	{"no hyphen", func(n name) string { return replacing("-", " ")(n.full()) }},
	{"joined", func(n name) string { return replacing("-", "")(n.full()) }},
	{"particle dropped", func(n name) string {
		words := strings.Fields(n.family)
		if len(words) < 2 || !arxiv.IsParticle(strings.ToLower(words[0])) {
			return ""
		}
		return words[len(words)-1]
	}},
	{"particle capitalised", func(n name) string {
		if !unicode.IsLower([]rune(n.family)[0]) {
			return ""
		}
		return strings.ToUpper(n.family[:1]) + n.family[1:]
	}},
	{"particle joined", func(n name) string { return replacing(" ", "")(n.family) }},
	{"middle name", func(n name) string { return n.given + " Q. " + n.family }},
	{"junior", func(n name) string { return n.full() + " Jr." }},
	{"title", func(n name) string { return "Dr. " + n.full() }},
	{"mark", func(n name) string { return n.family + "*" }},
	{"superscript", func(n name) string { return n.full() + "¹" }},
	{"HTML superscript", func(n name) string { return n.full() + "<sup>1</sup>" }},
	{"affiliation", func(n name) string { return n.full() + " (Some University)" }},
	{"by", func(n name) string { return "by " + n.full() }},
	{"house", func(name) string { return "Google Research" }},
	{"none", func(name) string { return "" }},
}

// rightYears are the years that a careful person may give a paper.
var rightYears = []struct {
	kind string
	of   func(p *arxiv.Paper) int
}{
	{"none", func(*arxiv.Paper) int { return 0 }},
	{"first version", func(p *arxiv.Paper) int { return p.Published.Year() }},
	{"newest version", func(p *arxiv.Paper) int { return p.Submitted.Year() }},
	{"venue, a year later", func(p *arxiv.Paper) int { return p.Submitted.Year() + 1 }},
	{"identifier", func(p *arxiv.Paper) int { return p.ID.Year() }},
}

// rightClaims are every right way to write the title, each with a right way to write the author and the year, other ones for
// each paper; and every right way to write the author.
func rightClaims(p *arxiv.Paper, n int) []perturbed {
	first := nameOf(p)
	var claims []perturbed
	for i, t := range rightTitles {
		title := t.write(p.Title)
		if title == "" && t.kind != "none" {
			continue
		}
		a, y := rightAuthors[(n*7+i*5)%len(rightAuthors)], rightYears[(n+i)%len(rightYears)]
		claim := seeds.Claim{Title: title, FirstAuthor: writeAuthor(first, a), Year: y.of(p)}
		claims = append(claims, perturbed{kind: "right: title " + t.kind, claim: claim}, perturbed{kind: "right: year " + y.kind, claim: claim})
	}
	for _, a := range rightAuthors {
		if author := writeAuthor(first, a); author != "" {
			claims = append(claims, perturbed{kind: "right: author " + a.kind, claim: seeds.Claim{Title: p.Title, FirstAuthor: author}})
		}
	}
	return claims
}

// writeAuthor gives nothing for a house, which has no given name, and for two names where there is only one.
func writeAuthor(n name, way authorWay) string {
	if n.given == "" {
		return ""
	}
	if text := way.write(n); n.second != "" || text == way.write(name{n.given, n.family, "x"}) {
		return text
	}
	return ""
}

// nameOf takes the first author apart.
func nameOf(p *arxiv.Paper) name {
	full := p.Authors[0].Name
	family := familyOf(full)
	if isOrganisation(p.Authors[0]) || len(family) < 2 {
		return name{}
	}
	n := name{given: strings.TrimSpace(strings.TrimSuffix(full, family)), family: family}
	if len(p.Authors) > 1 {
		n.second = familyOf(p.Authors[1].Name)
	}
	return n
}
