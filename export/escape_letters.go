package export

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// accents are the combining marks that LaTeX has a command for.
var accents = map[rune]string{
	0x300: "`", 0x301: "'", 0x302: "^", 0x303: "~", 0x304: "=", 0x306: "u", 0x307: ".", 0x308: `"`, 0x30a: "r", 0x30b: "H", 0x30c: "v",
	0x323: "d", 0x327: "c", 0x328: "k", 0x331: "b",
}

// latin are the letters that are no base letter with an accent. Each spelling is one that Citation.js, bibutils and pybtex
// read back (not all of them know \aa).
var latin = map[rune]string{
	'ß': `\ss`, 'ø': `\o`, 'Ø': `\O`, 'ł': `\l`, 'Ł': `\L`, 'æ': `\ae`, 'Æ': `\AE`, 'œ': `\oe`, 'Œ': `\OE`, 'ı': `\i`, 'ȷ': `\j`,
	'ð': `\dh`, 'Ð': `\DH`, 'þ': `\th`, 'Þ': `\TH`, 'đ': `\dj`, 'Đ': `\DJ`, 'ŋ': `\ng`, 'Ŋ': `\NG`, 'ª': `\textordfeminine`,
	'º': `\textordmasculine`,
}

// texSigns are the characters that mean something else in TeX, or that its fonts of old do not have.
var texSigns = map[rune]string{
	'\\': `\textbackslash{}`, '{': `\textbraceleft{}`, '}': `\textbraceright{}`, '$': `\$`, '&': `\&`, '%': `\%`, '#': `\#`, '_': `\_`,
	'^': `\textasciicircum{}`, '~': `\textasciitilde{}`, '<': `\textless{}`, '>': `\textgreater{}`, '|': `\textbar{}`,
	'\ufffd': "?", // LuaTeX stops at it
}

// typography is what ASCII TeX has its own spelling for.
var typography = map[rune]string{
	'‘': "`", '’': "'", '‚': `\quotesinglbase{}`, '“': "``", '”': "''", '„': `\quotedblbase{}`, '«': `\guillemotleft{}`,
	'»': `\guillemotright{}`,
	'‐': "-", '‑': "-", '‒': "--", '–': "--", '—': "---", '―': "---", '…': "...", '•': `\textbullet{}`, '§': `\S{}`, '¶': `\P{}`,
	'†': `\dag{}`, '‡': `\ddag{}`,
	'©': `\textcopyright{}`, '®': `\textregistered{}`, '™': `\texttrademark{}`, '°': `\textdegree{}`, '£': `\pounds{}`, '€': `\texteuro{}`,
	'¡': "!`", '¿': "?`",
}

// mathSigns are the characters that are a formula by themselves, Greek letters first: arXiv turns \alpha into α
// everywhere, formulas included.
var mathSigns = map[rune]string{
	'α': `\alpha`, 'β': `\beta`, 'γ': `\gamma`, 'δ': `\delta`, 'ε': `\varepsilon`, 'ϵ': `\epsilon`, 'ζ': `\zeta`, 'η': `\eta`,
	'θ': `\theta`, 'ϑ': `\vartheta`, 'ι': `\iota`,
	'κ': `\kappa`, 'λ': `\lambda`, 'μ': `\mu`, 'µ': `\mu`, 'ν': `\nu`, 'ξ': `\xi`, 'ο': `o`, 'π': `\pi`, 'ϖ': `\varpi`, 'ρ': `\rho`,
	'ϱ': `\varrho`, 'σ': `\sigma`, 'ς': `\varsigma`,
	'τ': `\tau`, 'υ': `\upsilon`, 'φ': `\varphi`, 'ϕ': `\phi`, 'χ': `\chi`, 'ψ': `\psi`, 'ω': `\omega`,
	'Γ': `\Gamma`, 'Δ': `\Delta`, 'Θ': `\Theta`, 'Λ': `\Lambda`, 'Ξ': `\Xi`, 'Π': `\Pi`, 'Σ': `\Sigma`, 'Υ': `\Upsilon`, 'Φ': `\Phi`,
	'Ψ': `\Psi`, 'Ω': `\Omega`,
	'±': `\pm`, '∓': `\mp`, '×': `\times`, '÷': `\div`, '·': `\cdot`, '⋅': `\cdot`, '∗': `\ast`, '∘': `\circ`, '⊗': `\otimes`,
	'⊕': `\oplus`, '⊙': `\odot`, '−': `-`, '∼': `\sim`, '≃': `\simeq`,
	'≈': `\approx`, '≅': `\cong`, '≡': `\equiv`, '≠': `\neq`, '≤': `\leq`, '≥': `\geq`, '≪': `\ll`, '≫': `\gg`, '≲': `\lesssim`,
	'≳': `\gtrsim`, '∝': `\propto`, '⟂': `\perp`, '⊥': `\perp`, '∥': `\parallel`,
	'←': `\leftarrow`, '→': `\to`, '↔': `\leftrightarrow`, '⇐': `\Leftarrow`, '⇒': `\Rightarrow`, '⇔': `\Leftrightarrow`, '↦': `\mapsto`,
	'↑': `\uparrow`, '↓': `\downarrow`, '⟶': `\longrightarrow`,
	'∞': `\infty`, '∂': `\partial`, '∇': `\nabla`, '√': `\surd`, '∑': `\sum`, '∏': `\prod`, '∫': `\int`, '∀': `\forall`, '∃': `\exists`,
	'∅': `\emptyset`, '∈': `\in`, '∉': `\notin`, '⊂': `\subset`, '⊆': `\subseteq`,
	'∩': `\cap`, '∪': `\cup`, '∧': `\wedge`, '∨': `\vee`, '¬': `\neg`, '⟨': `\langle`, '⟩': `\rangle`, 'ℓ': `\ell`, 'ℏ': `\hbar`,
	'ℵ': `\aleph`, 'ℜ': `\Re`, 'ℑ': `\Im`, '℘': `\wp`, '⋯': `\cdots`, '′': `{}'`, '″': `{}''`,
	'ℝ': `\mathbb{R}`, 'ℂ': `\mathbb{C}`, 'ℕ': `\mathbb{N}`, 'ℤ': `\mathbb{Z}`, 'ℚ': `\mathbb{Q}`, '★': `\star`, '☆': `\star`,
	'⋆': `\star`, '□': `\square`,
}

