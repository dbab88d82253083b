package storage

import (
	"context"
	"database/sql"
	"iter"
	"time"

	"syncer/arxiv"
)

// Snapshot is the store at one moment: all that is read through it fits together, whatever is written meanwhile.
type Snapshot struct {
	db *DB
	tx *sql.Tx
}

// Snapshot calls read with a view of one moment, which ends with the call. Errors of read are passed on as they are.
func (db *DB) Snapshot(ctx context.Context, read func(*Snapshot) error) error {
	tx, err := db.read.BeginTx(ctx, nil)
	if err != nil {
		return db.fail("read", err)
	}
	defer tx.Rollback() // nothing was written: there is nothing to undo
	return read(&Snapshot{db, tx})
}

// Papers streams papers in the order of their identifiers. Memory is that of one paper: papers and versions are two
// ordered cursors read side by side, not a query a paper.
func (s *Snapshot) Papers(ctx context.Context, f PaperFilter) iter.Seq2[PaperView, error] {
	return func(yield func(PaperView, error) bool) {
		stopped := false
		err := streamPapers(ctx, s.tx, f, func(p PaperView) bool {
			stopped = !yield(p, nil)
			return !stopped
		})
		if err != nil && !stopped {
			yield(PaperView{}, s.db.fail("read papers", err))
		}
	}
}

// Papers is Snapshot.Papers on a snapshot of its own.
func (db *DB) Papers(ctx context.Context, f PaperFilter) iter.Seq2[PaperView, error] {
	return func(yield func(PaperView, error) bool) {
		err := db.Snapshot(ctx, func(s *Snapshot) error {
			for p, err := range s.Papers(ctx, f) {
				if !yield(p, err) {
					break
				}
			}
			return nil
		})
		if err != nil {
			yield(PaperView{}, err)
		}
	}
}

// ListView is a reading list as it was last read.
type ListView struct {
	Name, Format string
	Citations    []ListCitation // in the order of the source
	Links        []ListLink     // likewise
}

// ListCitation is a mention of a paper.
type ListCitation struct {
	ID        arxiv.ID
	Version   int // as cited; 0 when none is named
	AsWritten string
	Line      int
	Section   string
	Title     string // as the list has it
}

// ListLink is a mention of any other link, with what its last checks said.
type ListLink struct {
	LinkView
	Title, Section, Reason string
	Line                   int
	CheckedAt              time.Time  // zero when never
	Before                 []LinkView // what it was before, oldest first
}

// ListNames gives the names of all lists that cite something now.
func (s *Snapshot) ListNames(ctx context.Context) ([]string, error) {
	names, err := texts(ctx, s.tx,
		"SELECT name FROM list AS l WHERE EXISTS (SELECT 1 FROM citation AS c WHERE c.list = l.n AND c.gone_at IS NULL) ORDER BY name")
	return names, s.db.fail("read lists", err)
}

// List gives one list; one that nobody has read has nothing in it.
func (s *Snapshot) List(ctx context.Context, name string) (ListView, error) {
	name = storable(name)
	list := ListView{Name: name}
	formats, err := texts(ctx, s.tx, "SELECT format FROM list WHERE name = ?", name)
	if err == nil && len(formats) > 0 {
		list.Format = formats[0]
	}
	if err == nil {
		list.Citations, err = rowsOf(ctx, s.tx, func(rows *sql.Rows) (c ListCitation, err error) {
			err = rows.Scan(&c.ID, &c.Version, &c.AsWritten, &c.Line, &c.Section, &c.Title)
			return c, err
		}, "SELECT id, version, as_written, line, section, title FROM citation WHERE list = (SELECT n FROM list WHERE name = ?) AND gone_at IS NULL ORDER BY line, col, n", name)
	}
	if err == nil {
		list.Links, err = rowsOf(ctx, s.tx, func(rows *sql.Rows) (l ListLink, err error) {
			var since, checked string
			err = rows.Scan(&l.URL, &l.Verdict, &l.Reason, &since, &checked, &l.Title, &l.Section, &l.Line)
			l.Since, l.CheckedAt = moment(since), moment(checked)
			return l, err
		}, `SELECT l.url, l.verdict, l.reason, coalesce(l.since, ''), coalesce(l.checked_at, ''), m.title, m.section, m.line
			FROM link_mention AS m JOIN link AS l ON l.url = m.url WHERE m.list = (SELECT n FROM list WHERE name = ?)
			AND m.gone_at IS NULL AND l.paper = '' ORDER BY m.line, m.col, m.n`, name)
	}
	if err == nil {
		err = s.addHistory(ctx, name, list.Links)
	}
	return list, s.db.fail("read list "+name, err)
}

// addHistory gives a list's links what they were before.
func (s *Snapshot) addHistory(ctx context.Context, list string, links []ListLink) error {
	events, err := rowsOf(ctx, s.tx, func(rows *sql.Rows) (v LinkView, err error) {
		var at string
		err = rows.Scan(&v.URL, &v.Verdict, &at)
		v.Since = moment(at)
		return v, err
	}, `SELECT l.url, e.new, e.at FROM link_event AS e JOIN link AS l ON l.n = e.link
		WHERE l.url IN (SELECT url FROM link_mention WHERE list = (SELECT n FROM list WHERE name = ?) AND gone_at IS NULL)
		ORDER BY e.n`, list)
	of := map[string][]LinkView{}
	for _, e := range events {
		of[e.URL] = append(of[e.URL], e)
	}
	for i, l := range links {
		if past := of[l.URL]; len(past) > 1 {
			links[i].Before = past[:len(past)-1] // the last one is what it is now
		}
	}
	return err
}

// PaperChange is a change with the title that its paper has now.
type PaperChange struct {
	ChangeView
	Title string
}

// Changes streams the changes of the filter's papers, newest first. Since counts from when a change was noticed, whether or not the
// filter asks for Changed.
func (s *Snapshot) Changes(ctx context.Context, f PaperFilter) iter.Seq2[PaperChange, error] {
	return func(yield func(PaperChange, error) bool) {
		var terms []string
		if !f.Since.IsZero() {
			terms = append(terms, "c.at >= '"+stamp(f.Since)+"'")
			f.Since, f.Changed = time.Time{}, false
		}
		where, args := f.where(terms...)
		rows, err := s.tx.QueryContext(ctx, `SELECT c.at, c.run, c.id, c.kind, c.field, c.old, c.new, v.title FROM change AS c
			JOIN paper AS p ON p.id = c.id JOIN version AS v ON v.paper = p.n
			AND v.number = p.version`+where+" ORDER BY c.at DESC, c.run DESC, c.n", args...)
		if err != nil {
			yield(PaperChange{}, s.db.fail("read changes", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var c PaperChange
			var at string
			err := rows.Scan(&at, &c.Run, &c.ID, &c.Kind, &c.Field, &c.Old, &c.New, &c.Title)
			c.At = moment(at)
			if !yield(c, s.db.fail("read changes", err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(PaperChange{}, s.db.fail("read changes", err))
		}
	}
}
