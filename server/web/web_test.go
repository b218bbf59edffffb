package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/auth"
	"github.com/secondsource/secondsource/server/store/sqlite"
	"github.com/secondsource/secondsource/server/web"
)

// office is a running server with its desk, and the API beside it.
type office struct {
	*client.Client // with the token, where there is one

	bare          *client.Client // without
	url, database string
	web           *http.Client
}

// key makes an API key beside the running server and waits until it knows it.
func (o *office) key(t *testing.T, name string, role claims.CallerRole) string {
	t.Helper()
	key, secret, err := auth.NewAPIKey(name, role, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := sqlite.OpenKeys(t.Context(), o.database)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.CreateAPIKey(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if err := keys.Close(); err != nil {
		t.Fatal(err)
	}
	for ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+secret); ctx.Err() == nil; {
		if _, err := o.bare.ListSources(ctx, &secondsourcev1.ListSourcesRequest{PageSize: 1}); status.Code(err) != codes.Unauthenticated {
			break
		}
	}
	return secret
}

// open starts a server over a new database, with a key when one is given.
func open(t *testing.T, key string) *office {
	t.Helper()
	config := server.Config{Database: filepath.Join(t.TempDir(), "web.db"), Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))}
	opts := []client.Option{}
	if key != "" {
		token, err := auth.NewToken(key)
		if err != nil {
			t.Fatal(err)
		}
		config.Gate = &auth.Gate{Token: token}
		opts = append(opts, client.WithToken(key))
	}
	listener := bufconn.Listen(1 << 20)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx, listener, config) }()
	dial := grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) })
	c, err := client.Dial("passthrough:///web", append(opts, client.WithDialOptions(dial))...)
	if err != nil {
		t.Fatal(err)
	}
	bare, err := client.Dial("passthrough:///web", client.WithDialOptions(dial))
	if err != nil {
		t.Fatal(err)
	}
	desk, err := web.New(web.Config{Conn: bare.Conn()})
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(desk)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	watch, err := healthpb.NewHealthClient(c.Conn()).Watch(t.Context(), &healthpb.HealthCheckRequest{}, grpc.WaitForReady(true))
	for err == nil {
		var now *healthpb.HealthCheckResponse
		if now, err = watch.Recv(); err == nil && now.GetStatus() == healthpb.HealthCheckResponse_SERVING {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		site.Close()
		_, _ = c.Close(), bare.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return &office{c, bare, site.URL, config.Database, &http.Client{Jar: jar}}
}

// tell registers the sources of the demo and stores its documents; it returns their
// names by the story's ids.
func (o *office) tell(t *testing.T) map[string]string {
	t.Helper()
	const story = "../../client/demo/story/"
	lines(t, story+"sources.jsonl", func(line []byte) {
		var x struct {
			ID, Name, Kind string
			Aliases        []string
		}
		decode(t, line, &x)
		s := &secondsourcev1.Source{CanonicalName: x.Name, Kind: secondsourcev1.SourceKind(secondsourcev1.SourceKind_value["SOURCE_KIND_"+x.Kind])}
		for _, a := range x.Aliases {
			if strings.HasPrefix(a, "@") {
				s.Handles = append(s.Handles, &secondsourcev1.Handle{Handle: a})
			} else {
				s.Aliases = append(s.Aliases, &secondsourcev1.Alias{Name: a})
			}
		}
		if _, err := o.CreateSource(t.Context(), &secondsourcev1.CreateSourceRequest{SourceId: x.ID, Source: s}); err != nil {
			t.Fatal(err)
		}
	})
	names := map[string]string{}
	lines(t, story+"documents.jsonl", func(line []byte) {
		var x struct {
			ID, Kind, Publisher, Title, URL, Text string
			PublishedAt                           time.Time `json:"published_at"`
		}
		decode(t, line, &x)
		names[x.ID] = o.store(t, &secondsourcev1.Document{Kind: secondsourcev1.DocumentKind(secondsourcev1.DocumentKind_value["DOCUMENT_KIND_"+x.Kind]), Publisher: x.Publisher,
			Title: x.Title, Url: x.URL, Text: x.Text, PublishedAt: timestamppb.New(x.PublishedAt)})
	})
	return names
}

// store stores a document and returns its name.
func (o *office) store(t *testing.T, d *secondsourcev1.Document) string {
	t.Helper()
	res, err := o.IngestDocument(t.Context(), &secondsourcev1.IngestDocumentRequest{Document: d})
	if err != nil {
		t.Fatal(err)
	}
	return res.GetDocument().GetName()
}

func lines(t *testing.T, path string, each func([]byte)) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := bufio.NewScanner(bytes.NewReader(b))
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if len(bytes.TrimSpace(s.Bytes())) > 0 {
			each(s.Bytes())
		}
	}
}

func decode(t *testing.T, line []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(line, into); err != nil {
		t.Fatal(err)
	}
}
