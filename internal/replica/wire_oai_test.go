package replica

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// node is an XML element reduced to what a reader of XML can see.
type node struct {
	Name       string // namespace and local name
	Attributes []string
	Text       string
	Children   []node
}

// tree reads a document. Times of the answer itself are left out.
func tree(t testing.TB, data string) node {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(data))
	stack := []node{{}}
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		top := &stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := node{Name: token.Name.Space + " " + token.Name.Local}
			for _, attribute := range token.Attr {
				value := attribute.Value
				switch attribute.Name.Local {
				case "expirationDate":
					value = "..."
				case "resumptionToken": // repeated as it was sent, escaped again or not
					value, _ = url.QueryUnescape(value)
				}
				n.Attributes = append(n.Attributes, attribute.Name.Space+" "+attribute.Name.Local+"="+value)
			}
			slices.Sort(n.Attributes)
			stack = append(stack, n)
		case xml.CharData:
			top.Text += string(token)
		case xml.EndElement:
			n := *top
			n.Text = strings.TrimSpace(n.Text)
			if token.Name.Local == "responseDate" {
				if _, err := time.Parse(time.RFC3339, n.Text); err != nil {
					t.Fatal(err)
				}
				n.Text = "..."
			}
			if token.Name.Local == "updated" {
				n.Text = "..." // a day of its own in a few old rows
			}
			stack = stack[:len(stack)-1]
			parent := &stack[len(stack)-1]
			parent.Children = append(parent.Children, n)
		}
	}
	return stack[0].Children[0]
}

// lines writes a tree out, one element a line, so that a difference can be read.
func (n node) lines() []string {
	list := []string{n.Name + " " + strings.Join(n.Attributes, ",") + " " + strconv.Quote(n.Text)}
	for _, child := range n.Children {
		for _, line := range child.lines() {
			list = append(list, "  "+line)
		}
	}
	return list
}

func difference(want, got node) string {
	return cmp.Diff(strings.Join(want.lines(), "\n"), strings.Join(got.lines(), "\n"))
}

func (n node) find(local string) []node {
	var found []node
	for _, child := range n.Children {
		if strings.HasSuffix(child.Name, " "+local) {
			found = append(found, child)
		}
		found = append(found, child.find(local)...)
	}
	return found
}

func (n node) text(local string) string {
	if found := n.find(local); len(found) > 0 {
		return found[0].Text
	}
	return ""
}

// rawPaper makes a paper from a recorded arXivRaw record: its author line becomes one name. Within a day arXiv's order is
// by time, which is not recorded: the page tells what came later.
func rawPaper(t *testing.T, record node, page int) Paper {
	t.Helper()
	raw := record.find("arXivRaw")[0]
	paper := Paper{
		ID: raw.text("id"), Submitter: raw.text("submitter"), Categories: strings.Fields(raw.text("categories")),
		License: raw.text("license"), JournalRef: raw.text("journal-ref"), ReportNo: raw.text("report-no"),
		MSCClass: raw.text("msc-class"), ACMClass: raw.text("acm-class"), Proxy: raw.text("proxy"),
	}
	if doi := raw.text("doi"); doi != "" {
		paper.DOI = []string{doi}
	}
	for i, version := range raw.find("version") {
		submitted, err := time.Parse(time.RFC1123, version.text("date"))
		if err != nil {
			t.Fatal(err)
		}
		size, err := strconv.Atoi(strings.TrimSuffix(version.text("size"), "kb"))
		if err != nil {
			t.Fatal(err)
		}
		paper.Versions = append(paper.Versions, Version{
			Version: i + 1, Submitted: submitted, SizeKB: &size, SourceType: version.text("source_type"),
			Title: raw.text("title"), Abstract: raw.text("abstract"), Comment: raw.text("comments"),
			Authors: []Author{{Name: raw.text("authors")}},
		})
	}
	datestamp, err := time.Parse(time.DateOnly, record.text("datestamp"))
	if err != nil {
		t.Fatal(err)
	}
	// Something was edited on the day of the datestamp.
	paper.Edits = []Edit{{At: datestamp.Add(23*time.Hour + time.Duration(page)*time.Minute), Field: "license", Value: paper.License}}
	return paper
}

