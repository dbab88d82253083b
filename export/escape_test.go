package export

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"ordinary text":                          "ordinary text",
		"  two \r\n\t lines  ":                   "two lines",
		"two  blanks":                            "two blanks",
		"end ":                                   "end",
		" ":                                      "",
		`\"o and \alpha`:                         "ö and α",
		"nul\x00 esc\x1b[31mred del\x7f":         "nul esc[31mred del",
		"c1 \u009b31m \u0085next":                "c1 31m next",
		"\u202eevil\u202c \u2066x\u2069\u200e":   "evil x",
		"zero\u200bwidth\ufeff soft\u00adhyphen": "zerowidth softhyphen",
		"tags\U000e0041\U000e007f":               "tags",
		"sep\u2028arator\u2029s":                 "sep arator s",
		"bad \xff\xc3 utf":                       "bad \ufffd\ufffd utf",
		"e\u0301 composes":                       "é composes",
		"می\u200cخواهم 👩\u200d🔬":                 "می\u200cخواهم 👩\u200d🔬",
		"nonchar\ufffe\U0001ffff":                "nonchar",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTeX(t *testing.T) {
	for _, test := range []struct{ in, ascii, utf8 string }{
		{"plain text", "plain text", ""},
		{`50% of R&D, #1, a_b, $5`, `50\% of R\&D, \#1, a\_b, \$5`, ""},
		{`~x^y \z {`, `\textasciitilde{}x\textasciicircum{}y \textbackslash{}z \textbraceleft{}`, ""},
		{`already \& \% \_ \# \$ \{x\}`, `already \& \% \_ \# \$ \textbraceleft{}x\textbraceright{}`, ""},
		{`say "yes" ("no")`, "say ``yes'' (``no'')", ""},
		{"“q” ‘r’ – — …", "``q'' `r' -- --- ...", "“q” ‘r’ – — …"},
		{"Gödel, Çelik, Łódź, Åse, naïve, Þór", `G{\"{o}}del, {\c{C}}elik, {\L}{\'{o}}d{\'{z}}, {\r{A}}se, na{\"{i}}ve, {\TH}{\'{o}}r`, "Gödel, Çelik, Łódź, Åse, naïve, Þór"},
		{"ĭ ẽ ế x̌ ș", `{\u{\i}} {\~{e}} {\'{\^{e}}} {\v{x}} ș`, "ĭ ẽ ế x̌ ș"},
		{"東京 العربية ελληνικά", "東京 العربية ελληνικά", "東京 العربية ελληνικά"},
		{"α-decay at 3 μm, 10⁻³ ≤ H₂O", `$\alpha$-decay at 3 $\mu$m, 10$^{-3}$ $\leq$ H$_{2}$O`, `$\alpha$-decay at 3 $\mu$m, 10$^{-3}$ $\leq$ H$_{2}$O`},
		{"\ufffd", "?", "?"},
		// Formulas
		{`$O(n^2)$ and $x$`, `$O(n^2)$ and $x$`, ""},
		{`\(a\) \[b\] $$c$$`, `$a$ $b$ $c$`, ""},
		{`costs $5-$10 or $5 to $6`, `costs \$5-\$10 or \$5 to \$6`, ""},
		{`$ k $ and $ k^2 $`, `\$ k \$ and $k^2$`, ""},
		{`$\{x\}$ and $α$`, `$\lbrace x\rbrace $ and $\alpha $`, ""},
		{`$\bm{x}$ $\rm kpc$ $\mathbb R$`, `$\boldsymbol{x}$ $ \mathrm{kpc}$ $\mathbb R$`, ""},
		{`${\rm d}x_{\rm c}^2$`, `${ \mathrm{d}}x_{ \mathrm{c}}^2$`, ""},
		{`$\input{x}$`, `\$\textbackslash{}input{x}\$`, ""},
		{`$\def\x{}$ $\catcode$`, `\$\textbackslash{}def\textbackslash{}x{}\$ \$\textbackslash{}catcode\$`, ""},
		{`one $ dollar`, `one \$ dollar`, ""},
		{`$x$$`, `$x$\$`, ""},
		// Groups and commands
		{`{Braces} {\it ab initio} \emph{x}`, `{Braces} {\itshape ab initio} \emph{x}`, ""},
		{`} { \emph x {\it`, `\textbraceright{} \textbraceleft{} \textbackslash{}emph x \textbraceleft{}\textbackslash{}itshape`, ""},
		{`\LaTeX and \ldots{}`, `{\LaTeX} and ...`, `{\LaTeX} and …`},
		{`\write18{rm -rf}`, `\textbackslash{}write18{rm -rf}`, ""},
		{`\href{javascript:x}{y}`, `\textbackslash{}href{javascript:x}{y}`, ""},
		{strings.Repeat("{", 25) + "x" + strings.Repeat("}", 25), strings.Repeat(`\textbraceleft{}`, 25) + "x" + strings.Repeat(`\textbraceright{}`, 25), ""},
	} {
		if got := tex(test.in, texStyle{ascii: true}); got != test.ascii {
			t.Errorf("tex(%q) = %s, want %s", test.in, got, test.ascii)
		}
		if test.utf8 == "" {
			test.utf8 = test.ascii
		}
		if got := tex(test.in, texStyle{}); got != test.utf8 {
			t.Errorf("UTF-8 tex(%q) = %s, want %s", test.in, got, test.utf8)
		}
	}
}

