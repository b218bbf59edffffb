package desk

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/corroborate"
	"github.com/secondsource/secondsource/claims/editorial"
)

// judgementBatch is how many entries of the log are read at once.
const judgementBatch = 1000

// judged is the log of judgements as far as it was read.
type judged struct {
	mu    sync.Mutex
	log   editorial.Log
	again int // times that the log was begun anew
	// met are sources that judgements name and nobody registered. What is used of
	// them, id and name, never changes; they go when something is erased.
	met map[string]claims.Source
}

// forget lets the log be read again: words of it were erased.
func (j *judged) forget() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.log, j.met = editorial.Log{}, nil
	j.again++
}

// last is how far the log is known, and which time it was begun.
func (j *judged) last() (seq int64, again int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.log.Last(), j.again
}

// take adds what was read behind the seq of last. When that was the end of the log
// it gives what stands by a moment; nil when there is more to read, or when the log
// was begun anew meanwhile.
func (j *judged) take(js []claims.Judgement, again int, asOf time.Time) *editorial.State {
	j.mu.Lock()
	defer j.mu.Unlock()
	if again != j.again {
		return nil
	}
	j.log.Add(js)
	if len(js) == judgementBatch {
		return nil
	}
	return j.log.State(asOf)
}

// source is a source that judgements name, when it is known.
func (j *judged) source(id string) (s claims.Source, ok bool, again int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	s, ok = j.met[id]
	return s, ok, j.again
}

// meet keeps a source that was read, unless something was erased meanwhile.
func (j *judged) meet(s claims.Source, again int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if again != j.again {
		return
	}
	if j.met == nil {
		j.met = map[string]claims.Source{}
	}
	j.met[s.ID] = s
}

// judgements is what editors decided and stands by a moment (zero: now). It reads
// what the log has beyond what is known, so that a judgement acts at once, whichever
// server it was told to.
func (d *Desk) judgements(ctx context.Context, asOf time.Time) (*editorial.State, error) {
	for {
		after, again := d.judged.last()
		js, err := d.store.Judgements(ctx, after, judgementBatch)
		if err != nil {
			return nil, err
		}
		if st := d.judged.take(js, again, asOf); st != nil {
			return st, nil
		}
	}
}

// registry is who is who by now.
func (d *Desk) registry(ctx context.Context) (*corroborate.Registry, error) {
	return d.registryAsOf(ctx, time.Time{})
}

// registryAsOf reads the registered sources and puts them under the judgements of a
// moment (zero: now). An editor's change acts at once and on everything: nothing of
// it is kept.
func (d *Desk) registryAsOf(ctx context.Context, asOf time.Time) (*corroborate.Registry, error) {
	st, err := d.judgements(ctx, asOf)
	if err != nil {
		return nil, err
	}
	ss, err := d.store.RegisteredSources(ctx)
	if err != nil {
		return nil, err
	}
	met, err := d.metSources(ctx, st, ss)
	if err != nil {
		return nil, err
	}
	return corroborate.Judged(ss, met, st), nil
}

// metSources are the sources that judgements name and nobody registered. Those that
// went with a deleted document are left out.
func (d *Desk) metSources(ctx context.Context, st *editorial.State, registered []claims.Source) ([]claims.Source, error) {
	named := st.NamedSources()
	if len(named) == 0 {
		return nil, nil
	}
	is := make(map[string]bool, len(registered))
	for i := range registered {
		is[registered[i].ID] = true
	}
	var met []claims.Source
	for _, id := range named {
		if is[id] {
			continue
		}
		s, err := d.metSource(ctx, id)
		switch {
		case claims.CodeOf(err) == claims.CodeNotFound:
		case err != nil:
			return nil, err
		case !s.Registered: // else it was registered just now
			met = append(met, s)
		}
	}
	return met, nil
}

