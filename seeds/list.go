package seeds

import "syncer/arxiv"

// Span is a range of bytes in a list's source: Start inclusive, End exclusive. The zero Span means "not in the text".
type Span struct{ Start, End int }

// List is a reading list as read: what it cites, where, and what it claims.
type List struct {
	Name      string // as given: a path, a URL, "-" or "landmarks"
	Title     string // what the list calls itself; empty when it does not
	Format    Format
	Encoding  string     // that of the source, as IANA names it, when it is not UTF-8: "windows-1252", "utf-16le"
	Citations []Citation // in the order of the source
	Links     []Link     // every other link, in the order of the source; arXiv links are citations
	Malformed []Malformed
	Unread    []Unread // what the list has and nobody can read; all else is read
	// PaperLinks are the http(s) links that name an arXiv paper, wherever they lead; each belongs to a citation.
	PaperLinks []PaperLink
}

// Citation is one mention of one paper. Several identifiers of the same paper in one entry (list item, table row,
// BibTeX entry, paragraph) are one citation, placed at the first of them, in BibTeX at the field that is made for it.
type Citation struct {
	ID        arxiv.ID
	Version   int    // 0 when the list names none
	AsWritten string // the identifier or URL as the source has it
	Line      int    // from 1, of AsWritten
	Column    int    // from 1, in bytes, of AsWritten
	Section   string // the nearest heading above, plain text; empty when there is none
	Key       string // the BibTeX or \bibitem key; empty elsewhere
	Claim     Claim
	Passage   Passage
	Ignored   []string // finding kinds that the list asks not to hear of (IgnoreAll: any), by a syncer-ignore comment
	Span      Span
	Also      []Span // the other places in the same entry that name the paper
}

// Passage is the text around a mention, as a person reads it: a list item, a table row, a paragraph, an entry.
type Passage struct {
	Text     string // at most MaxPassage bytes; empty when the format has fields, which are claims
	From, To int    // bytes of Text: the part that belongs to this mention, up to the mentions of other papers
}

// MaxPassage is how much of a passage is kept, in bytes: a reference has a tenth of it, and lists of 200,000 lines fit.
const MaxPassage = 2000

// Unread is an entry or a line that cannot be read.
type Unread struct {
	Line   int    // from 1, where it begins
	Reason string // "the braces of the entry "smith2020" are not closed"
}

// Claim is what the list says of the paper beside its identifier. Empty fields are claims not made.
type Claim struct {
	Title       string
	FirstAuthor string   // as written: "Vaswani", "Vaswani, Ashish", "Tri Dao", "OpenAI"
	Authors     []string // all that are named, in order, the first too; nil when the list names no others
	Year        int
	Venue       string // the journal, conference or publisher, as written

	TitleSpan, AuthorSpan, YearSpan Span
}

// Link is a URL that names no arXiv paper.
type Link struct {
	URL       string // absolute, as it would be dialled
	AsWritten string
	Title     string // the link's text
	Image     bool   // it is shown, not followed
	Line      int
	Column    int
	Section   string
	Ignored   []string // finding kinds that the list asks not to hear of (IgnoreAll: any), by a syncer-ignore comment
	Span      Span
}

// PaperLink is a link to a page about an arXiv paper: arXiv's own, a mirror's, or another site's.
type PaperLink struct {
	Link
	ID      arxiv.ID
	Version int // 0 when the link names none
}

// Malformed is something the list plainly means as an arXiv identifier and that cannot be one.
type Malformed struct {
	AsWritten string
	Reason    string // "month 13 does not exist"
	Line      int
	Column    int
	Section   string
	Span      Span
}

// Format is a kind of reading list.
type Format string

// The formats that Read knows. Table stands for CSV, TSV and JSON Lines alike; all are asked for as "csv".
const (
	Markdown Format = "markdown"
	BibTeX   Format = "bibtex"
	HTML     Format = "html"
	LaTeX    Format = "latex"
	CSV      Format = "csv"
	Plain    Format = "plain"
)
