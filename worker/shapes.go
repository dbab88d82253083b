package worker

import (
	"iter"

	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/export"
	"syncer/seeds"
	"syncer/storage"
)

// What is stored, as package export has it: storage and export do not know each other.

// ExportPaper is a stored paper.
func ExportPaper(view storage.PaperView) export.Paper {
	p := export.Paper{Paper: view.Paper, Key: view.Key, Lists: view.Lists, Findings: view.Findings}
	for _, link := range view.Links {
		p.Links = append(p.Links, export.Link(link))
	}
	return p
}

func exportPapers(views iter.Seq2[storage.PaperView, error]) iter.Seq2[export.Paper, error] {
	return func(yield func(export.Paper, error) bool) {
		for view, err := range views {
			if !yield(ExportPaper(view), err) || err != nil {
				return
			}
		}
	}
}

// ExportFinding is a stored finding.
func ExportFinding(f storage.FindingView) export.Finding {
	return export.Finding{
		Finding: f.Finding, FirstSeen: f.FirstSeen, LastSeen: f.LastSeen, ResolvedAt: f.ResolvedAt, Ignored: f.Ignored,
		IgnoreReason: f.IgnoreReason, IgnoredUntil: f.IgnoredUntil,
	}
}

// ExportChange is a stored change, without the paper's title.
func ExportChange(c storage.ChangeView) export.Change {
	return export.Change{Change: c.Change, At: c.At, Run: c.Run}
}

// ExportRun is a run row.
func ExportRun(r storage.RunView) export.Run {
	return export.Run{
		ID: r.ID, Kind: r.Kind, StartedAt: r.StartedAt, EndedAt: r.EndedAt, Requests: r.Requests, Papers: r.Papers,
		Changed: r.Changed, Links: r.Links, Broken: r.Broken, Distrusted: r.Distrusted, Error: r.Error,
	}
}

// ExportLink is a link with its places.
func ExportLink(l storage.LinkReport) export.CheckedLink {
	out := export.CheckedLink{State: l.State, New: l.New}
	for _, p := range l.Places {
		out.Places = append(out.Places, export.LinkPlace{List: p.List, Line: p.Line, Column: p.Column, Title: p.Title})
	}
	return out
}

// LinkFindings is what is to be told of a link at each of its places: nothing of one that is as it should be, or that nobody
// wants to hear of.
func LinkFindings(l storage.LinkReport) []enrich.Finding {
	kind := l.Verdict.Kind()
	if l.Quiet || kind == "" {
		return nil
	}
	var findings []enrich.Finding
	for _, p := range l.Places {
		if !enrich.IsIgnored(p.Ignored, kind) {
			findings = append(findings, link.Annotation(p.List, seeds.Link{Line: p.Line, Column: p.Column}, l.State))
		}
	}
	return findings
}

// Objects are a report in the public shapes: the changes, the findings that were opened, and the run at last.
func (r *Report) Objects() iter.Seq[any] {
	return func(yield func(any) bool) {
		for _, c := range r.Changes {
			object := export.ChangeObject(export.Change{Change: c, At: r.Started})
			if object.Type = "change"; !yield(object) {
				return
			}
		}
		for _, f := range r.Opened {
			object := export.FindingObject(export.Finding{Finding: f, FirstSeen: r.Started, LastSeen: r.Started})
			if object.Type = "finding"; !yield(object) {
				return
			}
		}
		run := storage.RunView{ID: r.Run, Kind: r.Kind, StartedAt: r.Started, EndedAt: r.Ended, Result: r.result()}
		object := export.RunObject(ExportRun(run))
		object.Type = "run"
		yield(object)
	}
}
