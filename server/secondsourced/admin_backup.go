package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/server/store/sqlite"
)

func (a *admin) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the database into a new file, beside a running server",
		Long: `Copies the SQLite database into FILE, which must not exist. A server may run and
store documents meanwhile: the copy is the state of one moment. It is checked
before it gets its name, so a FILE that is there is whole.`,
		Args: oneFile("name the FILE to copy the database into"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if isURL(a.config.database) {
				return errPostgresTools
			}
			b := a.bar("copying")
			err := sqlite.Backup(cmd.Context(), a.config.database, args[0], func(done, all int) { b.at(int64(done), int64(all)) })
			b.end()
			if err != nil {
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return err
			}
			return a.say("copied %s to %s: %d bytes, checked", a.config.database, args[0], info.Size())
		},
	}
}

func (a *admin) restoreCommand() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the place of the database, while no server runs on it",
		Long: `Checks the backup, copies it beside the database, and gives it the database's
name in one step. A database that is there is replaced only with --force, and is
kept under another name, which is printed.`,
		Args: oneFile("name the backup FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if isURL(a.config.database) {
				return errPostgresTools
			}
			b := a.bar("copying")
			r, err := sqlite.Restore(cmd.Context(), args[0], a.config.database, force, func(done, all int) { b.at(int64(done), int64(all)) })
			b.end()
			if err != nil {
				return err
			}
			if r.Kept != "" {
				if err := a.say("the database that was there is kept as %s", r.Kept); err != nil {
					return err
				}
			}
			return a.say("restored %s from %s, checked", a.config.database, args[0])
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace a database that is there; it is kept under another name")
	return cmd
}

// oneFile asks for one argument and says what it is.
func oneFile(says string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) != 1:
			return fmt.Errorf("%s; see %s --help", says, cmd.CommandPath())
		case args[0] == "":
			return errors.New(says)
		}
		return nil
	}
}
