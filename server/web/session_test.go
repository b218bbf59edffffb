package web_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// TestADraftOutlivesItsSession: what somebody sends after the session has ended is
// there again once they have signed in, unless the key is wrong, and then too.
func TestADraftOutlivesItsSession(t *testing.T) {
	const word = "a-word-that-opens-everything"
	o := open(t, word)
	code, _, page := o.post(t, "/draft", url.Values{"text": {draft}, "title": {"Night <at> the bridge"}})
	if code != http.StatusUnauthorized {
		t.Errorf("a draft without a session: status %d", code)
	}
	holds(t, page, "Your draft is kept", html.EscapeString("Night <at> the bridge"), "The crew of the Marta K was drunk")
	kept := url.Values{"next": {"/draft"}, "text": {draft}, "title": {"Night <at> the bridge"}, "key": {"nonsense"}}
	code, _, page = o.post(t, "/sign-in", kept)
	if code != http.StatusUnprocessableEntity {
		t.Errorf("a wrong key: status %d", code)
	}
	holds(t, page, "does not know this key", "The crew of the Marta K was drunk")
	kept.Set("key", word)
	code, _, page = o.post(t, "/sign-in", kept)
	if code != http.StatusOK {
		t.Errorf("signing in: status %d", code)
	}
	holds(t, page, `<form method="post" action="/draft"`, "The crew of the Marta K was drunk", html.EscapeString("Night <at> the bridge"), "Sign out")
	if code, _, _ := o.get(t, "/documents"); code != http.StatusOK {
		t.Errorf("the session did not begin: status %d", code)
	}
}

// TestADecisionWithoutASessionLeadsBack to the page it was made on, not to the
// address it was sent to, which shows nothing.
func TestADecisionWithoutASessionLeadsBack(t *testing.T) {
	const word = "a-word-that-opens-everything"
	o := open(t, word)
	o.web.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	code, h, _ := o.post(t, "/origins", url.Values{"what": {"join"}, "back": {"/?claim=A+barge"}})
	if to := h.Get("Location"); code != http.StatusSeeOther || to != "/sign-in?next="+url.QueryEscape("/?claim=A+barge") {
		t.Errorf("%d to %q", code, to)
	}
	if _, h, _ := o.post(t, "/origins", url.Values{"what": {"join"}, "back": {"//evil.example"}}); h.Get("Location") != "/sign-in?next=%2F" {
		t.Errorf("it leads elsewhere: %q", h.Get("Location"))
	}
}

// TestPagesSayWhoHasSignedIn, by the name and the role of the key.
func TestPagesSayWhoHasSignedIn(t *testing.T) {
	const word = "a-word-that-opens-everything"
	o := open(t, word)
	for name, role := range map[string]claims.CallerRole{"night-desk": claims.RoleReader, "chief": claims.RoleEditor} {
		secret := o.key(t, name, role)
		_, _, page := o.post(t, "/sign-in", url.Values{"key": {secret}, "next": {"/sources"}})
		holds(t, page, name+", "+string(role), "Sign out")
	}
}

// TestAFileOfTheDeskIsAskedForOnce: its address changes with what it holds.
func TestAFileOfTheDeskIsAskedForOnce(t *testing.T) {
	o := open(t, "")
	_, _, page := o.get(t, "/sign-in")
	for _, name := range []string{"desk.css", "desk.js", "icon.svg"} {
		at := between(page, `"/assets/`+name+"?v=", `"`)
		code, h, _ := o.get(t, "/assets/"+name+"?v="+at)
		if len(at) != 16 || code != http.StatusOK || !strings.Contains(h.Get("Cache-Control"), "immutable") {
			t.Errorf("%s?v=%s: %d %q", name, at, code, h.Get("Cache-Control"))
		}
	}
}
