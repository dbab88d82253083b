package worker

import (
	"context"
	"errors"

	"syncer/arxiv"
	"syncer/fetch"
	"syncer/seeds"
	"syncer/storage"
)

// night is one run of the nightly job, or of its links alone, while it goes on.
type night struct {
	worker  *Worker
	options Options
	db      *storage.DB
	run     *storage.Run
	arXiv   *fetch.Client
	show    Progress
	lists   []string          // names
	only    map[arxiv.ID]bool // the papers to ask for; nil is all
	budget  int               // requests that may still be spent
	report  *Report
}

// Run does the nightly job, or one look at the links alone, and closes its run row whatever happens. The report is nil only when
// the run did not begin: with an error it tells what was done before. The lists are not kept, since they may be large.
//
// The error is *OptionError, *storage.HeldError and their like when nothing was begun; *DistrustError when nothing found is
// believed; *OutageError and *WaitingError when links could not be judged or not all be asked for; context.Canceled when ctx
// ended it; else what arXiv or the disk did.
func (w *Worker) Run(ctx context.Context, lists []seeds.List, o Options) (*Report, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	client, err := w.arXiv()
	if err != nil {
		return nil, err
	}
	db, err := storage.Open(ctx, w.DB)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	n := &night{worker: w, options: o, db: db, arXiv: client, show: w.progress(), budget: o.Budget}
	for _, list := range lists {
		n.lists = append(n.lists, list.Name)
	}
	if n.run, err = db.Begin(ctx, o.Kind, n.lists, w.Now()); err != nil {
		return nil, err
	}
	n.report = newReport(w.DB, n.run, o, lists)
	err = n.work(ctx, lists)
	n.report.Requests, n.report.Ended, n.report.Err = client.Requests(), w.Now(), err
	if endErr := n.run.End(ctx, w.Now(), n.report.result()); err == nil {
		err = endErr
	}
	return n.report, n.conclude(ctx, err)
}

// work is a night but for its beginning and its end. Each step's results are stored before the next begins, so that a crash
// between two of them costs nothing but the requests of the batch under way.
func (n *night) work(ctx context.Context, lists []seeds.List) error {
	changes, err := n.run.SaveLists(ctx, lists)
	if err != nil {
		return err
	}
	for i, list := range n.report.Lists {
		change := changes[list.Name]
		n.report.Lists[i].Added, n.report.Lists[i].Gone = change.Added, change.Gone
	}
	ask := n.askPapers
	if n.options.linksOnly() {
		ask = n.askLinkedPapers
	}
	arXivErr := ask(ctx)
	if ctx.Err() != nil || n.report.Distrust != "" || !n.options.ChecksLinks() {
		return arXivErr
	}
	// arXiv being down says nothing of the rest of the web.
	if err := n.checkLinks(ctx); err != nil {
		return err
	}
	if waiting := n.report.Links.Waiting; arXivErr == nil && n.options.linksOnly() && waiting > 0 {
		return &WaitingError{n.options.Kind, n.worker.DB, waiting}
	}
	return arXivErr
}

// askPapers is what a night asks arXiv, and what follows for the citations.
func (n *night) askPapers(ctx context.Context) error {
	missing, err := n.askCurrent(ctx)
	if err != nil || n.report.Distrust != "" {
		return err
	}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return n.confirmMissing(ctx, missing) }, n.askVersions, n.resolveDoubts, n.askHistories,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	judgement, err := n.run.Judge(ctx, n.lists)
	if err != nil {
		return err
	}
	n.report.addJudgement(judgement)
	return nil
}

// conclude reads what a run that is over has to tell besides, and makes an error of what was not believed.
func (n *night) conclude(ctx context.Context, err error) error {
	distrust := n.report.Distrust
	if err == nil && distrust == "" {
		n.report.Open, err = n.db.Findings(ctx, storage.FindingFilter{Lists: n.lists, Now: n.worker.Now()})
	}
	if err == nil {
		err = n.report.compareVersions(ctx, n.db)
	}
	if err == nil && distrust != "" {
		err = &DistrustError{n.options.Kind, n.worker.DB, distrust}
	}
	return err
}

// spend takes what a question costs from the budget, retries included.
func (n *night) spend(ask func() error) error {
	before := n.arXiv.Requests()
	err := ask()
	n.budget = max(n.budget-(n.arXiv.Requests()-before), 0)
	return err
}

// isOutage says whether an error is the network here being down.
func isOutage(err error) bool {
	var outage *OutageError
	return errors.As(err, &outage)
}
