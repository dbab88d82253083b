package citation

import (
	"slices"
	"strings"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// Complete fills in what a BibTeX entry leaves out of the record: eprint, archivePrefix and primaryClass (also where it is
// none of the paper's categories), and the authors that "others" stands for when those before it are the record's. The title
// and its braces stay as they are.
func (c *Corrector) Complete(cs Case) []enrich.Correction {
	entry, p, ok := c.entryOf(cs)
	if !ok {
		return nil
	}
	var fields [][2]string
	if entry.Text("eprint") == "" && entry.Text("arxivid") == "" {
		fields = append(fields, [2]string{"eprint", string(p.ID)})
	}
	if entry.Text("archiveprefix") == "" && entry.Text("eprinttype") == "" {
		fields = append(fields, [2]string{"archivePrefix", "arXiv"})
	}
	if entry.Text("primaryclass") == "" && entry.Text("eprintclass") == "" && !p.ID.OldStyle() && p.PrimaryCategory != "" {
		fields = append(fields, [2]string{"primaryClass", p.PrimaryCategory})
	}
	var all []enrich.Correction
	if edit, ok := entry.Insert(fields); ok {
		names := make([]string, len(fields))
		for i, field := range fields {
			names[i] = field[0]
		}
		all = append(all, correctionAt(cs.Citation, enrich.KindComplete, "added: "+strings.Join(names, ", "), edit))
	}
	for _, edit := range c.replaceClass(cs.Citation, p) {
		all = append(all, correctionAt(cs.Citation, enrich.KindComplete, "the category is "+p.PrimaryCategory, edit))
	}
	if edit, ok := c.fillOthers(entry, p); ok {
		all = append(all, correctionAt(cs.Citation, enrich.KindComplete, "the authors that \"others\" stood for", edit))
	}
	return all
}

// AddDOI adds the DOI of the published paper to a BibTeX entry that has none, or only arXiv's own.
func (c *Corrector) AddDOI(cs Case) []enrich.Correction {
	entry, p, ok := c.entryOf(cs)
	if !ok || len(p.DOIs) == 0 {
		return nil
	}
	const message = "published: the DOI of the version of record"
	switch doi := strings.ToLower(entry.Text("doi")); {
	case doi == "":
		if edit, ok := entry.Insert([][2]string{{"doi", p.DOIs[0]}}); ok {
			return []enrich.Correction{correctionAt(cs.Citation, enrich.KindPublished, message, edit)}
		}
	case arxiv.IsOwnDOI(doi):
		if span, ok := entry.ValueSpan("doi"); ok {
			return []enrich.Correction{correctionAt(cs.Citation, enrich.KindPublished, message, seeds.Edit{Span: span, New: p.DOIs[0]})}
		}
	}
	return nil
}

// entryOf is the BibTeX entry of a case and the paper that it is to be completed by; ok is false when either is not known,
// or the entry is about another paper than its identifier, or about several.
func (c *Corrector) entryOf(cs Case) (entry seeds.BibEntry, p *arxiv.Paper, ok bool) {
	entry, ok = c.entry(cs.Citation)
	wrong := slices.ContainsFunc(cs.Findings, func(f enrich.Finding) bool { return f.Kind == enrich.KindWrongPaper })
	return entry, cs.Paper, ok && cs.Paper != nil && !wrong && c.papers[cs.Citation.Key] == len(c.entries[cs.Citation.Key])
}

func correctionAt(c seeds.Citation, kind enrich.Kind, message string, edit seeds.Edit) enrich.Correction {
	return enrich.Correction{Kind: kind, Line: c.Line, Column: c.Column, Edits: []seeds.Edit{edit}, Message: message}
}

// fillOthers replaces "and others" by the authors that follow in the record, when all names before it are the record's
// first ones in its order.
func (c *Corrector) fillOthers(entry seeds.BibEntry, p *arxiv.Paper) (seeds.Edit, bool) {
	span, ok := entry.ValueSpan("author")
	if !ok {
		return seeds.Edit{}, false
	}
	text := c.text(span)
	named := strings.Split(strings.Join(strings.Fields(text), " "), " and ")
	last := len(named) - 1
	if last < 1 || strings.TrimSpace(named[last]) != "others" || len(p.Authors) < last+1 {
		return seeds.Edit{}, false
	}
	for i, name := range named[:last] {
		if !nameFits(name, p.Authors[i].Name) {
			return seeds.Edit{}, false
		}
	}
	var rest []string
	for _, author := range p.Authors[last:] {
		name, ok := seeds.Escape(seeds.BibTeX, authorLike(named[0], author.Name))
		if !ok {
			return seeds.Edit{}, false
		}
		rest = append(rest, name)
	}
	at := strings.LastIndex(text, "others")
	return seeds.Edit{
		Span: seeds.Span{Start: span.Start + at, End: span.Start + at + len("others")},
		New:  strings.Join(rest, " and "),
	}, true
}

// authorLike writes a name in the order of another one: "Family, Given" or as the record has it.
func authorLike(model, author string) string {
	family := familyOf(author)
	given := strings.TrimSpace(strings.TrimSuffix(author, family))
	if !strings.Contains(model, ",") || given == "" {
		return author
	}
	return family + ", " + given
}
