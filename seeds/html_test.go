package seeds

import "testing"

func TestHTML(t *testing.T) {
	testSamples(t, HTML, []sample{
		{"items", `<!DOCTYPE html><html><head><title>arXiv:2301.00009</title></head><body>
<h2 id="x">Scaling <em>laws</em></h2>
<ul>
<li><a href="https://arxiv.org/abs/2203.15556">Training Compute-Optimal Large Language Models</a>, Hoffmann et al. (2022)
<li><b>BERT: Pre-training</b> arXiv:<code>1810.04805</code>v2
<li>Kaplan et al. (2020) <strong>Scaling Laws for Neural Language Models</strong> &mdash; arXiv&nbsp;2001.08361, R&amp;D</li>
</ul>
<p>Nothing but <a href='http://example.org/a?b=1&amp;c=2'>a &lt;link&gt;</a> and <a href=mailto:a@example.org>mail</a>.
`, `
4 2203.15556 title=Training Compute-Optimal Large Language Models author=Hoffmann year=2022 section=Scaling laws
5 1810.04805v2 title=BERT: Pre-training section=Scaling laws
6 2001.08361 title=Scaling Laws for Neural Language Models author=Kaplan year=2020 section=Scaling laws
8 link http://example.org/a?b=1&c=2 title=a <link> section=Scaling laws`},
		{"table", `<table><tr><th>Title</th><th>Link</th></tr>
<tr><td>Attention Is All You Need</td><td><p><A HREF = "https://arxiv.org/abs/1706.03762">pdf</A></p></td></tr>
<tr><td>BERT: Pre-training of Transformers<td><a href=https://arxiv.org/pdf/1810.04805>pdf</a></table>`, `
2 1706.03762 title=Attention Is All You Need
3 1810.04805 title=BERT: Pre-training of Transformers`},
		{"what no reader sees", `<p>arXiv:1706.03762</p><script>"arXiv:2301.00001"</script><style>a{} /* arXiv:2301.00002 */</style><!-- arXiv:2301.00003 --><pre>arXiv:2301.00004</pre><a title="https://arxiv.org/abs/2301.00005">x</a>`,
			"1 1706.03762"},
		{"numbers", `<p>2024.1234 or $1706.03762 &euro;1810.04805, arXiv 2023.</p><p>arXiv:2313.00001</p><p>arXiv:1706.03762`, `
1 1706.03762
1 malformed arXiv:2313.00001: month 13 does not exist`},
		{"unclosed and misnested", "<p><b><i>Attention Is All You Need</b> <a href=\"https://arxiv.org/abs/1706.03762\">x<li></p></i>arXiv:1810.04805</ul></li></div>", `
1 1706.03762 title=Attention Is All You Need
1 1810.04805`},
		{"the head of a section is not swallowed", "<h1>One</h1>arXiv:1706.03762<h1>Two", "1 1706.03762 section=One"},
	})
}
