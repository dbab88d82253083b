package main

import (
	"context"
	"fmt"
	"time"

	"syncer/enrich"
	"syncer/seeds"
	"syncer/worker"
)

// dryRun says what a run would ask, from what is stored now.
func (a *app) dryRun(ctx context.Context, lists []seeds.List, o *worker.Options) error {
	whole := a.withCommon(o)
	plan, err := a.reader().Plan(ctx, lists, whole)
	if err != nil {
		return err
	}
	if a.set.json {
		return newJSONLines(a.stdout).write(plan.Object())
	}
	a.printPlan(plan, whole)
	return nil
}

func (a *app) printPlan(p worker.Plan, o worker.Options) {
	links := ""
	if o.ChecksLinks() {
		links = fmt.Sprintf(" and %s for %s", count(p.Hosts, "host"), count(p.Links, "other link"))
	}
	fmt.Fprintf(a.stdout, "Would ask arXiv for %s%s; nothing was asked or written.\n", count(p.Requests, "request"), links)
	role := "cited"
	if o.Kind == enrich.RunVerify {
		role = "linked to, which are judged by metadata"
	}
	if p.Papers > 0 {
		fmt.Fprintf(a.stdout, "  %s %s: %d due in %s, %d fresh\n", count(p.Papers, "paper"), role, p.Due,
			count(p.PaperRequests, "request"), p.Papers-p.Due)
	}
	if o.Kind == enrich.RunSync {
		fmt.Fprintf(a.stdout, "  %s in %s\n", count(p.Versions, "older version"), count(p.VersionRequests, "request"))
		fmt.Fprintf(a.stdout, "  %s by OAI-PMH for licences, sizes and withdrawals (budget %d)\n", count(p.Histories, "paper"), o.Budget)
		if p.Unseen > 0 {
			fmt.Fprintf(
				a.stdout,
				"  %s never seen before: how many versions and OAI-PMH requests follow is known once arXiv has answered\n",
				count(p.Unseen, "paper"),
			)
		}
	}
	if p.Requests > 0 {
		fmt.Fprintf(a.stdout, "  at least %s at one request per %s\n", (time.Duration(p.Requests) * a.set.interval).Round(time.Second),
			a.set.interval)
	}
	if p.NotDue > 0 {
		fmt.Fprintf(a.stdout, "  %s not due (--force asks for all)\n", count(p.NotDue, "other link"))
	}
}
