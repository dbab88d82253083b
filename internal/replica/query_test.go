package replica

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// fewPapers are three papers with three, one and one versions.
func fewPapers(t testing.TB) []Paper {
	t.Helper()
	version := func(n int, at time.Time) Version { return Version{Version: n, Submitted: at} }
	first := version(1, day.AddDate(-3, 0, 0))
	first.Title, first.Authors, first.Comment = "Attention Is All You Need", []Author{{Name: "Ashish Vaswani"}, {Name: "Łukasz Kaiser"}}, "first"
	second := version(2, day.AddDate(-2, 0, 0))
	second.Title = "Attention, Once More"
	other := version(1, day.AddDate(-1, 0, 0))
	other.Title, other.Authors = "Graph Attention Networks", []Author{{Name: "Petar Veličković"}}
	old := version(1, day.AddDate(-20, 0, 0))
	old.Title, old.Authors = "Strings", []Author{{Name: "A. Physicist"}}
	return []Paper{
		{ID: "1706.03762", Categories: []string{"cs.CL", "cs.LG"}, Versions: []Version{first, second, version(3, day.AddDate(-1, -6, 0))}},
		{ID: "1710.10903", Categories: []string{"stat.ML", "cs.AI"}, Versions: []Version{other}},
		{ID: "math/0309136", Categories: []string{"math.GT"}, JournalRef: "Some Journal 7", Versions: []Version{old}},
	}
}

func askIDs(t *testing.T, s *Server, list string) atomFeed {
	t.Helper()
	answer := get(t, s, "/api/query?max_results=100&id_list="+url.QueryEscape(list))
	if answer.status != http.StatusOK {
		t.Fatalf("id_list=%s: status %d: %s", list, answer.status, answer.body)
	}
	return parseFeed(t, answer.body)
}

// TestExactTerms: what passes the check of form is matched letter by letter, and what does not match is left out.
func TestExactTerms(t *testing.T) {
	s := newServer(t, Options{Papers: jsonLines(t, fewPapers(t)...)})
	for list, want := range map[string]string{
		"1706.03762":                       "1706.03762v3",
		"1706.03762v1":                     "1706.03762v1",
		"1706.03762,1706.03762v3":          "1706.03762v3", // the same document
		"1706.03762,1706.03762":            "1706.03762v3",
		"1706.03762,1706.03762v1":          "1706.03762v1 1706.03762v3",
		"1706.03762v4":                     "",
		"1706.03762v0":                     "",
		"1706.03762v01":                    "",
		"1706.03762v":                      "",
		"1706.03762V1":                     "",
		"arXiv:1706.03762":                 "",
		"https://arxiv.org/abs/1706.03762": "",
		" 1706.03762":                      "",
		"1706.03762 ":                      "",
		"1706.3762":                        "",
		"1713.00001":                       "",
		"0000.0000":                        "",
		"math/0309136":                     "math/0309136v1",
		"math.GT/0309136":                  "",
		"MATH/0309136":                     "",
		"1710.10903,2401.99999":            "1710.10903v1",
		"1706.03762v99999999999999999999":  "",
		"1706.03762,1710.10903,math/0309136,0704.1": "!",
	} {
		if want == "!" {
			continue
		}
		feed := askIDs(t, s, list)
		got := feed.entryIDs()
		slices.Sort(got)
		if strings.Join(got, " ") != want || feed.Total != len(got) {
			t.Errorf("id_list=%q: %v, total %d, want %s", list, got, feed.Total, want)
		}
	}
}

