package rpc

import (
	"bytes"
	"encoding/json"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/export"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// exportService answers secondsource.v1.ExportService.
type exportService struct {
	secondsourcev1.UnimplementedExportServiceServer

	desk     *current
	validate func(proto.Message) error
	running  chan struct{} // holds a token for each export under way
}

const (
	// maxExports bounds the exports under way.
	maxExports = 8
	// exportChunk is how many bytes are gathered before they are sent.
	exportChunk = 32 << 10
)

func (s *exportService) ExportClaims(req *secondsourcev1.ExportClaimsRequest, stream grpc.ServerStreamingServer[secondsourcev1.ExportClaimsResponse]) error {
	if err := s.validate(req); err != nil {
		return statusOf(err)
	}
	select {
	case s.running <- struct{}{}:
		defer func() { <-s.running }()
	default:
		return statusOf(&claims.Error{Code: claims.CodeOverloaded, Reason: reasonTooManyExports, Message: "as many exports are under way as may be: try again later"})
	}
	pieces := &pieces{stream: stream}
	var out export.Encoder
	switch verdicts := req.GetVerdicts(); req.GetFormat() {
	case secondsourcev1.ExportFormat_EXPORT_FORMAT_CSV:
		out, pieces.kind = export.CSV(pieces, verdicts), "text/csv; charset=utf-8; header=present"
	case secondsourcev1.ExportFormat_EXPORT_FORMAT_SCHEMA_ORG:
		out, pieces.kind = export.SchemaOrg(pieces), "application/ld+json"
	case secondsourcev1.ExportFormat_EXPORT_FORMAT_PROV:
		out, pieces.kind = export.PROV(pieces), "application/ld+json"
	default:
		out, pieces.kind = &jsonLines{pieces}, "application/x-ndjson"
	}
	published := interval(req.GetPublished())
	query := desk.ClaimQuery{Document: documentID(req.GetDocument()), Asserter: sourceID(req.GetAsserter()),
		From: published.From, To: published.To, Kind: enumFrom[claims.Kind](req.GetKind())}
	if err := out.Open(); err != nil {
		return statusOf(err)
	}
	verdicts := req.GetVerdicts() && req.GetFormat() != secondsourcev1.ExportFormat_EXPORT_FORMAT_PROV
	if err := s.desk.get().Export(stream.Context(), query, verdicts, out.Write); err != nil {
		return statusOf(err)
	}
	if err := out.Close(); err != nil {
		return statusOf(err)
	}
	return statusOf(pieces.flush())
}

// pieces sends what is written as the pieces of a file. Each write is whole lines.
type pieces struct {
	stream grpc.ServerStreamingServer[secondsourcev1.ExportClaimsResponse]
	kind   string
	buffer []byte
}

func (p *pieces) Write(b []byte) (int, error) {
	p.buffer = append(p.buffer, b...)
	if len(p.buffer) < exportChunk || b[len(b)-1] != '\n' {
		return len(b), nil
	}
	return len(b), p.flush()
}

func (p *pieces) flush() error {
	if len(p.buffer) == 0 {
		return nil
	}
	m := &secondsourcev1.ExportClaimsResponse{Chunk: p.buffer, ContentType: p.kind}
	p.buffer = nil // the message may outlive the call
	return sendWithin(p.stream, m, watchPatience)
}

// jsonLines writes the API's own messages, one a line.
type jsonLines struct{ w io.Writer }

func (*jsonLines) Open() error  { return nil }
func (*jsonLines) Close() error { return nil }

func (j *jsonLines) Write(item *export.Item) error {
	m := &secondsourcev1.ExportedClaim{Claim: claimTo(&item.Claim, item.Document.Text), Document: briefDocument(&item.Document)}
	if a := item.Answer; a != nil {
		m.Verdict = &secondsourcev1.ExportedVerdict{Verdict: enumTo[secondsourcev1.Verdict](a.Verdict),
			IndependentOriginsMin: count(a.OriginsMin), IndependentOriginsMax: count(a.OriginsMax),
			RefutingOriginsMin: count(a.RefutingMin), RefutingOriginsMax: count(a.RefutingMax)}
	}
	body, err := protojson.MarshalOptions{UseProtoNames: true, EmitDefaultValues: true}.Marshal(m)
	if err != nil {
		return err
	}
	var line bytes.Buffer
	if err := json.Compact(&line, body); err != nil { // protojson varies its white space from build to build
		return err
	}
	line.WriteByte('\n')
	_, err = j.w.Write(line.Bytes())
	return err
}
