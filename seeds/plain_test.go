package seeds

import "testing"

func TestPlain(t *testing.T) {
	testSamples(t, Plain, []sample{
		{"identifiers", "\ufeff# a comment with arXiv:2301.00009\n1706.03762\n1810.04805v2 # BERT, see 2301.00008\n- hep-th/9901001, math.GT/0309136; cond-mat/0501593v2\nhttps://arxiv.org/abs/2005.14165\narXiv: 2301.00001\r\n\n10.48550/arXiv.2301.00002\n1501.0001\n", `
2 1706.03762
3 1810.04805v2
4 hep-th/9901001
4 math/0309136 written=math.GT/0309136
4 cond-mat/0501593v2
5 2005.14165
6 2301.00001
8 2301.00002
9 1501.00001 written=1501.0001`},
		{"remarks", "1706.03762 the Transformer, 2301.00001 is not cited\nhttps://example.org/x#y and 2301.00002\n", "1 1706.03762\n2 link https://example.org/x#y"},
		{"malformed", "1706.03762\n2313.00001\narXiv:nonsense\n1706.00000\nhep-th/99010011\n3.14159\n1810.04805\n", `
1 1706.03762
7 1810.04805
2 malformed 2313.00001: month 13 does not exist
3 malformed arXiv:nonsense: not an arXiv identifier
4 malformed 1706.00000: number 0 does not exist
5 malformed hep-th/99010011: not an arXiv identifier`},
	})
}
