package export

import (
	"iter"
	"slices"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
)

// List is a reading list in the sections and the order of its source, with what is known now of its papers.
type List struct {
	Name     string
	Sections []Section
	Findings []Finding // those that belong to no entry: malformed identifiers, links
}

// Section is a heading of the source and what stands below it, up to the next one. Entries and links are each in the order
// of their lines.
type Section struct {
	Title   string // empty before the first heading
	Entries []Entry
	Links   []ListLink
}

// Entry is a mention of a paper. A paper that a section mentions twice is one entry.
type Entry struct {
	ID       arxiv.ID
	Line     int
	Version  int    // as cited; 0 when none is named
	Title    string // as the list has it; may be empty
	Paper    *Paper // nil: arXiv has no such paper, or was not asked yet
	Findings []Finding
}

// Finding is a finding with its dates and whether its owner wants to hear of it.
type Finding struct {
	enrich.Finding
	FirstSeen, LastSeen time.Time
	ResolvedAt          time.Time // zero while open
	Ignored             bool
	IgnoreReason        string
	IgnoredUntil        time.Time // the first moment at which it is reported again; zero is never
}

// LastIgnoredDay is the last day (UTC) on which a finding is ignored, empty when that is for ever.
func (f Finding) LastIgnoredDay() string {
	if f.IgnoredUntil.IsZero() {
		return ""
	}
	return enrich.Day(f.IgnoredUntil.AddDate(0, 0, -1))
}

// ListLink is a link of a list to something other than a paper of arXiv.
type ListLink struct {
	Link
	Title, Reason string
	Line          int
	CheckedAt     time.Time // zero when never
	Before        []Link    // what it was before, oldest first
}

// Change is a change of a paper: when it was noticed, and the title that the paper has now.
type Change struct {
	enrich.Change
	At    time.Time
	Run   int64
	Title string
}

// collect ranges over a stream of lists or changes, up to limit of them; 0 is all.
func collect[T any](values iter.Seq2[T, error], limit int) ([]T, error) {
	var all []T
	if values == nil {
		return nil, nil
	}
	for v, err := range values {
		if err != nil {
			return nil, err
		}
		if all = append(all, v); len(all) == limit {
			break
		}
	}
	return all, nil
}

// lists are the source's lists, or without any one nameless list of all papers.
func (s Source) lists() iter.Seq2[List, error] {
	return func(yield func(List, error) bool) {
		any := false
		if s.Lists != nil {
			for list, err := range s.Lists {
				any = true
				if !yield(list, err) || err != nil {
					return
				}
			}
		}
		if any {
			return
		}
		papers, err := collect(s.Papers, 0)
		section := Section{}
		for i := range papers {
			section.Entries = append(section.Entries, Entry{ID: papers[i].ID, Paper: &papers[i]})
		}
		yield(List{Sections: []Section{section}}, err)
	}
}

// reference is what a reader wants to know first of where a paper came out: the journal or conference, else the journal
// reference as it is.
func reference(p Paper) string {
	v := readVenue(p.JournalRef)
	switch {
	case v.Kind == noVenue:
		return plain(p.JournalRef)
	case v.Kind == proceedings || v.Volume == "":
		return v.Title
	}
	s := v.Title + " " + v.Volume
	if v.First != "" {
		s += ", " + v.pages("–")
	}
	return s
}

// shortAuthors names the first n authors, and says how many follow.
func shortAuthors(authors []arxiv.Author, n int) (names []string, others int) {
	for _, a := range authors {
		if name := plain(a.Name); name != "" {
			names = append(names, name)
		}
	}
	if len(names) > n+1 { // "and 1 more" would be as long as the name
		return names[:n], len(names) - n
	}
	return names, 0
}

// worstFirst orders findings for people.
func worstFirst(findings []Finding) []Finding {
	rank := func(f Finding) int { return slices.Index(enrich.Severities, f.Severity) }
	return slices.SortedStableFunc(slices.Values(findings), func(a, b Finding) int { return rank(a) - rank(b) })
}

// isHTTP guards links: nothing but http and https becomes one.
func isHTTP(url string) bool {
	return strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
}
