package arxiv

import (
	"fmt"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"see arXiv:1706.03762v5 [cs.CL]", "arXiv:1706.03762v5=1706.03762v5"},
		{"arXiv preprint arXiv:1412.6980 (2014)", "arXiv preprint arXiv:1412.6980=1412.6980"},
		{"arXiv e-print 1706.03762, 2017", "arXiv e-print 1706.03762=1706.03762"},
		{"ARXIV: hep-th/9901001", "ARXIV: hep-th/9901001=hep-th/9901001"},
		{"(arXiv:math.GT/0309136)", "arXiv:math.GT/0309136=math/0309136"},
		{"hep-th/9901001, cond-mat/0501593v2.", "hep-th/9901001=hep-th/9901001 cond-mat/0501593v2=cond-mat/0501593v2"},
		{"[paper](https://arxiv.org/pdf/2301.12345v2.pdf).", "https://arxiv.org/pdf/2301.12345v2.pdf=2301.12345v2"},
		{"https://en.wikipedia.org/wiki/A_(b) https://arxiv.org/abs/1706.03762,", "https://arxiv.org/abs/1706.03762=1706.03762"},
		{"www.arxiv.org/abs/1706.03762", "www.arxiv.org/abs/1706.03762=1706.03762"},
		{"doi:10.48550/ARXIV.1706.03762; more", "doi:10.48550/ARXIV.1706.03762=1706.03762"},
		{"ids 1706.03762 and 1810.04805", "1706.03762=1706.03762 1810.04805=1810.04805"},
		{"CoRR, abs/1510.00149 2 (2015); CoRR abs/cs/0205028", "CoRR, abs/1510.00149=1510.00149 CoRR abs/cs/0205028=cs/0205028"},
		{"见https://arxiv.org/abs/1706.03762，又见（arXiv:1810.04805）。", "https://arxiv.org/abs/1706.03762=1706.03762 arXiv:1810.04805=1810.04805"},
		{"[https://arxiv.org/abs/1706.03762](https://arxiv.org/abs/1706.03762)", "https://arxiv.org/abs/1706.03762=1706.03762"},
		{"10.48550/arXiv.1706.03762。", "10.48550/arXiv.1706.03762=1706.03762"},
		{"3dvar.com/2301.12345", ""},
		{"https://arxiv.org/abs/1706.03762?" + strings.Repeat("x", 3000), ""},
		{"arXiv:2313.00001 is wrong", "arXiv:2313.00001=month 13 does not exist"},
		{"arXiv:9999.1 is wrong", "arXiv:9999.1=not an arXiv identifier"},

		// No identifiers.
		{"arXiv 2023, in arXiv 2017.", ""},
		{"arXiv 2023.12, ArXiv, 2024.5 (arXiv:2023.10)", ""},
		{"pi is 3.14159, 2024.1234 and 1.5e-1706.03762x", ""},
		{"$1706.03762 or 1706.03762% or v1706.03762", ""},
		{"11706.03762 1706.037621 1706.03762.5 0.1706.03762", ""},
		{"https://example.org/2301.12345/ and https://doi.org/10.1000/2301.12345", ""},
		{"example.com/2301.12345 but notarxiv.org/abs/2301.12345", ""},
		{"10.1103/PhysRevD.1706.03762", ""},
		{"either/1234567 path/to/9901001", ""},
		{"version 2301.99999-beta3 of 2026-11-24", "2301.99999=2301.99999"},
		{"", ""},
	} {
		var got []string
		for _, m := range Find(test.text) {
			what := m.ID.Versioned(m.Version)
			if m.Err != nil {
				what = m.Err.Error()
			}
			got = append(got, test.text[m.Start:m.End]+"="+what)
		}
		if text := strings.Join(got, " "); text != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.text, text, test.want)
		}
	}
}

func TestFindKinds(t *testing.T) {
	for text, want := range map[string]MentionKind{
		"https://arxiv.org/abs/1706.03762": MentionURL, "10.48550/arXiv.1706.03762": MentionDOI, "arXiv:1706.03762": MentionPrefixed,
		"hep-th/9901001": MentionOldStyle, "1706.03762": MentionBare,
	} {
		if found := Find(text); len(found) != 1 || found[0].Kind != want {
			t.Errorf("%q: %+v, want kind %d", text, found, want)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("see arXiv:1706.03762v5, hep-th/9901001 and https://arxiv.org/abs/1706.03762.")
	f.Add("10.48550/arXiv.2301.00001 2301.00001")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, m := range Find(text) {
			if m.Start < last || m.End <= m.Start || m.End > len(text) {
				t.Fatalf("%q: mention %d..%d after %d", text, m.Start, m.End, last)
			}
			last = m.End
			if (m.Err == nil) == (m.ID == "") {
				t.Errorf("%q: %+v", text, m)
			}
		}
	})
}

// BenchmarkFind reads a text that is full of what looks like identifiers; its cost a byte must not grow with the length.
func BenchmarkFind(b *testing.B) {
	for _, size := range []int{1 << 16, 1 << 20} {
		text := strings.Repeat("Smith et al. (2023) **A title**, arXiv:2301.12345v2, https://example.org/2301.12345, 3.14159. ", size/100)
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if len(Find(text)) != size/100 {
					b.Fatal("not every identifier was found")
				}
			}
		})
	}
}
