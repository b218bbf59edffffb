package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/store/postgres"
	"github.com/secondsource/secondsource/server/store/record"
	"github.com/secondsource/secondsource/server/store/sqlite"
)

func (a *admin) migrateCommand() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "migrate --to URL",
		Short: "Move a SQLite database into a PostgreSQL database, and compare every row",
		Long: `Copies everything from the SQLite database into an empty PostgreSQL database
(postgres://user@host:5432/name), reads it back and compares every row. It is one
transaction: when it fails or is broken off, nothing has been stored there, and it
can be started again. No server may run on the SQLite database meanwhile; it stays
as it is.

Names, ids and numbers stay the same, so links, judgements and page tokens hold.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case isURL(a.config.database):
				return errors.New("--database: name the SQLite file to move from")
			case !isURL(to):
				return errors.New("--to: name the PostgreSQL database to move to, as postgres://user@host:5432/name")
			}
			return a.migrate(cmd.Context(), to)
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "`URL` of the PostgreSQL database; required")
	return cmd
}

func (a *admin) migrate(ctx context.Context, to string) (err error) {
	if err := sqlite.Exists(a.config.database); err != nil {
		return err
	}
	// Opened as a server does, so that no server writes meanwhile and an older
	// schema is brought up to date.
	from, err := sqlite.Open(ctx, a.config.database, sqlite.Options{Readers: 1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	s, err := postgres.Open(ctx, to, postgres.Options{Compact: -1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var all, done int64
	for _, t := range record.Tables {
		n, err := from.Rows(ctx, t)
		if err != nil {
			return err
		}
		all += 2 * n // copied, then compared
	}
	b := a.bar("copying")
	err = s.Import(ctx, from, func(table string, comparing bool, rows int) {
		if comparing {
			b.describe("comparing " + table)
		} else {
			b.describe("copying " + table)
		}
		done += int64(rows)
		b.at(done, all)
	})
	b.end()
	if err != nil {
		return err
	}
	st, err := s.Stats(ctx)
	if err != nil {
		return err
	}
	return a.say("moved %s to %s: %d rows, each compared; %d documents, %d claims\nstart the servers with --database and that URL; the file is no longer needed",
		a.config.database, server.DatabaseName(to), all/2, st.Documents, st.Claims)
}
