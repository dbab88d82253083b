package replica

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Scenario is what a stand-in plays: hand Papers and Web to Options, and tell people what is Staged, in one sentence each.
type Scenario struct {
	Papers io.Reader
	Web    []WebPage
	Staged []string
}

// DemoScenario gives the landmark papers with invented events twelve hours after start, each on a paper or link of its own: a
// replacement with a changed title, a plain replacement, a withdrawal, a disappearance, a journal reference that appears, and
// links that break, move and are taken over. With a clock that starts at start, before and after the twelve hours are two
// different nights.
func DemoScenario(start time.Time) (Scenario, error) {
	list, err := readPapers(bytes.NewReader(landmarks))
	if err != nil {
		return Scenario{}, fmt.Errorf("replica: demo: %w", err)
	}
	var staged []string
	byID := newArchive(list).byID
	at := start.UTC().Truncate(time.Second).Add(12 * time.Hour)
	const retitled, replaced, withdrawn, gone, published = "2502.12022", "2412.04984", "2407.04153", "2306.15595", "2401.06118"
	for _, id := range []string{retitled, replaced, withdrawn, gone, published} {
		if byID[id] == nil {
			return Scenario{}, fmt.Errorf("replica: demo: no paper %s", id)
		}
	}
	replace := func(id string, version Version) (Version, error) {
		paper := byID[id]
		before := paper.Versions[len(paper.Versions)-1]
		if !at.After(before.Submitted) {
			return Version{}, fmt.Errorf("replica: demo: %s is newer than the start of the demo", versioned(id, before.Version))
		}
		version.Version, version.Submitted = before.Version+1, at
		version.takeOver(before)
		paper.Versions = append(paper.Versions, version)
		return before, nil
	}
	const newTitle = "Teaching Language Models According to Their Aptitude (staged title)"
	before, err := replace(retitled, Version{Title: newTitle, Comment: "Staged: a replacement with a new title"})
	if err != nil {
		return Scenario{}, err
	}
	staged = append(staged, fmt.Sprintf("staged: %s is replaced by v%d, its title changes from %q to %q",
		retitled, before.Version+1, before.Title, newTitle))

	before, err = replace(replaced, Version{Comment: "Staged: a plain replacement"})
	if err != nil {
		return Scenario{}, err
	}
	staged = append(staged, fmt.Sprintf("staged: %s (%s) is replaced by v%d", replaced, before.Title, before.Version+1))

	nothing := 0
	before, err = replace(withdrawn, Version{SourceType: "I", SizeKB: &nothing, Comment: "This paper has been withdrawn by the authors"})
	if err != nil {
		return Scenario{}, err
	}
	staged = append(staged, fmt.Sprintf("staged: %s (%s) is withdrawn with v%d", withdrawn, before.Title, before.Version+1))

	byID[gone].DeletedAt = at
	staged = append(staged, fmt.Sprintf("staged: %s (%s) disappears from arXiv", gone, byID[gone].Versions[0].Title))

	const reference = "Staged Journal 1 (2026) 1-20"
	byID[published].Edits = append(byID[published].Edits, Edit{At: at, Field: "journal_ref", Value: reference})
	staged = append(staged,
		fmt.Sprintf("staged: %s (%s) gets the journal reference %q", published, byID[published].Versions[0].Title, reference))

	const gone404, movedTo, taken = "https://rinna.co.jp", "https://preferred.example/technology", "https://yans.anlp.jp"
	web := []WebPage{
		{URL: gone404, At: at, Status: http.StatusNotFound},
		{URL: "https://tech.preferred.jp", At: at, Status: http.StatusMovedPermanently, Location: movedTo},
		{URL: movedTo, Status: http.StatusOK, Title: "Stand-in for https://tech.preferred.jp"},
		{URL: taken, At: at, Status: http.StatusOK, Title: "This domain is for sale"},
	}
	staged = append(
		staged,
		fmt.Sprintf(
			"staged: %s answers 404, https://tech.preferred.jp moves to %s, and the domain of %s is offered for sale",
			gone404,
			movedTo,
			taken,
		),
	)

	var file bytes.Buffer
	encoder := json.NewEncoder(&file)
	for _, paper := range list {
		if err := encoder.Encode(paper); err != nil {
			return Scenario{}, fmt.Errorf("replica: demo: %w", err)
		}
	}
	return Scenario{&file, web, staged}, nil
}
