package record

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
)

var tonight = time.Date(2026, 11, 24, 4, 30, 0, 0, time.UTC)

func TestDueCurrent(t *testing.T) {
	for _, test := range []struct {
		name    string
		holding Holding
		force   bool
		want    bool
	}{
		{"never had", Holding{}, false, true},
		{"had last night", Holding{Known: true, FetchedAt: tonight.Add(-24 * time.Hour)}, false, true},
		{"had last night, and tonight's job began early", Holding{Known: true, FetchedAt: tonight.Add(-enrich.Fresh)}, false, true},
		{"had a second less than Fresh ago", Holding{Known: true, FetchedAt: tonight.Add(-enrich.Fresh + time.Second)}, false, false},
		{"had just now", Holding{Known: true, FetchedAt: tonight}, false, false},
		{"had just now, forced", Holding{Known: true, FetchedAt: tonight}, true, true},
		{"had in the future: the clock was set back", Holding{Known: true, FetchedAt: tonight.Add(time.Second)}, false, true},
		{"disappeared, which may be undone", Holding{Known: true, Disappeared: true, FetchedAt: tonight.Add(-25 * time.Hour)}, false, true},
		{"unknown, which a new paper is at first", Holding{UnknownAt: tonight.Add(-25 * time.Hour)}, false, true},
	} {
		test.holding.ID = "2401.00001"
		if got := len(DueCurrent([]Holding{test.holding}, tonight, enrich.Fresh, test.force)) == 1; got != test.want {
			t.Errorf("%s: due %v, want %v", test.name, got, test.want)
		}
	}
	mixed := []Holding{{ID: "b"}, {ID: "fresh", FetchedAt: tonight}, {ID: "a"}}
	if got, want := DueCurrent(mixed, tonight, enrich.Fresh, false), []arxiv.ID{"b", "a"}; !slices.Equal(got, want) {
		t.Errorf("due %v, want %v", got, want)
	}
	if got, want := DueCurrent(mixed[1:2], tonight, 0, false), []arxiv.ID{"fresh"}; !slices.Equal(got, want) {
		t.Errorf("with nothing fresh: due %v, want %v", got, want)
	}
}

// A version is due exactly when the store lists it as lacking: one that is held, and one that was lately asked for in
// vain, is not on that list and never comes up.
func TestDueVersions(t *testing.T) {
	holdings := []Holding{
		{ID: "2401.00002", Known: true, Version: 4, LackingText: []int{1, 3}},
		{ID: "2401.00003", Known: true, Version: 7},
		{ID: "2401.00001", Known: true, Version: 2, LackingText: []int{1}},
		{ID: "2401.00004"},
	}
	want := []VersionRef{{"2401.00002", 1}, {"2401.00002", 3}, {"2401.00001", 1}}
	if got := DueVersions(holdings); !slices.Equal(got, want) {
		t.Errorf("due %v, want %v", got, want)
	}
	for i := range holdings {
		holdings[i].LackingText = nil // as after the night that asked for them
	}
	if got := DueVersions(holdings); len(got) != 0 {
		t.Errorf("all held, and due are %v", got)
	}
}

func TestDueRaw(t *testing.T) {
	for _, test := range []struct {
		name    string
		holding Holding
		want    bool
	}{
		{"never asked", Holding{Known: true, Version: 1}, true},
		{"asked, and nothing new", Holding{Known: true, Version: 3, RawVersion: 3, RawAt: tonight.AddDate(0, -6, 0)}, false},
		{"a version since", Holding{Known: true, Version: 4, RawVersion: 3, RawAt: tonight.AddDate(0, 0, -2)}, true},
		{"a version since, asked tonight: OAI-PMH lags", Holding{Known: true, Version: 4, RawVersion: 3, RawAt: tonight}, false},
		{"a version since, asked a second less than Fresh ago", Holding{Known: true, Version: 4, RawVersion: 3, RawAt: tonight.Add(-enrich.Fresh + time.Second)}, false},
		{"a version since, asked Fresh ago", Holding{Known: true, Version: 4, RawVersion: 3, RawAt: tonight.Add(-enrich.Fresh)}, true},
		{"asked in the future: the clock was set back", Holding{Known: true, Version: 4, RawVersion: 3, RawAt: tonight.Add(time.Hour)}, true},
		{"speaks of withdrawal", Holding{Known: true, Version: 3, RawVersion: 3, RawAt: tonight.AddDate(0, 0, -2), RawDue: true}, true},
		{"speaks of withdrawal, asked tonight", Holding{Known: true, Version: 3, RawVersion: 3, RawAt: tonight, RawDue: true}, false},
		{"not known", Holding{RawDue: true}, false},
		{"disappeared", Holding{Known: true, Version: 1, Disappeared: true}, false},
	} {
		test.holding.ID = "2401.00001"
		if got := len(DueRaw([]Holding{test.holding}, tonight, 10)) == 1; got != test.want {
			t.Errorf("%s: due %v, want %v", test.name, got, test.want)
		}
	}
}

