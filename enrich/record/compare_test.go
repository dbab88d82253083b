package record

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
)

func at(date string) time.Time {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	return t
}

func names(list ...string) []arxiv.Author {
	authors := make([]arxiv.Author, len(list))
	for i, name := range list {
		authors[i] = arxiv.Author{Name: name}
	}
	return authors
}

// stored is a paper as the store has it; every test changes its own copy.
func stored() arxiv.Paper {
	return arxiv.Paper{
		Record: arxiv.Record{
			ID: "0904.0001", Version: 2, Title: "On the Gödel operator", Authors: names("Kurt Gödel", "Paul Erdős"), Abstract: "We study α-decay in two steps.",
			Comment: "12 pages", JournalRef: "J. Test. 4 (2010) 1-9", DOIs: []string{"10.1000/one", "10.1000/two"}, PrimaryCategory: "math.LO", Categories: []string{"math.LO", "cs.LO"},
			Published: at("2009-04-01"), Submitted: at("2009-05-01"),
		},
		License: "http://arxiv.org/licenses/nonexclusive-distrib/1.0/", Submitter: "Kurt Gödel", FetchedAt: at("2020-01-01"),
	}
}

// summary is one change without its subject: kind, field, old and new.
func summary(changes []enrich.Change) []string {
	var lines []string
	for _, c := range changes {
		lines = append(lines, fmt.Sprintf("%s %s %q %q", c.Kind, c.Field, c.Old, c.New))
	}
	return lines
}

