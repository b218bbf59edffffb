// Package desk is the engine: one exported method per use case. It is the one
// place that reads as the story: what happens, in which order, in which
// transaction. Servers, commands and benchmarks all come through here.
package desk

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"sync/atomic"
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
const contextMemory = 256 << 20

// Desk is the engine. Its methods are safe for concurrent use.
type Desk struct {
	store     claims.Store
	index     claims.Candidates
	now       func() time.Time
	newID     func() string
	log       *slog.Logger
	extractor *extract.Extractor
	copies    *copies.Detector
	compared  *copies.Compared
	unread    *unread
	contexts  *match.Contexts
	judged    judged
	watches   *watchers
	following atomic.Bool // the log shows what is stored here once more
	caughtUp  int64       // Seq of the last document taken from the log
	forgot    int64       // Seq of the last erasure taken from the log
}

// New builds a Desk over a store and fills the index and the copy detector from
// its log. It takes about two seconds per million stored claims on two cores.
func New(ctx context.Context, c Config) (*Desk, error) {
	d := &Desk{store: c.Store, index: c.Candidates, now: c.Now, newID: c.NewID, log: c.Log,
		extractor: extract.New(language.English()), copies: copies.NewDetector(), compared: copies.NewCompared(), unread: newUnread(), contexts: match.NewContexts(contextMemory), watches: newWatchers()}
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

func randomID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	return hex.EncodeToString(b[:])
}

// CheckWritable has the store commit an update of nothing: nil when it takes
// writes, else the error of claims.Store.Update.
func (d *Desk) CheckWritable(ctx context.Context) error {
	return d.store.Update(ctx, func(claims.Tx) error { return nil })
}

// Stats counts what is stored.
func (d *Desk) Stats(ctx context.Context) (claims.Stats, error) { return d.store.Stats(ctx) }

// Ping tells whether the store can answer.
func (d *Desk) Ping(ctx context.Context) error { return d.store.Ping(ctx) }
