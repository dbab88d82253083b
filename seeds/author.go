package seeds

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"syncer/arxiv"
)

const (
	surname = `(?:\p{L}{1,2}['’])?\p{Lu}[\p{L}\p{M}'’\x60.-]*`
	// names is a name or several: with given names, initials, particles and commas.
	names = surname + `(?:,? +(?:` + surname + `|van|von|der|den|de|di|da|la|le|dos|del|bin|al))*`
	// thenYear is a year in brackets behind a name.
	thenYear = `[ \n]*,?[ \n]*[(\[](?:19|20)\d{2}[)\]]`
)

var (
	etAl = regexp.MustCompile(`(` + names + `)(?:[ \n]*,?[ \n]+et\.?[ \n]*al\b|[ \n]*等)`) // 等 is Chinese for it
	// pair is several names and a year: "Gu and Dao (2023)".
	pair = regexp.MustCompile(`(` + names + `),?[ \n]+(?:and|&)[ \n]+` + names + thenYear)
	// single is a name and a year: "Tri Dao (2022)", "OpenAI (2023)".
	single = regexp.MustCompile(`(` + names + `)` + thenYear)
	// sentenceEnd is a word with a full stop that is no initial and no "Jr.", in front of a name.
	sentenceEnd = regexp.MustCompile(`(?:^|[ -])(?:[\p{L}\p{M}'’\x60]{4,}|\p{Lu}{2,})\. +`)
	// authorYear is how a text cites: "Vaswani et al., 2017", "Shazeer (2020)". It is not what a paper is called.
	authorYear = regexp.MustCompile(`\bet\.? *al\b|^` + names + `(?: (?:and|&) ` + names + `)?(?:, *| *[(\[])(?:19|20)\d{2}[a-z]?[)\]]?$`)
	// nameAndYear is a whole text that a name of two or more words and a year make up.
	nameAndYear = regexp.MustCompile(`^` + surname + ` ` + names + thenYear + `$`)
	initial     = regexp.MustCompile(`^(?:\p{Lu}\.[ -]?)+`)
	suffix      = regexp.MustCompile(`^ *(?:Jr|Sr|I{2,3})\.?$`)
)

// institutes are the columns of tables that say where the authors work, as in "CMU et al.".
var institutes = regexp.MustCompile(`\b(?:institut|affiliation|organi[sz]ation|compan|universit|team|lab\b)`)

// nameParts part the names of a list of them.
var nameParts = regexp.MustCompile(` *(?:,|;| and | & |\bet\.? *al\b\.?) *(?:and |& )?`)

// nameList says whether a text reads like several people's names, "Jane Doe, John Q. Roe and Richard van Roe", or like one
// with an initial.
func nameList(s string) bool {
	parts := slices.DeleteFunc(nameParts.Split(strings.Trim(s, " .,"), -1), func(part string) bool { return part == "" })
	for _, part := range parts {
		if fullWords(part) > 4 || fullWords(part) > 3 && len(parts) < 3 || !onlyNames.MatchString(part) || len(parts) == 1 && !initialInside.MatchString(part) {
			return false
		}
	}
	return len(parts) > 0
}

var (
	onlyNames     = regexp.MustCompile(`^` + surname + `(?: (?:` + surname + `|van|von|der|den|de|di|da|la|las|le|los|dos|del|bin|al|el|i|y)){1,5}$`)
	initialInside = regexp.MustCompile(`(?:^| )\p{Lu}\.(?: |$)`)
)

// maxNames is how many places of each form are looked at for a name.
const maxNames = 8

// firstAuthor finds the first place that names a first author; behind is where its "et al." ends, if it has one.
func (p part) firstAuthor(title string) (start, end, behind int, ok bool) {
	text := p.text[p.from:p.to]
	var forms []*regexp.Regexp
	if strings.Contains(text, "et") && strings.Contains(text, "al") || strings.Contains(text, "等") {
		forms = append(forms, etAl)
	}
	// "Shazeer (2020)" looks like "Chinchilla (2022)": without a title beside it, it may be what the paper is called.
	if title != "" && bracketedYear(text) {
		forms = append(forms, pair, single)
	}
	for _, form := range forms {
		for _, m := range form.FindAllStringSubmatchIndex(text, maxNames) {
			if p.beyond(m[2], farWords) || title == "" && p.spokenOf(m[1]) || institutes.MatchString(p.e.column(p.from+m[0])) {
				continue
			}
			from, to, valid := p.name(p.from+m[2], p.from+m[3], form == etAl, title)
			if valid && (!ok || from < start) {
				start, end, behind, ok = from, to, p.to, true
				if form == etAl {
					behind = p.from + m[1]
				}
			}
			if valid {
				break
			}
		}
	}
	return start, end, behind, ok
}

// maxSaid is how many words of running text may stand between a name and the mention, where nothing is called a title.
const maxSaid = 8

