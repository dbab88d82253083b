package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/enrich/record"
	"syncer/seeds"
	"syncer/storage"
)

// planJSON is what a run would ask. Of papers never seen before it knows neither the versions nor the requests that follow.
type planJSON struct {
	Type     string `json:"type"`
	Requests int    `json:"requests"` // to arXiv
	Papers   int    `json:"papers"`   // cited, for verify those that links lead to
	Due      int    `json:"due"`
	Versions int    `json:"versions"`
	ByOAI    int    `json:"by_oai"`
	Unseen   int    `json:"unseen"`
	Links    int    `json:"links"` // that would be asked for
	Hosts    int    `json:"hosts"`
	NotDue   int    `json:"links_not_due"`
}

// dryRun says what a run would ask, from what is stored now.
func (a *app) dryRun(ctx context.Context, lists []seeds.List, o *nightOptions) error {
	p := planJSON{Type: "plan"}
	db, err := storage.OpenReader(ctx, a.set.db)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		db = nil // nothing is stored yet
	case err != nil:
		return err
	default:
		defer db.Close()
	}
	if err := a.planPapers(ctx, &p, db, lists, o); err != nil {
		return err
	}
	if !a.skipsLinks(o) {
		if err := a.planLinks(ctx, &p, db, lists, o); err != nil {
			return err
		}
	}
	if a.set.json {
		return newJSONLines(a.stdout).write(p)
	}
	a.printPlan(p, o)
	return nil
}

func (a *app) printPlan(p planJSON, o *nightOptions) {
	links := ""
	if !a.skipsLinks(o) {
		links = fmt.Sprintf(" and %s for %s", count(p.Hosts, "host"), count(p.Links, "other link"))
	}
	fmt.Fprintf(a.stdout, "Would ask arXiv for %s%s; nothing was asked or written.\n", count(p.Requests, "request"), links)
	role := "cited"
	if o.kind == kindVerify {
		role = "linked to, which are judged by metadata"
	}
	if p.Papers > 0 {
		fmt.Fprintf(a.stdout, "  %s %s: %d due in %s, %d fresh\n", count(p.Papers, "paper"), role, p.Due, count(requests(p.Due), "request"), p.Papers-p.Due)
	}
	if o.kind == kindSync {
		fmt.Fprintf(a.stdout, "  %s in %s\n", count(p.Versions, "older version"), count(requests(p.Versions), "request"))
		fmt.Fprintf(a.stdout, "  %s by OAI-PMH for licences, sizes and withdrawals (budget %d)\n", count(p.ByOAI, "paper"), o.budget)
		if p.Unseen > 0 {
			fmt.Fprintf(a.stdout, "  %s never seen before: how many versions and OAI-PMH requests follow is known once arXiv has answered\n", count(p.Unseen, "paper"))
		}
	}
	if p.Requests > 0 {
		fmt.Fprintf(a.stdout, "  at least %s at one request per %s\n", (time.Duration(p.Requests) * a.set.interval).Round(time.Second), a.set.interval)
	}
	if p.NotDue > 0 {
		fmt.Fprintf(a.stdout, "  %s not due (--force asks for all)\n", count(p.NotDue, "other link"))
	}
}

// planPapers counts what would be asked of arXiv.
func (a *app) planPapers(ctx context.Context, p *planJSON, db *storage.DB, lists []seeds.List, o *nightOptions) error {
	ids := map[arxiv.ID]bool{}
	for _, list := range lists {
		for _, c := range list.Citations {
			if o.kind == kindSync {
				ids[c.ID] = true
			}
		}
		for _, l := range list.PaperLinks {
			if o.kind == kindVerify && link.IsRecordHost(link.Host(l.URL)) {
				ids[l.ID] = true
			}
		}
	}
	sorted := slices.Sorted(keys(ids))
	holdings := make([]record.Holding, len(sorted))
	for i, id := range sorted {
		holdings[i].ID = id
	}
	if db != nil {
		var err error
		if holdings, err = db.HoldingsOf(ctx, sorted, a.now()); err != nil {
			return err
		}
	}
	p.Papers, p.Due = len(holdings), len(record.DueCurrent(holdings, a.now(), enrich.Fresh, a.set.force))
	if o.kind == kindSync {
		p.Versions, p.ByOAI = len(record.DueVersions(holdings)), len(record.DueRaw(holdings, a.now(), o.budget))
	}
	for _, h := range holdings {
		if !h.Known {
			p.Unseen++
		}
	}
	p.Requests = requests(p.Due) + requests(p.Versions) + p.ByOAI
	return nil
}

// planLinks counts the links that would be asked for.
func (a *app) planLinks(ctx context.Context, p *planJSON, db *storage.DB, lists []seeds.List, o *nightOptions) error {
	urls := map[string]bool{}
	add := func(url string, paper bool) {
		if !paper || !link.IsRecordHost(link.Host(url)) {
			urls[url] = true
		}
	}
	for _, list := range lists {
		for _, l := range list.Links {
			add(l.URL, false)
		}
		for _, l := range list.PaperLinks {
			add(l.URL, true)
		}
	}
	if db != nil {
		scope := storage.LinkScope{Nightly: !o.links.oneShot, Force: a.set.force, Now: a.now()}
		notDue, err := db.NotDue(ctx, scope, slices.Sorted(keys(urls)))
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
