package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"syncer/export"
	"syncer/internal/replica"
	"syncer/seeds"
)

// TestExportsOverNights: what arXiv changes changes no citation key; a night without news leaves every file of every
// format untouched; and no filter makes a feed tell a thing under a second id, which a reader would show twice.
func TestExportsOverNights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := evening()
		scenario, err := replica.DemoScenario(start)
		if err != nil {
			t.Fatal(err)
		}
		server := newReplica(t, replica.Options{Papers: scenario.Papers, Now: time.Now})
		dir := t.TempDir()
		db := filepath.Join(dir, "syncer.db")
		night := func() {
			t.Helper()
			if code, _, errs := syncer(t, server.RoundTripper(), "sync", "--db", db, "--budget", "100"); code != 0 {
				t.Fatal(errs)
			}
			time.Sleep(24 * time.Hour)
		}
		write := func(args ...string) string {
			t.Helper()
			code, out, errs := syncer(t, nil, append(args, "--db", db)...)
			if code != 0 {
				t.Fatal(errs)
			}
			return out + errs
		}
		keys := func() []string {
			return regexp.MustCompile(`ID  - .*`).FindAllString(write("export", "--format", "ris"), -1)
		}
		var files []string
		for _, f := range export.Formats() {
			files = append(files, "-o", filepath.Join(dir, "out"+f.Suffixes[0]))
		}

		night()
		first := keys()
		night()
		if second := keys(); len(first) != 64 || !slices.Equal(first, second) {
			t.Errorf("the keys were %v, are %v", first, second)
		}
		if told := write(append([]string{"export"}, files...)...); strings.Count(told, ": written\n") != len(export.Formats()) {
			t.Errorf("first export: %s", told)
		}
		before, err := os.Stat(files[1])
		if err != nil {
			t.Fatal(err)
		}
		night()
		if told := write(append([]string{"export"}, files...)...); strings.Count(told, ": unchanged\n") != len(export.Formats()) {
			t.Errorf("after a night without news: %s", told)
		}
		if after, err := os.Stat(files[1]); err != nil || !os.SameFile(before, after) || !after.ModTime().Equal(before.ModTime()) {
			t.Errorf("%s was touched: %v", files[1], err)
		}

		// Every filter leaves the same papers in every format.
		identifier := regexp.MustCompile(`\b\d{4}\.\d{5}\b`)
		papersIn := func(format string, filter []string) []string {
			found := identifier.FindAllString(write(append([]string{"export", "--format", format}, filter...)...), -1)
			slices.Sort(found)
			return slices.Compact(found)
		}
		for filter, want := range map[string]int{
			"--list=landmarks --category=cs.CR,cs.HC": 2, "--since=60h": 5, "--since=60h --only-changed": 5, "--only-changed": 0, "--id=2407.04153 --id=1706.03762v2": 2,
			"--category=stat": 4, "--category=cs.CR --id=1706.03762": 0,
		} {
			left := papersIn("jsonl", strings.Fields(filter))
			if len(left) != want {
				t.Errorf("%s leaves %d papers, want %d", filter, len(left), want)
			}
			for _, f := range export.Formats() {
				if slices.Contains([]string{"atom", "json-feed", "parquet"}, f.Name) { // feeds tell what happened; Parquet is packed
					continue
				}
				if got := papersIn(f.Name, strings.Fields(filter)); !slices.Equal(got, left) {
					t.Errorf("%s %s: %v, want %v", f.Name, filter, got, left)
				}
			}
		}

		// The list as Markdown is the list: it cites the same papers and links to the same places.
		text := write("export", "--format", "markdown", "--quiet")
		if n := strings.Count(text, "\n## 14 References\n"); n != 1 {
			t.Errorf("%d sections of one name", n)
		}
		markdown, err := seeds.Read("landmarks.md", seeds.Markdown, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		named := func(list seeds.List) (names []string) {
			for _, c := range list.Citations {
				names = append(names, string(c.ID))
			}
			for _, l := range list.Links {
				names = append(names, l.URL)
			}
			slices.Sort(names)
			return slices.Compact(names)
		}
		if got, want := named(markdown), named(seeds.Landmarks()); !slices.Equal(got, want) {
			t.Errorf("the Markdown names\n%q, want\n%q", got, want)
		}

		ids := func(args ...string) []string {
			var feed struct{ Items []struct{ ID string } }
			if err := json.Unmarshal([]byte(write(append([]string{"export", "--format", "json-feed"}, args...)...)), &feed); err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, item := range feed.Items {
				ids = append(ids, item.ID)
			}
			return ids
		}
		all := ids()
		for args, want := range map[string]int{
			"--since=12h": 0, "--since=36h": 0, "--since=60h": 5, "--since=100h": len(all), "--only-changed": 0, "--only-changed --since=60h": 5,
			"--list=landmarks": len(all), "--id=2407.04153": 1, "--category=cs": len(all),
		} {
			got := ids(strings.Fields(args)...)
			if len(got) != want {
				t.Errorf("%s: %d entries, want %d", args, len(got), want)
			}
			for _, id := range got {
				if !slices.Contains(all, id) {
					t.Errorf("%s: %s is told by no other feed", args, id)
				}
			}
		}
	})
}
