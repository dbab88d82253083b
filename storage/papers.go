package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/seeds"
)

// ErrNoPaper says that the store has no such paper.
var ErrNoPaper = errors.New("no such paper")

// PaperView is a paper with what the store knows around it.
type PaperView struct {
	arxiv.Paper
	Lists     []string       // that cite it now, in order of name
	Findings  []string       // keys of the open ones
	Citations []CitationView // only from DB.Paper
	Links     []LinkView     // that stand on the same line of a list
	Key       string         // citation key; empty before PinKeys
}

// CitationView is where a list cites a paper, and what it claims there.
type CitationView struct {
	List    string
	Line    int
	Section string
	Version int // as cited; 0 when none is named
	Claim   seeds.Claim
}

// LinkView is a link and its last verdict.
type LinkView struct {
	URL     string    `json:"url"`
	Verdict string    `json:"verdict"`
	Since   time.Time `json:"since,omitzero"`
}

// PaperFilter narrows what DB.Papers gives; the zero value is everything.
type PaperFilter struct {
	List    string     // cited by this list now; its own citation keys come first
	Since   time.Time  // new here or changed at or after this time; with Changed: only changed
	Changed bool       // arXiv changed it; without Since: in the last nightly run
	IDs     []arxiv.ID // only these
	// Categories are codes ("cs.CL") or whole archives ("cs"); a paper of any of them passes.
	Categories []string
}

// queryer is what a transaction and a pool have in common.
type queryer interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

const paperColumns = `p.n, p.id, p.version, p.primary_category, p.categories, p.journal_ref, p.doi, p.published, p.license, p.submitter,
	p.withdrawn,
	coalesce(p.disappeared_at, ''), p.fetched_at`

func scanPaper(rows interface{ Scan(...any) error }) (n int64, p PaperView, err error) {
	var categories, dois, published, disappeared, fetched string
	if err := rows.Scan(&n, &p.ID, &p.Version, &p.PrimaryCategory, &categories, &p.JournalRef, &dois, &published, &p.License,
		&p.Submitter, &p.Withdrawn,
		&disappeared, &fetched); err != nil {
		return 0, p, err
	}
	p.Published, p.Disappeared, p.FetchedAt = moment(published), moment(disappeared), moment(fetched)
	if p.Categories, err = fromJSON[[]string](categories); err != nil {
		return 0, p, err
	}
	p.DOIs, err = fromJSON[[]string](dois)
	return n, p, err
}

const versionColumns = "v.paper, v.number, v.submitted, v.size_kb, v.source_type, v.withdrawn, v.has_text, v.title, v.authors, v.abstract, v.comment"

func scanVersion(rows *sql.Rows) (paper int64, v arxiv.Version, err error) {
	var submitted, authors string
	var size sql.NullInt64
	if err := rows.Scan(&paper, &v.Number, &submitted, &size, &v.SourceType, &v.Withdrawn, &v.HasText, &v.Title, &authors, &v.Abstract,
		&v.Comment); err != nil {
		return 0, v, err
	}
	v.Submitted, v.SizeKB = moment(submitted), -1
	if size.Valid {
		v.SizeKB = int(size.Int64)
	}
	v.Authors, err = fromJSON[[]arxiv.Author](authors)
	return paper, v, err
}

// addVersion puts a version into its paper; the newest one's texts are the paper's.
func (p *PaperView) addVersion(v arxiv.Version) {
	if v.Number == p.Version {
		p.Title, p.Authors, p.Abstract, p.Comment, p.Submitted = v.Title, v.Authors, v.Abstract, v.Comment, v.Submitted
	}
	if v.Number > p.Version || !v.HasText && v.Submitted.IsZero() && v.SizeKB < 0 {
		return // OAI-PMH is ahead of the query API, or only a note that the version was asked for in vain
	}
	p.Versions = append(p.Versions, v)
}

// loadPaper reads one paper with its versions.
func loadPaper(ctx context.Context, q queryer, n int64) (PaperView, error) {
	return loadPaperBy(ctx, q, "p.n = ?", n)
}

// loadPaperBy reads the paper that a condition finds, or gives sql.ErrNoRows.
func loadPaperBy(ctx context.Context, q queryer, condition string, key any) (PaperView, error) {
	n, p, err := scanPaper(q.QueryRowContext(ctx, "SELECT "+paperColumns+" FROM paper AS p WHERE "+condition, key))
	if err != nil {
		return p, err
	}
	rows, err := q.QueryContext(ctx, "SELECT "+versionColumns+" FROM version AS v WHERE v.paper = ? ORDER BY v.number", n)
	if err != nil {
		return p, err
	}
	defer rows.Close()
	for rows.Next() {
		_, v, err := scanVersion(rows)
		if err != nil {
			return p, err
		}
		p.addVersion(v)
	}
	return p, rows.Err()
}

