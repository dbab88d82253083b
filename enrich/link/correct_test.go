package link

import (
	"strings"
	"testing"

	"syncer/seeds"
)

// TestCorrectLink: only what is known for certain is put in the place of a link, in the way that the format wants it.
func TestCorrectLink(t *testing.T) {
	const old, new, snapshot = "http://old.example/a_b", "https://new.example/a_b?x=1&y=(2)", "https://web.archive.org/web/2020/http://old.example/a_b"
	moved := State{Verdict: Moved, Target: new}
	for _, row := range []struct {
		name    string
		format  seeds.Format
		written string
		state   State
		archive bool
		want    string // what stands there then; empty for a note, "-" for nothing at all
	}{
		{"Markdown", seeds.Markdown, old, moved, false, "https://new.example/a_b?x=1&y=%282%29"},
		{"HTML", seeds.HTML, old, moved, false, "https://new.example/a_b?x=1&amp;y=(2)"},
		{"BibTeX", seeds.BibTeX, old, moved, false, new},
		{"BibTeX with escapes", seeds.BibTeX, `http://old.example/a\_b`, moved, false, `https://new.example/a\_b?x=1\&y=(2)`},
		{"LaTeX", seeds.LaTeX, old, moved, false, new},
		{"CSV", seeds.CSV, old, moved, false, new},
		{"CSV that would need quotes", seeds.CSV, old, State{Verdict: Moved, Target: "https://new.example/a,b"}, false, ""},
		{"a DOI", seeds.BibTeX, "10.1000/182", moved, false, ""},
		{"broken, with a copy that is wanted", seeds.Plain, old, State{Verdict: Broken, Archived: snapshot}, true, snapshot},
		{"broken, with a copy that is not wanted", seeds.Plain, old, State{Verdict: Broken, Archived: snapshot}, false, ""},
		{"broken", seeds.Plain, old, State{Verdict: Broken}, true, ""},
		{"changed", seeds.Plain, old, State{Verdict: Changed}, true, ""},
		{"suspect", seeds.Plain, old, State{Verdict: Suspect}, true, "-"},
		{"blocked", seeds.Plain, old, State{Verdict: Blocked}, true, "-"},
		{"insecure", seeds.Plain, old, State{Verdict: Insecure}, true, "-"},
	} {
		src := []byte("see " + row.written + " there")
		link := seeds.Link{URL: old, Line: 1, Column: 5, Span: seeds.Span{Start: 4, End: 4 + len(row.written)}}
		correction, ok := Correct(src, row.format, ListCase{link, row.state}, row.archive)
		if ok != (row.want != "-") || correction.Certain() != (row.want != "" && row.want != "-") {
			t.Errorf("%s: %t %+v", row.name, ok, correction)
			continue
		}
		if !correction.Certain() {
			continue
		}
		got, err := seeds.Apply(src, correction.Edits)
		if want := strings.Replace(string(src), row.written, row.want, 1); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", row.name, got, err)
		}
	}
}
