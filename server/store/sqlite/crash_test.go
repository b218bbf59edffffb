package sqlite

import (
	"bufio"
	"errors"
	"fmt"
	"io"
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

const (
	crashFile  = "SECONDSOURCE_CRASH_FILE"
	crashRound = "SECONDSOURCE_CRASH_ROUND"
	crashRuns  = 8
)

// claimsOf says how many claims the crash test gives a document.
func claimsOf(id string) int { return len(id) * int(id[len(id)-1]) % 13 }

// TestCrashChild is the process that TestNothingAcknowledgedIsLost kills: it
// stores documents from several goroutines until then and prints the id of each
// that Update acknowledged.
func TestCrashChild(t *testing.T) {
	path := os.Getenv(crashFile)
	if path == "" {
		t.Skip("it is run by TestNothingAcknowledgedIsLost in a process of its own")
	}
	s := openAt(t, path, Options{})
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
					fmt.Println("error", err)
				default:
					fmt.Println("stored", id)
				}
			}
		}()
	}
	select {}
}

var errSpoilt = errors.New("spoilt on purpose")

// TestNothingAcknowledgedIsLost kills a process that ingests in bulk, at a
// moment that differs each time, and looks at what it left.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	r := rand.New(rand.NewPCG(20240501, 8))
	acknowledged := make(map[string]bool)
	for round := range crashRuns {
		for _, id := range ingestAndKill(t, path, round, r) {
			acknowledged[id] = true
		}
		s := openAt(t, path, Options{})
		if claims := checkWhole(t, s, acknowledged); round == crashRuns-1 {
			t.Logf("%d documents acknowledged, %d claims stored in %d rounds", len(acknowledged), claims, crashRuns)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// ingestAndKill runs the child until some documents were acknowledged and a
// little longer, kills it, and returns all that it acknowledged.
func ingestAndKill(t *testing.T, path string, round int, r *rand.Rand) []string {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCrashChild$") //nolint:gosec // this test binary
	child.Env = append(os.Environ(), crashFile+"="+path, fmt.Sprintf("%s=%d", crashRound, round))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	after := 1 + r.IntN(200)
	extra := time.Duration(r.IntN(5000)) * time.Microsecond
	var ids []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		kind, id, _ := strings.Cut(lines.Text(), " ")
		if kind != "stored" {
			t.Errorf("the child says %q", lines.Text())
			continue
		}
		if ids = append(ids, id); len(ids) == after {
			// Into the middle of a later commit. SIGKILL: nothing of the child
			// runs after it.
			time.AfterFunc(extra, func() { _ = child.Process.Kill() })
		}
	}
	if err := lines.Err(); err != nil && !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if err := child.Wait(); err == nil || child.ProcessState.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
	if len(ids) < after {
		t.Fatalf("the child stored %d documents, want %d at least", len(ids), after)
	}
	return ids
}

// checkWhole checks that every acknowledged document is stored, that every
// stored one is whole, and that the file is sound. It returns the number of
// claims.
func checkWhole(t *testing.T, s *Store, acknowledged map[string]bool) int64 {
	t.Helper()
	for check, query := range map[string]string{
		"integrity_check":   `SELECT group_concat(integrity_check) FROM pragma_integrity_check`,
		"foreign_key_check": `SELECT iif(count(*) = 0, 'ok', 'broken') FROM pragma_foreign_key_check`,
	} {
		var result string
		if err := s.reads.QueryRowContext(t.Context(), query).Scan(&result); err != nil || result != "ok" {
			t.Fatalf("%s: %q, error %v", check, result, err)
		}
	}
	var halves int64
	if err := s.reads.QueryRowContext(t.Context(), `SELECT count(*) FROM documents d
		WHERE d.claim_count <> (SELECT count(*) FROM claims c WHERE c.document = d.seq)`).Scan(&halves); err != nil || halves != 0 {
		t.Fatalf("%d documents lack claims, error %v", halves, err)
	}
	found := 0
	next, claim := int64(1), int64(1)
	err := s.Replay(t.Context(), 0, func(e claims.Entry) error {
		docs, err := s.DocumentsBySeq(t.Context(), []int64{e.Document})
		if err != nil || len(docs) != 1 || e.Document != next {
			return fmt.Errorf("entry %d where %d is due: %d documents, error %w", e.Document, next, len(docs), err)
		}
		next++
		id := docs[0].ID
		if acknowledged[id] {
			found++
		}
		doc, want, _, signature, terms := storetest.Document(id, claimsOf(id))
		doc.Seq = e.Document
		entry := claims.Entry{Document: e.Document, Signature: signature}
		for i := range want {
			want[i].Document, want[i].Seq = id, claim
			entry.Vectors = append(entry.Vectors, claims.TermVector{Claim: claim, Doc: e.Document, Terms: terms[i]})
			claim++
		}
		got, err := s.Claims(t.Context(), claims.ClaimFilter{Document: id}, claims.Page{Size: 100})
		if err != nil {
			return err
		}
		for _, d := range []string{cmp.Diff(doc, docs[0], cmpopts.EquateEmpty()), cmp.Diff(want, got, cmpopts.EquateEmpty()), cmp.Diff(entry, e, cmpopts.EquateEmpty())} {
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
	if err != nil || st.Documents != next-1 || st.Claims != claim-1 {
		t.Errorf("stats %+v, error %v; replayed %d documents, %d claims", st, err, next-1, claim-1)
	}
	if found != len(acknowledged) {
		t.Errorf("%d of %d acknowledged documents are stored", found, len(acknowledged))
	}
	return st.Claims
}
