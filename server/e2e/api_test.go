package e2e_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/mem"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/auth"
)

const damBroke = "ZENDA, March 3 - The Zenda dam broke on Tuesday, the Interior Ministry said. Twelve people were killed, the ministry said."

// rawCodec sends bytes that no Go client would make.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }
func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.([]byte))}, nil
}
func (rawCodec) Unmarshal(mem.BufferSlice, any) error { return nil }

func TestEachBadInputHasItsOwnStatus(t *testing.T) {
	h := start(t)
	ctx := t.Context()
	send := func(requestID string, d *secondsourcev1.Document) error {
		_, err := h.IngestDocument(ctx, &secondsourcev1.IngestDocumentRequest{RequestId: requestID, Document: d})
		return err
	}
	t.Run("text that is not UTF-8", func(t *testing.T) {
		text := protowire.AppendString(protowire.AppendTag(nil, 17, protowire.BytesType), "The caf\xe9 burned.")
		body := protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), text)
		err := h.Conn().Invoke(ctx, secondsourcev1.DocumentService_IngestDocument_FullMethodName, body, nil, grpc.ForceCodecV2(rawCodec{}))
		refused(t, err, codes.InvalidArgument, "INVALID_UTF8", "document.text: is not valid UTF-8 at byte 7")
	})
	t.Run("empty text", func(t *testing.T) {
		refused(t, send("", &secondsourcev1.Document{}), codes.InvalidArgument, "EMPTY_TEXT", "document.text")
	})
	t.Run("blank text", func(t *testing.T) {
		refused(t, send("", &secondsourcev1.Document{Text: " \n\t "}), codes.InvalidArgument, "EMPTY_TEXT", "document.text")
	})
	t.Run("text over 2 MiB", func(t *testing.T) {
		refused(t, send("", &secondsourcev1.Document{Text: strings.Repeat("a", 3<<20)}), codes.InvalidArgument, "TEXT_TOO_LARGE",
			"document.text: is 3145728 bytes; the limit is 2097152 bytes")
	})
	t.Run("message over 16 MiB", func(t *testing.T) {
		_, err := h.IngestDocument(ctx, &secondsourcev1.IngestDocumentRequest{Document: &secondsourcev1.Document{Text: strings.Repeat("a", 17<<20)}},
			grpc.MaxCallSendMsgSize(32<<20), grpc.WaitForReady(false))
		refused(t, err, codes.ResourceExhausted, "", "larger than max")
	})
	t.Run("page token of nobody's", func(t *testing.T) {
		_, err := h.ListDocuments(ctx, &secondsourcev1.ListDocumentsRequest{PageToken: "2"})
		refused(t, err, codes.InvalidArgument, "PAGE_TOKEN_INVALID", "page_token")
	})
	t.Run("unknown document", func(t *testing.T) {
		_, err := h.GetDocument(ctx, &secondsourcev1.GetDocumentRequest{Name: "documents/nowhere"})
		refused(t, err, codes.NotFound, "DOCUMENT_NOT_FOUND", "nowhere")
	})
	t.Run("unknown source", func(t *testing.T) {
		_, err := h.GetSource(ctx, &secondsourcev1.GetSourceRequest{Name: "sources/nobody"})
		refused(t, err, codes.NotFound, "SOURCE_NOT_FOUND", "nobody")
	})
	t.Run("name of another kind", func(t *testing.T) {
		_, err := h.GetDocument(ctx, &secondsourcev1.GetDocumentRequest{Name: "sources/nobody"})
		refused(t, err, codes.InvalidArgument, "INVALID_FIELD", "name: must have the form documents/{id}, the id of 1 to 64 characters of a-z, 0-9 and -")
	})
	t.Run("unknown claim", func(t *testing.T) {
		_, err := h.GetClaim(ctx, &secondsourcev1.GetClaimRequest{Name: "documents/nowhere/claims/1"})
		refused(t, err, codes.NotFound, "CLAIM_NOT_FOUND", "nowhere")
		_, err = h.Corroborate(ctx, &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_Claim{Claim: "documents/nowhere/claims/1"}})
		refused(t, err, codes.NotFound, "CLAIM_NOT_FOUND", "nowhere")
	})
	t.Run("request id used for something else", func(t *testing.T) {
		if err := send("once", article("The Courier", "2026-03-03", damBroke)); err != nil {
			t.Fatal(err)
		}
		refused(t, send("once", article("The Courier", "2026-03-03", "The dam holds.")), codes.AlreadyExists, "REQUEST_ID_REUSED", "once")
	})
	t.Run("source taken", func(t *testing.T) {
		create := &secondsourcev1.CreateSourceRequest{SourceId: "rta", Source: &secondsourcev1.Source{CanonicalName: "RTA"}}
		if _, err := h.CreateSource(ctx, create); err != nil {
			t.Fatal(err)
		}
		_, err := h.CreateSource(ctx, create)
		refused(t, err, codes.AlreadyExists, "SOURCE_EXISTS", "rta")
	})
	t.Run("stale revision", func(t *testing.T) {
		_, err := h.UpdateSource(ctx, &secondsourcev1.UpdateSourceRequest{Source: &secondsourcev1.Source{Name: "sources/rta", CanonicalName: "RTA", Revision: 99}})
		refused(t, err, codes.Aborted, "STALE_REVISION", "revision 1")
	})
}

