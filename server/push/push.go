// Package push takes in what others send over HTTP: updates of Telegram bots,
// ninjs as Superdesk pushes it, and any other format that package feeds reads.
// Nothing is taken without the endpoint's secret.
package push

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Superdesk signs with it; HMAC-SHA1 has no known forgery
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/feeds"
)

// Desk is where documents go. *desk.Desk implements it.
type Desk interface {
	Ingest(ctx context.Context, r desk.IngestRequest) (desk.IngestResult, error)
}

// Endpoint is one path to which others send.
type Endpoint struct {
	Path      string
	Format    feeds.Format        // what is sent; feeds.Unknown: seen from the body
	Publisher string              // "": as the items say
	Kind      claims.DocumentKind // "": the format's
	// Secret is what a sender must know: Telegram's secret_token, the key of
	// Superdesk's signature, or a bearer token.
	Secret string
}

// Limits of one request and of all together.
const (
	MaxBody    = 4 << 20 // bytes: a text at its limit, as JSON
	MinSecret  = 16      // bytes
	maxRunning = 16
	perRequest = 2 * time.Minute
	// shown bounds the faults that an answer lists.
	shown = 20
)

// Check says what is wrong with an endpoint.
func (e *Endpoint) Check() error {
	switch {
	case !strings.HasPrefix(e.Path, "/") || strings.ContainsAny(e.Path, " {}?#"):
		return fmt.Errorf("path: %q must begin with \"/\" and hold no space, braces, \"?\" or \"#\"", e.Path)
	case e.Format != feeds.Unknown && !slices.Contains(feeds.Formats(), e.Format):
		return fmt.Errorf("format: %q is none of %v", e.Format, feeds.Formats())
	case len(e.Publisher) > claims.MaxName:
		return fmt.Errorf("publisher: is %d bytes long; the limit is %d bytes", len(e.Publisher), claims.MaxName)
	case len(e.Secret) < MinSecret:
		return fmt.Errorf("secret: is %d bytes long; it needs %d at least", len(e.Secret), MinSecret)
	}
	return nil
}

// Handler takes what is sent to the endpoints.
type Handler struct {
	mux     *http.ServeMux
	desk    Desk
	log     *slog.Logger
	running chan struct{}
}

