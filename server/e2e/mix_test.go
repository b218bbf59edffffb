package e2e_test

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

var (
	mixCallers = flag.Int("mix.callers", 64, "callers of TestManyCallersMixEverything")
	mixRounds  = flag.Int("mix.rounds", 4, "rounds of each of them between two looks at the memory")
	mixFor     = flag.Duration("mix.for", 0, "how long they go on; four laps at least")
)

// TestManyCallersMixEverything lets many callers read and write at once for as
// long as is asked for. Each takes back what it stored, so what is stored stays
// about the same, and so must the memory.
func TestManyCallersMixEverything(t *testing.T) {
	h := start(t)
	for i := range 20 { // something that stays, and is asked for
		h.ingest(t, bulk(fmt.Sprintf("base-%d", i)))
	}
	began := time.Now()
	var calls atomic.Int64
	var heaps []uint64
	look := func(lap int) {
		t.Helper()
		mix(t, h, lap, &calls)
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		heaps = append(heaps, m.HeapAlloc)
	}
	// The first laps fill caches and pools to their bounds.
	for lap := 0; lap < 4 || time.Since(began) < *mixFor; lap++ {
		look(lap)
		if t.Failed() {
			return
		}
	}
	warm, last := heaps[1], slices.Min(heaps[len(heaps)-2:]) // what pools hold comes and goes
	t.Logf("%d callers, %d calls in %v; heap after each of %d laps: %v kB", *mixCallers, calls.Load(), time.Since(began).Round(time.Second), len(heaps), kilobytes(heaps))
	if last > warm+warm/4+8<<20 {
		t.Errorf("the heap grows: %d kB after the second lap, %d kB after the last of %d", warm>>10, last>>10, len(heaps))
	}
	left := 0
	for d, err := range h.AllDocuments(t.Context(), &secondsourcev1.ListDocumentsRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		if left++; d.GetTitle() == "mixed" {
			t.Errorf("%s was deleted and is listed", d.GetName())
		}
	}
	if left != 20 {
		t.Errorf("%d documents are left, want 20", left)
	}
}

// kilobytes are sizes as a person reads them.
func kilobytes(sizes []uint64) []uint64 {
	out := make([]uint64, len(sizes))
	for i, n := range sizes {
		out[i] = n >> 10
	}
	return out
}

// mix is one lap of all callers.
func mix(t *testing.T, h *house, lap int, calls *atomic.Int64) {
	t.Helper()
	var group sync.WaitGroup
	for caller := range *mixCallers {
		group.Go(func() {
			for round := range *mixRounds {
				if err := h.mixOne(t.Context(), fmt.Sprintf("%d-%d-%d", lap, caller, round), calls); err != nil {
					t.Errorf("caller %d: %v", caller, err)
					return
				}
			}
		})
	}
	group.Wait()
}

// mixOne is one round of one caller: it stores a document, asks for it in every
// way, deletes it, and asks again.
func (h *house) mixOne(ctx context.Context, id string, calls *atomic.Int64) error {
	d := bulk(id)
	d.Title = "mixed"
	in, err := h.IngestDocument(ctx, &secondsourcev1.IngestDocumentRequest{RequestId: id, Document: d})
	if err != nil {
		return err
	}
	name := in.GetDocument().GetName()
	got, err := h.GetDocument(ctx, &secondsourcev1.GetDocumentRequest{Name: name})
	if err != nil || got.GetDocument().GetText() != d.GetText() {
		return fmt.Errorf("stored %q, read %q, error %w", d.GetText(), got.GetDocument().GetText(), err)
	}
	if cs, err := h.ListClaims(ctx, &secondsourcev1.ListClaimsRequest{Document: name}); err != nil || len(cs.GetClaims()) != bulkClaims {
		return fmt.Errorf("%d claims of %s, error %w", len(cs.GetClaims()), name, err)
	}
	claim := fmt.Sprintf("Outlet %s counted nine boats", id)
	ask := &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: claim}}
	if a, err := h.Corroborate(ctx, ask); err != nil || len(a.GetCorroboration().GetOrigins()) == 0 {
		return fmt.Errorf("%q has %d origins, error %w", claim, len(a.GetCorroboration().GetOrigins()), err)
	}
	if _, err := h.ListDocuments(ctx, &secondsourcev1.ListDocumentsRequest{PageSize: 20}); err != nil {
		return err
	}
	if _, err := h.DeleteDocument(ctx, &secondsourcev1.DeleteDocumentRequest{Name: name, Reason: "a test"}); err != nil {
		return err
	}
	_, err = h.GetDocument(ctx, &secondsourcev1.GetDocumentRequest{Name: name})
	if e, ok := err.(*client.Error); !ok || e.Code != codes.NotFound {
		return fmt.Errorf("%s was deleted, and is answered with %w", name, err)
	}
	calls.Add(7)
	return nil
}