// Paper gives one paper with its citations, or ErrNoPaper.
func (db *DB) Paper(ctx context.Context, id arxiv.ID) (PaperView, error) {
	var p PaperView
	err := inTx(ctx, db.read, func(ctx context.Context, tx *sql.Tx) error {
		var err error
		if p, err = loadPaperBy(ctx, tx, "p.id = ?", string(id)); errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("%s: %w", id, ErrNoPaper)
		} else if err != nil {
			return err
		}
		if err := addSurroundings(ctx, tx, &p); err != nil {
			return err
		}
		p.Citations, err = citationsOf(ctx, tx, id)
		return err
	})
	return p, db.fail("read paper", err)
}

func citationsOf(ctx context.Context, tx *sql.Tx, id arxiv.ID) ([]CitationView, error) {
	return rowsOf(ctx, tx, func(rows *sql.Rows) (c CitationView, err error) {
		err = rows.Scan(&c.List, &c.Line, &c.Section, &c.Version, &c.Claim.Title, &c.Claim.FirstAuthor, &c.Claim.Year)
		return c, err
	}, `SELECT l.name, c.line, c.section, c.version, c.title, c.author, c.year FROM citation AS c JOIN list AS l ON l.n = c.list
		WHERE c.id = ? AND c.gone_at IS NULL ORDER BY l.name, c.line, c.rank`, string(id))
}

// surroundings are which lists cite paper p, which findings are open about it and which links stand beside a citation of
// it, each a JSON array.
const surroundings = `(SELECT json_group_array(name) FROM (SELECT DISTINCT l.name FROM citation AS c JOIN list AS l ON l.n = c.list
		WHERE c.id = p.id AND c.gone_at IS NULL ORDER BY l.name)),
	(SELECT json_group_array(key) FROM (SELECT key FROM finding WHERE subject = p.id AND resolved_at IS NULL ORDER BY key)),
	(SELECT json_group_array(json_object('url', url, 'verdict', verdict, 'since', since)) FROM (
		SELECT DISTINCT l.url, l.verdict, l.since FROM citation AS c JOIN link_mention AS m ON m.list = c.list AND m.line = c.line
		JOIN link AS l ON l.url = m.url
		WHERE c.id = p.id AND c.gone_at IS NULL AND m.gone_at IS NULL ORDER BY l.url))`

func (p *PaperView) setSurroundings(lists, findings, links string) (err error) {
	if p.Lists, err = fromJSON[[]string](lists); err != nil {
		return err
	}
	if p.Findings, err = fromJSON[[]string](findings); err != nil {
		return err
	}
	p.Links, err = fromJSON[[]LinkView](links)
	return err
}

func addSurroundings(ctx context.Context, q queryer, p *PaperView) error {
	var lists, findings, links string
	if err := q.QueryRowContext(ctx, "SELECT "+surroundings+" FROM paper AS p WHERE p.id = ?", string(p.ID)).Scan(&lists, &findings,
		&links); err != nil {
		return err
	}
	return p.setSurroundings(lists, findings, links)
}

func texts(ctx context.Context, q queryer, query string, args ...any) ([]string, error) {
	return rowsOf(ctx, q, func(rows *sql.Rows) (text string, err error) {
		err = rows.Scan(&text)
		return text, err
	}, query, args...)
}

func streamPapers(ctx context.Context, tx *sql.Tx, f PaperFilter, yield func(PaperView) bool) error {
	where, args := f.where()
	papers, err := tx.QueryContext(ctx, "SELECT "+paperColumns+", "+surroundings+`,
		coalesce((SELECT bib_key FROM citation WHERE id = p.id AND list = (SELECT n FROM list WHERE name = ?) AND bib_key <> ''
		AND gone_at IS NULL ORDER BY rank LIMIT 1),
			(SELECT key FROM citation_key WHERE id = p.id), '')
		FROM paper AS p`+where+" ORDER BY p.id", append([]any{storable(f.List)}, args...)...)
	if err != nil {
		return err
	}
	defer papers.Close()
	versions, err := tx.QueryContext(
		ctx,
		"SELECT "+versionColumns+" FROM paper AS p JOIN version AS v ON v.paper = p.n"+where+" ORDER BY p.id, v.number",
		args...)
	if err != nil {
		return err
	}
	defer versions.Close()
	var nextPaper int64
	var next arxiv.Version
	advance := func() (err error) {
		if nextPaper = 0; versions.Next() {
			nextPaper, next, err = scanVersion(versions)
			return err
		}
		return versions.Err()
	}
	if err := advance(); err != nil {
		return err
	}
	for papers.Next() {
		var lists, findings, links, key string
		n, p, err := scanPaper(withColumns{papers, []any{&lists, &findings, &links, &key}})
		if err != nil {
			return err
		}
		for nextPaper == n && n != 0 {
			p.addVersion(next)
			if err := advance(); err != nil {
				return err
			}
		}
		if err := p.setSurroundings(lists, findings, links); err != nil {
			return err
		}
		p.Key = key
		if !yield(p) {
			return nil
		}
	}
	return papers.Err()
}

