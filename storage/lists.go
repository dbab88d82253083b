package storage

import (
	"context"
	"database/sql"
	"fmt"
	"hash/maphash"
	"iter"

	"syncer/enrich/link"
	"syncer/seeds"
)

// ListChange counts what reading a list again has changed.
type ListChange struct {
	Added, Gone int // mentions of papers and of links
}

// ListChanges are the changes by list name.
type ListChanges map[string]ListChange

// SaveLists takes in the lists as read now, all in one transaction. A mention is known again by its subject and its rank
// among the list's mentions of it; a new one is first seen now, one that is not there any more keeps its row with the time
// at which it left. A list that did not change writes nothing.
func (r *Run) SaveLists(ctx context.Context, lists []seeds.List) (ListChanges, error) {
	changes := ListChanges{}
	err := r.inTx(ctx, "save lists", func(ctx context.Context, tx *sql.Tx) error {
		for _, list := range lists {
			change, err := r.saveList(ctx, tx, list)
			if err != nil {
				return fmt.Errorf("list %s: %w", list.Name, err)
			}
			changes[list.Name] = change
		}
		return nil
	})
	return changes, err
}

// mention is one row of citation, link_mention or malformed: what identifies it, and the columns that may change.
type mention struct {
	subject string
	rank    int
	values  []any
}

// mentionTable describes how the three tables differ.
type mentionTable struct {
	name, subject string
	columns       []string
}

var (
	citationTable = mentionTable{
		"citation",
		"id",
		[]string{"version", "as_written", "line", "col", "section", "bib_key", "title", "author", "year", "ignored", "authors", "venue",
			"passage", "passage_from", "passage_to"},
	}
	linkTable      = mentionTable{"link_mention", "url", []string{"as_written", "title", "line", "col", "section", "ignored"}}
	malformedTable = mentionTable{"malformed", "as_written", []string{"reason", "line", "col", "section"}}
)

func (r *Run) saveList(ctx context.Context, tx *sql.Tx, list seeds.List) (ListChange, error) {
	var total ListChange
	known, err := openList(ctx, tx, list.Name, r.Started)
	if err != nil {
		return total, err
	}
	if _, err := tx.ExecContext(ctx,
		"UPDATE list SET format = ?1, title = ?3, forgotten_at = NULL WHERE n = ?2 AND (format <> ?1 OR title <> ?3 OR forgotten_at IS NOT NULL)",
		string(list.Format), known.n, storable(list.Title)); err != nil {
		return total, err
	}
	if err := saveLinks(ctx, tx, list); err != nil {
		return total, err
	}
	for _, part := range []struct {
		table    mentionTable
		mentions iter.Seq[mention]
	}{{citationTable, citationMentions(list)}, {linkTable, linkMentions(list)}, {malformedTable, malformedMentions(list)}} {
		change, err := r.saveMentions(ctx, tx, known.n, part.table, part.mentions)
		if err != nil {
			return total, err
		}
		total.Added += change.Added
		total.Gone += change.Gone
	}
	return total, nil
}

// The mentions of a list, one after the other, since lists were seen to have 200,000 links.

func citationMentions(list seeds.List) iter.Seq[mention] {
	return func(yield func(mention) bool) {
		next := ranks{}
		for _, c := range list.Citations {
			if !yield(mention{string(c.ID), next.of(string(c.ID)), []any{c.Version, storable(c.AsWritten), c.Line, c.Column, storable(c.Section),
				storable(c.Key), storable(c.Claim.Title), storable(c.Claim.FirstAuthor), c.Claim.Year, toJSON(c.Ignored),
				toJSON(storableAll(c.Claim.Authors)), storable(c.Claim.Venue), c.Passage.Text, c.Passage.From, c.Passage.To}}) {
				return
			}
		}
	}
}

func linkMentions(list seeds.List) iter.Seq[mention] {
	return func(yield func(mention) bool) {
		next := ranks{}
		for l := range allLinks(list) {
			url := storable(l.URL)
			if !yield(
				mention{
					url,
					next.of(url),
					[]any{storable(l.AsWritten), storable(l.Title), l.Line, l.Column, storable(l.Section), toJSON(l.Ignored)},
				},
			) {
				return
			}
		}
	}
}

func malformedMentions(list seeds.List) iter.Seq[mention] {
	return func(yield func(mention) bool) {
		next := ranks{}
		for _, m := range list.Malformed {
			text := storable(m.AsWritten)
			if !yield(mention{text, next.of(text), []any{storable(m.Reason), m.Line, m.Column, storable(m.Section)}}) {
				return
			}
		}
	}
}

