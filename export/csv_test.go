package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCSVReadsBack(t *testing.T) {
	for _, delimiter := range []rune{0, ';', '\t', '|'} {
		reader := csv.NewReader(strings.NewReader(render(t, CSV, nastyPapers(), Options{Delimiter: delimiter})))
		if delimiter != 0 {
			reader.Comma = delimiter
		}
		rows, err := reader.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(csvColumns, rows[0]); diff != "" {
			t.Error(diff)
		}
		if len(rows) != len(nastyPapers())+1 {
			t.Errorf("delimiter %q: %d rows", delimiter, len(rows))
		}
		for i, p := range nastyPapers() {
			if rows[i+1][0] != string(p.ID) {
				t.Errorf("row %d is %s", i+1, rows[i+1][0])
			}
			for _, cell := range rows[i+1] {
				if cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
					t.Errorf("a spreadsheet would compute %q", cell)
				}
			}
		}
	}
	if err := CSV(io.Discard, seq(nastyPapers()), Options{Delimiter: '"'}); err == nil {
		t.Error("a quote passes as delimiter")
	}
}

func TestInertCell(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "text": "text", "=1+1": "'=1+1", " =1+1": "'=1+1", "\t=1": "'=1", "\r-1": "'-1", "@x": "'@x", "＝1": "'＝1", "a=b": "a=b", "\u202e=x": "'=x",
	} {
		if got := inertCell(in); got != want {
			t.Errorf("inertCell(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestJSONIsJSONLines: the array holds the same objects, and no paper at all is still an array.
func TestJSONIsJSONLines(t *testing.T) {
	var lines bytes.Buffer
	if err := JSONLines(&lines, seq(nastyPapers()), Options{}); err != nil {
		t.Fatal(err)
	}
	var array, want []any
	if err := json.Unmarshal([]byte(render(t, JSON, nastyPapers(), Options{})), &array); err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(&lines)
	for decoder.More() {
		var object any
		if err := decoder.Decode(&object); err != nil {
			t.Fatal(err)
		}
		want = append(want, object)
	}
	if diff := cmp.Diff(want, array); diff != "" {
		t.Error(diff)
	}
	for _, write := range []func(io.Writer, iter.Seq2[Paper, error], Options) error{JSON, CSLJSON} {
		var none []any
		if err := json.Unmarshal([]byte(render(t, write, nil, Options{})), &none); err != nil || none == nil || len(none) > 0 {
			t.Errorf("no papers: %v, %v", none, err)
		}
	}
	if got := render(t, YAML, nil, Options{}); got != "[]\n" {
		t.Errorf("no papers as YAML: %q", got)
	}
}

// TestRISLines: every line is a tag, every record begins with TY and ends with ER, so that no text began a tag.
func TestRISLines(t *testing.T) {
	records := 0
	open := false
	for line := range strings.SplitSeq(render(t, RIS, nastyPapers(), Options{}), "\r\n") {
		switch {
		case line == "":
			if open {
				t.Error("an empty line inside a record")
			}
		case len(line) < 6 || line[2:6] != "  - " || strings.ContainsAny(line, "\r\n"):
			t.Errorf("line %q", line)
		case strings.HasPrefix(line, "TY"):
			if open {
				t.Error("TY inside a record")
			}
			open, records = true, records+1
		case line == "ER  - ":
			open = false
		case !open:
			t.Errorf("%q outside of a record", line)
		}
	}
	if open || records != len(nastyPapers()) {
		t.Errorf("%d records", records)
	}
}
