package storage

import (
	"errors"
	"fmt"
	"testing"
)

// knownLists shows what is known of the lists at night 20.
func knownLists(t *testing.T, db *DB) (lines []string) {
	t.Helper()
	lists, err := db.Lists(t.Context(), night(20))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lists {
		lines = append(lines, fmt.Sprintf("%s %s first %d: %d citations, %d links, %d findings", l.Name, l.Format, l.FirstSeen.Day(), l.Citations, l.Links, l.OpenFindings))
	}
	return lines
}

// TestRenamedList: the history and the findings stay, with their keys, and a list that is read by its new name is the same.
func TestRenamedList(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(2), withLinks(citing("a.md", "2009.99999"), "https://a.example/"), citing("b.md", "2001.00001"))
	markUnknown(t, db, night(2), "2009.99999")
	checkEqual(t, "opened", judged(t, db, night(3), "a.md", "b.md"), []string{"+unknown-id 2009.99999 a.md:1"})
	key := rows(t, db, "SELECT key, first_seen FROM findings")
	if err := db.RenameList(t.Context(), "a.md", "docs/a.md"); err != nil {
		t.Fatal(err)
	}
	checkEqual(t, "lists", knownLists(t, db), []string{"b.md markdown first 2: 1 citations, 0 links, 0 findings", "docs/a.md markdown first 2: 1 citations, 1 links, 1 findings"})
	saveLists(t, db, night(4), withLinks(citing("docs/a.md", "2009.99999"), "https://a.example/"))
	checkEqual(t, "nothing new", judged(t, db, night(4), "docs/a.md"), nil)
	checkEqual(t, "key", rows(t, db, "SELECT key, first_seen FROM findings"), key)
	checkEqual(t, "shown", open(t, db, FindingFilter{Now: night(20), Lists: []string{"docs/a.md"}}), []string{"unknown-id docs/a.md:1 first 3 last 4 resolved - ignored false"})
	for _, test := range []struct {
		old, name string
		want      error
	}{{"a.md", "c.md", ErrNoList}, {"docs/a.md", "b.md", ErrListExists}, {"docs/a.md", "docs/a.md", ErrListExists}} {
		if err := db.RenameList(t.Context(), test.old, test.name); !errors.Is(err, test.want) {
			t.Errorf("%s to %s: %v", test.old, test.name, err)
		}
	}
	checkSound(t, db)
}

// TestOldNameAgain: a new list under a name that another list once had is a list of its own, and neither takes the other's
// findings.
func TestOldNameAgain(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(2), citing("a.md", "2009.99999"))
	markUnknown(t, db, night(2), "2009.99999")
	judged(t, db, night(3), "a.md")
	if err := db.RenameList(t.Context(), "a.md", "old.md"); err != nil {
		t.Fatal(err)
	}
	saveLists(t, db, night(4), citing("a.md", "2009.99999"))
	checkEqual(t, "opened", judged(t, db, night(4), "a.md", "old.md"), []string{"+unknown-id 2009.99999 a.md:1"})
	checkEqual(t, "both", rows(t, db, "SELECT list FROM findings ORDER BY list"), []string{"a.md", "old.md"})
	checkSound(t, db)
}

// TestForgottenList: history stays, nothing is reported any more, and a list that is read again is back.
func TestForgottenList(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(2), withLinks(citing("a.md", "2009.99999"), "https://a.example/"), citing("b.md", "2009.99999"))
	markUnknown(t, db, night(2), "2009.99999")
	judged(t, db, night(3), "a.md", "b.md")
	if err := db.ForgetList(t.Context(), "a.md", night(5)); err != nil {
		t.Fatal(err)
	}
	checkEqual(t, "lists", knownLists(t, db), []string{"b.md markdown first 2: 1 citations, 0 links, 1 findings"})
	checkEqual(t, "open", open(t, db, FindingFilter{Now: night(20)}), []string{"unknown-id b.md:1 first 3 last 3 resolved - ignored false"})
	checkEqual(t, "history", rows(t, db, "SELECT list, resolved_at FROM findings ORDER BY list"), []string{"a.md|2026-11-05T03:00:00Z", "b.md|"})
	if names, err := db.ListNames(t.Context()); err != nil || len(names) != 1 {
		t.Errorf("%v, %v", names, err)
	}
	if err := db.ForgetList(t.Context(), "never.md", night(5)); !errors.Is(err, ErrNoList) {
		t.Errorf("error %v", err)
	}
	checkChange(t, saveLists(t, db, night(6), withLinks(citing("a.md", "2009.99999"), "https://a.example/")), "a.md", 2, 0)
	checkEqual(t, "back", judged(t, db, night(6), "a.md"), []string{"+unknown-id 2009.99999 a.md:1"})
	checkEqual(t, "lists", knownLists(t, db), []string{"a.md markdown first 2: 1 citations, 1 links, 1 findings", "b.md markdown first 2: 1 citations, 0 links, 1 findings"})
	checkSound(t, db)
}
