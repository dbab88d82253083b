package citation

import (
	"slices"
	"strings"
	"unicode"

	"syncer/arxiv"
)

// titleFit says how a claimed title stands to a paper's title, best first. It is no number: "Off-diagonal book Ramsey
// numbers" is 0.915 similar to "Off-diagonal Ramsey numbers", and another paper.
type titleFit int

const (
	titleSame    titleFit = iota // equal but for notation, or in one of the forms that people write titles in
	titleForeign                 // in another script: a translation can be neither confirmed nor refuted
	titleLabel                   // a short name ("Chinchilla", "Scaling Laws"): no claim about the title
	titleShort                   // the title with words left out
	titleLonger                  // the title and more behind it: a venue, a remark, or what makes it another paper ("…: A Survey")
	titleNear                    // most words are the title's, some are not
	titleOther                   // another title
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
		return titleForeign
	}
	truth := readTruth(title)
	text := plainTitle(claim)
	bare := withoutBrackets(text)
	best := truth.fit(readForm(text))
	if bare != text {
		best = min(best, truth.fit(readForm(bare)))
	}
	form := readForm(bare)
	switch {
	case best < titleLabel:
		return best
	case best == titleLabel, form.isLabel() && (best == titleOther || 2*len(form.core()) <= len(truth.whole.words)):
		if anotherInSeries(bare, title, abstract) {
			return titleOther
		}
		return titleLabel
	}
	if best == titleOther && saysAllOf(abstract, form.core()) {
		return titleNear
	}
	return best
}

// SameTitle says whether a claimed title is a paper's, in any form that people write it in.
func SameTitle(claim, title string) bool {
	fit := fitTitle(claim, title, "")
	return fit == titleSame || fit == titleLonger
}

// form is a title as it compares: its words, and the parts that punctuation makes of them.
type form struct {
	words  []string // without articles
	joined string   // the words run together: what stands together, apart or behind a hyphen is the same
	parts  []titlePart
	cut    bool // it ends with an ellipsis
}

type titlePart struct {
	words  []string
	joined string
}

// maxTitleWords bounds the words of a title that are compared; real ones have some thirty.
const maxTitleWords = 100

