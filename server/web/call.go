package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// call is one request for a page.
type call struct {
	ctx     context.Context //nolint:containedctx // a call is one request and ends with it; its context has the key of whoever has signed in
	whole   context.Context //nolint:containedctx // the same without the deadline of a page
	w       http.ResponseWriter
	r       *http.Request
	back    string   // where to go once something is decided; "": where the form says
	session *session // nil: nobody has signed in
	cookie  string
}

// errNoPage: there is no such page.
var errNoPage = errors.New("there is no such page")

// page makes a handler of what answers with a page or says why it cannot.
func (d *Desk) page(answer func(*call) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), d.timeout)
		defer cancel()
		c := &call{ctx: ctx, whole: r.Context(), w: w, r: r}
		if k, err := r.Cookie(cookieName); err == nil {
			if s, ok := d.sessions.find(k.Value, d.now()); ok {
				c.session, c.cookie = &s, k.Value
				c.ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+s.key)
				c.whole = metadata.AppendToOutgoingContext(r.Context(), "authorization", "Bearer "+s.key)
			}
		}
		err := wellFormed(r)
		if err == nil {
			err = answer(c)
		}
		if err == nil {
			return
		}
		if status.Code(err) == codes.Unauthenticated {
			err = d.signInAgain(c)
		}
		if err != nil {
			d.refuse(c, err)
		}
	})
}

// wellFormed refuses what no text of the API can hold.
func wellFormed(r *http.Request) error {
	for _, values := range r.URL.Query() {
		for _, v := range values {
			if !utf8.ValidString(v) {
				return status.Error(codes.InvalidArgument, "the address holds what is not valid UTF-8")
			}
		}
	}
	return nil
}

// refuse shows why a page could not be made.
func (d *Desk) refuse(c *call, err error) {
	v, code := explain(err)
	if c.r.Method == http.MethodPost {
		v.Back = inside(c.field("back"))
	}
	if code >= http.StatusInternalServerError {
		d.log.ErrorContext(c.ctx, "a page could not be made", "path", c.r.URL.Path, "error", err)
	}
	if e := d.render(c, code, "error", "Something went wrong", v); e != nil {
		http.Error(c.w, v.What, code)
	}
}

// trouble is what went wrong, in words for an editor, and what can be done.
type trouble struct {
	What, Do string
	Back     string // the page whose form was sent
	Fields   []*errdetails.BadRequest_FieldViolation
}

// explain turns an error of the API into words, and a status of HTTP.
func explain(err error) (trouble, int) {
	if errors.Is(err, errNoPage) {
		return trouble{What: "There is no such page.", Do: "The links above lead to all there are."}, http.StatusNotFound
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return trouble{What: "That is more text than can be taken.", Do: "A text may have 2 MiB."}, http.StatusRequestEntityTooLarge
	}
	s := status.Convert(err)
	t := trouble{What: sentence(s.Message())}
	for _, detail := range s.Details() {
		if b, ok := detail.(*errdetails.BadRequest); ok {
			t.Fields = b.GetFieldViolations()
			// The message ends in what the violations say; a page says it once.
			for _, f := range t.Fields {
				before, _, _ := strings.Cut(s.Message(), "; "+f.GetField()+":")
				if t.What = sentence(before); before != s.Message() {
					break
				}
			}
		}
	}
	switch s.Code() {
	case codes.InvalidArgument, codes.FailedPrecondition, codes.OutOfRange:
		t.Do = "Change what is named above and try again."
		return t, http.StatusBadRequest
	case codes.NotFound:
		t.Do = "It may have been deleted, or the link was cut short."
		return t, http.StatusNotFound
	case codes.PermissionDenied:
		t.Do = "Your key may not do this. Ask whoever gave it to you for one with another role."
		return t, http.StatusForbidden
	case codes.Aborted, codes.AlreadyExists:
		t.Do = "Somebody else changed it at the same time. Load the page again and repeat your change."
		return t, http.StatusConflict
	case codes.ResourceExhausted:
		t.Do = "Too much is asked at the moment. Wait a little and try again."
		return t, http.StatusTooManyRequests
	case codes.Unavailable:
		t.What, t.Do = "The server is not ready.", "It may still be reading what is stored. Try again in a few seconds."
		return t, http.StatusServiceUnavailable
	case codes.DeadlineExceeded:
		t.What, t.Do = "It took too long.", "Ask for less, or try again when the server is less busy."
		return t, http.StatusGatewayTimeout
	default:
		t.What, t.Do = "The server failed.", "What was stored is safe. Tell whoever runs the server; its log says more."
		return t, http.StatusInternalServerError
	}
}

// redirect sends the browser on to another page of the desk.
func (c *call) redirect(to string) {
	http.Redirect(c.w, c.r, to, http.StatusSeeOther)
}

// render writes a page whole or not at all.
func (d *Desk) render(c *call, code int, name, title string, view any) error {
	var b bytes.Buffer
	p := frame{Title: title, Page: name, Path: c.r.URL.Path, SignedIn: c.session != nil, View: view}
	if c.session != nil {
		p.Who = c.session.who
	}
	if err := templates().pages[name].ExecuteTemplate(&b, "frame", p); err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.w.Header().Set("Cache-Control", "no-store")
	c.w.WriteHeader(code)
	_, _ = b.WriteTo(c.w) // whoever asked may be gone
	return nil
}

// frame is what stands round every page.
type frame struct {
	Title, Page, Path string
	Who               string // has signed in: name and role of the key
	SignedIn          bool
	View              any
}
