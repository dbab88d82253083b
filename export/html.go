package export

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/link"
)

//go:embed page
var pageFiles embed.FS

// How many events a page tells at once, and how many changes at all.
const recentEvents, pageChanges = 5, 100

// HTML writes one page with everything in it: styles, pictures and a script that only makes reading easier. The page works
// without the script, from a file, on paper, in the dark; it asks no server for anything, and its content security policy
// forbids a browser to. All texts go through html/template, which escapes them for the place they stand in.
func HTML(w io.Writer, s Source, _ Options) error {
	page, err := newPage(s)
	if err != nil {
		return err
	}
	style, err := pageFiles.ReadFile("page/style.css")
	if err != nil {
		return err
	}
	script, err := pageFiles.ReadFile("page/script.js")
	if err != nil {
		return err
	}
	page.Style, page.Script = template.CSS(style), template.JS(script)
	hash := sha256.Sum256(script)
	page.Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-" + base64.StdEncoding.EncodeToString(
		hash[:],
	) +
		"'; base-uri 'none'; form-action 'none'"
	parsed, err := template.New("page.html").ParseFS(pageFiles, "page/page.html")
	if err != nil {
		return err
	}
	return parsed.Execute(w, page)
}

// page is what the template shows.
type page struct {
	Style  template.CSS
	Script template.JS
	Policy string
	Title  string
	AsOf   string // the day of the newest thing on the page; not today, so that an unchanged page is an unchanged file
	Counts []pageCount
	Years  []pageBar
	Lists  []pageList
	Recent []pageEvent
	// Earlier are the events before the recent ones, folded away.
	Earlier []pageEvent
}

type pageCount struct {
	Number int
	Name   string
	Class  string // severity, for findings
}

// pageBar is a column of the chart of years; places are per cent of the chart.
type pageBar struct {
	Year, Count         int
	X, Y, Width, Height string
	Label               bool // the year is written below
}

type pageList struct {
	Name, Anchor string
	Sections     []pageSection
	Findings     []pageFlag
	Troubled     []pageLink // links that want a look
	Links        []pageLink // the others, folded away
	LinkTotal    int
	LinkCounts   string // by verdict, in words
}

type pageSection struct {
	Title, Anchor string
	Entries       []pageEntry
}

type pageEntry struct {
	Anchor, ID, URL string
	Title           string
	Authors         []string
	MoreAuthors     []string
	Year            int
	Reference       string
	DOI             string
	Version         int
	Cited           int    // version as cited; 0 when none is named
	Updated         string // day of the newest version, empty for a paper of one version
	UpdatedDate     string // the same for sorting, always there
	Category        string
	CategoryName    string
	Abstract        string
	Comment         string
	State           string // withdrawn, disappeared, unknown
	Flags           []pageFlag
	Timeline        pageTimeline
	Steps           []pageStep
	Links           []pageLink
	Again           bool // shown in full further up
}

type pageFlag struct {
	Kind, Severity, Message, Where string
}

// pageTimeline draws the versions that have a date; it has no dots unless there are two.
type pageTimeline struct {
	Dots        []pageDot
	First, Last string // its ends in words
	Renamed     string // which versions came with another title or other authors, in words
}

type pageDot struct {
	X, Title, Class string
}

// pageStep is what a version changed.
type pageStep struct {
	Version  int
	Day      string
	Remarks  string
	Title    []pagePart
	Abstract []pagePart
	Notes    []string
}

type pageLink struct {
	URL, Text, Host, Reason string
	States                  []pageState // what it was and since when, oldest first; the last is what it is now
}

type pageState struct {
	Verdict, Since string
}

type pageEvent struct {
	At             time.Time
	ID, URL, Title string
	Changes        []pageChange
}

type pageChange struct {
	Words string
	Parts []pagePart
}

// newPage reads the whole source: a page shows sums before it shows papers.
func newPage(s Source) (*page, error) {
	p := &page{}
	builder := pageBuilder{page: p, years: map[int]int{}, shown: map[arxiv.ID]bool{}, severities: map[enrich.Severity]int{}}
	names := ""
	for list, err := range s.lists() {
		if err != nil {
			return nil, err
		}
		builder.list(list)
		if list.Name != "" && names != "" {
			names += ", "
		}
		names += plain(list.Name)
	}
	if p.Title = names; names == "" {
		p.Title = "Papers"
	}
	events, err := events(s.Changes, pageChanges)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		builder.saw(e.At)
		told := pageEvent{At: e.At.UTC(), ID: string(e.ID), URL: e.url(), Title: e.Title}
		for _, c := range e.Changes {
			told.Changes = append(told.Changes, pageChange{c.words(), c.parts()})
		}
		p.Recent = append(p.Recent, told)
	}
	if n := recentEvents; len(p.Recent) > n+1 {
		p.Recent, p.Earlier = p.Recent[:n], p.Recent[n:]
	}
	builder.finish()
	return p, nil
}

type pageBuilder struct {
	page       *page
	papers     int
	versions   int
	years      map[int]int
	severities map[enrich.Severity]int
	shown      map[arxiv.ID]bool // in full
	newest     time.Time
	anchors    int
}

func (b *pageBuilder) saw(t time.Time) {
	if t.After(b.newest) {
		b.newest = t
	}
}

func (b *pageBuilder) anchor(kind string) string {
	b.anchors++
	return kind + strconv.Itoa(b.anchors)
}

