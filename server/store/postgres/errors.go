package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/secondsource/secondsource/claims"
)

// errUnknown is the failure of a commit of which nobody can tell whether it
// happened: the connection broke and no other was to be had.
var errUnknown = errors.New("it is not known whether the last update was stored")

// stateError is all that is told of the server's own error: its texts quote rows,
// statements and settings.
type stateError string

func (s stateError) Error() string { return "SQLSTATE " + string(s) }

// translate turns an error of the driver into one of the domain that names the
// database and says what a person can do. The database's name is its address and
// name, without user and password; the driver's texts are not kept. Errors of
// the domain and of contexts stay as they are.
func translate(err error, database string) error {
	switch {
	case err == nil, errors.Is(err, pgx.ErrNoRows), errors.Is(err, context.Canceled):
		return err
	case claims.CodeOf(err) != "":
		return err
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		if known := ofState(e.Code, database); claims.CodeOf(known) != "" || e.SeverityUnlocalized != "FATAL" {
			return known
		}
		return unavailable("the database %q ended the connection", database, stateError(e.Code))
	}
	if errors.Is(err, errUnknown) {
		return unavailable("the connection to the database %q broke during a commit and could not be made again: "+
			"whether the update was stored will show when it can", database, errUnknown)
	}
	if _, ok := errors.AsType[*pgconn.ParseConfigError](err); ok {
		return &claims.Error{Code: claims.CodeInvalid, Reason: claims.ReasonInvalidField,
			Message: "the URL of the database cannot be read: write postgres://user@host:5432/name"}
	}
	_, connect := errors.AsType[*pgconn.ConnectError](err)
	if network, ok := errors.AsType[net.Error](err); ok && network.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return unavailable("the database %q does not answer in time", database, nil)
	}
	if connect {
		return unavailable("the database %q cannot be reached", database, nil)
	}
	return unavailable("the connection to the database %q broke", database, nil)
}

func unavailable(format, database string, err error) error {
	return &claims.Error{Code: claims.CodeUnavailable, Message: fmt.Sprintf(format, database), Err: err}
}

// ofState translates the server's errors by their SQLSTATE.
// Source: PostgreSQL's documentation, appendix A.
func ofState(state, database string) error {
	fail := func(code claims.Code, reason, format string) error {
		return &claims.Error{Code: code, Reason: reason, Message: fmt.Sprintf(format, database), Err: stateError(state)}
	}
	switch state {
	case "53100": // disk_full
		return fail(claims.CodeReadOnly, claims.ReasonStoreFull, "the disk of the database %q is full: nothing can be stored until there is room")
	case "25006", "42501": // read_only_sql_transaction, insufficient_privilege
		return fail(claims.CodeReadOnly, "", "the database %q cannot be written: it is a standby, read-only, or the user may not")
	case "53300": // too_many_connections
		return fail(claims.CodeUnavailable, "", "the database %q takes no more connections")
	case "53200": // out_of_memory
		return fail(claims.CodeUnavailable, "", "the database %q has not enough memory")
	case "3D000", noSchema: // invalid_catalog_name, invalid_schema_name
		return fail(claims.CodeUnavailable, "", "there is no database %q, or no schema to put tables into")
	case "40001", "40P01", "55P03": // serialization_failure, deadlock_detected, lock_not_available
		return fail(claims.CodeOverloaded, claims.ReasonOverloaded, "too many servers write to the database %q: try again later")
	case "54000": // program_limit_exceeded
		return fail(claims.CodeTooLarge, "", "a value is too large for the database %q")
	case "57014": // query_canceled, by a timeout: a caller's own end is told as such
		return fail(claims.CodeUnavailable, "", "the database %q did not answer in time")
	}
	switch state[:min(2, len(state))] {
	case "08", "57": // connection_exception, operator_intervention: shutting down, starting up
		return fail(claims.CodeUnavailable, "", "the database %q is shutting down or starting up")
	case "28": // invalid_authorization_specification
		return fail(claims.CodeUnavailable, "", "the database %q does not let the user in")
	case "53": // insufficient_resources
		return fail(claims.CodeUnavailable, "", "the database %q lacks resources")
	case "58": // system_error
		return fail(claims.CodeUnavailable, "", "the disk of the database %q does not work as it should")
	case "XX": // internal_error, data_corrupted, index_corrupted
		return fail(claims.CodeCorrupt, claims.ReasonStoreCorrupt, "the database %q is damaged: restore a backup")
	}
	return fmt.Errorf("the database %q failed: %w", database, stateError(state))
}

// passing tells whether a failed transaction may succeed when it is run again on
// a new connection: it lost a race, or the connection broke before the commit.
func passing(err error) bool {
	switch claims.CodeOf(err) {
	case claims.CodeOverloaded:
		return !errors.Is(err, stateError("55P03")) // it has waited long enough
	case claims.CodeUnavailable:
		return !errors.Is(err, errUnknown)
	default:
		return false
	}
}

// failed is the error of a read: the context's own when it has ended.
func failed(ctx context.Context, err error, database string) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return translate(err, database)
}
