package desk

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/match"
)

// watch is one running Watch. Only its goroutine uses it, but for wake and what
// the watchers guard.
type watch struct {
	d     *Desk
	tell  func(WatchEvent) error
	state WatchState
	fresh bool // it goes on from nowhere
	items []*watched
	wake  chan struct{} // holds a token when there is something to look at

	source string          // "": a question
	keys   map[string]bool // NameKeys of the source
	more   bool            // guarded by watchers: the source may assert something new
	told   map[int64]Told  // from a state, of claims that are not followed yet
}

// watched is one question of a watch.
type watched struct {
	claim int64 // Claim.Seq; 0: the watch's own question
	query claims.Query
	asked []claims.Claim
	text  string

	told     Standing
	has      bool // something was told
	last     seen // as of when there was no more to tell
	question *match.Question

	// Guarded by watchers.
	dirty bool
	floor float64         // share of the question below which its last answer judged nothing more
	docs  map[string]bool // ids of the documents that the last answer looked at
	until time.Time       // end of the first embargo among them; zero: none
	swept time.Time       // when it was last asked
}

// snapshot is an answer with what was looked at for it.
type snapshot struct {
	answer    claims.Corroboration
	looked    map[string]*claims.Document
	at        time.Time
	judgement int64
}

// seen is as much of a snapshot as the next one is compared with. It holds no
// texts: a watch may last for weeks.
type seen struct {
	counted    map[string]claims.Stance
	judgements []int64
	looked     map[string]bool // ids; nil: only the time is known
	at         time.Time
	judgement  int64
}

func (s *snapshot) seen() seen {
	looked := make(map[string]bool, len(s.looked))
	for id := range s.looked {
		looked[id] = true
	}
	return seen{counted(&s.answer), s.answer.Judgements, looked, s.at, s.judgement}
}

// newWatch reads what is to be watched.
func (d *Desk) newWatch(ctx context.Context, r WatchRequest, tell func(WatchEvent) error) (*watch, error) {
	w := &watch{d: d, tell: tell, source: r.Source, fresh: r.After == nil, wake: make(chan struct{}, 1), told: map[int64]Told{}}
	if r.After != nil {
		w.state = *r.After
		for _, t := range r.After.Told {
			w.told[t.Claim] = t
		}
	} else {
		w.state.Since = d.now().UTC().Truncate(time.Microsecond)
	}
	w.state.Told = nil
	if w.source != "" {
		return w, w.resolve(ctx)
	}
	if !r.Query.AsOfPublished.IsZero() || !r.Query.AsOfKnown.IsZero() {
		return nil, claims.Invalid("as_of", "must not be set: what is as of a time does not change")
	}
	q := r.Query
	var it *watched
	if q.Document != "" {
		c, err := d.store.Claim(ctx, q.Document, q.Index)
		if err != nil {
			return nil, err
		}
		it = newWatched(0, q, []claims.Claim{c}, c.Text)
	} else {
		asked, text, err := readQuestion(d.extractor, q.Text, w.state.Since)
		if err != nil {
			return nil, err
		}
		it = newWatched(0, q, asked, text)
	}
	if q.MinOrigins < 0 || q.MinOrigins > 1000 {
		return nil, claims.Invalid("min_origins", "must be 1 to 1000")
	}
	if was, ok := w.told[0]; ok {
		it.told, it.has, it.last.at = was.Standing, true, was.At
	}
	w.items = []*watched{it}
	return w, nil
}

func newWatched(seq int64, q claims.Query, asked []claims.Claim, text string) *watched {
	return &watched{claim: seq, query: q, asked: asked, text: text, question: match.NewReader(&asked[0]).Question(&asked[0])}
}

// resolve reads under which names the source asserts.
func (w *watch) resolve(ctx context.Context) error {
	by, err := w.d.asserter(ctx, w.source)
	if err != nil {
		return err
	}
	all := map[string]bool{}
	for _, k := range by.keys {
		all[k] = true
	}
	w.d.watches.rename(w, all)
	return nil
}

// begin answers for the first time: with what stands, or with what was missed.
func (w *watch) begin(ctx context.Context) error {
	if w.source == "" {
		it := w.items[0]
		if it.has {
			return w.look(ctx, it)
		}
		s, err := w.ask(ctx, it, time.Time{})
		if err != nil {
			return err
		}
		return w.event(ctx, it, WatchBegan, s, nil)
	}
	if w.fresh {
		w.state.Claim = w.d.watches.lastClaim.Load()
		return w.tell(WatchEvent{Kind: WatchBegan, At: w.state.Since, State: w.now()})
	}
	if err := w.remember(ctx); err != nil {
		return err
	}
	for _, it := range slices.Clone(w.items) {
		if err := w.look(ctx, it); err != nil {
			return err
		}
	}
	return w.discover(ctx)
}

