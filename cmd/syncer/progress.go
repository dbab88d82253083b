package main

import (
	"context"
	"fmt"

	"syncer/fetch"
	"syncer/internal/progress"
	"syncer/seeds"
	"syncer/worker"
)

// runJob does a run and shows how far it is.
func (a *app) runJob(ctx context.Context, lists []seeds.List, o *worker.Options) (*worker.Report, error) {
	a.outside.process.waitForLinks()
	show := progress.New(a.stderr, a.progressMode())
	defer show.Close()
	w := a.worker()
	w.Progress = &teller{app: a, show: show}
	return w.Run(ctx, lists, a.withCommon(o))
}

// teller puts into words what a worker says of its progress.
type teller struct {
	app   *app
	show  *progress.Display
	phase worker.Phase
}

// phaseNames are the phases that ask arXiv, one request after the other.
var phaseNames = map[worker.Phase]string{
	worker.PhasePapers: "papers", worker.PhaseMissing: "missing papers", worker.PhaseVersions: "versions",
	worker.PhaseDoubts: "doubtful citations", worker.PhaseHistories: "licences, sizes, withdrawals",
}

// countedPhases are those that ask many others at once, with what they count.
var countedPhases = map[worker.Phase][2]string{
	worker.PhaseLinks: {"links", "links"}, worker.PhaseHosts: {"hosts that seem to answer for anything", "hosts"},
	worker.PhaseCopies: {"archived copies", "links"},
}

func (t *teller) Begin(phase worker.Phase, total int) {
	t.phase = phase
	if phase == worker.PhasePapers && total > 0 {
		t.app.askForContact()
	}
	if counted, ok := countedPhases[phase]; ok {
		t.show.Count(counted[0], counted[1], total)
		return
	}
	t.show.Phase(phaseNames[phase], total, t.app.set.interval)
}

func (t *teller) Step(found int, about string) { t.show.Step(t.note(found, about)) }

// note says what a step has come to.
func (t *teller) note(found int, about string) string {
	switch t.phase {
	case worker.PhasePapers, worker.PhaseHistories:
		return count(found, "paper")
	case worker.PhaseMissing:
		return fmt.Sprintf("%d not at arXiv", found)
	case worker.PhaseVersions:
		return count(found, "version")
	case worker.PhaseDoubts:
		if about != "" {
			return fmt.Sprintf("%q", about)
		}
		return count(found, "citation")
	}
	return ""
}

// Wait tells of the waits that are longer than the ordinary pace.
func (t *teller) Wait(w fetch.WaitEvent) {
	switch w.Reason {
	case fetch.WaitTurn:
		t.show.Wait("another syncer is asking arXiv", w.For)
	case fetch.WaitThrottled, fetch.WaitRetry:
		t.show.Wait(firstLine(w.Err.Error()), w.For)
	}
}

// askForContact reminds, once a run and only for the real arXiv, that an operator likes to know whom to write to.
func (a *app) askForContact() {
	if a.set.contact == "" && !a.outside.noReminder && !a.set.quiet && a.set.arxivAPI == fetch.DefaultAPI {
		fmt.Fprintln(a.stderr, "syncer: please tell arXiv whom to write to: --contact you@example.org (or contact in syncer.toml)")
	}
}

func (a *app) progressMode() progress.Mode {
	switch {
	case a.set.quiet || a.set.noProgress || a.set.json && !isTerminal(a.stderr):
		return progress.Silent
	case isTerminal(a.stderr) && !a.set.verbose: // log lines would go through the bar
		return progress.Bar
	}
	return progress.Lines
}
