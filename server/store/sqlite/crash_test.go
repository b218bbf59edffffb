package sqlite

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

var crashRounds = flag.Int("crash.rounds", 8, "how often TestNothingAcknowledgedIsLost kills a process")

const (
	crashFile  = "SECONDSOURCE_CRASH_FILE"
	crashRound = "SECONDSOURCE_CRASH_ROUND"
)

// claimsOf says how many claims the crash test gives a document.
func claimsOf(id string) int { return len(id) * int(id[len(id)-1]) % 13 }

// TestCrashChild is the process that TestNothingAcknowledgedIsLost and
// TestAPowerCut end: it stores documents from several goroutines until then, and
// erases some. It prints what it is told is done, and what it is about to erase,
// with the length of the log that powercut.c writes, 0 without one.
func TestCrashChild(t *testing.T) {
	path := os.Getenv(crashFile)
	if path == "" {
		t.Skip("it is run by TestNothingAcknowledgedIsLost in a process of its own")
	}
	s := openAt(t, path, Options{})
	log := os.Getenv(powerCutLog)
	if log != "" {
		set(t, s, "wal_autocheckpoint = 60") // pages: many checkpoints
	}
	say := func(what, id string) {
		at := int64(0)
		if info, err := os.Stat(log); err == nil {
			at = info.Size()
		}
		fmt.Println(what, id, at)
	}
	for w := range 6 {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("d-%s-%d-%d", os.Getenv(crashRound), w, i)
				doc, cs, identity, signature, terms := storetest.Document(id, claimsOf(id))
				spoilt := i%7 == 6
				err := s.Update(t.Context(), func(tx claims.Tx) error {
					if err := tx.PutDocument(&doc, cs, identity, signature, terms); err != nil {
						return err
					}
					if spoilt {
						return errSpoilt
					}
					return nil
				})
				switch {
				case spoilt && err == errSpoilt:
				case err != nil:
					say("error:"+strings.ReplaceAll(err.Error(), " ", "_"), id)
				default:
					say("stored", id)
				}
				if err != nil || i%10 != 9 {
					continue
				}
				say("erasing", id)
				if err := s.Update(t.Context(), func(tx claims.Tx) error {
					_, err := tx.EraseDocument(id)
					return err
				}); err != nil {
					say("error:"+strings.ReplaceAll(err.Error(), " ", "_"), id)
				} else {
					say("erased", id)
				}
			}
		}()
	}
	select {}
}

var errSpoilt = errors.New("spoilt on purpose")

// A saying is a line of the child's.
type saying struct {
	what, id string
	at       int64 // length of the log when it was said
}

// owed is what must be so when everything up to a place in the log has happened:
// true for a document that must be there, false for one that must not, nothing for
// one that was being erased.
func owed(all []saying, upTo int64) map[string]bool {
	want := make(map[string]bool)
	for _, s := range all {
		switch {
		case s.at > upTo:
		case s.what == "stored":
			want[s.id] = true
		case s.what == "erasing":
			delete(want, s.id)
		case s.what == "erased":
			want[s.id] = false
		}
	}
	return want
}

