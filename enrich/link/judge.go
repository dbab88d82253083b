package link

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"syncer/enrich"
	"time"
)

// Policy is how sure one wants to be.
type Policy struct {
	// AtOnce believes what is plain (404, 410, no such host, refused, a permanent redirect) at the first check, for a single
	// look at a list; transient faults are never believed at once.
	AtOnce bool
	// Grace is how long a link must fail, however it fails, before it is broken.
	Grace time.Duration
}

// DefaultGrace is a week: an outage that nobody mends in a week is no outage.
const DefaultGrace = 7 * 24 * time.Hour

// outcome is what one check says of a link.
type outcome int

const (
	isGood      outcome = iota
	isGone              // 410: somebody says that it will not come back (RFC 9110 section 15.5.11)
	isNotFound          // 404
	isNoHost            // the name does not exist
	isRefused           // nobody listens
	isLoop              // it redirects for ever
	isSoft              // a good status over a page that says there is none
	isMoved             // it led elsewhere for good
	isAnother           // the page is about something else
	isInsecure          // a good page behind a bad certificate
	isTransient         // 5xx, timeouts, resets, failing name servers: may pass
	isBlocked           // programs are not answered
	isNotAsked          // an address that may not be asked
)

// linkRule is how often and for how long checks must say the same, without a good one between, before it is the verdict.
type linkRule struct {
	verdict Verdict
	checks  int
	held    time.Duration // from the first of them to the last
	atOnce  bool          // one check is enough for a single look
	until   Verdict       // the verdict until then; empty: the one that stood before
}

// twoDays is an hour short, since nightly jobs drift: the third night must not miss it by a minute.
const twoDays = 47 * time.Hour

// The rules. Three checks over two days for what is plain, as the bots that repair Wikipedia's links ask for three over six
// (InternetArchiveBot) or two over a week (DASHBot); a 410 is deliberate and needs one night more only.
var linkRules = map[outcome]linkRule{
	isGone:      {Broken, 2, 0, true, Suspect},
	isNotFound:  {Broken, 3, twoDays, true, Suspect},
	isNoHost:    {Broken, 3, twoDays, true, Suspect},
	isRefused:   {Broken, 3, twoDays, true, Suspect},
	isLoop:      {Broken, 3, twoDays, true, Suspect},
	isSoft:      {Broken, 3, twoDays, true, Suspect},
	isMoved:     {Moved, 2, 0, true, ""},
	isAnother:   {Changed, 2, 0, true, ""},
	isInsecure:  {Insecure, 1, 0, true, ""},
	isTransient: {Suspect, 1, 0, true, ""}, // and broken after the policy's grace
	isBlocked:   {Blocked, 1, 0, true, ""},
	isNotAsked:  {Unchecked, 1, 0, true, ""},
	isGood:      {OK, 1, 0, true, ""},
}

// Judge gives the state of a link after one more check. soft is why the answer is a soft 404 (SoftNotFound), empty when it
// is none. The same states and checks give the same result, whatever the time of day; policy only says how sure to be.
func Judge(old State, p Probe, soft string, policy Policy) State {
	what, reason := classify(old, p, soft)
	now := old
	now.CheckedAt = p.At
	if what == isNotAsked {
		now.settle(Unchecked, reason, true, p.At)
		return now
	}
	now.FinalURL, now.Permanent = p.FinalURL, p.Permanent()
	if !p.NotModified {
		now.Status = p.Status
	}
	now.count(what, p)
	rule := linkRules[what]
	verdict := rule.verdict
	certain := rule.checks <= 1 || now.Strikes >= rule.checks && p.At.Sub(now.PendingSince) >= rule.held
	switch {
	case what == isTransient && now.Failures >= 3 && p.At.Sub(now.FailingSince) >= policy.Grace:
		// It fails in whatever way, and never once did not. The days alone do not count, there must be checks.
		verdict = Broken
		reason += fmt.Sprintf("; failing since %s", enrich.Day(now.FailingSince))
	case what == isTransient && old.Verdict == Broken:
		verdict, reason, certain = Broken, old.Reason, old.Certain // no page came back
	case certain || policy.AtOnce && rule.atOnce:
		if what == isMoved {
			now.Target = p.FinalURL
			if _, fragment, ok := strings.Cut(old.URL, "#"); ok && !strings.Contains(p.FinalURL, "#") {
				now.Target += "#" + fragment
			}
		}
	case old.Verdict == rule.verdict && (what != isMoved || p.FinalURL == old.PendingURL):
		certain = old.Certain // it was believed before, and this check does not speak against it
	case rule.until != "":
		verdict = rule.until
		reason += fmt.Sprintf(" (%d of %d checks)", now.Strikes, rule.checks)
	default:
		// Not yet: what stood before stands on. A link never judged is good, since it does lead somewhere.
		verdict, reason, certain = old.Verdict, old.Reason, old.Certain
		if verdict != Moved && verdict != Changed && verdict != Insecure {
			verdict, reason, certain = OK, "", true
		}
	}
	now.settle(verdict, reason, certain, p.At)
	return now
}

// settle makes a verdict, which is since then only when it is another.
func (s *State) settle(verdict Verdict, reason string, certain bool, at time.Time) {
	if s.Verdict != verdict || s.Since.IsZero() {
		s.Since = at
	}
	s.Verdict, s.Reason, s.Certain = verdict, reason, certain
	if verdict != Broken {
		s.Archived = ""
	}
	if verdict != Moved {
		s.Target = ""
	}
}

