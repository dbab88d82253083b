package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"syncer/fetch"
	"syncer/storage"
	"syncer/worker"
)

// Exit codes of the public contract.
const (
	exitFailed   = 1
	exitUsage    = 2
	exitFindings = 3
	exitHeld     = 4
	exitSignal   = 130
)

// app is what every command shares: the streams, the clock, the transport and the merged settings.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	outside        outside
	now            func() time.Time
	set            settings
	log            *slog.Logger
}

// outside is what the program runs against. The zero value is the network, in a process that others may share.
type outside struct {
	transport   http.RoundTripper // of every request; nil is the network
	ownPaceFile bool              // nobody else asks this arXiv: the pace file lies beside the database
	playsLinks  bool              // links are asked for, though arXiv is at a loopback address
	noReminder  bool              // of --contact
	process     *ownProcess       // nil: the settings of the process are somebody else's
}

// played is a world inside this process: nothing leaves it.
func played(transport http.RoundTripper) outside {
	return outside{transport: transport, ownPaceFile: true, playsLinks: true, noReminder: true}
}

// exitError carries an exit code and, where there is one, a hint for the second line.
type exitError struct {
	code int
	err  error
	hint string
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func usageError(hint, format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...), hint}
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, world outside) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, outside: world, now: time.Now, log: slog.New(slog.DiscardHandler)}
	return a.execute(ctx, args)
}

func (a *app) execute(ctx context.Context, args []string) int {
	out := &resultWriter{w: a.stdout}
	a.stdout = out
	defer func() { a.stdout = out.w }()
	root := a.rootCommand()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil && out.err != nil {
		err = fmt.Errorf("write results: stdout: %w", withoutPath(out.err))
	}
	if err == nil {
		return 0
	}
	code, hint := classify(ctx, err)
	message := firstLine(err.Error())
	if code == exitSignal {
		message = "stopped by a signal"
	}
	if message != "" {
		fmt.Fprintf(a.stderr, "syncer: %s\n", message)
	}
	if hint != "" {
		fmt.Fprintf(a.stderr, "hint: %s\n", hint)
	}
	return code
}

// resultWriter remembers that results were lost, on a full disk for example: a command that prints line by line need not
// look after every one.
type resultWriter struct {
	w   io.Writer
	err error
}

func (r *resultWriter) Write(p []byte) (int, error) {
	n, err := r.w.Write(p)
	if r.err == nil {
		r.err = err
	}
	return n, err
}

// classify gives the exit code and the hint for an error that reached the top.
func classify(ctx context.Context, err error) (code int, hint string) {
	var exit *exitError
	var held *storage.HeldError
	var option *worker.OptionError
	var absent *worker.AbsentError
	var distrust *worker.DistrustError
	var outage *worker.OutageError
	var waiting *worker.WaitingError
	switch {
	case errors.As(err, &exit):
		return exit.code, exit.hint
	case errors.As(err, &option):
		return exitUsage, ""
	case errors.Is(err, worker.ErrNoDatabase):
		return exitUsage, "syncer sync makes it"
	case errors.As(err, &absent):
		return exitFailed, absentHint(absent)
	case errors.As(err, &distrust):
		return exitFailed, "if the next run finds the same, it is believed"
	case errors.As(err, &outage):
		return exitFailed, "look at the network here and run the same command again"
	case errors.As(err, &waiting):
		return exitFailed, "run the same command again later"
	case errors.As(err, &held):
		return exitHeld, "wait for it to end, or use another database with --db"
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return exitSignal, "what was done is stored; run the same command again to go on"
	case errors.Is(err, storage.ErrNewer):
		return exitUsage, "use the newer syncer that wrote it, or another database with --db"
	case errors.Is(err, storage.ErrCorrupt):
		return exitUsage, "restore it with a copy made by `syncer backup`, or name another file with --db"
	case errors.Is(err, storage.ErrUnusable):
		return exitUsage, "name another file with --db"
	case errors.Is(err, storage.ErrFull):
		return exitFailed, "free some space and run the same command again; what was done is stored"
	case errors.Is(err, fetch.ErrRefused):
		return exitFailed, "arXiv refuses this address or client; do not go on asking, see https://info.arxiv.org/help/robots.html"
	case errors.Is(err, fetch.ErrThrottled):
		return exitFailed, "arXiv is busy; what was had is stored, run the same command again later"
	case isCobraUsage(err):
		return exitUsage, "syncer help shows the commands, syncer help COMMAND its flags"
	}
	return exitFailed, ""
}

// isCobraUsage tells the parser's own complaints from failures of a command. The parser exports no error types for all
// of them; their texts are fixed by its tests.
func isCobraUsage(err error) bool {
	for _, prefix := range []string{"unknown command", "unknown flag", "unknown shorthand", "flag needs", "invalid argument",
		"accepts ", "requires ", "bad flag syntax", "required flag"} {
		if strings.HasPrefix(err.Error(), prefix) {
			return true
		}
	}
	return false
}

// firstLine keeps a failure to the one line that the contract promises.
func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return strings.TrimSpace(line)
}

