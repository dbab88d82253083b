package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/record"
)

// MergeRecords stores current records in one transaction: each is compared with what is held, what differs is written and
// told as changes. A record that says nothing new is recognised by its hash and writes nothing; one of an older version
// than the held one (a stale answer) is passed over. A crash leaves all of the batch or none of it.
func (r *Run) MergeRecords(ctx context.Context, records []arxiv.Record) ([]enrich.Change, error) {
	return r.merge(ctx, "merge records", func(m *merger) (all []enrich.Change, err error) {
		for _, record := range records {
			changes, err := m.record(record)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", record.ID, err)
			}
			all = append(all, changes...)
		}
		return all, nil
	})
}

// merge does some merging in one transaction and gives the changes, none when it fails.
func (r *Run) merge(ctx context.Context, operation string,
	work func(*merger) ([]enrich.Change, error)) (changes []enrich.Change, err error) {
	err = r.inTx(ctx, operation, func(ctx context.Context, tx *sql.Tx) error {
		m, err := newMerger(ctx, tx, r)
		if err != nil {
			return err
		}
		defer m.close()
		changes, err = work(m)
		return err
	})
	if err != nil {
		return nil, err
	}
	return changes, nil
}

// merger is one merging transaction with its prepared statements.
type merger struct {
	ctx                                                                       context.Context
	tx                                                                        *sql.Tx
	run                                                                       *Run
	look, insertPaper, updatePaper, saveText, dropFTS, addFTS, known, logLine *sql.Stmt
	statements                                                                []*sql.Stmt
}

func newMerger(ctx context.Context, tx *sql.Tx, run *Run) (*merger, error) {
	m := &merger{ctx: ctx, tx: tx, run: run}
	for _, s := range []struct {
		into **sql.Stmt
		text string
	}{
		{&m.look, "SELECT n, version, hash, disappeared_at IS NOT NULL FROM paper WHERE id = ?"},
		{&m.insertPaper, `INSERT INTO paper (version, primary_category, categories, journal_ref, doi, published, raw_due, fetched_at,
			hash, id, first_seen)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?8)`},
		{&m.updatePaper, `UPDATE paper SET version = ?, primary_category = ?, categories = ?, journal_ref = ?, doi = ?, published = ?,
			raw_due = CASE WHEN withdrawn THEN raw_due ELSE ? END, fetched_at = ?, hash = ?, disappeared_at = NULL WHERE id = ?`},
		{&m.saveText, `INSERT INTO version (paper, number, submitted, has_text, title, authors, abstract, comment, text_source)
			VALUES (?, ?, ?, 1, ?, ?, ?, ?, 'api')
			ON CONFLICT (paper, number) DO UPDATE SET submitted = CASE excluded.submitted WHEN '' THEN submitted
			ELSE excluded.submitted END, has_text = 1,
			title = excluded.title, authors = excluded.authors, abstract = excluded.abstract, comment = excluded.comment,
			text_source = excluded.text_source, absent_at = NULL`},
		{&m.dropFTS, "INSERT INTO papers_fts (papers_fts, rowid, title, authors, abstract) SELECT 'delete', n, title, authors, abstract FROM fts_source WHERE n = ?"},
		{&m.addFTS, "INSERT INTO papers_fts (rowid, title, authors, abstract) SELECT n, title, authors, abstract FROM fts_source WHERE n = ?"},
		{&m.known, "DELETE FROM unknown WHERE id = ?"},
		{&m.logLine, "INSERT INTO change (run, at, id, kind, field, old, new) VALUES (?, ?, ?, ?, ?, ?, ?)"},
	} {
		statement, err := tx.PrepareContext(ctx, s.text)
		if err != nil {
			m.close()
			return nil, err
		}
		*s.into = statement
		m.statements = append(m.statements, statement)
	}
	return m, nil
}

func (m *merger) close() {
	for _, s := range m.statements {
		s.Close()
	}
}

func (m *merger) record(rec arxiv.Record) ([]enrich.Change, error) {
	rec = storableRecord(rec)
	hash := recordHash(rec)
	var n int64
	var version int
	var held []byte
	var gone bool
	err := m.look.QueryRowContext(m.ctx, string(rec.ID)).Scan(&n, &version, &held, &gone)
	isNew := errors.Is(err, sql.ErrNoRows)
	switch {
	case err != nil && !isNew:
		return nil, err
	case !isNew && !gone && string(held) == string(hash), !isNew && rec.Version < version:
		return nil, nil
	}
	var old *arxiv.Paper
	if !isNew {
		paper, err := loadPaper(m.ctx, m.tx, n)
		if err != nil {
			return nil, err
		}
		old = &paper.Paper
	}
	changes := record.Compare(old, rec)
	if err := m.write(n, isNew, rec, hash); err != nil {
		return nil, err
	}
	return changes, m.log(changes)
}

