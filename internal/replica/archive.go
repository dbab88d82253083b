package replica

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"
)

// archive is all papers of a server. It never changes; what can be seen of it depends on the time.
type archive struct {
	papers []*Paper // by identifier
	byID   map[string]*Paper
}

func newArchive(papers []*Paper) *archive {
	a := &archive{papers: slices.Clone(papers), byID: make(map[string]*Paper, len(papers))}
	slices.SortFunc(a.papers, func(x, y *Paper) int { return cmp.Compare(x.ID, y.ID) })
	for _, paper := range a.papers {
		a.byID[paper.ID] = paper
	}
	return a
}

// find gives the paper with exactly this identifier as it stands at now.
func (a *archive) find(id string, now time.Time) (edition, bool) {
	paper, ok := a.byID[id]
	if !ok {
		return edition{}, false
	}
	return paper.at(now)
}

// all gives every paper that exists at now.
func (a *archive) all(now time.Time) []edition {
	editions := make([]edition, 0, len(a.papers))
	for _, paper := range a.papers {
		if e, ok := paper.at(now); ok {
			editions = append(editions, e)
		}
	}
	return editions
}

// deleted tells a paper that is gone from one that never was: its page says so.
func (a *archive) deleted(id string, now time.Time) bool {
	paper, ok := a.byID[id]
	return ok && !paper.DeletedAt.IsZero() && !now.Before(paper.DeletedAt)
}

// edition is a paper as it stands at one moment.
type edition struct {
	id         string
	versions   []Version // those submitted by then, at least one
	categories []string  // the primary one first
	license    string
	submitter  string
	doi        []string
	journalRef string
	reportNo   string
	proxy      string
	mscClass   string
	acmClass   string
	touched    time.Time // last new version or edit
}

// firstDatestamp is the earliest date of change that arXiv's records have (Identify: earliestDatestamp 2005-09-16).
var firstDatestamp = time.Date(2005, 9, 17, 0, 0, 0, 0, time.UTC)

func (p *Paper) at(now time.Time) (edition, bool) {
	if !p.DeletedAt.IsZero() && !now.Before(p.DeletedAt) {
		return edition{}, false
	}
	n := 0
	for n < len(p.Versions) && !p.Versions[n].Submitted.After(now) {
		n++
	}
	if n == 0 {
		return edition{}, false
	}
	e := edition{
		id: p.ID, versions: p.Versions[:n:n], categories: p.Categories, license: p.License, submitter: p.Submitter,
		doi: p.DOI, journalRef: p.JournalRef, reportNo: p.ReportNo, proxy: p.Proxy, mscClass: p.MSCClass, acmClass: p.ACMClass,
		touched: p.Versions[n-1].Submitted,
	}
	for _, edit := range p.Edits {
		if !edit.At.After(now) {
			e.apply(edit)
		}
	}
	if e.touched.Before(firstDatestamp) {
		e.touched = firstDatestamp
	}
	return e, true
}

func (e *edition) apply(edit Edit) {
	switch edit.Field {
	case "comment":
		e.versions = slices.Clone(e.versions)
		current := 0
		for i, v := range e.versions {
			if !v.Submitted.After(edit.At) {
				current = i
			}
		}
		e.versions[current].Comment = edit.Value
	case "journal_ref":
		e.journalRef = edit.Value
	case "doi":
		e.doi = strings.Fields(edit.Value)
	case "categories":
		e.categories = strings.Fields(edit.Value)
	case "license":
		e.license = edit.Value
	}
	if edit.At.After(e.touched) {
		e.touched = edit.At
	}
}

func (e edition) first() Version   { return e.versions[0] }
func (e edition) current() Version { return e.versions[len(e.versions)-1] }

// version gives version n; 0 is the current one.
func (e edition) version(n int) (Version, bool) {
	if n == 0 {
		return e.current(), true
	}
	if n < 1 || n > len(e.versions) {
		return Version{}, false
	}
	return e.versions[n-1], true
}

// abstract is the version's own, or a sentence in its place.
func (e edition) abstract(v Version) string {
	if v.Abstract != "" {
		return v.Abstract
	}
	return fmt.Sprintf("Stand-in abstract of %sv%d, written by the replica; the real one is at https://arxiv.org/abs/%s.",
		e.id, v.Version, e.id)
}

func (e edition) submitterName() string {
	if e.submitter != "" {
		return e.submitter
	}
	return strings.TrimSpace(e.current().Authors[0].Name)
}

// sizeKB is the version's own size, or one made up from its name: the same every time.
func (e edition) sizeKB(v Version) int {
	switch {
	case v.SizeKB != nil:
		return *v.SizeKB
	case v.isWithdrawn():
		return 0
	}
	return 200 + int(scatter(versioned(e.id, v.Version))%4000)
}

func (v Version) isWithdrawn() bool {
	return v.Withdrawn || strings.Contains(v.SourceType, "I")
}

func versioned(id string, version int) string {
	return id + "v" + strconv.Itoa(version)
}

// scatter turns a name into a number that is the same every time and follows no order.
func scatter(name string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(name))
	return h.Sum32()
}