// count takes a check into the counters and, when the page is what the list meant, the page into the memory.
func (s *State) count(what outcome, p Probe) {
	pending := Verdict("")
	switch what {
	case isGood, isInsecure, isMoved, isAnother:
		s.Failures, s.FailingSince, s.LastGood = 0, time.Time{}, p.At
		if what == isMoved || what == isAnother {
			pending = linkRules[what].verdict
		}
	case isBlocked:
		// It says nothing of the page, for or against, but somebody was there: grace is for what does nothing but fail.
		s.Failures, s.FailingSince = 0, time.Time{}
		return
	default:
		if s.Failures++; s.Failures == 1 {
			s.FailingSince = p.At
		}
		if what == isTransient {
			return // nor does this, but it fails
		}
		pending = Broken
	}
	if pending != s.Pending || what == isMoved && p.FinalURL != s.PendingURL {
		s.Pending, s.PendingURL, s.Strikes, s.PendingSince = pending, "", 0, time.Time{}
	}
	if pending != "" {
		if s.Strikes++; s.Strikes == 1 {
			s.PendingSince = p.At
		}
	}
	if what == isMoved {
		s.PendingURL = p.FinalURL
	}
	s.remember(what, p)
}

// remember keeps what the page is now, for the next comparison and the next conditional request.
func (s *State) remember(what outcome, p Probe) {
	switch {
	case what != isGood && what != isMoved && what != isInsecure:
	case p.NotModified:
		s.Conditional++
	case p.Page != nil:
		s.Conditional = 0
		s.Page, s.PageURL = p.Page, ""
		if len(p.Hops) > 0 {
			s.PageURL = p.FinalURL
		}
	}
}

// fullEvery is how many conditional checks go by before the page is read in full again: servers were seen to send the same
// ETag for ever (of 100 such pages that had changed, a monitor that trusts them missed 100).
const fullEvery = 6

// Validators are the headers of a conditional request for the link (RFC 9110 section 13); empty when the page is to be read, or
// is at another address than the link's, to which they would say nothing.
func (s State) Validators() (etag, lastModified string) {
	if s.Page == nil || s.PageURL != "" || s.Conditional >= fullEvery || s.Verdict != OK || s.Pending != "" {
		return "", ""
	}
	return s.Page.ETag, s.Page.LastModified
}

// classify says what one check means, with the reason in words.
func classify(old State, p Probe, soft string) (outcome, string) {
	switch p.Fault {
	case FaultNone:
	case FaultNotAllowed:
		return isNotAsked, p.Detail
	case FaultNoHost:
		return isNoHost, hop(p) + string(p.Fault)
	case FaultRefused:
		return isRefused, hop(p) + string(p.Fault)
	case FaultLoop:
		return isLoop, string(p.Fault)
	default:
		reason := hop(p) + string(p.Fault)
		if p.Detail != "" {
			reason += ": " + p.Detail
		}
		return isTransient, reason
	}
	barrier := p.Barrier
	if barrier == "" && p.Page != nil {
		barrier = p.Page.Barrier
	}
	switch {
	case p.Elsewhere:
		return classifyGood(old, p)
	case barrier != "":
		return isBlocked, strings.TrimPrefix(statusText(p.Status)+": ", "200 OK: ") + barrier
	case p.Status == statusGone:
		return isGone, hop(p) + statusText(p.Status)
	case p.Status == statusNotFound:
		return isNotFound, hop(p) + statusText(p.Status)
	case slices.Contains(barriers, p.Status):
		return isBlocked, hop(p) + answered(p)
	case p.Status >= 300 && !p.NotModified:
		return isTransient, hop(p) + answered(p)
	case soft != "":
		return isSoft, soft
	}
	return classifyGood(old, p)
}

// barriers are the statuses of servers that do not answer programs, or not us, or not so: nothing is known of the page.
// 999 is LinkedIn's.
var barriers = []int{401, 402, 403, 405, 406, 407, 412, 415, 421, 423, 426, 428, 429, 431, 451, 511, 999}

// classifyGood looks at an answer that led to a page.
func classifyGood(old State, p Probe) (outcome, string) {
	if reason := another(old.Page, p.Page, cmp.Or(old.PageURL, old.URL), p.FinalURL); reason != "" {
		return isAnother, reason
	}
	if len(p.Hops) > 0 && !isFront(old.URL) && isFront(p.FinalURL) && site(hostname(old.URL)) == site(hostname(p.FinalURL)) {
		// One link alone is led to the front page: the text is not there any more, whatever the site calls it.
		return isAnother, "led to the front page of the site"
	}
	if p.Missing != "" {
		return isAnother, fmt.Sprintf("the page has no section #%s", p.Missing)
	}
	if p.TLS != "" { // before anything that a redirect says: whoever could stand between us and the host may have said it
		return isInsecure, p.TLS
	}
	if p.Permanent() && !sameAddress(old.URL, p.FinalURL) {
		reason := "moved permanently to " + p.FinalURL
		if p.Elsewhere {
			reason += ", which was not asked for" // arXiv may not have that paper or version
		}
		return isMoved, reason
	}
	return isGood, ""
}

// answered is a status with what else is known of it: "429 Too Many Requests: as for other links of this host".
func answered(p Probe) string {
	if p.Detail == "" {
		return statusText(p.Status)
	}
	return statusText(p.Status) + ": " + p.Detail
}

// hop names the place of a failure that is not the link's own address.
func hop(p Probe) string {
	if len(p.Hops) == 0 {
		return ""
	}
	return "redirects to " + p.FinalURL + ": "
}

// sameAddress says whether two URLs differ only in scheme, a www in front and a slash at the end: housekeeping, no news.
func sameAddress(a, b string) bool { return plainAddress(a) == plainAddress(b) }

func plainAddress(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	host := strings.TrimPrefix(Host(link), "www.")
	return host + strings.TrimSuffix(u.EscapedPath(), "/") + "?" + u.RawQuery
}
