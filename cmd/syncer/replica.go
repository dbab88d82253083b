package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	"syncer/internal/replica"
)

func (a *app) replicaCommand() *cobra.Command {
	var listen, papers, shape, script string
	var faults []string
	var minGap time.Duration
	cmd := &cobra.Command{
		Use:   "replica [--listen ADDR]",
		Short: "A stand-in for arXiv on loopback, for trying and testing",
		Long: `replica answers as arXiv does: the query API at /api/query, OAI-PMH at /oai, the pages /abs/ID and /pdf/ID. Its papers are
the embedded landmarks or those of --papers (JSON Lines). --fault makes it fail as the real one sometimes does, for example
  api:3:status=503,retry-after=2    the third query API request
  oai:*:delay=200ms                 every OAI-PMH request
  any:5:cut=1000                    the fifth request of any kind ends after 1000 bytes
  api:2-4:garbage                   markup that is no Atom`,
		Example: `  syncer replica --listen 127.0.0.1:8080
  syncer sync --arxiv-api http://127.0.0.1:8080/api/query --arxiv-oai http://127.0.0.1:8080/oai --interval 100ms`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			options := replica.Options{MinGap: minGap, Logger: a.log}
			var err error
			if options.Shape, err = replica.ParseShape(shape); err != nil {
				return usageError("classic, transitional or current", "read flags: --shape: %w", err)
			}
			for _, text := range faults {
				fault, err := replica.ParseFault(text)
				if err != nil {
					return usageError("such as api:3:status=503,retry-after=2", "read flags: --fault: %w", err)
				}
				options.Faults = append(options.Faults, fault)
			}
			if script != "" {
				f, err := os.Open(script)
				if err != nil {
					return usageError("", "read faults: %s: %w", script, withoutPath(err))
				}
				defer f.Close()
				scripted, err := replica.ParseFaults(f)
				if err != nil {
					return usageError("one rule a line, such as api:3:status=503,retry-after=2", "read faults: %s: %w", script, err)
				}
				options.Faults = append(options.Faults, scripted...)
			}
			if papers != "" {
				f, err := os.Open(papers)
				if err != nil {
					return usageError("", "read papers: %s: %w", papers, withoutPath(err))
				}
				defer f.Close()
				options.Papers = io.Reader(f)
			}
			server, err := replica.New(options)
			if err != nil {
				return usageError("one paper a line, see the package documentation of internal/replica", "read papers: %s: %w", papers, err)
			}
			listening := false
			err = replica.Serve(cmd.Context(), listen, server, func(addr net.Addr) {
				listening = true
				if a.set.json {
					base := "http://" + addr.String()
					// a.stdout keeps the error
					_ = newJSONLines(a.stdout).write(map[string]string{"arxiv_api": base + "/api/query", "arxiv_oai": base + "/oai"})
					return
				}
				fmt.Fprintf(a.stdout, "stand-in for arXiv at http://%s, until interrupted\n", addr)
				fmt.Fprintf(a.stdout, "  syncer sync --arxiv-api http://%s/api/query --arxiv-oai http://%s/oai\n", addr, addr)
			})
			if err != nil && !listening {
				return usageError("a free loopback address such as 127.0.0.1:8080", "%w", err)
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&listen, "listen", "127.0.0.1:8080", "loopback `ADDR`")
	f.StringVar(&papers, "papers", "", "JSON Lines `FILE` of papers (default: the embedded landmarks)")
	f.StringVar(&shape, "shape", "current", "Atom shape: classic (until October 2025), transitional (November 2025) or current")
	f.StringArrayVar(&faults, "fault", nil, "fault `RULE`; may be repeated")
	f.StringVar(&script, "fault-script", "", "`FILE` of fault rules, one a line; those of --fault come first")
	f.DurationVar(&minGap, "min-gap", 0, "answer 429 to requests that come sooner than this after the one before")
	return cmd
}
