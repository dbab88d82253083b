package storage

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/seeds"
)

// BenchmarkCheck judges a list of 10,000 citations against a store of 100,000 papers. One in sixteen is wrong in each of the ways
// that cost most, since the store is searched for the paper that was meant; one in sixteen has a nickname.
func BenchmarkCheck(b *testing.B) {
	const papers, citations = 100_000, 10_000
	ctx := b.Context()
	db, err := Open(ctx, filepath.Join(b.TempDir(), "syncer.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	run, err := db.Begin(ctx, "sync", nil, at)
	if err != nil {
		b.Fatal(err)
	}
	subjects := []string{"Transformers", "Diffusion", "Graphs", "Proofs", "Galaxies", "Proteins", "Markets", "Robots"}
	title := func(i int) string {
		return fmt.Sprintf("%s and %s: the Case of Experiment %d under Perturbation %d", subjects[i%8], subjects[(i/8)%8], i, i*7919%100_003)
	}
	id := func(i int) arxiv.ID { return arxiv.ID(fmt.Sprintf("%02d%02d.%05d", 10+i/20_000, 1+i%12, 1+i%99_999)) }
	author := func(i int) string { return fmt.Sprintf("Given%d Family%d", i%977, i) }
	var records []arxiv.Record
	for i := range papers {
		records = append(records, arxiv.Record{ID: id(i), Version: 1, Title: title(i), Authors: []arxiv.Author{{Name: author(i)}, {Name: "Some Body"}},
			Abstract: "We study the matter at some length and find that it depends.", PrimaryCategory: "cs.LG", Categories: []string{"cs.LG"}, Published: at, Submitted: at})
		if len(records) == 1000 {
			if _, err := run.MergeRecords(ctx, records); err != nil {
				b.Fatal(err)
			}
			records = records[:0]
		}
	}
	if err := run.End(ctx, at, Result{Complete: true}); err != nil {
		b.Fatal(err)
	}
	list := seeds.List{Name: "bench"}
	for i := range citations {
		n := i * 9
		c := seeds.Citation{ID: id(n), Line: i + 1, Column: 1, Claim: seeds.Claim{Title: title(n), FirstAuthor: author(n), Year: 2026}}
		switch i % 16 {
		case 1:
			c.Claim.Title, c.Claim.FirstAuthor = title(n+1), author(n+1) // another paper of the store
		case 3:
			c.Claim.Title = "FooNet: " + c.Claim.Title
		case 5:
			c.Claim.FirstAuthor = "Invented"
		case 7:
			c.Claim.Title = title(n + papers) // a title that nobody has
		}
		list.Citations = append(list.Citations, c)
	}
	b.ReportAllocs()
	for b.Loop() {
		checked, err := db.Check(ctx, list, at)
		if err != nil {
			b.Fatal(err)
		}
		wrong := 0
		for _, c := range checked {
			for _, f := range c.Findings {
				if f.Kind == "wrong-paper" && f.Suggestion != "" {
					wrong++
				}
			}
		}
		if wrong != citations/16 {
			b.Fatalf("%d wrong identifiers found with their right ones, want %d", wrong, citations/16)
		}
	}
	b.ReportMetric(float64(citations)*float64(b.N)/b.Elapsed().Seconds(), "citations/s")
}
