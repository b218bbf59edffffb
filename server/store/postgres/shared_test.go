package postgres

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// putNew stores a document of the given text size with three claims.
func putNew(t testing.TB, s *Store, id string, size int) error {
	t.Helper()
	doc, cs, identity, signature, terms := storetest.Document(id, 3)
	doc.Text = strings.Repeat("x", size)
	return s.Update(t.Context(), func(tx claims.Tx) error { return tx.PutDocument(&doc, cs, identity, signature, terms) })
}

func checkReplay(t *testing.T, s *Store, want int) {
	t.Helper()
	n := 0
	if err := s.Replay(t.Context(), 0, func(e claims.Entry) error {
		if n++; e.Document != int64(n) || len(e.Vectors) != 3 {
			return fmt.Errorf("entry %d is of document %d with %d claims", n, e.Document, len(e.Vectors))
		}
		return nil
	}); err != nil || n != want {
		t.Errorf("%d entries, want %d, error %v", n, want, err)
	}
}

// TestSeveralServers: three stores over one database write at once while a
// fourth follows the log by seq. It is given every document once, in order, and
// nothing that two of them change is lost.
func TestSeveralServers(t *testing.T) {
	const servers, writers, rounds = 3, 4, 15
	u := database(t)
	var stores [servers + 1]*Store
	for i := range stores {
		stores[i] = openAt(t, u, Options{})
		defer func() { _ = stores[i].Close() }()
	}
	day := claims.Source{ID: "a", Name: "A", Registered: true, Revision: 1}
	if err := stores[0].Update(t.Context(), func(tx claims.Tx) error { return tx.InsertSource(day) }); err != nil {
		t.Fatal(err)
	}
	var writing, following sync.WaitGroup
	done := make(chan struct{})
	following.Go(func() {
		last, ended := int64(0), false
		for {
			if err := stores[servers].Replay(t.Context(), last, func(e claims.Entry) error {
				if e.Document != last+1 {
					return fmt.Errorf("document %d follows %d", e.Document, last)
				}
				last = e.Document
				return nil
			}); err != nil {
				t.Error(err)
				return
			}
			if ended {
				break
			}
			select {
			case <-done:
				ended = true // once more: the last may have come since
			default:
			}
		}
		if last != servers*writers*rounds {
			t.Errorf("followed %d documents, want %d", last, servers*writers*rounds)
		}
	})
	for i := range servers {
		for w := range writers {
			writing.Go(func() {
				s := stores[i]
				for n := range rounds {
					id := fmt.Sprintf("d%d-%d-%d", i, w, n)
					if err := putNew(t, s, id, 10); err != nil {
						t.Error(err)
					}
					if _, err := stores[(i+1)%servers].Document(t.Context(), id); err != nil {
						t.Errorf("stored here and not to be read there: %v", err)
					}
					if err := s.Update(t.Context(), func(tx claims.Tx) error {
						src, err := tx.Source("a")
						if err != nil {
							return err
						}
						if err := tx.UpdateSource(src); err != nil {
							return err
						}
						_, err = tx.AppendJudgement(claims.Judgement{Kind: claims.SetStance})
						return err
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	writing.Wait()
	close(done)
	following.Wait()
	checkReplay(t, stores[0], servers*writers*rounds)
	src, err := stores[1].Source(t.Context(), "a")
	if err != nil || src.Revision != 1+servers*writers*rounds {
		t.Errorf("revision %d, want %d, error %v", src.Revision, 1+servers*writers*rounds, err)
	}
	log, err := stores[2].Judgements(t.Context(), 0, 1000)
	if err != nil || len(log) != servers*writers*rounds || log[len(log)-1].Seq != int64(len(log)) {
		t.Errorf("%d judgements, error %v", len(log), err)
	}
	st, err := stores[0].Stats(t.Context())
	if err != nil || st.Documents != servers*writers*rounds || st.Claims != 3*st.Documents {
		t.Errorf("stats %+v, error %v", st, err)
	}
}

// TestOneServerHoldsUpTheOthersNoLongerThanItsConnection: an update of one
// server waits for that of another, and goes on when the other's connection is
// gone.
func TestOneServerHoldsUpTheOthersNoLongerThanItsConnection(t *testing.T) {
	u := database(t)
	a, b := openAt(t, u, Options{}), openAt(t, u, Options{})
	defer func() { _ = errors.Join(a.Close(), b.Close()) }()
	held, second := make(chan uint32, 1), make(chan error, 1)
	ran := 0
	go func() {
		second <- func() error {
			pid := <-held
			admin(t, "SELECT pg_terminate_backend($1)", int32(pid))
			return putNew(t, b, "b", 10)
		}()
	}()
	doc, cs, identity, signature, terms := storetest.Document("a", 3)
	err := a.Update(t.Context(), func(tx claims.Tx) error {
		if ran++; ran == 1 {
			held <- a.w.conn.PgConn().PID()
			if err := <-second; err != nil {
				t.Errorf("the other server: %v", err)
			}
		}
		return tx.PutDocument(&doc, cs, identity, signature, terms)
	})
	if err != nil || ran != 2 {
		t.Errorf("ran %d times, error %v: one whose connection broke before the commit runs again", ran, err)
	}
	checkReplay(t, a, 2)
}
