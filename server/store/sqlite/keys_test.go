package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

func openKeys(t *testing.T, path string) claims.APIKeys {
	t.Helper()
	k, err := OpenKeys(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestConformanceOfKeys(t *testing.T) {
	t.Run("NoServer", func(t *testing.T) {
		storetest.RunKeys(t, func(t *testing.T) func() claims.APIKeys {
			path := filepath.Join(t.TempDir(), "store.db")
			return func() claims.APIKeys { return openKeys(t, path) }
		})
	})
	t.Run("BesideAServer", func(t *testing.T) {
		storetest.RunKeys(t, func(t *testing.T) func() claims.APIKeys {
			path := openNew(t, Options{}).path
			return func() claims.APIKeys { return openKeys(t, path) }
		})
	})
}

// TestKeysAreWrittenBesideAServer: what the server stores meanwhile and what the
// command line does are both there, and the server sees the keys.
func TestKeysAreWrittenBesideAServer(t *testing.T) {
	s := openNew(t, Options{})
	k := openKeys(t, s.path)
	for i, name := range []string{"a", "b", "c"} {
		doc, cs, id, signature, terms := storetest.Document(name, 2)
		if err := s.Update(t.Context(), func(tx claims.Tx) error { return tx.PutDocument(&doc, cs, id, signature, terms) }); err != nil {
			t.Fatal(err)
		}
		if err := k.CreateAPIKey(t.Context(), claims.APIKey{Name: name, Role: claims.RoleReader, Hash: [32]byte{byte(i + 1)}}); err != nil {
			t.Fatal(err)
		}
		if keys, err := s.APIKeys(t.Context()); err != nil || len(keys) != i+1 {
			t.Errorf("the server sees %d keys, error %v", len(keys), err)
		}
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	if st, err := s.Stats(t.Context()); err != nil || st.Documents != 3 {
		t.Errorf("%+v, error %v", st, err)
	}
}

func TestKeysNeedADatabaseOfOurs(t *testing.T) {
	if _, err := OpenKeys(t.Context(), filepath.Join(t.TempDir(), "none", "store.db")); claims.CodeOf(err) != claims.CodeUnavailable {
		t.Errorf("a folder that is not there: %v", err)
	}
	s := openNew(t, Options{})
	rawExec(t, s.path, `DELETE FROM goose_db_version WHERE version_id > 4`)
	if _, err := OpenKeys(t.Context(), s.path); claims.CodeOf(err) != claims.CodeUnsupported {
		t.Errorf("a running server of an older build: %v", err)
	}
}
