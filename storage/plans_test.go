package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"modernc.org/sqlite"

	"syncer/arxiv"
	"syncer/enrich/link"
	"syncer/seeds"
)

// noted opens SQLite's connections and notes every statement that is given to them, whoever gives it.
type noted struct {
	name string
	mu   *sync.Mutex
	seen map[string]bool
}

func (n noted) Driver() driver.Driver { return &sqlite.Driver{} }

func (n noted) Connect(context.Context) (driver.Conn, error) {
	c, err := n.Driver().Open(n.name)
	return notedConn{c, n}, err
}

// notedConn has the statements prepared: database/sql falls back to that for all of them.
type notedConn struct {
	driver.Conn
	n noted
}

func (c notedConn) Prepare(query string) (driver.Stmt, error) {
	c.n.mu.Lock()
	defer c.n.mu.Unlock()
	c.n.seen[query] = true
	return c.Conn.Prepare(query)
}

func (c notedConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

// largeTables are those that may have millions of rows. Plans do not depend on how many there are, as no statistics are kept: a
// small database has the plans of a large one.
var largeTables = []string{"paper", "version", "citation", "link", "link_mention", "finding", "change", "link_event"}

// wholeByNature are the statements that read a whole large table because what they are asked for is all of it.
var wholeByNature = []struct{ begins, why string }{
	{"SELECT (SELECT count(*) FROM paper)", "status counts everything"},
	{"SELECT c.id, c.bib_key FROM citation AS c JOIN paper", "all citation keys of all lists, by an index that has nothing else"},
	{"SELECT kind, count(*) FROM finding", "status counts the open findings of all lists"},
}

var scanned = regexp.MustCompile(`^SCAN (\w+)`)

// TestPlans: no statement of the commands walks through a whole large table, and none through all that a run did for each row.
func TestPlans(t *testing.T) {
	filled := filledStore(t)
	path := filled.path
	merge(t, filled, night(3), recordOf("2001.00002", 3))
	db := &DB{path: path}
	n := noted{
		dsn(path, map[string][]string{"_foreign_keys": {"1"}, "_txlock": {"immediate"}, "_busy_timeout": {"10000"}}),
		&sync.Mutex{},
		map[string]bool{},
	}
	db.write, db.read = sql.OpenDB(n), sql.OpenDB(n)
	db.write.SetMaxOpenConns(1)
	defer db.Close()
	useEverything(t, db)
	if len(n.seen) < 60 {
		t.Errorf("only %d statements seen", len(n.seen))
	}
	for query := range n.seen {
		verb := strings.Fields(query)[0]
		if !slices.Contains([]string{"SELECT", "WITH", "UPDATE", "DELETE", "INSERT"}, verb) || strings.Contains(query, "temp.") {
			continue
		}
		if slices.ContainsFunc(wholeByNature, func(w struct{ begins, why string }) bool { return strings.HasPrefix(query, w.begins) }) {
			continue
		}
		correlated := false
		for _, step := range planOf(t, filled, query) {
			correlated = correlated || strings.HasPrefix(step, "CORRELATED")
			if correlated && strings.Contains(step, "_run (run=?)") {
				t.Errorf("all rows of a run read for each row: %s\n\tin %s", step, strings.Join(strings.Fields(query), " "))
			}
			if m := scanned.FindStringSubmatch(step); m != nil && slices.Contains(largeTables, tableOf(query, m[1])) &&
				!strings.Contains(step, "VIRTUAL") {
				t.Errorf("%s\n\tin %s", step, strings.Join(strings.Fields(query), " "))
			}
		}
	}
}

// planOf gives the steps of a statement's plan.
func planOf(t *testing.T, db *DB, query string) []string {
	t.Helper()
	plan, err := rowsOf(t.Context(), db.write, func(rows *sql.Rows) (step string, err error) {
		var id, parent, unused int
		err = rows.Scan(&id, &parent, &unused, &step)
		return step, err
	}, "EXPLAIN QUERY PLAN "+query, make([]any, strings.Count(query, "?"))...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return plan
}

// tableOf is the table that a plan names by its alias.
func tableOf(query, name string) string {
	if m := regexp.MustCompile(`(?i)\b(\w+) AS ` + regexp.QuoteMeta(name) + `\b`).FindStringSubmatch(query); m != nil {
		return m[1]
	}
	return name
}

// useEverything does what the commands do, over one list.
func useEverything(t *testing.T, db *DB) {
	t.Helper()
	ctx, lists := t.Context(), []string{"a.md"}
	check := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	list := withLinks(reading("a.md", "2001.00001", "2001.00002", "2009.99999"), "https://a.example/", "https://a.example/2")
	run, err := db.Begin(ctx, "sync", lists, night(8))
	check(err)
	_, err1 := run.SaveLists(ctx, []seeds.List{list})
	_, err2 := run.Holdings(ctx, lists)
	_, err3 := run.MergeRecords(ctx, []arxiv.Record{recordOf("2001.00001", 2), recordOf("2001.00003", 1)})
	err4 := run.MergeVersions(ctx, []arxiv.Record{recordOf("2001.00001", 1)}, nil)
	_, err5 := run.MergeRaw(ctx, []arxiv.RawRecord{history(1)})
	err6 := run.NoteMissing(ctx, []arxiv.ID{"2001.00001"}, []arxiv.ID{"2001.00002"})
	_, err7 := run.MarkUnknown(ctx, []arxiv.ID{"2009.99999"})
	_, err8 := run.Doubts(ctx, lists)
	_, err9 := run.Judge(ctx, lists)
	check(err1, err2, err3, err4, err5, err6, err7, err8, err9)
	for _, scope := range []LinkScope{{Lists: lists, Nightly: true, Now: night(8)}, {Lists: lists, Now: night(8)}, {Lists: lists, Force: true, Now: night(8)}} {
		check(run.JudgePaperLinks(ctx, scope))
		_, err1 := db.CountLinks(ctx, scope)
		_, err2 := db.DueHosts(ctx, scope, "", 10)
		due, err3 := db.DueLinks(ctx, scope, "a.example", 0, 10)
		_, err4 := db.NotDue(ctx, scope, []string{"https://a.example/"})
		check(err1, err2, err3, err4)
		for _, l := range due {
			probe := link.Probe{At: night(8), FinalURL: l.URL, Status: 404}
			check(run.StageChecks(ctx, []LinkCheck{{N: l.N, URL: l.URL, Probe: probe}}), run.StageHost(ctx, l.URL, probe))
		}
	}
	_, err1 = run.DoubtfulHosts(ctx)
	_, err2 = run.Reach(ctx)
	_, err3 = db.HostRests(ctx, night(8))
	check(err1, err2, err3, run.SettleLinks(ctx, link.Policy{AtOnce: true, Grace: link.DefaultGrace}, link.DefaultMaxAge))
	_, err1 = run.JudgeLinks(ctx, lists)
	_, err2 = run.PapersOfLinks(ctx, lists)
	_, err3 = run.UnarchivedLinks(ctx, lists, 5)
	_, err4 = db.LinkVerdicts(ctx, lists)
	check(err1, err2, err3, err4, run.End(ctx, night(8), Result{Complete: true}))

	for _, verdicts := range [][]link.Verdict{nil, {link.Broken, link.Moved}} {
		for _, err := range db.Links(ctx, lists, verdicts, run.ID, night(9)) {
			check(err)
		}
	}
	_, err1 = db.Paper(ctx, "2001.00001")
	_, err2 = db.Search(ctx, "claimed", 5)
	_, err3 = db.Changes(ctx, night(2), 5)
	_, err4 = db.Findings(ctx, FindingFilter{Lists: lists, Now: night(9)})
	_, err5 = db.Lists(ctx, night(9))
	_, err6 = db.Runs(ctx, 5)
	_, err7 = db.Status(ctx, night(9))
	_, err8 = db.LastNight(ctx)
	_, err9 = db.Check(ctx, list, night(9))
	_, err10 := db.CheckLinks(ctx, list, night(9))
	_, err11 := db.HoldingsOf(ctx, []arxiv.ID{"2001.00001"}, night(9))
	check(err1, err2, err3, err4, err5, err6, err7, err8, err9, err10, err11)
	check(db.Snapshot(ctx, func(s *Snapshot) error {
		for _, filter := range []PaperFilter{{List: "a.md"}, {IDs: []arxiv.ID{"2001.00001"}}, {Changed: true}, {Changed: true, Since: night(2)}, {Since: night(2)}} {
			for _, err := range s.Papers(ctx, filter) {
				check(err)
			}
			for _, err := range s.Changes(ctx, filter) {
				check(err)
			}
			if _, err := s.Findings(ctx, FindingFilter{Papers: filter, Lists: lists, Now: night(9)}); err != nil {
				return fmt.Errorf("findings of %+v: %w", filter, err)
			}
		}
		_, err1 := s.List(ctx, "a.md")
		_, err2 := s.ListNames(ctx)
		_, err3 := s.KeyTaken(ctx, "x")
		return errors.Join(err1, err2, err3)
	}))
	check(db.PinKeys(ctx, PaperFilter{List: "a.md"}, plainMaker, night(9)), db.RenameList(ctx, "a.md", "b.md"),
		db.ForgetList(ctx, "b.md", night(9)))
}
