package e2e_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/rpc"
)

func watchText(text string) *secondsourcev1.WatchRequest {
	return &secondsourcev1.WatchRequest{Subject: &secondsourcev1.WatchRequest_ClaimText{ClaimText: text}}
}

// watching is one open call of Watch.
type watching struct {
	recv func() (*secondsourcev1.WatchResponse, error)
	end  func()
}

func (h *house) watching(t *testing.T, req *secondsourcev1.WatchRequest) *watching {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	stream, err := h.Watch(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	return &watching{stream.Recv, cancel}
}

// expect receives an answer with the event and verdict.
func (w *watching) expect(t *testing.T, event secondsourcev1.WatchEvent, verdict secondsourcev1.Verdict) *secondsourcev1.WatchResponse {
	t.Helper()
	a, err := w.recv()
	if err != nil {
		t.Fatal(err)
	}
	if a.GetEvent() != event || a.GetCorroboration().GetVerdict() != verdict || a.GetResumeToken() == "" || a.GetAt() == nil {
		t.Errorf("got %v %v, want %v %v", a.GetEvent(), a.GetCorroboration().GetVerdict(), event, verdict)
	}
	return a
}

const (
	began        = secondsourcev1.WatchEvent_WATCH_EVENT_BEGAN
	changed      = secondsourcev1.WatchEvent_WATCH_EVENT_CHANGED
	unreported   = secondsourcev1.Verdict_VERDICT_UNREPORTED
	singleOrigin = secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN
	disputed     = secondsourcev1.Verdict_VERDICT_DISPUTED
)

func TestAWatchOverTheAPI(t *testing.T) {
	t.Parallel()
	h := start(t)
	w := h.watching(t, watchText(damClaim))
	w.expect(t, began, unreported)
	stored := h.ingest(t, article("The Courier", "2026-03-03", "Engineer Tor Bakke closed the Zenda dam."))
	a := w.expect(t, changed, singleOrigin)
	if c := a.GetCauses(); len(c) != 1 || c[0].GetDocument() != stored.GetDocument().GetName() || c[0].GetPublisher() != "The Courier" ||
		c[0].GetKind() != secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_STORED || a.GetBefore().GetVerdict() != unreported {
		t.Errorf("%v", a)
	}
	w.end()
	denial := h.ingest(t, article("The Herald", "2026-03-04", "Engineer Tor Bakke did not close the Zenda dam."))
	req := watchText(damClaim)
	req.ResumeToken = a.GetResumeToken()
	w = h.watching(t, req)
	w.expect(t, changed, disputed)
	if _, err := h.RetractDocument(t.Context(), &secondsourcev1.RetractDocumentRequest{Name: denial.GetDocument().GetName()}); err != nil {
		t.Fatal(err)
	}
	w.expect(t, changed, singleOrigin)

	byName := h.watching(t, &secondsourcev1.WatchRequest{Subject: &secondsourcev1.WatchRequest_Claim{Claim: stored.GetClaims()[0].GetName()}})
	if a := byName.expect(t, began, singleOrigin); a.GetClaim().GetName() != stored.GetClaims()[0].GetName() || a.GetClaim().GetEvidence()[0].GetText() != "Engineer Tor Bakke closed the Zenda dam" {
		t.Errorf("%v", a.GetClaim())
	}
	h.stop() // does not wait for those who watch
	_, err := w.recv()
	if code := status.Code(err); code != codes.Unavailable && code != codes.Canceled { // the harness closes the client first
		t.Error(err)
	}
}

// refusedStream is refused for what a stream ends with.
func refusedStream(t *testing.T, name string, err error, code codes.Code, reason, says string) {
	t.Helper()
	s := status.Convert(err)
	got := ""
	for _, d := range s.Details() {
		if info, ok := d.(*errdetails.ErrorInfo); ok {
			got = info.GetReason()
		}
	}
	if s.Code() != code || got != reason || !strings.Contains(s.Message(), says) {
		t.Errorf("%s: got %v %s, want %v %s with %q", name, err, got, code, reason, says)
	}
}

func TestWhatAWatchRefuses(t *testing.T) {
	t.Parallel()
	h := startWith(t, server.Config{Database: database(t), RPC: rpc.Config{MaxWatches: 3, MaxWatchesPerCaller: 2}})
	first := h.watching(t, watchText(damClaim))
	token := first.expect(t, began, unreported).GetResumeToken()
	for _, tt := range []struct {
		name   string
		change func(*secondsourcev1.WatchRequest)
		code   codes.Code
		reason string
		says   string
	}{
		{"nothing to watch", func(r *secondsourcev1.WatchRequest) { r.Subject = nil }, codes.InvalidArgument, "INVALID_FIELD", "subject"},
		{"no claim", func(r *secondsourcev1.WatchRequest) { r.Subject = watchText("Zenda").GetSubject() }, codes.InvalidArgument, "NO_CLAIM_IN_QUERY", "claim_text"},
		{"a source within sources", func(r *secondsourcev1.WatchRequest) {
			r.Subject, r.Sources = &secondsourcev1.WatchRequest_Source{Source: "The Courier"}, []string{"The Herald"}
		}, codes.InvalidArgument, "INVALID_FIELD", "source"},
		{"a token of nobody's", func(r *secondsourcev1.WatchRequest) { r.ResumeToken = "AAAA" }, codes.InvalidArgument, "RESUME_TOKEN_INVALID", "resume_token"},
		{"a token that was cut", func(r *secondsourcev1.WatchRequest) { r.ResumeToken = token[:len(token)-2] }, codes.InvalidArgument, "RESUME_TOKEN_INVALID", "resume_token"},
		{"the token of another watch", func(r *secondsourcev1.WatchRequest) {
			r.Subject, r.ResumeToken = watchText("The mayor resigned").GetSubject(), token
		}, codes.InvalidArgument, "RESUME_TOKEN_INVALID", "resume_token"},
		{"a claim that is not stored", func(r *secondsourcev1.WatchRequest) {
			r.Subject = &secondsourcev1.WatchRequest_Claim{Claim: "documents/nowhere/claims/1"}
		}, codes.NotFound, "CLAIM_NOT_FOUND", "nowhere"},
	} {
		req := watchText(damClaim)
		tt.change(req)
		w := h.watching(t, req)
		_, err := w.recv()
		refusedStream(t, tt.name, err, tt.code, tt.reason, tt.says)
	}
	h.watching(t, watchText(damClaim)).expect(t, began, unreported)
	_, err := h.watching(t, watchText(damClaim)).recv()
	refusedStream(t, "a third of one caller", err, codes.ResourceExhausted, "TOO_MANY_WATCHES", "2")
	first.end()
	for { // its place is free as soon as the server has seen it go
		if _, err := h.watching(t, watchText(damClaim)).recv(); err == nil {
			break
		}
	}
}

// Those who watch over HTTP are counted by the address they come from.
func TestWatchesOverHTTPAreCountedByCaller(t *testing.T) {
	t.Parallel()
	_, w := startHTTP(t, server.Config{Database: database(t), RPC: rpc.Config{MaxWatchesPerCaller: 1}})
	ask := func(from string) int {
		t.Helper()
		local := &net.TCPAddr{IP: net.ParseIP(from)}
		transport := &http.Transport{DialContext: (&net.Dialer{LocalAddr: local}).DialContext}
		t.Cleanup(transport.CloseIdleConnections)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+"/v1/claims:watch?claim_text=Tor+Bakke+closed+the+Zenda+dam", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Forwarded-For", "192.0.2.7") // what it says itself counts for nothing
		res, err := (&http.Client{Transport: transport}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		return res.StatusCode
	}
	for _, tt := range []struct {
		from string
		want int
	}{{"127.0.0.1", http.StatusOK}, {"127.0.0.1", http.StatusTooManyRequests}, {"127.0.0.2", http.StatusOK}} {
		if got := ask(tt.from); got != tt.want {
			t.Errorf("from %s: %d, want %d", tt.from, got, tt.want)
		}
	}
}

func TestAWatchOverHTTP(t *testing.T) {
	t.Parallel()
	h, w := startHTTP(t, server.Config{Database: database(t)})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+"/v1/claims:watch?claim_text=Tor+Bakke+closed+the+Zenda+dam", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	next := func() *secondsourcev1.WatchResponse {
		t.Helper()
		if !lines.Scan() {
			t.Fatal("the stream ends: ", lines.Err())
		}
		line := lines.Bytes()
		a := &secondsourcev1.WatchResponse{}
		if err := protojson.Unmarshal(line[len(`{"result":`):len(line)-1], a); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		return a
	}
	if a := next(); a.GetEvent() != began || res.Header.Get("Content-Type") != "application/x-ndjson" {
		t.Errorf("%v %v", a, res.Header)
	}
	h.ingest(t, article("The Courier", "2026-03-03", "Engineer Tor Bakke closed the Zenda dam."))
	if a := next(); a.GetCorroboration().GetVerdict() != singleOrigin {
		t.Errorf("%v", a)
	}
	ended := make(chan string, 1)
	go func() {
		lines.Scan()
		ended <- lines.Text()
	}()
	h.stop()
	if last := <-ended; len(last) < 9 || last[:9] != `{"error":` {
		t.Errorf("it ends with %q", last)
	}
}

// watchedByAnother: what one server stores, deletes and is told, who watches on
// another one is told of.
func watchedByAnother(t *testing.T) {
	schema := postgresSchema(t)
	a, b := startWith(t, server.Config{Database: schema}), startWith(t, server.Config{Database: schema})
	w := b.watching(t, watchText(damClaim))
	w.expect(t, began, unreported)
	a.ingest(t, article("The Courier", "2026-03-03", "Engineer Tor Bakke closed the Zenda dam."))
	w.expect(t, changed, singleOrigin)
	d := article("The Herald", "2026-03-04", "Engineer Tor Bakke did not close the Zenda dam.")
	d.ExternalId = "denial"
	denial := a.ingest(t, d)
	token := w.expect(t, changed, disputed).GetResumeToken()
	d.Text = "It rained in Orta."
	a.ingest(t, d)
	if c := w.expect(t, changed, singleOrigin).GetCauses(); len(c) != 1 || c[0].GetKind() != secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_NEW_VERSION {
		t.Errorf("%v", c)
	}
	if _, err := a.DeleteDocument(t.Context(), &secondsourcev1.DeleteDocumentRequest{Name: denial.GetDocument().GetName(), Reason: "an order"}); err != nil {
		t.Fatal(err)
	}
	req := watchText(damClaim)
	req.ResumeToken = token
	w = a.watching(t, req) // begun there, gone on here
	w.expect(t, changed, singleOrigin)
}
