package fetch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"syncer/arxiv"
)

// The same two papers in the three shapes of feed, told by arXiv's facts and with abstracts of our own.

const classicFeed = `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <link href="http://arxiv.org/api/query?search_query%3D%26id_list%3D1706.03762" rel="self" type="application/atom+xml"/>
  <title type="html">ArXiv Query: search_query=&amp;id_list=1706.03762,0000.00000,hep-th/9901001&amp;start=0&amp;max_results=3</title>
  <id>http://arxiv.org/api/OA7B+UhmTm6x8UNerl0uI5H0CII</id>
  <updated>2025-08-24T00:00:00-04:00</updated>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">3</opensearch:totalResults>
  <opensearch:startIndex xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">0</opensearch:startIndex>
  <opensearch:itemsPerPage xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">3</opensearch:itemsPerPage>
  <entry>
    <id>http://arxiv.org/abs/1706.03762v7</id>
    <updated>2023-08-02T00:41:18Z</updated>
    <published>2017-06-12T17:57:34Z</published>
    <title>Attention Is
  All You Need</title>
    <summary>  A made-up abstract,
wrapped hard &amp; early.
</summary>
    <author>
      <name>Ashish Vaswani</name>
      <arxiv:affiliation xmlns:arxiv="http://arxiv.org/schemas/atom">Google Brain</arxiv:affiliation>
      <arxiv:affiliation xmlns:arxiv="http://arxiv.org/schemas/atom">Elsewhere
  too</arxiv:affiliation>
    </author>
    <author>
      <name> OpenAI</name>
    </author>
    <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1000/a; 10.1000/b</arxiv:doi>
    <link title="doi" href="http://dx.doi.org/10.1000/a" rel="related"/>
    <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">15 pages,
  5 figures</arxiv:comment>
    <arxiv:journal_ref xmlns:arxiv="http://arxiv.org/schemas/atom">Made-up Letters 1 (2017) 2</arxiv:journal_ref>
    <link href="http://arxiv.org/abs/1706.03762v7" rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/1706.03762v7" rel="related" type="application/pdf"/>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <category term="68T50, 42C10" scheme="http://arxiv.org/schemas/atom"/>
    <category term="I.2.7; F.2" scheme="http://arxiv.org/schemas/atom"/>
    <category term="35" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
  <entry>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="" scheme="http://arxiv.org/schemas/atom"/>
    <category term="" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
  <entry>
    <id>http://arxiv.org/abs/hep-th/9901001v1</id>
    <updated>1999-01-01T00:08:12Z</updated>
    <published>1999-01-01T00:08:12Z</published>
    <title>Error</title>
    <summary>Another made-up abstract.</summary>
    <author><name>A. Body</name></author>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="hep-th" scheme="http://arxiv.org/schemas/atom"/>
    <category term="hep-th" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
</feed>
`

const feedHead = `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/9/jYjXLWeP8WuxygunQAqZqtlJM</id>
  <title>arXiv Query: search_query=&amp;id_list=1706.03762,hep-th/9901001&amp;start=0&amp;max_results=3</title>
  <updated>2026-04-12T22:10:26Z</updated>
  <link href="https://arxiv.org/api/query?search_query=&amp;start=0&amp;max_results=3&amp;id_list=1706.03762,hep-th/9901001" type="application/atom+xml"/>
  <opensearch:itemsPerPage>3</opensearch:itemsPerPage>
  <opensearch:totalResults>2</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
`

