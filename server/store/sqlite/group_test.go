package sqlite

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// TestWaitingUpdatesShareACommit lets updates gather behind one that is held
// and counts the commits by their blobs.
func TestWaitingUpdatesShareACommit(t *testing.T) {
	const waiters, size = 50, 8
	s := openNew(t, Options{Group: size})
	begun, end := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := s.Update(t.Context(), func(claims.Tx) error {
			close(begun)
			<-end
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
	<-begun
	for i := range waiters {
		wg.Go(func() {
			if err := putNew(t, s, fmt.Sprintf("d%d", i), 10); err != nil {
				t.Error(err)
			}
		})
	}
	for s.queue.Waiting() < waiters {
		runtime.Gosched()
	}
	close(end)
	wg.Wait()
	var blobs int
	if err := s.reads.QueryRowContext(t.Context(), "SELECT count(*) FROM forward").Scan(&blobs); err != nil {
		t.Fatal(err)
	}
	// The held update shares the first commit: 51 updates, 8 a commit.
	if want := (waiters + 1 + size - 1) / size; blobs != want {
		t.Errorf("%d commits for %d updates, want %d", blobs, waiters+1, want)
	}
	checkReplay(t, s, waiters)
}
