package export

import (
	"strings"
	"unicode/utf8"
)

// Formulas are kept as TeX, but never on trust: TeX can read and write files, so a formula passes only when every
// command in it is one of the known, harmless ones with its arguments in place, and when it would typeset without an
// error. Everything else is shown as the text it is.

const (
	maxFormula      = 2000 // bytes; longer ones are text
	maxFormulaDepth = 30
)

// cutFormula reads a formula at the start of s ($…$, $$…$$, \(…\), \[…\]) and gives it as $…$ with its length in s; 0
// when there is none. As in Pandoc's Markdown, a dollar that is followed or preceded (at the end) by a blank, or whose
// end is followed by a digit, is money, unless the formula has a command, an exponent or an index in it.
func cutFormula(s string) (string, int) {
	open, end := "$", "$"
	switch {
	case strings.HasPrefix(s, "$$"):
		open, end = "$$", "$$"
	case strings.HasPrefix(s, `\(`):
		open, end = `\(`, `\)`
	case strings.HasPrefix(s, `\[`):
		open, end = `\[`, `\]`
	case !strings.HasPrefix(s, "$"):
		return "", 0
	}
	length := 0
	for i := len(open); i < len(s) && i < maxFormula; i++ {
		if strings.HasPrefix(s[i:], end) {
			length = i + len(end)
			break
		}
		if s[i] == '\\' {
			i++
		}
	}
	if length == 0 {
		return "", 0
	}
	inner := s[len(open) : length-len(end)]
	if open == "$" && !strings.ContainsAny(inner, `\^_`) {
		before, after := strings.HasPrefix(inner, " "), strings.HasSuffix(inner, " ")
		money := length < len(s) && s[length] >= '0' && s[length] <= '9'
		if before || after || money {
			return "", 0
		}
	}
	formula, ok := readFormula(strings.TrimSpace(inner))
	if !ok || formula == "" {
		return "", 0
	}
	return "$" + formula + "$", length
}

// mathArguments says how many arguments a command takes.
var mathArguments = commandTable()

const textArgument, delimiterArgument, declaration = -1, -2, -3

func commandTable() map[string]int {
	table := map[string]int{"binom": 2, "stackrel": 2, "overset": 2, "underset": 2, "frac": 2, "dfrac": 2, "tfrac": 2, "sqrt": 1}
	add := func(arguments int, names string) {
		for name := range strings.FieldsSeq(names) {
			table[name] = arguments
		}
	}
	add(0, `alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho
		sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
		pm mp times div ast star circ bullet cdot cap cup uplus sqcap sqcup vee wedge setminus wr diamond oplus ominus otimes
		oslash odot dagger ddagger amalg bigcirc bigtriangleup bigtriangledown triangleleft triangleright
		leq le geq ge equiv prec succ sim preceq succeq simeq ll gg asymp subset supset approx subseteq supseteq cong
		sqsubseteq sqsupseteq bowtie in ni propto vdash dashv models smile frown mid doteq parallel perp neq ne notin
		leftarrow gets Leftarrow rightarrow to Rightarrow leftrightarrow Leftrightarrow longleftarrow longrightarrow
		Longleftarrow Longrightarrow longleftrightarrow mapsto longmapsto hookleftarrow hookrightarrow leftharpoonup
		rightharpoonup leftharpoondown rightharpoondown rightleftharpoons uparrow downarrow updownarrow Uparrow Downarrow
		nearrow searrow swarrow nwarrow iff implies lesssim gtrsim lessgtr leqslant geqslant nleq ngeq subsetneq supsetneq
		rightsquigarrow rightrightarrows twoheadrightarrow ltimes rtimes square blacksquare Box Diamond lozenge checkmark
		ldots cdots vdots ddots dots aleph hbar imath jmath ell wp Re Im prime emptyset varnothing nabla surd top bot angle forall
		exists nexists neg lnot flat natural sharp backslash partial infty triangle clubsuit diamondsuit heartsuit spadesuit
		langle rangle lfloor rfloor lceil rceil lbrace rbrace lvert rvert lVert rVert vert Vert land lor therefore because
		sum prod coprod int iint iiint oint bigcap bigcup bigsqcup bigvee bigwedge bigodot bigotimes bigoplus biguplus
		arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log max min Pr sec
		sin sinh sup tan tanh bmod quad qquad not S P`)
	add(1, `hat check breve acute grave tilde bar vec dot ddot mathring widehat widetilde overline underline overrightarrow
		overleftarrow overbrace underbrace mathrm mathbf mathsf mathit mathtt mathcal mathnormal mathbb mathfrak boldsymbol
		ensuremath pmod`)
	add(textArgument, `text mbox textrm textit textbf textsc textsf texttt textnormal operatorname`)
	add(delimiterArgument, `big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm`)
	add(declaration, `rm bf it sf tt cal`)
	return table
}