// newFeed has the entries in another order than asked; %s are the attributes of links, a version's <updated>.
const newFeed = feedHead + `  <entry>
    <id>http://arxiv.org/abs/hep-th/9901001v1</id>
    <title>Error</title>
    <updated>%[1]s</updated>
    <link href="https://arxiv.org/abs/hep-th/9901001v1"%[3]s/>
    <summary>Another made-up abstract.</summary>
    <category term="hep-th" scheme="http://arxiv.org/schemas/atom"/>
    <published>1999-01-01T00:08:12Z</published>
    <arxiv:primary_category term="hep-th"/>
    <author>
      <name>A. Body</name>
    </author>
  </entry>
  <entry>
    <id>http://arxiv.org/abs/1706.03762v7</id>
    <title>Attention Is All You Need</title>
    <updated>%[2]s</updated>
    <link href="https://arxiv.org/abs/1706.03762v7"%[3]s/>
    <summary>  A made-up abstract, wrapped hard &amp; early.</summary>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <published>2017-06-12T17:57:34Z</published>
    <arxiv:comment>15 pages, 5 figures</arxiv:comment>
    <arxiv:primary_category term="cs.CL"/>
    <arxiv:journal_ref>Made-up Letters 1 (2017) 2</arxiv:journal_ref>
    <author>
      <name>Ashish Vaswani</name>
      <arxiv:affiliation>Google Brain</arxiv:affiliation>
      <arxiv:affiliation>Elsewhere too</arxiv:affiliation>
    </author>
    <author>
      <name> OpenAI</name>
    </author>
    <arxiv:doi>10.1000/a;</arxiv:doi>
    <link href="https://doi.org/10.1000/a;"%[3]s/>
    <arxiv:doi>10.1000/b</arxiv:doi>
  </entry>
</feed>`

var (
	transitionalFeed = fmt.Sprintf(newFeed, "2007-05-23T16:12:03Z", "2023-08-03T00:20:37Z", "")
	currentFeed      = fmt.Sprintf(newFeed, "1999-01-01T00:08:12Z", "2023-08-02T00:41:18Z", ` rel="alternate" type="text/html"`)
)

const errorFeed = `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
  <id>https://arxiv.org/</id>
  <title>arXiv Search Results</title>
  <updated>2026-04-12T22:10:26Z</updated>
  <opensearch:totalResults>1</opensearch:totalResults>
  <entry>
    <id>https://arxiv.org/api/errors#incorrect_id_format_for_%[1]s</id>
    <title>Error</title>
    <summary>incorrect id format for %[1]s</summary>
    <updated>2026-04-12T22:10:26Z</updated>
    <author><name>arXiv api core</name></author>
  </entry>
</feed>`

// emptyFeed is today's answer when none of the papers is known.
const emptyFeed = feedHead + `</feed>`

var (
	attention = arxiv.Record{
		ID:              "1706.03762",
		Version:         7,
		Title:           "Attention Is All You Need",
		Authors:         []arxiv.Author{{Name: "Ashish Vaswani", Affiliations: []string{"Google Brain", "Elsewhere too"}}, {Name: "OpenAI"}},
		Abstract:        "A made-up abstract, wrapped hard & early.",
		Comment:         "15 pages, 5 figures",
		JournalRef:      "Made-up Letters 1 (2017) 2",
		DOIs:            []string{"10.1000/a", "10.1000/b"},
		PrimaryCategory: "cs.CL",
		Categories:      []string{"cs.CL", "cs.LG"},
		Published:       time.Date(2017, 6, 12, 17, 57, 34, 0, time.UTC),
		Submitted:       time.Date(2023, 8, 2, 0, 41, 18, 0, time.UTC),
	}
	titledError = arxiv.Record{
		ID:              "hep-th/9901001",
		Version:         1,
		Title:           "Error",
		Authors:         []arxiv.Author{{Name: "A. Body"}},
		Abstract:        "Another made-up abstract.",
		PrimaryCategory: "hep-th",
		Categories:      []string{"hep-th"},
		Published:       time.Date(1999, 1, 1, 0, 8, 12, 0, time.UTC),
		Submitted:       time.Date(1999, 1, 1, 0, 8, 12, 0, time.UTC),
	}
)

