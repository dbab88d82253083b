package storage

import (
	"fmt"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/record"
)

// history is what OAI-PMH says of 2001.00001: versions of 1 kB and more, a day apart.
func history(versions int, edits ...func(*arxiv.RawRecord)) arxiv.RawRecord {
	raw := arxiv.RawRecord{ID: "2001.00001", Datestamp: "2026-11-02", Submitter: "Ada  Lovelace", License: "https://creativecommons.org/licenses/by/4.0/", Title: "A raw $\\alpha$ title"}
	for n := 1; n <= versions; n++ {
		raw.Versions = append(raw.Versions, arxiv.RawVersion{Number: n, Submitted: night(1).AddDate(0, 0, n), SizeKB: n, SourceType: "D"})
	}
	for _, edit := range edits {
		edit(&raw)
	}
	return raw
}

func mergeRaw(t *testing.T, db *DB, now time.Time, raws ...arxiv.RawRecord) []string {
	t.Helper()
	var changes []enrich.Change
	inRun(t, db, now, func(r *Run) (err error) {
		changes, err = r.MergeRaw(t.Context(), raws)
		return err
	})
	return told(changes)
}

func versionsOf(t *testing.T, db *DB) (lines []string) {
	t.Helper()
	for _, v := range mustPaper(t, db, "2001.00001").Versions {
		lines = append(lines, fmt.Sprintf("v%d %s %d kB %q text %t withdrawn %t %s", v.Number, v.Submitted.Format(time.DateOnly), v.SizeKB, v.SourceType, v.HasText, v.Withdrawn, v.Title))
	}
	return lines
}

// TestHistory: dates, sizes and source types of all versions; the query API's texts stay.
func TestHistory(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 2))
	checkEqual(t, "versions before", versionsOf(t, db), []string{`v2 2026-11-01 -1 kB "" text true withdrawn false Title of 2001.00001`})
	checkEqual(t, "changes", mergeRaw(t, db, night(3), history(2), arxiv.RawRecord{ID: "2009.99999", Versions: []arxiv.RawVersion{{Number: 1}}}), nil)
	checkEqual(t, "versions", versionsOf(t, db), []string{
		`v1 2026-11-02 1 kB "D" text false withdrawn false `,
		`v2 2026-11-03 2 kB "D" text true withdrawn false Title of 2001.00001`})
	p := mustPaper(t, db, "2001.00001")
	if p.License != "https://creativecommons.org/licenses/by/4.0/" || p.Submitter != "Ada Lovelace" || p.Withdrawn {
		t.Errorf("%+v", p)
	}
	holding := holdingOf(t, db, night(3), "2001.00001")
	if holding.RawVersion != 2 || !holding.RawAt.Equal(night(3)) || len(holding.LackingText) != 1 {
		t.Errorf("%+v", holding)
	}
	before := dump(t, db)
	inRun(t, db, night(3), func(r *Run) error {
		_, err := r.MergeRaw(t.Context(), []arxiv.RawRecord{history(2)})
		return err
	})
	checkEqual(t, "stored after the same again", dump(t, db), before)
	checkSound(t, db)
}

func holdingOf(t *testing.T, db *DB, now time.Time, id string) record.Holding {
	t.Helper()
	holdings, err := db.HoldingsOf(t.Context(), []arxiv.ID{arxiv.ID(id)}, now)
	if err != nil || len(holdings) != 1 {
		t.Fatal(holdings, err)
	}
	return holdings[0]
}

// TestSizes: 0 kB is a size, none is none, and one that is not told any more is not kept as if it were.
func TestSizes(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 2))
	mergeRaw(t, db, night(3), history(2, func(r *arxiv.RawRecord) { r.Versions[0].SizeKB, r.Versions[1].SizeKB = 0, -1 }))
	checkEqual(t, "sizes", rows(t, db, "SELECT version, size_kb, size_kb IS NULL FROM versions ORDER BY version"), []string{"1|0|0", "2||1"})
	mergeRaw(t, db, night(4), history(2))
	checkEqual(t, "sizes", rows(t, db, "SELECT version, size_kb FROM versions ORDER BY version"), []string{"1|1", "2|2"})
}

// TestLicense: the first licence is no change, another one is.
func TestLicense(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 1))
	license := func(url string) func(*arxiv.RawRecord) { return func(r *arxiv.RawRecord) { r.License = url } }
	checkEqual(t, "none", mergeRaw(t, db, night(3), history(1, license(""))), nil)
	checkEqual(t, "the first", mergeRaw(t, db, night(4), history(1, license("a"))), nil)
	checkEqual(t, "another", mergeRaw(t, db, night(5), history(1, license("b"))), []string{"2001.00001 license-changed license: a -> b"})
	checkEqual(t, "the same", mergeRaw(t, db, night(6), history(1, license("b"))), nil)
}

