package poll

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func mustAddr(t *testing.T, s string) netip.Addr {
	t.Helper()
	ip, err := netip.ParseAddr(s)
	if err != nil {
		t.Fatal(err)
	}
	return ip
}

// The examples are those of RFC 9309, and what hosts write besides.
func TestRobotsAreReadAsTheRFCSays(t *testing.T) {
	const text = "\ufeff# who may what\r\nUser-Agent: *\r\nDisallow: /\r\n\r\nUser-agent: other\nUser-agent: SecondSource/2.0\nSitemap: https://x.example/map\n" +
		"Allow: /feeds/\nDisallow: /feeds/private # not this\nDisallow: *.gif$\nDisallow: /search?*q=\nCrawl-delay: 1.5\nDisallow:\n\nUser-agent: third\nDisallow: /\n"
	r := parseRobots(text, "secondsource")
	for path, want := range map[string]bool{
		"/": true, "/feeds/rss": true, "/feeds/private": false, "/feeds/private/x": false, "/a.gif": false, "/a.gifs": true,
		"/search?a=1&q=2": false, "/search?a=1": true, "/robots.txt": true,
	} {
		if got := r.allows(path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	if r.delay != 1500*time.Millisecond {
		t.Errorf("delay %v", r.delay)
	}
	if all := parseRobots(text, "nobody"); all.allows("/feeds/rss") || !all.allows("/robots.txt") {
		t.Error("without a group of its own, that for all holds")
	}
	if none := parseRobots("Disallow: /\n", "secondsource"); !none.allows("/") {
		t.Error("rules outside every group hold for nobody")
	}
	if tie := parseRobots("User-agent: *\nDisallow: /x\nAllow: /x\n", "secondsource"); !tie.allows("/x") {
		t.Error("of two rules as long, the one that allows holds")
	}
}

func TestPatternsCostNoMoreThanTheirLength(t *testing.T) {
	// What goes back to try again would not end in a lifetime.
	pattern := "/" + strings.Repeat("*a", 2_000) + "b"
	if matches(pattern, "/"+strings.Repeat("a", 2_000)) {
		t.Error("there is no b")
	}
	for _, tt := range []struct {
		pattern, path string
		want          bool
	}{{"/a*b$", "/axxb", true}, {"/a*b$", "/axbx", false}, {"/a*b$", "/abxb", true}, {"/*", "/x", true}, {"/a$", "/a", true}, {"/a$", "/ab", false}, {"", "/", true}, {"/a**b", "/ab", true}} {
		if got := matches(tt.pattern, tt.path); got != tt.want {
			t.Errorf("%s on %s: %v", tt.pattern, tt.path, got)
		}
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nCrawl-delay: 1e9\n", "/axb")
	f.Fuzz(func(t *testing.T, text, path string) {
		r := parseRobots(text, "secondsource")
		if r.delay < 0 || r.delay > maxDelay {
			t.Errorf("delay %v", r.delay)
		}
		if !r.allows("/robots.txt") {
			t.Error("the rules themselves may always be read")
		}
		r.allows(path)
	})
}
