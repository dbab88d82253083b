package export

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
)

//go:embed page
var pageFiles embed.FS

// How many changes a page tells at once, and at all.
const recentChanges, pageChanges = 4, 40

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
	page.Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) +
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
	Recent []pageChange
	// Earlier are the changes before the recent ones, folded away.
	Earlier []pageChange
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
	Links        []pageLink
	LinkCounts   string
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
	Timeline        []pageDot
	First, Last     string // the timeline's ends
	Steps           []pageStep
	Links           []pageLink
	Again           bool // shown in full further up
}

type pageFlag struct {
	Kind, Severity, Message, Where string
}

// pageDot is a version on the timeline.
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

// pagePart is a run of words of a comparison.
type pagePart struct {
	Class, Text string // same, new, old, or gap
}

type pageLink struct {
	URL, Text, Verdict, Since, Reason, Section string
}

type pageChange struct {
	Day, Kind, ID, URL, Title string
	Parts                     []pagePart
}

// newPage reads the whole source: a page shows sums before it shows papers.
func newPage(s Source) (*page, error) {
	p := &page{}
	builder := pageBuilder{page: p, years: map[int]int{}, shown: map[arxiv.ID]string{}, severities: map[string]int{}}
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
	changes, err := collect(s.Changes, pageChanges)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		builder.saw(c.At)
		p.Recent = append(p.Recent, pageChange{longDay(c.At), c.Kind, string(c.ID), c.ID.URL(0), plain(c.Title), changeParts(c.Change)})
	}
	if n := min(len(p.Recent), recentChanges); len(p.Recent) > n+1 {
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
	severities map[string]int
	shown      map[arxiv.ID]string // anchors of the papers shown in full
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
	for _, section := range list.Sections {
		s := pageSection{Title: plain(section.Title), Anchor: b.anchor("section")}
		for _, e := range section.Entries {
			s.Entries = append(s.Entries, b.entry(e))
		}
		out.Sections = append(out.Sections, s)
	}
	out.Findings = b.flags(list.Findings)
	verdicts := map[string]int{}
	for _, l := range list.Links {
		if !isHTTP(l.URL) {
			continue
		}
		link := pageLinkOf(l.Link)
		link.Section, link.Reason = plain(l.Section), plain(l.Reason)
		if text := plain(l.Title); text != "" {
			link.Text = text
		}
		verdicts[l.Verdict]++
		b.saw(l.Since)
		out.Links = append(out.Links, link)
	}
	for _, verdict := range []string{"ok", "moved", "changed", "broken", "suspect", "blocked", "insecure", "unchecked"} {
		if n := verdicts[verdict]; n > 0 {
			if out.LinkCounts != "" {
				out.LinkCounts += ", "
			}
			out.LinkCounts += fmt.Sprintf("%d %s", n, verdict)
		}
	}
	b.page.Lists = append(b.page.Lists, out)
}

func (b *pageBuilder) flags(findings []Finding) []pageFlag {
	var out []pageFlag
	for _, f := range worstFirst(findings) {
		b.severities[f.Severity]++
		b.saw(f.FirstSeen)
		out = append(out, pageFlag{f.Kind, f.Severity, plain(f.Message), fmt.Sprintf("line %d", f.Line)})
	}
	return out
}

func (b *pageBuilder) entry(e Entry) pageEntry {
	out := pageEntry{Anchor: b.anchor("p"), ID: string(e.ID), URL: e.ID.URL(0), Cited: e.Version, Title: plain(e.Title), Flags: b.flags(e.Findings)}
	if e.Paper == nil {
		out.State = "unknown"
		if out.Title == "" {
			out.Title = "arXiv:" + out.ID
		}
		return out
	}
	p := *e.Paper
	if out.Title = plain(p.Title); out.Title == "" {
		out.Title = "arXiv:" + out.ID
	}
	out.Year = yearOf(p)
	if anchor := b.shown[e.ID]; anchor != "" {
		out.Again, out.Anchor = true, anchor
		return out
	}
	b.shown[e.ID] = out.Anchor
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
	var more int
	out.Authors, more = shortAuthors(p.Authors, 8)
	if more > 0 {
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
	out.Timeline, out.First, out.Last = timeline(p.Versions)
	out.Steps = steps(p.Versions)
	for _, l := range p.Links {
		if isHTTP(l.URL) {
			out.Links = append(out.Links, pageLinkOf(l))
		}
	}
	return out
}

func pageLinkOf(l Link) pageLink {
	out := pageLink{URL: l.URL, Text: plain(l.URL), Verdict: l.Verdict}
	if !l.Since.IsZero() {
		out.Since = longDay(l.Since)
	}
	return out
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
		count(n, "error", "errors", enrich.SeverityError)
	}
	if n := b.severities[enrich.SeverityWarning]; n > 0 {
		count(n, "warning", "warnings", enrich.SeverityWarning)
	}
	if n := b.severities[enrich.SeverityInfo]; n > 0 {
		count(n, "note", "notes", enrich.SeverityInfo)
	}
	p.Years = yearBars(b.years)
	if !b.newest.IsZero() {
		p.AsOf = longDay(b.newest)
	}
}