func (a *app) rootCommand() *cobra.Command {
	v := &verifyFlags{}
	var verifyLinks bool
	root := &cobra.Command{
		Use:   "syncer",
		Short: "Keep a reading list true: its papers, versions and citations checked against arXiv",
		Long: `syncer reads reading lists (Markdown, BibTeX, HTML, LaTeX, CSV or plain ids), asks arXiv politely what each
identifier really is, keeps every version in an SQLite database, and reports what is new, what changed and what is wrong.

Every flag can also be set by an environment variable (--db is SYNCER_DB) or by a key of the same name in syncer.toml.`,
		Example: `  syncer demo                            the whole nightly job against a built-in stand-in, no network needed
  syncer sync --contact you@example.org  refresh the embedded landmark list from the real arXiv
  syncer sync README.md refs.bib         the same for your own lists
  syncer --verify-links README.md        only check its links, once
  syncer findings                        what the lists have wrong
  syncer show 2407.21783                 one paper, all its versions and what changed between them`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if verifyLinks {
				return nil
			}
			return unknownCommand(cmd, args)
		},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.loadSettings(cmd); err != nil {
				return err
			}
			a.log = a.newLogger()
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if verifyLinks {
				return a.verifyLinks(cmd, args, v)
			}
			return cmd.Help()
		},
	}
	root.Flags().
		BoolVar(&verifyLinks, "verify-links", false, "check the links of the lists once: the same as syncer verify, with its flags")
	v.add(root.Flags())
	hideFlags(root.Flags(), "verify-links")
	root.SetIn(a.stdin)
	root.SetOut(a.stdout) // before the completions, which keep it
	root.SetErr(a.stderr)
	root.SetVersionTemplate("syncer {{.Version}}\n")
	a.addCommonFlags(root.PersistentFlags())
	root.AddCommand(
		a.syncCommand(), a.verifyCommand(), a.seedsCommand(), a.showCommand(), a.searchCommand(), a.changesCommand(), a.findingsCommand(),
		a.exportCommand(), a.fixCommand(), a.statusCommand(), a.serveCommand(), a.backupCommand(), a.replicaCommand(), a.demoCommand(),
		a.versionCommand(),
	)
	addCompletion(root)
	return root
}

// hideFlags keeps flags out of a help text; they work all the same.
func hideFlags(f *pflag.FlagSet, but ...string) {
	f.VisitAll(func(flag *pflag.Flag) { flag.Hidden = !slices.Contains(but, flag.Name) })
}

// unknownCommand takes a word that is no command for a mistyped one.
func unknownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "syncer help shows the commands"
	root.SuggestionsMinimumDistance = 2
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return usageError(hint, "unknown command %q", printable(args[0]))
}

// newLogger writes to stderr: nothing below warnings unless --verbose, only errors with --quiet.
func (a *app) newLogger() *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.LevelWarn}
	switch {
	case a.set.quiet:
		options.Level = slog.LevelError
	case a.set.verbose:
		options.Level = slog.LevelDebug
	}
	if a.set.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(a.stderr, options))
	}
	return slog.New(slog.NewTextHandler(a.stderr, options))
}

// isTerminal says whether w is a screen that a person looks at.
func isTerminal(w io.Writer) bool {
	if r, ok := w.(*resultWriter); ok {
		w = r.w
	}
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// reader does the jobs that ask arXiv for nothing.
func (a *app) reader() *worker.Worker {
	return &worker.Worker{
		DB: a.set.db, Contact: a.set.contact, Version: version(), Transport: a.outside.transport, Now: a.now, Log: a.log,
	}
}

// worker does the jobs that ask arXiv.
func (a *app) worker() *worker.Worker {
	w := a.reader()
	w.APIURL, w.OAIURL, w.Interval, w.PaceFile = a.set.arxivAPI, a.set.arxivOAI, a.set.interval, a.paceFile()
	w.Random = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	return w
}

// openReader opens the database for a command that only reads.
func (a *app) openReader(ctx context.Context) (*storage.DB, error) { return a.reader().OpenReader(ctx) }

// paceFile is where the time of the last request is kept, so that every syncer of this user, whatever its database,
// shares arXiv's one request per 3 s. A stand-in on loopback has a file of its own, by its address. Where there is no
// cache directory (a bare container), or no network at all (tests, the demo), it lies beside the database.
func (a *app) paceFile() string {
	beside := a.set.db + ".pace"
	if a.outside.ownPaceFile {
		return beside
	}
	name := "arxiv.pace"
	api, apiErr := url.Parse(a.set.arxivAPI)
	oai, oaiErr := url.Parse(a.set.arxivOAI)
	if apiErr == nil && oaiErr == nil && fetch.IsLoopback(api.Hostname()) && fetch.IsLoopback(oai.Hostname()) {
		name = strings.NewReplacer(":", "-", "[", "", "]", "").Replace(api.Host) + ".pace"
	}
	dir, err := os.UserCacheDir()
	if err != nil || os.MkdirAll(filepath.Join(dir, "syncer"), 0o755) != nil {
		return beside
	}
	return filepath.Join(dir, "syncer", name)
}