// renamed are commands whose own package a document seldom has, or that newer classes refuse.
var renamed = map[string]string{"bm": "boldsymbol", "bold": "boldsymbol", "Bbb": "mathbb", "frak": "mathfrak"}

// readFormula checks a formula and gives it back fit for a .bib file: brace signs by name, since BibTeX counts \{ too.
func readFormula(s string) (string, bool) {
	m := formula{in: s}
	if !m.list("") {
		return "", false
	}
	return m.out.String(), true
}

// formula is a formula being read. Its methods say whether what they read is fit to be typeset.
type formula struct {
	in    string
	pos   int
	depth int
	out   strings.Builder
}

func (m *formula) rest() string { return m.in[m.pos:] }

// list reads up to end: "" (the end of the formula), "}", "]" or `\right`, which it eats and does not write.
func (m *formula) list(end string) bool {
	if m.depth++; m.depth > maxFormulaDepth {
		return false
	}
	defer func() { m.depth-- }()
	declared := 0 // open braces of declarations (\rm), which hold to the end of the list
	index, exponent, primed := false, false, false
	for m.pos < len(m.in) {
		if end != "" && strings.HasPrefix(m.rest(), end) && !(end == `\right` && m.pos+6 < len(m.in) && isLetter(m.in[m.pos+6])) {
			m.pos += len(end)
			m.out.WriteString(strings.Repeat("}", declared))
			return true
		}
		c := m.in[m.pos]
		switch c {
		case ' ':
			m.pos++
			m.out.WriteByte(' ')
			continue
		case '\'': // x'^2 is fine, x^2' is TeX's "double superscript"
			if exponent && !primed {
				return false
			}
			m.pos++
			m.out.WriteByte(c)
			exponent, primed = false, true
			continue
		case '_', '^':
			if c == '_' && index || c == '^' && exponent {
				return false
			}
			// Primes are an exponent; only a ^ right behind them still joins it.
			index, exponent, primed = index || c == '_', exponent || primed || c == '^', false
			m.pos++
			m.out.WriteByte(c)
			if !m.argument() {
				return false
			}
			continue
		}
		if name := commandName(m.rest()); mathArguments[name] == declaration && name != "" {
			m.pos += 1 + len(name)
			m.skipBlanks()
			m.out.WriteString(`\math` + name + "{")
			declared++
			index, exponent, primed = false, false, false
			continue
		}
		index, exponent, primed = false, false, false
		if !m.atom() {
			return false
		}
	}
	m.out.WriteString(strings.Repeat("}", declared))
	return end == ""
}

// argument reads what an index, an exponent or a command takes: a group, one sign, or a command without arguments.
func (m *formula) argument() bool {
	m.skipBlanks()
	if m.pos >= len(m.in) || strings.IndexByte("^_} '&%#$~", m.in[m.pos]) >= 0 {
		return false
	}
	name := commandName(m.rest())
	if arguments := mathArguments[name]; name != "" && arguments != 0 {
		// \frac as an exponent without braces is an error; in braces of our own it is what was meant.
		m.out.WriteByte('{')
		ok := arguments != declaration && m.atom()
		m.out.WriteByte('}')
		return ok
	}
	return m.atom()
}

func (m *formula) skipBlanks() {
	for m.pos < len(m.in) && m.in[m.pos] == ' ' {
		m.pos++
		m.out.WriteByte(' ')
	}
}

