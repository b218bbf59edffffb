package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

var errNo = errors.New("no")

// writeAll writes one row of every kind.
func writeAll(tx claims.Tx) error {
	p := sample("doc", 2)
	p.identity.RequestID = "r"
	if err := put(tx, &p); err != nil {
		return err
	}
	if err := tx.RememberRequest("r2", [32]byte{}, "doc"); err != nil {
		return err
	}
	if err := tx.InsertSource(source("a", "A", day)); err != nil {
		return err
	}
	_, err := tx.AppendJudgement(claims.Judgement{Kind: claims.SetStance})
	return err
}

// hold begins an update that lasts until release is called.
func hold(t *testing.T, s claims.Store) (release func()) {
	t.Helper()
	begun, end, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		ended <- s.Update(background(), func(claims.Tx) error {
			once.Do(func() { close(begun) })
			<-end
			return nil
		})
	}()
	<-begun
	return func() {
		t.Helper()
		close(end)
		if err := <-ended; err != nil {
			t.Errorf("the update that was held: %v", err)
		}
	}
}

var updateTests = []test{
	{"after an error nothing is stored, and the error is fn's own", func(t *testing.T, s claims.Store) {
		if err := s.Update(t.Context(), func(tx claims.Tx) error {
			if err := writeAll(tx); err != nil {
				t.Error(err)
			}
			return errNo
		}); err != errNo {
			t.Errorf("error %v, want the callback's own", err)
		}
		nothing(t, s)
		update(t, s, writeAll)
		same(t, "stats", claims.Stats{Documents: 1, Claims: 2, RegisteredSources: 1, DerivedSources: 2}, must(s.Stats(t.Context()))(t))
	}},
	{"a panic in fn fails that update alone", func(t *testing.T, s claims.Store) {
		err := s.Update(t.Context(), func(tx claims.Tx) error {
			if err := writeAll(tx); err != nil {
				t.Error(err)
			}
			panic("at the disco")
		})
		if err == nil {
			t.Error("no error")
		}
		nothing(t, s)
		update(t, s, writeAll)
	}},
	{"a callback that ends its goroutine fails that update alone", func(t *testing.T, s claims.Store) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = s.Update(background(), func(tx claims.Tx) error {
				if err := writeAll(tx); err != nil {
					t.Error(err)
				}
				runtime.Goexit()
				return nil
			})
		}()
		<-done
		nothing(t, s)
		update(t, s, writeAll)
	}},
	{"one that fails does not harm the others that share its commit", func(t *testing.T, s claims.Store) {
		const n = 60
		var ps [n]piece
		release := hold(t, s) // the rest gathers behind it
		var wg sync.WaitGroup
		for i := range n {
			ps[i] = sample(fmt.Sprintf("d%02d", i), 2)
			wg.Go(func() {
				err := s.Update(t.Context(), func(tx claims.Tx) error {
					if err := put(tx, &ps[i]); err != nil {
						return err
					}
					switch i % 4 {
					case 1:
						return errNo
					case 2:
						panic("no")
					}
					return nil
				})
				if good := i%4 == 0 || i%4 == 3; good != (err == nil) {
					t.Errorf("update %d: %v", i, err)
				}
			})
		}
		release()
		wg.Wait()
		st := must(s.Stats(t.Context()))(t)
		same(t, "stats", claims.Stats{Documents: n / 2, Claims: n, DerivedSources: 2}, st)
		entries := replay(t, s)
		if len(entries) != n/2 {
			t.Fatalf("Replay gives %d entries, want %d", len(entries), n/2)
		}
		bySeq := map[int64]*piece{}
		for i := range n {
			if i%4 == 0 || i%4 == 3 {
				bySeq[ps[i].doc.Seq] = &ps[i]
			}
		}
		for _, e := range entries {
			same(t, "entry", bySeq[e.Document].entry(), e)
			same(t, "document", bySeq[e.Document].doc, must(s.DocumentsBySeq(t.Context(), []int64{e.Document}))(t)[0])
		}
	}},
	{"when too many wait it is overloaded at once", func(t *testing.T, s claims.Store) {
		release := hold(t, s)
		var wg sync.WaitGroup
		var refused atomic.Int64
		const most = 100_000
		sent := 0
		for ; sent < most && refused.Load() == 0; sent++ {
			wg.Go(func() {
				if err := s.Update(t.Context(), func(claims.Tx) error { return nil }); err != nil {
					wantCode(t, err, claims.CodeOverloaded, claims.ReasonOverloaded)
					refused.Add(1)
				}
			})
			runtime.Gosched()
		}
		if sent == most {
			t.Errorf("none of %d waiting updates was refused while one was held", most)
		}
		release()
		wg.Wait()
		update(t, s, writeAll)
	}},
	{"one whose context ends while it waits does not begin", func(t *testing.T, s claims.Store) {
		release := hold(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() {
			result <- s.Update(ctx, func(claims.Tx) error {
				t.Error("it began")
				return nil
			})
		}()
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want the context's", err)
		}
		release()
		update(t, s, writeAll)
	}},
	{"one whose context ends after it began is waited for", func(t *testing.T, s claims.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		if err := s.Update(ctx, func(tx claims.Tx) error {
			cancel()
			return writeAll(tx)
		}); err != nil {
			t.Errorf("error %v: it is stored, so there must be none", err)
		}
		same(t, "documents", int64(1), must(s.Stats(t.Context()))(t).Documents)
	}},
	{"a context that has ended gets its error", func(t *testing.T, s claims.Store) {
		update(t, s, writeAll)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for name, call := range calls(ctx) {
			if err := call(s); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: error %v, want context.Canceled", name, err)
			}
		}
	}},
	{"a transaction is of no use after its update", func(t *testing.T, s claims.Store) {
		var kept claims.Tx
		update(t, s, func(tx claims.Tx) error { kept = tx; return nil })
		if err := writeAll(kept); err == nil {
			t.Error("it still writes")
		}
		if _, err := kept.Source("a"); err == nil || claims.CodeOf(err) == claims.CodeNotFound {
			t.Errorf("it still reads: %v", err)
		}
		nothing(t, s)
	}},
	{"reads see every update that returned before", func(t *testing.T, s claims.Store) {
		for i := range 50 {
			p := sample(fmt.Sprintf("d%d", i), 1)
			store(t, s, &p)
			same(t, "claims", int64(i+1), must(s.Stats(t.Context()))(t).Claims)
			must(s.Document(t.Context(), p.doc.ID))(t)
		}
	}},
	{"a read-modify-write by many loses nothing", func(t *testing.T, s claims.Store) {
		addSources(t, s, source("a", "A", day))
		const writers, rounds = 8, 10
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range rounds {
					if err := s.Update(t.Context(), func(tx claims.Tx) error {
						src, err := tx.Source("a")
						if err != nil {
							return err
						}
						return tx.UpdateSource(src)
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		same(t, "revision", int64(1+writers*rounds), must(s.Source(t.Context(), "a"))(t).Revision)
	}},
	{"16 writers and readers at once", func(t *testing.T, s claims.Store) {
		const writers, rounds = 16, 12
		var writing, reading sync.WaitGroup
		stop := make(chan struct{})
		for w := range writers {
			writing.Go(func() {
				r := rand.New(rand.NewPCG(uint64(w), 1))
				for i := range rounds {
					p := sample(fmt.Sprintf("d%d-%d", w, i), r.IntN(5))
					if err := s.Update(t.Context(), func(tx claims.Tx) error { return put(tx, &p) }); err != nil {
						t.Error(err)
						continue
					}
					got, err := s.Claims(t.Context(), claims.ClaimFilter{Document: p.doc.ID}, claims.Page{Size: 10})
					if err != nil || len(got) != len(p.claims) {
						t.Errorf("%d of %d claims, error %v", len(got), len(p.claims), err)
					}
				}
			})
		}
		for range 4 {
			reading.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					docs, err := s.Documents(t.Context(), claims.DocumentFilter{}, claims.Page{Size: 5})
					if err != nil {
						t.Error(err)
						return
					}
					for _, d := range docs {
						if _, err := s.DocumentsBySeq(t.Context(), []int64{d.Seq}); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		writing.Wait()
		close(stop)
		reading.Wait()
		st := must(s.Stats(t.Context()))(t)
		same(t, "documents", int64(writers*rounds), st.Documents)
		next, claim := int64(1), int64(1)
		for _, e := range replay(t, s) {
			if e.Document != next {
				t.Fatalf("document %d follows %d", e.Document, next-1)
			}
			next++
			for _, v := range e.Vectors {
				if v.Claim != claim || v.Doc != e.Document {
					t.Fatalf("claim %d of document %d follows %d", v.Claim, v.Doc, claim-1)
				}
				claim++
			}
		}
		same(t, "replayed", st, claims.Stats{Documents: next - 1, Claims: claim - 1, DerivedSources: st.DerivedSources})
	}},
}
