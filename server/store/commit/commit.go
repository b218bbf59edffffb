// Package commit is the group commit that the stores share: one goroutine owns
// the transaction, updates wait in a bounded queue, and those that wait at the
// same time become durable together.
package commit

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// Writer is the one connection of a store that writes. Its methods and those of
// its parts are called by one goroutine at a time, in the order Begin, any number
// of parts, then Commit or Rollback. Their errors are of the domain already.
type Writer interface {
	// Begin opens a transaction. After an error there is none.
	Begin() error
	// Part opens a part of it that can be taken back alone.
	Part() (Part, error)
	// Commit makes the parts durable. After an error nothing of them is stored.
	Commit() error
	// Rollback takes everything back, if there is something left to take back.
	Rollback()
	// Again tells whether a transaction that failed with the error may succeed
	// when it is run once more.
	Again(err error) bool
}

// Part is one update's share of a transaction.
type Part interface {
	claims.Tx

	// Over makes the Tx useless and returns the first failure of a statement,
	// which the callback may have overlooked. A refusal is none.
	Over() error
	// Keep ends the part; an error means that the transaction is lost.
	Keep() error
	// Undo takes back what it wrote; an error means that the transaction is lost:
	// ErrNotAlone where nothing else is wrong.
	Undo() error
}

// ErrNotAlone is what a part returns that cannot be taken back without the whole
// transaction. The others are run again, each in a transaction of its own.
var ErrNotAlone = errors.New("what an update wrote cannot be taken back alone")

// PanicError is what an update returns when its callback panicked.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // of the callback's goroutine
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("an update of the store panicked: %v", e.Value)
}

// Queue holds the updates that wait for a Writer.
type Queue struct {
	jobs    chan *job
	stopped chan struct{} // closed when the writer's goroutine has ended
}

// Start begins to serve a writer: as many updates may wait as length says, and
// as many share one commit as group says.
func Start(w Writer, length, group int) *Queue {
	q := &Queue{jobs: make(chan *job, length), stopped: make(chan struct{})}
	go q.serve(w, group)
	return q
}

// Waiting is the number of updates in the queue.
func (q *Queue) Waiting() int { return len(q.jobs) }

// Stop waits for all updates. No Update may begin after it.
func (q *Queue) Stop() {
	close(q.jobs)
	<-q.stopped
}

// A job is one update on its way through the writer. The callback runs on its
// caller's goroutine, so its panics carry that caller's stack and end nobody
// else, while the writer waits for it.
type job struct {
	state atomic.Int32
	turn  chan Part  // writer to caller: run the callback now, perhaps once more
	ran   chan error // caller to writer: what it returned
	done  chan error // writer to caller: the outcome, durable
}

// The states of a job. Only one of caller and writer moves it on from waiting.
const (
	waiting int32 = iota
	begun
	abandoned
)

// Update does what claims.Store.Update promises.
func (q *Queue) Update(ctx context.Context, fn func(claims.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{turn: make(chan Part, 1), ran: make(chan error, 1), done: make(chan error, 1)}
	select {
	case q.jobs <- j:
	default:
		return Overloaded()
	}
	gone := ctx.Done()
	for {
		select {
		case p := <-j.turn:
			j.run(p, fn)
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

// Overloaded is the error of an update that finds too many before it.
func Overloaded() error {
	return &claims.Error{Code: claims.CodeOverloaded, Reason: claims.ReasonOverloaded,
		Message: "too many updates wait for the store: try again later"}
}

// run calls the callback and reports to the writer whatever happens, also when
// the callback ends its goroutine (runtime.Goexit, as testing.T.FailNow does).
func (j *job) run(p Part, fn func(claims.Tx) error) {
	err := errors.New("the callback of an update ended its goroutine")
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
		if broken := p.Over(); err == nil {
			// A statement failed half way and the callback overlooked it: what it
			// wrote is not whole.
			err = broken
		}
		j.ran <- err
	}()
	err = fn(p)
}

// serve is the writer's goroutine: it takes a waiting update, adds those that
// come while it works, commits, and answers all of them.
func (q *Queue) serve(w Writer, size int) {
	defer close(q.stopped)
	for first := range q.jobs {
		if first.state.CompareAndSwap(waiting, begun) {
			group(w, first, q.jobs, size)
		}
	}
}

// outcome is what became of one job of a group.
type outcome struct {
	job *job
	err error
}

// group runs jobs in one transaction, each in a part of its own, and answers
// them after the commit. Nobody is answered earlier, not even a job that failed:
// what it saw may have been another's that is not durable yet. When the
// transaction as a whole fails, each job is run again alone, so that the one at
// fault harms no other.
func group(w Writer, first *job, queue <-chan *job, size int) {
	var ran []outcome
	err := transaction(w, func() error {
		for j := first; j != nil; j = next(queue, size-len(ran)) {
			err, lost := attempt(w, j)
			ran = append(ran, outcome{j, err})
			if lost != nil {
				return lost
			}
		}
		return nil
	})
	switch {
	case err == nil:
		for _, o := range ran {
			o.job.done <- o.err
		}
	case len(ran) <= 1 && errors.Is(err, ErrNotAlone):
		first.done <- ran[0].err
	case len(ran) <= 1:
		alone(w, first, err)
	default:
		for _, o := range ran {
			alone(w, o.job, nil)
		}
	}
}

// attempts bounds how often an update is run that fails through no fault of its
// own.
const attempts = 6

// alone runs one job in a transaction of its own, again while its failure may
// pass, and answers it. failed is the outcome of an earlier attempt, or nil.
func alone(w Writer, j *job, failed error) {
	for n := 0; ; n++ {
		if failed != nil {
			if n == attempts || !w.Again(failed) {
				j.done <- failed
				return
			}
			pause(n)
		}
		var own error
		failed = transaction(w, func() (lost error) {
			own, lost = attempt(w, j)
			return lost
		})
		if failed == nil || errors.Is(failed, ErrNotAlone) {
			j.done <- own
			return
		}
	}
}

// pause waits some 1, 2, 4 … milliseconds, so that two that collide do not
// collide again.
func pause(n int) {
	d := time.Millisecond << n
	t := time.NewTimer(d/2 + rand.N(d))
	<-t.C
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

// transaction runs body between Begin and Commit. After an error nothing is
// stored.
func transaction(w Writer, body func() error) error {
	if err := w.Begin(); err != nil {
		return err
	}
	if err := body(); err != nil {
		w.Rollback()
		return err
	}
	return w.Commit()
}

// attempt runs one job in a part. err is the job's own; lost means that the
// whole transaction is.
func attempt(w Writer, j *job) (err, lost error) {
	p, lost := w.Part()
	if lost != nil {
		return nil, lost
	}
	j.turn <- p
	if err = <-j.ran; err == nil {
		return nil, p.Keep()
	}
	if lost := p.Undo(); lost != nil {
		return err, lost
	}
	return err, nil
}
