package e2e_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
)

// overPostgres is the test below which databases are PostgreSQL's.
const overPostgres = "TestOverPostgres"

// TestOverPostgres asks of a server over PostgreSQL what is asked of one over
// SQLite; golden answers are the same files.
func TestOverPostgres(t *testing.T) {
	for _, tt := range []struct {
		name string
		test func(*testing.T)
	}{
		{"the story", TestTheStory},
		{"bad input", TestEachBadInputHasItsOwnStatus},
		{"ingesting twice", TestIngestingTwiceChangesNothing},
		{"versions and copies", TestVersionsAndCopies},
		{"listings", TestListingsPage},
		{"many callers", TestManyCallersAskWhileDocumentsComeIn},
		{"a restart", TestARestartAnswersTheSame},
		{"identical ingests at once", TestIdenticalIngestsAtOnceStoreOne},
		{"the order of ingest", TestTheOrderOfIngestChangesNoAnswer},
		{"an editor's change", TestAnEditorsChangeActsOnStoredDocuments},
		{"a stream", TestAStreamStoresEachOfItsDocuments},
		{"corrections and retractions", TestADocumentIsCorrectedAndRetractedOverTheAPI},
		{"a correction", TestACorrectionReplacesWhatItCorrects},
		{"an embargo", TestAnEmbargoedDocumentAnswersNothingBeforeItsTime},
		{"embargoed claims", TestEmbargoedClaimsAreListedOnlyWithTheirDocument},
		{"feeds", TestWhatComesInByFeedsAnswersQueries},
	} {
		t.Run(tt.name, tt.test)
	}
	t.Run("two servers", twoServers)
}

// twoServers: what one server was told the other answers within a second, and it
// goes on when the first is gone.
func twoServers(t *testing.T) {
	schema := postgresSchema(t)
	a, b := startWith(t, server.Config{Database: schema}), startWith(t, server.Config{Database: schema})
	const asked = "The Halden Bridge collapsed on 4 May 2026"
	verdict := func(h *house) secondsourcev1.Verdict {
		t.Helper()
		res, err := h.Corroborate(t.Context(), &secondsourcev1.CorroborateRequest{
			Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: asked}})
		if err != nil {
			t.Fatal(err)
		}
		return res.GetCorroboration().GetVerdict()
	}
	if v := verdict(b); v != secondsourcev1.Verdict_VERDICT_UNREPORTED {
		t.Fatalf("an empty store answers %s", v)
	}
	within := func(h *house, want secondsourcev1.Verdict) {
		t.Helper()
		told := time.Now()
		for {
			v := verdict(h)
			switch {
			case v == want:
				return
			case time.Since(told) > time.Second:
				t.Fatalf("a second later the other server answers %s, want %s", v, want)
			}
		}
	}
	a.ingest(t, article("Elsen Courier", "2026-05-05", "The Halden Bridge collapsed on 4 May 2026."))
	within(b, secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN)
	a.stop()
	b.ingest(t, article("Coast Daily", "2026-05-06", "On 4 May 2026 the Halden Bridge collapsed under a train of lorries."))
	within(b, secondsourcev1.Verdict_VERDICT_CORROBORATED)
}

// postgresSchema makes a schema of the test's own and gives the URL by which a
// server uses it.
func postgresSchema(t *testing.T) string {
	t.Helper()
	base := os.Getenv("SECONDSOURCE_TEST_POSTGRES")
	if base == "" {
		t.Skip("SECONDSOURCE_TEST_POSTGRES names no PostgreSQL to test with, such as postgres://postgres@127.0.0.1:5432/postgres")
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal("SECONDSOURCE_TEST_POSTGRES is no URL")
	}
	var b [8]byte
	_, _ = rand.Read(b[:])
	schema := "e2e_" + hex.EncodeToString(b[:])
	operate(t, base, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { operate(t, base, "DROP SCHEMA "+schema+" CASCADE") })
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// operate runs a statement as the operator of the test's database would.
func operate(t *testing.T, base, statement string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, base)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
