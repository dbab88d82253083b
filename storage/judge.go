package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/citation"
	"syncer/seeds"
)

// Judgement is what judging the lists has changed.
type Judgement struct {
	Opened, Closed []enrich.Finding // without those that are ignored
}

// Judge looks at every citation of the named lists as stored, has package enrich decide what is worth a finding, and makes
// the open findings say that, in one transaction. Only differences are written: a finding that stays open costs nothing.
func (r *Run) Judge(ctx context.Context, lists []string) (Judgement, error) {
	var judgement Judgement
	err := r.inTx(ctx, "judge citations", func(ctx context.Context, tx *sql.Tx) error {
		judgement = Judgement{}
		j := newJudge(ctx, tx, r.Started)
		for _, list := range lists {
			known, err := listNamed(ctx, tx, list)
			if err != nil {
				return err
			}
			current, err := j.list(known)
			if err != nil {
				return fmt.Errorf("list %s: %w", list, err)
			}
			if err := r.reconcile(ctx, tx, known, enrich.KindsJudgedBy(enrich.JudgesCitations), current, &judgement); err != nil {
				return fmt.Errorf("list %s: %w", list, err)
			}
		}
		return nil
	})
	return judgement, err
}

// judge reads what the decisions need. Papers are kept while a list is judged, since lists cite a paper several times,
// up to a bound that keeps memory flat.
type judge struct {
	ctx    context.Context
	tx     prepared
	now    time.Time
	papers map[arxiv.ID]*judgedPaper
}

func newJudge(ctx context.Context, tx *sql.Tx, now time.Time) *judge {
	return &judge{ctx: ctx, tx: newPrepared(tx), now: now, papers: map[arxiv.ID]*judgedPaper{}}
}

type judgedPaper struct {
	paper     *arxiv.Paper // nil: never had
	unknownAt time.Time
	events    []citation.Event
}

const judgedPapersKept = 500

