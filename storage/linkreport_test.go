package storage

import (
	"fmt"
	"strings"
	"syncer/enrich/link"
	"testing"
	"time"
)

// TestLinkReports: the links of lists with their places, and what is new in a run.
func TestLinkReports(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(1), linkList("l.md", linkA, linkB, linkA), linkList("m.md", linkA))
	var run int64
	inRun(t, db, night(2), func(r *Run) error {
		run = r.ID
		stage(t, db, r, linkA, "404", linkB, "301 -> https://b.example/")
		settle(t, r, atOnce)
		_, err := r.JudgeLinks(t.Context(), []string{"l.md", "m.md"})
		return err
	})
	told := func(lists []string, run int64, verdicts ...link.Verdict) (lines []string) {
		t.Helper()
		for l, err := range db.Links(t.Context(), lists, verdicts, run, night(9)) {
			if err != nil {
				t.Fatal(err)
			}
			line := fmt.Sprintf("%s %s new=%t quiet=%t", l.URL, l.Verdict, l.New, l.Quiet)
			for _, p := range l.Places {
				line += fmt.Sprintf(" %s:%d", p.List, p.Line)
			}
			lines = append(lines, line)
		}
		return lines
	}
	both := []string{"l.md", "m.md"}
	checkEqual(t, "all", told(both, run), []string{linkA + " broken new=true quiet=false l.md:1 l.md:3 m.md:1", linkB + " moved new=true quiet=false l.md:2"})
	checkEqual(t, "in the order asked for", told(both, 0, "moved", "ok", "broken"),
		[]string{linkB + " moved new=false quiet=false l.md:2", linkA + " broken new=false quiet=false l.md:1 l.md:3 m.md:1"})
	checkEqual(t, "broken ones of one list", told([]string{"m.md"}, 0, "broken"), []string{linkA + " broken new=false quiet=false m.md:1"})
	counts, err := db.LinkVerdicts(t.Context(), both)
	if err != nil || counts["broken"] != 1 || counts["moved"] != 1 || len(counts) != 2 {
		t.Errorf("%v, %v", counts, err)
	}
	findings, err := db.Findings(t.Context(), FindingFilter{Lists: []string{"m.md"}})
	if err != nil || len(findings) != 1 {
		t.Fatalf("%v, %v", findings, err)
	}
	if err := db.Ignore(t.Context(), findings[0].Key, "known", time.Time{}, night(3)); err != nil {
		t.Fatal(err)
	}
	if lines := told([]string{"m.md"}, 0, "broken"); !strings.Contains(lines[0], "quiet=true") {
		t.Errorf("%q", lines)
	}
}

// TestArchivedCopies: broken links are asked about once a month, and lose their copy when they are back.
func TestArchivedCopies(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(1), linkList("l.md", linkA, linkB, linkC))
	inRun(t, db, night(2), func(r *Run) error {
		stage(t, db, r, linkA, "404", linkB, "404", linkC, "200")
		settle(t, r, atOnce)
		links, err := r.UnarchivedLinks(t.Context(), []string{"l.md"}, 10)
		if err != nil || len(links) != 2 || links[0].URL != linkA {
			t.Fatalf("%+v, %v", links, err)
		}
		if err := r.SaveArchive(t.Context(), links[0].N, "https://web.archive.org/web/1/x"); err != nil {
			return err
		}
		return r.SaveArchive(t.Context(), links[1].N, "")
	})
	inRun(t, db, night(3), func(r *Run) error {
		links, err := r.UnarchivedLinks(t.Context(), []string{"l.md"}, 10)
		if len(links) != 0 {
			t.Errorf("asked again: %+v", links)
		}
		stage(t, db, r, linkA, "404")
		settle(t, r, atOnce)
		return err
	})
	checkEqual(t, "archived", rows(t, db, "SELECT archived FROM links WHERE url = ?", linkA), []string{"https://web.archive.org/web/1/x"})
	inRun(t, db, night(2).AddDate(0, 0, 40), func(r *Run) error {
		links, err := r.UnarchivedLinks(t.Context(), []string{"l.md"}, 10)
		if err == nil && (len(links) != 1 || links[0].URL != linkB) {
			t.Errorf("%+v", links)
		}
		stage(t, db, r, linkA, "200")
		settle(t, r, atOnce)
		return err
	})
	checkEqual(t, "archived", rows(t, db, "SELECT archived FROM links WHERE url = ?", linkA), []string{""})
}
