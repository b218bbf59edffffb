package poll

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// The real transport: what is not public is refused when it is dialled, whatever
// its name, unless it is allowed.
func TestTheHouseIsNotAskedUnlessAllowed(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		asked++
		if r.URL.Path == "/robots.txt" {
			http.NotFound(rw, r)
			return
		}
		_, _ = rw.Write([]byte(rss("It rained.")))
	}))
	defer server.Close()
	byName := strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/rss"
	for _, tt := range []struct {
		url     string
		allowed []string
		says    string
	}{
		{server.URL + "/rss", nil, "is not a public address"},
		{byName, nil, "is not a public address"},
		{byName, []string{"127.0.0.0/8"}, ""},
	} {
		c := Config{Feeds: []Feed{{URL: tt.url}}, AllowPrivate: tt.allowed, HostInterval: time.Nanosecond}
		if err := c.Check(); err != nil {
			t.Fatal(err)
		}
		before := asked
		a, err := newFetcher(&c, nil).fetch(t.Context(), &c.Feeds[0], &progress{})
		switch {
		case tt.says == "" && (err != nil || len(a.body) == 0):
			t.Errorf("%s: %v", tt.url, err)
		case tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says) || asked != before):
			t.Errorf("%s: %v, asked %d times", tt.url, err, asked-before)
		}
	}
}

// A host that may be asked cannot send the fetcher on to one that may not, by
// address or by name.
func TestARedirectIntoTheHouseIsNotFollowed(t *testing.T) {
	inner := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s was asked", r.URL) }))
	var err error
	if inner.Listener, err = new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.2:0"); err != nil {
		t.Skip("this machine has no 127.0.0.2")
	}
	inner.Start()
	defer inner.Close()
	for _, to := range []string{inner.URL, strings.Replace(inner.URL, "127.0.0.2", "[::ffff:127.0.0.2]", 1), "http://169.254.169.254/latest/meta-data", "http://[::1]:1/", "http://0.0.0.0:1/"} {
		outer := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				http.NotFound(rw, r)
				return
			}
			http.Redirect(rw, r, to, http.StatusFound)
		}))
		c := Config{Feeds: []Feed{{URL: outer.URL + "/rss"}}, AllowPrivate: []string{"127.0.0.1/32"}, HostInterval: time.Nanosecond}
		if err := c.Check(); err != nil {
			t.Fatal(err)
		}
		if _, err := newFetcher(&c, nil).fetch(t.Context(), &c.Feeds[0], &progress{}); err == nil || !strings.Contains(err.Error(), "is not a public address") {
			t.Errorf("%s: %v", to, err)
		}
		outer.Close()
	}
}

func TestAddressesThatAreNotPublic(t *testing.T) {
	c := Config{AllowPrivate: []string{"10.1.0.0/16", "::1"}}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	for address, public := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1:248:1893:25c8:1946": true, "10.1.2.3": true, "::1": true,
		"10.2.2.3": false, "127.0.0.1": false, "169.254.169.254": false, "0.0.0.0": false, "100.64.0.1": false, "192.168.1.1": false,
		"::ffff:127.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "fe80::1%eth0": false, "fd00::1": false, "ff02::1": false, "::127.0.0.1": false, "255.255.255.255": false,
	} {
		if err := admit(mustAddr(t, address), c.allowed); (err == nil) != public {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestMistakesInTheConfigurationAreNamed(t *testing.T) {
	for says, c := range map[string]Config{
		`feeds[0]: url: "ftp://x" is no address`:      {Feeds: []Feed{{URL: "ftp://x"}}},
		"feeds[0]: url: holds a name or password":     {Feeds: []Feed{{URL: "https://a:b@x.example"}}}, //nolint:gosec // an example
		"feeds[0]: every: 1s is less than 30s":        {Feeds: []Feed{{URL: feedURL, Every: time.Second}}},
		`feeds[0]: format: "morse" is none of`:        {Feeds: []Feed{{URL: feedURL, Format: "morse"}}},
		"feeds[0]: authorization-file: what it holds": {Feeds: []Feed{{URL: "http://x.example", Authorization: "Bearer x"}}},
		`feeds[0]: kind: there is no kind`:            {Feeds: []Feed{{URL: feedURL, Kind: "blog"}}},
		"feeds[1]: " + feedURL + " is there twice":    {Feeds: []Feed{{URL: feedURL}, {URL: feedURL}}},
		`allow-private: "the office" is no network`:   {AllowPrivate: []string{"the office"}},
		"user-agent: must be one line":                {UserAgent: "a\r\nb"},
		"host-interval, max-body and timeout must be": {Timeout: -1},
	} {
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want %q", err, says)
		}
	}
	if _, err := New(Config{Feeds: []Feed{{}}}, "", &archive{}, nil); err == nil {
		t.Error("a poller without an address was made")
	}
	if err := errors.Join((&Config{}).Check()); err != nil {
		t.Errorf("nothing to ask is no mistake: %v", err)
	}
}