func TestCaseBraces(t *testing.T) {
	for in, want := range map[string]string{
		"Attention Is All You Need":                                        "Attention Is All You Need",
		"BERT: Pre-training of Deep Bidirectional Transformers":            "{BERT}: Pre-training of Deep Bidirectional Transformers",
		"LLaMA: Open and Efficient":                                        "{LLaMA}: Open and Efficient",
		"Llama 2: Open Foundation":                                         "Llama 2: Open Foundation",
		"Fine-tuning GPT-4 on ImageNet with AI's mRNA in 3D":               "Fine-tuning {GPT}-4 on {ImageNet} with {AI's} {mRNA} in {3D}",
		"The Large N Limit, Vitamin A and I":                               "The Large {N} Limit, Vitamin A and {I}",
		"Training language models on Wikipedia about Darwin":               "Training language models on {Wikipedia} about {Darwin}",
		"Learning from data. Evidence from text: More results from Google": "Learning from data. Evidence from text: More results from {Google}",
		"Variational Bayesian Methods for Gaussian Processes":              "Variational {Bayesian} Methods for {Gaussian} Processes",
		"DeepSeek-R1 and T5: V3 of H100":                                   "{DeepSeek}-{R1} and {T5}: V3 of {H100}",
		"On Green's Functions and Green Computing on Sliding Windows":      "On {Green's} Functions and Green Computing on Sliding Windows",
		"Gaussian processes":                                               "Gaussian processes",
		"AN OLD TITLE WRITTEN ALL IN CAPITALS":                             "AN OLD TITLE WRITTEN ALL IN CAPITALS",
		"$\\Lambda$CDM and Λ":                                              `{$\Lambda $}{CDM} and {$\Lambda$}`,
		"{The RNN} stays":                                                  "{The RNN} stays",
		"Ökonomie and ÖBB":                                                 `{\"{O}}konomie and {{\"{O}}BB}`,
		"R&D":                                                              `{R}\&{D}`,
	} {
		if got := tex(in, texStyle{ascii: true, title: true}); got != want {
			t.Errorf("title %q is %s, want %s", in, got, want)
		}
	}
}

