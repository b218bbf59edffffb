package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

const (
	cookieName  = "secondsource"
	sessionTime = 12 * time.Hour // since the last page
	maxSessions = 10_000
	maxKey      = 512 // bytes
)

// session is one browser that has signed in. It holds the key, which the browser
// does not: what is taken from a browser opens this desk for a while and nothing
// else.
type session struct {
	key   string
	last  time.Time
	who   string // the key's name and role, for whoever has signed in to see
	edits bool   // its key may decide things
}

// sessions are kept in memory: they end with the server.
type sessions struct {
	mu  sync.Mutex
	all map[string]session
}

// begin opens a session and returns what its cookie says.
func (s *sessions) begin(x session, now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[string]session{}
	}
	if len(s.all) >= maxSessions {
		s.sweep(now)
	}
	id := rand.Text()
	x.last = now
	s.all[id] = x
	return id
}

// sweep ends what has run out, and the one idle longest if nothing has.
func (s *sessions) sweep(now time.Time) {
	oldest, at := "", now
	for id, x := range s.all {
		if now.Sub(x.last) > sessionTime {
			delete(s.all, id)
		} else if !x.last.After(at) {
			oldest, at = id, x.last
		}
	}
	if len(s.all) >= maxSessions {
		delete(s.all, oldest)
	}
}

// find returns a session that has not run out.
func (s *sessions) find(id string, now time.Time) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.all[id]
	if !ok || now.Sub(x.last) > sessionTime {
		delete(s.all, id)
		return session{}, false
	}
	x.last = now
	s.all[id] = x
	return x, true
}

func (s *sessions) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, id)
}

// caller is whom the API takes a key for.
func caller(info *secondsourcev1.GetServerInfoResponse) string {
	if info.GetRole() == "" {
		return ""
	}
	return info.GetCaller() + ", " + info.GetRole()
}

// signInView is the form, what was wrong with what was sent, and a draft that was
// sent after the session had ended: it is kept until somebody has signed in.
type signInView struct {
	Next, Wrong string
	Draft       *draftForm
}

func (d *Desk) signInForm(c *call) error {
	return d.render(c, http.StatusOK, "sign-in", "Sign in", signInView{Next: inside(c.r.FormValue("next"))})
}

// signIn asks the API whether the key opens it, and for which role. A key has one
// role for as long as it is valid.
func (d *Desk) signIn(c *call) error {
	if err := c.r.ParseForm(); err != nil {
		return badForm(err)
	}
	key, next := strings.TrimSpace(c.r.PostFormValue("key")), inside(c.r.PostFormValue("next"))
	wrong := func(why string) error {
		return d.render(c, http.StatusUnprocessableEntity, "sign-in", "Sign in", signInView{next, why, keptDraft(c)})
	}
	if key == "" || len(key) > maxKey || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return wrong("That is no key: a key is one word of letters, digits and marks.")
	}
	ctx := metadata.NewOutgoingContext(c.ctx, metadata.Pairs("authorization", "Bearer "+key))
	info, err := d.server.GetServerInfo(ctx, &secondsourcev1.GetServerInfoRequest{})
	switch status.Code(err) {
	case codes.OK:
	case codes.Unauthenticated:
		return wrong("The server does not know this key. It may have been revoked, or a part of it is missing.")
	default:
		return err
	}
	s := session{key: key, who: caller(info), edits: decider(info.GetRole())}
	http.SetCookie(c.w, d.cookie(d.sessions.begin(s, d.now()), 0))
	if f := keptDraft(c); f != nil {
		c.session = &s
		return d.render(c, http.StatusOK, "draft", "Check a draft", draftView{Form: *f})
	}
	c.redirect(next)
	return nil
}

// keptDraft is the draft that a form holds, or nil.
func keptDraft(c *call) *draftForm {
	if f := newDraftForm(c); f.Text != "" {
		return &f
	}
	return nil
}

// signInAgain asks whoever sent something without a session, or with one whose key
// was revoked, to sign in, and then leads back to the page it was sent from.
func (d *Desk) signInAgain(c *call) error {
	if c.session != nil {
		d.sessions.end(c.cookie)
		c.session = nil
	}
	next := c.r.URL.RequestURI()
	if c.r.Method == http.MethodPost {
		if next = inside(c.field("back")); c.r.URL.Path == "/draft" {
			return d.render(c, http.StatusUnauthorized, "sign-in", "Sign in", signInView{Next: "/draft", Draft: keptDraft(c)})
		}
	}
	c.redirect("/sign-in?next=" + url.QueryEscape(next))
	return nil
}

func (d *Desk) signOut(c *call) error {
	d.sessions.end(c.cookie)
	http.SetCookie(c.w, d.cookie("", -1))
	c.redirect("/sign-in")
	return nil
}

// cookie is the desk's own. On loopback without TLS it goes over what there is.
func (d *Desk) cookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: cookieName, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteStrictMode} // #nosec G124 -- see above
}

// inside is a path of this desk, whatever was asked for: a link to the sign-in
// must not lead elsewhere.
func inside(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return next
}

func badForm(err error) error {
	return status.Errorf(codes.InvalidArgument, "the form cannot be read: %v", err)
}
