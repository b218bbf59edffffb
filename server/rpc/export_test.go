package rpc

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/export"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// plenty is a desk with many claims.
type plenty struct {
	Desk

	claims int
}

func (p *plenty) Export(_ context.Context, _ desk.ClaimQuery, _ bool, fn func(*export.Item) error) error {
	text := strings.Repeat("It rained. ", 10)
	for i := range p.claims {
		if err := fn(&export.Item{Claim: claims.Claim{Document: "d", Index: i + 1, Text: "It rained", Evidence: []claims.Span{{End: 9}}}, Document: claims.Document{ID: "d", Text: text}}); err != nil {
			return err
		}
	}
	return nil
}

// measured is a stream that keeps sizes alone.
type measured struct {
	grpc.ServerStreamingServer[secondsourcev1.ExportClaimsResponse]

	ctx                    context.Context //nolint:containedctx // as a stream has one
	largest, total, claims int
}

func (m *measured) Context() context.Context { return m.ctx }

func (m *measured) Send(p *secondsourcev1.ExportClaimsResponse) error {
	m.largest, m.total = max(m.largest, len(p.GetChunk())), m.total+len(p.GetChunk())
	m.claims += bytes.Count(p.GetChunk(), []byte("\n"))
	return nil
}

// However long an export is, no piece of it grows.
func TestAnExportIsSentInPieces(t *testing.T) {
	const many = 20_000
	c := &current{}
	var d Desk = &plenty{claims: many}
	c.p.Store(&d)
	s := &exportService{desk: c, running: make(chan struct{}, 1)}
	for _, format := range []secondsourcev1.ExportFormat{1, 2, 3, 4} {
		s.validate = func(proto.Message) error { return nil }
		m := &measured{ctx: t.Context()}
		if err := s.ExportClaims(&secondsourcev1.ExportClaimsRequest{Format: format}, m); err != nil {
			t.Fatal(err)
		}
		if m.largest > exportChunk+4096 || m.total < many*50 || m.claims < many || m.claims > many+2 {
			t.Errorf("%v: %d claims in %d bytes, the largest piece of %d", format, m.claims, m.total, m.largest)
		}
	}
	s.running <- struct{}{}
	if err := s.ExportClaims(&secondsourcev1.ExportClaimsRequest{Format: 1}, &measured{ctx: t.Context()}); claims.CodeOf(err) != claims.CodeOverloaded {
		t.Errorf("one too many: %v", err)
	}
}
