package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/prototext"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// fakeServer keeps what it is sent and answers with what a test puts in.
type fakeServer struct {
	secondsourcev1.UnimplementedDocumentServiceServer
	secondsourcev1.UnimplementedSourceServiceServer
	secondsourcev1.UnimplementedCorroborationServiceServer
	secondsourcev1.UnimplementedExportServiceServer

	mu       sync.Mutex
	ingested map[string]*secondsourcev1.Document // by external id
	sources  map[string]*secondsourcev1.Source   // by name
	asked    *secondsourcev1.CorroborateRequest
	answer   *secondsourcev1.Corroboration
	deleted  []*secondsourcev1.DeleteDocumentRequest

	batches  []int // sizes
	draft    *secondsourcev1.Document
	check    *secondsourcev1.CheckDraftResponse
	watched  []*secondsourcev1.WatchRequest
	events   []*secondsourcev1.WatchResponse
	exported *secondsourcev1.ExportClaimsRequest

	editorial *fakeEditorial // nil: no such service
}

func (f *fakeServer) IngestDocument(_ context.Context, req *secondsourcev1.IngestDocumentRequest) (*secondsourcev1.IngestDocumentResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := req.GetDocument()
	if d.GetText() == "" {
		return nil, status.Error(codes.InvalidArgument, "the request is not valid; document.text: is empty; a document needs a text")
	}
	f.ingested[d.GetExternalId()] = d
	return &secondsourcev1.IngestDocumentResponse{Document: &secondsourcev1.Document{Name: "documents/" + d.GetExternalId()},
		Outcome: secondsourcev1.IngestOutcome_INGEST_OUTCOME_CREATED, Claims: []*secondsourcev1.Claim{{}}}, nil
}

func (f *fakeServer) StreamIngest(s grpc.BidiStreamingServer[secondsourcev1.StreamIngestRequest, secondsourcev1.StreamIngestResponse]) error {
	for n := int64(1); ; n++ {
		req, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		answer := &secondsourcev1.StreamIngestResponse{ItemId: req.GetItemId(), ItemNumber: n}
		stored, err := f.IngestDocument(s.Context(), &secondsourcev1.IngestDocumentRequest{RequestId: req.GetRequestId(), Document: req.GetDocument()})
		if err != nil {
			answer.Result = &secondsourcev1.StreamIngestResponse_Error{Error: status.Convert(err).Proto()}
		} else {
			answer.Result = &secondsourcev1.StreamIngestResponse_Ingested{Ingested: &secondsourcev1.IngestedItem{
				Document: stored.GetDocument(), Outcome: stored.GetOutcome(), ClaimCount: int32(len(stored.GetClaims()))}}
		}
		if err := s.Send(answer); err != nil {
			return err
		}
	}
}

func (f *fakeServer) CorrectDocument(_ context.Context, req *secondsourcev1.CorrectDocumentRequest) (*secondsourcev1.CorrectDocumentResponse, error) {
	f.ingested[req.GetName()] = req.GetDocument()
	return &secondsourcev1.CorrectDocumentResponse{Outcome: secondsourcev1.IngestOutcome_INGEST_OUTCOME_NEW_VERSION,
		Document: &secondsourcev1.Document{Name: "documents/new", Version: 2, Status: secondsourcev1.DocumentStatus_DOCUMENT_STATUS_CORRECTED,
			EmbargoedUntil: req.GetDocument().GetEmbargoedUntil()}}, nil
}

func (f *fakeServer) RetractDocument(_ context.Context, req *secondsourcev1.RetractDocumentRequest) (*secondsourcev1.RetractDocumentResponse, error) {
	f.ingested[req.GetName()] = &secondsourcev1.Document{Text: req.GetNotice(), PublishedAt: req.GetRetractedAt()}
	return &secondsourcev1.RetractDocumentResponse{Outcome: secondsourcev1.IngestOutcome_INGEST_OUTCOME_NEW_VERSION,
		Document: &secondsourcev1.Document{Name: "documents/new", Version: 3, Status: secondsourcev1.DocumentStatus_DOCUMENT_STATUS_RETRACTED}}, nil
}

func (f *fakeServer) CreateSource(_ context.Context, req *secondsourcev1.CreateSourceRequest) (*secondsourcev1.CreateSourceResponse, error) {
	name := "sources/" + req.GetSourceId()
	if f.sources[name] != nil {
		return nil, status.Error(codes.AlreadyExists, "taken")
	}
	f.sources[name] = req.GetSource()
	return &secondsourcev1.CreateSourceResponse{Source: req.GetSource()}, nil
}

func (f *fakeServer) GetSource(_ context.Context, req *secondsourcev1.GetSourceRequest) (*secondsourcev1.GetSourceResponse, error) {
	if s := f.sources[req.GetName()]; s != nil {
		return &secondsourcev1.GetSourceResponse{Source: s}, nil
	}
	return nil, status.Error(codes.NotFound, "unknown")
}

