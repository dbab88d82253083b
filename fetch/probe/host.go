package probe

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"syncer/arxiv"
	"syncer/enrich/link"
	"syncer/fetch"
)

// host is how one host is asked in one run.
type host struct {
	name string
	hostLinks
	hostQueue
	hostPace
	hostPause
	hostHealth
	hostRobots
}

// hostLinks is how far the source's links of the host are.
type hostLinks struct {
	links      int   // how many are to be probed, as the source says
	hasMore    bool  // the source has more than were handed over
	after      int64 // the last one that was handed over
	handedOver int   // how many were
	ledHere    int   // redirects from other hosts
}

// hostQueue is what is to be asked, and what is being asked.
type hostQueue struct {
	ready    []*task // in this order
	later    []*task // to be asked again, each not before its time
	underWay int     // requests
	index    int     // in the heap of hosts, -1 when not in it
	at       time.Time
}

// hostPace is how far apart its requests are. A host that refuses gets more time, and after a while a faster pace is tried.
type hostPace struct {
	gap        time.Duration // between two starts
	floor      time.Duration // the least gap: what we or robots.txt ask for
	next       time.Time     // no start before this
	slowed     time.Time     // when the gap was last raised
	trialAfter time.Duration // how long after that a faster pace is tried
	trial      int           // how many more requests go well before the trial has; 0 without one
	before     time.Duration // the gap before the trial
}

// hostPause is how it asked to be left alone, and what that tells of its limits.
type hostPause struct {
	pausedSince time.Time
	pausedUntil time.Time
	restUntil   time.Time // when it may be asked again by its own words; later than pausedUntil when its links wait for another run
	waits       bool      // it asked for more patience than one run has
	quota       int       // what the gap was made for: requests in a pause
	sent        int       // requests since the last pause
	refused     time.Time // when the request was sent whose answer began the last pause
	refusedAt   int       // how many requests went well before it, since the pause before
	quotas      [2]int    // the same of the two pauses before
}

// hostHealth is whether it is worth asking at all.
type hostHealth struct {
	unreached int         // requests in a row that reached nobody
	failed    int         // requests in a row without an answer that could be a page's, or only that the server fails
	strains   int         // 503s in a row
	vainSince time.Time   // the first pause since an answer that was no refusal; zero when that was the last
	gaveUp    *probeReply // what its links get without being asked for; nil while it is worth asking
}

// hostRobots is what its robots.txt says.
type hostRobots struct {
	robots     *robots // nil: not read yet
	asked      bool    // it is being read
	crawlDelay time.Duration
}

func newHost(name string, gap time.Duration) *host {
	return &host{name: name, hostPace: hostPace{gap: gap, floor: gap}, hostQueue: hostQueue{index: -1}}
}

// nextStart says when the host may be sent its next request; ok is false when there is none to send, or enough are under
// way.
func (h *host) nextStart(perHost int) (at time.Time, ok bool) {
	if h.underWay >= perHost || h.asked || len(h.ready) == 0 && len(h.later) == 0 && !h.hasMore {
		return at, false
	}
	if len(h.ready) == 0 && !h.hasMore {
		at = h.later[0].notBefore
		for _, t := range h.later[1:] {
			if t.notBefore.Before(at) {
				at = t.notBefore
			}
		}
	}
	for _, limit := range []time.Time{h.next, h.pausedUntil} {
		if limit.After(at) {
			at = limit
		}
	}
	return at, true
}

// idle says whether nothing is left to do at the host.
func (h *host) idle() bool {
	return h.underWay == 0 && len(h.ready) == 0 && len(h.later) == 0 && !h.hasMore
}

// remembers says whether what is known of an idle host still matters: a redirect may lead to it again.
func (h *host) remembers(now time.Time) bool {
	return h.waits || h.restUntil.After(now) || h.next.After(now) || h.pausedUntil.After(now) || h.crawlDelay > 0 ||
		h.gap > h.floor && now.Sub(h.slowed) < h.trialAfter
}

// take gives the task to send next: one whose time to be tried again has come, else the next in order.
func (h *host) take(now time.Time) *task {
	for i, t := range h.later {
		if !t.notBefore.After(now) {
			h.later = slices.Delete(h.later, i, i+1)
			return t
		}
	}
	if len(h.ready) == 0 {
		return nil
	}
	t := h.ready[0]
	h.ready = slices.Delete(h.ready, 0, 1)
	return t
}

func (h *host) putFront(t *task) { h.ready = slices.Insert(h.ready, 0, t) }

