package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"syncer/arxiv"
)

const benchPapers = 10_000

// benchRecords are papers as arXiv has them: five authors, an abstract of 150 words, two categories.
func benchRecords() []arxiv.Record {
	words := []string{
		"neural",
		"network",
		"galaxy",
		"proof",
		"language",
		"model",
		"quantum",
		"field",
		"protein",
		"graph",
		"market",
		"robot",
		"theorem",
		"lattice",
	}
	records := make([]arxiv.Record, benchPapers)
	for i := range records {
		r := recordOf(fmt.Sprintf("%02d%02d.%05d", 10+i/1000, 1+i%12, i+1), 1+i%2,
			titled(fmt.Sprintf("On the %s of the %s, part %d", words[i%14], words[i*7%13], i)))
		r.Authors, r.Abstract = nil, ""
		for a := range 5 {
			r.Authors = append(r.Authors, arxiv.Author{Name: fmt.Sprintf("Given%d Family%d", (i+a)%500, (i*5+a)%9000)})
		}
		for w := range 150 {
			r.Abstract += words[(i*w+w)%14] + " "
		}
		records[i] = r
	}
	return records
}

func benchMerge(b *testing.B, db *DB, records []arxiv.Record, changes int) {
	b.Helper()
	run, err := db.Begin(b.Context(), "sync", nil, night(2))
	if err != nil {
		b.Fatal(err)
	}
	told := 0
	for at := 0; at < len(records); at += 2000 {
		batch, err := run.MergeRecords(b.Context(), records[at:min(at+2000, len(records))])
		if err != nil {
			b.Fatal(err)
		}
		told += len(batch)
	}
	if err := run.End(b.Context(), night(2), Result{Complete: true}); err != nil || told != changes {
		b.Fatalf("%d changes, want %d, %v", told, changes, err)
	}
}

func reportPapers(b *testing.B) {
	b.ReportMetric(float64(benchPapers)*float64(b.N)/b.Elapsed().Seconds(), "papers/s")
}

// BenchmarkMergeFirst stores 10,000 papers that are new, 2,000 a transaction.
func BenchmarkMergeFirst(b *testing.B) {
	records := benchRecords()
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		db := newStore(b)
		b.StartTimer()
		benchMerge(b, db, records, benchPapers)
		b.StopTimer()
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	reportPapers(b)
}

// BenchmarkMergeUnchanged merges the same again: the night in which nothing happened.
func BenchmarkMergeUnchanged(b *testing.B) {
	records, db := benchRecords(), newStore(b)
	benchMerge(b, db, records, benchPapers)
	b.ReportAllocs()
	for b.Loop() {
		benchMerge(b, db, records, 0)
	}
	reportPapers(b)
}

// BenchmarkMergeRatio stores the same papers three times by turns: as new ones, again unchanged, and as bare rows of one
// table without index, history or full text, which is the floor that the other two are told as multiples of.
func BenchmarkMergeRatio(b *testing.B) {
	records := benchRecords()
	var first, again, floor time.Duration
	for b.Loop() {
		db := newStore(b)
		start := time.Now()
		benchMerge(b, db, records, benchPapers)
		first += time.Since(start)
		start = time.Now()
		benchMerge(b, db, records, 0)
		again += time.Since(start)
		if _, err := db.write.ExecContext(b.Context(), "CREATE TABLE bare (id TEXT, title TEXT, authors TEXT, abstract TEXT, categories TEXT) STRICT"); err != nil {
			b.Fatal(err)
		}
		start = time.Now()
		for batch := range slices.Chunk(records, 2000) {
			if err := inTx(b.Context(), db.write, func(ctx context.Context, tx *sql.Tx) error {
				insert, err := tx.PrepareContext(ctx, "INSERT INTO bare VALUES (?, ?, ?, ?, ?)")
				if err != nil {
					return err
				}
				defer insert.Close()
				for _, r := range batch {
					if _, err := insert.ExecContext(ctx, string(r.ID), r.Title, toJSON(r.Authors), r.Abstract, toJSON(r.Categories)); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
		}
		floor += time.Since(start)
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(first)/float64(floor), "x-bare-rows-first")
	b.ReportMetric(float64(again)/float64(floor), "x-bare-rows-unchanged")
}

// BenchmarkStreamPapers reads them all, as an export does.
func BenchmarkStreamPapers(b *testing.B) {
	db := newStore(b)
	benchMerge(b, db, benchRecords(), benchPapers)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for p, err := range db.Papers(b.Context(), PaperFilter{}) {
			if err != nil || len(p.Authors) != 5 {
				b.Fatal(p.ID, err)
			}
			n++
		}
		if n != benchPapers {
			b.Fatal(n)
		}
	}
	reportPapers(b)
}

// BenchmarkFindings reads 2,000 open findings when there were 3,000 runs, through the public view and as the commands do.
func BenchmarkFindings(b *testing.B) {
	db := newStore(b)
	ctx := b.Context()
	run, err := db.Begin(ctx, "sync", []string{"a.md"}, night(2))
	if err != nil {
		b.Fatal(err)
	}
	if err := run.End(ctx, night(2), Result{Complete: true}); err != nil {
		b.Fatal(err)
	}
	for _, query := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO finding (key, kind, severity, subject, list, line, col,
			claimed, actual, suggestion, message, first_seen) SELECT printf('%012d', i), 'broken', 'error', i, 1, i, 1, '', '', '', 'm', '2026-01-01T00:00:00Z' FROM n`,
		`WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 3009) INSERT INTO run (n, kind, pid, host, started_at, ended_at, complete)
			SELECT i, 'sync', 1, 'h', printf('2026-02-01T00:%02d:%02dZ', i / 60 % 60, i % 60), '', 1 FROM n`,
		"INSERT INTO run_list SELECT n, 1, 0 FROM run WHERE n >= 10",
	} {
		if _, err := db.write.ExecContext(ctx, query); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("view", func(b *testing.B) {
		for b.Loop() {
			if n := rows(b, db, "SELECT count(last_seen) FROM findings"); n[0] != "2000" {
				b.Fatal(n)
			}
		}
	})
	b.Run("command", func(b *testing.B) {
		for b.Loop() {
			if found, err := db.Findings(ctx, FindingFilter{Now: night(3)}); err != nil || len(found) != 2000 {
				b.Fatal(len(found), err)
			}
		}
	})
}
