package seeds

import (
	"strings"
	"testing"
)

func TestMarkdown(t *testing.T) {
	testSamples(t, Markdown, []sample{
		{"prose", "# Scaling\n\nHoffmann et al. (2022) **Training Compute-Optimal Large Language Models** — arxiv `2203.15556`.\n",
			"3 2203.15556 title=Training Compute-Optimal Large Language Models author=Hoffmann year=2022 section=Scaling"},
		{"given names", "- Xin Yu (2017) **BERT** — arxiv `1810.04805`\n- Tri Dao (2022) **FlashAttention** — arxiv `2205.14135`\n", `
1 1810.04805 title=BERT author=Xin Yu year=2017
2 2205.14135 title=FlashAttention author=Tri Dao year=2022`},
		{"two in a paragraph", "Brown et al. (2020) **Few-Shot Learners** — arxiv `2005.14165`. Gu and Dao (2023) *Mamba: Linear-Time Sequence Modeling* — arXiv:2312.00752v2.\n", `
1 2005.14165 title=Few-Shot Learners author=Brown year=2020
1 2312.00752v2 title=Mamba: Linear-Time Sequence Modeling author=Gu year=2023`},
		{"bullets", "## A *B* `C`\n\n- [Attention Is All You Need](https://arxiv.org/abs/1706.03762) (NeurIPS 2017)\n- [[Paper](https://arxiv.org/pdf/1810.04805v2.pdf)] [[Code](https://github.com/google-research/bert)] **BERT: Pre-training of Deep Bidirectional Transformers**\n  - nested: \"Language Models are Few-Shot Learners\", https://arxiv.org/abs/2005.14165\n", `
3 1706.03762 title=Attention Is All You Need year=2017 section=A B C
4 1810.04805v2 title=BERT: Pre-training of Deep Bidirectional Transformers section=A B C
5 2005.14165 title=Language Models are Few-Shot Learners section=A B C
4 link https://github.com/google-research/bert title=Code section=A B C`},
		{"the same paper twice", "- **Adam: A Method** arXiv:1412.6980 [[pdf]](http://arxiv.org/pdf/1412.6980v9)\n- again arXiv:1412.6980\n", `
1 1412.6980v9 title=Adam: A Method also=1
2 1412.6980`},
		{"table", "Setext head\n===\n\n| Year | Institute | Paper |\n|---|---|---|\n| 2023 | CMU et al. | [Self-Alignment from Scratch](https://arxiv.org/abs/2305.03047) |\n| 2022 | x | [Problems \\| With Models](https://arxiv.org/abs/2206.14858) |\n", `
6 2305.03047 title=Self-Alignment from Scratch year=2023 section=Setext head
7 2206.14858 title=Problems | With Models year=2022 section=Setext head`},
		{"table with a title cell", "| Title | Link |\n|---|---|\n| Solving Quantitative Reasoning Problems | https://arxiv.org/abs/2206.14858 |\n| Vaswani et al. (2017) | <https://arxiv.org/abs/1706.03762> |\n", `
3 2206.14858 title=Solving Quantitative Reasoning Problems
4 1706.03762 author=Vaswani year=2017`},
		{"reference links", "See [Attention Is All You Need][vaswani], [BERT: Pre-training][] and [other].\n\n[vaswani]: https://arxiv.org/abs/1706.03762\n[bert: pre-training]: <https://arxiv.org/abs/1810.04805> \"a title\"\n[other]: https://example.org/x\n", `
3 1706.03762 title=Attention Is All You Need
4 1810.04805 title=BERT: Pre-training
5 link https://example.org/x title=other`},
		{"autolinks", "<https://arxiv.org/abs/1706.03762> www.arxiv.org/abs/1810.04805 https://arxiv.org/abs/2005.14165, https://example.org/a_(b)\n", `
1 1706.03762
1 1810.04805
1 2005.14165
1 link https://example.org/a_(b) title=https://example.org/a_(b)`},
		{"badges", "[![arXiv](https://img.shields.io/badge/arXiv-2301.00001-b31b1b.svg)](https://arxiv.org/abs/2301.00001)\n\n![arXiv](https://img.shields.io/badge/arXiv-2301.00002v2-red)\n\n![picture](https://example.org/p.png)\n", `
1 2301.00001 also=1
3 2301.00002v2`},
		{"a table of claims", "| Title | Authors | Year | |\n|---|---|---|---|\n| Attention Is All You Need | Ashish Vaswani, Noam Shazeer | 2017 | [arXiv](https://arxiv.org/abs/1706.03762) |\n| **BERT** | Devlin *et al.* | 2018-10 | 1810.04805 and arXiv:2005.14165 |\n\n| Paper | Who | |\n|---|---|---|\n| [pdf](https://arxiv.org/abs/2001.08361) | Jared Kaplan, Sam McCandlish, Tom Henighan | CVPR |\n", `
3 1706.03762 title=Attention Is All You Need author=Ashish Vaswani year=2017
4 2005.14165 title=BERT author=Devlin year=2018
8 2001.08361`},
		{"a year behind et al.", "- [Attention Is All You Need](https://arxiv.org/abs/1706.03762), Vaswani et al. 2017\n- **BERT: Pre-training** by Devlin *et al.*, 2018. arXiv:1810.04805\n- Brown et al. arXiv 2005.14165 **Few-Shot Learners**\n- **Scaling Laws**, Kaplan et al. (2020), Henighan et al. 2021: arXiv:2001.08361\n", `
1 1706.03762 title=Attention Is All You Need author=Vaswani year=2017
2 1810.04805 title=BERT: Pre-training author=Devlin year=2018
3 2005.14165 title=Few-Shot Learners author=Brown
4 2001.08361 title=Scaling Laws author=Kaplan year=2020`},
		{"HTML inside", "Tim has shown that <a href=\"https://arxiv.org/abs/2305.19268\">outliers are needed</a>.\n\n<table>\n<tr><td>BERT: Pre-training of Transformers</td><td><a href='https://arxiv.org/abs/1810.04805'>paper</a></td></tr>\n</table>\n\n## <a name=\"x\"></a>Next\n\n<details><summary>more</summary>\n\n- arXiv:1706.03762\n\n</details>\n", `
1 2305.19268
4 1810.04805 title=BERT: Pre-training of Transformers
11 1706.03762 section=Next`},
		{"comments", "<!-- arXiv:1706.03762 is not cited -->\n\narXiv:1810.04805 <!-- nor is https://arxiv.org/abs/2005.14165 -->\n",
			"3 1810.04805"},
		{"styled words between", "- **arXiv**: 1706.03762\n- **arXiv:** `1810.04805v2` *x*\n", "1 1706.03762\n2 1810.04805v2"},
		{"a fence of identifiers", "```\n# new\n1706.03762\n1810.04805v2, a remark on 2005.14165\nhep-th/9901001\n```\n", `
3 1706.03762
4 1810.04805v2
5 hep-th/9901001`},
		{"a fence of code", "```python\nx = 1706.03762  # https://arxiv.org/abs/1810.04805\n```\n\n    arXiv:2005.14165\n\n- arXiv:2301.00001\n",
			"7 2301.00001"},
		{"a fence of BibTeX", "# Cite\n\n```bibtex\n@misc{bert, title={BERT: {P}re-training}, author={Devlin, Jacob and others}, year={2018}, eprint={1810.04805}, archivePrefix={arXiv}}\n```\n",
			"4 1810.04805 title=BERT: Pre-training author=Devlin, Jacob year=2018 section=Cite key=bert"},
		{"front matter", "---\ntitle: arXiv:1706.03762\n---\narXiv:1810.04805\n", "4 1810.04805"},
		{"byte order mark", "\ufeff# A\narXiv:1810.04805\n", "2 1810.04805 section=A"},
		{"carriage returns", "# A\r\n\r\n- arXiv:1810.04805\r\n- arXiv:1706.03762\r\n", "3 1810.04805 section=A\n4 1706.03762 section=A"},
		{"entities and escapes", "- **R&amp;D \\*today\\* &mdash; x_y** &ndash; arXiv:1810.04805 and [A &quot;B&quot; C\\_D](https://example.org/?a=1&amp;b=\\_c)\n", `
1 1810.04805 title=R&D *today* — x_y
1 link https://example.org/?a=1&b=_c title=A "B" C_D`},
		{"letters whose lower case is longer or shorter", strings.Repeat("İ\u212a", 40) + " arxiv 1706.03762\n", "1 1706.03762"},

		// What only looks like an identifier.
		{"numbers", "In 2024.1234 we paid $1706.03762, or 1706.03762 EUR, on 2026.11.24 with v2301.12345 of 1810.04805-beta.\n\nSee arXiv:1412.6980.\n", "3 1412.6980"},
		{"arXiv and a year", "arXiv 2023, arXiv 2017. arXiv, 2020. arXiv:2005.14165\n", "1 2005.14165"},
		{"foreign links", "[1706.03762](https://example.org/1706.03762) https://example.org/abs/1810.04805 https://example.org/2005.14165/arxiv\n", `
1 link https://example.org/1706.03762 title=1706.03762
1 link https://example.org/abs/1810.04805 title=https://example.org/abs/1810.04805
1 link https://example.org/2005.14165/arxiv title=https://example.org/2005.14165/arxiv`},
		{"hints", "arXiv ids: 1706.03762, 1810.04805 and 2005.14165; far away from it stands 2301.00001 as a number\n\n- 2301.00002\n- `2301.00003`\n", `
1 1706.03762
1 1810.04805
1 2005.14165
3 2301.00002
4 2301.00003`},
		{"malformed", "# A\n\n- arXiv:2313.00001\n- arXiv:1706.03762\n- [x](https://arxiv.org/abs/1911.02972v)\n- [[Paper]([https://arxiv.org/abs/2304.04487](https://arxiv.org/pdf/2406.18200))]\n", `
4 1706.03762 section=A
3 malformed arXiv:2313.00001: month 13 does not exist section=A
5 malformed https://arxiv.org/abs/1911.02972v: the link names no paper on arXiv section=A
6 malformed [https://arxiv.org/abs/2304.04487](https://arxiv.org/pdf/2406.18200): the link names no paper on arXiv section=A`},
		{"no blank behind a URL", "见https://arxiv.org/abs/1706.03762，又见 https://example.org/x。这里 https://arxiv.org/abs/2301.00001，和“https://arxiv.org/pdf/1810.04805v2.pdf”。\n", `
1 1706.03762
1 2301.00001
1 1810.04805v2
1 link https://example.org/x title=https://example.org/x`},
		{"no links to ask", "[a](#top) [b](./c.md) [d](mailto:a@example.org) <a@example.org> [e](ftp://example.org/x) arXiv:1706.03762\n", "1 1706.03762"},
	})
}