func (d *Desk) metSource(ctx context.Context, id string) (claims.Source, error) {
	s, ok, again := d.judged.source(id)
	if ok {
		return s, nil
	}
	s, err := d.store.Source(ctx, id)
	if err == nil && !s.Registered {
		d.judged.meet(s, again)
	}
	return s, err
}

// asJudged is a source as editors judged it.
func (d *Desk) asJudged(ctx context.Context, s claims.Source, err error) (claims.Source, error) {
	if err != nil {
		return s, err
	}
	st, err := d.judgements(ctx, time.Time{})
	if err != nil {
		return s, err
	}
	return st.Source(s), nil
}

// shaping gathers the judgements that shape an answer.
type shaping map[int64]bool

func (s shaping) add(seq int64) { s[seq] = true }

func (s shaping) seqs() []int64 {
	var all []int64
	for seq := range s {
		all = append(all, seq)
	}
	return all
}

// overrule gives the reading what editors said of claims and the query, and the
// claims that they said it of, whatever these share with the query. It sets the
// asserters that editors gave.
func (d *Desk) overrule(ctx context.Context, r *reading, q claims.Query, text string, reg *corroborate.Registry) error {
	if r.judgements == nil {
		r.judgements = shaping{}
	}
	st := reg.State()
	if st.Overrules() {
		var names []string
		if q.Document != "" {
			names = append(names, claimName(q.Document, q.Index))
		}
		// A stored claim that says what is asked is what is asked.
		key := editorial.TextKey(text)
		for i := range r.claims {
			if editorial.TextKey(r.claims[i].Text) == key {
				names = append(names, corroborate.ClaimName(&r.claims[i]))
			}
		}
		r.overruled = st.Overruled(text, names...)
		if err := d.bring(ctx, r, r.overruled.Claims(), q, reg); err != nil {
			return err
		}
	}
	for i := range r.claims {
		c := &r.claims[i]
		c.Attribution.Hops = reg.Attributed(c, r.docs[c.Document].PublishedAt)
	}
	return nil
}

// bring adds claims to a reading that were not found, where the query admits them.
func (d *Desk) bring(ctx context.Context, r *reading, names []string, q claims.Query, reg *corroborate.Registry) error {
	have := map[string]bool{}
	for i := range r.claims {
		have[corroborate.ClaimName(&r.claims[i])] = true
	}
	slices.Sort(names)
	var chosen []int64
	fresh := map[string]bool{}
	for _, name := range names {
		document, index := claimOf(name)
		if have[name] {
			continue
		}
		c, err := d.store.Claim(ctx, document, index)
		if claims.CodeOf(err) == claims.CodeNotFound {
			continue // erased since
		}
		if err != nil {
			return err
		}
		chosen, fresh[document] = append(chosen, c.Seq), r.docs[document] == nil
	}
	if len(chosen) == 0 {
		return nil
	}
	ids := make([]string, 0, len(fresh))
	for id, is := range fresh {
		if is {
			ids = append(ids, id)
		}
	}
	read, err := d.store.DocumentsByID(ctx, ids)
	if err != nil {
		return err
	}
	var docs []*claims.Document
	for i := range read {
		x := &read[i]
		r.looked[x.ID] = x
		if admitted(x, q, reg) {
			docs = append(docs, x)
		}
	}
	if err := d.load(ctx, r, chosen, docs, q); err != nil {
		return err
	}
	slices.SortFunc(r.order, func(a, b *claims.Document) int { return cmp.Compare(a.Seq, b.Seq) })
	slices.SortFunc(r.claims, func(a, b claims.Claim) int { return cmp.Compare(a.Seq, b.Seq) })
	return nil
}

func claimName(document string, index int) string {
	return "documents/" + document + "/claims/" + strconv.Itoa(index)
}

// claimOf takes the resource name of a claim apart.
func claimOf(name string) (document string, index int) {
	document, number, _ := strings.Cut(strings.TrimPrefix(name, "documents/"), "/claims/")
	index, _ = strconv.Atoi(number) // 0 is no claim's
	return document, index
}
