package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/record"
)

// TestMergeTwice: the same records again write nothing at all, and so do records that differ only in how arXiv's software
// writes them out.
func TestMergeTwice(t *testing.T) {
	db := newStore(t)
	var records []arxiv.Record
	for i := range 50 {
		records = append(records, recordOf(fmt.Sprintf("2001.%05d", i+1), 1+i%3))
	}
	if changes := merge(t, db, night(2), records...); len(changes) != len(records) || changes[0] != "2001.00001 new title:  -> Title of 2001.00001" {
		t.Fatalf("%d changes: %q", len(changes), changes[0])
	}
	before, rowsBefore := written(t, db), dump(t, db)
	for i := range records {
		r := &records[i]
		r.Title = "  " + strings.ReplaceAll(r.Title, " ", "\n  ")
		r.Authors = slices.Clone(r.Authors)
		r.Authors[1].Name = `\'Emile  Borel`
		r.Submitted = r.Submitted.Add(time.Hour) // as the feeds of November 2025 did
	}
	checkEqual(t, "changes", merge(t, db, night(3), records...), nil)
	if n := written(t, db) - before; n != quietRun {
		t.Errorf("%d rows written", n)
	}
	checkEqual(t, "stored", dump(t, db), rowsBefore)
	checkSound(t, db)
}

// TestMergeChanges: what differs between the stored record and the next one is told, and the next one is stored.
func TestMergeChanges(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*arxiv.Record)
		want   []string
	}{
		{"a replacement", func(r *arxiv.Record) { r.Version = 3 }, []string{"2001.00001 replaced version: v2 -> v3"}},
		{"a replacement with another title", func(r *arxiv.Record) { r.Version, r.Title = 3, "Other" },
			[]string{"2001.00001 replaced version: v2 -> v3", "2001.00001 title-changed title: Title of 2001.00001 -> Other"}},
		{"the title", func(r *arxiv.Record) { r.Title = "Other" }, []string{"2001.00001 title-changed title: Title of 2001.00001 -> Other"}},
		{"the comment", func(r *arxiv.Record) { r.Comment = "4 pages" }, []string{"2001.00001 comment-changed comment: 3 pages -> 4 pages"}},
		{"the comment goes", func(r *arxiv.Record) { r.Comment = "" }, []string{"2001.00001 comment-changed comment: 3 pages -> "}},
		{"the abstract", func(r *arxiv.Record) { r.Abstract = "Another." }, []string{"2001.00001 abstract-changed abstract: An abstract. -> Another."}},
		{"the order of the authors", func(r *arxiv.Record) { slices.Reverse(r.Authors) },
			[]string{"2001.00001 authors-changed authors: Ada Lovelace, Émile Borel -> Émile Borel, Ada Lovelace"}},
		{"the authors go", func(r *arxiv.Record) { r.Authors = nil }, []string{"2001.00001 authors-changed authors: Ada Lovelace, Émile Borel -> "}},
		{"a category", func(r *arxiv.Record) { r.Categories = append(r.Categories, "stat.ML") }, []string{"2001.00001 categories-changed categories: cs.CL cs.LG -> cs.CL cs.LG stat.ML"}},
		{"the primary category", func(r *arxiv.Record) { r.PrimaryCategory, r.Categories = "cs.LG", []string{"cs.LG", "cs.CL"} },
			[]string{"2001.00001 categories-changed categories: cs.CL cs.LG -> cs.LG cs.CL"}},
		{"a DOI", func(r *arxiv.Record) { r.DOIs = []string{"10.1/a", "10.1/b"} }, []string{"2001.00001 published doi:  -> 10.1/a 10.1/b"}},
		{"a journal reference", func(r *arxiv.Record) { r.JournalRef = "J. Tests 1" }, []string{"2001.00001 published journal_ref:  -> J. Tests 1"}},
		{"affiliations, which are stored and no news", func(r *arxiv.Record) { r.Authors[0].Affiliations = []string{"London"} }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := newStore(t)
			merge(t, db, night(2), recordOf("2001.00001", 2), recordOf("2001.00002", 1))
			other := mustPaper(t, db, "2001.00002")
			next := recordOf("2001.00001", 2)
			test.change(&next)
			checkEqual(t, "changes", merge(t, db, night(3), next), test.want)
			var logged []string
			changes, err := db.Changes(t.Context(), night(3), 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				logged = append(logged, told([]enrich.Change{c.Change})...)
				if !c.At.Equal(night(3)) || c.Run != 2 {
					t.Errorf("noticed %s by run %d", c.At, c.Run)
				}
			}
			checkEqual(t, "the log", logged, test.want)
			p := mustPaper(t, db, "2001.00001")
			if got, want := fmt.Sprintf("%+v", p.Record), fmt.Sprintf("%+v", storableRecord(next)); got != want {
				t.Errorf("stored\n%s, want\n%s", got, want)
			}
			if !p.FetchedAt.Equal(night(3)) || !mustPaper(t, db, "2001.00002").FetchedAt.Equal(other.FetchedAt) {
				t.Errorf("fetched %s, and the other paper %s", p.FetchedAt, mustPaper(t, db, "2001.00002").FetchedAt)
			}
			checkEqual(t, "changes, the second time", merge(t, db, night(4), next), nil)
			checkSound(t, db)
		})
	}
}

