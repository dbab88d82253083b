package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"syncer/arxiv"
	"syncer/seeds"
)

// filledStore has something in every table.
func filledStore(t *testing.T) *DB {
	t.Helper()
	db := newStore(t)
	list := withLinks(reading("a.md", "2001.00001", "2001.00002", "2009.99999"), "https://a.example/")
	list.Malformed = []seeds.Malformed{{AsWritten: "2413.00001", Reason: "month 13 does not exist", Line: 9}}
	runOver(t, db, night(2), []string{"a.md"}, Result{Requests: 3, Papers: 2, Complete: true}, func(r *Run) error {
		_, err1 := r.SaveLists(t.Context(), []seeds.List{list})
		_, err2 := r.MergeRecords(t.Context(), []arxiv.Record{recordOf("2001.00001", 1, titled("Claimed 2001.00001")), recordOf("2001.00002", 2)})
		_, err3 := r.MarkUnknown(t.Context(), []arxiv.ID{"2009.99999"})
		_, err4 := r.MergeRaw(t.Context(), []arxiv.RawRecord{history(1)})
		_, err5 := r.Judge(t.Context(), []string{"a.md"})
		return errors.Join(err1, err2, err3, err4, err5)
	})
	if err := db.PinKeys(t.Context(), PaperFilter{}, plainMaker, night(2)); err != nil {
		t.Fatal(err)
	}
	return db
}

// TestPublicViews: every view has its columns and something to show, through a reader's eyes.
func TestPublicViews(t *testing.T) {
	filled := filledStore(t)
	merge(t, filled, night(3), recordOf("2001.00002", 3))
	path := filled.path
	db, err := OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for view, columns := range map[string]string{
		"papers":     "rowid id version title authors abstract primary_category categories comment journal_ref doi license submitter published updated withdrawn disappeared_at fetched_at",
		"versions":   "id version submitted size_kb source_type withdrawn has_text title authors abstract comment",
		"authors":    "id position name affiliations",
		"citations":  "list id version as_written line section bib_key title author year first_seen gone_at",
		"links":      "list url verdict reason since checked_at title line section first_seen gone_at",
		"changes":    "at run id kind field old new",
		"findings":   "key kind severity subject list line claimed actual suggestion message first_seen last_seen resolved_at ignored ignore_reason ignored_until",
		"runs":       "run kind lists started_at ended_at requests papers changed links broken complete distrusted error",
		"papers_fts": "title authors abstract",
	} {
		got := strings.Join(rows(t, db, "SELECT name FROM pragma_table_info(?) ORDER BY cid", view), " ")
		for column := range strings.FieldsSeq(columns) {
			if !strings.Contains(" "+got+" ", " "+column+" ") {
				t.Errorf("%s has no %s, but %s", view, column, got)
			}
		}
		if n := len(rows(t, db, "SELECT * FROM "+view)); n == 0 {
			t.Errorf("%s is empty", view)
		}
	}
	checkEqual(t, "authors", rows(t, db, "SELECT * FROM authors WHERE id = '2001.00001'"), []string{"2001.00001|1|Ada Lovelace|", `2001.00001|2|Émile Borel|["Paris"]`})
	checkEqual(t, "names", rows(t, db, "SELECT id FROM papers JOIN papers_fts ON papers_fts.rowid = papers.rowid WHERE papers_fts MATCH 'authors:emile' ORDER BY id"),
		[]string{"2001.00001", "2001.00002"})
	checkEqual(t, "highlights", rows(t, db, "SELECT highlight(papers_fts, 0, '<', '>') FROM papers_fts WHERE papers_fts MATCH 'claimed'"), []string{"<Claimed> 2001.00001"})
	if _, err := db.read.ExecContext(t.Context(), "DELETE FROM paper"); err == nil {
		t.Error("a reader can write")
	}
}

