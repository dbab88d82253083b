package storage

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich/record"
	"syncer/seeds"
)

// reading is a list that cites the papers, a line each.
func reading(name string, ids ...string) seeds.List {
	list := seeds.List{Name: name, Format: seeds.Markdown}
	for i, id := range ids {
		list.Citations = append(list.Citations, seeds.Citation{ID: arxiv.ID(id), AsWritten: "arXiv:" + id, Line: i + 1, Column: 3, Section: "Models",
			Claim: seeds.Claim{Title: "Claimed " + id, FirstAuthor: "Lovelace", Year: 2020}, Ignored: []string{"year-differs"}})
	}
	return list
}

func withLinks(list seeds.List, urls ...string) seeds.List {
	for i, url := range urls {
		list.Links = append(list.Links, seeds.Link{URL: url, AsWritten: url, Title: "a link", Line: i + 1, Column: 9, Section: "Web"})
	}
	return list
}

func citations(t *testing.T, db *DB) []string {
	t.Helper()
	return rows(t, db, "SELECT list, id, line, substr(first_seen, 9, 2), substr(gone_at, 9, 2) FROM citations ORDER BY list, id, first_seen, line")
}

func checkChange(t *testing.T, changes ListChanges, list string, added, gone int) {
	t.Helper()
	if got, ok := changes[list]; !ok || got != (ListChange{Added: added, Gone: gone}) {
		t.Errorf("%s: %+v (there: %t), want %d added, %d gone", list, got, ok, added, gone)
	}
}

// TestListTwice: a list that did not change writes nothing.
func TestListTwice(t *testing.T) {
	db := newStore(t)
	list := withLinks(reading("a.md", "2001.00001", "2001.00002", "2001.00001"), "https://a.example/", "https://b.example/", "https://a.example/")
	list.Malformed = []seeds.Malformed{{AsWritten: "2413.00001", Reason: "month 13 does not exist", Line: 7, Column: 2, Section: "Models"}, {AsWritten: "2413.00001", Line: 8}}
	checkChange(t, saveLists(t, db, night(2), list), "a.md", 8, 0)
	before, rowsBefore := written(t, db), dump(t, db)
	checkChange(t, saveLists(t, db, night(3), list), "a.md", 0, 0)
	if n := written(t, db) - before; n != quietRun {
		t.Errorf("%d rows written", n)
	}
	checkEqual(t, "stored", dump(t, db), rowsBefore)
	checkSound(t, db)
}

// TestEveryFieldOfAMention: each is stored, and each change of one is noticed.
func TestEveryFieldOfAMention(t *testing.T) {
	db := newStore(t)
	list := withLinks(reading("a.md", "2001.00001"), "https://a.example/")
	list.Malformed = []seeds.Malformed{{AsWritten: "2413.00001", Reason: "month 13 does not exist", Line: 7, Column: 2, Section: "Models"}}
	saveLists(t, db, night(2), list)
	c, l, m := &list.Citations[0], &list.Links[0], &list.Malformed[0]
	for i, edit := range []func(){
		func() { c.Version = 3 }, func() { c.AsWritten = "2001.00001v3" }, func() { c.Line = 9 }, func() { c.Column = 8 }, func() { c.Section = "Other" },
		func() { c.Key = "lovelace2020" }, func() { c.Claim.Title = "Other" }, func() { c.Claim.FirstAuthor = "Borel" }, func() { c.Claim.Year = 2021 },
		func() { c.Ignored = nil },
		func() { l.AsWritten = "other" }, func() { l.Title = "other" }, func() { l.Line = 7 }, func() { l.Column = 1 }, func() { l.Section = "Other" },
		func() { m.Reason = "other" }, func() { m.Line = 4 }, func() { m.Column = 3 }, func() { m.Section = "Other" },
	} {
		edit()
		before := written(t, db)
		checkChange(t, saveLists(t, db, night(3), list), "a.md", 0, 0)
		if n := written(t, db) - before; n != quietRun+1 {
			t.Errorf("edit %d: %d rows written", i, n-quietRun)
		}
	}
	checkEqual(t, "citation", rows(t, db, `SELECT list, id, rank, version, as_written, line, col, section, bib_key, title, author, year, ignored, first_seen, gone_at FROM citation`),
		[]string{"1|2001.00001|0|3|2001.00001v3|9|8|Other|lovelace2020|Other|Borel|2021|null|2026-11-02T03:00:00Z|"})
	checkEqual(t, "link", rows(t, db, "SELECT list, url, rank, as_written, title, line, col, section, first_seen, gone_at FROM link_mention"),
		[]string{"1|https://a.example/|0|other|other|7|1|Other|2026-11-02T03:00:00Z|"})
	checkEqual(t, "malformed", rows(t, db, "SELECT list, as_written, rank, reason, line, col, section, first_seen, gone_at FROM malformed"),
		[]string{"1|2413.00001|0|other|4|3|Other|2026-11-02T03:00:00Z|"})
}