// TestWithdrawal is decided by the history, told once, and undone by a later version.
func TestWithdrawal(t *testing.T) {
	db := newStore(t)
	withdrawn := func(r *arxiv.RawRecord) { r.Versions[len(r.Versions)-1].SourceType = "I" }
	speaks := func(r *arxiv.Record) { r.Comment = "This paper has been withdrawn" }
	merge(t, db, night(2), recordOf("2001.00001", 1))
	if holdingOf(t, db, night(2), "2001.00001").RawDue {
		t.Error("due without a word of it")
	}
	merge(t, db, night(3), recordOf("2001.00001", 2, speaks))
	if mustPaper(t, db, "2001.00001").Withdrawn || !holdingOf(t, db, night(3), "2001.00001").RawDue {
		t.Error("a comment alone makes a paper withdrawn, or does not make it due")
	}

	checkEqual(t, "a history that lags", mergeRaw(t, db, night(4), history(1)), nil)
	if p := mustPaper(t, db, "2001.00001"); p.Withdrawn {
		t.Error("withdrawn by an older history")
	}
	checkEqual(t, "withdrawn", mergeRaw(t, db, night(5), history(2, withdrawn)), []string{"2001.00001 withdrawn withdrawn:  -> v2"})
	checkEqual(t, "withdrawn still", mergeRaw(t, db, night(6), history(2, withdrawn)), nil)
	checkEqual(t, "lagging again", mergeRaw(t, db, night(7), history(1)), nil)
	p := mustPaper(t, db, "2001.00001")
	if !p.Withdrawn || !p.Versions[1].Withdrawn || p.Versions[0].Withdrawn || holdingOf(t, db, night(7), "2001.00001").RawDue {
		t.Errorf("%+v", p)
	}
	checkEqual(t, "views", rows(t, db, "SELECT withdrawn FROM papers"), []string{"1"})

	checkEqual(t, "a new version", merge(t, db, night(8), recordOf("2001.00001", 3)),
		[]string{"2001.00001 replaced version: v2 -> v3", "2001.00001 comment-changed comment: This paper has been withdrawn -> 3 pages"})
	if !mustPaper(t, db, "2001.00001").Withdrawn {
		t.Error("restored before the history says so")
	}
	checkEqual(t, "restored", mergeRaw(t, db, night(9), history(3, func(r *arxiv.RawRecord) { r.Versions[1].SourceType = "I" })),
		[]string{"2001.00001 restored withdrawn: withdrawn -> v3"})
	if p := mustPaper(t, db, "2001.00001"); p.Withdrawn || !p.Versions[1].Withdrawn || p.Versions[2].Withdrawn {
		t.Errorf("%+v", p)
	}
	checkSound(t, db)
}

// TestHistoryAhead: OAI-PMH may know a version before the query API does; the paper stays at the one whose text is held.
func TestHistoryAhead(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 1))
	mergeRaw(t, db, night(3), history(2))
	if p := mustPaper(t, db, "2001.00001"); p.Version != 1 || len(p.Versions) != 1 {
		t.Errorf("v%d, %d versions", p.Version, len(p.Versions))
	}
	for p, err := range db.Papers(t.Context(), PaperFilter{}) {
		if err != nil || len(p.Versions) != 1 {
			t.Errorf("streamed: %d versions, %v", len(p.Versions), err)
		}
	}
	merge(t, db, night(4), recordOf("2001.00001", 2, titled("Second")))
	checkEqual(t, "versions", versionsOf(t, db), []string{
		`v1 2026-11-02 1 kB "D" text true withdrawn false Title of 2001.00001`,
		`v2 2026-11-01 2 kB "D" text true withdrawn false Second`})
	checkSound(t, db)
}

// TestUnknown: a paper that was never had is unknown until it is had; one that was held has disappeared until it is back.
func TestUnknown(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 2))
	mark := func(now time.Time, ids ...arxiv.ID) []string {
		t.Helper()
		var changes []enrich.Change
		inRun(t, db, now, func(r *Run) (err error) {
			changes, err = r.MarkUnknown(t.Context(), ids)
			return err
		})
		return told(changes)
	}
	checkEqual(t, "the first night", mark(night(3), "2001.00001", "2009.99999", "2001.00001"), []string{"2001.00001 disappeared disappeared: v2 -> "})
	before := dump(t, db)
	checkEqual(t, "the second", mark(night(4), "2001.00001", "2009.99999"), nil)
	checkEqual(t, "stored", dump(t, db), before)
	if h := holdingOf(t, db, night(4), "2001.00001"); !h.Known || !h.Disappeared || !h.UnknownAt.IsZero() {
		t.Errorf("%+v", h)
	}
	if h := holdingOf(t, db, night(4), "2009.99999"); h.Known || h.Disappeared || !h.UnknownAt.Equal(night(3)) {
		t.Errorf("%+v", h)
	}
	if p := mustPaper(t, db, "2001.00001"); !p.Disappeared.Equal(night(3)) || p.Title == "" {
		t.Errorf("%+v", p)
	}
	checkEqual(t, "an older record of it", merge(t, db, night(5), recordOf("2001.00001", 1)), nil)

	checkEqual(t, "back", merge(t, db, night(6), recordOf("2001.00001", 2), recordOf("2009.99999", 1)),
		[]string{"2001.00001 restored disappeared: 2026-11-03 -> ", "2009.99999 new title:  -> Title of 2009.99999"})
	checkEqual(t, "unknown", rows(t, db, "SELECT id FROM unknown"), nil)
	if p := mustPaper(t, db, "2001.00001"); !p.Disappeared.IsZero() {
		t.Errorf("%+v", p)
	}
	checkEqual(t, "gone again, back again", append(mark(night(7), "2001.00001"), merge(t, db, night(8), recordOf("2001.00001", 3))...),
		[]string{"2001.00001 disappeared disappeared: v2 -> ", "2001.00001 restored disappeared: 2026-11-07 -> ", "2001.00001 replaced version: v2 -> v3"})
	checkSound(t, db)
}
