package postgres

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// cable is a connection to the database that can be cut at a commit.
type cable struct {
	net.Conn

	cut *atomic.Int32
}

// Where a cable is cut.
const (
	whole        int32 = iota
	beforeCommit       // the database never hears of it
	afterCommit        // the database does it and nobody hears of that
)

func (c cable) Write(p []byte) (int, error) {
	if !bytes.Contains(p, []byte("COMMIT\x00")) {
		return c.Conn.Write(p)
	}
	switch c.cut.Swap(whole) {
	case beforeCommit:
		_ = c.Close()
		return 0, net.ErrClosed
	case afterCommit:
		n, err := c.Conn.Write(p)
		// The database answers when it has committed; then the answer is lost.
		_, _ = c.Read(make([]byte, 1))
		_ = c.Close()
		return n, err
	default:
		return c.Conn.Write(p)
	}
}

// TestTheConnectionBreaksDuringACommit: the update is stored once, whether the
// database had done the commit or not, and its caller hears that it is stored.
func TestTheConnectionBreaksDuringACommit(t *testing.T) {
	for name, where := range map[string]int32{"before it arrives": beforeCommit, "before its answer arrives": afterCommit} {
		t.Run(name, func(t *testing.T) {
			s := openNew(t, Options{})
			var cut atomic.Int32
			dial := s.w.config.DialFunc
			s.w.config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := dial(ctx, network, address)
				return cable{conn, &cut}, err
			}
			s.w.config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe // the statements' own texts
			if err := s.w.conn.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := putNew(t, s, "before", 10); err != nil {
				t.Fatal(err)
			}
			runs := 0
			doc, cs, identity, signature, terms := storetest.Document("doc", 3)
			cut.Store(where)
			err := s.Update(t.Context(), func(tx claims.Tx) error {
				runs++
				return tx.PutDocument(&doc, cs, identity, signature, terms)
			})
			if want := map[int32]int{beforeCommit: 2, afterCommit: 1}[where]; err != nil || runs != want || cut.Load() != whole {
				t.Errorf("ran %d times, want %d, error %v", runs, want, err)
			}
			if err := putNew(t, s, "after", 10); err != nil {
				t.Error(err)
			}
			checkReplay(t, s, 3)
		})
	}
}

func wantError(t *testing.T, err error, code claims.Code, reason, says string) {
	t.Helper()
	e, ok := errors.AsType[*claims.Error](err)
	if !ok || e.Code != code || e.Reason != reason || !strings.Contains(e.Error(), says) {
		t.Errorf("error %v, want %s, reason %q, and %q", err, code, reason, says)
		return
	}
	if strings.Contains(err.Error(), "INSERT") || strings.Contains(err.Error(), "SELECT") {
		t.Errorf("the message shows SQL: %v", err)
	}
}

// TestAStoreThatCannotBeWrittenIsReadOnly: writes fail and say so, reads go on,
// and so do writes when the database takes them again.
func TestAStoreThatCannotBeWrittenIsReadOnly(t *testing.T) {
	s := openNew(t, Options{})
	if err := putNew(t, s, "before", 10); err != nil {
		t.Fatal(err)
	}
	set := func(mode string) {
		t.Helper()
		if _, err := s.w.conn.Exec(t.Context(), "SET default_transaction_read_only = "+mode); err != nil {
			t.Fatal(err)
		}
	}
	set("on")
	wantError(t, putNew(t, s, "during", 10), claims.CodeReadOnly, "", s.name)
	if _, err := s.Document(t.Context(), "before"); err != nil {
		t.Errorf("reads do not go on: %v", err)
	}
	set("off")
	if err := putNew(t, s, "after", 10); err != nil {
		t.Error(err)
	}
	checkReplay(t, s, 2)
}

// TestAFailureThatTheCallbackOverlooks must not store half a document, and harms
// no update beside it.
func TestAFailureThatTheCallbackOverlooks(t *testing.T) {
	u := database(t)
	s := openAt(t, u, Options{})
	defer func() { _ = s.Close() }()
	exec(t, u, "ALTER TABLE claims ADD CONSTRAINT spoil CHECK (seq > 3 OR idx < 3)")
	doc, cs, identity, signature, terms := storetest.Document("doc", 3)
	err := s.Update(t.Context(), func(tx claims.Tx) error {
		_ = tx.PutDocument(&doc, cs, identity, signature, terms)
		if _, err := tx.AppendJudgement(claims.Judgement{}); err == nil {
			t.Error("the broken transaction goes on")
		}
		return nil
	})
	if err == nil || strings.Contains(err.Error(), "INSERT") || strings.Contains(err.Error(), "spoil") {
		t.Errorf("error %v", err)
	}
	if st, err := s.Stats(t.Context()); err != nil || st != (claims.Stats{}) {
		t.Errorf("stored: %+v, error %v", st, err)
	}
	exec(t, u, "ALTER TABLE claims DROP CONSTRAINT spoil")
	if err := putNew(t, s, "doc", 10); err != nil {
		t.Error(err)
	}
	checkReplay(t, s, 1)
}

// TestNamesOfAnyLength: what an index cannot hold is cut, and found all the same.
func TestNamesOfAnyLength(t *testing.T) {
	s := openNew(t, Options{})
	long := strings.Repeat("é", 5000)
	doc, cs, identity, signature, terms := storetest.Document("doc", 2)
	doc.Publisher, identity.RequestID = long, long
	cs[0].Attribution.Hops[1].Name, cs[1].Attribution.Hops[1].Name = long, long+"x"
	if err := s.Update(t.Context(), func(tx claims.Tx) error {
		return tx.PutDocument(&doc, cs, identity, signature, terms)
	}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Claims(t.Context(), claims.ClaimFilter{Asserter: []string{claims.NameKey(long)}}, claims.Page{Size: 9})
	if err != nil || len(got) != 1 || got[0].Seq != 1 {
		t.Errorf("by asserter: %d claims, error %v", len(got), err)
	}
	docs, err := s.Documents(t.Context(), claims.DocumentFilter{Publisher: strings.ToUpper(long)}, claims.Page{Size: 9})
	if err != nil || len(docs) != 1 {
		t.Errorf("by publisher: %d documents, error %v", len(docs), err)
	}
	for prefix, want := range map[string]int{long: 2, long + "x": 1, long + "y": 0, strings.Repeat("é", 300): 2, strings.Repeat("é", 300) + "x": 0} {
		sources, err := s.Sources(t.Context(), claims.SourceFilter{NamePrefix: prefix}, claims.Page{Size: 9})
		if err != nil || len(sources) != want {
			t.Errorf("by a prefix of %d bytes: %d sources, want %d, error %v", len(prefix), len(sources), want, err)
		}
	}
	for _, n := range []string{long, long + "x"} {
		sources, err := s.SourcesByKey(t.Context(), []string{claims.NameKey(n)})
		if err != nil || len(sources) != 1 || sources[0].Name != n {
			t.Errorf("by key: %d sources, error %v", len(sources), err)
		}
	}
}
