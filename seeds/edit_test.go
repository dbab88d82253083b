package seeds

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestApply(t *testing.T) {
	src := []byte("\ufeffone\r\ntwo three\r\n")
	for _, row := range []struct {
		edits []Edit
		want  string // empty: an error
	}{
		{nil, string(src)},
		{[]Edit{{Span{8, 11}, "2"}}, "\ufeffone\r\n2 three\r\n"},
		{[]Edit{{Span{12, 17}, "3"}, {Span{8, 11}, "2"}}, "\ufeffone\r\n2 3\r\n"},
		{[]Edit{{Span{8, 11}, "2"}, {Span{8, 11}, "2"}}, "\ufeffone\r\n2 three\r\n"}, // twice the same
		{[]Edit{{Span{8, 8}, "and "}}, "\ufeffone\r\nand two three\r\n"},
		{[]Edit{{Span{19, 19}, "end"}}, "\ufeffone\r\ntwo three\r\nend"},
		{[]Edit{{Span{8, 12}, "2"}, {Span{11, 14}, "3"}}, ""},
		{[]Edit{{Span{8, 99}, "2"}}, ""},
		{[]Edit{{Span{9, 8}, "2"}}, ""},
	} {
		got, err := Apply(src, row.edits)
		if (err != nil) != (row.want == "") || string(got) != row.want {
			t.Errorf("%v: %q, %v, want %q", row.edits, got, err, row.want)
		}
	}
	if !bytes.Equal(src, []byte("\ufeffone\r\ntwo three\r\n")) {
		t.Error("the source was written to")
	}
}

// TestEdits: what overlaps is not taken in, in any part; texts put in at one place stay in their order.
func TestEdits(t *testing.T) {
	var edits Edits
	for i, row := range []struct {
		add  []Edit
		want bool
	}{
		{[]Edit{{Span{10, 12}, "a"}, {Span{20, 20}, "b"}}, true},
		{[]Edit{{Span{20, 20}, "c"}, {Span{5, 10}, "d"}}, true},
		{[]Edit{{Span{10, 12}, "a"}}, true}, // there already
		{[]Edit{{Span{30, 31}, "e"}, {Span{11, 13}, "f"}}, false},
		{[]Edit{{Span{10, 12}, "g"}}, false},
		{[]Edit{{Span{11, 11}, "h"}}, false},
		{nil, true},
	} {
		if got := edits.Add(row.add); got != row.want {
			t.Errorf("step %d: %t, want %t", i+1, got, row.want)
		}
	}
	want := []Edit{{Span{5, 10}, "d"}, {Span{10, 12}, "a"}, {Span{20, 20}, "b"}, {Span{20, 20}, "c"}}
	if !slices.Equal(edits.All(), want) {
		t.Errorf("%v, want %v", edits.All(), want)
	}
}

func TestEscape(t *testing.T) {
	for _, row := range []struct {
		format Format
		text   string
		want   string
		ok     bool
	}{
		{Markdown, "a_b *c* [d] <e>", `a\_b \*c\* \[d\] \<e\>`, true},
		{HTML, "R&D <x>", "R&amp;D &lt;x&gt;", true},
		{BibTeX, "R&D 50% #1", `R\&D 50\% \#1`, true},
		{BibTeX, "$x$", "", false},
		{LaTeX, `\alpha`, "", false},
		{CSV, "plain", "plain", true},
		{CSV, "a, b", "a, b", false},
		{Plain, "a_b", "a_b", true},
	} {
		if got, ok := Escape(row.format, row.text); got != row.want || ok != row.ok {
			t.Errorf("Escape(%s, %q) = %q, %v, want %q, %v", row.format, row.text, got, ok, row.want, row.ok)
		}
	}
}

