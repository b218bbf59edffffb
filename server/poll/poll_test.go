package poll

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
)

func TestWhatIsNewIsStoredOnce(t *testing.T) {
	answers := 0
	w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(rw, r)
		case r.Header.Get("If-None-Match") == `"v2"`:
			rw.WriteHeader(http.StatusNotModified)
		default:
			answers++
			rw.Header().Set("ETag", fmt.Sprintf(`"v%d"`, answers))
			if answers == 1 {
				_, _ = rw.Write([]byte(rss("It rained.", "The dam broke.")))
				return
			}
			_, _ = rw.Write([]byte(rss("It rained.", "The dam did not break.")))
		}
	}}
	a := &archive{}
	polled(t, 41*time.Minute, one(10*time.Minute), "", w, a)
	if want := []string{"The Courier: It rained.", "The Courier: The dam broke.", "The Courier: The dam did not break."}; !slices.Equal(a.texts, want) {
		t.Errorf("stored %q, want %q", a.texts, want)
	}
	if got, want := addresses(w.asked), []string{"https://courier.example/robots.txt", feedURL, feedURL, feedURL, feedURL, feedURL}; len(got) < 5 || !slices.Equal(got, want[:len(got)]) {
		t.Errorf("asked %q", w.asked)
	}
	if answers != 2 {
		t.Errorf("%d answers had a body; after the second nothing changed", answers)
	}
}

func TestThePageOfAnItemIsAskedWhereThatIsConfigured(t *testing.T) {
	page := "<html><body><article><p>" + strings.Repeat("The Zenda dam broke on Tuesday, the ministry said. ", 10) + "</p></article></body></html>"
	for _, full := range []bool{false, true} {
		w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/rss":
				_, _ = rw.Write([]byte(`<rss><channel><title>The Courier</title><item><link>/dam</link><description>The dam broke.</description></item>` +
					`<item><link>/gone</link><description>It rained.</description></item></channel></rss>`))
			case "/dam":
				_, _ = rw.Write([]byte(page))
			default:
				http.NotFound(rw, r)
			}
		}}
		a := &archive{}
		c := one(10 * time.Minute)
		c.Feeds[0].FullText = full
		polled(t, 25*time.Minute, c, "", w, a)
		if len(a.texts) != 2 || strings.Contains(a.texts[0], "the ministry said") != full || a.texts[1] != "The Courier: It rained." {
			t.Errorf("full %v: stored %q", full, a.texts)
		}
		if n := strings.Count(strings.Join(w.asked, "\n"), "/dam"); n != map[bool]int{true: 1}[full] {
			t.Errorf("full %v: asked %q", full, w.asked)
		}
	}
}

func TestASecretGoesToTheFeedsOwnHostAlone(t *testing.T) {
	var given []string
	w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			given = append(given, r.URL.String())
		}
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(rw, r)
		case r.URL.String() == feedURL:
			http.Redirect(rw, r, "https://cdn.example/rss", http.StatusFound)
		default:
			_, _ = rw.Write([]byte(rss("It rained.")))
		}
	}}
	c := one(10 * time.Minute)
	c.Feeds[0].Authorization = "Bearer secret"
	a := &archive{}
	if logged := polled(t, 2*time.Minute, c, "", w, a); len(a.texts) != 1 || !slices.Equal(given, []string{feedURL}) || strings.Contains(logged, "secret") {
		t.Errorf("stored %q, the secret went to %q, logged\n%s", a.texts, given, logged)
	}
}

func TestEveryFormatIsPolled(t *testing.T) {
	c := Config{}
	for _, name := range []string{"atom.xml", "jsonfeed.json", "newsml.xml", "ninjs.json", "telegram.json", "x.json"} {
		c.Feeds = append(c.Feeds, Feed{URL: "https://courier.example/" + name})
	}
	w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
		body, err := os.ReadFile(filepath.Join("..", "..", "claims", "feeds", "testdata", filepath.Base(r.URL.Path)))
		if err != nil {
			http.NotFound(rw, r)
			return
		}
		_, _ = rw.Write(body) //nolint:gosec // a sample, to no browser
	}}
	a := &archive{}
	logged := polled(t, 5*time.Minute, c, "", w, a)
	if len(a.texts) != 25 || strings.Contains(logged, "is no feed") || strings.Contains(strings.Join(a.urls, " "), ".json/") {
		t.Errorf("%d stored, at %q, logged\n%s", len(a.texts), a.urls, logged)
	}
}

func TestAnItemThatIsChangedBackIsNewAgain(t *testing.T) {
	texts := []string{"One.", "Two.", "One."}
	w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" || len(texts) == 0 {
			http.NotFound(rw, r)
			return
		}
		_, _ = rw.Write([]byte(rss(texts[0])))
		texts = texts[1:]
	}}
	a := &archive{}
	polled(t, 31*time.Minute, one(10*time.Minute), "", w, a)
	if want := []string{"The Courier: One.", "The Courier: Two.", "The Courier: One."}; !slices.Equal(a.texts, want) {
		t.Errorf("stored %q, want %q", a.texts, want)
	}
}

