package enrich

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"syncer/arxiv"
	"syncer/seeds"
)

// token is a word of the source with its place; key is how it compares.
type token struct {
	start, end int // without punctuation and markup around it
	key        string
	kept       bool // in brackets or a nickname: not part of the title
}

// rewordTitle changes the words of a claimed title that differ from the true one and leaves all others, with their case,
// braces and markup. Nil when the title does not stand in one piece or the change cannot be made in place.
func rewordTitle(src []byte, format seeds.Format, span seeds.Span, title string) []seeds.Edit {
	if span.Start < 0 || span.End > len(src) || span.Start >= span.End {
		return nil
	}
	claim := string(src[span.Start:span.End])
	words := tokens(claim)
	truth, truthKeys := wordsAndKeys(arxiv.Text(title))
	if len(words) == 0 || len(truth) == 0 {
		return nil
	}
	keepNickname(claim, words, truthKeys[0])
	var own []token
	var keys []string
	for _, t := range words {
		if !t.kept || slices.Contains(truthKeys, t.key) {
			own, keys = append(own, t), append(keys, t.key)
		}
	}
	titleCase := looksLikeTitle(claim)
	var edits []seeds.Edit
	for _, run := range differingRuns(keys, truthKeys) {
		edit, ok := rewordRun(claim, format, own, run.a0, run.a1, truth[run.b0:run.b1], titleCase)
		if !ok {
			return nil
		}
		edit.Span.Start += span.Start
		edit.Span.End += span.Start
		edits = append(edits, edit)
	}
	return edits
}

// rewordRun replaces own[from:to] by words; either may be empty.
func rewordRun(claim string, format seeds.Format, own []token, from, to int, words []string, titleCase bool) (seeds.Edit, bool) {
	text := ""
	for i, w := range words {
		if titleCase && !stopWords[strings.ToLower(w)] {
			r, size := utf8.DecodeRuneInString(w)
			w = string(unicode.ToUpper(r)) + w[size:]
		}
		if i > 0 {
			text += " "
		}
		text += w
	}
	text, ok := seeds.Escape(format, text)
	if !ok {
		return seeds.Edit{}, false
	}
	switch {
	case from == to && from < len(own): // before a word
		return seeds.Edit{Span: seeds.Span{Start: own[from].start, End: own[from].start}, New: text + " "}, true
	case from == to: // behind the last one
		end := own[len(own)-1].end
		return seeds.Edit{Span: seeds.Span{Start: end, End: end}, New: " " + text}, true
	}
	span := seeds.Span{Start: own[from].start, End: own[to-1].end}
	if text == "" { // a word too much goes with the blank behind it, or before it at the end
		if to < len(own) {
			span.End = own[to].start
		} else if from > 0 {
			span.Start = own[from-1].end
		} else {
			return seeds.Edit{}, false
		}
	}
	removed := claim[span.Start:span.End]
	return seeds.Edit{Span: span, New: text}, !strings.ContainsAny(removed, "{}\\$<>[]()*_`\n") || text != "" && !strings.ContainsAny(removed, "\\$<>[]()*`\n") && strings.Count(removed, "{") == strings.Count(removed, "}")
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
			all = append(all, token{start: start, end: stop, key: key, kept: bracketed})
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
	words, keys := wordsAndKeys(plainTitle(claim))
	truth, truthKeys := wordsAndKeys(plainTitle(title))
	for _, run := range differingRuns(keys, truthKeys) {
		all = append(all, difference{strings.Join(words[run.a0:run.a1], " "), strings.Join(truth[run.b0:run.b1], " ")})
	}
	return all
}

// keepNickname marks the words before the first colon or dash when the true title does not begin with them.
func keepNickname(claim string, all []token, first string) {
	parts := titleParts(claim)
	if len(parts) < 2 || len(strings.Fields(parts[0])) > labelWords || first == all[0].key {
		return
	}
	for i := range all {
		if all[i].start < len(parts[0]) {
			all[i].kept = true
		}
	}
}
