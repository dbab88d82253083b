package worker

import (
	"context"
	"errors"
	"slices"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/enrich/record"
	"syncer/export"
	"syncer/seeds"
	"syncer/storage"
)

// Plan is what a run would ask. Of papers never seen before it knows neither the versions nor the requests that follow.
type Plan struct {
	Requests  int // to arXiv
	Papers    int // cited; for a look at links alone those that links lead to
	Due       int // papers
	Versions  int
	Histories int // papers to ask for by OAI-PMH
	Unseen    int // papers never had

	PaperRequests, VersionRequests int

	Links  int // that would be asked for
	Hosts  int // of them
	NotDue int // links
}

// Plan says what a run with these options would ask, from what is stored now. It asks nobody and writes nothing.
func (w *Worker) Plan(ctx context.Context, lists []seeds.List, o Options) (Plan, error) {
	if err := o.check(); err != nil {
		return Plan{}, err
	}
	db, err := w.OpenReader(ctx)
	switch {
	case errors.Is(err, ErrNoDatabase):
		db = nil // nothing is stored yet
	case err != nil:
		return Plan{}, err
	default:
		defer db.Close()
	}
	now := w.Now()
	var p Plan
	if err := p.addPapers(ctx, db, lists, o, now); err != nil {
		return Plan{}, err
	}
	if o.ChecksLinks() {
		if err := p.addLinks(ctx, db, lists, o, now); err != nil {
			return Plan{}, err
		}
	}
	return p, nil
}

// addPapers counts what would be asked of arXiv.
func (p *Plan) addPapers(ctx context.Context, db *storage.DB, lists []seeds.List, o Options, now time.Time) error {
	ids := namedPapers(lists, o)
	holdings := make([]record.Holding, len(ids))
	for i, id := range ids {
		holdings[i].ID = id
	}
	if db != nil {
		var err error
		if holdings, err = db.HoldingsOf(ctx, ids, now); err != nil {
			return err
		}
	}
	p.Papers, p.Due = len(holdings), len(record.DueCurrent(holdings, now, enrich.Fresh, o.Force))
	if !o.linksOnly() {
		p.Versions, p.Histories = len(record.DueVersions(holdings)), len(record.DueRaw(holdings, now, o.Budget))
	}
	for _, h := range holdings {
		if !h.Known {
			p.Unseen++
		}
	}
	p.PaperRequests, p.VersionRequests = requests(p.Due), requests(p.Versions)
	p.Requests = p.PaperRequests + p.VersionRequests + p.Histories
	return nil
}

// namedPapers are the papers that the run is about, sorted: those cited, or with links only those that are judged by their record.
func namedPapers(lists []seeds.List, o Options) []arxiv.ID {
	var ids []arxiv.ID
	for _, list := range lists {
		if !o.linksOnly() {
			for _, c := range list.Citations {
				ids = append(ids, c.ID)
			}
			continue
		}
		for _, l := range list.PaperLinks {
			if link.IsRecordHost(link.Host(l.URL)) {
				ids = append(ids, l.ID)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// addLinks counts the links that would be asked for.
func (p *Plan) addLinks(ctx context.Context, db *storage.DB, lists []seeds.List, o Options, now time.Time) error {
	urls := map[string]bool{}
	for _, list := range lists {
		for _, l := range list.Links {
			urls[l.URL] = true
		}
		for _, l := range list.PaperLinks {
			if !link.IsRecordHost(link.Host(l.URL)) {
				urls[l.URL] = true
			}
		}
	}
	if db != nil {
		var all []string
		for url := range urls {
			all = append(all, url)
		}
		slices.Sort(all)
		scope := storage.LinkScope{Nightly: !o.linksOnly(), Force: o.Force, Now: now}
		notDue, err := db.NotDue(ctx, scope, all)
		if err != nil {
			return err
		}
		for _, url := range notDue {
			delete(urls, url)
		}
		p.NotDue = len(notDue)
	}
	hosts := map[string]bool{}
	for url := range urls {
		hosts[link.Host(url)] = true
	}
	p.Links, p.Hosts = len(urls), len(hosts)
	return nil
}

// Object is the plan in its public shape.
func (p Plan) Object() export.PlanJSON {
	return export.PlanJSON{
		Type: "plan", Requests: p.Requests, Papers: p.Papers, Due: p.Due, Versions: p.Versions, ByOAI: p.Histories, Unseen: p.Unseen,
		Links: p.Links, Hosts: p.Hosts, NotDue: p.NotDue,
	}
}
