package seeds

import "testing"

func TestLaTeX(t *testing.T) {
	testSamples(t, LaTeX, []sample{
		{"bibitems", `\section{Intro \emph{x}}
See arXiv:2301.00009 and \href{https://arxiv.org/abs/2301.00008}{this}. % arXiv:2301.00007

\section*{References}
\begin{thebibliography}{9}
\bibitem{vaswani}
A.~Vaswani, N.~Shazeer, {\em Attention is all you need}, arXiv:1706.03762v5 (2017).
\bibitem[Devlin et~al.(2018)]{bert}
Devlin, J., et al. 2018, \arxiv{1810.04805} [cs.CL] % arXiv:2301.00006
\bibitem[{Brown et~al.(2020)}]%
 {gpt3}
Tom Brown and others.
\newblock Language models are few-shot learners.
\newblock \emph{CoRR}, abs/2005.14165, 2020.
\bibitem{G} P.~Erd\H{o}s, ` + "``A Theorem of Some Length,''" + ` \eprint{math.CO/0309136}, \url{https://example.org/a\_b}
\end{thebibliography}
After it: arXiv:2301.00005.
`, `
2 2301.00009 section=Intro x
2 2301.00008 section=Intro x
7 1706.03762v5 title=Attention is all you need author=A. Vaswani year=2017 section=References key=vaswani
9 1810.04805 author=Devlin, J. year=2018 section=References key=bert
14 2005.14165 title=Language models are few-shot learners author=Tom Brown year=2020 section=References key=gpt3
15 math/0309136 written=math.CO/0309136 title=A Theorem of Some Length author=P. Erdős section=References key=G
17 2301.00005 section=References
15 link https://example.org/a_b title=A Theorem of Some Length section=References`},
		{"titles and authors", `\bibitem{a} Attention Is All You Need, arXiv:1706.03762 (2017)
\bibitem{b} Ashish Vaswani, Noam Shazeer.
\newblock Attention is all you need.
\newblock In \emph{Advances in Neural Information Processing Systems}, 2017. arXiv:1706.03762
\bibitem{c} Goodman, J., and Weare, J. 2010, Comm. App. Math., 5, 65, arXiv:2001.08361
\bibitem{d} Scaling Laws for Neural Models. J. Kaplan. arXiv:2001.08361
\bibitem{e} Tom Brown and others, arXiv:2005.14165
`, `
1 1706.03762 year=2017 key=a
4 1706.03762 title=Attention is all you need author=Ashish Vaswani year=2017 key=b
5 2001.08361 author=Goodman, J. year=2010 key=c
6 2001.08361 key=d
7 2005.14165 author=Tom Brown key=e`},
		{"titles in braces, and et al. in italics", `\bibitem{a} J. Devlin, \emph{{BERT}: Pre-training of {D}eep Transformers}, arXiv:1810.04805
\bibitem{b} A. Vaswani \textit{et al.}, \textit{{A}ttention Is All You Need}, arXiv:1706.03762
\bibitem{c} {\it et al.}, ` + "``Language Models are Few-Shot Learners,''" + ` arXiv:2005.14165
`, `
1 1810.04805 title=BERT: Pre-training of Deep Transformers author=J. Devlin key=a
2 1706.03762 title=Attention Is All You Need author=A. Vaswani key=b
3 2005.14165 title=Language Models are Few-Shot Learners key=c`},
		{"biber", `\entry{vaswani}{misc}{}
  \field{title}{Attention Is {All} You Need}
  \field{year}{2017}
  \field{eprinttype}{arxiv}
  \verb{eprint}
  \verb 1706.03762
  \endverb
\endentry
`, "6 1706.03762 title=Attention Is All You Need year=2017 key=vaswani"},
		{"numbers", "A year \\cite{a} 2024.1234, \\$1706.03762, 50\\% of 1810.04805.\n\nOn arXiv at 2301.00001, and arXiv:2313.00001.\n", `
3 2301.00001
3 malformed arXiv:2313.00001: month 13 does not exist`},
		{"definitions of commands", `\newcommand{\arxiv}[1]{\href{http://arxiv.org/abs/#1}{arXiv:#1}}
The code is at \url{http://example.org/\projectname}, its page at \url{https://example.org/~a\#top}: arXiv:1706.03762.
`, `
2 1706.03762
2 link https://example.org/~a#top`},
		{"a percent sign in a URL", "\\bibitem{a} \\url{https://example.org/a%20b} arXiv:1706.03762 100\\% % https://example.org/no\n", `
1 1706.03762 key=a
1 link https://example.org/a%20b`},
	})
}
