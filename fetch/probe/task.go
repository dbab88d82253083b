package probe

import (
	"cmp"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/enrich/link"
	"syncer/fetch"
)

const (
	// maxHops is how many redirects are followed: as many as browsers do (the Fetch standard, section 4.4).
	maxHops = 20
	// maxRobotsHops is how many redirects of a robots.txt are followed (RFC 9309 section 2.3.1.2).
	maxRobotsHops = 5
	// maxLocation is the longest target of a redirect, in bytes.
	maxLocation = 4 << 10
	// probeThrottles and probeFailures are how many tries one step of a probe gets.
	probeThrottles, probeFailures = 6, 3
	// retryGaps is how many of a host's gaps pass before something is tried again there (2 s, at the ordinary pace), doubling
	// each time up to maxRetryPause.
	retryGaps     = 50
	maxRetryPause = 30 * time.Second
)

// withoutAsking answers for a task that needs no request, or must not have one: the host is down, it asked to be left alone
// for too long, or its robots.txt does not allow what goes beyond one GET.
func (r *probeRun) withoutAsking(h *host, t *task) (done bool, err error) {
	switch {
	case h.waits:
		r.leave(h, t)
		return true, nil
	case h.gaveUp != nil && !t.robots:
		return true, r.finish(t, *h.gaveUp)
	case t.extra && !h.robots.allow(t.url):
		if t.last != nil {
			return true, r.finish(t, *t.last)
		}
		return true, r.finish(t, probeReply{fault: link.FaultNotAllowed, detail: "robots.txt asks programs to stay away"})
	}
	return false, nil
}

// leave gives up what is left to do at a host for this run; its links stay as they were.
func (r *probeRun) leave(h *host, t *task) {
	for _, t := range slices.Concat([]*task{t}, h.ready, h.later) {
		r.p.waits += len(t.targets)
	}
	if h.hasMore {
		r.p.waits += max(h.links-h.handedOver, 0)
	}
	h.ready, h.later, h.hasMore = nil, nil, false
}

// take takes in the answer to a request, and decides how its probe goes on.
func (r *probeRun) take(t *task, got probeReply, now time.Time) error {
	h := t.host
	h.underWay--
	h.heard(t, got)
	defer r.schedule(h)
	if t.robots {
		if r.followRobots(h, t, got) {
			return nil
		}
		h.asked = false
		if got.refuses() {
			pause := h.pauseFor(t, got, now)
			if h.rest(now.Add(pause+pauseSlack), now, r.p.maxRetryAfter+pauseSlack); !h.waits {
				h.throttle(t, pause, now)
			}
		}
		h.robots, h.crawlDelay = readRobots(got)
		h.floor = max(h.floor, h.crawlDelay)
		h.gap = max(h.gap, h.floor)
		if next := t.started.Add(h.crawlDelay); next.After(h.next) {
			h.next = next
		}
		return nil
	}
	switch {
	case got.fault != "":
		return r.failed(h, t, got, now)
	case got.refuses():
		return r.throttled(h, t, got, now)
	case got.status >= 500 && got.status != 999 && got.barrier == "":
		if got.status == http.StatusServiceUnavailable {
			h.strain(now)
		}
		return r.failed(h, t, got, now)
	case fetch.IsRedirect(got.status):
		return r.redirected(h, t, got, now)
	}
	return r.finish(t, got)
}

// throttled waits as long as the host asks, with all of its links.
func (r *probeRun) throttled(h *host, t *task, got probeReply, now time.Time) error {
	pause := h.pauseFor(t, got, now)
	if h.rest(now.Add(pause+pauseSlack), now, r.p.maxRetryAfter+pauseSlack); h.waits {
		if err := r.finish(t, got); err != nil {
			return err
		}
		r.leave(h, &task{})
		return nil
	}
	h.throttle(t, pause, now)
	r.p.log.Debug("a host asks to slow down", "host", h.name, "pause", pause, "gap", h.gap, "after", h.refusedAt)
	if t.throttles++; t.throttles >= probeThrottles {
		if now.Sub(h.vainSince) >= maxVain && h.gaveUp == nil {
			h.giveUp(probeReply{status: got.status})
			h.pausedUntil = now // nothing is sent any more
		}
		return r.finish(t, got)
	}
	t.extra = t.extra || got.retryAfter == "" // nobody has asked to come again
	r.again(h, t, got, h.pausedUntil)
	return nil
}

// pauseFor is how long a host is to be left alone: as long as it asks, or by our own measure, longer each time.
func (h *host) pauseFor(t *task, got probeReply, now time.Time) time.Duration {
	if asked := fetch.AskedToWait(got.retryAfter, now); asked > 0 {
		return asked
	}
	return min(h.gap*retryGaps<<t.throttles, maxRetryPause)
}

// followRobots goes on to where a host keeps its robots.txt, when that is itself; mostly it is http that leads to https. What
// another host has to say is read when that one is asked.
func (r *probeRun) followRobots(h *host, t *task, got probeReply) bool {
	if !fetch.IsRedirect(got.status) || len(t.hops) >= maxRobotsHops || len(got.location) > maxLocation {
		return false
	}
	to, err := t.url.Parse(strings.TrimSpace(got.location))
	if err != nil || got.location == "" || link.Host(to.String()) != h.name ||
		fetch.MayAsk(to.Scheme, to.Hostname(), to.Port(), r.p.allowPrivate, t.port) != nil {
		return false
	}
	to.User, to.Fragment, to.RawFragment = nil, "", ""
	t.hops = append(t.hops, link.Hop{URL: t.url.String(), Status: got.status})
	t.url, h.asked = to, false
	h.putFront(t)
	return true
}

