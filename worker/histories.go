package worker

import (
	"context"
	"errors"
	"slices"

	"syncer/arxiv"
	"syncer/enrich/record"
	"syncer/fetch"
)

// askVersions asks for the texts of the versions not held, packed over all papers: the whole history of a reading list
// costs a handful of requests.
func (n *night) askVersions(ctx context.Context) error {
	holdings, err := n.run.Holdings(ctx, n.lists)
	if err != nil {
		return err
	}
	due := record.DueVersions(holdings)
	n.show.Begin(PhaseVersions, requests(len(due)))
	for chunk := range slices.Chunk(due, fetch.MaxIDs) {
		asked := make([]string, len(chunk))
		byText := make(map[string]record.VersionRef, len(chunk))
		for i, ref := range chunk {
			asked[i] = ref.ID.Versioned(ref.Version)
			byText[asked[i]] = ref
		}
		batch, err := n.arXiv.Records(ctx, asked)
		if err != nil {
			return err
		}
		var absent []record.VersionRef
		for _, text := range slices.Concat(batch.Missing, batch.Rejected) {
			absent = append(absent, byText[text])
		}
		if err := n.run.MergeVersions(ctx, batch.Records, absent); err != nil {
			return err
		}
		n.report.Versions += len(batch.Records)
		n.report.Absent = append(n.report.Absent, absent...)
		for _, record := range batch.Records {
			n.report.historyOf[record.ID] = true
		}
		n.show.Step(n.report.Versions, "")
	}
	return nil
}

// askHistories spends what is left of the budget on OAI-PMH, which has the licences, sizes and withdrawals, the newest need
// first.
func (n *night) askHistories(ctx context.Context) error {
	holdings, err := n.run.Holdings(ctx, n.lists)
	if err != nil {
		return err
	}
	due := record.DueRaw(holdings, n.run.Started, len(holdings))
	n.show.Begin(PhaseHistories, min(len(due), n.budget))
	for i, id := range due {
		if n.budget == 0 {
			n.report.Waiting = len(due) - i
			break
		}
		err := n.mergeHistory(ctx, id)
		if errors.Is(err, fetch.ErrUnknownPaper) {
			// The query API has it and OAI-PMH does not: an error answer may be cached there for the day. Not a sign.
			n.worker.log().Warn("OAI-PMH does not know a paper that the query API has", "id", id)
			err = nil
		}
		if err != nil {
			return err
		}
		n.report.Histories++
		n.show.Step(n.report.Histories, "")
	}
	return nil
}

// mergeHistory asks OAI-PMH for one paper and stores the answer at once.
func (n *night) mergeHistory(ctx context.Context, id arxiv.ID) error {
	var raw arxiv.RawRecord
	err := n.spend(func() (err error) {
		raw, err = n.arXiv.Raw(ctx, id)
		return err
	})
	if err != nil {
		return err
	}
	changes, err := n.run.MergeRaw(ctx, []arxiv.RawRecord{raw})
	n.report.add(changes)
	return err
}
