package e2e_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
)

// export is the file that a call writes.
func (h *house) export(t *testing.T, req *secondsourcev1.ExportClaimsRequest) ([]byte, error) {
	t.Helper()
	stream, err := h.ExportClaims(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	var file []byte
	for {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return file, nil
		}
		if err != nil {
			return file, err
		}
		if b := piece.GetChunk(); len(b) == 0 || b[len(b)-1] != '\n' || piece.GetContentType() == "" {
			t.Errorf("a piece of %d bytes, %q", len(b), piece.GetContentType())
		}
		file = append(file, piece.GetChunk()...)
	}
}

func TestAnExportIsWhatAListingGives(t *testing.T) {
	t.Parallel()
	h, w := startHTTP(t, server.Config{Database: database(t)})
	tellStory(t, h)
	var want []*secondsourcev1.Claim
	for c, err := range h.AllClaims(t.Context(), &secondsourcev1.ListClaimsRequest{PageSize: 3}) {
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, c)
	}
	file, err := h.export(t, &secondsourcev1.ExportClaimsRequest{Format: secondsourcev1.ExportFormat_EXPORT_FORMAT_JSON_LINES})
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(file), []byte("\n"))
	if len(lines) != len(want) || len(want) < 10 {
		t.Fatalf("%d lines for %d claims", len(lines), len(want))
	}
	for i, line := range lines {
		got := &secondsourcev1.ExportedClaim{}
		if err := protojson.Unmarshal(line, got); err != nil {
			t.Fatal(err)
		}
		if !proto.Equal(got.GetClaim(), want[i]) || !strings.HasPrefix(got.GetClaim().GetName(), got.GetDocument().GetName()+"/") || got.GetVerdict() != nil {
			t.Errorf("line %d: %v, want %v", i+1, got, want[i])
		}
	}
	for _, tt := range []struct {
		name, query, kind string
		count             func([]byte) int
	}{
		{"CSV", "format=EXPORT_FORMAT_CSV&verdicts=true", "text/csv", func(b []byte) int {
			rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
			if err != nil {
				t.Error(err)
			}
			return len(rows) - 1
		}},
		{"schema.org", "format=EXPORT_FORMAT_SCHEMA_ORG&verdicts=true", "application/ld+json", countGraph(t)},
		{"PROV", "format=EXPORT_FORMAT_PROV&verdicts=true", "application/ld+json", countGraph(t)},
		{"JSON lines", "format=EXPORT_FORMAT_JSON_LINES", "application/x-ndjson", func(b []byte) int { return bytes.Count(b, []byte("\n")) }},
	} {
		format := secondsourcev1.ExportFormat(secondsourcev1.ExportFormat_value[strings.TrimPrefix(strings.Split(tt.query, "&")[0], "format=")])
		file, err := h.export(t, &secondsourcev1.ExportClaimsRequest{Format: format, Verdicts: strings.Contains(tt.query, "verdicts")})
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.count(file); got != len(want) {
			t.Errorf("%s: %d claims, want %d", tt.name, got, len(want))
		}
		r := w.do(t, http.MethodGet, "/v1/claims:export?"+tt.query, "")
		if !bytes.Equal(r.body, file) || !strings.HasPrefix(r.header.Get("Content-Type"), tt.kind) {
			t.Errorf("%s over HTTP: %d, %s, %d bytes, %d over gRPC", tt.name, r.status, r.header.Get("Content-Type"), len(r.body), len(file))
		}
	}
	file, err = h.export(t, &secondsourcev1.ExportClaimsRequest{Format: secondsourcev1.ExportFormat_EXPORT_FORMAT_CSV, Asserter: "Norrow Shipping"})
	if rows, _ := csv.NewReader(bytes.NewReader(file)).ReadAll(); err != nil || len(rows) < 2 || len(rows) > 6 {
		t.Errorf("%d rows of one asserter, %v", len(rows), err)
	}
}

func countGraph(t *testing.T) func([]byte) int {
	return func(b []byte) int {
		var doc struct {
			Graph []json.RawMessage `json:"@graph"`
		}
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Error(err)
		}
		return len(doc.Graph)
	}
}

func TestWhatAnExportRefuses(t *testing.T) {
	t.Parallel()
	h, w := startHTTP(t, server.Config{Database: database(t)})
	_, err := h.export(t, &secondsourcev1.ExportClaimsRequest{})
	refusedStream(t, "no format", err, codes.InvalidArgument, "INVALID_FIELD", "format")
	_, err = h.export(t, &secondsourcev1.ExportClaimsRequest{Format: 99})
	refusedStream(t, "a format that is none", err, codes.InvalidArgument, "INVALID_FIELD", "format")
	_, err = h.export(t, &secondsourcev1.ExportClaimsRequest{Format: 1, Document: "documents/nowhere"})
	refusedStream(t, "a document that is not stored", err, codes.NotFound, "DOCUMENT_NOT_FOUND", "nowhere")
	if r := w.do(t, http.MethodGet, "/v1/claims:export?format=EXPORT_FORMAT_CSV&document=documents/nowhere", ""); r.status != http.StatusNotFound {
		t.Errorf("over HTTP: %d %s", r.status, r.body)
	}
	file, err := h.export(t, &secondsourcev1.ExportClaimsRequest{Format: secondsourcev1.ExportFormat_EXPORT_FORMAT_PROV})
	if err != nil || countGraph(t)(file) != 0 {
		t.Errorf("of an empty store: %s, %v", file, err)
	}
}
