package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

const (
	selectKeys = `SELECT ` + record.APIKeyColumns + ` FROM api_keys ORDER BY name`
	insertKey  = `INSERT INTO api_keys (name, role, hash, created_at, revoked_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	revokeKey  = `UPDATE api_keys SET revoked_at = CASE WHEN revoked_at = ? THEN ? ELSE revoked_at END WHERE name = ? RETURNING ` + record.APIKeyColumns
)

func scanKey(row scanner) (claims.APIKey, error) { return record.ScanAPIKey(row.Scan) }

// APIKeys returns all keys, revoked ones too, in order of name.
func (s *Store) APIKeys(ctx context.Context) ([]claims.APIKey, error) {
	return readAll(ctx, s, scanKey, query{selectKeys, nil})
}

// Keys are the API keys in a file on which a server may be running. It implements
// claims.APIKeys over a connection of its own: no other table is written, so what
// the server knows of the others stays true.
type Keys struct {
	*Store

	writes *sql.DB
}

var _ claims.APIKeys = (*Keys)(nil)

// keySettings are the writer's for a database that is there.
func keySettings() url.Values {
	settings := url.Values{"mode": {"rw"}, "_cache_size": {"-1024"}}
	for name, value := range writerSettings {
		if !settings.Has(name) {
			settings[name] = value
		}
	}
	return settings
}

// OpenKeys opens the keys of a database. While no server runs on it, the file is
// created when it is not there and an older schema brought up to date, as by Open;
// while one does, an older schema is CodeUnsupported. Other errors are Open's.
func OpenKeys(ctx context.Context, path string) (*Keys, error) {
	switch s, err := Open(ctx, path, Options{Readers: 1}); {
	case err == nil:
		if err := s.Close(); err != nil {
			return nil, err
		}
	case claims.CodeOf(err) != claims.CodeUnavailable || Exists(path) != nil:
		return nil, err
	}
	path, err := existing(path)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", dsn(path, keySettings()))
	if err != nil {
		return nil, translate(err, path)
	}
	db.SetMaxOpenConns(1)
	k := &Keys{Store: &Store{path: path, reads: db, stmts: make(map[string]*sql.Stmt)}, writes: db}
	if err := k.recognise(ctx); err != nil {
		return nil, errors.Join(translate(err, path), k.Close())
	}
	return k, nil
}

// CreateAPIKey implements claims.APIKeys.
func (k *Keys) CreateAPIKey(ctx context.Context, key claims.APIKey) error {
	if err := claims.CheckAPIKey(&key); err != nil {
		return err
	}
	if err := k.begin(); err != nil {
		return err
	}
	defer k.end()
	done, err := k.writes.ExecContext(ctx, insertKey, key.Name, key.Role, key.Hash[:], record.Micros(key.CreatedAt), record.Micros(key.RevokedAt))
	if err != nil {
		return k.failed(ctx, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, record.APIKeyExists(key.Name))
	}
	return nil
}

// RevokeAPIKey implements claims.APIKeys.
func (k *Keys) RevokeAPIKey(ctx context.Context, name string, at time.Time) (claims.APIKey, error) {
	if err := k.begin(); err != nil {
		return claims.APIKey{}, err
	}
	defer k.end()
	key, err := scanKey(k.writes.QueryRowContext(ctx, revokeKey, record.Micros(time.Time{}), record.Micros(at), name))
	if errors.Is(err, sql.ErrNoRows) {
		return key, record.APIKeyNotFound(name)
	}
	return key, k.failed(ctx, err)
}
