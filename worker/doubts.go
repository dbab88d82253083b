package worker

import (
	"context"
	"slices"

	"syncer/arxiv"
	"syncer/enrich/citation"
	"syncer/fetch"
	"syncer/storage"
)

// maxSearches bounds the title searches of one night; a list with more wrong identifiers than that is resolved over some.
const maxSearches = 10

// resolveDoubts finds out what doubtful citations mean, from what is left of the budget: the typing slips of all their
// identifiers in one request, then a search by title for each that no slip explains, as a phrase and then by words. Every answer
// is kept, found or not.
func (n *night) resolveDoubts(ctx context.Context) error {
	doubts, err := n.run.Doubts(ctx, n.lists)
	if err != nil || len(doubts) == 0 || n.budget == 0 {
		return err
	}
	n.show.Begin(PhaseDoubts, min(1+2*min(len(doubts), maxSearches), n.budget))
	if doubts, err = n.trySlips(ctx, doubts); err != nil {
		return err
	}
	for _, doubt := range doubts[:min(len(doubts), maxSearches)] {
		meant, searched, err := n.searchFor(ctx, doubt)
		if err != nil {
			return err
		}
		if !searched {
			return nil // the budget is spent; another night goes on
		}
		if err := n.run.SaveLookup(ctx, doubt.Claim, meant); err != nil {
			return err
		}
	}
	return nil
}

// trySlips asks for the identifiers that are one slip of the typist away, an equal share for each doubt, and returns the
// doubts that none of them explains.
func (n *night) trySlips(ctx context.Context, doubts []storage.Doubt) (unexplained []storage.Doubt, err error) {
	var ids []string
	share := max(fetch.MaxIDs/len(doubts), 1)
	for _, doubt := range doubts {
		slips := citation.Slips(doubt.ID)
		for _, id := range slips[:min(len(slips), share)] {
			if len(ids) < fetch.MaxIDs && !slices.Contains(ids, string(id)) {
				ids = append(ids, string(id))
			}
		}
	}
	if len(ids) == 0 || n.budget < 2 {
		return doubts, nil
	}
	var batch fetch.Batch
	if err := n.spend(func() (err error) {
		batch, err = n.arXiv.Records(ctx, ids) // an answer without any paper is asked for twice
		return err
	}); err != nil {
		return nil, err
	}
	n.show.Step(len(doubts), "")
	for _, doubt := range doubts {
		near := citation.Slips(doubt.ID)
		records := slices.DeleteFunc(slices.Clone(batch.Records), func(r arxiv.Record) bool { return !slices.Contains(near, r.ID) })
		meant := meantBy(doubt, records)
		if meant == "" {
			unexplained = append(unexplained, doubt)
		} else if err := n.run.SaveLookup(ctx, doubt.Claim, meant); err != nil {
			return nil, err
		}
	}
	return unexplained, nil
}

// searchFor searches by title; searched is false when the budget did not suffice for it.
func (n *night) searchFor(ctx context.Context, doubt storage.Doubt) (meant arxiv.ID, searched bool, err error) {
	phrase, words := citation.SearchTerms(doubt.Claim.Title)
	for _, terms := range []string{phrase, words} {
		if n.budget == 0 {
			return "", false, nil
		}
		var records []arxiv.Record
		if err := n.spend(func() (err error) {
			records, err = n.arXiv.SearchTitle(ctx, terms, terms == phrase)
			return err
		}); err != nil {
			return "", false, err
		}
		n.show.Step(0, doubt.Claim.Title)
		if meant := meantBy(doubt, records); meant != "" {
			return meant, true, nil
		}
	}
	return "", true, nil
}

// meantBy is the one paper among the answers that title and author both fit; two of them are as good as none.
func meantBy(doubt storage.Doubt, records []arxiv.Record) arxiv.ID {
	var meant arxiv.ID
	for _, record := range records {
		if record.ID == doubt.ID || !citation.IsMeant(doubt.Claim, &arxiv.Paper{Record: record}) {
			continue
		}
		if meant != "" && meant != record.ID {
			return ""
		}
		meant = record.ID
	}
	return meant
}