func TestCompare(t *testing.T) {
	tests := []struct {
		name   string
		change func(*arxiv.Record)
		want   []string
	}{
		{"nothing", func(r *arxiv.Record) {}, nil},
		{"a word of the title", func(r *arxiv.Record) { r.Title = "On the Gödel functor" }, []string{`title-changed title "On the Gödel operator" "On the Gödel functor"`}},
		{"the title in upper case", func(r *arxiv.Record) { r.Title = "On The Gödel Operator" }, []string{`title-changed title "On the Gödel operator" "On The Gödel Operator"`}},
		{"an author more", func(r *arxiv.Record) { r.Authors = names("Kurt Gödel", "Paul Erdős", "Alfred Tarski") },
			[]string{`authors-changed authors "Kurt Gödel, Paul Erdős" "Kurt Gödel, Paul Erdős, Alfred Tarski"`}},
		{"the order of the authors", func(r *arxiv.Record) { r.Authors = names("Paul Erdős", "Kurt Gödel") }, []string{`authors-changed authors "Kurt Gödel, Paul Erdős" "Paul Erdős, Kurt Gödel"`}},
		{"an accent of an author", func(r *arxiv.Record) { r.Authors = names("Kurt Godel", "Paul Erdős") }, []string{`authors-changed authors "Kurt Gödel, Paul Erdős" "Kurt Godel, Paul Erdős"`}},
		{"the abstract", func(r *arxiv.Record) { r.Abstract = "We study α-decay in three steps." },
			[]string{`abstract-changed abstract "We study α-decay in two steps." "We study α-decay in three steps."`}},
		{"the comment", func(r *arxiv.Record) { r.Comment = "13 pages" }, []string{`comment-changed comment "12 pages" "13 pages"`}},
		{"the comment gone", func(r *arxiv.Record) { r.Comment = "" }, []string{`comment-changed comment "12 pages" ""`}},
		{"the journal", func(r *arxiv.Record) { r.JournalRef = "J. Test. 5 (2011) 1-9" }, []string{`published journal_ref "J. Test. 4 (2010) 1-9" "J. Test. 5 (2011) 1-9"`}},
		{"one DOI less", func(r *arxiv.Record) { r.DOIs = r.DOIs[:1] }, []string{`published doi "10.1000/one 10.1000/two" "10.1000/one"`}},
		{"a category more", func(r *arxiv.Record) { r.Categories = []string{"math.LO", "cs.LO", "math.CT"} }, []string{`categories-changed categories "math.LO cs.LO" "math.LO cs.LO math.CT"`}},
		{"another primary category", func(r *arxiv.Record) { r.PrimaryCategory, r.Categories = "cs.LO", []string{"cs.LO", "math.LO"} },
			[]string{`categories-changed categories "math.LO cs.LO" "cs.LO math.LO"`}},
		{"a new version with the same texts", func(r *arxiv.Record) { r.Version = 4 }, []string{`replaced version "v2" "v4"`}},
		{"a new version with another title", func(r *arxiv.Record) { r.Version, r.Title = 3, "Gödel" },
			[]string{`replaced version "v2" "v3"`, `title-changed title "On the Gödel operator" "Gödel"`}},
		{"everything, in the order of a report", func(r *arxiv.Record) {
			*r = arxiv.Record{ID: r.ID, Version: 3, Title: "t", Authors: names("a"), Abstract: "b", Comment: "c", JournalRef: "j", DOIs: []string{"d"}, Categories: []string{"k"}}
		}, []string{`replaced version "v2" "v3"`, `title-changed title "On the Gödel operator" "t"`, `authors-changed authors "Kurt Gödel, Paul Erdős" "a"`,
			`abstract-changed abstract "We study α-decay in two steps." "b"`, `comment-changed comment "12 pages" "c"`, `published journal_ref "J. Test. 4 (2010) 1-9" "j"`,
			`published doi "10.1000/one 10.1000/two" "d"`, `categories-changed categories "math.LO cs.LO" "k"`}},

		// What arXiv may write in two ways, and what is not compared at all.
		{"white space", func(r *arxiv.Record) {
			r.Title, r.Abstract, r.Comment = "On the\n  Gödel operator ", "  We study α-decay\n  in two steps.\n", "12\tpages"
		}, nil},
		{"TeX accents", func(r *arxiv.Record) {
			r.Title, r.Authors = `On the G\"odel operator`, names(`Kurt G{\"o}del`, `Paul Erd\H{o}s`)
		}, nil},
		{"TeX accents in braces", func(r *arxiv.Record) {
			r.Title, r.Authors = `On the G\"{o}del operator`, names(`Kurt G{\"o}del`, `Paul Erd{\H o}s`)
		}, nil},
		{"a Greek letter in TeX", func(r *arxiv.Record) { r.Abstract = `We study \alpha-decay in two steps.` }, nil},
		{"a letter taken apart", func(r *arxiv.Record) { r.Title = "On the Go\u0308del operator" }, nil},
		{"affiliations", func(r *arxiv.Record) {
			r.Authors = []arxiv.Author{{Name: "Kurt Gödel", Affiliations: []string{"IAS"}}, {Name: "Paul Erdős"}}
		}, nil},
		{"the time of the version, which the feeds of November 2025 have wrong", func(r *arxiv.Record) { r.Submitted = at("2025-11-12") }, nil},
		{"an older version from a stale cache", func(r *arxiv.Record) { r.Version, r.Title, r.Comment = 1, "An earlier title", "" }, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			old := stored()
			rec := old.Record
			test.change(&rec)
			changes := Compare(&old, rec)
			if got := summary(changes); !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			for _, c := range changes {
				if c.ID != old.ID {
					t.Errorf("%s: change of %q", c.Kind, c.ID)
				}
			}
		})
	}
}

