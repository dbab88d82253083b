package record

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"syncer/arxiv"
)

// version is one whose text is held.
func version(number int, title, abstract string, authors ...string) arxiv.Version {
	return arxiv.Version{Number: number, HasText: true, Title: title, Abstract: abstract, Authors: names(authors...)}
}

func TestDiffVersions(t *testing.T) {
	numbered := func(prefix string, n int) []string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf("%s %c", prefix, 'A'+i))
		}
		return list
	}
	unheld := func(number int) arxiv.Version { return arxiv.Version{Number: number, SizeKB: 12} }
	withdrawn := func(v arxiv.Version) arxiv.Version { v.Withdrawn = true; return v }
	tests := []struct {
		name     string
		versions []arxiv.Version
		want     []VersionDiff
	}{
		{"none", nil, nil},
		{"one", []arxiv.Version{version(1, "T", "a", "X")}, nil},
		{"the same texts", []arxiv.Version{version(1, "T", "a", "X"), version(2, "T", "a", "X")}, nil},
		{"notation only", []arxiv.Version{version(1, `On  the G\"odel`, "a\n  b", `P. Erd\H{o}s`), version(2, "On the Gödel", "a b", "P. Erdős")}, nil},
		// 2407.21783: 560 names behind the first are the same people.
		{"Llama 3: another name first", []arxiv.Version{
			version(1, "The Llama 3 Herd of Models", "a", "Abhimanyu Dubey", "Abhinav Jauhri", "Abhinav Pandey"),
			version(2, "The Llama 3 Herd of Models", "a", "Abhimanyu Dubey", "Abhinav Jauhri", "Abhinav Pandey"),
			version(3, "The Llama 3 Herd of Models", "a", "Aaron Grattafiori", "Abhimanyu Dubey", "Abhinav Jauhri", "Abhinav Pandey"),
		}, []VersionDiff{{From: 2, To: 3, Field: "authors", Old: "Abhimanyu Dubey", New: "Aaron Grattafiori", FirstAuthor: true}}},
		{"title and abstract", []arxiv.Version{version(1, "Old", "one two three", "X"), version(2, "New", "one three four five", "X")},
			[]VersionDiff{{From: 1, To: 2, Field: "title", Old: "Old", New: "New"}, {From: 1, To: 2, Field: "abstract", New: "2 words added, 1 word removed"}}},
		{"a title there and back", []arxiv.Version{version(1, "A", "a", "X"), version(2, "B", "a", "X"), version(3, "A", "a", "X")},
			[]VersionDiff{{From: 1, To: 2, Field: "title", Old: "A", New: "B"}, {From: 2, To: 3, Field: "title", Old: "B", New: "A"}}},
		{"authors came and went", []arxiv.Version{version(1, "T", "a", "X", "Y", "Z"), version(2, "T", "a", "X", "Z", "Paul Erd\u0151s", "W")},
			[]VersionDiff{{From: 1, To: 2, Field: "authors", New: "+2: Paul Erdős, W; -1: Y"}}},
		{"authors in another order", []arxiv.Version{version(1, "T", "a", "X", "Y", "Z"), version(2, "T", "a", "X", "Z", "Y")},
			[]VersionDiff{{From: 1, To: 2, Field: "authors", New: "the same names in another order or spelling"}}},
		{"the first author spelt with an accent", []arxiv.Version{version(1, "T", "a", "Sebastien Bubeck"), version(2, "T", "a", "Sébastien Bubeck")},
			[]VersionDiff{{From: 1, To: 2, Field: "authors", New: "the same names in another order or spelling"}}},
		{"two people of one name", []arxiv.Version{version(1, "T", "a", "X", "Wei Wang"), version(2, "T", "a", "X", "Wei Wang", "Wei Wang")},
			[]VersionDiff{{From: 1, To: 2, Field: "authors", New: "+1: Wei Wang"}}},
		{"more names than are told", []arxiv.Version{version(1, "T", "a", append([]string{"X"}, numbered("Old", 6)...)...), version(2, "T", "a", append([]string{"X"}, numbered("New", 7)...)...)},
			[]VersionDiff{{From: 1, To: 2, Field: "authors", New: "+7: New A, New B, New C, New D, New E, New F, …; -6: Old A, Old B, Old C, Old D, Old E, Old F"}}},
		{"names for the first time", []arxiv.Version{version(1, "T", "a"), version(2, "T", "a", "X")}, []VersionDiff{{From: 1, To: 2, Field: "authors", New: "+1: X"}}},
		{"a gap: v2 and v3 are not held", []arxiv.Version{version(1, "A", "a", "X"), unheld(2), unheld(3), version(4, "B", "a", "Y", "X")},
			[]VersionDiff{{From: 1, To: 4, Field: "title", Old: "A", New: "B"}, {From: 1, To: 4, Field: "authors", Old: "X", New: "Y", FirstAuthor: true}}},
		{"nothing but the newest held", []arxiv.Version{unheld(1), unheld(2), version(3, "T", "a", "X")}, nil},
		{"the newest not held", []arxiv.Version{version(1, "A", "a", "X"), version(2, "B", "a", "X"), unheld(3)}, []VersionDiff{{From: 1, To: 2, Field: "title", Old: "A", New: "B"}}},
		{"withdrawn", []arxiv.Version{version(1, "T", "a", "X"), withdrawn(version(2, "T", "a", "X"))}, []VersionDiff{{From: 1, To: 2, Field: "withdrawn", New: "withdrawn"}}},
		{"withdrawn without a text", []arxiv.Version{version(1, "T", "a", "X"), withdrawn(unheld(2))}, []VersionDiff{{From: 1, To: 2, Field: "withdrawn", New: "withdrawn"}}},
		{"withdrawn, and so again", []arxiv.Version{version(1, "T", "a", "X"), withdrawn(unheld(2)), withdrawn(unheld(3))}, []VersionDiff{{From: 1, To: 2, Field: "withdrawn", New: "withdrawn"}}},
		{"withdrawn twice", []arxiv.Version{unheld(1), withdrawn(unheld(2)), unheld(3), withdrawn(unheld(4)), unheld(5)},
			[]VersionDiff{{From: 1, To: 2, Field: "withdrawn", New: "withdrawn"}, {From: 3, To: 4, Field: "withdrawn", New: "withdrawn"}}},
		{"withdrawn from the start, which differs from no version", []arxiv.Version{withdrawn(version(1, "T", "a", "X"))}, nil},
	}
	for _, test := range tests {
		if got := DiffVersions(arxiv.Paper{Versions: test.versions}); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", test.name, got, test.want)
		}
	}
}

func TestWordsChanged(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"", "", "0 words added, 0 words removed"},
		{"a b c", "a b c", "0 words added, 0 words removed"},
		{"a b c", "a x c", "1 word added, 1 word removed"},
		{"", "one two", "2 words added, 0 words removed"},
		{strings.Repeat("a ", 30), "", "0 words added, 30 words removed"},
		{"a b c d", "b c d a", "1 word added, 1 word removed"},
	} {
		if got := WordsChanged(test.old, test.new); got != test.want {
			t.Errorf("%.20q -> %.20q: %q, want %q", test.old, test.new, got, test.want)
		}
	}
}
