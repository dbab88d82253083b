package citation

import (
	"bytes"
	"slices"
	"strings"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// places are the spans that name the paper of a citation.
func places(c seeds.Citation) []seeds.Span { return append([]seeds.Span{c.Span}, c.Also...) }

// replaceID replaces the identifier in every place of the entry that names the paper, and wherever else it stands on
// their lines (the text of a link), and takes the version off: it was that of another paper. Links come in their modern
// form. Nil when one of the places writes the identifier in a way that cannot be replaced in place.
func (c *Corrector) replaceID(citation seeds.Citation, id arxiv.ID) []seeds.Edit {
	var edits []seeds.Edit
	old := string(citation.ID)
	for _, span := range places(citation) {
		text := c.text(span)
		if len(versionedID(text, old)) == 0 {
			return nil
		}
		replaced := text
		for _, at := range slices.Backward(versionedID(text, old)) {
			replaced = replaced[:at[0]] + string(id) + replaced[at[1]:]
		}
		if modern, changed := arxiv.ModernURL(replaced); changed {
			replaced = modern
		}
		edits = append(edits, smallest(span, text, replaced)...)
	}
	for _, span := range places(citation) {
		start := bytes.LastIndexByte(c.src[:span.Start], '\n') + 1
		end := len(c.src)
		if i := bytes.IndexByte(c.src[span.End:], '\n'); i >= 0 {
			end = span.End + i
		}
		for _, at := range versionedID(string(c.src[start:end]), old) {
			beside := seeds.Span{Start: start + at[0], End: start + at[1]}
			inPlace := slices.ContainsFunc(
				places(citation),
				func(s seeds.Span) bool { return s.Start <= beside.Start && beside.End <= s.End },
			)
			if edit := (seeds.Edit{Span: beside, New: string(id)}); !inPlace && !slices.Contains(edits, edit) {
				edits = append(edits, edit)
			}
		}
	}
	return edits
}

// replaceClass makes the category of a BibTeX entry the paper's when the paper is in no such category.
func (c *Corrector) replaceClass(citation seeds.Citation, p *arxiv.Paper) []seeds.Edit {
	entry, ok := c.entry(citation)
	if !ok || p == nil || p.PrimaryCategory == "" {
		return nil
	}
	for _, name := range []string{"primaryclass", "eprintclass"} {
		if span, ok := entry.ValueSpan(name); ok && !slices.Contains(p.Categories, strings.TrimSpace(c.text(span))) {
			return []seeds.Edit{{Span: span, New: p.PrimaryCategory}}
		}
	}
	return nil
}

// versionedID finds the places of an identifier with its version, where no digit makes it part of another number.
func versionedID(text, id string) [][2]int {
	var found [][2]int
	for from := 0; ; {
		i := strings.Index(text[from:], id)
		if i < 0 {
			return found
		}
		start, end := from+i, from+i+len(id)
		from = end
		if start > 0 && isDigit(text[start-1]) || end < len(text) && isDigit(text[end]) {
			continue
		}
		if end+1 < len(text) && text[end] == 'v' && isDigit(text[end+1]) {
			for end++; end < len(text) && isDigit(text[end]); end++ {
			}
		}
		found = append(found, [2]int{start, end})
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// modernLinks are the links of the citation that arXiv writes in another way today.
func (c *Corrector) modernLinks(citation seeds.Citation) []enrich.Correction {
	var all []enrich.Correction
	for _, span := range places(citation) {
		old := c.text(span)
		if modern, changed := arxiv.ModernURL(old); changed {
			line, column := c.place(span.Start)
			all = append(
				all,
				enrich.Correction{
					Kind:    enrich.KindLinkForm,
					Line:    line,
					Column:  column,
					Edits:   smallest(span, old, modern),
					Message: old + " is " + modern + " today",
				},
			)
		}
	}
	return all
}

// place gives line and column, from 1, of an offset.
func (c *Corrector) place(offset int) (line, column int) {
	before := c.src[:offset]
	return bytes.Count(before, []byte("\n")) + 1, offset - bytes.LastIndexByte(before, '\n')
}

// smallest cuts off what two texts have in common at both ends.
func smallest(span seeds.Span, old, new string) []seeds.Edit {
	start := 0
	for start < len(old) && start < len(new) && old[start] == new[start] {
		start++
	}
	end := 0
	for end < len(old)-start && end < len(new)-start && old[len(old)-1-end] == new[len(new)-1-end] {
		end++
	}
	return []seeds.Edit{{Span: seeds.Span{Start: span.Start + start, End: span.End - end}, New: new[start : len(new)-end]}}
}
