package export

import (
	"iter"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/seeds"
)

// The shapes in which commands and pages tell everything but papers (PaperObject): one JSON object each, times RFC 3339 UTC,
// absent means unknown. They are public and may grow. Type names the shape where one stream has several.

// FindingJSON is a finding in its public shape.
type FindingJSON struct {
	Type       string          `json:"type,omitempty"`
	Key        string          `json:"key"`
	Kind       enrich.Kind     `json:"kind"`
	Severity   enrich.Severity `json:"severity"`
	Subject    string          `json:"subject"`
	List       string          `json:"list"`
	Line       int             `json:"line,omitempty"`
	Column     int             `json:"column,omitempty"`
	Claimed    string          `json:"claimed,omitempty"`
	Actual     string          `json:"actual,omitempty"`
	Suggestion string          `json:"suggestion,omitempty"`
	Message    string          `json:"message"`
	FirstSeen  string          `json:"first_seen"`
	LastSeen   string          `json:"last_seen,omitempty"`
	ResolvedAt string          `json:"resolved_at,omitempty"`
	Ignored    bool            `json:"ignored"`
	Reason     string          `json:"ignore_reason,omitempty"`
	Until      string          `json:"ignored_until,omitempty"` // the last day on which it is ignored
}

// FindingObject puts a finding into its shape.
func FindingObject(f Finding) FindingJSON {
	object := FindingJSON{
		Key: f.Key, Kind: f.Kind, Severity: f.Severity, Subject: f.Subject, List: f.List, Line: f.Line, Column: f.Column,
		Claimed: f.Claimed, Actual: f.Actual, Suggestion: f.Suggestion, Message: f.Message,
		FirstSeen: moment(f.FirstSeen), LastSeen: moment(f.LastSeen), ResolvedAt: moment(f.ResolvedAt), Ignored: f.Ignored,
	}
	if f.Ignored {
		object.Reason, object.Until = f.IgnoreReason, f.LastIgnoredDay()
	}
	return object
}

// ChangeJSON is a change of a paper in its public shape.
type ChangeJSON struct {
	Type  string   `json:"type,omitempty"`
	At    string   `json:"at"`
	Run   int64    `json:"run,omitempty"`
	ID    arxiv.ID `json:"id"`
	Kind  string   `json:"kind"`
	Field string   `json:"field,omitempty"`
	Old   string   `json:"old,omitempty"`
	New   string   `json:"new,omitempty"`
}

// ChangeObject puts a change into its shape.
func ChangeObject(c Change) ChangeJSON {
	return ChangeJSON{At: moment(c.At), Run: c.Run, ID: c.ID, Kind: c.Kind, Field: c.Field, Old: c.Old, New: c.New}
}

// Run is a run of the program: what it asked and what it came to.
type Run struct {
	ID                 int64
	Kind               enrich.RunKind
	StartedAt, EndedAt time.Time // EndedAt is zero while it goes on
	Requests           int
	Papers, Changed    int
	Links, Broken      int
	Distrusted         bool
	Error              string
}

// RunJSON is a run in its public shape.
type RunJSON struct {
	Type       string         `json:"type,omitempty"`
	Run        int64          `json:"run,omitempty"`
	Kind       enrich.RunKind `json:"kind"`
	StartedAt  string         `json:"started_at"`
	EndedAt    string         `json:"ended_at,omitempty"`
	Requests   int            `json:"requests"`
	Papers     int            `json:"papers"`
	Changed    int            `json:"changed"`
	Links      int            `json:"links"`
	Broken     int            `json:"broken"`
	Distrusted bool           `json:"distrusted"`
	Error      string         `json:"error,omitempty"`
}

// RunObject puts a run into its shape.
func RunObject(r Run) RunJSON {
	return RunJSON{
		Run: r.ID, Kind: r.Kind, StartedAt: moment(r.StartedAt), EndedAt: moment(r.EndedAt), Requests: r.Requests, Papers: r.Papers,
		Changed: r.Changed, Links: r.Links, Broken: r.Broken, Distrusted: r.Distrusted, Error: r.Error,
	}
}

// CheckedLink is a link of some lists as it is known now.
type CheckedLink struct {
	link.State
	New    bool // its verdict became this in the run that is told of
	Places []LinkPlace
}

// LinkPlace is where a list has a link.
type LinkPlace struct {
	List   string `json:"list"`
	Line   int    `json:"line"`
	Column int    `json:"column,omitempty"`
	Title  string `json:"title,omitempty"`
}