func (f *fakeServer) UpdateSource(_ context.Context, req *secondsourcev1.UpdateSourceRequest) (*secondsourcev1.UpdateSourceResponse, error) {
	s := f.sources[req.GetSource().GetName()]
	if req.GetUpdateMask().GetPaths()[0] == "controlled_by" {
		s.ControlledBy = req.GetSource().GetControlledBy()
	}
	return &secondsourcev1.UpdateSourceResponse{Source: s}, nil
}

func (f *fakeServer) Corroborate(_ context.Context, req *secondsourcev1.CorroborateRequest) (*secondsourcev1.CorroborateResponse, error) {
	f.asked = req
	return &secondsourcev1.CorroborateResponse{Corroboration: f.answer}, nil
}

// execute runs the command line against the fake.
func (f *fakeServer) execute(t *testing.T, stdin string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	if f.ingested == nil {
		f.ingested, f.sources = map[string]*secondsourcev1.Document{}, map[string]*secondsourcev1.Source{}
	}
	listener := bufconn.Listen(1 << 16)
	server := grpc.NewServer()
	secondsourcev1.RegisterDocumentServiceServer(server, f)
	secondsourcev1.RegisterSourceServiceServer(server, f)
	secondsourcev1.RegisterCorroborationServiceServer(server, f)
	registerEditorial(server, f.editorial)
	secondsourcev1.RegisterExportServiceServer(server, f)
	go func() { _ = server.Serve(listener) }()
	defer server.Stop()
	var out, errs bytes.Buffer
	a := &app{stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs, getenv: func(string) string { return "" },
		dial: func(_ string, opts ...client.Option) (*client.Client, error) {
			return client.Dial("passthrough:///memory", append(opts, client.WithDialOptions(grpc.WithContextDialer(
				func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) })))...)
		}}
	cmd := a.command()
	cmd.SetArgs(args)
	err = cmd.ExecuteContext(t.Context())
	return out.String(), errs.String(), err
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestIngestReportsBadItemsAndGoesOn(t *testing.T) {
	path := write(t, "feed.jsonl", `{"id": "a", "kind": "ARTICLE", "publisher": "rta", "published_at": "2026-03-07T09:30:00Z", "text": "One."}
{"id": "b", "text": ""}

{"id": "c", "tilte": "a slip", "text": "Three."}
{"external_id": "d", "kind": "DOCUMENT_KIND_X_POST", "text": "caf`+"\xe9"+`"}
{"external_id": "e", "publishedAt": "2026-03-07T09:30:00Z", "text": "Five."}
`)
	f := &fakeServer{}
	stdout, stderr, err := f.execute(t, "", "ingest", "--publisher", "The Courier", path)
	if !errors.Is(err, errReported) {
		t.Errorf("got %v", err)
	}
	if len(f.ingested) != 2 || f.ingested["a"].GetKind() != secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE {
		t.Errorf("got %v", f.ingested)
	}
	if f.ingested["a"].GetPublisher() != "rta" || f.ingested["e"].GetPublisher() != "The Courier" {
		t.Error("flags fill what a document does not say, and only that")
	}
	for _, want := range []string{":2: ", "a document needs a text", ":4: ", `"tilte"`, ":5: is not valid UTF-8: byte 0xe9 at offset 65", "3 of 5 items failed"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("no %q in\n%s", want, stderr)
		}
	}
	if strings.Count(stdout, "created") != 2 || strings.Index(stdout, "documents/a") > strings.Index(stdout, "documents/e") {
		t.Errorf("results do not stand in the order of the file:\n%s", stdout)
	}
}

func TestIngestReadsTextFromStandardInputAndListsInObjects(t *testing.T) {
	f := &fakeServer{}
	if _, _, err := f.execute(t, "It rained.", "ingest", "--kind", "agency-item", "--external-id", "x", "--published-at", "2026-03-07", "-"); err != nil {
		t.Fatal(err)
	}
	if d := f.ingested["x"]; d.GetText() != "It rained." || d.GetPublishedAt().AsTime().Day() != 7 {
		t.Errorf("got %v", d)
	}
	path := write(t, "scenario.json", "\ufeff"+`{"sources": [], "documents": [{"id": "d1", "text": "One."}, {"id": "d2", "text": "Two."}]}`)
	if _, _, err := f.execute(t, "", "ingest", path); err != nil || len(f.ingested) != 3 {
		t.Errorf("%v, %d documents", err, len(f.ingested))
	}
}