// TestReplacementKeepsTheOlderText: each version has its own words, and search finds the newest only.
func TestReplacementKeepsTheOlderText(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 1, titled("Herring")))
	merge(t, db, night(3), recordOf("2001.00001", 2, titled("Salmon")))
	p := mustPaper(t, db, "2001.00001")
	var versions []string
	for _, v := range p.Versions {
		versions = append(versions, fmt.Sprintf("v%d %s %s %t", v.Number, v.Title, v.Submitted.Format(time.TimeOnly), v.HasText))
	}
	checkEqual(t, "versions", versions, []string{"v1 Herring 04:00:00 true", "v2 Salmon 05:00:00 true"})
	for query, want := range map[string]int{"herring": 0, "salmon": 1} {
		if found, err := db.Search(t.Context(), query, 10); err != nil || len(found) != want {
			t.Errorf("%s: %d papers, %v", query, len(found), err)
		}
	}
	checkSound(t, db)
}

// TestStaleRecord: an answer from before a replacement that is known overwrites nothing.
func TestStaleRecord(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 2))
	before, rowsBefore := written(t, db), dump(t, db)
	checkEqual(t, "changes", merge(t, db, night(3), recordOf("2001.00001", 1, titled("Old"))), nil)
	if n := written(t, db) - before; n != quietRun {
		t.Errorf("%d rows written", n)
	}
	checkEqual(t, "stored", dump(t, db), rowsBefore)
}

// TestTwiceInABatch: the second record of a paper meets the first.
func TestTwiceInABatch(t *testing.T) {
	db := newStore(t)
	got := merge(t, db, night(2), recordOf("2001.00001", 1), recordOf("2001.00001", 1), recordOf("2001.00001", 2), recordOf("2001.00001", 1))
	checkEqual(t, "changes", got, []string{"2001.00001 new title:  -> Title of 2001.00001", "2001.00001 replaced version: v1 -> v2"})
	checkEqual(t, "papers", rows(t, db, "SELECT id, version FROM papers"), []string{"2001.00001|2"})
	checkSound(t, db)
}

// TestOldIdentifiers and versions far apart are nothing special.
func TestOldIdentifiers(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("hep-th/9901001", 12), recordOf("math/0309136", 1))
	checkEqual(t, "papers", rows(t, db, "SELECT id, version FROM papers ORDER BY id"), []string{"hep-th/9901001|12", "math/0309136|1"})
	lacking(t, db, night(2), "hep-th/9901001", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
}

func lacking(t *testing.T, db *DB, now time.Time, id string, want ...int) {
	t.Helper()
	holdings, err := db.HoldingsOf(t.Context(), []arxiv.ID{arxiv.ID(id)}, now)
	if err != nil || len(holdings) != 1 {
		t.Fatal(holdings, err)
	}
	checkEqual(t, "versions lacking at "+stamp(now), holdings[0].LackingText, want)
}

