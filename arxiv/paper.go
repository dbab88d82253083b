// Package arxiv is the vocabulary of the program: what an identifier, a paper, a version and an author are, and how
// arXiv's texts compare. It is pure and knows of no file, network or clock.
//
// id.go reads one identifier in any spelling, url.go a link or DOI that names a paper, find.go all of them in a running
// text. paper.go has the records as arXiv's two interfaces give them (Record from the query API, RawRecord from OAI-PMH)
// and the paper as it is stored. text.go makes texts comparable: Text for what arXiv itself may write in two ways, Key for
// what people do. taxonomy.go names categories and licences.
package arxiv

import "time"

// Author is one name on a paper, as the query API gives it: given names first ("Aidan N. Gomez"), suffixes such as
// "Jr." dropped by arXiv itself, organisations as one name ("OpenAI"). Leading and trailing white space is removed.
type Author struct {
	Name string `json:"name"`
	// Affiliations are in the order given; most papers have none.
	Affiliations []string `json:"affiliations,omitempty"`
}

// Record is what the query API says of one version of a paper. Two records of the same version differ only in what
// arXiv may edit in place: comment, journal reference, DOIs and categories; everything else needs a new version.
type Record struct {
	ID      ID
	Version int // 1 and up
	Title   string
	Authors []Author
	// Abstract has its white space normalised (arXiv changed its line wrapping in November 2025; a hard wrap is no news).
	Abstract        string
	Comment         string
	JournalRef      string
	DOIs            []string // as the authors gave them, bare ("10.1038/…"); arXiv's own 10.48550 DOI is never among them
	PrimaryCategory string
	Categories      []string  // the primary one first, then in arXiv's order
	Published       time.Time // submission of v1, UTC, seconds
	Submitted       time.Time // submission of this version, UTC, seconds (the feed's <updated>)
}

// RawRecord is what OAI-PMH says of a paper in the arXivRaw format: the whole version history, and the text of the
// latest version only. Its text is raw TeX and must not be compared with a Record's (Unicode).
type RawRecord struct {
	ID        ID
	Datestamp string // day of the last administrative change, YYYY-MM-DD
	Sets      []string
	Submitter string
	// License is a URL, or empty when the record has none (papers before 2004).
	License    string
	Versions   []RawVersion // ascending
	Title      string
	Authors    string
	Abstract   string
	Comment    string
	JournalRef string
	DOI        string
	Categories []string // the primary one first
	ReportNo   string
	MSCClass   string
	// ACMClass is never filled: since 2025 the server puts the MSC class (or the word None) into that element.
}

// RawVersion is one <version> of an arXivRaw record.
type RawVersion struct {
	Number    int
	Submitted time.Time // UTC, seconds
	SizeKB    int       // floor(bytes/1024); 0 is a real value, -1 when the record gives none
	// SourceType is arXiv's letters: A ancillary files, S source not public, D pdflatex, H html, P PostScript, X docx,
	// I withdrawn; empty for ordinary TeX and PDF.
	SourceType string
}

// Version is all that is known of one version of a stored paper.
type Version struct {
	Number     int
	Submitted  time.Time // zero when unknown
	SizeKB     int       // -1 when OAI-PMH was not asked yet
	SourceType string
	Withdrawn  bool
	// HasText says whether the query API was asked for this version and gave the four fields below.
	HasText  bool
	Title    string
	Authors  []Author
	Abstract string
	Comment  string
}

// Paper is a paper as stored: the newest record, what OAI-PMH adds, and every version known.
type Paper struct {
	Record
	License   string
	Submitter string
	Withdrawn bool
	// Disappeared is when arXiv was first found not to know the paper any more; zero for all others.
	Disappeared time.Time
	Versions    []Version // ascending by number, without gaps from 1 to Record.Version once all are asked for
	FetchedAt   time.Time // when the stored record last changed or was first had
}
