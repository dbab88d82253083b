package export

import (
	"strings"
	"testing"
)

func TestFormatOf(t *testing.T) {
	for path, want := range map[string]string{
		"papers.jsonl": "jsonl", "papers.ndjson": "jsonl", "a/b.json": "json", "refs.csl.json": "csl-json", "REFS.BIB": "bibtex",
		"refs.biblatex.bib": "biblatex", "x.tsv": "tsv", "x.yml": "yaml", "x.txt": "", "bib": "", "": "", "json": "", ".bib": "bibtex",
	} {
		f, ok := FormatOf(path)
		if f.Name != want || ok != (want != "") {
			t.Errorf("FormatOf(%q) = %q, %t", path, f.Name, ok)
		}
	}
}

// TestFormats: names and suffixes are unambiguous, and a format's own suffix leads back to it.
func TestFormats(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Formats() {
		if named, ok := FormatNamed(f.Name); !ok || named.Name != f.Name {
			t.Errorf("FormatNamed(%q) = %q", f.Name, named.Name)
		}
		for _, suffix := range f.Suffixes {
			if seen[suffix] || !strings.HasPrefix(suffix, ".") {
				t.Errorf("%s: suffix %q", f.Name, suffix)
			}
			seen[suffix] = true
			if told, _ := FormatOf("x" + suffix); told.Name != f.Name {
				t.Errorf("x%s is told as %s, want %s", suffix, told.Name, f.Name)
			}
		}
	}
	if _, ok := FormatNamed("docx"); ok {
		t.Error("docx is known")
	}
}
