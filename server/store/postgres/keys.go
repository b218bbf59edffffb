package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

var _ claims.APIKeys = (*Store)(nil)

const (
	selectKeys = `SELECT ` + record.APIKeyColumns + ` FROM api_keys ORDER BY name`
	insertKey  = `INSERT INTO api_keys (name, role, hash, created_at, revoked_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`
	revokeKey  = `UPDATE api_keys SET revoked_at = CASE WHEN revoked_at = $1 THEN $2 ELSE revoked_at END WHERE name = $3 RETURNING ` + record.APIKeyColumns
)

func scanKey(row pgx.Row) (claims.APIKey, error) { return record.ScanAPIKey(row.Scan) }

// APIKeys implements claims.APIKeys.
func (s *Store) APIKeys(ctx context.Context) ([]claims.APIKey, error) {
	return readAll(ctx, s, scanKey, query{selectKeys, nil})
}

// CreateAPIKey implements claims.APIKeys. It does not take the head of the log:
// keys are no part of it.
func (s *Store) CreateAPIKey(ctx context.Context, k claims.APIKey) error {
	if err := claims.CheckAPIKey(&k); err != nil {
		return err
	}
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	done, err := s.reads.Exec(ctx, insertKey, k.Name, string(k.Role), k.Hash[:], record.Micros(k.CreatedAt), record.Micros(k.RevokedAt))
	if err != nil {
		return failed(ctx, err, s.name)
	}
	if done.RowsAffected() == 0 {
		return record.APIKeyExists(k.Name)
	}
	return nil
}

// RevokeAPIKey implements claims.APIKeys.
func (s *Store) RevokeAPIKey(ctx context.Context, name string, at time.Time) (claims.APIKey, error) {
	if err := s.begin(); err != nil {
		return claims.APIKey{}, err
	}
	defer s.end()
	if claims.CheckAPIKey(&claims.APIKey{Name: name, Role: claims.RoleReader, Hash: [32]byte{1}}) != nil {
		return claims.APIKey{}, record.APIKeyNotFound(name) // it may not even be text to PostgreSQL
	}
	k, err := scanKey(s.reads.QueryRow(ctx, revokeKey, record.Micros(time.Time{}), record.Micros(at), name))
	if errors.Is(err, pgx.ErrNoRows) {
		return k, record.APIKeyNotFound(name)
	}
	return k, failed(ctx, err, s.name)
}