// hostileQueries are what FTS5 takes for syntax, or for nothing.
var hostileQueries = []string{`"`, `""`, `"a`, `a"b`, `'`, `*`, `**`, `a*`, `*a`, `a**`, `"*`, `NEAR(`, `NEAR(a b, 3)`, `NEAR`, `a OR`, `OR`, `AND`, `NOT`, `a NOT`, `NOT a`, `a AND AND b`, `(`, `)`, `(a`, `a)`,
	`title:a`, `title:`, `nothing:a`, `{title abstract}:a`, `- title : a`, `^a`, `a + b`, `a -b`, `self-attention`, `-`, `a,b`, `a;b`, `\`, `a\"b`, `%`, `_`, `💥`, `a💥`, `💥*`, `é`, `e` + "\u0301", "\u0301", "\u0301*", `論文`, `²`, `½`,
	`Ⅷ`, "\u200b", "\ufffd", "\xff", "a\xffb", "\x00", "a\x00b", "\x00*", "a\nb", "\u00a0", " ", "", `'; DROP TABLE paper; --`, "\U000e0001", "\ue000", "ﬁ", "ا", "\u0bcd*"}

// TestSearchNeverFails: whatever is typed is words, or nothing.
func TestSearchNeverFails(t *testing.T) {
	t.Parallel()
	db := filledStore(t)
	queries := append(hostileQueries, strings.Repeat("a ", 500*large), strings.Repeat("a* ", 500*large), strings.Repeat("a", 1<<20), strings.Repeat(`"`, 1<<16), strings.Repeat("title ", 100*large), strings.Repeat("( ", 1000),
		strings.Repeat("a-", 1000*large))
	for _, query := range queries {
		if _, err := db.Search(t.Context(), query, 10); err != nil {
			t.Errorf("%.50q: %.200v", query, err)
		}
	}
}

// FuzzSearch: no query is an error.
func FuzzSearch(f *testing.F) {
	for _, query := range hostileQueries {
		f.Add(query)
	}
	db := newStore(f)
	f.Fuzz(func(t *testing.T, query string) {
		if _, err := db.Search(context.WithoutCancel(t.Context()), query, 1); err != nil {
			t.Errorf("%q: %v", query, err)
		}
	})
}

