package export

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// texStyle says how a text is set.
type texStyle struct {
	ascii bool // letters and signs as TeX commands where there are any (BibTeX); else as UTF-8 (biber)
	title bool // braces around words whose capitals a style must not lower
}

// tex is text from outside as TeX that typesets to the same text. Formulas stay formulas (see cutFormula); braces that
// match group, as their author meant them; a few commands for fonts stay; every other special character is escaped. So
// no text can reach a TeX command that is not on a list in this package, and the braces of the result always balance
// the way BibTeX counts (it counts \{ too).
func tex(s string, style texStyle) string {
	s = plain(s)
	if isASCII(s) && !style.title && !strings.ContainsAny(s, `\{}$&%#_^~<>|"`) {
		return s
	}
	tokens := scanTeX(s)
	var protect []bool
	if style.title {
		protect = protectedWords(tokens)
	}
	var b strings.Builder
	depth := 0
	for i, t := range tokens {
		switch t.kind {
		case texGroup:
			depth++
			b.WriteByte('{')
		case texEnd:
			depth--
			b.WriteByte('}')
		case texCommand:
			b.WriteString(t.text)
		case texFormula:
			writeFormula(&b, t.text, style.title && depth == 0)
		case texWordToken:
			if protect != nil && protect[i] && depth == 0 {
				b.WriteByte('{')
				writeWord(&b, t.text, style, true)
				b.WriteByte('}')
			} else {
				writeWord(&b, t.text, style, depth > 0)
			}
		case texSign:
			r, _ := utf8.DecodeRuneInString(t.text)
			writeSign(&b, r, style, depth > 0, i == 0 || tokens[i-1].opensQuote())
		}
	}
	return b.String()
}

// writeFormula keeps a formula of a title from being lowered: $\Lambda$ would become $\lambda$.
func writeFormula(b *strings.Builder, text string, bare bool) {
	if bare {
		text = "{" + text + "}"
	}
	b.WriteString(text)
}

// writeWord writes letters and digits. Greek letters are formulas, unless so many follow each other that they are Greek.
func writeWord(b *strings.Builder, word string, style texStyle, inside bool) {
	if isASCII(word) {
		b.WriteString(word)
		return
	}
	greek := 0
	for _, r := range word {
		if unicode.Is(unicode.Greek, r) {
			greek++
		}
	}
	from := 0
	flush := func(to int) {
		if style.ascii {
			b.WriteString(texWord(word[from:to]))
		} else {
			b.WriteString(word[from:to])
		}
	}
	for i, r := range word {
		formula := signFormula(r)
		if formula == "" || greek > 2 && unicode.Is(unicode.Greek, r) {
			continue
		}
		flush(i)
		from = i + utf8.RuneLen(r)
		writeFormula(b, formula, style.title && !inside)
	}
	flush(len(word))
}

// writeSign writes one character that is no letter. A straight double quote becomes TeX's pair: in OT1 fonts it would
// be a closing quote on either side, under babel's German a command.
func writeSign(b *strings.Builder, r rune, style texStyle, inside, opening bool) {
	switch {
	case r == '"' && opening:
		b.WriteString("``")
	case r == '"':
		b.WriteString("''")
	case texSigns[r] != "":
		b.WriteString(texSigns[r])
	case r < utf8.RuneSelf:
		b.WriteRune(r)
	case style.ascii && hasKey(typography, r):
		b.WriteString(typography[r])
	case signFormula(r) != "":
		writeFormula(b, signFormula(r), style.title && !inside)
	default:
		b.WriteRune(r)
	}
}

func hasKey(m map[rune]string, r rune) bool { _, ok := m[r]; return ok }

type texKind int

const (
	texSign      texKind = iota // one character that is no letter
	texWordToken                // letters, digits and marks, apostrophes inside
	texFormula                  // $…$, checked
	texGroup                    // an opening brace that has its end
	texEnd
	texCommand // a command that may stay, as it is written
)

type texToken struct {
	kind texKind
	text string
}

// opensQuote says whether a straight quote behind t opens.
func (t texToken) opensQuote() bool {
	return t.kind == texGroup || t.kind == texSign && strings.Contains(" ([-–—/‘`'", t.text)
}

