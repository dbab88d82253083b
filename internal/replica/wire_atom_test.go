package replica

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	entryBlock  = regexp.MustCompile(`(?s)  <entry>\n    <id>http://arxiv.org/abs/[^<]*</id>.*?</entry>\n`)
	updatedLine = regexp.MustCompile(`<updated>[^<]*</updated>`)
)

// paperOf makes a paper that should give the entry again.
func paperOf(t *testing.T, e atomEntry, shape Shape) Paper {
	t.Helper()
	name := strings.TrimPrefix(e.ID, "http://arxiv.org/abs/")
	at := strings.LastIndex(name, "v")
	last, err := strconv.Atoi(name[at+1:])
	if err != nil {
		t.Fatal(err)
	}
	published, err := time.Parse(time.RFC3339, e.Published)
	if err != nil {
		t.Fatal(err)
	}
	updated, err := time.Parse(time.RFC3339, e.Updated)
	if err != nil {
		t.Fatal(err)
	}
	paper := Paper{ID: name[:at], PrimaryCategory: e.Primary.Term, DOI: e.DOI, JournalRef: e.Journal}
	title, abstract, comment := e.Title, e.Summary, e.Comment
	if shape == Classic { // undo the line breaks that the replica has to make again
		title, comment, paper.JournalRef = fold(title), fold(comment), fold(paper.JournalRef)
		paragraphs := strings.Split(strings.TrimSpace(abstract), "\n  ")
		for i := range paragraphs {
			paragraphs[i] = fold(paragraphs[i])
		}
		abstract = strings.Join(paragraphs, "\n")
	}
	for _, category := range e.Categories {
		if shape == Classic && (strings.ContainsAny(category.Term, " ,;()0123456789") || category.Term == "") {
			paper.MSCClass = category.Term
			continue
		}
		paper.Categories = append(paper.Categories, category.Term)
	}
	for n := 1; n <= last; n++ {
		v := Version{Version: n, Submitted: published.Add(time.Duration(n-1) * time.Second), Title: title, Abstract: abstract, Comment: comment}
		if n == last && n > 1 {
			v.Submitted = updated
		}
		for _, author := range e.Authors {
			v.Authors = append(v.Authors, Author{Name: author.Name, Affiliations: author.Affiliations})
		}
		paper.Versions = append(paper.Versions, v)
	}
	return paper
}

// TestRecordedEntries holds every recorded entry, byte for byte, against what the replica makes of the same facts.
func TestRecordedEntries(t *testing.T) {
	for _, era := range []struct {
		pattern string
		shape   Shape
		least   int
	}{
		{"wire/atom_classic/*.xml", Classic, 60},
		{"wire/atom_transitional_2025_11_11/*.xml", Transitional, 5},
		{"wire/atom_new/*.xml", Current, 200},
	} {
		entries := 0
		for _, name := range recordedFiles(t, era.pattern) {
			data := string(recordedFile(t, name))
			if strings.Count(data, "<feed ") != 1 {
				continue // two answers in one file
			}
			feed := parseFeed(t, data)
			shape := era.shape
			if strings.Contains(data, "<link href=\"https://arxiv.org/abs/") && !strings.Contains(data, "rel=\"alternate\"") {
				shape = Transitional // two of the newer files are of the first day
			}
			var papers []Paper
			var names []string
			for _, entry := range feed.Entries {
				if entry.ID == "" {
					continue
				}
				paper := paperOf(t, entry, shape)
				papers = append(papers, paper)
				names = append(names, versioned(paper.ID, len(paper.Versions)))
			}
			if len(papers) == 0 {
				continue
			}
			s := newServer(t, Options{Papers: jsonLines(t, papers...), Shape: shape})
			values := url.Values{"id_list": {strings.Join(names, ",")}, "max_results": {strconv.Itoa(len(names))}}
			got := map[string]string{}
			for _, block := range entryBlock.FindAllString(get(t, s, "/api/query?"+values.Encode()).body, -1) {
				got[entryName(block)] = block
			}
			for _, want := range entryBlock.FindAllString(data, -1) {
				entries++
				have := got[entryName(want)]
				if shape == Transitional {
					have, want = updatedLine.ReplaceAllString(have, ""), updatedLine.ReplaceAllString(want, "")
				}
				if have != want {
					t.Errorf("%s %s (-recorded +replica):\n%s", name, entryName(want), cmp.Diff(want, have))
				}
			}
		}
		if entries < era.least {
			t.Errorf("%s: only %d entries compared", era.pattern, entries)
		}
		t.Logf("%s: %d entries", era.pattern, entries)
	}
}