// write puts the record in place. The full-text index must forget the old words before they are overwritten.
func (m *merger) write(n int64, isNew bool, rec arxiv.Record, hash []byte) error {
	values := []any{rec.Version, rec.PrimaryCategory, toJSON(rec.Categories), rec.JournalRef, toJSON(rec.DOIs),
		stampOrEmpty(rec.Published), record.SpeaksOfWithdrawal(rec), stamp(m.run.Started), hash, string(rec.ID)}
	if isNew {
		result, err := m.insertPaper.ExecContext(m.ctx, values...)
		if err != nil {
			return err
		}
		if n, err = result.LastInsertId(); err != nil {
			return err
		}
		if _, err := m.known.ExecContext(m.ctx, string(rec.ID)); err != nil {
			return err
		}
	} else {
		if _, err := m.dropFTS.ExecContext(m.ctx, n); err != nil {
			return err
		}
		if _, err := m.updatePaper.ExecContext(m.ctx, values...); err != nil {
			return err
		}
	}
	if err := m.text(n, rec); err != nil {
		return err
	}
	_, err := m.addFTS.ExecContext(m.ctx, n)
	return err
}

func (m *merger) text(n int64, record arxiv.Record) error {
	_, err := m.saveText.ExecContext(m.ctx, n, record.Version, stampOrEmpty(record.Submitted), record.Title, toJSON(record.Authors),
		record.Abstract, record.Comment)
	return err
}

func (m *merger) log(changes []enrich.Change) error {
	for _, c := range changes {
		if c.Kind == enrich.ChangeNew {
			continue // told in the report of the run; paper.first_seen keeps it
		}
		if _, err := m.logLine.ExecContext(m.ctx, m.run.ID, stamp(m.run.Started), string(c.ID), c.Kind, c.Field, c.Old, c.New); err != nil {
			return err
		}
	}
	return nil
}

// storableRecord makes the texts storable and normal, so that what is held compares equal with what is had again.
func storableRecord(r arxiv.Record) arxiv.Record {
	for _, text := range []*string{&r.Title, &r.Abstract, &r.Comment, &r.JournalRef, &r.PrimaryCategory} {
		*text = arxiv.Text(storable(*text))
	}
	authors := make([]arxiv.Author, len(r.Authors))
	for i, a := range r.Authors {
		authors[i] = arxiv.Author{Name: arxiv.Text(storable(a.Name))}
		for _, affiliation := range a.Affiliations {
			authors[i].Affiliations = append(authors[i].Affiliations, arxiv.Text(storable(affiliation)))
		}
	}
	r.Authors = authors
	r.DOIs, r.Categories = storableAll(r.DOIs), storableAll(r.Categories)
	return r
}

func storableAll(texts []string) []string {
	cleaned := make([]string, len(texts))
	for i, text := range texts {
		cleaned[i] = storable(text)
	}
	return cleaned
}

// recordHash is over everything that is stored of a current record, save the submission time: the transitional feeds of
// November 2025 give another one, and a version's time does not change.
func recordHash(r arxiv.Record) []byte {
	h := sha256.New()
	for _, text := range []string{r.ID.Versioned(r.Version), r.Title, toJSON(r.Authors), r.Abstract, r.Comment, r.JournalRef,
		strings.Join(r.DOIs, "\x00"),
		r.PrimaryCategory, strings.Join(r.Categories, "\x00")} {
		fmt.Fprintf(h, "%d:%s", len(text), text)
	}
	return h.Sum(nil)[:16]
}

// MergeVersions stores the texts of older versions, and remembers which were asked for in vain so that they are not asked
// for again for a month. A record that turns out newer than the held current one is left to the next night.
func (r *Run) MergeVersions(ctx context.Context, records []arxiv.Record, absent []record.VersionRef) error {
	_, err := r.merge(ctx, "merge versions", func(m *merger) ([]enrich.Change, error) {
		for _, record := range records {
			n, version, err := m.find(record.ID)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", record.ID, err)
			}
			if n == 0 || record.Version >= version {
				continue
			}
			if err := m.text(n, storableRecord(record)); err != nil {
				return nil, fmt.Errorf("%s: %w", record.ID.Versioned(record.Version), err)
			}
		}
		for _, ref := range absent {
			if _, err := m.tx.ExecContext(ctx, `INSERT INTO version (paper, number, absent_at) SELECT n, ?, ? FROM paper WHERE id = ?
				ON CONFLICT (paper, number) DO UPDATE
				SET absent_at = excluded.absent_at`, ref.Version, stamp(r.Started), string(ref.ID)); err != nil {
				return nil, fmt.Errorf("%s: %w", ref.ID.Versioned(ref.Version), err)
			}
		}
		return nil, nil
	})
	return err
}

