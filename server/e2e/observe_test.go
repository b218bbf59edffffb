package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/auth"
	"github.com/secondsource/secondsource/server/observe"
)

// knownMethods are those that are counted.
func knownMethods(method string) bool {
	least, open := auth.LeastRole(method)
	return open || least.Known()
}

// scrape reads the metrics as Prometheus would.
func scrape(t *testing.T, o *observe.Telemetry) string {
	t.Helper()
	w := httptest.NewRecorder()
	o.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	return w.Body.String()
}

// TestAScrapeTellsCallsByMethodAndCode and what is stored; a method of nobody's is
// no row.
func TestAScrapeTellsCallsByMethodAndCode(t *testing.T) {
	o, err := observe.New(t.Context(), observe.Config{Known: knownMethods})
	if err != nil {
		t.Fatal(err)
	}
	h := startWith(t, server.Config{Database: database(t), Observe: o})
	h.ingest(t, article("Elsen Courier", "2026-05-05", "The Halden Bridge collapsed on 4 May 2026, the ministry said."))
	for range 3 {
		_, _ = h.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: "documents/none"})
	}
	_ = h.Conn().Invoke(t.Context(), "/attack.v1.Service/Method"+strings.Repeat("x", 100), &secondsourcev1.GetDocumentRequest{}, &secondsourcev1.GetDocumentResponse{})
	until(t, "all calls are counted", func() bool { // the last shortly after it was answered
		return regexp.MustCompile(`(?m)^rpc_server\S*duration\S*_count\{[^}]*NOT_FOUND[^}]*\} 3$`).MatchString(scrape(t, o))
	})
	said := scrape(t, o)
	for _, row := range []string{
		`rpc_server\S*duration\S*_count\{[^}]*secondsource.v1.DocumentService/GetDocument[^}]*NOT_FOUND[^}]*\} 3`,
		`rpc_server\S*duration\S*_count\{[^}]*secondsource.v1.DocumentService/IngestDocument[^}]*"OK"[^}]*\} 1`,
		`secondsource_store_documents 1`, `secondsource_store_claims [1-9]`, `secondsource_index_claims [1-9]`, `secondsource_store_up 1`,
	} {
		if !regexp.MustCompile("(?m)^" + row + "$").MatchString(said) {
			t.Errorf("no row is %s", row)
		}
	}
	dashboard, err := os.ReadFile("../../packaging/grafana/secondsource.json")
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(dashboard) {
		t.Error("the dashboard is no JSON")
	}
	shown := regexp.MustCompile(`\b(rpc_server|secondsource|process|go)_[a-z_]+`).FindAllString(string(dashboard), -1)
	for _, name := range shown {
		if !strings.Contains(said, "\n"+name+"{") && !strings.Contains(said, "\n"+name+" ") {
			t.Errorf("the dashboard shows %s, which nobody tells", name)
		}
	}
	if len(shown) < 10 {
		t.Errorf("the dashboard shows %d metrics", len(shown))
	}
	if strings.Contains(said, "attack") {
		t.Error("a caller makes rows with names of its own")
	}
	if t.Failed() {
		for line := range strings.Lines(said) {
			if strings.Contains(line, "_count") || strings.HasPrefix(line, "secondsource") {
				t.Log(line)
			}
		}
	}
}

// TestTheClientSeesTheRequestIDOfTheLog: every way that a call can end, streams
// too; the id is one, and the client's own where it sent one.
func TestTheClientSeesTheRequestIDOfTheLog(t *testing.T) {
	var log bytes.Buffer
	h := startLogged(t, server.Config{Database: database(t)}, slog.New(slog.NewJSONHandler(&log, nil)))
	var seen []string
	see := func(header, trailer metadata.MD) {
		seen = append(seen, append(header.Get("x-request-id"), trailer.Get("x-request-id")...)...)
	}
	var header, trailer metadata.MD
	ends := []grpc.CallOption{grpc.Header(&header), grpc.Trailer(&trailer)}
	mine := metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "mine-1")
	_, _ = h.ListSources(mine, &secondsourcev1.ListSourcesRequest{}, ends...)
	see(header, trailer)
	_, _ = h.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{}, ends...)
	see(header, trailer)
	_, _ = h.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: "documents/none"}, ends...)
	see(header, trailer)
	_, _ = h.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: "\n"}, ends...)
	see(header, trailer)
	s, err := h.StreamIngest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first, err := s.Header()
	if err != nil {
		t.Fatal(err)
	}
	_ = s.CloseSend()
	_, _ = s.Recv()
	see(first, s.Trailer())
	h.stop()
	var logged []string
	for line := range strings.Lines(log.String()) {
		var l struct {
			Method string `json:"method"`
			ID     string `json:"request_id"`
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(l.Method, "/secondsource.") {
			logged = append(logged, l.ID)
		}
	}
	if len(seen) != 5 || seen[0] != "mine-1" || !slices.Equal(seen, logged) {
		t.Errorf("clients saw %q\nthe log has %q", seen, logged)
	}
}

// spans is a collector that keeps the spans it is sent.
type spans struct {
	collector.UnimplementedTraceServiceServer

	mu    sync.Mutex
	names []string
	ids   []string
}

func (s *spans) Export(_ context.Context, r *collector.ExportTraceServiceRequest) (*collector.ExportTraceServiceResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, rs := range r.GetResourceSpans() {
		for _, ss := range rs.GetScopeSpans() {
			for _, span := range ss.GetSpans() {
				s.names = append(s.names, span.GetName())
				for _, a := range span.GetAttributes() {
					if a.GetKey() == "secondsource.request_id" {
						s.ids = append(s.ids, a.GetValue().GetStringValue())
					}
				}
			}
		}
	}
	return &collector.ExportTraceServiceResponse{}, nil
}

// TestTracesGoToACollector that is configured, with the request id.
func TestTracesGoToACollector(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	kept := &spans{}
	g := grpc.NewServer()
	collector.RegisterTraceServiceServer(g, kept)
	go func() { _ = g.Serve(listener) }()
	defer g.Stop()
	o, err := observe.New(t.Context(), observe.Config{OTLP: true, Endpoint: "http://" + listener.Addr().String(), Known: knownMethods})
	if err != nil {
		t.Fatal(err)
	}
	h := startWith(t, server.Config{Database: database(t), Observe: o})
	if _, err := h.ListSources(metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "traced-1"), &secondsourcev1.ListSourcesRequest{}); err != nil {
		t.Fatal(err)
	}
	h.stop()
	_ = o.Close(t.Context()) // this collector takes no metrics
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if !slices.Contains(kept.names, "secondsource.v1.SourceService/ListSources") || !slices.Contains(kept.ids, "traced-1") {
		t.Errorf("spans %q with ids %q", kept.names, kept.ids)
	}
}
