package citation

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"syncer/arxiv"
	"syncer/enrich/record"
	"syncer/seeds"
)

// token is a word of a claim with its place; key is how it compares.
type token struct {
	from, to   int // as it stands
	start, end int // without punctuation and markup around it
	key        string
	bracketed  bool
}

// rewordTitle changes the words of a claimed title that differ from the true one and leaves all others, with their case,
// braces and markup. Nil when the title does not stand in one piece or the change cannot be made in place.
func rewordTitle(src []byte, format seeds.Format, span seeds.Span, title string) []seeds.Edit {
	if span.Start < 0 || span.End > len(src) || span.Start >= span.End {
		return nil
	}
	claim := string(src[span.Start:span.End])
	truth, truthKeys := wordsAndKeys(arxiv.Text(title))
	own, keys := ownWords(claim, title, truthKeys)
	if len(own) == 0 || len(truth) == 0 {
		return nil
	}
	r := reworder{claim, format, own, looksLikeTitle(claim)}
	var edits []seeds.Edit
	for _, run := range record.DifferingRuns(keys, truthKeys) {
		edit, ok := r.reword(run.OldStart, run.OldEnd, truth[run.NewStart:run.NewEnd])
		if !ok {
			return nil
		}
		edit.Span.Start += span.Start
		edit.Span.End += span.Start
		edits = append(edits, edit)
	}
	return edits
}

type reworder struct {
	claim     string
	format    seeds.Format
	own       []token
	titleCase bool
}

// reword replaces own[from:to] by words; either may be empty.
func (r reworder) reword(from, to int, words []string) (seeds.Edit, bool) {
	var cased []string
	for _, w := range words {
		if r.titleCase && !stopWords[strings.ToLower(w)] {
			first, size := utf8.DecodeRuneInString(w)
			w = string(unicode.ToUpper(first)) + w[size:]
		}
		cased = append(cased, w)
	}
	plain := strings.Join(cased, " ")
	if to > from && r.own[to-1].end < r.own[to-1].to {
		plain = strings.TrimRight(plain, ":;,.?!") // the claim has its own
	}
	text, ok := seeds.Escape(r.format, plain)
	if !ok {
		return seeds.Edit{}, false
	}
	if from == to {
		at, text := r.insert(from, text)
		return seeds.Edit{Span: seeds.Span{Start: at, End: at}, New: text}, true
	}
	span := seeds.Span{Start: r.own[from].start, End: r.own[to-1].end}
	if text == "" { // a word too much goes with the blank behind it, or before it at the end
		if to < len(r.own) {
			span.End = r.own[to].start
		} else if from > 0 {
			span.Start = r.own[from-1].end
		} else {
			return seeds.Edit{}, false
		}
	}
	// Markup goes only as a whole, and only when other words take its place.
	removed := r.claim[span.Start:span.End]
	clean := !strings.ContainsAny(removed, "\\$<>[]()*`\n")
	return seeds.Edit{
			Span: span,
			New:  text,
		}, clean &&
			(!strings.ContainsAny(removed, "{}_") || text != "" && strings.Count(removed, "{") == strings.Count(removed, "}"))
}

// insert is where to put words before own[at], or behind the last one: outside of braces and markup around a word, inside of
// those around the title.
func (r reworder) insert(at int, text string) (int, string) {
	inside := wholeGroup(r.claim)
	if at == len(r.own) {
		last := r.own[at-1]
		if !inside && strings.Contains(r.claim[last.end:last.to], "}") {
			return last.to, " " + text
		}
		return last.end, " " + text
	}
	next := r.own[at]
	if at > 0 || !inside && strings.Contains(r.claim[next.from:next.start], "{") {
		return next.from, text + " "
	}
	return next.start, text + " "
}

// wholeGroup says whether one pair of braces holds a whole text.
func wholeGroup(text string) bool {
	depth := 0
	for i, c := range text {
		switch c {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			return i > 0 && i == len(text)-1
		}
	}
	return false
}

// ownWords are the words of a claim that stand for the title: without a name in front and without what stands in brackets,
// unless the title has them too.
func ownWords(claim, title string, truthKeys []string) (own []token, keys []string) {
	words := tokens(claim)
	name := 0 // where the name in front ends
	if parts := titleParts(claim); len(parts) > 1 && len(strings.Fields(parts[0])) <= labelWords && len(truthKeys) > 0 && len(words) > 0 {
		rest := slices.IndexFunc(words, func(t token) bool { return t.start >= len(parts[0]) })
		if words[0].key != truthKeys[0] && rest > 0 && (words[rest].key == truthKeys[0] || len(titleParts(plainTitle(title))) == 1) {
			name = len(parts[0])
		}
	}
	for _, t := range words {
		if t.start >= name && (!t.bracketed || slices.Contains(truthKeys, t.key)) {
			own, keys = append(own, t), append(keys, t.key)
		}
	}
	return own, keys
}

// tokens are the words of a claim as it stands in the source.
func tokens(claim string) []token {
	var all []token
	depth := 0
	for i := 0; i < len(claim); {
		r, size := utf8.DecodeRuneInString(claim[i:])
		if unicode.IsSpace(r) {
			i += size
			continue
		}
		end := i
		bracketed := depth > 0
		for end < len(claim) {
			r, size := utf8.DecodeRuneInString(claim[end:])
			if unicode.IsSpace(r) {
				break
			}
			switch r {
			case '(', '[':
				depth++
				bracketed = true
			case ')', ']':
				depth = max(depth-1, 0)
			}
			end += size
		}
		word := claim[i:end]
		if key := tokenKey(word); key != "" {
			start := i + len(word) - len(strings.TrimLeftFunc(word, isMark))
			stop := end - (len(word) - len(strings.TrimRightFunc(word, isMark)))
			all = append(all, token{from: i, to: end, start: start, end: stop, key: key, bracketed: bracketed})
		}
		i = end
	}
	return all
}

func isMark(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }

func tokenKey(word string) string { return strings.Join(titleWords(plainTitle(word)), "") }

// wordsAndKeys are the words of a text and how they compare, without those that are signs alone.
func wordsAndKeys(text string) (words, keys []string) {
	for _, word := range strings.Fields(text) {
		if key := tokenKey(word); key != "" {
			words, keys = append(words, word), append(keys, key)
		}
	}
	return words, keys
}

// difference is a run of words that two titles do not share; one of the two may be empty.
type difference struct{ claim, title string }

func differences(claim, title string) []difference {
	var all []difference
	claim = plainTitle(claim)
	truth, truthKeys := wordsAndKeys(plainTitle(title))
	own, keys := ownWords(claim, title, truthKeys)
	for _, run := range record.DifferingRuns(keys, truthKeys) {
		var words []string
		for _, t := range own[run.OldStart:run.OldEnd] {
			words = append(words, claim[t.from:t.to])
		}
		all = append(all, difference{strings.Join(words, " "), strings.Join(truth[run.NewStart:run.NewEnd], " ")})
	}
	return all
}