var (
	fontCommands     = wordSet(`emph textit textbf textsc texttt textrm textsf textsl textnormal`)
	fontDeclarations = map[string]string{
		"it": "itshape",
		"em": "em",
		"bf": "bfseries",
		"sc": "scshape",
		"tt": "ttfamily",
		"rm": "rmfamily",
		"sf": "sffamily",
		"sl": "slshape",
	}
	wordCommands = map[string]string{
		"ldots":          "…",
		"dots":           "…",
		"textendash":     "–",
		"textemdash":     "—",
		"copyright":      "©",
		"textregistered": "®",
		"texttrademark":  "™",
		"S":              "§",
	}
)

const maxGroupDepth = 20

// scanTeX cuts a text into tokens, in one pass; a second one makes plain signs of the braces that have no partner.
func scanTeX(s string) []texToken {
	var tokens []texToken
	add := func(kind texKind, text string) { tokens = append(tokens, texToken{kind, text}) }
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if formula, length := cutFormula(s[i:]); length > 0 {
			add(texFormula, formula)
			i += length
			continue
		}
		if formula, length := cutScript(s[i:]); length > 0 {
			add(texFormula, formula)
			i += length
			continue
		}
		switch {
		case r == '{':
			add(texGroup, "{")
		case r == '}':
			add(texEnd, "}")
		case r == '\\':
			name := commandName(s[i:])
			rest := s[i+1+len(name):]
			switch {
			case name == "" && len(rest) > 0 && strings.IndexByte("&%$#_{}", rest[0]) >= 0: // already escaped
				add(texSign, rest[:1])
				n = 2
			case fontCommands[name] && strings.HasPrefix(rest, "{"):
				add(texCommand, `\`+name)
				n = 1 + len(name)
			case fontDeclarations[name] != "" && len(tokens) > 0 && tokens[len(tokens)-1].kind == texGroup:
				add(texCommand, `\`+fontDeclarations[name]+" ")
				n = 1 + len(name) + len(rest) - len(strings.TrimLeft(rest, " "))
			case name == "TeX" || name == "LaTeX":
				add(texCommand, `{\`+name+`}`)
				n = 1 + len(name)
			case wordCommands[name] != "":
				add(texSign, wordCommands[name])
				n = 1 + len(name)
				if strings.HasPrefix(rest, "{}") {
					n += 2
				}
			default:
				add(texSign, `\`)
			}
		case isWordRune(r):
			n = wordLength(s[i:])
			add(texWordToken, s[i:i+n])
		default:
			add(texSign, s[i:i+n])
		}
		i += n
	}
	return pairBraces(tokens)
}

// pairBraces makes signs of the braces without partner and of the commands that belonged to them.
func pairBraces(tokens []texToken) []texToken {
	var open []int
	paired := make([]bool, len(tokens))
	deepest := 0
	for i, t := range tokens {
		switch t.kind {
		case texGroup:
			open = append(open, i)
			deepest = max(deepest, len(open))
		case texEnd:
			if len(open) > 0 {
				paired[open[len(open)-1]], paired[i] = true, true
				open = open[:len(open)-1]
			}
		}
	}
	out := tokens[:0:0]
	for i, t := range tokens {
		switch {
		case (t.kind == texGroup || t.kind == texEnd) && (!paired[i] || deepest > maxGroupDepth):
			t.kind = texSign
		case t.kind == texCommand && !strings.HasPrefix(t.text, "{"):
			// A font command stands before its group, a declaration right behind the brace of its own.
			group := i + 1
			if strings.HasSuffix(t.text, " ") {
				group = i - 1
			}
			if group >= len(tokens) || !paired[group] || deepest > maxGroupDepth {
				out = append(out, texToken{texSign, `\`})
				t = texToken{texWordToken, strings.Trim(t.text, `\ `)}
			}
		}
		out = append(out, t)
	}
	return out
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// wordLength is the length of the word at the start of s; an apostrophe between letters belongs to it.
func wordLength(s string) int {
	for i, r := range s {
		if isWordRune(r) && !strings.ContainsRune("ⁿⁱ", r) {
			continue
		}
		if (r == '\'' || r == '’') && i > 0 {
			if next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):]); unicode.IsLetter(next) {
				continue
			}
		}
		return i
	}
	return len(s)
}
