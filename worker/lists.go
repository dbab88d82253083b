package worker

import (
	"context"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/export"
	"syncer/storage"
)

// source is what the snapshot holds of the filter's papers, as the export writers take it. Nothing is read before a
// writer asks for it.
func (w *Worker) source(ctx context.Context, s *storage.Snapshot, filter storage.PaperFilter) export.Source {
	return export.Source{
		Name:   sourceName(filter),
		Papers: exportPapers(s.Papers(ctx, filter)),
		Lists: func(yield func(export.List, error) bool) {
			names := []string{filter.List}
			if filter.List == "" {
				var err error
				if names, err = s.ListNames(ctx); err != nil {
					yield(export.List{}, err)
					return
				}
			}
			for _, name := range names {
				list, err := w.exportList(ctx, s, filter, name)
				if !yield(list, err) || err != nil {
					return
				}
			}
		},
		Changes: func(yield func(export.Change, error) bool) {
			for c, err := range s.Changes(ctx, filter) {
				if !yield(export.Change{Change: c.Change, At: c.At, Run: c.Run, Title: c.Title}, err) || err != nil {
					return
				}
			}
		},
		Findings: func(yield func(export.Finding, error) bool) {
			// Since counts from when a finding was first seen, as for the changes that a feed tells it by.
			since := filter.Since
			asked := storage.FindingFilter{History: true, Now: w.Now(), Papers: filter}
			if !since.IsZero() {
				asked.Papers.Since, asked.Papers.Changed = time.Time{}, false
			}
			if filter.List != "" {
				asked.Lists, asked.Papers.List = []string{filter.List}, ""
			}
			findings, err := s.Findings(ctx, asked)
			if err != nil {
				yield(export.Finding{}, err)
				return
			}
			for _, f := range findings {
				if !f.FirstSeen.Before(since) && !yield(ExportFinding(f), nil) {
					return
				}
			}
		},
	}
}

// sourceName says what a filter lets pass.
func sourceName(f storage.PaperFilter) string {
	var parts []string
	if f.List != "" {
		parts = append(parts, f.List)
	}
	parts = append(parts, f.Categories...)
	return strings.Join(append(parts, texts(f.IDs)...), ", ")
}

// exportList puts a list together from its mentions, the papers that pass the filter, and the open findings. Where the
// filter asks for more than the list, entries whose paper does not pass are left out.
func (w *Worker) exportList(ctx context.Context, s *storage.Snapshot, filter storage.PaperFilter, name string) (export.List, error) {
	list := export.List{Name: name}
	view, err := s.List(ctx, name)
	if err != nil {
		return list, err
	}
	narrowed := filter.Changed || !filter.Since.IsZero() || filter.IDs != nil || filter.Categories != nil
	filter.List = name
	papers := map[arxiv.ID]*export.Paper{}
	for p, err := range exportPapers(s.Papers(ctx, filter)) {
		if err != nil {
			return list, err
		}
		papers[p.ID] = &p
	}
	findings, err := s.Findings(ctx, storage.FindingFilter{Lists: []string{name}, Now: w.Now()})
	if err != nil {
		return list, err
	}
	of := findingsOf(findings)
	entered := map[arxiv.ID]int{} // in how many sections the list had when the paper was entered last
	links := view.Links
	if narrowed {
		links = nil
	}
	for _, c := range view.Citations {
		for len(links) > 0 && links[0].Line < c.Line {
			addLink(&list, links[0])
			links = links[1:]
		}
		paper := papers[c.ID]
		if paper == nil && narrowed {
			continue
		}
		section := sectionOf(&list, c.Section)
		if entered[c.ID] == len(list.Sections) {
			continue
		}
		entered[c.ID] = len(list.Sections)
		section.Entries = append(section.Entries, export.Entry{
			ID: c.ID, Line: c.Line, Version: c.Version, Title: c.Title, Paper: paper, Findings: of[string(c.ID)],
		})
		delete(of, string(c.ID)) // told where the paper stands first
	}
	for _, l := range links {
		addLink(&list, l)
	}
	for _, f := range findings {
		if len(of[f.Subject]) > 0 && !narrowed {
			list.Findings = append(list.Findings, ExportFinding(f))
		}
	}
	return list, nil
}

// addLink puts a link into the newest section of its title: a source may have its links below its papers.
func addLink(list *export.List, l storage.ListLink) {
	i := len(list.Sections) - 1
	for i >= 0 && list.Sections[i].Title != l.Section {
		i--
	}
	if i < 0 {
		list.Sections = append(list.Sections, export.Section{Title: l.Section})
		i = len(list.Sections) - 1
	}
	section := &list.Sections[i]
	link := export.ListLink{Link: export.Link(l.LinkView), Title: l.Title, Reason: l.Reason, Line: l.Line, CheckedAt: l.CheckedAt}
	for _, before := range l.Before {
		link.Before = append(link.Before, export.Link(before))
	}
	section.Links = append(section.Links, link)
}

func findingsOf(findings []storage.FindingView) map[string][]export.Finding {
	of := map[string][]export.Finding{}
	for _, f := range findings {
		of[f.Subject] = append(of[f.Subject], ExportFinding(f))
	}
	return of
}

// sectionOf is the list's section that a mention belongs to: the last one, unless the source has gone on to another.
func sectionOf(list *export.List, title string) *export.Section {
	if n := len(list.Sections); n == 0 || list.Sections[n-1].Title != title {
		list.Sections = append(list.Sections, export.Section{Title: title})
	}
	return &list.Sections[len(list.Sections)-1]
}