// TestMentionsComeAndGo: a moved line is no new citation; what left keeps its row and the day; what is back keeps its first day.
func TestMentionsComeAndGo(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(2), withLinks(reading("a.md", "2001.00001", "2001.00002"), "https://a.example/"))
	checkChange(t, saveLists(t, db, night(3), withLinks(reading("a.md", "2001.00003", "2001.00002", "2001.00001"), "https://a.example/")), "a.md", 1, 0)
	checkEqual(t, "one added, two moved", citations(t, db), []string{"a.md|2001.00001|3|02|", "a.md|2001.00002|2|02|", "a.md|2001.00003|1|03|"})

	checkChange(t, saveLists(t, db, night(4), reading("a.md", "2001.00002")), "a.md", 0, 3)
	gone := []string{"a.md|2001.00001|3|02|04", "a.md|2001.00002|1|02|", "a.md|2001.00003|1|03|04"}
	checkEqual(t, "two gone", citations(t, db), gone)
	checkEqual(t, "a link gone", rows(t, db, "SELECT url, verdict, gone_at FROM links"), []string{"https://a.example/|unchecked|2026-11-04T03:00:00Z"})
	checkChange(t, saveLists(t, db, night(5), reading("a.md", "2001.00002")), "a.md", 0, 0)
	checkEqual(t, "still gone, since then", citations(t, db), gone)

	checkChange(t, saveLists(t, db, night(6), withLinks(reading("a.md", "2001.00002", "2001.00001"), "https://a.example/")), "a.md", 2, 0)
	checkEqual(t, "one back", citations(t, db), []string{"a.md|2001.00001|2|02|", "a.md|2001.00002|1|02|", "a.md|2001.00003|1|03|04"})
	checkEqual(t, "the link back", rows(t, db, "SELECT url, first_seen, gone_at FROM links"), []string{"https://a.example/|2026-11-02T03:00:00Z|"})

	checkChange(t, saveLists(t, db, night(7), seeds.List{Name: "a.md", Format: seeds.Plain}), "a.md", 0, 3)
	checkEqual(t, "the list, as it is now", rows(t, db, "SELECT name, format, first_seen FROM list"), []string{"a.md|plain|2026-11-02T03:00:00Z"})
	checkSound(t, db)
}

// TestMentionsOfOnePaper are told apart by their order: when one leaves, it is the last.
func TestMentionsOfOnePaper(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(2), reading("a.md", "2001.00001", "2001.00001", "2001.00001"))
	checkChange(t, saveLists(t, db, night(3), reading("a.md", "2001.00002", "2001.00001", "2001.00001")), "a.md", 1, 1)
	checkEqual(t, "ranks", rows(t, db, "SELECT id, rank, line, gone_at IS NOT NULL FROM citation ORDER BY id, rank"),
		[]string{"2001.00001|0|2|0", "2001.00001|1|3|0", "2001.00001|2|3|1", "2001.00002|0|1|0"})
}

// TestListsShareAPaper: each list has its own citation, and one leaving it is not the other leaving it.
func TestListsShareAPaper(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 1))
	changes := saveLists(t, db, night(2), withLinks(reading("a.md", "2001.00001"), "https://a.example/"), withLinks(reading("b.md", "2001.00001", "2001.00002"), "https://a.example/"))
	checkChange(t, changes, "a.md", 2, 0)
	checkChange(t, changes, "b.md", 3, 0)
	checkEqual(t, "lists", mustPaper(t, db, "2001.00001").Lists, []string{"a.md", "b.md"})
	checkEqual(t, "links", rows(t, db, "SELECT url FROM link"), []string{"https://a.example/"})

	checkChange(t, saveLists(t, db, night(3), reading("a.md")), "a.md", 0, 2)
	p := mustPaper(t, db, "2001.00001")
	checkEqual(t, "lists", p.Lists, []string{"b.md"})
	want := []CitationView{{List: "b.md", Line: 1, Section: "Models", Claim: seeds.Claim{Title: "Claimed 2001.00001", FirstAuthor: "Lovelace", Year: 2020}}}
	if !reflect.DeepEqual(p.Citations, want) {
		t.Errorf("%+v", p.Citations)
	}
	for p, err := range db.Papers(t.Context(), PaperFilter{}) {
		if err != nil || !slices.Equal(p.Lists, []string{"b.md"}) {
			t.Errorf("streamed %v, %v", p.Lists, err)
		}
	}
	status, err := db.Status(t.Context(), night(9))
	if err != nil || status.Citations != 2 || status.Links != 1 || status.Lists != 2 {
		t.Errorf("%+v, %v", status, err)
	}
}

// TestSameNameTwice: a list given twice in one run is the last of them.
func TestSameNameTwice(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(2), reading("a.md", "2001.00001"), reading("a.md", "2001.00001", "2001.00002"))
	checkEqual(t, "citations", citations(t, db), []string{"a.md|2001.00001|1|02|", "a.md|2001.00002|2|02|"})
}

