package seeds

import "testing"

func TestTable(t *testing.T) {
	testSamples(t, CSV, []sample{
		{"comma", "Title,Authors,Year,arXiv ID\nAttention Is All You Need,\"Vaswani, Ashish; Shazeer, Noam\",2017,1706.03762v5\n\"BERT, \"\"the\"\" model\",Devlin and Chang,2018-10-11,arXiv:1810.04805\n", `
2 1706.03762v5 title=Attention Is All You Need author=Vaswani, Ashish year=2017
3 1810.04805 title=BERT, "the" model author=Devlin year=2018`},
		{"authors", "title,authors,arxiv\nA B,Hoffmann et al.,2203.15556\nA B,Vaswani & Shazeer,1706.03762\nA B,\"Ashish Vaswani, Noam Shazeer\",1706.03762\nA B,\"['Ashish Vaswani', 'Noam Shazeer']\",1706.03762\nA B,N/A,1706.03762\nA B,Xin  Yu and others,1810.04805\n", `
2 2203.15556 title=A B author=Hoffmann
3 1706.03762 title=A B author=Vaswani
4 1706.03762 title=A B author=Ashish Vaswani
5 1706.03762 title=A B author=Ashish Vaswani
6 1706.03762 title=A B
7 1810.04805 title=A B author=Xin Yu`},
		{"tabs and carriage returns", "\ufefftitle\turl\r\nAttention Is All You Need\thttps://arxiv.org/abs/1706.03762\r\nx\thttps://example.org/p\r\n", `
2 1706.03762 title=Attention Is All You Need
3 link https://example.org/p`},
		{"semicolons and cells of several lines", "id;title;note\n1;\"Attention\nIs All You Need\";\"see https://arxiv.org/abs/1706.03762\n\"\"and\"\" arXiv:1810.04805\"\n2;B C;1706.03762\n", `
3 1706.03762
4 1810.04805`},
		{"links and brackets", "title,url\nA B,https://en.wikipedia.org/wiki/BERT_(language_model)\nA C,\"(https://example.org/x), https://arxiv.org/abs/1706.03762\"\nA D,[https://example.org/y](https://example.org/y)\n", `
3 1706.03762 title=A C
2 link https://en.wikipedia.org/wiki/BERT_(language_model) title=A B
3 link https://example.org/x title=A C
4 link https://example.org/y title=A D`},
		{"remarks in front", "# a list of\n# papers\n#,title,arxiv\n1,A B,1706.03762\n", "4 1706.03762 title=A B"},
		{"one row, one claim", "name,url,analysis\nThe Pile,https://arxiv.org/abs/2101.00027,see https://arxiv.org/abs/2201.07311\nGopher,,https://arxiv.org/abs/2104.08758\n", `
2 2101.00027 title=The Pile
2 2201.07311
3 2104.08758 title=Gopher`},
		{"without a head", "1706.03762,Attention Is All You Need\nhep-th/9901001,x\n", "1 1706.03762\n2 hep-th/9901001"},
		{"numbers", "title,score,version,price,date\nA B,1706.03762,2301.12345,$1810.04805,2024.1234\nA C,\"about 1706.03762\",arXiv:2301.00001,,\n", `
3 2301.00001 title=A C`},
		{"malformed", "title,arxiv\nA B,2313.00001\nA C,n/a\nA D,1706.03762\n", `
4 1706.03762 title=A D
2 malformed 2313.00001: month 13 does not exist`},
		{"an open quote", "title,arxiv\n\"A B,1706.03762\nA C,1810.04805 on arXiv\n", "2 1706.03762\n3 1810.04805"},
		{"JSON Lines", `{"title": "Attention Is All You Need", "authors": ["Ashish Vaswani", "Noam Shazeer"], "year": 2017, "arxiv_id": "1706.03762"}
{"title": "BERT", "url": "https:\/\/arxiv.org\/abs\/1810.04805v2", "score": 2301.12345, "authors": [{"name": "Jacob Devlin", "id": 1}, {"name": "Ming-Wei Chang"}]}
{"title": "Cut off", "arxiv": "2301.00001", "x": "
{"title": "G\u00f6del \"x\" \ud835\udd38", "arxiv": 2005.14165, "site": "https:\/\/example.org\/"}
`, `
1 1706.03762 title=Attention Is All You Need author=Ashish Vaswani year=2017
2 1810.04805v2 title=BERT author=Jacob Devlin
3 2301.00001 title=Cut off
4 2005.14165 title=Gödel "x" 𝔸
4 link https://example.org/ title=Gödel "x" 𝔸`},
		{"JSON", `{"title": "Reading list", "papers": [
  {"title": "Attention Is All You Need", "externalIds": {"ArXiv": "1706.03762"}, "author": [{"family": "Vaswani", "given": "Ashish"}, {"family": "Shazeer"}],
   "references": [{"title": "Adam: A Method", "arxiv": "1412.6980"}]},
  {"title": "BERT", "arxiv": "1810.04805"}
]}
`, `
2 1706.03762 title=Attention Is All You Need author=Vaswani
3 1412.6980 title=Adam: A Method
4 1810.04805 title=BERT`},
		{"a JSON array of identifiers", `["1706.03762", "hep-th/9901001", 3.14159, "x"]`, "1 1706.03762\n1 hep-th/9901001"},
	})
}
