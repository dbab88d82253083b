package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"path"
	"runtime"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"syncer/enrich/link"
	"syncer/fetch"
	"syncer/fetch/probe"
	"syncer/storage"
)

// linkOptions are the flags of link checks, the same for sync, serve and verify.
type linkOptions struct {
	perHost, total            int
	hostGap, timeout          time.Duration
	maxRetryAfter             time.Duration
	grace, maxAge             span
	probeArXiv, archive, skip bool
	archiveAPI                string
	oneShot                   bool // verify: every link that is not fresh, and what is plain is believed at once
}

// span is a duration flag that takes days as well.
type span time.Duration

func (s *span) String() string {
	if d := time.Duration(*s); d > 0 && d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	return time.Duration(*s).String()
}

func (s *span) Set(text string) error {
	d, err := parseSpan(text)
	*s = span(d)
	return err
}

func (s *span) Type() string { return "duration" }

func (o *linkOptions) addFlags(f *pflag.FlagSet) {
	o.grace, o.maxAge = span(link.DefaultGrace), span(link.DefaultMaxAge)
	f.IntVar(&o.perHost, "per-host", 2, "requests to one host at a time")
	f.IntVar(&o.total, "concurrency", 64, "requests to all hosts at a time")
	f.DurationVar(&o.hostGap, "host-gap", 40*time.Millisecond, "least time between two requests to one host; a host may ask for more")
	f.DurationVar(&o.timeout, "timeout", 15*time.Second, "for one request with its answer; more for links that failed before")
	f.DurationVar(&o.maxRetryAfter, "max-retry-after", 2*time.Minute, "how long a host that says Retry-After is waited for")
	f.Var(&o.grace, "grace", "how long a link must fail, however it fails, before it is broken")
	f.Var(&o.maxAge, "max-age", "longest time that a nightly job leaves a good link unchecked")
	f.BoolVar(&o.probeArXiv, "probe-arxiv", false, "ask for arXiv's own pages too, one in 15 s, instead of judging by metadata")
	f.BoolVar(&o.archive, "archive", false, "look for copies of broken links in the Internet Archive")
	f.StringVar(&o.archiveAPI, "archive-api", probe.DefaultArchive, "base `URL` of the Wayback availability interface")
}

func (o *linkOptions) check() error {
	if o.perHost < 1 || o.total < 1 || o.hostGap <= 0 || o.timeout <= 0 || o.maxRetryAfter <= 0 {
		return usageError("numbers of at least 1 and durations above 0", "read flags: --per-host, --concurrency, --host-gap, --timeout or --max-retry-after: out of range")
	}
	return nil
}

// policy says how sure to be: a single look believes what is plain.
func (o *linkOptions) policy() link.Policy {
	return link.Policy{AtOnce: o.oneShot, Grace: time.Duration(o.grace)}
}

// errOutage is a run whose checks tell of our own network.
var errOutage = errors.New("no verdicts")

// checkLinks is the eighth step of a night: the links that are due are asked for, what was seen is kept as it comes, and in the
// end, when it does not look as if the network here were down, all of it becomes verdicts.
func (n *night) checkLinks(ctx context.Context, o *linkOptions) error {
	// What a run that died has seen is not asked again, unless it saw an outage: that is past.
	if err := n.settleLinks(ctx, o); err != nil && !errors.Is(err, errOutage) {
		return err
	}
	n.report.links.outage = ""
	scope := storage.LinkScope{Lists: n.lists, Nightly: !o.oneShot, Force: n.app.set.force, Pages: o.probeArXiv, Now: n.run.Started}
	if err := n.run.JudgePaperLinks(ctx, scope); err != nil {
		return err
	}
	count, err := n.db.CountLinks(ctx, scope)
	if err != nil {
		return err
	}
	n.report.links.asked, n.report.links.nightly, n.report.links.due, n.report.links.fresh = true, !o.oneShot, count.Due, count.Fresh
	if count.Due > 0 {
		rests, err := n.db.HostRests(ctx, n.app.now())
		if err != nil {
			return err
		}
		prober, err := n.app.newProber(o, rests)
		if err != nil {
			return err
		}
		err = n.probeLinks(ctx, prober, n.linkSource(scope), count.Due)
		if err == nil {
			err = n.probeHosts(ctx, prober)
		}
		if rests := prober.Rests(); len(rests) > 0 {
			err = cmp.Or(err, n.run.SaveHostRests(context.WithoutCancel(ctx), rests, n.app.now()))
		}
		if err != nil {
			return err
		}
	}
	if err := n.settleLinks(ctx, o); err != nil {
		return err
	}
	if o.archive {
		if err := n.askArchive(ctx, o); err != nil {
			return err
		}
	}
	judgement, err := n.run.JudgeLinks(ctx, n.lists)
	if err != nil {
		return err
	}
	n.report.judgement.Opened = append(n.report.judgement.Opened, judgement.Opened...)
	n.report.judgement.Closed = append(n.report.judgement.Closed, judgement.Closed...)
	n.report.links.verdicts, err = n.db.LinkVerdicts(ctx, n.lists)
	return err
}

