package push

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // as in push.go
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/feeds"
)

const secret = "a secret of some length"

// archive is a desk that keeps documents.
type archive struct {
	stored []claims.Document
	fails  error
}

func (a *archive) Ingest(_ context.Context, r desk.IngestRequest) (desk.IngestResult, error) {
	if a.fails != nil {
		return desk.IngestResult{}, a.fails
	}
	for i := range a.stored {
		if a.stored[i].ExternalID == r.Document.ExternalID && a.stored[i].Text == r.Document.Text {
			return desk.IngestResult{Outcome: claims.OutcomeUnchanged}, nil
		}
	}
	a.stored = append(a.stored, r.Document)
	return desk.IngestResult{Outcome: claims.OutcomeCreated}, nil
}

func sample(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "claims", "feeds", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// send sends a body to one of the endpoints.
func send(t *testing.T, a *archive, method, path, body string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	h, err := NewHandler([]Endpoint{
		{Path: "/telegram", Format: feeds.TelegramUpdate, Secret: secret},
		{Path: "/superdesk", Format: feeds.Ninjs, Secret: secret, Publisher: "Meridian Press Agency"},
		{Path: "/any", Secret: secret},
	}, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func bearer() map[string]string { return map[string]string{"Authorization": "Bearer " + secret} }

func TestATelegramWebhookIsTaken(t *testing.T) {
	a := &archive{}
	token := map[string]string{"X-Telegram-Bot-Api-Secret-Token": secret}
	for update := range strings.Lines(sample(t, "telegram-update.jsonl")) {
		if w := send(t, a, http.MethodPost, "/telegram", update, token); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", update, w.Code, w.Body)
		}
	}
	if len(a.stored) != 6 || a.stored[1].ExternalID != a.stored[0].ExternalID || a.stored[2].ForwardedFrom != "@velmark_transport" {
		t.Errorf("stored %+v", a.stored)
	}
	if w := send(t, a, http.MethodPost, "/telegram", sample(t, "telegram-update.jsonl"), token); !strings.Contains(w.Body.String(), `"unchanged":6`) {
		t.Errorf("sent again: %s", w.Body)
	}
}

func TestSuperdeskSignsWhatItPushes(t *testing.T) {
	a := &archive{}
	body := `{"guid": "urn:1", "version": "1", "type": "text", "versioncreated": "2026-05-04T07:40:00+0000", "pubstatus": "usable", "headline": "Barge", "body_html": "<p>A barge struck the bridge.</p>", "embargoed": "2026-05-05T00:00:00+0000"}`
	mac := hmac.New(sha1.New, []byte(secret))
	_, _ = mac.Write([]byte(body))
	signature := map[string]string{"X-Superdesk-Signature": "sha1=" + hex.EncodeToString(mac.Sum(nil))}
	if w := send(t, a, http.MethodPost, "/superdesk", body, signature); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"stored":1`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if len(a.stored) != 1 || a.stored[0].EmbargoedUntil.IsZero() || a.stored[0].Publisher != "Meridian Press Agency" {
		t.Errorf("stored %+v", a.stored)
	}
	if w := send(t, a, http.MethodPost, "/superdesk", body+" ", signature); w.Code != http.StatusUnauthorized {
		t.Errorf("another body under the same signature: %d", w.Code)
	}
}

func TestFaultsHaveTheirPlaceAndTheRestIsStored(t *testing.T) {
	a := &archive{}
	w := send(t, a, http.MethodPost, "/any", sample(t, "ninjs.json"), bearer())
	if w.Code != http.StatusOK || len(a.stored) != 4 || !strings.Contains(w.Body.String(), `"position":"17: item[5]"`) {
		t.Errorf("%d %s, %d stored", w.Code, w.Body, len(a.stored))
	}
	if w := send(t, a, http.MethodPost, "/superdesk", `{"guid": 1, "headline": []}`, bearer()); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("nothing in it can be read: %d %s", w.Code, w.Body)
	}
}

func TestWhoeverDoesNotKnowTheSecretIsRefused(t *testing.T) {
	for name, header := range map[string]map[string]string{
		"nothing":            {},
		"another token":      {"Authorization": "Bearer something else"},
		"no scheme":          {"Authorization": secret},
		"an empty telegram":  {"X-Telegram-Bot-Api-Secret-Token": ""},
		"a wrong telegram":   {"X-Telegram-Bot-Api-Secret-Token": "wrong"},
		"an unsigned push":   {"X-Superdesk-Signature": "sha1="},
		"wrong beside right": {"X-Superdesk-Signature": "sha1=00", "Authorization": "Bearer " + secret},
	} {
		a := &archive{}
		if w := send(t, a, http.MethodPost, "/any", `{"guid": "1", "pubstatus": "usable", "body_text": "x"}`, header); w.Code != http.StatusUnauthorized || len(a.stored) != 0 || strings.Contains(w.Body.String(), secret) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestOtherRequestsAreRefused(t *testing.T) {
	for _, tt := range []struct {
		method, path, body string
		status             int
	}{
		{http.MethodGet, "/any", "", http.StatusMethodNotAllowed},
		{http.MethodPost, "/elsewhere", "", http.StatusNotFound},
		{http.MethodPost, "/any", strings.Repeat("x", MaxBody+1), http.StatusRequestEntityTooLarge},
	} {
		if w := send(t, &archive{}, tt.method, tt.path, tt.body, bearer()); w.Code != tt.status {
			t.Errorf("%s %s: %d, want %d", tt.method, tt.path, w.Code, tt.status)
		}
	}
}

func TestAStoreThatFailsAsksTheSenderToComeBack(t *testing.T) {
	a := &archive{fails: &claims.Error{Code: claims.CodeOverloaded, Message: "too many writes wait"}}
	w := send(t, a, http.MethodPost, "/any", "It rained.", bearer())
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "writes") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestEndpointsAreChecked(t *testing.T) {
	for says, list := range map[string][]Endpoint{
		`endpoints[0]: path: "x"`:               {{Path: "x", Secret: secret}},
		`endpoints[0]: path: "/{id}"`:           {{Path: "/{id}", Secret: secret}},
		"endpoints[0]: secret: is 5 bytes long": {{Path: "/x", Secret: "short"}},
		`endpoints[0]: format: "morse" is none`: {{Path: "/x", Secret: secret, Format: "morse"}},
		"endpoints[1]: /x is there twice":       {{Path: "/x", Secret: secret}, {Path: "/x", Secret: secret}},
		"endpoints[0]: publisher: is 300 bytes": {{Path: "/x", Secret: secret, Publisher: strings.Repeat("x", 300)}},
	} {
		if _, err := NewHandler(list, &archive{}, nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want %q", err, says)
		}
	}
}