func TestSlipsAreNamedInPlainWords(t *testing.T) {
	text := write(t, "dam.txt", "The dam broke.")
	lines := write(t, "feed.jsonl", `"hello"
{"text": "cut of
{"text": "The dam broke.", "published_at": "4 May 2026"}
{"id": "day", "text": "The dam broke.", "published_at": "2026-05-04"}
`)
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"ingest", "nowhere.txt"}, "nowhere.txt: no such file or directory\n"},
		{[]string{"ingest", t.TempDir()}, "holds no file to ingest"},
		{[]string{"ingest"}, "name a FILE or a FOLDER to ingest"},
		{[]string{"ingest", "--published-at", "04/05/2026", text, text}, `--published-at: "04/05/2026" is neither a date like 2026-03-07`},
		{[]string{"ingest", "--kind", "blog", text}, `--kind: there is no kind of document "blog"`},
		{[]string{"ingest", "--format", "morse", text}, `--format: "morse" is none of documents, rss, atom`},
		{[]string{"ingest", lines}, ":1: is not a JSON object\n"},
		{[]string{"ingest", lines}, ":2: is not JSON: "},
		{[]string{"ingest", lines}, `:3: published_at: "4 May 2026" is neither a date`},
		{[]string{"ingest", lines}, "3 of 4 items failed"},
		{[]string{"corroborate"}, "give one claim, in quotes"},
		{[]string{"corroborate", "A", "dam", "broke"}, "give one claim, in quotes"},
		{[]string{"corroborate", "documents/x"}, "documents/x is a document: name one of its claims"},
		{[]string{"claims", "documents/x/claims/1"}, "documents/x/claims/1 is a claim"},
		{[]string{"documents", "--limit", "-1"}, "--limit: -1 is less than 0"},
		{[]string{"documents", "d1", "--latest"}, "--latest is for a list of documents, not for one"},
		{[]string{"documents", "--publisher", "Caf\xe9"}, `--publisher: "Caf\xe9" is not valid UTF-8`},
		{[]string{"corroborate", "The dam broke", "--source", "rta", "--source", "Caf\xe9"}, `--source: "Caf\xe9" is not valid UTF-8`},
		{[]string{"corroborate", "The Caf\xe9 burned"}, `"The Caf\xe9 burned" is not valid UTF-8`},
		{[]string{"documents", "-o", "yaml"}, `"yaml" is neither table nor json`},
		{[]string{"sources", "import", text}, "sources are read from .json and .jsonl files"},
	} {
		f := &fakeServer{}
		stdout, stderr, err := f.execute(t, "", tt.args...)
		if err == nil || !strings.Contains(stderr+err.Error(), tt.says) {
			t.Errorf("%q: no %q in\n%s%v", tt.args, tt.says, stderr, err)
		}
		if strings.Contains(stdout, "SOURCE") {
			t.Errorf("%q: a table of nothing:\n%s", tt.args, stdout)
		}
		if d := f.ingested["day"]; d != nil && d.GetPublishedAt().AsTime().Day() != 4 {
			t.Errorf("a date in JSON became %v", d.GetPublishedAt().AsTime())
		}
	}
}

func TestNobodyIsWaitedForWhenNoServerAnswers(t *testing.T) {
	path := write(t, "feed.jsonl", strings.Repeat("{\"text\": \"The dam broke.\"}\n", 200))
	refused := errors.New("connection refused")
	for _, args := range [][]string{{"documents"}, {"ingest", path}} {
		var out, errs bytes.Buffer
		a := &app{stdout: &out, stderr: &errs, getenv: func(string) string { return "" },
			dial: func(_ string, opts ...client.Option) (*client.Client, error) {
				return client.Dial("passthrough:///nobody", append(opts, client.WithDialOptions(grpc.WithContextDialer(
					func(context.Context, string) (net.Conn, error) { return nil, refused })))...)
			}}
		cmd := a.command()
		cmd.SetArgs(args)
		err := cmd.ExecuteContext(t.Context())
		if err == nil || !strings.Contains(err.Error(), "no server answers at passthrough:///nobody") || !strings.Contains(err.Error(), "start one with secondsourced") ||
			strings.Contains(err.Error(), "retries") {
			t.Errorf("%q: %v", args, err)
		}
		if errs.Len() > 0 {
			t.Errorf("%q: one fault is reported for each item:\n%s", args, errs.String())
		}
	}
}

