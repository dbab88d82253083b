// Command syncer keeps a reading list true: it reads lists of papers, asks arXiv politely what each identifier really
// is, keeps every version in SQLite, and tells what changed and what the list has wrong.
//
// This folder is the only one that sees all the others. main.go and app.go start a command and turn its error into an
// exit code; config.go merges flags, environment and file; sync.go is the nightly job in the order of its ten steps, of
// which ask.go, resolve.go and links.go are the questions to arXiv, about doubtful citations and to the web; each other
// file is one command.
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
