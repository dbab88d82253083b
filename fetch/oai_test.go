package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"syncer/arxiv"
)

// rawRecord is a record as today's server writes it; %s is the header's attributes.
const rawRecord = `<record>
    <header%s>
        <identifier>oai:arXiv.org:math/0510544</identifier>
        <datestamp>2012-08-27</datestamp>
            <setSpec>math:math:RT</setSpec>
            <setSpec>math:math:RA</setSpec>
    </header>
    <metadata>
        <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <id>math/0510544</id>
        <submitter>Jo\"el  Somebody</submitter>
            <version version="v2">
                <date>Wed, 02 Feb 2011 00:31:14 GMT</date>
                <size>0kb</size>
                    <source_type>I</source_type>
            </version>
            <version version="v1">
                <date>Wed, 2 Nov 2005 04:35:50 GMT</date>
                <size>13kb</size>
            </version>
            <version version="v3">
                <date>Thu, 3 Feb 2011 00:31:14 GMT</date>
            </version>
        <title>A made-up title,
  in two lines</title>
        <authors>A. Body (Somewhere), B. Body</authors>
        <categories>math.RT math.RA</categories>
            <comments>Latex, 15 pages</comments>
            <report-no>R-1</report-no>
            <acm-class>None</acm-class>
            <msc-class>17A32, 17A99</msc-class>
            <journal-ref>Made-up Proc. 9, 51-68</journal-ref>
            <doi>10.1000/a, 10.1000/b</doi>
            <license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>
            <abstract>  We make \emph{this} up.</abstract>
        </arXivRaw>
    </metadata>
</record>`

// oaiAnswer puts content into an answer.
func oaiAnswer(content string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">
    <responseDate>2026-11-23T07:36:53Z</responseDate>
    <request>https://oaipmh.arxiv.org/oai</request>
    ` + content + `
</OAI-PMH>`
}

var (
	rawAnswer     = oaiAnswer("<GetRecord>" + fmt.Sprintf(rawRecord, "") + "</GetRecord>")
	unknownAnswer = oaiAnswer(`<error code='idDoesNotExist'>The value of the identifier argument is unknown. Reason: Nothing found for this ID</error>`)
)

var rawWant = arxiv.RawRecord{
	ID:        "math/0510544",
	Datestamp: "2012-08-27",
	Sets:      []string{"math:math:RT", "math:math:RA"},
	Submitter: `Jo\"el Somebody`,
	License:   "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
	Versions: []arxiv.RawVersion{
		{Number: 1, Submitted: time.Date(2005, 11, 2, 4, 35, 50, 0, time.UTC), SizeKB: 13},
		{Number: 2, Submitted: time.Date(2011, 2, 2, 0, 31, 14, 0, time.UTC), SizeKB: 0, SourceType: "I"},
		{Number: 3, Submitted: time.Date(2011, 2, 3, 0, 31, 14, 0, time.UTC), SizeKB: -1},
	},
	Title:      "A made-up title, in two lines",
	Authors:    "A. Body (Somewhere), B. Body",
	Abstract:   `We make \emph{this} up.`,
	Comment:    "Latex, 15 pages",
	JournalRef: "Made-up Proc. 9, 51-68",
	DOI:        "10.1000/a, 10.1000/b",
	Categories: []string{"math.RT", "math.RA"},
	ReportNo:   "R-1",
	MSCClass:   "17A32, 17A99",
}

func parseOAI(data string) ([]arxiv.RawRecord, OAIPage, error) {
	var records []arxiv.RawRecord
	page, err := ParseOAI(strings.NewReader(data), func(r arxiv.RawRecord) error {
		records = append(records, r)
		return nil
	})
	return records, page, err
}

