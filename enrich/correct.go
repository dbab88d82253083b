package enrich

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"syncer/arxiv"
	"syncer/seeds"
)

// KindLinkForm is the kind of a correction that makes a link to arXiv modern; it is no finding.
const KindLinkForm = "link-form"

// Correction is one thing that can be put right in a list: the edits that do it, or, when it is not certain, a note for
// the owner and no edits.
type Correction struct {
	Kind         string // of the finding, KindLinkForm or KindComplete
	Line, Column int
	Edits        []seeds.Edit
	Message      string
}

// Certain says whether the correction has edits.
func (c Correction) Certain() bool { return len(c.Edits) > 0 }

// Correct turns the findings of one citation into corrections of the source that it was read from. Only a claim that the
// record contradicts is edited: findings of severity info, an event or another form of a title, are left alone. p is nil
// when the paper was never had.
func Correct(src []byte, format seeds.Format, c seeds.Citation, p *arxiv.Paper, findings []Finding) []Correction {
	var all []Correction
	replaced := false
	certain := identified(c.Claim, p, findings)
	for _, f := range findings {
		correction := Correction{Kind: f.Kind, Line: f.Line, Column: f.Column, Message: f.Message}
		switch f.Kind {
		case KindWrongPaper, KindUnknownID:
			if f.Suggestion != "" {
				correction.Edits = replaceID(src, c, arxiv.ID(f.Suggestion))
				replaced = replaced || correction.Certain()
			}
		case KindTitleDiffers:
			if f.Severity != SeverityWarning {
				continue
			}
			if sure(c.Claim, p) && bestTitle(c.Claim.Title, p) == titleNear {
				correction.Edits = rewordTitle(src, format, c.Claim.TitleSpan, p.Title)
			}
		case KindAuthorDiffers:
			if f.Severity != SeverityWarning {
				continue
			}
			if certain && wholeName(src, c.Claim.AuthorSpan) && !namedElsewhere(src, format, c, p.Authors[0].Name) {
				correction.Edits = replaceText(src, format, c.Claim.AuthorSpan, RenameAuthor(spanText(src, c.Claim.AuthorSpan), p.Authors[0].Name))
			}
		case KindYearDiffers:
			if f.Severity != SeverityWarning {
				continue
			}
			if certain {
				correction.Edits = replaceText(src, format, c.Claim.YearSpan, f.Suggestion)
			}
		case KindTitleChanged:
			if f.Severity == SeverityWarning {
				correction.Edits = rewordTitle(src, format, c.Claim.TitleSpan, p.Title)
			} else {
				continue
			}
		case KindWithdrawn, KindDisappeared:
		default:
			continue
		}
		all = append(all, correction)
	}
	if !replaced {
		all = append(all, modernLinks(src, c)...)
	}
	return all
}

func correctionAt(c seeds.Citation, kind, message string, edit seeds.Edit) Correction {
	return Correction{Kind: kind, Line: c.Line, Column: c.Column, Edits: []seeds.Edit{edit}, Message: message}
}

// identified says whether the title leaves no doubt which paper is meant: it is the paper's; or it is a short name that
// speaks for it, and only one other claim speaks against it.
func identified(claim seeds.Claim, p *arxiv.Paper, findings []Finding) bool {
	if p == nil || claim.Title == "" {
		return false
	}
	switch bestTitle(claim.Title, p) {
	case titleSame, titleShort:
		return true
	case titleLabel:
		against := 0
		for _, f := range findings {
			if f.Severity == SeverityWarning {
				against++
			}
		}
		return against <= 1 && contentWords(claim.Title) > 0 && labelFits(claim.Title, p)
	}
	return false
}

// wholeName says whether the claimed name begins where its span does: a capitalised word right before it may be the given
// name, and a family name put behind it would make up a person.
func wholeName(src []byte, span seeds.Span) bool {
	before := strings.TrimRight(string(src[max(span.Start-40, 0):span.Start]), " ")
	if len(before) == span.Start-max(span.Start-40, 0) {
		return true
	}
	word := before[strings.LastIndexAny(before, " \t\n*_([{\"")+1:]
	r, _ := utf8.DecodeRuneInString(word)
	return !unicode.IsUpper(r) || strings.HasSuffix(word, ".") || strings.HasSuffix(word, ",") || strings.HasSuffix(word, ":")
}

// sure: the first author speaks for the paper.
func sure(claim seeds.Claim, p *arxiv.Paper) bool {
	fit := fitAuthor(claim.FirstAuthor, p)
	return fit == authorFirst || fit == authorOlder
}

