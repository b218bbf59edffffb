// Package postgres keeps the log of documents, claims, sources and judgements in
// a PostgreSQL database, which several servers may share. It implements
// claims.Store, and claims.Candidates from posting lists that it builds beside
// the log.
//
// Each server commits its waiting updates in groups (server/store/commit) over
// one connection. A group locks the head of the log first, so the groups of all
// servers run one after another and each sees all that was committed before it:
// updates are serial, and seqs rise in order of commit. A pool of connections
// serves the reads. The log is the truth: this package holds no rule of the
// domain.
package postgres

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/commit"
)

// Options are the settings of a store; the zero value is what a server wants.
type Options struct {
	// Queue is how many updates may wait for the writer; one more is refused
	// with CodeOverloaded. 0 is 512.
	Queue int
	// Group is how many updates may share one commit. 0 is 64.
	Group int
	// Readers is how many connections serve reads. 0 is two per processor, at
	// least 4.
	Readers int
	// Compact is how often the posting lists are looked after. 0 is a second;
	// less than that, never.
	Compact time.Duration
	// CompactAt is how many claims may be searched from forward blobs before
	// they are compacted. 0 is 4096.
	CompactAt int
}

func (o Options) withDefaults() Options {
	if o.Queue <= 0 {
		o.Queue = 512
	}
	if o.Group <= 0 {
		o.Group = 64
	}
	if o.Readers <= 0 {
		o.Readers = max(4, 2*runtime.GOMAXPROCS(0))
	}
	if o.Compact == 0 {
		o.Compact = time.Second
	}
	if o.CompactAt <= 0 {
		o.CompactAt = 4096
	}
	return o
}

// Store is a claims.Store in a PostgreSQL database.
type Store struct {
	name  string // of the database, for messages: no secrets
	reads *pgxpool.Pool
	w     *writer
	queue *commit.Queue
	lists *compactor // nil for none

	// mu guards closed together with the first step of every operation, so that
	// Close waits for those that began and refuses the rest.
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
	close   sync.Once
}

var _ claims.Store = (*Store)(nil)

// begin counts an operation as running, or returns the error of a closed
// store. Every begin that succeeds needs its end.
func (s *Store) begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return &claims.Error{Code: claims.CodeUnavailable, Reason: claims.ReasonStoreClosed, Message: "the store is closed"}
	}
	s.running.Add(1)
	return nil
}

func (s *Store) end() { s.running.Done() }

// Update implements claims.Store. When the connection breaks during the commit,
// it is made again to learn whether the commit happened; only when that fails
// for half a minute the outcome is not known, and the error says so.
func (s *Store) Update(ctx context.Context, fn func(claims.Tx) error) error {
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	return s.queue.Update(ctx, fn)
}

// Close waits for running reads and updates, also those that wait in the
// queue, and ends the connections. A second call does nothing.
func (s *Store) Close() error {
	s.close.Do(func() {
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
		s.running.Wait()
		if s.lists != nil {
			s.lists.end()
		}
		s.queue.Stop()
		s.w.end()
		s.reads.Close()
	})
	return nil
}
