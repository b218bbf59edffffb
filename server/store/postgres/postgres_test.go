package postgres

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// database makes a schema of the test's own and returns the URL of it.
func database(t testing.TB) string {
	t.Helper()
	base := os.Getenv("SECONDSOURCE_TEST_POSTGRES")
	if base == "" {
		t.Skip("SECONDSOURCE_TEST_POSTGRES names no PostgreSQL to test with, such as postgres://postgres@127.0.0.1:5432/postgres")
	}
	var b [8]byte
	_, _ = rand.Read(b[:])
	schema := "test_" + hex.EncodeToString(b[:])
	admin(t, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { admin(t, "DROP SCHEMA "+schema+" CASCADE") })
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal("SECONDSOURCE_TEST_POSTGRES is no URL")
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// admin runs a statement as the operator of the test's database would.
func admin(t testing.TB, statement string, args ...any) {
	t.Helper()
	exec(t, os.Getenv("SECONDSOURCE_TEST_POSTGRES"), statement, args...)
}

func exec(t testing.TB, url, statement string, args ...any) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func openAt(t testing.TB, url string, opt Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), url, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// openNew opens a fresh store that is closed after the test.
func openNew(t testing.TB, opt Options) *Store {
	t.Helper()
	s := openAt(t, database(t), opt)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) claims.Store { return openAt(t, database(t), Options{}) })
}

func TestConformanceReopened(t *testing.T) {
	storetest.RunReopen(t, func(t *testing.T) func() claims.Store {
		url := database(t)
		return func() claims.Store { return openAt(t, url, Options{}) }
	})
}

func TestConformanceOfKeys(t *testing.T) {
	storetest.RunKeys(t, func(t *testing.T) func() claims.APIKeys {
		url := database(t)
		return func() claims.APIKeys { return openAt(t, url, Options{Compact: -1}) }
	})
}