func TestReadFormula(t *testing.T) {
	for in, ok := range map[string]bool{
		`x`: true, `a^2_i`: true, `a^{b^c}`: true, `x'`: true, `x''`: true, `x'^2`: true, `\frac12`: true, `\frac{a}{b}`: true, `\sqrt[3]{x}`: true,
		`\sqrt x`: true, `\left(\frac a b\right)`: true, `\left\{x\right.`: true, `\big(x\big)`: true, `\text{if } x`: true, `\mathcal O`: true,
		`x_\alpha`: true, `x^\mathrm{T}`: true, `\hat\theta`: true, `{}_{2}F_1`: true, `a\,b\ c`: true, `10\%`: true, `x < y > z`: true, `f: X \to Y`: true,
		`\left(\rightarrow\right)`: true, `α_β`: true, `x∞`: true,
		``: true, `a^b^c`: false, `a_b_c`: false, `x^2'`: false, `x'_1^2`: false, `^`: false, `x_`: false, `x^^2`: false, `\frac{1}`: false, `\frac`: false,
		`{`: false, `}`: false, `{{x}`: false, `x%y`: false, `x&y`: false, `x#1`: false, `x$y`: false, `\left(x`: false, `\right)`: false, `\left x`: false,
		`\input x`: false, `\def\x{}`: false, `\\`: false, `\`: false, `\unknown`: false, `\text{\input x}`: false, `\text{a`: false, `\text`: false, `"`: false,
		`é`: false, `漢`: false, `\sqrt[3`: false, `\mathscr{L}`: false, `\begin{x}`: false, `\frac\rm x`: false, `x_\rm c`: false,
		strings.Repeat("{", 40) + strings.Repeat("}", 40): false,
	} {
		out, got := readFormula(in)
		if got != ok {
			t.Errorf("readFormula(%q) = %q, %t", in, out, got)
		}
		if got && !balanced(out) {
			t.Errorf("readFormula(%q) = %q", in, out)
		}
	}
}

// balanced counts braces as BibTeX does, which does not know that \{ is a sign.
func balanced(s string) bool {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// FuzzTeX: whatever the text, the braces balance, nothing special stands unescaped outside of formulas, every command is
// one of ours, and the result says the same on every call.
func FuzzTeX(f *testing.F) {
	for _, p := range nastyPapers() {
		f.Add(p.Title)
		f.Add(p.Abstract)
	}
	f.Add(`$\left(x$ \right) {$}`)
	f.Fuzz(func(t *testing.T, s string) {
		for _, style := range []texStyle{{}, {ascii: true}, {ascii: true, title: true}, {title: true}} {
			out := tex(s, style)
			if !balanced(out) || !utf8.ValidString(out) || strings.ContainsAny(out, "\n\r\x00\x1b") {
				t.Fatalf("%q: %q", s, out)
			}
			formula := false
			for i := 0; i < len(out); i++ {
				switch c := out[i]; c {
				case '\\':
					name := commandName(out[i:])
					if _, known := mathArguments[name]; name != "" && !known && !knownTextCommand(name) && name != "left" && name != "right" {
						t.Fatalf("%q: command %s in %q", s, name, out)
					}
					if name == "" && i+1 < len(out) {
						i++ // an escaped character or an accent
					}
				case '$':
					formula = !formula
				case '%', '#', '&':
					t.Fatalf("%q: bare %c in %q", s, c, out)
				case '_', '^', '~':
					if !formula && c != '~' {
						t.Fatalf("%q: bare %c in %q", s, c, out)
					}
				}
			}
			if formula {
				t.Fatalf("%q: open formula in %q", s, out)
			}
		}
	})
}

func knownTextCommand(name string) bool {
	for _, table := range []map[rune]string{texSigns, typography, latin, accents} {
		for _, command := range table {
			if strings.Trim(command, `\{}`) == name {
				return true
			}
		}
	}
	for _, declaration := range fontDeclarations {
		if declaration == name {
			return true
		}
	}
	return fontCommands[name] || name == "LaTeX" || name == "TeX" || strings.HasPrefix(name, "math") && mathArguments[strings.TrimPrefix(name, "math")] == declaration
}

func TestEscapeHostile(t *testing.T) {
	for _, s := range []string{"plain", "a\u202eb\u0085c\u009bd", "tag\U000e0041", "\x00\x1b\x7f", "ü 漢 🤗", ""} {
		encoded, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		out := escapeHostile(encoded)
		for _, r := range string(out) {
			if hostile(r) {
				t.Errorf("%q: U+%04X is left in %s", s, r, out)
			}
		}
		var back string
		if err := json.Unmarshal(out, &back); err != nil || back != s {
			t.Errorf("%q comes back as %q, %v", s, back, err)
		}
	}
}
