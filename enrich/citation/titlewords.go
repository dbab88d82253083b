package citation

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"syncer/arxiv"
)

// maxParts bounds the parts of one title; what follows belongs to the last.
const maxParts = 12

// titleParts cuts a plain title at the signs that part it from what stands before and behind it.
func titleParts(text string) []string {
	var parts []string
	start := 0
	for i := 0; i < len(text) && len(parts) < maxParts; i++ {
		if n := separator(text[i:]); n > 0 {
			parts = append(parts, text[start:i])
			start = i + n
			i = start - 1
		}
	}
	return append(parts, text[start:])
}

// separator is the length of the sign at the start of a text, 0 when there is none. Those with a blank are none inside of
// a word or number.
func separator(text string) int {
	signs := []string(nil)
	switch text[0] {
	case ':', '?', '!', '|', ';':
		return 1
	case '.', ',':
		signs = []string{". ", ", "}
	case ' ':
		signs = []string{" - ", " -- ", " / "}
	case "—"[0], "："[0]:
		signs = []string{"—", "–", "…", "："}
	}
	for _, sign := range signs {
		if strings.HasPrefix(text, sign) {
			return len(sign)
		}
	}
	return 0
}

// withoutBrackets drops every (…) and […] that has something else beside it: "(DDPM)", "[CVPR 2023]".
func withoutBrackets(text string) string {
	if !strings.ContainsAny(text, "([（【") {
		return text
	}
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
var texSigns = strings.NewReplacer(`\&`, "&", `\%`, "%", `\$`, "", `\_`, "_", `\#`, "#", "~", " ", `\ell`, " l")

// maxText is how many bytes of a title or abstract are compared; the longest abstract that arXiv takes has 1,920 letters.
const maxText = 4 << 10

// plainTitle takes markup off: HTML entities and tags, TeX commands but for their arguments. Accents and Greek letters
// that TeX writes as commands are letters (arxiv.Text).
func plainTitle(s string) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	if strings.ContainsAny(s, "<&") {
		s = withoutTags(html.UnescapeString(withoutTags(s)))
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
	"ten": "10", "vs": "versus", "centre": "center", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
	"η": "eta", "θ": "theta", "ι": "iota",
	"κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon",
	"φ": "phi", "χ": "chi",
	"ψ": "psi", "ω": "omega",
}

// british folds the endings that differ between British and American spelling; both sides are folded, so that a wrong
// folding does no harm.
var british = []struct{ from, to string }{
	{
		"isation",
		"ization",
	}, {"isations", "izations"}, {"ising", "izing"}, {"ised", "ized"}, {"ise", "ize"}, {"ises", "izes"}, {"yse", "yze"}, {"ysing", "yzing"},
	{
		"our",
		"or",
	}, {"ours", "ors"}, {"oured", "ored"}, {"ouring", "oring"}, {"ourings", "orings"}, {"lling", "ling"}, {"lled", "led"},
	{"fibre", "fiber"},
}

// smallNumbers begin words such as "twoway".
var smallNumbers = []struct{ word, digit string }{
	{"one", "1"},
	{"two", "2"},
	{"three", "3"},
	{"four", "4"},
	{"five", "5"},
	{"six", "6"},
	{"seven", "7"},
	{"eight", "8"},
	{"nine", "9"},
}

// spoken are signs that are words.
var spoken = strings.NewReplacer("&", " and ", "w/o ", "without ", "w/ ", "with ", "+", " plus ")

// titleWords are the words of a plain title as they are compared.
func titleWords(plain string) []string {
	words := strings.Fields(arxiv.Key(spoken.Replace(plain)))
	for i, w := range words {
		if same, ok := spellings[w]; ok {
			words[i] = same
			continue
		}
		for _, number := range smallNumbers {
			if rest, ok := strings.CutPrefix(w, number.word); ok {
				words[i] = number.digit + rest
				break
			}
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

// bareWords are the words of a title without what stands in brackets.
func bareWords(title string) []string { return titleWords(withoutBrackets(plainTitle(title))) }

// withoutArticles drops the words that nobody tells papers apart by, where they stand alone.
func withoutArticles(plain string) string {
	words := strings.Fields(plain)
	kept := words[:0]
	for _, w := range words {
		switch strings.TrimLeft(w, "{\"“‘'`«*_") {
		case "a", "A", "an", "An", "AN", "the", "The", "THE":
		default:
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// numbered is a name with the number of its generation: "Llama 2", "FlashAttention-3", "Qwen2.5", "DINOv2". Two digits at
// most: "ResNet-152" and "Whisper (2022)" number other things.
var numbered = regexp.MustCompile(`(?i)^\s*(\pL[\pL -]*?)[ -]?(?:v\.? ?)?(\d{1,2})(?:\.\d{1,2})?\s*$`)

// anotherInSeries says whether a label is the name that stands in front of the title, but of another generation: "Llama 2" of
// "LLaMA: Open and …". No number means the first, and what follows a point tells nothing: models between two papers are cited
// by the one before. An abstract that has the label too speaks for it.
func anotherInSeries(label, title, abstract string) bool {
	name, _, named := strings.Cut(plainTitle(title), ":")
	claimed := numbered.FindStringSubmatch(label)
	if !named || claimed == nil {
		return false
	}
	base, number := name, "1"
	if n := numbered.FindStringSubmatch(name); n != nil {
		base, number = n[1], n[2]
	}
	joined := func(s string) string { return strings.Join(titleWords(s), "") }
	bare := func(s string) string { return strings.TrimSuffix(joined(s), "v") } // numbered takes the v of "Nav 2" for one of "v2"
	if bare(claimed[1]) != bare(base) || claimed[2] == number {
		return false
	}
	return !strings.Contains(joined(plainTitle(abstract)), joined(label))
}