// TestInsert: a new field is set like the entry's own.
func TestInsert(t *testing.T) {
	fields := [][2]string{{"eprint", "1706.03762"}, {"archivePrefix", "arXiv"}}
	for _, row := range []struct{ src, want string }{
		{"@misc{a,\n  title = {T},\n  year = 2017\n}\n", "@misc{a,\n  title = {T},\n  year = 2017,\n  eprint = {1706.03762},\n  archivePrefix = {arXiv}\n}\n"},
		{"@misc{a,\n\ttitle={T},\n\tyear={2017},\n}\n", "@misc{a,\n\ttitle={T},\n\tyear={2017},\n\teprint={1706.03762},\n\tarchivePrefix={arXiv},\n}\n"},
		{"@misc{a,\r\n  title = \"T\"\r\n}\r\n", "@misc{a,\r\n  title = \"T\",\r\n  eprint = {1706.03762},\r\n  archivePrefix = {arXiv}\r\n}\r\n"},
		{"@misc{a,\n  title     = {T},\n  year      = 2017\n}\n", "@misc{a,\n  title     = {T},\n  year      = 2017,\n  eprint    = {1706.03762},\n  archivePrefix = {arXiv}\n}\n"},
		{"@misc{a, title={T}, year=2017}", "@misc{a, title={T}, year=2017, eprint={1706.03762}, archivePrefix={arXiv}}"},
		{"@misc(a, month=jan)", "@misc(a, month=jan, eprint={1706.03762}, archivePrefix={arXiv})"},
		{"@misc{a, title={T} # \" x\"}", "@misc{a, title={T} # \" x\", eprint={1706.03762}, archivePrefix={arXiv}}"},
	} {
		entries := BibEntries([]byte(row.src))
		if len(entries) != 1 || entries[0].Key != "a" {
			t.Fatalf("%q: %d entries", row.src, len(entries))
		}
		edit, ok := entries[0].Insert(fields)
		got, err := Apply([]byte(row.src), []Edit{edit})
		if !ok || err != nil || string(got) != row.want {
			t.Errorf("%q:\n got %q, %v\nwant %q", row.src, got, err, row.want)
			continue
		}
		again := BibEntries(got)
		if len(again) != 1 || again[0].Text("eprint") != "1706.03762" || again[0].Text("archiveprefix") != "arXiv" {
			t.Errorf("%q does not read back", got)
		}
	}
}

// TestIgnoreComments: what people would type in each format, on the line of an entry, above it or in it.
func TestIgnoreComments(t *testing.T) {
	for _, row := range []struct {
		file, src string
		want      string // the kinds of each citation, and how many malformed identifiers are left
	}{
		{"l.md", "- arXiv:1706.03762 <!-- syncer-ignore title-differs, year-differs -->\n<!-- syncer-ignore -->\n\n- arXiv:1810.04805\n- arXiv:2005.14165\n", "title-differs year-differs; all; ; 0"},
		{"l.md", "<!-- syncer-ignore malformed-id -->\n- arXiv:1713.03762\n- arXiv:1810.04805\n- arXiv:1714.00001\n", "; 1"},
		{"l.md", "- [A](https://arxiv.org/abs/1706.03762),\n  Someone (2015) <!-- syncer-ignore year-differs -->\n- [B](https://arxiv.org/abs/1810.04805) X et al. (2012)\n", "year-differs; ; 0"},
		{"l.md", "- arXiv:1706.03762\n\nHereafter <!-- syncer-ignore year-differs -->\n- arXiv:1810.04805\n", "; year-differs; 0"},
		{"l.md", "write `<!-- syncer-ignore -->` above it:\n\n- arXiv:1706.03762\n", "; 0"},
		{"l.html", "<!-- syncer-ignore: wrong-paper -->\n<p><a href=\"https://arxiv.org/abs/1706.03762\">x</a></p>\n", "wrong-paper; 0"},
		{"l.bib", "% syncer-ignore year-differs\n@misc{a,\n  eprint = {1706.03762}\n}\n@misc{b,\n  eprint = {1810.04805},\n  note = {syncer-ignore title-differs}\n}\n@misc{c, eprint = {2005.14165}}\n",
			"year-differs; title-differs; ; 0"},
		{"l.tex", "% syncer-ignore author-differs\n\\bibitem{a} A. Vaswani, \\emph{Attention}, arXiv:1706.03762.\n\\bibitem{b} B, arXiv:1810.04805 % syncer-ignore\n", "author-differs; all; 0"},
		{"l.csv", "title,arxiv,remark\nAttention,1706.03762,syncer-ignore title-differs\nBERT,1810.04805,\n", "title-differs; ; 0"},
		{"l.txt", "1706.03762 # syncer-ignore duplicate\n1810.04805\n", "duplicate; ; 0"},
	} {
		list, err := Read(row.file, "", []byte(row.src))
		if err != nil {
			t.Errorf("%s: %v", row.file, err)
			continue
		}
		var got []string
		for _, c := range list.Citations {
			got = append(got, strings.Join(c.Ignored, " "))
		}
		if got := strings.Join(append(got, strconv.Itoa(len(list.Malformed))), "; "); got != row.want {
			t.Errorf("%s: %q ignores %q, want %q", row.file, row.src, got, row.want)
		}
	}
}
