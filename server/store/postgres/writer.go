package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/secondsource/secondsource/server/store/commit"
	"github.com/secondsource/secondsource/server/store/forward"
	"github.com/secondsource/secondsource/server/store/postings"
)

// writeTimeout bounds one exchange with the database within an update. It is
// longer than what the database itself is told to wait.
const writeTimeout = 90 * time.Second

// writer owns the one connection that writes: commit.Writer. Only the goroutine
// of the store's queue uses it, or a callback while that goroutine waits for it.
type writer struct {
	config   *pgx.ConnConfig
	database string
	block    int64     // claims of a block of postings
	conn     *pgx.Conn // nil after it broke

	id      [16]byte // of this server among the writers
	commits int64

	// Of the open transaction.
	head    head
	before  head
	forward forward.Encoder
	kept    bool // the last part was kept and its savepoint stands
	dirty   bool // something was written
}

// head is the row of the log.
type head struct{ document, claim, judgement, documents, claims, erased int64 }

var _ commit.Writer = (*writer)(nil)

func newWriter(config *pgx.ConnConfig, database string) *writer {
	w := &writer{config: config.Copy(), database: database, block: postings.BlockSize}
	w.config.RuntimeParams = maps.Clone(w.config.RuntimeParams)
	maps.Copy(w.config.RuntimeParams, writerSettings)
	_, _ = rand.Read(w.id[:]) // crypto/rand.Read never fails
	return w
}

func (w *writer) connect(ctx context.Context) (err error) {
	if w.conn == nil || w.conn.IsClosed() {
		w.conn = nil
		w.conn, err = pgx.ConnectConfig(ctx, w.config)
	}
	return err
}

// end forgets this server among the writers and closes the connection. A row
// that stays, because the database is away, does no harm.
func (w *writer) end() {
	if w.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	_, _ = w.conn.Exec(ctx, `DELETE FROM writers WHERE id = $1`, w.id[:])
	_ = w.conn.Close(ctx)
}

// send runs statements in one exchange and returns the first error. Updates are
// not interrupted half way, so no caller's context reaches the connection.
func (w *writer) send(b *pgx.Batch) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	return w.conn.SendBatch(ctx, b).Close()
}

// releasing is a batch that first merges the part before into the transaction.
// The statement rides along with the next ones, which saves an exchange.
func (w *writer) releasing() *pgx.Batch {
	b := &pgx.Batch{}
	if w.kept {
		b.Queue("RELEASE SAVEPOINT part")
		w.kept = false
	}
	return b
}

const lockHead = `SELECT document, claim, judgement, documents, claims, erased FROM log WHERE shard = 0 FOR UPDATE`

// Begin implements commit.Writer: it waits for the head of the log.
func (w *writer) Begin() error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	err := w.connect(ctx)
	if err == nil {
		b := &pgx.Batch{}
		b.Queue("BEGIN ISOLATION LEVEL READ COMMITTED")
		b.Queue(lockHead).QueryRow(func(row pgx.Row) error {
			h := &w.head
			return row.Scan(&h.document, &h.claim, &h.judgement, &h.documents, &h.claims, &h.erased)
		})
		err = w.conn.SendBatch(ctx, b).Close()
	}
	w.before, w.kept, w.dirty = w.head, false, false
	w.forward.Reset(forward.Mark{})
	if err != nil {
		w.Rollback()
	}
	return translate(err, w.database)
}

const (
	insertForward = `INSERT INTO forward (first, blob) VALUES ($1, $2)`
	moveHead      = `UPDATE log SET document = $1, claim = $2, judgement = $3, documents = $4, claims = $5, erased = $6 WHERE shard = 0`
	countCommit   = `INSERT INTO writers (id, commits, seen) VALUES ($1, $2, now())
	ON CONFLICT (id) DO UPDATE SET commits = excluded.commits, seen = excluded.seen`
	oldWriters = `DELETE FROM writers WHERE seen < now() - interval '7 days'`
)

// Commit implements commit.Writer: it appends the blob of forward terms and moves
// the head first.
func (w *writer) Commit() error {
	b := w.releasing()
	if blob := w.forward.Blob(); blob != nil {
		b.Queue(insertForward, w.forward.First(), blob)
	}
	if h := w.head; h != w.before {
		b.Queue(moveHead, h.document, h.claim, h.judgement, h.documents, h.claims, h.erased)
	}
	if w.dirty {
		if w.commits == 0 {
			b.Queue(oldWriters)
		}
		b.Queue(countCommit, w.id[:], w.commits+1)
	}
	b.Queue("COMMIT")
	err := w.send(b)
	switch {
	case err == nil && w.dirty:
		w.commits++
	case err != nil && w.dirty && unsure(err):
		err = w.resolve(err)
	case err != nil:
		w.Rollback()
	}
	return translate(err, w.database)
}

// unsure tells whether the commit may have happened in spite of the error: the
// server did not say that it failed.
func unsure(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return !ok || e.SeverityUnlocalized == "FATAL" || e.SeverityUnlocalized == "PANIC"
}

// resolveTimeout bounds how long a database that went away during a commit is
// waited for.
const resolveTimeout = 30 * time.Second

// resolve learns on a new connection whether the commit that failed with lost
// happened after all: nil if so. The row of this server cannot be locked before
// the old connection's transaction has ended one way or the other.
func (w *writer) resolve(lost error) error {
	ctx, cancel := context.WithTimeout(context.Background(), resolveTimeout)
	defer cancel()
	for n := 0; ; n++ {
		w.Rollback()
		err := w.connect(ctx)
		var last int64
		if err == nil {
			err = w.conn.QueryRow(ctx, `SELECT commits FROM writers WHERE id = $1 FOR UPDATE`, w.id[:]).Scan(&last)
		}
		switch {
		case err == nil && last == w.commits+1:
			w.commits = last
			return nil
		case err == nil, errors.Is(err, pgx.ErrNoRows):
			return lost
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", errUnknown, lost)
		case <-time.After(min(time.Second, 10*time.Millisecond<<n)):
		}
	}
}

// Rollback implements commit.Writer. A connection that cannot even roll back is
// given up; the database then does it by itself.
func (w *writer) Rollback() {
	w.head = w.before
	if w.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	if _, err := w.conn.Exec(ctx, "ROLLBACK"); err != nil {
		_ = w.conn.Close(ctx)
		w.conn = nil
	}
}

// Again implements commit.Writer.
func (*writer) Again(err error) bool { return passing(err) }

// Part implements commit.Writer. The savepoint is set with the first write: one
// that only reads costs nothing.
func (w *writer) Part() (commit.Part, error) {
	return &tx{w: w, before: w.head, mark: w.forward.Mark()}, nil
}

// Over implements commit.Part.
func (t *tx) Over() error {
	t.over = true
	return t.broken
}

// Keep implements commit.Part.
func (t *tx) Keep() error {
	t.w.kept = t.w.kept || t.saved
	return nil
}

// Undo implements commit.Part. After a failure PostgreSQL takes nothing but a way
// back, so without a savepoint the transaction is lost.
func (t *tx) Undo() error {
	t.w.head = t.before
	if t.full != nil {
		t.w.forward = *t.full
	}
	t.w.forward.Reset(t.mark)
	if !t.saved {
		return t.broken
	}
	b := &pgx.Batch{}
	b.Queue("ROLLBACK TO SAVEPOINT part")
	b.Queue("RELEASE SAVEPOINT part")
	if err := t.w.send(b); err != nil {
		if t.broken != nil {
			return t.broken // it lost the transaction, and its error says why
		}
		return translate(err, t.w.database)
	}
	return nil
}
