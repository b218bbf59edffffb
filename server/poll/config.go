package poll

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/feeds"
)

// Feed is one address that is asked for news.
type Feed struct {
	URL       string        `yaml:"url"`
	Publisher string        `yaml:"publisher"` // whose feed it is; "": as the feed says
	Kind      string        `yaml:"kind"`      // of its documents: article, agency_item, …; "": the format's
	Format    string        `yaml:"format"`    // one of feeds.Formats; "": seen from the answer, and a web page is none
	Every     time.Duration `yaml:"every"`     // 0: DefaultEvery
	// FullText asks for the page of each new item, too, and takes its text where
	// that is longer than what the feed holds.
	FullText bool `yaml:"full-text"`
	// Authorization is sent as the header of that name to the feed's own host,
	// over TLS only, and to no other that it redirects to; "": none. A
	// configuration file names a file that holds it.
	Authorization     string `yaml:"-"`
	AuthorizationFile string `yaml:"authorization-file"`
}

// How often feeds are asked.
const (
	DefaultEvery = 10 * time.Minute
	LeastEvery   = 30 * time.Second
)

// DefaultAgent is how the poller presents itself.
const DefaultAgent = "secondsource/1 (+https://github.com/secondsource/secondsource)"

// Config says what to ask. Nothing that does not follow from it is requested: the
// feeds, the hosts' robots.txt, the pages of feeds with FullText, and where these
// redirect to.
type Config struct {
	Feeds []Feed `yaml:"feeds"`
	// UserAgent is sent with every request; its first word before the "/" is
	// looked for in robots.txt. "": DefaultAgent.
	UserAgent string `yaml:"user-agent"`
	// AllowPrivate are networks that may be asked although they are not public,
	// as "10.1.0.0/16" or "127.0.0.1". Without them no feed and no redirect
	// leads into the house.
	AllowPrivate []string `yaml:"allow-private"`
	// HostInterval is the least time between two requests to one host; 0: two
	// seconds. A longer Crawl-delay in robots.txt wins.
	HostInterval time.Duration `yaml:"host-interval"`
	// MaxBody bounds an answer, unpacked, in bytes; 0: 16 MiB.
	MaxBody int64 `yaml:"max-body"`
	// Timeout bounds a request with its answer; 0: 30 seconds.
	Timeout time.Duration `yaml:"timeout"`

	allowed []netip.Prefix
}

// Check says what is wrong with the configuration, and fills in the defaults.
func (c *Config) Check() error {
	if c.UserAgent == "" {
		c.UserAgent = DefaultAgent
	}
	if strings.ContainsAny(c.UserAgent, "\r\n") || len(c.UserAgent) > 256 {
		return errors.New("user-agent: must be one line of 256 bytes at most")
	}
	if c.HostInterval == 0 {
		c.HostInterval = 2 * time.Second
	}
	if c.MaxBody == 0 {
		c.MaxBody = 16 << 20
	}
	if c.Timeout == 0 {
		c.Timeout = 30 * time.Second
	}
	if c.HostInterval < 0 || c.MaxBody < 0 || c.Timeout < 0 {
		return errors.New("host-interval, max-body and timeout must be more than 0")
	}
	c.allowed = nil
	for _, s := range c.AllowPrivate {
		p, err := prefix(s)
		if err != nil {
			return fmt.Errorf("allow-private: %q is no network, such as 10.1.0.0/16", s)
		}
		c.allowed = append(c.allowed, p)
	}
	seen := map[string]bool{}
	for i := range c.Feeds {
		f := &c.Feeds[i]
		if err := f.check(); err != nil {
			return fmt.Errorf("feeds[%d]: %w", i, err)
		}
		if seen[f.URL] {
			return fmt.Errorf("feeds[%d]: %s is there twice", i, f.URL)
		}
		seen[f.URL] = true
	}
	return nil
}

func prefix(s string) (netip.Prefix, error) {
	if ip, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen()), nil
	}
	return netip.ParsePrefix(s)
}

func (f *Feed) check() error {
	u, err := url.Parse(f.URL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return fmt.Errorf("url: %q is no address of the web", f.URL)
	case u.User != nil:
		return errors.New("url: holds a name or password; those would stand in logs") // #nosec G101 -- a message
	case len(f.Publisher) > claims.MaxName:
		return fmt.Errorf("publisher: is %d bytes long; the limit is %d bytes", len(f.Publisher), claims.MaxName)
	case f.Format != "" && !slices.Contains(feeds.Formats(), feeds.Format(f.Format)):
		return fmt.Errorf("format: %q is none of %v", f.Format, feeds.Formats())
	case f.Every != 0 && f.Every < LeastEvery:
		return fmt.Errorf("every: %v is less than %v", f.Every, LeastEvery)
	case f.Authorization != "" && u.Scheme != "https":
		return errors.New("authorization-file: what it holds would be sent unencrypted")
	case strings.ContainsAny(f.Authorization, "\r\n\x00"):
		return errors.New("authorization-file: holds more than one line")
	}
	if f.Every == 0 {
		f.Every = DefaultEvery
	}
	_, err = KindOf(f.Kind)
	return err
}

// kinds are the words for kinds of document.
var kinds = []claims.DocumentKind{claims.KindArticle, claims.KindAgencyItem, claims.KindTelegramPost, claims.KindXPost, claims.KindPressRelease, claims.KindTranscript}

// KindOf is the kind that a configuration names, in small letters and with either
// stroke; "" for none.
func KindOf(word string) (claims.DocumentKind, error) {
	k := claims.DocumentKind(strings.ToUpper(strings.ReplaceAll(word, "-", "_")))
	if k == "" || slices.Contains(kinds, k) {
		return k, nil
	}
	return "", fmt.Errorf("kind: there is no kind of document %q", word)
}
