package storage

import (
	"fmt"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich/record"
)

// runOver is a run over lists that ends with the given result.
func runOver(t *testing.T, db *DB, now time.Time, lists []string, result Result, do func(*Run) error) {
	t.Helper()
	run, err := db.Begin(t.Context(), "sync", lists, now)
	if err != nil {
		t.Fatal(err)
	}
	if do != nil {
		if err := do(run); err != nil {
			t.Fatal(err)
		}
	}
	if err := run.End(t.Context(), now.Add(time.Minute), result); err != nil {
		t.Fatal(err)
	}
}

// fetched is what Holdings says about when each cited paper was last known to be right.
func fetched(t *testing.T, db *DB, now time.Time, lists ...string) (lines []string) {
	t.Helper()
	runOver(t, db, now, nil, Result{}, func(r *Run) error {
		holdings, err := r.Holdings(t.Context(), lists)
		for _, h := range holdings {
			day := "never"
			if !h.FetchedAt.IsZero() {
				day = h.FetchedAt.Format(time.DateOnly)
			}
			lines = append(lines, fmt.Sprintf("%s v%d %s", h.ID, h.Version, day))
		}
		return err
	})
	return lines
}

// TestHoldingsOfLists: what the lists cite now, each paper once, in order; known or not.
func TestHoldingsOfLists(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 2), recordOf("2001.00005", 1), recordOf("hep-th/9901001", 3))
	saveLists(t, db, night(2), reading("a.md", "hep-th/9901001", "2001.00002", "2001.00001", "2001.00001"), reading("b.md", "2001.00001", "2001.00005"))
	checkEqual(t, "a.md", fetched(t, db, night(2), "a.md"), []string{"2001.00001 v2 2026-11-02", "2001.00002 v0 never", "hep-th/9901001 v3 2026-11-02"})
	checkEqual(t, "both", fetched(t, db, night(2), "b.md", "a.md"),
		[]string{"2001.00001 v2 2026-11-02", "2001.00002 v0 never", "2001.00005 v1 2026-11-02", "hep-th/9901001 v3 2026-11-02"})
	checkEqual(t, "none", fetched(t, db, night(2)), nil)
	checkEqual(t, "another", fetched(t, db, night(2), "c.md"), nil)
	saveLists(t, db, night(3), reading("a.md", "2001.00002"))
	checkEqual(t, "what has left", fetched(t, db, night(3), "a.md"), []string{"2001.00002 v0 never"})
}

// TestCoverage: a complete, believed run over a list that cited the paper then makes the paper fresh, though nothing was
// written about it; no other run does.
func TestCoverage(t *testing.T) {
	t.Parallel()
	evil := "a\x00\xff\xff.md"
	for _, test := range []struct {
		name   string
		lists  []string
		result Result
		want   string
	}{
		{"complete", []string{"other.md", "a.md"}, Result{Complete: true}, "2026-11-09"},
		{"incomplete", []string{"a.md"}, Result{}, "2026-11-02"},
		{"distrusted", []string{"a.md"}, Result{Complete: true, Distrusted: true}, "2026-11-02"},
		{"over another list", []string{"other.md"}, Result{Complete: true}, "2026-11-02"},
		{"over no list", nil, Result{Complete: true}, "2026-11-02"},
		{"over a list that cited it before", []string{"past.md"}, Result{Complete: true}, "2026-11-02"},
		{"over a list that cites it since", []string{"later.md"}, Result{Complete: true}, "2026-11-02"},
		{"over a list with a strange name", []string{evil}, Result{Complete: true}, "2026-11-09"},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := newStore(t)
			merge(t, db, night(2), recordOf("2001.00001", 1))
			saveLists(t, db, night(3), reading("a.md", "2001.00001"), reading("past.md", "2001.00001"), reading(evil, "2001.00001"))
			saveLists(t, db, night(4), reading("past.md"))
			runOver(t, db, night(9), test.lists, test.result, nil)
			saveLists(t, db, night(10), reading("later.md", "2001.00001"))
			checkEqual(t, "fetched", fetched(t, db, night(11), "a.md"), []string{"2001.00001 v1 " + test.want})
		})
	}
}

// TestCoverageOfLaterNights: the newest counts, of the lists together; a paper that is had later is as fresh as that.
func TestCoverageOfLaterNights(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 1), recordOf("2001.00002", 1))
	saveLists(t, db, night(3), reading("a.md", "2001.00001", "2001.00009"), reading("b.md", "2001.00002", "2001.00009"))
	done := Result{Complete: true}
	runOver(t, db, night(4), []string{"a.md", "b.md"}, done, nil)
	runOver(t, db, night(5), []string{"a.md"}, done, nil)
	runOver(t, db, night(6), []string{"a.md", "b.md"}, Result{}, nil)
	checkEqual(t, "fetched", fetched(t, db, night(7), "a.md", "b.md"), []string{"2001.00001 v1 2026-11-05", "2001.00002 v1 2026-11-04", "2001.00009 v0 2026-11-05"})
	merge(t, db, night(8), recordOf("2001.00002", 2))
	checkEqual(t, "fetched", fetched(t, db, night(9), "b.md"), []string{"2001.00002 v2 2026-11-08", "2001.00009 v0 2026-11-05"})
}

