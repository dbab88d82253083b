package storage

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// citing is a list that cites without claiming anything, so that nothing is wrong but what happened to the papers.
func citing(name string, ids ...string) seeds.List {
	list := reading(name, ids...)
	for i := range list.Citations {
		list.Citations[i].Claim, list.Citations[i].Ignored = seeds.Claim{}, nil
	}
	return list
}

// judged is a night of judging: what opened with a plus, what closed with a minus.
func judged(t *testing.T, db *DB, now time.Time, lists ...string) []string {
	t.Helper()
	lines := []string{}
	runOver(t, db, now, lists, Result{Complete: true}, func(r *Run) error {
		judgement, err := r.Judge(t.Context(), lists)
		for _, f := range judgement.Opened {
			lines = append(lines, fmt.Sprintf("+%s %s %s:%d", f.Kind, f.Subject, f.List, f.Line))
		}
		for _, f := range judgement.Closed {
			lines = append(lines, fmt.Sprintf("-%s %s %s:%d", f.Kind, f.Subject, f.List, f.Line))
		}
		return err
	})
	return lines
}

// open is what DB.Findings gives, with the days of its dates.
func open(t *testing.T, db *DB, f FindingFilter) []string {
	t.Helper()
	findings, err := db.Findings(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	day := func(at time.Time) string {
		if at.IsZero() {
			return "-"
		}
		return fmt.Sprint(at.Day())
	}
	for _, v := range findings {
		lines = append(lines, fmt.Sprintf("%s %s:%d first %s last %s resolved %s ignored %t", v.Kind, v.List, v.Line, day(v.FirstSeen), day(v.LastSeen), day(v.ResolvedAt), v.Ignored))
	}
	return lines
}

func markUnknown(t *testing.T, db *DB, now time.Time, ids ...arxiv.ID) {
	t.Helper()
	inRun(t, db, now, func(r *Run) error {
		_, err := r.MarkUnknown(t.Context(), ids)
		return err
	})
}

// TestFindingsComeAndGo: open, seen again without a write, closed, open again with its first day.
func TestFindingsComeAndGo(t *testing.T) {
	db := newStore(t)
	now := FindingFilter{Now: night(20)}
	saveLists(t, db, night(2), citing("a.md", "2001.00001", "2009.99999"))
	merge(t, db, night(2), recordOf("2001.00001", 1))
	checkEqual(t, "before anything was asked", judged(t, db, night(2), "a.md"), nil)
	markUnknown(t, db, night(3), "2009.99999")
	checkEqual(t, "unknown", judged(t, db, night(3), "a.md"), []string{"+unknown-id 2009.99999 a.md:2"})
	before := written(t, db)
	checkEqual(t, "still unknown", judged(t, db, night(4), "a.md"), nil)
	if n := written(t, db) - before; n != quietRun+quietList {
		t.Errorf("%d rows written for a finding that stays", n)
	}
	checkEqual(t, "findings", open(t, db, now), []string{"unknown-id a.md:2 first 3 last 4 resolved - ignored false"})

	saveLists(t, db, night(5), citing("a.md", "2001.00001", "2001.00001", "2009.99999"))
	checkEqual(t, "its line moves", judged(t, db, night(5), "a.md"), []string{"+duplicate 2001.00001 a.md:2"})
	saveLists(t, db, night(5), citing("a.md", "2009.99999", "2001.00001"))
	checkEqual(t, "and again", judged(t, db, night(5), "a.md"), []string{"-duplicate 2001.00001 a.md:2"})
	checkEqual(t, "findings", open(t, db, now), []string{"unknown-id a.md:1 first 3 last 5 resolved - ignored false"})

	merge(t, db, night(6), recordOf("2009.99999", 1))
	checkEqual(t, "the paper appears", judged(t, db, night(6), "a.md"), []string{"-unknown-id 2009.99999 a.md:1"})
	checkEqual(t, "findings", open(t, db, now), nil)
	checkEqual(t, "still there", judged(t, db, night(7), "a.md"), nil)
	markUnknown(t, db, night(8), "2009.99999", "2001.00001")
	checkEqual(t, "both disappear", judged(t, db, night(8), "a.md"), []string{"+disappeared 2009.99999 a.md:1", "+disappeared 2001.00001 a.md:2"})
	merge(t, db, night(9), recordOf("2001.00001", 1))
	checkEqual(t, "one is back", judged(t, db, night(9), "a.md"), []string{"-disappeared 2001.00001 a.md:2"})
	markUnknown(t, db, night(10), "2001.00001")
	checkEqual(t, "and gone again", judged(t, db, night(10), "a.md"), []string{"+disappeared 2001.00001 a.md:2"})
	checkEqual(t, "findings", open(t, db, now), []string{"disappeared a.md:1 first 8 last 10 resolved - ignored false", "disappeared a.md:2 first 8 last 10 resolved - ignored false"})

	saveLists(t, db, night(11), citing("a.md", "2001.00001"))
	checkEqual(t, "cited no more", judged(t, db, night(11), "a.md"), []string{"-disappeared 2009.99999 a.md:1"})
	now.History = true
	checkEqual(t, "history", open(t, db, now), []string{"disappeared a.md:1 first 8 last 11 resolved 11 ignored false", "disappeared a.md:1 first 8 last 11 resolved - ignored false",
		"unknown-id a.md:1 first 3 last 6 resolved 6 ignored false", "duplicate a.md:2 first 5 last 5 resolved 5 ignored false"})
	checkSound(t, db)
}

// TestFindingsByList: each list has its own, and only the judged list's are touched, and of those only the judged kinds.
func TestFindingsByList(t *testing.T) {
	db := newStore(t)
	malformed := citing("a.md")
	malformed.Malformed = []seeds.Malformed{{AsWritten: "2413.00001", Reason: "month 13 does not exist", Line: 4}}
	saveLists(t, db, night(2), malformed, citing("b.md", "2009.99999"), citing("c.md", "2009.99999"))
	markUnknown(t, db, night(2), "2009.99999")
	if _, err := db.write.ExecContext(t.Context(), `INSERT INTO finding (key, kind, severity, subject, list, line, col, claimed, actual, suggestion, message, first_seen)
		VALUES ('k', 'broken', 'error', 'https://a.example/', (SELECT n FROM list WHERE name = 'b.md'), 9, 1, '', '', '', '', ?)`, stamp(night(2))); err != nil {
		t.Fatal(err)
	}
	checkEqual(t, "all", judged(t, db, night(3), "b.md", "a.md", "c.md"),
		[]string{"+unknown-id 2009.99999 b.md:1", "+malformed-id 2413.00001 a.md:4", "+unknown-id 2009.99999 c.md:1"})
	merge(t, db, night(4), recordOf("2009.99999", 1))
	checkEqual(t, "one", judged(t, db, night(4), "b.md"), []string{"-unknown-id 2009.99999 b.md:1"})
	checkEqual(t, "none", judged(t, db, night(5)), nil)
	now := FindingFilter{Now: night(20)}
	checkEqual(t, "findings", open(t, db, now), []string{"malformed-id a.md:4 first 3 last 3 resolved - ignored false", "broken b.md:9 first 2 last 4 resolved - ignored false",
		"unknown-id c.md:1 first 3 last 3 resolved - ignored false"})
	now.Lists = []string{"c.md", "none.md"}
	checkEqual(t, "of a list", open(t, db, now), []string{"unknown-id c.md:1 first 3 last 3 resolved - ignored false"})
	now.Lists = []string{}
	checkEqual(t, "of no list", open(t, db, now), nil)
	checkEqual(t, "by a paper's own", mustPaper(t, db, "2009.99999").Findings, rows(t, db, "SELECT key FROM findings WHERE list = 'c.md'"))
	status, err := db.Status(t.Context(), night(9))
	if err != nil || fmt.Sprint(status.OpenFindings) != "map[broken:1 malformed-id:1 unknown-id:1]" {
		t.Errorf("%v, %v", status.OpenFindings, err)
	}
}

// TestLastSeen: by runs that are complete and believed, over the list.
func TestLastSeen(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(2), citing("a.md", "2009.99999"))
	markUnknown(t, db, night(2), "2009.99999")
	runOver(t, db, night(3), []string{"a.md"}, Result{}, func(r *Run) error {
		_, err := r.Judge(t.Context(), []string{"a.md"})
		return err
	})
	last := func(want string) {
		t.Helper()
		checkEqual(t, "last seen", rows(t, db, "SELECT substr(last_seen, 9, 2) FROM findings"), []string{want})
	}
	last("03")
	runOver(t, db, night(4), []string{"a.md"}, Result{}, nil)
	last("03")
	runOver(t, db, night(5), []string{"a.md"}, Result{Complete: true, Distrusted: true}, nil)
	last("03")
	runOver(t, db, night(6), []string{"b.md"}, Result{Complete: true}, nil)
	last("03")
	runOver(t, db, night(7), []string{"b.md", "a.md"}, Result{Complete: true}, nil)
	last("07")
}

