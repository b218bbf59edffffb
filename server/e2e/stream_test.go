package e2e_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
)

// Hundreds of documents over one stream: each has its answer in its place, bad
// ones among them, and versions follow one another.
func TestAStreamStoresEachOfItsDocuments(t *testing.T) {
	t.Parallel()
	h := start(t)
	const n = 200
	requests := func(yield func(*secondsourcev1.StreamIngestRequest) bool) {
		for i := range n {
			d := article("The Courier", "2026-03-07", fmt.Sprintf("Engineer Tor Bakke closed the Zenda dam %d times.", i+2))
			d.Url = fmt.Sprintf("https://courier.example/%d", i/2) // two versions of each
			if i%10 == 3 {
				d.Text = ""
			}
			if !yield(&secondsourcev1.StreamIngestRequest{ItemId: fmt.Sprint("item-", i), Document: d}) {
				return
			}
		}
	}
	i, versions := 0, 0
	for a, err := range h.IngestAll(t.Context(), requests) {
		if err != nil {
			t.Fatal(err)
		}
		if a.GetItemId() != fmt.Sprint("item-", i) {
			t.Fatalf("answer %d is that of %s", i, a.GetItemId())
		}
		if i%10 == 3 {
			refused(t, client.ItemError(a), codes.InvalidArgument, "EMPTY_TEXT", "document.text")
		} else if err := client.ItemError(a); err != nil || a.GetIngested().GetClaimCount() == 0 {
			t.Errorf("item %d: %v, %v", i, a, err)
		}
		if a.GetIngested().GetOutcome() == secondsourcev1.IngestOutcome_INGEST_OUTCOME_NEW_VERSION {
			versions++
		}
		i++
	}
	if i != n || versions != n/2-n/10 {
		t.Errorf("%d answers, %d new versions", i, versions)
	}
}

func TestADocumentIsCorrectedAndRetractedOverTheAPI(t *testing.T) {
	t.Parallel()
	h := start(t)
	old := h.ingest(t, article("The Courier", "2026-03-03", "Engineer Tor Bakke closed the Zenda dam.")).GetDocument()
	fixed, err := h.CorrectDocument(t.Context(), &secondsourcev1.CorrectDocumentRequest{Name: old.GetName(),
		Document: &secondsourcev1.Document{Text: "Engineer Ida Holm closed the Zenda dam.", PublishedAt: timestamppb.New(day(5))}})
	if err != nil {
		t.Fatal(err)
	}
	if d := fixed.GetDocument(); d.GetVersion() != 2 || d.GetStatus() != secondsourcev1.DocumentStatus_DOCUMENT_STATUS_CORRECTED || d.GetPrevious() != old.GetName() || len(fixed.GetClaims()) == 0 {
		t.Errorf("corrected: %v", fixed)
	}
	_, err = h.CorrectDocument(t.Context(), &secondsourcev1.CorrectDocumentRequest{Name: old.GetName(), Document: &secondsourcev1.Document{Text: "Something else."}})
	refused(t, err, codes.Aborted, "STALE_VERSION", fixed.GetDocument().GetName())
	gone, err := h.RetractDocument(t.Context(), &secondsourcev1.RetractDocumentRequest{Name: fixed.GetDocument().GetName(), Notice: "The Courier withdraws this report.", RetractedAt: timestamppb.New(day(6))})
	if err != nil {
		t.Fatal(err)
	}
	if d := gone.GetDocument(); d.GetVersion() != 3 || d.GetStatus() != secondsourcev1.DocumentStatus_DOCUMENT_STATUS_RETRACTED || !d.GetPublishedAt().AsTime().Equal(day(6)) {
		t.Errorf("retracted: %v", gone)
	}
	for _, from := range []string{old.GetName(), fixed.GetDocument().GetName(), gone.GetDocument().GetName()} {
		var names []string
		for d, err := range h.AllVersions(t.Context(), &secondsourcev1.ListVersionsRequest{Name: from, PageSize: 2}) {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, d.GetName())
		}
		if want := []string{old.GetName(), fixed.GetDocument().GetName(), gone.GetDocument().GetName()}; !slices.Equal(names, want) {
			t.Errorf("versions from %s: %q, want %q", from, names, want)
		}
	}
	_, err = h.ListVersions(t.Context(), &secondsourcev1.ListVersionsRequest{Name: "documents/nowhere"})
	refused(t, err, codes.NotFound, "DOCUMENT_NOT_FOUND", "documents/nowhere")
	answer, err := h.Corroborate(t.Context(), &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: "Ida Holm closed the Zenda dam"}})
	if err != nil || answer.GetCorroboration().GetVerdict() != secondsourcev1.Verdict_VERDICT_UNREPORTED {
		t.Errorf("%v %v", answer.GetCorroboration().GetVerdict(), err)
	}
}

func TestAnEmbargoIsKeptOverTheAPI(t *testing.T) {
	t.Parallel()
	h := start(t)
	d := article("Meridian Press Agency", "2026-03-03", "Engineer Tor Bakke closed the Zenda dam.")
	d.EmbargoedUntil = timestamppb.New(time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC))
	name := h.ingest(t, d).GetDocument().GetName()
	answer, err := h.Corroborate(t.Context(), &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: damClaim}})
	if err != nil || answer.GetCorroboration().GetVerdict() != secondsourcev1.Verdict_VERDICT_UNREPORTED {
		t.Errorf("%v %v", answer.GetCorroboration().GetVerdict(), err)
	}
	got, err := h.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: name})
	if err != nil || got.GetDocument().GetEmbargoedUntil().AsTime().Year() != 9999 {
		t.Errorf("%v %v", got, err)
	}
}

// A server that is restarted in the middle of a stream has every document once,
// and the stream every answer in its place.
func TestAStreamOutlivesItsServer(t *testing.T) {
	t.Parallel()
	db := database(t)
	first := startWith(t, server.Config{Database: db})
	var now atomic.Pointer[house]
	now.Store(first)
	c, err := client.Dial("passthrough:///memory", client.WithDialOptions(grpc.WithContextDialer(
		func(ctx context.Context, _ string) (net.Conn, error) { return now.Load().listener.DialContext(ctx) })))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	const n = 120
	requests := func(yield func(*secondsourcev1.StreamIngestRequest) bool) {
		for i := range n {
			d := article("The Courier", "2026-03-07", fmt.Sprintf("Engineer Tor Bakke closed the Zenda dam %d times.", i+2))
			d.ExternalId = fmt.Sprint(i)
			if !yield(&secondsourcev1.StreamIngestRequest{ItemId: fmt.Sprint(i), Document: d}) {
				return
			}
		}
	}
	i := 0
	for a, err := range c.IngestAll(t.Context(), requests) {
		if err != nil {
			t.Fatal(err)
		}
		if err := client.ItemError(a); err != nil || a.GetItemId() != fmt.Sprint(i) || a.GetItemNumber() != int64(i+1) {
			t.Fatalf("answer %d: %v, %v", i+1, a, err)
		}
		if i++; i == n/3 {
			first.stop()
			now.Store(startWith(t, server.Config{Database: db}))
		}
	}
	stored := 0
	for d, err := range c.AllDocuments(t.Context(), &secondsourcev1.ListDocumentsRequest{}) {
		if err != nil || d.GetVersion() != 1 {
			t.Fatal(d, err)
		}
		stored++
	}
	if i != n || stored != n {
		t.Errorf("%d answers and %d documents, want %d", i, stored, n)
	}
}