func (a *app) newProber(o *linkOptions, rests map[string]time.Time) (*probe.Prober, error) {
	options := probe.Options{
		Version: version(), Contact: a.set.contact, AllowPrivate: a.set.allowPrivate, PerHost: o.perHost, Total: o.total, Gap: o.hostGap, Timeout: o.timeout,
		MaxRetryAfter: o.maxRetryAfter, Rests: rests, Transport: a.transport, Logger: a.log,
	}
	if o.probeArXiv {
		options.ArXivInterval, options.PaceFile = max(probe.CrawlInterval, a.set.interval), a.paceFile()
	}
	prober, err := probe.NewProber(options)
	if err != nil {
		return nil, &exitError{exitUsage, err, ""}
	}
	return prober, nil
}

// linkSource hands the due links over a few at a time: there may be any number of them.
func (n *night) linkSource(scope storage.LinkScope) probe.Source {
	return probe.Source{
		Hosts: func(ctx context.Context, after string, limit int) ([]probe.HostWork, error) {
			hosts, err := n.db.DueHosts(ctx, scope, after, limit)
			work := make([]probe.HostWork, len(hosts))
			for i, h := range hosts {
				work[i] = probe.HostWork{Host: h.Host, Links: h.Due}
			}
			return work, err
		},
		Links: func(ctx context.Context, host string, after int64, limit int) ([]probe.Target, error) {
			links, err := n.db.DueLinks(ctx, scope, host, after, limit)
			targets := make([]probe.Target, len(links))
			for i, l := range links {
				targets[i] = probe.Target{ID: l.N, URL: l.URL, Failures: l.Failures, ETag: l.ETag, LastModified: l.LastModified}
			}
			return targets, err
		},
	}
}

const (
	// stageAfter and stageMost are when what was seen is written down: a crash loses no more than that.
	stageAfter = time.Second
	stageMost  = 1000
)

// staging holds what was seen until it is written down. Nobody is woken for a single check: with thousands of links that would
// cost more than the writing.
type staging struct {
	run     *storage.Run
	mu      sync.Mutex // of checks
	checks  []storage.LinkCheck
	writing sync.Mutex // of written
	written int
}

// add is for the goroutine that everything waits for: it writes itself only when the disk lags behind.
func (s *staging) add(c storage.LinkCheck) error {
	s.mu.Lock()
	s.checks = append(s.checks, c)
	full := len(s.checks) >= stageMost
	s.mu.Unlock()
	if full {
		return s.write()
	}
	return nil
}

// write writes whatever happens to the run: what was seen is not asked for again.
func (s *staging) write() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	batch := s.checks
	s.checks = nil
	s.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	if err := s.run.StageChecks(context.Background(), batch); err != nil {
		s.mu.Lock()
		s.checks = append(batch, s.checks...) // the last write, when the run ends, tries once more
		s.mu.Unlock()
		return err
	}
	s.written += len(batch)
	return nil
}

// writeNowAndThen writes until ctx ends or writing fails.
func (s *staging) writeNowAndThen(ctx context.Context) error {
	ticker := time.NewTicker(stageAfter)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if err := s.write(); err != nil {
				return err
			}
		}
	}
}

// waiters counts the runs that wait for links.
var waiters struct {
	mu     sync.Mutex
	n      int
	before int // runtime.GOMAXPROCS
}

// onOneProcessor has the program use one processor until done is called. To ask for links is to wait: other processors are woken
// for every answer, and find nothing to do, which was an eighth of all CPU time. One is enough for thousands of links a second.
func onOneProcessor() (done func()) {
	waiters.mu.Lock()
	defer waiters.mu.Unlock()
	if waiters.n++; waiters.n == 1 {
		waiters.before = runtime.GOMAXPROCS(1)
	}
	return func() {
		waiters.mu.Lock()
		defer waiters.mu.Unlock()
		if waiters.n--; waiters.n == 0 {
			runtime.GOMAXPROCS(waiters.before)
		}
	}
}