// TestNothingAcknowledgedIsLost kills a process that ingests in bulk, at a
// moment that differs each time, and looks at what it left.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	r := rand.New(rand.NewPCG(20240501, 8))
	var all []saying
	for round := range *crashRounds {
		all = append(all, runAndKill(t, path, round, 1+r.IntN(200), time.Duration(r.IntN(5000))*time.Microsecond)...)
		if last := round == *crashRounds-1; !last && round%10 > 0 && *crashRounds > 50 {
			continue // looking at everything each time would take most of the time
		}
		s := openAt(t, path, Options{})
		want := owed(all, math.MaxInt64)
		documents := checkWhole(t, s, want)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if t.Failed() || round == *crashRounds-1 {
			t.Logf("round %d: %d documents acknowledged or erased, %d stored", round+1, len(want), documents)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
}

// runAndKill runs the child until some documents were acknowledged and a little
// longer, kills it, and returns all that it said.
func runAndKill(t *testing.T, path string, round, after int, extra time.Duration, env ...string) []saying {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCrashChild$") //nolint:gosec // this test binary
	child.Env = append(append(os.Environ(), crashFile+"="+path, fmt.Sprintf("%s=%d", crashRound, round)), env...)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var all []saying
	stored := 0
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var s saying
		if n, err := fmt.Sscan(lines.Text(), &s.what, &s.id, &s.at); n != 3 || err != nil || strings.HasPrefix(s.what, "error:") {
			t.Errorf("the child says %q", lines.Text())
			continue
		}
		all = append(all, s)
		if s.what == "stored" {
			if stored++; stored == after {
				// Into the middle of a later commit. SIGKILL: nothing of the child
				// runs after it.
				time.AfterFunc(extra, func() { _ = child.Process.Kill() })
			}
		}
	}
	if err := lines.Err(); err != nil && !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if err := child.Wait(); err == nil || child.ProcessState.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
	if stored < after {
		t.Fatalf("the child stored %d documents, want %d at least", stored, after)
	}
	return all
}

// checkWhole checks that the file is sound, that every stored document is whole,
// and that those are stored that must be and no others that must not. It returns
// the number of documents.
func checkWhole(t *testing.T, s *Store, want map[string]bool) int64 {
	t.Helper()
	if err := s.Integrity(t.Context(), func(what string) { t.Errorf("the file: %s", what) }); err != nil {
		t.Fatal(err)
	}
	erased := make(map[int64]int64) // claims by document
	gone, err := s.Erasures(t.Context(), 0, math.MaxInt32)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range gone {
		erased[e.Document] = int64(e.Claims)
	}
	found, documents, all := make(map[string]bool), int64(0), int64(0)
	next, claim := int64(1), int64(1)
	err = s.Replay(t.Context(), 0, func(e claims.Entry) error {
		for ; e.Document != next; next++ {
			n, ok := erased[next]
			if !ok {
				return fmt.Errorf("entry %d where %d is due", e.Document, next)
			}
			claim += n
		}
		next++
		docs, err := s.DocumentsBySeq(t.Context(), []int64{e.Document})
		if err != nil || len(docs) != 1 {
			return fmt.Errorf("of entry %d there are %d documents, error %w", e.Document, len(docs), err)
		}
		id := docs[0].ID
		found[id] = true
		doc, cs, _, signature, terms := storetest.Document(id, claimsOf(id))
		doc.Seq = e.Document
		entry := claims.Entry{Document: e.Document, Signature: signature}
		for i := range cs {
			cs[i].Document, cs[i].Seq = id, claim
			entry.Vectors = append(entry.Vectors, claims.TermVector{Claim: claim, Doc: e.Document, Terms: terms[i]})
			claim++
		}
		documents, all = documents+1, all+int64(len(cs))
		got, err := s.Claims(t.Context(), claims.ClaimFilter{Document: id}, claims.Page{Size: 100})
		if err != nil {
			return err
		}
		for _, d := range []string{cmp.Diff(doc, docs[0], cmpopts.EquateEmpty()), cmp.Diff(cs, got, cmpopts.EquateEmpty()), cmp.Diff(entry, e, cmpopts.EquateEmpty())} {
			if d != "" {
				return fmt.Errorf("%s is not whole (-want +got):\n%s", id, d)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	st, err := s.Stats(t.Context())
	if err != nil || st.Documents != documents || st.Claims != all {
		t.Errorf("stats %+v, error %v; replayed %d documents, %d claims", st, err, documents, all)
	}
	for id, there := range want {
		if found[id] != there {
			t.Errorf("%s was acknowledged as stored (%v), and is there: %v", id, there, found[id])
		}
	}
	return documents
}