// spokenOf says whether the text goes on from a name to something else before it comes to the mention: "Sohl-Dickstein et al.
// began with …; today's form is that of arXiv:2006.11239".
func (p part) spokenOf(end int) bool {
	between := p.text[min(p.from+end, p.begin):p.begin]
	return strings.Contains(between, "; ") || lowerWords(between) > maxSaid
}

// name is the first name in a range of names; ok is false when it may be none. Only in front of "et al." can a name go on a
// sentence.
func (p part) name(start, end int, etAl bool, title string) (from, to int, ok bool) {
	if before, _ := utf8.DecodeLastRuneInString(p.text[p.from:start]); unicode.IsLetter(before) || unicode.IsDigit(before) {
		return 0, 0, false // the end of a word: gDDIM
	}
	if ends := sentenceEnd.FindAllStringIndex(p.text[start:end], -1); ends != nil {
		start += ends[len(ends)-1][1]
	}
	start, end = p.oneStyle(start, end)
	for {
		first, rest, more := strings.Cut(p.text[start:end], " ")
		if !more || !leadsIn[strings.ToLower(first)] {
			break
		}
		start = end - len(rest)
	}
	end = start + len(firstOf(strings.TrimRight(p.text[start:end], ", "), title != ""))
	name := p.text[start:end]
	if utf8.RuneCountInString(name) < 2 || strings.Contains(" "+arxiv.Key(title)+" ", " "+arxiv.Key(name)+" ") ||
		len(name) == 3 && name == strings.ToUpper(name) { // CMU
		return 0, 0, false
	}
	if !etAl && (p.goesOn(start) || slices.ContainsFunc(strings.Fields(name), func(word string) bool {
		word = strings.ToLower(strings.Trim(word, ".,"))
		return venues[word] || besideVenue[word] || notName[word]
	})) {
		return 0, 0, false
	}
	return start, end, true
}

// goesOn says whether a place goes on a sentence, by a word other than "by" before it that is set alike.
func (p part) goesOn(at int) bool {
	f := p.e.fragmentAt(at)
	if f == nil {
		return false
	}
	before := strings.TrimRight(p.text[max(f.at, p.from):at], " ")
	last, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsLetter(last) && !strings.HasSuffix(strings.ToLower(" "+before), " by")
}

// firstOf is the first of several names; empty when that cannot be told. Where no title was found, what stands before a
// comma may be one: "Scaling Laws, Jared Kaplan et al."
func firstOf(names string, titled bool) string {
	first, rest, several := strings.Cut(names, ",")
	second, _, _ := strings.Cut(rest, ",")
	family, given := fullWords(first), fullWords(second)
	switch {
	case family > 3:
		return ""
	case !several:
		return names
	case suffix.MatchString(second):
		return first + "," + second
	case initial.MatchString(first): // "J. Goodman, J. Weare"
		return first
	case given == 0, titled && family == 1 && given == 1: // "Goodman, J., Weare, J.", "Vaswani, Ashish, Noam Shazeer"
		return first + "," + second
	case titled:
		return first
	}
	return ""
}

// fullWords counts the words of a name that are no initials and no particles.
func fullWords(name string) int {
	n := 0
	for _, word := range strings.Fields(name) {
		if word[0] < 'a' && strings.TrimRight(initial.ReplaceAllString(word, ""), ".") != "" || word[0] >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

// leadsIn are words with which a sentence begins before it comes to a name.
var leadsIn = wordSet("in by see as from with the and for also following like unlike per cf cf. while when both after since to on")

// venues are where papers appear, and besideVenue what is said of that. Neither is a part of an author's name, nor is notName.
var (
	venues = wordSet(
		"arxiv neurips nips icml iclr acl emnlp naacl eacl tacl coling colm cvpr iccv eccv wacv bmvc aaai ijcai kdd www tmlr jmlr tpami " +
			"icassp interspeech siggraph miccai corl icra iros rss uai aistats colt sigir cikm nature science findings corr ieee acm",
	)
	besideVenue = wordSet(
		"oral spotlight poster award workshop workshops conference proceedings journal transactions preprint paper published accepted best " +
			"january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec",
	)
	notName = wordSet(
		"survey blog report v1 version bert gpt transformer transformers university institute google microsoft meta facebook deepmind nvidia " +
			"amazon apple alibaba tencent huawei salesforce research code project github updated released new " +
			"appendix section table figure chapter part lecture week day step module unit level phase type class group model",
	)
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// oneStyle shortens a name to its last part that is set alike: in "**BERT** Devlin et al." the bold word is no name.
func (p part) oneStyle(start, end int) (int, int) {
	fragments := p.e.fragments
	for i := p.e.fragmentFrom(end) - 1; i > 0 && fragments[i].at > start; i-- {
		f, before := fragments[i], fragments[i-1]
		last, _ := utf8.DecodeLastRuneInString(p.text[:f.at])
		first, _ := utf8.DecodeRuneInString(p.text[f.at:])
		if (f.style != before.style || f.link != before.link) && !(unicode.IsLetter(last) && unicode.IsLetter(first)) {
			start = f.at
		}
	}
	return end - len(strings.TrimLeft(p.text[start:end], " \n,.;:-–—")), end
}
