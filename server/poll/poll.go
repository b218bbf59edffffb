// Package poll asks the feeds that are configured for news and stores what they
// bring. It asks for nothing else: no request leaves this package that the
// configuration does not name, but for robots.txt and redirects.
//
// Each host is asked for one thing at a time, with a pause between, and as its
// robots.txt allows; what has not changed is not sent again (ETag, Last-Modified);
// a host that fails is asked ever more rarely, and as late as its Retry-After
// says. Addresses that are not public are refused at the moment of dialling.
package poll

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/feeds"
)

// Desk is where documents go. *desk.Desk implements it.
type Desk interface {
	Ingest(ctx context.Context, r desk.IngestRequest) (desk.IngestResult, error)
}

// Poller asks feeds on a schedule.
type Poller struct {
	config  Config
	desk    Desk
	log     *slog.Logger
	fetcher *fetcher
	state   *state
	// working bounds the answers that are read at once.
	working chan struct{}
}

// maxWorking bounds the feeds that are asked or read at once.
const maxWorking = 8

// apart is how long after the one before it in the list a feed is asked that was
// never asked: many that are configured together do not all come at once.
const apart = 250 * time.Millisecond

// longestPause bounds how rarely a feed is asked that fails.
const longestPause = 6 * time.Hour

// New makes a poller. The state of its feeds is kept in the file stateFile, which
// is created when missing; "" keeps none. A configuration that is not sound is an
// error; a state that cannot be read is a warning, and feeds are asked anew.
func New(c Config, stateFile string, d Desk, log *slog.Logger) (*Poller, error) {
	return newPoller(c, stateFile, d, log, nil)
}

func newPoller(c Config, stateFile string, d Desk, log *slog.Logger, via http.RoundTripper) (*Poller, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s, err := openState(stateFile)
	if err != nil {
		log.Warn("what is known of the feeds cannot be read; they are asked anew", "error", err)
	}
	s.keep(c.Feeds)
	p := &Poller{config: c, desk: d, log: log, state: s, working: make(chan struct{}, maxWorking)}
	p.fetcher = newFetcher(&p.config, via)
	return p, nil
}

// Run asks the feeds until the context ends, and returns when the last answer has
// been stored or given up.
func (p *Poller) Run(ctx context.Context) {
	var group sync.WaitGroup
	for i := range p.config.Feeds {
		f := &p.config.Feeds[i]
		group.Go(func() {
			was := p.state.get(f.URL)
			first := was.Next
			if soon := time.Now().Add(f.Every); was.Failures == 0 && first.After(soon) {
				first = soon // it was asked more rarely before
			}
			if first.IsZero() {
				first = time.Now().Add(time.Duration(i) * apart)
			}
			for next := first; until(ctx, next) == nil; {
				next = p.once(ctx, f)
			}
		})
	}
	group.Wait()
}

// once asks a feed, stores what is new, and returns when to ask it again.
func (p *Poller) once(ctx context.Context, f *Feed) time.Time {
	select {
	case p.working <- struct{}{}:
		defer func() { <-p.working }()
	case <-ctx.Done():
		return time.Time{}
	}
	start := time.Now()
	now := p.state.get(f.URL)
	counts, err := p.news(ctx, f, &now)
	if ctx.Err() != nil {
		return time.Time{} // as if it had not been asked
	}
	if err != nil {
		now.Failures++
		pause := max(backoff(f.Every, now.Failures), asksFor(err))
		now.Next = start.Add(pause)
		p.log.WarnContext(ctx, "feed", "url", f.URL, "error", err, "failures", now.Failures, "next", now.Next)
	} else {
		now.Failures = 0
		now.Next = start.Add(f.Every)
		p.log.LogAttrs(ctx, counts.level(), "feed", slog.String("url", f.URL), slog.Int("items", counts.items), slog.Int("stored", counts.stored),
			slog.Int("unchanged", counts.unchanged), slog.Int("skipped", counts.skipped), slog.Int("failed", counts.failed))
	}
	if err := p.state.put(f.URL, now); err != nil {
		p.log.ErrorContext(ctx, "what is known of a feed cannot be kept", "url", f.URL, "error", err)
	}
	return now.Next
}

// backoff is how long to leave a feed after so many failures in a row.
func backoff(every time.Duration, failures int) time.Duration {
	for range failures {
		if every *= 2; every >= longestPause {
			return max(longestPause, every/2)
		}
	}
	return every
}

// asksFor is how long a host asks to be left.
func asksFor(err error) time.Duration {
	r, ok := errors.AsType[*refusal](err)
	switch {
	case !ok:
		return 0
	case r.status == http.StatusGone:
		return maxRetryAfter
	}
	return r.retryAfter
}

