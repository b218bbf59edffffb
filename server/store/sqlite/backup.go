package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/secondsource/secondsource/claims"
)

// backupPages is how many pages of 4 KiB are copied between two looks at the
// context.
const backupPages = 2048

// partial is what a copy is called until it is whole.
const partial = ".partial"

// Backup copies the database in the file to another file, beside a server that
// may be running: the copy is one state of it, whole and checked (SQLite's
// integrity check) before it has its name. progress may be nil; it is called with
// pages. Errors: those of Inspect; CodeExists when there is a file of the copy's
// name; CodeReadOnly when it cannot be written, ReasonStoreFull when the disk is
// full. After an error nothing is left of the copy.
func Backup(ctx context.Context, path, to string, progress func(done, all int)) error {
	to, err := realPath(to)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return &claims.Error{Code: claims.CodeExists, Message: fmt.Sprintf("%q exists already: name another file", to)}
	}
	if err := copyTo(ctx, path, to+partial, progress); err != nil {
		return err
	}
	if err := settle(to+partial, to); err != nil {
		discard(to + partial)
		return err
	}
	return nil
}

// settle gives a file its name, for good.
func settle(from, to string) error {
	err := os.Rename(from, to)
	if err == nil {
		err = syncDir(filepath.Dir(to))
	}
	return unwritable(to, err)
}

// copyTo makes a whole copy in a file that it replaces. After an error there is
// none.
func copyTo(ctx context.Context, path, to string, progress func(done, all int)) (err error) {
	src, err := Inspect(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	discard(to) // of a copy that was interrupted
	f, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return unwritable(to, err)
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			discard(to)
		}
	}()
	if err := src.copyPages(ctx, to, progress); err != nil {
		return translate(err, to)
	}
	if err := checkFile(ctx, to); err != nil {
		return err
	}
	return unwritable(to, f.Sync())
}

// copyPages copies the state that the store's one connection looks at.
func (s *Store) copyPages(ctx context.Context, to string, progress func(done, all int)) (err error) {
	// Nobody else looks at the copy, and it is thrown away when this fails: no
	// journal. It is synchronised as a whole at the end.
	db, err := sql.Open("sqlite3", dsn(to, url.Values{"mode": {"rw"}, "_journal_mode": {"OFF"}, "_synchronous": {"OFF"}}))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	dest, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dest.Close()) }()
	src, err := s.reads.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	return dest.Raw(func(d any) error {
		return src.Raw(func(s any) error {
			b, err := d.(*sqlite3.SQLiteConn).Backup("main", s.(*sqlite3.SQLiteConn), "main") //nolint:forcetypeassert // the driver asked for
			if err != nil {
				return err
			}
			for done := false; !done && err == nil; {
				if done, err = b.Step(backupPages); err == nil && progress != nil {
					progress(b.PageCount()-b.Remaining(), b.PageCount())
				}
				if err == nil {
					err = ctx.Err()
				}
			}
			return errors.Join(err, b.Finish())
		})
	})
}

// checkFile looks at every page of a copy.
func checkFile(ctx context.Context, path string) (err error) {
	s, err := Inspect(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	found := ""
	if err := s.Integrity(ctx, func(what string) { found = what }); err != nil {
		return err
	}
	if found != "" {
		return &claims.Error{Code: claims.CodeCorrupt, Reason: claims.ReasonStoreCorrupt, Message: fmt.Sprintf("the copy of the database is damaged, and so may be the database: %s", found)}
	}
	return nil
}

// discard removes a database file with what SQLite puts beside it.
func discard(path string) {
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		_ = os.Remove(path + end) // what is not there needs no removing
	}
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// unwritable names the file that could not be written.
func unwritable(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errNoSpace):
		return &claims.Error{Code: claims.CodeReadOnly, Reason: claims.ReasonStoreFull, Message: fmt.Sprintf("there is no room on the disk for %q", path)}
	case errors.Is(err, fs.ErrNotExist):
		return &claims.Error{Code: claims.CodeUnavailable, Message: fmt.Sprintf("the folder of %q is not there", path)}
	}
	return &claims.Error{Code: claims.CodeReadOnly, Message: fmt.Sprintf("%q cannot be written", path), Err: cause(err)}
}