// failed tries again what may pass in seconds: a server that failed, a connection that broke. What took all the time there
// is has waited long enough for one night.
func (r *probeRun) failed(h *host, t *task, got probeReply, now time.Time) error {
	tries := probeFailures
	switch got.fault {
	case link.FaultNoHost, link.FaultRefused, link.FaultReset:
		tries = 2 // plain words, but somebody may just be starting anew; and net/http itself tries a reset twice
	case link.FaultTimeout, link.FaultUnreachable, link.FaultTLS, link.FaultMalformed, link.FaultNotAllowed:
		tries = 1
	}
	if h.failed >= maxFailed {
		tries = 1
	}
	if t.failures++; t.failures >= tries || h.gaveUp != nil {
		return r.finish(t, got)
	}
	t.extra = t.extra || !got.unreached
	spread := fnv.New32a()
	spread.Write([]byte(t.url.String()))
	pause := min(h.gap*retryGaps<<(t.failures-1), maxRetryPause)
	r.again(h, t, got, now.Add(pause+pause/2*time.Duration(spread.Sum32()%1024)/1024))
	return nil
}

// again puts a task back, not to be sent before a time.
func (r *probeRun) again(h *host, t *task, got probeReply, notBefore time.Time) {
	t.last, t.notBefore = &got, notBefore
	h.later = append(h.later, t)
}

// redirected goes on to where the answer leads, in turn at that host.
func (r *probeRun) redirected(h *host, t *task, got probeReply, now time.Time) error {
	to, err := t.url.Parse(strings.TrimSpace(got.location))
	if err != nil {
		to, err = t.url.Parse(strayPercents(strings.TrimSpace(got.location)))
	}
	if err != nil || got.location == "" || len(got.location) > maxLocation {
		got.fault = link.FaultRedirectLost
		return r.finish(t, got)
	}
	if to.Fragment != "" {
		t.fragment = to.EscapedFragment() // it stands for the link's own (RFC 9110 section 10.2.2)
	}
	to.User, to.Fragment, to.RawFragment = nil, "", ""
	if to.Path == "" && to.Host != "" {
		to.Path = "/"
	}
	from := t.url
	t.tls = cmp.Or(t.tls, got.tls)
	t.hops = append(t.hops, link.Hop{URL: from.String(), Status: got.status})
	visited := func(hop link.Hop) bool { return hop.URL == to.String() }
	switch {
	case t.jar == nil && slices.ContainsFunc(t.hops, visited):
		got.fault = link.FaultLoop
		return r.finish(t, got)
	case len(t.hops) > maxHops:
		got.fault = link.FaultTooFar
		return r.finish(t, got)
	}
	t.url, t.etag, t.lastModified, t.throttles, t.failures, t.last, t.extra = to, "", "", 0, 0, nil, t.targets[0].Extra
	switch {
	case arxiv.IsHost(to.Hostname()) && r.p.arXiv == nil, link.IsRegistry(from.Hostname()) && !link.IsRegistry(to.Hostname()):
		return r.finish(t, probeReply{status: http.StatusOK, elsewhere: true})
	case arxiv.IsHost(to.Hostname()):
		t.arXiv, t.extra = true, true
	}
	if err := fetch.MayAsk(to.Scheme, to.Hostname(), to.Port(), r.p.allowPrivate, t.port); err != nil {
		return r.finish(t, probeReply{fault: link.FaultNotAllowed, detail: "redirects to " + fetch.Clip(to.String()) + ": " + err.Error()})
	}
	next := r.host(link.Host(to.String()))
	next.putFront(t)
	if next != h {
		if next.ledHere++; next.ledHere == 2 && next.links <= 1 && next.robots == nil && !next.asked {
			next.putFront(next.robotsTask()) // as refill does for a host that the list itself has several links of
		}
		r.schedule(next)
	}
	return nil
}

// strayPercents takes percent signs that begin no escape ("/100%-free") for themselves, as browsers do.
func strayPercents(location string) string {
	var b strings.Builder
	for i, c := range []byte(location) {
		b.WriteByte(c)
		if c == '%' && (i+2 >= len(location) || !isHex(location[i+1]) || !isHex(location[i+2])) {
			b.WriteString("25")
		}
	}
	return b.String()
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// finish hands over what the probe of a task has seen, for each of its links.
func (r *probeRun) finish(t *task, got probeReply) error {
	probe := link.Probe{
		Hops: t.hops, FinalURL: t.url.String(), Status: got.status, Fault: got.fault, Detail: got.detail, TLS: cmp.Or(t.tls, got.tls),
		Barrier: got.barrier, Elsewhere: got.elsewhere, NotModified: got.status == http.StatusNotModified, Page: got.page,
	}
	if len(t.hops) > 0 && probe.Barrier == "" && !got.elsewhere {
		probe.Barrier = link.BarrierAt(t.hops[0].URL, probe.FinalURL)
	}
	if t.fragment != "" {
		probe.FinalURL += "#" + t.fragment
	}
	for _, target := range t.targets {
		each := probe
		if _, fragment, ok := strings.Cut(target.URL, "#"); ok && probe.Status == http.StatusOK && t.fragment == "" {
			has, known := got.page.HasFragment(fragment) // as it stands first, as HTML does
			if name, err := url.PathUnescape(fragment); err == nil && !has {
				fragment = name
				has, known = got.page.HasFragment(fragment)
			}
			if known && !has {
				each.Missing = fragment
			}
		}
		if err := r.found(target, each); err != nil {
			return err
		}
	}
	return nil
}
