package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	sqlite3 "github.com/mattn/go-sqlite3"
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
	s := &Store{path: path, stmts: make(map[string]*sql.Stmt), kept: newKept(1 << 20)}
	err = s.inspect(ctx, readerSettings)
	if err != nil && unshared(err) && folded(path) {
		// On a medium that cannot be written SQLite cannot make the file by which
		// readers and writers know of each other; there is no writer either.
		err = errors.Join(s.release(), s.inspect(ctx, mediumSettings))
	}
	if err != nil {
		return nil, errors.Join(translate(err, path), s.release())
	}
	return s, nil
}

// mediumSettings are those of a database that nobody can change.
var mediumSettings = url.Values{"mode": {"ro"}, "immutable": {"1"}, "_query_only": {"true"}, "_cache_size": {"-16384"}}

// unshared tells whether an error may be that of a folder that cannot be written.
func unshared(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && (e.Code == sqlite3.ErrCantOpen || e.Code == sqlite3.ErrReadonly)
}

// folded tells whether all of a database is in its file, and nothing in a
// write-ahead log.
func folded(path string) bool {
	info, err := os.Stat(path + "-wal")
	return errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0
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

func (s *Store) inspect(ctx context.Context, settings url.Values) (err error) {
	if s.reads, err = sql.Open("sqlite3", dsn(s.path, settings)); err != nil {
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
	if err := s.reads.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM documents)`).Scan(new(int)); err != nil {
		return err
	}
	s.counts.mentions, _, err = recount(ctx, s.reads)
	return err
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
	newest = blocksVersion
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
