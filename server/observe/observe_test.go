package observe_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/observe"
)

// get asks a handler for a path as a host.
func get(t *testing.T, h http.Handler, host, path string) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+path, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(body)
}

func TestGaugesTellWhatIsStored(t *testing.T) {
	o, err := observe.New(t.Context(), observe.Config{Version: "v1"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.Close(t.Context()) }()
	var fails error
	if err := o.Stored(func(context.Context) (claims.Stats, error) {
		return claims.Stats{Documents: 7, Claims: 21, RegisteredSources: 3, DerivedSources: 5}, fails
	}, func() int { return 20 }); err != nil {
		t.Fatal(err)
	}
	_, said := get(t, o.Handler(), "scraped.example", "/metrics")
	for _, line := range []string{"secondsource_store_documents 7", "secondsource_store_claims 21", `secondsource_store_sources{registered="true"} 3`,
		`secondsource_store_sources{registered="false"} 5`, "secondsource_index_claims 20", "secondsource_store_up 1", "go_goroutines ", `service_version="v1"`} {
		if !strings.Contains(said, line) {
			t.Errorf("%q is missing", line)
		}
	}
	fails = errors.New("away")
	code, said := get(t, o.Handler(), "scraped.example", "/metrics")
	if code != http.StatusOK || !strings.Contains(said, "secondsource_store_up 0") || strings.Contains(said, "secondsource_store_claims 2") {
		t.Errorf("of a store that does not answer: %d\n%s", code, said)
	}
}

func TestProbesTellWhetherCallsAreAnswered(t *testing.T) {
	o, err := observe.New(t.Context(), observe.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, ready := range []bool{false, true, false} {
		o.SetReady(ready)
		code, _ := get(t, o.Handler(), "pod.example", "/readyz")
		if (code == http.StatusOK) != ready {
			t.Errorf("ready %v: %d", ready, code)
		}
		if code, _ := get(t, o.Handler(), "pod.example", "/livez"); code != http.StatusOK {
			t.Errorf("alive: %d", code)
		}
	}
}

func TestProfilesAreForThisMachine(t *testing.T) {
	for host, want := range map[string]int{"localhost:6060": 200, "127.0.0.1:6060": 200, "[::1]:6060": 200,
		"rebound.example": 403, "192.0.2.1:6060": 403, "localhost.example:6060": 403} {
		if code, _ := get(t, observe.Profiles(), host, "/debug/pprof/goroutine?debug=1"); code != want {
			t.Errorf("%s: %d, want %d", host, code, want)
		}
	}
	if code, _ := get(t, observe.Profiles(), "localhost", "/debug/pprof/cmdline"); code != http.StatusNotFound {
		t.Errorf("the command line is shown: %d", code)
	}
}

func TestCheckEndpoint(t *testing.T) {
	for endpoint, ok := range map[string]bool{"http://127.0.0.1:4317": true, "https://otel.example": true, "otel.example:4317": false,
		"grpc://otel.example": false, "http://": false, "http://user:secret@otel.example": false} {
		if err := observe.CheckEndpoint(endpoint); (err == nil) != ok || err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
}
