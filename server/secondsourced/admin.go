package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// admin is what the operator's commands share.
type admin struct {
	config         config
	stdout, stderr io.Writer
	getenv         func(string) string
}

// adminCommand gathers what is done to a database, not through a server.
func adminCommand(stdout, stderr io.Writer, getenv func(string) string) *cobra.Command {
	a := &admin{stdout: stdout, stderr: stderr, getenv: getenv}
	cmd := &cobra.Command{
		Use:   "admin",
		Short: "Back up, restore, check and move the database",
		Long: `What an operator does to the database itself. The database is named as for the
server: by --database, in the environment, or in the server's own --config file.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	a.findDatabase(cmd)
	cmd.AddCommand(a.backupCommand(), a.restoreCommand(), a.checkCommand(), a.migrateCommand())
	return cmd
}

// findDatabase lets a command and those below it find the database as the server
// does.
func (a *admin) findDatabase(cmd *cobra.Command) {
	// All of the server's settings, so that its file can be read; those that mean
	// nothing here are not shown.
	a.config.flags(cmd.PersistentFlags())
	cmd.PersistentFlags().VisitAll(func(f *pflag.Flag) { f.Hidden = f.Name != configFlag && f.Name != "database" })
	cmd.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := layer(cmd.Flags(), a.getenv); err != nil {
			return err
		}
		if a.config.database == "" {
			return a.config.defaultDatabase(a.getenv)
		}
		return nil
	}
}

// say prints a line for the operator.
func (a *admin) say(format string, args ...any) error {
	_, err := fmt.Fprintf(a.stdout, format+"\n", args...)
	return err
}

// bar shows how far a long step is, to a person at a terminal.
type bar struct {
	shown *progressbar.ProgressBar
}

func (a *admin) bar(what string) *bar {
	if f, ok := a.stderr.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) { // #nosec G115 -- file descriptors are small
		return &bar{}
	}
	return &bar{progressbar.NewOptions64(-1, progressbar.OptionSetWriter(a.stderr), progressbar.OptionSetDescription(what),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30), progressbar.OptionShowCount())}
}

// at moves the bar. One that cannot be drawn is no reason to stop.
func (b *bar) at(done, all int64) {
	if b.shown != nil {
		b.shown.ChangeMax64(max(all, done))
		_ = b.shown.Set64(done)
	}
}

func (b *bar) describe(what string) {
	if b.shown != nil {
		b.shown.Describe(what)
	}
}

func (b *bar) end() {
	if b.shown != nil {
		_ = b.shown.Finish()
	}
}

// isURL tells a PostgreSQL database from a file.
func isURL(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

// errPostgresTools sends the operator to what PostgreSQL brings for it.
var errPostgresTools = errors.New("this is for SQLite files: a PostgreSQL database is backed up and restored with its own tools, " +
	"pg_dump and pg_restore or a base backup with WAL archiving; check what was restored with secondsourced admin check")
