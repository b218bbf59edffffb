package e2e_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/secondsource/secondsource/claims"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
)

// delete erases a document and fails the test when that fails.
func (h *house) delete(t *testing.T, name, reason string) *secondsourcev1.DeleteDocumentResponse {
	t.Helper()
	answer, err := h.DeleteDocument(t.Context(), &secondsourcev1.DeleteDocumentRequest{Name: name, Reason: reason})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// answer is what a claim is answered with.
func (h *house) answer(t *testing.T, claim string) *secondsourcev1.Corroboration {
	t.Helper()
	res, err := h.Corroborate(t.Context(), &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: claim}})
	if err != nil {
		t.Fatal(err)
	}
	return res.GetCorroboration()
}

// TestADeletedDocumentIsForgotten: a person's name stands in two versions of one
// document and in nothing else; after they are deleted it stands nowhere.
func TestADeletedDocumentIsForgotten(t *testing.T) {
	place := database(t)
	h := startWith(t, server.Config{Database: place})
	const asked = "The Halden Bridge collapsed on 4 May 2026"
	h.ingest(t, article("Elsen Courier", "2026-05-05", "The Halden Bridge collapsed on 4 May 2026. Nobody was hurt."))
	h.ingest(t, article("Inland Post", "2026-05-09", "The harbour of Orta opened on 2 May 2026."))
	before := h.answer(t, asked)

	const text = "On 4 May 2026 the Halden Bridge collapsed, the engineer Ottoline Quarrington told the Coast Daily. " +
		"Quarrington lives in Saltmarsh Lane and has warned of the bridge since April."
	first := article("Coast Daily", "2026-05-06", text)
	first.Url, first.Title, first.Byline = "https://coast.example/bridge", "Quarrington warned", "By Peregrine Yaxley"
	second := article("Coast Daily", "2026-05-07", text+" She was not asked again.")
	second.Url = first.GetUrl()
	names := []string{h.ingest(t, first).GetDocument().GetName()}
	names = append(names, h.ingest(t, second).GetDocument().GetName())
	copied := h.ingest(t, article("Inland Post", "2026-05-08", "Elsewhere. "+text))
	if n := len(copied.GetDocument().GetCopies()); n == 0 {
		t.Fatal("the copy is not known as one")
	}
	h.delete(t, copied.GetDocument().GetName(), "a copy of what had to go")

	done := h.delete(t, names[1], "asked for by the person concerned")
	if d := cmp.Diff(names, done.GetDocuments()); d != "" || done.GetClaims() == 0 || done.GetJudgement() == "" {
		t.Errorf("deleted %v (-want +got):\n%s", done, d)
	}
	forgotten := func(h *house) {
		t.Helper()
		for _, name := range names {
			_, err := h.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: name})
			refused(t, err, codes.NotFound, "DOCUMENT_NOT_FOUND", name)
			_, err = h.ListClaims(t.Context(), &secondsourcev1.ListClaimsRequest{Document: name})
			refused(t, err, codes.NotFound, "DOCUMENT_NOT_FOUND", name)
		}
		if d := cmp.Diff(before, h.answer(t, asked), protocmp.Transform()); d != "" {
			t.Errorf("the answer is not what it was (-before +after):\n%s", d)
		}
		for s, err := range h.AllSources(t.Context(), &secondsourcev1.ListSourcesRequest{}) {
			if err != nil || strings.Contains(s.GetName()+s.GetCanonicalName(), "uarrington") || s.GetCanonicalName() == "Coast Daily" {
				t.Errorf("a derived source is left: %v, %v", s, err)
			}
		}
	}
	forgotten(h)
	stored(t, place, "Halden Bridge", true) // the search itself finds what is there
	for _, secret := range []string{"uarrington", "uarringtoN", "saltmarsh", "Saltmarsh", "yaxley", "Yaxley", "coast.example", "Coast Daily"} {
		stored(t, place, secret, false)
	}
	again := h.ingest(t, first)
	if again.GetOutcome() != secondsourcev1.IngestOutcome_INGEST_OUTCOME_CREATED || len(again.GetDocument().GetCopies()) > 0 {
		t.Errorf("ingested again: %v", again)
	}
	h.delete(t, again.GetDocument().GetName(), "once more")
	h.stop()

	restarted := startWith(t, server.Config{Database: place})
	forgotten(restarted)
	restarted.stop()
	keptInTheLog(t, place, names)
}

