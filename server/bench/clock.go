package main

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// times are how long each of many calls took.
type times []time.Duration

// quantile is the time within which a share q of the calls was answered.
func (t times) quantile(q float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func (t times) median() time.Duration { return t.quantile(0.5) }

// ratio is how many times a goes into b.
func ratio(b, a time.Duration) float64 { return float64(b) / float64(max(a, 1)) }

// one is a call of a contest: it answers question i.
type one func(ctx context.Context, i int) error

// beside asks each question of one side and then at once of the others, so that
// whatever else the machine does meets all of them. It returns the times of each.
func beside(ctx context.Context, n int, sides ...one) ([]times, error) {
	all := make([]times, len(sides))
	for i := range n {
		for side, call := range sides {
			start := time.Now()
			if err := call(ctx, i); err != nil {
				return nil, err
			}
			all[side] = append(all[side], time.Since(start))
		}
	}
	return all, nil
}

// together lets so many callers ask one question after the other, from question
// from on, for some time, and returns the calls a second and the next question.
func together(ctx context.Context, callers, from int, span time.Duration, call one) (rate float64, next int, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	var at atomic.Int64
	at.Store(int64(from))
	start := time.Now()
	for range callers {
		wg.Go(func() {
			for time.Since(start) < span && ctx.Err() == nil {
				if err := call(ctx, int(at.Add(1))-1); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	if ctx.Err() != nil {
		return 0, 0, context.Cause(ctx)
	}
	return float64(at.Load()-int64(from)) / took.Seconds(), int(at.Load()), nil
}

// middle is the median of some rates.
func middle(rates []float64) float64 {
	sorted := slices.Sorted(slices.Values(rates))
	return sorted[len(sorted)/2]
}