// counts says what became of the items of an answer.
type counts struct {
	items, stored, unchanged, skipped, failed, pages int
}

func (c counts) level() slog.Level {
	if c.stored+c.failed == 0 {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// news asks a feed and stores what it has not brought before. It changes now only
// when all of it is stored or refused for good.
func (p *Poller) news(ctx context.Context, f *Feed, now *progress) (counts, error) {
	a, err := p.fetcher.fetch(ctx, f, now)
	if errors.Is(err, errUnchanged) {
		return counts{}, nil
	}
	if err != nil {
		return counts{}, err
	}
	format := feeds.Format(f.Format)
	if format == "" {
		format = feeds.Detect(a.body)
		if format == feeds.Unknown || format == feeds.HTML || format == feeds.Text {
			return counts{}, fmt.Errorf("%s is no feed; if it is meant to be read as a page, its format must say so", a.from)
		}
	}
	kind, err := KindOf(f.Kind)
	if err != nil {
		return counts{}, err
	}
	seen := newMemory(now.Seen)
	var n counts
	items := feeds.Read(format, a.body, feeds.Options{Publisher: f.Publisher, Kind: kind, URL: a.from, RetrievedAt: time.Now()})
	for it := range items {
		n.items++
		if it.Skipped != "" {
			n.skipped++
			continue
		}
		key, mark := markOf(&it) // before a page changes the text
		if seen.has(key, mark) {
			n.unchanged++
			continue
		}
		if f.FullText && it.Err == nil && n.pages < maxPages {
			n.pages++
			p.fill(ctx, f, &it.Document)
		}
		if err := p.store(ctx, f, &it, &n); err != nil {
			return n, err
		}
		seen.add(key, mark)
	}
	now.ETag, now.LastModified, now.From = a.etag, a.lastModified, a.from
	now.Seen = seen.list()
	return n, nil
}

// store stores one item. An error is that of the store; an item that is refused
// for what it is, is reported and done with.
func (p *Poller) store(ctx context.Context, f *Feed, it *feeds.Item, n *counts) error {
	err := it.Err
	if err == nil {
		var res desk.IngestResult
		res, err = p.ingest(ctx, it.Document)
		switch code := claims.CodeOf(err); {
		case err == nil && res.Outcome == claims.OutcomeUnchanged:
			n.unchanged++
			return nil
		case err == nil:
			n.stored++
			return nil
		case code != claims.CodeInvalid && code != claims.CodeTooLarge:
			return fmt.Errorf("%s: %w", it.Position, err)
		}
	}
	n.failed++
	p.log.WarnContext(ctx, "an item of a feed was not stored", "url", f.URL, "position", it.Position.String(), "error", err)
	return nil
}

// maxPages bounds the pages that one answer of a feed leads to; a host is asked
// for one at a time.
const maxPages = 100

// fill takes the text of a document's page where that says more than its feed. A
// page that cannot be had leaves what the feed holds.
func (p *Poller) fill(ctx context.Context, f *Feed, d *claims.Document) {
	if d.URL == "" {
		return
	}
	page := Feed{URL: d.URL}
	if sameHost(f.URL, d.URL) {
		page.Authorization = f.Authorization
	}
	a, err := p.fetcher.fetch(ctx, &page, &progress{})
	if err != nil {
		p.log.InfoContext(ctx, "the page of an item could not be had", "url", d.URL, "error", err)
		return
	}
	for it := range feeds.Read(feeds.HTML, a.body, feeds.Options{URL: a.from}) {
		found := &it.Document
		if it.Err != nil || len(found.Text) <= len(d.Text) {
			continue
		}
		d.Text = found.Text
		for _, x := range []struct{ have, found *string }{{&d.Byline, &found.Byline}, {&d.CreditLine, &found.CreditLine}, {&d.Language, &found.Language}} {
			if *x.have == "" {
				*x.have = *x.found
			}
		}
		if d.PublishedAt.IsZero() {
			d.PublishedAt = found.PublishedAt
		}
	}
}

func sameHost(a, b string) bool {
	x, err := url.Parse(a)
	if err != nil {
		return false
	}
	y, err := url.Parse(b)
	return err == nil && x.Scheme == y.Scheme && strings.EqualFold(x.Host, y.Host)
}

// ingest stores a document. A text that makes the reading of it panic is refused
// for good, and takes neither poller nor server with it.
func (p *Poller) ingest(ctx context.Context, d claims.Document) (res desk.IngestResult, err error) {
	defer func() {
		if v := recover(); v != nil {
			p.log.ErrorContext(ctx, "panic", "value", fmt.Sprint(v), "stack", string(debug.Stack()))
			err = claims.Invalid("document.text", "cannot be read")
		}
	}()
	return p.desk.Ingest(ctx, desk.IngestRequest{Document: d})
}
