// Package record compares what arXiv says of a paper with what was held, and plans what to ask. Records come in from
// package fetch by way of storage; changes and lists of identifiers go out. Nothing is asked or stored here, and nothing
// is known of lists.
//
// compare.go says what differs between the held paper and a new record, versions.go what differs between two versions of
// one paper, worddiff.go how, word by word; plan.go says which papers are due tonight and when too much is missing or
// changed at once to be believed.
package record

import (
	"fmt"
	"strings"

	"syncer/arxiv"
	"syncer/enrich"
)

// fields are what is compared between two records of the query API, in the order in which a report tells them. Each
// value is normalised (arxiv.Text), since arXiv changed its wrapping and its TeX in November 2025 and a paper did not.
var fields = []struct {
	name, kind string
	of         func(arxiv.Record) string
}{
	{"title", enrich.ChangeTitle, func(r arxiv.Record) string { return arxiv.Text(r.Title) }},
	{"authors", enrich.ChangeAuthors, func(r arxiv.Record) string { return AuthorNames(r.Authors) }},
	{"abstract", enrich.ChangeAbstract, func(r arxiv.Record) string { return arxiv.Text(r.Abstract) }},
	{"comment", enrich.ChangeComment, func(r arxiv.Record) string { return arxiv.Text(r.Comment) }},
	{"journal_ref", enrich.ChangePublished, func(r arxiv.Record) string { return arxiv.Text(r.JournalRef) }},
	{"doi", enrich.ChangePublished, func(r arxiv.Record) string { return strings.Join(r.DOIs, " ") }},
	{"categories", enrich.ChangeCategories, func(r arxiv.Record) string { return strings.Join(r.Categories, " ") }},
}

// Compare says what differs between the stored paper (nil: none) and the current record. It is nil when nothing does,
// and when the record is of an older version than the stored one: an answer from a stale cache is no change.
func Compare(old *arxiv.Paper, rec arxiv.Record) []enrich.Change {
	if old == nil {
		return []enrich.Change{{ID: rec.ID, Kind: enrich.ChangeNew, Field: "title", New: arxiv.Text(rec.Title)}}
	}
	if rec.Version < old.Version {
		return nil
	}
	var changes []enrich.Change
	if !old.Disappeared.IsZero() {
		changes = append(
			changes,
			enrich.Change{
				ID:    rec.ID,
				Kind:  enrich.ChangeRestored,
				Field: "disappeared",
				Old:   old.Disappeared.UTC().Format("2006-01-02"),
				New:   "",
			},
		)
	}
	if rec.Version > old.Version {
		changes = append(
			changes,
			enrich.Change{
				ID:    rec.ID,
				Kind:  enrich.ChangeReplaced,
				Field: "version",
				Old:   VersionText(old.Version),
				New:   VersionText(rec.Version),
			},
		)
	}
	for _, f := range fields {
		if before, now := f.of(old.Record), f.of(rec); before != now {
			changes = append(changes, enrich.Change{ID: rec.ID, Kind: f.kind, Field: f.name, Old: before, New: now})
		}
	}
	return changes
}

// CompareRaw says what OAI-PMH's record changes in the stored paper. A licence had for the first time is no change; a
// withdrawal is one whenever it is learnt.
func CompareRaw(old arxiv.Paper, raw arxiv.RawRecord) []enrich.Change {
	var changes []enrich.Change
	if old.License != "" && raw.License != old.License {
		changes = append(changes,
			enrich.Change{ID: raw.ID, Kind: enrich.ChangeLicense, Field: "license", Old: old.License, New: raw.License})
	}
	latest := 0
	for _, v := range raw.Versions {
		latest = max(latest, v.Number)
	}
	if latest < old.Version {
		return changes // OAI-PMH lags behind the query API: its word on the withdrawal is about an older version
	}
	switch withdrawn := Withdrawn(raw, latest); {
	case withdrawn && !old.Withdrawn:
		changes = append(changes, enrich.Change{ID: raw.ID, Kind: enrich.ChangeWithdrawn, Field: "withdrawn", New: VersionText(latest)})
	case !withdrawn && old.Withdrawn:
		changes = append(changes,
			enrich.Change{ID: raw.ID, Kind: enrich.ChangeRestored, Field: "withdrawn", Old: "withdrawn", New: VersionText(latest)})
	}
	return changes
}

// Withdrawn says whether a version is withdrawn: source type I; or, as older withdrawals have no such mark, an empty
// source (0 kB) of the latest version together with words that say so. An empty source alone is no proof: a source of
// 484 bytes is 0 kB as well (create_records.py of arXiv/oaipmh, and that repository's test data).
func Withdrawn(raw arxiv.RawRecord, version int) bool {
	latest := 0
	for _, v := range raw.Versions {
		latest = max(latest, v.Number)
	}
	for _, v := range raw.Versions {
		if v.Number != version {
			continue
		}
		if strings.Contains(v.SourceType, "I") {
			return true
		}
		return v.SizeKB == 0 && version == latest && SaysWithdrawn(raw.Comment, raw.Abstract)
	}
	return false
}

// SpeaksOfWithdrawal says whether a record's words make it worth asking OAI-PMH, which decides.
func SpeaksOfWithdrawal(rec arxiv.Record) bool { return SaysWithdrawn(rec.Comment, rec.Abstract) }

// SaysWithdrawn looks at the comment and at the start of the abstract, which is where arXiv's help asks authors to say it.
func SaysWithdrawn(comment, abstract string) bool {
	start := abstract[:min(len(abstract), 300)]
	for _, text := range []string{comment, start} {
		key := " " + arxiv.Key(text) + " "
		for _, word := range []string{" withdrawn ", " withdraw ", " retracted "} {
			if strings.Contains(key, word) {
				return true
			}
		}
	}
	return false
}

// AuthorNames is the author list as one text; affiliations come and go with arXiv's own software and are not compared.
func AuthorNames(authors []arxiv.Author) string {
	names := make([]string, len(authors))
	for i, a := range authors {
		names[i] = arxiv.Text(a.Name)
	}
	return strings.Join(names, ", ")
}

func VersionText(n int) string { return fmt.Sprintf("v%d", n) }
