package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"syncer/enrich/link"
)

// LinkCheck is what one check of a link has seen.
type LinkCheck struct {
	N     int64 // the link's, as DueLink has it
	URL   string
	Probe link.Probe
}

// StageChecks keeps what a batch of checks has seen, in one transaction. No verdict changes yet: SettleLinks makes them when
// the run is over. A crash after it loses nothing.
func (r *Run) StageChecks(ctx context.Context, checks []LinkCheck) error {
	return r.inTx(ctx, "keep link checks", func(ctx context.Context, tx *sql.Tx) error {
		insert, err := tx.PrepareContext(
			ctx,
			`INSERT INTO link_check (link, at, final, foreign_host, text, unwritten, doubtful, silent, dead, asked, probe)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		)
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, c := range checks {
			final, foreign, text := "", "", int64(0)
			if len(c.Probe.Hops) > 0 {
				final = c.Probe.FinalURL
				if target := link.Host(final); target != link.Host(c.URL) && !c.Probe.Elsewhere {
					foreign = target
				}
			}
			if c.Probe.Shows() {
				text = int64(c.Probe.Page.Masked)
			}
			unwritten := c.Probe.Page != nil && c.Probe.Page.Script
			if _, err := insert.ExecContext(ctx, c.N, stamp(c.Probe.At), storable(final), foreign, text, unwritten,
				link.Suspicious(c.URL, c.Probe), c.Probe.Silent(), c.Probe.Dead(), c.Probe.Fault != link.FaultNotAllowed,
				toJSON(storeProbe(c.Probe))); err != nil {
				return fmt.Errorf("%s: %w", c.URL, err)
			}
		}
		return nil
	})
}

// DoubtfulHosts gives the hosts that may answer for pages they do not have, each with one of the links that make it so: one
// that looks like a page for what was not found, or two links that show the same page.
func (r *Run) DoubtfulHosts(ctx context.Context) (urls []string, err error) {
	urls, err = texts(ctx, r.db.read, `SELECT coalesce(min(CASE WHEN doubtful THEN address END), min(address)) FROM (
		SELECT host, address, 1 AS doubtful FROM checked WHERE doubtful
		UNION ALL SELECT host, min(address), 0 FROM checked WHERE text <> 0 GROUP BY host, text HAVING count(DISTINCT address) > 1)
		WHERE host NOT IN (SELECT host FROM host_check) GROUP BY host ORDER BY host`)
	return urls, r.db.fail("read doubtful hosts", err)
}

// StageHost keeps what the host of a URL answers to an address that cannot exist.
func (r *Run) StageHost(ctx context.Context, url string, probe link.Probe) error {
	return r.inTx(ctx, "keep host check", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO host_check (host, probe) VALUES (?, ?)", link.Host(url),
			toJSON(storeProbe(probe)))
		return err
	})
}

// Reach counts the hosts of the checks that wait to be settled.
func (r *Run) Reach(ctx context.Context) (link.Reach, error) {
	var reach link.Reach
	// A host is known by its name alone here: that nobody listens at another port says nothing of the network. One whose links
	// all failed before says nothing either: those are asked every night, and good ones rarely.
	// Pages that a script has yet to write are no portal's: the same few words stand in all that one framework made.
	err := r.db.read.QueryRowContext(ctx, `WITH host AS (
			SELECT CASE instr(host, ':') WHEN 0 THEN host
			ELSE substr(host, 1, instr(host, ':') - 1) END AS name, min(silent) AS silent, min(dead) AS dead
			FROM checked WHERE asked OR final <> '' GROUP BY name HAVING min((SELECT failures FROM link WHERE n = link)) = 0),
		portal AS (SELECT count(DISTINCT host) AS hosts FROM checked WHERE foreign_host <> '' GROUP BY final
			UNION ALL SELECT count(DISTINCT host) AS hosts FROM checked WHERE text <> 0 AND final = '' AND NOT unwritten GROUP BY text
			HAVING hosts > 1)
		SELECT count(*), coalesce(sum(silent), 0), coalesce(sum(dead), 0), (SELECT coalesce(max(hosts), 0) FROM portal) FROM host`).
		Scan(&reach.Hosts, &reach.Silent, &reach.Dead, &reach.Portal)
	return reach, r.db.fail("count hosts", err)
}

// DropChecks forgets the checks that wait to be settled, since they tell of our own network only.
func (r *Run) DropChecks(ctx context.Context) error {
	return r.inTx(ctx, "drop link checks", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM link_check")
		if err == nil {
			_, err = tx.ExecContext(ctx, "DELETE FROM host_check")
		}
		return err
	})
}

// settleBatch is how many checks one transaction settles.
const settleBatch = 1000

// SettleLinks makes verdicts of the checks that wait, in batches: each reads the links' states, has package enrich judge them,
// writes the new states and, where the verdict is another, events. All checks stay until the last batch is done, since the
// links of a host are judged by each other; one that was settled before a crash is known by its link's time.
func (r *Run) SettleLinks(ctx context.Context, policy link.Policy, maxAge time.Duration) error {
	s := settling{policy: policy, maxAge: maxAge, asked: map[string]*link.Probe{}}
	err := r.inTx(ctx, "settle links", func(ctx context.Context, tx *sql.Tx) error {
		hosts, err := texts(ctx, tx, "SELECT host FROM host_check")
		if err != nil {
			return err
		}
		for _, host := range hosts {
			s.asked[host] = nil
		}
		// The last check of each link, and where several links of a host were led to: on this connection alone, which is the
		// only one that writes.
		for _, query := range []string{"DROP TABLE IF EXISTS temp.last", "DROP TABLE IF EXISTS temp.shared_target",
			"CREATE TEMP TABLE last (link INTEGER PRIMARY KEY, n INTEGER NOT NULL)",
			"INSERT INTO temp.last SELECT link, max(n) FROM link_check GROUP BY link",
			`CREATE TEMP TABLE shared_target AS SELECT host, final, count(DISTINCT address) AS sharing FROM checked WHERE final <> ''
				GROUP BY host, final HAVING sharing > 1`,
			"CREATE INDEX temp.shared_target_host ON shared_target(host, final)"} {
			if _, err := tx.ExecContext(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
	for again := true; err == nil && again; {
		err = r.inTx(ctx, "settle links", func(ctx context.Context, tx *sql.Tx) (err error) {
			again, err = r.settleBatch(ctx, tx, &s)
			return err
		})
	}
	if err != nil {
		return err
	}
	return r.DropChecks(ctx)
}

// settling is how far SettleLinks is.
type settling struct {
	policy link.Policy
	maxAge time.Duration
	link   int64 // the last one
	// asked are the hosts that were asked for an address that cannot exist, with their answers as far as read.
	asked map[string]*link.Probe
}

// staged is a check that waits, with the state of its link.
type staged struct {
	n       int64
	host    string
	sharing int
	state   link.State
	probe   link.Probe
}

func (r *Run) settleBatch(ctx context.Context, tx *sql.Tx, s *settling) (again bool, err error) {
	checks, err := rowsOf(ctx, tx, func(rows *sql.Rows) (c staged, err error) {
		var probe string
		if c.state, err = scanLink(rows, &c.n, &c.host, &c.sharing, &probe); err != nil {
			return c, err
		}
		stored, err := fromJSON[storedProbe](probe)
		c.probe = stored.probe()
		return c, err
	}, `SELECT c.link, l.host, coalesce((SELECT sharing FROM temp.shared_target WHERE host = l.host
		AND final = c.final), 1), c.probe, `+linkColumns+`
		FROM temp.last AS s CROSS JOIN link_check AS c ON c.n = s.n JOIN link AS l ON l.n = s.link
		WHERE s.link > ? AND (l.checked_at IS NULL OR l.checked_at < c.at) ORDER BY s.link LIMIT ?`, s.link, settleBatch)
	if err != nil {
		return false, err
	}
	p := newPrepared(tx)
	for _, c := range checks {
		random, asked := s.asked[c.host]
		if asked && random == nil {
			if random, err = hostCheck(ctx, p, c.host); err != nil {
				return false, err
			}
			s.asked[c.host] = random
		}
		s.link = c.n
		now := link.Judge(c.state, c.probe, link.SoftNotFound(c.state.URL, c.probe, random, c.sharing), s.policy)
		if err := r.saveState(ctx, p, c.n, c.state, now, link.NextCheck(now, s.maxAge)); err != nil {
			return false, fmt.Errorf("%s: %w", c.state.URL, err)
		}
	}
	return len(checks) == settleBatch, nil
}

func hostCheck(ctx context.Context, p prepared, host string) (*link.Probe, error) {
	var text string
	if err := p.QueryRowContext(ctx, "SELECT probe FROM host_check WHERE host = ?", host).Scan(&text); err != nil {
		return nil, err
	}
	stored, err := fromJSON[storedProbe](text)
	probe := stored.probe()
	return &probe, err
}

// saveState writes a link's state, and an event when the verdict is another. A first check that finds all well is none: since
// says when it was.
func (r *Run) saveState(ctx context.Context, p prepared, n int64, old, now link.State, dueAt time.Time) error {
	if err := p.exec(ctx, saveLink, linkValues(now, dueAt, n)...); err != nil {
		return err
	}
	if now.Verdict == old.Verdict || old.CheckedAt.IsZero() && now.Verdict == link.OK {
		return nil
	}
	return p.exec(ctx, "INSERT INTO link_event (run, at, link, old, new, reason) VALUES (?, ?, ?, ?, ?, ?)", r.ID, stamp(now.CheckedAt),
		n, old.Verdict, now.Verdict, storable(now.Reason))
}