// ranks counts the mentions of each subject.
type ranks map[string]int

func (r ranks) of(subject string) int {
	r[subject]++
	return r[subject] - 1
}

// allLinks are a list's links, those to papers as well.
func allLinks(list seeds.List) iter.Seq[seeds.PaperLink] {
	return func(yield func(seeds.PaperLink) bool) {
		for _, l := range list.Links {
			if !yield(seeds.PaperLink{Link: l}) {
				return
			}
		}
		for _, l := range list.PaperLinks {
			if !yield(l) {
				return
			}
		}
	}
}

// saveLinks makes a row for each link that has none.
func saveLinks(ctx context.Context, tx *sql.Tx, list seeds.List) error {
	insert, err := tx.PrepareContext(ctx, `INSERT INTO link (url, host, paper, version, by_record) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (url) DO UPDATE
		SET host = excluded.host, paper = excluded.paper, version = excluded.version, by_record = excluded.by_record
		WHERE host <> excluded.host OR paper <> excluded.paper OR version <> excluded.version OR by_record <> excluded.by_record`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for l := range allLinks(list) {
		host := link.Host(l.URL)
		if _, err := insert.ExecContext(ctx, storable(l.URL), storable(host), string(l.ID), l.Version, l.ID != "" &&
			link.IsRecordHost(host)); err != nil {
			return err
		}
	}
	return nil
}

// saveMentions makes one of the three tables say what the list says now.
func (r *Run) saveMentions(ctx context.Context, tx *sql.Tx, list int64, table mentionTable,
	mentions iter.Seq[mention]) (ListChange, error) {
	var change ListChange
	held, err := heldMentions(ctx, tx, list, table)
	if err != nil {
		return change, err
	}
	set, conflict := "", ""
	for _, column := range table.columns {
		set += ", " + column
		conflict += column + " = excluded." + column + ", "
	}
	marks, _ := placeholders(table.columns)
	insert, err := tx.PrepareContext(
		ctx,
		fmt.Sprintf(
			"INSERT INTO %s (list, %s, rank, first_seen%s) VALUES (?, ?, ?, ?, %s) ON CONFLICT (list, %s, rank) DO UPDATE SET %s gone_at = NULL",
			table.name,
			table.subject,
			set,
			marks,
			table.subject,
			conflict,
		),
	)
	if err != nil {
		return change, err
	}
	defer insert.Close()
	for m := range mentions {
		id := mentionID{m.subject, m.rank}
		old, known := held[id]
		delete(held, id)
		if known && !old.gone && old.values == hashValues(m.values) {
			continue
		}
		if !known || old.gone {
			change.Added++
		}
		if _, err := insert.ExecContext(ctx, append([]any{list, m.subject, m.rank, stamp(r.Started)}, m.values...)...); err != nil {
			return change, err
		}
	}
	for id, old := range held {
		if old.gone {
			continue
		}
		change.Gone++
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("UPDATE %s SET gone_at = ? WHERE list = ? AND %s = ? AND rank = ?", table.name,
			table.subject),
			stamp(r.Started), list, id.subject, id.rank); err != nil {
			return change, err
		}
	}
	return change, nil
}

type mentionID struct {
	subject string
	rank    int
}

type heldMention struct {
	gone   bool
	values uint64 // a hash of the columns, to compare with
}

var valuesSeed = maphash.MakeSeed()

func hashValues(values []any) uint64 {
	var h maphash.Hash
	h.SetSeed(valuesSeed)
	for _, v := range values {
		fmt.Fprintf(&h, "%v\x00", v)
	}
	return h.Sum64()
}

func heldMentions(ctx context.Context, tx *sql.Tx, list int64, table mentionTable) (map[mentionID]heldMention, error) {
	columns := ""
	for _, column := range table.columns {
		columns += ", " + column
	}
	rows, err := tx.QueryContext(ctx,
		fmt.Sprintf("SELECT %s, rank, gone_at IS NOT NULL%s FROM %s WHERE list = ?", table.subject, columns, table.name), list)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	held := map[mentionID]heldMention{}
	for rows.Next() {
		var id mentionID
		var h heldMention
		values := make([]any, len(table.columns))
		into := []any{&id.subject, &id.rank, &h.gone}
		for i := range values {
			into = append(into, &values[i])
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		h.values = hashValues(values)
		held[id] = h
	}
	return held, rows.Err()
}
