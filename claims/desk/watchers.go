package desk

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/secondsource/secondsource/claims"
)

const (
	// watchTick is how often the log of judgements and the ends of embargoes are
	// looked at while anybody watches.
	watchTick = 250 * time.Millisecond
	// concernedFrom is the share of a question, by weight, that a document's claims
	// must seem to say together for the question to be asked again. An answer counts
	// nothing that says so little.
	concernedFrom = 0.2
)

// watchers are the running watches of a desk. They tell cheaply which of them what
// is stored may concern: the keys of all questions lie in one map, so a document
// costs as much as it has keys, however many watch.
type watchers struct {
	lastClaim atomic.Int64 // highest Claim.Seq that was seen
	asking    chan struct{}

	mu     sync.Mutex
	all    map[*watch]struct{}
	owner  map[*watched]*watch
	byKey  map[uint64][]place
	judged int64              // Judgement.Seq up to which the log was read
	local  map[int64]struct{} // Seqs of documents stored here that the log will show again
	stop   context.CancelFunc // ends the ticking; nil: nobody watches
}

// place is a key of a question.
type place struct {
	it *watched
	at int
}

func newWatchers() *watchers {
	return &watchers{all: map[*watch]struct{}{}, owner: map[*watched]*watch{}, byKey: map[uint64][]place{}, local: map[int64]struct{}{},
		asking: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))}
}

// join adds a watch before it asks for the first time: what is stored from now on
// wakes it.
func (ws *watchers) join(ctx context.Context, d *Desk, w *watch) error {
	if err := ws.readJudgements(ctx, d); err != nil {
		return err
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.all[w] = struct{}{}
	for _, it := range w.items {
		ws.put(w, it)
	}
	if ws.stop == nil {
		var ticking context.Context
		ticking, ws.stop = context.WithCancel(context.WithoutCancel(ctx))
		go ws.tick(ticking, d)
	}
	return nil
}

// leave removes a watch; with the last one the ticking ends.
func (ws *watchers) leave(w *watch) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, it := range w.items {
		ws.take1(it)
	}
	delete(ws.all, w)
	if len(ws.all) == 0 {
		ws.stop()
		ws.stop = nil
		clear(ws.local)
	}
}

func (ws *watchers) add(w *watch, it *watched) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.put(w, it)
}

func (ws *watchers) drop(it *watched) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.take1(it)
}

func (ws *watchers) put(w *watch, it *watched) {
	ws.owner[it] = w
	for at, key := range it.question.Keys {
		if at < claims.MaxShared {
			ws.byKey[key] = append(ws.byKey[key], place{it, at})
		}
	}
}

func (ws *watchers) take1(it *watched) {
	delete(ws.owner, it)
	for _, key := range it.question.Keys {
		left := slices.DeleteFunc(ws.byKey[key], func(p place) bool { return p.it == it })
		if ws.byKey[key] = left; len(left) == 0 {
			delete(ws.byKey, key)
		}
	}
}

// take is what has been marked of a watch since the last time.
func (ws *watchers) take(w *watch) (dirty []*watched, more bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, it := range w.items {
		if it.dirty {
			it.dirty = false
			dirty = append(dirty, it)
		}
	}
	more, w.more = w.more, false
	return dirty, more
}

// asked notes what an answer rested on.
func (ws *watchers) asked(it *watched, r *reading, at time.Time) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	it.docs, it.until, it.swept, it.floor = map[string]bool{}, time.Time{}, at, r.floor
	for id, x := range r.looked {
		it.docs[id] = true
		if x.EmbargoedUntil.After(at) && (it.until.IsZero() || x.EmbargoedUntil.Before(it.until)) {
			it.until = x.EmbargoedUntil
		}
	}
}

// hold lets a claim wait for the end of its document's embargo.
func (ws *watchers) hold(it *watched, until time.Time) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	it.until = until
}

func (ws *watchers) rename(w *watch, keys map[string]bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	w.keys = keys
}

func (ws *watchers) keysOf(w *watch) []string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return slices.Sorted(maps.Keys(w.keys))
}

func (ws *watchers) judgements() int64 {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.judged
}

