package seeds

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

var formats = []Format{Markdown, BibTeX, HTML, LaTeX, CSV, Plain}

// fuzzSeeds are small lists with something of everything.
var fuzzSeeds = []string{
	"# A\n\n- Hoffmann et al. (2022) **Title &amp; x** — arxiv `2203.15556` [a](https://arxiv.org/abs/1706.03762v2)\n",
	"| Title | b |\n|---|---|\n| [x][r] | <https://arxiv.org/abs/1706.03762> |\n\n[r]: https://arxiv.org/abs/1810.04805\n",
	"```\n1706.03762\n```\n\n<table><tr><td><a href='https://arxiv.org/abs/1810.04805'>paper</a></td></tr></table>\n",
	"```bib\n@misc{a, eprint={1706.03762}}\n```\n> - ![x](https://img.shields.io/badge/arXiv-2301.00002v2-red) <!-- syncer-ignore x -->\n",
	"@string{a = \"x\" # {y}}\n@article(k, title = a # {{T} \\\"o}, author={A and B}, journal={CoRR}, volume={abs/1706.03762}, year=2017)\n",
	"\\section{x}\n\\bibitem[a]{b} A.~B, {\\em T}, \\emph{CoRR}, abs/1706.03762, \\arxiv{1810.04805} \\url{https://example.org} (2017) % c\n",
	"\\entry{a}{b}{}\n\\field{title}{x}\n\\verb{eprint}\n\\verb 1706.03762\n\\endverb\\endentry",
	"title,authors,year,url\n\"A \"\"b\"\" arXiv:1706.03762\",C; D,2017,https://arxiv.org/abs/1810.04805\n",
	"{\"title\": \"a\\u00e9\\ud835\\udd38\", \"arxiv\": \"1706.03762\", \"authors\": [{\"name\": \"x\"}], \"url\": \"https:\\/\\/arxiv.org\\/abs\\/1810.04805\"}\n[{\"a\": 1706.03762}]",
	"\ufeff1706.03762 # x\n- hep-th/9901001, arXiv:2313.00001\nhttps://example.org/x\n",
}

// FuzzRead: no text makes a reader fail, or name a place where what it says does not stand.
func FuzzRead(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		src := []byte(text)
		for _, format := range append(formats, "") {
			list, err := Read("list", format, src)
			if err != nil && len(list.Citations)+len(list.Links)+len(list.Malformed) > 0 {
				t.Fatalf("%s: %v beside findings", format, err)
			}
			checkList(t, src, list)
		}
		if same, err := Apply(src, nil); err != nil || !bytes.Equal(same, src) {
			t.Fatalf("no edits make %q, %v", same, err)
		}
	})
}

func fuzzFormat(f *testing.F, format Format) {
	for _, seed := range fuzzSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if list, err := Read("list", format, []byte(text)); err == nil {
			checkList(t, []byte(text), list)
		}
	})
}

func FuzzTable(f *testing.F) { fuzzFormat(f, CSV) }
func FuzzLaTeX(f *testing.F) { fuzzFormat(f, LaTeX) }

// FuzzBibTeX: besides, entries, fields and pieces lie in each other and one behind the other, and a field that is put into
// an entry is read back.
func FuzzBibTeX(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		src := []byte(text)
		if list, err := Read("list", BibTeX, src); err == nil {
			checkList(t, src, list)
		}
		at := 0
		within := func(what string, s Span, end int) {
			if s.Start < at || s.End < s.Start || s.End > end {
				t.Fatalf("%s at %v, behind %d and before %d", what, s, at, end)
			}
			at = s.Start
		}
		for _, e := range parseBib(src).entries {
			within("entry", e.span, len(text))
			if e.key != text[e.keySpan.Start:e.keySpan.End] {
				t.Fatalf("key %q at %v", e.key, e.keySpan)
			}
			for _, field := range e.fields {
				within("field "+field.name, field.nameSpan, e.span.End)
				if !strings.EqualFold(field.name, text[field.nameSpan.Start:field.nameSpan.End]) && utf8.ValidString(text) {
					t.Fatalf("field %q at %v", field.name, field.nameSpan)
				}
				for _, piece := range field.pieces {
					within("value of "+field.name, piece.span, e.span.End)
					at = piece.span.End
				}
			}
			at = e.span.End
		}
		for i, e := range BibEntries(src) {
			edit, ok := e.Insert([][2]string{{"x-new", "1706.03762"}})
			if !ok {
				continue
			}
			edited, err := Apply(src, []Edit{edit})
			if err != nil {
				t.Fatal(err)
			}
			if again := BibEntries(edited); i >= len(again) || again[i].Key != e.Key || again[i].Text("x-new") != "1706.03762" && e.Text("x-new") == "" {
				t.Fatalf("entry %d of %q: %q does not read back", i, text, edited)
			}
			break
		}
	})
}

// TestHostile reads what makes parsers slow or deep, in every format. It has no clock of its own: where the time grows with
// the square of the size, the test runs into the time limit of go test.
func TestHostile(t *testing.T) {
	read := func(piece string, size int) {
		src := []byte(strings.Repeat(piece, size/len(piece)))
		for _, format := range formats {
			list, _ := Read("list", format, src)
			if len(list.Citations) > len(src)/8 {
				t.Errorf("%q as %s: %d citations", piece, format, len(list.Citations))
			}
		}
	}
	for _, nest := range []string{"[", "<", "@a{", "{", "\"", "|", "*", "> > >", "![", "\\bibitem{"} { // never closed
		read(nest, 1<<20)
	}
	for _, piece := range []string{
		"1. ", "- ", "*a_ ", "[a](", "[a]: b\n", "a|b\n", "`` ` ", "<a href=x>", "<b>", "{\"a\":", "[{", "\n> ", "\\emph{", "\\bibitem[[", "@a{x,title=", " \n@",
		"arXiv:1706.03762 ", "1706.03762.", "arXiv:1706.03762 1810.04805 ", "https://arxiv.org/abs/1706.03762,", "[x](https://arxiv.org/abs/1706.03762) ", // one paper for ever
		"A and B ", "A, ", "(2020 ", "\\newblock ", "syncer-ignore ", "@string{a=a#a}\n", "\\\"", "&amp;",
	} {
		read(piece, 1<<16)
	}
}
