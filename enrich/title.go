package enrich

import (
	"html"
	"strings"
	"unicode"

	"syncer/arxiv"
)

// titleFit says how a claimed title stands to a paper's title, best first. It is no number: "Off-diagonal book Ramsey
// numbers" is 0.915 similar to "Off-diagonal Ramsey numbers", and another paper.
type titleFit int

const (
	titleSame  titleFit = iota // equal but for notation, or in one of the forms that people write titles in
	titleLabel                 // a short name ("Chinchilla", "Scaling Laws"): no claim about the title
	titleShort                 // the title with words left out
	titleNear                  // most words are the title's, some are not
	titleOther                 // another title
)

// labelWords is how long a short name can be. The longest in the embedded list that are no titles have four words
// ("Test-Time Training", "In-Context Scheming (Apollo)").
const labelWords = 4

// fitTitle compares what a list writes where the title is expected with the title of one version. abstract may be empty;
// it can only speak for the claim.
func fitTitle(claim, title, abstract string) titleFit {
	if arxiv.Key(claim) == arxiv.Key(title) {
		return titleSame // nearly every claim; the rest is twenty times as much work
	}
	if otherScript(claim, title) {
		return titleLabel // a translation can be neither confirmed nor refuted
	}
	truth := titleWords(title)
	forms := claimForms(claim)
	if len(forms) == 0 || len(truth) == 0 {
		return titleLabel
	}
	best := titleOther
	for _, form := range forms {
		best = min(best, fitWords(form, title, truth))
	}
	if best <= titleLabel {
		return best
	}
	core := forms[len(forms)-1]
	if len(core) <= labelWords && (best == titleOther || 2*len(core) <= len(truth)) {
		return titleLabel
	}
	if best == titleOther && saysAllOf(abstract, core) {
		return titleNear
	}
	return best
}

// fitWords compares one form of the claim with the title and the parts of it that stand for the whole.
func fitWords(claim []string, title string, truth []string) titleFit {
	whole := strings.Join(claim, "")
	joined := strings.Join(truth, "")
	for _, part := range titleParts(title) {
		if words := strings.Join(titleWords(part), ""); words == whole && (words == joined || len(claim) > labelWords) {
			return titleSame
		} else if words == whole {
			return titleLabel
		}
	}
	// A title cut short at a word, with or without an ellipsis, and one with a subtitle that arXiv's record has not.
	if len(claim) > labelWords && strings.HasPrefix(joined, whole) || len(truth) > labelWords && strings.HasPrefix(whole, joined) && longer(claim, truth) {
		return titleSame
	}
	common := alignWords(claim, truth)
	switch {
	case common.claimed == len(claim) && len(claim) >= 3:
		return titleShort
	case common.content*2 >= common.contentTotal:
		return titleNear
	}
	return titleOther
}

// longer allows a claim to go on behind the title by a subtitle, not by a word or two that may change its meaning.
func longer(claim, truth []string) bool { return len(claim)-len(truth) >= 3 }

// claimForms are the claim's words as they stand and with what people add to titles taken off: a bracketed venue or
// acronym, a nickname in front. The last form is the barest.
func claimForms(claim string) [][]string {
	var forms [][]string
	add := func(text string) {
		if words := titleWords(text); len(words) > 0 {
			forms = append(forms, words)
		}
	}
	text := plainTitle(claim)
	add(text)
	if bare := withoutBrackets(text); bare != text {
		text = bare
		add(text)
	}
	if _, rest, ok := nickname(text); ok {
		add(rest)
	}
	return forms
}

// titleParts are the texts that stand for a title: the whole, without brackets, the part before the first separator, the
// part after it.
func titleParts(title string) []string {
	title = plainTitle(title)
	parts := []string{title, withoutBrackets(title)}
	for _, separator := range []string{":", "?", "—", "–", " - ", ". "} {
		before, after, ok := strings.Cut(title, separator)
		if ok && len(titleWords(after)) > 0 {
			parts = append(parts, before, after)
		}
	}
	return parts
}

// nickname takes a short name off the front of a title: "CLIP: Learning …", "AQLM — Extreme …".
func nickname(text string) (name, rest string, ok bool) {
	for _, separator := range []string{":", "—", "–", " - ", "|"} {
		before, after, found := strings.Cut(text, separator)
		if found && len(strings.Fields(before)) <= labelWords && len(titleWords(after)) >= 2 {
			return before, after, true
		}
	}
	return "", text, false
}

