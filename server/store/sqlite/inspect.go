package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/pressly/goose/v3"

	"github.com/secondsource/secondsource/claims"
)

// Inspect opens the store in an existing file for reading, beside a server that
// may be running: all reads see the state of this moment. Update returns
// CodeReadOnly. Errors are those of Open; a file that is not there is
// CodeUnavailable, one with an older schema CodeUnsupported: a server or Open
// brings it up to date.
func Inspect(ctx context.Context, path string) (*Store, error) {
	path, err := existing(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, stmts: make(map[string]*sql.Stmt)}
	if err := s.inspect(ctx); err != nil {
		return nil, errors.Join(translate(err, path), s.release())
	}
	return s, nil
}

// Exists tells whether there is a file to open: nil, or the error of Inspect.
func Exists(path string) error {
	_, err := existing(path)
	return err
}

// existing is the real path of a database that must be there.
func existing(path string) (string, error) {
	path, err := realPath(path)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err == nil && info.Mode().IsRegular() {
		return path, nil
	}
	if err == nil {
		return "", &claims.Error{Code: claims.CodeInvalid, Reason: claims.ReasonInvalidField, Message: fmt.Sprintf("%q is not a file", path)}
	}
	return "", &claims.Error{Code: claims.CodeUnavailable, Message: fmt.Sprintf("there is no database %q", path), Err: cause(err)}
}

func (s *Store) inspect(ctx context.Context) (err error) {
	if s.reads, err = sql.Open("sqlite3", dsn(s.path, readerSettings)); err != nil {
		return err
	}
	// One connection, in one transaction that lasts.
	s.reads.SetMaxOpenConns(1)
	if err := s.recognise(ctx); err != nil {
		return err
	}
	if _, err := s.reads.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	return s.reads.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM documents)`).Scan(new(int))
}

// recognise refuses what is not a database of this program and this build.
func (s *Store) recognise(ctx context.Context) error {
	var id, tables int64
	if err := s.reads.QueryRowContext(ctx, identify).Scan(&id, &tables); err != nil {
		return err
	}
	if id != applicationID {
		return &claims.Error{Code: claims.CodeUnsupported, Message: fmt.Sprintf("%q is no database of this program", s.path)}
	}
	var have int64
	if err := s.reads.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&have); err != nil {
		return err
	}
	newest, err := newestSchema()
	switch {
	case err != nil:
		return err
	case have > newest:
		return newerSchema(s.path, have, newest)
	case have < newest:
		return &claims.Error{Code: claims.CodeUnsupported,
			Message: fmt.Sprintf("the database %q has schema %d and this build has %d: start the server on it once, which brings it up to date", s.path, have, newest)}
	}
	return nil
}

// newestSchema is the version of the last migration of this build.
func newestSchema() (newest int64, err error) {
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		v, err := goose.NumericComponent(f.Name())
		if err != nil {
			return 0, err
		}
		newest = max(newest, v)
	}
	return newest, nil
}
