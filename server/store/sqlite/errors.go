package sqlite

import (
	"context"
	"errors"
	"fmt"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/secondsource/secondsource/claims"
)

// translate turns an error of the driver into one of the domain that names the
// file and says what a person can do. Other errors stay as they are. SQL never
// leaves this package: the driver's own message is kept only for SQLite's
// general failures, which are faults of this program.
func translate(err error, path string) error {
	e, ok := errors.AsType[sqlite3.Error](err)
	if !ok {
		return err
	}
	fail := func(code claims.Code, reason, format string) error {
		return &claims.Error{Code: code, Reason: reason, Message: fmt.Sprintf(format, path), Err: e.Code}
	}
	switch e.Code {
	case sqlite3.ErrFull:
		return fail(claims.CodeReadOnly, claims.ReasonStoreFull, "the disk of the database %q is full: nothing can be stored until there is room")
	case sqlite3.ErrReadonly, sqlite3.ErrPerm, sqlite3.ErrAuth:
		return fail(claims.CodeReadOnly, "", "the database %q cannot be written")
	case sqlite3.ErrNotADB:
		return fail(claims.CodeCorrupt, claims.ReasonStoreCorrupt, "%q is not a database, or its header is damaged")
	case sqlite3.ErrCorrupt:
		return fail(claims.CodeCorrupt, claims.ReasonStoreCorrupt, "the database %q is damaged: restore a backup")
	case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrProtocol:
		return fail(claims.CodeUnavailable, "", "the database %q is locked by another program")
	case sqlite3.ErrCantOpen:
		return fail(claims.CodeUnavailable, "", "the database %q cannot be opened")
	case sqlite3.ErrInterrupt:
		return context.Canceled
	case sqlite3.ErrNomem, sqlite3.ErrTooBig:
		return fail(claims.CodeUnavailable, "", "there is not enough memory to use the database %q")
	case sqlite3.ErrIoErr:
		return ioError(e, path)
	default:
		return fmt.Errorf("the database %q failed: %w", path, e.Code)
	}
}

// ioError tells failed writes, after which reads go on, from failed reads.
func ioError(e sqlite3.Error, path string) error {
	switch e.ExtendedCode {
	case sqlite3.ErrIoErrWrite, sqlite3.ErrIoErrFsync, sqlite3.ErrIoErrDirFsync, sqlite3.ErrIoErrTruncate,
		sqlite3.ErrIoErrDelete, sqlite3.ErrIoErrSHMSize:
		return &claims.Error{Code: claims.CodeReadOnly,
			Message: fmt.Sprintf("the disk of the database %q does not take writes", path), Err: e.ExtendedCode}
	default:
		return &claims.Error{Code: claims.CodeUnavailable,
			Message: fmt.Sprintf("the disk of the database %q cannot be read", path), Err: e.ExtendedCode}
	}
}
