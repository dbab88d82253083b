package storage

import (
	"context"
	"database/sql"
	"fmt"

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
	err := r.inTx(ctx, "save lists", func(tx *sql.Tx) error {
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
	citationTable  = mentionTable{"citation", "id", []string{"version", "as_written", "line", "col", "section", "bib_key", "title", "author", "year", "ignored"}}
	linkTable      = mentionTable{"link_mention", "url", []string{"as_written", "title", "line", "col", "section"}}
	malformedTable = mentionTable{"malformed", "as_written", []string{"reason", "line", "col", "section"}}
)

func (r *Run) saveList(ctx context.Context, tx *sql.Tx, list seeds.List) (ListChange, error) {
	var total ListChange
	if _, err := tx.ExecContext(ctx, "INSERT INTO list (name, format, first_seen) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET format = excluded.format WHERE format <> excluded.format",
		clean(list.Name), string(list.Format), stamp(r.Started)); err != nil {
		return total, err
	}
	ranks := map[string]int{}
	next := func(subject string) int { ranks[subject]++; return ranks[subject] - 1 }
	var citations, links, malformed []mention
	for _, c := range list.Citations {
		citations = append(citations, mention{string(c.ID), next("c" + string(c.ID)), []any{c.Version, clean(c.AsWritten), c.Line, c.Column, clean(c.Section),
			clean(c.Key), clean(c.Claim.Title), clean(c.Claim.FirstAuthor), c.Claim.Year, toJSON(c.Ignored)}})
	}
	for _, l := range list.Links {
		url := clean(l.URL)
		links = append(links, mention{url, next("l" + url), []any{clean(l.AsWritten), clean(l.Title), l.Line, l.Column, clean(l.Section)}})
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO link (url) VALUES (?)", url); err != nil {
			return total, err
		}
	}
	for _, m := range list.Malformed {
		text := clean(m.AsWritten)
		malformed = append(malformed, mention{text, next("m" + text), []any{clean(m.Reason), m.Line, m.Column, clean(m.Section)}})
	}
	for _, part := range []struct {
		table    mentionTable
		mentions []mention
	}{{citationTable, citations}, {linkTable, links}, {malformedTable, malformed}} {
		change, err := r.saveMentions(ctx, tx, clean(list.Name), part.table, part.mentions)
		if err != nil {
			return total, err
		}
		total.Added += change.Added
		total.Gone += change.Gone
	}
	return total, nil
}

// saveMentions makes one of the three tables say what the list says now.
func (r *Run) saveMentions(ctx context.Context, tx *sql.Tx, list string, table mentionTable, mentions []mention) (ListChange, error) {
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
	insert, err := tx.PrepareContext(ctx, fmt.Sprintf("INSERT INTO %s (list, %s, rank, first_seen%s) VALUES (?, ?, ?, ?, %s) ON CONFLICT (list, %s, rank) DO UPDATE SET %s gone_at = NULL",
		table.name, table.subject, set, marks, table.subject, conflict))
	if err != nil {
		return change, err
	}
	defer insert.Close()
	for _, m := range mentions {
		id := mentionID{m.subject, m.rank}
		old, known := held[id]
		delete(held, id)
		if known && !old.gone && old.values == fmt.Sprintf("%#v", m.values) {
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
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("UPDATE %s SET gone_at = ? WHERE list = ? AND %s = ? AND rank = ?", table.name, table.subject),
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
	values string // the columns in one text, to compare with
}

func heldMentions(ctx context.Context, tx *sql.Tx, list string, table mentionTable) (map[mentionID]heldMention, error) {
	columns := ""
	for _, column := range table.columns {
		columns += ", " + column
	}
	rows, err := tx.QueryContext(ctx, fmt.Sprintf("SELECT %s, rank, gone_at IS NOT NULL%s FROM %s WHERE list = ?", table.subject, columns, table.name), list)
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
		h.values = fmt.Sprintf("%#v", values)
		held[id] = h
	}
	return held, rows.Err()
}