// keptInTheLog checks the entries that say what was deleted.
func keptInTheLog(t *testing.T, place string, names []string) {
	t.Helper()
	store, _ := openStore(t, place)
	defer func() { _ = store.Close() }()
	log, err := store.Judgements(t.Context(), 0, 10)
	if err != nil || len(log) != 3 {
		t.Fatalf("%d entries, error %v", len(log), err)
	}
	j := log[1]
	ids := strings.ReplaceAll(strings.Join(names, " "), "documents/", "")
	if j.Kind != claims.DeletedDocument || j.Subject != names[1] || j.Reason != "asked for by the person concerned" ||
		time.Since(j.At) > time.Hour || j.Value["documents"] != ids || j.Value["claims"] == "" {
		t.Errorf("the log says %+v", j)
	}
}

// stored checks whether words stand anywhere in a database: in the bytes of its
// files, or in any column of any table.
func stored(t *testing.T, place, words string, want bool) {
	t.Helper()
	found := ""
	if !strings.HasPrefix(place, "postgres") {
		for _, end := range []string{"", "-wal", "-shm"} {
			b, err := os.ReadFile(place + end)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(b, []byte(words)) {
				found = "the file" + end
			}
		}
	} else {
		found = foundInTables(t, place, words)
	}
	if (found != "") != want {
		t.Errorf("%q stands in %q, want it there: %v", words, found, want)
	}
}

// foundInTables is the table in which words stand, as text or as bytes.
func foundInTables(t *testing.T, url, words string) (found string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	rows, err := conn.Query(t.Context(), `SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 10 {
		t.Fatalf("tables %v, error %v", tables, err)
	}
	for _, table := range tables {
		var n int
		query := fmt.Sprintf(`SELECT count(*) FROM %s x WHERE strpos(x::text, $1) > 0 OR strpos(x::text, $2) > 0`, pgx.Identifier{table}.Sanitize())
		if err := conn.QueryRow(t.Context(), query, words, hex.EncodeToString([]byte(words))).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			found = table
		}
	}
	return found
}

func TestWhatCannotBeDeleted(t *testing.T) {
	h := start(t)
	name := h.ingest(t, article("Elsen Courier", "2026-05-05", "The Halden Bridge collapsed.")).GetDocument().GetName()
	for says, tt := range map[string]struct {
		req    *secondsourcev1.DeleteDocumentRequest
		code   codes.Code
		reason string
	}{
		"documents/none": {&secondsourcev1.DeleteDocumentRequest{Name: "documents/none", Reason: "x"}, codes.NotFound, "DOCUMENT_NOT_FOUND"},
		"name":           {&secondsourcev1.DeleteDocumentRequest{Name: "sources/x", Reason: "x"}, codes.InvalidArgument, "INVALID_FIELD"},
		"reason":         {&secondsourcev1.DeleteDocumentRequest{Name: name}, codes.InvalidArgument, "INVALID_FIELD"},
		"is empty":       {&secondsourcev1.DeleteDocumentRequest{Name: name, Reason: " \n"}, codes.InvalidArgument, "INVALID_FIELD"},
		"500":            {&secondsourcev1.DeleteDocumentRequest{Name: name, Reason: strings.Repeat("x", 501)}, codes.InvalidArgument, "INVALID_FIELD"},
	} {
		_, err := h.DeleteDocument(t.Context(), tt.req)
		refused(t, err, tt.code, tt.reason, says)
	}
	if _, err := h.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: name}); err != nil {
		t.Errorf("it is gone all the same: %v", err)
	}
	h.delete(t, name, "x")
	_, err := h.DeleteDocument(t.Context(), &secondsourcev1.DeleteDocumentRequest{Name: name, Reason: "x"})
	refused(t, err, codes.NotFound, "DOCUMENT_NOT_FOUND", name)
}
