package worker

import (
	"context"
	"errors"
	"slices"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/enrich/record"
	"syncer/fetch"
)

// askCurrent asks for the current record of every paper that is due, and returns those that arXiv said nothing of.
func (n *night) askCurrent(ctx context.Context) (missing []record.Holding, err error) {
	holdings, err := n.run.Holdings(ctx, n.lists)
	if err != nil {
		return nil, err
	}
	if n.only != nil {
		holdings = slices.DeleteFunc(holdings, func(h record.Holding) bool { return !n.only[h.ID] })
	}
	held := map[arxiv.ID]record.Holding{}
	for _, h := range holdings {
		held[h.ID] = h
	}
	due := record.DueCurrent(holdings, n.run.Started, enrich.Fresh, n.options.Force)
	n.report.Cited, n.report.Fresh = len(holdings), len(holdings)-len(due)
	n.show.Begin(PhasePapers, requests(len(due)))
	var tally record.Tally
	for chunk := range slices.Chunk(due, fetch.MaxIDs) {
		batch, err := n.arXiv.Records(ctx, texts(chunk))
		if err != nil {
			return nil, err
		}
		changes, err := n.run.MergeRecords(ctx, batch.Records)
		if err != nil {
			return nil, err
		}
		n.report.Papers += len(batch.Records)
		n.report.add(changes)
		tally.Changed += ChangedPapers(changes)
		for _, id := range chunk {
			if held[id].Known && !held[id].Disappeared {
				tally.Held++
			}
		}
		for _, text := range slices.Concat(batch.Missing, batch.Rejected) {
			h := held[arxiv.ID(text)]
			missing = append(missing, h)
			if h.Known && !h.Disappeared && !h.MissedBefore {
				tally.Missing++
			}
		}
		n.show.Step(n.report.Papers, "")
	}
	n.report.Distrust = record.Distrust(tally)
	var doubted []arxiv.ID // what another run need not find missing "at once" again
	for _, h := range missing {
		if h.Known && n.report.Distrust != "" {
			doubted = append(doubted, h.ID)
		}
	}
	return missing, n.run.NoteMissing(ctx, due, doubted)
}

// confirmMissing asks OAI-PMH of each paper that the query API left out: an index that lags behind the daily announcement, or an
// answer with fewer entries than were asked for, is not a paper that is gone. What was confirmed once is not confirmed again
// every night.
func (n *night) confirmMissing(ctx context.Context, missing []record.Holding) error {
	missing = slices.DeleteFunc(missing, func(h record.Holding) bool {
		confirmed := !n.options.Force && (h.Disappeared || !h.UnknownAt.IsZero())
		if confirmed {
			n.report.StillUnknown = append(n.report.StillUnknown, h.ID)
		}
		return confirmed
	})
	n.show.Begin(PhaseMissing, min(len(missing), n.budget))
	gone := 0
	for _, h := range missing {
		if n.budget == 0 {
			n.report.Unconfirmed = append(n.report.Unconfirmed, h.ID)
			continue
		}
		err := n.mergeHistory(ctx, h.ID)
		switch {
		case errors.Is(err, fetch.ErrUnknownPaper):
			changes, err := n.run.MarkUnknown(ctx, []arxiv.ID{h.ID})
			if err != nil {
				return err
			}
			n.report.add(changes)
			gone++
			if !h.Known {
				n.report.Unknown = append(n.report.Unknown, h.ID)
			}
		case err != nil:
			return err
		default:
			n.report.Unindexed = append(n.report.Unindexed, h.ID)
		}
		n.show.Step(gone, "")
	}
	return nil
}

// askLinkedPapers asks for the papers that the links lead to, which are judged by their records.
func (n *night) askLinkedPapers(ctx context.Context) error {
	papers, err := n.run.PapersOfLinks(ctx, n.lists)
	if err != nil || len(papers) == 0 {
		return err
	}
	n.only = make(map[arxiv.ID]bool, len(papers))
	for _, id := range papers {
		n.only[id] = true
	}
	missing, err := n.askCurrent(ctx)
	if err != nil || n.report.Distrust != "" {
		return err
	}
	return n.confirmMissing(ctx, missing)
}

// requests is how many requests so many identifiers cost.
func requests(identifiers int) int { return (identifiers + fetch.MaxIDs - 1) / fetch.MaxIDs }

func texts(ids []arxiv.ID) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	return texts
}
