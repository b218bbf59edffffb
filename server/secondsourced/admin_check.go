package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/store/audit"
	"github.com/secondsource/secondsource/server/store/postgres"
	"github.com/secondsource/secondsource/server/store/sqlite"
)

func (a *admin) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Read the whole database and say what is wrong with it, beside a running server",
		Long: `Reads every row: pages, keys and references of the file (SQLite), posting lists
against the log (PostgreSQL), and in both that every document, claim, chain,
signature and index term can be read, that every span lies in its text, and that
the counts add up. The exit status is 1 when something is wrong. Nothing is
changed; a PostgreSQL database of an older build is first brought up to date, as a
server would.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.check(cmd.Context()) },
	}
}

// checked is a store that looks after its own tables besides.
type checked interface {
	claims.Store
	Integrity(ctx context.Context, report func(what string)) error
}

func (a *admin) check(ctx context.Context) (err error) {
	var s checked
	if isURL(a.config.database) {
		s, err = postgres.Open(ctx, a.config.database, postgres.Options{Compact: -1})
	} else {
		s, err = sqlite.Inspect(ctx, a.config.database)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	wrong := 0
	report := func(what string) {
		wrong++
		_ = a.say("wrong: %s", what) // the exit status tells too
	}
	b := a.bar("checking the database")
	if err := s.Integrity(ctx, report); err != nil {
		b.end()
		return err
	}
	b.describe("reading documents")
	r, err := audit.Check(ctx, s, audit.Options{Progress: b.at, Signature: func(signature []byte) error {
		_, err := copies.Parse(signature)
		return err
	}})
	b.end()
	if err != nil {
		return err
	}
	for _, f := range r.Findings {
		report(f.String())
	}
	wrong += r.Found - len(r.Findings)
	if r.Moving {
		if err := a.say("servers wrote meanwhile: counts and mentions were not compared"); err != nil {
			return err
		}
	}
	if err := a.say("%s: read %d documents, %d claims, %d index terms, %d sources, %d judgements", server.DatabaseName(a.config.database),
		r.Documents, r.Claims, r.Terms, r.Sources, r.Judgements); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d things are wrong: restore a backup", wrong)
	}
	return a.say("nothing is wrong")
}