// NewHandler makes a handler; an endpoint that is not sound, or whose path is
// there twice, is an error.
func NewHandler(endpoints []Endpoint, d Desk, log *slog.Logger) (*Handler, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	h := &Handler{mux: http.NewServeMux(), desk: d, log: log, running: make(chan struct{}, maxRunning)}
	seen := map[string]bool{}
	for i := range endpoints {
		e := &endpoints[i]
		if err := e.Check(); err != nil {
			return nil, fmt.Errorf("endpoints[%d]: %w", i, err)
		}
		if seen[e.Path] {
			return nil, fmt.Errorf("endpoints[%d]: %s is there twice", i, e.Path)
		}
		seen[e.Path] = true
		h.mux.HandleFunc("POST "+e.Path, func(w http.ResponseWriter, r *http.Request) { h.take(w, r, e) })
	}
	return h, nil
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// NewServer is an HTTP server with limits that fit the handler.
func NewServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      perRequest + time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// reply is the answer to a request that was let in.
type reply struct {
	Stored    int     `json:"stored"`
	Unchanged int     `json:"unchanged"`
	Skipped   int     `json:"skipped"`
	Failed    int     `json:"failed"`
	Faults    []fault `json:"faults,omitempty"` // the first of them
	Error     string  `json:"error,omitempty"`
}

type fault struct {
	Position string `json:"position"`
	Error    string `json:"error"`
}

func (h *Handler) take(w http.ResponseWriter, r *http.Request, e *Endpoint) {
	select {
	case h.running <- struct{}{}:
		defer func() { <-h.running }()
	default:
		again(w, "too many requests are under way")
		return
	}
	// Only a signature needs the body to be judged; nobody else makes this read one.
	signed := r.Header.Get(signatureHeader) != ""
	if !signed && !e.named(r.Header) {
		refuse(w)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if _, over := errors.AsType[*http.MaxBytesError](err); over {
		answer(w, http.StatusRequestEntityTooLarge, &reply{Error: fmt.Sprintf("the body is over the limit of %d bytes", MaxBody)})
		return
	}
	if err != nil {
		answer(w, http.StatusBadRequest, &reply{Error: "the body could not be read"})
		return
	}
	if signed && !e.signed(r.Header, body) {
		refuse(w)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), perRequest)
	defer cancel()
	out, err := h.store(ctx, e, body)
	switch {
	case err != nil:
		h.log.WarnContext(ctx, "push", "path", e.Path, "error", err)
		again(w, "the store cannot take it now")
	case out.Failed > 0 && out.Stored+out.Unchanged+out.Skipped == 0 && e.Format != feeds.TelegramUpdate:
		answer(w, http.StatusUnprocessableEntity, out)
	default: // Telegram sends again what is answered otherwise, which mends nothing
		answer(w, http.StatusOK, out)
	}
}

// The headers in which Telegram and Superdesk show that they know the secret.
const (
	telegramHeader  = "X-Telegram-Bot-Api-Secret-Token" // #nosec G101 -- the name of a header
	signatureHeader = "X-Superdesk-Signature"
)

// named tells whether a sender names the secret.
func (e *Endpoint) named(header http.Header) bool {
	if given := header.Get(telegramHeader); given != "" {
		return same(given, e.Secret)
	}
	given, ok := strings.CutPrefix(header.Get("Authorization"), "Bearer ")
	return ok && same(given, e.Secret)
}

// signed tells whether a body is signed with the secret.
func (e *Endpoint) signed(header http.Header, body []byte) bool {
	mac := hmac.New(sha1.New, []byte(e.Secret))
	_, _ = mac.Write(body)
	return same(header.Get(signatureHeader), "sha1="+hex.EncodeToString(mac.Sum(nil)))
}

// same compares in a time that does not tell where two texts differ.
func same(given, want string) bool {
	return subtle.ConstantTimeCompare([]byte(given), []byte(want)) == 1
}

func refuse(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", "Bearer")
	answer(w, http.StatusUnauthorized, &reply{Error: "the secret is missing or wrong"})
}

// store stores what a body holds. An error is that of the store, after which the
// body may be sent again; what is stored by then stays and is not stored twice.
func (h *Handler) store(ctx context.Context, e *Endpoint, body []byte) (*reply, error) {
	format := e.Format
	if format == feeds.Unknown {
		format = feeds.Detect(body)
	}
	out := &reply{}
	for it := range feeds.Read(format, body, feeds.Options{Publisher: e.Publisher, Kind: e.Kind, RetrievedAt: time.Now()}) {
		if it.Skipped != "" {
			out.Skipped++
			continue
		}
		err := it.Err
		if err == nil {
			var res desk.IngestResult
			res, err = h.ingest(ctx, it.Document)
			if code := claims.CodeOf(err); err != nil && code != claims.CodeInvalid && code != claims.CodeTooLarge {
				return nil, fmt.Errorf("%s: %w", it.Position, err)
			}
			if err == nil {
				if res.Outcome == claims.OutcomeUnchanged {
					out.Unchanged++
				} else {
					out.Stored++
				}
				continue
			}
		}
		out.Failed++
		if len(out.Faults) < shown {
			out.Faults = append(out.Faults, fault{it.Position.String(), err.Error()})
		}
	}
	h.log.InfoContext(ctx, "push", "path", e.Path, "stored", out.Stored, "unchanged", out.Unchanged, "skipped", out.Skipped, "failed", out.Failed)
	return out, nil
}

// ingest stores a document. A text that makes the reading of it panic is refused
// for good.
func (h *Handler) ingest(ctx context.Context, d claims.Document) (res desk.IngestResult, err error) {
	defer func() {
		if v := recover(); v != nil {
			h.log.ErrorContext(ctx, "panic", "value", fmt.Sprint(v), "stack", string(debug.Stack()))
			err = claims.Invalid("document.text", "cannot be read")
		}
	}()
	return h.desk.Ingest(ctx, desk.IngestRequest{Document: d})
}

// again asks the sender to come back.
func again(w http.ResponseWriter, why string) {
	w.Header().Set("Retry-After", "5")
	answer(w, http.StatusServiceUnavailable, &reply{Error: why})
}

func answer(w http.ResponseWriter, status int, r *reply) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	body, err := json.Marshal(r)
	if err == nil {
		_, _ = w.Write(append(body, '\n')) // nobody is left to be told when it fails
	}
}
