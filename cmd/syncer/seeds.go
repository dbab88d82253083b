package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"syncer/arxiv"
	"syncer/export"
	"syncer/seeds"
)

func (a *app) seedsCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "seeds [LIST...]",
		Short: "What would be tracked: every citation and link of the lists, with its place; asks nothing of anybody",
		Example: `  syncer seeds README.md
  syncer seeds refs.bib --json | jq -r 'select(.type == "citation").id' | sort -u
  syncer seeds - < ids.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			lists, err := a.readLists(cmd.Context(), args, format)
			if err != nil {
				return err
			}
			for _, list := range lists {
				if a.set.json {
					err = a.printSeedsJSON(list)
				} else {
					a.printSeeds(list)
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
	addListFormat(cmd.Flags(), &format)
	return cmd
}

func (a *app) printSeedsJSON(list seeds.List) error {
	out := newJSONLines(a.stdout)
	for object := range export.SeedObjects(list) {
		if err := out.write(object); err != nil {
			return err
		}
	}
	return nil
}

// printSeeds shows a list section by section, as its owner knows it.
func (a *app) printSeeds(list seeds.List) {
	papers := map[arxiv.ID]bool{}
	for _, c := range list.Citations {
		papers[c.ID] = true
	}
	fmt.Fprintf(a.stdout, "%s\n", a.paint(bold, fmt.Sprintf("%s (%s): %s of %s, %s, %s", printable(list.Name), list.Format,
		count(len(list.Citations), "citation"), count(len(papers), "paper"), count(len(list.Links), "link"),
		count(len(list.Malformed), "malformed id"))))
	section := "\x00"
	heading := func(s string) {
		if s != section {
			section = s
			if s == "" {
				s = "(no section)"
			}
			fmt.Fprintf(a.stdout, "\n%s\n", printable(s))
		}
	}
	links, malformed := list.Links, list.Malformed
	others := func(before int) {
		for len(links) > 0 && links[0].Span.Start < before {
			l := links[0]
			heading(l.Section)
			fmt.Fprintf(a.stdout, "  %5d  %-18s %s  %s\n", l.Line, "link", printable(l.URL), shorten(printable(l.Title), 60))
			links = links[1:]
		}
		for len(malformed) > 0 && malformed[0].Span.Start < before {
			m := malformed[0]
			heading(m.Section)
			fmt.Fprintf(a.stdout, "  %5d  %-18s %s: %s\n", m.Line, "malformed", shorten(printable(m.AsWritten), 80), printable(m.Reason))
			malformed = malformed[1:]
		}
	}
	for _, c := range list.Citations {
		others(c.Span.Start)
		heading(c.Section)
		fmt.Fprintf(a.stdout, "  %5d  %-18s %s\n", c.Line, c.ID.Versioned(c.Version), claimSummary(c.Claim))
	}
	others(int(^uint(0) >> 1))
}

func claimSummary(c seeds.Claim) string {
	var parts []string
	if c.FirstAuthor != "" {
		parts = append(parts, shorten(printable(c.FirstAuthor), 30))
	}
	if c.Year != 0 {
		parts = append(parts, fmt.Sprint(c.Year))
	}
	if c.Title != "" {
		parts = append(parts, shorten(printable(c.Title), 90))
	}
	return strings.Join(parts, ", ")
}
