package storage

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/seeds"
)

// night is a moment of the tests: day n.
func night(n int) time.Time { return time.Date(2026, 11, n, 3, 0, 0, 0, time.UTC) }

// plainMaker makes keys of the title, with a number when taken.
var plainMaker = KeyMaker{
	Valid: func(key string) bool { return !strings.Contains(key, "{") },
	Make: func(p arxiv.Paper, taken func(string) bool) string {
		key := p.Title
		for n := 2; taken(key); n++ {
			key = fmt.Sprint(p.Title, n)
		}
		return key
	},
}

// keyStore is a store of papers with the given titles, 2001.00001 and up, and the lists as citations id=key.
func keyStore(t *testing.T, titles ...string) *DB {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "s.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	var records []arxiv.Record
	for i, title := range titles {
		records = append(records, arxiv.Record{ID: arxiv.ID(fmt.Sprintf("2001.%05d", i+1)), Version: 1, Title: title, PrimaryCategory: "cs.CL",
			Categories: []string{"cs.CL", "math.GT"}, Authors: []arxiv.Author{{Name: "Ada Lovelace"}}, Published: night(1), Submitted: night(1)})
	}
	inRun(t, db, night(2), func(r *Run) error {
		_, err := r.MergeRecords(t.Context(), records)
		return err
	})
	return db
}

func inRun(t *testing.T, db *DB, now time.Time, do func(*Run) error) {
	t.Helper()
	run, err := db.Begin(t.Context(), "sync", nil, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := do(run); err != nil {
		t.Fatal(err)
	}
	if err := run.End(t.Context(), now, Result{Complete: true}); err != nil {
		t.Fatal(err)
	}
}

func saveBib(t *testing.T, db *DB, now time.Time, name string, citations ...string) {
	t.Helper()
	list := seeds.List{Name: name, Format: seeds.BibTeX}
	for i, c := range citations {
		id, key, _ := strings.Cut(c, "=")
		list.Citations = append(list.Citations, seeds.Citation{ID: arxiv.ID(id), Key: key, Line: i + 1})
	}
	inRun(t, db, now, func(r *Run) error {
		_, err := r.SaveLists(t.Context(), []seeds.List{list})
		return err
	})
}

func pinned(t *testing.T, db *DB, f PaperFilter) []string {
	t.Helper()
	if err := db.PinKeys(t.Context(), f, plainMaker, night(3)); err != nil {
		t.Fatal(err)
	}
	var all []string
	for p, err := range db.Papers(t.Context(), f) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.TrimPrefix(string(p.ID), "2001.0000")+"="+p.Key)
	}
	return all
}

// TestKeysStay: a key is made once, whatever becomes of the title, and no two papers share one.
func TestKeysStay(t *testing.T) {
	db := keyStore(t, "a", "A", "b")
	want := []string{"1=a", "2=A2", "3=b"}
	if got := pinned(t, db, PaperFilter{}); !slices.Equal(got, want) {
		t.Fatalf("keys %v, want %v", got, want)
	}
	inRun(t, db, night(4), func(r *Run) error {
		_, err := r.MergeRecords(t.Context(), []arxiv.Record{{ID: "2001.00001", Version: 2, Title: "renamed", Published: night(1), Submitted: night(3)}})
		return err
	})
	if got := pinned(t, db, PaperFilter{}); !slices.Equal(got, want) {
		t.Errorf("keys after a new title %v, want %v", got, want)
	}
}

func TestKeysOnlyOfTheFilter(t *testing.T) {
	db := keyStore(t, "a", "b")
	if got := pinned(t, db, PaperFilter{IDs: []arxiv.ID{"2001.00002"}}); !slices.Equal(got, []string{"2=b"}) {
		t.Fatal(got)
	}
	for p := range db.Papers(t.Context(), PaperFilter{IDs: []arxiv.ID{"2001.00001"}}) {
		if p.Key != "" {
			t.Errorf("%s has key %q", p.ID, p.Key)
		}
	}
}

// TestOwnKeysWin: over made ones, of their own paper and of another; not over other own ones; and they outlive the list.
func TestOwnKeysWin(t *testing.T) {
	db := keyStore(t, "a", "b", "c", "d")
	pinned(t, db, PaperFilter{})
	saveBib(t, db, night(4), "z.bib", "2001.00001=mine", "2001.00002=C", "2001.00004=evil{", "2001.99999=unknown")
	want := []string{"1=mine", "2=C", "3=c2", "4=d"}
	if got := pinned(t, db, PaperFilter{}); !slices.Equal(got, want) {
		t.Fatalf("keys %v, want %v", got, want)
	}
	saveBib(t, db, night(5), "a.bib", "2001.00001=other", "2001.00003=mine")
	if got := pinned(t, db, PaperFilter{}); !slices.Equal(got, want) {
		t.Errorf("keys after another list %v, want %v", got, want)
	}
	if got := pinned(t, db, PaperFilter{List: "a.bib"}); !slices.Equal(got, []string{"1=other", "3=mine"}) {
		t.Errorf("keys of a.bib %v", got)
	}
	saveBib(t, db, night(6), "z.bib")
	if got := pinned(t, db, PaperFilter{}); !slices.Equal(got, want) {
		t.Errorf("keys after the list let go %v, want %v", got, want)
	}
}

