package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/forward"
	"github.com/secondsource/secondsource/server/store/record"
)

// A query is the text of a statement with its arguments. The listings are built
// by functions of their own, so that the query-plan test sees every one.
type query struct {
	text string
	args []any
}

// where collects conditions.
type where struct {
	conds []string
	args  []any
}

func (w *where) and(cond string, args ...any) {
	w.conds = append(w.conds, cond)
	w.args = append(w.args, args...)
}

func (w *where) query(head, tail string, args ...any) query {
	return query{head + " WHERE " + strings.Join(w.conds, " AND ") + tail, append(w.args, args...)}
}

// list is the argument of "IN (SELECT value FROM json_each(?))": one parameter
// for a list of any length, so one prepared statement for all.
func list[T int64 | string](values []T) string {
	if len(values) == 0 {
		return "[]"
	}
	b, err := json.Marshal(values)
	if err != nil {
		panic("sqlite: a list of strings or numbers has no JSON: " + err.Error()) // cannot be
	}
	return string(b)
}

// read returns the prepared statement of a text on the read connections.
func (s *Store) read(ctx context.Context, text string) (*sql.Stmt, error) {
	s.stmtsMu.RLock()
	stmt := s.stmts[text]
	s.stmtsMu.RUnlock()
	if stmt != nil {
		return stmt, nil
	}
	s.stmtsMu.Lock()
	defer s.stmtsMu.Unlock()
	if stmt := s.stmts[text]; stmt != nil {
		return stmt, nil
	}
	stmt, err := s.reads.PrepareContext(ctx, text)
	if err == nil {
		s.stmts[text] = stmt
	}
	return stmt, err
}

// failed is the error of a read: the context's own when it has ended.
func (s *Store) failed(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return translate(err, s.path)
}

// readRow reads one row into dest. sql.ErrNoRows says that there is none.
func (s *Store) readRow(ctx context.Context, text string, args []any, dest ...any) error {
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	stmt, err := s.read(ctx, text)
	if err == nil {
		err = stmt.QueryRowContext(ctx, args...).Scan(dest...)
	}
	return s.failed(ctx, err)
}

// readAll reads all rows of a query.
func readAll[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), q query) (all []T, err error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.end()
	defer func() {
		if err != nil {
			all, err = nil, s.failed(ctx, err)
		}
	}()
	stmt, err := s.read(ctx, q.text)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, q.args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, scan)
}

// readOne reads the first row, or says that name is not stored.
func readOne[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), q query, reason, name string) (T, error) {
	all, err := readAll(ctx, s, scan, q)
	if err == nil && len(all) == 0 {
		err = claims.NotFound(reason, name)
	}
	if err != nil {
		var zero T
		return zero, err
	}
	return all[0], nil
}

const (
	selectDocuments = `SELECT ` + documentColumns + ` FROM documents d`
	documentByID    = selectDocuments + ` WHERE d.id = ?`
	documentsBySeq  = selectDocuments + ` WHERE d.seq IN (SELECT value FROM json_each(?)) ORDER BY d.seq`
	documentsByID   = selectDocuments + ` WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY d.seq`
)

// Document implements claims.Store.
func (s *Store) Document(ctx context.Context, id string) (claims.Document, error) {
	return readOne(ctx, s, scanDocument, query{documentByID, []any{id}}, claims.ReasonDocumentNotFound, "documents/"+id)
}

// Documents implements claims.Store.
func (s *Store) Documents(ctx context.Context, f claims.DocumentFilter, p claims.Page) ([]claims.Document, error) {
	if err := record.CheckPage(p); err != nil {
		return nil, err
	}
	return readAll(ctx, s, scanDocument, documentsQuery(f, p))
}

// documentsQuery walks one index backwards from the cursor.
func documentsQuery(f claims.DocumentFilter, p claims.Page) query {
	const tail = ` ORDER BY d.published_at DESC, d.id DESC LIMIT ?`
	if f.Publisher != "" {
		return documentsOf(f, p)
	}
	var w where
	switch {
	case f.Status != "":
		w.and("d.status = ?", f.Status)
		f.Status = ""
	case f.Kind != "":
		w.and("d.kind = ?", f.Kind)
		f.Kind = ""
	}
	w.also(f)
	w.published("d", f, p)
	return w.query(selectDocuments, tail, p.Size)
}

// documentsOf walks the index of publishers and looks through what has arrived since
// it was written last.
func documentsOf(f claims.DocumentFilter, p claims.Page) query {
	// Each side by itself, and only as far as the page goes.
	side := func(table string) query {
		var w where
		w.and(table+".publisher_fold = ?", record.Fold(f.Publisher))
		w.published(table, f, p)
		w.also(f)
		return w.query(`SELECT document FROM (SELECT `+table+`.document FROM `+table+` CROSS JOIN documents d ON d.seq = `+table+`.document`,
			` ORDER BY `+table+`.published_at DESC, `+table+`.id DESC LIMIT ?)`, p.Size)
	}
	old, late := side("publishers"), side("arrivals")
	return query{selectDocuments + ` WHERE d.seq IN (` + old.text + ` UNION ALL ` + late.text + `) ORDER BY d.published_at DESC, d.id DESC LIMIT ?`,
		append(append(old.args, late.args...), p.Size)}
}