// TestRefusals: each is an Atom feed with one entry that looks like a paper.
func TestRefusals(t *testing.T) {
	s := newServer(t, Options{Papers: jsonLines(t, fewPapers(t)...)})
	for _, test := range []struct {
		query   string
		status  int
		message string
		id      string
	}{
		{"id_list=abc", 400, "incorrect id format for abc", "https://arxiv.org/api/errors#incorrect_id_format_for_abc"},
		{"id_list=1706.03762,abc,1710.10903", 400, "incorrect id format for abc", ""},
		{"id_list=1706.03762,", 400, "incorrect id format for ", ""},
		{"id_list=1706.03762,,1710.10903", 400, "incorrect id format for ", ""},
		{"id_list=1706.03762&start=x", 400, "start must be an integer", ""},
		{"id_list=1706.03762&start=-1", 400, "start must be non-negative", ""},
		{"id_list=1706.03762&max_results=ten", 400, "max_results must be an integer", ""},
		{"id_list=1706.03762&max_results=-1", 400, "max_results must be non-negative", ""},
		{"id_list=1706.03762&sortBy=title", 400, "sortBy must be in: relevance, lastUpdatedDate, submittedDate", "https://arxiv.org/help/api/user-manual#sort"},
		{"id_list=1706.03762&sortOrder=up", 400, "sortOrder must be in: ascending, descending", ""},
		{"", 400, "Either a search_query or id_list must be specified for the classic API.", "https://arxiv.org/api/errors"},
		{"id_list=1706.03762&max_results=0", 500, serverError, ""},
		{"search_query=all:a&start=10000&max_results=100", 500, serverError, ""},
		{"search_query=all:a&max_results=10001", 500, serverError, ""},
		{"search_query=title:a", 400, "Invalid field: title", ""},
		{"search_query=ti:%22a", 400, `Quotation does not close: ti:"a`, ""},
		{"search_query=ti:a+AND+OR+ti:b", 400, "Query contains 2 consecutive operators: AND OR", ""},
		{"search_query=a+b&raw=1", 400, "Cannot parse fragment: a", ""},
		{"search_query=(ti:a", 400, "Unbalanced parentheses", ""},
		{"search_query=ti:a)", 400, "Unbalanced parentheses", ""},
		{"search_query=()", 400, "Empty query", ""},
		{"search_query=" + strings.Repeat("(", 200), 400, "Query is nested too deeply", ""},
		{"search_query=" + strings.Repeat("a+", maxQuery), 400, "Query is too long", ""},
	} {
		answer := ask(t, s, http.MethodPost, "/api/query", test.query)
		feed := parseFeed(t, answer.body)
		if answer.status != test.status || feed.Title != "arXiv Search Results" || feed.Total != 1 || len(feed.Entries) != 1 {
			t.Errorf("%s: status %d, %s", test.query, answer.status, answer.body)
			continue
		}
		entry := feed.Entries[0]
		if entry.Title != "Error" || entry.Summary != test.message || entry.Published != "" || entry.Authors[0].Name != "arXiv api core" {
			t.Errorf("%s: %+v", test.query, entry)
		}
		if test.id != "" && entry.ID != test.id {
			t.Errorf("%s: id %s", test.query, entry.ID)
		}
	}
}

func TestMethodsAndLimits(t *testing.T) {
	s := newServer(t, Options{Papers: jsonLines(t, fewPapers(t)...)})
	many := strings.Repeat("1706.03762,", 700)
	many = many[:len(many)-1]
	for _, test := range []struct {
		name, method, target, form string
		header                     []string
		status                     int
	}{
		{"get", "GET", "/api/query?id_list=1706.03762", "", nil, 200},
		{"head", "HEAD", "/api/query?id_list=1706.03762", "", nil, 200},
		{"post", "POST", "/api/query", "id_list=1706.03762", []string{"Content-Type", "application/x-www-form-urlencoded"}, 200},
		{"post without type", "POST", "/api/query", "id_list=1706.03762", nil, 200},
		{"put", "PUT", "/api/query?id_list=1706.03762", "", nil, 405},
		{"too long", "GET", "/api/query?id_list=" + url.QueryEscape(many), "", nil, 414},
		{"long by post", "POST", "/api/query", "id_list=" + many, nil, 200},
		{"huge", "POST", "/api/query", strings.Repeat("a", maxBody+1), nil, 413},
		{"no accept", "GET", "/api/query?id_list=1706.03762", "", []string{"Accept", ""}, 406},
		{"old path", "GET", "/api/query/search_query?id_list=1706.03762", "", nil, 404},
	} {
		answer := ask(t, s, test.method, test.target, test.form, test.header...)
		if answer.status != test.status {
			t.Errorf("%s: status %d, want %d", test.name, answer.status, test.status)
		}
		if test.method == "HEAD" && (answer.body != "" || answer.header.Get("Content-Length") == "0") {
			t.Errorf("HEAD: %q, length %s", answer.body, answer.header.Get("Content-Length"))
		}
	}
}

