package seeds

import (
	"strings"
	"testing"
)

func TestBibTeX(t *testing.T) {
	testSamples(t, BibTeX, []sample{
		{"fields that name a paper", `@misc{eprint, title = {A}, eprint = {1706.03762v2}, archivePrefix = {arXiv}}
@misc{bare, eprint = "1810.04805"}
@misc{class, eprint = {0309136}, primaryClass = {math.GT}, archivePrefix={arXiv}}
@misc{archive, eprint = {9901001}, archivePrefix = {hep-th}}
@misc{old, eprint = {math.GT/0309137}, eprinttype = arxiv}
@misc{url, url = {https://arxiv.org/abs/2005.14165}}
@misc{doi, doi = {10.48550/arXiv.2301.00001}}
@article{journal, journal = {arXiv preprint arXiv:2301.00002}}
@article{dblp, journal = {CoRR}, volume = {abs/2301.00003}}
@article{venue, journal = {COLM}, volume = {abs/2301.00004}}
@misc{note, note = {arXiv:2301.00005 [cs.CL]}}
@misc{how, howpublished = {\url{https://arxiv.org/pdf/2301.00006.pdf}}}
@misc{own, arxiv = {2301.00007}}
@misc{pages, journal = {ArXiv}, pages = {2301.00008}}
`, `
1 1706.03762v2 title=A key=eprint
2 1810.04805 key=bare
3 math/0309136 written=0309136 key=class
4 hep-th/9901001 written=9901001 key=archive
5 math/0309137 written=math.GT/0309137 key=old
6 2005.14165 key=url
7 2301.00001 key=doi
8 2301.00002 key=journal
9 2301.00003 key=dblp
10 2301.00004 key=venue
11 2301.00005 key=note
12 2301.00006 key=how
13 2301.00007 key=own
14 2301.00008 key=pages`},
		{"one paper in several fields", "@article{a,\n  title = {T},\n  journal = {arXiv preprint arXiv:1706.03762},\n  eprint = {1706.03762},\n  url = {https://arxiv.org/abs/1706.03762v5},\n}\n",
			"4 1706.03762v5 title=T key=a also=2"},
		{"claims", `@article{a,
  title = "{Attention} Is All {Y}ou $\alpha$ \& Need",
  author = {Bahdanau, Dzmitry and Cho, Kyunghyun and Bengio, Yoshua},
  year = 2015,
  eprint = {1409.0473}
}
@misc{b, author = {{OpenAI}}, title = {GPT-4 {Technical} Report}, date = {2023-03-15}, eprint = {2303.08774}}
@misc{c, author = {{Barnes and Noble} and Others, A.}, title={{A}: {B}}, eprint={2301.00001}, month = mar # {~2,}, year = {to appear}}
@misc{d, author = {Erd{\H o}s, Paul
              and G\"odel, Kurt}, eprint = {2301.00002}}
`, `
5 1409.0473 title=Attention Is All You $α$ & Need author=Bahdanau, Dzmitry year=2015 key=a
7 2303.08774 title=GPT-4 Technical Report author=OpenAI year=2023 key=b
8 2301.00001 title=A: B author=Barnes and Noble key=c
10 2301.00002 author=Erdős, Paul key=d`},
		{"TeX in titles and names", `@misc{a, title = {{Search at $\sqrt{s} = 13\,\text{TeV}$ with $\tau$~leptons, 50\% of \ensuremath{\beta}}}, author={Gon{\c{c}}alves, Jo{\~a}o A. and X}, eprint={2301.00001}}
@misc{b, title = {Belle{\textasciitilde}II: $e^+e^-$\textrightarrow{}$W^+W^-$ costs \$5 and \$6}, author={Mu\~noz~M{\'e}ndez, J. and Y}, eprint={2301.00002}}
`, `
1 2301.00001 title=Search at $\sqrt{s} = 13\,\text{TeV}$ with $τ$ leptons, 50% of β author=Gonçalves, João A. key=a
2 2301.00002 title=Belle~II: $e^+e^-$\textrightarrow $W^+W^-$ costs $5 and $6 author=Muñoz Méndez, J. key=b`},
		{"authors without and", `@misc{a, author={Hoffmann et al.}, eprint={2203.15556}}
@misc{b, author={Hoffmann, J., Borgeaud, S., Mensch, A.}, eprint={2203.15556}}
@misc{c, author={Hoffmann, Jordan; Borgeaud, S.}, eprint={2203.15556}}
@misc{d, author={Ashish Vaswani, Noam Shazeer, Niki Parmar}, eprint={1706.03762}}
@misc{e, author={King, Jr., Martin Luther and X}, title={arXiv:1706.03762}, eprint={1706.03762}}
@misc{f, author={others}, eprint={1706.03762}}
`, `
1 2203.15556 author=Hoffmann key=a
2 2203.15556 author=Hoffmann, J. key=b
3 2203.15556 author=Hoffmann, Jordan key=c
4 1706.03762 author=Ashish Vaswani key=d
5 1706.03762 author=King, Jr. key=e
6 1706.03762 key=f`},
		{"strings", `@string{cl = "arXiv preprint "}
@STRING(year = {2017})
@article{a, journal = cl # {arXiv:1706.03762}, year = year, title = {One } # "Two" # { Three}}
`, "3 1706.03762 title=One Two Three year=2017 key=a"},
		{"comments", "Text with an @ and me@example.org.\n@comment{a, eprint = {1706.03762}}\n% @misc{no, title={x}}\n@preamble{\"\\newcommand{\\x}{y}\"}\n@misc{b, eprint = {1810.04805}}\n",
			"5 1810.04805 key=b"},
		{"round brackets and quotes", "@misc(a, title = \"A {\"}quoted{\"} word\", eprint = {1706.03762})\n@misc{b, title = {A \"quoted\" word}, eprint = \"1810.04805\"}\n", `
1 1706.03762 title=A "quoted" word key=a
2 1810.04805 title=A "quoted" word key=b`},
		{"a comma is missing", "@misc{a,\n  title = {T}\n  year = {2017}\n  eprint = {1706.03762}\n}\n@misc{b, eprint={1810.04805}}\n", `
4 1706.03762 title=T year=2017 key=a
6 1810.04805 key=b`},
		{"a brace is missing", "@misc{a,\n  title = {T,\n  eprint = {1706.03762}\n}\n@misc{b,\n  title = {U},\n  eprint = {1810.04805}\n}\n@misc{c, eprint = {2005.14165}\n\n@misc{d, eprint = {2301.00001}}\n", `
7 1810.04805 title=U key=b
9 2005.14165 key=c
11 2301.00001 key=d`},
		{"a brace too many", "@misc{a, title = {T}}, eprint = {1706.03762}}\n@misc{b, eprint = {1810.04805}}\n", "2 1810.04805 key=b"},
		{"links", `@article{a, title={T}, doi = {10.1038/s41586-021-03819-2}, url = {https://example.org/a\_b\%20c}, note={see https://example.org/x.}}
@misc{b, doi = {https://doi.org/10.1145/3442188}, eprint={1706.03762}}
`, `
2 1706.03762 key=b
1 link https://doi.org/10.1038/s41586-021-03819-2 title=T
1 link https://example.org/a_b%20c title=T
1 link https://example.org/x title=T
2 link https://doi.org/10.1145/3442188`},
		{"links and brackets", "@misc{a, title={T}, url={https://en.wikipedia.org/wiki/BERT_(language_model)}, note={(see https://example.org/x).}, eprint={1706.03762}}\n", `
1 1706.03762 title=T key=a
1 link https://en.wikipedia.org/wiki/BERT_(language_model) title=T
1 link https://example.org/x title=T`},
		{"other archives and numbers", `@misc{jstor, eprint = {2301.12345}, eprinttype = {jstor}}
@article{pages, journal = {Nature}, volume = {1706.03762}, pages = {2301.12345}, number = {2024.1234}}
@misc{biorxiv, eprint = {2023.09.11.556673}, archivePrefix = {bioRxiv}, url = {https://example.org/x}}
`, "3 link https://example.org/x"},
		{"malformed", "@misc{a, eprint = {2313.00001}, archivePrefix = {arXiv}}\n@misc{b, note = {arXiv:1706.00000}}\n@misc{c, eprint = {1706.03762}}\n", `
3 1706.03762 key=c
1 malformed 2313.00001: month 13 does not exist
2 malformed arXiv:1706.00000: number 0 does not exist`},
	})
}

// TestMacrosStaySmall: thirty @string lines that double each other would make a gigabyte.
func TestMacrosStaySmall(t *testing.T) {
	src := "@string{a = {arXiv } # {preprint }}\n" + strings.Repeat("@string{a = a # a}\n", 60) + "@misc{x, journal = a # {1706.03762}, title = a # a}\n"
	list, err := Read("l.bib", "", []byte(src))
	if err != nil || len(list.Citations) != 1 || len(list.Citations[0].Claim.Title) > 2*maxMacro {
		t.Fatalf("%v, %d citations", err, len(list.Citations))
	}
	if title := list.Citations[0].Claim.Title; !strings.HasPrefix(title, "arXiv preprint arXiv preprint") {
		t.Errorf("title %q", title)
	}
}