// probeLinks asks for the links of a source. A goroutine of its own writes what was seen, so that no host waits for the disk.
func (n *night) probeLinks(ctx context.Context, prober *probe.Prober, source probe.Source, total int) error {
	n.show.Count("links", "links", total)
	defer onOneProcessor()()
	s := &staging{run: n.run}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	writer := make(chan error, 1)
	go func() {
		err := s.writeNowAndThen(ctx)
		cancel()
		writer <- err
	}()
	err := prober.Run(ctx, source, func(t probe.Target, p link.Probe) error {
		p.At = n.app.now().UTC().Truncate(time.Second)
		n.show.Step("")
		return s.add(storage.LinkCheck{N: t.ID, URL: t.URL, Probe: p})
	})
	cancel()
	if writeErr := cmp.Or(<-writer, s.write()); writeErr != nil {
		err = writeErr
	}
	n.report.links.checked += s.written
	n.report.links.requests += prober.Requests()
	n.report.links.waiting += prober.Left()
	return err
}

// probeHosts asks the hosts that may show a page for every address for one that cannot exist, once each.
func (n *night) probeHosts(ctx context.Context, prober *probe.Prober) error {
	urls, err := n.run.DoubtfulHosts(ctx)
	if err != nil || len(urls) == 0 {
		return err
	}
	var hosts []probe.HostWork
	targets := map[string][]probe.Target{}
	for i, address := range urls {
		if made, ok := impossible(address); ok {
			host := link.Host(address)
			hosts = append(hosts, probe.HostWork{Host: host, Links: 1})
			targets[host] = []probe.Target{{ID: int64(i + 1), URL: made, Extra: true}}
		}
	}
	source := probe.Source{
		Hosts: func(_ context.Context, after string, limit int) ([]probe.HostWork, error) {
			page := hosts[:min(limit, len(hosts))]
			hosts = hosts[len(page):]
			return page, nil
		},
		Links: func(_ context.Context, host string, after int64, _ int) ([]probe.Target, error) {
			if after > 0 {
				return nil, nil
			}
			return targets[host], nil
		},
	}
	n.show.Count("hosts that seem to answer for anything", "hosts", len(hosts))
	err = prober.Run(ctx, source, func(t probe.Target, p link.Probe) error {
		n.show.Step("")
		return n.run.StageHost(ctx, t.URL, p)
	})
	n.report.links.requests += prober.Requests()
	return err
}

// impossible makes an address beside a link's that nobody has made: another name of random letters in the same folder, with
// the same ending, since servers answer differently for different endings.
func impossible(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	name := make([]byte, 22)
	for i := range name {
		name[i] = byte('a' + rand.IntN(26))
	}
	ending := path.Ext(u.Path)
	if len(ending) > 6 {
		ending = ""
	}
	u.Path, u.RawPath = path.Join("/", path.Dir(u.Path), string(name)+ending), ""
	u.RawQuery, u.Fragment, u.RawFragment = "", "", ""
	return u.String(), true
}

// settleLinks makes verdicts of what was seen, unless it tells of our own network.
func (n *night) settleLinks(ctx context.Context, o *linkOptions) error {
	reach, err := n.run.Reach(ctx)
	if err != nil {
		return err
	}
	if why := link.Outage(reach); why != "" {
		n.report.links.outage = why
		err := n.run.DropChecks(ctx)
		if err == nil {
			n.report.links.verdicts, err = n.db.LinkVerdicts(ctx, n.lists)
		}
		return cmp.Or(err, errOutage)
	}
	return n.run.SettleLinks(ctx, o.policy(), time.Duration(o.maxAge))
}

// maxArchived bounds the questions to the Internet Archive in one run: five minutes of them.
const maxArchived = 20

// askArchive looks for copies of the links that broke last. The Archive being busy, or down, is no failure of the night.
func (n *night) askArchive(ctx context.Context, o *linkOptions) error {
	links, err := n.run.UnarchivedLinks(ctx, n.lists, maxArchived)
	if err != nil || len(links) == 0 {
		return err
	}
	archive, err := probe.NewArchive(o.archiveAPI, fetch.Options{Version: version(), Contact: n.app.set.contact, Transport: n.app.transport, Interval: n.app.set.interval})
	if err != nil {
		return &exitError{exitUsage, err, ""}
	}
	n.show.Count("archived copies", "links", len(links))
	for _, l := range links {
		snapshot, err := archive.Snapshot(ctx, l.URL, l.LastGood)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			n.app.log.Warn("no archived copies tonight", "err", err)
			return nil
		}
		if err := n.run.SaveArchive(ctx, l.N, snapshot); err != nil {
			return err
		}
		n.show.Step("")
	}
	return nil
}
