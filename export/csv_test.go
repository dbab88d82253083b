package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"syncer/arxiv"
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

// generated is n papers of ordinary make, one at a time.
func generated(n int) iter.Seq2[Paper, error] {
	return func(yield func(Paper, error) bool) {
		p := paper("", "", "Ashish Vaswani; Noam Shazeer; Niki Parmar; Jakob Uszkoreit; Łukasz Kaiser", venueOf("", "10.1000/182"))
		p.Comment = "15 pages, 5 figures"
		for i := range n {
			p.ID = arxiv.ID(fmt.Sprintf("17%02d.%05d", i/90000+1, i%90000+1))
			p.Title = fmt.Sprintf("On the %d-th Method of Learning BERT Representations with $O(n^{%d})$ Memory", i, i%7)
			p.Abstract = strings.Repeat("We propose a new simple network architecture, based solely on attention mechanisms. ", 14)
			p.Versions = []arxiv.Version{{Number: 1, Submitted: p.Published, SizeKB: 1102}, {Number: 2, Submitted: p.Submitted, SizeKB: 1103}}
			if !yield(p, nil) {
				return
			}
		}
	}
}

// BenchmarkExport writes 200,000 papers; the floor is the same papers written as nothing but their titles. peak-MB is
// the most the heap held at any of ten moments: it must not grow with the number of papers (but for BibTeX's eight bytes
// a key).
func BenchmarkExport(b *testing.B) {
	const papers = 200_000
	writers := []struct {
		name  string
		write func(io.Writer, iter.Seq2[Paper, error], Options) error
	}{
		{"floor", func(w io.Writer, papers iter.Seq2[Paper, error], _ Options) error {
			return stream(w, papers, func(out []byte, p Paper) ([]byte, error) { return append(out, p.Title...), nil })
		}},
		{"jsonl", JSONLines},
		{"csv", CSV}, {"bibtex", BibTeX}, {"biblatex", BibLaTeX}, {"csl-json", CSLJSON}, {"ris", RIS}, {"yaml", YAML},
	}
	for _, writer := range writers {
		b.Run(writer.name, func(b *testing.B) {
			b.ReportAllocs()
			var peak uint64
			for range b.N {
				runtime.GC()
				n := 0
				watched := func(yield func(Paper, error) bool) {
					for p, err := range generated(papers) {
						if n++; n%(papers/10) == 0 {
							var m runtime.MemStats
							runtime.ReadMemStats(&m)
							peak = max(peak, m.HeapAlloc)
						}
						if !yield(p, err) {
							return
						}
					}
				}
				var size counter
				if err := writer.write(&size, watched, Options{}); err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(size))
			}
			b.ReportMetric(float64(papers*b.N)/b.Elapsed().Seconds(), "papers/s")
			b.ReportMetric(float64(peak)/1e6, "peak-MB")
		})
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
