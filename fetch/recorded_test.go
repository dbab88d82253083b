package fetch

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
)

const recordings = "../../shared/data/wire"

// facts reads a table of facts about recorded answers, which were taken from them by another XML reader. It skips the
// test when the recordings are not there.
func facts(t *testing.T, name string) []map[string]string {
	t.Helper()
	if _, err := os.Stat(recordings); err != nil {
		t.Skip("recorded data not present: ", recordings)
	}
	table, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(table), "\n"), "\n")
	head := strings.Split(lines[0], "\t")
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range strings.Split(line, "\t") {
			row[head[i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}

func recording(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(recordings, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// check compares one fact, in the form in which the table has it.
func check[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestRecordedFeeds(t *testing.T) {
	for _, want := range facts(t, "recorded_atom.tsv") {
		t.Run(want["file"], func(t *testing.T) {
			page, err := ParseAtom(recording(t, want["file"]))
			if err != nil {
				t.Fatal(err)
			}
			check(t, "records", strconv.Itoa(len(page.Records)), want["entries"])
			check(t, "total", strconv.Itoa(page.Total), want["total"])
			if len(page.Records) == 0 {
				return
			}
			r, last := page.Records[0], page.Records[len(page.Records)-1]
			check(t, "first", r.ID.Versioned(r.Version), want["first"])
			check(t, "last", last.ID.Versioned(last.Version), want["last"])
			if want["title"] != "" { // .txt files have comment marks in the middle of titles
				check(t, "title", r.Title, arxiv.Text(want["title"]))
			}
			check(t, "authors", strconv.Itoa(len(r.Authors)), want["authors"])
			check(t, "first author", r.Authors[0].Name, arxiv.Text(want["first_author"]))
			check(t, "published", r.Published.Format(time.RFC3339), want["published"])
			switch {
			case r.Version == 1:
				check(t, "submitted", r.Submitted, r.Published)
			case strings.Contains(want["file"], "transitional") || strings.Contains(want["file"], "rsxiv"):
				check(t, "submitted", r.Submitted, time.Time{})
			default:
				check(t, "submitted", r.Submitted.Format(time.RFC3339), want["updated"])
			}
			check(t, "primary category", r.PrimaryCategory, want["primary"])
			var authors, affiliations, dois, comments, journalRefs int
			for _, r := range page.Records {
				authors += len(r.Authors)
				dois += len(r.DOIs)
				for _, a := range r.Authors {
					affiliations += len(a.Affiliations)
				}
				if r.Comment != "" {
					comments++
				}
				if r.JournalRef != "" {
					journalRefs++
				}
				check(t, "first of the categories", r.Categories[0], r.PrimaryCategory)
				for _, c := range r.Categories {
					if strings.ContainsAny(c, " ,;") || c[0] < 'a' || c[0] > 'z' {
						t.Errorf("%s: category %q is no category", r.ID, c)
					}
				}
				if r.Title == "" || r.Abstract == "" || strings.Contains(r.Abstract, "\n") {
					t.Errorf("%s: title %q, abstract %q", r.ID, r.Title, r.Abstract)
				}
			}
			check(t, "authors of all", strconv.Itoa(authors), want["all_authors"])
			check(t, "affiliations", strconv.Itoa(affiliations), want["affiliations"])
			check(t, "DOIs", strconv.Itoa(dois), want["dois"])
			check(t, "comments", strconv.Itoa(comments), want["comments"])
			check(t, "journal references", strconv.Itoa(journalRefs), want["journal_refs"])
		})
	}
}

func TestRecordedOAI(t *testing.T) {
	for _, want := range facts(t, "recorded_oai.tsv") {
		t.Run(want["file"], func(t *testing.T) {
			var records []arxiv.RawRecord
			page, err := ParseOAI(bytes.NewReader(recording(t, want["file"])), func(r arxiv.RawRecord) error {
				records = append(records, r)
				return nil
			})
			var oaiErr *OAIError
			switch {
			case errors.As(err, &oaiErr):
				check(t, "error code", oaiErr.Code, want["class"])
				check(t, "is an unknown paper", errors.Is(err, ErrUnknownPaper), want["class"] == "idDoesNotExist")
			case err != nil && want["class"] != "":
				if !strings.Contains(err.Error(), want["class"]) {
					t.Errorf("error %q, want %q in it", err, want["class"])
				}
			case err != nil:
				t.Fatal(err)
			default:
				check(t, "error", "", want["class"])
			}
			check(t, "records", strconv.Itoa(len(records)), want["records"])
			check(t, "token", page.Token, want["token"])
			if len(records) == 0 {
				return
			}
			r := records[len(records)-1]
			v := r.Versions[len(r.Versions)-1]
			check(t, "last", string(r.ID), want["last"])
			check(t, "datestamp", r.Datestamp, want["datestamp"])
			check(t, "sets", strings.Join(r.Sets, " "), want["sets"])
			check(t, "versions", strconv.Itoa(len(r.Versions)), want["versions"])
			check(t, "number of the last version", v.Number, len(r.Versions))
			check(t, "date", v.Submitted.Format("Mon, 02 Jan 2006 15:04:05 GMT"), want["date"])
			check(t, "size", strconv.Itoa(v.SizeKB)+"kb", want["size"])
			check(t, "source type", v.SourceType, want["source_type"])
			check(t, "submitter", r.Submitter, want["submitter"])
			check(t, "title", r.Title, want["title"])
			check(t, "categories", strings.Join(r.Categories, " "), want["categories"])
			check(t, "license", r.License, want["license"])
			check(t, "DOI", r.DOI, want["doi"])
			check(t, "MSC class", r.MSCClass, want["msc"])
			check(t, "report number", r.ReportNo, want["report_no"])
			if r.Authors == "" || r.Abstract == "" {
				t.Errorf("authors %q, abstract %q", r.Authors, r.Abstract)
			}
		})
	}
}

// TestRecordedFailures puts the recorded failures through the same judgement as answers from the network.
func TestRecordedFailures(t *testing.T) {
	if _, err := os.Stat(recordings); err != nil {
		t.Skip("recorded data not present: ", recordings)
	}
	atomBody := func(body []byte) error { _, err := ParseAtom(body); return err }
	tests := []struct {
		file   string
		status int
		want   WaitReason
		err    string
	}{
		{"kdense_rate_limited.txt", 429, WaitThrottled, "status 429 Too Many Requests"},
		{"kdense_rate_limited.txt", 200, WaitThrottled, "Rate exceeded."}, // whatever the status
		{"yanhua_agents_raw.xml.txt", 200, WaitThrottled, "Rate exceeded."},
		{"yanhua_cs_ai_latest.xml.txt", 200, WaitThrottled, "Rate exceeded."},
		{"yanhua_metadata.xml.txt", 200, WaitThrottled, "Rate exceeded."},
		{"yanhua_rsi_raw.xml.txt", 200, WaitThrottled, "Rate exceeded."},
		{"yanhua_test_search.xml.txt", 200, WaitThrottled, "Rate exceeded."},
		{"yanhua_latest_arxiv.xml.txt", 200, WaitRetry, "no XML"}, // a client's own words, written into the file
		{"yanhua_latest_arxiv_agents.xml.txt", 200, WaitRetry, "no XML"},
		{"nock_503_retry_after.html", 200, WaitRetry, "<html> markup and no Atom feed"},
		{"inspire_1305.9999.xml", 200, WaitRetry, "<OAI-PMH> markup and no Atom feed"},
	}
	for _, test := range tests {
		err := judge(answer{status: test.status, body: recording(t, "errors/"+test.file)}, time.Now(), atomBody)
		var again *retry
		if !errors.As(err, &again) || again.reason != test.want || !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s with %d: %v, want reason %v and %q", test.file, test.status, err, test.want, test.err)
		}
	}

	var recorded struct {
		Status     int      `json:"status"`
		RawHeaders []string `json:"rawHeaders"`
	}
	if err := json.Unmarshal(recording(t, "errors/nock_503_retry_after.headers.json"), &recorded); err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	for i := 0; i+1 < len(recorded.RawHeaders); i += 2 {
		header.Set(recorded.RawHeaders[i], recorded.RawHeaders[i+1])
	}
	err := judge(answer{recorded.Status, header, recording(t, "errors/nock_503_retry_after.html")}, time.Now(), atomBody)
	var again *retry
	if !errors.As(err, &again) || again.reason != WaitThrottled || again.after != 10*time.Second {
		t.Errorf("the recorded 503: %#v, want to be throttled for 10 s", err)
	}
}
