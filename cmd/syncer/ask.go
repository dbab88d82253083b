package main

import (
	"context"
	"errors"
	"fmt"
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
	due := record.DueCurrent(holdings, n.run.Started, enrich.Fresh, n.app.set.force)
	if len(due) > 0 {
		n.app.askForContact()
	}
	n.report.cited, n.report.fresh = len(holdings), len(holdings)-len(due)
	n.show.Phase("papers", requests(len(due)), n.app.set.interval)
	var tally record.Tally
	for chunk := range slices.Chunk(due, fetch.MaxIDs) {
		batch, err := n.client.Records(ctx, idTexts(chunk))
		if err != nil {
			return nil, err
		}
		changes, err := n.run.MergeRecords(ctx, batch.Records)
		if err != nil {
			return nil, err
		}
		n.report.papers += len(batch.Records)
		n.report.add(changes)
		tally.Changed += changedPapers(changes)
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
		n.show.Step(count(n.report.papers, "paper"))
	}
	n.report.distrust = record.Distrust(tally)
	var doubted []arxiv.ID // what another run need not find missing "at once" again
	for _, h := range missing {
		if h.Known && n.report.distrust != "" {
			doubted = append(doubted, h.ID)
		}
	}
	return missing, n.run.NoteMissing(ctx, due, doubted)
}

// confirmMissing asks OAI-PMH of each paper that the query API left out: an index that lags or an answer cut short is
// not a paper that is gone (arxiv-facts 1.4). What was confirmed once is not confirmed again every night.
func (n *night) confirmMissing(ctx context.Context, missing []record.Holding) error {
	missing = slices.DeleteFunc(missing, func(h record.Holding) bool {
		confirmed := !n.app.set.force && (h.Disappeared || !h.UnknownAt.IsZero())
		if confirmed {
			n.report.stillUnknown = append(n.report.stillUnknown, h.ID)
		}
		return confirmed
	})
	n.show.Phase("missing papers", min(len(missing), n.budget), n.app.set.interval)
	gone := 0
	for _, h := range missing {
		if n.budget == 0 {
			n.report.unconfirmed = append(n.report.unconfirmed, h.ID)
			continue
		}
		err := n.mergeRaw(ctx, h.ID)
		switch {
		case errors.Is(err, fetch.ErrUnknownPaper):
			changes, err := n.run.MarkUnknown(ctx, []arxiv.ID{h.ID})
			if err != nil {
				return err
			}
			n.report.add(changes)
			gone++
			if !h.Known {
				n.report.unknown = append(n.report.unknown, h.ID)
			}
		case err != nil:
			return err
		default:
			n.report.unindexed = append(n.report.unindexed, h.ID)
		}
		n.show.Step(fmt.Sprintf("%d not at arXiv", gone))
	}
	return nil
}

// askVersions asks for the texts of the versions not held, packed over all papers: the whole history of a reading list
// costs a handful of requests.
func (n *night) askVersions(ctx context.Context) error {
	holdings, err := n.run.Holdings(ctx, n.lists)
	if err != nil {
		return err
	}
	due := record.DueVersions(holdings)
	n.show.Phase("versions", requests(len(due)), n.app.set.interval)
	for chunk := range slices.Chunk(due, fetch.MaxIDs) {
		texts := make([]string, len(chunk))
		byText := make(map[string]record.VersionRef, len(chunk))
		for i, ref := range chunk {
			texts[i] = ref.ID.Versioned(ref.Version)
			byText[texts[i]] = ref
		}
		batch, err := n.client.Records(ctx, texts)
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
		n.report.versions += len(batch.Records)
		n.report.absentVersions = append(n.report.absentVersions, absent...)
		for _, record := range batch.Records {
			n.report.historyOf[record.ID] = true
		}
		n.show.Step(count(n.report.versions, "version"))
	}
	return nil
}

// askRaw spends what is left of the night's budget on OAI-PMH, the newest need first.
func (n *night) askRaw(ctx context.Context) error {
	holdings, err := n.run.Holdings(ctx, n.lists)
	if err != nil {
		return err
	}
	due := record.DueRaw(holdings, n.run.Started, len(holdings))
	n.show.Phase("licences, sizes, withdrawals", min(len(due), n.budget), n.app.set.interval)
	for i, id := range due {
		if n.budget == 0 {
			n.report.rawLeft = len(due) - i
			break
		}
		err := n.mergeRaw(ctx, id)
		if errors.Is(err, fetch.ErrUnknownPaper) {
			// The query API has it and OAI-PMH does not: an error answer may be cached there for the day. Not a sign.
			n.app.log.Warn("OAI-PMH does not know a paper that the query API has", "id", id)
			err = nil
		}
		if err != nil {
			return err
		}
		n.report.raw++
		n.show.Step(count(n.report.raw, "paper"))
	}
	return nil
}

// mergeRaw asks OAI-PMH for one paper and stores the answer at once.
func (n *night) mergeRaw(ctx context.Context, id arxiv.ID) error {
	var raw arxiv.RawRecord
	err := n.spend(func() (err error) {
		raw, err = n.client.Raw(ctx, id)
		return err
	})
	if err != nil {
		return err
	}
	changes, err := n.run.MergeRaw(ctx, []arxiv.RawRecord{raw})
	n.report.add(changes)
	return err
}

// spend takes what a question costs from the night's budget, retries included.
func (n *night) spend(ask func() error) error {
	before := n.client.Requests()
	err := ask()
	n.budget = max(n.budget-(n.client.Requests()-before), 0)
	return err
}

// requests is how many requests n identifiers cost.
func requests(n int) int { return (n + fetch.MaxIDs - 1) / fetch.MaxIDs }

func idTexts(ids []arxiv.ID) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	return texts
}

// changedPapers counts the papers, not the fields, that differ from what was held.
func changedPapers(changes []enrich.Change) int {
	ids := map[arxiv.ID]bool{}
	for _, c := range changes {
		if c.Kind != enrich.ChangeNew {
			ids[c.ID] = true
		}
	}
	return len(ids)
}
