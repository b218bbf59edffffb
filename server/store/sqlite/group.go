package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/forward"
)

// A job is one Update on its way through the writer. The callback runs on its
// caller's goroutine, so its panics carry that caller's stack and end nobody
// else, while the writer waits for it.
type job struct {
	state atomic.Int32
	turn  chan *tx   // writer to caller: run the callback now, perhaps once more
	ran   chan error // caller to writer: what it returned
	done  chan error // writer to caller: the outcome, durable
}

// The states of a job. Only one of caller and writer moves it on from waiting.
const (
	waiting int32 = iota
	begun
	abandoned
)

// Update implements claims.Store.
func (s *Store) Update(ctx context.Context, fn func(claims.Tx) error) error {
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{turn: make(chan *tx, 1), ran: make(chan error, 1), done: make(chan error, 1)}
	select {
	case s.queue <- j:
	default:
		return &claims.Error{Code: claims.CodeOverloaded, Reason: claims.ReasonOverloaded,
			Message: "too many updates wait for the store: try again later"}
	}
	gone := ctx.Done()
	for {
		select {
		case t := <-j.turn:
			j.run(t, fn)
		case err := <-j.done:
			return err
		case <-gone:
			if j.state.CompareAndSwap(waiting, abandoned) {
				return ctx.Err()
			}
			gone = nil // it has begun: wait for what becomes of it
		}
	}
}

// run calls the callback and reports to the writer whatever happens, also when
// the callback ends its goroutine (runtime.Goexit, as testing.T.FailNow does).
func (j *job) run(t *tx, fn func(claims.Tx) error) {
	err := errors.New("the callback of an update ended its goroutine")
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
		t.over = true
		j.ran <- err
	}()
	err = fn(t)
}

// writer owns the one connection that writes. Only the goroutine of Store.write
// uses it, or a callback while that goroutine waits for it.
type writer struct {
	conn  *sql.Conn
	path  string
	stmts map[string]*sql.Stmt

	// The last seqs given out. Nothing is ever deleted and nobody else writes,
	// so they are also the counts of rows.
	doc, claim int64
	forward    forward.Encoder // of the open transaction
}

func newWriter(ctx context.Context, db *sql.DB, path string) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{conn: conn, path: path, stmts: make(map[string]*sql.Stmt)}
	err = conn.QueryRowContext(ctx, `SELECT coalesce((SELECT max(seq) FROM documents), 0), coalesce((SELECT max(seq) FROM claims), 0)`).
		Scan(&w.doc, &w.claim)
	if err != nil {
		return nil, errors.Join(err, w.release())
	}
	return w, nil
}

func (w *writer) release() error {
	var errs []error
	for _, stmt := range w.stmts {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, w.conn.Close())...)
}

// stmt returns the prepared statement of a text. Updates are not interrupted
// half way, so no caller's context reaches the connection.
func (w *writer) stmt(query string) (*sql.Stmt, error) {
	if stmt := w.stmts[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := w.conn.PrepareContext(context.Background(), query)
	if err == nil {
		w.stmts[query] = stmt
	}
	return stmt, err
}

func (w *writer) exec(query string, args ...any) error {
	stmt, err := w.stmt(query)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(context.Background(), args...)
	return err
}

// write is the writer's goroutine: it takes a waiting update, adds those that
// come while it works, commits, and answers all of them.
func (s *Store) write(size int) {
	defer close(s.stopped)
	for first := range s.queue {
		if first.state.CompareAndSwap(waiting, begun) {
			s.w.group(first, s.queue, size)
		}
	}
}

// outcome is what became of one job of a group.
type outcome struct {
	job *job
	err error
}

// group runs jobs in one transaction, each in a savepoint of its own, and
// answers them after the commit. Nobody is answered earlier, not even a job
// that failed: what it saw may have been another's that is not durable yet.
// When the transaction as a whole fails, each job is run again alone, so that
// the one at fault harms no other.
func (w *writer) group(first *job, queue <-chan *job, size int) {
	var ran []outcome
	err := w.transaction(func() error {
		for j := first; j != nil; j = next(queue, size-len(ran)) {
			err, fatal := w.attempt(j)
			ran = append(ran, outcome{j, err})
			if fatal != nil {
				return fatal
			}
		}
		return nil
	})
	switch {
	case err == nil:
		for _, o := range ran {
			o.job.done <- o.err
		}
	case len(ran) <= 1:
		first.done <- translate(err, w.path)
	default:
		for _, o := range ran {
			w.alone(o.job)
		}
	}
}

func (w *writer) alone(j *job) {
	var own error
	err := w.transaction(func() error {
		var fatal error
		own, fatal = w.attempt(j)
		return fatal
	})
	if err != nil {
		own = translate(err, w.path)
	}
	j.done <- own
}

// next takes a job that waits, if there is room for one; it does not wait.
func next(queue <-chan *job, room int) *job {
	for room > 0 {
		select {
		case j, ok := <-queue:
			if !ok {
				return nil
			}
			if j.state.CompareAndSwap(waiting, begun) {
				return j
			}
		default:
			return nil
		}
	}
	return nil
}

// transaction runs body between BEGIN and COMMIT and appends the blob of
// forward terms. After an error nothing is stored.
func (w *writer) transaction(body func() error) error {
	doc, claim := w.doc, w.claim
	w.forward.Reset(forward.Mark{})
	err := w.exec("BEGIN IMMEDIATE")
	if err != nil {
		return err
	}
	if err = body(); err == nil {
		if blob := w.forward.Blob(); blob != nil {
			err = w.exec(`INSERT INTO forward (first, blob) VALUES (?, ?)`, w.forward.First(), blob)
		}
	}
	if err == nil {
		err = w.exec("COMMIT")
	}
	if err != nil {
		w.doc, w.claim = doc, claim
		// SQLite may have rolled back by itself (a full disk); then this one
		// fails and there is nothing left to do.
		_ = w.exec("ROLLBACK")
	}
	return err
}

// attempt runs one job in a savepoint. err is the job's own; fatal means that
// the whole transaction is lost.
func (w *writer) attempt(j *job) (err, fatal error) {
	doc, claim, mark := w.doc, w.claim, w.forward.Mark()
	if err := w.exec("SAVEPOINT job"); err != nil {
		return nil, err
	}
	t := &tx{w: w}
	j.turn <- t
	err = <-j.ran
	if err == nil {
		// A statement failed half way and the callback overlooked it: what it
		// wrote is not whole.
		err = t.broken
	}
	if err == nil {
		return nil, w.exec("RELEASE job")
	}
	w.doc, w.claim = doc, claim
	w.forward.Reset(mark)
	if back := w.exec("ROLLBACK TO job"); back != nil {
		if t.broken != nil {
			return err, err // it lost the transaction, and its error says why
		}
		return err, fmt.Errorf("rolling back an update: %w", back)
	}
	return err, w.exec("RELEASE job")
}
