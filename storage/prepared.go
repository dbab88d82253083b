package storage

import (
	"context"
	"database/sql"
)

// prepared asks within one transaction and compiles each query once: judging a list asks the same few queries for every
// citation. The statements end with the transaction.
type prepared struct {
	tx         *sql.Tx
	statements map[string]*sql.Stmt
}

func newPrepared(tx *sql.Tx) prepared { return prepared{tx, map[string]*sql.Stmt{}} }

func (p prepared) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.statements[query]; ok {
		return s, nil
	}
	s, err := p.tx.PrepareContext(ctx, query)
	if err == nil {
		p.statements[query] = s
	}
	return s, err
}

func (p prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (p prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.statement(ctx, query)
	if err != nil {
		return p.tx.QueryRowContext(ctx, query, args...) // gives the same error where a row is scanned
	}
	return s.QueryRowContext(ctx, args...)
}

func (p prepared) exec(ctx context.Context, query string, args ...any) error {
	s, err := p.statement(ctx, query)
	if err == nil {
		_, err = s.ExecContext(ctx, args...)
	}
	return err
}