func (b *pageBuilder) list(list List) {
	out := pageList{Name: plain(list.Name), Anchor: b.anchor("list")}
	var links []ListLink
	for _, section := range list.Sections {
		links = append(links, section.Links...)
		if len(section.Entries) == 0 {
			continue
		}
		s := pageSection{Title: plain(section.Title), Anchor: b.anchor("section")}
		for _, e := range section.Entries {
			s.Entries = append(s.Entries, b.entry(e))
		}
		out.Sections = append(out.Sections, s)
	}
	out.Findings = b.flags(list.Findings)
	seen, verdicts := map[string]bool{}, map[string]int{}
	for _, l := range links {
		if !isHTTP(l.URL) || seen[l.URL] {
			continue
		}
		seen[l.URL] = true
		verdicts[l.Verdict]++
		b.saw(l.Since)
		shown := pageLinkOf(l.Link, l.Before...)
		shown.Reason = plain(l.Reason)
		if text := plain(l.Title); text != "" {
			shown.Host, _, _ = strings.Cut(shown.Text, "/")
			shown.Text = text
		}
		if verdict := link.Verdict(l.Verdict); verdict.Kind() == "" {
			out.Links = append(out.Links, shown)
		} else {
			out.Troubled = append(out.Troubled, shown)
		}
	}
	var counts []string
	for _, verdict := range link.Verdicts {
		if n := verdicts[string(verdict)]; n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, verdict))
		}
	}
	out.LinkTotal, out.LinkCounts = len(seen), strings.Join(counts, ", ")
	b.page.Lists = append(b.page.Lists, out)
}

func (b *pageBuilder) flags(findings []Finding) []pageFlag {
	var out []pageFlag
	for _, f := range worstFirst(findings) {
		b.severities[f.Severity]++
		b.saw(f.FirstSeen)
		out = append(out, pageFlag{string(f.Kind), string(f.Severity), plain(f.Message), fmt.Sprintf("line %d", f.Line)})
	}
	return out
}

func (b *pageBuilder) entry(e Entry) pageEntry {
	// An anchor that lasts: other pages may link to a paper on this one.
	out := pageEntry{
		Anchor: "arxiv-" + strings.NewReplacer(".", "-", "/", "-").Replace(string(e.ID)),
		ID:     string(e.ID),
		URL:    e.ID.URL(0),
		Cited:  e.Version,
		Title:  plain(e.Title),
		Flags:  b.flags(e.Findings),
	}
	if e.Paper != nil {
		out.Title, out.Year = plain(e.Paper.Title), firstYear(e.Paper.Paper)
	}
	if out.Title == "" {
		out.Title = "arXiv:" + out.ID
	}
	if out.Again = b.shown[e.ID]; out.Again {
		return out
	}
	b.shown[e.ID] = true
	if e.Paper == nil {
		out.State = "unknown"
		return out
	}
	p := *e.Paper
	b.papers++
	b.versions += versionCount(p.Paper)
	b.years[out.Year]++
	b.saw(p.FetchedAt)
	switch {
	case !p.Disappeared.IsZero():
		out.State = "disappeared"
	case p.Withdrawn:
		out.State = "withdrawn"
	}
	var others int
	out.Authors, others = shortAuthors(p.Authors, 8)
	if others > 0 {
		all, _ := shortAuthors(p.Authors, len(p.Authors))
		out.MoreAuthors = all[len(out.Authors):]
	}
	out.Reference, out.Version, out.Abstract, out.Comment = reference(p), p.Version, plain(p.Abstract), plain(p.Comment)
	if dois := bareDOIs(p.DOIs); len(dois) > 0 {
		out.DOI = dois[0]
	}
	out.Category = plain(p.PrimaryCategory)
	if category, ok := arxiv.LookupCategory(p.PrimaryCategory); ok {
		out.CategoryName = category.Name
	}
	out.UpdatedDate = p.Submitted.UTC().Format(time.DateOnly)
	if p.Version > 1 && !p.Submitted.IsZero() {
		out.Updated = longDay(p.Submitted)
	}
	out.Timeline = timeline(p.Versions)
	out.Steps = steps(p.Versions)
	for _, l := range p.Links {
		if isHTTP(l.URL) {
			out.Links = append(out.Links, pageLinkOf(l))
		}
	}
	return out
}

// pageStates is how many of a link's states the page shows: one that comes and goes has hundreds.
const pageStates = 6

func pageLinkOf(l Link, before ...Link) pageLink {
	_, text, _ := strings.Cut(plain(l.URL), "://")
	link := pageLink{URL: l.URL, Text: strings.TrimSuffix(text, "/")}
	for _, was := range slices.Concat(before[max(0, len(before)+1-pageStates):], []Link{l}) {
		state := pageState{Verdict: was.Verdict}
		if !was.Since.IsZero() {
			state.Since = longDay(was.Since)
		}
		link.States = append(link.States, state)
	}
	return link
}

func (b *pageBuilder) finish() {
	p := b.page
	count := func(n int, one, many, class string) {
		if n == 1 {
			many = one
		}
		p.Counts = append(p.Counts, pageCount{n, many, class})
	}
	count(b.papers, "paper", "papers", "")
	count(b.versions, "version", "versions", "")
	if n := b.severities[enrich.SeverityError]; n > 0 {
		count(n, "error", "errors", string(enrich.SeverityError))
	}
	if n := b.severities[enrich.SeverityWarning]; n > 0 {
		count(n, "warning", "warnings", string(enrich.SeverityWarning))
	}
	if n := b.severities[enrich.SeverityInfo]; n > 0 {
		count(n, "note", "notes", string(enrich.SeverityInfo))
	}
	p.Years = yearBars(b.years)
	if !b.newest.IsZero() {
		p.AsOf = longDay(b.newest)
	}
}