func TestARestartGoesOnWhereItWas(t *testing.T) {
	w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-Modified-Since") != "" {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		rw.Header().Set("Last-Modified", "Mon, 04 May 2026 08:00:00 GMT")
		_, _ = rw.Write([]byte(rss("It rained.")))
	}}
	state := filepath.Join(t.TempDir(), "feeds.json")
	a := &archive{}
	for range 3 { // the fake clock begins at the same moment each time
		polled(t, 5*time.Minute, one(10*time.Minute), state, w, a)
	}
	if n := strings.Count(strings.Join(w.asked, "\n"), feedURL); n != 1 {
		t.Errorf("a server that is restarted asks no more often: %q", w.asked)
	}
	polled(t, 15*time.Minute, one(10*time.Minute), state, w, a)
	if len(a.texts) != 1 {
		t.Errorf("stored %q", a.texts)
	}
	w.asked = nil
	polled(t, 5*time.Minute, one(time.Minute), state, w, a)
	if n := strings.Count(strings.Join(w.asked, "\n"), feedURL); n < 3 {
		t.Errorf("a feed that is now to be asked every minute was asked %d times in five", n)
	}
	if err := os.WriteFile(state, []byte("{torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if logged := polled(t, 5*time.Minute, one(10*time.Minute), state, w, a); !strings.Contains(logged, "asked anew") || len(a.texts) != 2 {
		t.Errorf("a torn state is a new beginning: %q\n%s", a.texts, logged)
	}
}

func TestAFeedThatFailsIsAskedEverMoreRarely(t *testing.T) {
	w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(rw, r)
			return
		}
		rw.WriteHeader(http.StatusInternalServerError)
	}}
	logged := polled(t, 5*time.Hour, one(10*time.Minute), "", w, &archive{})
	var at []time.Duration
	for _, s := range w.asked {
		if when, ok := strings.CutSuffix(s, " "+feedURL); ok {
			d, err := time.ParseDuration(when)
			if err != nil {
				t.Fatal(err)
			}
			at = append(at, d)
		}
	}
	var pauses []string
	for i := 1; i < len(at); i++ {
		pauses = append(pauses, (at[i] - at[i-1]).Round(time.Minute).String())
	}
	if want := []string{"20m0s", "40m0s", "1h20m0s", "2h40m0s"}; !slices.Equal(pauses, want[:min(len(pauses), len(want))]) || len(pauses) < 3 {
		t.Errorf("pauses %q, want %q", pauses, want)
	}
	if !strings.Contains(logged, "answers 500 Internal Server Error") {
		t.Errorf("logged\n%s", logged)
	}
}

func TestRetryAfterIsKept(t *testing.T) {
	w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(rw, r)
			return
		}
		rw.Header().Set("Retry-After", "7200")
		rw.WriteHeader(http.StatusTooManyRequests)
	}}
	polled(t, 3*time.Hour, one(10*time.Minute), "", w, &archive{})
	if n := strings.Count(strings.Join(w.asked, "\n"), feedURL); n != 2 {
		t.Errorf("asked %q; two hours were asked for", w.asked)
	}
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{"120": 2 * time.Minute, "-5": 0, "soon": 0, "999999999": maxRetryAfter, "Mon, 04 May 2026 12:30:00 GMT": 30 * time.Minute, "Mon, 04 May 2026 11:30:00 GMT": 0} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("Retry-After: %s is %v, want %v", header, got, want)
		}
	}
}

func TestAStoreThatFailsLosesNothing(t *testing.T) {
	w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		rw.Header().Set("ETag", `"v1"`)
		_, _ = rw.Write([]byte(rss("It rained.", "The dam broke.")))
	}}
	state := filepath.Join(t.TempDir(), "feeds.json")
	a := &archive{fails: &claims.Error{Code: claims.CodeReadOnly, Message: "the disk is full"}}
	if logged := polled(t, 5*time.Minute, one(10*time.Minute), state, w, a); !strings.Contains(logged, "the disk is full") {
		t.Errorf("logged\n%s", logged)
	}
	a.fails = nil
	polled(t, 50*time.Minute, one(10*time.Minute), state, w, a)
	if len(a.texts) != 2 {
		t.Errorf("stored %q", a.texts)
	}
}

func TestAnItemThatIsRefusedIsReportedOnce(t *testing.T) {
	w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(rw, r)
			return
		}
		_, _ = rw.Write([]byte(rss("", "panic", "The dam broke.")))
	}}
	a := &archive{}
	logged := polled(t, time.Hour, one(10*time.Minute), "", w, a)
	if len(a.texts) != 1 || strings.Count(logged, "holds no text") != 1 || strings.Count(logged, "cannot be read") != 1 {
		t.Errorf("stored %q, logged\n%s", a.texts, logged)
	}
}

