package arxiv

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// combining maps TeX's accent commands to the combining character that follows the letter.
var combining = map[string]string{
	"'": "\u0301", "`": "\u0300", "^": "\u0302", `"`: "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
	"u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331", "t": "\u0361",
}

// letters are TeX's commands for letters that are not a letter with an accent, and the Greek alphabet.
var letters = map[string]string{
	"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "i": "ı", "j": "ȷ",
	"dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
	"vartheta": "ϑ", "iota": "ι",
	"kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ",
	"sigma": "σ", "varsigma": "ς",
	"tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
	"Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ",
	"Omega": "Ω",
}

// Text is the form in which texts of the query API are stored and compared: TeX's accents and Greek letters as Unicode,
// composed (NFC), runs of white space as one blank, trimmed. arXiv itself does the first since November 2025; the older
// answers did not. Text(Text(s)) is Text(s).
func Text(s string) string {
	s = norm.NFC.String(strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " "))
	if !strings.ContainsRune(s, '\\') {
		return s
	}
	return norm.NFC.String(strings.Join(strings.Fields(deTeX(s)), " "))
}

// maxCommand is longer than any accent or letter command with its argument.
const maxCommand = 32

// deTeX replaces the accent and letter commands that arXiv's own tex2utf replaces (arxiv-base, arxiv/util/tex2utf.py) and
// leaves every other command as it stands. It goes from the end to the start, so that a command sees its argument as it
// will be, and one pass is enough: what a command becomes has no backslash, and is never longer.
func deTeX(s string) string {
	out := make([]byte, len(s))
	at := len(s) // out[at:] is done
	for i := len(s) - 1; i >= 0; i-- {
		at--
		out[at] = s[i]
		if s[i] != '\\' {
			continue
		}
		rest := string(out[at:min(at+maxCommand, len(out))])
		text, end := texCommand(rest)
		if end == 0 || (text == "ı" || text == "ȷ") && accentBefore(s[:i]) {
			continue
		}
		if i > 0 && s[i-1] == '{' && end < len(rest) && rest[end] == '}' {
			end++ // {\ss} is ß, braces and all
			i--
		}
		text = norm.NFC.String(text)
		at += end - len(text)
		copy(out[at:], text)
	}
	return string(out[at:])
}

// accentBefore says whether s ends with an accent command that waits for its letter: \" or \"{ or \v followed by a blank.
func accentBefore(s string) bool {
	s = strings.TrimRight(strings.TrimSuffix(s, "{"), " ")
	n := len(s)
	return n >= 2 && s[n-2] == '\\' && combining[s[n-1:]] != ""
}

// texCommand reads an accent or letter command at the start of s and gives its text and length; 0 for any other.
func texCommand(s string) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	name := s[1:2]
	i := 2
	if isASCIILetter(s[1]) {
		for i < len(s) && isASCIILetter(s[i]) {
			i++
		}
		name = s[1:i]
	}
	if mark, ok := combining[name]; ok {
		letter, n := texLetter(s[i:], isASCIILetter(s[1]))
		if n > 0 {
			return letter + mark, i + n
		}
		return "", 0
	}
	if letter, ok := letters[name]; ok {
		switch {
		case strings.HasPrefix(s[i:], "{}"):
			i += 2
		case i+1 < len(s) && s[i] == ' ' && isASCIILetter(s[i+1]) && letter[0] < 0xce:
			i++ // TeX eats the blank behind a command: \\o re is øre. Before Greek names people mean a blank.
		}
		return letter, i
	}
	return "", 0
}

// texLetter reads what an accent stands on: e, {e}, \i, {\i}. A word command needs a blank or a brace before a letter.
func texLetter(s string, word bool) (string, int) {
	i := 0
	for i < len(s) && s[i] == ' ' {
		i++
	}
	braced := i < len(s) && s[i] == '{'
	if word && i == 0 && !braced && !strings.HasPrefix(s, `\`) {
		return "", 0
	}
	if braced {
		i++
	}
	if i >= len(s) {
		return "", 0
	}
	letter := s[i : i+1]
	switch {
	case isASCIILetter(s[i]):
		i++
	case strings.HasPrefix(s[i:], `\i`) || strings.HasPrefix(s[i:], `\j`):
		letter = s[i+1 : i+2]
		i += 2
	default:
		return "", 0
	}
	if braced {
		if i >= len(s) || s[i] != '}' {
			return "", 0
		}
		i++
	}
	return letter, i
}

func isASCIILetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// foldings are the letters that Unicode does not take apart into a base letter and a mark, as people write them without.
var foldings = strings.NewReplacer(
	"ß",
	"ss",
	"ø",
	"o",
	"ł",
	"l",
	"æ",
	"ae",
	"œ",
	"oe",
	"đ",
	"d",
	"ð",
	"d",
	"þ",
	"th",
	"ı",
	"i",
	"ŋ",
	"n",
	"ȷ",
	"j",
	"ς",
	"σ",
)

// Key is a text reduced to what is compared forgivingly: the letters and digits of Text(s), without case, accents and
// compatibility forms, one blank for everything between words. An apostrophe inside a word vanishes. Key(Key(s)) is Key(s).
func Key(s string) string {
	s = Text(s)
	if isASCII(s) {
		return asciiKey(s)
	}
	s = foldings.Replace(norm.NFKD.String(strings.ToLower(norm.NFKD.String(s))))
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '{', r == '}', r == '$':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// asciiKey is Key for the texts that nearly all are, at a tenth of the cost.
func asciiKey(s string) string {
	out := make([]byte, 0, len(s))
	gap := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case c == '\'', c == '{', c == '}', c == '$':
			continue
		default:
			gap = len(out) > 0
			continue
		}
		if gap {
			out = append(out, ' ')
			gap = false
		}
		out = append(out, c)
	}
	return string(out)
}
