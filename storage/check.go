package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/citation"
	"syncer/enrich/link"
	"syncer/seeds"
)

// Checked is a citation of a list as read just now, with what is stored of its paper and what is wrong about it.
type Checked struct {
	citation.Case
	Asked bool // arXiv was asked for it: a paper that was never had does not exist
}

// Check judges a list as it is now against the store, and writes nothing. The list need not be one that was synced. What
// its owner ignores is left out.
func (db *DB) Check(ctx context.Context, list seeds.List, now time.Time) ([]Checked, error) {
	var checked []Checked
	err := inTx(ctx, db.read, func(ctx context.Context, tx *sql.Tx) error {
		checked = make([]Checked, len(list.Citations))
		judged := make([]citation.Judged, len(list.Citations))
		j := newJudge(ctx, tx, now)
		keyName, ignored, err := j.ignored(list.Name)
		if err != nil {
			return err
		}
		papers := make([]*judgedPaper, len(list.Citations))
		for i, c := range list.Citations {
			if judged[i], papers[i], err = j.citation(citation.Cited{Citation: c, List: keyName, FirstSeen: now}); err != nil {
				return fmt.Errorf("%s: %w", c.ID, err)
			}
		}
		citation.ShareMistakes(judged)
		for i, p := range papers {
			findings := slices.DeleteFunc(judged[i].Findings, func(f enrich.Finding) bool { return slices.Contains(ignored, f.Key) })
			checked[i] = Checked{
				citation.Case{Citation: list.Citations[i], Paper: p.paper, Findings: findings},
				p.paper != nil || !p.unknownAt.IsZero(),
			}
		}
		for i := range checked {
			for _, f := range checked[i].Findings {
				if f.Suggestion == "" || f.Kind != enrich.KindWrongPaper && f.Kind != enrich.KindUnknownID {
					continue
				}
				p, err := j.paper(arxiv.ID(f.Suggestion))
				if err != nil {
					return fmt.Errorf("%s: %w", f.Suggestion, err)
				}
				checked[i].Meant = p.paper
			}
		}
		return nil
	})
	return checked, db.fail("check list", err)
}

// ignored are the keys of the findings about a list that its owner does not want to hear of, and the name that they are made
// with. A list that is not known has its own name and no such keys.
func (j *judge) ignored(name string) (keyName string, keys []string, err error) {
	list, err := listNamed(j.ctx, j.tx, name)
	if errors.Is(err, ErrNoList) {
		return storable(name), nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	keys, err = texts(j.ctx, j.tx, "SELECT key FROM finding AS f WHERE list = ?2 AND "+ignoredNow, stamp(j.now), list.n)
	return list.keyName, keys, err
}

// CheckLinks gives the links of a list as it is now that are known not to be as they should, and writes nothing. What its
// owner ignores is left out.
func (db *DB) CheckLinks(ctx context.Context, list seeds.List, now time.Time) ([]link.ListCase, error) {
	var cases []link.ListCase
	err := inTx(ctx, db.read, func(ctx context.Context, tx *sql.Tx) error {
		p := newPrepared(tx)
		for l := range allLinks(list) {
			state, err := scanLink(
				p.QueryRowContext(
					ctx,
					"SELECT "+linkColumns+` FROM link AS l WHERE l.url = ?2 AND l.by_record = 0 AND l.verdict NOT IN (?3, ?4)
				AND NOT EXISTS (SELECT 1 FROM finding AS f WHERE f.subject = l.url AND f.list = (SELECT n FROM list WHERE name = ?5)
				AND f.kind = l.verdict
				AND `+ignoredNow+")",
					stamp(now),
					storable(l.URL),
					link.OK,
					link.Unchecked,
					storable(list.Name),
				),
			)
			switch {
			case errors.Is(err, sql.ErrNoRows):
			case err != nil:
				return fmt.Errorf("%s: %w", l.URL, err)
			case !enrich.IsIgnored(l.Ignored, state.Verdict.Kind()):
				cases = append(cases, link.ListCase{Link: l.Link, State: state})
			}
		}
		return nil
	})
	return cases, db.fail("check links", err)
}
