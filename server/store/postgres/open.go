package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/commit"
)

//go:embed migrations/*.sql
var migrations embed.FS

// writerSettings keep one server from holding up the others: a lost connection
// gives up the head of the log, and who waits for it does not wait for ever.
// Milliseconds.
var writerSettings = map[string]string{
	"idle_in_transaction_session_timeout": "60000",
	"lock_timeout":                        "30000",
	"statement_timeout":                   "60000",
	"default_transaction_read_only":       "off",
}

// connectTimeout bounds the making of a connection when the URL does not.
const connectTimeout = 10 * time.Second

// Open opens the store in the database of the URL (postgres://user@host/name,
// with libpq's parameters; search_path names another schema than public), brings
// an older schema up to date, and makes the tables in one that has none. Several
// servers may do so at the same time. Errors: CodeInvalid for a URL that cannot
// be read; CodeUnavailable when the database cannot be reached or lets nobody
// in; CodeReadOnly when tables cannot be made; CodeUnsupported when the tables
// are another program's or newer than this build. They never tell the password.
func Open(ctx context.Context, url string, opt Options) (*Store, error) {
	opt = opt.withDefaults()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, translate(err, "")
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "secondsource"
	}
	config.MaxConns = int32(opt.Readers)
	s := &Store{name: name(config.ConnConfig)}
	if err := migrate(ctx, config.ConnConfig, s.name); err != nil {
		return nil, failed(ctx, err, s.name)
	}
	if s.reads, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, failed(ctx, err, s.name)
	}
	s.w = newWriter(config.ConnConfig, s.name)
	if err := s.w.connect(ctx); err != nil {
		s.reads.Close()
		return nil, failed(ctx, err, s.name)
	}
	s.queue = commit.Start(s.w, opt.Queue, opt.Group)
	if opt.Compact > 0 {
		s.lists = s.startCompactor(opt.Compact, opt.CompactAt)
	}
	return s, nil
}

// name is what messages call the database.
func name(c *pgx.ConnConfig) string {
	return net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))) + "/" + c.Database
}

// migrationRounds bounds how often the schema is looked at again while other
// servers change it.
const migrationRounds = 5

// migrate refuses tables that are not ours and brings ours up to date. Two
// servers may find the same work to do; one of them fails, since each file is
// one transaction and its tables cannot be made twice, and looks again.
func migrate(ctx context.Context, config *pgx.ConnConfig, database string) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	for round := 0; ; round++ {
		err := migrateOnce(ctx, config, files, database)
		e, ok := errors.AsType[*pgconn.PgError](err)
		switch {
		case err == nil:
			return nil
		case ok && round < migrationRounds && raced(e.Code):
		case ok && e.Code == duplicateTable:
			return &claims.Error{Code: claims.CodeUnsupported,
				Message: fmt.Sprintf("the database %q has tables of another program: give this one a schema of its own", database)}
		default:
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(round+1) * 50 * time.Millisecond):
		}
	}
}

// SQLSTATEs.
const (
	duplicateTable = "42P07"
	noSchema       = "3F000"
)

// raced tells whether a migration may have failed because another server ran
// it: unique_violation (also of the catalogue), duplicate_table, _object and
// _column, serialization_failure, deadlock_detected, "tuple concurrently
// updated".
func raced(state string) bool {
	switch state {
	case "23505", duplicateTable, "42710", "42701", "40001", "40P01", "XX000":
		return true
	}
	return false
}

func migrateOnce(ctx context.Context, config *pgx.ConnConfig, files fs.FS, database string) (err error) {
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	var homeless bool
	if err := db.QueryRowContext(ctx, `SELECT current_schema() IS NULL`).Scan(&homeless); err != nil {
		return err
	}
	if homeless {
		return ofState(noSchema, database)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	have, newest, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > newest {
		return &claims.Error{Code: claims.CodeUnsupported,
			Message: fmt.Sprintf("the database %q has schema %d and this build knows up to %d: use a newer build", database, have, newest)}
	}
	_, err = p.Up(ctx)
	return err
}
