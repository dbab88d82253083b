package arxiv

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		`  two   blanks
  wrapped `: "two blanks wrapped",
		`G\"odel and G\"{o}del and G{\"o}del`:       "Gödel and Gödel and Gödel",
		`\'Etale, \'{e}t\'e, {\'e}`:                 "Étale, été, é",
		`Erd\H{o}s, Erd\H os, \v{S}ak, {\v s}`:      "Erdős, Erdős, Šak, š",
		`\c{c} \c c fa\c{c}ade`:                     "ç ç façade",
		`na\"{\i}ve, na\"\i ve, \~n, \=a, \.z, \^o`: "naïve, naï ve, ñ, ā, ż, ô",
		`\o re, {\o}re, S{\o}ren, \L{}\'od\'z, \AA`: "øre, øre, Søren, Łódź, Å",
		`stra\ss e, \ae, \OE`:                       "straße, æ, Œ",
		`$\alpha$-decay of the \Lambda baryon`:      "$α$-decay of the Λ baryon",
		`\beta decay`:                               "β decay",
		`\cite{x} and \verb|y| and 50\% stay`:       `\cite{x} and \verb|y| and 50\% stay`,
		`$\frac{1}{2}\mathcal{N}=4$`:                `$\frac{1}{2}\mathcal{N}=4$`,
		"e\u0301 composed":                          "é composed",
		"broken \xff bytes":                         "broken \ufffd bytes",
		`\`:                                         `\`,
		`{\`:                                        `{\`,
		"":                                          "",
	} {
		if got := Text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestKey(t *testing.T) {
	for in, want := range map[string]string{
		"Attention Is All You Need":       "attention is all you need",
		"BERT: Pre-training — of  Deep…":  "bert pre training of deep",
		"{BERT} and {{OpenAI}}":           "bert and openai",
		`Erd\H{o}s`:                       "erdos",
		"Straße, Søren, Łódź, Æther, Þór": "strasse soren lodz aether thor",
		"don't and don’t":                 "dont and dont",
		"ﬁne ½ ①":                         "fine 1 2 1",
		"$\\alpha$-decay":                 "α decay",
		"İstanbul":                        "istanbul",
		"深度学习":                            "深度学习",
		"?!":                              "",
	} {
		if got := Key(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{`G\"odel`, `{\'e}`, `\c c`, `\\o`, "\\\u0301", `\"{\i}`, `\alpha\beta`, "a\u0301\u0327"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Text(s)
		if again := Text(once); again != once {
			t.Errorf("%q: %q, again %q", s, once, again)
		}
		if !utf8.ValidString(once) {
			t.Errorf("%q: %q is not valid UTF-8", s, once)
		}
		key := Key(s)
		if again := Key(key); again != key {
			t.Errorf("%q: key %q, again %q", s, key, again)
		}
	})
}

func TestTaxonomy(t *testing.T) {
	for code, want := range map[string]Category{
		"cs.CL":    {"cs.CL", "Computation and Language", "cs", ""},
		"hep-th":   {"hep-th", "High Energy Physics - Theory", "hep-th", ""},
		"math.MP":  {"math.MP", "Mathematical Physics", "math", "math-ph"},
		"cs.SY":    {"cs.SY", "Systems and Control", "cs", "eess.SY"},
		"alg-geom": {"alg-geom", "Algebraic Geometry", "alg-geom", ""},
	} {
		if got, ok := LookupCategory(code); !ok || got != want {
			t.Errorf("%s: %+v, %v", code, got, ok)
		}
	}
	for _, code := range []string{"cs.XX", "68T50", "I.2.7", ""} {
		if c, ok := LookupCategory(code); ok {
			t.Errorf("%q is %+v", code, c)
		}
	}
	active := 0
	for _, c := range Categories() {
		if c.Name == "" || c.Archive == "" {
			t.Errorf("%+v has no name or archive", c)
		}
		if c.Code != c.Archive || c.Code == "hep-th" {
			active++
		}
	}
	if active < 140 {
		t.Errorf("only %d categories", active)
	}
	for _, pair := range aliases {
		for _, code := range pair {
			if _, ok := LookupCategory(code); !ok {
				t.Errorf("alias %s is no category", code)
			}
		}
	}
}

func TestLicenseName(t *testing.T) {
	for url, want := range map[string]string{
		"http://arxiv.org/licenses/nonexclusive-distrib/1.0/": "arXiv non-exclusive",
		"https://creativecommons.org/licenses/by/4.0/":        "CC BY 4.0",
		"http://creativecommons.org/licenses/by-nc-sa/4.0/":   "CC BY-NC-SA 4.0",
		"http://creativecommons.org/publicdomain/zero/1.0/":   "CC0 1.0",
		"https://example.org/licence":                         "",
		"":                                                    "",
	} {
		if got := LicenseName(url); got != want {
			t.Errorf("%q: %q, want %q", url, got, want)
		}
	}
}

// TestASCIIKey: the short way for ASCII gives what the long one gives, which a letter from elsewhere forces.
func TestASCIIKey(t *testing.T) {
	for _, text := range []string{"", "Attention Is All You Need", "BERT: Pre-training (of) {D}eep $x_1$ -- don't", "  a  b\t", "'", "x'", "9.5%", "--a--"} {
		long, ok := strings.CutSuffix(Key(text+" é"), "e")
		if !ok || Key(text) != strings.TrimSpace(long) {
			t.Errorf("Key(%q) = %q, the long way %q", text, Key(text), long)
		}
	}
}
