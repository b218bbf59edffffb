package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/secondsource/secondsource/claims"
)

const errNoSpace = syscall.ENOSPC

// Restored says what Restore did.
type Restored struct {
	// Kept is the file that the database that was there is now, "" when there was
	// none.
	Kept string
}

// Restore puts a backup in the place of a database that no server has open: the
// backup is copied beside it, checked, and then takes its name in one step, so
// that after a crash there is the one or the other. A database that is there is
// replaced only when force says so, and is kept beside it under another name.
// Errors: those of Backup and Open; CodeExists when there is a database and force
// is not set.
func Restore(ctx context.Context, backup, path string, force bool, progress func(done, all int)) (r Restored, err error) {
	path, err = realPath(path)
	if err != nil {
		return r, err
	}
	source, err := existing(backup)
	if err != nil {
		return r, err
	}
	if source == path {
		return r, claims.Invalid("backup", fmt.Sprintf("%q is the database itself", path))
	}
	lock, err := lockFile(path)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	info, err := os.Stat(path)
	there := err == nil && info.Size() > 0
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, unwritable(path, err)
	}
	if there && !force {
		return r, &claims.Error{Code: claims.CodeExists, Message: fmt.Sprintf("there is a database at %q: to replace it, say --force; it will be kept under another name", path)}
	}
	if err := copyTo(ctx, source, path+partial, progress); err != nil {
		return r, err
	}
	if there {
		if r.Kept, err = keep(ctx, path); err != nil {
			discard(path + partial)
			return r, err
		}
	}
	if err := settle(path+partial, path); err != nil {
		discard(path + partial)
		return r, err
	}
	return r, nil
}

// keep gives a database a second name and makes sure that nothing beside its
// first one belongs to it: another database's write-ahead log must not be read
// into the one that takes the name.
func keep(ctx context.Context, path string) (kept string, err error) {
	kept = path + ".replaced-" + time.Now().UTC().Format("20060102T150405.000")
	fold(ctx, path)
	if err := os.Link(path, kept); err != nil {
		return "", unwritable(kept, err)
	}
	// Of a damaged database, whose log cannot be folded into it.
	for _, end := range []string{"-wal", "-shm"} {
		if err := os.Rename(path+end, kept+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", unwritable(kept+end, err)
		}
	}
	return kept, unwritable(kept, syncDir(filepath.Dir(path)))
}

// fold opens and closes a database, which brings its write-ahead log into the
// file, if it is whole enough for that.
func fold(ctx context.Context, path string) {
	db, err := sql.Open("sqlite3", dsn(path, writerSettings))
	if err != nil {
		return
	}
	_ = db.PingContext(ctx)
	_, _ = db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	_ = db.Close()
}