func TestParseOAI(t *testing.T) {
	bare := fmt.Sprintf(rawRecord, "")
	deleted := fmt.Sprintf(rawRecord, ` status="deleted"`)
	token := `<resumptionToken expirationDate='2026-11-24T00:00:00Z'>verb%3DListRecords%26skip%3D25</resumptionToken>`
	tests := []struct {
		name, data string
		records    int
		page       OAIPage
	}{
		{"GetRecord", rawAnswer, 1, OAIPage{}},
		{"a bare record", bare, 1, OAIPage{}},
		{"a page of a list", oaiAnswer("<ListRecords>" + bare + bare + token + "</ListRecords>"), 2, OAIPage{Token: "verb%3DListRecords%26skip%3D25"}},
		{"the last page", oaiAnswer("<ListRecords>" + bare + "<resumptionToken/></ListRecords>"), 1, OAIPage{}},
		{"a deleted paper", oaiAnswer("<ListRecords>" + deleted + bare + "</ListRecords>"), 1, OAIPage{Deleted: []arxiv.ID{"math/0510544"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			records, page, err := parseOAI(test.data)
			if err != nil {
				t.Fatal(err)
			}
			check(t, "records", len(records), test.records)
			for _, r := range records {
				if diff := cmp.Diff(rawWant, r); diff != "" {
					t.Error(diff)
				}
			}
			if diff := cmp.Diff(test.page, page); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseOAIRefuses(t *testing.T) {
	replace := func(what, with string) string { return strings.Replace(rawAnswer, what, with, 1) }
	tests := []struct{ name, data, want string }{
		{"nothing", "", "no XML"},
		{"text", "Rate exceeded.", "no XML"},
		{"HTML", "<html><body>Busy</body></html>", "<html> markup"},
		{"a feed", currentFeed, "<feed> markup"},
		{"cut off", rawAnswer[:len(rawAnswer)/2], "unexpected EOF"},
		{"cut off after the record", strings.TrimSuffix(rawAnswer, "</OAI-PMH>"), "unexpected EOF"},
		{"another format", strings.ReplaceAll(rawAnswer, "arXivRaw", "arXiv"), "no arXivRaw metadata"},
		{"an identifier that is none", replace("<id>math/0510544", "<id>nonsense"), "nonsense"},
		{"a version that is no number", replace(`version="v2"`, `version="two"`), `version "two"`},
		{"version 0", replace(`version="v2"`, `version="v0"`), `version "v0"`},
		{"a date that is none", replace("Wed, 02 Feb 2011", "Once"), "date of version 2"},
		{"another time zone", replace("04:35:50 GMT", "04:35:50 EST"), "date of version 1"},
		{"an unknown paper", unknownAnswer, "OAI-PMH error idDoesNotExist"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			records, _, err := parseOAI(test.data)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%d records and error %v, want %q in it", len(records), err, test.want)
			}
			check(t, "is an unknown paper", errors.Is(err, ErrUnknownPaper), test.data == unknownAnswer)
		})
	}
}

// TestParseOAIStops sees to it that the consumer's error ends the reading and comes back as it is.
func TestParseOAIStops(t *testing.T) {
	full := errors.New("disk full")
	calls := 0
	bare := fmt.Sprintf(rawRecord, "")
	_, err := ParseOAI(strings.NewReader(oaiAnswer(bare+bare)), func(arxiv.RawRecord) error {
		calls++
		return full
	})
	check(t, "error", err, full)
	check(t, "calls", calls, 1)
}

func TestSingleRecord(t *testing.T) {
	bare := fmt.Sprintf(rawRecord, "")
	if _, err := singleRecord([]byte(rawAnswer), "math/0510544"); err != nil {
		t.Error(err)
	}
	tests := []struct {
		name, data string
		id         arxiv.ID
		unknown    bool
	}{
		{"another paper", rawAnswer, "math/0510545", false},
		{"two records", oaiAnswer(bare + bare), "math/0510544", false},
		{"none", oaiAnswer("<Identify/>"), "math/0510544", false},
		{"deleted", oaiAnswer(fmt.Sprintf(rawRecord, ` status="deleted"`)), "math/0510544", true},
		{"another deleted", oaiAnswer(fmt.Sprintf(rawRecord, ` status="deleted"`)), "math/0510545", false},
	}
	for _, test := range tests {
		_, err := singleRecord([]byte(test.data), test.id)
		if err == nil || errors.Is(err, ErrUnknownPaper) != test.unknown {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func FuzzParseOAI(f *testing.F) {
	for _, seed := range []string{rawAnswer, unknownAnswer, fmt.Sprintf(rawRecord, ` status="deleted"`), oaiAnswer(""), "<record>"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = ParseOAI(bytes.NewReader(data), func(r arxiv.RawRecord) error {
			if id, version, err := arxiv.Parse(string(r.ID)); err != nil || version != 0 || id != r.ID {
				t.Errorf("record of %q", r.ID)
			}
			for i, v := range r.Versions {
				if v.Number < 1 || i > 0 && v.Number < r.Versions[i-1].Number || v.SizeKB < -1 {
					t.Errorf("versions %v", r.Versions)
				}
			}
			if len(r.Versions) == 0 || r.Title != oneLine(r.Title) {
				t.Errorf("title %q, versions %v", r.Title, r.Versions)
			}
			return nil
		})
	})
}
