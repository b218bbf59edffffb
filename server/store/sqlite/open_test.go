package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// rawExec runs statements on the file as another program would.
func rawExec(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryConnectionHasItsSettings(t *testing.T) {
	s := openNew(t, Options{Readers: 5})
	check := func(name string, conn *sql.Conn, want map[string]int64) {
		t.Helper()
		var mode string
		if err := conn.QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
			t.Errorf("%s: journal_mode %q, error %v", name, mode, err)
		}
		for pragma, value := range want {
			var got int64
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != value {
				t.Errorf("%s: %s is %d, want %d (error %v)", name, pragma, got, value, err)
			}
		}
	}
	const full = 2
	check("writer", s.w.conn, map[string]int64{"foreign_keys": 1, "busy_timeout": 5000, "synchronous": full, "query_only": 0, "cache_size": -65536, "secure_delete": 1})
	var conns []*sql.Conn
	for i := range 5 { // all at once, so that each is another connection
		conn, err := s.reads.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, conn)
		check(fmt.Sprintf("reader %d", i), conn, map[string]int64{"foreign_keys": 1, "busy_timeout": 5000, "synchronous": full, "query_only": 1, "cache_size": -16384})
		if _, err := conn.ExecContext(t.Context(), "DELETE FROM documents"); err == nil {
			t.Errorf("reader %d can write", i)
		}
	}
	for _, conn := range conns {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := s.writes.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d connections may write", n)
	}
	if !strings.Contains(dsn("x", writerSettings), "_txlock=immediate") {
		t.Error("transactions of the writer do not take the lock at once")
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	tests := map[string]struct {
		path func(t *testing.T, dir string) string
		code claims.Code
		says string
	}{
		"no path":      {func(*testing.T, string) string { return "" }, claims.CodeInvalid, "path of a file"},
		"memory":       {func(*testing.T, string) string { return ":memory:" }, claims.CodeInvalid, "path of a file"},
		"no such dir":  {func(_ *testing.T, dir string) string { return filepath.Join(dir, "no", "x.db") }, claims.CodeUnavailable, "folder"},
		"a dir":        {func(_ *testing.T, dir string) string { return dir }, claims.CodeInvalid, "not a file"},
		"below a file": {func(t *testing.T, dir string) string { return filepath.Join(write(t, dir, "f", "x"), "x.db") }, claims.CodeReadOnly, "cannot be created"},
		"no database": {func(t *testing.T, dir string) string {
			return write(t, dir, "x.db", strings.Repeat("not a database", 99))
		}, claims.CodeCorrupt, "not a database"},
		"another's": {func(t *testing.T, dir string) string {
			path := filepath.Join(dir, "x.db")
			rawExec(t, path, "CREATE TABLE mine (a)")
			return path
		}, claims.CodeUnsupported, "another program"},
		"newer": {func(t *testing.T, dir string) string {
			path := filepath.Join(dir, "x.db")
			if err := openAt(t, path, Options{}).Close(); err != nil {
				t.Fatal(err)
			}
			rawExec(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
			return path
		}, claims.CodeUnsupported, "newer build"},
		"open already": {func(t *testing.T, dir string) string {
			path := filepath.Join(dir, "x.db")
			s := openAt(t, path, Options{})
			t.Cleanup(func() { _ = s.Close() })
			other := filepath.Join(dir, "other name.db")
			if err := os.Symlink(path, other); err != nil {
				t.Fatal(err)
			}
			return other
		}, claims.CodeUnavailable, "another process"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			path := tt.path(t, t.TempDir())
			s, err := Open(t.Context(), path, Options{})
			if err == nil {
				_ = s.Close()
			}
			if claims.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("error %v (%s), want %s and %q", err, claims.CodeOf(err), tt.code, tt.says)
			}
			if strings.Contains(err.Error(), "SELECT") || strings.Contains(err.Error(), "INSERT") {
				t.Errorf("the message shows SQL: %v", err)
			}
		})
	}
}

// TestOpenInAFolderThatCannotBeWritten takes away the right to write; root, who
// keeps it, is given a folder of the kernel's instead.
func TestOpenInAFolderThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	if os.Geteuid() == 0 {
		dir = "/proc"
	} else if err := os.Chmod(dir, 0o500); err != nil { //nolint:gosec // a folder needs its x bits
		t.Fatal(err)
	}
	_, err := Open(t.Context(), filepath.Join(dir, "store.db"), Options{})
	if claims.CodeOf(err) != claims.CodeReadOnly || !strings.Contains(err.Error(), "store.db") {
		t.Errorf("error %v, want CodeReadOnly with the file's name", err)
	}
}

func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheFilesAreTheOwnersAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a ?#% dir 🧑‍🚀")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "the ?x=1&y store%20.db")
	s := openAt(t, path, Options{})
	defer func() { _ = s.Close() }()
	if err := s.Update(t.Context(), func(tx claims.Tx) error {
		_, err := tx.AppendJudgement(claims.Judgement{Kind: claims.SetStance})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	for _, f := range files {
		if !strings.HasPrefix(f.Name(), filepath.Base(path)) {
			t.Errorf("a file of another name: %q", f.Name())
		}
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%q has mode %v, error %v", f.Name(), info.Mode(), err)
		}
	}
}

func TestTheLogOfJudgementsRefusesChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	s := openAt(t, path, Options{})
	if err := s.Update(t.Context(), func(tx claims.Tx) error {
		_, err := tx.AppendJudgement(claims.Judgement{Kind: claims.SetStance})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, change := range []string{"UPDATE judgements SET editor = 'x'", "UPDATE judgements SET reason = 'x'", `UPDATE judgements SET reason = '', value = '{}'`,
		`UPDATE judgements SET reason = '', value = '{"erased":"true"}', at = 7`, "DELETE FROM judgements"} {
		if err := s.w.exec(change); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: error %v", change, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestOpenIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := filepath.Join(t.TempDir(), "x.db")
	if _, err := Open(ctx, path, Options{}); err == nil {
		t.Fatal("no error")
	}
	if err := openAt(t, path, Options{}).Close(); err != nil { // the lock was released
		t.Error(err)
	}
}
