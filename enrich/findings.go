package enrich

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/seeds"
)

// The finding kinds of this floor, as the public contract names them.
const (
	KindUnknownID      = "unknown-id"
	KindMalformedID    = "malformed-id"
	KindWithdrawn      = "withdrawn"
	KindDisappeared    = "disappeared"
	KindReplaced       = "replaced"
	KindPublished      = "published"
	KindTitleChanged   = "title-changed"
	KindAuthorsChanged = "authors-changed"
)

// newsFor is how long an event (a replacement, a publication) stays an open finding. Nobody has to do anything about
// most of them; a month is a list owner's attention span.
const newsFor = 30 * 24 * time.Hour

// Cited is one citation as the store has it.
type Cited struct {
	Citation  seeds.Citation
	List      string
	FirstSeen time.Time // when the list was first read with this citation in it
}

// Event is a change as the store has it.
type Event struct {
	Change Change
	At     time.Time
}

// PaperFindings judges what happened to one cited paper; what the list claims of it matters only as far as an older
// version said the same. p is nil when the paper was never had; unknownAt is when arXiv said that it has no such paper.
// events are the paper's changes, oldest first. Findings about a state (withdrawn) stay open while it lasts; those about
// an event are open for 30 days from it, when it came after the list was first read and is still true.
func PaperFindings(now time.Time, cited Cited, p *arxiv.Paper, unknownAt time.Time, events []Event) []Finding {
	f := finder{cited: cited, subject: string(cited.Citation.ID)}
	switch {
	case p == nil:
		if !unknownAt.IsZero() {
			f.add(KindUnknownID, SeverityError, fmt.Sprintf("arXiv has no paper %s (asked %s)", cited.Citation.ID, day(unknownAt)), cited.Citation.AsWritten, "", "")
		}
		return f.findings
	case !p.Disappeared.IsZero():
		f.add(KindDisappeared, SeverityError, fmt.Sprintf("arXiv does not know %s any more (first missed %s); it was %q", p.ID, day(p.Disappeared), p.Title), "", "", "")
		return f.findings
	}
	if p.Withdrawn {
		f.add(KindWithdrawn, SeverityError, withdrawnMessage(*p), "", "withdrawn", "")
	}
	recent := recentEvents(now, cited.FirstSeen, events)
	f.replaced(p, recent)
	f.published(p, recent)
	f.titleChanged(p, recent)
	f.authorsChanged(p, recent)
	return f.findings
}

// MalformedFinding is the finding about something in a list that cannot be an identifier.
func MalformedFinding(list string, m seeds.Malformed) Finding {
	return Finding{
		Key: key(KindMalformedID, list, m.AsWritten), Kind: KindMalformedID, Severity: SeverityError, Subject: m.AsWritten, List: list, Line: m.Line, Column: m.Column,
		Claimed: m.AsWritten, Message: fmt.Sprintf("%q is no arXiv identifier: %s", m.AsWritten, m.Reason),
	}
}

type finder struct {
	cited    Cited
	subject  string
	findings []Finding
}

// add makes a finding whose key is the same for every mention of the paper in the list, wherever the line has moved.
func (f *finder) add(kind, severity, message, claimed, actual, suggestion string) {
	f.findings = append(f.findings, Finding{
		Key: key(kind, f.cited.List, f.subject), Kind: kind, Severity: severity, Subject: f.subject, List: f.cited.List, Line: f.cited.Citation.Line, Column: f.cited.Citation.Column,
		Claimed: claimed, Actual: actual, Suggestion: suggestion, Message: message,
	})
}

// key is short enough to type and long enough (48 bits) for the findings of one person's lists.
func key(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:6])
}

// recentEvents are the events that count as news, the first of each field: its Old is what was true before all of them.
// What the run that first read the list found out happened before the list was read.
func recentEvents(now, since time.Time, events []Event) map[string]Event {
	recent := map[string]Event{}
	for _, e := range events {
		if e.Change.Kind == ChangeNew || !e.At.After(since) || now.Sub(e.At) > newsFor {
			continue
		}
		if _, ok := recent[e.Change.Field]; !ok {
			recent[e.Change.Field] = e
		}
	}
	return recent
}

func (f *finder) replaced(p *arxiv.Paper, recent map[string]Event) {
	e, ok := recent["version"]
	if !ok || e.Change.Old == versionText(p.Version) || f.cited.Citation.Version != 0 { // a version that is cited is outdated-version's business
		return
	}
	f.add(KindReplaced, SeverityInfo, fmt.Sprintf("v%d of %s has replaced %s", p.Version, day(p.Submitted), e.Change.Old),
		e.Change.Old, versionText(p.Version), "")
}