func readForm(text string) form {
	f := form{cut: strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...")}
	for _, part := range titleParts(text) {
		words := titleWords(withoutArticles(part))
		if words = words[:min(len(words), maxTitleWords-len(f.words))]; len(words) > 0 {
			f.parts = append(f.parts, titlePart{words, strings.Join(words, "")})
			f.words = append(f.words, words...)
		}
	}
	f.joined = strings.Join(f.words, "")
	return f
}

// front is the name that may stand before the title, and the rest, when the first part can be one: "CLIP: Learning …".
func (f form) front() (name titlePart, rest form, ok bool) {
	if len(f.parts) < 2 || len(f.parts[0].words) > labelWords || answers[f.parts[0].words[0]] {
		return titlePart{}, form{}, false
	}
	n := len(f.parts[0].words)
	return f.parts[0], form{f.words[n:], f.joined[len(f.parts[0].joined):], f.parts[1:], f.cut}, true
}

// answers begin the titles of papers about another paper, which is named behind a colon.
var answers = map[string]bool{
	"comment":     true,
	"comments":    true,
	"reply":       true,
	"response":    true,
	"erratum":     true,
	"corrigendum": true,
	"addendum":    true,
	"review":      true,
	"re":          true,
}

// core is what is left without a name in front.
func (f form) core() []string {
	if _, rest, ok := f.front(); ok {
		return rest.words
	}
	return f.words
}

// isLabel says whether it may be a short name, with or without a remark behind it ("GPT-3: 175B parameters").
func (f form) isLabel() bool {
	return len(f.words) <= labelWords || len(f.parts) > 1 && len(f.parts[0].words) <= 2 && len(f.core()) <= labelWords
}

// truth is the title of a version: the whole, without what stands in brackets, and what its first separator parts.
type truth struct {
	whole, bare form
}

func readTruth(title string) truth {
	text := plainTitle(title)
	return truth{readForm(text), readForm(withoutBrackets(text))}
}

// fit compares one form of the claim.
func (t truth) fit(claim form) titleFit {
	if len(claim.words) == 0 || len(t.whole.words) == 0 {
		return titleLabel
	}
	for _, title := range []form{t.whole, t.bare} {
		if fit, ok := fitRun(claim, title); ok {
			return fit
		}
	}
	best := t.fitPart(claim)
	if best == titleOther {
		best = t.fitCut(claim)
	}
	if best == titleNear {
		return titleNear // but for the number of the part
	}
	name, rest, named := claim.front()
	if named {
		best = min(best, t.atLeast(name, rest, min(t.fitPart(rest), t.fitCut(rest))))
	}
	if best <= titleLabel {
		return best
	}
	best = min(best, t.fitWords(claim.words))
	if named {
		best = min(best, t.atLeast(name, rest, t.fitWords(rest.words)))
	}
	return best
}

// atLeast is the fit of what follows a name, but near at best when the title has another name there.
func (t truth) atLeast(name titlePart, rest form, fit titleFit) titleFit {
	if len(t.whole.parts) > 1 && !sameNickname(name, t.whole.parts[0]) && !strings.HasPrefix(t.whole.joined, rest.joined) {
		return max(fit, titleNear)
	}
	return fit
}

// fitRun looks for the title as a run of the claim's parts: "[2005.14165] GPT-3: TITLE", "TITLE. NeurIPS 2020".
func fitRun(claim, title form) (titleFit, bool) {
	for i := range claim.parts {
		rest, front := title.joined, 0
		for _, part := range claim.parts[:i] {
			front += len(part.words)
		}
		if front > labelWords || i > 0 && answers[claim.parts[0].words[0]] {
			break
		}
		for j := i; j < len(claim.parts) && rest != "" && strings.HasPrefix(rest, claim.parts[j].joined); j++ {
			if rest = rest[len(claim.parts[j].joined):]; rest != "" {
				continue
			}
			if j == len(claim.parts)-1 {
				return titleSame, true
			}
			if _, ok := number(claim.parts[j+1].words); !ok {
				return titleLonger, true
			}
		}
	}
	return titleOther, false
}

// fitPart compares with the parts of the title that stand for the whole: without brackets, before and behind each
// separator. A short one is a label; one that only the number of the part follows may be any part of the series.
func (t truth) fitPart(claim form) titleFit {
	same := claim.joined == t.bare.joined
	for _, title := range []form{t.whole, t.bare} {
		before, behind := "", title.joined
		for i, part := range title.parts {
			before, behind = before+part.joined, behind[len(part.joined):]
			if claim.joined == before && i+1 < len(title.parts) && isNumber(title.parts[i+1].words) && len(claim.words) > labelWords {
				return titleNear
			}
			same = same || claim.joined == before || claim.joined == behind
		}
	}
	switch {
	case !same:
		return titleOther
	case len(claim.words) > labelWords || claim.joined == t.whole.joined:
		return titleSame
	}
	return titleLabel
}

// fitCut: a title cut short at a word, or in a word before an ellipsis or of which three letters are left. What is left
// out may not be the number of the part alone: that is the first part's title.
func (t truth) fitCut(claim form) titleFit {
	words := len(claim.words)
	if words <= labelWords && !(claim.cut && words > 2) {
		return titleOther
	}
	last := claim.words[words-1]
	fit := t.begins(claim.joined)
	switch {
	case claim.cut && min(fit, t.begins(claim.joined[:len(claim.joined)-len(last)])) < titleOther:
		return titleSame
	case fit == titleOther && len(last) >= 3 && strings.IndexFunc(last, unicode.IsDigit) < 0 &&
		strings.HasPrefix(t.whole.joined, claim.joined):
		return titleSame
	}
	return fit
}

// begins says whether words run together are the first words of the title.
func (t truth) begins(joined string) titleFit {
	n := 0
	for i, word := range t.whole.words {
		if n += len(word); n > len(joined) || joined[n-len(word):n] != word {
			break
		}
		if n == len(joined) {
			if rest := t.whole.words[i+1:]; isNumber(rest) || len(rest) > 0 && rest[0] == "part" {
				return titleNear
			}
			return titleSame
		}
	}
	return titleOther
}

// fitWords compares word by word.
func (t truth) fitWords(claim []string) titleFit {
	common := alignWords(claim, t.whole.words)
	said := common.claimed == len(claim) && len(claim) >= 3 && !isNumber(common.unsaid)
	switch {
	case said && common.cut && (len(claim) > labelWords || len(common.unsaid) == 0): // as fitCut, but for an acronym
		return titleSame
	case said:
		return titleShort
	case common.content*2 >= common.contentTotal:
		return titleNear
	}
	return titleOther
}

// sameNickname: "FlashAttention 1" and "FlashAttention" are one name, "Substructures II" and "Substructures III" are not.
func sameNickname(a, b titlePart) bool {
	short, long := a, b
	if len(short.joined) > len(long.joined) {
		short, long = long, short
	}
	return strings.HasPrefix(long.joined, short.joined) &&
		!slices.ContainsFunc(short.words, func(w string) bool { return seriesNumbers[w] })
}

// seriesNumbers tell the parts of a series apart.
var seriesNumbers = map[string]bool{
	"i": true, "ii": true, "iii": true, "iv": true, "v": true, "vi": true, "vii": true, "viii": true, "ix": true, "x": true, "xi": true,
	"xii": true, "xiii": true, "xiv": true, "xv": true,
	"1": true, "2": true, "3": true, "4": true, "5": true, "6": true, "7": true, "8": true, "9": true,
}

// number gives the words behind the number of a part that words begin with: "II", "Part 2", "paper iii".
func number(words []string) (rest []string, ok bool) {
	if len(words) > 1 && (words[0] == "part" || words[0] == "paper" || words[0] == "volume" || words[0] == "chapter") {
		words = words[1:]
	}
	if len(words) == 0 || !seriesNumbers[words[0]] {
		return nil, false
	}
	return words[1:], true
}

func isNumber(words []string) bool {
	rest, ok := number(words)
	return ok && len(rest) == 0
}