// begin notes that a task is sent now.
func (h *host) begin(t *task, now time.Time) {
	h.underWay++
	h.sent++
	t.host, t.started, t.nth = h, now, h.sent
	h.asked = h.asked || t.robots
	h.next = now.Add(h.gap)
	switch {
	case h.trial > 0:
		if h.trial--; h.trial == 0 {
			h.quotas = [2]int{} // more than it seemed to take: the refusals meant single pages, or are over
		}
	case h.gap > h.floor && now.Sub(h.slowed) >= h.trialAfter:
		h.before, h.gap, h.trial = h.gap, h.floor, h.quota+max(3, h.quota/2)
	}
}

// rest takes in until when the host wants to be left alone. Longer than most it is not waited for: its links are left.
func (h *host) rest(until, now time.Time, most time.Duration) {
	if until.After(h.restUntil) {
		h.restUntil = until
	}
	if until.Sub(now) > most {
		h.waits = true
	} else if until.After(h.pausedUntil) {
		h.pausedUntil = until
	}
}

const (
	// firstTrial is when a host that was slowed down is tried at the ordinary pace again; each time that it still complains,
	// the next trial comes after twice as long.
	firstTrial = 30 * time.Second
	// maxGap is the slowest that a host is asked; one that still complains is paused each time.
	maxGap = 30 * time.Second
	// pauseSlack is added to what a host asks for: its clock started before our answer came.
	pauseSlack = 20 * time.Millisecond
)

// throttle takes in what a refusal says of the pace that the host takes; how long it is left alone is rest's. A refusal may mean
// the host, or one page only. It is the host when a request sent after the refused one is refused as well, or when three times in a row the
// same number of requests went well before: so many in the time of a pause are what the host takes, and that pace is kept,
// with a little to spare.
func (h *host) throttle(t *task, pause time.Duration, now time.Time) {
	if !t.started.After(h.pausedSince) { // sent before the host asked: a second opinion
		if t.started.After(h.refused) {
			h.learn(h.refusedAt, pause, now)
		}
		return
	}
	quota := t.nth - 1
	if near(quota, h.quotas[0]) && near(quota, h.quotas[1]) {
		h.learn(quota, pause, now)
	} else {
		h.slow(h.gap*21/20, now)
	}
	if h.vainSince.IsZero() {
		h.vainSince = now
	}
	h.quotas = [2]int{quota, h.quotas[0]}
	h.pausedSince, h.refused, h.refusedAt, h.sent = now, t.started, quota, 0
}

// near says whether two counts may be the same limit, met at slightly different moments.
func near(a, b int) bool { return b > 0 && max(a-b, b-a) <= max(1, a/5) }

// learn keeps the pace at which quota requests take as long as a pause.
func (h *host) learn(quota int, pause time.Duration, now time.Time) {
	h.slow(max(h.gap, pause*103/100/time.Duration(max(quota, 1))), now)
	h.quota = quota
}

// slow raises the gap, or ends a trial of a shorter one.
func (h *host) slow(gap time.Duration, now time.Time) {
	switch {
	case h.trial > 0:
		gap = max(gap, h.before)
		h.trial, h.trialAfter = 0, 2*h.trialAfter
	case h.trialAfter == 0:
		h.trialAfter = firstTrial
	}
	h.gap, h.slowed = min(gap, maxGap), now
}

// strain takes in a server that fails and does not say for how long (503). One may be a bad page; for each more in a row the
// gap is twice as long.
func (h *host) strain(now time.Time) {
	if h.strains = min(h.strains+1, 7); h.strains > 1 {
		h.slow(max(h.gap, h.floor<<(h.strains-1)), now)
	}
}

// maxUnmet is how many requests in a row may reach nobody before the host is taken to be down: each of its other links would
// wait as long, in vain.
const maxUnmet = 3

// maxFailed is how many requests in a row may fail before the host is taken to fail as a whole: then nothing is tried a second
// time there, and no more is waited for answers that do not come.
const maxFailed = 10