// remember takes up the claims of a source that a state has told of; those that
// were deleted are dropped.
func (w *watch) remember(ctx context.Context) error {
	cs, err := w.d.store.ClaimsBySeq(ctx, slices.Sorted(maps.Keys(w.told)))
	if err != nil {
		return err
	}
	for i := range cs {
		it, was := w.follow(&cs[i]), w.told[cs[i].Seq]
		it.told, it.has, it.last.at = was.Standing, was.Standing != (Standing{}), was.At
	}
	return nil
}

// follow adds a claim of the source; the oldest of too many is followed no more.
func (w *watch) follow(c *claims.Claim) *watched {
	it := newWatched(c.Seq, claims.Query{Document: c.Document, Index: c.Index}, []claims.Claim{*c}, c.Text)
	w.items = append(w.items, it)
	w.d.watches.add(w, it)
	if len(w.items) > maxFollowed {
		w.d.watches.drop(w.items[0])
		w.items = slices.Delete(w.items, 0, 1)
	}
	return it
}

// round looks at what has been marked since the last one.
func (w *watch) round(ctx context.Context) error {
	dirty, more := w.d.watches.take(w)
	for _, it := range dirty {
		if err := w.look(ctx, it); err != nil {
			return err
		}
	}
	if w.source != "" && more {
		if err := w.resolve(ctx); err != nil {
			return err
		}
		return w.discover(ctx)
	}
	return nil
}

// discover follows the claims that the source has asserted since.
func (w *watch) discover(ctx context.Context) error {
	p := claims.Page{Size: 100, After: claims.Cursor{Key: w.state.Claim}}
	for {
		cs, err := w.d.store.Claims(ctx, claims.ClaimFilter{Asserter: w.d.watches.keysOf(w)}, p)
		if err != nil {
			return err
		}
		for i := range cs {
			it := w.follow(&cs[i])
			w.state.Claim = cs[i].Seq
			if err := w.look(ctx, it); err != nil {
				return err
			}
		}
		if len(cs) < p.Size {
			return nil
		}
		p.After.Key = w.state.Claim
	}
}

// claimed tells of a new claim of the source, once its document is free.
func (w *watch) claimed(ctx context.Context, it *watched, s snapshot) error {
	x, err := w.d.store.Document(ctx, it.query.Document)
	if claims.CodeOf(err) == claims.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	it.last = s.seen()
	if !free(&x, s.at) {
		w.d.watches.hold(it, x.EmbargoedUntil)
		return nil
	}
	again, err := w.again(ctx, it, &x)
	if err != nil {
		return err
	}
	if again || x.Status == claims.StatusRetracted {
		it.told, it.has = standingOf(&s.answer), true
		return nil
	}
	return w.event(ctx, it, WatchClaimed, s, nil)
}

// again tells whether the version before said the same already.
func (w *watch) again(ctx context.Context, it *watched, x *claims.Document) (bool, error) {
	if x.Previous == "" {
		return false, nil
	}
	before, err := w.d.allClaims(ctx, x.Previous)
	return slices.ContainsFunc(before, func(c claims.Claim) bool { return c.Text == it.text }), err
}

// event tells and keeps what was told.
func (w *watch) event(ctx context.Context, it *watched, kind WatchEventKind, s snapshot, causes []WatchCause) error {
	e := WatchEvent{Kind: kind, Corroboration: s.answer, Before: it.told, Causes: causes, At: s.at}
	if it.query.Document != "" {
		c := it.asked[0]
		if x, err := w.d.store.Document(ctx, c.Document); err == nil {
			e.Claim, e.Document = &c, &x
		} else if claims.CodeOf(err) != claims.CodeNotFound {
			return err
		}
	}
	it.last, it.told, it.has = s.seen(), standingOf(&s.answer), true
	w.state.Judgement = max(w.state.Judgement, s.judgement)
	e.State = w.now()
	return w.tell(e)
}

// now is the state of the watch.
func (w *watch) now() WatchState {
	s := w.state
	for _, it := range w.items {
		told := Told{Claim: it.claim, At: it.last.at}
		if it.has {
			told.Standing = it.told
		}
		s.Told = append(s.Told, told)
	}
	slices.SortFunc(s.Told, func(a, b Told) int { return cmp.Compare(a.Claim, b.Claim) })
	return s
}

// ask answers a question as of a time on the store's clock; zero: as things stand.
func (w *watch) ask(ctx context.Context, it *watched, at time.Time) (snapshot, error) {
	select {
	case w.d.watches.asking <- struct{}{}:
		defer func() { <-w.d.watches.asking }()
	case <-ctx.Done():
		return snapshot{}, ctx.Err()
	}
	q := it.query
	q.AskedAt = w.d.now().UTC().Truncate(time.Microsecond)
	s := snapshot{at: q.AskedAt, judgement: w.d.watches.judgements()}
	if !at.IsZero() {
		q.AsOfKnown, s.at = at, at
	}
	a, r, err := w.d.consider(ctx, q, it.asked, it.text)
	if err != nil {
		return s, err
	}
	s.answer, s.looked = a, r.looked
	if at.IsZero() {
		w.d.watches.asked(it, &r, q.AskedAt)
	}
	return s, nil
}
