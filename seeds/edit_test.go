package seeds

import (
	"bytes"
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

func TestIgnoreComments(t *testing.T) {
	list, err := Read("l.md", "", []byte("- arXiv:1706.03762 <!-- syncer-ignore title-differs, year-differs -->\n<!-- syncer-ignore -->\n\n- arXiv:1810.04805\n- arXiv:2005.14165\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"title-differs", "year-differs"}, {IgnoreAll}, nil}
	for i, c := range list.Citations {
		if len(c.Ignored) != len(want[i]) {
			t.Errorf("%s: ignored %q, want %q", c.ID, c.Ignored, want[i])
			continue
		}
		for j := range want[i] {
			if c.Ignored[j] != want[i][j] {
				t.Errorf("%s: ignored %q, want %q", c.ID, c.Ignored, want[i])
			}
		}
	}
}
