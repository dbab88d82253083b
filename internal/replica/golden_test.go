package replica

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files in testdata")

// TestGolden keeps whole answers, made of the replica's own facts, as they were when they agreed with recorded ones.
func TestGolden(t *testing.T) {
	none, fifty := 0, 50
	papers := []Paper{{
		ID: "2401.00001", PrimaryCategory: "cs.IT", Categories: []string{"math.PR"}, License: "http://creativecommons.org/licenses/by/4.0/",
		Submitter: "Zoë Example", DOI: []string{"10.1000/one", "10.1000/two;"}, JournalRef: `Journal "of" Examples & Tests 1 (2024) 1-2`,
		ReportNo: "EX-1", MSCClass: "94A15", ACMClass: "E.4",
		Versions: []Version{
			{Version: 1, Submitted: day.AddDate(-2, 0, -2), SizeKB: &fifty, SourceType: "AD", Title: "An Example <first>",
				Authors:  []Author{{Name: "Zoë Example"}, {Name: "Jan van der Test, Jr.", Affiliations: []string{"Example & Co"}}, {Name: " OpenAI"}},
				Abstract: "The first abstract: a < b & c.", Comment: "12 pages"},
			{Version: 2, Submitted: day.AddDate(-1, 0, 0), SizeKB: &none, SourceType: "I", Comment: "This paper has been withdrawn by the authors"},
		},
	}, {
		ID: "hep-th/9901001", PrimaryCategory: "hep-th", ACMClass: "J.2",
		Versions: []Version{{Version: 1, Submitted: day.AddDate(-27, 0, 0), SizeKB: &fifty,
			Title:   "A title that is long enough to be broken into two lines by the server that went before",
			Authors: []Author{{Name: "Gaël Old"}}}},
	}}
	const ids = "/api/query?id_list=hep-th/9901001,2401.00001v1,2401.00001,2401.99999&max_results=10"
	for _, golden := range []struct {
		file, target string
		shape        Shape
	}{
		{"atom_current.xml", ids, Current},
		{"atom_transitional.xml", ids, Transitional},
		{"atom_classic.xml", ids, Classic},
		{"atom_error.xml", "/api/query?id_list=2401.00001,abc", Current},
		{"atom_error_classic.xml", "/api/query?id_list=2401.00001,abc", Classic},
		{"oai_arXivRaw.xml", "/oai?verb=ListRecords&metadataPrefix=arXivRaw", Current},
		{"oai_arXiv.xml", "/oai?verb=ListRecords&metadataPrefix=arXiv", Current},
		{"oai_arXivOld.xml", "/oai?verb=ListRecords&metadataPrefix=arXivOld", Current},
		{"oai_dc.xml", "/oai?verb=ListRecords&metadataPrefix=oai_dc", Current},
		{"oai_identify.xml", "/oai?verb=Identify", Current},
		{"oai_formats.xml", "/oai?verb=ListMetadataFormats", Current},
	} {
		t.Run(golden.file, func(t *testing.T) {
			s := newServer(t, Options{Papers: jsonLines(t, papers...), Shape: golden.shape})
			got := get(t, s, golden.target).body
			tree(t, got) // well-formed
			name := filepath.Join("testdata", golden.file)
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("-%s +now:\n%s", name, diff)
			}
		})
	}
}