// TestCoverageIsKept: however many runs failed or were over other lists since, the last good one over a list counts.
func TestCoverageIsKept(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(1), recordOf("2001.00001", 1))
	saveLists(t, db, night(2), reading("a.md", "2001.00001"))
	runOver(t, db, night(3), []string{"a.md"}, Result{Complete: true}, nil)
	for range 5 {
		runOver(t, db, night(4), []string{"a.md"}, Result{}, nil) // one that failed counts for nothing
		runOver(t, db, night(4), []string{"a.md"}, Result{Complete: true, Distrusted: true}, nil)
		runOver(t, db, night(5), []string{"b.md"}, Result{Complete: true}, nil)
	}
	checkEqual(t, "fetched", fetched(t, db, night(6), "a.md"), []string{"2001.00001 v1 2026-11-03"})
}

// TestHoldingsAgree: the plan before anything is written and the plan of the run see the same.
func TestHoldingsAgree(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 3), recordOf("2001.00002", 1))
	saveLists(t, db, night(2), reading("a.md", "2001.00001", "2001.00002", "2001.00003"))
	runOver(t, db, night(3), []string{"a.md"}, Result{Complete: true}, func(r *Run) error {
		_, err := r.MarkUnknown(t.Context(), []arxiv.ID{"2001.00002", "2001.00003"})
		return err
	})
	before, err := db.HoldingsOf(t.Context(), []arxiv.ID{"2001.00001", "2001.00002", "2001.00003"}, night(4))
	if err != nil {
		t.Fatal(err)
	}
	var inside []record.Holding
	runOver(t, db, night(4), nil, Result{}, func(r *Run) error {
		inside, err = r.Holdings(t.Context(), []string{"a.md"})
		return err
	})
	if fmt.Sprintf("%+v", before) != fmt.Sprintf("%+v", inside) || len(inside) != 3 {
		t.Errorf("before %+v\ninside %+v", before, inside)
	}
	never, err := db.HoldingsOf(t.Context(), []arxiv.ID{"2009.99999", "2009.99999"}, night(4))
	if err != nil || len(never) != 2 || fmt.Sprintf("%+v", never[0]) != fmt.Sprintf("%+v", record.Holding{ID: "2009.99999"}) {
		t.Errorf("%+v, %v", never, err)
	}
	if none, err := db.HoldingsOf(t.Context(), nil, night(4)); err != nil || len(none) != 0 {
		t.Errorf("%+v, %v", none, err)
	}
}

// TestMissing: what a run that was not believed has missed is known in the next, until a run that asked for it says otherwise;
// and what it stored is not fresh.
func TestMissing(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(1), recordOf("2001.00001", 1), recordOf("2001.00002", 1), recordOf("2001.00003", 1))
	saveLists(t, db, night(1), reading("a.md", "2001.00001", "2001.00002", "2001.00003"))
	ids := []arxiv.ID{"2001.00001", "2001.00002", "2001.00003"}
	missed := func(now time.Time) (missed []string) {
		holdings, err := db.HoldingsOf(t.Context(), ids, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range holdings {
			if h.MissedBefore {
				missed = append(missed, string(h.ID))
			}
		}
		return missed
	}
	for i, step := range []struct{ asked, missing, want []arxiv.ID }{
		{ids, ids[:2], ids[:2]},
		{ids, ids[1:], ids[1:]},
		{ids[:1], nil, ids[1:]}, // of the others nothing was asked
		{ids, nil, nil},
	} {
		runOver(t, db, night(2+i), []string{"a.md"}, Result{Distrusted: step.missing != nil}, func(r *Run) error {
			return r.NoteMissing(t.Context(), step.asked, step.missing)
		})
		checkEqual(t, fmt.Sprint("step ", i), missed(night(3+i)), texted(step.want))
	}
	runOver(t, db, night(9), []string{"a.md"}, Result{Distrusted: true}, func(r *Run) error {
		_, err := r.MergeRecords(t.Context(), []arxiv.Record{recordOf("2001.00001", 2)})
		return err
	})
	checkEqual(t, "after a run that was not believed", fetched(t, db, night(10), "a.md"), []string{"2001.00001 v2 never", "2001.00002 v1 2026-11-01", "2001.00003 v1 2026-11-01"})
	runOver(t, db, night(11), []string{"a.md"}, Result{Complete: true}, nil)
	checkEqual(t, "after one that was", fetched(t, db, night(12), "a.md"), []string{"2001.00001 v2 2026-11-11", "2001.00002 v1 2026-11-11", "2001.00003 v1 2026-11-11"})
}

func texted(ids []arxiv.ID) (all []string) {
	for _, id := range ids {
		all = append(all, string(id))
	}
	return all
}
