package rpc

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// fakeDesk answers with what a test puts in; other methods panic.
type fakeDesk struct {
	Desk

	ingest    func(context.Context, desk.IngestRequest) (desk.IngestResult, error)
	documents []claims.Document
	update    func(claims.Source, []string) (claims.Source, error)
	writable  error
}

func (f *fakeDesk) CheckWritable(context.Context) error { return f.writable }

func (f *fakeDesk) Ingest(ctx context.Context, r desk.IngestRequest) (desk.IngestResult, error) {
	return f.ingest(ctx, r)
}

func (f *fakeDesk) UpdateSource(_ context.Context, s claims.Source, fields []string) (claims.Source, error) {
	return f.update(s, fields)
}

// ListDocuments pages through f.documents, which stand in listing order.
func (f *fakeDesk) ListDocuments(_ context.Context, _ claims.DocumentFilter, p claims.Page) ([]claims.Document, error) {
	rows := f.documents
	for i, d := range rows {
		if d.ID == p.After.ID {
			rows = rows[i+1:]
			break
		}
	}
	return rows[:min(p.Size, len(rows))], nil
}

// serve starts a server over an in-memory connection; a nil desk leaves it
// starting.
func serve(t *testing.T, d Desk, c Config, opts ...grpc.DialOption) *grpc.ClientConn {
	t.Helper()
	server, err := NewServer(c)
	if err != nil {
		t.Fatal(err)
	}
	if d != nil {
		server.Ready(d)
	}
	listener := bufconn.Listen(1 << 20)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	conn, err := grpc.NewClient("passthrough:///memory", append(opts,
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return conn
}

// rawCodec sends bytes as they are.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }
func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.([]byte))}, nil
}
func (rawCodec) Unmarshal(mem.BufferSlice, any) error { return nil }

// want checks a status, its reason and the fields it blames.
func want(t *testing.T, err error, code codes.Code, reason string, fields ...string) *status.Status {
	t.Helper()
	s := status.Convert(err)
	if s.Code() != code {
		t.Fatalf("got %v %q, want %v", s.Code(), s.Message(), code)
	}
	var gotReason string
	var gotFields []string
	for _, d := range s.Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			gotReason = d.GetReason()
			if d.GetDomain() != "secondsource" {
				t.Errorf("domain %q", d.GetDomain())
			}
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				gotFields = append(gotFields, v.GetField())
			}
		}
	}
	if gotReason != reason || strings.Join(gotFields, ",") != strings.Join(fields, ",") {
		t.Errorf("got reason %q, fields %q; want %q, %q (%s)", gotReason, gotFields, reason, fields, s.Message())
	}
	return s
}

func TestUndecodableBytesAreTheCallersFault(t *testing.T) {
	conn := serve(t, &fakeDesk{}, Config{})
	const ingest = secondsourcev1.DocumentService_IngestDocument_FullMethodName
	const create = secondsourcev1.SourceService_CreateSource_FullMethodName
	text := protowire.AppendString(protowire.AppendTag(nil, 17, protowire.BytesType), "caf\xe9 closed")
	alias := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "\xff")
	good := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "fine")
	var source []byte
	for _, a := range [][]byte{good, alias} {
		source = protowire.AppendBytes(protowire.AppendTag(source, 4, protowire.BytesType), a)
	}
	for _, test := range []struct {
		name, method string
		body         []byte
		reason       string
		fields       []string
		says         string
	}{
		{"text in Latin-1", ingest, protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), text),
			claims.ReasonInvalidUTF8, []string{"document.text"}, "not valid UTF-8 at byte 3"},
		{"second alias", create, protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), source),
			claims.ReasonInvalidUTF8, []string{"source.aliases[1].name"}, "at byte 0"},
		{"truncated message", ingest, []byte{0x12, 0x7f, 1}, "MALFORMED_MESSAGE", nil, "not a message of this call"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := conn.Invoke(t.Context(), test.method, test.body, nil, grpc.ForceCodecV2(rawCodec{}))
			s := want(t, err, codes.InvalidArgument, test.reason, test.fields...)
			if !strings.Contains(s.Message(), test.says) {
				t.Errorf("%q does not say %q", s.Message(), test.says)
			}
		})
	}
}