func TestDueRawOrder(t *testing.T) {
	holdings := []Holding{
		{ID: "0704.0001", Known: true, Version: 1},
		{ID: "2401.00002", Known: true, Version: 1},
		{ID: "hep-th/9901001", Known: true, Version: 1, RawDue: true},
		{ID: "2401.00001", Known: true, Version: 9},
		{ID: "hep-th/9101001", Known: true, Version: 2},
		{ID: "2312.09999", Known: true, Version: 1, RawDue: true},
		{ID: "math/0703001", Known: true, Version: 1},
	}
	want := []arxiv.ID{"2312.09999", "hep-th/9901001", "2401.00002", "2401.00001", "0704.0001", "math/0703001", "hep-th/9101001"}
	for budget := -1; budget <= len(want)+1; budget++ {
		n := min(max(budget, 0), len(want))
		if got := DueRaw(holdings, tonight, budget); !slices.Equal(got, want[:n]) {
			t.Errorf("budget %d: %v, want %v", budget, got, want[:n])
		}
	}
	if holdings[0].ID != "0704.0001" {
		t.Error("the caller's slice is sorted")
	}
}

// A backfill of many papers over nights: never over the budget, nothing asked twice, all asked in as few nights as can be,
// and a paper that speaks of withdrawal in the night in which it does.
func TestDueRawOverNights(t *testing.T) {
	const papers, budget = 613, 60
	r := rand.New(rand.NewPCG(2, 2))
	holdings := make([]Holding, papers)
	place := map[arxiv.ID]int{}
	for i, n := range r.Perm(papers) {
		holdings[i] = Holding{ID: arxiv.ID(fmt.Sprintf("24%02d.%05d", 1+n%12, n+1)), Known: true, Version: 1 + r.IntN(5)}
		place[holdings[i].ID] = i
	}
	asked := map[arxiv.ID]bool{}
	nights := 0
	for now := tonight; ; now = now.AddDate(0, 0, 1) {
		withdrawn := r.IntN(papers)
		again := asked[holdings[withdrawn].ID]
		if nights < 5 {
			holdings[withdrawn].RawDue = true
		}
		due := DueRaw(holdings, now, budget)
		if len(due) == 0 {
			break
		}
		nights++
		if len(due) > budget {
			t.Fatalf("night %d: %d papers over a budget of %d", nights, len(due), budget)
		}
		if nights <= 5 && due[0] != holdings[withdrawn].ID {
			t.Errorf("night %d: the paper that speaks of withdrawal is not the first", nights)
		}
		for i, id := range due {
			if asked[id] && !(again && i == 0) {
				t.Fatalf("night %d: %s is asked again", nights, id)
			}
			asked[id] = true
			h := &holdings[place[id]]
			h.RawVersion, h.RawAt, h.RawDue = h.Version, now, false
		}
	}
	if len(asked) != papers || nights > papers/budget+2 {
		t.Errorf("%d of %d papers asked in %d nights", len(asked), papers, nights)
	}
}

func TestDistrust(t *testing.T) {
	for _, test := range []struct {
		tally Tally
		want  string
	}{
		{Tally{}, ""},
		{Tally{Held: 19, Missing: 19, Changed: 19}, ""}, // too few to tell
		{Tally{Held: 20}, ""},
		{Tally{Held: 20, Missing: 4, Changed: 4}, ""}, // exactly a fifth
		{Tally{Held: 20, Missing: 5}, "5 of 20 papers are missing at once"},
		{Tally{Held: 20, Changed: 5}, "5 of 20 papers changed at once"},
		{Tally{Held: 20, Missing: 20}, "20 of 20 papers are missing at once"},
		{Tally{Held: 24, Missing: 4, Changed: 4}, ""},
		{Tally{Held: 24, Missing: 5, Changed: 6}, "5 of 24 papers are missing at once"},
		{Tally{Held: 64, Changed: 12}, ""},
		{Tally{Held: 64, Changed: 13}, "13 of 64 papers changed at once"},
		{Tally{Held: 3_000_000, Missing: 600_000}, ""},
		{Tally{Held: 3_000_000, Missing: 600_001}, "600001 of 3000000 papers are missing at once"},
	} {
		if got := Distrust(test.tally); got != test.want {
			t.Errorf("%+v: %q, want %q", test.tally, got, test.want)
		}
	}
}
