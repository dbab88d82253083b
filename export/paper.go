// Package export writes refreshed metadata in the formats that other tools read. No format is made from another one: each
// is written from the same model, because every conversion loses something.
//
// format.go lists the formats; paper.go has the model and its public JSON shape. Each format is a pure writer over io.Writer
// in a file of its name, fed from one stream of papers, so that memory stays flat at any size. The bibliographic ones share
// one reading of a paper (citation.go, venue.go, names.go) and the keys (keys.go), the page and the feeds what changed
// (changes.go). All text from outside is hostile: escape.go takes out what acts on its reader, escape_tex.go and its
// neighbours make TeX of it that says the same and does nothing.
package export

import (
	"encoding/json"
	"strconv"
	"time"

	"syncer/arxiv"
)

// Paper is what is exported of a paper: the paper itself and what the store knows around it.
type Paper struct {
	arxiv.Paper
	Key      string   // the citation key pinned for it; empty: one is made
	Lists    []string // the lists that cite it
	Links    []Link
	Findings []string // keys of the open findings
}

// Link is a web link that belongs to a paper's entry in a list.
type Link struct {
	URL, Verdict string
	Since        time.Time // since when the verdict stands
}

// PaperObject is a paper in the public JSON shape. Absent fields are unknown; times are RFC 3339 UTC. size_kb,
// source_type, license and submitter come from OAI-PMH, a version's text fields from the query API.
func PaperObject(p Paper) any {
	object := paperJSON{
		ID: p.ID, Version: p.Version, Title: p.Title, Authors: authors(p.Authors), Abstract: p.Abstract,
		PrimaryCategory: p.PrimaryCategory, Categories: p.Categories, Comment: p.Comment, JournalRef: p.JournalRef, DOI: p.DOIs,
		License: p.License, Submitter: p.Submitter, Published: moment(p.Published), Updated: moment(p.Submitted), Withdrawn: p.Withdrawn,
		Disappeared: moment(p.Disappeared), Lists: p.Lists, Findings: p.Findings, FetchedAt: moment(p.FetchedAt),
	}
	for _, v := range p.Versions {
		version := versionJSON{Version: v.Number, Submitted: moment(v.Submitted), SourceType: v.SourceType, Withdrawn: v.Withdrawn}
		if v.SizeKB >= 0 {
			version.SizeKB = json.Number(strconv.Itoa(v.SizeKB))
		}
		if v.HasText {
			version.Title, version.Authors, version.Abstract, version.Comment = v.Title, authors(v.Authors), v.Abstract, v.Comment
		}
		object.Versions = append(object.Versions, version)
	}
	for _, l := range p.Links {
		object.Links = append(object.Links, paperLinkJSON{l.URL, l.Verdict, moment(l.Since)})
	}
	return object
}

type paperJSON struct {
	ID              arxiv.ID        `json:"id"`
	Version         int             `json:"version,omitempty"`
	Title           string          `json:"title"`
	Authors         []authorJSON    `json:"authors,omitempty"`
	Abstract        string          `json:"abstract,omitempty"`
	PrimaryCategory string          `json:"primary_category,omitempty"`
	Categories      []string        `json:"categories,omitempty"`
	Comment         string          `json:"comment,omitempty"`
	JournalRef      string          `json:"journal_ref,omitempty"`
	DOI             []string        `json:"doi,omitempty"`
	License         string          `json:"license,omitempty"`
	Submitter       string          `json:"submitter,omitempty"`
	Published       string          `json:"published,omitempty"`
	Updated         string          `json:"updated,omitempty"`
	Withdrawn       bool            `json:"withdrawn"`
	Disappeared     string          `json:"disappeared,omitempty"`
	Versions        []versionJSON   `json:"versions,omitempty"`
	Lists           []string        `json:"lists,omitempty"`
	Links           []paperLinkJSON `json:"links,omitempty"`
	Findings        []string        `json:"findings,omitempty"`
	FetchedAt       string          `json:"fetched_at,omitempty"`
}

type authorJSON struct {
	Name         string   `json:"name"`
	Affiliations []string `json:"affiliations"`
}

type versionJSON struct {
	Version    int          `json:"version"`
	Submitted  string       `json:"submitted,omitempty"`
	SizeKB     json.Number  `json:"size_kb,omitempty"`
	SourceType string       `json:"source_type,omitempty"`
	Withdrawn  bool         `json:"withdrawn,omitempty"`
	Title      string       `json:"title,omitempty"`
	Authors    []authorJSON `json:"authors,omitempty"`
	Abstract   string       `json:"abstract,omitempty"`
	Comment    string       `json:"comment,omitempty"`
}

type paperLinkJSON struct {
	URL     string `json:"url"`
	Verdict string `json:"verdict"`
	Since   string `json:"since,omitempty"`
}

// authors always carries an affiliations array: the query API does say when there is none.
func authors(list []arxiv.Author) []authorJSON {
	out := make([]authorJSON, len(list))
	for i, a := range list {
		out[i] = authorJSON{a.Name, a.Affiliations}
		if a.Affiliations == nil {
			out[i].Affiliations = []string{}
		}
	}
	return out
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
