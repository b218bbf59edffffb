package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// calls are all methods that take a context, by name.
func calls(ctx context.Context) map[string]func(claims.Store) error {
	page := claims.Page{Size: 10}
	return map[string]func(claims.Store) error{
		"Source":            func(s claims.Store) error { _, err := s.Source(ctx, "a"); return err },
		"Sources":           func(s claims.Store) error { _, err := s.Sources(ctx, claims.SourceFilter{}, page); return err },
		"SourcesByKey":      func(s claims.Store) error { _, err := s.SourcesByKey(ctx, []string{"a"}); return err },
		"RegisteredSources": func(s claims.Store) error { _, err := s.RegisteredSources(ctx); return err },
		"Document":          func(s claims.Store) error { _, err := s.Document(ctx, "doc"); return err },
		"Documents":         func(s claims.Store) error { _, err := s.Documents(ctx, claims.DocumentFilter{}, page); return err },
		"DocumentsBySeq":    func(s claims.Store) error { _, err := s.DocumentsBySeq(ctx, []int64{1}); return err },
		"DocumentsByID":     func(s claims.Store) error { _, err := s.DocumentsByID(ctx, []string{"doc"}); return err },
		"Claim":             func(s claims.Store) error { _, err := s.Claim(ctx, "doc", 1); return err },
		"Claims":            func(s claims.Store) error { _, err := s.Claims(ctx, claims.ClaimFilter{}, page); return err },
		"ClaimsBySeq":       func(s claims.Store) error { _, err := s.ClaimsBySeq(ctx, []int64{1}); return err },
		"Judgements":        func(s claims.Store) error { _, err := s.Judgements(ctx, 0, 10); return err },
		"ListJudgements": func(s claims.Store) error {
			_, err := s.ListJudgements(ctx, claims.JudgementFilter{}, claims.Page{Size: 1})
			return err
		},
		"Erasures": func(s claims.Store) error { _, err := s.Erasures(ctx, 0, 10); return err },
		"Replay":   func(s claims.Store) error { return s.Replay(ctx, 0, func(claims.Entry) error { return nil }) },
		"Update":   func(s claims.Store) error { return s.Update(ctx, func(claims.Tx) error { return nil }) },
		"Stats":    func(s claims.Store) error { _, err := s.Stats(ctx); return err },
		"Ping":     func(s claims.Store) error { return s.Ping(ctx) },
	}
}

var lifeTests = []test{
	{"an empty store is empty and answers", func(t *testing.T, s claims.Store) {
		nothing(t, s)
		if err := s.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	}},
	{"after Close every method says so, and a second Close does nothing", func(t *testing.T, s claims.Store) {
		update(t, s, writeAll)
		for range 2 {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		for name, call := range calls(t.Context()) {
			t.Run(name, func(t *testing.T) { wantCode(t, call(s), claims.CodeUnavailable, claims.ReasonStoreClosed) })
		}
	}},
	{"Close waits for updates that run and for those that wait", func(t *testing.T, s claims.Store) {
		release := hold(t, s)
		const n = 10
		var wg sync.WaitGroup
		results := make(chan error, n)
		for i := range n {
			wg.Go(func() {
				p := sample(fmt.Sprintf("d%d", i), 1)
				results <- s.Update(background(), func(tx claims.Tx) error { return put(tx, &p) })
			})
		}
		closed := make(chan error, 1)
		go func() { closed <- s.Close() }()
		select {
		case <-closed:
			t.Error("Close returned while an update ran")
		default:
		}
		release()
		wg.Wait()
		if err := <-closed; err != nil {
			t.Error(err)
		}
		for range n {
			if err := <-results; err != nil {
				wantCode(t, err, claims.CodeUnavailable, claims.ReasonStoreClosed) // it came too late
			}
		}
	}},
}

// A reopenTest fills a store and returns what to check after it was reopened.
type reopenTest struct {
	name   string
	before func(t *testing.T, s claims.Store) (check func(t *testing.T, s claims.Store))
}

var reopenTests = []reopenTest{
	{"everything is still there", func(t *testing.T, s claims.Store) func(*testing.T, claims.Store) {
		p := full()
		p.identity.RequestID = "r"
		store(t, s, &p)
		src := source("a", "A", day)
		addSources(t, s, src)
		update(t, s, func(tx claims.Tx) error {
			_, err := tx.AppendJudgement(claims.Judgement{Kind: claims.SetStance, At: day})
			return err
		})
		st := must(s.Stats(t.Context()))(t)
		return func(t *testing.T, s claims.Store) {
			same(t, "stats", st, must(s.Stats(t.Context()))(t))
			same(t, "document", p.doc, must(s.Document(t.Context(), "full"))(t))
			same(t, "claims", p.claims, must(s.Claims(t.Context(), claims.ClaimFilter{}, claims.Page{Size: 10}))(t))
			same(t, "sources", []claims.Source{src}, must(s.RegisteredSources(t.Context()))(t))
			same(t, "judgements", 1, len(must(s.Judgements(t.Context(), 0, 10))(t)))
			same(t, "replay", []claims.Entry{p.entry()}, replay(t, s))
			wantCode(t, s.Update(t.Context(), func(tx claims.Tx) error { return put(tx, &p) }), claims.CodeExists, "")
		}
	}},
	{"replay goes on in order of commit", func(t *testing.T, s claims.Store) func(*testing.T, claims.Store) {
		var want []claims.Entry
		for i := range 100 { // more than one batch
			p := sample(fmt.Sprintf("d%03d", 100-i), i%3)
			store(t, s, &p)
			want = append(want, p.entry())
		}
		return func(t *testing.T, s claims.Store) {
			p := sample("after", 1)
			store(t, s, &p)
			same(t, "seqs", []int64{101, 100}, []int64{p.doc.Seq, p.claims[0].Seq})
			same(t, "entries", append(want, p.entry()), replay(t, s))
		}
	}},
	{"seqs of what was erased are not given out again", func(t *testing.T, s claims.Store) func(*testing.T, claims.Store) {
		a, b := sample("a", 2), sample("b", 3)
		store(t, s, &a, &b)
		erase(t, s, "b")
		return func(t *testing.T, s claims.Store) {
			p := sample("after", 1)
			store(t, s, &p)
			same(t, "seqs", []int64{3, 6}, []int64{p.doc.Seq, p.claims[0].Seq})
			same(t, "entries", []claims.Entry{a.entry(), p.entry()}, replay(t, s))
			same(t, "erasures", []claims.Erasure{{Seq: 1, Document: 2, FirstClaim: 3, Claims: 3}}, must(s.Erasures(t.Context(), 0, 10))(t))
			same(t, "stats", claims.Stats{Documents: 2, Claims: 3, DerivedSources: 2}, must(s.Stats(t.Context()))(t))
		}
	}},
	{"the log of judgements goes on", func(t *testing.T, s claims.Store) func(*testing.T, claims.Store) {
		add := func(t *testing.T, s claims.Store, want int64) {
			update(t, s, func(tx claims.Tx) error {
				seq, err := tx.AppendJudgement(claims.Judgement{Kind: claims.SetStance})
				same(t, "seq", want, seq)
				return err
			})
		}
		add(t, s, 1)
		return func(t *testing.T, s claims.Store) { add(t, s, 2) }
	}},
}