func TestCompareNewAndRestored(t *testing.T) {
	p := stored()
	p.Title = "On the\n G\\\"odel operator"
	if got, want := summary(Compare(nil, p.Record)), []string{`new title "" "On the Gödel operator"`}; !slices.Equal(got, want) {
		t.Errorf("a paper never seen: %q, want %q", got, want)
	}
	p.Disappeared = time.Date(2026, 3, 1, 23, 0, 0, 0, time.FixedZone("", -2*3600))
	rec := p.Record
	if got, want := summary(Compare(&p, rec)), []string{`restored disappeared "2026-03-02" ""`}; !slices.Equal(got, want) {
		t.Errorf("back again: %q, want %q", got, want)
	}
	rec.Version = 3
	if got, want := summary(Compare(&p, rec)), []string{`restored disappeared "2026-03-02" ""`, `replaced version "v2" "v3"`}; !slices.Equal(got, want) {
		t.Errorf("back with a new version: %q, want %q", got, want)
	}
}

// textOf makes a text of everything that titles and abstracts are made of, and of what should never be in them.
func textOf(r *rand.Rand) string {
	pieces := []string{"operator", "Gödel", `G\"odel`, `{\'e}`, `\c{c}`, `\alpha`, `$\beta$`, " e\u0301", "ﬁ", "\n  ", "\t", " ", "  ", "{", "}", `\`, "$x^2$", "\xff", "\x00", "İ",
		"深度", "10.1000/x;", ", ", "\u2028", "a", "Z", "—", `\cite{x}`, "&amp;", "<b>"}
	var b strings.Builder
	for range r.IntN(12) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

func listOf(r *rand.Rand) []string {
	var list []string
	for range r.IntN(5) {
		list = append(list, textOf(r))
	}
	return list
}

func randomPaper(r *rand.Rand) arxiv.Paper {
	p := arxiv.Paper{Record: arxiv.Record{
		ID: arxiv.ID(fmt.Sprintf("2401.%05d", 1+r.IntN(99999))), Version: 1 + r.IntN(20), Title: textOf(r), Authors: names(listOf(r)...), Abstract: textOf(r), Comment: textOf(r),
		JournalRef: textOf(r), DOIs: listOf(r), Categories: listOf(r), Submitted: at("2024-01-02").Add(time.Duration(r.IntN(1e6)) * time.Second),
	}}
	for i := range p.Authors {
		p.Authors[i].Affiliations = listOf(r)
	}
	return p
}

// What was stored compares equal with itself, and with itself after the normalisation that storing applies; and every
// change has two different sides that are normal texts.
func TestCompareLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(1991, 8))
	for range 5000 {
		p := randomPaper(r)
		if got := Compare(&p, p.Record); got != nil {
			t.Fatalf("%+v differs from itself: %q", p, summary(got))
		}
		normal := p.Record
		normal.Title, normal.Abstract, normal.Comment, normal.JournalRef = arxiv.Text(p.Title), arxiv.Text(p.Abstract), arxiv.Text(p.Comment), arxiv.Text(p.JournalRef)
		normal.Authors = nil
		for _, a := range p.Authors {
			normal.Authors = append(normal.Authors, arxiv.Author{Name: arxiv.Text(a.Name)})
		}
		if got := Compare(&p, normal); got != nil {
			t.Fatalf("%+v differs from its normal form: %q", p, summary(got))
		}
		other := randomPaper(r).Record
		other.ID, other.Version = p.ID, p.Version+r.IntN(2)
		there, back := Compare(&p, other), Compare(&arxiv.Paper{Record: other}, p.Record)
		for _, c := range there {
			if c.Old == c.New {
				t.Fatalf("%s %s: %q on both sides", c.Kind, c.Field, c.Old)
			}
		}
		if other.Version == p.Version && len(there) != len(back) {
			t.Fatalf("%d changes there, %d back: %q, %q", len(there), len(back), summary(there), summary(back))
		}
	}
}

func TestCompareRaw(t *testing.T) {
	versions := func(last string, kb int) []arxiv.RawVersion {
		return []arxiv.RawVersion{{Number: 1, SizeKB: 40}, {Number: 2, SizeKB: kb, SourceType: last}}
	}
	same := stored().License
	tests := []struct {
		name   string
		change func(*arxiv.Paper)
		raw    arxiv.RawRecord
		want   []string
	}{
		{"nothing", nil, arxiv.RawRecord{License: same, Versions: versions("", 40)}, nil},
		{"another licence", nil, arxiv.RawRecord{License: "http://creativecommons.org/licenses/by/4.0/", Versions: versions("", 40)},
			[]string{`license-changed license "http://arxiv.org/licenses/nonexclusive-distrib/1.0/" "http://creativecommons.org/licenses/by/4.0/"`}},
		{"the first licence had", func(p *arxiv.Paper) { p.License = "" }, arxiv.RawRecord{License: same, Versions: versions("", 40)}, nil},
		{"raw TeX against the query API's text", nil, arxiv.RawRecord{License: same, Title: `On the G\"odel operator`, Comment: "other", Versions: versions("", 40)}, nil},
		{"withdrawn", nil, arxiv.RawRecord{License: same, Versions: versions("I", 0)}, []string{`withdrawn withdrawn "" "v2"`}},
		{"withdrawn, known", func(p *arxiv.Paper) { p.Withdrawn = true }, arxiv.RawRecord{License: same, Versions: versions("I", 0)}, nil},
		{"a live version after the withdrawal", func(p *arxiv.Paper) { p.Withdrawn = true }, arxiv.RawRecord{License: same, Versions: versions("", 40)},
			[]string{`restored withdrawn "withdrawn" "v2"`}},
		{"a newer version than the query API has, withdrawn", func(p *arxiv.Paper) { p.Version = 1 }, arxiv.RawRecord{License: same, Versions: versions("I", 0)},
			[]string{`withdrawn withdrawn "" "v2"`}},
		{"an older one than the query API has: its word is not about the newest", func(p *arxiv.Paper) { p.Version = 3 }, arxiv.RawRecord{License: same, Versions: versions("I", 0)}, nil},
		{"an older one, which does not restore", func(p *arxiv.Paper) { p.Version, p.Withdrawn = 3, true }, arxiv.RawRecord{License: same, Versions: versions("", 40)}, nil},
		{"no version at all", nil, arxiv.RawRecord{License: same}, nil},
	}
	for _, test := range tests {
		old := stored()
		if test.change != nil {
			test.change(&old)
		}
		test.raw.ID = old.ID
		if got := summary(CompareRaw(old, test.raw)); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// withdrawals are facts of two records of arXiv's own OAI-PMH test data: the sizes and source types of their versions, what
// is said of withdrawal, and which versions are withdrawn.
var withdrawals = []struct {
	id        arxiv.ID
	sizes     []int
	types     []string
	comment   string
	withdrawn []int
}{
	// Withdrawn before there was a source type for it.
	{"0906.3336", []int{8, 0}, []string{"", ""}, "This paper has been withdrawn", []int{2}},
	// Withdrawn twice, and live again each time.
	{"0908.3762", []int{17, 0, 21, 0, 23}, []string{"", "I", "", "I", ""}, "21 pages", []int{2, 4}},
}

func TestWithdrawn(t *testing.T) {
	for _, fact := range withdrawals {
		raw := arxiv.RawRecord{ID: fact.id, Comment: fact.comment}
		for i, size := range fact.sizes {
			raw.Versions = append(raw.Versions, arxiv.RawVersion{Number: i + 1, SizeKB: size, SourceType: fact.types[i]})
		}
		for number := range len(fact.sizes) + 2 {
			if got, want := Withdrawn(raw, number), slices.Contains(fact.withdrawn, number); got != want {
				t.Errorf("%s: Withdrawn %v, want %v", fact.id.Versioned(number), got, want)
			}
		}
	}
	one := func(kb int, source, comment, abstract string) arxiv.RawRecord {
		return arxiv.RawRecord{Comment: comment, Abstract: abstract, Versions: []arxiv.RawVersion{{Number: 1, SizeKB: kb, SourceType: source}}}
	}
	emptyFirst := arxiv.RawRecord{Comment: "v1 was withdrawn", Versions: []arxiv.RawVersion{{Number: 1}, {Number: 2, SizeKB: 9}}}
	for _, test := range []struct {
		name string
		raw  arxiv.RawRecord
		want bool
	}{
		{"an empty older version: the words are the newest one's", emptyFirst, false},
		{"a source of 484 bytes", one(0, "", "one page", "We prove it."), false},
		{"words and a source", one(9, "", "an appendix of v1 was withdrawn", "We prove it."), false},
		{"no size given", one(-1, "", "withdrawn", ""), false},
		{"empty, and the abstract says so", one(0, "", "", "This paper has been WITHDRAWN by the author."), true},
		{"several letters", one(3, "AI", "", ""), true},
		{"source not public", one(0, "S", "", ""), false},
	} {
		if got := Withdrawn(test.raw, 1); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestSpeaksOfWithdrawal(t *testing.T) {
	for _, test := range []struct {
		comment, abstract string
		want              bool
	}{
		{"", "", false},
		{"12 pages", "We study retention.", false},
		{"This paper has been withdrawn", "", true},
		{"Withdrawn: an error in Lemma 3", "", true},
		{"(withdrawn)", "", true},
		{"{\\bf Withdrawn}", "", true},
		{"The authors withdraw this paper", "", true},
		{"retracted by the journal", "", true},
		{"", "This paper has been withdrawn by the author due to an error.", true},
		{"", strings.Repeat("We study banks. ", 30) + "Then deposits are withdrawn.", false},
		{"", strings.Repeat("é", 400) + " withdrawn", false}, // the cut falls into a letter
		{"overdrawn, undrawn", "notwithdrawn", false},
	} {
		if got := SpeaksOfWithdrawal(arxiv.Record{Comment: test.comment, Abstract: test.abstract}); got != test.want {
			t.Errorf("%q, %.40q: %v, want %v", test.comment, test.abstract, got, test.want)
		}
	}
}

// TestRecordedWithdrawals reads the recorded answers that the table above has its facts from.
func TestRecordedWithdrawals(t *testing.T) {
	for _, fact := range withdrawals {
		path := filepath.Join("..", "..", "shared", "data", "wire", "oai_server", "getrecord", string(fact.id)+".arXivRaw.xml")
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("recorded data not present: ", path)
		}
		if err != nil {
			t.Fatal(err)
		}
		var answer struct {
			Raw struct {
				Versions []struct {
					Version string `xml:"version,attr"`
					Size    string `xml:"size"`
					Source  string `xml:"source_type"`
				} `xml:"version"`
				Comment  string `xml:"comments"`
				Abstract string `xml:"abstract"`
			} `xml:"GetRecord>record>metadata>arXivRaw"`
		}
		if err := xml.Unmarshal(data, &answer); err != nil {
			t.Fatal(err)
		}
		raw := arxiv.RawRecord{ID: fact.id, Comment: answer.Raw.Comment, Abstract: answer.Raw.Abstract}
		for _, v := range answer.Raw.Versions {
			number, err := strconv.Atoi(strings.TrimPrefix(v.Version, "v"))
			if err != nil {
				t.Fatal(err)
			}
			kb, err := strconv.Atoi(strings.TrimSuffix(v.Size, "kb"))
			if err != nil {
				t.Fatal(err)
			}
			raw.Versions = append(raw.Versions, arxiv.RawVersion{Number: number, SizeKB: kb, SourceType: v.Source})
		}
		var got []int
		for _, v := range raw.Versions {
			if Withdrawn(raw, v.Number) {
				got = append(got, v.Number)
			}
		}
		if len(raw.Versions) != len(fact.sizes) || !slices.Equal(got, fact.withdrawn) {
			t.Errorf("%s: %d versions, withdrawn %v, want %d and %v", fact.id, len(raw.Versions), got, len(fact.sizes), fact.withdrawn)
		}
	}
}
