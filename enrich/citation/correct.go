package citation

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// Case is a citation with all that decides how to correct it.
type Case struct {
	Citation seeds.Citation
	Paper    *arxiv.Paper // nil when it was never had
	Findings []enrich.Finding
	Meant    *arxiv.Paper // the paper of the identifier that a finding suggests, when it is held
}

// Corrector turns findings into corrections of the source that a list was read from.
type Corrector struct {
	src     []byte
	format  seeds.Format
	entries map[string][]seeds.BibEntry // of BibTeX, by key
	papers  map[string]int              // how many papers the entries of a key name
}

// NewCorrector is for one source and the list that was read from it.
func NewCorrector(src []byte, list seeds.List) *Corrector {
	c := &Corrector{src: src, format: list.Format, entries: map[string][]seeds.BibEntry{}, papers: map[string]int{}}
	if list.Format == seeds.BibTeX {
		for _, entry := range seeds.BibEntries(src) {
			c.entries[entry.Key] = append(c.entries[entry.Key], entry)
		}
		for _, citation := range list.Citations {
			c.papers[citation.Key]++
		}
	}
	return c
}

// entry is the BibTeX entry that a citation stands in.
func (c *Corrector) entry(citation seeds.Citation) (seeds.BibEntry, bool) {
	for _, entry := range c.entries[citation.Key] {
		if entry.Holds(citation.Span) {
			return entry, true
		}
	}
	return seeds.BibEntry{}, false
}

// Correct gives the corrections of one citation. Only a claim that the record contradicts is edited: findings of severity
// info, an event or another form of a title, are left alone. Of a citation whose identifier is replaced nothing else is
// corrected: read again, it is about another paper.
func (c *Corrector) Correct(cs Case) []enrich.Correction {
	for _, f := range cs.Findings {
		if f.Kind != enrich.KindWrongPaper && f.Kind != enrich.KindUnknownID || f.Suggestion == "" {
			continue
		}
		if edits := c.replaceID(cs.Citation, arxiv.ID(f.Suggestion)); edits != nil {
			edits = append(edits, c.replaceClass(cs.Citation, cs.Meant)...)
			return []enrich.Correction{{Kind: f.Kind, Line: f.Line, Column: f.Column, Edits: edits, Message: f.Message}}
		}
	}
	return append(c.claims(cs), c.modernLinks(cs.Citation)...)
}

// claims corrects what the list says of the paper.
func (c *Corrector) claims(cs Case) []enrich.Correction {
	var all []enrich.Correction
	p, fit := cs.Paper, FitCitation(cs.Citation, cs.Paper)
	claim := fit.claim
	sure := fit.author == authorFirst || fit.author == authorOlder
	certain := fit.identifies(cs.Findings)
	for _, f := range cs.Findings {
		correction := enrich.Correction{Kind: f.Kind, Line: f.Line, Column: f.Column, Message: f.Message}
		switch f.Kind {
		case enrich.KindTitleDiffers, enrich.KindAuthorDiffers, enrich.KindYearDiffers, enrich.KindTitleChanged:
			if f.Severity != enrich.SeverityWarning {
				continue
			}
		case enrich.KindWrongPaper, enrich.KindUnknownID, enrich.KindWithdrawn, enrich.KindDisappeared:
		default:
			continue
		}
		switch f.Kind {
		case enrich.KindTitleDiffers:
			if sure && fit.title == titleNear && !numbersDiffer(claim.Title, p.Title) {
				correction.Edits = rewordTitle(c.src, c.format, claim.TitleSpan, p.Title)
			}
		case enrich.KindTitleChanged:
			correction.Edits = rewordTitle(c.src, c.format, claim.TitleSpan, p.Title)
		case enrich.KindAuthorDiffers:
			// Where the title falls short as well, it may be the identifier that is wrong.
			if certain && fit.title <= titleForeign && !sure && c.wholeName(claim.AuthorSpan) && !c.othersDiffer(cs.Citation, p) {
				correction.Edits = c.replaceText(claim.AuthorSpan, RenameAuthor(c.text(claim.AuthorSpan), p.Authors[0].Name))
			}
		case enrich.KindYearDiffers:
			if certain && !c.publishedElsewhere(cs.Citation) {
				correction.Edits = c.replaceText(claim.YearSpan, f.Suggestion)
			}
		}
		all = append(all, correction)
	}
	return all
}

