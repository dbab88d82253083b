package export

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed/atom"

	"syncer/enrich"
)

// feedSource has five changes of four nights, and three findings, one of which says what a change says.
func feedSource() Source {
	s := nastySource()
	s.Name = "lists/<b>.md"
	s.Findings = func(yield func(Finding, error) bool) {
		for _, f := range []Finding{
			{Finding: enrich.Finding{Key: "k1", Kind: "withdrawn", Severity: "error", Subject: "2001.00002", List: "l.md", Line: 3, Message: "in v2 " + hostileText}, FirstSeen: stamp("2026-11-05T03:00:00Z")},
			{Finding: enrich.Finding{Key: "k2", Kind: "replaced", Severity: "info", Subject: "2101.00001", List: "l.md", Line: 4}, FirstSeen: stamp("2026-11-09T03:00:00Z")},
			{Finding: enrich.Finding{Key: "k3", Kind: "broken", Severity: "error", Subject: "https://example.org/<x>", List: "l.md", Line: 5, Suggestion: "https://example.org/y"}, FirstSeen: stamp("2026-11-20T03:00:00Z")},
		} {
			if !yield(f, nil) {
				return
			}
		}
	}
	return s
}

func TestFeed(t *testing.T) {
	text := renderSource(t, Atom, feedSource())
	golden(t, "nasty.atom", text)
	feed, err := (&atom.Parser{}).Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	ids := map[string]bool{}
	for _, e := range feed.Entries {
		titles = append(titles, e.Title)
		ids[e.ID] = true
		if strings.Contains(e.Content.Value, "<script") || strings.Contains(e.Content.Value, "<img") {
			t.Errorf("content %s", e.Content.Value)
		}
	}
	if len(ids) != 6 || !strings.HasPrefix(titles[0], "l.md, line 5: broken") || !strings.HasSuffix(titles[1], ": new title, abstract changed") || !strings.HasSuffix(titles[2], ": new version v4") {
		t.Errorf("entries %q", titles)
	}
	if got := feed.Entries[2].Links[0].Href; got != "https://arxiv.org/abs/2101.00001v4" {
		t.Errorf("a new version links to %s", got)
	}
	if feed.Updated != "2026-11-20T03:00:00Z" || feed.Title != "syncer: lists/<b>.md" {
		t.Errorf("feed %s of %s", feed.Title, feed.Updated)
	}

	var items struct{ Items []struct{ ID, Title string } }
	if err := json.Unmarshal([]byte(renderSource(t, JSONFeed, feedSource())), &items); err != nil {
		t.Fatal(err)
	}
	for i, item := range items.Items {
		if item.ID != feed.Entries[i].ID || item.Title != feed.Entries[i].Title {
			t.Errorf("item %d is %+v", i, item)
		}
	}
	if len(items.Items) != 6 {
		t.Errorf("%d items", len(items.Items))
	}
}

// TestFeedIDsStay: what comes later does not change the id of what was there.
func TestFeedIDsStay(t *testing.T) {
	before, err := feed(feedSource())
	if err != nil {
		t.Fatal(err)
	}
	s := feedSource()
	older := s.Changes
	s.Changes = func(yield func(Change, error) bool) {
		if yield(Change{Change: enrich.Change{ID: "2101.00001", Kind: enrich.ChangeReplaced, Old: "v4", New: "v5"}, At: stamp("2026-12-01T03:00:00Z"), Title: "Another title"}, nil) {
			older(yield)
		}
	}
	after, err := feed(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(after) != len(before)+1 {
		t.Fatalf("%d entries, then %d", len(before), len(after))
	}
	for i, e := range before {
		if after[i+1].ID != e.ID {
			t.Errorf("entry %d has another id", i)
		}
	}
}

func TestFeedIsBounded(t *testing.T) {
	s := Source{Changes: func(yield func(Change, error) bool) {
		for i := range 10 * feedChanges {
			if i > feedChanges {
				t.Fatal("read on and on")
			}
			if !yield(Change{Change: enrich.Change{ID: "2101.00001", Kind: enrich.ChangeReplaced}, At: stamp("2026-12-01T03:00:00Z").AddDate(0, 0, -i)}, nil) {
				return
			}
		}
	}}
	if entries, err := feed(s); err != nil || len(entries) != feedEntries {
		t.Errorf("%d entries, %v", len(entries), err)
	}
	var empty struct{}
	if err := xml.Unmarshal([]byte(renderSource(t, Atom, Source{})), &empty); err != nil {
		t.Errorf("an empty feed: %v", err)
	}
	broken := Source{Changes: func(yield func(Change, error) bool) { yield(Change{}, io.ErrUnexpectedEOF) }}
	if err := Atom(io.Discard, broken, Options{}); err != io.ErrUnexpectedEOF {
		t.Errorf("error of the source: %v", err)
	}
}
