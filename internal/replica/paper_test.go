package replica

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPaperFileErrors(t *testing.T) {
	const version = `{"version":1,"submitted":"2024-01-01T00:00:00Z","title":"T","authors":[{"name":"A"}]}`
	good := `{"id":"2401.00001","categories":["cs.AI"],"versions":[` + version + `]}`
	if _, err := New(Options{Papers: strings.NewReader("\n" + good + "\n\n")}); err != nil {
		t.Errorf("good file: %v", err)
	}
	for line, want := range map[string]string{
		"{":        "unexpected EOF",
		good + "1": "more than one JSON value",
		`{"id":"2401.00001v1","categories":["cs.AI"],"versions":[` + version + `]}`:                                                         "not a canonical arXiv identifier",
		`{"id":"2401.00001","versions":[` + version + `]}`:                                                                                  "no category",
		`{"id":"2401.00001","categories":["cs.AI"]}`:                                                                                        "no versions",
		`{"id":"2401.00001","categories":["cs.AI"],"typo":1,"versions":[` + version + `]}`:                                                  "unknown field",
		`{"id":"2401.00001","categories":["cs.AI"],"versions":[` + version + `,` + version + `]}`:                                           "version 1 stands where version 2 should",
		`{"id":"2401.00001","categories":["cs.AI"],"versions":[` + version + `,{"version":2}]}`:                                             "version 2: no date",
		`{"id":"2401.00001","categories":["cs.AI"],"versions":[` + version + `,{"version":2,"submitted":"2023-01-01T00:00:00Z"}]}`:          "not later",
		`{"id":"2401.00001","categories":["cs.AI"],"versions":[{"version":1,"submitted":"2024-01-01T00:00:00Z","authors":[{"name":"A"}]}]}`: "no title",
		`{"id":"2401.00001","categories":["cs.AI"],"versions":[{"version":1,"submitted":"2024-01-01T00:00:00Z","title":"T"}]}`:              "no authors",
		`{"id":"2401.00001","categories":["cs.AI"],"versions":[` + version[:len(version)-1] + `,"pdf":"maybe"}]}`:                           "neither none nor unavailable",
		`{"id":"2401.00001","categories":["cs.AI"],"versions":[` + version + `],"edits":[{"field":"title"}]}`:                               "unknown field",
		`{"id":"2401.00001","categories":["cs.AI"],"versions":[` + version + `],"edits":[{"field":"categories"}]}`:                          "no category",
	} {
		_, err := New(Options{Papers: strings.NewReader("\n" + line)})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
	if _, err := New(Options{Papers: strings.NewReader(good + "\n" + good)}); err == nil || !strings.Contains(err.Error(), "line 2: 2401.00001 is on line 1 already") {
		t.Errorf("twice: %v", err)
	}
	if _, err := New(Options{Shape: 7}); err == nil {
		t.Error("shape 7")
	}
	if _, err := New(Options{PageSize: -1}); err == nil {
		t.Error("negative page size")
	}
	if _, err := New(Options{Faults: []Fault{{Endpoint: "rss"}}}); err == nil {
		t.Error("impossible fault")
	}
}

// TestLandmarks: the embedded file holds all 64 papers with whole histories.
func TestLandmarks(t *testing.T) {
	s := newServer(t, Options{})
	if len(s.archive.papers) != 64 {
		t.Fatalf("%d papers", len(s.archive.papers))
	}
	versions := 0
	for _, paper := range s.archive.papers {
		versions += len(paper.Versions)
		for _, v := range paper.Versions {
			if v.Abstract != "" {
				t.Errorf("%s has an abstract", paper.ID)
			}
			if v.Approximate && v.Submitted.After(day) {
				t.Errorf("%s v%d is in the future", paper.ID, v.Version)
			}
		}
	}
	if versions != 175 {
		t.Errorf("%d versions", versions)
	}
	attention, ok := s.archive.find("1706.03762", day)
	if !ok || len(attention.versions) != 7 || !attention.current().Submitted.Equal(time.Date(2023, 8, 2, 0, 41, 18, 0, time.UTC)) {
		t.Errorf("%+v", attention.versions)
	}
	llama, _ := s.archive.find("2407.21783", day)
	if first, last := llama.first().Authors, llama.current().Authors; first[0].Name != "Abhimanyu Dubey" ||
		last[0].Name != "Aaron Grattafiori" || len(first) != 561 || len(last) != 561 {
		t.Errorf("Llama 3: %s of %d, %s of %d", first[0].Name, len(first), last[0].Name, len(last))
	}
}

// TestLandmarksAreTrue holds the embedded file against the facts it was made from.
func TestLandmarksAreTrue(t *testing.T) {
	s := newServer(t, Options{})
	type dated struct{ Version, Date string }
	for _, line := range bytes.Split(bytes.TrimSpace(recordedFile(t, "truth.jsonl")), []byte("\n")) {
		var fact struct {
			ID, Title, Comment string
			Authors            []string
			Primary            string `json:"primary_category"`
			Categories         []string
			Latest             string `json:"latest_version"`
			Versions           []dated
		}
		if err := json.Unmarshal(line, &fact); err != nil {
			t.Fatal(err)
		}
		e, ok := s.archive.find(fact.ID, day)
		if !ok {
			t.Errorf("%s is missing", fact.ID)
			continue
		}
		var authors []string
		for _, author := range e.current().Authors {
			authors = append(authors, author.Name)
		}
		if e.current().Title != fact.Title || !slices.Equal(authors, fact.Authors) ||
			fact.Primary != "" && e.categories[0] != fact.Primary || fact.Categories != nil && !slices.Equal(e.categories, fact.Categories) ||
			fact.Comment != "" && e.current().Comment != fact.Comment ||
			fact.Latest != "" && fact.Latest != fmt.Sprintf("v%d", e.current().Version) {
			t.Errorf("%s differs: %+v", fact.ID, e)
		}
		for _, known := range fact.Versions {
			var n int
			if _, err := fmt.Sscanf(known.Version, "v%d", &n); err != nil {
				t.Fatal(err)
			}
			v, ok := e.version(n)
			exact := v.Submitted.Format(atomTime) == known.Date && !v.Approximate
			day := len(known.Date) == len(time.DateOnly) && v.Submitted.Format(time.DateOnly) == known.Date && v.Approximate
			if !ok || !exact && !day && !(n == e.current().Version && v.Submitted.Format(atomTime) == known.Date) {
				t.Errorf("%s %s: %v, want %s", fact.ID, known.Version, v.Submitted, known.Date)
			}
		}
	}
}

// TestDemo plays the two nights of the demo.
func TestDemo(t *testing.T) {
	scenario, err := DemoScenario(day)
	if err != nil {
		t.Fatal(err)
	}
	if len(scenario.Staged) != 6 || len(scenario.Web) != 4 {
		t.Errorf("%q", scenario.Staged)
	}
	for _, line := range scenario.Staged {
		if !strings.HasPrefix(line, "staged: ") {
			t.Error(line)
		}
	}
	now := day
	s := newServer(t, Options{Papers: scenario.Papers, Now: func() time.Time { return now }})
	plain := newServer(t, Options{Now: func() time.Time { return now }})
	var ids []string
	for _, paper := range plain.archive.papers {
		ids = append(ids, paper.ID)
	}
	list := strings.Join(ids, ",")
	if first, want := askIDs(t, s, list), askIDs(t, plain, list); fmt.Sprint(first.Entries) != fmt.Sprint(want.Entries) {
		t.Error("the first night differs from the landmarks")
	}
	before := askIDs(t, s, list)
	now = day.Add(13 * time.Hour)
	after := map[string]atomEntry{}
	for _, entry := range askIDs(t, s, list).Entries {
		name := strings.TrimPrefix(entry.ID, "http://arxiv.org/abs/")
		after[name[:strings.LastIndex(name, "v")]] = entry
	}
	var changes []string
	for _, old := range before.Entries {
		name := strings.TrimPrefix(old.ID, "http://arxiv.org/abs/")
		id := name[:strings.LastIndex(name, "v")]
		entry, ok := after[id]
		switch {
		case !ok:
			changes = append(changes, id+" gone")
		case entry.Title != old.Title:
			changes = append(changes, id+" title")
		case strings.Contains(entry.Comment, "withdrawn"):
			changes = append(changes, id+" withdrawn")
		case entry.ID != old.ID:
			changes = append(changes, id+" replaced")
		case entry.Journal != old.Journal:
			changes = append(changes, id+" published")
		}
	}
	slices.Sort(changes)
	if got, want := strings.Join(changes, ", "), "2306.15595 gone, 2401.06118 published, 2407.04153 withdrawn, 2412.04984 replaced, 2502.12022 title"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if answer := get(t, s, "/pdf/2407.04153"); answer.status != 404 {
		t.Errorf("pdf of the withdrawn paper: %d", answer.status)
	}
	raw := askOAI(t, s, "verb=GetRecord&metadataPrefix=arXivRaw&identifier=oai:arXiv.org:2407.04153")
	if versions := raw.find("version"); versions[1].text("source_type") != "I" || versions[1].text("size") != "0kb" {
		t.Errorf("%+v", versions)
	}
	if _, err := DemoScenario(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)); err == nil {
		t.Error("a demo before the papers were written")
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string][3]string{
		"Aidan N. Gomez":          {"Gomez", "Aidan N.", ""},
		" OpenAI":                 {"OpenAI", "", ""},
		"Joost van der Putten":    {"van der Putten", "Joost", ""},
		"Waldyr A. Rodrigues Jr.": {"Rodrigues", "Waldyr A.", "Jr."},
		"Martin Luther King, Jr.": {"King", "Martin Luther", "Jr."},
		"Van Morrison":            {"Morrison", "Van", ""},
		"":                        {"", "", ""},
	} {
		keyname, forenames, suffix := splitName(name)
		if got := [3]string{keyname, forenames, suffix}; got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
	for name, want := range map[string]string{"Waldyr A. Rodrigues Jr.": "Waldyr A. Rodrigues", "Martin Luther King, Jr.": "Martin Luther King",
		" OpenAI": " OpenAI", "Jr.": "Jr.", "Henry III": "Henry III", "Loudon Wainwright III": "Loudon Wainwright"} {
		if got := withoutSuffix(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	for text, want := range map[string]string{"Sébastien": `S\'ebastien`, "Çelik": `\c{C}elik`, "Veličković": `Veli\v{c}kovi\'c`,
		"Łukasz Größe": `{\L}ukasz Gr\"o{\ss}e`, "naïve": `na\"{\i}ve`, "plain": "plain", "θ 漢": "θ 漢", "Å": `\r{A}`} {
		if got := texAccents(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestMidnightEastern(t *testing.T) {
	for at, want := range map[string]string{
		"2025-08-20T12:00:00Z": "2025-08-20T00:00:00-04:00", "2025-08-20T03:59:59Z": "2025-08-19T00:00:00-04:00",
		"2025-01-15T04:59:59Z": "2025-01-14T00:00:00-05:00", "2025-03-09T06:59:59Z": "2025-03-09T00:00:00-05:00",
		"2025-03-09T07:00:00Z": "2025-03-09T00:00:00-04:00", "2025-11-02T05:59:59Z": "2025-11-02T00:00:00-04:00",
		"2025-11-02T06:00:00Z": "2025-11-02T00:00:00-05:00",
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := midnightEastern(moment); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
}

// FuzzPapers: a paper file that is taken can be served.
func FuzzPapers(f *testing.F) {
	var few bytes.Buffer
	for _, paper := range fewPapers(f) {
		line, err := json.Marshal(paper)
		if err != nil {
			f.Fatal(err)
		}
		few.Write(append(line, '\n'))
	}
	f.Add(few.Bytes())
	f.Add([]byte(`{"id":"2401.00001","categories":["cs.AI"],"versions":[{"version":1,"submitted":"2024-01-01T00:00:00Z","title":"\u0000<","authors":[{"name":" "}]}]}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := New(Options{Papers: bytes.NewReader(file), Now: clock(day)})
		if err != nil {
			return
		}
		for _, paper := range s.archive.papers {
			for _, shape := range []Shape{Current, Transitional, Classic} {
				s.shape = shape
				parseFeed(t, get(t, s, "/api/query?id_list="+paper.ID).body)
			}
			for _, format := range formats {
				tree(t, get(t, s, "/oai?verb=GetRecord&metadataPrefix="+format+"&identifier=oai:arXiv.org:"+paper.ID).body)
			}
			get(t, s, "/pdf/"+paper.ID)
			get(t, s, "/abs/"+paper.ID)
		}
	})
}
