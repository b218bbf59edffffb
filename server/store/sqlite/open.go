package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
	"github.com/pressly/goose/v3"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/commit"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks the file as ours in its header ("2src").
const applicationID = 0x32737263

// writerSettings and readerSettings go into the DSN, because a PRAGMA that is
// run once reaches one connection of a pool.
var (
	writerSettings = url.Values{
		"mode":          {"rwc"},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_foreign_keys": {"true"},
		"_busy_timeout": {"5000"}, // milliseconds
		"_txlock":       {"immediate"},
		"_cache_size":   {"-65536"}, // KiB
		// Always, not only while erasing: pages that are split leave bytes behind.
		"_secure_delete": {"true"},
	}
	readerSettings = url.Values{
		"mode":          {"rw"},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_foreign_keys": {"true"},
		"_busy_timeout": {"5000"},
		"_query_only":   {"true"},
		"_txlock":       {"deferred"},
		"_cache_size":   {"-16384"},
	}
)

// walPages is how many pages of 4 KiB the write-ahead log may have before it is
// folded into the file. Commits write the same pages over and over, and folding
// writes each but once. What a part of a transaction would take back is kept in
// memory for as long as it runs; in a file it would be most of what is written.
const walPages = 4096

func dsn(path string, settings url.Values) string {
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: settings.Encode()}
	return u.String()
}

// Open opens the store in the file, which it creates, readable by its owner
// alone, when it is not there. It brings an older schema up to date. Its folder
// must exist. Errors: CodeUnavailable when the folder is missing or another
// process has the store open; CodeReadOnly when file or folder cannot be
// written; CodeCorrupt when the file is not a database or damaged;
// CodeUnsupported when it is another program's database or its schema is newer
// than this build.
func Open(ctx context.Context, path string, opt Options) (*Store, error) {
	opt = opt.withDefaults()
	path, err := realPath(path)
	if err != nil {
		return nil, err
	}
	if err := touch(path); err != nil {
		return nil, err
	}
	lock, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, lock: lock, stmts: make(map[string]*sql.Stmt), kept: newKept(keptMemory)}
	if err := s.open(ctx, opt); err != nil {
		return nil, errors.Join(translate(err, path), s.release())
	}
	s.w.again = func() {
		// An update that does nothing still commits. After Close it does nothing at all.
		time.AfterFunc(scrubEvery+time.Millisecond, func() { _ = s.Update(context.Background(), func(claims.Tx) error { return nil }) })
	}
	s.queue = commit.Start(s.w, opt.Queue, opt.Group)
	return s, nil
}

// open connects; on an error the caller releases what there is.
func (s *Store) open(ctx context.Context, opt Options) error {
	var err error
	if s.writes, err = sql.Open("sqlite3", dsn(s.path, writerSettings)); err != nil {
		return err
	}
	s.writes.SetMaxOpenConns(1)
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if _, err := s.writes.ExecContext(ctx, fmt.Sprintf("PRAGMA wal_autocheckpoint = %d; PRAGMA temp_store = MEMORY", walPages)); err != nil {
		return err
	}
	if s.w, err = newWriter(ctx, s.writes, s.path, s.kept, &s.counts); err != nil {
		return err
	}
	if s.reads, err = sql.Open("sqlite3", dsn(s.path, readerSettings)); err != nil {
		return err
	}
	s.reads.SetMaxOpenConns(opt.Readers)
	s.reads.SetMaxIdleConns(opt.Readers)
	return s.reads.PingContext(ctx)
}

// realPath makes the path absolute and resolves links, so that two names of one
// file share one lock.
func realPath(path string) (string, error) {
	if path == "" || path == ":memory:" {
		return "", claims.Invalid("path", "the store needs the path of a file")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", &claims.Error{Code: claims.CodeUnavailable, Message: fmt.Sprintf("the path %q cannot be resolved", path), Err: err}
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if err != nil {
		return "", &claims.Error{Code: claims.CodeUnavailable,
			Message: fmt.Sprintf("the folder %q of the database cannot be reached", filepath.Dir(abs)), Err: cause(err)}
	}
	return filepath.Join(dir, filepath.Base(abs)), nil
}

// touch makes sure that the file exists and can be written. SQLite would open
// a file it may not write all the same, and fail at the first update.
func touch(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return &claims.Error{Code: claims.CodeInvalid, Reason: claims.ReasonInvalidField,
			Message: fmt.Sprintf("%q is not a file", path)}
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return &claims.Error{Code: claims.CodeReadOnly,
			Message: fmt.Sprintf("the database %q cannot be created or written", path), Err: cause(err)}
	}
	return f.Close()
}

// lockFile keeps a second process, or a second Open in this one, off the
// database. The kernel drops the lock when the process dies.
func lockFile(path string) (*flock.Flock, error) {
	lock := flock.New(path+".lock", flock.SetPermissions(0o600))
	switch ok, err := lock.TryLock(); {
	case err != nil:
		return nil, &claims.Error{Code: claims.CodeReadOnly,
			Message: fmt.Sprintf("the folder %q of the database cannot be written", filepath.Dir(path)), Err: cause(err)}
	case !ok:
		return nil, &claims.Error{Code: claims.CodeUnavailable,
			Message: fmt.Sprintf("the database %q is open in another process", path)}
	}
	return lock, nil
}

// cause strips the operation and path that the message already tells.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// identify reads whose database it is, and whether it is one at all.
const identify = `SELECT (SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_schema)`

func newerSchema(path string, have, newest int64) error {
	return &claims.Error{Code: claims.CodeUnsupported,
		Message: fmt.Sprintf("the database %q has schema %d and this build knows up to %d: use a newer build", path, have, newest)}
}

// migrate refuses databases that are not ours and brings ours up to date.
func (s *Store) migrate(ctx context.Context) error {
	var id, tables int64
	if err := s.writes.QueryRowContext(ctx, identify).Scan(&id, &tables); err != nil {
		return err
	}
	if id != applicationID {
		if id != 0 || tables != 0 {
			return &claims.Error{Code: claims.CodeUnsupported,
				Message: fmt.Sprintf("%q is a database of another program", s.path)}
		}
		// Marked before the first table, so that a crash in between leaves a
		// file that the next Open takes for its own.
		if _, err := s.writes.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
			return err
		}
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.writes, files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()), goose.WithGoMigrations(blocksMigration()))
	if err != nil {
		return err
	}
	have, newest, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > newest {
		return newerSchema(s.path, have, newest)
	}
	if have == newest {
		return nil
	}
	// A table that others refer to is put in the place of an older one. What refers
	// to what is looked at when everything is there.
	if _, err := s.writes.ExecContext(ctx, "PRAGMA foreign_keys = OFF"); err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return err
	}
	var broken int64
	if err := s.writes.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil {
		return err
	}
	if broken > 0 {
		return &claims.Error{Code: claims.CodeCorrupt, Reason: claims.ReasonStoreCorrupt,
			Message: fmt.Sprintf("the database %q has %d rows that refer to others that are not there", s.path, broken)}
	}
	_, err = s.writes.ExecContext(ctx, "PRAGMA foreign_keys = ON")
	return err
}
