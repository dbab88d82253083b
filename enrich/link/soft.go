package link

import (
	"fmt"
	"regexp"
	"strings"
)

// A soft 404 is a page that says, with status 200, that there is no page. What gives it away, after Bar-Yossef, Broder,
// Kumar, Tomkins (2004): the host answers the same to an address that nobody has made. Words such as "not found" only make
// a page worth the question: they misfire on the specification of HTTP (open-knowledge-graphs pull request 48).

// Suspicious says whether a good answer may be a soft 404, so that its host is worth one request for an address that
// cannot exist.
func Suspicious(link string, p Probe) bool {
	if !p.Shows() || isFront(link) {
		return false
	}
	return toShorter(link, p) || p.Page.Apology || notFoundPath.MatchString(pathOf(p.FinalURL)) && len(p.Hops) > 0
}

var notFoundPath = regexp.MustCompile(`(?i)(?:^|[/_.-])(?:404|(?:page-?)?not-?found|error)(?:[/_.-]|$)`)

// SoftNotFound says why an answer is a soft 404, or nothing. random is what the host answers to an address that cannot
// exist, nil when it was not asked; sharing is how many different links of the host were led to the same place in this run.
func SoftNotFound(link string, p Probe, random *Probe, sharing int) string {
	if !p.Shows() || isFront(link) {
		return ""
	}
	if sharing > 1 && p.Page.IsHTML() && toShorter(link, p) && !frontAlias(link) && (isFront(p.FinalURL) || !honest(random)) {
		return fmt.Sprintf("soft 404: led to %s, as %d links of this host are", pathOf(p.FinalURL), sharing)
	}
	if random == nil || random.Status != statusOK || random.Fault != FaultNone {
		return ""
	}
	if len(p.Hops) > 0 && len(random.Hops) > 0 && p.FinalURL == random.FinalURL && toShorter(link, p) {
		return fmt.Sprintf("soft 404: led to %s, as any address of this host is", pathOf(p.FinalURL))
	}
	a, b := p.Page, random.Page
	if b == nil || !a.IsHTML() || !b.IsHTML() || a.Script || a.Words < minWords && !a.Apology {
		return ""
	}
	if a.Text == b.Text ||
		a.similarity(b) >= sameText && nearlyAsLong(a, b) && (titleLikeness(a.Title, b.Title) == 1 || a.Apology && b.Apology) {
		return "soft 404: the page that this host shows for any address" + titled(a)
	}
	return ""
}

// honest says whether a host answers plainly that it has no page at an address that cannot exist. Then it does not send people
// up for want of a page: several addresses of one place ("latest", "stable") lead there on purpose. To its front page it may
// still send those who ask for what it has removed.
func honest(random *Probe) bool {
	return random != nil && (random.Status == statusNotFound || random.Status == statusGone)
}

// nearlyAsLong says whether two pages may differ by no more than an address or a date: with a menu of a thousand words, a
// hundred words of their own are no difference to a sketch.
func nearlyAsLong(a, b *Page) bool {
	return max(a.Words-b.Words, b.Words-a.Words) <= max(a.Words, b.Words)/50+3
}

// frontAlias says whether a URL is another name of the front page, which may lead there in good faith.
func frontAlias(link string) bool { return frontNames.MatchString(pathOf(link)) }

var frontNames = regexp.MustCompile(`(?i)^/(?:home|main|start|default|welcome)[^/]*/?$`)

// toShorter says whether a link was led up to the front page, or to another page above its own place, of the same site. A
// query that is left out on the same page is no way up, and a fragment names the very place.
func toShorter(link string, p Probe) bool {
	if len(p.Hops) == 0 || site(hostname(link)) != site(hostname(p.FinalURL)) || strings.Contains(p.FinalURL, "#") {
		return false
	}
	return depth(p.FinalURL) < depth(link) && (isFront(p.FinalURL) || pathOf(p.FinalURL) != pathOf(link))
}

// barrierPath are the places to which hosts send those whom they do not know.
var barrierPath = regexp.MustCompile(
	`(?i)(?:^|[/._-])(?:log-?in|log-?on|sign-?in|sign-?up|sso|saml2?|oauth2?|shibboleth|authn?|authenticate|authorize|consent|captcha|challenge|unsupported-?browser)(?:[/._-]|$)`,
)

// BarrierAt says that a redirect has led to a page that asks who is there, empty when it has not.
func BarrierAt(link, final string) string {
	from, to := hostname(link)+pathOf(link), hostname(final)+pathOf(final)
	if barrierPath.MatchString(to) && !barrierPath.MatchString(from) {
		return "asks to log in or to consent"
	}
	return ""
}
