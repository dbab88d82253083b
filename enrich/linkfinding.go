package enrich

import (
	"fmt"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/seeds"
)

// ArXivLink judges a link to a paper on arXiv by what is stored of the paper: its pages are not asked for, since arXiv allows
// one request in 15 seconds for that, and the metadata say more. p is nil when the paper was never had; unknown says that
// arXiv has no such paper. version is 0 when the link names none.
func ArXivLink(old LinkState, version int, p *arxiv.Paper, unknown bool, at time.Time) LinkState {
	now := old
	modern, changed := arxiv.ModernURL(old.URL)
	now.CheckedAt, now.FinalURL, now.Permanent = at, modern, changed
	now.Status, now.Failures, now.FailingSince = 0, 0, time.Time{} // of its page, which is not asked for
	verdict, reason := LinkOK, ""
	switch {
	case changed && arxiv.IsMirror(hostname(old.URL)):
		verdict, reason = LinkBroken, "this mirror of arXiv is closed"
	case p == nil && !unknown:
		now.CheckedAt = old.CheckedAt
		verdict, reason = LinkUnchecked, "arXiv was not asked for the paper yet"
	case p == nil:
		verdict, reason = LinkBroken, "arXiv has no such paper"
	case !p.Disappeared.IsZero():
		verdict, reason = LinkBroken, "arXiv does not know the paper any more"
	case version > p.Version:
		verdict, reason = LinkBroken, fmt.Sprintf("there is no v%d, the newest is v%d", version, p.Version)
	case strings.HasPrefix(pathOf(modern), "/pdf/") && withdrawnVersion(p, version):
		// /pdf answers 404 for a withdrawn version, /abs goes on to answer (arxiv-browse, controllers/files).
		verdict, reason = LinkBroken, "withdrawn: arXiv gives no PDF of it"
	case p.Withdrawn:
		reason = "the paper is withdrawn"
	}
	now.settle(verdict, reason, true, at)
	if verdict == LinkOK {
		now.LastGood = at
	}
	if verdict == LinkBroken && changed {
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

// linkSeverity is by what a list's owner has to do: mend it, look at it, or nothing yet.
var linkSeverity = map[string]string{
	LinkBroken: SeverityError, LinkChanged: SeverityWarning, LinkMoved: SeverityWarning, LinkInsecure: SeverityWarning,
	LinkSuspect: SeverityInfo, LinkBlocked: SeverityInfo,
}

// LinkSeverity is the severity of a verdict, empty for those that are no finding.
func LinkSeverity(verdict string) string { return linkSeverity[verdict] }

// quietFailures is how many checks in a row must fail before a link that may be only passing through a bad hour is worth a
// line: of five nights' reports on flaky links, three named others each night (felladrin/uo-is-not-dead issue 158).
const quietFailures = 2

// LinkFinding is what a list's owner should know of a link; ok is false when there is nothing. A link to a paper at arXiv is a
// citation, about which other findings speak: only its form is told of here.
func LinkFinding(list string, l seeds.Link, s LinkState, paper bool) (f Finding, ok bool) {
	severity := linkSeverity[s.Verdict]
	if severity == "" || s.Verdict == LinkSuspect && s.Failures < quietFailures || paper && s.Target == "" && s.Status == 0 || IsIgnored(l.Ignored, s.Verdict) {
		return Finding{}, false
	}
	f = LinkAnnotation(list, l, s)
	f.Key = key(s.Verdict, list, s.URL)
	return f, true
}

// LinkAnnotation tells of a link at one of its places in a list, whatever its verdict.
func LinkAnnotation(list string, l seeds.Link, s LinkState) Finding {
	return Finding{
		Key: key(s.Verdict, list, s.URL, fmt.Sprint(l.Line, l.Column)), Kind: s.Verdict, Severity: linkSeverity[s.Verdict], Subject: s.URL, List: list, Line: l.Line, Column: l.Column,
		Claimed: l.AsWritten, Actual: s.Reason, Suggestion: LinkSuggestion(s), Message: LinkMessage(s),
	}
}

// LinkSuggestion is what a list could say instead of a link: where it has moved, or an archived copy of what is gone; empty
// when there is nothing.
func LinkSuggestion(s LinkState) string {
	if s.Target == "" && s.Verdict == LinkBroken {
		return s.Archived
	}
	return s.Target
}

// LinkMessage says in a line what is with a link, its address first.
func LinkMessage(s LinkState) string {
	message := s.URL
	if s.Reason != "" {
		message += ": " + s.Reason
	}
	switch {
	case s.Verdict == LinkBroken && s.Archived != "":
		message += "; archived at " + s.Archived
	case s.Verdict == LinkBroken && s.Target != "":
		message += "; now " + s.Target
	}
	return message
}
