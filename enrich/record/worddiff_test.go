package record

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

func TestWordDiff(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"", "", ""},
		{" \n ", "\t", ""},
		{"a b", " a\n  b ", "=a b"},
		{"", "a b", "+a b"},
		{"a b", "", "-a b"},
		{"a b c", "a x c", "=a -b +x =c"},
		{"a b c d e", "a c d x e", "=a -b =c d +x =e"},
		{"a b", "c d", "-a b +c d"},
		{"the cat the dog", "the dog", "=the -cat the =dog"},
		{"x a y", "a", "-x =a -y"},
		{"a", "x a y", "+x =a +y"},
		{"one\u00a0two", "one two", "=one two"},
		{"\xff a", "\xff b", "=\xff -a +b"},
	} {
		if got := diffText(WordDiff(test.old, test.new)); got != test.want {
			t.Errorf("%q -> %q: %q, want %q", test.old, test.new, got, test.want)
		}
	}
}

func diffText(parts []DiffPart) string {
	var texts []string
	for _, p := range parts {
		texts = append(texts, string("=+-"[p.Op])+p.Text)
	}
	return strings.Join(texts, " ")
}

// checkDiff holds a diff against its law: the parts that were and the parts that are make up both texts word for word, no
// part is empty, no two neighbours have one fate.
func checkDiff(t *testing.T, old, new string, parts []DiffPart) {
	t.Helper()
	var was, is []string
	for i, p := range parts {
		if p.Op != Insert {
			was = append(was, p.Text)
		}
		if p.Op != Delete {
			is = append(is, p.Text)
		}
		if p.Text == "" || i > 0 && parts[i-1].Op == p.Op {
			t.Errorf("%.60q -> %.60q: part %d is empty or goes on with the part before it", old, new, i)
		}
	}
	if got, want := strings.Join(was, " "), strings.Join(strings.Fields(old), " "); got != want {
		t.Errorf("the old text is %.200q, and from the parts %.200q", want, got)
	}
	if got, want := strings.Join(is, " "), strings.Join(strings.Fields(new), " "); got != want {
		t.Errorf("the new text is %.200q, and from the parts %.200q", want, got)
	}
}

// kept counts the words that a diff takes as unchanged.
func kept(parts []DiffPart) int {
	n := 0
	for _, p := range parts {
		if p.Op == Equal {
			n += len(strings.Fields(p.Text))
		}
	}
	return n
}

// longestCommon is the length of the longest common subsequence by its definition, for short texts.
func longestCommon(a, b []string) int {
	switch {
	case len(a) == 0 || len(b) == 0:
		return 0
	case a[0] == b[0]:
		return 1 + longestCommon(a[1:], b[1:])
	}
	return max(longestCommon(a[1:], b), longestCommon(a, b[1:]))
}

func TestWordDiffKeepsAllItCan(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	some := func() []string {
		words := make([]string, r.IntN(8))
		for i := range words {
			words[i] = string("abcd"[r.IntN(4)])
		}
		return words
	}
	for range 3000 {
		a, b := some(), some()
		old, new := strings.Join(a, " "), strings.Join(b, " ")
		parts := WordDiff(old, new)
		checkDiff(t, old, new, parts)
		if got, want := kept(parts), longestCommon(a, b); got != want {
			t.Fatalf("%q -> %q keeps %d words, could keep %d: %s", old, new, got, want, diffText(parts))
		}
	}
}

// Two texts of 100,000 words have a table of ten thousand million cells, 40 GB: the work must be bounded instead. What is
// the same at both ends is still told.
func TestWordDiffIsBounded(t *testing.T) {
	const words = 100_000
	text := func(prefix string) string {
		var b strings.Builder
		for i := range words {
			fmt.Fprintf(&b, "%s%d ", prefix, i%1000)
		}
		return b.String()
	}
	for _, test := range []struct {
		name, old, new string
		kept           int
	}{
		{"nothing in common", text("a"), text("b"), 0},
		{"the ends in common", "first " + text("a") + "last", "first " + text("b") + "last", 2},
		{"a word in the middle of the same", text("a") + "x " + text("b"), text("a") + "y " + text("b"), 2 * words},
		{"against one word", text("a"), "a500", 1},
		{"against nothing", text("a"), "", 0},
		{"every other word, as many as the table allows", strings.Repeat("a b ", 500), strings.Repeat("a c ", 500), 500},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		parts := WordDiff(test.old, test.new)
		runtime.ReadMemStats(&after)
		checkDiff(t, test.old, test.new, parts)
		if got := kept(parts); got != test.kept {
			t.Errorf("%s: %d words kept, want %d", test.name, got, test.kept)
		}
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 100 {
			t.Errorf("%s: %d MiB allocated", test.name, used)
		}
	}
}

func FuzzWordDiff(f *testing.F) {
	for _, seed := range [][2]string{{"", ""}, {"a b c", "a x c"}, {"a\u00a0b", "a b"}, {"\xff \xfe", "\xfe \xff"}, {"a b a b a", "b a b a b"}, {" a", "a\u2028b\x85c"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, old, new string) {
		parts := WordDiff(old, new)
		checkDiff(t, old, new, parts)
		if a, b := strings.Fields(old), strings.Fields(new); len(a)*len(b) <= 36 {
			if got, want := kept(parts), longestCommon(a, b); got != want {
				t.Errorf("%q -> %q keeps %d words, could keep %d", old, new, got, want)
			}
		}
		if back := kept(WordDiff(new, old)); back != kept(parts) {
			t.Errorf("%q -> %q keeps %d words, back %d", old, new, kept(parts), back)
		}
	})
}