func TestTheTokenIsAskedFor(t *testing.T) {
	token, err := auth.NewToken("correct-horse-battery")
	if err != nil {
		t.Fatal(err)
	}
	c := server.Config{Database: filepath.Join(t.TempDir(), "e2e.db"), Gate: &auth.Gate{Token: token}}
	h := startWith(t, c) // health needs no token
	_, err = h.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{})
	refused(t, err, codes.Unauthenticated, "TOKEN_MISSING", "")
	stream, err := reflectionpb.NewServerReflectionClient(h.Conn()).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = stream.Recv(); err == nil {
		t.Error("reflection is open")
	}
	h.stop()
	h = startWith(t, c, client.WithToken("correct-horse-battery"))
	if _, err := h.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{}); err != nil {
		t.Error(err)
	}
}

func TestIngestingTwiceChangesNothing(t *testing.T) {
	c := server.Config{Database: filepath.Join(t.TempDir(), "e2e.db")}
	h := startWith(t, c)
	d := article("The Courier", "2026-03-03", damBroke)
	first := h.ingest(t, d)
	if first.GetOutcome() != secondsourcev1.IngestOutcome_INGEST_OUTCOME_CREATED || len(first.GetClaims()) == 0 {
		t.Fatalf("got %v with %d claims", first.GetOutcome(), len(first.GetClaims()))
	}
	for _, claim := range first.GetClaims() {
		for _, e := range claim.GetEvidence() {
			if s := e.GetSpan(); damBroke[s.GetStart():s.GetEnd()] != e.GetText() {
				t.Errorf("%s: %q does not stand at its span", claim.GetName(), e.GetText())
			}
		}
	}
	h.stop()
	h = startWith(t, c) // and the same after a restart
	again := h.ingest(t, d)
	if again.GetOutcome() != secondsourcev1.IngestOutcome_INGEST_OUTCOME_UNCHANGED || again.GetDocument().GetName() != first.GetDocument().GetName() {
		t.Errorf("got %v of %s", again.GetOutcome(), again.GetDocument().GetName())
	}
	if len(again.GetClaims()) != len(first.GetClaims()) {
		t.Errorf("%d claims, then %d", len(first.GetClaims()), len(again.GetClaims()))
	}
	stored, err := h.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: first.GetDocument().GetName()})
	if err != nil || stored.GetDocument().GetText() != damBroke {
		t.Errorf("the text came back as %q, %v", stored.GetDocument().GetText(), err)
	}
}

func TestVersionsAndCopies(t *testing.T) {
	h := start(t)
	d := article("The Courier", "2026-03-03", damBroke)
	d.Url = "https://courier.example/dam"
	first := h.ingest(t, d)

	corrected := proto.CloneOf(d)
	corrected.Text = strings.Replace(damBroke, "Twelve", "Fourteen", 1)
	corrected.PublishedAt = timestamppb.New(d.GetPublishedAt().AsTime().AddDate(0, 0, 1))
	second := h.ingest(t, corrected)
	if second.GetOutcome() != secondsourcev1.IngestOutcome_INGEST_OUTCOME_NEW_VERSION || second.GetDocument().GetPrevious() != first.GetDocument().GetName() {
		t.Errorf("got %v after %s", second.GetOutcome(), second.GetDocument().GetPrevious())
	}

	copied := h.ingest(t, article("The Herald", "2026-03-05", damBroke))
	if copied.GetOutcome() != secondsourcev1.IngestOutcome_INGEST_OUTCOME_CREATED || len(copied.GetDocument().GetCopies()) == 0 {
		t.Errorf("the same text from another publisher is another document and a copy; got %v with copies %v",
			copied.GetOutcome(), copied.GetDocument().GetCopies())
	}
}