// withColumns scans further columns behind those of the paper.
type withColumns struct {
	rows    *sql.Rows
	further []any
}

func (w withColumns) Scan(into ...any) error { return w.rows.Scan(append(into, w.further...)...) }

// where is the filter and the further terms as SQL, with a blank in front; the identifiers are one JSON argument, since SQLite bounds
// the number
// of arguments and a list may cite thousands.
func (f PaperFilter) where(terms ...string) (string, []any) {
	var args []any
	add := func(term string, values ...any) { terms, args = append(terms, term), append(args, values...) }
	if f.List != "" {
		add("p.id IN (SELECT id FROM citation WHERE list = (SELECT n FROM list WHERE name = ?) AND gone_at IS NULL)", storable(f.List))
	}
	switch {
	case f.Changed && f.Since.IsZero():
		add("p.id IN (SELECT id FROM change WHERE run = (SELECT max(n) FROM run WHERE kind IN " + nightlyKinds + "))")
	case f.Changed:
		add("p.id IN (SELECT id FROM change WHERE at >= ?)", stamp(f.Since))
	case !f.Since.IsZero():
		// That a paper is gone, or withdrawn as OAI-PMH says, comes without new content.
		add("p.id IN (SELECT id FROM paper WHERE fetched_at >= ? UNION ALL SELECT id FROM change WHERE at >= ?)", stamp(f.Since),
			stamp(f.Since))
	}
	if f.IDs != nil {
		add("p.id IN (SELECT value FROM json_each(?))", toJSON(f.IDs))
	}
	if f.Categories != nil {
		add(`EXISTS (SELECT 1 FROM json_each(p.categories) AS c, json_each(?) AS f
			WHERE c.value = f.value OR substr(c.value, 1, length(f.value) + 1) = f.value || '.')`, toJSON(f.Categories))
	}
	if len(terms) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(terms, " AND "), args
}

// Search finds papers by words in title, authors and abstract, best first, at most limit; 0 is all. All words must be there; a star
// at the end of a word finds all that begin so. Whatever else is typed is taken as words, never as FTS5 syntax.
func (db *DB) Search(ctx context.Context, query string, limit int) ([]PaperView, error) {
	match := matchExpression(query)
	if match == "" {
		return nil, nil
	}
	var found []PaperView
	err := inTx(ctx, db.read, func(ctx context.Context, tx *sql.Tx) error {
		// A title that has the words says more than an abstract that has them.
		rows, err := tx.QueryContext(
			ctx,
			"SELECT rowid FROM papers_fts WHERE papers_fts MATCH ? ORDER BY bm25(papers_fts, 10, 5, 1), rowid LIMIT ?",
			match,
			noLimit(limit),
		)
		if err != nil {
			return err
		}
		var numbers []int64
		for rows.Next() {
			var n int64
			if err := rows.Scan(&n); err != nil {
				return errors.Join(err, rows.Close())
			}
			numbers = append(numbers, n)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		for _, n := range numbers {
			p, err := loadPaper(ctx, tx, n)
			if err != nil {
				return err
			}
			if err := addSurroundings(ctx, tx, &p); err != nil {
				return err
			}
			found = append(found, p)
		}
		return nil
	})
	return found, db.fail("search", err)
}

// matchExpression quotes every word: `self-attention` unquoted is an error in FTS5's syntax. A word without any letter or
// digit has no token and is left out.
func matchExpression(query string) string {
	var terms []string
	for _, word := range strings.Fields(storable(query)) {
		prefix := strings.HasSuffix(word, "*")
		word = strings.ReplaceAll(strings.TrimRight(word, "*"), `"`, "")
		if arxiv.Key(word) == "" {
			continue
		}
		term := `"` + word + `"`
		if prefix {
			term += "*"
		}
		terms = append(terms, term)
	}
	return strings.Join(terms, " ")
}