// TestRecordedRecords holds each recorded record, in all four formats, against the replica's.
func TestRecordedRecords(t *testing.T) {
	compared := 0
	for _, name := range recordedFiles(t, "wire/oai_server/getrecord/*.arXivRaw.xml") {
		raw := tree(t, string(recordedFile(t, name)))
		if raw.text("datestamp") < "2000" {
			continue // made up in the recorded test data
		}
		paper := rawPaper(t, raw, 0)
		texts := paper
		files := map[string]node{"arXivRaw": raw}
		for _, format := range []string{"arXivOld", "arXiv", "oai_dc"} {
			other := strings.Replace(name, ".arXivRaw.", "."+format+".", 1)
			if slices.Contains(recordedFiles(t, strings.Replace(other, format, "*", 1)), other) {
				files[format] = tree(t, string(recordedFile(t, other)))
			}
		}
		if old, ok := files["arXivOld"]; ok { // the only format of the three with the true ACM class
			paper.ACMClass = old.text("acm-class")
			texts.ACMClass = paper.ACMClass
		}
		if record, ok := files["arXiv"]; ok { // Unicode, and authors taken apart
			texts.Versions = slices.Clone(texts.Versions)
			texts.JournalRef = record.text("journal-ref")
			for i := range texts.Versions {
				v := &texts.Versions[i]
				v.Title, v.Comment, v.Abstract, v.Authors = record.text("title"), record.text("comments"), record.text("abstract"), nil
				for _, author := range record.find("author") {
					full := strings.Join([]string{author.text("forenames"), author.text("keyname"), author.text("suffix")}, " ")
					v.Authors = append(v.Authors, Author{Name: fold(full)})
				}
			}
		}
		for format, want := range files {
			source := paper
			if format == "arXiv" || format == "oai_dc" {
				source = texts
				if _, ok := files["arXiv"]; !ok {
					continue
				}
			}
			s := newServer(t, Options{Papers: jsonLines(t, source)})
			query := url.Values{"verb": {"GetRecord"}, "metadataPrefix": {format}, "identifier": {"oai:arXiv.org:" + paper.ID}}
			got := tree(t, get(t, s, "/oai?"+query.Encode()).body)
			if diff := difference(want, got); diff != "" {
				t.Errorf("%s %s (-recorded +replica):\n%s", name, format, diff)
			}
			compared++
		}
	}
	if compared < 40 {
		t.Errorf("only %d records compared", compared)
	}
	t.Logf("%d records", compared)
}

// TestRecordedFromTheService holds records of arXiv's service itself, which were recorded without the frame and its name
// spaces, against the replica's: elements, order, texts.
func TestRecordedFromTheService(t *testing.T) {
	for _, name := range recordedFiles(t, "wire/oai_new/*.xml") {
		want := tree(t, string(recordedFile(t, name)))
		paper := rawPaper(t, want, 0)
		s := newServer(t, Options{Papers: jsonLines(t, paper)})
		got := tree(t, get(t, s, "/oai?verb=GetRecord&metadataPrefix=arXivRaw&identifier=oai:arXiv.org:"+paper.ID).body).find("record")[0]
		if diff := difference(frameless(want), frameless(got)); diff != "" {
			t.Errorf("%s (-recorded +replica):\n%s", name, diff)
		}
	}
}

// frameless drops name spaces and what declares them.
func frameless(n node) node {
	bare := node{Name: n.Name[strings.LastIndexByte(n.Name, ' ')+1:], Text: n.Text}
	for _, a := range n.Attributes {
		if strings.HasPrefix(a, " version=") {
			bare.Attributes = append(bare.Attributes, a)
		}
	}
	for _, child := range n.Children {
		bare.Children = append(bare.Children, frameless(child))
	}
	return bare
}

