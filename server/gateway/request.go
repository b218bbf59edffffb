package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"

	"github.com/secondsource/secondsource/internal/loopback"
)

// wellFormed reads the whole body, within the limits, before anything is done
// about it, and refuses what is not UTF-8 with the place.
func wellFormed(mux *runtime.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := url.QueryUnescape(r.URL.RawQuery)
		switch {
		case err != nil:
			refuse(w, r, mux, http.StatusBadRequest, reasonMalformed, "the query cannot be read")
			return
		case !utf8.ValidString(r.URL.Path) || !utf8.ValidString(query):
			refuse(w, r, mux, http.StatusBadRequest, reasonInvalidUTF8, "path and query must be valid UTF-8")
			return
		}
		carried(r.Header)
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
		if err != nil {
			if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
				refuse(w, r, mux, http.StatusRequestEntityTooLarge, reasonTooLarge, fmt.Sprintf("the body is larger than %d bytes", MaxBody))
				return
			}
			refuse(w, r, mux, http.StatusBadRequest, reasonMalformed, "the body could not be read to its end")
			return
		}
		if len(body) > 0 && !isJSON(r.Header.Get("Content-Type")) {
			refuse(w, r, mux, http.StatusUnsupportedMediaType, reasonMediaType, "a body must come as Content-Type: application/json")
			return
		}
		if at := firstInvalid(body); at >= 0 {
			refuse(w, r, mux, http.StatusBadRequest, reasonInvalidUTF8, fmt.Sprintf("the body is not valid UTF-8 at byte %d", at))
			return
		}
		// The time for the body is over; a call may take longer, and the connection
		// must not end under it.
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // not every writer has one
		r.Body = io.NopCloser(bytes.NewReader(body))
		mux.ServeHTTP(w, r)
	})
}

// carried takes away the headers whose values gRPC's metadata cannot hold: it
// holds printable ASCII.
func carried(h http.Header) {
	for name, values := range h {
		if _, passes := passedOn(name); !passes {
			continue
		}
		for _, v := range values {
			if strings.IndexFunc(v, func(r rune) bool { return r < ' ' || r > '~' }) >= 0 {
				h.Del(name)
				break
			}
		}
	}
}

// isJSON: what a browser sends across origins without asking first is not.
func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}

// firstInvalid is the offset of the first byte that is not UTF-8, -1 for none.
func firstInvalid(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// localHosts refuses requests for a name that is not this machine's own.
func localHosts(mux *runtime.ServeMux, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopback.Is(r.Host) {
			refuse(w, r, mux, http.StatusMisdirectedRequest, reasonHost, "this server answers to localhost and loopback addresses only")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// patient gives every write half a minute to be taken: a client that reads no
// further loses its connection, and with it what its call holds.
func patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &patientWriter{ResponseWriter: w, control: http.NewResponseController(w)}
		next.ServeHTTP(p, r)
		p.within() // for what is still in the buffer
	})
}

type patientWriter struct {
	http.ResponseWriter

	control *http.ResponseController
}

func (p *patientWriter) Write(b []byte) (int, error) {
	p.within()
	defer p.open()
	return p.ResponseWriter.Write(b)
}

// FlushError is what http.ResponseController calls.
func (p *patientWriter) FlushError() error {
	p.within()
	defer p.open()
	return p.control.Flush()
}

// Flush implements http.Flusher.
func (p *patientWriter) Flush() { _ = p.FlushError() }

// Unwrap is for http.ResponseController.
func (p *patientWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// within and open set the time by which a write has to be done, and take it away:
// on HTTP/2 a time that passes ends the stream even while nothing is written.
// Writers of tests have no such time.
func (p *patientWriter) within() { _ = p.control.SetWriteDeadline(time.Now().Add(patience)) }
func (p *patientWriter) open()   { _ = p.control.SetWriteDeadline(time.Time{}) }
