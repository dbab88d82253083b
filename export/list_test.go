package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"golang.org/x/net/html"

	"syncer/arxiv"
	"syncer/enrich"
)

const hostileText = "</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) `a` *b* \x1b[31m\u202e & \"q\" 'r'"

// nastySource is the corpus as two reading lists, with everything around the papers hostile too.
func nastySource() Source {
	papers := append(nastyPapers(), paper("2101.00001", "A paper of many versions", "Ada Names; Émile Zola", func(p *Paper) {
		p.Version, p.Submitted = 4, stamp("2019-06-12T17:57:34Z")
		p.Comment, p.Abstract = "v4 "+hostileText, "one two three "+strings.Repeat("same ", 60)+"end "+hostileText
		p.Versions = []arxiv.Version{
			{Number: 1, Submitted: p.Published, SizeKB: 10, HasText: true, Title: "A paper of few versions", Authors: p.Authors[:1], Abstract: "one three " + strings.Repeat("same ", 60) + "end"},
			{Number: 2, Submitted: stamp("2018-01-01T00:00:00Z"), SizeKB: -1, HasText: true, Title: hostileText, Authors: p.Authors, Abstract: p.Abstract},
			{Number: 3, SizeKB: 7, Withdrawn: true},
			{Number: 4, Submitted: p.Submitted, SizeKB: 12, HasText: true, Title: p.Title, Authors: p.Authors[1:], Abstract: p.Abstract, Comment: p.Comment},
		}
		p.Withdrawn = true
		p.Links = []Link{{URL: "javascript:alert(1)", Verdict: "ok"}, {URL: "https://example.org/?a=\"><script>", Verdict: "broken", Since: stamp("2026-11-01T00:00:00Z")}}
	}))
	first := List{Name: "lists/" + hostileText}
	section := Section{Title: "Section " + hostileText}
	for i := range papers {
		section.Entries = append(section.Entries, Entry{ID: papers[i].ID, Line: i + 1, Paper: &papers[i]})
	}
	last := &section.Entries[len(section.Entries)-1]
	last.Version = 2
	last.Findings = []Finding{
		{Finding: enrich.Finding{Kind: "replaced", Severity: "info", Message: "v4 is newer " + hostileText}, FirstSeen: stamp("2026-11-02T00:00:00Z")},
		{Finding: enrich.Finding{Kind: "withdrawn", Severity: "error", Message: "in v3"}, FirstSeen: stamp("2026-11-03T00:00:00Z")},
	}
	first.Sections = []Section{{Entries: []Entry{{ID: "2999.99999", Title: hostileText, Findings: []Finding{{Finding: enrich.Finding{Kind: "unknown-id", Severity: "error", Message: "no such paper"}}}}}}, section}
	first.Findings = []Finding{{Finding: enrich.Finding{Kind: "malformed-id", Severity: "error", Line: 9, Message: "month 13 " + hostileText}}}
	first.Sections[1].Links = []ListLink{{Link: Link{URL: "https://example.org/", Verdict: "ok", Since: stamp("2026-11-01T00:00:00Z")}, Title: hostileText, Reason: "moved to " + hostileText, Line: 1}, {Link: Link{URL: "data:text/html,x", Verdict: "ok"}, Line: 2},
		{Link: Link{URL: "https://example.org/", Verdict: "ok"}, Title: "the same again", Line: 7}, {Link: Link{URL: "https://example.org/gone", Verdict: "broken", Since: stamp("2026-10-03T00:00:00Z")}, Reason: "404", Line: 500, Before: comingAndGoing()},
		{Link: Link{URL: "https://example.org/a_(b)*c*?d=1&copy;=<e>`f`", Verdict: "unchecked"}, Line: 501}}
	again := section.Entries[0]
	again.Findings = []Finding{{Finding: enrich.Finding{Kind: "year-differs", Severity: "warning", Message: "2018 here"}}}
	second := List{Name: "second.md", Sections: []Section{{Title: "Again", Entries: []Entry{again}}}}
	return Source{
		Papers: seq(papers),
		Lists: func(yield func(List, error) bool) {
			if yield(first, nil) {
				yield(second, nil)
			}
		},
		Changes: func(yield func(Change, error) bool) {
			for i, c := range []enrich.Change{
				{ID: "2101.00001", Kind: enrich.ChangeTitle, Field: "title", Old: "A paper of few versions", New: "A paper of many versions " + hostileText},
				{ID: "2101.00001", Kind: enrich.ChangeAbstract, Field: "abstract", Old: "one two", New: "one three"}, // of the same run
				{ID: "2101.00001", Kind: enrich.ChangeReplaced, Field: "version", Old: "v3", New: "v4"},
				{ID: "hep-th/9711200", Kind: enrich.ChangePublished, Field: "doi", New: "10.1/x"},
				{ID: "2001.00001", Kind: enrich.ChangeGone, Old: "v1"},
			} {
				if !yield(Change{Change: c, At: stamp("2026-11-10T03:00:00Z").AddDate(0, 0, min(0, 1-i)), Run: int64(min(9, 10-i)), Title: "Title " + hostileText}, nil) {
					return
				}
			}
		},
	}
}