// TestRecordedAnswers holds the recorded answers that are no records: fixed ones, errors, odd requests.
func TestRecordedAnswers(t *testing.T) {
	var requests []struct {
		File, Method, Query string
		Status              int `json:"http_status"`
	}
	if err := json.Unmarshal(recordedFile(t, "wire/oai_server/REQUESTS.json"), &requests); err != nil {
		t.Fatal(err)
	}
	var papers []Paper
	seen := map[string]bool{}
	for _, name := range recordedFiles(t, "wire/oai_server/getrecord/*.arXivRaw.xml") {
		paper := rawPaper(t, tree(t, string(recordedFile(t, name))), 0)
		papers = append(papers, paper)
		seen[paper.ID] = true
	}
	s := newServer(t, Options{Papers: jsonLines(t, papers...), Now: clock(time.Date(2026, 11, 23, 7, 36, 53, 0, time.UTC))})
	present := recordedFiles(t, "wire/oai_server/*.xml")
	present = append(present, recordedFiles(t, "wire/oai_server/edge/*.xml")...)
	compared := 0
	for _, request := range requests {
		file := "wire/oai_server/" + request.File
		if !slices.Contains(present, file) || strings.HasSuffix(file, "old_set_ok.xml") { // a list of other papers
			continue
		}
		want := tree(t, string(recordedFile(t, file)))
		if id := want.text("id"); id != "" && !seen[id] {
			continue
		}
		target, form := "/oai?"+request.Query, ""
		if request.Method == http.MethodPost {
			target, form = "/oai", request.Query
		}
		answer := ask(t, s, request.Method, target, form)
		if answer.status != request.Status || !strings.HasPrefix(answer.header.Get("Content-Type"), "text/xml") {
			t.Errorf("%s: status %d, %s", request.File, answer.status, answer.header.Get("Content-Type"))
		}
		if diff := difference(want, tree(t, answer.body)); diff != "" {
			t.Errorf("%s %s (-recorded +replica):\n%s", request.File, request.Query, diff)
		}
		compared++
	}
	if compared < 18 {
		t.Errorf("only %d answers compared", compared)
	}
	t.Logf("%d answers", compared)
}

// TestRecordedChains plays the recorded resumption chains over papers that have the recorded identifiers and datestamps.
func TestRecordedChains(t *testing.T) {
	for _, chain := range []struct {
		folder, query string
		pageSize      int
		first         int // pages before are not recorded
	}{
		{"listrecords_sameday_25", "verb=ListRecords&metadataPrefix=arXivRaw&from=2011-02-03&until=2011-02-03", 25, 0},
		{"listidentifiers_60", "verb=ListIdentifiers&metadataPrefix=arXivRaw&from=2015-01-01", 60, 0},
		{"listidentifiers_set", "verb=ListIdentifiers&metadataPrefix=oai_dc&set=math:math:AG", 0, 0},
	} {
		var pages []node
		var papers []Paper
		for _, name := range recordedFiles(t, "wire/oai_server/chains/"+chain.folder+"/*.xml") {
			page := tree(t, string(recordedFile(t, name)))
			pages = append(pages, page)
			for _, record := range page.find("record") {
				papers = append(papers, rawPaper(t, record, len(pages)))
			}
			if len(page.find("record")) > 0 {
				continue
			}
			for _, header := range page.find("header") {
				papers = append(papers, headerPaper(t, header, len(pages)))
			}
		}
		s := newServer(t, Options{Papers: jsonLines(t, papers...), PageSize: chain.pageSize})
		target := "/oai?" + chain.query
		for i, want := range pages {
			got := tree(t, get(t, s, target).body)
			if diff := difference(want, got); diff != "" {
				t.Fatalf("%s page %d (-recorded +replica):\n%s", chain.folder, i, diff)
			}
			token := got.text("resumptionToken")
			if (token == "") != (i == len(pages)-1) {
				t.Fatalf("%s page %d: token %q", chain.folder, i, token)
			}
			verb, _, _ := strings.Cut(chain.query, "&")
			target = "/oai?" + verb + "&resumptionToken=" + url.QueryEscape(token)
			if i%2 == 1 { // as it stands, not escaped again
				target = "/oai?" + verb + "&resumptionToken=" + token
			}
		}
	}
}

// headerPaper makes a paper that has the header's identifier, day and sets.
func headerPaper(t *testing.T, header node, page int) Paper {
	t.Helper()
	touched, err := time.Parse(time.DateOnly, header.text("datestamp"))
	if err != nil {
		t.Fatal(err)
	}
	paper := Paper{ID: strings.TrimPrefix(header.text("identifier"), "oai:arXiv.org:"), Versions: []Version{{
		Version: 1, Submitted: touched.Add(time.Hour + time.Duration(page)*time.Minute), Title: "A title", Authors: []Author{{Name: "A. Author"}}}}}
	for _, spec := range header.find("setSpec") {
		_, code, _ := strings.Cut(spec.Text, ":")
		paper.Categories = append(paper.Categories, strings.Replace(code, ":", ".", 1))
	}
	return paper
}