// raised and lowered are the exponents and indices that have a character of their own, each followed by what it shows.
const (
	raised  = "⁰0¹1²2³3⁴4⁵5⁶6⁷7⁸8⁹9⁺+⁻-⁽(⁾)ⁿnⁱi"
	lowered = "₀0₁1₂2₃3₄4₅5₆6₇7₈8₉9₊+₋-₍(₎)"
)

// cutScript reads a run of exponents or indices at the start of s, such as ⁻³, and gives it as a formula with its
// length in s; 0 when there is none.
func cutScript(s string) (string, int) {
	for _, script := range []struct{ signs, command string }{{raised, "^"}, {lowered, "_"}} {
		shown, length := "", 0
		for length < len(s) && s[length] >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[length:])
			i := strings.IndexRune(script.signs, r)
			if i < 0 {
				break
			}
			shown += script.signs[i+n:][:1]
			length += n
		}
		if length > 0 {
			return "$" + script.command + "{" + shown + "}$", length
		}
	}
	return "", 0
}

// signFormula is a character that only a formula can show, as one; empty when r is none.
func signFormula(r rune) string {
	if command, ok := mathSigns[r]; ok {
		return "$" + command + "$"
	}
	return ""
}

// texWord spells a word's letters in ASCII TeX where LaTeX has a spelling for them in its usual encodings; every other
// letter (Arabic, Chinese, Vietnamese horns) stays as UTF-8, which XeTeX, LuaTeX and biber read. Each accented letter
// stands in braces of its own, which is what BibTeX calls a special character: it can change its case and sort by it.
func texWord(word string) string {
	if isASCII(word) {
		return word
	}
	var b strings.Builder
	for len(word) > 0 {
		// One letter with its marks.
		_, n := utf8.DecodeRuneInString(word)
		for n < len(word) {
			mark, size := utf8.DecodeRuneInString(word[n:])
			if !unicode.Is(unicode.Mn, mark) {
				break
			}
			n += size
		}
		b.WriteString(texLetter(word[:n]))
		word = word[n:]
	}
	return b.String()
}

// texLetter spells one letter with its marks.
func texLetter(letter string) string {
	first, n := utf8.DecodeRuneInString(letter)
	if n == len(letter) {
		if first < utf8.RuneSelf {
			return letter
		}
		if command, ok := latin[first]; ok {
			return "{" + command + "}"
		}
	}
	parts := []rune(norm.NFD.String(letter))
	base, marks := parts[0], parts[1:]
	spelt := string(base)
	switch {
	case latin[base] != "":
		spelt = latin[base]
	case base >= utf8.RuneSelf || !unicode.IsLetter(base):
		return letter
	}
	if len(marks) == 0 || len(marks) > 2 {
		return letter
	}
	for _, mark := range marks {
		accent, ok := accents[mark]
		if !ok {
			return letter
		}
		// An accent replaces the dot. LaTeX does that by itself for its four oldest accents, and readers of .bib files
		// know i there, not \i.
		if (spelt == "i" || spelt == "j") && strings.Contains("~=u.rHv", accent) {
			spelt = `\` + spelt
		}
		spelt = `\` + accent + "{" + spelt + "}"
	}
	return "{" + spelt + "}"
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
