package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

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

// where collects conditions. Each "?" of a condition is the next argument.
type where struct {
	conds []string
	args  []any
}

func (w *where) and(cond string, args ...any) {
	w.conds = append(w.conds, w.number(cond, args))
}

// number puts the numbers of the arguments in the place of question marks.
func (w *where) number(text string, args []any) string {
	for _, a := range args {
		w.args = append(w.args, a)
		text = strings.Replace(text, "?", "$"+strconv.Itoa(len(w.args)), 1)
	}
	return text
}

func (w *where) query(head, tail string, args ...any) query {
	tail = w.number(tail, args)
	return query{head + " WHERE " + strings.Join(w.conds, " AND ") + tail, w.args}
}

// readRow reads one row into dest.
func (s *Store) readRow(ctx context.Context, q query, dest ...any) error {
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	return failed(ctx, s.reads.QueryRow(ctx, q.text, q.args...).Scan(dest...), s.name)
}

// readAll reads all rows of a query.
func readAll[T any](ctx context.Context, s *Store, scan func(pgx.Row) (T, error), q query) ([]T, error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.end()
	rows, err := s.reads.Query(ctx, q.text, q.args...)
	if err != nil {
		return nil, failed(ctx, err, s.name)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (T, error) { return scan(row) })
	if err != nil {
		return nil, failed(ctx, err, s.name)
	}
	return all, nil
}

