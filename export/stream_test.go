package export

import (
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"

	"syncer/arxiv"
)

// TestMemoryIsFlat: what a writer holds on to does not grow with the number of papers, but for eight bytes a citation key.
// 6,000 papers are 9 MB. Parquet holds a row group; BenchmarkExportStored in cmd/syncer measures it.
func TestMemoryIsFlat(t *testing.T) {
	const papers = 6_000
	for _, f := range formats {
		var live []uint64
		watched := func(yield func(Paper, error) bool) {
			n := 0
			for p, err := range generated(papers) {
				if n++; n%(papers/4) == 0 {
					runtime.GC()
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					live = append(live, m.HeapAlloc)
				}
				if !yield(p, err) {
					return
				}
			}
		}
		if err := f.write(io.Discard, watched, Options{}); err != nil {
			t.Fatal(f.name, err)
		}
		if last := live[len(live)-1]; last > live[0]+1<<20 {
			t.Errorf("%s: holds %d KB after %d papers, %d KB after %d", f.name, live[0]>>10, papers/4, last>>10, papers)
		}
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