func (f *finder) published(p *arxiv.Paper, recent map[string]Event) {
	for _, field := range []struct{ name, now string }{{"doi", strings.Join(p.DOIs, " ")}, {"journal_ref", arxiv.Text(p.JournalRef)}} {
		e, ok := recent[field.name]
		if !ok || field.now == "" || e.Change.Old == field.now {
			continue
		}
		f.add(KindPublished, SeverityInfo, "since it was listed: "+field.now, e.Change.Old, field.now, field.now)
		return // one finding, the DOI before the journal reference
	}
}

// titleChanged: a list that carries the older title should know (warning), unless it cites that version; otherwise a
// recent change is worth a line.
func (f *finder) titleChanged(p *arxiv.Paper, recent map[string]Event) {
	claim := f.cited.Citation.Claim.Title
	key, current := arxiv.Key(claim), arxiv.Key(p.Title)
	if key != "" && key != current {
		for _, v := range p.Versions {
			if !v.HasText || v.Number >= p.Version || arxiv.Key(v.Title) == current {
				continue
			}
			if arxiv.Key(v.Title) != key && (fitTitle(claim, v.Title, "") != titleSame || fitTitle(claim, p.Title, "") <= titleLonger) {
				continue
			}
			if v.Number != f.cited.Citation.Version {
				f.add(KindTitleChanged, SeverityWarning, fmt.Sprintf("the title was this in v%d; since v%d it is %q", v.Number, changedSince(p, titleIs(current)), p.Title), claim, p.Title, p.Title)
			}
			return
		}
	}
	if e, ok := recent["title"]; ok && arxiv.Key(e.Change.Old) != current {
		severity, suggestion := SeverityInfo, ""
		if key != "" && key == arxiv.Key(e.Change.Old) {
			severity, suggestion = SeverityWarning, p.Title
		}
		f.add(KindTitleChanged, severity, fmt.Sprintf("the title changed from %q to %q", e.Change.Old, p.Title), claim, p.Title, suggestion)
	}
}

// authorsChanged: an author who stood first in an older version is how lists cite the paper, and no mistake (info).
func (f *finder) authorsChanged(p *arxiv.Paper, recent map[string]Event) {
	claim := f.cited.Citation.Claim.FirstAuthor
	if first := firstOf(claim); first != "" && len(p.Authors) > 0 && !standsFirst(first, p.Authors) {
		for _, v := range p.Versions {
			if !v.HasText || v.Number >= p.Version || !standsFirst(first, v.Authors) {
				continue
			}
			if v.Number != f.cited.Citation.Version {
				f.add(KindAuthorsChanged, SeverityInfo, fmt.Sprintf("first author %s is right for v%d; since v%d it is %s", v.Authors[0].Name, v.Number,
					changedSince(p, firstAuthorIs(p.Authors[0].Name)), p.Authors[0].Name), claim, p.Authors[0].Name, "")
			}
			return
		}
	}
	if e, ok := recent["authors"]; ok && e.Change.Old != authorNames(p.Authors) {
		f.add(KindAuthorsChanged, SeverityInfo, "the authors changed: "+authorsMessage(e.Change.Old, p.Authors), "", "", "")
	}
}

// authorsMessage tells two author lists apart in a line.
func authorsMessage(old string, new []arxiv.Author) string {
	var before []arxiv.Author
	for name := range strings.SplitSeq(old, ", ") {
		if name != "" {
			before = append(before, arxiv.Author{Name: name})
		}
	}
	diff := diffAuthors(VersionDiff{}, before, new)
	if diff.FirstAuthor {
		return "first was " + diff.Old + ", now " + diff.New
	}
	return diff.New
}

// changedSince is the first version of the run of versions up to the newest for which is holds.
func changedSince(p *arxiv.Paper, is func(arxiv.Version) bool) int {
	since := p.Version
	for i := len(p.Versions) - 1; i >= 0; i-- {
		v := p.Versions[i]
		if v.HasText && !is(v) {
			break
		}
		if v.HasText {
			since = v.Number
		}
	}
	return since
}

func titleIs(key string) func(arxiv.Version) bool {
	return func(v arxiv.Version) bool { return arxiv.Key(v.Title) == key }
}

func firstAuthorIs(name string) func(arxiv.Version) bool {
	return func(v arxiv.Version) bool { return len(v.Authors) > 0 && sameName(v.Authors[0].Name, name) }
}

// withdrawnMessage quotes the authors' own words where the record has them.
func withdrawnMessage(p arxiv.Paper) string {
	message := fmt.Sprintf("in v%d", p.Version)
	for _, v := range p.Versions {
		if v.Withdrawn && v.Number == p.Version && !v.Submitted.IsZero() {
			message += " of " + day(v.Submitted)
		}
	}
	if saysWithdrawn(p.Comment, "") {
		message += fmt.Sprintf(": %q", p.Comment)
	}
	return message
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