func entryName(block string) string {
	_, name, _ := strings.Cut(block, "<id>")
	name, _, _ = strings.Cut(name, "</id>")
	return name
}

// TestRecordedFeeds holds whole recorded answers to id_list requests against the replica's, byte for byte.
func TestRecordedFeeds(t *testing.T) {
	for _, era := range []struct {
		pattern string
		shape   Shape
		least   int
	}{
		{"wire/atom_classic/*.xml", Classic, 50},
		{"wire/atom_transitional_2025_11_11/*.xml", Transitional, 1},
		{"wire/atom_new/*.xml", Current, 10},
	} {
		compared := 0
		for _, name := range recordedFiles(t, era.pattern) {
			want := string(recordedFile(t, name))
			if strings.Count(want, "<feed ") != 1 {
				continue
			}
			feed := parseFeed(t, want)
			query := feed.queryOf(t)
			if query.Get("search_query") != "" || query.Get("id_list") == "" {
				continue
			}
			if era.shape == Classic && slices.ContainsFunc(feed.Entries, func(e atomEntry) bool { return e.ID == "" }) {
				continue // its title and its link disagree about the question
			}
			var papers []Paper
			for _, entry := range feed.Entries {
				papers = append(papers, paperOf(t, entry, era.shape))
			}
			now, err := time.Parse(time.RFC3339, feed.Updated)
			if err != nil {
				t.Fatal(err)
			}
			s := newServer(t, Options{Papers: jsonLines(t, papers...), Shape: era.shape, Now: clock(now)})
			got := get(t, s, "/api/query?"+query.Encode()).body
			if era.shape == Transitional { // the row times of the entries are not known
				got, want = maskEntries(got), maskEntries(want)
			}
			if strings.TrimSpace(got) != strings.TrimSpace(want) {
				t.Errorf("%s (-recorded +replica):\n%s", name, cmp.Diff(want, got))
			}
			compared++
		}
		if compared < era.least {
			t.Errorf("%s: only %d feeds compared", era.pattern, compared)
		}
		t.Logf("%s: %d feeds", era.pattern, compared)
	}
}

func maskEntries(feed string) string {
	return entryBlock.ReplaceAllStringFunc(feed, func(block string) string { return updatedLine.ReplaceAllString(block, "") })
}

// TestRecordedLinks holds the links of recorded search feeds, whose quoting is arXiv's own.
func TestRecordedLinks(t *testing.T) {
	link := regexp.MustCompile(`  <link href="https?://arxiv.org/api[^\n]*\n`)
	id := regexp.MustCompile(`  <id>https?://arxiv.org/api/[^\n]*\n`)
	for pattern, shape := range map[string]Shape{"wire/atom_new/*.xml": Current, "wire/atom_classic/*.xml": Classic} {
		for _, name := range recordedFiles(t, pattern) {
			want := string(recordedFile(t, name))
			feed := parseFeed(t, want[:strings.Index(want, "</feed>")+len("</feed>")])
			if slices.ContainsFunc(feed.Entries, func(e atomEntry) bool { return e.ID == "" }) {
				continue // its title and its link disagree about the question
			}
			s := newServer(t, Options{Shape: shape})
			got := get(t, s, "/api/query?"+feed.queryOf(t).Encode()).body
			if link.FindString(got) != link.FindString(want) || id.FindString(got) != id.FindString(want) {
				t.Errorf("%s:\n got %s%s\nwant %s%s", name, id.FindString(got), link.FindString(got), id.FindString(want), link.FindString(want))
			}
		}
	}
}
