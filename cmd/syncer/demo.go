package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"syncer/internal/replica"
	"syncer/seeds"
)

// demoInterval replaces the polite 3 s: the demo's arXiv is inside this process.
const demoInterval = 20 * time.Millisecond

func (a *app) demoCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "The whole nightly job over the embedded list against a built-in replica; needs no network",
		Long: `demo plays two nights over the embedded landmark list against a stand-in for arXiv inside this process: true titles,
authors and dates, stand-in abstracts. What happens in the second night is staged and said so. Nothing leaves this machine.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.set.dryRun {
				return usageError("demo asks nobody, and writes into a directory of its own", "demo: --dry-run is not for the demo")
			}
			if dir == "" {
				made, err := os.MkdirTemp("", "syncer-demo-")
				if err != nil {
					return fmt.Errorf("demo: make directory: %w", err)
				}
				dir = made
			} else if err := os.MkdirAll(dir, 0o755); err != nil {
				return usageError("", "demo: make directory: %w", err)
			}
			return a.demo(cmd.Context(), dir)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "where the demo's files go (default: a new temporary directory)")
	return cmd
}

// demo runs two nights a day apart. The clock of the program and of the replica is moved, not the machine's.
func (a *app) demo(ctx context.Context, dir string) error {
	start := time.Now().UTC().Truncate(time.Second)
	a.set.db = filepath.Join(dir, "syncer.db")
	a.set.interval, a.set.force = demoInterval, false
	a.set.arxivAPI, a.set.arxivOAI = "http://127.0.0.1/api/query", "http://127.0.0.1/oai"
	if _, err := os.Stat(a.set.db); err == nil {
		return usageError("name another directory with --dir", "demo: %s: exists already", a.set.db)
	}
	scenario, err := replica.DemoScenario(start)
	if err != nil {
		return fmt.Errorf("demo: stage the second night: %w", err)
	}
	offset := time.Duration(0)
	a.now = func() time.Time { return time.Now().UTC().Add(offset) }
	server, err := replica.New(replica.Options{Papers: scenario.Papers, Web: scenario.Web, Now: a.now, Logger: a.log})
	if err != nil {
		return fmt.Errorf("demo: start replica: %w", err)
	}
	a.outside = played(server.RoundTripper())

	story := a.stdout
	if a.set.json {
		story = a.stderr
	}
	fmt.Fprintln(story, "This is a demonstration: arXiv is played by a stand-in inside this program, and nothing leaves this machine.")
	fmt.Fprintln(story, "The papers, authors and dates are true; the abstracts are stand-ins. The real arXiv is asked one request per 3 s.")
	fmt.Fprintf(story, "\n== The first night ==\n\n")
	if err := a.demoNight(ctx); err != nil {
		return err
	}
	offset = 24 * time.Hour
	fmt.Fprintf(story,
		"\n== The second night, a day later ==\n\nStaged in the stand-in since the first night, and not true of the real papers:\n")
	for _, what := range scenario.Staged {
		fmt.Fprintf(story, "  - %s\n", what)
	}
	fmt.Fprintln(story)
	if err := a.demoNight(ctx); err != nil {
		return err
	}
	offset = 48 * time.Hour
	fmt.Fprintf(story, "\n== A single look at the links, another day later: syncer --verify-links ==\n\n")
	if err := a.demoLinks(ctx); err != nil {
		return err
	}
	return a.demoFiles(ctx, dir, story)
}

func (a *app) demoLinks(ctx context.Context) error {
	o := newVerifyOptions(pflag.NewFlagSet("demo", pflag.ContinueOnError))
	report, err := a.runJob(ctx, []seeds.List{seeds.Landmarks()}, o)
	if err == nil {
		_, err = a.printLinks(ctx, report, "")
	}
	return err
}

func (a *app) demoNight(ctx context.Context) error {
	o := newNightOptions(pflag.NewFlagSet("demo", pflag.ContinueOnError))
	report, err := a.runJob(ctx, []seeds.List{seeds.Landmarks()}, o)
	if report != nil {
		if printErr := a.printReport(report); printErr != nil {
			return printErr
		}
	}
	return err
}

// demoFiles writes exports and says what is where and what to type next.
func (a *app) demoFiles(ctx context.Context, dir string, story io.Writer) error {
	page, bib, lines := filepath.Join(dir, "landmarks.html"), filepath.Join(dir, "landmarks.bib"), filepath.Join(dir, "papers.jsonl")
	if code := a.execute(ctx, []string{"export", "--quiet", "--db", a.set.db, "-o", page, "-o", bib, "-o", lines}); code != 0 {
		return fmt.Errorf("demo: export failed with exit code %d", code)
	}
	fmt.Fprintf(story, `
Files
  %s   the list with all versions and what changed: open it in a browser
  %s   for LaTeX
  %s   the database: open it with sqlite3 or Datasette, the views are public
  %s   every paper with all its versions, one JSON object a line

Try
  syncer show 2407.21783 --db %s
  syncer findings --db %s
  syncer search quantization --db %s
For the real arXiv: syncer sync --contact you@example.org
`, page, bib, a.set.db, lines, a.set.db, a.set.db, a.set.db)
	return nil
}