func TestConstraintsAreCheckedBeforeTheDesk(t *testing.T) {
	conn := serve(t, &fakeDesk{}, Config{})
	documents, sources := secondsourcev1.NewDocumentServiceClient(conn), secondsourcev1.NewSourceServiceClient(conn)
	corroboration := secondsourcev1.NewCorroborationServiceClient(conn)
	ctx := t.Context()

	_, err := documents.IngestDocument(ctx, &secondsourcev1.IngestDocumentRequest{Document: &secondsourcev1.Document{}})
	want(t, err, codes.InvalidArgument, claims.ReasonEmptyText, "document.text")

	_, err = documents.IngestDocument(ctx, &secondsourcev1.IngestDocumentRequest{
		Document: &secondsourcev1.Document{Text: strings.Repeat("a", claims.MaxText+1)}})
	s := want(t, err, codes.InvalidArgument, claims.ReasonTextTooLarge, "document.text")
	if !strings.Contains(s.Message(), "is 2097153 bytes; the limit is 2097152 bytes") {
		t.Errorf("the message names neither size nor limit: %s", s.Message())
	}

	_, err = documents.GetDocument(ctx, &secondsourcev1.GetDocumentRequest{Name: "sources/x"})
	want(t, err, codes.InvalidArgument, claims.ReasonInvalidField, "name")

	_, err = sources.CreateSource(ctx, &secondsourcev1.CreateSourceRequest{Source: &secondsourcev1.Source{}})
	want(t, err, codes.InvalidArgument, claims.ReasonInvalidField, "source.canonical_name")

	_, err = sources.UpdateSource(ctx, &secondsourcev1.UpdateSourceRequest{
		Source: &secondsourcev1.Source{Name: "sources/x"}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"mentions"}}})
	want(t, err, codes.InvalidArgument, claims.ReasonInvalidField, "update_mask")

	_, err = corroboration.Corroborate(ctx, &secondsourcev1.CorroborateRequest{})
	want(t, err, codes.InvalidArgument, claims.ReasonInvalidField, "subject")
}

func TestEveryCodeHasItsStatus(t *testing.T) {
	for _, test := range []struct {
		err    error
		code   codes.Code
		reason string
	}{
		{claims.NotFound(claims.ReasonDocumentNotFound, "documents/x"), codes.NotFound, claims.ReasonDocumentNotFound},
		{&claims.Error{Code: claims.CodeExists, Reason: claims.ReasonRequestReused}, codes.AlreadyExists, claims.ReasonRequestReused},
		{&claims.Error{Code: claims.CodeConflict, Reason: claims.ReasonStaleRevision}, codes.Aborted, claims.ReasonStaleRevision},
		{&claims.Error{Code: claims.CodeOverloaded, Reason: claims.ReasonOverloaded}, codes.ResourceExhausted, claims.ReasonOverloaded},
		{&claims.Error{Code: claims.CodeUnavailable, Reason: claims.ReasonStoreClosed}, codes.Unavailable, claims.ReasonStoreClosed},
		{&claims.Error{Code: claims.CodeCorrupt, Reason: claims.ReasonStoreCorrupt}, codes.DataLoss, claims.ReasonStoreCorrupt},
		{&claims.Error{Code: claims.CodeReadOnly, Reason: claims.ReasonStoreFull}, codes.FailedPrecondition, claims.ReasonStoreFull},
		{context.DeadlineExceeded, codes.DeadlineExceeded, "DEADLINE_EXCEEDED"},
		{context.Canceled, codes.Canceled, "CANCELLED"},
		{errors.New("open /secret/path: permission denied"), codes.Internal, "INTERNAL"},
	} {
		wrapped := errors.Join(errors.New("while ingesting"), test.err)
		s := want(t, statusOf(wrapped), test.code, test.reason)
		if strings.Contains(s.Message(), "secret") {
			t.Errorf("the status tells the caller %q", s.Message())
		}
	}
	overloaded := status.Convert(statusOf(&claims.Error{Code: claims.CodeOverloaded, Reason: claims.ReasonOverloaded}))
	if !strings.Contains(overloaded.Proto().String(), "RetryInfo") {
		t.Error("an overloaded server does not say when to come back")
	}
}

