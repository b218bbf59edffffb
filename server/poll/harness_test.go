package poll

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
)

// web is hosts without a network: it keeps when which address was asked.
type web struct {
	mu    sync.Mutex
	start time.Time
	asked []string // "12s GET https://…"
	serve http.HandlerFunc
}

// RoundTrip implements http.RoundTripper.
func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.asked = append(w.asked, fmt.Sprintf("%v %s", time.Since(w.start).Round(time.Second), r.URL))
	w.mu.Unlock()
	rec := httptest.NewRecorder()
	w.serve(rec, r)
	return rec.Result(), nil
}

// archive is a desk that keeps texts.
type archive struct {
	mu    sync.Mutex
	texts []string
	urls  []string
	fails error
}

func (a *archive) Ingest(_ context.Context, r desk.IngestRequest) (desk.IngestResult, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.fails != nil {
		return desk.IngestResult{}, a.fails
	}
	if r.Document.Text == "panic" {
		panic("a slip")
	}
	a.urls = append(a.urls, r.Document.URL)
	a.texts = append(a.texts, r.Document.Publisher+": "+r.Document.Text)
	return desk.IngestResult{Document: r.Document, Outcome: claims.OutcomeCreated}, nil
}

// polled runs a poller over a web for a time, which is a fake one.
func polled(t *testing.T, d time.Duration, c Config, stateFile string, w *web, a *archive) string {
	t.Helper()
	var logged bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		w.start = time.Now()
		p, err := newPoller(c, stateFile, a, slog.New(slog.NewTextHandler(&logged, nil)), w)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), d)
		defer cancel()
		p.Run(ctx)
	})
	return logged.String()
}

const feedURL = "https://courier.example/rss"

func rss(items ...string) string {
	var b strings.Builder
	b.WriteString("<rss><channel><title>The Courier</title>")
	for i, text := range items {
		fmt.Fprintf(&b, "<item><guid>item-%d</guid><description>%s</description></item>", i, text)
	}
	return b.String() + "</channel></rss>"
}

func one(every time.Duration) Config {
	return Config{Feeds: []Feed{{URL: feedURL, Every: every}}}
}

// without the times before the first request.
func addresses(asked []string) []string {
	var out []string
	for _, s := range asked {
		_, address, _ := strings.Cut(s, " ")
		out = append(out, address)
	}
	return out
}
