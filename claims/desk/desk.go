// Package desk is the engine: one exported method per use case. It is the one
// place that reads as the story: what happens, in which order, in which
// transaction. Servers, commands and benchmarks all come through here.
package desk

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/language"
	"github.com/secondsource/secondsource/claims/match"
)

// Config wires a Desk.
type Config struct {
	Store      claims.Store
	Candidates claims.Candidates
	// Now is the clock of ingestion; nil: time.Now.
	Now func() time.Time
	// NewID makes ids of documents; nil: 16 random bytes in hex.
	NewID func() string
	Log   *slog.Logger // nil: discard
}

// contextMemory is how many bytes the documents last compared may take in memory
// as they stand ready for comparison, about.
const contextMemory = 128 << 20

// Desk is the engine. Its methods are safe for concurrent use.
type Desk struct {
	store     claims.Store
	index     claims.Candidates
	now       func() time.Time
	newID     func() string
	log       *slog.Logger
	extractor *extract.Extractor
	copies    *copies.Detector
	unread    *unread
	contexts  *match.Contexts
	caughtUp  int64 // Seq of the last document taken from the log
	forgot    int64 // Seq of the last erasure taken from the log
}

// New builds a Desk over a store and fills the index and the copy detector from
// its log. It takes about a second per million stored claims.
func New(ctx context.Context, c Config) (*Desk, error) {
	d := &Desk{store: c.Store, index: c.Candidates, now: c.Now, newID: c.NewID, log: c.Log,
		extractor: extract.New(language.English()), copies: copies.NewDetector(), unread: newUnread(), contexts: match.NewContexts(contextMemory)}
	if d.now == nil {
		d.now = time.Now
	}
	if d.newID == nil {
		d.newID = randomID
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	if err := d.catchUp(ctx); err != nil {
		return nil, err
	}
	return d, nil
}

// catchUp takes what the log has beyond the last document that came from it into
// the index, the copy detector and the list of what was not read, and then what
// was erased out of them. What was done here is there already and changes
// nothing. One call at a time.
func (d *Desk) catchUp(ctx context.Context) error {
	var silent []int64 // documents without claims
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
		d.index.Add(e.Vectors)
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
	if err == nil {
		err = d.noteUnread(ctx, silent)
	}
	if err == nil {
		d.caughtUp = last
		err = d.forgetErased(ctx)
	}
	return err
}

func (d *Desk) noteUnread(ctx context.Context, seqs []int64) error {
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

// replayBatch is how many documents without claims are read at once.
const replayBatch = 200

func randomID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	return hex.EncodeToString(b[:])
}

// Stats counts what is stored.
func (d *Desk) Stats(ctx context.Context) (claims.Stats, error) { return d.store.Stats(ctx) }

// Ping tells whether the store can answer.
func (d *Desk) Ping(ctx context.Context) error { return d.store.Ping(ctx) }
