package e2e_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims/feeds"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/poll"
	"github.com/secondsource/secondsource/server/push"
)

// verdict asks about the dam until the answer is the one wanted: what comes in by
// feeds comes when it comes.
func (h *house) verdict(t *testing.T, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got := ""
	for ctx.Err() == nil {
		answer, err := h.Corroborate(ctx, &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: damClaim}})
		if err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}
		c := answer.GetCorroboration()
		if got = fmt.Sprintf("%s %d", strings.TrimPrefix(c.GetVerdict().String(), "VERDICT_"), c.GetIndependentOriginsMin()); got == want {
			return
		}
	}
	t.Fatalf("the answer stayed at %s, want %s", got, want)
}

// A feed is asked, an agency pushes, a retraction comes: the same claim goes from
// unreported over one origin to two and back.
func TestWhatComesInByFeedsAnswersQueries(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(`<rss><channel><title>The Courier</title><item><guid>1</guid><pubDate>Tue, 03 Mar 2026 12:00:00 GMT</pubDate>` +
			`<description>Engineer Tor Bakke closed the Zenda dam.</description></item></channel></rss>`))
	}))
	defer web.Close()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	const secret = "a secret of some length"
	h := startWith(t, server.Config{Database: database(t), Intake: server.Intake{
		Poll:      poll.Config{Feeds: []poll.Feed{{URL: web.URL + "/rss"}}, AllowPrivate: []string{"127.0.0.1"}, HostInterval: time.Nanosecond},
		PollState: filepath.Join(t.TempDir(), "feeds.json"),
		Push:      []push.Endpoint{{Path: "/ninjs", Format: feeds.Ninjs, Secret: secret}}, PushListener: listener,
	}})
	h.verdict(t, "SINGLE_ORIGIN 1")
	send := func(body string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+listener.Addr().String()+"/ninjs", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+secret)
		res, err := http.DefaultClient.Do(r)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%v %v", res, err)
		}
		_ = res.Body.Close()
	}
	const item = `{"guid": "urn:dam", "version": "%d", "type": "text", "source": "Meridian Press Agency", "versioncreated": "2026-03-0%dT12:00:00+0000", "pubstatus": "%s", "body_text": "The Zenda dam was shut by engineer Tor Bakke on orders of the water board."}`
	send(fmt.Sprintf(item, 1, 4, "usable"))
	h.verdict(t, "CORROBORATED 2")
	send(fmt.Sprintf(item, 2, 5, "canceled"))
	h.verdict(t, "SINGLE_ORIGIN 1")
}
