package e2e_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// aServerIsKilled: two real servers over one PostgreSQL database ingest at the same
// time, and one of them is killed. Everything that either acknowledged is there
// and whole, the other one goes on, and whoever is started in the place of the
// first answers as the other does.
func aServerIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the server")
	}
	binary, database := buildServer(t), postgresSchema(t)
	r := rand.New(rand.NewPCG(20260504, 9))
	_, survivor := launch(t, binary, database)
	acknowledged := map[string]*secondsourcev1.IngestDocumentResponse{} // by document name
	for round := range *killRounds {
		victim, c := launch(t, binary, database)
		last := ingestIntoBoth(t, victim, c, survivor, round, 20+int64(r.IntN(150)))
		checkAcknowledged(t, survivor, last)
		maps.Copy(acknowledged, last)
		if t.Failed() {
			return
		}
	}
	_, other := launch(t, binary, database)
	checkAcknowledged(t, other, acknowledged)
	sameAnswers(t, survivor, other)

	// Not a row too many or too few, of what was not acknowledged either.
	if out, err := exec.CommandContext(t.Context(), binary, "admin", "check", "--database", database).CombinedOutput(); err != nil { //nolint:gosec // the server built above
		t.Errorf("admin check: %v\n%s", err, out)
	}
	t.Logf("%d documents acknowledged in %d rounds", len(acknowledged), *killRounds)
}

// ingestIntoBoth sends documents to two servers, kills the victim at its n-th
// answer, while other calls to both are under way, lets the survivor store as many
// more, and returns all answers.
func ingestIntoBoth(t *testing.T, victim *exec.Cmd, c, survivor *client.Client, round int, n int64) map[string]*secondsourcev1.IngestDocumentResponse {
	t.Helper()
	var mu sync.Mutex
	all := map[string]*secondsourcev1.IngestDocumentResponse{}
	keep := func(answer *secondsourcev1.IngestDocumentResponse) {
		mu.Lock()
		defer mu.Unlock()
		all[answer.GetDocument().GetName()] = answer
	}
	toVictim, gone := context.WithCancel(t.Context())
	defer gone()
	var byVictim, after atomic.Int64
	var senders sync.WaitGroup
	for sender := range killSenders {
		senders.Go(func() {
			for i := 0; ; i++ {
				answer, err := c.IngestDocument(toVictim, &secondsourcev1.IngestDocumentRequest{Document: bulk(fmt.Sprintf("%d-v%d-%d", round, sender, i))})
				if err != nil {
					if byVictim.Load() < n {
						t.Errorf("before it was killed: %v", err)
						gone()
					}
					return
				}
				keep(answer)
				if byVictim.Add(1) == n {
					if err := victim.Process.Kill(); err != nil { // SIGKILL
						t.Error(err)
					}
					_ = victim.Wait()
					gone() // nobody waits for a server that is gone
				}
			}
		})
		senders.Go(func() {
			for i := 0; after.Load() < n; i++ {
				answer, err := survivor.IngestDocument(t.Context(), &secondsourcev1.IngestDocumentRequest{Document: bulk(fmt.Sprintf("%d-s%d-%d", round, sender, i))})
				if err != nil {
					t.Errorf("the server that was not killed: %v", err)
					return
				}
				keep(answer)
				if toVictim.Err() != nil {
					after.Add(1)
				}
			}
		})
	}
	senders.Wait()
	if victim.ProcessState == nil || victim.ProcessState.Exited() {
		t.Fatalf("the server was not killed: %v", victim.ProcessState)
	}
	return all
}

// sameAnswers asks two servers the same questions.
func sameAnswers(t *testing.T, a, b *client.Client) {
	t.Helper()
	for _, claim := range []string{"The Zenda dam broke", "The Zenda dam did not break", "Outlet 1-s2-3 counted nine boats", "The mayor closed the bridge", "The mayor opened a school"} {
		req := &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: claim}}
		x, err := a.Corroborate(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		y, err := b.Corroborate(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if !proto.Equal(x, y) {
			t.Errorf("%s: one server answers\n%v\nthe other\n%v", claim, x, y)
		}
	}
}