// namedElsewhere says whether a BibTeX entry has the true first author somewhere else in its list: then people were swapped or
// left out, and putting one name right would name another one twice.
func namedElsewhere(src []byte, format seeds.Format, c seeds.Citation, first string) bool {
	if format != seeds.BibTeX {
		return false
	}
	for _, entry := range seeds.BibEntries(src) {
		if entry.Key == c.Key {
			return standsIn(strings.Fields(arxiv.Key(entry.Text("author"))), strings.Fields(arxiv.Key(familyOf(first))))
		}
	}
	return true
}

func spanText(src []byte, span seeds.Span) string {
	if span.Start < 0 || span.End > len(src) || span.Start >= span.End {
		return ""
	}
	return string(src[span.Start:span.End])
}

// replaceText replaces a whole claim; nil when the source does not hold it in one piece, or the format cannot take it.
func replaceText(src []byte, format seeds.Format, span seeds.Span, text string) []seeds.Edit {
	old := spanText(src, span)
	escaped, ok := seeds.Escape(format, text)
	if old == "" || !ok || escaped == old {
		return nil
	}
	return []seeds.Edit{{Span: span, New: escaped}}
}

// replaceID replaces the identifier in every place of the entry that names the paper, and wherever else it stands on
// their lines (the text of a link), and takes the version off: it was that of another paper. Nil when one of the places
// writes the identifier in a way that cannot be replaced in place.
func replaceID(src []byte, c seeds.Citation, id arxiv.ID) []seeds.Edit {
	var edits []seeds.Edit
	for _, span := range append([]seeds.Span{c.Span}, c.Also...) {
		if !strings.Contains(spanText(src, span), string(c.ID)) {
			return nil
		}
		start := bytes.LastIndexByte(src[:span.Start], '\n') + 1
		end := len(src)
		if i := bytes.IndexByte(src[span.End:], '\n'); i >= 0 {
			end = span.End + i
		}
		for _, at := range versionedID(string(src[start:end]), string(c.ID)) {
			edit := seeds.Edit{Span: seeds.Span{Start: start + at[0], End: start + at[1]}, New: string(id)}
			if !slices.Contains(edits, edit) {
				edits = append(edits, edit)
			}
		}
	}
	return edits
}

// versionedID finds the places of an identifier with its version, where no digit makes it part of another number.
func versionedID(text, id string) [][2]int {
	var places [][2]int
	for from := 0; ; {
		i := strings.Index(text[from:], id)
		if i < 0 {
			return places
		}
		start, end := from+i, from+i+len(id)
		from = end
		if start > 0 && isDigit(text[start-1]) || end < len(text) && isDigit(text[end]) {
			continue
		}
		if end+1 < len(text) && text[end] == 'v' && isDigit(text[end+1]) {
			for end++; end < len(text) && isDigit(text[end]); end++ {
			}
		}
		places = append(places, [2]int{start, end})
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// modernLinks are the links of the citation that arXiv writes in another way today.
func modernLinks(src []byte, c seeds.Citation) []Correction {
	var all []Correction
	for _, span := range append([]seeds.Span{c.Span}, c.Also...) {
		old := spanText(src, span)
		if modern, changed := arxiv.ModernURL(old); changed {
			line, column := place(src, span.Start)
			all = append(all, Correction{Kind: KindLinkForm, Line: line, Column: column, Edits: smallest(span, old, modern), Message: old + " is " + modern + " today"})
		}
	}
	return all
}

func place(src []byte, offset int) (line, column int) {
	before := src[:offset]
	return bytes.Count(before, []byte("\n")) + 1, offset - bytes.LastIndexByte(before, '\n')
}

// smallest cuts off what two texts have in common at both ends.
func smallest(span seeds.Span, old, new string) []seeds.Edit {
	start := 0
	for start < len(old) && start < len(new) && old[start] == new[start] {
		start++
	}
	end := 0
	for end < len(old)-start && end < len(new)-start && old[len(old)-1-end] == new[len(new)-1-end] {
		end++
	}
	return []seeds.Edit{{Span: seeds.Span{Start: span.Start + start, End: span.End - end}, New: new[start : len(new)-end]}}
}

// token is a word of the source with its place; key is how it compares.
type token struct {
	start, end int // without punctuation and markup around it
	key        string
	kept       bool // in brackets or a nickname: not part of the title
}

// rewordTitle changes the words of a claimed title that differ from the true one and leaves all others, with their case,
// braces and markup. Nil when the title does not stand in one piece or the change cannot be made in place.
func rewordTitle(src []byte, format seeds.Format, span seeds.Span, title string) []seeds.Edit {
	claim := spanText(src, span)
	words := tokens(claim)
	truth, truthKeys := wordsAndKeys(arxiv.Text(title))
	if len(words) == 0 || len(truth) == 0 {
		return nil
	}
	keepNickname(claim, words, truthKeys[0])
	var own []token
	var keys []string
	for _, t := range words {
		if !t.kept {
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