// also adds the conditions that no index is chosen by.
func (w *where) also(f claims.DocumentFilter) {
	if f.Kind != "" {
		w.and("+d.kind = ?", f.Kind) // "+": not by this index
	}
	if f.Status != "" {
		w.and("+d.status = ?", f.Status)
	}
	if f.LatestVersion {
		w.and("d.next IS NULL")
	}
}

// published bounds the time of publication. The upper bound is the cursor or the
// filter's end, whichever is tighter: SQLite would use only one of two.
func (w *where) published(table string, f claims.DocumentFilter, p claims.Page) {
	at := table + ".published_at"
	if !f.From.IsZero() {
		w.and(at+" >= ?", record.Micros(f.From))
	}
	switch first := p.After == (claims.Cursor{}); {
	case !f.To.IsZero() && (first || p.After.Key >= record.Micros(f.To)):
		w.and(at+" < ?", record.Micros(f.To))
	case first:
		w.and(at+" <= ?", int64(math.MaxInt64))
	default:
		w.and("("+at+", "+table+".id) < (?, ?)", p.After.Key, p.After.ID)
	}
}

// DocumentsBySeq implements claims.Store.
func (s *Store) DocumentsBySeq(ctx context.Context, seqs []int64) ([]claims.Document, error) {
	return readAll(ctx, s, scanDocument, query{documentsBySeq, []any{list(seqs)}})
}

// DocumentsByID implements claims.Store.
func (s *Store) DocumentsByID(ctx context.Context, ids []string) ([]claims.Document, error) {
	return readAll(ctx, s, scanDocument, query{documentsByID, []any{list(ids)}})
}

const erasuresList = `SELECT e.seq, e.document, e.first_claim, e.claims FROM erasures e WHERE e.seq > ? ORDER BY e.seq LIMIT ?`

func scanErasure(row scanner) (e claims.Erasure, err error) {
	err = row.Scan(&e.Seq, &e.Document, &e.FirstClaim, &e.Claims)
	return e, err
}

// Erasures implements claims.Store.
func (s *Store) Erasures(ctx context.Context, after int64, n int) ([]claims.Erasure, error) {
	return readAll(ctx, s, scanErasure, query{erasuresList, []any{after, max(n, 0)}})
}

// replayBatch is how many blobs Replay reads at a time. Between batches it
// holds no read transaction, so a slow callback does not keep the write-ahead
// log from being folded into the file.
const (
	replayBatch = 16
	forwardFrom = `SELECT f.first, f.blob FROM forward f WHERE f.first > ? ORDER BY f.first LIMIT ?`
	forwardOf   = `SELECT coalesce(max(f.first), 0) FROM forward f WHERE f.first <= ?`
	lastClaim   = `coalesce((SELECT first + claims - 1 FROM claim_blocks WHERE first = (SELECT max(first) FROM claim_blocks)), 0)`
	// Seqs have no gaps but those of what was erased; the last row of erasures has
	// their sums.
	lastErasure  = ` FROM erasures WHERE seq = (SELECT max(seq) FROM erasures)), 0)`
	statsOfStore = `SELECT
	max(coalesce((SELECT max(seq) FROM documents), 0), coalesce((SELECT head_document` + lastErasure + `) - coalesce((SELECT seq` + lastErasure + `,
	max(` + lastClaim + `, coalesce((SELECT head_claim` + lastErasure + `) - coalesce((SELECT all_claims` + lastErasure + `,` +
		statsOfSources
	statsOfSources = `
	(SELECT count(*) FROM sources WHERE registered = 1),
	(SELECT count(*) FROM sources) - (SELECT count(*) FROM sources WHERE registered = 1) - (SELECT count(DISTINCT d.id)
		FROM sources r CROSS JOIN source_names n ON n.source = r.id CROSS JOIN sources d ON d.id = n.derived
		WHERE r.registered = 1 AND d.registered = 0)`
)

type forwardRow struct {
	first int64
	blob  []byte
}

func scanForward(row scanner) (r forwardRow, err error) {
	err = row.Scan(&r.first, &r.blob)
	return r, err
}

// Replay implements claims.Store.
func (s *Store) Replay(ctx context.Context, after int64, fn func(claims.Entry) error) error {
	var last int64 // blob read
	if err := s.readRow(ctx, forwardOf, []any{after}, &last); err != nil {
		return err
	}
	for last--; ; {
		rows, err := readAll(ctx, s, scanForward, query{forwardFrom, []any{last, replayBatch}})
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := forward.Decode(row.blob, forward.Later(after, fn)); err != nil {
				return err
			}
			last = row.first
		}
		if len(rows) < replayBatch {
			return nil
		}
	}
}

// Stats implements claims.Store.
func (s *Store) Stats(ctx context.Context) (claims.Stats, error) {
	var st claims.Stats
	err := s.readRow(ctx, statsOfStore, nil, &st.Documents, &st.Claims, &st.RegisteredSources, &st.DerivedSources)
	return st, err
}
