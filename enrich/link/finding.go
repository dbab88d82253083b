package link

import (
	"fmt"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// JudgeByRecord judges a link to a paper on arXiv by what is stored of the paper: its pages are not asked for, since arXiv allows
// one request in 15 seconds for that, and the metadata say more. p is nil when the paper was never had; unknown says that
// arXiv has no such paper. version is 0 when the link names none.
func JudgeByRecord(old State, version int, p *arxiv.Paper, unknown bool, at time.Time) State {
	now := old
	modern, changed := arxiv.ModernURL(old.URL)
	now.CheckedAt, now.FinalURL, now.Permanent = at, modern, changed
	now.Status, now.Failures, now.FailingSince = 0, 0, time.Time{} // of its page, which is not asked for
	verdict, reason := OK, ""
	switch {
	case changed && arxiv.IsMirror(hostname(old.URL)):
		verdict, reason = Broken, "this mirror of arXiv is closed"
	case p == nil && !unknown:
		now.CheckedAt = old.CheckedAt
		verdict, reason = Unchecked, "arXiv was not asked for the paper yet"
	case p == nil:
		verdict, reason = Broken, "arXiv has no such paper"
	case !p.Disappeared.IsZero():
		verdict, reason = Broken, "arXiv does not know the paper any more"
	case version > p.Version:
		verdict, reason = Broken, fmt.Sprintf("there is no v%d, the newest is v%d", version, p.Version)
	case strings.HasPrefix(pathOf(modern), "/pdf/") && withdrawnVersion(p, version):
		// /pdf answers 404 for a withdrawn version, /abs goes on to answer (arxiv-browse, controllers/files).
		verdict, reason = Broken, "withdrawn: arXiv gives no PDF of it"
	case p.Withdrawn:
		reason = "the paper is withdrawn"
	}
	now.settle(verdict, reason, true, at)
	if verdict == OK {
		now.LastGood = at
	}
	if verdict == Broken && changed {
		now.Target = modern
	}
	return now
}

func withdrawnVersion(p *arxiv.Paper, version int) bool {
	if version == 0 {
		version = p.Version
	}
	for _, v := range p.Versions {
		if v.Number == version {
			return v.Withdrawn
		}
	}
	return false
}

// Kind is the kind of finding about a link with this verdict; empty for those that are no finding.
func (v Verdict) Kind() enrich.Kind {
	if _, ok := enrich.KindNamed(enrich.Kind(v)); ok {
		return enrich.Kind(v)
	}
	return ""
}

// Severity is that of the finding about a link with this verdict; empty for those that are no finding.
func (v Verdict) Severity() enrich.Severity {
	row, _ := enrich.KindNamed(v.Kind())
	return row.Severity
}

// quietFailures is how many checks in a row must fail before a link that may be only passing through a bad hour is worth a
// line: of five nights' reports on flaky links, three named others each night (felladrin/uo-is-not-dead issue 158).
const quietFailures = 2

// Finding is what a list's owner should know of a link; ok is false when there is nothing. A link to a paper at arXiv is a
// citation, about which other findings speak: only its form is told of here.
func Finding(list string, l seeds.Link, s State, paper bool) (f enrich.Finding, ok bool) {
	severity := s.Verdict.Severity()
	if severity == "" || s.Verdict == Suspect && s.Failures < quietFailures || paper && s.Target == "" && s.Status == 0 ||
		enrich.IsIgnored(l.Ignored, s.Verdict.Kind()) {
		return enrich.Finding{}, false
	}
	f = Annotation(list, l, s)
	f.Key = enrich.Key(string(s.Verdict), list, s.URL)
	return f, true
}

// Annotation tells of a link at one of its places in a list, whatever its verdict.
func Annotation(list string, l seeds.Link, s State) enrich.Finding {
	return enrich.Finding{
		Key: enrich.Key(
			string(s.Verdict), list, s.URL, fmt.Sprint(l.Line, l.Column),
		), Kind: s.Verdict.Kind(), Severity: s.Verdict.Severity(), Subject: s.URL, List: list, Line: l.Line, Column: l.Column,
		Claimed: l.AsWritten, Actual: s.Reason, Suggestion: Suggestion(s), Message: Message(s),
	}
}

// Suggestion is what a list could say instead of a link: where it has moved, or an archived copy of what is gone; empty
// when there is nothing.
func Suggestion(s State) string {
	if s.Target == "" && s.Verdict == Broken {
		return s.Archived
	}
	return s.Target
}

// Message says in a line what is with a link, its address first.
func Message(s State) string {
	message := s.URL
	if s.Reason != "" {
		message += ": " + s.Reason
	}
	switch {
	case s.Verdict == Broken && s.Archived != "":
		message += "; archived at " + s.Archived
	case s.Verdict == Broken && s.Target != "":
		message += "; now " + s.Target
	}
	return message
}