// readOne reads the first row, or says that name is not stored.
func readOne[T any](ctx context.Context, s *Store, scan func(pgx.Row) (T, error), q query, reason, name string) (T, error) {
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

// Ping tells whether the store can answer: it reads the head of the log.
func (s *Store) Ping(ctx context.Context) error {
	var last int64
	return s.readRow(ctx, query{`SELECT document FROM log WHERE shard = 0`, nil}, &last)
}

const (
	selectDocuments = `SELECT ` + documentColumns + ` FROM documents d`
	documentByID    = selectDocuments + ` WHERE d.id = $1`
	documentsBySeq  = selectDocuments + ` WHERE d.seq = ANY($1::bigint[]) ORDER BY d.seq`
	documentsByID   = selectDocuments + ` WHERE d.id = ANY($1::bytea[]) ORDER BY d.seq`
)

// Document implements claims.Store.
func (s *Store) Document(ctx context.Context, id string) (claims.Document, error) {
	return readOne(ctx, s, scanDocument, query{documentByID, []any{str(id)}}, claims.ReasonDocumentNotFound, "documents/"+id)
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
	var w where
	if f.Publisher != "" {
		w.and("d.publisher_fold = ?", key(record.Fold(f.Publisher)))
	}
	if f.Kind != "" {
		w.and("d.kind = ?", string(f.Kind))
	}
	if f.Status != "" {
		w.and("d.status = ?", string(f.Status))
	}
	if f.LatestVersion {
		w.and("d.next IS NULL")
	}
	if !f.From.IsZero() {
		w.and("d.published_at >= ?", record.Micros(f.From))
	}
	if !f.To.IsZero() {
		w.and("d.published_at < ?", record.Micros(f.To))
	}
	after := p.After
	if after == (claims.Cursor{}) {
		w.and("d.published_at <= ?", int64(math.MaxInt64))
	} else {
		w.and("(d.published_at, d.id) < (?, ?)", after.Key, str(after.ID))
	}
	return w.query(selectDocuments, ` ORDER BY d.published_at DESC, d.id DESC LIMIT ?`, p.Size)
}

// DocumentsBySeq implements claims.Store.
func (s *Store) DocumentsBySeq(ctx context.Context, seqs []int64) ([]claims.Document, error) {
	return readAll(ctx, s, scanDocument, query{documentsBySeq, []any{seqs}})
}

// DocumentsByID implements claims.Store.
func (s *Store) DocumentsByID(ctx context.Context, ids []string) ([]claims.Document, error) {
	return readAll(ctx, s, scanDocument, query{documentsByID, []any{strs(ids)}})
}

const (
	selectClaims = `SELECT ` + claimColumns + ` FROM claims c JOIN documents d ON d.seq = c.document`
	claimByIndex = selectClaims + ` WHERE d.id = $1 AND c.idx = $2`
	claimsBySeq  = selectClaims + ` WHERE c.seq = ANY($1::bigint[]) ORDER BY c.seq`
)

// Claim implements claims.Store.
func (s *Store) Claim(ctx context.Context, document string, index int) (claims.Claim, error) {
	return readOne(ctx, s, scanClaim, query{claimByIndex, []any{str(document), index}},
		claims.ReasonClaimNotFound, fmt.Sprintf("documents/%s/claims/%d", document, index))
}

// Claims implements claims.Store.
func (s *Store) Claims(ctx context.Context, f claims.ClaimFilter, p claims.Page) ([]claims.Claim, error) {
	if err := record.CheckPage(p); err != nil {
		return nil, err
	}
	return readAll(ctx, s, scanClaim, claimsQuery(f, p))
}

// claimsQuery leaves the choice of the index to the planner, which knows how
// many rows each filter has.
func claimsQuery(f claims.ClaimFilter, p claims.Page) query {
	var w where
	w.and("c.seq > ?", p.After.Key)
	if f.Document != "" {
		w.and("c.document = (SELECT seq FROM documents WHERE id = ?)", str(f.Document))
	}
	if len(f.Asserter) > 0 {
		w.and("c.seq IN (SELECT a.claim FROM claim_asserters a WHERE a.key = ANY(?::bytea[]) AND a.claim > ?)", keys(f.Asserter), p.After.Key)
	}
	if f.Document == "" && len(f.Asserter) == 0 && !f.From.IsZero() {
		to := int64(math.MaxInt64)
		if !f.To.IsZero() {
			to = record.Micros(f.To)
		}
		w.and("d.published_at >= ? AND d.published_at < ?", record.Micros(f.From), to)
	} else {
		if !f.From.IsZero() {
			w.and("c.published_at >= ?", record.Micros(f.From))
		}
		if !f.To.IsZero() {
			w.and("c.published_at < ?", record.Micros(f.To))
		}
	}
	if f.Kind != "" {
		w.and("c.kind = ?", string(f.Kind))
	}
	return w.query(selectClaims, ` ORDER BY c.seq LIMIT ?`, p.Size)
}

// ClaimsBySeq implements claims.Store.
func (s *Store) ClaimsBySeq(ctx context.Context, seqs []int64) ([]claims.Claim, error) {
	return readAll(ctx, s, scanClaim, query{claimsBySeq, []any{seqs}})
}

const erasuresList = `SELECT e.seq, e.document, e.first_claim, e.claims FROM erasures e WHERE e.seq > $1 ORDER BY e.seq LIMIT $2`

func scanErasure(row pgx.Row) (e claims.Erasure, err error) {
	err = row.Scan(&e.Seq, &e.Document, &e.FirstClaim, &e.Claims)
	return e, err
}

// Erasures implements claims.Store.
func (s *Store) Erasures(ctx context.Context, after int64, n int) ([]claims.Erasure, error) {
	return readAll(ctx, s, scanErasure, query{erasuresList, []any{after, max(n, 0)}})
}

// replayBatch is how many blobs Replay reads at a time.
const (
	replayBatch = 16
	forwardFrom = `SELECT f.first, f.blob FROM forward f WHERE f.first > $1 ORDER BY f.first LIMIT $2`
	forwardOf   = `SELECT f.first FROM forward f WHERE f.first <= $1 ORDER BY f.first DESC LIMIT 1`
)

type forwardRow struct {
	first int64
	blob  []byte
}

func scanForward(row pgx.Row) (r forwardRow, err error) {
	err = row.Scan(&r.first, &r.blob)
	return r, err
}

// Replay implements claims.Store.
func (s *Store) Replay(ctx context.Context, after int64, fn func(claims.Entry) error) error {
	var last int64 // blob read
	if err := s.readRow(ctx, query{forwardOf, []any{after}}, &last); err != nil && !errors.Is(err, pgx.ErrNoRows) {
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

const (
	statsOfStore = `SELECT l.documents, l.claims,
	(SELECT count(*) FROM sources WHERE registered),
	(SELECT count(*) FROM sources WHERE NOT registered) - (SELECT count(DISTINCT d.id)
		FROM sources r JOIN source_names n ON n.source = r.id JOIN sources d ON d.derived_key = n.key
		WHERE r.registered AND NOT d.registered)
	FROM log l WHERE l.shard = 0`
)

// Stats implements claims.Store.
func (s *Store) Stats(ctx context.Context) (claims.Stats, error) {
	var st claims.Stats
	err := s.readRow(ctx, query{statsOfStore, nil}, &st.Documents, &st.Claims, &st.RegisteredSources, &st.DerivedSources)
	return st, err
}
