package desk

import (
	"context"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// tick looks at judgements and embargoes until the context ends.
func (ws *watchers) tick(ctx context.Context, d *Desk) {
	every := time.NewTicker(watchTick)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		if err := ws.readJudgements(ctx, d); err != nil && ctx.Err() == nil {
			d.log.DebugContext(ctx, "the log of judgements cannot be read", "error", err)
		}
		now := d.now()
		ws.mu.Lock()
		for it := range ws.owner {
			if !it.until.IsZero() && !it.until.After(now) || !it.swept.IsZero() && now.Sub(it.swept) >= sweepEvery {
				it.until, it.swept = time.Time{}, now
				ws.mark(it)
			}
		}
		ws.mu.Unlock()
	}
}

// readJudgements reads what the log of judgements has beyond the last one and
// marks what it concerns: a deletion those who looked at the document, anything
// else, the registry of sources among it, everybody.
func (ws *watchers) readJudgements(ctx context.Context, d *Desk) error {
	for {
		after := ws.judgements()
		js, err := d.store.Judgements(ctx, after, 1000)
		if err != nil || len(js) == 0 {
			return err
		}
		ws.mu.Lock()
		if ws.judged == after { // nobody else has read them meanwhile
			ws.judged = js[len(js)-1].Seq
			ws.concernJudgements(js)
		}
		ws.mu.Unlock()
	}
}

func (ws *watchers) concernJudgements(js []claims.Judgement) {
	deleted, other := map[string]bool{}, false
	for _, j := range js {
		if j.Kind != claims.DeletedDocument {
			other = true
			continue
		}
		for id := range strings.FieldsSeq(j.Value["documents"]) {
			deleted[id] = true
		}
	}
	for it := range ws.owner {
		if other {
			ws.mark(it)
			continue
		}
		for id := range deleted {
			if it.docs[id] {
				ws.mark(it)
				break
			}
		}
	}
	if other { // a source may have a name more
		for w := range ws.all {
			if w.source != "" {
				ws.find(w)
			}
		}
	}
}
