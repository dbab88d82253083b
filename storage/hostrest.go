package storage

import (
	"context"
	"database/sql"
	"time"
)

// HostRests are the hosts of links that have asked to be left alone for longer than now, and until when.
func (db *DB) HostRests(ctx context.Context, now time.Time) (map[string]time.Time, error) {
	rests := map[string]time.Time{}
	_, err := rowsOf(ctx, db.read, func(rows *sql.Rows) (struct{}, error) {
		var host, until string
		err := rows.Scan(&host, &until)
		rests[host] = moment(until)
		return struct{}{}, err
	}, "SELECT host, until FROM host_rest WHERE until > ?", stamp(now))
	return rests, db.fail("read resting hosts", err)
}

// SaveHostRests keeps until when hosts are to be left alone, and forgets those whose time is over.
func (r *Run) SaveHostRests(ctx context.Context, rests map[string]time.Time, now time.Time) error {
	return r.inTx(ctx, "keep resting hosts", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM host_rest WHERE until <= ?", stamp(now)); err != nil {
			return err
		}
		p := newPrepared(tx)
		for host, until := range rests {
			until = until.Add(time.Second - 1).Truncate(time.Second) // as stored; not a moment too early
			if err := p.exec(ctx,
				"INSERT INTO host_rest (host, until) VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET until = excluded.until WHERE until < excluded.until", storable(host), stamp(until)); err != nil {
				return err
			}
		}
		return nil
	})
}