func TestListingsPage(t *testing.T) {
	h := start(t)
	for i := range 5 {
		h.ingest(t, article("The Courier", fmt.Sprintf("2026-03-%02d", i+1), fmt.Sprintf("Dam number %d broke in Zenda.", i+1)))
	}
	var days []int
	for d, err := range h.AllDocuments(t.Context(), &secondsourcev1.ListDocumentsRequest{PageSize: 2}) {
		if err != nil {
			t.Fatal(err)
		}
		days = append(days, d.GetPublishedAt().AsTime().Day())
	}
	if fmt.Sprint(days) != "[5 4 3 2 1]" {
		t.Errorf("documents of days %v, want the last published first", days)
	}
	claims := map[string]bool{}
	for c, err := range h.AllClaims(t.Context(), &secondsourcev1.ListClaimsRequest{PageSize: 2}) {
		if err != nil {
			t.Fatal(err)
		}
		if claims[c.GetName()] {
			t.Errorf("%s came twice", c.GetName())
		}
		claims[c.GetName()] = true
	}
	if len(claims) < 5 {
		t.Errorf("%d claims of five documents", len(claims))
	}
}

func TestManyCallersAskWhileDocumentsComeIn(t *testing.T) {
	h := start(t)
	const callers, questions, documents = 64, 4, 40
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			for range questions {
				_, err := h.Corroborate(t.Context(), &secondsourcev1.CorroborateRequest{
					Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: "The Zenda dam broke on 3 March 2026"}})
				if err != nil {
					t.Errorf("caller %d: %v", caller, err)
					return
				}
			}
		})
	}
	for i := range documents {
		group.Go(func() {
			d := article(fmt.Sprintf("Outlet %d", i), "2026-03-03", damBroke+fmt.Sprintf(" Our reporter counted %d boats.", i+2))
			if _, err := h.IngestDocument(t.Context(), &secondsourcev1.IngestDocumentRequest{Document: d}); err != nil {
				t.Errorf("document %d: %v", i, err)
			}
		})
	}
	group.Wait()
}

func TestReflectionShowsEveryMethod(t *testing.T) {
	h := start(t)
	stream, err := reflectionpb.NewServerReflectionClient(h.Conn()).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(req *reflectionpb.ServerReflectionRequest) *reflectionpb.ServerReflectionResponse {
		t.Helper()
		if err := stream.Send(req); err != nil {
			t.Fatal(err)
		}
		answer, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	listed := map[string]bool{}
	for _, s := range ask(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{}}).GetListServicesResponse().GetService() {
		listed[s.GetName()] = true
	}
	for _, want := range []grpc.ServiceDesc{secondsourcev1.SourceService_ServiceDesc, secondsourcev1.DocumentService_ServiceDesc,
		secondsourcev1.ClaimService_ServiceDesc, secondsourcev1.CorroborationService_ServiceDesc} {
		if !listed[want.ServiceName] {
			t.Errorf("%s is not listed", want.ServiceName)
		}
		files := ask(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_FileContainingSymbol{
			FileContainingSymbol: want.ServiceName}}).GetFileDescriptorResponse().GetFileDescriptorProto()
		shown := map[string]bool{}
		for _, raw := range files {
			var file descriptorpb.FileDescriptorProto
			if err := proto.Unmarshal(raw, &file); err != nil {
				t.Fatal(err)
			}
			for _, s := range file.GetService() {
				for _, m := range s.GetMethod() {
					shown[m.GetName()] = true
				}
			}
		}
		for _, m := range want.Methods {
			if !shown[m.MethodName] {
				t.Errorf("%s.%s is not shown", want.ServiceName, m.MethodName)
			}
		}
	}
	if !listed["grpc.health.v1.Health"] {
		t.Error("health is not listed")
	}
}

// TestAStoredClaimIsQuotedFromItsDocument: asked by its name, its words are those at
// its spans.
func TestAStoredClaimIsQuotedFromItsDocument(t *testing.T) {
	t.Parallel()
	h := start(t)
	const text = "Ferries were late on Tuesday. Engineer Tor Bakke closed the Zenda dam, the Water Board said."
	stored, err := h.IngestDocument(t.Context(), &secondsourcev1.IngestDocumentRequest{Document: &secondsourcev1.Document{
		Kind: secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE, Publisher: "The Courier", Text: text}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range stored.GetClaims() {
		res, err := h.Corroborate(t.Context(), &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_Claim{Claim: c.GetName()}})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range res.GetCorroboration().GetClaims() {
			for _, e := range x.GetEvidence() {
				if want := text[e.GetSpan().GetStart():e.GetSpan().GetEnd()]; e.GetText() != "" && e.GetText() != want {
					t.Errorf("%s: %q at the span of %q", c.GetName(), e.GetText(), want)
				}
			}
		}
	}
}
