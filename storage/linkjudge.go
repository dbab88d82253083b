package storage

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/seeds"
)

// JudgePaperLinks judges the links of a scope's lists that lead to papers at arXiv by what is stored of the papers, in one
// transaction, but for those whose pages are asked for. A link whose verdict stays is written, for its time, except by a
// nightly job.
func (r *Run) JudgePaperLinks(ctx context.Context, s LinkScope) error {
	type paperLink struct {
		n       int64
		paper   arxiv.ID
		version int
		state   link.State
	}
	return r.inTx(ctx, "judge links to papers", func(ctx context.Context, tx *sql.Tx) error {
		links, err := rowsOf(ctx, tx, func(rows *sql.Rows) (l paperLink, err error) {
			l.state, err = scanLink(rows, &l.n, &l.paper, &l.version)
			return l, err
		}, "SELECT l.n, l.paper, l.version, "+linkColumns+` FROM link AS l WHERE l.by_record = 1
			AND NOT `+askedItself+" AND l.url IN "+urlsOfLists+" ORDER BY l.paper, l.n", s.Pages, toJSON(storableAll(s.Lists)))
		if err != nil {
			return err
		}
		j := newJudge(ctx, tx, r.Started)
		for _, l := range links {
			p, err := j.paper(l.paper)
			if err != nil {
				return fmt.Errorf("%s: %w", l.paper, err)
			}
			now := link.JudgeByRecord(l.state, l.version, p.paper, !p.unknownAt.IsZero(), r.Started)
			same := now.Verdict == l.state.Verdict && now.Reason == l.state.Reason && now.Target == l.state.Target
			if same && s.Nightly {
				continue
			}
			if err := r.saveState(ctx, j.tx, l.n, l.state, now, time.Time{}); err != nil {
				return fmt.Errorf("%s: %w", l.state.URL, err)
			}
		}
		return nil
	})
}

// PapersOfLinks are the papers whose records judge links of the named lists.
func (r *Run) PapersOfLinks(ctx context.Context, lists []string) ([]arxiv.ID, error) {
	ids, err := rowsOf(ctx, r.db.read, func(rows *sql.Rows) (id arxiv.ID, err error) {
		err = rows.Scan(&id)
		return id, err
	}, "SELECT DISTINCT l.paper FROM link AS l WHERE l.by_record = 1 AND l.url IN "+urlsOfLists, toJSON(storableAll(lists)))
	return ids, r.db.fail("read links to papers", err)
}

// JudgeLinks makes the open findings about the links of the named lists say what their verdicts say, in one transaction.
func (r *Run) JudgeLinks(ctx context.Context, lists []string) (Judgement, error) {
	var judgement Judgement
	err := r.inTx(ctx, "judge links", func(ctx context.Context, tx *sql.Tx) error {
		for _, list := range lists {
			known, err := listNamed(ctx, tx, list)
			if err != nil {
				return err
			}
			findings, err := linkFindings(ctx, tx, known)
			if err == nil {
				err = r.reconcile(ctx, tx, known, enrich.KindsJudgedBy(enrich.JudgesLinks), enrich.Collate(findings), &judgement)
			}
			if err != nil {
				return fmt.Errorf("list %s: %w", list, err)
			}
		}
		return nil
	})
	return judgement, err
}

func linkFindings(ctx context.Context, tx *sql.Tx, list knownList) ([]enrich.Finding, error) {
	rows, err := tx.QueryContext(
		ctx,
		"SELECT m.as_written, m.line, m.col, m.ignored, l.by_record, "+linkColumns+` FROM link_mention AS m JOIN link AS l ON l.url = m.url
		WHERE m.list = ? AND m.gone_at IS NULL AND l.verdict NOT IN (?, ?) ORDER BY m.line, m.col, m.n`,
		list.n,
		link.OK,
		link.Unchecked,
	)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var findings []enrich.Finding
	for rows.Next() {
		var l seeds.Link
		var byRecord bool
		var ignored string
		state, err := scanLink(rows, &l.AsWritten, &l.Line, &l.Column, &ignored, &byRecord)
		if err == nil {
			l.Ignored, err = fromJSON[[]string](ignored)
		}
		if err != nil {
			return nil, err
		}
		if f, ok := link.Finding(list.keyName, l, state, byRecord); ok {
			findings = append(findings, f)
		}
	}
	return findings, rows.Err()
}

