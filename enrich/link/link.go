// Package link judges links. What one look at a page saw (Probe) and what was known before (State) come in, a new State with
// a verdict goes out, and findings of it. It asks for no page and stores none: of a page it keeps a fingerprint.
//
// link.go has the words, judge.go the rules by which looks become a verdict: begin there. page.go reads a page into its
// fingerprint, change.go says whether two fingerprints are one page, soft.go what gives a soft 404 away, due.go when to
// look again and when the network here is down, finding.go and correct.go what a list's owner is told and offered,
// address.go reads addresses.
package link

import (
	"strconv"
	"strings"
	"time"
)

// Verdict is what is with a link.
type Verdict string

// The verdicts on a link, as the public contract names them. All but OK and Unchecked are finding kinds as well.
const (
	OK        Verdict = "ok"
	Moved     Verdict = "moved"     // every redirect is permanent, and the end has been the same long enough
	Changed   Verdict = "changed"   // it answers, with something else than it did
	Broken    Verdict = "broken"    // what it led to is not there
	Suspect   Verdict = "suspect"   // failing, not yet long enough or not plainly enough to be broken
	Blocked   Verdict = "blocked"   // the server does not answer programs: cannot be judged from here
	Insecure  Verdict = "insecure"  // it answers, and browsers warn of its certificate
	Unchecked Verdict = "unchecked" // never asked, or not to be asked
)

// Verdicts are all verdicts, in the order of the contract.
var Verdicts = []Verdict{OK, Moved, Changed, Broken, Suspect, Blocked, Insecure, Unchecked}

// Fault is why a request got no whole answer.
type Fault string

// The faults. FaultNoHost and FaultRefused are plain words of somebody in charge; the rest may pass.
const (
	FaultNone         Fault = ""
	FaultNoHost       Fault = "no such host" // DNS: the name does not exist
	FaultRefused      Fault = "connection refused"
	FaultDNS          Fault = "name servers fail"
	FaultUnreachable  Fault = "network unreachable"
	FaultTimeout      Fault = "timeout"
	FaultReset        Fault = "connection reset"
	FaultTLS          Fault = "TLS handshake failed"
	FaultCutOff       Fault = "answer cut off"
	FaultMalformed    Fault = "malformed answer"
	FaultLoop         Fault = "redirect loop"
	FaultTooFar       Fault = "too many redirects"
	FaultNotAllowed   Fault = "not asked" // an address, port or scheme that strangers' links may not make us ask
	FaultRedirectLost Fault = "redirect without a usable target"
)

// Probe is what one check of a link saw.
type Probe struct {
	At       time.Time // UTC, seconds
	Hops     []Hop     `json:",omitempty"` // the redirects in order: what was asked and how it answered
	FinalURL string    // what was asked last, with a fragment only where a redirect names one
	Status   int       `json:",omitempty"` // the last answer's; 0: there was none
	Fault    Fault     `json:",omitempty"`
	Detail   string    `json:",omitempty"` // the fault in the system's words
	// TLS says what browsers would warn of: "certificate expired on 2026-01-02"; empty for a good one and for http.
	TLS string `json:",omitempty"`
	// Barrier says what keeps programs out: "challenge page", "asks to log in"; empty without one.
	Barrier string `json:",omitempty"`
	// Elsewhere is set when the answer of a registry ends the check: doi.org or arXiv know the name, and the page behind
	// it is not asked for.
	Elsewhere bool `json:",omitempty"`
	// NotModified is a 304: the page is as it was when it was last read.
	NotModified bool `json:",omitempty"`
	// Missing is the fragment that the page, read to its end, does not have.
	Missing string `json:",omitempty"`
	Page    *Page  `json:",omitempty"` // nil when nothing was read
}

// Hop is one redirect.
type Hop struct {
	URL    string
	Status int
}

// Permanent says whether there was a redirect and every one was 301 or 308 (RFC 9110 section 15.4: only these ask for
// references to be changed). A registry's is none: the name is meant to stay where what it names may move.
func (p Probe) Permanent() bool {
	for _, hop := range p.Hops {
		if hop.Status != statusMovedPermanently && hop.Status != statusPermanentRedirect || IsRegistry(hostname(hop.URL)) {
			return false
		}
	}
	return len(p.Hops) > 0
}

// Answered says whether any server answered at all, which tells that the own network works.
func (p Probe) Answered() bool {
	return p.Status != 0 || len(p.Hops) > 0 || p.Fault == FaultCutOff || p.Fault == FaultMalformed
}

// Shows says whether the check has read a page that is meant for readers.
func (p Probe) Shows() bool {
	return p.Status == statusOK && p.Fault == FaultNone && !p.Elsewhere && p.Barrier == "" && p.Page != nil && p.Page.Barrier == ""
}

// State is what is known of a link, over all its checks.
type State struct {
	URL     string
	Verdict Verdict
	Reason  string // why, in words; empty for a plain ok
	// Certain is whether the verdict has held over the checks and days that a night asks for before it believes one.
	Certain   bool
	Since     time.Time // when the verdict became this; zero when never checked
	CheckedAt time.Time
	LastGood  time.Time // when it last led to a page
	Status    int       // of the last check that had one
	FinalURL  string    // where it led then, with a fragment only where a redirect names one
	Permanent bool      // by permanent redirects only

	Failures     int       // checks in a row that failed; a good one and a blocked one end them
	FailingSince time.Time // the first of them
	// Pending is the verdict that the last Strikes checks in a row speak for, since PendingSince: broken, moved or
	// changed. It may be the verdict already. PendingURL is where a moved link led.
	Pending      Verdict
	Strikes      int
	PendingSince time.Time
	PendingURL   string

	Conditional int    // checks in a row that were answered by 304
	Page        *Page  // the page as it was when it last was what the list meant; nil before
	PageURL     string // where that was, empty at the link's own address
	Target      string // where a moved link leads, as far as believed: what a list should say instead; empty for all others
	// Archived is a copy of the page at the Internet Archive, for a broken link; empty when there is none or nobody asked.
	Archived string
}

// The statuses that mean something of their own here (RFC 9110 section 15). This floor does without net/http.
const (
	statusOK                = 200
	statusMovedPermanently  = 301
	statusPermanentRedirect = 308
	statusNotFound          = 404
	statusGone              = 410
)

// statusNames are the statuses that people meet.
var statusNames = map[int]string{
	200: "OK", 204: "No Content", 300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other",
	307: "Temporary Redirect", 308: "Permanent Redirect",
	400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
	406: "Not Acceptable",
	407: "Proxy Authentication Required", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 412: "Precondition Failed",
	414: "URI Too Long", 415: "Unsupported Media Type",
	418: "I'm a teapot", 421: "Misdirected Request", 422: "Unprocessable Content", 423: "Locked", 425: "Too Early",
	426: "Upgrade Required", 428: "Precondition Required",
	429: "Too Many Requests", 431: "Request Header Fields Too Large", 451: "Unavailable For Legal Reasons", 500: "Internal Server Error",
	501: "Not Implemented",
	502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout", 508: "Loop Detected", 511: "Network Authentication Required",
	520: "Unknown Error", 521: "Web Server Is Down", 522: "Connection Timed Out", 523: "Origin Is Unreachable", 524: "A Timeout Occurred",
	525: "SSL Handshake Failed",
	526: "Invalid SSL Certificate", 530: "Origin DNS Error", 999: "Request Denied", // the 52x are Cloudflare's, 999 is LinkedIn's
}

// statusText is a status as people know it: "404 Not Found".
func statusText(status int) string {
	return strings.TrimSpace(strconv.Itoa(status) + " " + statusNames[status])
}
