package storage

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
)

// migrations are the schema files in order; user_version counts those applied.
func migrations() ([]string, error) {
	entries, err := fs.ReadDir(schema, "schema")
	if err != nil {
		return nil, err
	}
	var files []string
	for _, entry := range entries {
		text, err := fs.ReadFile(schema, "schema/"+entry.Name())
		if err != nil {
			return nil, err
		}
		files = append(files, string(text))
	}
	return files, nil
}

// schemaWithKinds is the first schema that has the tables of kinds.
const schemaWithKinds = 6

// migrate applies what is missing, each file in one transaction, so that a crash leaves the version before or after it.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := migrations()
	if err != nil {
		return err
	}
	for {
		var done bool
		err := inTx(ctx, db, func(ctx context.Context, tx *sql.Tx) error {
			var version int
			if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
				return err
			}
			if err := checkOurs(ctx, tx, version); err != nil {
				return err
			}
			if version > len(files) {
				return newer(version, len(files))
			}
			if done = version == len(files); done {
				return nil
			}
			if _, err := tx.ExecContext(ctx, files[version]); err != nil {
				return fmt.Errorf("migrate to schema %d: %w", version+1, err)
			}
			if version+1 >= schemaWithKinds {
				if err := syncKinds(ctx, tx); err != nil {
					return fmt.Errorf("migrate to schema %d: kinds: %w", version+1, err)
				}
			}
			_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version+1))
			return err
		})
		if err != nil || done {
			return err
		}
	}
}

// checkVersion refuses to read a schema that is not exactly ours: an older one is migrated by the next writer.
func checkVersion(ctx context.Context, db *sql.DB) error {
	files, err := migrations()
	if err != nil {
		return err
	}
	var version int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if err := checkOurs(ctx, db, version); err != nil {
		return err
	}
	switch {
	case version > len(files):
		return newer(version, len(files))
	case version == 0:
		return fmt.Errorf("%w: it is empty; syncer sync fills it", ErrUnusable)
	case version < len(files):
		return fmt.Errorf("%w: it has schema %d of %d; syncer sync migrates it", ErrUnusable, version, len(files))
	}
	return nil
}

// checkOurs refuses a database of another program. Ours has no application_id, nothing in it before the first of our
// versions, and papers_fts, which is public, from then on: other programs count their schemas in user_version as well.
func checkOurs(ctx context.Context, q queryer, version int) error {
	var application, things, ours int
	if err := q.QueryRowContext(ctx,
		`SELECT (SELECT application_id FROM pragma_application_id), count(*), count(*) FILTER (WHERE name = 'papers_fts')
		FROM sqlite_master`).Scan(&application, &things, &ours); err != nil {
		return err
	}
	if application != 0 || version == 0 && things > 0 || version > 0 && ours == 0 {
		return fmt.Errorf("%w: it is a database of another program", ErrUnusable)
	}
	return nil
}

func newer(have, known int) error {
	return fmt.Errorf("%w (schema %d, this one knows %d)", ErrNewer, have, known)
}