// heard takes in whether anybody was reached, and whether a refusal before meant one page only.
func (h *host) heard(t *task, r probeReply) {
	if r.status == http.StatusOK && t.started.After(h.refused) && !t.started.After(h.pausedSince) {
		h.quotas = [2]int{}
	}
	switch {
	case r.refuses():
		h.unreached = 0 // somebody was reached, who says no more than that
	case !r.unreached:
		h.unreached, h.vainSince, h.gaveUp = 0, time.Time{}, nil
		if r.status != http.StatusServiceUnavailable {
			h.strains = 0
		}
		if h.failed++; r.fault == "" && r.status < http.StatusInternalServerError {
			h.failed = 0
		} else if h.failed >= maxFailed && r.fault == link.FaultTimeout {
			h.giveUp(probeReply{fault: r.fault})
		}
	default:
		// A refusal takes no time: three in a row are one moment, and a server that starts anew is back in the next.
		quick := r.fault == link.FaultRefused || r.fault == link.FaultNoHost || r.fault == link.FaultDNS
		if h.unreached++; h.unreached >= maxUnmet && (!quick || t.failures > 0) {
			h.giveUp(probeReply{fault: r.fault})
		}
	}
}

// giveUp has the host's other links be answered for by what the last one came to.
func (h *host) giveUp(reply probeReply) {
	reply.detail = "as for other links of this host"
	h.gaveUp = &reply
}

// maxVain is how long a host is asked that answers nothing but refusals: longer than the minute for which most limits hold.
const maxVain = 90 * time.Second

// task is one request to send: the next step of a probe.
type task struct {
	targets            []Target
	url                *url.URL // without fragment
	hops               []link.Hop
	port               string // that the list names
	jar                http.CookieJar
	etag, lastModified string
	tls                string // what was wrong with the first bad certificate on the way
	fragment           string // of the last redirect that had one
	arXiv              bool
	robots             bool // it reads the host's robots.txt
	extra              bool // robots.txt must allow it

	throttles, failures int         // tries of this step that came to nothing
	last                *probeReply // what the last of them came to
	notBefore           time.Time
	host                *host // that it was last sent to
	started             time.Time
	nth                 int // of the requests to its host since the last pause
}

// newTask begins the probe of a link. probe is what is known without asking, when there is nothing to ask.
func (p *Prober) newTask(target Target) (t *task, probe *link.Probe) {
	u, err := url.Parse(target.URL)
	notAsked := func(why string) *link.Probe {
		return &link.Probe{FinalURL: target.URL, Fault: link.FaultNotAllowed, Detail: why}
	}
	if err != nil {
		return nil, notAsked("not an address that can be asked for")
	}
	t = &task{targets: []Target{target}, url: u, port: u.Port(), etag: target.ETag, lastModified: target.LastModified, extra: target.Extra}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	if err := fetch.MayAsk(u.Scheme, u.Hostname(), u.Port(), p.allowPrivate, t.port); err != nil {
		return nil, notAsked(err.Error())
	}
	if arxiv.IsHost(u.Hostname()) {
		if p.arXiv == nil {
			return nil, notAsked("a page of arXiv's: not asked for without --probe-arxiv")
		}
		t.arXiv, t.extra = true, true // arXiv's robots.txt is heeded for every page
	}
	return t, nil
}

// add makes a task answer for another link to the same page.
func (t *task) add(target Target) {
	t.targets = append(t.targets, target)
	t.etag, t.lastModified = "", "" // the fragments want the page
}

// fragments says whether any of the links names a place in the page.
func (t *task) fragments() bool {
	return slices.ContainsFunc(t.targets, func(target Target) bool { return strings.Contains(target.URL, "#") })
}

// maxPatience is the most time that a slow server is given.
const maxPatience = time.Minute

// patience is the time for one request: twice as much for each check in a row that failed before.
func (t *task) patience(timeout time.Duration) time.Duration {
	if len(t.targets) == 0 {
		return timeout
	}
	longer := timeout << min(t.targets[0].Failures, 4)
	return max(timeout, min(longer, maxPatience))
}

// keepCookies keeps the cookies of an answer for the rest of its redirects: some servers redirect until they see their own
// cookie again.
func (t *task) keepCookies(response *http.Response) {
	cookies := response.Cookies()
	if len(cookies) == 0 || response.Header.Get("Location") == "" {
		return
	}
	if t.jar == nil {
		t.jar, _ = cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // it never fails
	}
	t.jar.SetCookies(t.url, cookies)
}

// hostHeap orders hosts by when they may be asked.
type hostHeap []*host

func (q hostHeap) Len() int           { return len(q) }
func (q hostHeap) Less(i, j int) bool { return q[i].at.Before(q[j].at) }
func (q hostHeap) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}
func (q *hostHeap) Push(x any) {
	h := x.(*host)
	h.index = len(*q)
	*q = append(*q, h)
}
func (q *hostHeap) Pop() any {
	old := *q
	h := old[len(old)-1]
	old[len(old)-1] = nil
	h.index = -1
	*q = old[:len(old)-1]
	return h
}