// find gives a paper's row and newest version, zeroes when it is not held.
func (m *merger) find(id arxiv.ID) (n int64, version int, err error) {
	var hash []byte
	var gone bool
	err = m.look.QueryRowContext(m.ctx, string(id)).Scan(&n, &version, &hash, &gone)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, nil
	}
	return n, version, err
}

// MergeRaw stores what OAI-PMH knows of papers that are held: the dates, sizes and source types of all versions, licence,
// submitter, and whether the paper is withdrawn. Its texts are raw TeX and are not compared with the query API's.
func (r *Run) MergeRaw(ctx context.Context, raws []arxiv.RawRecord) ([]enrich.Change, error) {
	return r.merge(ctx, "merge histories", func(m *merger) (all []enrich.Change, err error) {
		for _, raw := range raws {
			changes, err := m.raw(raw)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", raw.ID, err)
			}
			all = append(all, changes...)
		}
		return all, nil
	})
}

func (m *merger) raw(raw arxiv.RawRecord) ([]enrich.Change, error) {
	n, version, err := m.find(raw.ID)
	if err != nil || n == 0 {
		return nil, err
	}
	old, err := loadPaper(m.ctx, m.tx, n)
	if err != nil {
		return nil, err
	}
	changes := record.CompareRaw(old.Paper, raw)
	latest := 0
	for _, v := range raw.Versions {
		latest = max(latest, v.Number)
		size := sql.NullInt64{Int64: int64(v.SizeKB), Valid: v.SizeKB >= 0}
		if _, err := m.tx.ExecContext(m.ctx,
			`INSERT INTO version (paper, number, submitted, size_kb, source_type, withdrawn) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (paper, number) DO UPDATE SET submitted = CASE excluded.submitted WHEN '' THEN submitted
			ELSE excluded.submitted END,
			size_kb = excluded.size_kb, source_type = excluded.source_type, withdrawn = excluded.withdrawn`,
			n, v.Number, stampOrEmpty(v.Submitted), size, storable(v.SourceType), record.Withdrawn(raw, v.Number)); err != nil {
			return nil, err
		}
	}
	withdrawn := old.Withdrawn
	if latest >= version {
		withdrawn = record.Withdrawn(raw, latest)
	}
	if _, err := m.tx.ExecContext(m.ctx,
		"UPDATE paper SET license = ?, submitter = ?, withdrawn = ?, raw_version = ?, raw_at = ?, raw_due = 0 WHERE n = ?",
		storable(raw.License), arxiv.Text(storable(raw.Submitter)), withdrawn, latest, stamp(m.run.Started), n); err != nil {
		return nil, err
	}
	return changes, m.log(changes)
}

// NoteMissing remembers, of the papers that a run asked for, those that it had no answer for and does not believe to be
// gone; a run that is believed names none.
func (r *Run) NoteMissing(ctx context.Context, asked, missing []arxiv.ID) error {
	missing = append([]arxiv.ID{}, missing...) // none is [] in JSON, not null
	return r.inTx(ctx, "note missing papers", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx,
			"DELETE FROM missing WHERE id IN (SELECT value FROM json_each(?)) AND id NOT IN (SELECT value FROM json_each(?))",
			toJSON(asked), toJSON(missing)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO missing (id, since) SELECT value, ? FROM json_each(?)", stamp(r.Started),
			toJSON(missing))
		return err
	})
}

// MarkUnknown records that both of arXiv's interfaces have no such paper: of one that was never held as unknown, of one
// that was as disappeared, which is a change once.
func (r *Run) MarkUnknown(ctx context.Context, ids []arxiv.ID) ([]enrich.Change, error) {
	return r.merge(ctx, "mark unknown papers", func(m *merger) (all []enrich.Change, err error) {
		for _, id := range ids {
			changes, err := m.unknown(id)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", id, err)
			}
			all = append(all, changes...)
		}
		return all, nil
	})
}

func (m *merger) unknown(id arxiv.ID) ([]enrich.Change, error) {
	n, version, err := m.find(id)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		_, err := m.tx.ExecContext(m.ctx, "INSERT OR IGNORE INTO unknown (id, asked_at) VALUES (?, ?)", string(id), stamp(m.run.Started))
		return nil, err
	}
	result, err := m.tx.ExecContext(m.ctx, "UPDATE paper SET disappeared_at = ? WHERE n = ? AND disappeared_at IS NULL",
		stamp(m.run.Started), n)
	if err != nil {
		return nil, err
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return nil, err
	}
	changes := []enrich.Change{{ID: id, Kind: enrich.ChangeGone, Field: "disappeared", Old: fmt.Sprintf("v%d", version)}}
	return changes, m.log(changes)
}
