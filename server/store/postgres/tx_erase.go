package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/forward"
	"github.com/secondsource/secondsource/server/store/record"
)

const (
	erasedDocument = `SELECT d.seq, coalesce(d.previous, ''), coalesce(d.next, '') FROM documents d WHERE d.id = $1`
	erasedClaims   = selectClaims + ` WHERE c.document = $1 ORDER BY c.seq`
	partVersions   = `UPDATE documents SET previous = NULL, next = NULL WHERE seq = $1`
	joinPrevious   = `UPDATE documents SET previous = $1 WHERE id = $2`
	copiesOf       = `SELECT d.seq, d.id, d.body FROM copy_links l JOIN documents d ON d.seq = l.document WHERE l.original = $1 ORDER BY d.seq`
	rewriteBody    = `UPDATE documents SET body = $1 WHERE seq = $2`
	dropCopies     = `DELETE FROM copy_links WHERE original = $1`
	dropOriginals  = `DELETE FROM copy_links WHERE document = $1`
	dropKeys       = `DELETE FROM claim_asserters WHERE claim = ANY($1::bigint[])`
	dropClaims     = `DELETE FROM claims WHERE document = $1`
	dropRequests   = `DELETE FROM requests WHERE document = $1`
	dropDocument   = `DELETE FROM documents WHERE seq = $1`
	forwardBlob    = `SELECT f.first, f.blob FROM forward f WHERE f.first <= $1 ORDER BY f.first DESC LIMIT 1`
	dropForward    = `DELETE FROM forward WHERE first = $1`
	rewriteForward = `UPDATE forward SET first = $1, blob = $2 WHERE first = $3`
	insertErasure  = `INSERT INTO erasures (seq, document, first_claim, claims) VALUES ($1, $2, $3, $4)`
)

// Document implements claims.Tx.
func (t *tx) Document(id string) (claims.Document, error) {
	doc, ok, err := t.document(documentByID, str(id))
	if err == nil && !ok {
		err = claims.NotFound(claims.ReasonDocumentNotFound, "documents/"+id)
	}
	return doc, err
}

// EraseDocument implements claims.Tx.
func (t *tx) EraseDocument(id string) (claims.Erasure, error) {
	var e claims.Erasure
	var previous, next str
	ok, err := t.row(into(&e.Document, &previous, &next), erasedDocument, str(id))
	if err != nil {
		return e, err
	}
	if !ok {
		return e, claims.NotFound(claims.ReasonDocumentNotFound, "documents/"+id)
	}
	cs, err := rows(t, scanClaim, erasedClaims, e.Document)
	if err != nil {
		return e, err
	}
	gone := make([]int64, len(cs))
	for i := range cs {
		gone[i] = cs[i].Seq
	}
	if e.Claims = len(cs); e.Claims > 0 {
		e.FirstClaim = cs[0].Seq
	}
	copiers, err := rows(t, scanCopier, copiesOf, str(id))
	if err != nil {
		return e, err
	}

	// From here on a failure breaks the update.
	b := t.writing()
	b.Queue(partVersions, e.Document)
	if previous != "" {
		b.Queue(linkNext, null(string(next)), previous)
	}
	if next != "" {
		b.Queue(joinPrevious, null(string(previous)), next)
	}
	for _, c := range copiers {
		body, err := record.WithoutCopiesOf(id, c.body, c.id)
		if err != nil {
			return e, t.fail(err)
		}
		b.Queue(rewriteBody, body, c.seq)
	}
	b.Queue(dropCopies, str(id))
	b.Queue(dropOriginals, e.Document)
	b.Queue(dropKeys, gone)
	b.Queue(dropClaims, e.Document)
	b.Queue(dropRequests, e.Document)
	if err := t.write(b); err != nil {
		return e, err
	}
	if err := t.dropTerms(e.Document); err != nil {
		return e, err
	}
	if err := t.uncountNames(cs); err != nil {
		return e, err
	}
	h := &t.w.head
	e.Seq = h.erased + 1
	b = t.writing()
	b.Queue(dropDocument, e.Document)
	b.Queue(insertErasure, e.Seq, e.Document, e.FirstClaim, e.Claims)
	queueWordsErased(b, id)
	if err := t.write(b); err != nil {
		return e, err
	}
	h.erased, h.documents, h.claims = e.Seq, h.documents-1, h.claims-int64(e.Claims)
	return e, nil
}

// copier is a document that names another as copied.
type copier struct {
	seq  int64
	id   string
	body []byte
}

