package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/auth"
	"github.com/secondsource/secondsource/server/store/postgres"
	"github.com/secondsource/secondsource/server/store/sqlite"
)

// keysCommand gathers what is done to API keys, in the database and beside running
// servers.
func keysCommand(stdout, stderr io.Writer, getenv func(string) string) *cobra.Command {
	a := &admin{stdout: stdout, stderr: stderr, getenv: getenv}
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "Create, list and revoke API keys",
		Long: `An API key is one caller's permission to use the server, with a role:

  reader       asks and reads, stores nothing
  contributor  also stores documents and later versions of them
  editor       also keeps the registry of sources and judges
  admin        also erases

The keys stand in the database, their secrets only as hashes. What is changed here
counts on running servers within a second. The database is named as for the
server: by --database, in the environment, or in the server's own --config file.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	a.findDatabase(cmd)
	cmd.AddCommand(a.createKeyCommand(), a.listKeysCommand(), a.revokeKeyCommand())
	return cmd
}

// withKeys opens the keys of the database, and closes them.
func (a *admin) withKeys(ctx context.Context, fn func(claims.APIKeys) error) (err error) {
	var keys claims.APIKeys
	if isURL(a.config.database) {
		keys, err = postgres.Open(ctx, a.config.database, postgres.Options{Compact: -1, Readers: 1})
	} else {
		keys, err = sqlite.OpenKeys(ctx, a.config.database)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, keys.Close()) }()
	return fn(keys)
}

// one takes the NAME of a key.
func one(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return errors.New("name one key: NAME")
	}
	return nil
}

func (a *admin) createKeyCommand() *cobra.Command {
	var role string
	cmd := &cobra.Command{
		Use:   "create NAME --role ROLE",
		Short: "Make a key and print its secret, which is shown this once",
		Long: `Makes a key and prints its secret, alone on a line of the output; callers send it
as "authorization: Bearer SECRET". It cannot be shown again. The name, 1 to 64
characters of a-z, 0-9, '.', '_', '@' and '-', stands in logs and audits, and is
never given to a second key.`,
		Example: `  secondsourced keys create agency-desk --role contributor > agency-desk.key`,
		Args:    one,
		RunE: func(cmd *cobra.Command, args []string) error {
			if role == "" {
				return fmt.Errorf("--role: say what the key is for: %s", strings.Join(roleNames(), ", "))
			}
			key, secret, err := auth.NewAPIKey(args[0], claims.CallerRole(role), time.Now())
			if err != nil {
				return err
			}
			if err := a.withKeys(cmd.Context(), func(k claims.APIKeys) error { return k.CreateAPIKey(cmd.Context(), key) }); err != nil {
				return err
			}
			return a.say("%s", secret)
		},
	}
	cmd.Flags().StringVar(&role, "role", "", "reader, contributor, editor or admin; required")
	_ = cmd.RegisterFlagCompletionFunc("role", cobra.FixedCompletions(roleNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func roleNames() []string {
	names := make([]string, len(claims.CallerRoles))
	for i, r := range claims.CallerRoles {
		names[i] = string(r)
	}
	return names
}

// shownKey is a key as lists show it: never its hash.
type shownKey struct {
	Name    string     `json:"name"`
	Role    string     `json:"role"`
	Created time.Time  `json:"created"`
	Revoked *time.Time `json:"revoked,omitempty"`
}

func (a *admin) listKeysCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the keys, revoked ones too",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var all []claims.APIKey
			if err := a.withKeys(cmd.Context(), func(k claims.APIKeys) (err error) {
				all, err = k.APIKeys(cmd.Context())
				return err
			}); err != nil {
				return err
			}
			return a.showKeys(all, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "a JSON object a line")
	return cmd
}

func (a *admin) showKeys(all []claims.APIKey, asJSON bool) error {
	if asJSON {
		out := json.NewEncoder(a.stdout)
		for i := range all {
			k := shownKey{Name: all[i].Name, Role: string(all[i].Role), Created: all[i].CreatedAt}
			if all[i].Revoked() {
				k.Revoked = &all[i].RevokedAt
			}
			if err := out.Encode(k); err != nil {
				return err
			}
		}
		return nil
	}
	if len(all) == 0 {
		return a.say("no keys: everybody who reaches the server may do everything, unless it has --token-file or --require-key")
	}
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "NAME\tROLE\tCREATED\tREVOKED") // a strings.Builder never fails
	for i := range all {
		revoked := ""
		if all[i].Revoked() {
			revoked = all[i].RevokedAt.Format(time.RFC3339)
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", all[i].Name, all[i].Role, all[i].CreatedAt.Format(time.RFC3339), revoked)
	}
	_ = table.Flush()
	_, err := io.WriteString(a.stdout, b.String())
	return err
}

func (a *admin) revokeKeyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "revoke NAME",
		Short: "Make a key invalid for good; its streams end",
		Args:  one,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withKeys(cmd.Context(), func(k claims.APIKeys) error {
				key, err := k.RevokeAPIKey(cmd.Context(), args[0], time.Now().UTC().Truncate(time.Microsecond))
				if err != nil {
					return err
				}
				return a.say("%s is revoked since %s", key.Name, key.RevokedAt.Format(time.RFC3339))
			})
		},
	}
}
