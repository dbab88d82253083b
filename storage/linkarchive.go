package storage

import (
	"context"
	"database/sql"
	"time"
)

// archiveAgain is how long an answer of the Internet Archive that names no copy is kept: it may not have known yet.
const archiveAgain = 30 * 24 * time.Hour

// BrokenLink is a broken link that the Internet Archive was not asked for lately.
type BrokenLink struct {
	N        int64
	URL      string
	LastGood time.Time // zero when it never was
}

// UnarchivedLinks gives up to limit broken links of the named lists without a known copy, those that broke last first.
func (r *Run) UnarchivedLinks(ctx context.Context, lists []string, limit int) ([]BrokenLink, error) {
	links, err := rowsOf(ctx, r.db.read, func(rows *sql.Rows) (l BrokenLink, err error) {
		var good string
		err = rows.Scan(&l.N, &l.URL, &good)
		l.LastGood = moment(good)
		return l, err
	}, `SELECT l.n, l.url, coalesce(l.last_good, '') FROM link AS l WHERE l.verdict = 'broken' AND l.by_record = 0 AND l.archived = ''
		AND (l.archive_asked IS NULL OR l.archive_asked < ?)
		AND l.url IN `+urlsOfLists+" ORDER BY l.since DESC, l.n LIMIT ?", stamp(r.Started.Add(-archiveAgain)), toJSON(storableAll(lists)), limit)
	return links, r.db.fail("read broken links", err)
}

// SaveArchive keeps the Internet Archive's answer for a link; an empty one as well, so that it is not asked again for a month.
func (r *Run) SaveArchive(ctx context.Context, n int64, snapshot string) error {
	return r.inTx(ctx, "keep archived copy", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE link SET archived = ?, archive_asked = ? WHERE n = ?", storable(snapshot), stamp(r.Started), n)
		return err
	})
}
