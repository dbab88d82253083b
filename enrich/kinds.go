package enrich

// Kind names what a finding, or a correction, says, as the public contract does.
type Kind string

// The kinds of findings. Kinds has what is to be known of each.
const (
	KindWrongPaper    Kind = "wrong-paper"
	KindTitleDiffers  Kind = "title-differs"
	KindAuthorDiffers Kind = "author-differs"
	KindYearDiffers   Kind = "year-differs"
	KindOutdated      Kind = "outdated-version"
	KindUnknownID     Kind = "unknown-id"
	KindMalformedID   Kind = "malformed-id"
	KindInconsistent  Kind = "inconsistent" // one list says two things of one paper
	KindDuplicate     Kind = "duplicate"

	KindWithdrawn      Kind = "withdrawn"
	KindDisappeared    Kind = "disappeared"
	KindPublished      Kind = "published" // a DOI or journal reference appeared
	KindReplaced       Kind = "replaced"  // a new version
	KindTitleChanged   Kind = "title-changed"
	KindAuthorsChanged Kind = "authors-changed"

	KindBroken   Kind = "broken"
	KindMoved    Kind = "moved"
	KindChanged  Kind = "changed"
	KindSuspect  Kind = "suspect" // failing, not yet long enough
	KindBlocked  Kind = "blocked"
	KindInsecure Kind = "insecure"
)

// The kinds of corrections that answer no finding.
const (
	KindLinkForm Kind = "link-form" // a link to arXiv in a form that arXiv does not write any more
	KindComplete Kind = "complete"  // what a BibTeX entry leaves out of the record
)

// Severity is by what a list's owner has to do: mend it, look at it, or only know it.
type Severity string

// The severities, worst first.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
	SeverityInfo    Severity = "info"
)

// Severities are all of them, worst first.
var Severities = []Severity{SeverityError, SeverityWarning, SeverityInfo}

// Subject is what a finding is about.
type Subject string

// The subjects of findings.
const (
	SubjectCitation Subject = "citation" // what a list says of a paper
	SubjectPaper    Subject = "paper"    // what happened to a paper that a list cites
	SubjectLink     Subject = "link"     // another link of a list
)

// Judges are the passes over a list that open and close findings. A pass closes none but those of its own kinds.
type Judges string

// The passes. They are bits of RunKind.Judges as text, so that the database can be asked by them.
const (
	JudgesCitations Judges = "citations" // package enrich/citation: citations and the papers that they cite
	JudgesLinks     Judges = "links"     // package enrich/link
)

// FindingKind is what is to be known of a kind of finding, wherever kinds are listed: here, in the database, in help texts,
// in completions.
type FindingKind struct {
	Kind     Kind
	Subject  Subject
	Severity Severity // the worst that it may have
	Judges   Judges   // the pass that opens and closes it
	Fixable  bool     // syncer fix has corrections of it, or notes
	Words    string   // what findings of the kind are, in a short sentence without a full stop
}

// Kinds are all kinds of findings, in the order of the contract.
var Kinds = []FindingKind{
	{KindWrongPaper, SubjectCitation, SeverityError, JudgesCitations, true, "The identifier is another paper"},
	{KindTitleDiffers, SubjectCitation, SeverityWarning, JudgesCitations, true, "The title is not the paper's"},
	{KindAuthorDiffers, SubjectCitation, SeverityWarning, JudgesCitations, true, "The first author is not the paper's"},
	{KindYearDiffers, SubjectCitation, SeverityWarning, JudgesCitations, true, "The year is not the paper's"},
	{KindOutdated, SubjectCitation, SeverityInfo, JudgesCitations, false, "An old version is cited"},
	{KindUnknownID, SubjectCitation, SeverityError, JudgesCitations, true, "arXiv has no such paper"},
	{KindMalformedID, SubjectCitation, SeverityError, JudgesCitations, false, "Not an arXiv identifier"},
	{KindInconsistent, SubjectCitation, SeverityInfo, JudgesCitations, false, "The list says two things of one paper"},
	{KindDuplicate, SubjectCitation, SeverityInfo, JudgesCitations, false, "Cited twice"},
	{KindWithdrawn, SubjectPaper, SeverityError, JudgesCitations, false, "The paper is withdrawn"},
	{KindDisappeared, SubjectPaper, SeverityError, JudgesCitations, false, "arXiv does not know the paper any more"},
	{KindPublished, SubjectPaper, SeverityInfo, JudgesCitations, true, "The paper was published"},
	{KindReplaced, SubjectPaper, SeverityInfo, JudgesCitations, false, "There is a new version"},
	{KindTitleChanged, SubjectPaper, SeverityWarning, JudgesCitations, true, "The paper has another title"},
	{KindAuthorsChanged, SubjectPaper, SeverityInfo, JudgesCitations, false, "The paper has other authors"},
	{KindBroken, SubjectLink, SeverityError, JudgesLinks, true, "The link leads to nothing"},
	{KindMoved, SubjectLink, SeverityWarning, JudgesLinks, true, "The link has moved for good"},
	{KindChanged, SubjectLink, SeverityWarning, JudgesLinks, true, "The link leads to something else"},
	{KindSuspect, SubjectLink, SeverityInfo, JudgesLinks, false, "The link is failing"},
	{KindBlocked, SubjectLink, SeverityInfo, JudgesLinks, false, "The link cannot be checked by programs"},
	{KindInsecure, SubjectLink, SeverityWarning, JudgesLinks, false, "Browsers warn of the link's certificate"},
}

// KindNamed is the row of a kind; ok is false when no finding has this kind.
func KindNamed(kind Kind) (row FindingKind, ok bool) {
	for _, k := range Kinds {
		if k.Kind == kind {
			return k, true
		}
	}
	return FindingKind{}, false
}

// KindsJudgedBy are the kinds that a pass opens and closes.
func KindsJudgedBy(judges Judges) []Kind {
	var kinds []Kind
	for _, k := range Kinds {
		if k.Judges == judges {
			kinds = append(kinds, k.Kind)
		}
	}
	return kinds
}

// RunKind is what a run of the program is for.
type RunKind string

// The kinds of runs.
const (
	RunSync   RunKind = "sync"   // the nightly job
	RunVerify RunKind = "verify" // links only, one look
)

// RunKindRow is what a run of a kind counts for.
type RunKindRow struct {
	Kind    RunKind
	Nightly bool     // a good one is "the last night": the next is due a day later
	Judges  []Judges // the passes over the run's lists, which have seen each open finding of their kinds again
}

// RunKinds are all kinds of runs.
var RunKinds = []RunKindRow{
	{RunSync, true, []Judges{JudgesCitations, JudgesLinks}},
	{RunVerify, false, []Judges{JudgesLinks}},
}
