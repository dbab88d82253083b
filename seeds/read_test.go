package seeds

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestReadErrors(t *testing.T) {
	var wide []byte
	for _, unit := range utf16.Encode([]rune("arXiv:1706.03762")) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	for _, row := range []struct {
		name   string
		format Format
		src    string
		want   string
	}{
		{"l.md", "", "", "empty"},
		{"l.md", "", " \n\t\r\n", "empty"},
		{"l.md", "", "\ufeff\n", "empty"},
		{"l.md", "", "arXiv:1706.03762\x00", "binary data, not text"},
		{"l.pdf", "", "%PDF-1.5\n\x00\xff", "binary data, not text"},
		{"l.md", "", "one\ntwo arXiv:1706.03762\nthree \xff\n", "line 3 is not valid UTF-8: save it as UTF-8"},
		{"l.md", "", "Erd\xf6s", "line 1 is not valid UTF-8: save it as UTF-8"},
		{"l.md", "", "\ufffd is fine, but there is no paper", "no identifiers or links found (read as markdown)"},
		{"l.txt", "", "\xff\xfe" + string(wide), "UTF-16: save it as UTF-8"},
		{"l.txt", "", "\xfe\xffx", "UTF-16: save it as UTF-8"},
		{"l.md", "", "# A list\n\nwith 2024.1234 and [no link](#x)\n", "no identifiers or links found (read as markdown)"},
		{"l.bib", "", "@misc{a, title={x}}", "no identifiers or links found (read as bibtex)"},
		{"l.csv", "", "title,year\nx,2017\n", "no identifiers or links found (read as csv)"},
		{"l.html", "", "<p>x", "no identifiers or links found (read as html)"},
		{"l.tex", "", "\\bibitem{a} B", "no identifiers or links found (read as latex)"},
		{"l", Plain, "words only\n", "no identifiers or links found (read as plain)"},
		{"l.md", "word", "arXiv:1706.03762", `format "word" is not known`},
	} {
		list, err := Read(row.name, row.format, []byte(row.src))
		if err == nil || err.Error() != row.want || len(list.Citations)+len(list.Links)+len(list.Malformed) > 0 {
			t.Errorf("%s %q: %v, %d citations; want %s", row.name, row.src, err, len(list.Citations), row.want)
		}
	}
}

// TestReadTooLarge: what is too large is refused before it is looked at.
func TestReadTooLarge(t *testing.T) {
	src := make([]byte, MaxSize+1)
	if allocations := testing.AllocsPerRun(1, func() {
		if _, err := Read("l.md", "", src); err == nil || err.Error() != "larger than 64 MiB" {
			t.Errorf("%v", err)
		}
	}); allocations > 10 {
		t.Errorf("%v allocations", allocations)
	}
}

// TestReadOnlyMalformed: a list in which every identifier is broken is no empty list; each is named.
func TestReadOnlyMalformed(t *testing.T) {
	list, err := Read("ids.txt", "", []byte("arXiv:1313.00001\n\narXiv:1713.00001\n"))
	if err != nil || len(list.Malformed) != 2 || list.Malformed[0].Line != 1 || list.Malformed[1].Line != 3 {
		t.Errorf("%v: %+v", err, list.Malformed)
	}
}

func TestReadLeavesTheSource(t *testing.T) {
	src := []byte("\ufeff---\ntitle: x\n---\n# A\n\n- arXiv:1706.03762\n")
	kept := bytes.Clone(src)
	if _, err := Read("l.md", "", src); err != nil || !bytes.Equal(src, kept) {
		t.Errorf("%v; the source was written to: %q", err, src)
	}
}

func TestDetect(t *testing.T) {
	for _, row := range []struct {
		name, src string
		want      Format
	}{
		{"a.md", "@misc{", Markdown},
		{"A.BIB", "", BibTeX},
		{"https://example.org/list.html?x=a.bib", "", HTML},
		{"https://github.com/user/repo/blob/main/README.md", "\n<!DOCTYPE html>\n<html lang=en>", HTML},
		{"a.bbl", "", LaTeX},
		{"a.jsonl", "", CSV},
		{"-", "1706.03762\n# c\n1810.04805 BERT\n", Plain},
		{"-", "\ufeff1706.03762\n", Plain},
		{"-", "https://arxiv.org/abs/1706.03762\n", Plain},
		{"-", "\n % c\n@article{a,\n", BibTeX},
		{"-", "<!DOCTYPE html>\n", HTML},
		{"-", "<?xml version='1.0'?><html>", HTML},
		{"-", "\\documentclass{article}", LaTeX},
		{"-", "\\begin{thebibliography}{1}\n\\bibitem{a} @x{", LaTeX},
		{"-", `{"title": "x"}`, CSV},
		{"-", `[{"title": "x"}]`, CSV},
		{"-", "title,arxiv\nA B,1706.03762\n", CSV},
		{"-", "Title\tURL\nA\tb\n", CSV},
		{"README", "# A list\n\n- [Paper](https://arxiv.org/abs/1706.03762)\n", Markdown},
		{"notes.txt", "Some text, with commas,\nand more, of them, here.\n", Markdown},
		{"-", "[a](https://arxiv.org/abs/1706.03762)", Markdown},
		{"-", "", Markdown},
	} {
		if got := Detect(row.name, []byte(row.src)); got != row.want {
			t.Errorf("%s %q: %s, want %s", row.name, row.src, got, row.want)
		}
	}
}

// TestSameClaimsInEveryFormat: what a list says does not depend on how it is set.
func TestSameClaimsInEveryFormat(t *testing.T) {
	for f, src := range map[Format]string{
		Markdown: "Hoffmann et al. (2022) **Training Compute-Optimal Large Language Models** — arXiv:2203.15556v1",
		HTML:     "<p>Hoffmann et al. (2022) <b>Training Compute-Optimal Large Language Models</b> arXiv:2203.15556v1</p>",
		BibTeX:   "@misc{a, author={Hoffmann and others}, year={2022}, title={Training Compute-Optimal Large Language Models}, eprint={2203.15556v1}}",
		LaTeX:    "\\bibitem{a} Hoffmann, J., \\emph{Training Compute-Optimal Large Language Models}, arXiv:2203.15556v1 (2022)",
		CSV:      "author,year,title,arxiv\nHoffmann,2022,Training Compute-Optimal Large Language Models,2203.15556v1\n",
	} {
		list, err := Read("l", f, []byte(src))
		if err != nil || len(list.Citations) != 1 {
			t.Errorf("%s: %v, %d citations", f, err, len(list.Citations))
			continue
		}
		c := list.Citations[0]
		if c.ID != "2203.15556" || c.Version != 1 || c.Claim.Title != "Training Compute-Optimal Large Language Models" || !strings.HasPrefix(c.Claim.FirstAuthor, "Hoffmann") || c.Claim.Year != 2022 {
			t.Errorf("%s: %s %+v", f, c.ID.Versioned(c.Version), c.Claim)
		}
		checkList(t, []byte(src), list)
	}
}