// TestIgnore: an ignored finding is not told, whatever becomes of it, until the ignore ends.
func TestIgnore(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(2), citing("a.md", "2009.99999"))
	markUnknown(t, db, night(2), "2009.99999")
	checkEqual(t, "opened", judged(t, db, night(2), "a.md"), []string{"+unknown-id 2009.99999 a.md:1"})
	key := rows(t, db, "SELECT key FROM findings")[0]
	if err := db.Ignore(t.Context(), key, "known\x00 to us", night(10), night(3)); err != nil {
		t.Fatal(err)
	}
	shown := func(now time.Time, all bool) []string { return open(t, db, FindingFilter{Now: now, WithIgnored: all}) }
	checkEqual(t, "while ignored", shown(night(10).Add(-time.Second), false), nil)
	checkEqual(t, "while ignored, asked for", shown(night(3), true), []string{"unknown-id a.md:1 first 2 last 2 resolved - ignored true"})
	checkEqual(t, "after", shown(night(10), false), []string{"unknown-id a.md:1 first 2 last 2 resolved - ignored false"})
	findings, err := db.Findings(t.Context(), FindingFilter{Now: night(3), WithIgnored: true})
	if err != nil || len(findings) != 1 || findings[0].IgnoreReason != "known to us" || !findings[0].IgnoredUntil.Equal(night(10)) {
		t.Errorf("%+v, %v", findings, err)
	}

	merge(t, db, night(4), recordOf("2009.99999", 1))
	checkEqual(t, "closed while ignored", judged(t, db, night(4), "a.md"), nil)
	if err := db.Ignore(t.Context(), key, "again", time.Time{}, night(4)); !errors.Is(err, ErrNoFinding) {
		t.Errorf("a resolved finding can be ignored: %v", err)
	}
	if _, err := db.write.ExecContext(t.Context(), "DELETE FROM version; DELETE FROM paper; INSERT INTO unknown VALUES ('2009.99999', '2026-11-05T00:00:00Z')"); err != nil {
		t.Fatal(err)
	}
	checkEqual(t, "opened again while ignored", judged(t, db, night(5), "a.md"), nil)
	checkEqual(t, "is ignored still", shown(night(5), true), []string{"unknown-id a.md:1 first 2 last 5 resolved - ignored true"})
	if err := db.Ignore(t.Context(), key, "for ever", time.Time{}, night(5)); err != nil {
		t.Fatal(err)
	}
	checkEqual(t, "for ever", shown(night(28), false), nil)
	checkOneLine(t, db.Ignore(t.Context(), "nonsense", "", time.Time{}, night(5)), ErrNoFinding, db.path, "nonsense")
}