// withoutBrackets drops every (…) and […] that has something else beside it: "(DDPM)", "[CVPR 2023]".
func withoutBrackets(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range text {
		switch {
		case r == '(' || r == '[' || r == '（' || r == '【':
			depth++
		case r == ')' || r == ']' || r == '）' || r == '】':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
		if depth < 0 {
			break
		}
	}
	if depth != 0 || len(titleWords(b.String())) == 0 {
		return text // unbalanced, or nothing but a bracket
	}
	return b.String()
}

// texSigns are TeX's ways to write signs that arxiv.Text leaves alone.
var texSigns = strings.NewReplacer(`\&`, "&", `\%`, "%", `\$`, "", `\_`, "_", `\#`, "#", "~", " ", `\ell`, "l")

// plainTitle takes markup off: HTML entities and tags, TeX commands but for their arguments. Accents and Greek letters
// that TeX writes as commands are letters (arxiv.Text).
func plainTitle(s string) string {
	if strings.ContainsAny(s, "<&") {
		s = html.UnescapeString(withoutTags(s))
	}
	s = arxiv.Text(texSigns.Replace(s))
	if !strings.ContainsRune(s, '\\') {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		end := i + 1
		for end < len(s) && (s[end] >= 'a' && s[end] <= 'z' || s[end] >= 'A' && s[end] <= 'Z') {
			end++
		}
		if end > i+1 {
			i = end - 1
		}
	}
	return b.String()
}

// withoutTags drops what looks like an HTML tag: "<i>", "</sub>"; a comparison ("n < m") stays.
func withoutTags(s string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "<")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		end := strings.IndexByte(rest, '>')
		if end < 1 || end > 40 || !(rest[0] == '/' || unicode.IsLetter(rune(rest[0]))) {
			b.WriteByte('<')
			s = rest
			continue
		}
		s = rest[end+1:]
	}
}

// spellings are the ways to write one word that are no difference: signs that are spoken, small numbers, Greek letters.
var spellings = map[string]string{
	"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
	"vs": "versus", "centre": "center", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota",
	"κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi",
	"ψ": "psi", "ω": "omega",
}

// british folds the endings that differ between British and American spelling; both sides are folded, so that a wrong
// folding does no harm.
var british = []struct{ from, to string }{
	{"isation", "ization"}, {"isations", "izations"}, {"ising", "izing"}, {"ised", "ized"}, {"ise", "ize"}, {"ises", "izes"}, {"yse", "yze"}, {"ysing", "yzing"},
	{"our", "or"}, {"ours", "ors"}, {"ouring", "oring"}, {"lling", "ling"}, {"lled", "led"}, {"fibre", "fiber"},
}

// spoken are signs that are words.
var spoken = strings.NewReplacer("&", " and ", "w/o ", "without ", "w/ ", "with ", "+", " plus ")

// titleWords are the words of a title as they are compared.
func titleWords(s string) []string {
	words := strings.Fields(arxiv.Key(spoken.Replace(plainTitle(s))))
	for i, w := range words {
		if same, ok := spellings[w]; ok {
			words[i] = same
			continue
		}
		for _, ending := range british {
			if stem, ok := strings.CutSuffix(w, ending.from); ok && len(stem) >= 3 {
				words[i] = stem + ending.to
				break
			}
		}
	}
	return words
}

// common is what two lists of words share.
type common struct {
	claimed               int // words of the claim that stand in the title, in order
	content, contentTotal int // meaningful words that both have, and that either has
}

// stopWords say little about which title it is.
var stopWords = map[string]bool{
	"a": true, "an": true, "and": true, "are": true, "as": true, "at": true, "by": true, "can": true, "do": true, "does": true, "for": true, "from": true, "how": true,
	"in": true, "into": true, "is": true, "it": true, "its": true, "of": true, "on": true, "or": true, "over": true, "the": true, "their": true, "to": true, "towards": true,
	"toward": true, "using": true, "via": true, "we": true, "what": true, "when": true, "why": true, "with": true, "without": true, "plus": true,
}

// alignWords matches the claim's words with the title's, in order for the first number and anywhere for the others. A
// word matches itself, its joined or hyphenated spelling ("pre training"), and an acronym matches the words it stands for.
func alignWords(claim, title []string) common {
	var c common
	at := 0
	for i := 0; i < len(claim); i++ {
		for next := at; next < len(title); next++ {
			if n, m := matchAt(claim[i:], title[next:]); n > 0 {
				c.claimed += n
				i += n - 1
				at = next + m
				break
			}
		}
	}
	inTitle, inClaim := wordSet(claim, title), wordSet(title, claim)
	for _, found := range inTitle {
		if found {
			c.content++
		}
	}
	c.contentTotal = len(inTitle)
	for _, found := range inClaim {
		if !found {
			c.contentTotal++
		}
	}
	return c
}

