package replica

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// linkPapers has one paper for each kind of answer.
func linkPapers(t *testing.T) *Server {
	t.Helper()
	v := func(n int, change func(*Version)) Version {
		version := Version{Version: n, Submitted: day.AddDate(-1, n, 0), Title: "A title", Authors: []Author{{Name: "A. Author"}}}
		if change != nil {
			change(&version)
		}
		return version
	}
	paper := func(id string, versions ...Version) Paper {
		return Paper{ID: id, Categories: []string{"math.GT"}, Versions: versions}
	}
	gone := paper("1501.00002", v(1, nil))
	gone.DeletedAt = day.AddDate(0, 0, -1)
	return newServer(t, Options{Papers: jsonLines(t,
		paper("1501.00001", v(1, nil), v(2, nil)),
		gone,
		paper("1501.00003", v(1, nil), v(2, func(v *Version) { v.SourceType = "I" })),
		paper("1501.00004", v(1, nil), v(2, func(v *Version) { v.Withdrawn = true }), v(3, nil)),
		paper("1501.00005", v(1, func(v *Version) { v.SourceType = "H" })),
		paper("1501.00006", v(1, func(v *Version) { v.SourceType = "X" })),
		paper("1501.00007", v(1, func(v *Version) { v.PDF = "unavailable" })),
		paper("1501.00008", v(1, func(v *Version) { v.PDF = "none" })),
		paper("1501.00009", v(1, func(v *Version) { v.SourceType = "AS" })),
		paper("math/0309136", v(1, nil)),
		paper("hep-th/9901001", v(1, nil)),
	)})
}

// TestLinkTargets is the table of what arXiv's pages answer.
func TestLinkTargets(t *testing.T) {
	s := linkPapers(t)
	for _, test := range []struct {
		target   string
		status   int
		location string
		text     string
	}{
		{"/abs/1501.00001", 200, "", "A title"},
		{"/abs/1501.00001v1", 200, "", "1501.00001v1"},
		{"/abs/math/0309136", 200, "", "A title"},
		{"/abs/1501.00003", 200, "", ""}, // withdrawn
		{"/abs/1501.00003v2", 200, "", ""},
		{"/abs/1501.00001?context=math", 200, "", ""},
		{"/abs/math.GT/0309136", 301, "/abs/math/0309136", ""},
		{"/abs/math.GT/0309136v1", 301, "/abs/math/0309136v1", ""},
		{"/abs/HEP-TH/9901001", 301, "/abs/hep-th/9901001", ""},
		{"/abs/hepth/9901001", 301, "/abs/hep-th/9901001", ""},
		{"/abs/1501.00001.pdf", 301, "/abs/1501.00001", ""},
		{"/abs/1501.0001", 301, "/abs/1501.00001", ""},
		{"/abs?id=1501.00001", 301, "/abs/1501.00001", ""},
		{"/abs/hep-th?papernum=9901001", 301, "/abs/hep-th/9901001", ""},
		{"/abs/1501.99999", 404, "", "Article 1501.99999 not found"},
		{"/abs/1501.00001v3", 404, "", "version 3 not found"},
		{"/abs/1501.00002", 404, "", "recorded as having been deleted"},
		{"/abs/1501.00001v0", 404, "", "not recognized"},
		{"/abs/no-such-thing", 404, "", "not recognized"},
		{"/abs/<script>", 404, "", "&lt;script&gt;"},
		{"/abs", 404, "", ""},
		{"/pdf/1501.00001", 200, "", "%PDF-1.4"},
		{"/pdf/1501.00001v1", 200, "", "%PDF-1.4"},
		{"/pdf/1501.00001.pdf", 301, "/pdf/1501.00001", ""},
		{"/pdf/1501.00001v2.pdf", 301, "/pdf/1501.00001v2", ""},
		{"/pdf/1501.00001?download=1", 301, "/pdf/1501.00001", ""},
		{"/pdf/math.GT/0309136", 301, "/pdf/math/0309136", ""},
		{"/pdf/1501.99999", 404, "", "not found"},
		{"/pdf/1501.00002", 404, "", "deleted"},
		{"/pdf/1501.00003", 404, "", "This version of 1501.00003 has been withdrawn"},
		{"/pdf/1501.00003v2", 404, "", "has been withdrawn"},
		{"/pdf/1501.00003v1", 200, "", "%PDF"},
		{"/pdf/1501.00004v2", 404, "", "has been withdrawn"},
		{"/pdf/1501.00004", 200, "", "%PDF"}, // live again
		{"/pdf/1501.00005", 404, "", "No PDF"},
		{"/pdf/1501.00006", 404, "", "No PDF"},
		{"/pdf/1501.00007", 500, "", "unavailable"},
		{"/pdf/1501.00008", 404, "", "No PDF"},
		{"/src/1501.00009", 403, "", ""},
		{"/src/1501.00003", 404, "", ""},
		{"/src/1501.00001", 200, "", ""},
		{"/html/1501.00001", 404, "", ""},
		{"/html/1501.00005", 200, "", ""},
		{"/ct?url=x", 404, "", ""},
		{"/ftp/x", 404, "", ""},
		{"/list/cs.AI/recent", 404, "", ""},
		{"/robots.txt", 200, "", "Crawl-delay: 15"},
		{"/", 200, "", "not arXiv"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			answer := ask(t, s, method, test.target, "")
			if answer.status != test.status || answer.header.Get("Location") != test.location {
				t.Errorf("%s %s: status %d, location %q", method, test.target, answer.status, answer.header.Get("Location"))
			}
			if method == http.MethodHead && answer.body != "" || method == http.MethodGet && !strings.Contains(answer.body, test.text) {
				t.Errorf("%s %s: %s", method, test.target, answer.body)
			}
		}
	}
	if answer := ask(t, s, http.MethodPost, "/abs/1501.00001", ""); answer.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", answer.status)
	}
}