func TestRequestIDIsReturnedAndLogged(t *testing.T) {
	var log bytes.Buffer
	d := &fakeDesk{ingest: func(context.Context, desk.IngestRequest) (desk.IngestResult, error) {
		panic("a bug")
	}}
	conn := serve(t, d, Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	client := secondsourcev1.NewDocumentServiceClient(conn)
	req := &secondsourcev1.IngestDocumentRequest{Document: &secondsourcev1.Document{Text: "It rained."}}

	var header metadata.MD
	_, err := client.IngestDocument(metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "mine-1"), req, grpc.Header(&header))
	want(t, err, codes.Internal, "INTERNAL")
	if got := header.Get("x-request-id"); len(got) != 1 || got[0] != "mine-1" {
		t.Errorf("request id in the header: %q", got)
	}
	if s := log.String(); !strings.Contains(s, "request_id=mine-1") || !strings.Contains(s, "panic: a bug") {
		t.Errorf("the log does not hold id and cause:\n%s", s)
	}
	_, _ = client.IngestDocument(metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "two words"), req, grpc.Header(&header))
	if got := header.Get("x-request-id"); len(got) != 1 || len(got[0]) != 16 {
		t.Errorf("an id that cannot stand in a log is replaced; got %q", got)
	}
}

// TestOverloadIsRetriedByGRPCItself: the answer has no headers of its own, or the
// mechanism would not send the call again; its id stands in the trailers.
func TestOverloadIsRetriedByGRPCItself(t *testing.T) {
	calls := 0
	d := &fakeDesk{ingest: func(context.Context, desk.IngestRequest) (desk.IngestResult, error) {
		if calls++; calls < 3 {
			return desk.IngestResult{}, &claims.Error{Code: claims.CodeOverloaded, Reason: claims.ReasonOverloaded}
		}
		return desk.IngestResult{}, nil
	}}
	const policy = `{"methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.001s", "maxBackoff": "0.001s",
		"backoffMultiplier": 1, "retryableStatusCodes": ["RESOURCE_EXHAUSTED"]}}]}`
	conn := serve(t, d, Config{}, grpc.WithDefaultServiceConfig(policy))
	req := &secondsourcev1.IngestDocumentRequest{Document: &secondsourcev1.Document{Text: "It rained."}}
	if _, err := secondsourcev1.NewDocumentServiceClient(conn).IngestDocument(t.Context(), req); err != nil || calls != 3 {
		t.Errorf("%d calls, error %v", calls, err)
	}
	calls = 0
	var header, trailer metadata.MD
	_, err := secondsourcev1.NewDocumentServiceClient(serve(t, d, Config{}, grpc.WithDisableRetry())).IngestDocument(
		metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "mine-1"), req, grpc.Header(&header), grpc.Trailer(&trailer))
	want(t, err, codes.ResourceExhausted, "OVERLOADED")
	if id := trailer.Get("x-request-id"); len(id) != 1 || id[0] != "mine-1" {
		t.Errorf("headers %v, trailers %v", header, trailer)
	}
}

func TestAStoreThatTakesNoWritesIsTold(t *testing.T) {
	for _, tt := range []struct {
		err  error
		says string
	}{
		{nil, ""},
		{&claims.Error{Code: claims.CodeReadOnly, Message: "the disk is full", Err: errors.New("secret path")}, "the disk is full"},
		{errors.New("a driver's words"), "the server's log has it under this request id"},
	} {
		conn := serve(t, &fakeDesk{writable: tt.err}, Config{Version: "v1"})
		info, err := secondsourcev1.NewServerServiceClient(conn).GetServerInfo(t.Context(), &secondsourcev1.GetServerInfoRequest{})
		if err != nil || info.GetStoreWritable() != (tt.err == nil) || info.GetStoreProblem() != tt.says {
			t.Errorf("%v: %v, error %v", tt.err, info, err)
		}
	}
}