// TestTenByDefault: an eleventh identifier is lost unless max_results is given.
func TestTenByDefault(t *testing.T) {
	s := newServer(t, Options{})
	ids := make([]string, 0, 11)
	for _, paper := range s.archive.papers[:11] {
		ids = append(ids, paper.ID)
	}
	feed := parseFeed(t, get(t, s, "/api/query?id_list="+strings.Join(ids, ",")).body)
	if len(feed.Entries) != 10 || feed.Total != 11 || feed.PerPage != 10 {
		t.Errorf("%d entries, total %d, %d a page", len(feed.Entries), feed.Total, feed.PerPage)
	}
	feed = parseFeed(t, get(t, s, "/api/query?max_results=5&start=8&id_list="+strings.Join(ids, ",")).body)
	if len(feed.Entries) != 3 || feed.Start != 8 {
		t.Errorf("%d entries from %d", len(feed.Entries), feed.Start)
	}
}

// TestOrder: the current server's order is not the asked one but always the same; the old server kept it.
func TestOrder(t *testing.T) {
	current := newServer(t, Options{})
	classic := newServer(t, Options{Shape: Classic})
	var asked []string
	for _, paper := range current.archive.papers {
		asked = append(asked, versioned(paper.ID, len(paper.Versions)))
	}
	list := strings.Join(asked, ",")
	got := askIDs(t, current, list).entryIDs()
	if slices.Equal(got, asked) || !slices.Equal(got, askIDs(t, current, list).entryIDs()) {
		t.Error("order of the current server")
	}
	sorted := slices.Clone(got)
	slices.Sort(sorted)
	if slices.Sort(asked); !slices.Equal(sorted, asked) {
		t.Error("entries are missing")
	}
	slices.Reverse(asked)
	if got := askIDs(t, classic, strings.Join(asked, ",")).entryIDs(); !slices.Equal(got, asked) {
		t.Errorf("order of the old server: %v", got)
	}
	for query, want := range map[string]string{
		"sortBy=submittedDate":                       "1710.10903v1 1706.03762v3 math/0309136v1",
		"sortBy=submittedDate&sortOrder=ascending":   "math/0309136v1 1706.03762v3 1710.10903v1",
		"sortBy=lastUpdatedDate&sortOrder=ascending": "math/0309136v1 1706.03762v3 1710.10903v1",
	} {
		s := newServer(t, Options{Papers: jsonLines(t, fewPapers(t)...)})
		feed := parseFeed(t, get(t, s, "/api/query?id_list=1706.03762,math/0309136,1710.10903&"+query).body)
		if got := strings.Join(feed.entryIDs(), " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// TestPlaceholders: the old server gave unknown identifiers an empty entry each, but one alone none.
func TestPlaceholders(t *testing.T) {
	s := newServer(t, Options{Papers: jsonLines(t, fewPapers(t)...), Shape: Classic})
	feed := askIDs(t, s, "2401.00001,1706.03762,1706.03762v9")
	if feed.Total != 3 || len(feed.Entries) != 3 || feed.Entries[0].ID != "" || feed.Entries[0].Title != "" || feed.Entries[1].ID == "" {
		t.Errorf("%+v", feed)
	}
	if feed = askIDs(t, s, "2401.00001"); feed.Total != 1 || len(feed.Entries) != 0 {
		t.Errorf("%+v", feed)
	}
}

func TestSearch(t *testing.T) {
	s := newServer(t, Options{Papers: jsonLines(t, fewPapers(t)...)})
	for query, want := range map[string]string{
		`ti:attention`:                   "1706.03762 1710.10903",
		`ti:"graph attention"`:           "1710.10903",
		`ti:attent*`:                     "1706.03762 1710.10903",
		`ti:atten`:                       "",
		`ti:need`:                        "", // the title of version 1; a search sees current versions
		`au:kaiser`:                      "1706.03762",
		`au:velickovic`:                  "1710.10903",
		`au:vaswani_a`:                   "1706.03762",
		`au:vaswani_b`:                   "",
		`cat:cs.CL`:                      "1706.03762",
		`cat:cs*`:                        "1706.03762 1710.10903",
		`jr:journal`:                     "math/0309136",
		`all:strings`:                    "math/0309136",
		`id:1706.03762`:                  "1706.03762",
		`ti:attention AND au:vaswani`:    "1706.03762",
		`ti:attention ANDNOT au:vaswani`: "1710.10903",
		`au:vaswani OR au:physicist`:     "1706.03762 math/0309136",
		`ti:attention ANDNOT (au:vaswani OR ti:graph)`: "",
		`strings graph`: "1710.10903 math/0309136",
		`abs:stand-in`:  "1706.03762 1710.10903 math/0309136",
	} {
		answer := get(t, s, "/api/query?search_query="+url.QueryEscape(query))
		if answer.status != http.StatusOK {
			t.Errorf("%s: status %d: %s", query, answer.status, answer.body)
			continue
		}
		var got []string
		for _, id := range parseFeed(t, answer.body).entryIDs() {
			got = append(got, id[:strings.LastIndex(id, "v")])
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
	both := parseFeed(t, get(t, s, "/api/query?id_list=1706.03762v1,1710.10903&search_query=ti:need").body)
	if got := both.entryIDs(); len(got) != 1 || got[0] != "1706.03762v1" {
		t.Errorf("search among identifiers: %v", got)
	}
	best := parseFeed(t, get(t, s, "/api/query?search_query="+url.QueryEscape(`ti:"graph attention networks" OR ti:attention`)).body)
	if got := best.entryIDs(); got[0] != "1710.10903v1" {
		t.Errorf("relevance: %v", got)
	}
}

// TestVersionsHaveTheirOwnTexts, and nothing later than the clock exists.
func TestVersionsHaveTheirOwnTexts(t *testing.T) {
	now := day.AddDate(-2, 0, -1)
	s := newServer(t, Options{Papers: jsonLines(t, fewPapers(t)...), Now: func() time.Time { return now }})
	if got := askIDs(t, s, "1706.03762,1706.03762v2,1710.10903").entryIDs(); fmt.Sprint(got) != "[1706.03762v1]" {
		t.Errorf("before version 2: %v", got)
	}
	now = day
	entries := map[string]atomEntry{}
	for _, entry := range askIDs(t, s, "1706.03762v1,1706.03762v2,1706.03762v3").Entries {
		entries[entry.ID[len(entry.ID)-2:]] = entry
	}
	first, second, third := entries["v1"], entries["v2"], entries["v3"]
	if first.Title != "Attention Is All You Need" || second.Title != "Attention, Once More" || third.Title != second.Title ||
		first.Comment != "first" || second.Comment != "" || first.Published != third.Published || first.Updated == second.Updated ||
		!strings.Contains(second.Summary, "Stand-in abstract of 1706.03762v2") || len(third.Authors) != 2 {
		t.Errorf("%+v", entries)
	}
}

func TestParseShape(t *testing.T) {
	for name, want := range map[string]Shape{"current": Current, "transitional": Transitional, "classic": Classic} {
		if got, err := ParseShape(name); err != nil || got != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := ParseShape("atom"); err == nil {
		t.Error("atom is no shape")
	}
}

func FuzzParsePhrase(f *testing.F) {
	for _, seed := range []string{`ti:"a b" AND (au:c ANDNOT cat:cs.*) OR d`, "((", `"`, "a:b:c", "ti: x", "\xff:\x00"} {
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, query string, raw bool) {
		parsed, rewritten, err := parsePhrase(query, raw)
		if err != nil {
			return
		}
		again, _, err := parsePhrase(rewritten, raw)
		if err != nil {
			t.Fatalf("%q became %q: %v", query, rewritten, err)
		}
		if rewritten != query && parsed.String() != again.String() {
			t.Fatalf("%q: %s, then %s", query, parsed, again)
		}
	})
}
