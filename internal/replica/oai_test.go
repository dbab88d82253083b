package replica

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func askOAI(t *testing.T, s *Server, query string) node {
	t.Helper()
	answer := get(t, s, "/oai?"+query)
	if answer.status != http.StatusOK || answer.header.Get("Content-Type") != "text/xml; charset=utf-8" {
		t.Fatalf("%s: status %d", query, answer.status)
	}
	return tree(t, answer.body)
}

func (n node) attribute(name string) string {
	for _, attribute := range n.Attributes {
		if value, ok := strings.CutPrefix(attribute, " "+name+"="); ok {
			return value
		}
	}
	return ""
}

// TestOAIErrors: every error has status 200, a code, and a reason at its end.
func TestOAIErrors(t *testing.T) {
	s := newServer(t, Options{Papers: jsonLines(t, fewPapers(t)...)})
	token := url.QueryEscape(url.QueryEscape("verb=ListIdentifiers&metadataPrefix=arXiv&skip=1"))
	for query, want := range map[string]string{
		"":                                   "badVerb Invalid verb provided",
		"verb=chaos":                         "badVerb Invalid verb provided",
		"verb=Identify&x=1":                  "badArgument No other parameters allowed for Identify",
		"verb=ListSets&x=1":                  "badArgument No other parameters allowed",
		"verb=ListSets&resumptionToken=math": "badArgument Invalid token",
		"verb=ListMetadataFormats&x=1":       "badArgument Only allowed parameters are verb, identifier",
		"verb=ListMetadataFormats&identifier=1706.03762":                                       "idDoesNotExist All identifiers start with: oai:arXiv.org:",
		"verb=GetRecord&identifier=oai:arXiv.org:1706.03762":                                   "badArgument Parameters provided did not match expected. Expected: identifier, metadataPrefix, verb",
		"verb=GetRecord&metadataPrefix=oai_dc&metadataPrefix=oai_dc":                           "badArgument Duplicate parameters not allowed",
		"verb=GetRecord&metadataPrefix=pictures&identifier=oai:arXiv.org:1706.03762":           "cannotDisseminateFormat Did not recognize requested format",
		"verb=GetRecord&metadataPrefix=arXiv&identifier=1706.03762":                            "idDoesNotExist All identifiers start with: oai:arXiv.org:",
		"verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arxiv.org:1706.03762":              "idDoesNotExist All identifiers start with: oai:arXiv.org:",
		"verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:totally_an_id//sdfkj34o": "idDoesNotExist Invalid arXiv_id structure",
		"verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:0713.0001":               "idDoesNotExist Invalid arXiv_id structure",
		"verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:2401.00001":              "idDoesNotExist Nothing found for this ID",
		"verb=ListRecords":                                                           "badArgument metadataPrefix required.",
		"verb=ListRecords&metadataPrefix=arXiv&x=1":                                  "badArgument Unallowed parameter. Allowed parameters: verb, metadataPrefix, from, until, set",
		"verb=ListRecords&metadataPrefix=pictures":                                   "cannotDisseminateFormat Did not recognize requested format",
		"verb=ListRecords&resumptionToken=rainbow":                                   "badResumptionToken Token decoding failed or format is invalid.",
		"verb=ListRecords&resumptionToken=760571%7C10001":                            "badResumptionToken Token decoding failed or format is invalid.",
		"verb=ListRecords&resumptionToken=%25zz":                                     "badResumptionToken Token decoding failed or format is invalid.",
		"verb=ListRecords&resumptionToken=rainbow&metadataPrefix=oai_dc":             "badArgument No other paramters allowed with resumptionToken",
		"verb=ListRecords&resumptionToken=" + token:                                  "badResumptionToken token from different verb",
		"verb=ListIdentifiers&metadataPrefix=arXiv&from=2015-05-27T00:00:00Z":        "badArgument from date format must be YYYY-MM-DD",
		"verb=ListIdentifiers&metadataPrefix=arXiv&until=2015-5-27":                  "badArgument until date format must be YYYY-MM-DD",
		"verb=ListIdentifiers&metadataPrefix=arXiv&from=1999-01-01":                  "badArgument start date too early",
		"verb=ListIdentifiers&metadataPrefix=arXiv&until=2624-01-01":                 "badArgument until date too late",
		"verb=ListIdentifiers&metadataPrefix=arXiv&from=2015-05-28&until=2015-05-27": "badArgument until date must be greater than or equal to from date",
		"verb=ListIdentifiers&metadataPrefix=arXiv&set=math:physics":                 "badArgument Set does not exist",
		"verb=ListIdentifiers&metadataPrefix=arXiv&set=math:math:math:NA":            "badArgument Set has too many levels",
		"verb=ListIdentifiers&metadataPrefix=arXiv&from=2016-01-01&until=2016-01-02": "noRecordsMatch No records match for these parameters",
		"verb=ListIdentifiers&metadataPrefix=arXiv&set=physics:hep-th":               "noRecordsMatch No records match for these parameters",
	} {
		errors := askOAI(t, s, query).find("error")
		if len(errors) != 1 {
			t.Errorf("%s: no error", query)
			continue
		}
		_, reason, _ := strings.Cut(errors[0].Text, " Reason: ")
		if got := errors[0].attribute("code") + " " + reason; got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// TestOAIIdentifiers: forms that GetRecord takes for a paper, versions that do not exist among them.
func TestOAIIdentifiers(t *testing.T) {
	s := newServer(t, Options{Papers: jsonLines(t, fewPapers(t)...)})
	for name, want := range map[string]string{
		"1706.03762": "1706.03762", "1706.03762v2": "1706.03762", "1706.03762v99": "1706.03762", "1706.3762": "1706.03762",
		"1706.03762.pdf": "1706.03762", "math.AG/0309136": "math/0309136", "MATH/0309136": "math/0309136", "/math/0309136": "math/0309136",
	} {
		record := askOAI(t, s, "verb=GetRecord&metadataPrefix=arXivRaw&identifier="+url.QueryEscape("oai:arXiv.org:"+name))
		if got := record.text("identifier"); got != "oai:arXiv.org:"+want {
			t.Errorf("%s: %q", name, got)
		}
		if want == "1706.03762" && len(record.find("version")) != 3 {
			t.Errorf("%s: %d versions", name, len(record.find("version")))
		}
	}
	post := ask(t, s, http.MethodPost, "/oai", "verb=GetRecord&metadataPrefix=arXivRaw&identifier=oai:arXiv.org:1706.03762")
	if !strings.Contains(post.body, "<id>1706.03762</id>") {
		t.Error(post.body)
	}
}

// TestRawDates: the day of a version's date has two digits.
func TestRawDates(t *testing.T) {
	paper := fewPapers(t)[2]
	paper.Versions[0].Submitted = time.Date(2003, 9, 3, 4, 5, 6, 0, time.UTC)
	s := newServer(t, Options{Papers: jsonLines(t, paper)})
	record := askOAI(t, s, "verb=GetRecord&metadataPrefix=arXivRaw&identifier=oai:arXiv.org:math/0309136")
	if got := record.text("date"); got != "Wed, 03 Sep 2003 04:05:06 GMT" {
		t.Error(got)
	}
	if got := record.text("datestamp"); got != "2005-09-17" {
		t.Errorf("datestamp %s, want the first that there is", got)
	}
}

func TestSets(t *testing.T) {
	s := newServer(t, Options{Papers: jsonLines(t, fewPapers(t)...)})
	for set, want := range map[string]string{
		"cs": "1706.03762 1710.10903", "cs:cs": "1706.03762 1710.10903", "cs:cs:CL": "1706.03762", "stat": "1710.10903",
		"math:math:GT": "math/0309136",
	} {
		var got []string
		for _, header := range askOAI(t, s, "verb=ListIdentifiers&metadataPrefix=arXiv&set="+set).find("identifier") {
			got = append(got, strings.TrimPrefix(header.Text, "oai:arXiv.org:"))
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v", set, got)
		}
	}
	var specs []string
	for _, set := range askOAI(t, s, "verb=ListSets").find("setSpec") {
		specs = append(specs, set.Text)
	}
	if len(specs) != 183 || !slices.Contains(specs, "physics:cond-mat:stat-mech") || !slices.Contains(specs, "physics:hep-th") {
		t.Errorf("%d sets: %v", len(specs), specs)
	}
	for category, want := range map[string]string{
		"math-ph": "math-ph math.MP", "math.MP": "math.MP math-ph", "cs.IT": "cs.IT math.IT", "math.NA": "math.NA cs.NA",
		"stat.TH": "stat.TH math.ST", "q-fin.EC": "q-fin.EC econ.GN", "eess.SY": "eess.SY cs.SY", "alg-geom": "math.AG", "cs.AI": "cs.AI",
	} {
		if got := strings.Join(withAliases([]string{category}), " "); got != want {
			t.Errorf("%s: %s", category, got)
		}
	}
}

// TestHarvest walks a chain of pages to its end and gets every paper once.
func TestHarvest(t *testing.T) {
	s := newServer(t, Options{PageSize: 7})
	seen := map[string]int{}
	query := "verb=ListRecords&metadataPrefix=arXivRaw&set=cs"
	pages := 0
	for query != "" {
		page := askOAI(t, s, query)
		pages++
		for _, header := range page.find("identifier") {
			seen[header.Text]++
		}
		query = ""
		if token := page.text("resumptionToken"); token != "" {
			query = "verb=ListRecords&resumptionToken=" + url.QueryEscape(token)
		} else if len(page.find("resumptionToken")) != 1 {
			t.Error("the last page of a chain has an empty token")
		}
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s came %d times", id, times)
		}
	}
	if len(seen) < 60 || pages != (len(seen)+6)/7 {
		t.Errorf("%d papers on %d pages", len(seen), pages)
	}
	whole := newServer(t, Options{})
	if page := askOAI(t, whole, "verb=ListIdentifiers&metadataPrefix=arXiv"); len(page.find("resumptionToken")) != 0 {
		t.Error("a single page has no token")
	}
}

// TestOldAddress: /oai2 redirects with its question.
func TestOldAddress(t *testing.T) {
	s := newServer(t, Options{})
	answer := get(t, s, "/oai2?verb=Identify")
	if answer.status != http.StatusMovedPermanently || answer.header.Get("Location") != "/oai?verb=Identify" {
		t.Errorf("%d to %q", answer.status, answer.header.Get("Location"))
	}
}

// TestEdits: a change in place moves the datestamp, not the version.
func TestEdits(t *testing.T) {
	paper := fewPapers(t)[1]
	at := day.Add(-time.Hour)
	paper.Edits = []Edit{
		{At: at, Field: "journal_ref", Value: "Journal 1"}, {At: at, Field: "doi", Value: "10.1000/a 10.1000/b"},
		{At: at, Field: "comment", Value: "now published"}, {At: at, Field: "categories", Value: "cs.LG stat.ML"},
	}
	now := at.Add(-time.Second)
	s := newServer(t, Options{Papers: jsonLines(t, paper), Now: func() time.Time { return now }})
	before := askIDs(t, s, paper.ID).Entries[0]
	if before.Journal != "" || before.Comment != "" || len(before.DOI) != 0 || before.Primary.Term != "stat.ML" {
		t.Errorf("before: %+v", before)
	}
	now = day
	after := askIDs(t, s, paper.ID).Entries[0]
	if after.Journal != "Journal 1" || after.Comment != "now published" || len(after.DOI) != 2 || after.Primary.Term != "cs.LG" ||
		len(after.Categories) != 2 || after.Updated != before.Updated || after.ID != before.ID {
		t.Errorf("after: %+v", after)
	}
	record := askOAI(t, s, "verb=GetRecord&metadataPrefix=arXivRaw&identifier=oai:arXiv.org:"+paper.ID)
	if record.text("datestamp") != day.Format(time.DateOnly) {
		t.Errorf("datestamp %s", record.text("datestamp"))
	}
}