// matchAt says how many words at the start of a are the same as how many at the start of b; 0 when none.
func matchAt(a, b []string) (int, int) {
	switch {
	case a[0] == b[0]:
		return 1, 1
	case len(b) > 1 && a[0] == b[0]+b[1]:
		return 1, 2
	case len(a) > 1 && b[0] == a[0]+a[1]:
		return 2, 1
	}
	if n := acronym(a[0], b); n > 0 {
		return 1, n
	}
	if n := acronym(b[0], a); n > 0 {
		return n, 1
	}
	return 0, 0
}

// acronym says how many of the words the acronym stands for: "llms" for "large language models". 0 when it does not.
func acronym(short string, words []string) int {
	short = strings.TrimSuffix(short, "s")
	if len(short) < 2 || len(short) > 6 || len(words) < len(short) {
		return 0
	}
	for i := range len(short) {
		if words[i][0] != short[i] {
			return 0
		}
	}
	return len(short)
}

// wordSet says for each meaningful word of a whether b has it.
func wordSet(a, b []string) map[string]bool {
	set := map[string]bool{}
	for i := range a {
		if stopWords[a[i]] {
			continue
		}
		found := false
		for j := range b {
			if n, _ := matchAt(a[i:], b[j:]); n > 0 || sameStem(a[i], b[j]) {
				found = true
				break
			}
		}
		set[a[i]] = set[a[i]] || found
	}
	return set
}

// sameStem takes words for related that share all but their ends: "summarize", "summarizing".
func sameStem(a, b string) bool {
	n := min(len(a), len(b))
	if n < 5 {
		return false
	}
	same := 0
	for same < n && a[same] == b[same] {
		same++
	}
	return same >= n-2 && same >= 5
}

// saysAllOf says whether an abstract has nearly all of the claim's meaningful words: then the claim is another way to
// speak of this paper, whatever its title is.
func saysAllOf(abstract string, claim []string) bool {
	if abstract == "" {
		return false
	}
	set := wordSet(claim, strings.Fields(arxiv.Key(abstract)))
	found := 0
	for _, ok := range set {
		if ok {
			found++
		}
	}
	return len(set) > 0 && found*5 >= len(set)*4
}

// otherScript says whether the claim is mostly written in letters that the title has none of.
func otherScript(claim, title string) bool {
	foreign, latin := 0, 0
	for _, r := range claim {
		switch {
		case !unicode.IsLetter(r):
		case unicode.In(r, unicode.Latin, unicode.Greek):
			latin++
		default:
			foreign++
		}
	}
	if foreign*3 <= latin {
		return false
	}
	for _, r := range title {
		if unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Greek) {
			return false
		}
	}
	return foreign > 0
}

// genericWords stand in so many titles that two papers may well share them.
var genericWords = map[string]bool{
	"model": true, "models": true, "modeling": true, "learning": true, "language": true, "large": true, "neural": true, "network": true, "networks": true, "deep": true,
	"training": true, "data": true, "method": true, "methods": true, "approach": true, "analysis": true, "system": true, "systems": true, "llm": true, "llms": true,
	"new": true, "study": true, "survey": true, "report": true, "technical": true, "paper": true, "theory": true, "based": true, "efficient": true, "improving": true,
}

// telling counts the words of a claim that can tell papers apart, and how many of them a text has.
func telling(claim, text []string) (found, all int) {
	for word, ok := range wordSet(claim, text) {
		if genericWords[word] {
			continue
		}
		all++
		if ok {
			found++
		}
	}
	return found, all
}

// speaksFor says whether a short name has anything to do with the paper: a telling word of it stands in the title or the
// abstract, or is an acronym of words there. A name without telling words cannot speak against a paper.
func speaksFor(label, title, abstract string) bool {
	words := titleWords(withoutBrackets(plainTitle(label)))
	inTitle, all := telling(words, titleWords(title))
	inAbstract, _ := telling(words, titleWords(abstract))
	return all == 0 || inTitle+inAbstract > 0
}

// contentWords counts the meaningful words of a claim: no stop words, no bare numbers.
func contentWords(claim string) int {
	n := 0
	for _, w := range titleWords(withoutBrackets(plainTitle(claim))) {
		if !stopWords[w] && strings.IndexFunc(w, unicode.IsLetter) >= 0 {
			n++
		}
	}
	return n
}