// TestMarkdownClaims: what is claimed of a paper, and what only stands beside it.
func TestMarkdownClaims(t *testing.T) {
	const link = "https://arxiv.org/abs/1706.03762"
	for _, row := range []struct{ text, title, author string }{
		{"[Attention Is All You Need](" + link + ")", "Attention Is All You Need", ""},
		{"[**Attention** Is All You Need](" + link + ")", "Attention Is All You Need", ""},
		{"**\"Attention Is All You Need\"**. *Ashish Vaswani et al*. NIPS 2017. [[Paper](" + link + ")]", "Attention Is All You Need", "Ashish Vaswani"},
		{"**Attention Is All You Need**. Ashish Vaswani et al. [[Paper](" + link + ")]", "Attention Is All You Need", "Ashish Vaswani"},
		{"Vaswani, Ashish, et al. \"Attention Is All You Need.\" [[pdf]](" + link + ") **(Transformer)**", "Attention Is All You Need", "Vaswani, Ashish"},
		{"Vaswani, Ashish, Shazeer, Noam, et al. “Attention Is All You Need”, [pdf](" + link + ")", "Attention Is All You Need", "Vaswani, Ashish"},
		{"Attention Is All You Need. Vaswani et al. " + link, "", "Vaswani"},
		{"Plan with Large Language Models. Lei Wang et al. " + link, "Plan with Large Language Models", "Lei Wang"},
		{"**Transformer** Vaswani et al. " + link, "Transformer", "Vaswani"},
		{"A. N. Gomez, Jr., et al. " + link, "", "A. N. Gomez, Jr."},
		{"Aaron van den Oord et al. " + link, "", "Aaron van den Oord"},
		{"Xin Yu (2017) **BERT** — " + link, "BERT", "Xin Yu"},
		{"**Xin Yu** (2017) **BERT** — " + link, "BERT", "Xin Yu"},
		{"**Deep Learning** (2017) " + link, "Deep Learning", ""},
		{"2. Aaron van den Oord (2017) **WaveNet** — " + link, "WaveNet", "Aaron van den Oord"},
		{"Li (2020) **Linear Attention** " + link, "Linear Attention", "Li"},
		{"Adam (2014) **Adam: A Method** " + link, "Adam: A Method", ""},
		{"**BERT** Devlin (2018), " + link, "BERT", "Devlin"},
		{"**BERT**, Jacob Devlin et al. " + link, "BERT", "Jacob Devlin"},
		{"**FlashAttention** by Tri Dao (2022), " + link, "FlashAttention", "Tri Dao"},
		{"**FlashAttention** as known from Stanford (2022), " + link, "FlashAttention", ""},
		{"**FlashAttention**, NeurIPS Spotlight (2022), Tri Dao et al. " + link, "FlashAttention", "Tri Dao"},
		{"Tri Dao (2022) **FlashAttention**, more than Vaswani et al., " + link, "FlashAttention", "Tri Dao"},
		{"Yann LeCun, Yoshua Bengio and Geoffrey Hinton (2015) **Deep Learning** " + link, "Deep Learning", "Yann LeCun"},
		{"J. Goodman, J. Weare, et al. **Samplers** " + link, "Samplers", "J. Goodman"},
		{"Goodman, J., Weare, J., et al. " + link, "", "Goodman, J."},
		{"Scaling Laws, Jared Kaplan et al. " + link, "", ""},
		{"In Kaplan et al. (2020), " + link, "", "Kaplan"},
		{"[Vaswani et al., 2017](" + link + ")", "", "Vaswani"},
		{"[Shazeer (2020)](" + link + ")", "", ""},
		{"[Chinchilla](" + link + ") (2022)", "Chinchilla", ""},
		{"Chinchilla (2022) " + link, "", ""}, // or is it "Shazeer (2020)"?
		{"Attention Is All You Need (2017) " + link, "Attention Is All You Need", ""},
		{"[[1706.03762] Attention Is All You Need](" + link + ")", "Attention Is All You Need", ""}, // the head of arXiv's page
		{"[Attention Is All You Need (Vaswani et al., 2017) [pdf]](" + link + ")", "Attention Is All You Need", "Vaswani"},
		{"[Attention Is All You Need (NeurIPS 2017)](" + link + ")", "Attention Is All You Need", ""},
		{"[Attention Is All You Need (2017)](" + link + ")", "Attention Is All You Need", ""},
		{"[NeurIPS 2017](" + link + ")", "", ""},
		{"**CVPR'23 Oral** Attention Is All You Need [pdf](" + link + ")", "Attention Is All You Need", ""},
		{"[Full text](" + link + ") [click here](https://example.org)", "", ""},
		{"gDDIM et al. " + link, "", ""},
		{"**BERT** NeurIPS (2017), " + link, "BERT", ""},
		{"[Attention Is All You Need](" + link + ") by Vaswani et al.", "Attention Is All You Need", "Vaswani"},
		{"they can [alleviate outliers](" + link + ") by adding tokens, known from earlier literature (Burtsev et al).", "", ""},
		{"we [build on it](" + link + "), and [gDDIM for all](https://example.org)", "", ""},
		{"we use [gDDIM for all](" + link + ")", "gDDIM for all", ""},
		{"This [recent paper](" + link + ") and [another Microsoft paper](" + link + "v2)", "", ""},
		{"**alphaXiv**: https://www.alphaxiv.org/abs/1706.03762", "", ""},
		{"[Paper](" + link + ") [Code](https://example.org)", "", ""},
		{"[Attention Is All You Need](https://example.org/project) [arXiv](" + link + ")", "Attention Is All You Need", ""},
		{"Attention Is All You Need. *Ashish Vaswani, Noam Shazeer and Niki Parmar*. " + link, "Attention Is All You Need", "Ashish Vaswani"},
		{"Attention Is All You Need. *A. Vaswani*. " + link, "", ""},
		{"**Diffusion Autoencoders and Image Manipulation** *Ashish Vaswani, Noam M. Shazeer* " + link, "Diffusion Autoencoders and Image Manipulation", "Ashish Vaswani"},
		{link + " *Attention Is All You Need* (2017)", "Attention Is All You Need", ""},
		{"See " + link + " and *Another Work Entirely* by Roe (2019).", "", ""},
		{"[pdf](" + link + "), compare *Another Work Entirely* by Roe et al.", "", ""},
		{"[here](" + link + "), see Goodfellow et al. (2016) for background", "", ""},
		{"[1706.03762](" + link + ")", "", ""},
		{"[" + link + "](" + link + ")", "", ""},
	} {
		list, err := Read("l", Markdown, []byte("- "+row.text+"\n"))
		if err != nil || len(list.Citations) != 1 {
			t.Errorf("%s: %v, %d citations", row.text, err, len(list.Citations))
			continue
		}
		if c := list.Citations[0].Claim; c.Title != row.title || c.FirstAuthor != row.author {
			t.Errorf("%s\n got title %q author %q\nwant title %q author %q", row.text, c.Title, c.FirstAuthor, row.title, row.author)
		}
		checkList(t, []byte("- "+row.text+"\n"), list)
	}
}
