package probe

import (
	"container/heap"
	"context"
	"errors"
	"time"

	"syncer/enrich/link"
)

// probeRun is one Run. All its state belongs to the one goroutine of loop.
type probeRun struct {
	p      *Prober
	source Source
	found  func(Target, link.Probe) error

	hosts    map[string]*host // those with something to do or under way, and some that had
	sweepAt  int              // how many of them are looked through for those that are done with
	waiting  hostHeap         // those that may start a request, by when
	lastHost string           // the source's hosts up to this one are opened
	upcoming []HostWork       // the source's next ones
	drained  bool             // the source has no more hosts

	answers chan *sent
	slow    chan *sent
	active  int // requests that hold one of the places
	open    int // requests under way, the slow ones too
}

// sent is one request under way. A task that is sent again is another one: what the first still says must not count for it.
type sent struct {
	task  *task
	reply probeReply
	holds bool // one of the places; the loop's alone
}

// release gives the place of a request back, once.
func (r *probeRun) release(s *sent) {
	if s.holds {
		s.holds = false
		r.active--
	}
}

// slowAfter is when a request gives its place back, and slowFactor how many of them there may be for one place.
const (
	slowAfter  = 2 * time.Second
	slowFactor = 4
)

// loop starts what may be started and takes in what has come back, until nothing is left.
func (r *probeRun) loop(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		next, err := r.startAll(ctx)
		if err != nil {
			return err
		}
		if r.open == 0 && next.IsZero() {
			return nil
		}
		timer.Stop()
		var wake <-chan time.Time
		if !next.IsZero() {
			timer.Reset(time.Until(next))
			wake = timer.C
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-wake:
		case s := <-r.slow:
			r.release(s)
		case s := <-r.answers:
			r.open--
			r.release(s)
			if ctx.Err() != nil { // what a request says that was given up tells nothing of the link
				return ctx.Err()
			}
			if s.reply.err != nil {
				return s.reply.err
			}
			if err := r.take(s.task, s.reply, time.Now()); err != nil {
				return err
			}
		}
	}
}

// startAll starts every request that may be started now, and says when the next one may be; zero when there is none, or
// when it waits for a place.
func (r *probeRun) startAll(ctx context.Context) (next time.Time, err error) {
	for r.active < r.p.total && r.open < slowFactor*r.p.total {
		if len(r.waiting) > 0 && !r.waiting[0].at.After(time.Now()) {
			if err := r.start(ctx, r.waiting[0]); err != nil {
				return next, err
			}
			continue
		}
		opened, err := r.openHost(ctx)
		if err != nil {
			return next, err
		}
		if !opened {
			break
		}
	}
	if len(r.waiting) > 0 && r.active < r.p.total && r.open < slowFactor*r.p.total {
		return r.waiting[0].at, nil
	}
	return next, nil
}

// openHost takes the source's next host in.
func (r *probeRun) openHost(ctx context.Context) (opened bool, err error) {
	const page = 256
	if len(r.upcoming) == 0 && !r.drained {
		if r.upcoming, err = r.source.Hosts(ctx, r.lastHost, page); err != nil {
			return false, err
		}
		r.drained = len(r.upcoming) < page
	}
	if len(r.upcoming) == 0 {
		return false, nil
	}
	work := r.upcoming[0]
	r.upcoming, r.lastHost = r.upcoming[1:], work.Host
	h := r.host(work.Host)
	h.hasMore, h.links, h.handedOver, h.after = true, work.Links, 0, 0
	r.schedule(h)
	return true, nil
}

// host gives a host's state, new when nothing was under way there.
func (r *probeRun) host(name string) *host {
	h := r.hosts[name]
	if h == nil {
		h = newHost(name, r.p.gap)
		r.hosts[name] = h
	}
	return h
}

// schedule puts a host where it belongs in the queue, or out of it.
func (r *probeRun) schedule(h *host) {
	at, ok := h.nextStart(r.p.perHost)
	switch {
	case ok && h.index < 0:
		h.at = at
		heap.Push(&r.waiting, h)
	case ok:
		h.at = at
		heap.Fix(&r.waiting, h.index)
	case h.index >= 0:
		heap.Remove(&r.waiting, h.index)
	}
	if len(r.hosts) > r.sweepAt {
		now := time.Now()
		for name, h := range r.hosts {
			if h.idle() && !h.remembers(now) {
				delete(r.hosts, name)
			}
		}
		r.sweepAt = max(2*len(r.hosts), 1024)
	}
}

// refillAt is how few tasks a host has when the source is asked for more of its links, and refill for how many.
const refillAt, refill = 4, 64

// start sends the next request of a host.
func (r *probeRun) start(ctx context.Context, h *host) error {
	if h.hasMore && len(h.ready) < refillAt {
		if err := r.refill(ctx, h); err != nil {
			return err
		}
	}
	t := h.take(time.Now())
	if t == nil { // the source had less than it said
		r.schedule(h)
		return nil
	}
	if t.extra && h.robots == nil {
		h.putFront(t)
		t = h.robotsTask()
	}
	if done, err := r.withoutAsking(h, t); done || err != nil {
		r.schedule(h)
		return err
	}
	h.begin(t, time.Now())
	r.schedule(h)
	r.active++
	r.open++
	r.p.requests++
	s := &sent{task: t, holds: true}
	go func() {
		done := make(chan struct{})
		timer := time.AfterFunc(slowAfter, func() {
			select {
			case r.slow <- s:
			case <-done:
			case <-ctx.Done():
			}
		})
		s.reply = r.p.exchangeInTurn(ctx, t)
		timer.Stop()
		close(done)
		r.answers <- s
	}()
	return nil
}

// exchangeInTurn is exchange, in turn with all other requests to arXiv where it is arXiv that is asked.
func (p *Prober) exchangeInTurn(ctx context.Context, t *task) probeReply {
	if !t.arXiv {
		return p.exchange(ctx, t)
	}
	turn, err := p.arXiv.Begin(ctx)
	if err != nil {
		return probeReply{err: err}
	}
	r := p.exchange(ctx, t)
	r.err = errors.Join(turn.Mark(), turn.End())
	return r
}

// refill takes more links of a host from the source. Links that differ in the fragment only are one request.
func (r *probeRun) refill(ctx context.Context, h *host) error {
	targets, err := r.source.Links(ctx, h.name, h.after, refill)
	if err != nil {
		return err
	}
	h.hasMore = len(targets) == refill
	h.handedOver += len(targets)
	byAddress := map[string]*task{}
	for _, target := range targets {
		h.after = target.ID
		t, probe := r.p.newTask(target)
		if probe != nil {
			if err := r.found(target, *probe); err != nil {
				return err
			}
			continue
		}
		address := t.url.String()
		if first := byAddress[address]; first != nil {
			first.add(target)
			continue
		}
		byAddress[address] = t
		h.ready = append(h.ready, t)
	}
	// Whoever is asked for several links may say how: robots.txt first.
	if h.robots == nil && h.links > 1 && len(h.ready) > 0 && !h.ready[0].robots {
		h.putFront(h.robotsTask())
	}
	return nil
}
