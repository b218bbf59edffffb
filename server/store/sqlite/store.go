// Package sqlite keeps the log of documents, claims, sources and judgements in
// one SQLite file. It implements claims.Store.
//
// One goroutine owns the only connection that writes and commits waiting
// updates in groups (server/store/commit); a pool of connections that cannot write serves
// the reads (read.go). A second process is kept off the file by a lock beside
// it. The log is the truth: this package holds no search index and no rule of
// the domain.
package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"sync"

	"github.com/gofrs/flock"

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
	// Readers is how many connections serve reads. 0 is one per processor, at
	// least 4.
	Readers int
}

func (o Options) withDefaults() Options {
	if o.Queue <= 0 {
		o.Queue = 512
	}
	if o.Group <= 0 {
		o.Group = 64
	}
	if o.Readers <= 0 {
		o.Readers = max(4, runtime.GOMAXPROCS(0))
	}
	return o
}

// Store is a claims.Store in one SQLite file.
type Store struct {
	path  string
	reads *sql.DB
	// Nil in one that Inspect opened.
	lock   *flock.Flock
	writes *sql.DB
	w      *writer
	queue  *commit.Queue
	kept   *kept
	counts counts

	// stmts holds the prepared read statements by their text. Listings build
	// few different texts (one for each set of filters), so it stays small.
	stmts   map[string]*sql.Stmt
	stmtsMu sync.RWMutex

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

// Ping tells whether the store can answer: it reads the file's header and the
// schema.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.readRow(ctx, `SELECT EXISTS (SELECT 1 FROM documents)`, nil, &one)
}

// Update implements claims.Store.
func (s *Store) Update(ctx context.Context, fn func(claims.Tx) error) error {
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	if s.queue == nil {
		return &claims.Error{Code: claims.CodeReadOnly, Message: fmt.Sprintf("the database %q is only being read", s.path)}
	}
	return s.queue.Update(ctx, fn)
}

// Close waits for running reads and updates, also those that wait in the
// queue, and releases the file. A second call does nothing.
func (s *Store) Close() error {
	var err error
	s.close.Do(func() {
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
		s.running.Wait()
		if s.queue != nil {
			s.queue.Stop()
			s.w.settle()
		}
		err = s.release()
	})
	return err
}

// release closes what Open opened, the writer last: the last connection folds
// the write-ahead log into the file, and the readers may not write.
func (s *Store) release() error {
	var first error
	keep := func(err error) {
		if first == nil {
			first = translate(err, s.path)
		}
	}
	for _, stmt := range s.stmts {
		keep(stmt.Close())
	}
	if s.reads != nil {
		keep(s.reads.Close())
	}
	if s.w != nil {
		keep(s.w.release())
	}
	if s.writes != nil {
		keep(s.writes.Close())
	}
	if s.lock != nil {
		keep(s.lock.Unlock())
	}
	return first
}
