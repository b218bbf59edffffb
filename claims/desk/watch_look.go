package desk

import (
	"context"
	"slices"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// look asks a question again and tells what has changed: moment by moment where
// several documents came in, or embargoes ended, since it was last told of.
func (w *watch) look(ctx context.Context, it *watched) error {
	now, err := w.ask(ctx, it, time.Time{})
	if err != nil {
		return err
	}
	if it.claim != 0 && !it.has {
		return w.claimed(ctx, it, now)
	}
	if it.last.looked == nil { // from a state: what it has told of is asked again as of then
		then, err := w.ask(ctx, it, it.last.at)
		if err != nil {
			return err
		}
		then.judgement = w.state.Judgement
		it.last = then.seen()
	}
	decided, err := w.decided(ctx, it.last.judgement, now.judgement)
	if err != nil {
		return err
	}
	moments := momentsOf(now.looked, decided, it.last.at, now.at)
	moments = moments[max(0, len(moments)-maxSteps):]
	for i, at := range moments {
		if i == len(moments)-1 { // the last is how things stand
			break
		}
		then, err := w.ask(ctx, it, at)
		if err != nil {
			return err
		}
		then.judgement = it.last.judgement
		for _, j := range decided {
			if !j.At.After(at) {
				then.judgement = max(then.judgement, j.Seq)
			}
		}
		if err := w.compare(ctx, it, then); err != nil {
			return err
		}
	}
	return w.compare(ctx, it, now)
}

// decided are the judgements in (from, to] that hold from when they were made. A
// deletion and a change of the registry act on all times.
func (w *watch) decided(ctx context.Context, from, to int64) ([]claims.Judgement, error) {
	if from >= to {
		return nil, nil
	}
	js, err := w.d.store.Judgements(ctx, from, maxJudgements)
	return slices.DeleteFunc(js, func(j claims.Judgement) bool {
		return j.Seq > to || j.Kind == claims.DeletedDocument || j.Kind == claims.RegisteredSource || j.Kind == claims.UpdatedSource
	}), err
}

// momentsOf are the instants in (from, to] at which documents came to be known or
// free, or an editor decided something.
func momentsOf(looked map[string]*claims.Document, decided []claims.Judgement, from, to time.Time) []time.Time {
	var out []time.Time
	for _, j := range decided {
		if j.At.After(from) && !j.At.After(to) {
			out = append(out, j.At)
		}
	}
	for _, x := range looked {
		for _, at := range [...]time.Time{x.IngestedAt, x.EmbargoedUntil} {
			if at.After(from) && !at.After(to) {
				out = append(out, at)
			}
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// compare tells of a snapshot when it differs from what was told.
func (w *watch) compare(ctx context.Context, it *watched, s snapshot) error {
	if standingOf(&s.answer) == it.told {
		it.last = s.seen()
		return nil
	}
	causes, err := w.d.causes(ctx, &it.last, &s)
	if err != nil {
		return err
	}
	return w.event(ctx, it, WatchChanged, s, causes)
}
