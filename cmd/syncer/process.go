package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
)

// ownProcess is what the program sets for the whole of its process, which is its own.
type ownProcess struct{ large bool }

// A list is the largest thing that is ever held in memory. With lists of up to smallList bytes (200,000 plain links have 7 MB)
// garbage is collected more eagerly, so that all of a run stays under 128 MiB.
const smallList, smallMemory = 8 << 20, 80 << 20

// haveList says that a list of so many bytes is about to be held. A user's GOMEMLIMIT stands.
func (p *ownProcess) haveList(size int) {
	if p == nil || p.large || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	if p.large = size > smallList; p.large {
		debug.SetMemoryLimit(math.MaxInt64)
		return
	}
	debug.SetMemoryLimit(smallMemory)
}

// waitForLinks says that the program's work will be to wait for links, with one processor: others are woken for every answer and
// find nothing to do, which was an eighth of all CPU time. One is enough for thousands of links a second. A user's GOMAXPROCS
// stands.
func (p *ownProcess) waitForLinks() {
	if p != nil && os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(1)
	}
}
