package citation

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// The list was read first in September, and things happened in November.
var (
	listed   = tonight.AddDate(0, 0, -80)
	lastWeek = tonight.AddDate(0, 0, -7)
)

// happened is one event, a week ago unless told otherwise.
func happened(kind, field, old, new string) Event {
	return Event{At: lastWeek, Change: enrich.Change{ID: "2407.21783", Kind: kind, Field: field, Old: old, New: new}}
}

func (e Event) on(t time.Time) Event { e.At = t; return e }

// herd is 2407.21783 as it is: v1 and v2 have another first author than v3.
func herd() arxiv.Paper {
	return arxiv.Paper{
		Record: arxiv.Record{ID: "2407.21783", Version: 3, Title: "The Llama 3 Herd of Models", Authors: names("Aaron Grattafiori", "Abhimanyu Dubey"), Submitted: at("2024-11-23")},
		Versions: []arxiv.Version{version(1, "The Llama 3 Herd of Models", "", "Abhimanyu Dubey", "Abhinav Jauhri"), version(2, "The Llama 3 Herd of Models", "", "Abhimanyu Dubey", "Abhinav Jauhri"),
			version(3, "The Llama 3 Herd of Models", "", "Aaron Grattafiori", "Abhimanyu Dubey")},
	}
}

// line is a finding as the tables write it: what a person sees, and what a program does.
func line(f enrich.Finding) string {
	return fmt.Sprintf("%s %s: %s | %s | %s | %s", f.Severity, f.Kind, f.Message, f.Claimed, f.Actual, f.Suggestion)
}