// LinkPlace is where a list has a link.
type LinkPlace struct {
	List         string
	Line, Column int
	Title        string
	Ignored      []string // kinds that the list asks not to hear of there
}

// LinkReport is a link of some lists as it is known now.
type LinkReport struct {
	link.State
	New    bool        // the verdict became this in the run that is told of
	Quiet  bool        // what is with it is ignored: its finding, or the kind at every place
	Places []LinkPlace // in order of lists and lines
}

// LinkVerdicts counts the links of the named lists by verdict.
func (db *DB) LinkVerdicts(ctx context.Context, lists []string) (map[link.Verdict]int, error) {
	counts := map[link.Verdict]int{}
	_, err := rowsOf(ctx, db.read, func(rows *sql.Rows) (struct{}, error) {
		var verdict link.Verdict
		var n int
		err := rows.Scan(&verdict, &n)
		counts[verdict] = n
		return struct{}{}, err
	}, `SELECT l.verdict, count(*) FROM link AS l WHERE l.url IN `+urlsOfLists+" GROUP BY l.verdict", toJSON(storableAll(lists)))
	return counts, db.fail("count verdicts", err)
}

// linkOfLists is whether a link l is in one of the lists named by a JSON array, urlsOfLists are the addresses of all that are.
const (
	linkOfLists = "EXISTS (SELECT 1 FROM link_mention AS m WHERE m.url = l.url AND m.gone_at IS NULL AND m.list IN " + listsNamed + ")"
	urlsOfLists = "(SELECT m.url FROM link_mention AS m WHERE m.gone_at IS NULL AND m.list IN " + listsNamed + ")"
)

// Links streams the links of the named lists in the order of their first mention; with verdicts, only those that have one of
// them, verdict after verdict in the given order, of each the new ones first. run is the run whose verdicts count as new, 0 for
// none; now decides whether an ignore has ended. A link's events are few and a run's are many: the plus keeps SQLite from looking
// them up by the run.
func (db *DB) Links(ctx context.Context, lists []string, verdicts []link.Verdict, run int64, now time.Time) iter.Seq2[LinkReport, error] {
	return func(yield func(LinkReport, error) bool) {
		names := toJSON(storableAll(lists))
		var wanted any
		if verdicts != nil {
			wanted = toJSON(verdicts)
		}
		rows, err := db.read.QueryContext(ctx, `WITH these AS (SELECT n, name FROM list WHERE name IN (SELECT value FROM json_each(?3)))
			SELECT EXISTS (SELECT 1 FROM link_event AS e WHERE e.link = l.n AND +e.run = ?2) AS is_new,
			EXISTS (SELECT 1 FROM finding AS f WHERE f.subject = l.url AND f.kind = l.verdict AND `+ignoredNow+` AND f.list IN (SELECT n
			FROM these)),
			(SELECT json_group_array(json_object('List', t.name, 'Line', m.line, 'Column', m.col, 'Title', m.title, 'Ignored',
			json(m.ignored))
				ORDER BY t.name, m.line, m.col) FROM link_mention AS m JOIN these AS t ON t.n = m.list WHERE m.url = l.url
				AND m.gone_at IS NULL),
			(SELECT min(m.n) FROM link_mention AS m WHERE m.url = l.url AND m.gone_at IS NULL AND m.list IN (SELECT n
			FROM these)) AS first, `+linkColumns+`
			FROM link AS l WHERE l.url IN (SELECT m.url FROM link_mention AS m WHERE m.gone_at IS NULL AND m.list IN (SELECT n FROM these))
			AND (?4 IS NULL OR l.verdict IN (SELECT value FROM json_each(?4)))
			ORDER BY (SELECT key FROM json_each(?4) WHERE value = l.verdict), ?4 IS NOT NULL AND is_new DESC, first`,
			stamp(now), run, names, wanted)
		if err != nil {
			yield(LinkReport{}, db.fail("read links", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var l LinkReport
			var places string
			var first int64 // only to be sorted by
			l.State, err = scanLink(rows, &l.New, &l.Quiet, &places, &first)
			if err == nil {
				l.Places, err = fromJSON[[]LinkPlace](places)
			}
			l.Quiet = l.Quiet ||
				!slices.ContainsFunc(l.Places, func(p LinkPlace) bool { return !enrich.IsIgnored(p.Ignored, l.Verdict.Kind()) })
			if !yield(l, db.fail("read links", err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(LinkReport{}, db.fail("read links", err))
		}
	}
}
