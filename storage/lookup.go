package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/enrich/citation"
	"syncer/seeds"
)

// lookupFor is how long a search in vain is not repeated.
const lookupFor = 30 * 24 * time.Hour

// localCandidates bounds how many stored papers with a claim's words in their titles are looked at, and askedWords how many
// of the words are asked for.
const localCandidates, askedWords = 100, 4

// Doubt is a citation whose identifier may name another paper than its claim.
type Doubt struct {
	ID    arxiv.ID
	Claim seeds.Claim
}

// Doubts are the citations of the lists that package enrich doubts, of which neither the store nor an earlier search says
// what they mean; each claim once, in the order of the lists.
func (r *Run) Doubts(ctx context.Context, lists []string) ([]Doubt, error) {
	var doubts []Doubt
	err := r.inTx(ctx, "read doubtful citations", func(ctx context.Context, tx *sql.Tx) error {
		doubts = nil
		j := newJudge(ctx, tx, r.Started)
		seen := map[string]bool{}
		for _, list := range lists {
			known, err := listNamed(ctx, tx, list)
			if err != nil {
				return err
			}
			citations, err := j.citations(known)
			if err != nil {
				return fmt.Errorf("list %s: %w", list, err)
			}
			for _, cited := range citations {
				c := cited.Citation
				p, err := j.paper(c.ID)
				if err != nil {
					return fmt.Errorf("%s: %w", c.ID, err)
				}
				fit := citation.FitCitation(c, p.paper)
				claim := fit.Claim()
				if seen[citation.ClaimKey(claim)] || p.paper == nil && p.unknownAt.IsZero() || !fit.Doubtful() {
					continue
				}
				seen[citation.ClaimKey(claim)] = true
				meant, searched, err := j.meant(c.ID, claim)
				if err != nil {
					return fmt.Errorf("%s: %w", c.ID, err)
				}
				if meant == "" && !searched {
					doubts = append(doubts, Doubt{c.ID, claim})
				}
			}
		}
		return nil
	})
	return doubts, err
}

// SaveLookup keeps what a search for a claim came to; an empty identifier is a search in vain.
func (r *Run) SaveLookup(ctx context.Context, claim seeds.Claim, id arxiv.ID) error {
	return r.inTx(ctx, "save lookup", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(
			ctx,
			"INSERT INTO lookup (claim, id, asked_at) VALUES (?, ?, ?) ON CONFLICT (claim) DO UPDATE SET id = excluded.id, asked_at = excluded.asked_at",
			citation.ClaimKey(claim),
			string(id),
			stamp(r.Started),
		)
		return err
	})
}

// meant is the paper that a doubtful claim names, as far as earlier searches and the store know. searched is set when a
// search was made lately.
func (j *judge) meant(id arxiv.ID, claim seeds.Claim) (meant arxiv.ID, searched bool, err error) {
	var found, asked string
	err = j.tx.QueryRowContext(j.ctx, "SELECT id, asked_at FROM lookup WHERE claim = ?", citation.ClaimKey(claim)).Scan(&found, &asked)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", false, err
	}
	if found != "" {
		return arxiv.ID(found), true, nil
	}
	searched = asked != "" && j.now.Sub(moment(asked)) < lookupFor
	candidates, err := j.titled(claim.Title)
	if err != nil {
		return "", false, err
	}
	slips, err := j.stored(citation.Slips(id))
	if err != nil {
		return "", false, err
	}
	for _, candidate := range append(candidates, slips...) {
		if candidate == id || candidate == meant {
			continue
		}
		p, err := j.paper(candidate)
		switch {
		case err != nil:
			return "", false, err
		case p.paper == nil || !citation.IsMeant(claim, p.paper):
		case meant != "":
			return "", searched, nil // two are as good as none
		default:
			meant = candidate
		}
	}
	return meant, searched, nil
}

// titled finds stored papers that have the claimed title. The index is asked for the longest words of it alone, which are
// the rarest: common words have long lists to walk.
func (j *judge) titled(title string) ([]arxiv.ID, error) {
	_, text := citation.SearchTerms(title)
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	// The words have letters and digits only, so nothing in them can end the quotes.
	candidates, err := rowsOf(j.ctx, j.tx, func(rows *sql.Rows) (r arxiv.Record, err error) {
		err = rows.Scan(&r.ID, &r.Title)
		return r, err
	}, `SELECT p.id, v.title FROM papers_fts JOIN paper AS p ON p.n = papers_fts.rowid JOIN version AS v ON v.paper = p.n
		AND v.number = p.version
		WHERE papers_fts MATCH ? LIMIT ?`, `title : ("`+strings.Join(words[:min(len(words), askedWords)], `" AND "`)+`")`, localCandidates)
	var ids []arxiv.ID
	for _, r := range candidates {
		if citation.SameTitle(title, r.Title) {
			ids = append(ids, r.ID)
		}
	}
	return ids, err
}

// stored are those of the identifiers that the store has, in its order.
func (j *judge) stored(ids []arxiv.ID) ([]arxiv.ID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return identifiers(j.ctx, j.tx, "SELECT id FROM paper WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", toJSON(ids))
}
