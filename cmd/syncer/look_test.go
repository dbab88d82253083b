package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"syncer/export"
)

// exported is the stdout of a reading command in JSON.
func exported(t *testing.T, db string, args ...string) string {
	t.Helper()
	code, out, errs := syncer(t, nil, append(args, "--db", db, "--json")...)
	if code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, code, errs)
	}
	return out
}

// contents is everything in the database but the run rows, table by table and row by row; columns named in without are left
// out.
func contents(t *testing.T, path string, without ...string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables := strings.Fields(queried(t, db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('run', 'run_list', 'list_judged') AND name NOT LIKE 'papers_fts%' ORDER BY name"))
	if len(tables) < 10 {
		t.Fatalf("only the tables %v", tables)
	}
	var b strings.Builder
	for _, table := range tables {
		columns := slices.DeleteFunc(strings.Fields(queried(t, db, "SELECT name FROM pragma_table_info(?)", table)), func(c string) bool { return slices.Contains(without, c) })
		list := strings.Join(columns, ", ")
		fmt.Fprintf(&b, "%s (%s)\n%s", table, list, queried(t, db, "SELECT "+list+" FROM "+table+" ORDER BY "+list))
	}
	return b.String()
}

// queried is the answer to a query, one line a row.
func queried(t *testing.T, db *sql.DB, query string, args ...any) string {
	t.Helper()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	var b strings.Builder
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, values...)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func findingKindsOpen(t *testing.T, db string) []string {
	t.Helper()
	var kinds []string
	for line := range strings.Lines(exported(t, db, "findings")) {
		var f export.FindingJSON
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, string(f.Kind))
	}
	return kinds
}

func lineWith(t *testing.T, text, part string) string {
	t.Helper()
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			return line
		}
	}
	t.Fatalf("no line with %q in:\n%s", part, text)
	return ""
}

func firstDifference(a, b string) string {
	linesA, linesB := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(linesA), len(linesB)) {
		if linesA[i] != linesB[i] {
			return linesA[i] + "\n" + linesB[i]
		}
	}
	return fmt.Sprintf("%d and %d lines", len(linesA), len(linesB))
}