func mergeVersions(t *testing.T, db *DB, now time.Time, records []arxiv.Record, absent ...record.VersionRef) {
	t.Helper()
	inRun(t, db, now, func(r *Run) error { return r.MergeVersions(t.Context(), records, absent) })
}

// TestOlderVersions are filled in without touching the current record or the index, and what cannot be had is not asked
// for again for 30 days.
func TestOlderVersions(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 4, titled("Newest")))
	lacking(t, db, night(2), "2001.00001", 1, 2, 3)
	mergeVersions(t, db, night(2), []arxiv.Record{
		recordOf("2001.00001", 2, titled("Second")),
		recordOf("2001.00001", 4, titled("Newest as the versions' answer has it")), // current: not this answer's business
		recordOf("2001.00001", 5, titled("Newer")),                                 // left to the next night
		recordOf("2009.99999", 1),                                                  // of a paper that is not held
	}, record.VersionRef{ID: "2001.00001", Version: 3}, record.VersionRef{ID: "2009.99999", Version: 1})
	lacking(t, db, night(2), "2001.00001", 1)
	p := mustPaper(t, db, "2001.00001")
	if p.Version != 4 || p.Title != "Newest" || len(p.Versions) != 2 || p.Versions[0].Title != "Second" {
		t.Errorf("%+v", p)
	}
	checkEqual(t, "papers", rows(t, db, "SELECT id, title FROM papers"), []string{"2001.00001|Newest"})

	lacking(t, db, night(2).Add(absentFor-time.Second), "2001.00001", 1)
	lacking(t, db, night(2).Add(absentFor), "2001.00001", 1, 3)
	mergeVersions(t, db, night(2).Add(absentFor), nil, record.VersionRef{ID: "2001.00001", Version: 3})
	lacking(t, db, night(2).Add(absentFor*2-time.Second), "2001.00001", 1)
	mergeVersions(t, db, night(2).Add(absentFor*2), []arxiv.Record{recordOf("2001.00001", 3, titled("Third")), recordOf("2001.00001", 1, titled("First"))})
	lacking(t, db, night(2).Add(absentFor*9), "2001.00001")
	checkEqual(t, "versions", rows(t, db, "SELECT version, title FROM versions ORDER BY version"), []string{"1|First", "2|Second", "3|Third", "4|Newest"})
	checkSound(t, db)
}

// TestAllOrNothing: a batch of which one record cannot be stored, or that is cancelled half way, leaves nothing.
func TestAllOrNothing(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 1))
	if _, err := db.write.ExecContext(t.Context(), "CREATE TRIGGER refuse BEFORE INSERT ON paper WHEN NEW.id = '2001.00009' BEGIN SELECT RAISE(ABORT, 'refused'); END"); err != nil {
		t.Fatal(err)
	}
	before := dump(t, db)
	run, err := db.Begin(t.Context(), "sync", nil, night(3))
	if err != nil {
		t.Fatal(err)
	}
	batch := []arxiv.Record{recordOf("2001.00001", 2), recordOf("2001.00008", 1), recordOf("2001.00009", 1)}
	changes, err := run.MergeRecords(t.Context(), batch)
	if err == nil || !strings.Contains(err.Error(), "2001.00009") || strings.Contains(err.Error(), "\n") || changes != nil {
		t.Errorf("changes %v, error %v", changes, err)
	}
	checkEqual(t, "stored after a refusal", dump(t, db), before)

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := run.MergeRecords(cancelled, batch[:2]); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	checkEqual(t, "stored after a cancellation", dump(t, db), before)
	if err := run.End(cancelled, night(3), Result{Error: "stopped"}); err != nil {
		t.Error(err)
	}
	checkEqual(t, "runs", rows(t, db, "SELECT run, error FROM runs ORDER BY run"), []string{"1|", "2|stopped"})
	checkEqual(t, "changes", merge(t, db, night(4), batch[0]), []string{"2001.00001 replaced version: v1 -> v2"})
	checkSound(t, db)
}