// TestSearchFinds: all words, in any column, whatever the accents and the case; the title's words count most.
func TestSearchFinds(t *testing.T) {
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 1, titled("Self-Attention Is Enough")), recordOf("2001.00002", 1, titled("Fish"), func(r *arxiv.Record) { r.Abstract = "Of attention to oneself, enough." }),
		recordOf("2001.00003", 1, titled("Attention, Fish"), func(r *arxiv.Record) { r.Authors = []arxiv.Author{{Name: "Erdős Pál"}, {Name: "OpenAI"}} }), recordOf("2001.00004", 1, titled("Größe 論文 Ωmega")))
	for query, want := range map[string]string{
		"attention": "2001.00003 2001.00001 2001.00002", "self-attention": "2001.00001", "ATTENTION enough": "2001.00001 2001.00002", "fish attention": "2001.00003 2001.00002", "erdos": "2001.00003", "pal erdős": "2001.00003",
		"openai fish": "2001.00003", "atten*": "2001.00003 2001.00001 2001.00002", "atten": "", "nothing fish": "", "fish 💥": "2001.00003 2001.00002", "grosse": "", "GRÖSSE": "", "größe": "2001.00004", "grö*": "2001.00004",
		"論文": "2001.00004", "ωmega": "2001.00004", `"fish"`: "2001.00003 2001.00002", "fish OR": "", "title:fish": "",
	} {
		found, err := db.Search(t.Context(), query, 10)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, p := range found {
			ids = append(ids, string(p.ID))
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	if found, err := db.Search(t.Context(), "attention", 2); err != nil || len(found) != 2 || found[0].ID != "2001.00003" || found[0].Title != "Attention, Fish" {
		t.Errorf("the best two: %+v, %v", found, err)
	}
	if found, err := db.Search(t.Context(), "attention", 0); err != nil || len(found) < 3 {
		t.Errorf("all: %d, %v", len(found), err)
	}
}

// TestHostileRecord: texts that are no texts are stored as some that any reader can read, compare equal the next night, and
// are found.
func TestHostileRecord(t *testing.T) {
	t.Parallel()
	evil := "\x00NUL\xff\xfe \u202eabc\r\n\t\ufeff'\"\\;DROP\ufffe"
	for name, text := range map[string]string{"evil": evil, "long": strings.Repeat("long\u0301 words\x00 and \xff", 200), "one word": strings.Repeat("x", 1<<13),
		"backslashes": strings.Repeat(`\`, 1<<13), "empty": "", "only NUL": "\x00\x00"} {
		t.Run(name, func(t *testing.T) {
			db := newStore(t)
			r := arxiv.Record{ID: "2001.00001", Version: 1, Title: text, Abstract: text, Comment: text, JournalRef: text, DOIs: []string{text, text}, PrimaryCategory: text, Categories: []string{text},
				Authors: []arxiv.Author{{Name: text, Affiliations: []string{text, text}}, {Name: text}}}
			merge(t, db, night(2), r, recordOf("2001.00002", 1, titled("sound")))
			before := dump(t, db)
			checkEqual(t, "changes", merge(t, db, night(3), r), nil)
			checkEqual(t, "stored", dump(t, db), before)
			for _, line := range before {
				if !utf8.ValidString(line) || strings.Contains(line, "\x00") {
					t.Errorf("stored %.100q", line)
				}
			}
			p := mustPaper(t, db, "2001.00001")
			if p.Title != arxiv.Text(storable(text)) || len(p.Authors) != 2 || p.Authors[0].Name != p.Title || p.Authors[0].Affiliations[1] != p.Title || len(p.DOIs) != 2 {
				t.Errorf("title %.50q, %d authors", p.Title, len(p.Authors))
			}
			if lengths := rows(t, db, "SELECT length(title), length(abstract) FROM papers WHERE id = '2001.00001'"); lengths[0] != fmt.Sprintf("%d|%s", utf8.RuneCountInString(p.Title), orNothing(utf8.RuneCountInString(p.Title))) {
				t.Errorf("SQLite sees %s characters of %d", lengths[0], utf8.RuneCountInString(p.Title))
			}
			merge(t, db, night(4), recordOf("2001.00001", 2, titled("sound again")))
			if found, err := db.Search(t.Context(), "sound", 10); err != nil || len(found) != 2 {
				t.Errorf("%d found, %v", len(found), err)
			}
			checkSound(t, db)
		})
	}
}

// TestLongTitle: a megabyte is stored, compared, found, and forgotten with the next version.
func TestLongTitle(t *testing.T) {
	t.Parallel()
	db := newStore(t)
	long := recordOf("2001.00001", 1, titled("herring "+strings.Repeat("\u00e9", 1<<19)+" salmon"))
	merge(t, db, night(2), long)
	checkEqual(t, "changes", merge(t, db, night(3), long), nil)
	checkEqual(t, "length", rows(t, db, "SELECT length(title) FROM papers"), []string{fmt.Sprint(1<<19 + 15)})
	if found, err := db.Search(t.Context(), "salmon herring", 10); err != nil || len(found) != 1 || found[0].Title != long.Title {
		t.Errorf("%d found, %v", len(found), err)
	}
	merge(t, db, night(4), recordOf("2001.00001", 2))
	if found, err := db.Search(t.Context(), "herring", 10); err != nil || len(found) != 0 {
		t.Errorf("%d found, %v", len(found), err)
	}
	checkSound(t, db)
}

// TestManyAuthors: a collaboration of five thousand, in its order.
func TestManyAuthors(t *testing.T) {
	t.Parallel()
	const authors = 500 * large
	db := newStore(t)
	merge(t, db, night(2), recordOf("2001.00001", 1, func(r *arxiv.Record) {
		r.Authors = nil
		for i := range authors {
			r.Authors = append(r.Authors, arxiv.Author{Name: fmt.Sprintf("Author%d Family%d", i, i)})
		}
	}))
	checkEqual(t, "view", rows(t, db, "SELECT count(*), max(position) FILTER (WHERE name = 'Author432 Family432') FROM authors"), []string{fmt.Sprintf("%d|433", authors)})
	if found, err := db.Search(t.Context(), "family432", 1); err != nil || len(found) != 1 || found[0].Authors[432].Name != "Author432 Family432" {
		t.Errorf("%d found, %v", len(found), err)
	}
	checkSound(t, db)
}

func TestStatus(t *testing.T) {
	if s, err := newStore(t).Status(t.Context(), night(9)); err != nil || s.Papers != 0 || len(s.OpenFindings) != 0 || !s.OldestFetched.IsZero() || !s.NewestFetched.IsZero() || s.Bytes == 0 {
		t.Errorf("empty: %+v, %v", s, err)
	}
	db := filledStore(t)
	merge(t, db, night(5), recordOf("2001.00003", 1))
	s, err := db.Status(t.Context(), night(9))
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(db.path)
	if err != nil || s.Bytes < info.Size() {
		t.Errorf("%d bytes of %d, %v", s.Bytes, info.Size(), err)
	}
	s.Bytes = 0
	want := Status{Papers: 3, Versions: 3, VersionsWithText: 3, Citations: 3, Links: 1, Lists: 1, OldestFetched: night(2), NewestFetched: night(5), LastNight: night(5)}
	if got := s.OpenFindings; len(got) == 0 || got["unknown-id"] != 1 || got["malformed-id"] != 1 {
		t.Errorf("findings %v", got)
	}
	if s.OpenFindings = nil; fmt.Sprintf("%+v", s) != fmt.Sprintf("%+v", want) {
		t.Errorf("%+v, want %+v", s, want)
	}
}

// TestNewestFirst: changes and runs, the newest first, and no more than asked for.
func TestNewestFirst(t *testing.T) {
	db := newStore(t)
	for n := range 5 {
		merge(t, db, night(n+2), recordOf("2001.00001", n+1))
	}
	for _, test := range []struct {
		since time.Time
		limit int
		want  string
	}{{time.Time{}, 0, "v5 v4 v3 v2"}, {night(4), 0, "v5 v4 v3"}, {night(4).Add(time.Second), 1, "v5"}, {night(7), 0, ""}} {
		changes, err := db.Changes(t.Context(), test.since, test.limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range changes {
			got = append(got, c.New)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("since %s: %v", test.since, got)
		}
	}
	runs, err := db.Runs(t.Context(), 2)
	if err != nil || len(runs) != 2 || runs[0].ID != 5 || runs[1].ID != 4 || !runs[0].Complete || !runs[0].StartedAt.Equal(night(6)) {
		t.Errorf("%+v, %v", runs, err)
	}
	if _, err := db.Paper(t.Context(), "2009.99999"); !errors.Is(err, ErrNoPaper) {
		t.Error(err)
	}
}

// TestBackupWhileWriting: the copy is one moment of a store that is being written, whole batches only, and is sound.
func TestBackupWhileWriting(t *testing.T) {
	t.Parallel()
	const batch = 20
	db := newStore(t)
	merge(t, db, night(2), recordOf("1901.00001", 1))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	begun, done := make(chan struct{}), make(chan error)
	go func() {
		run, err := db.Begin(t.Context(), "sync", nil, night(3))
		for month := 1; err == nil && ctx.Err() == nil; month++ {
			var records []arxiv.Record
			for i := range batch {
				records = append(records, recordOf(fmt.Sprintf("%04d.%05d", 2000+month, i+1), 1))
			}
			if _, err = run.MergeRecords(t.Context(), records); month == 1 {
				close(begun)
			}
		}
		if err == nil {
			err = run.End(t.Context(), night(3), Result{})
		}
		done <- err
	}()
	<-begun
	last := 0
	for i := range 3 {
		path := filepath.Join(t.TempDir(), "copy.db")
		if err := db.Backup(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		copied, err := OpenReader(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		status, err := copied.Status(t.Context(), night(9))
		if err != nil || status.Papers%batch != 1 || status.Papers < max(last, batch) {
			t.Errorf("copy %d has %d papers after %d, %v", i, status.Papers, last, err)
		}
		last = status.Papers
		checkSound(t, copied)
		copied.Close()
		if files := folderContent(t, filepath.Dir(path)); len(files) != 1 {
			t.Errorf("%d files beside the copy", len(files))
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	checkSound(t, db)
}

// TestBackupRefusals: nothing is overwritten, nothing is left.
func TestBackupRefusals(t *testing.T) {
	db := filledStore(t)
	dir := t.TempDir()
	there := filepath.Join(dir, "there.db")
	writeAt(t, there, []byte("precious"))
	for path, says := range map[string]string{there: "file already exists", dir: "file already exists", filepath.Join(dir, "none", "x.db"): "no such file or directory", filepath.Join(there, "x.db"): "not a directory", db.path: "file already exists"} {
		err := db.Backup(t.Context(), path)
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", path, err)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Backup(cancelled, filepath.Join(dir, "x.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if files := folderContent(t, dir); len(files) != 1 || files[there] != "precious" {
		t.Errorf("%d files", len(files))
	}
	if err := db.Backup(t.Context(), filepath.Join(dir, "x.db")); err != nil {
		t.Fatal(err)
	}
	merge(t, openStore(t, filepath.Join(dir, "x.db")), night(9), recordOf("2001.00001", 2)) // a copy is a store
}

// orNothing is a number as a view has it that shows nothing as NULL.
func orNothing(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