func scanCopier(row pgx.Row) (c copier, err error) {
	err = row.Scan(&c.seq, (*str)(&c.id), &c.body)
	return c, err
}

// dropTerms takes the document out of its blob of index terms, the one that this
// transaction has not written yet or a stored one, and then out of the posting
// lists, if a compactor has come to it.
func (t *tx) dropTerms(document int64) error {
	if document > t.w.before.document {
		rest, _, err := t.w.forward.Without(document)
		if err != nil {
			return t.fail(err)
		}
		if t.full == nil {
			whole := t.w.forward
			t.full = &whole
		}
		t.w.forward = rest
		return nil
	}
	// A compactor that is under way has read the blob: it is waited for.
	var compacted int64
	if _, err := t.row(into(&compacted), lockCompaction); err != nil {
		return err
	}
	var stored forwardRow
	ok, err := t.row(func(row pgx.Row) (err error) {
		stored, err = scanForward(row)
		return err
	}, forwardBlob, document)
	if err != nil || !ok {
		return err
	}
	rest, first, gone, err := forward.Without(stored.blob, document)
	if err != nil {
		return t.fail(err)
	}
	b := t.writing()
	if rest == nil {
		b.Queue(dropForward, stored.first)
	} else {
		b.Queue(rewriteForward, first, rest, stored.first)
	}
	if err := t.write(b); err != nil || document > compacted {
		return err
	}
	return t.dropPostings(gone)
}

const (
	uncountNames = `UPDATE sources SET mentions = greatest(0, sources.mentions - m.mentions)
	FROM unnest($1::bytea[], $2::bigint[]) AS m (id, mentions) WHERE sources.id = m.id`
	dropUnmetBy = `DELETE FROM source_names WHERE source IN (SELECT id FROM sources WHERE id = ANY($1::bytea[]) AND NOT registered AND mentions = 0)`
	dropUnmet   = `DELETE FROM sources WHERE id = ANY($1::bytea[]) AND NOT registered AND mentions = 0`
	toldBody    = `SELECT seq FROM (SELECT 1 AS seq FROM sources WHERE id = $1 AND NOT registered AND body = $2) told`
	claimsLeft  = `SELECT ` + claimColumns + ` FROM claim_asserters a JOIN claims c ON c.seq = a.claim JOIN documents d ON d.seq = c.document
	WHERE a.key = $1 ORDER BY a.claim LIMIT $2`
	rewriteSource = `UPDATE sources SET body = $1 WHERE id = $2`
)

// uncountNames takes back what queueMet counted. The claims are gone already.
func (t *tx) uncountNames(cs []claims.Claim) error {
	names, err := record.NamesMet(cs)
	if err != nil {
		return t.fail(err)
	}
	if len(names) == 0 {
		return nil
	}
	ids, counts := make([][]byte, len(names)), make([]int64, len(names))
	for i := range names {
		ids[i], counts[i] = []byte(names[i].ID), int64(names[i].Mentions)
	}
	b := t.writing()
	b.Queue(uncountNames, ids, counts)
	b.Queue(dropUnmetBy, ids)
	b.Queue(dropUnmet, ids)
	if err := t.write(b); err != nil {
		return err
	}
	for i := range names {
		if m := &names[i]; m.Body != record.NoBody {
			if err := t.retell(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// retell lets a derived source keep the handle that the document told only when
// a claim that is left tells it too.
func (t *tx) retell(m *record.Met) error {
	ok, err := t.row(into(new(int64)), toldBody, str(m.ID), m.Body)
	if err != nil || !ok {
		return err
	}
	left, err := rows(t, scanClaim, claimsLeft, key(m.Key), record.MostLeft)
	if err != nil {
		return err
	}
	body, handle, err := record.Known(m.Key, left)
	if err != nil {
		return t.fail(err)
	}
	known := []string{m.Key}
	if handle != "" {
		known = append(known, handle)
	}
	b := t.writing()
	b.Queue(rewriteSource, body, str(m.ID))
	b.Queue(dropNames, str(m.ID))
	b.Queue(insertNames, keys(known), str(m.ID))
	return t.write(b)
}

// rows reads all rows of a query within the transaction.
func rows[T any](t *tx, scan func(pgx.Row) (T, error), text string, args ...any) ([]T, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	found, err := t.w.conn.Query(ctx, text, args...)
	if err != nil {
		return nil, t.fail(err)
	}
	all, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (T, error) { return scan(row) })
	if err != nil {
		return nil, t.fail(err)
	}
	return all, nil
}
