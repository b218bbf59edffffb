package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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

	// The last seqs given out; nobody else writes.
	seqs    seqs
	before  seqs            // when the open transaction began
	forward forward.Encoder // of the open transaction
	known   known           // of names
	erased  bool            // by it or earlier, and the write-ahead log still holds what
}

type seqs struct{ doc, claim int64 }

var _ commit.Writer = (*writer)(nil)

// headOfStore is the last seqs given out: of what is stored, or of what was
// erased.
const headOfStore = `SELECT
	max(coalesce((SELECT max(seq) FROM documents), 0), coalesce((SELECT head_document` + lastErasure + `),
	max(coalesce((SELECT max(seq) FROM claims), 0), coalesce((SELECT head_claim` + lastErasure + `)`

func newWriter(ctx context.Context, db *sql.DB, path string, kept *kept) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{conn: conn, path: path, kept: kept, stmts: make(map[string]*sql.Stmt)}
	err = conn.QueryRowContext(ctx, headOfStore).
		Scan(&w.seqs.doc, &w.seqs.claim)
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
	w.before = w.seqs
	w.forward.Reset(forward.Mark{})
	return translate(w.exec("BEGIN IMMEDIATE"), w.path)
}

// Commit implements commit.Writer: it appends the blob of forward terms first.
func (w *writer) Commit() error {
	var err error
	if blob := w.forward.Blob(); blob != nil {
		err = w.exec(`INSERT INTO forward (first, blob) VALUES (?, ?)`, w.forward.First(), blob)
	}
	if err == nil {
		err = w.exec("COMMIT")
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

// scrub folds the write-ahead log into the file and empties it: what was erased
// from the file's pages (secure_delete) still stands in the log's older ones.
// Readers that look at an older state hold it up; then the next commit tries
// again, and the end of the store does.
func (w *writer) scrub() {
	var busy, frames, folded int64
	stmt, err := w.stmt("PRAGMA wal_checkpoint(TRUNCATE)")
	if err == nil {
		err = stmt.QueryRowContext(context.Background()).Scan(&busy, &frames, &folded)
	}
	w.erased = err != nil || busy != 0
}

// Rollback implements commit.Writer. SQLite may have rolled back by itself (a
// full disk); then there is nothing left to do.
func (w *writer) Rollback() {
	w.seqs = w.before
	w.known.forget()
	_ = w.exec("ROLLBACK")
}

// Again implements commit.Writer. What fails in a file fails again: nobody else
// writes it.
func (*writer) Again(error) bool { return false }

// Part implements commit.Writer.
func (w *writer) Part() (commit.Part, error) {
	if err := w.exec("SAVEPOINT job"); err != nil {
		return nil, translate(err, w.path)
	}
	return &tx{w: w, before: w.seqs, mark: w.forward.Mark()}, nil
}

// Over implements commit.Part.
func (t *tx) Over() error {
	t.over = true
	return t.broken
}

// Keep implements commit.Part.
func (t *tx) Keep() error { return translate(t.w.exec("RELEASE job"), t.w.path) }

// Undo implements commit.Part.
func (t *tx) Undo() error {
	t.w.seqs = t.before
	t.w.known.forget()
	if t.full != nil {
		t.w.forward = *t.full
	}
	t.w.forward.Reset(t.mark)
	err := t.w.exec("ROLLBACK TO job")
	switch {
	case err == nil:
		return t.Keep()
	case t.broken != nil:
		return t.broken // it lost the transaction, and its error says why
	}
	return fmt.Errorf("rolling back an update: %w", translate(err, t.w.path))
}
