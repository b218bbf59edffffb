package desk

import (
	"context"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
)

const (
	// replayBatch is how many documents without claims are read at once.
	replayBatch = 200
	// indexBatch is how many claims are given to the index at once: as many as
	// its largest window holds, so that those of a whole log are sorted once
	// instead of merged from small heaps into larger ones.
	indexBatch = 1 << 16
)

// catchUp takes what the log has beyond the last document that came from it into
// the index, the copy detector and the list of what was not read, and then what
// was erased out of them. What was done here is there already and changes
// nothing. One call at a time.
func (d *Desk) catchUp(ctx context.Context) error {
	f := d.filling()
	var silent []int64 // documents without claims
	var gathered []claims.Entry
	last := d.caughtUp
	err := d.store.Replay(ctx, d.caughtUp, func(e claims.Entry) error {
		s, err := copies.Parse(e.Signature)
		if err != nil {
			// The signature can be made again from the text; the log is whole.
			docs, derr := d.store.DocumentsBySeq(ctx, []int64{e.Document})
			if derr != nil {
				return derr
			}
			for i := range docs {
				s = copies.Sign(docs[i].Text)
			}
		}
		d.copies.Add(e.Document, s)
		if d.watches.want(&e) {
			gathered = append(gathered, claims.Entry{Document: e.Document, Vectors: e.Vectors})
		}
		f.add(e.Vectors)
		if len(e.Vectors) == 0 {
			silent = append(silent, e.Document)
		}
		if len(silent) == replayBatch {
			if err := d.noteUnread(ctx, silent); err != nil {
				return err
			}
			silent = silent[:0]
		}
		last = e.Document
		return nil
	})
	f.end()
	if err == nil {
		err = d.noteUnread(ctx, silent)
	}
	if err == nil { // now that the search has them
		err = d.watches.entries(ctx, d.store, gathered)
	}
	if err == nil {
		d.caughtUp = last
		err = d.forgetErased(ctx)
	}
	return err
}

// filling gives claims to the index some at a time, while the log is read on.
type filling struct {
	index   claims.Candidates
	gather  []claims.TermVector
	batches chan []claims.TermVector
	ended   chan struct{}
}

func (d *Desk) filling() *filling { return &filling{index: d.index} }

func (f *filling) add(vectors []claims.TermVector) {
	if f.gather = append(f.gather, vectors...); len(f.gather) < indexBatch {
		return
	}
	if f.batches == nil {
		f.batches, f.ended = make(chan []claims.TermVector, 1), make(chan struct{})
		go func() {
			defer close(f.ended)
			for batch := range f.batches {
				f.index.Add(batch)
			}
		}()
	}
	f.batches <- f.gather[:indexBatch:indexBatch]
	f.gather = append([]claims.TermVector(nil), f.gather[indexBatch:]...)
}

// end waits until everything that was added can be found.
func (f *filling) end() {
	if f.batches != nil {
		close(f.batches)
		<-f.ended
	}
	f.index.Add(f.gather)
}

func (d *Desk) noteUnread(ctx context.Context, seqs []int64) error {
	if len(seqs) == 0 {
		return nil
	}
	docs, err := d.store.DocumentsBySeq(ctx, seqs)
	for i := range docs {
		d.unread.add(&docs[i])
	}
	return err
}

// Follow takes in what other servers store in the same log, until the context
// ends: it looks every so often. While the store does not answer it goes on
// trying, and says once that it does not and once that it does again.
func (d *Desk) Follow(ctx context.Context, every time.Duration) {
	d.following.Store(true)
	defer d.following.Store(false)
	tick := time.NewTicker(every)
	defer tick.Stop()
	lost := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		switch err := d.catchUp(ctx); {
		case ctx.Err() != nil:
			return
		case err != nil && !lost:
			lost = true
			d.log.WarnContext(ctx, "what other servers store cannot be read", "error", err)
		case err == nil && lost:
			lost = false
			d.log.InfoContext(ctx, "what other servers store can be read again")
		}
	}
}