func renderSource(t *testing.T, write func(io.Writer, Source, Options) error, s Source) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, s, Options{}); err != nil {
		t.Fatal(err)
	}
	for i, r := range b.String() {
		if hostile(r) && r != '\n' {
			t.Fatalf("U+%04X at byte %d", r, i)
		}
	}
	return b.String()
}

// golden compares with a file of testdata: go test ./export -update writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.SplitAfter(got, "\n"), strings.SplitAfter(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			t.Fatalf("%s line %d is\n%swant\n%s", path, i+1, g[i], w[min(i, len(w)-1)])
		}
	}
	t.Fatalf("%s: %d lines, want %d", path, len(g), len(w))
}

func TestMarkdownGolden(t *testing.T) {
	golden(t, "nasty.md", renderSource(t, Markdown, nastySource()))
}

// TestMarkdownSaysTheTitles: read by a CommonMark parser, the page links every paper under its own title and nothing else
// is a link, an emphasis within a title or HTML.
func TestMarkdownSaysTheTitles(t *testing.T) {
	source := nastySource()
	var page bytes.Buffer
	if err := goldmark.Convert([]byte(renderSource(t, Markdown, source)), &page); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&page)
	if err != nil {
		t.Fatal(err)
	}
	titles, links := map[string]string{}, []string(nil)
	for n := range root.Descendants() {
		switch n.Data {
		case "a":
			if n.FirstChild == nil || n.FirstChild != n.LastChild || n.FirstChild.Type != html.TextNode {
				t.Fatalf("a link of more than text: %v", n.Attr)
			}
			if id, ok := strings.CutPrefix(n.Attr[0].Val, "https://arxiv.org/abs/"); ok {
				titles[id] = n.FirstChild.Data
			} else {
				links = append(links, n.Attr[0].Val)
			}
		case "img", "script", "code":
			t.Errorf("<%s> on the page", n.Data)
		}
	}
	if want := []string{"https://example.org/", "https://example.org/", "https://example.org/gone", "https://example.org/a_(b)*c*?d=1&copy;=%3Ce%3E%60f%60"}; !slices.Equal(links, want) {
		t.Errorf("links %q, want %q", links, want)
	}
	papers, err := collect(source.Papers, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(titles) != len(papers) {
		t.Errorf("%d links for %d papers: %v", len(titles), len(papers), titles)
	}
	for _, p := range papers {
		want := plain(p.Title)
		if want == "" {
			want = "arXiv:" + string(p.ID)
		}
		if got := titles[string(p.ID)]; got != want && !strings.ContainsAny(want, "$\\") {
			t.Errorf("%s is %q, want %q", p.ID, got, want)
		}
	}
}