func TestCallsHaveADeadline(t *testing.T) {
	d := &fakeDesk{ingest: func(ctx context.Context, _ desk.IngestRequest) (desk.IngestResult, error) {
		<-ctx.Done()
		return desk.IngestResult{}, ctx.Err()
	}}
	conn := serve(t, d, Config{Timeout: time.Millisecond})
	_, err := secondsourcev1.NewDocumentServiceClient(conn).IngestDocument(t.Context(),
		&secondsourcev1.IngestDocumentRequest{Document: &secondsourcev1.Document{Text: "It rained."}})
	want(t, err, codes.DeadlineExceeded, "DEADLINE_EXCEEDED")
}

func TestAStartingServerSaysSo(t *testing.T) {
	conn := serve(t, nil, Config{})
	health, err := healthpb.NewHealthClient(conn).Check(t.Context(), &healthpb.HealthCheckRequest{})
	if err != nil || health.GetStatus() != healthpb.HealthCheckResponse_NOT_SERVING {
		t.Errorf("health %v, %v", health, err)
	}
	_, err = secondsourcev1.NewSourceServiceClient(conn).GetSource(t.Context(), &secondsourcev1.GetSourceRequest{Name: "sources/x"})
	want(t, err, codes.Unavailable, "STARTING")
}

func TestPagesMeetWithoutGapOrOverlap(t *testing.T) {
	d := &fakeDesk{}
	for _, id := range []string{"e", "d", "c", "b", "a"} {
		d.documents = append(d.documents, claims.Document{ID: id, PublishedAt: time.Unix(int64(id[0]), 0)})
	}
	client := secondsourcev1.NewDocumentServiceClient(serve(t, d, Config{}))
	var got, sizes string
	req := &secondsourcev1.ListDocumentsRequest{PageSize: 2, Publisher: "RTA"}
	for {
		page, err := client.ListDocuments(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.GetDocuments() {
			got += strings.TrimPrefix(d.GetName(), "documents/")
		}
		sizes += string(rune('0' + len(page.GetDocuments())))
		if page.GetNextPageToken() == "" {
			break
		}
		req.PageToken = page.GetNextPageToken()
	}
	if got != "edcba" || sizes != "221" {
		t.Errorf("pages %q of sizes %q", got, sizes)
	}

	other := proto.CloneOf(req)
	other.Publisher = "another"
	_, err := client.ListDocuments(t.Context(), other)
	want(t, err, codes.InvalidArgument, claims.ReasonPageToken, "page_token")
	_, err = client.ListDocuments(t.Context(), &secondsourcev1.ListDocumentsRequest{PageToken: "page 2"})
	want(t, err, codes.InvalidArgument, claims.ReasonPageToken, "page_token")
	req.PageSize = 1
	if _, err = client.ListDocuments(t.Context(), req); err != nil {
		t.Errorf("a token is good for another page size: %v", err)
	}
}

func TestUpdateMaskNamesTheDomainsFields(t *testing.T) {
	var fields []string
	d := &fakeDesk{update: func(s claims.Source, f []string) (claims.Source, error) { fields = f; return s, nil }}
	client := secondsourcev1.NewSourceServiceClient(serve(t, d, Config{}))
	source := &secondsourcev1.Source{Name: "sources/mid", CanonicalName: "Foreign Ministry", SpeaksFor: "sources/gov"}
	answer, err := client.UpdateSource(t.Context(), &secondsourcev1.UpdateSourceRequest{
		Source: source, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"canonical_name", "speaks_for"}}})
	if err != nil || strings.Join(fields, " ") != "name speaks_for" {
		t.Fatalf("fields %q, %v", fields, err)
	}
	if got := answer.GetSource(); got.GetName() != source.GetName() || got.GetSpeaksFor() != source.GetSpeaksFor() {
		t.Errorf("got %v", got)
	}
}