// list gives the findings that should be open for a list, in the order of its lines, one for each key.
func (j *judge) list(list knownList) ([]enrich.Finding, error) {
	var findings []enrich.Finding
	citations, err := j.citations(list)
	if err != nil {
		return nil, err
	}
	judged := make([]citation.Judged, len(citations))
	for i, cited := range citations {
		if judged[i], _, err = j.citation(cited); err != nil {
			return nil, fmt.Errorf("%s: %w", cited.Citation.ID, err)
		}
	}
	citation.ShareMistakes(judged)
	for _, j := range judged {
		findings = append(findings, j.Findings...)
	}
	elsewhere, err := j.elsewhere(list, citations)
	if err != nil {
		return nil, err
	}
	findings = append(findings, citation.CheckList(judged, elsewhere)...)
	malformed, err := j.malformed(list)
	if err != nil {
		return nil, err
	}
	for _, m := range malformed {
		findings = append(findings, citation.MalformedFinding(list.keyName, m))
	}
	findings = enrich.Collate(findings)
	slices.SortStableFunc(findings, func(a, b enrich.Finding) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
	return findings, nil
}

// citation judges a citation, and gives what is stored of its paper.
func (j *judge) citation(cited citation.Cited) (citation.Judged, *judgedPaper, error) {
	judged := citation.Judged{Cited: cited}
	p, err := j.paper(cited.Citation.ID)
	if err != nil {
		return judged, nil, err
	}
	var meant arxiv.ID
	fit := citation.FitCitation(cited.Citation, p.paper)
	if fit.Doubtful() {
		if meant, _, err = j.meant(cited.Citation.ID, fit.Claim()); err != nil {
			return judged, nil, err
		}
	}
	judged.Held = p.paper != nil
	judged.Findings = citation.Findings(j.now, cited, fit, p.unknownAt, p.events, meant)
	return judged, p, nil
}

// elsewhere are the rows of a table that name no paper on arXiv. In other formats a link may be a part of an entry.
func (j *judge) elsewhere(list knownList, citations []citation.Cited) ([]citation.Row, error) {
	rows, err := j.tx.QueryContext(j.ctx, `SELECT DISTINCT m.line, m.section, m.title FROM link_mention AS m JOIN list AS l ON l.n = m.list
		WHERE m.list = ? AND l.format = 'csv' AND m.gone_at IS NULL`, list.n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cites := map[int]bool{} // by line
	for _, cited := range citations {
		cites[cited.Citation.Line] = true
	}
	var all []citation.Row
	for rows.Next() {
		var line int
		var row citation.Row
		if err := rows.Scan(&line, &row.Section, &row.Title); err != nil {
			return nil, err
		}
		if !cites[line] {
			all = append(all, row)
		}
	}
	return all, rows.Err()
}

func (j *judge) citations(list knownList) ([]citation.Cited, error) {
	return rowsOf(j.ctx, j.tx, func(rows *sql.Rows) (citation.Cited, error) {
		cited := citation.Cited{List: list.keyName}
		c := &cited.Citation
		var ignored, firstSeen, authors string
		err := rows.Scan(&c.ID, &c.Version, &c.AsWritten, &c.Line, &c.Column, &c.Section, &c.Key, &c.Claim.Title, &c.Claim.FirstAuthor,
			&c.Claim.Year, &ignored, &firstSeen, &authors, &c.Claim.Venue, &c.Passage.Text, &c.Passage.From, &c.Passage.To)
		if err != nil {
			return cited, err
		}
		if c.Claim.Authors, err = fromJSON[[]string](authors); err != nil {
			return cited, err
		}
		if len(c.Claim.Authors) == 0 {
			c.Claim.Authors = nil
		}
		cited.FirstSeen = moment(firstSeen)
		c.Ignored, err = fromJSON[[]string](ignored)
		return cited, err
	}, `SELECT id, version, as_written, line, col, section, bib_key, title, author, year, ignored, first_seen, authors, venue,
		passage, passage_from, passage_to FROM citation WHERE list = ? AND gone_at IS NULL ORDER BY line, col, n`, list.n)
}

func (j *judge) malformed(list knownList) ([]seeds.Malformed, error) {
	return rowsOf(j.ctx, j.tx, func(rows *sql.Rows) (m seeds.Malformed, err error) {
		err = rows.Scan(&m.AsWritten, &m.Reason, &m.Line, &m.Column, &m.Section)
		return m, err
	}, "SELECT as_written, reason, line, col, section FROM malformed WHERE list = ? AND gone_at IS NULL ORDER BY line, col, n", list.n)
}

func (j *judge) paper(id arxiv.ID) (*judgedPaper, error) {
	if p, ok := j.papers[id]; ok {
		return p, nil
	}
	if len(j.papers) >= judgedPapersKept {
		clear(j.papers)
	}
	p := &judgedPaper{}
	view, err := loadPaperBy(j.ctx, j.tx, "p.id = ?", string(id))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		var asked string
		err := j.tx.QueryRowContext(j.ctx, "SELECT asked_at FROM unknown WHERE id = ?", string(id)).Scan(&asked)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		p.unknownAt = moment(asked)
	case err != nil:
		return nil, err
	default:
		p.paper = &view.Paper
		if p.events, err = j.events(id); err != nil {
			return nil, err
		}
	}
	j.papers[id] = p
	return p, nil
}

func (j *judge) events(id arxiv.ID) ([]citation.Event, error) {
	return rowsOf(j.ctx, j.tx, func(rows *sql.Rows) (e citation.Event, err error) {
		var at string
		err = rows.Scan(&at, &e.Change.ID, &e.Change.Kind, &e.Change.Field, &e.Change.Old, &e.Change.New)
		e.At = moment(at)
		return e, err
	}, "SELECT at, id, kind, field, old, new FROM change WHERE id = ? ORDER BY n", string(id))
}

// heldFinding is what reconcile compares with.
type heldFinding struct {
	enrich.Finding
	resolved, ignored bool
}

// reconcile makes the list's open findings of the given kinds exactly the current ones: new ones are opened, resolved ones
// that are back are opened again with their first date, the others are closed.
func (r *Run) reconcile(ctx context.Context, tx *sql.Tx, list knownList, kinds []enrich.Kind, current []enrich.Finding,
	judgement *Judgement) error {
	held, err := r.heldFindings(ctx, tx, list, kinds)
	if err != nil {
		return err
	}
	save, err := tx.PrepareContext(
		ctx,
		`INSERT INTO finding (key, kind, severity, subject, list, line, col, claimed, actual, suggestion, message, first_seen)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE
		SET severity = excluded.severity, line = excluded.line, col = excluded.col, claimed = excluded.claimed,
		actual = excluded.actual, suggestion = excluded.suggestion, message = excluded.message, resolved_at = NULL`,
	)
	if err != nil {
		return err
	}
	defer save.Close()
	for _, f := range current {
		f = storableFinding(f)
		f.List = list.name // its key is made with the name that the list had first
		old, known := held[f.Key]
		delete(held, f.Key)
		if known && !old.resolved && old.Finding == f {
			continue
		}
		if _, err := save.ExecContext(ctx, f.Key, f.Kind, f.Severity, f.Subject, list.n, f.Line, f.Column, f.Claimed, f.Actual,
			f.Suggestion, f.Message, stamp(r.Started)); err != nil {
			return err
		}
		if (!known || old.resolved) && !old.ignored {
			judgement.Opened = append(judgement.Opened, f)
		}
	}
	for key, old := range held {
		if old.resolved {
			continue
		}
		if _, err := tx.ExecContext(ctx, "UPDATE finding SET resolved_at = ? WHERE key = ?", stamp(r.Started), key); err != nil {
			return err
		}
		if !old.ignored {
			judgement.Closed = append(judgement.Closed, old.Finding)
		}
	}
	return nil
}

func (r *Run) heldFindings(ctx context.Context, tx *sql.Tx, list knownList, kinds []enrich.Kind) (map[string]heldFinding, error) {
	marks, args := placeholders(kinds)
	rows, err := tx.QueryContext(
		ctx,
		`SELECT key, kind, severity, subject, line, col, claimed, actual, suggestion, message, resolved_at IS NOT NULL, `+ignoredNow+`
		FROM finding AS f WHERE list = ? AND kind IN (`+marks+")",
		append([]any{stamp(r.Started), list.n}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	held := map[string]heldFinding{}
	for rows.Next() {
		h := heldFinding{Finding: enrich.Finding{List: list.name}}
		if err := rows.Scan(&h.Key, &h.Kind, &h.Severity, &h.Subject, &h.Line, &h.Column, &h.Claimed, &h.Actual, &h.Suggestion,
			&h.Message, &h.resolved, &h.ignored); err != nil {
			return nil, err
		}
		held[h.Key] = h
	}
	return held, rows.Err()
}

func storableFinding(f enrich.Finding) enrich.Finding {
	for _, text := range []*string{&f.Subject, &f.List, &f.Claimed, &f.Actual, &f.Suggestion, &f.Message} {
		*text = storable(*text)
	}
	return f
}
