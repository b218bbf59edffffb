package e2e_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

var killRounds = flag.Int("kill.rounds", 3, "how often a server is killed in the middle of an ingest")

const killSenders = 6

// TestKillNineLosesNothingAcknowledged kills the real server in the middle of a
// bulk ingest, at a moment that differs each time, and asks the one that is
// started over its database for everything that was acknowledged.
func TestKillNineLosesNothingAcknowledged(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the server")
	}
	binary := buildServer(t)
	database := filepath.Join(t.TempDir(), "kill.db")
	r := rand.New(rand.NewPCG(20260503, 9))
	acknowledged := map[string]*secondsourcev1.IngestDocumentResponse{} // by document name
	last := map[string]*secondsourcev1.IngestDocumentResponse{}         // of the round before
	for round := range *killRounds {
		server, c := launch(t, binary, database)
		checkAcknowledged(t, c, last)
		clear(last)
		for _, answer := range ingestUntilKilled(t, server, c, round, 20+int64(r.IntN(150))) {
			last[answer.GetDocument().GetName()] = answer
		}
		maps.Copy(acknowledged, last)
		if t.Failed() {
			return
		}
	}
	_, c := launch(t, binary, database)
	checkAcknowledged(t, c, acknowledged)
	// Nothing stored is half of one either, acknowledged or not.
	stored := 0
	for d, err := range c.AllDocuments(t.Context(), &secondsourcev1.ListDocumentsRequest{PageSize: 500}) {
		if err != nil {
			t.Fatal(err)
		}
		stored++
		again, err := c.IngestDocument(t.Context(), &secondsourcev1.IngestDocumentRequest{Document: bulk(d.GetExternalId())})
		if err != nil || again.GetOutcome() != secondsourcev1.IngestOutcome_INGEST_OUTCOME_UNCHANGED {
			t.Errorf("%s: %v, %v", d.GetExternalId(), again.GetOutcome(), err)
		}
		if n := len(again.GetClaims()); n != bulkClaims {
			t.Errorf("%s has %d claims, want %d", d.GetExternalId(), n, bulkClaims)
		}
	}
	t.Logf("%d documents acknowledged, %d stored, in %d rounds", len(acknowledged), stored, *killRounds)
}

// buildServer builds the program and gives its path.
func buildServer(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "secondsourced")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../secondsourced").CombinedOutput(); err != nil { //nolint:gosec // into the test's own folder
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// bulk is one of many documents, made from its id.
func bulk(id string) *secondsourcev1.Document {
	d := article("Outlet "+id, "2026-03-03", fmt.Sprintf("The Zenda dam broke. Outlet %s counted nine boats. The mayor closed the bridge.", id))
	d.ExternalId = id
	return d
}

// bulkClaims is how many claims each of them makes.
const bulkClaims = 3

// launch starts the program and waits until it serves.
func launch(t *testing.T, binary, database string) (*exec.Cmd, *client.Client) {
	t.Helper()
	// The test's context ends before its cleanups: this one lasts until killed.
	server := exec.CommandContext(context.WithoutCancel(t.Context()), binary, "--listen", "127.0.0.1:0", "--database", database, "--log-level", "warn") //nolint:gosec // the server built above
	server.Stderr = os.Stderr
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill() // of one that was killed before it is an error
		_ = server.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatalf("the server says %q, %v", line, err)
	}
	c, err := client.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	awaitServing(t, c)
	return server, c
}

// ingestUntilKilled sends documents from several callers, kills the server at the
// n-th answer, while the other calls are under way, and returns all answers.
func ingestUntilKilled(t *testing.T, server *exec.Cmd, c *client.Client, round int, n int64) []*secondsourcev1.IngestDocumentResponse {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var answers [killSenders][]*secondsourcev1.IngestDocumentResponse
	var answered atomic.Int64
	var group sync.WaitGroup
	for sender := range killSenders {
		group.Go(func() {
			for i := 0; ; i++ {
				answer, err := c.IngestDocument(ctx, &secondsourcev1.IngestDocumentRequest{Document: bulk(fmt.Sprintf("%d-%d-%d", round, sender, i))})
				if err != nil {
					if answered.Load() < n {
						t.Errorf("before it was killed: %v", err)
						stop()
					}
					return
				}
				answers[sender] = append(answers[sender], answer)
				if answered.Add(1) == n {
					if err := server.Process.Kill(); err != nil { // SIGKILL
						t.Error(err)
					}
					_ = server.Wait()
					stop() // nobody waits for a server that is gone
				}
			}
		})
	}
	group.Wait()
	if server.ProcessState == nil || server.ProcessState.Exited() {
		t.Fatalf("the server was not killed: %v", server.ProcessState)
	}
	var all []*secondsourcev1.IngestDocumentResponse
	for _, some := range answers {
		all = append(all, some...)
	}
	return all
}

// checkAcknowledged asks for every document that was acknowledged, and its claims.
func checkAcknowledged(t *testing.T, c *client.Client, acknowledged map[string]*secondsourcev1.IngestDocumentResponse) {
	t.Helper()
	for name, was := range acknowledged {
		is, err := c.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: name})
		if err != nil {
			t.Errorf("%s was acknowledged: %v", name, err)
			continue
		}
		want := proto.CloneOf(was.GetDocument())
		want.Text = bulk(want.GetExternalId()).GetText() // an answer to an ingest does not repeat it
		if !proto.Equal(is.GetDocument(), want) {
			t.Errorf("acknowledged\n%v\nstored\n%v", want, is.GetDocument())
		}
		var claims []*secondsourcev1.Claim
		for claim, err := range c.AllClaims(t.Context(), &secondsourcev1.ListClaimsRequest{Document: name}) {
			if err != nil {
				t.Fatal(err)
			}
			claims = append(claims, claim)
		}
		if len(claims) != len(was.GetClaims()) {
			t.Errorf("%s: %d claims were acknowledged, %d are stored", name, len(was.GetClaims()), len(claims))
			continue
		}
		for i := range claims {
			if !proto.Equal(claims[i], was.GetClaims()[i]) {
				t.Errorf("acknowledged\n%v\nstored\n%v", was.GetClaims()[i], claims[i])
			}
		}
	}
}