// atom reads one group, sign or command with its arguments.
func (m *formula) atom() bool {
	c := m.in[m.pos]
	switch {
	case c == '{':
		m.pos++
		m.out.WriteByte('{')
		if !m.list("}") {
			return false
		}
		m.out.WriteByte('}')
		return true
	case c == '\\':
		return m.command()
	case c >= utf8.RuneSelf:
		r, n := utf8.DecodeRuneInString(m.rest())
		command, ok := mathSigns[r]
		m.pos += n
		m.out.WriteString(command + " ") // the blank ends the command's name
		return ok
	case strings.IndexByte("}&%#$\"`", c) >= 0 || c < ' ' || c == 0x7f:
		return false
	}
	m.pos++
	m.out.WriteByte(c)
	return true
}

func (m *formula) command() bool {
	name := commandName(m.rest())
	if name == "" {
		return m.sign()
	}
	m.pos += 1 + len(name)
	if other := renamed[name]; other != "" {
		name = other
	}
	if name == "left" {
		m.out.WriteString(`\left`)
		if !m.delimiter() || !m.list(`\right`) {
			return false
		}
		m.out.WriteString(`\right`)
		return m.delimiter()
	}
	arguments, known := mathArguments[name]
	if !known {
		return false
	}
	m.out.WriteByte('\\')
	m.out.WriteString(name)
	switch arguments {
	case textArgument:
		return m.textArgument()
	case delimiterArgument:
		return m.delimiter()
	case declaration: // outside of a list's own level it has nothing to hold for
		return false
	}
	if name == "sqrt" && strings.HasPrefix(m.rest(), "[") {
		m.pos++
		m.out.WriteByte('[')
		if !m.list("]") {
			return false
		}
		m.out.WriteByte(']')
	}
	for range arguments {
		if !m.argument() {
			return false
		}
	}
	return true
}

// sign reads a command of one sign: a space, or a character that TeX would take for its own.
func (m *formula) sign() bool {
	if m.pos+1 >= len(m.in) {
		return false
	}
	c := m.in[m.pos+1]
	m.pos += 2
	switch {
	case c == '{':
		m.out.WriteString(`\lbrace `)
	case c == '}':
		m.out.WriteString(`\rbrace `)
	case strings.IndexByte(",;:!> |%&#$_", c) >= 0:
		m.out.WriteString(`\` + string(c))
	default:
		return false
	}
	return true
}

// delimiter reads what may stand after \left and \big.
func (m *formula) delimiter() bool {
	m.skipBlanks()
	if m.pos >= len(m.in) {
		return false
	}
	if c := m.in[m.pos]; strings.IndexByte("()[]|/.<>", c) >= 0 {
		m.pos++
		m.out.WriteByte(c)
		return true
	}
	name := commandName(m.rest())
	switch {
	case name != "" && strings.Contains(" langle rangle lfloor rfloor lceil rceil lbrace rbrace lvert rvert lVert rVert vert Vert uparrow downarrow backslash ", " "+name+" "):
		m.pos += 1 + len(name)
		m.out.WriteString(`\` + name)
		return true
	case name == "" && (strings.HasPrefix(m.rest(), `\{`) || strings.HasPrefix(m.rest(), `\}`) || strings.HasPrefix(m.rest(), `\|`)):
		return m.sign()
	}
	return false
}

// textArgument reads words in braces; anything that is more than words is refused.
func (m *formula) textArgument() bool {
	m.skipBlanks()
	if !strings.HasPrefix(m.rest(), "{") {
		return false
	}
	length := strings.IndexByte(m.rest(), '}')
	if length < 0 {
		return false
	}
	words := m.rest()[:length+1]
	for i := 1; i < length; i++ {
		c := words[i]
		if !isLetter(c) && !(c >= '0' && c <= '9') && strings.IndexByte(" .,:;()/+-=*", c) < 0 {
			return false
		}
	}
	m.pos += length + 1
	m.out.WriteString(words)
	return true
}

// commandName is the name of the command at the start of s, if it has one of letters.
func commandName(s string) string {
	if len(s) < 2 || s[0] != '\\' {
		return ""
	}
	n := 1
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	return s[1:n]
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
