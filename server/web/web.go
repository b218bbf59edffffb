// Package web is the desk as an editor sees it: pages that ask the API and show
// what it answers. The pages are made here, on the server, from the same calls
// that every client makes, with the key of whoever has signed in, so that a role
// that may not do a thing over the API may not do it here. Nothing is loaded from
// elsewhere and no page needs a script to be read.
package web

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"google.golang.org/grpc"

	"github.com/secondsource/secondsource/internal/loopback"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// Config is what the desk needs.
type Config struct {
	// Conn leads to the API.
	Conn grpc.ClientConnInterface
	// Secure: browsers reach the desk over TLS, so its cookie is sent over nothing
	// else.
	Secure bool
	// LocalHosts answers only requests that name this machine, "localhost" or a
	// loopback address: where no key is asked for, a web page that makes its own
	// name point here must not read what is stored.
	LocalHosts bool
	// Timeout of one page; 0: 30 seconds.
	Timeout time.Duration
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: discard
}

// Desk serves the pages.
type Desk struct {
	sources   secondsourcev1.SourceServiceClient
	documents secondsourcev1.DocumentServiceClient
	claims    secondsourcev1.ClaimServiceClient
	answers   secondsourcev1.CorroborationServiceClient
	editorial secondsourcev1.EditorialServiceClient
	server    secondsourcev1.ServerServiceClient

	sessions sessions
	secure   bool
	timeout  time.Duration
	now      func() time.Time
	log      *slog.Logger
	handler  http.Handler
}

// maxForm bounds what a browser may send, in bytes: a draft of the longest text,
// in the coding of forms, which takes up to three bytes for one.
const maxForm = 3*maxDraft + 64<<10

// New makes the desk.
func New(c Config) (*Desk, error) {
	if c.Conn == nil {
		return nil, errors.New("web: no connection to the API")
	}
	d := &Desk{
		sources:   secondsourcev1.NewSourceServiceClient(c.Conn),
		documents: secondsourcev1.NewDocumentServiceClient(c.Conn),
		claims:    secondsourcev1.NewClaimServiceClient(c.Conn),
		answers:   secondsourcev1.NewCorroborationServiceClient(c.Conn),
		editorial: secondsourcev1.NewEditorialServiceClient(c.Conn),
		server:    secondsourcev1.NewServerServiceClient(c.Conn),
		secure:    c.Secure, timeout: c.Timeout, now: c.Now, log: c.Log,
	}
	if d.timeout <= 0 {
		d.timeout = 30 * time.Second
	}
	if d.now == nil {
		d.now = time.Now
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", d.page(d.ask))
	mux.Handle("GET /draft", d.page(d.draftPage))
	mux.Handle("POST /draft", d.page(d.checkDraft))
	mux.Handle("GET /watch", d.page(d.watchPage))
	mux.Handle("GET /watch/events", d.page(d.watchEvents))
	mux.Handle("GET /sources", d.page(d.listSources))
	mux.Handle("GET /sources/{id}", d.page(d.readSource))
	mux.Handle("POST /sources/{id}", d.page(d.judgeSource))
	mux.Handle("GET /judgements", d.page(d.listJudgements))
	mux.Handle("POST /judgements/{number}/undo", d.page(d.undo))
	mux.Handle("POST /origins", d.page(d.judgeOrigins))
	mux.Handle("GET /documents", d.page(d.listDocuments))
	mux.Handle("GET /documents/{id}", d.page(d.readDocument))
	mux.Handle("GET /sign-in", d.page(d.signInForm))
	mux.Handle("POST /sign-in", d.page(d.signIn))
	mux.Handle("POST /sign-out", d.page(d.signOut))
	mux.Handle("GET /assets/", assets())
	mux.Handle("GET /", d.page(func(*call) error { return errNoPage }))
	// What changes something must come from a page of this desk: browsers say where
	// a request comes from.
	d.handler = guarded(http.NewCrossOriginProtection().Handler(mux))
	if c.LocalHosts {
		d.handler = localHosts(d.handler)
	}
	return d, nil
}

// NewServer is an HTTP server with limits that fit the pages. Nothing bounds how
// long an answer may take as a whole: pages have a deadline of their own, and what
// follows a watch may last.
func NewServer(desk *Desk, log *slog.Logger) *http.Server {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &http.Server{Handler: desk, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
}

// localHosts refuses requests that name another machine.
func localHosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopback.Is(r.Host) {
			http.Error(w, "This desk answers to localhost and loopback addresses only.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ServeHTTP implements http.Handler.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.handler.ServeHTTP(w, r) }

// policy: pages load what lies beside them and nothing else, run no script but the
// desk's own, and stand in no frame.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guarded sets what every answer says to the browser, and bounds what it reads.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		next.ServeHTTP(w, r)
	})
}
