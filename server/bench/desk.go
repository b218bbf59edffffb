package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/secondsource/secondsource/internal/chromium"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/store/sqlite"
)

// What the desk in a browser is measured with.
const (
	deskAt      = 100_000 // claims
	deskAsked   = 60
	draftWords  = 600
	draftClaims = 60
	deskTurns   = 5
)

// desk measures the pages that editors see, in a browser: an answer's first paint
// beside the API's answer to the same question, and a long text with its claims
// marked.
func (b *bench) desk(ctx context.Context, c *corpus) (err error) {
	w, end, err := window(ctx, filepath.Join(b.dir, "chromium"))
	if errors.Is(err, chromium.ErrNone) {
		b.without("the desk in a browser: " + err.Error())
		return nil
	}
	if err != nil {
		return fmt.Errorf("starting Chromium: %w", err)
	}
	defer end()
	database := filepath.Join(b.dir, "desk.db")
	if err := fill(ctx, database, c, deskAt); err != nil {
		return err
	}
	pages, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	h, err := serve(ctx, server.Config{Database: database, Web: server.HTTP{Listener: pages, LocalHosts: true}})
	if err != nil {
		return err
	}
	h.web = "http://" + pages.Addr().String()
	defer func() { err = errors.Join(err, h.close()) }()
	if err := b.painted(ctx, w, h, c); err != nil {
		return err
	}
	text := c.longText()
	if err := b.marked(ctx, w, h, text); err != nil {
		return err
	}
	return b.checked(ctx, w, h, text)
}

// fill makes a database of so many claims.
func fill(ctx context.Context, database string, c *corpus, size int) error {
	s, err := sqlite.Open(ctx, database, sqlite.Options{})
	if err != nil {
		return err
	}
	for stored := 0; stored < size && err == nil; {
		all := c.write(min(chunk, size-stored))
		err = put(ctx, s, all)
		stored += count(all)
	}
	return errors.Join(err, s.Close())
}

// painted asks the same questions over gRPC and on the page. What was read for a
// question is kept for a while, so each side begins in every other turn. A page that
// asks nothing, opened each time too, tells what of it is the browser and the machine.
func (b *bench) painted(ctx, w context.Context, h *house, c *corpus) error {
	questions := c.ask(warmUp+deskAsked, 11)
	var api, pages, gaps, alone, waits, sizes times
	var busy, busyAlone times // of the page's main thread
	longest := 0.0
	for i, q := range questions {
		var answered time.Duration
		var page visit
		sides := []func() error{func() error {
			start := time.Now()
			_, err := h.Corroborate(ctx, &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: q.text}})
			answered = time.Since(start)
			return err
		}, func() (err error) {
			page, err = settled(w, chromedp.Navigate(h.web+"/?claim="+url.QueryEscape(q.text)), chromedp.WaitReady("#verdict"))
			return err
		}}
		for k := range sides {
			if err := sides[(i+k)%2](); err != nil {
				return fmt.Errorf("%q: %w", q.text, err)
			}
		}
		empty, err := settled(w, chromedp.Navigate(h.web+"/sign-in"))
		if err != nil {
			return err
		}
		if i < warmUp {
			continue
		}
		busy, busyAlone = append(busy, page.busy), append(busyAlone, empty.busy)
		api, pages, alone = append(api, answered), append(pages, milliseconds(page.Paint)), append(alone, milliseconds(empty.Paint))
		gaps, waits = append(gaps, milliseconds(page.Paint)-answered), append(waits, milliseconds(page.First)-answered)
		sizes = append(sizes, time.Duration(page.Size))
		all, _ := page.longest()
		longest = max(longest, all)
	}
	b.atMost("an answer's first paint after the API's at "+short(deskAt)+", p50, ms", inMilliseconds(gaps.median()), 200, 100,
		fmt.Sprintf("first paint p50 %v, p95 %v; the API p50 %v, p95 %v; pages of %d kB, at most %d", round(pages.median()), round(pages.quantile(0.95)),
			round(api.median()), round(api.quantile(0.95)), sizes.median()/1000, sizes.quantile(1)/1000))
	b.atMost("an answer's first paint after the API's at "+short(deskAt)+", p95, ms", inMilliseconds(gaps.quantile(0.95)), 200, 150,
		fmt.Sprintf("of the differences, question by question; the first byte is p50 %v after the API's", round(waits.median())))
	b.aside("a page that asks nothing, first paint p50, ms", inMilliseconds(alone.median()), true,
		fmt.Sprintf("p95 %v: the browser and the machine alone", round(alone.quantile(0.95))))
	b.aside("processor time of an answer's page in the browser, p50, ms", inMilliseconds(busy.median()), true,
		fmt.Sprintf("p95 %v, whole page; of the one that asks nothing p50 %v; longest task %.0f ms by the clock", round(busy.quantile(0.95)), round(busyAlone.median()), longest))
	return nil
}

