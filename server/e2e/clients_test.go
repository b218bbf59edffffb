package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/rpc"
)

// settles waits until there are no more goroutines than before, or says which
// there are.
func settles(t *testing.T, before int) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for runtime.NumGoroutine() > before {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines are left of %d\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
		runtime.Gosched()
	}
}

// TestCancelledCallsFreeTheirResources breaks off calls at every stage, many times,
// and finds as many goroutines as before.
func TestCancelledCallsFreeTheirResources(t *testing.T) {
	h := start(t)
	long := article("Elsen Courier", "2026-05-05", strings.Repeat("The Halden Bridge collapsed on 4 May 2026, the ministry said. ", 300))
	name := h.ingest(t, article("Coast Daily", "2026-05-05", "The Halden Bridge collapsed.")).GetDocument().GetName()
	before := runtime.NumGoroutine()
	var group sync.WaitGroup
	cancelled := make([]int, 8)
	for caller := range cancelled {
		group.Go(func() {
			for i := range 12 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i*i)*time.Millisecond/2)
				var err error
				if i%2 == 0 {
					_, err = h.IngestDocument(ctx, &secondsourcev1.IngestDocumentRequest{Document: long})
				} else {
					_, err = h.Corroborate(ctx, &secondsourcev1.CorroborateRequest{
						Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: "The Halden Bridge collapsed"}})
				}
				cancel()
				if e, ok := err.(*client.Error); ok && (e.Code == codes.DeadlineExceeded || e.Code == codes.Canceled) {
					cancelled[caller]++
				} else if err != nil {
					t.Errorf("caller %d: %v", caller, err)
				}
			}
		})
	}
	group.Wait()
	n := 0
	for _, c := range cancelled {
		n += c
	}
	if n == 0 {
		t.Error("no call was broken off")
	}
	settles(t, before)
	if _, err := h.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: name}); err != nil {
		t.Errorf("the next call: %v", err)
	}
}

// stalled is a connection whose reader stops when it is told to.
type stalled struct {
	net.Conn

	stop   chan struct{}
	closed chan struct{}
	once   sync.Once
}

func (s *stalled) Read(b []byte) (int, error) {
	select {
	case <-s.stop:
		<-s.closed // nothing more is read
		return 0, errors.New("closed")
	default:
		return s.Conn.Read(b)
	}
}

func (s *stalled) Close() error {
	s.once.Do(func() { close(s.closed) })
	return s.Conn.Close()
}

// TestASlowClientHoldsUpNobody: clients ask for large answers and read none of
// them. Others are served meanwhile, the slow ones' calls end with their deadline,
// and when they are gone nothing is left of them; the server also ends in time with
// such clients connected.
func TestASlowClientHoldsUpNobody(t *testing.T) {
	place := database(t)
	patient := startWith(t, server.Config{Database: place})
	name := patient.ingest(t, article("Elsen Courier", "2026-05-05", strings.Repeat("— ", 1<<18))).GetDocument().GetName() // 1 MB
	patient.stop()
	h := startWith(t, server.Config{Database: place, Drain: 2 * time.Second, RPC: rpc.Config{Timeout: time.Second}})
	before := runtime.NumGoroutine()
	slow := func() (conns []*stalled, gone func()) {
		ctx, cancel := context.WithCancel(t.Context())
		var asking sync.WaitGroup
		var clients []*client.Client
		for range 4 {
			conn, err := h.listener.DialContext(ctx)
			if err != nil {
				t.Fatal(err)
			}
			s := &stalled{Conn: conn, stop: make(chan struct{}), closed: make(chan struct{})}
			var dialled atomic.Bool
			c, err := client.Dial("passthrough:///slow", client.WithDialOptions(grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) {
				if dialled.Swap(true) {
					return nil, errors.New("it does not come back")
				}
				return s, nil
			})))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.GetDocument(ctx, &secondsourcev1.GetDocumentRequest{Name: name}); err != nil {
				t.Fatal(err)
			}
			close(s.stop)
			for range 8 {
				asking.Go(func() {
					if _, err := c.GetDocument(ctx, &secondsourcev1.GetDocumentRequest{Name: name}); err == nil {
						t.Error("an answer came that nobody read")
					}
				})
			}
			conns, clients = append(conns, s), append(clients, c)
		}
		return conns, func() {
			cancel()
			asking.Wait()
			for _, c := range clients {
				_ = c.Close()
			}
		}
	}
	_, gone := slow()
	for i := range 50 {
		if _, err := h.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: name}); err != nil {
			t.Fatalf("another client's call %d: %v", i, err)
		}
	}
	gone()
	settles(t, before)

	_, gone = slow()
	defer gone()
	stopped := time.Now()
	err := h.end() // it says that calls were still running
	if took := time.Since(stopped); err != nil && !errors.Is(err, context.DeadlineExceeded) || took > 10*time.Second {
		t.Errorf("the server took %v to end, with %v", took, err)
	}
}