func TestMarkdownText(t *testing.T) {
	for in, want := range map[string]string{
		"snake_case and _em_":       `snake_case and \_em\_`,
		"$O(n)$ for $5":             `$O(n)$ for \$5`,
		"$x < y$ and [0,1) $[0,1)$": `$x \lt  y$ and \[0,1) $\lbrack 0,1)$`,
		`$\sqrt[3]{x}$`:             `$\sqrt[3]{x}$`,
		"<b>&amp;":                  `\<b\>\&amp;`,
	} {
		if got := markdown(in); got != want {
			t.Errorf("markdown(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestHTMLIsSelfContained: whatever the texts, the page has one script, ours; it loads nothing; and every link is http,
// https or an anchor that is there.
func TestHTMLIsSelfContained(t *testing.T) {
	page := renderSource(t, HTML, nastySource())
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	script, err := pageFiles.ReadFile("page/script.js")
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(script)
	ids, anchors, scripts := map[string]bool{}, []string{}, 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script":
			scripts++
			if n.FirstChild == nil || n.FirstChild.Data != string(script) {
				t.Errorf("a script that is not ours: %v", n.FirstChild)
			}
		case "img", "iframe", "object", "embed", "video", "audio", "source", "base", "image", "use", "foreignobject":
			t.Errorf("<%s> on the page", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "src", a.Key == "srcset", a.Key == "style", a.Key == "action":
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			case a.Key == "id":
				if ids[a.Val] {
					t.Errorf("id %q twice", a.Val)
				}
				ids[a.Val] = true
			case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
				anchors = append(anchors, a.Val[1:])
			case a.Key == "href" && !isHTTP(a.Val) && a.Val != "data:,":
				t.Errorf("<%s href=%q>", n.Data, a.Val)
			case a.Key == "content" && strings.Contains(a.Val, "script-src"):
				if !strings.Contains(a.Val, base64.StdEncoding.EncodeToString(hash[:])) || !strings.HasPrefix(a.Val, "default-src 'none'") {
					t.Errorf("policy %s", a.Val)
				}
			}
		}
	}
	for _, anchor := range anchors {
		if !ids[anchor] {
			t.Errorf("a link to #%s, which is not there", anchor)
		}
	}
	if scripts != 1 || len(anchors) == 0 {
		t.Errorf("%d scripts, %d anchors", scripts, len(anchors))
	}
	if strings.Contains(page, "url(") || strings.Contains(page, "@import") {
		t.Error("the style loads something")
	}
}

func TestHTMLGolden(t *testing.T) {
	page := renderSource(t, HTML, nastySource())
	_, body, found := strings.Cut(page, "<body>")
	body, _, foundEnd := strings.Cut(body, "<script>")
	if !found || !foundEnd {
		t.Fatal("no body")
	}
	golden(t, "nasty.body.html", body)
	if again := renderSource(t, HTML, nastySource()); again != page {
		t.Error("two pages of the same source differ")
	}
}

// comingAndGoing is a link's past of more states than a page shows.
func comingAndGoing() (before []Link) {
	for i := range 8 {
		before = append(before, Link{Verdict: []string{"suspect", "ok"}[i%2], Since: stamp("2026-09-02T00:00:00Z").AddDate(0, 0, i)})
	}
	return before
}

// TestPageSums: a link that a list names twice is one; what is wrong with a link is not folded away; a paper that an
// earlier list has told keeps what is wrong with it in this one; changes of one run are told together.
func TestPageSums(t *testing.T) {
	p, err := newPage(nastySource())
	if err != nil {
		t.Fatal(err)
	}
	first, again := p.Lists[0], p.Lists[1].Sections[0].Entries[0]
	if first.LinkTotal != 3 || first.LinkCounts != "1 ok, 1 broken, 1 unchecked" || len(first.Links) != 2 || len(first.Troubled) != 1 {
		t.Errorf("links %+v, %+v", first.Troubled, first.Links)
	}
	if s := first.Troubled[0].States; len(s) != pageStates || s[0] != (pageState{"ok", "5 September 2026"}) || s[len(s)-1] != (pageState{"broken", "3 October 2026"}) {
		t.Errorf("the link was %+v", s)
	}
	if !again.Again || again.Anchor != first.Sections[1].Entries[0].Anchor || len(again.Flags) != 1 {
		t.Errorf("again: %+v", again)
	}
	if e := p.Recent[0]; len(p.Recent) != 4 || len(e.Changes) != 2 || e.Changes[0].Words != "new title" || e.Changes[1].Words != "abstract changed" {
		t.Errorf("changes %+v", p.Recent)
	}
}

// TestListsWithoutLists: where no list was read, all papers are one.
func TestListsWithoutLists(t *testing.T) {
	s := Source{Papers: seq(nastyPapers())}
	if page := renderSource(t, HTML, s); !strings.Contains(page, "Attention Is All You Need") || !strings.Contains(page, "<h1 dir=\"auto\">Papers</h1>") {
		t.Error("the page has no papers")
	}
	if text := renderSource(t, Markdown, s); !strings.HasPrefix(text, "\n- [Attention Is All You Need]") {
		t.Errorf("starts with %.60q", text)
	}
	if page := renderSource(t, HTML, Source{Papers: seq(nil)}); !strings.Contains(page, "</html>") {
		t.Error("no page of nothing")
	}
	broken := Source{Lists: func(yield func(List, error) bool) { yield(List{}, io.ErrUnexpectedEOF) }, Papers: seq(nil)}
	for name, write := range map[string]func(io.Writer, Source, Options) error{"html": HTML, "markdown": Markdown} {
		if err := write(io.Discard, broken, Options{}); err != io.ErrUnexpectedEOF {
			t.Errorf("%s: error of the source: %v", name, err)
		}
	}
}

func TestDiffParts(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("w ", 100))
	edge := strings.TrimSpace(strings.Repeat("w ", contextWords))
	show := func(parts []pagePart) (s string) {
		for _, p := range parts {
			s += fmt.Sprintf("%s(%s)", p.Class, p.Text)
		}
		return s
	}
	for _, test := range []struct{ old, new, want string }{
		{"a b c", "a x c", "same(a)old(b)new(x)same(c)"},
		{"a", "a", "same(a)"},
		{long + " a", long + " b", "gap(…)same(" + edge + ")old(a)new(b)"},
		{"a " + long, "b " + long, "old(a)new(b)same(" + edge + ")gap(…)"},
		{"a " + long + " a", "b " + long + " b", "old(a)new(b)same(" + edge + ")gap(…)same(" + edge + ")old(a)new(b)"},
	} {
		if got := show(diffParts(test.old, test.new)); got != test.want {
			t.Errorf("%.20q to %.20q: %s, want %s", test.old, test.new, got, test.want)
		}
	}
}

func TestTimeline(t *testing.T) {
	at := func(s string) time.Time { return stamp(s + "T00:00:00Z") }
	got := timeline([]arxiv.Version{
		{Number: 1, Submitted: at("2020-01-01"), SizeKB: -1, HasText: true, Title: "old"}, {Number: 2, Submitted: at("2020-01-06"), SizeKB: 5, Withdrawn: true, HasText: true, Title: "old"},
		{Number: 3}, {Number: 4, Submitted: at("2020-01-11"), SizeKB: -1, HasText: true, Title: "new"},
	})
	want := pageTimeline{
		Dots: []pageDot{{"2.00%", "v1, 1 January 2020", "dot"}, {"50.00%", "v2, 6 January 2020, 5 kB, withdrawn", "dot withdrawn"},
			{"98.00%", "v4, 11 January 2020, another title or other authors", "dot renamed"}},
		First: "v1, 1 January 2020", Last: "v4, 11 January 2020", Renamed: "another title or other authors since v4",
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Error(diff)
	}
	if got := timeline([]arxiv.Version{{Number: 1, Submitted: at("2020-01-01")}}); got.Dots != nil {
		t.Errorf("one version: %v", got)
	}
}

func TestYearBars(t *testing.T) {
	bars := yearBars(map[int]int{2019: 1, 2021: 4})
	if len(bars) != 3 || bars[1].Count != 0 || bars[2].Height != "100.00%" || bars[0].Height != "25.00%" || bars[0].X != "4.00%" {
		t.Errorf("%+v", bars)
	}
	if yearBars(map[int]int{2019: 1}) != nil || yearBars(map[int]int{1: 1, 2019: 1}) != nil {
		t.Error("a chart of nothing to compare")
	}
}
