package main

import (
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/storage"
)

// exportPapersStored is how many papers BenchmarkExportStored exports: as many as arXiv gets in eight months.
const exportPapersStored = 200_000

// BenchmarkExportStored exports 200,000 papers from SQLite as a user would, and sets the papers a second against what the
// sqlite3 shell of the system needs to write the same rows of the public view as JSON (x-sqlite3; more is faster). peak-MB
// is the most that the heap held: it does not depend on the number of papers, but for eight bytes a citation key.
//
//	go test ./cmd/syncer -run '^$' -bench ExportStored -benchtime 3x
func BenchmarkExportStored(b *testing.B) {
	db := filepath.Join(b.TempDir(), "syncer.db")
	storePapers(b, db, exportPapersStored)
	shell := shellSeconds(b, db)
	for _, format := range []string{"jsonl", "csv", "bibtex", "parquet"} {
		b.Run(format, func(b *testing.B) {
			var peak heapWatch
			export := func(out io.Writer) {
				var errs strings.Builder
				if code := run(b.Context(), []string{"export", "--format", format, "--db", db}, strings.NewReader(""), out, &errs, outside{}); code != 0 {
					b.Fatal(errs.String())
				}
			}
			if format == "bibtex" {
				started := time.Now()
				export(io.Discard) // gives the papers their keys, once for ever
				b.Logf("first export, which pins %d citation keys: %.1f s", exportPapersStored, time.Since(started).Seconds())
			}
			runtime.GC()
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				export(&peak)
			}
			seconds := b.Elapsed().Seconds() / float64(b.N)
			b.SetBytes(peak.written / int64(b.N))
			b.ReportMetric(exportPapersStored/seconds, "papers/s")
			b.ReportMetric(float64(peak.most)/1e6, "peak-MB")
			if shell > 0 {
				b.ReportMetric(shell/seconds, "x-sqlite3")
			}
		})
	}
}

// shellSeconds is how long the sqlite3 shell takes, the better of two runs; 0 when there is none.
func shellSeconds(b *testing.B, db string) float64 {
	b.Helper()
	shell, err := exec.LookPath("sqlite3")
	if err != nil {
		b.Log("no ratio: the sqlite3 shell is not installed")
		return 0
	}
	best := 0.0
	for range 2 {
		started := time.Now()
		cmd := exec.CommandContext(b.Context(), shell, "-readonly", "-json", db, "SELECT * FROM papers ORDER BY id")
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		if took := time.Since(started).Seconds(); best == 0 || took < best {
			best = took
		}
	}
	b.Logf("the sqlite3 shell: %.1f s, %.0f papers/s", best, exportPapersStored/best)
	return best
}

// heapWatch counts what is written, and looks at the heap every MB.
type heapWatch struct {
	written int64
	most    uint64
}

func (h *heapWatch) Write(p []byte) (int, error) {
	if h.written>>20 != (h.written+int64(len(p)))>>20 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		h.most = max(h.most, m.HeapAlloc)
	}
	h.written += int64(len(p))
	return len(p), nil
}

// storePapers fills a new database with n papers as arXiv has them: five authors, an abstract of 150 words, one or two versions.
func storePapers(b *testing.B, path string, n int) {
	b.Helper()
	ctx, started := b.Context(), time.Now()
	db, err := storage.Open(ctx, path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	run, err := db.Begin(ctx, "sync", nil, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	if err != nil {
		b.Fatal(err)
	}
	words := strings.Fields("neural network galaxy proof language model quantum field protein graph market robot theorem lattice")
	var batch []arxiv.Record
	for i := range n {
		month, day := i/9000%12+1, i%28+1
		r := arxiv.Record{
			ID: arxiv.ID(fmt.Sprintf("%02d%02d.%05d", 15+i/108_000, month, i%9000+1)), Version: 1 + i%2, PrimaryCategory: "cs.CL", Categories: []string{"cs.CL", "cs.LG"},
			Title:     fmt.Sprintf("On the %s of a %s: BERT, part %d, with $O(n^{%d})$ memory", words[i%14], words[i*7%13], i, i%7),
			Published: time.Date(2015+i/108_000, time.Month(month), day, 1, 2, 3, 0, time.UTC), Comment: "15 pages, 5 figures",
		}
		r.Submitted = r.Published
		for a := range 5 {
			r.Authors = append(r.Authors, arxiv.Author{Name: fmt.Sprintf("Given%c Family%c%c", 'a'+i%26, 'a'+(i+a)%26, 'a'+i/26%26)})
		}
		var abstract strings.Builder
		for w := range 150 {
			abstract.WriteString(words[(i*w+w)%14] + " ")
		}
		r.Abstract = abstract.String()
		if batch = append(batch, r); len(batch) == 2000 || i == n-1 {
			if _, err := run.MergeRecords(ctx, batch); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	if err := run.End(ctx, time.Date(2026, 1, 2, 4, 4, 5, 0, time.UTC), storage.Result{Complete: true}); err != nil {
		b.Fatal(err)
	}
	b.Logf("stored %d papers in %.0f s", n, time.Since(started).Seconds())
}
