package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

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
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
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

// documentsQuery walks one index backwards from the cursor. The upper bound is
// the cursor or the filter's end, whichever is tighter: SQLite would use only
// one of two.
func documentsQuery(f claims.DocumentFilter, p claims.Page) query {
	var w where
	switch {
	case f.Publisher != "":
		w.and("d.publisher_fold = ?", record.Fold(f.Publisher))
	case f.Status != "":
		w.and("d.status = ?", f.Status)
		f.Status = ""
	case f.Kind != "":
		w.and("d.kind = ?", f.Kind)
		f.Kind = ""
	}
	if f.Kind != "" {
		w.and("+d.kind = ?", f.Kind) // "+": not by this index
	}
	if f.Status != "" {
		w.and("+d.status = ?", f.Status)
	}
	if f.LatestVersion {
		w.and("d.next IS NULL")
	}
	if !f.From.IsZero() {
		w.and("d.published_at >= ?", record.Micros(f.From))
	}
	switch first := p.After == (claims.Cursor{}); {
	case !f.To.IsZero() && (first || p.After.Key >= record.Micros(f.To)):
		w.and("d.published_at < ?", record.Micros(f.To))
	case first:
		w.and("d.published_at <= ?", int64(math.MaxInt64))
	default:
		w.and("(d.published_at, d.id) < (?, ?)", p.After.Key, p.After.ID)
	}
	return w.query(selectDocuments, ` ORDER BY d.published_at DESC, d.id DESC LIMIT ?`, p.Size)
}

// DocumentsBySeq implements claims.Store.
func (s *Store) DocumentsBySeq(ctx context.Context, seqs []int64) ([]claims.Document, error) {
	return readAll(ctx, s, scanDocument, query{documentsBySeq, []any{list(seqs)}})
}

// DocumentsByID implements claims.Store.
func (s *Store) DocumentsByID(ctx context.Context, ids []string) ([]claims.Document, error) {
	return readAll(ctx, s, scanDocument, query{documentsByID, []any{list(ids)}})
}

const (
	selectClaims = `SELECT ` + claimColumns + ` FROM claims c CROSS JOIN documents d ON d.seq = c.document`
	claimByIndex = `SELECT ` + claimColumns + ` FROM documents d CROSS JOIN claims c ON c.document = d.seq WHERE d.id = ? AND c.idx = ?`
	claimsBySeq  = selectClaims + ` WHERE c.seq IN (SELECT value FROM json_each(?)) ORDER BY c.seq`
)

// Claim implements claims.Store.
func (s *Store) Claim(ctx context.Context, document string, index int) (claims.Claim, error) {
	return readOne(ctx, s, scanClaim, query{claimByIndex, []any{document, index}},
		claims.ReasonClaimNotFound, fmt.Sprintf("documents/%s/claims/%d", document, index))
}

// Claims implements claims.Store.
func (s *Store) Claims(ctx context.Context, f claims.ClaimFilter, p claims.Page) ([]claims.Claim, error) {
	if err := record.CheckPage(p); err != nil {
		return nil, err
	}
	return readAll(ctx, s, scanClaim, claimsQuery(f, p))
}

// claimsQuery goes by the narrowest filter there is: a document's claims, an
// asserter's, those of the documents published from an instant on, or all in
// order of seq, which is roughly that of publication.
func claimsQuery(f claims.ClaimFilter, p claims.Page) query {
	var w where
	after := p.After.Key
	w.and("c.seq > ?", after)
	switch {
	case f.Document != "":
		w.conds[0] = "+c.seq > ?" // few rows: by document, not by seq
		w.and("c.document = (SELECT seq FROM documents WHERE id = ?)", f.Document)
		if len(f.Asserter) > 0 {
			w.and(`EXISTS (SELECT 1 FROM claim_asserters a WHERE a.key IN (SELECT value FROM json_each(?)) AND a.claim = c.seq)`, list(f.Asserter))
		}
	case len(f.Asserter) > 0:
		w.and(`c.seq IN (SELECT a.claim FROM claim_asserters a WHERE a.key IN (SELECT value FROM json_each(?)) AND a.claim > ?)`,
			list(f.Asserter), after)
	case !f.From.IsZero():
		to := int64(math.MaxInt64)
		if !f.To.IsZero() {
			to = record.Micros(f.To)
		}
		w.conds[0] = "+c.seq > ?"
		w.and("c.document IN (SELECT seq FROM documents WHERE published_at >= ? AND published_at < ?)", record.Micros(f.From), to)
		f.From, f.To = time.Time{}, time.Time{}
	}
	if !f.From.IsZero() {
		w.and("c.published_at >= ?", record.Micros(f.From))
	}
	if !f.To.IsZero() {
		w.and("c.published_at < ?", record.Micros(f.To))
	}
	if f.Kind != "" {
		w.and("c.kind = ?", f.Kind)
	}
	return w.query(selectClaims, ` ORDER BY c.seq LIMIT ?`, p.Size)
}

// ClaimsBySeq implements claims.Store.
func (s *Store) ClaimsBySeq(ctx context.Context, seqs []int64) ([]claims.Claim, error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.end()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	seqs = slices.Compact(slices.Sorted(slices.Values(seqs)))
	all, missing, state := s.kept.find(seqs)
	if len(missing) == 0 {
		return all, nil
	}
	read, err := readAll(ctx, s, scanClaim, query{claimsBySeq, []any{list(missing)}})
	if err != nil {
		return nil, err
	}
	s.kept.put(read, state)
	if all = append(all, read...); len(all) > len(read) {
		slices.SortFunc(all, func(a, b claims.Claim) int { return cmp.Compare(a.Seq, b.Seq) })
	}
	return all, nil
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
	// Seqs have no gaps but those of what was erased; the last row of erasures has
	// their sums.
	lastErasure  = ` FROM erasures WHERE seq = (SELECT max(seq) FROM erasures)), 0)`
	statsOfStore = `SELECT
	max(coalesce((SELECT max(seq) FROM documents), 0), coalesce((SELECT head_document` + lastErasure + `) - coalesce((SELECT seq` + lastErasure + `,
	max(coalesce((SELECT max(seq) FROM claims), 0), coalesce((SELECT head_claim` + lastErasure + `) - coalesce((SELECT all_claims` + lastErasure + `,` +
		statsOfSources
	statsOfSources = `
	(SELECT count(*) FROM sources WHERE registered = 1),
	(SELECT count(*) FROM sources WHERE registered = 0) - (SELECT count(DISTINCT d.id)
		FROM sources r CROSS JOIN source_names n ON n.source = r.id CROSS JOIN sources d ON d.derived_key = n.key
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