// TestAPoisonedDocumentFailsAlone sends hostile documents among others, all at
// once: each of those that cannot be stored is answered with its own error, and
// the others are stored whole.
func TestAPoisonedDocumentFailsAlone(t *testing.T) {
	h := start(t)
	hostile := map[string]string{
		"nothing":          " \n\t ",
		"too long":         strings.Repeat("x", 2<<20+1),
		"NULs":             "The bridge\x00 collapsed\x00, the ministry said.\x00",
		"brackets":         strings.Repeat("(", 20_000) + strings.Repeat("“", 20_000),
		"quotes":           strings.Repeat("“He said ‘she said ", 3000),
		"one word":         strings.Repeat("a", 100_000),
		"combining marks":  "The bridge collapsed" + strings.Repeat("\u0301", 50_000) + ".",
		"right to left":    "\u202eThe bridge collapsed\u202c, \u2067the ministry said\u2069.",
		"conjunctions":     "The bridge collapsed" + strings.Repeat(" and the dam broke", 2000) + ".",
		"every plane":      "The bridge 𝕔𝕠𝕝𝕝𝕒𝕡𝕤𝕖𝕕 👩‍👩‍👧‍👦\U000e0041\U0010fffd, the ministry said.",
		"SQL":              "The bridge'); DROP TABLE documents; -- collapsed, the ministry said.",
		"markup":           "<script>alert(1)</script><p>The bridge collapsed, the ministry said.</p>",
		"a sea of periods": strings.Repeat(". ", 50_000),
	}
	refusals := map[string]bool{"nothing": true, "too long": true}
	var group sync.WaitGroup
	for kind, text := range hostile {
		group.Go(func() {
			d := article("Elsen Courier", "2026-05-05", text)
			in, err := h.IngestDocument(t.Context(), &secondsourcev1.IngestDocumentRequest{Document: d})
			if refusals[kind] {
				if e, ok := err.(*client.Error); !ok || e.Code != codes.InvalidArgument {
					t.Errorf("%s: %v, want INVALID_ARGUMENT", kind, err)
				}
				return
			}
			if err != nil {
				t.Errorf("%s: %v", kind, err)
				return
			}
			got, err := h.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: in.GetDocument().GetName()})
			if err != nil || got.GetDocument().GetText() != text {
				t.Errorf("%s: it is not stored verbatim: %v", kind, err)
			}
		})
	}
	for i := range 40 {
		group.Go(func() {
			in, err := h.IngestDocument(t.Context(), &secondsourcev1.IngestDocumentRequest{Document: bulk(fmt.Sprint(i))})
			if err != nil || len(in.GetClaims()) != bulkClaims {
				t.Errorf("a harmless one: %d claims, %v", len(in.GetClaims()), err)
			}
		})
	}
	group.Wait()
	if t.Failed() {
		return
	}
	stored := 0
	for _, err := range h.AllDocuments(t.Context(), &secondsourcev1.ListDocumentsRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		stored++
	}
	if want := 40 + len(hostile) - len(refusals); stored != want {
		t.Errorf("%d documents are stored, want %d", stored, want)
	}
}