func TestConditionalRequests(t *testing.T) {
	s := linkPapers(t)
	abs := get(t, s, "/abs/1501.00001")
	if abs.header.Get("Last-Modified") == "" || abs.header.Get("Cache-Control") != "max-age=3600" {
		t.Errorf("abs: %v", abs.header)
	}
	pdf := get(t, s, "/pdf/1501.00001")
	if pdf.header.Get("ETag") == "" || pdf.header.Get("Last-Modified") == "" || pdf.header.Get("Accept-Ranges") != "bytes" || pdf.header.Get("Content-Length") != "" {
		t.Errorf("pdf: %v", pdf.header)
	}
	if head := ask(t, s, http.MethodHead, "/pdf/1501.00001", ""); head.header.Get("Content-Length") == "" {
		t.Errorf("HEAD pdf: %v", head.header)
	}
	const long = "Sat, 01 Jan 2000 00:00:00 GMT"
	for _, test := range []struct {
		target, name, value string
		status              int
	}{
		{"/abs/1501.00001", "If-Modified-Since", abs.header.Get("Last-Modified"), 304},
		{"/abs/1501.00001", "If-Modified-Since", long, 200},
		{"/abs/1501.00001", "If-Modified-Since", "nonsense", 200},
		{"/pdf/1501.00001", "If-Modified-Since", pdf.header.Get("Last-Modified"), 304},
		{"/pdf/1501.00001", "If-None-Match", pdf.header.Get("ETag"), 304},
		{"/pdf/1501.00001", "If-None-Match", "W/" + pdf.header.Get("ETag"), 304},
		{"/pdf/1501.00001", "If-None-Match", `"other"`, 200},
		{"/pdf/1501.00003", "If-Modified-Since", pdf.header.Get("Last-Modified"), 404},
	} {
		if answer := get(t, s, test.target, test.name, test.value); answer.status != test.status || test.status == 304 && answer.body != "" {
			t.Errorf("%s with %s %s: %d", test.target, test.name, test.value, answer.status)
		}
	}
}

// TestDisappearance: a paper that is taken away is silently gone from the query API, unknown to OAI-PMH, and 404.
func TestDisappearance(t *testing.T) {
	s := linkPapers(t)
	if feed := askIDs(t, s, "1501.00002,1501.00001"); feed.Total != 1 {
		t.Errorf("query: %+v", feed)
	}
	record := askOAI(t, s, "verb=GetRecord&metadataPrefix=arXivRaw&identifier="+url.QueryEscape("oai:arXiv.org:1501.00002"))
	if errors := record.find("error"); len(errors) != 1 || errors[0].attribute("code") != "idDoesNotExist" {
		t.Errorf("oai: %+v", record)
	}
}