// TestIgnoreInTheView: the public view goes by the real time.
func TestIgnoreInTheView(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(2), citing("a.md", "2009.99999"))
	markUnknown(t, db, night(2), "2009.99999")
	judged(t, db, night(2), "a.md")
	for _, test := range []struct {
		until time.Time
		want  string
		open  int
	}{{time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), "0|2000-01-01T00:00:00Z", 1}, {time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC), "1|2999-01-01T00:00:00Z", 0}, {time.Time{}, "1|", 0}} {
		if err := db.Ignore(t.Context(), rows(t, db, "SELECT key FROM findings")[0], "", test.until, night(3)); err != nil {
			t.Fatal(err)
		}
		checkEqual(t, "view", rows(t, db, "SELECT ignored, ignored_until FROM findings"), []string{test.want})
		if status, err := db.Status(t.Context(), night(9)); err != nil || status.OpenFindings[enrich.KindUnknownID] != test.open {
			t.Errorf("%v, %v", status.OpenFindings, err)
		}
	}
}

// TestJudgeManyPapers: more papers than are kept in memory, each cited twice, far apart.
func TestJudgeManyPapers(t *testing.T) {
	t.Parallel()
	db := newStore(t)
	var ids []string
	var unknown []arxiv.ID
	for i := range judgedPapersKept + 50*large {
		ids = append(ids, fmt.Sprintf("2001.%05d", i+1))
		unknown = append(unknown, arxiv.ID(ids[i]))
	}
	saveLists(t, db, night(2), citing("a.md", append(ids, ids...)...))
	markUnknown(t, db, night(2), unknown...)
	opened := judged(t, db, night(3), "a.md")
	kinds := map[string]int{}
	for _, line := range opened {
		kinds[line[:len("+unknown-id")]]++
	}
	if kinds["+unknown-id"] != len(ids) {
		t.Errorf("%v", kinds)
	}
	checkEqual(t, "the next night", judged(t, db, night(4), "a.md"), nil)
}
