package storage

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"syncer/enrich"
	"syncer/enrich/link"
)

// LinkScope says which links a run asks for: those that the named lists have now, when they are due.
type LinkScope struct {
	Lists []string
	// Nightly leaves a link alone until its time has come (enrich.NextCheck); otherwise every link that was not checked
	// within enrich.Fresh is due, and every one that could not be.
	Nightly bool
	Force   bool // every link is due
	// Pages has arXiv's own pages asked for as well, which are judged by their paper's record otherwise.
	Pages bool
	Now   time.Time
}

// askedItself is whether a link to a paper is asked for all the same; its argument is LinkScope.Pages.
const askedItself = "(? AND l.host LIKE '%arxiv.org')"

// due is the condition on a link l and its arguments; judged by their paper's record are others. Links are looked up by their
// hosts, and each host's by the lists.
func (s LinkScope) due() (string, []any) {
	condition, args := "(l.by_record = 0 OR "+askedItself+")", []any{s.Pages}
	if timely, at := s.timely(); timely != "" {
		condition, args = condition+" AND "+timely, append(args, at)
	}
	return condition + " AND " + linkOfLists, append(args, toJSON(storableAll(s.Lists)))
}

// timely is the part of the condition that speaks of time, empty when none does.
func (s LinkScope) timely() (condition string, at string) {
	switch {
	case s.Force:
		return "", ""
	case s.Nightly:
		return "l.due_at <= ?", stamp(s.Now)
	}
	return "(l.checked_at IS NULL OR l.checked_at <= ? OR l.verdict = '" + string(link.Unchecked) + "')", stamp(s.Now.Add(-enrich.Fresh))
}

// NotDue gives those of the URLs that a run would leave alone, whatever lists they are in.
func (db *DB) NotDue(ctx context.Context, s LinkScope, urls []string) (notDue []string, err error) {
	timely, at := s.timely()
	if timely == "" {
		return nil, nil
	}
	for chunk := range slices.Chunk(storableAll(urls), 1000) {
		some, err := texts(ctx, db.read, "SELECT l.url FROM link AS l WHERE l.url IN (SELECT value FROM json_each(?)) AND NOT "+timely,
			toJSON(chunk), at)
		if err != nil {
			return nil, db.fail("read due links", err)
		}
		notDue = append(notDue, some...)
	}
	return notDue, nil
}

// LinkCount is how many links a scope has.
type LinkCount struct {
	Due   int // to be asked for now
	Fresh int // of the same lists, not due; 0 with Force
}

// CountLinks counts them, without those that are judged by their paper's record.
func (db *DB) CountLinks(ctx context.Context, s LinkScope) (LinkCount, error) {
	var c LinkCount
	// By the lists: they may have few of all links.
	of := func(s LinkScope) (string, []any) {
		condition, args := s.due()
		return "SELECT count(*) FROM link AS l WHERE l.url IN " + urlsOfLists + " AND " + condition, append(
			[]any{toJSON(storableAll(s.Lists))},
			args...)
	}
	due, args := of(s)
	s.Force = true
	all, allArgs := of(s)
	err := db.read.QueryRowContext(ctx, "SELECT ("+due+"), ("+all+")", append(args, allArgs...)...).Scan(&c.Due, &c.Fresh)
	c.Fresh -= c.Due
	return c, db.fail("count links", err)
}

// HostLinks is a host and how many of its links are due.
type HostLinks struct {
	Host string
	Due  int
}

// DueHosts gives up to limit hosts with links that are due, in order, those behind after ("" for the first).
func (db *DB) DueHosts(ctx context.Context, s LinkScope, after string, limit int) ([]HostLinks, error) {
	due, args := s.due()
	hosts, err := rowsOf(ctx, db.read, func(rows *sql.Rows) (h HostLinks, err error) {
		err = rows.Scan(&h.Host, &h.Due)
		return h, err
	}, "SELECT l.host, count(*) FROM link AS l WHERE l.host > ? AND "+due+" GROUP BY l.host ORDER BY l.host LIMIT ?",
		append(append([]any{after}, args...), limit)...)
	return hosts, db.fail("read due links", err)
}

// DueLink is a link to check, with what the check needs to know.
type DueLink struct {
	N                  int64
	URL                string
	Failures           int    // in a row
	ETag, LastModified string // for a conditional request
}

// DueLinks gives up to limit due links of a host in the order of their numbers, those above after.
func (db *DB) DueLinks(ctx context.Context, s LinkScope, host string, after int64, limit int) ([]DueLink, error) {
	due, args := s.due()
	links, err := rowsOf(ctx, db.read, func(rows *sql.Rows) (l DueLink, err error) {
		var state link.State
		var memory string
		if err := rows.Scan(&l.N, &l.URL, &l.Failures, &state.Verdict, &memory); err != nil || memory == "" || s.Force {
			return l, err
		}
		err = recall(&state, memory)
		l.ETag, l.LastModified = state.Validators()
		return l, err
	}, "SELECT l.n, l.url, l.failures, l.verdict, l.memory FROM link AS l WHERE l.host = ? AND l.n > ? AND "+due+" ORDER BY l.n LIMIT ?",
		append(append([]any{host, after}, args...), limit)...)
	return links, db.fail("read due links", err)
}

const linkColumns = `l.url, l.verdict, l.reason, l.certain, coalesce(l.since, ''), coalesce(l.checked_at, ''), coalesce(l.last_good, ''),
	l.status, l.final_url,
	l.permanent, l.target, l.failures, coalesce(l.failing_since, ''), l.archived, l.memory`

// scanLink reads linkColumns, behind any others.
func scanLink(rows interface{ Scan(...any) error }, before ...any) (s link.State, err error) {
	var since, checked, good, failing, memory string
	if err := rows.Scan(append(before, &s.URL, &s.Verdict, &s.Reason, &s.Certain, &since, &checked, &good, &s.Status, &s.FinalURL,
		&s.Permanent, &s.Target,
		&s.Failures, &failing, &s.Archived, &memory)...); err != nil {
		return s, err
	}
	s.Since, s.CheckedAt, s.LastGood, s.FailingSince = moment(since), moment(checked), moment(good), moment(failing)
	err = recall(&s, memory)
	return s, err
}

// saveLink are the columns that a check changes, in the order of linkValues.
const saveLink = `UPDATE link
	SET verdict = ?, reason = ?, certain = ?, since = ?, checked_at = ?, last_good = ?, status = ?, final_url = ?, permanent = ?,
	target = ?,
	failures = ?, failing_since = ?, archived = ?, memory = ?, due_at = ? WHERE n = ?`

func linkValues(s link.State, dueAt time.Time, n int64) []any {
	return []any{
		s.Verdict,
		storable(s.Reason),
		s.Certain,
		stampOrNull(s.Since),
		stampOrNull(s.CheckedAt),
		stampOrNull(s.LastGood),
		s.Status,
		storable(s.FinalURL),
		s.Permanent,
		storable(s.Target),
		s.Failures,
		stampOrNull(s.FailingSince),
		storable(s.Archived),
		rememberedOf(s),
		stampOrEmpty(dueAt),
		n,
	}
}