// TestSnapshotOfAList: what is in it now, in its order.
func TestSnapshotOfAList(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(2), withLinks(reading("b.md", "2001.00003", "2001.00001"), "https://z.example/", "https://a.example/"), reading("a.md", "2001.00001"), reading("empty.md"))
	saveLists(t, db, night(3), withLinks(reading("b.md", "2001.00002", "2001.00001"), "https://z.example/"))
	err := db.Snapshot(t.Context(), func(s *Snapshot) error {
		names, err := s.ListNames(t.Context())
		checkEqual(t, "names", names, []string{"a.md", "b.md"})
		if err != nil {
			return err
		}
		list, err := s.List(t.Context(), "b.md")
		if err != nil {
			return err
		}
		if list.Format != "markdown" || len(list.Citations) != 2 || list.Citations[0].ID != "2001.00002" || list.Citations[1].Title != "Claimed 2001.00001" {
			t.Errorf("%+v", list)
		}
		if len(list.Links) != 1 || list.Links[0].URL != "https://z.example/" || list.Links[0].Verdict != "unchecked" || !list.Links[0].CheckedAt.IsZero() {
			t.Errorf("%+v", list.Links)
		}
		none, err := s.List(t.Context(), "none.md")
		if none.Format != "" || none.Citations != nil || none.Links != nil {
			t.Errorf("%+v", none)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestLongList: ten thousand citations and as many links come, move by a line, and go.
func TestLongList(t *testing.T) {
	t.Parallel()
	const n, papers = 1000 * large, 900 * large
	db := newStore(t)
	ids, urls := make([]string, n), make([]string, n)
	for i := range ids {
		ids[i], urls[i] = fmt.Sprintf("2001.%05d", i%papers+1), fmt.Sprintf("https://a.example/%d", i)
	}
	checkChange(t, saveLists(t, db, night(2), withLinks(reading("a.md", ids...), urls...)), "a.md", 2*n, 0)
	before := written(t, db)
	checkChange(t, saveLists(t, db, night(3), withLinks(reading("a.md", ids...), urls...)), "a.md", 0, 0)
	if got := written(t, db) - before; got != quietRun {
		t.Errorf("%d rows written for the same list", got)
	}
	checkChange(t, saveLists(t, db, night(4), reading("a.md", append([]string{"hep-th/9901001"}, ids...)...)), "a.md", 1, n)
	checkEqual(t, "citations", rows(t, db, "SELECT count(*), count(DISTINCT id), max(line) FROM citations WHERE gone_at IS NULL"), []string{fmt.Sprintf("%d|%d|%d", n+1, papers+1, n+1)})
	inRun(t, db, night(4), func(r *Run) error {
		holdings, err := r.Holdings(t.Context(), []string{"a.md", "a.md", "none.md"})
		if len(holdings) != papers+1 || !slices.IsSortedFunc(holdings, func(a, b record.Holding) int { return strings.Compare(string(a.ID), string(b.ID)) }) {
			t.Errorf("%d holdings", len(holdings))
		}
		return err
	})
	checkChange(t, saveLists(t, db, night(5), reading("a.md")), "a.md", 0, n+1)
	if status, err := db.Status(t.Context(), night(9)); err != nil || status.Citations != 0 || status.Links != 0 {
		t.Errorf("%+v, %v", status, err)
	}
	checkSound(t, db)
}

// TestHostileMentions: what a list has in it is stored as text that any reader can read, and is the same the next night.
func TestHostileMentions(t *testing.T) {
	db := newStore(t)
	evil := "\x00a\xff'\");DROP TABLE paper;--\u202e\n"
	list := seeds.List{Name: evil, Format: seeds.Plain, Citations: []seeds.Citation{{ID: "2001.00001", AsWritten: evil, Section: evil, Key: evil, Claim: seeds.Claim{Title: evil, FirstAuthor: evil}}},
		Links: []seeds.Link{{URL: evil, AsWritten: evil, Title: evil, Section: evil}}, Malformed: []seeds.Malformed{{AsWritten: evil, Reason: evil, Section: evil}}}
	saveLists(t, db, night(2), list)
	before := dump(t, db)
	checkChange(t, saveLists(t, db, night(2).Add(time.Hour), list), evil, 0, 0)
	checkEqual(t, "stored", dump(t, db), before)
	clean := "a\ufffd'\");DROP TABLE paper;--\u202e\n"
	checkEqual(t, "texts", rows(t, db, "SELECT title, author, section, list FROM citations"), []string{clean + "|" + clean + "|" + clean + "|" + clean})
	inRun(t, db, night(3), func(r *Run) error {
		holdings, err := r.Holdings(t.Context(), []string{evil})
		if len(holdings) != 1 {
			t.Errorf("%d holdings of the list", len(holdings))
		}
		judgement, judgeErr := r.Judge(t.Context(), []string{evil})
		if len(judgement.Opened) != 1 || judgeErr != nil {
			t.Errorf("%+v, %v", judgement, judgeErr)
		}
		return err
	})
	checkSound(t, db)
}