func TestSourcesImportTakesTheShortFormInAnyOrder(t *testing.T) {
	path := write(t, "sources.json", `[
 {"id": "rta", "name": "Ruritanian Telegraph Agency", "kind": "AGENCY", "aliases": ["RTA", "@rta"], "controlled_by": "gov", "reliability": "b"},
 {"id": "gov", "name": "Government of Ruritania", "controlled_by": "crown"}]`)
	f := &fakeServer{}
	_, stderr, err := f.execute(t, "", "sources", "import", path)
	if err != nil {
		t.Fatal(err)
	}
	rta := f.sources["sources/rta"]
	if rta.GetReliability() != secondsourcev1.Reliability_RELIABILITY_B || rta.GetHandles()[0].GetHandle() != "@rta" || rta.GetAliases()[0].GetName() != "RTA" || rta.GetControlledBy()[0].GetSource() != "sources/gov" {
		t.Errorf("got %v", rta)
	}
	if f.sources["sources/crown"] == nil || !strings.Contains(stderr, "sources/crown") {
		t.Errorf("a controller that nobody describes is registered and reported: %q", stderr)
	}
	if _, _, err := f.execute(t, "", "sources", "import", path); err != nil {
		t.Errorf("importing again: %v", err)
	}
}

func TestCorroborateReadsLikeAnAnswer(t *testing.T) {
	f := &fakeServer{answer: &secondsourcev1.Corroboration{}}
	const text = `
verdict: VERDICT_SINGLE_ORIGIN claim_text: "The Zenda dam broke." independent_origins_min: 1 independent_origins_max: 2 min_origins: 2
disclaimer: "It does not say what is true."
origins { display_name: "Interior Ministry" stance: STANCE_SUPPORTS identified: true why: "It puts its name to it."
  evidence {
    document { name: "documents/d1" publisher: "Courier" published_at { seconds: 1772872200 } }
    claim { name: "documents/d1/claims/1" attribution { hops { canonical_name: "Courier" } hops { medium: MEDIUM_FEED } hops { canonical_name: "Interior Ministry" } } }
    excerpt { span { start: 4 end: 19 } text: "Zenda dam broke" } passage { span { end: 43 } text: "The Zenda dam broke, the ministry said here" }
    relation { kind: RELATION_KIND_EQUIVALENT score: 0.9 } }
  evidence {
    document { name: "documents/d2" publisher: "Herald" }
    claim { name: "documents/d2/claims/1" attribution { hops { canonical_name: "Herald" } hops { canonical_name: "Interior Ministry" } } }
    excerpt { span { start: 0 end: 9 } text: "dam broke" } relation { kind: RELATION_KIND_ENTAILS score: 0.5 } } }
merges { origin: "Interior Ministry" reason: MERGE_REASON_ATTRIBUTION detail: "Courier relays it." }
unmeasured { detail: "The feed is not named." document: "documents/d1" }`
	if err := prototext.Unmarshal([]byte(text), f.answer); err != nil {
		t.Fatal(err)
	}
	got, _, err := f.execute(t, "", "corroborate", "The Zenda dam broke", "--as-of", "2026-03-08", "--source", "rta", "--source", "Smith, Jones", "--min-origins", "2")
	if err != nil {
		t.Fatal(err)
	}
	if f.asked.GetAsOfPublished().AsTime().Day() != 8 || !slices.Equal(f.asked.GetSources(), []string{"rta", "Smith, Jones"}) {
		t.Errorf("asked %v", f.asked)
	}
	const want = `SINGLE ORIGIN
  “The Zenda dam broke.”
  One independent origin stands behind it (2 at most); nobody denies it.
  Asked for: 2 origins: not met.

1. Interior Ministry  supports; counts
   It puts its name to it.
   ├─ Courier ← an unnamed feed
   │     The »Zenda dam broke«, the ministry said here
   │     Courier · 2026-03-07 08:30 · documents/d1/claims/1 [4:19] · equivalent 0.90
   └─ Herald
         »dam broke«
         Herald · undated · documents/d2/claims/1 [0:9] · entails 0.50

Counted as one
  - Interior Ministry (attribution): Courier relays it.

Not measured
  - The feed is not named. documents/d1

It does not say what is true.
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	asJSON, _, err := f.execute(t, "", "corroborate", "documents/d1/claims/1", "-o", "json")
	var answer secondsourcev1.CorroborateResponse
	if err != nil || protojson.Unmarshal([]byte(asJSON), &answer) != nil || answer.GetCorroboration().GetVerdict() != f.answer.GetVerdict() {
		t.Errorf("JSON does not read back: %v\n%s", err, asJSON)
	}
	if !strings.Contains(asJSON, `"independent_origins_min"`) || f.asked.GetClaim() != "documents/d1/claims/1" {
		t.Errorf("asked %v, got %s", f.asked, asJSON)
	}
}

func TestFoldBreaksBetweenWordsAndMarksTakeNoWidth(t *testing.T) {
	long := string(markOn) + strings.Repeat("wörd ", 40) + string(markOff)
	for _, line := range fold(long, 10) {
		if n := len([]rune(strings.Trim(line, "\x01\x02"))); n > lineWidth-10 {
			t.Errorf("%d characters: %q", n, line)
		}
	}
	if got := (style{escapes: true}).finish("a \x01b\x02"); got != "a \x1b[1;4mb\x1b[0m" {
		t.Errorf("got %q", got)
	}
}
