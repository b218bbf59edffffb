package desk

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/secondsource/secondsource/claims"
)

// Answered is the answer to one of several questions, or why it has none.
type Answered struct {
	Corroboration claims.Corroboration
	Err           error
}

// CorroborateAll answers several questions, each as Corroborate would, and an error
// of one is that one's alone. The answers are in the order of the questions. It
// returns an error only when the context ends.
func (d *Desk) CorroborateAll(ctx context.Context, qs []claims.Query) ([]Answered, error) {
	out := make([]Answered, len(qs))
	d.each(ctx, len(qs), func(i int) (err error) {
		out[i].Corroboration, err = d.Corroborate(ctx, qs[i])
		return err
	}, func(i int, err error) { out[i] = Answered{Err: err} })
	return out, ctx.Err()
}

// each calls work with 0 to n-1, as many at once as there are processors, and
// failed with the error of what fails, a panic among them. When the context ends
// it begins no more.
func (d *Desk) each(ctx context.Context, n int, work func(int) error, failed func(int, error)) {
	next := make(chan int)
	var group sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := range next {
				if err := d.safely(ctx, func() error { return work(i) }); err != nil {
					failed(i, err)
				}
			}
		})
	}
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	group.Wait()
}

// safely turns a panic into an error: in a goroutine of its own it would take the
// server with it.
func (d *Desk) safely(ctx context.Context, work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			d.log.ErrorContext(ctx, "panic", "value", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return work()
}