// LinkJSON is a link in its public shape.
type LinkJSON struct {
	URL        string       `json:"url"`
	Verdict    link.Verdict `json:"verdict"`
	Status     int          `json:"status,omitempty"`
	FinalURL   string       `json:"final_url,omitempty"` // where it leads, when that is elsewhere
	Permanent  bool         `json:"permanent"`
	Reason     string       `json:"reason,omitempty"`
	Certain    bool         `json:"certain"` // the verdict has held over the checks and days that a nightly job asks for
	Since      string       `json:"since,omitempty"`
	CheckedAt  string       `json:"checked_at,omitempty"`
	LastGood   string       `json:"last_good,omitempty"`
	Failures   int          `json:"failures"`
	Suggestion string       `json:"suggestion,omitempty"`
	Archived   string       `json:"archived,omitempty"`
	New        bool         `json:"new"`
	Places     []LinkPlace  `json:"places"`
}

// LinkObject puts a link into its shape.
func LinkObject(l CheckedLink) LinkJSON {
	object := LinkJSON{
		URL: l.URL, Verdict: l.Verdict, Status: l.Status, Permanent: l.Permanent, Reason: l.Reason, Certain: l.Certain,
		Since: moment(l.Since), CheckedAt: moment(l.CheckedAt), LastGood: moment(l.LastGood), Failures: l.Failures,
		Suggestion: link.Suggestion(l.State), Archived: l.Archived, New: l.New, Places: l.Places,
	}
	if l.FinalURL != l.URL {
		object.FinalURL = l.FinalURL
	}
	return object
}

// SeedJSON is a citation, a link or a malformed identifier of a list in its public shape.
type SeedJSON struct {
	Type      string   `json:"type"` // citation, link or malformed
	ID        arxiv.ID `json:"id,omitempty"`
	URL       string   `json:"url,omitempty"`
	Version   int      `json:"version,omitempty"`
	AsWritten string   `json:"as_written"`
	List      string   `json:"list"`
	Line      int      `json:"line"`
	Section   string   `json:"section,omitempty"`
	Key       string   `json:"key,omitempty"`
	Title     string   `json:"title,omitempty"`
	Author    string   `json:"author,omitempty"`
	Year      int      `json:"year,omitempty"`
	Reason    string   `json:"reason,omitempty"`
}

// SeedObjects are all citations of a list, then its links, then what is malformed in it, each in its shape.
func SeedObjects(list seeds.List) iter.Seq[SeedJSON] {
	return func(yield func(SeedJSON) bool) {
		for _, c := range list.Citations {
			if !yield(SeedJSON{Type: "citation", ID: c.ID, Version: c.Version, AsWritten: c.AsWritten, List: list.Name, Line: c.Line,
				Section: c.Section, Key: c.Key, Title: c.Claim.Title, Author: c.Claim.FirstAuthor, Year: c.Claim.Year}) {
				return
			}
		}
		for _, l := range list.Links {
			if !yield(SeedJSON{Type: "link", URL: l.URL, AsWritten: l.AsWritten, List: list.Name, Line: l.Line, Section: l.Section,
				Title: l.Title}) {
				return
			}
		}
		for _, m := range list.Malformed {
			if !yield(SeedJSON{Type: "malformed", AsWritten: m.AsWritten, List: list.Name, Line: m.Line, Section: m.Section,
				Reason: m.Reason}) {
				return
			}
		}
	}
}

// PlanJSON is what a run would ask, in its public shape.
type PlanJSON struct {
	Type     string `json:"type"`     // plan
	Requests int    `json:"requests"` // to arXiv
	Papers   int    `json:"papers"`   // cited; for a look at links alone those that links lead to
	Due      int    `json:"due"`
	Versions int    `json:"versions"`
	ByOAI    int    `json:"by_oai"`
	Unseen   int    `json:"unseen"`
	Links    int    `json:"links"` // that would be asked for
	Hosts    int    `json:"hosts"`
	NotDue   int    `json:"links_not_due"`
}

// CorrectionJSON is a correction of a list, or what is not certain enough to be one, in its public shape.
type CorrectionJSON struct {
	Type    string      `json:"type"` // correction, or note for what is not certain
	List    string      `json:"list"`
	Line    int         `json:"line"`
	Column  int         `json:"column,omitempty"`
	Kind    enrich.Kind `json:"kind"`
	Message string      `json:"message"`
}

// CorrectionObject puts a correction of a list into its shape.
func CorrectionObject(list string, c enrich.Correction) CorrectionJSON {
	object := CorrectionJSON{Type: "note", List: list, Line: c.Line, Column: c.Column, Kind: c.Kind, Message: c.Message}
	if c.Certain() {
		object.Type = "correction"
	}
	return object
}