// marked stores a long text, opens its page and steps from claim to claim.
func (b *bench) marked(ctx, w context.Context, h *house, text string) error {
	res, err := h.IngestDocument(ctx, &secondsourcev1.IngestDocumentRequest{Document: &secondsourcev1.Document{
		Kind: secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE, Publisher: "Long Reads", Text: text}})
	if err != nil {
		return err
	}
	var paints, steps, busy times
	var longest, beside float64
	look := func(v visit) {
		all, apart := v.longest()
		longest, beside = max(longest, all), max(beside, apart)
	}
	for turn := range deskTurns + 1 {
		v, err := settled(w, chromedp.Navigate(h.web+"/"+res.GetDocument().GetName()+"?claim=1"), chromedp.WaitReady(".chosen"))
		if err != nil {
			return err
		}
		if turn > 0 { // the first warms up
			paints = append(paints, milliseconds(v.Paint))
			look(v)
		}
		for range 3 {
			before := v.At
			v, err = settled(w, chromedp.KeyEvent("j"), chromedp.Poll[chromedp.Void](fmt.Sprintf("location.href !== %q && document.readyState === 'complete'", before)))
			if err != nil {
				return err
			}
			if turn > 0 {
				steps, busy = append(steps, milliseconds(v.Start+v.Paint-v.Key)), append(busy, v.busy)
				look(v)
			}
		}
	}
	what := fmt.Sprintf("%d words, %d claims", len(strings.Fields(text)), len(res.GetClaims()))
	b.atMost("a document's first paint, ms", inMilliseconds(paints.median()), 200, 100, what+", all marked")
	b.atMost("from a key to the next claim of a document painted, ms", inMilliseconds(steps.median()), 200, 100, fmt.Sprintf("p95 %v; another page each time, of %v processor time in the browser", round(steps.quantile(0.95)), round(busy.median())))
	b.atMost("longest task of these pages, ms", longest, 50, 50, fmt.Sprintf("0: none took 50 ms; beside the first paint %.0f", beside))
	return nil
}

// checked checks the same text as a draft, and steps through what was found.
func (b *bench) checked(ctx, w context.Context, h *house, text string) error {
	var api, pages, gaps, steps, busy times
	var longest, beside float64
	claims := 0
	for turn := range deskTurns + 1 {
		start := time.Now()
		res, err := h.CheckDraft(ctx, &secondsourcev1.CheckDraftRequest{Draft: &secondsourcev1.Document{Text: text}})
		if err != nil {
			return err
		}
		answered := time.Since(start)
		claims = len(res.GetClaims())
		if _, err := settled(w, chromedp.Navigate(h.web+"/draft"), chromedp.SetValue("#text", text)); err != nil {
			return err
		}
		v, err := settled(w, chromedp.Click("button[type=submit]:not(.quiet)"), chromedp.WaitReady("#found-1"))
		if err != nil {
			return err
		}
		stepped, err := settled(w, chromedp.KeyEvent("jjjjj"))
		if err != nil {
			return err
		}
		if turn == 0 {
			continue
		}
		api, pages, gaps = append(api, answered), append(pages, milliseconds(v.Paint)), append(gaps, milliseconds(v.Paint)-answered)
		busy = append(busy, v.busy)
		for _, k := range stepped.Keys {
			steps = append(steps, milliseconds(k))
		}
		all, apart := stepped.longest()
		longest, beside = max(longest, all), max(beside, apart)
	}
	b.atMost("a checked draft's first paint after the API's, ms", inMilliseconds(gaps.median()), 200, 100,
		fmt.Sprintf("%d claims; first paint p50 %v, the API p50 %v; %v processor time in the browser", claims, round(pages.median()), round(api.median()), round(busy.median())))
	b.atMost("from a key to the next claim of a draft painted, ms", inMilliseconds(steps.median()), 50, 20, fmt.Sprintf("p95 %v", round(steps.quantile(0.95))))
	b.atMost("longest task of a checked draft, ms", longest, 50, 50, fmt.Sprintf("0: none took 50 ms; beside the first paint %.0f", beside))
	return nil
}

// longText is a text of 600 words in 60 sentences, each of which makes a claim.
func (c *corpus) longText() string {
	var text strings.Builder
	for told, words := 0, 0; told < draftClaims; {
		s := c.recent(c.rand)
		st := s.core[c.rand.IntN(len(s.core))]
		st = c.retold(c.rand, st)
		sentence := st.String()
		n := len(strings.Fields(sentence))
		if left := draftClaims - told - 1; words+n > draftWords-8*left || words+n < draftWords-12*left {
			continue // the rest could not be told in the words that are left
		}
		told, words = told+1, words+n
		switch {
		case text.Len() == 0:
		case told%4 == 1:
			text.WriteString("\n\n")
		default:
			text.WriteString(" ")
		}
		text.WriteString(sentence + ".")
	}
	return text.String()
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

func inMilliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