func TestOneHostIsAskedForOneThingAtATime(t *testing.T) {
	c := Config{HostInterval: 5 * time.Second}
	for i := range 6 {
		c.Feeds = append(c.Feeds, Feed{URL: fmt.Sprintf("https://courier.example/%d", i), Every: time.Hour})
	}
	c.Feeds = append(c.Feeds, Feed{URL: "https://herald.example/rss", Every: time.Hour})
	w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" && r.URL.Host == "courier.example" {
			_, _ = rw.Write([]byte("User-agent: *\nCrawl-delay: 20\nDisallow: /3\n"))
			return
		}
		http.NotFound(rw, r)
	}}
	logged := polled(t, 10*time.Minute, c, "", w, &archive{})
	var last time.Duration
	n := 0
	for _, s := range w.asked {
		when, address, _ := strings.Cut(s, " ")
		if !strings.Contains(address, "courier.example") {
			continue
		}
		at, err := time.ParseDuration(when)
		if err != nil {
			t.Fatal(err)
		}
		if n > 1 && at-last < 20*time.Second {
			t.Errorf("%s came %v after the one before", address, at-last)
		}
		last = at
		n++
	}
	if n != 6 || strings.Contains(strings.Join(w.asked, "\n"), "courier.example/3") || !strings.Contains(logged, "does not allow /3") {
		t.Errorf("asked %q, logged\n%s", w.asked, logged)
	}
}

func TestRedirectsAreFollowedWithCare(t *testing.T) {
	for name, tt := range map[string]struct {
		to   string
		says string // "" when it may be followed
	}{
		"another host":     {"https://cdn.example/rss", ""},
		"a path":           {"/new", ""},
		"no encryption":    {"http://courier.example/rss", "which is not encrypted"},
		"a loop":           {feedURL, "more than 5 redirects"},
		"a password":       {"https://a:b@cdn.example/rss", "with a name or password"},
		"another protocol": {"file:///etc/passwd", "which is not encrypted"},
		"a closed host":    {"https://closed.example/rss", "does not allow /rss"},
	} {
		t.Run(name, func(t *testing.T) {
			w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/robots.txt" && r.URL.Host == "closed.example":
					_, _ = rw.Write([]byte("User-agent: secondsource\nDisallow: /"))
				case r.URL.Path == "/robots.txt":
					http.NotFound(rw, r)
				case r.URL.String() == feedURL:
					http.Redirect(rw, r, tt.to, http.StatusFound)
				default:
					_, _ = rw.Write([]byte(rss("It rained.")))
				}
			}}
			a := &archive{}
			logged := polled(t, 2*time.Minute, one(10*time.Minute), "", w, a)
			if followed := len(a.texts) == 1; followed != (tt.says == "") || !strings.Contains(logged, tt.says) {
				t.Errorf("stored %q, logged\n%s", a.texts, logged)
			}
		})
	}
}

func TestAnswersThatAreNoFeed(t *testing.T) {
	for name, tt := range map[string]struct {
		body, says string
	}{
		"a page":    {"<!doctype html><p>Hello", "is no feed"},
		"too large": {rss(strings.Repeat("It rained. ", 1000)), "answers with more than 1000 bytes"},
		"nothing":   {"", "is no feed"},
	} {
		t.Run(name, func(t *testing.T) {
			w := &web{serve: func(rw http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					http.NotFound(rw, r)
					return
				}
				_, _ = rw.Write([]byte(tt.body))
			}}
			c := one(10 * time.Minute)
			c.MaxBody = 1000
			if logged := polled(t, 2*time.Minute, c, "", w, &archive{}); !strings.Contains(logged, tt.says) {
				t.Errorf("logged\n%s", logged)
			}
		})
	}
}

func TestAHostThatCannotTellItsRulesIsLeftAlone(t *testing.T) {
	w := &web{serve: func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusBadGateway) }}
	logged := polled(t, 15*time.Minute, one(10*time.Minute), "", w, &archive{})
	if slices.Contains(addresses(w.asked), feedURL) || !strings.Contains(logged, "could not be read: it answers 502") {
		t.Errorf("asked %q, logged\n%s", w.asked, logged)
	}
}

func TestNothingIsAskedThatIsNotConfigured(t *testing.T) {
	w := &web{serve: http.NotFound}
	polled(t, 24*time.Hour, Config{}, "", w, &archive{})
	if len(w.asked) != 0 {
		t.Errorf("asked %q", w.asked)
	}
}

func TestTheMemoryOfAFeedIsBounded(t *testing.T) {
	m := newMemory(nil)
	for i := range 3 * maxSeen {
		m.add(fmt.Sprint("key", i), "old")
	}
	m.add("key5", "new") // it came again, last of all
	list := m.list()
	again := newMemory(list)
	if len(list) != maxSeen || !again.has("key5", "new") || !again.has(fmt.Sprint("key", 3*maxSeen-1), "old") || again.has("key6", "old") {
		t.Errorf("%d entries; the last is %q", len(list), list[len(list)-1])
	}
}
