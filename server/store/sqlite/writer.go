package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/secondsource/secondsource/server/store/block"
	"github.com/secondsource/secondsource/server/store/commit"
	"github.com/secondsource/secondsource/server/store/forward"
)

// writer owns the one connection that writes: commit.Writer. Only the goroutine
// of the store's queue uses it, or a callback while that goroutine waits for it.
type writer struct {
	conn  *sql.Conn
	path  string
	kept  *kept // what readers keep, and drop when something is erased
	stmts map[string]*sql.Stmt

	open    open            // what the open transaction did so far
	before  open            // when it began
	forward forward.Encoder // of the open transaction
	block   block.Encoder
	known   known // of names
	arrived arrived
	// asserted are those who assert something in blocks that are not filed yet.
	asserted asserted
	counts   *counts // what readers add to the rows of sources
	counted  int64   // the document up to which the rows have their mentions
	erased   bool    // by it or earlier, and the write-ahead log still holds what

	scrubbed time.Time // when scrub failed last
	again    func()    // brings the writer to another commit after scrubEvery
}

// open is what a transaction did that is not in the database yet.
type open struct {
	// The last seqs given out; nobody else writes.
	doc, claim int64
	// Values of rows that are written at the end, many with one statement.
	arrivals []any
	counts   []count // of mentions
	// What was moved into the rows of sources (fold): whether what commits before
	// this one counted, and how many of counts.
	folded      bool
	foldedUntil int
	foldedTo    int64 // the last document that they count
	filed       int64 // the first part of the blocks of which the asserters are not
}

var _ commit.Writer = (*writer)(nil)

// headOfStore is the last seqs given out: of what is stored, or of what was
// erased.
const headOfStore = `SELECT
	max(coalesce((SELECT max(seq) FROM documents), 0), coalesce((SELECT head_document` + lastErasure + `),
	max(` + lastClaim + `, coalesce((SELECT head_claim` + lastErasure + `)`

func newWriter(ctx context.Context, db *sql.DB, path string, kept *kept, counts *counts) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{conn: conn, path: path, kept: kept, counts: counts, stmts: make(map[string]*sql.Stmt)}
	err = conn.QueryRowContext(ctx, headOfStore).Scan(&w.open.doc, &w.open.claim)
	if err == nil {
		counts.mentions, w.counted, err = recount(ctx, conn)
	}
	if err == nil {
		w.arrived, err = readArrived(ctx, conn)
	}
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

// Begin implements commit.Writer.
func (w *writer) Begin() error {
	w.open = open{doc: w.open.doc, claim: w.open.claim}
	w.before = w.open
	w.forward.Reset(forward.Mark{})
	return translate(w.exec("BEGIN IMMEDIATE"), w.path)
}

// Commit implements commit.Writer: it writes what was put off, and appends the blob
// of forward terms.
func (w *writer) Commit() error {
	err := w.flush()
	if err == nil && w.open.doc-w.counted >= foldEvery {
		err = (&tx{w: w}).fold()
	}
	if blob := w.forward.Blob(); err == nil && blob != nil {
		err = w.exec(`INSERT INTO forward (first, blob) VALUES (?, ?)`, w.forward.First(), blob)
	}
	if err == nil {
		err = w.commit()
	}
	if err != nil {
		w.Rollback()
		return translate(err, w.path)
	}
	if w.erased {
		w.kept.forget()
		w.scrub()
	}
	return nil
}

const (
	// scrubWait is how long a commit waits for readers that look at an older
	// state, in milliseconds, and busyWait what every statement waits for a lock.
	scrubWait = 100
	busyWait  = 5000
	// scrubEvery is how long after a failure it is tried again.
	scrubEvery = time.Second
)

// scrub folds the write-ahead log into the file and empties it: what was erased
// from the file's pages (secure_delete) still stands in the log's older ones.
// Readers that look at an older state hold it up, and a backup does so for long:
// then it is tried again every second, and at the end of the store, and commits go
// on meanwhile.
func (w *writer) scrub() {
	if time.Now().Before(w.scrubbed.Add(scrubEvery)) {
		return
	}
	err := w.exec(fmt.Sprintf("PRAGMA busy_timeout = %d", scrubWait))
	var busy, frames, folded int64
	if err == nil {
		var stmt *sql.Stmt
		if stmt, err = w.stmt("PRAGMA wal_checkpoint(TRUNCATE)"); err == nil {
			err = stmt.QueryRowContext(context.Background()).Scan(&busy, &frames, &folded)
		}
		err = errors.Join(err, w.exec(fmt.Sprintf("PRAGMA busy_timeout = %d", busyWait)))
	}
	if w.erased = err != nil || busy != 0; w.erased {
		w.scrubbed = time.Now()
		w.again()
	}
}

// Rollback implements commit.Writer. SQLite may have rolled back by itself (a
// full disk); then there is nothing left to do.
func (w *writer) Rollback() {
	w.open = w.before
	w.forget()
	_ = w.exec("ROLLBACK")
}

// forget drops what may have been taken back.
func (w *writer) forget() {
	w.known.forget()
	w.asserted = nil
}

// Again implements commit.Writer. What fails in a file fails again: nobody else
// writes it.
func (*writer) Again(error) bool { return false }

// Part implements commit.Writer. It opens no savepoint: SQLite would copy each page
// that a document changes once more, for the few updates that fail after they have
// written something.
func (w *writer) Part() (commit.Part, error) {
	return &tx{w: w}, nil
}

// Over implements commit.Part.
func (t *tx) Over() error {
	t.over = true
	return t.broken
}

// Keep implements commit.Part.
func (*tx) Keep() error { return nil }

// Undo implements commit.Part.
func (t *tx) Undo() error {
	if t.broken != nil {
		return t.broken // it lost the transaction, and its error says why
	}
	if t.wrote {
		return commit.ErrNotAlone
	}
	return nil
}
