package replica

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const recorded = "../../../shared/data"

// recordedFile reads a recorded answer, or skips the test where there are none.
func recordedFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(recorded, name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("recorded data not present: " + name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func recordedFiles(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(recorded, pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Skip("recorded data not present: " + pattern)
	}
	for i := range names {
		names[i], _ = filepath.Rel(recorded, names[i])
	}
	return names
}

// day is the clock of most tests.
var day = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func clock(at time.Time) func() time.Time { return func() time.Time { return at } }

func newServer(t testing.TB, o Options) *Server {
	t.Helper()
	if o.Now == nil {
		o.Now = clock(day)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// jsonLines is a paper file.
func jsonLines(t testing.TB, papers ...Paper) io.Reader {
	t.Helper()
	var b bytes.Buffer
	for _, paper := range papers {
		line, err := json.Marshal(paper)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return &b
}

// answer is what a client got.
type answer struct {
	status int
	header http.Header
	body   string
	err    error // of reading the body
}

// ask sends a request through memory, without following redirects. Header fields are names and values in turn.
func ask(t testing.TB, s *Server, method, target, form string, header ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "https://export.arxiv.org"+target, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "*/*")
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	result, err := s.RoundTripper().RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer result.Body.Close()
	body, err := io.ReadAll(result.Body)
	return answer{result.StatusCode, result.Header, string(body), err}
}

func get(t testing.TB, s *Server, target string, header ...string) answer {
	t.Helper()
	return ask(t, s, http.MethodGet, target, "", header...)
}

// atomFeed is as much of a feed as the tests look at; element names count, namespaces do not.
type atomFeed struct {
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Total   int         `xml:"totalResults"`
	PerPage int         `xml:"itemsPerPage"`
	Start   int         `xml:"startIndex"`
	Entries []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID        string `xml:"id"`
	Title     string `xml:"title"`
	Updated   string `xml:"updated"`
	Published string `xml:"published"`
	Summary   string `xml:"summary"`
	Comment   string `xml:"comment"`
	Journal   string `xml:"journal_ref"`
	Authors   []struct {
		Name         string   `xml:"name"`
		Affiliations []string `xml:"affiliation"`
	} `xml:"author"`
	DOI        []string `xml:"doi"`
	Categories []struct {
		Term string `xml:"term,attr"`
	} `xml:"category"`
	Primary struct {
		Term string `xml:"term,attr"`
	} `xml:"primary_category"`
}

func parseFeed(t testing.TB, data string) atomFeed {
	t.Helper()
	var feed atomFeed
	if err := xml.Unmarshal([]byte(data), &feed); err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	return feed
}

// entryIDs are the ids of a feed without their common beginning, in order.
func (f atomFeed) entryIDs() []string {
	var ids []string
	for _, entry := range f.Entries {
		ids = append(ids, strings.TrimPrefix(entry.ID, "http://arxiv.org/abs/"))
	}
	return ids
}

// queryOf gives a feed's question back from its title.
func (f atomFeed) queryOf(t testing.TB) url.Values {
	t.Helper()
	_, query, _ := strings.Cut(f.Title, "Query: ")
	values := url.Values{}
	for _, name := range []string{"search_query=", "&id_list=", "&start=", "&max_results="} {
		_, rest, ok := strings.Cut(query, name)
		if !ok {
			t.Fatalf("title %q", f.Title)
		}
		for _, next := range []string{"&id_list=", "&start=", "&max_results="} {
			if before, _, ok := strings.Cut(rest, next); ok {
				rest = before
			}
		}
		values.Set(strings.Trim(name, "&="), rest)
	}
	return values
}

// fold makes one line of a text.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }
