package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/auth"
	"github.com/secondsource/secondsource/server/rpc"
)

// web is the API as JSON over HTTP.
type web struct {
	base   string
	header http.Header
}

// startHTTP runs a server that answers over HTTP too.
func startHTTP(t *testing.T, c server.Config) (*house, *web) {
	t.Helper()
	var err error
	if c.HTTP.Listener, err = new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	base := "http://" + c.HTTP.Listener.Addr().String()
	return startWith(t, c), &web{base: base, header: http.Header{"Content-Type": {"application/json"}}}
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request; body "" sends none.
func (w *web) do(t *testing.T, method, path, body string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = w.header.Clone()
	if body == "" {
		req.Header.Del("Content-Type")
	}
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, raw}
}

// rpcError is google.rpc.Status as JSON.
type rpcError struct {
	Code    codes.Code
	Message string
	Details []struct {
		Type            string `json:"@type"`
		Reason          string
		FieldViolations []struct{ Field, Description string } `json:"field_violations"`
	}
}

// problem reads an answer that is an error.
func (r reply) problem(t *testing.T) (e rpcError, reason string) {
	t.Helper()
	if err := json.Unmarshal(r.body, &e); err != nil {
		t.Fatalf("%d %s: %v", r.status, r.body, err)
	}
	for _, d := range e.Details {
		if d.Type == "type.googleapis.com/google.rpc.ErrorInfo" {
			reason = d.Reason
		}
	}
	return e, reason
}

// into reads an answer that is a message.
func (r reply) into(t *testing.T, m proto.Message) {
	t.Helper()
	if r.status != http.StatusOK {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if err := protojson.Unmarshal(r.body, m); err != nil {
		t.Fatal(err)
	}
}

// seen notes which methods are called and lets none of them go further.
type seen struct {
	mu      sync.Mutex
	methods []string
}

func (s *seen) note(method string) error {
	if strings.HasPrefix(method, "/grpc.health.") {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.methods = append(s.methods, method)
	return status.Error(codes.Aborted, "seen")
}

func (s *seen) config() rpc.Config {
	return rpc.Config{
		Unary: []grpc.UnaryServerInterceptor{func(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
			if err := s.note(info.FullMethod); err != nil {
				return nil, err
			}
			return next(ctx, req)
		}},
		Stream: []grpc.StreamServerInterceptor{func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
			if err := s.note(info.FullMethod); err != nil {
				return err
			}
			return next(srv, stream)
		}},
	}
}

// Every call of the API but those in which the caller streams is in the OpenAPI
// document and answers where that says. Who adds a call adds its path to
// proto/http.yaml.
func TestEveryCallIsReachedByHTTP(t *testing.T) {
	t.Parallel()
	calls := &seen{}
	_, w := startHTTP(t, server.Config{Database: database(t), RPC: calls.config()})
	var openAPI struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		}
	}
	if err := json.Unmarshal(w.do(t, http.MethodGet, "/openapi.json", "").body, &openAPI); err != nil {
		t.Fatal(err)
	}
	reached := map[string]bool{}
	variable := regexp.MustCompile(`\{[a-z_.]+\}`)
	again := regexp.MustCompile(`[0-9]+$`) // Corroborate2 is a second way to Corroborate
	for path, operations := range openAPI.Paths {
		for method, o := range operations {
			service, call, _ := strings.Cut(o.OperationID, "_")
			want := "/secondsource.v1." + service + "/" + again.ReplaceAllString(call, "")
			calls.methods = nil
			body := ""
			if method == "post" || method == "patch" {
				body = "{}"
			}
			r := w.do(t, strings.ToUpper(method), variable.ReplaceAllString(path, "1"), body)
			if len(calls.methods) != 1 || calls.methods[0] != want {
				t.Errorf("%s %s: calls %v, want %s; %d %s", method, path, calls.methods, want, r.status, r.body)
			}
			reached[want] = true
		}
	}
	protoregistry.GlobalFiles.RangeFilesByPackage("secondsource.v1", func(f protoreflect.FileDescriptor) bool {
		for i := range f.Services().Len() {
			for k := range f.Services().Get(i).Methods().Len() {
				m := f.Services().Get(i).Methods().Get(k)
				name := fmt.Sprintf("/%s/%s", m.Parent().FullName(), m.Name())
				if reached[name] == m.IsStreamingClient() {
					t.Errorf("%s: reached by HTTP %t, the caller streams %t: see proto/http.yaml", name, reached[name], m.IsStreamingClient())
				}
			}
		}
		return true
	})
}

// A document goes in and a question is answered as over gRPC.
func TestJSONThereAndBack(t *testing.T) {
	t.Parallel()
	h, w := startHTTP(t, server.Config{Database: database(t)})
	stored := &secondsourcev1.IngestDocumentResponse{}
	w.do(t, http.MethodPost, "/v1/documents", `{"document": {"kind": "DOCUMENT_KIND_ARTICLE", "publisher": "The Courier",
		"published_at": "2026-03-03T12:00:00Z", "text": "Engineer Tor Bakke closed the Zenda dam."}}`).into(t, stored)
	w.do(t, http.MethodPost, "/v1/documents", `{"document": {"kind": "DOCUMENT_KIND_ARTICLE", "publisher": "The Herald",
		"publishedAt": "2026-03-04T12:00:00Z", "text": "Tor Bakke shut the dam at Zenda, we saw. It was raining."}}`).into(t, &secondsourcev1.IngestDocumentResponse{})
	question := &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: "Tor Bakke closed the Zenda dam"}}
	want, err := h.Corroborate(t.Context(), question)
	if err != nil || want.GetCorroboration().GetVerdict() == secondsourcev1.Verdict_VERDICT_UNREPORTED {
		t.Fatal(want, err)
	}
	for _, ask := range []struct{ method, path, body string }{
		{http.MethodPost, "/v1/claims:corroborate", `{"claim_text": "Tor Bakke closed the Zenda dam"}`},
		{http.MethodPost, "/v1/claims:corroborate", `{"claimText": "Tor Bakke closed the Zenda dam"}`},
		{http.MethodGet, "/v1/claims:corroborate?claim_text=Tor+Bakke+closed+the+Zenda+dam", ""},
	} {
		got := &secondsourcev1.CorroborateResponse{}
		w.do(t, ask.method, ask.path, ask.body).into(t, got)
		if !proto.Equal(got, want) {
			t.Errorf("%s %s\n%v\nwant\n%v", ask.method, ask.path, got, want)
		}
	}
	claim := stored.GetClaims()[0].GetName()
	byName := &secondsourcev1.CorroborateResponse{}
	w.do(t, http.MethodGet, "/v1/"+claim+":corroborate?min_origins=1", "").into(t, byName)
	if !byName.GetCorroboration().GetThresholdMet() {
		t.Errorf("%v", byName)
	}
	listed := &secondsourcev1.ListClaimsResponse{}
	w.do(t, http.MethodGet, "/v1/claims?page_size=1&published.from=2026-03-01T00:00:00Z", "").into(t, listed)
	if len(listed.GetClaims()) != 1 || listed.GetNextPageToken() == "" {
		t.Errorf("%v", listed)
	}
	// Fields that are empty stand in the answer too, under the API's own names.
	if raw := w.do(t, http.MethodGet, "/v1/"+stored.GetDocument().GetName(), ""); !bytes.Contains(raw.body, []byte(`"in_reply_to":`)) {
		t.Errorf("%s", raw.body)
	}
}

// The same interceptors stand before the calls: the token is asked for, requests
// are validated, and the request's id comes back.
func TestHTTPPassesTheInterceptors(t *testing.T) {
	t.Parallel()
	token, err := auth.NewToken("correct-horse-battery")
	if err != nil {
		t.Fatal(err)
	}
	_, w := startHTTP(t, server.Config{Database: database(t), Gate: &auth.Gate{Token: token}, RPC: rpc.Config{
		Unary: []grpc.UnaryServerInterceptor{func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
			if ids := metadata.ValueFromIncomingContext(ctx, "x-request-id"); len(ids) > 0 && ids[0] != "desk-7" {
				t.Errorf("request ids %v", ids)
			}
			return next(ctx, req)
		}}}})
	if r := w.do(t, http.MethodGet, "/healthz", ""); r.status != http.StatusOK {
		t.Errorf("health: %d %s", r.status, r.body)
	}
	r := w.do(t, http.MethodGet, "/v1/sources", "")
	if _, reason := r.problem(t); r.status != http.StatusUnauthorized || reason != "TOKEN_MISSING" || !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Bearer") {
		t.Errorf("%d %s %v", r.status, r.body, r.header)
	}
	w.header.Set("Authorization", "Bearer correct-horse-buttery")
	r = w.do(t, http.MethodGet, "/v1/sources", "")
	if _, reason := r.problem(t); r.status != http.StatusUnauthorized || reason != "TOKEN_WRONG" {
		t.Errorf("%d %s", r.status, r.body)
	}
	w.header.Set("Authorization", "Bearer correct-horse-battery")
	w.header.Set("X-Request-ID", "desk-7")
	w.header.Set("Grpc-Metadata-X-Request-Id", "another")
	if r = w.do(t, http.MethodGet, "/v1/sources", ""); r.status != http.StatusOK || r.header.Get("X-Request-ID") != "desk-7" {
		t.Errorf("%d %s %v", r.status, r.body, r.header)
	}
	r = w.do(t, http.MethodPost, "/v1/documents", `{"document": {"publisher": "The Courier"}}`)
	e, reason := r.problem(t)
	if r.status != http.StatusBadRequest || reason != "EMPTY_TEXT" || len(e.Details) != 2 || e.Details[1].FieldViolations[0].Field != "document.text" {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestHostileHTTPRequests(t *testing.T) {
	t.Parallel()
	_, w := startHTTP(t, server.Config{Database: database(t), HTTP: server.HTTP{LocalHosts: true}})
	big := `{"document": {"text": "` + strings.Repeat("a", 17<<20) + `"}}`
	deep := `{"document": ` + strings.Repeat(`{"reading":`, 5000) + strings.Repeat("}", 5000) + `}`
	json := http.Header{"Content-Type": {"application/json"}}
	for _, tt := range []struct {
		name, method, path, body string
		header                   http.Header
		status                   int
		reason, says             string
	}{
		{"a body over the limit", "POST", "/v1/documents", big, json, 413, "BODY_TOO_LARGE", "16777216"},
		{"a text over its limit", "POST", "/v1/documents", `{"document": {"text": "` + strings.Repeat("a", 3<<20) + `"}}`, json, 400, "TEXT_TOO_LARGE", "the limit is 2097152 bytes"},
		{"deep JSON", "POST", "/v1/documents", deep, json, 400, "MALFORMED_MESSAGE", ""},
		{"deep arrays in an unknown field", "POST", "/v1/documents", `{"x": ` + strings.Repeat("[", 100000), json, 400, "MALFORMED_MESSAGE", ""},
		{"no UTF-8", "POST", "/v1/documents", "{\"document\": {\"text\": \"caf\xe9\"}}", json, 400, "INVALID_UTF8", "at byte 26"},
		{"half a surrogate", "POST", "/v1/documents", `{"document": {"text": "\ud800"}}`, json, 400, "MALFORMED_MESSAGE", ""},
		{"no JSON", "POST", "/v1/documents", `document`, json, 400, "MALFORMED_MESSAGE", "the body is no JSON of this call: "},
		{"half of it", "POST", "/v1/documents", `{"document": {"text": "a"`, json, 400, "MALFORMED_MESSAGE", "the body is no JSON of this call: "},
		{"two values", "POST", "/v1/claims:extract", `{"document": {"text": "It rained."}} {}`, json, 400, "MALFORMED_MESSAGE", ""},
		{"an array", "POST", "/v1/documents", `[]`, json, 400, "MALFORMED_MESSAGE", ""},
		{"no body", "POST", "/v1/documents", "", nil, 400, "INVALID_FIELD", "document"},
		{"a field that is none", "POST", "/v1/documents", `{"dokument": {}}`, json, 400, "MALFORMED_MESSAGE", "dokument"},
		{"a field given twice", "POST", "/v1/documents", `{"document": {"text": "a", "text": "b"}}`, json, 400, "MALFORMED_MESSAGE", "text"},
		{"a number too large", "POST", "/v1/claims:corroborate", `{"claim_text": "It rained.", "min_origins": 1e99}`, json, 400, "MALFORMED_MESSAGE", "1e99"},
		{"another media type", "POST", "/v1/documents", `{}`, http.Header{"Content-Type": {"text/plain"}}, 415, "MEDIA_TYPE_NOT_SUPPORTED", ""},
		{"a form", "POST", "/v1/claims:corroborate", `claim_text=a`, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "X-Http-Method-Override": {"GET"}}, 415, "MEDIA_TYPE_NOT_SUPPORTED", ""},
		{"another origin", "POST", "/v1/documents", `{}`, http.Header{"Content-Type": {"application/json"}, "Origin": {"https://evil.example"}}, 403, "CROSS_ORIGIN", ""},
		{"another host", "GET", "/v1/documents", "", http.Header{"Host": {"evil.example"}}, 421, "HOST_NOT_LOCAL", ""},
		{"a path that is none", "GET", "/v1/nothing", "", nil, 404, "NO_SUCH_PATH", "/openapi.json"},
		{"a method that is none", "PUT", "/v1/documents", "", nil, 405, "METHOD_NOT_ALLOWED", "PUT"},
		{"a path of no UTF-8", "GET", "/v1/documents/%ff", "", nil, 400, "INVALID_UTF8", ""},
		{"a parameter of no UTF-8", "GET", "/v1/sources:resolve?query=%ff", "", nil, 400, "INVALID_UTF8", ""},
		{"a parameter that is none", "GET", "/v1/claims:corroborate?claim_text=It+rained.&as_off=2026-01-01T00:00:00Z", "", nil, 400, "MALFORMED_MESSAGE", "as_off"},
		{"a parameter of another kind", "GET", "/v1/documents?page_size=many", "", nil, 400, "MALFORMED_MESSAGE", ""},
		{"a name of another form", "GET", "/v1/documents/A_B", "", nil, 400, "INVALID_FIELD", "documents/{id}"},
		{"what is not there", "GET", "/v1/documents/nowhere", "", nil, 404, "DOCUMENT_NOT_FOUND", "nowhere"},
		{"a header no metadata can hold", "GET", "/v1/documents/nowhere", "", http.Header{"X-Request-ID": {"caf\xe9"}, "Authorization": {"\xff"}, "X-Forwarded-For": {"\xff"}}, 404, "DOCUMENT_NOT_FOUND", ""},
		{"a timeout that is none", "GET", "/v1/documents", "", http.Header{"Grpc-Timeout": {"soon"}}, 400, "MALFORMED_MESSAGE", "soon"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			own := &web{base: w.base, header: tt.header}
			r := own.do(t, tt.method, tt.path, tt.body)
			e, reason := r.problem(t)
			if r.status != tt.status || reason != tt.reason || !strings.Contains(e.Message, tt.says) || e.Code == codes.Internal {
				t.Errorf("%d %s, want %d %s with %q", r.status, r.body, tt.status, tt.reason, tt.says)
			}
		})
	}
	r := (&web{base: w.base, header: http.Header{"X-Long": {strings.Repeat("a", 64<<10)}}}).do(t, http.MethodGet, "/v1/documents", "")
	if r.status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("long headers: %d", r.status)
	}
	if st := w.do(t, http.MethodGet, "/v1/documents", ""); !bytes.Contains(st.body, []byte(`"documents":[]`)) {
		t.Errorf("something was stored: %s", st.body)
	}
}

// TestHTTPCallersAreHeldToTheirRate, each by its own address, and see the id of the
// call that the log has.
func TestHTTPCallersAreHeldToTheirRate(t *testing.T) {
	l := auth.NewLimiter(auth.Limits{Calls: 0.01, Burst: 100, MaxMessage: rpc.MaxReceive})
	h, w := startHTTP(t, server.Config{Database: database(t), RPC: rpc.Config{
		Unary: []grpc.UnaryServerInterceptor{l.Unary}, Stream: []grpc.StreamServerInterceptor{l.Stream}}})
	w.header.Set("X-Request-ID", "mine-429")
	w.header.Set("X-Forwarded-For", "192.0.2.7") // it gains nothing
	if r := w.do(t, http.MethodGet, "/v1/sources", ""); r.status != http.StatusOK {
		t.Fatalf("%d %s", r.status, r.body)
	}
	w.header.Set("X-Forwarded-For", "192.0.2.8")
	r := w.do(t, http.MethodGet, "/v1/sources", "")
	if _, reason := r.problem(t); r.status != http.StatusTooManyRequests || reason != auth.ReasonRate || r.header.Get("Retry-After") == "" ||
		strings.Join(r.header.Values("X-Request-ID"), " ") != "mine-429" {
		t.Errorf("%d %s with %v", r.status, r.body, r.header)
	}
	if _, err := h.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{}); err != nil {
		t.Errorf("another caller, who does not come from that address: %v", err)
	}
}
