package worker

import (
	"syncer/fetch"
)

// Progress is told how far a job is. Its methods are called by one goroutine at a time, and a job waits for them.
type Progress interface {
	// Begin says that a phase begins: requests to arXiv for the phases of papers, links, hosts or copies for the others, total of
	// them at most. A phase of none is begun too.
	Begin(phase Phase, total int)
	// Step says that one more of the phase is done: what it has found so far, and what the step was about, where there is
	// something to say.
	Step(found int, about string)
	// Wait says that a wait for arXiv begins.
	Wait(fetch.WaitEvent)
}

// Phase is a part of a job, in the order in which they come.
type Phase string

// The phases; what Progress.Step counts stands beside each.
const (
	PhasePapers    Phase = "papers"    // current records
	PhaseMissing   Phase = "missing"   // papers that arXiv does not have
	PhaseVersions  Phase = "versions"  // older versions
	PhaseDoubts    Phase = "doubts"    // doubtful citations looked at; about: the title that was searched for
	PhaseHistories Phase = "histories" // papers asked for by OAI-PMH
	PhaseLinks     Phase = "links"     // nothing
	PhaseHosts     Phase = "hosts"     // nothing; hosts that seem to answer for any address
	PhaseCopies    Phase = "copies"    // nothing; archived copies of broken links
)

// silence is nobody being told.
type silence struct{}

func (silence) Begin(Phase, int)     {}
func (silence) Step(int, string)     {}
func (silence) Wait(fetch.WaitEvent) {}
