package storage

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/seeds"
)

// BenchmarkCheck judges a list of 10,000 citations against stores of 20,000 and 100,000 papers. One in sixteen is wrong in
// each of the ways that cost most, since the store is searched for the paper that was meant; one in sixteen has a nickname.
// What is held when the list is judged does not grow with the store.
func BenchmarkCheck(b *testing.B) {
	for _, papers := range []int{20_000, 100_000} {
		b.Run(fmt.Sprintf("papers=%d", papers), func(b *testing.B) { benchmarkCheck(b, papers, 10_000) })
	}
}

// benchTitles are as varied as real ones: seven words from a vocabulary in which few are common and most are rare.
func benchTitles(n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	rank := rand.NewZipf(random, 1.1, 20, 20_000)
	titles := make([]string, n)
	for i := range titles {
		var words []string
		for range 7 {
			word := ""
			for r := rank.Uint64() + 20; r > 0; r /= 20 {
				word += string("bcdfghklmnprstvwzxqj"[r%20]) + string("aeiou"[r%5])
			}
			words = append(words, word)
		}
		titles[i] = strings.Join(words, " ")
	}
	return titles
}

func benchmarkCheck(b *testing.B, papers, citations int) {
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
	titles := benchTitles(papers + citations)
	id := func(i int) arxiv.ID { return arxiv.ID(fmt.Sprintf("%02d%02d.%05d", 10+i/20_000, 1+i%12, 1+i%99_999)) }
	author := func(i int) string { return fmt.Sprintf("Given Family%s", strings.Fields(titles[i])[0]) }
	var records []arxiv.Record
	for i := range papers {
		records = append(records, arxiv.Record{ID: id(i), Version: 1, Title: titles[i], Authors: []arxiv.Author{{Name: author(i)}, {Name: "Some Body"}},
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
		n := i * (papers / citations)
		c := seeds.Citation{ID: id(n), Line: i + 1, Column: 1, Claim: seeds.Claim{Title: titles[n], FirstAuthor: author(n), Year: 2026}}
		switch i % 16 {
		case 1:
			c.Claim.Title, c.Claim.FirstAuthor = titles[n+1], author(n+1) // another paper of the store
		case 3:
			c.Claim.Title = "FooNet: " + c.Claim.Title
		case 5:
			c.Claim.FirstAuthor = "Invented"
		case 7:
			c.Claim.Title = titles[papers+i] // a title that nobody has
		}
		list.Citations = append(list.Citations, c)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
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
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(checked)
		b.StartTimer()
	}
	b.ReportMetric(float64(citations)*float64(b.N)/b.Elapsed().Seconds(), "citations/s")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "held-MB")
}
