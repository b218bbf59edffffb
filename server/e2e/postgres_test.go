package e2e_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

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
		{"a watch", TestAWatchTellsWhatChanges},
		{"a watch that goes on", TestAWatchGoesOnWhereItWas},
		{"a watch on a source", TestAWatchOnASource},
		{"deletion", TestADeletedDocumentIsForgotten},
		{"what cannot be deleted", TestWhatCannotBeDeleted},
		{"judgements over the API", TestJudgementsOverTheAPI},
		{"judgements refused", TestJudgementsThatTheAPIRefuses},
		{"judgements", TestJudgementsShapeAnswers},
		{"who judged", TestTheLogSaysWhoDecided},
		{"judgements as of a time", TestJudgementsAsOfAnEarlierTime},
		{"a judgement sent twice", TestAJudgementIsSentTwice},
		{"judgements of the deleted", TestDeletedDocumentsTakeTheWordsOfJudgementsWithThem},
		{"merges judged", TestAMergeJudgedRaisesNoCountAndIsUndone},
		{"origins judged", TestJoinedAndPartedOriginsAreUndone},
		{"ingest after judgements", TestNoOrderOfIngestShowsAfterJudgements},
		{"roles", TestEveryMethodRefusesRolesThatMustNotCallIt},
		{"what the server is", TestTheServerSaysWhatItIs},
		{"keys of a running server", TestKeysCountOnARunningServer},
	} {
		t.Run(tt.name, tt.test)
	}
	t.Run("two servers", twoServers)
	t.Run("two editors", twoEditors)
	t.Run("watched by another server", watchedByAnother)
	t.Run("a server is killed", aServerIsKilled)
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
	twoServersForget(t, a, b)
	a.stop()
	b.ingest(t, article("Coast Daily", "2026-05-06", "On 4 May 2026 the Halden Bridge collapsed under a train of lorries."))
	within(b, secondsourcev1.Verdict_VERDICT_CORROBORATED)
}

// twoServersForget: what is deleted through one server the other forgets within a
// second, near-copies too.
func twoServersForget(t *testing.T, a, b *house) {
	t.Helper()
	const text = "The lighthouse of Orta was sold to a brewer on 3 May 2026, and the keeper, who had lived in it for forty years, was told by letter."
	told := time.Now()
	name := a.ingest(t, article("Orta Gazette", "2026-05-04", text)).GetDocument().GetName()
	like := func(n int) *secondsourcev1.Document {
		return article("Inland Post", "2026-05-05", fmt.Sprintf("Number %d. %s", n, text))
	}
	for n := 0; ; n++ { // the other server learns of it
		d := b.ingest(t, like(n)).GetDocument()
		if slices.ContainsFunc(d.GetCopies(), func(c *secondsourcev1.Copy) bool { return c.GetDocument() == name }) {
			break
		}
		if time.Since(told) > time.Second {
			t.Fatal("a second later the other server does not know the copy as one")
		}
	}
	a.delete(t, name, "a test")
	told = time.Now()
	asked := func() *secondsourcev1.Corroboration {
		return b.answer(t, "The lighthouse of Orta was sold to a brewer")
	}
	for _, o := range asked().GetOrigins() { // at once: searches look for themselves
		for _, e := range o.GetEvidence() {
			if e.GetDocument().GetName() == name {
				t.Errorf("deleted through one server, and the other answers with %v", e)
			}
		}
	}
	for n := 1000; ; n++ {
		d := b.ingest(t, like(n)).GetDocument()
		if slices.ContainsFunc(d.GetCopies(), func(c *secondsourcev1.Copy) bool { return c.GetDocument() == name }) {
			t.Fatalf("it copies %s, which is deleted", name)
		}
		if time.Since(told) > 300*time.Millisecond {
			return
		}
	}
}

// twoEditors: what an editor told one server shapes the next answer of the other, a
// contradiction is refused by whichever is asked, and so it is with the undoing.
func twoEditors(t *testing.T) {
	schema := postgresSchema(t)
	a, b := startWith(t, server.Config{Database: schema}), startWith(t, server.Config{Database: schema})
	a.ingest(t, article("Elsen Courier", "2026-05-05", "The Halden Bridge collapsed on 4 May 2026. Nobody was hurt."))
	a.ingest(t, article("Inland Post", "2026-05-06", "On 4 May 2026 the Halden Bridge collapsed, our reporter saw."))
	x, y := a.sourceOf(t, "Inland Post"), a.sourceOf(t, "Elsen Courier")
	before := b.answer(t, bridge)
	j, err := a.MergeSources(t.Context(), &secondsourcev1.MergeSourcesRequest{Source: x, Into: y, Reason: "one desk"})
	if err != nil {
		t.Fatal(err)
	}
	if after := b.answer(t, bridge); after.GetIndependentOriginsMin() != before.GetIndependentOriginsMin()-1 || len(after.GetJudgements()) != 1 {
		t.Errorf("the other server answers %v", after)
	}
	if _, err = b.UndoJudgement(t.Context(), &secondsourcev1.UndoJudgementRequest{Name: j.GetJudgement().GetName(), Reason: "two"}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, a.answer(t, bridge), protocmp.Transform()); d != "" {
		t.Errorf("undone (-before +after):\n%s", d)
	}
	_, err = a.UndoJudgement(t.Context(), &secondsourcev1.UndoJudgementRequest{Name: j.GetJudgement().GetName(), Reason: "two"})
	refused(t, err, codes.FailedPrecondition, "JUDGEMENT_NOT_STANDING", "undone already")
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
