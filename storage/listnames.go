package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Errors about the names of lists, for errors.Is.
var (
	// ErrNoList says that no list is known by a name.
	ErrNoList = errors.New("no such list")
	// ErrListExists says that another list has a name.
	ErrListExists = errors.New("another list has this name")
)

// knownList is a list's row, as far as judging needs it.
type knownList struct {
	n             int64
	name, keyName string // keyName is what the keys of its findings are made with
}

// listNamed looks a list up; ErrNoList when there is none.
func listNamed(ctx context.Context, q queryer, name string) (knownList, error) {
	var l knownList
	err := q.QueryRowContext(ctx, "SELECT n, name, key_name FROM list WHERE name = ?", storable(name)).Scan(&l.n, &l.name, &l.keyName)
	if errors.Is(err, sql.ErrNoRows) {
		return l, fmt.Errorf("%s: %w", name, ErrNoList)
	}
	return l, err
}

// openList gives a list's row, which is made when the name is new.
func openList(ctx context.Context, tx *sql.Tx, name string, now time.Time) (knownList, error) {
	known, err := listNamed(ctx, tx, name)
	if !errors.Is(err, ErrNoList) {
		return known, err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO list (name, key_name, format, first_seen) SELECT ?1, CASE
		WHEN EXISTS (SELECT 1 FROM list WHERE key_name = ?1) THEN ?1 || ' #' || (SELECT max(n) + 1 FROM list) ELSE ?1 END, '', ?2`,
		storable(name), stamp(now)); err != nil {
		return known, err
	}
	return listNamed(ctx, tx, name)
}

// KnownList is a list that is known, and what it has.
type KnownList struct {
	Name, Format     string
	FirstSeen        time.Time
	LastRead         time.Time // when the newest complete, believed night or single look over it began; zero for none
	Citations, Links int       // that it has now
	OpenFindings     int       // without those that are ignored at the time asked for
}

// Lists gives all lists that were read and not forgotten, in the order of their names.
func (db *DB) Lists(ctx context.Context, now time.Time) ([]KnownList, error) {
	lists, err := rowsOf(ctx, db.read, func(rows *sql.Rows) (l KnownList, err error) {
		var first, last string
		err = rows.Scan(&l.Name, &l.Format, &first, &last, &l.Citations, &l.Links, &l.OpenFindings)
		l.FirstSeen, l.LastRead = moment(first), moment(last)
		return l, err
	}, `SELECT t.name, t.format, t.first_seen, coalesce((SELECT max(j.at) FROM list_judged AS j WHERE j.list = t.n), ''),
		(SELECT count(*) FROM citation AS c WHERE c.list = t.n AND c.gone_at IS NULL),
		(SELECT count(DISTINCT m.url) FROM link_mention AS m WHERE m.list = t.n AND m.gone_at IS NULL),
		(SELECT count(*) FROM finding AS f WHERE f.list = t.n AND f.resolved_at IS NULL AND NOT `+ignoredNow+`)
		FROM list AS t WHERE t.format <> '' AND t.forgotten_at IS NULL ORDER BY t.name`, stamp(now))
	return lists, db.fail("read lists", err)
}

// RenameList gives a list another name. Its history and the keys of its findings stay. It needs no run: it is one small
// transaction. ErrNoList when no list has the old name, ErrListExists when one has the new name.
func (db *DB) RenameList(ctx context.Context, old, name string) error {
	return db.fail("rename list", inTx(ctx, db.write, func(ctx context.Context, tx *sql.Tx) error {
		list, err := listNamed(ctx, tx, old)
		if err != nil {
			return err
		}
		if _, err := listNamed(ctx, tx, name); err == nil {
			return fmt.Errorf("%s: %w", name, ErrListExists)
		} else if !errors.Is(err, ErrNoList) {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE list SET name = ? WHERE n = ?", storable(name), list.n)
		return err
	}))
}

// ForgetList has nothing of a list reported any more: its mentions are gone and its findings resolved as of now. What was is
// kept, and a list that is read again is back. It needs no run. ErrNoList when no list has the name.
func (db *DB) ForgetList(ctx context.Context, name string, now time.Time) error {
	return db.fail("forget list", inTx(ctx, db.write, func(ctx context.Context, tx *sql.Tx) error {
		list, err := listNamed(ctx, tx, name)
		if err != nil {
			return err
		}
		for _, query := range []string{
			"UPDATE list SET forgotten_at = ? WHERE n = ?",
			"UPDATE citation SET gone_at = ? WHERE list = ? AND gone_at IS NULL",
			"UPDATE link_mention SET gone_at = ? WHERE list = ? AND gone_at IS NULL",
			"UPDATE malformed SET gone_at = ? WHERE list = ? AND gone_at IS NULL",
			"UPDATE finding SET resolved_at = ? WHERE list = ? AND resolved_at IS NULL",
		} {
			if _, err := tx.ExecContext(ctx, query, stamp(now), list.n); err != nil {
				return err
			}
		}
		return nil
	}))
}
