package e2e_test

import (
	"slices"
	"testing"

	"github.com/secondsource/secondsource/claims/desk"
)

// TestADeletedDocumentLeavesNoTraceInAnswers compares an archive from which
// documents were deleted with one that they never came to: another's, its own
// copy, whatever.
func TestADeletedDocumentLeavesNoTraceInAnswers(t *testing.T) {
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		p := c.pieces[c.rand.IntN(len(c.pieces))]
		c.add(echoes[c.rand.IntN(3)].of(c, p), p.event, p.telling)
		e.fill(t, c.pieces[len(c.pieces)-1:])
		ids := make([]string, len(c.pieces))
		for i := range c.pieces {
			in, err := e.Ingest(t.Context(), desk.IngestRequest{Document: c.pieces[i].Document}) // it is stored: this brings its id
			if err != nil {
				t.Fatal(err)
			}
			ids[i] = in.Document.ID
		}
		var gone []string
		for range 2 {
			id := ids[c.rand.IntN(len(ids))]
			if slices.Contains(gone, id) {
				continue // as another version of the first
			}
			done, err := e.DeleteDocument(t.Context(), desk.DeleteRequest{Document: id, Reason: "a test"})
			if err != nil || !slices.Contains(done.Documents, id) {
				t.Fatalf("deleted %v for %s, error %v", done.Documents, id, err)
			}
			gone = append(gone, done.Documents...)
		}
		never := newDesk(t)
		for i := range c.pieces {
			if !slices.Contains(gone, ids[i]) {
				never.file(t, c.pieces[i].Document)
			}
		}
		if x, y := portraits(e.answers(t, c)), portraits(never.answers(t, c)); x != y {
			t.Errorf("after deleting %d documents %s\nwhere they never were %s\n%s", len(gone), x, y, c)
		}
	})
}
