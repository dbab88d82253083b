package worker

import (
	"cmp"
	"context"

	"syncer/enrich/link"
	"syncer/fetch"
	"syncer/fetch/probe"
	"syncer/storage"
)

// checkLinks asks for the links that are due, keeps what was seen as it comes, and in the end, when it does not look as if the
// network here were down, makes verdicts of all of it.
func (n *night) checkLinks(ctx context.Context) error {
	// What a run that died has seen is not asked again, unless it saw an outage: that is past.
	if err := n.settleLinks(ctx); err != nil && !isOutage(err) {
		return err
	}
	n.report.Links.Outage = ""
	scope := n.linkScope()
	if err := n.run.JudgePaperLinks(ctx, scope); err != nil {
		return err
	}
	count, err := n.db.CountLinks(ctx, scope)
	if err != nil {
		return err
	}
	n.report.Links.Asked, n.report.Links.Nightly = true, scope.Nightly
	n.report.Links.Due, n.report.Links.Fresh = count.Due, count.Fresh
	if count.Due > 0 {
		if err := n.askForLinks(ctx, scope, count.Due); err != nil {
			return err
		}
	}
	if err := n.settleLinks(ctx); err != nil {
		return err
	}
	if n.options.Links.Archive {
		if err := n.askArchive(ctx); err != nil {
			return err
		}
	}
	judgement, err := n.run.JudgeLinks(ctx, n.lists)
	if err != nil {
		return err
	}
	n.report.addJudgement(judgement)
	n.report.Links.Verdicts, err = n.db.LinkVerdicts(ctx, n.lists)
	return err
}

// linkScope says which links the run asks for.
func (n *night) linkScope() storage.LinkScope {
	return storage.LinkScope{
		Lists: n.lists, Nightly: !n.options.linksOnly(), Force: n.options.Force, Pages: n.options.Links.ProbeArXiv, Now: n.run.Started,
	}
}

// askForLinks asks for the links of a scope and then for what their hosts answer to addresses that cannot exist. How long hosts
// want to be left alone is kept, whatever happens.
func (n *night) askForLinks(ctx context.Context, scope storage.LinkScope, due int) error {
	rests, err := n.db.HostRests(ctx, n.worker.Now())
	if err != nil {
		return err
	}
	prober, err := n.worker.prober(&n.options.Links, rests)
	if err != nil {
		return err
	}
	err = n.probeLinks(ctx, prober, dueLinks(n.db, scope), due)
	if err == nil {
		err = n.probeHosts(ctx, prober)
	}
	if rests := prober.Rests(); len(rests) > 0 {
		err = cmp.Or(err, n.run.SaveHostRests(context.WithoutCancel(ctx), rests, n.worker.Now()))
	}
	return err
}

// settleLinks makes verdicts of what was seen; *OutageError, and what was seen is forgotten, when it tells of the network here.
func (n *night) settleLinks(ctx context.Context) error {
	reach, err := n.run.Reach(ctx)
	if err != nil {
		return err
	}
	why := link.Outage(reach)
	if why == "" {
		return n.run.SettleLinks(ctx, n.options.policy(), n.options.Links.MaxAge)
	}
	n.report.Links.Outage = why
	if err := n.run.DropChecks(ctx); err != nil {
		return err
	}
	if n.report.Links.Verdicts, err = n.db.LinkVerdicts(ctx, n.lists); err != nil {
		return err
	}
	return &OutageError{n.options.Kind, n.worker.DB, why}
}

// maxArchived bounds the questions to the Internet Archive in one run: five minutes of them.
const maxArchived = 20

// askArchive looks for copies of the links that broke last. The Archive being busy, or down, is no failure of the night.
func (n *night) askArchive(ctx context.Context) error {
	links, err := n.run.UnarchivedLinks(ctx, n.lists, maxArchived)
	if err != nil || len(links) == 0 {
		return err
	}
	w := n.worker
	archive, err := probe.NewArchive(n.options.Links.ArchiveURL, fetch.Options{
		Version: w.Version, Contact: w.Contact, Transport: w.Transport, Interval: w.Interval,
	})
	if err != nil {
		return &OptionError{err}
	}
	n.show.Begin(PhaseCopies, len(links))
	for _, l := range links {
		snapshot, err := archive.Snapshot(ctx, l.URL, l.LastGood)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			w.log().Warn("no archived copies tonight", "err", err)
			return nil
		}
		if err := n.run.SaveArchive(ctx, l.N, snapshot); err != nil {
			return err
		}
		n.show.Step(0, "")
	}
	return nil
}
