package worker

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net/url"
	"path"
	"time"

	"syncer/enrich/link"
	"syncer/fetch/probe"
	"syncer/storage"
)

// prober makes the one that asks for all links of a run; rests are the hosts that want to be left alone, and until when.
func (w *Worker) prober(o *LinkOptions, rests map[string]time.Time) (*probe.Prober, error) {
	options := probe.Options{
		Version: w.Version, Contact: w.Contact, AllowPrivate: o.AllowPrivate, PerHost: o.PerHost, Total: o.Total, Gap: o.HostGap,
		Timeout: o.Timeout, MaxRetryAfter: o.MaxRetryAfter, Rests: rests, Transport: w.Transport, Logger: w.Log,
	}
	if o.ProbeArXiv {
		options.ArXivInterval, options.PaceFile = max(probe.CrawlInterval, w.Interval), w.PaceFile
	}
	prober, err := probe.NewProber(options)
	if err != nil {
		return nil, &OptionError{err}
	}
	return prober, nil
}

// dueLinks hands the due links over a few at a time: there may be any number of them.
func dueLinks(db *storage.DB, scope storage.LinkScope) probe.Source {
	return probe.Source{
		Hosts: func(ctx context.Context, after string, limit int) ([]probe.HostWork, error) {
			hosts, err := db.DueHosts(ctx, scope, after, limit)
			work := make([]probe.HostWork, len(hosts))
			for i, h := range hosts {
				work[i] = probe.HostWork{Host: h.Host, Links: h.Due}
			}
			return work, err
		},
		Links: func(ctx context.Context, host string, after int64, limit int) ([]probe.Target, error) {
			links, err := db.DueLinks(ctx, scope, host, after, limit)
			targets := make([]probe.Target, len(links))
			for i, l := range links {
				targets[i] = probe.Target{ID: l.N, URL: l.URL, Failures: l.Failures, ETag: l.ETag, LastModified: l.LastModified}
			}
			return targets, err
		},
	}
}

// probeLinks asks for the links of a source. A goroutine of its own writes what was seen, so that no host waits for the disk.
func (n *night) probeLinks(ctx context.Context, prober *probe.Prober, source probe.Source, total int) error {
	n.show.Begin(PhaseLinks, total)
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
		p.At = n.worker.Now().UTC().Truncate(time.Second)
		n.show.Step(0, "")
		return s.add(storage.LinkCheck{N: t.ID, URL: t.URL, Probe: p})
	})
	cancel()
	if writeErr := cmp.Or(<-writer, s.write()); writeErr != nil {
		err = writeErr
	}
	n.report.Links.Checked += s.written
	n.report.Links.Requests += prober.Requests()
	n.report.Links.Waiting += prober.Waiting()
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
		if made, ok := impossible(address, n.worker.Random); ok {
			host := link.Host(address)
			hosts = append(hosts, probe.HostWork{Host: host, Links: 1})
			targets[host] = []probe.Target{{ID: int64(i + 1), URL: made, Extra: true}}
		}
	}
	source := probe.Source{
		Hosts: func(_ context.Context, _ string, limit int) ([]probe.HostWork, error) {
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
	n.show.Begin(PhaseHosts, len(hosts))
	err = prober.Run(ctx, source, func(t probe.Target, p link.Probe) error {
		n.show.Step(0, "")
		return n.run.StageHost(ctx, t.URL, p)
	})
	n.report.Links.Requests += prober.Requests()
	return err
}

// impossible makes an address beside a link's that nobody has made: another name of random letters in the same folder, with
// the same ending, since servers answer differently for different endings.
func impossible(address string, random *rand.Rand) (string, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	name := make([]byte, 22)
	for i := range name {
		name[i] = byte('a' + random.IntN(26))
	}
	ending := path.Ext(u.Path)
	if len(ending) > 6 {
		ending = ""
	}
	u.Path, u.RawPath = path.Join("/", path.Dir(u.Path), string(name)+ending), ""
	u.RawQuery, u.Fragment, u.RawFragment = "", "", ""
	return u.String(), true
}