// mark and find wake a watch; whoever calls holds the lock.
func (ws *watchers) mark(it *watched) {
	it.dirty = true
	ws.owner[it].rouse()
}

func (ws *watchers) find(w *watch) {
	w.more = true
	w.rouse()
}

func (w *watch) rouse() {
	select {
	case w.wake <- struct{}{}:
	default: // it is awake
	}
}

// stored marks what a document that was stored here may concern. The search has
// it already.
func (ws *watchers) stored(x *claims.Document, cs []claims.Claim, vectors []claims.TermVector, again bool) {
	if len(cs) > 0 {
		ws.sawClaim(cs[len(cs)-1].Seq)
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if len(ws.all) == 0 {
		return
	}
	if again {
		ws.local[x.Seq] = struct{}{}
	}
	ws.concern(vectors)
	ws.concernVersion(x)
	for w := range ws.all {
		if w.source == "" {
			continue
		}
		if slices.ContainsFunc(cs, func(c claims.Claim) bool {
			h := c.Attribution.Asserter()
			return w.keys[claims.NameKey(h.Name)] || h.Handle != "" && w.keys[claims.NameKey(h.Handle)]
		}) {
			ws.find(w)
		}
	}
}

// want notes an entry of the log and tells whether anybody watches.
func (ws *watchers) want(e *claims.Entry) bool {
	if n := len(e.Vectors); n > 0 {
		ws.sawClaim(e.Vectors[n-1].Claim)
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return len(ws.all) > 0
}

// entries marks what documents that came out of the log may concern, those stored
// here left out.
func (ws *watchers) entries(ctx context.Context, store claims.Store, es []claims.Entry) error {
	var others []int64
	ws.mu.Lock()
	for _, e := range es {
		if _, own := ws.local[e.Document]; own {
			continue
		}
		ws.concern(e.Vectors)
		others = append(others, e.Document)
	}
	if len(es) > 0 { // the log is behind them
		last := es[len(es)-1].Document
		maps.DeleteFunc(ws.local, func(seq int64, _ struct{}) bool { return seq <= last })
	}
	if len(others) > 0 {
		for w := range ws.all {
			if w.source != "" {
				ws.find(w)
			}
		}
	}
	ws.mu.Unlock()
	for part := range slices.Chunk(others, replayBatch) {
		docs, err := store.DocumentsBySeq(ctx, part)
		if err != nil {
			return err
		}
		ws.mu.Lock()
		for i := range docs {
			ws.concernVersion(&docs[i])
		}
		ws.mu.Unlock()
	}
	return nil
}

func (ws *watchers) sawClaim(seq int64) {
	for {
		last := ws.lastClaim.Load()
		if seq <= last || ws.lastClaim.CompareAndSwap(last, seq) {
			return
		}
	}
}

// concern marks the questions that the claims of one document seem to speak of.
func (ws *watchers) concern(vectors []claims.TermVector) {
	shared := map[*watched]map[int]*claims.Shared{} // by claim
	for i := range vectors {
		for _, t := range vectors[i].Terms {
			for _, p := range ws.byKey[t.Key] {
				if shared[p.it] == nil {
					shared[p.it] = map[int]*claims.Shared{}
				}
				if shared[p.it][i] == nil {
					shared[p.it][i] = &claims.Shared{}
				}
				shared[p.it][i].Add(p.at)
			}
		}
	}
	for it, of := range shared {
		if it.concerned(of) {
			ws.mark(it)
		}
	}
}

// concerned tells whether the claims of a document may be judged for a question,
// by the rule by which its answer chooses what it judges.
func (it *watched) concerned(of map[int]*claims.Shared) bool {
	var together claims.Shared
	for _, s := range of {
		together.Or(*s)
	}
	whole := it.question.Share(together)
	if whole < concernedFrom {
		return false
	}
	for _, s := range of {
		if share := (it.question.Share(*s) + whole) / 2; share > it.floor || share >= judgedFrom {
			return true
		}
	}
	return false
}

// concernVersion marks the questions whose answer looked at the version before.
func (ws *watchers) concernVersion(x *claims.Document) {
	if x.Previous == "" {
		return
	}
	for it := range ws.owner {
		if it.docs[x.Previous] {
			ws.mark(it)
		}
	}
}
