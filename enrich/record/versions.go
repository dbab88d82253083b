package record

import (
	"fmt"
	"strings"

	"syncer/arxiv"
)

// VersionDiff is one difference between two versions of a paper.
type VersionDiff struct {
	From, To    int
	Field       string // "title", "authors", "abstract", "withdrawn"
	Old, New    string // for authors: the first author, or who left and who came; Old is empty where one text says it all
	FirstAuthor bool   // another name stands first
}

// DiffVersions compares each version whose text is held with the one held before it.
func DiffVersions(p arxiv.Paper) []VersionDiff {
	var diffs []VersionDiff
	var before *arxiv.Version
	for i := range p.Versions {
		v := &p.Versions[i]
		if v.Withdrawn && v.Number > 1 && (i == 0 || !p.Versions[i-1].Withdrawn) {
			diffs = append(diffs, VersionDiff{From: v.Number - 1, To: v.Number, Field: "withdrawn", New: "withdrawn"})
		}
		if !v.HasText {
			continue
		}
		if before != nil {
			diffs = append(diffs, diffTexts(before, v)...)
		}
		before = v
	}
	return diffs
}

func diffTexts(old, new *arxiv.Version) []VersionDiff {
	var diffs []VersionDiff
	diff := VersionDiff{From: old.Number, To: new.Number}
	if a, b := arxiv.Text(old.Title), arxiv.Text(new.Title); a != b {
		diff.Field, diff.Old, diff.New = "title", a, b
		diffs = append(diffs, diff)
	}
	if AuthorNames(old.Authors) != AuthorNames(new.Authors) {
		diffs = append(diffs, DiffAuthors(diff, old.Authors, new.Authors))
	}
	if a, b := arxiv.Text(old.Abstract), arxiv.Text(new.Abstract); a != b {
		diff.Field, diff.Old, diff.New = "abstract", "", WordsChanged(a, b)
		diffs = append(diffs, diff)
	}
	return diffs
}

// WordsChanged says how many words a text gained and lost: "12 words added, 1 word removed".
func WordsChanged(old, new string) string {
	inserted, deleted := 0, 0
	for _, part := range WordDiff(old, new) {
		switch n := len(strings.Fields(part.Text)); part.Op {
		case Insert:
			inserted += n
		case Delete:
			deleted += n
		}
	}
	return fmt.Sprintf("%s added, %s removed", words(inserted), words(deleted))
}

func words(n int) string {
	if n == 1 {
		return "1 word"
	}
	return fmt.Sprintf("%d words", n)
}

// namesShown bounds how many names a difference of author lists tells: Llama 3 has 561 authors.
const namesShown = 6

// DiffAuthors says first whether another name stands first, which is what people cite a paper by; else who came and went.
func DiffAuthors(diff VersionDiff, old, new []arxiv.Author) VersionDiff {
	diff.Field = "authors"
	if len(old) > 0 && len(new) > 0 && !SameName(old[0].Name, new[0].Name) {
		diff.FirstAuthor = true
		diff.Old, diff.New = arxiv.Text(old[0].Name), arxiv.Text(new[0].Name)
		return diff
	}
	came, went := missingFrom(old, new), missingFrom(new, old)
	if len(came)+len(went) == 0 {
		diff.New = "the same names in another order or spelling"
		return diff
	}
	var parts []string
	for _, side := range []struct {
		sign  string
		names []string
	}{{"+", came}, {"-", went}} {
		if n := len(side.names); n > 0 {
			text := strings.Join(side.names[:min(n, namesShown)], ", ")
			if n > namesShown {
				text += ", …"
			}
			parts = append(parts, fmt.Sprintf("%s%d: %s", side.sign, n, text))
		}
	}
	diff.New = strings.Join(parts, "; ")
	return diff
}

// missingFrom lists the names of list that base does not have, or has fewer times: two people of one name are common.
func missingFrom(base, list []arxiv.Author) []string {
	known := make(map[string]int, len(base))
	for _, a := range base {
		known[arxiv.Key(a.Name)]++
	}
	var names []string
	for _, a := range list {
		name := arxiv.Key(a.Name)
		if known[name]--; known[name] < 0 {
			names = append(names, arxiv.Text(a.Name))
		}
	}
	return names
}

func SameName(a, b string) bool { return arxiv.Key(a) == arxiv.Key(b) }