func TestParseAtomShapes(t *testing.T) {
	undated := attention
	undated.Submitted = time.Time{}
	tests := []struct {
		name, feed string
		want       Page
	}{
		{"classic", classicFeed, Page{[]arxiv.Record{attention, titledError}, 3}},
		{"transitional", transitionalFeed, Page{[]arxiv.Record{titledError, undated}, 2}},
		{"current", currentFeed, Page{[]arxiv.Record{titledError, attention}, 2}},
		{"none found", emptyFeed, Page{nil, 2}},
		{"byte order mark", "\ufeff" + currentFeed, Page{[]arxiv.Record{titledError, attention}, 2}},
		{"control characters", strings.ReplaceAll(currentFeed, "Another", "\x01An\x1bother"), Page{[]arxiv.Record{titledError, attention}, 2}},
		{"comment, CDATA", strings.Replace(currentFeed, "Another made-up", "<!-- <a> -->Another <![CDATA[made-up]]>", 1), Page{[]arxiv.Record{titledError, attention}, 2}},
		{"something after the feed", currentFeed + "\n<html>", Page{[]arxiv.Record{titledError, attention}, 2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ParseAtom([]byte(test.feed))
			if err != nil {
				t.Fatal(err)
			}
			if test.name == "comment, CDATA" {
				// Markup in text is gofeed's business; here only the nesting must not be miscounted.
				got.Records[0].Abstract = titledError.Abstract
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestParseAtomDefaultNamespace has arXiv's elements without a prefix, which gofeed files under another key.
func TestParseAtomDefaultNamespace(t *testing.T) {
	feed := strings.ReplaceAll(currentFeed, `<arxiv:comment>`, `<comment xmlns="http://arxiv.org/schemas/atom">`)
	feed = strings.ReplaceAll(feed, `</arxiv:comment>`, `</comment>`)
	page, err := ParseAtom([]byte(feed))
	if err != nil {
		t.Fatal(err)
	}
	check(t, "comment", page.Records[1].Comment, attention.Comment)
}

func TestParseAtomError(t *testing.T) {
	classic := strings.ReplaceAll(errorFeed, "https://arxiv.org/api/errors", "http://arxiv.org/api/errors")
	elsewhere := strings.ReplaceAll(errorFeed, "https://arxiv.org/api/errors", "https://arxiv.org/oops")
	for _, feed := range []string{errorFeed, classic, elsewhere} {
		_, err := ParseAtom(fmt.Appendf(nil, feed, "abc"))
		var apiErr *APIError
		if !errors.As(err, &apiErr) {
			t.Fatalf("got %v, want an APIError", err)
		}
		check(t, "message", apiErr.Message, "incorrect id format for abc")
	}
}

func TestParseAtomRefuses(t *testing.T) {
	entry := func(what, with string) string { return strings.Replace(currentFeed, what, with, 1) }
	comment := func(text string) string {
		return entry("<arxiv:comment>15 pages", "<arxiv:comment>"+text)
	}
	tests := []struct{ name, data, want string }{
		{"nothing", "", "no XML: empty answer"},
		{"text", "Rate exceeded.", `no XML: "Rate exceeded."`},
		{"HTML", "<!DOCTYPE html><html><head><title>Busy</title>", "<html> markup and no Atom feed"},
		{"RSS", `<?xml version="1.0"?><rss version="2.0"><channel/></rss>`, "<rss> markup"},
		{"another feed", `<feed xmlns="http://example.org/"><entry/></feed>`, "<feed> markup and no Atom feed"},
		{"a prefixed feed", `<a:feed xmlns:a="http://www.w3.org/2005/Atom"/>`, "<feed> markup and no Atom feed"},
		{"another encoding", strings.Replace(currentFeed, "UTF-8", "UTF-16", 1), "no XML"},
		{"an encoding half-way", entry("<title>Error", `<?xml version="1.0" encoding="UTF-16"?><title>Error`), "declaration inside"},
		{"a document type inside", entry("<title>Error", `<!DOCTYPE x><title>Error`), "document type"},
		{"cut in a tag", currentFeed[:strings.Index(currentFeed, "<summary>")+3], "cut off after"},
		{"cut in an entry", currentFeed[:len(currentFeed)-30], "cut off after"},
		{"cut before the end", strings.TrimSuffix(currentFeed, "</feed>"), "cut off after"},
		{"invalid UTF-8", entry("Attention", "\xff\xfe"), "UTF-8"},
		{"an identifier that is none", entry("abs/hep-th/9901001v1", "abs/nonsense"), `entry "http://arxiv.org/abs/nonsense"`},
		{"no version", entry("abs/hep-th/9901001v1", "abs/hep-th/9901001"), "no version"},
		{"no date", entry("<published>1999-01-01T00:08:12Z</published>", ""), "published"},
		{"a date that is none", entry("<updated>1999-01-01T00:08:12Z", "<updated>yesterday"), "updated"},
		{"deep nesting", comment(strings.Repeat("<a>", 20) + strings.Repeat("</a>", 20)), "nested more than"},
		{"deep nesting hidden by comments", comment(strings.Repeat("<a><!-- </a> -->", 20) + strings.Repeat("</a>", 20)), "nested more than"},
		{"deep nesting hidden by CDATA", comment(strings.Repeat("<a><![CDATA[</a>]]>", 20)), "nested more than"},
		{"deep nesting hidden by attributes", comment(strings.Repeat(`<a b="/></a>">`, 20)), "nested more than"},
		{"text in a million pieces", comment(strings.Repeat("x<a/>", 20_000)), "larger than 32 KiB"},
		{"an entry in another name space", entry("<entry>", `<entry xmlns="http://example.org/">`+strings.Repeat("x<a/>", 20_000)), "larger than 32 KiB"},
		{"many name spaces", comment("<a " + strings.Repeat(` xmlns:b="c"`, 20) + "/>"), "unreasonably large"},
		{"a long tag", comment(`<a b="` + strings.Repeat("c", maxTag) + `"/>`), "unreasonably large"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			page, err := ParseAtom([]byte(test.data))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q in it", err, test.want)
			}
			if len(page.Records) > 0 {
				t.Errorf("%d records beside the error", len(page.Records))
			}
		})
	}
}

func TestBareDOIs(t *testing.T) {
	tests := []struct {
		field string
		want  []string
	}{
		{"10.1038/nature14539", []string{"10.1038/nature14539"}},
		{"10.1002/x; 10.1002/y", []string{"10.1002/x", "10.1002/y"}},
		{"10.1002/x,10.1002/y;", []string{"10.1002/x", "10.1002/y"}},
		{"10.1002/x;https://doi.org/10.1002/y", []string{"10.1002/x", "10.1002/y"}},
		{"http://dx.doi.org/10.1103/PhysRevD.1.2", []string{"10.1103/PhysRevD.1.2"}},
		{"https://doi.org/10.1103/1 DOI:10.1103/2 doi.org/10.1103/3 dx.doi.org/10.1103/4", []string{"10.1103/1", "10.1103/2", "10.1103/3", "10.1103/4"}},
		{"10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2", []string{"10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"}},
		{"DOI:https://www.doi.org/10.1103/5", []string{"10.1103/5"}},
		{"doi: 10.1000.10/7", []string{"10.1000.10/7"}},
		{"n/a", nil},
		{"10.1 pages/second", nil},
		{"", nil},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, bareDOIs(test.field)); diff != "" {
			t.Errorf("%q: %s", test.field, diff)
		}
	}
}

func FuzzParseAtom(f *testing.F) {
	for _, seed := range []string{classicFeed, transitionalFeed, currentFeed, emptyFeed, fmt.Sprintf(errorFeed, "abc"), "Rate exceeded.", "<feed"} {
		f.Add([]byte(seed))
	}
	if files, _ := filepath.Glob(recordings + "/atom_new/mpp*.xml"); len(files) > 0 {
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		page, err := ParseAtom(data)
		if err != nil && len(page.Records) > 0 {
			t.Errorf("records beside the error %v", err)
		}
		for _, r := range page.Records {
			id, version, err := arxiv.Parse(r.ID.Versioned(r.Version))
			if err != nil || id != r.ID || version != r.Version || version < 1 {
				t.Errorf("record of %q version %d", r.ID, r.Version)
			}
			if r.Title != arxiv.Text(r.Title) || r.Published.IsZero() && r.Version == 1 && !r.Submitted.Equal(r.Published) {
				t.Errorf("%s: title %q, published %v, submitted %v", r.ID, r.Title, r.Published, r.Submitted)
			}
		}
	})
}

// bareFeed is what a reader without gofeed, checks and normalisation would decode into.
type bareFeed struct {
	Entries []struct {
		ID         string   `xml:"id"`
		Title      string   `xml:"title"`
		Updated    string   `xml:"updated"`
		Published  string   `xml:"published"`
		Summary    string   `xml:"summary"`
		Names      []string `xml:"author>name"`
		Comment    string   `xml:"http://arxiv.org/schemas/atom comment"`
		JournalRef string   `xml:"http://arxiv.org/schemas/atom journal_ref"`
		DOIs       []string `xml:"http://arxiv.org/schemas/atom doi"`
		Categories []struct {
			Term string `xml:"term,attr"`
		} `xml:"category"`
	} `xml:"entry"`
}