// identifies says whether the title leaves no doubt which paper is meant: it names the paper, and where it is but a short
// name, only one other claim speaks against it.
func (f Fit) identifies(findings []enrich.Finding) bool {
	against := 0
	for _, finding := range findings {
		if finding.Severity == enrich.SeverityWarning {
			against++
		}
	}
	return f.names() && (f.title != titleLabel || against <= 1)
}

// numbersDiffer says whether a number is among the differing words: another part, dimension or version is another paper.
func numbersDiffer(claim, title string) bool {
	return slices.ContainsFunc(differences(claim, title), func(d difference) bool {
		return slices.ContainsFunc(titleWords(plainTitle(d.claim+" "+d.title)), func(w string) bool {
			return seriesNumbers[w] || strings.IndexFunc(w, unicode.IsDigit) >= 0
		})
	})
}

// wholeName says whether the claimed name begins and ends where its span does: a capitalised word right before it may be the
// given name, as may one or initials behind a comma, and a family name put beside it would make up a person.
func (c *Corrector) wholeName(span seeds.Span) bool {
	if !strings.ContainsAny(c.text(span), " ,") && givenBehind.Match(c.src[span.End:min(span.End+60, len(c.src))]) {
		return false
	}
	before := strings.TrimRight(string(c.src[max(span.Start-40, 0):span.Start]), " ")
	if len(before) == span.Start-max(span.Start-40, 0) {
		return true
	}
	word := before[strings.LastIndexAny(before, " \t\n*_([{\"")+1:]
	r, _ := utf8.DecodeRuneInString(word)
	return !unicode.IsUpper(r) || strings.HasSuffix(word, ".") || strings.HasSuffix(word, ",") || strings.HasSuffix(word, ":")
}

// givenBehind is what may be a given name behind a family name: ", Ian", ", I. J.", "; Ian".
var givenBehind = regexp.MustCompile(`^ ?[,;] *\p{Lu}[\p{L}.'’-]*(?: ?\p{Lu}\.)*(?:$|[^\p{L} ]| et al| [|&]| and )`)

// othersDiffer says whether the names behind the first in a BibTeX entry are not those of the paper, or have its first author
// among them: then it is the whole list that is wrong, and one name put right would make a list that nobody ever was.
func (c *Corrector) othersDiffer(citation seeds.Citation, p *arxiv.Paper) bool {
	entry, ok := c.entry(citation)
	if !ok {
		return false
	}
	text := entry.Text("author")
	if standsIn(strings.Fields(arxiv.Key(text)), strings.Fields(arxiv.Key(familyOf(p.Authors[0].Name)))) {
		return true
	}
	for _, name := range strings.Split(strings.Join(strings.Fields(text), " "), " and ")[1:] {
		if name != "others" && !slices.ContainsFunc(p.Authors, func(a arxiv.Author) bool { return nameFits(name, a.Name) }) {
			return true
		}
	}
	return false
}

// publishedElsewhere says whether a BibTeX entry cites another publication of the paper, whose year is not arXiv's.
func (c *Corrector) publishedElsewhere(citation seeds.Citation) bool {
	entry, ok := c.entry(citation)
	if !ok {
		return false
	}
	for _, name := range []string{"journal", "journaltitle", "booktitle", "doi"} {
		text := strings.ToLower(entry.Text(name))
		if text != "" && !strings.Contains(text, "arxiv") && !strings.Contains(text, "corr") {
			return true
		}
	}
	return false
}

// text is what stands at a place of the source.
func (c *Corrector) text(span seeds.Span) string { return seeds.TextAt(c.src, span) }

// replaceText replaces a whole claim; nil when the source does not hold it in one piece, or the format cannot take it.
func (c *Corrector) replaceText(span seeds.Span, text string) []seeds.Edit {
	old := c.text(span)
	escaped, ok := seeds.Escape(c.format, text)
	if old == "" || !ok || escaped == old {
		return nil
	}
	return []seeds.Edit{{Span: span, New: escaped}}
}
