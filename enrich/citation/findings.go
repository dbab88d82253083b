package citation

import (
	"fmt"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/record"
	"syncer/seeds"
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
	Change enrich.Change
	At     time.Time
}

// PaperFindings judges what happened to one cited paper; what the list claims of it matters only as far as an older
// version said the same. p is nil when the paper was never had; unknownAt is when arXiv said that it has no such paper.
// events are the paper's changes, oldest first. Findings about a state (withdrawn) stay open while it lasts; those about
// an event are open for 30 days from it, when it came after the list was first read and is still true.
func PaperFindings(now time.Time, cited Cited, p *arxiv.Paper, unknownAt time.Time, events []Event) []enrich.Finding {
	f := finder{cited: cited, subject: string(cited.Citation.ID)}
	switch {
	case p == nil:
		if !unknownAt.IsZero() {
			f.add(enrich.Finding{
				Kind: enrich.KindUnknownID, Severity: enrich.SeverityError, Claimed: cited.Citation.AsWritten,
				Message: fmt.Sprintf("arXiv has no paper %s (asked %s)", cited.Citation.ID, enrich.Day(unknownAt)),
			})
		}
		return f.findings
	case !p.Disappeared.IsZero():
		f.add(enrich.Finding{
			Kind: enrich.KindDisappeared, Severity: enrich.SeverityError,
			Message: fmt.Sprintf("arXiv does not know %s any more (first missed %s); it was %q", p.ID, enrich.Day(p.Disappeared), p.Title),
		})
		return f.findings
	}
	if p.Withdrawn {
		f.add(enrich.Finding{
			Kind: enrich.KindWithdrawn, Severity: enrich.SeverityError, Actual: "withdrawn", Message: withdrawnMessage(*p),
		})
	}
	recent := recentEvents(now, cited.FirstSeen, events)
	f.replaced(p, recent)
	f.published(p, recent)
	f.titleChanged(p, recent)
	f.authorsChanged(p, recent)
	return f.findings
}

// MalformedFinding is the finding about something in a list that cannot be an identifier.
func MalformedFinding(list string, m seeds.Malformed) enrich.Finding {
	return enrich.Finding{
		Key: enrich.Key(
			string(enrich.KindMalformedID), list, m.AsWritten,
		), Kind: enrich.KindMalformedID, Severity: enrich.SeverityError, Subject: m.AsWritten, List: list, Line: m.Line, Column: m.Column,
		Claimed: m.AsWritten, Message: fmt.Sprintf("%q is no arXiv identifier: %s", m.AsWritten, m.Reason),
	}
}

type finder struct {
	cited    Cited
	subject  string
	findings []enrich.Finding
}

// add completes a finding whose key is the same for every mention of the paper in the list, wherever the line has moved.
func (f *finder) add(finding enrich.Finding) { f.place(finding) }

// place says where a finding stands and what it is about, and keeps it. Beside kind, list and subject its key is made of the
// parts given.
func (f *finder) place(finding enrich.Finding, keyParts ...string) {
	finding.Subject, finding.List = f.subject, f.cited.List
	finding.Line, finding.Column = f.cited.Citation.Line, f.cited.Citation.Column
	finding.Key = enrich.Key(append([]string{string(finding.Kind), finding.List, finding.Subject}, keyParts...)...)
	f.findings = append(f.findings, finding)
}

// recentEvents are the events that count as news, the first of each field: its Old is what was true before all of them.
// What the run that first read the list found out happened before the list was read.
func recentEvents(now, since time.Time, events []Event) map[string]Event {
	recent := map[string]Event{}
	for _, e := range events {
		if e.Change.Kind == enrich.ChangeNew || !e.At.After(since) || now.Sub(e.At) > newsFor {
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
	if !ok || e.Change.Old == record.VersionText(p.Version) ||
		f.cited.Citation.Version != 0 { // a version that is cited is outdated-version's business
		return
	}
	f.add(enrich.Finding{
		Kind: enrich.KindReplaced, Severity: enrich.SeverityInfo, Claimed: e.Change.Old, Actual: record.VersionText(p.Version),
		Message: fmt.Sprintf("v%d of %s has replaced %s", p.Version, enrich.Day(p.Submitted), e.Change.Old),
	})
}

func (f *finder) published(p *arxiv.Paper, recent map[string]Event) {
	for _, field := range []struct{ name, now string }{{"doi", strings.Join(p.DOIs, " ")}, {"journal_ref", arxiv.Text(p.JournalRef)}} {
		e, ok := recent[field.name]
		if !ok || field.now == "" || e.Change.Old == field.now {
			continue
		}
		f.add(enrich.Finding{
			Kind: enrich.KindPublished, Severity: enrich.SeverityInfo, Claimed: e.Change.Old, Actual: field.now,
			Suggestion: field.now, Message: "since it was listed: " + field.now,
		})
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
				f.add(enrich.Finding{
					Kind: enrich.KindTitleChanged, Severity: enrich.SeverityWarning, Claimed: claim, Actual: p.Title,
					Suggestion: p.Title,
					Message: fmt.Sprintf("the title was this in v%d; since v%d it is %q", v.Number, changedSince(p, titleIs(current)),
						p.Title),
				})
			}
			return
		}
	}
	if e, ok := recent["title"]; ok && arxiv.Key(e.Change.Old) != current {
		severity, suggestion := enrich.SeverityInfo, ""
		if key != "" && key == arxiv.Key(e.Change.Old) {
			severity, suggestion = enrich.SeverityWarning, p.Title
		}
		f.add(enrich.Finding{
			Kind: enrich.KindTitleChanged, Severity: severity, Claimed: claim, Actual: p.Title, Suggestion: suggestion,
			Message: fmt.Sprintf("the title changed from %q to %q", e.Change.Old, p.Title),
		})
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
				f.add(enrich.Finding{
					Kind: enrich.KindAuthorsChanged, Severity: enrich.SeverityInfo, Claimed: claim, Actual: p.Authors[0].Name,
					Message: fmt.Sprintf("first author %s is right for v%d; since v%d it is %s", v.Authors[0].Name, v.Number,
						changedSince(p, firstAuthorIs(p.Authors[0].Name)), p.Authors[0].Name),
				})
			}
			return
		}
	}
	if e, ok := recent["authors"]; ok && e.Change.Old != record.AuthorNames(p.Authors) {
		f.add(enrich.Finding{
			Kind: enrich.KindAuthorsChanged, Severity: enrich.SeverityInfo,
			Message: "the authors changed: " + authorsMessage(e.Change.Old, p.Authors),
		})
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
	diff := record.DiffAuthors(record.VersionDiff{}, before, new)
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
	return func(v arxiv.Version) bool { return len(v.Authors) > 0 && record.SameName(v.Authors[0].Name, name) }
}

// withdrawnMessage quotes the authors' own words where the record has them.
func withdrawnMessage(p arxiv.Paper) string {
	message := fmt.Sprintf("in v%d", p.Version)
	for _, v := range p.Versions {
		if v.Withdrawn && v.Number == p.Version && !v.Submitted.IsZero() {
			message += " of " + enrich.Day(v.Submitted)
		}
	}
	if record.SaysWithdrawn(p.Comment, "") {
		message += fmt.Sprintf(": %q", p.Comment)
	}
	return message
}