// TestManyKeys goes through several batches.
func TestManyKeys(t *testing.T) {
	t.Parallel()
	titles := make([]string, pinBatch+1)
	for i := range titles {
		titles[i] = fmt.Sprint("t", i)
	}
	db := keyStore(t, titles...)
	keys := pinned(t, db, PaperFilter{})
	if len(keys) != len(titles) || slices.ContainsFunc(keys, func(k string) bool { return strings.HasSuffix(k, "=") }) {
		t.Errorf("%d keys for %d papers", len(keys), len(titles))
	}
	err := db.Snapshot(t.Context(), func(s *Snapshot) error {
		for key, want := range map[string]bool{"t0": true, "T2000": true, "none": false} {
			if taken, err := s.KeyTaken(t.Context(), key); err != nil || taken != want {
				t.Errorf("KeyTaken(%q) = %t, %v", key, taken, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestSnapshotIsOneMoment: what is written while a snapshot is read does not show in it.
func TestSnapshotIsOneMoment(t *testing.T) {
	db := keyStore(t, "a", "b")
	count := func(s *Snapshot) (n int) {
		for _, err := range s.Papers(t.Context(), PaperFilter{}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		return n
	}
	err := db.Snapshot(t.Context(), func(s *Snapshot) error {
		before := count(s)
		inRun(t, db, night(5), func(r *Run) error {
			_, err := r.MergeRecords(t.Context(), []arxiv.Record{{ID: "2002.00001", Version: 1, Title: "new", Published: night(4), Submitted: night(4)}})
			return err
		})
		if after := count(s); after != before || before != 2 {
			t.Errorf("%d papers, then %d", before, after)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPaperFilter(t *testing.T) {
	db := keyStore(t, "a", "b", "c")
	inRun(t, db, night(10), func(r *Run) error {
		_, err := r.MergeRecords(t.Context(), []arxiv.Record{
			{ID: "2001.00002", Version: 2, Title: "b", Categories: []string{"q-bio"}, Published: night(1), Submitted: night(9)},
			{ID: "2003.00001", Version: 1, Title: "new", Categories: []string{"cs.CLX"}, Published: night(9), Submitted: night(9)},
		})
		return err
	})
	saveBib(t, db, night(11), "l.bib", "2001.00003=x")
	for _, test := range []struct {
		filter PaperFilter
		want   string
	}{
		{PaperFilter{}, "2001.00001 2001.00002 2001.00003 2003.00001"},
		{PaperFilter{List: "l.bib"}, "2001.00003"},
		{PaperFilter{Since: night(10)}, "2001.00002 2003.00001"},
		{PaperFilter{Since: night(10), Changed: true}, "2001.00002"},
		{PaperFilter{Changed: true}, ""}, // the last run changed nothing
		{PaperFilter{Categories: []string{"cs.CL"}}, "2001.00001 2001.00003"},
		{PaperFilter{Categories: []string{"cs"}}, "2001.00001 2001.00003 2003.00001"},
		{PaperFilter{Categories: []string{"c", "q-bio"}}, "2001.00002"},
		{PaperFilter{IDs: []arxiv.ID{"2001.00001", "9999.99999"}}, "2001.00001"},
	} {
		var got []string
		for p, err := range db.Papers(t.Context(), test.filter) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(p.ID))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%+v gives %v, want %s", test.filter, got, test.want)
		}
	}
}

// TestLinksBesideACitation: a link on a paper's own line belongs to it.
func TestLinksBesideACitation(t *testing.T) {
	db := keyStore(t, "a", "b")
	list := seeds.List{Name: "l.md", Format: seeds.Markdown,
		Citations: []seeds.Citation{{ID: "2001.00001", Line: 3}, {ID: "2001.00002", Line: 4}},
		Links:     []seeds.Link{{URL: "https://b.example/", Line: 3}, {URL: "https://a.example/", Line: 3}, {URL: "https://c.example/", Line: 9}}}
	inRun(t, db, night(3), func(r *Run) error {
		_, err := r.SaveLists(t.Context(), []seeds.List{list})
		return err
	})
	var got []string
	for p, err := range db.Papers(t.Context(), PaperFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range p.Links {
			got = append(got, string(p.ID)+" "+l.URL+" "+l.Verdict)
		}
	}
	if want := []string{"2001.00001 https://a.example/ unchecked", "2001.00001 https://b.example/ unchecked"}; !slices.Equal(got, want) {
		t.Errorf("links %v, want %v", got, want)
	}
}
