package link

import (
	"fmt"
	"hash/fnv"
	"syncer/enrich"
	"time"
)

// DefaultMaxAge is the longest time that a good link goes unchecked.
const DefaultMaxAge = 7 * 24 * time.Hour

// NextCheck is when a nightly job should ask for a link again: the next night while something is in the making, and later
// the longer a verdict has stood, at most after maxAge. A page that was there for months is there tomorrow, and a dead one
// is dead. Links checked together come due in different nights, so that no host sees them all at once.
func NextCheck(s State, maxAge time.Duration) time.Time {
	if s.CheckedAt.IsZero() {
		return time.Time{}
	}
	wait := s.CheckedAt.Sub(s.Since) / 2
	if s.Verdict == Suspect || s.Pending != "" && s.Pending != s.Verdict || !s.Certain && s.Verdict != OK {
		wait = 0
	}
	wait = min(wait, maxAge)
	h := fnv.New32a()
	h.Write([]byte(s.URL))
	wait -= wait / 4096 * time.Duration(h.Sum32()%1024)
	return s.CheckedAt.Add(max(wait, min(enrich.Fresh, maxAge)))
}

// Reach counts one run's hosts, to tell whether the own network worked.
type Reach struct {
	Hosts  int // asked
	Silent int // of these: no answer of any kind, by faults that a broken network of our own has as well
	Dead   int // of these: Silent, or said not to exist or to listen
	Portal int // that led to one and the same foreign page, or showed one and the same page themselves: the most of any
}

// outageFrom is how few hosts are too few to tell their faults from our own.
const outageFrom = 3

// Outage says why a run's checks tell of our own network and not of the links, or nothing: most hosts were silent; or not
// one answered; or most led to one and the same page, as the portals of hotels do. Fewer than three hosts, or five at one page,
// are too few to tell.
func Outage(r Reach) string {
	switch {
	case r.Hosts < outageFrom:
		return ""
	case r.Silent*2 > r.Hosts:
		return fmt.Sprintf("%d of %d hosts did not answer: the network here seems to be down", r.Silent, r.Hosts)
	case r.Dead == r.Hosts:
		return fmt.Sprintf("none of %d hosts could be reached: the network here seems to be down", r.Hosts)
	case r.Portal*2 > r.Hosts && r.Portal >= 5:
		return fmt.Sprintf("%d of %d hosts led to the same page: the network here seems to ask for a login", r.Portal, r.Hosts)
	}
	return ""
}

// Silent says whether a check was left without any answer by what may be our own network's fault.
func (p Probe) Silent() bool {
	switch p.Fault {
	case FaultDNS, FaultUnreachable, FaultTimeout, FaultReset, FaultTLS:
		return !p.Answered()
	}
	return false
}

// Dead says whether a check found no server at all.
func (p Probe) Dead() bool {
	return !p.Answered() && p.Fault != FaultNotAllowed
}
