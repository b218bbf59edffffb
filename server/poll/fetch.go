package poll

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxRedirects bounds how often one answer may point elsewhere.
const maxRedirects = 5

// robotsFor is how long the rules of a host hold before they are asked anew;
// robotsAgain that of a host that did not tell them.
const (
	robotsFor   = 24 * time.Hour
	robotsAgain = time.Minute
)

// fetcher asks for addresses: one at a time from each host, and as its robots.txt
// allows.
type fetcher struct {
	client *http.Client
	config *Config

	mu    sync.Mutex
	hosts map[string]*host // by scheme and authority
}

// host is what is known of one host.
type host struct {
	turn chan struct{} // holds one token: whoever has it may ask

	// The rest belongs to the holder of the token.
	free   time.Time // not before
	rules  *robots
	asked  time.Time // when rules were asked for
	reason string    // why rules are closed, or ""
}

func newFetcher(c *Config, via http.RoundTripper) *fetcher {
	if via == nil {
		via = transport(c.allowed)
	}
	return &fetcher{config: c, hosts: map[string]*host{}, client: &http.Client{
		Transport: via,
		// Each hop waits for its turn and asks the robots.txt of its own host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is what an address gave.
type answer struct {
	status       int
	body         []byte
	from         string // the address, after redirects
	etag         string
	lastModified string
	retryAfter   time.Duration // 0: not said
}

// errUnchanged: the host says that nothing is new.
var errUnchanged = errors.New("not modified")

// refusal is an answer other than the one hoped for.
type refusal struct {
	status     int
	retryAfter time.Duration
	from       string
}

func (e *refusal) Error() string {
	return fmt.Sprintf("%s answers %d %s", e.from, e.status, http.StatusText(e.status))
}

// fetch asks for an address, following redirects. The validators of an earlier
// answer go to the address that gave them.
func (f *fetcher) fetch(ctx context.Context, feed *Feed, was *progress) (*answer, error) {
	address := feed.URL
	own, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	for range maxRedirects + 1 {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("%q is no address of the web", address)
		}
		header := http.Header{"Accept": {"application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.9, text/xml;q=0.8, text/html;q=0.5, */*;q=0.1"}}
		if was.From == address {
			if was.ETag != "" {
				header.Set("If-None-Match", was.ETag)
			}
			if was.LastModified != "" {
				header.Set("If-Modified-Since", was.LastModified)
			}
		}
		if feed.Authorization != "" && u.Scheme == "https" && strings.EqualFold(u.Host, own.Host) {
			header.Set("Authorization", feed.Authorization)
		}
		a, location, err := f.turn(ctx, u, header)
		if err != nil {
			return nil, err
		}
		switch {
		case a.status == http.StatusOK:
			return a, nil
		case a.status == http.StatusNotModified:
			return a, errUnchanged
		case location == "":
			return nil, &refusal{status: a.status, retryAfter: a.retryAfter, from: address}
		}
		next, err := u.Parse(location)
		if err != nil {
			return nil, fmt.Errorf("%s redirects to no address", address)
		}
		if u.Scheme == "https" && next.Scheme != "https" {
			return nil, fmt.Errorf("%s redirects to %s, which is not encrypted", address, next.Redacted())
		}
		if next.User != nil {
			return nil, fmt.Errorf("%s redirects to an address with a name or password", address)
		}
		next.Fragment = ""
		address = next.String()
	}
	return nil, fmt.Errorf("there are more than %d redirects", maxRedirects)
}

// turn asks for one address when it is its turn. location is where the answer
// points to, "" for one that points nowhere.
func (f *fetcher) turn(ctx context.Context, u *url.URL, header http.Header) (a *answer, location string, err error) {
	h := f.host(u)
	select {
	case <-h.turn:
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
	defer func() { h.turn <- struct{}{} }()
	if err := f.obey(ctx, h, u); err != nil {
		return nil, "", err
	}
	return f.ask(ctx, h, u, header, f.config.MaxBody)
}

func (f *fetcher) host(u *url.URL) *host {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := strings.ToLower(u.Scheme + "://" + u.Host)
	h := f.hosts[key]
	if h == nil {
		h = &host{turn: make(chan struct{}, 1)}
		h.turn <- struct{}{}
		f.hosts[key] = h
	}
	return h
}

// obey reads the host's robots.txt where that is due, and refuses what it does not
// allow. A host without the file allows all; one that cannot answer now, nothing.
func (f *fetcher) obey(ctx context.Context, h *host, u *url.URL) error {
	age := time.Since(h.asked)
	if h.rules == nil || age >= robotsFor || h.rules == closed && age >= robotsAgain {
		if err := f.readRobots(ctx, h, u); err != nil {
			return err
		}
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	switch {
	case h.rules.allows(path):
		return nil
	case h.reason != "":
		return fmt.Errorf("the robots.txt of %s could not be read: %s", u.Host, h.reason)
	}
	return fmt.Errorf("the robots.txt of %s does not allow %s", u.Host, path)
}

// readRobots asks for the rules of a host. Its error is that of the context.
func (f *fetcher) readRobots(ctx context.Context, h *host, u *url.URL) error {
	rules, reason := f.robots(ctx, h, u)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	h.rules, h.reason, h.asked = rules, reason, time.Now()
	return nil
}

// robots are the rules of a host; where it does not tell them now, closed and the
// reason.
func (f *fetcher) robots(ctx context.Context, h *host, u *url.URL) (rules *robots, reason string) {
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	for range maxRedirects + 1 {
		a, location, err := f.ask(ctx, h, at, http.Header{}, maxRobots)
		switch {
		case err != nil:
			return closed, err.Error()
		case a.status == http.StatusOK:
			return parseRobots(string(a.body), product(f.config.UserAgent)), ""
		case a.status >= 500 || a.status == http.StatusTooManyRequests:
			return closed, fmt.Sprintf("it answers %d", a.status)
		case location == "":
			return &robots{}, ""
		}
		// Rules that stand at another host would need its turn; they are taken for
		// missing, as the RFC lets one do after redirects.
		if at, err = at.Parse(location); err != nil || !strings.EqualFold(at.Host, u.Host) || at.Scheme != u.Scheme {
			break
		}
	}
	return &robots{}, ""
}

// ask sends one request, after the time that the host is left in peace. What is
// over the limit is an error, but of a robots.txt the rest is left out.
func (f *fetcher) ask(ctx context.Context, h *host, u *url.URL, header http.Header, limit int64) (a *answer, location string, err error) {
	if err := until(ctx, h.free); err != nil {
		return nil, "", err
	}
	defer func() {
		rest := f.config.HostInterval
		if h.rules != nil {
			rest = max(rest, h.rules.delay)
		}
		h.free = time.Now().Add(rest)
	}()
	ctx, cancel := context.WithTimeout(ctx, f.config.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, "", err
	}
	req.Header = header
	req.Header.Set("User-Agent", f.config.UserAgent)
	res, err := f.client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = res.Body.Close() }() // only read from
	a = &answer{status: res.StatusCode, from: u.String(), retryAfter: retryAfter(res.Header.Get("Retry-After"), time.Now()),
		etag: validator(res.Header.Get("ETag")), lastModified: validator(res.Header.Get("Last-Modified"))}
	switch res.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return a, res.Header.Get("Location"), nil
	case http.StatusOK:
	default:
		return a, "", nil
	}
	a.body, err = io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return nil, "", err
	}
	if int64(len(a.body)) > limit {
		if limit != maxRobots {
			return nil, "", fmt.Errorf("%s answers with more than %d bytes", u.Redacted(), limit)
		}
		a.body = a.body[:limit]
	}
	return a, "", nil
}

// validator is a header as it may be sent back.
func validator(s string) string {
	if len(s) > maxHeader || strings.ContainsAny(s, "\r\n\x00") {
		return ""
	}
	return s
}

// maxRetryAfter bounds how long a host may put the poller off.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads a Retry-After: seconds, or a date.
func retryAfter(s string, now time.Time) time.Duration {
	if s == "" {
		return 0
	}
	if n, err := strconv.ParseInt(s, 10, 32); err == nil {
		return min(max(0, time.Duration(n)*time.Second), maxRetryAfter)
	}
	if t, err := http.ParseTime(s); err == nil {
		return min(max(0, t.Sub(now)), maxRetryAfter)
	}
	return 0
}

// until waits for a moment, or for the end of the context.
func until(ctx context.Context, at time.Time) error {
	wait := time.Until(at)
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
