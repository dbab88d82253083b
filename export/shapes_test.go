package export

import (
	"encoding/json"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/seeds"
)

// TestShapes: the public shapes name every field as programs know it, leave out what is unknown, and keep what is false or none
// where that says something.
func TestShapes(t *testing.T) {
	at := time.Date(2026, 12, 1, 5, 30, 0, 0, time.FixedZone("", 3600))
	finding := enrich.Finding{
		Key: "k", Kind: enrich.KindYearDiffers, Severity: enrich.SeverityWarning, Subject: "1706.03762", List: "l.md", Line: 3, Column: 2,
		Claimed: "2012", Actual: "2017", Suggestion: "2017", Message: "m",
	}
	list := seeds.List{
		Name:      "l.md",
		Citations: []seeds.Citation{{ID: "1706.03762", Version: 2, Line: 3, Claim: seeds.Claim{Title: "T", Year: 2017}}},
	}
	for want, object := range map[string]any{
		`{"key":"k","kind":"year-differs","severity":"warning","subject":"1706.03762","list":"l.md","line":3,"column":2,"claimed":"2012",` +
			`"actual":"2017","suggestion":"2017","message":"m","first_seen":"2026-12-01T04:30:00Z","ignored":true,"ignore_reason":"r",` +
			`"ignored_until":"2026-12-01"}`: FindingObject(Finding{
			Finding: finding, FirstSeen: at, Ignored: true, IgnoreReason: "r", IgnoredUntil: time.Date(2026, 12, 2, 0, 0, 0, 0, time.UTC)}),
		`{"key":"","kind":"","severity":"","subject":"","list":"","message":"","first_seen":"","ignored":false}`: FindingObject(Finding{
			IgnoreReason: "no more"}),
		`{"at":"2026-12-01T04:30:00Z","run":7,"id":"1706.03762","kind":"replaced","field":"version","old":"v1","new":"v2"}`: ChangeObject(
			Change{Change: enrich.Change{ID: "1706.03762", Kind: enrich.ChangeReplaced, Field: "version", Old: "v1", New: "v2"}, At: at, Run: 7}),
		`{"run":7,"kind":"sync","started_at":"2026-12-01T04:30:00Z","requests":3,"papers":2,"changed":1,"links":0,"broken":0,` +
			`"distrusted":false}`: RunObject(Run{ID: 7, Kind: enrich.RunSync, StartedAt: at, Requests: 3, Papers: 2, Changed: 1}),
		`{"url":"https://a.example/","verdict":"ok","permanent":false,"certain":true,"failures":0,"new":false,` +
			`"places":[{"list":"l.md","line":3}]}`: LinkObject(CheckedLink{
			State:  link.State{URL: "https://a.example/", FinalURL: "https://a.example/", Verdict: link.OK, Certain: true},
			Places: []LinkPlace{{List: "l.md", Line: 3}}}),
		`{"type":"note","list":"l.md","line":3,"kind":"complete","message":"m"}`: CorrectionObject("l.md",
			enrich.Correction{Kind: enrich.KindComplete, Line: 3, Message: "m"}),
		`{"type":"correction","list":"l.md","line":3,"kind":"complete","message":"m"}`: CorrectionObject("l.md",
			enrich.Correction{Kind: enrich.KindComplete, Line: 3, Message: "m", Edits: make([]seeds.Edit, 1)}),
		`{"type":"citation","id":"1706.03762","version":2,"as_written":"","list":"l.md","line":3,"title":"T","year":2017}`: first(list),
	} {
		got, err := json.Marshal(object)
		if err != nil || string(got) != want {
			t.Errorf("%v\n got %s\nwant %s", err, got, want)
		}
	}
}

// first is the first of a list's objects; asking for no more must do.
func first(list seeds.List) any {
	list.Citations = append(list.Citations, seeds.Citation{ID: arxiv.ID("1810.04805")})
	for object := range SeedObjects(list) {
		return object
	}
	return nil
}
