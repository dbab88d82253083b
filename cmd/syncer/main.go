// Command syncer keeps a reading list true: it reads lists of papers, asks arXiv politely what each identifier really
// is, keeps every version in SQLite, and tells what changed and what the list has wrong.
//
// This folder is what a person types and reads: flags, configuration, words, exit codes. Command lines come in, text or JSON
// goes out. Nothing is asked, decided or stored here: jobs are package worker's, and what is stored is read through storage.
//
// Begin with main.go and app.go, which start a command and turn its error into an exit code. config.go merges flags,
// environment and file, lists.go reads the lists that are named, options.go has the flags of runs, progress.go tells how far one
// is, process.go sets what is set for the whole process, text.go and times.go have the words that all share. report.go and plan.go
// print what a run came to or would ask. Each other file is one command.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal stops the run at the next safe place; giving the handler back lets a second one end it at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, outside{process: &ownProcess{}}))
}
