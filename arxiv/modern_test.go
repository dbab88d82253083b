package arxiv

import "testing"

func TestModernURL(t *testing.T) {
	for _, row := range []struct{ link, want string }{
		{"http://arxiv.org/abs/1706.03762", "https://arxiv.org/abs/1706.03762"},
		{"https://www.arxiv.org/abs/1706.03762v2", "https://arxiv.org/abs/1706.03762v2"},
		{"https://arxiv.org/pdf/1706.03762.pdf", "https://arxiv.org/pdf/1706.03762"},
		{"https://arxiv.org/pdf/1706.03762v5.pdf#page=3", "https://arxiv.org/pdf/1706.03762v5#page=3"},
		{"http://xxx.lanl.gov/abs/hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001"},
		{"http://xxx.uni-augsburg.de/abs/hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001"},
		{"http://de.arxiv.org/pdf/hep-th/9901001", "https://arxiv.org/pdf/hep-th/9901001"},
		{"http://arxiv.org/hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001"},
		{"https://arxiv.org/abs/math.GT/0309136", "https://arxiv.org/abs/math/0309136"},
		{"http://arxiv.org/html/2407.21783v3", "https://arxiv.org/html/2407.21783v3"},
		{"https://arxiv.org/abs/1706.03762", ""},
		{"https://arxiv.org/abs/1706.03762v3#x", ""},
		{"https://export.arxiv.org/abs/1706.03762", ""}, // made for programs: its owner means it
		{"https://ar5iv.org/abs/1706.03762", ""},
		{"https://huggingface.co/papers/1706.03762", ""},
		{"https://arxiv.org/list/cs.CL/recent", ""},
		{"ftp://arxiv.org/abs/1706.03762", ""},
		{"arxiv.org/abs/1706.03762", ""},
	} {
		got, changed := ModernURL(row.link)
		if changed != (row.want != "") || changed && got != row.want || !changed && got != row.link {
			t.Errorf("ModernURL(%q) = %q, %v, want %q", row.link, got, changed, row.want)
		}
		if again, changed := ModernURL(got); changed {
			t.Errorf("ModernURL(%q) is not modern: %q", got, again)
		}
	}
}
