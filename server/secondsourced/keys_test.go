package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/server/store/sqlite"
)

func TestKeysAreCreatedListedAndRevoked(t *testing.T) {
	for name, database := range map[string]func(t *testing.T) string{
		"SQLite": func(t *testing.T) string { return filepath.Join(t.TempDir(), "s.db") },
		"SQLite beside a server": func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "s.db")
			s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			return path
		},
		"PostgreSQL": schema,
	} {
		t.Run(name, func(t *testing.T) {
			place := database(t)
			keys := func(args ...string) (string, error) {
				return execute(t, nil, append(append([]string{"keys"}, args...), "--database", place)...)
			}
			if out, err := keys("list"); err != nil || !strings.Contains(out, "no keys") {
				t.Errorf("%q, error %v", out, err)
			}
			secret, err := keys("create", "desk", "--role", "editor")
			if err != nil || !strings.HasPrefix(secret, "ssk_") || strings.Count(secret, "\n") != 1 {
				t.Errorf("%q, error %v", secret, err)
			}
			for _, tt := range []struct {
				says string
				args []string
			}{
				{"choose another name", []string{"create", "desk", "--role", "reader"}},
				{`role: "owner" is none of [reader contributor editor admin]`, []string{"create", "other", "--role", "owner"}},
				{"--role: say what the key is for: reader, contributor, editor, admin", []string{"create", "other"}},
				{"1 to 64 characters", []string{"create", "The Desk", "--role", "reader"}},
				{"NAME", []string{"create", "--role", "reader"}},
				{`there is no key "other"`, []string{"revoke", "other"}},
			} {
				if out, err := keys(tt.args...); err == nil || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("%v: %q, error %v, want %q", tt.args, out, err, tt.says)
				}
			}
			if out, err := keys("revoke", "desk"); err != nil || !strings.HasPrefix(out, "desk is revoked since 2") {
				t.Errorf("%q, error %v", out, err)
			}
			if _, err := keys("create", "agency", "--role", "contributor"); err != nil {
				t.Error(err)
			}
			out, err := keys("list")
			lines := strings.Split(out, "\n")
			if err != nil || len(lines) != 4 || len(strings.Fields(lines[1])) != 3 || len(strings.Fields(lines[2])) != 4 || strings.Contains(out, "ssk_") {
				t.Errorf("%q, error %v", out, err)
			}
			out, err = keys("list", "--json")
			var first shownKey
			if err != nil || json.Unmarshal([]byte(strings.Split(out, "\n")[0]), &first) != nil || first.Name != "agency" || first.Role != "contributor" || first.Revoked != nil {
				t.Errorf("%q, error %v", out, err)
			}
		})
	}
}

// TestShellsCompleteAndManualsAreWritten of each command and of words that a flag
// takes.
func TestShellsCompleteAndManualsAreWritten(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if out, err := execute(t, nil, "completion", shell); err != nil || !strings.Contains(out, "secondsourced") {
			t.Errorf("%s: %v", shell, err)
		}
	}
	for want, args := range map[string][]string{
		"contributor": {"__complete", "keys", "create", "desk", "--role", ""},
		"revoke":      {"__complete", "keys", "re"},
		"json":        {"__complete", "--log-format", ""},
	} {
		if out, err := execute(t, nil, args...); err != nil || !strings.Contains(out, want) {
			t.Errorf("%v: %q, error %v", args, out, err)
		}
	}
	folder := t.TempDir()
	if out, err := execute(t, nil, "man", folder); err != nil {
		t.Errorf("%q, error %v", out, err)
	}
	for _, page := range []string{"secondsourced.1", "secondsourced-keys-create.1", "secondsourced-admin-backup.1"} {
		if _, err := os.Stat(filepath.Join(folder, page)); err != nil {
			t.Error(err)
		}
	}
}