func TestPaperFindings(t *testing.T) {
	const title = "The Llama 3 Herd of Models"
	tests := []struct {
		name    string
		claim   seeds.Claim
		version int // that the list cites
		change  func(*arxiv.Paper)
		unknown time.Time
		events  []Event
		want    []string
	}{
		{name: "nothing happened"},
		{name: "first seen last night", events: []Event{happened(enrich.ChangeNew, "title", "", title)}},

		{name: "replaced", events: []Event{happened(enrich.ChangeReplaced, "version", "v2", "v3")}, want: []string{"info replaced: v3 of 2024-11-23 has replaced v2 | v2 | v3 | "}},
		{name: "replaced, and the list cites a version", version: 2, events: []Event{happened(enrich.ChangeReplaced, "version", "v2", "v3")}},
		{name: "replaced twice", events: []Event{happened(enrich.ChangeReplaced, "version", "v1", "v2").on(lastWeek.AddDate(0, 0, -7)), happened(enrich.ChangeReplaced, "version", "v2", "v3")},
			want: []string{"info replaced: v3 of 2024-11-23 has replaced v1 | v1 | v3 | "}},
		{name: "replaced twice, the first time long ago", events: []Event{happened(enrich.ChangeReplaced, "version", "v1", "v2").on(tonight.AddDate(0, 0, -40)), happened(enrich.ChangeReplaced, "version", "v2", "v3")},
			want: []string{"info replaced: v3 of 2024-11-23 has replaced v2 | v2 | v3 | "}},

		{name: "replaced, and the replacement is no more", change: func(p *arxiv.Paper) { p.Version = 2 }, events: []Event{happened(enrich.ChangeReplaced, "version", "v2", "v3")}},

		{name: "the title changed, and the list makes no claim", events: []Event{happened(enrich.ChangeTitle, "title", "Llama 3", title)},
			want: []string{`info title-changed: the title changed from "Llama 3" to "The Llama 3 Herd of Models" |  | The Llama 3 Herd of Models | `}},
		{name: "the title changed, and the list has the old one", claim: seeds.Claim{Title: "llama-3"}, events: []Event{happened(enrich.ChangeTitle, "title", "Llama 3", title)},
			want: []string{`warning title-changed: the title changed from "Llama 3" to "The Llama 3 Herd of Models" | llama-3 | The Llama 3 Herd of Models | The Llama 3 Herd of Models`}},
		{name: "the title changed, and the list has the new one: nothing to replace", claim: seeds.Claim{Title: title}, events: []Event{happened(enrich.ChangeTitle, "title", "Llama 3", title)},
			want: []string{`info title-changed: the title changed from "Llama 3" to "The Llama 3 Herd of Models" | The Llama 3 Herd of Models | The Llama 3 Herd of Models | `}},
		{name: "the title changed by case and punctuation", events: []Event{happened(enrich.ChangeTitle, "title", "The Llama-3 Herd of models", title)}},
		{name: "the title changed and changed back", events: []Event{happened(enrich.ChangeTitle, "title", title, "Llama 3"), happened(enrich.ChangeTitle, "title", "Llama 3", title)}},
		{name: "the list has the title of an older version, however long ago", claim: seeds.Claim{Title: "A Herd of Llamas"}, change: func(p *arxiv.Paper) { p.Versions[0].Title = "A herd of llamas" },
			want: []string{`warning title-changed: the title was this in v1; since v2 it is "The Llama 3 Herd of Models" | A Herd of Llamas | The Llama 3 Herd of Models | The Llama 3 Herd of Models`}},
		{name: "the list has the title of the version that it cites", version: 1, claim: seeds.Claim{Title: "A Herd of Llamas"}, change: func(p *arxiv.Paper) { p.Versions[0].Title = "A herd of llamas" }},
		{name: "the list has the older title in another form", claim: seeds.Claim{Title: "Llama: An Account of Many Llamas Grazing (2023)"},
			change: func(p *arxiv.Paper) { p.Versions[0].Title = "An account of many llamas grazing" },
			want:   []string{`warning title-changed: the title was this in v1; since v2 it is "The Llama 3 Herd of Models" | Llama: An Account of Many Llamas Grazing (2023) | The Llama 3 Herd of Models | The Llama 3 Herd of Models`}},
		{name: "the title went away and came back over the versions", claim: seeds.Claim{Title: "B"}, change: func(p *arxiv.Paper) { p.Versions[1].Title = "B" },
			want: []string{`warning title-changed: the title was this in v2; since v3 it is "The Llama 3 Herd of Models" | B | The Llama 3 Herd of Models | The Llama 3 Herd of Models`}},
		{name: "the list has the newest title, which an older version had too", claim: seeds.Claim{Title: title}},
		{name: "the older title is of a version whose text is not held", claim: seeds.Claim{Title: "B"}, change: func(p *arxiv.Paper) { p.Versions[0].Title, p.Versions[0].HasText = "B", false }},
		{name: "a title of no version is not of this kind", claim: seeds.Claim{Title: "Something else"}},

		{name: "Llama 3: the list has the first author of v1", claim: seeds.Claim{FirstAuthor: "Dubey et al."},
			want: []string{"info authors-changed: first author Abhimanyu Dubey is right for v1; since v3 it is Aaron Grattafiori | Dubey et al. | Aaron Grattafiori | "}},
		{name: "Llama 3: the list cites v1 by its first author", version: 1, claim: seeds.Claim{FirstAuthor: "Dubey et al."}},
		{name: "Llama 3: the list has the first author of v3", claim: seeds.Claim{FirstAuthor: "Grattafiori"}},
		{name: "a first author of no version is not of this kind", claim: seeds.Claim{FirstAuthor: "Touvron"}},
		{name: "the first author changed last week", events: []Event{happened(enrich.ChangeAuthors, "authors", "Abhimanyu Dubey, Aaron Grattafiori", "Aaron Grattafiori, Abhimanyu Dubey")},
			want: []string{"info authors-changed: the authors changed: first was Abhimanyu Dubey, now Aaron Grattafiori |  |  | "}},
		{name: "an author came", events: []Event{happened(enrich.ChangeAuthors, "authors", "Aaron Grattafiori", "Aaron Grattafiori, Abhimanyu Dubey")},
			want: []string{"info authors-changed: the authors changed: +1: Abhimanyu Dubey |  |  | "}},
		{name: "the authors came", events: []Event{happened(enrich.ChangeAuthors, "authors", "", "Aaron Grattafiori, Abhimanyu Dubey")},
			want: []string{"info authors-changed: the authors changed: +2: Aaron Grattafiori, Abhimanyu Dubey |  |  | "}},
		{name: "the authors changed and changed back", events: []Event{happened(enrich.ChangeAuthors, "authors", "Aaron Grattafiori, Abhimanyu Dubey", "X"), happened(enrich.ChangeAuthors, "authors", "X", "Aaron Grattafiori, Abhimanyu Dubey")}},

		{name: "withdrawn", change: func(p *arxiv.Paper) { p.Withdrawn = true }, want: []string{"error withdrawn: in v3 |  | withdrawn | "}},
		{name: "withdrawn, with a date and the authors' words", change: func(p *arxiv.Paper) {
			p.Withdrawn, p.Comment, p.Versions[2].Withdrawn, p.Versions[2].Submitted = true, "Withdrawn: Lemma 3 is wrong", true, at("2024-12-01")
		}, want: []string{`error withdrawn: in v3 of 2024-12-01: "Withdrawn: Lemma 3 is wrong" |  | withdrawn | `}},
		{name: "withdrawn, and the comment is about something else", change: func(p *arxiv.Paper) { p.Withdrawn, p.Comment = true, "12 pages" }, want: []string{"error withdrawn: in v3 |  | withdrawn | "}},
		{name: "withdrawn by a replacement", change: func(p *arxiv.Paper) { p.Withdrawn = true }, events: []Event{happened(enrich.ChangeReplaced, "version", "v2", "v3"), happened(enrich.ChangeWithdrawn, "withdrawn", "", "v3")},
			want: []string{"error withdrawn: in v3 |  | withdrawn | ", "info replaced: v3 of 2024-11-23 has replaced v2 | v2 | v3 | "}},
		{name: "withdrawn once and restored", events: []Event{happened(enrich.ChangeWithdrawn, "withdrawn", "", "v2"), happened(enrich.ChangeRestored, "withdrawn", "withdrawn", "v3")}},

		{name: "disappeared", change: func(p *arxiv.Paper) { p.Disappeared = at("2026-11-20") },
			want: []string{`error disappeared: arXiv does not know 2407.21783 any more (first missed 2026-11-20); it was "The Llama 3 Herd of Models" |  |  | `}},
		{name: "disappeared: nothing else matters", claim: seeds.Claim{FirstAuthor: "Dubey"}, change: func(p *arxiv.Paper) { p.Disappeared, p.Withdrawn = at("2026-11-20"), true },
			events: []Event{happened(enrich.ChangeReplaced, "version", "v2", "v3")},
			want:   []string{`error disappeared: arXiv does not know 2407.21783 any more (first missed 2026-11-20); it was "The Llama 3 Herd of Models" |  |  | `}},
		{name: "disappeared and back", events: []Event{happened(enrich.ChangeGone, "disappeared", "v3", ""), happened(enrich.ChangeRestored, "disappeared", "2026-11-17", "")}},

		{name: "a DOI appeared", change: func(p *arxiv.Paper) { p.DOIs, p.JournalRef = []string{"10.1000/x"}, "J. Test. 1" },
			events: []Event{happened(enrich.ChangePublished, "journal_ref", "", "J. Test. 1"), happened(enrich.ChangePublished, "doi", "", "10.1000/x")},
			want:   []string{"info published: since it was listed: 10.1000/x |  | 10.1000/x | 10.1000/x"}},
		{name: "a journal reference appeared", change: func(p *arxiv.Paper) { p.JournalRef = "J. Test. 1" }, events: []Event{happened(enrich.ChangePublished, "journal_ref", "", "J. Test. 1")},
			want: []string{"info published: since it was listed: J. Test. 1 |  | J. Test. 1 | J. Test. 1"}},
		{name: "a journal reference was taken back", events: []Event{happened(enrich.ChangePublished, "journal_ref", "J. Test. 1", "")}},
		{name: "a DOI that was there before", change: func(p *arxiv.Paper) { p.DOIs = []string{"10.1000/x"} }},

		{name: "comments, categories and licences are no findings", events: []Event{happened(enrich.ChangeComment, "comment", "1 page", "2 pages"), happened(enrich.ChangeCategories, "categories", "cs.AI", "cs.CL"),
			happened(enrich.ChangeLicense, "license", "a", "b"), happened(enrich.ChangeAbstract, "abstract", "a", "b")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := herd()
			if test.change != nil {
				test.change(&p)
			}
			cited := Cited{Citation: seeds.Citation{ID: p.ID, AsWritten: "arXiv:2407.21783", Line: 7, Version: test.version, Claim: test.claim}, List: "list.md", FirstSeen: listed}
			var got []string
			for _, f := range PaperFindings(tonight, cited, &p, test.unknown, test.events) {
				got = append(got, line(f))
				if f.Subject != "2407.21783" || f.List != "list.md" || f.Line != 7 {
					t.Errorf("%s is about %q in %s, line %d", f.Kind, f.Subject, f.List, f.Line)
				}
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestUnknownPaper(t *testing.T) {
	cited := Cited{Citation: seeds.Citation{ID: "2407.99999", AsWritten: "arXiv:2407.99999"}, List: "list.md"}
	if got := PaperFindings(tonight, cited, nil, time.Time{}, nil); got != nil {
		t.Errorf("not asked for yet: %+v", got)
	}
	got := PaperFindings(tonight, cited, nil, at("2026-11-20"), nil)
	if want := "error unknown-id: arXiv has no paper 2407.99999 (asked 2026-11-20) | arXiv:2407.99999 |  | "; len(got) != 1 || line(got[0]) != want {
		t.Errorf("got %+v, want %q", got, want)
	}
}

func TestMalformedFinding(t *testing.T) {
	m := seeds.Malformed{AsWritten: "arXiv:2413.00001", Reason: "month 13 does not exist", Line: 9, Column: 4}
	got := MalformedFinding("list.md", m)
	if want := `error malformed-id: "arXiv:2413.00001" is no arXiv identifier: month 13 does not exist | arXiv:2413.00001 |  | `; line(got) != want || got.Line != 9 || got.Subject != m.AsWritten {
		t.Errorf("got %+v, want %q", got, want)
	}
	m.Line = 12
	if moved := MalformedFinding("list.md", m); moved.Key != got.Key {
		t.Errorf("the key changes with the line: %s, %s", got.Key, moved.Key)
	}
	if other := MalformedFinding("other.md", m); other.Key == got.Key {
		t.Error("two lists have one key")
	}
}

// An event is news after the list was first read and for thirty days; a state lasts.
func TestNewsExpires(t *testing.T) {
	for _, test := range []struct {
		name string
		at   time.Time
		want bool
	}{
		{"just now", tonight, true},
		{"a day ago", tonight.AddDate(0, 0, -1), true},
		{"thirty days ago", tonight.Add(-newsFor), true},
		{"a second more than thirty days ago", tonight.Add(-newsFor - time.Second), false},
		{"to come: the clock was set back", tonight.Add(time.Hour), true},
	} {
		p := herd()
		cited := Cited{Citation: seeds.Citation{ID: p.ID}, List: "l", FirstSeen: listed}
		if got := len(PaperFindings(tonight, cited, &p, time.Time{}, []Event{happened(enrich.ChangeReplaced, "version", "v2", "v3").on(test.at)})) == 1; got != test.want {
			t.Errorf("%s: open %v, want %v", test.name, got, test.want)
		}
	}
	for _, test := range []struct {
		name   string
		listed time.Time
		want   bool
	}{
		{"listed before", lastWeek.Add(-time.Second), true},
		{"listed in the run that found it", lastWeek, false}, // the store stamps a whole run with one time
		{"listed after", lastWeek.Add(time.Second), false},
	} {
		p := herd()
		cited := Cited{Citation: seeds.Citation{ID: p.ID}, List: "l", FirstSeen: test.listed}
		if got := len(PaperFindings(tonight, cited, &p, time.Time{}, []Event{happened(enrich.ChangeReplaced, "version", "v2", "v3")})) == 1; got != test.want {
			t.Errorf("%s: open %v, want %v", test.name, got, test.want)
		}
	}
	p := herd()
	p.Withdrawn = true
	old := Cited{Citation: seeds.Citation{ID: p.ID, Claim: seeds.Claim{FirstAuthor: "Dubey"}}, List: "l", FirstSeen: listed}
	for _, now := range []time.Time{tonight, tonight.AddDate(10, 0, 0)} {
		if got := PaperFindings(now, old, &p, time.Time{}, []Event{happened(enrich.ChangeWithdrawn, "withdrawn", "", "v3")}); len(got) != 2 {
			t.Errorf("%v: %+v, want the withdrawal and the author, which are states", now, got)
		}
	}
}

// A finding's key is the same night after night and wherever the line moves to, and differs by kind, list and paper.
func TestKeys(t *testing.T) {
	key := func(now time.Time, list string, id arxiv.ID, lineNumber int, kind enrich.Kind, events ...Event) string {
		p := herd()
		p.ID, p.Withdrawn = id, true
		cited := Cited{Citation: seeds.Citation{ID: id, Line: lineNumber}, List: list, FirstSeen: listed}
		for _, f := range PaperFindings(now, cited, &p, time.Time{}, events) {
			if f.Kind == kind {
				return f.Key
			}
		}
		t.Errorf("%s %s: no finding of kind %s", list, id, kind)
		return ""
	}
	first, second := happened(enrich.ChangeReplaced, "version", "v1", "v2").on(tonight.AddDate(0, 0, -20)), happened(enrich.ChangeReplaced, "version", "v2", "v3")
	replaced := key(tonight, "a", "2407.21783", 1, enrich.KindReplaced, first, second)
	if !regexp.MustCompile(`^[0-9a-f]{12}$`).MatchString(replaced) {
		t.Errorf("key %q is not twelve hexadecimal digits", replaced)
	}
	for name, same := range map[string]string{
		"the next night":                key(tonight.AddDate(0, 0, 1), "a", "2407.21783", 1, enrich.KindReplaced, first, second),
		"the line moved":                key(tonight, "a", "2407.21783", 99, enrich.KindReplaced, first, second),
		"the first event is old by now": key(tonight.AddDate(0, 0, 15), "a", "2407.21783", 1, enrich.KindReplaced, first, second),
	} {
		if same != replaced {
			t.Errorf("%s: key %s, was %s", name, same, replaced)
		}
	}
	for name, other := range map[string]string{
		"another kind":  key(tonight, "a", "2407.21783", 1, enrich.KindWithdrawn, first),
		"another list":  key(tonight, "b", "2407.21783", 1, enrich.KindReplaced, first),
		"another paper": key(tonight, "a", "2407.21784", 1, enrich.KindReplaced, first),
	} {
		if other == replaced {
			t.Errorf("%s has the same key %s", name, other)
		}
	}
}

// Findings are printed one a line.
func TestMessagesAreLines(t *testing.T) {
	p := herd()
	p.Title, p.Withdrawn, p.Comment = "a\nb", true, "withdrawn\r\nindeed"
	p.Disappeared = tonight
	cited := Cited{Citation: seeds.Citation{ID: p.ID}, List: "l"}
	found := PaperFindings(tonight, cited, &p, time.Time{}, nil)
	p.Disappeared = time.Time{}
	found = append(found, PaperFindings(tonight, cited, &p, time.Time{}, []Event{happened(enrich.ChangeTitle, "title", "old\nname", "a\nb")})...)
	found = append(found, MalformedFinding("l", seeds.Malformed{AsWritten: "arXiv:\n1", Reason: "no"}))
	if len(found) != 4 {
		t.Errorf("%d findings, want 4: %+v", len(found), found)
	}
	for _, f := range found {
		if strings.ContainsAny(f.Message, "\r\n") {
			t.Errorf("%s: %q", f.Kind, f.Message)
		}
	}
}
