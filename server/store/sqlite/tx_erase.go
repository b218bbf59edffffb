package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/forward"
	"github.com/secondsource/secondsource/server/store/record"
)

const (
	erasedDocument = `SELECT d.seq, coalesce(d.previous, ''), coalesce(d.next, ''), d.hash FROM documents d WHERE d.id = ?`
	partVersions   = `UPDATE documents SET previous = NULL, next = NULL WHERE seq = ?`
	joinNext       = `UPDATE documents SET next = ? WHERE id = ?`
	joinPrevious   = `UPDATE documents SET previous = ? WHERE id = ?`
	copiesOf       = `SELECT d.seq, d.id, d.body FROM copy_links l CROSS JOIN documents d ON d.seq = l.document WHERE l.original = ? ORDER BY d.seq`
	rewriteBody    = `UPDATE documents SET body = ? WHERE seq = ?`
	dropCopies     = `DELETE FROM copy_links WHERE original = ?`
	dropOriginals  = `DELETE FROM copy_links WHERE document = ?`
	dropBlock      = `DELETE FROM claim_blocks WHERE first = ?`
	dropIdentity   = `DELETE FROM identities WHERE prefix = ? AND document = ?`
	dropPublisher  = `DELETE FROM publishers WHERE (publisher_fold, published_at, id) = (SELECT publisher_fold, published_at, id FROM documents WHERE seq = ?)`
	dropRequests   = `DELETE FROM requests WHERE document = ?`
	dropDocument   = `DELETE FROM documents WHERE seq = ?`
	forwardBlob    = `SELECT f.first, f.blob FROM forward f WHERE f.first <= ? ORDER BY f.first DESC LIMIT 1`
	dropForward    = `DELETE FROM forward WHERE first = ?`
	rewriteForward = `UPDATE forward SET first = ?, blob = ? WHERE first = ?`
	insertErasure  = `INSERT INTO erasures (document, first_claim, claims, all_claims, head_document, head_claim)
	VALUES (?1, ?2, ?3, ?3 + coalesce((SELECT all_claims FROM erasures ORDER BY seq DESC LIMIT 1), 0), ?4, ?5) RETURNING seq`
)

// Document implements claims.Tx.
func (t *tx) Document(id string) (claims.Document, error) {
	doc, ok, err := t.document(documentByID, id)
	if err == nil && !ok {
		err = claims.NotFound(claims.ReasonDocumentNotFound, "documents/"+id)
	}
	return doc, err
}

// EraseDocument implements claims.Tx.
func (t *tx) EraseDocument(id string) (claims.Erasure, error) {
	var e claims.Erasure
	var previous, next string
	var hash []byte
	ok, err := t.row(func(row scanner) error { return row.Scan(&e.Document, &previous, &next, &hash) }, erasedDocument, id)
	if err != nil {
		return e, err
	}
	if !ok {
		return e, claims.NotFound(claims.ReasonDocumentNotFound, "documents/"+id)
	}
	cs, err := t.claimsOf(id)
	if err != nil {
		return e, err
	}
	// Nothing of it is put off any more.
	t.wrote = true
	if err := t.w.flush(); err != nil {
		return e, t.fail(err)
	}
	if err := t.fold(); err != nil {
		return e, err
	}
	if e.Claims = len(cs); e.Claims > 0 {
		e.FirstClaim = cs[0].Seq
	}
	for _, step := range []func() error{
		func() error { return t.partVersions(e.Document, previous, next) },
		func() error { return t.unlinkCopies(e.Document, id) },
		func() error { return t.dropClaims(e.FirstClaim, cs) },
		func() error { return t.exec(dropRequests, e.Document) },
		func() error { return t.dropTerms(e.Document) },
		func() error { return t.exec(dropIdentity, prefix(hash), e.Document) },
		func() error { return t.exec(dropPublisher, e.Document) },
		func() error { return t.exec(dropDocument, e.Document) },
		func() error { return t.uncountNames(cs) },
		func() error { return t.eraseWords(id) },
	} {
		if err := step(); err != nil {
			return e, err
		}
	}
	t.w.erased = true
	t.w.forget()
	_, err = t.inserted(func(row scanner) error { return row.Scan(&e.Seq) },
		insertErasure, e.Document, e.FirstClaim, e.Claims, t.w.open.doc, t.w.open.claim)
	return e, err
}

// partVersions takes a document out of the chain of its versions.
func (t *tx) partVersions(seq int64, previous, next string) error {
	err := t.exec(partVersions, seq)
	if err == nil && previous != "" {
		err = t.exec(joinNext, null(next), previous)
	}
	if err == nil && next != "" {
		err = t.exec(joinPrevious, null(previous), next)
	}
	return err
}

// copier is a document that names another as copied.
type copier struct {
	seq  int64
	id   string
	body []byte
}

func scanCopier(row scanner) (c copier, err error) {
	err = row.Scan(&c.seq, &c.id, &c.body)
	return c, err
}

// unlinkCopies takes the document out of those that name it as copied.
func (t *tx) unlinkCopies(seq int64, id string) error {
	all, err := rows(t, scanCopier, copiesOf, id)
	if err != nil {
		return err
	}
	for _, c := range all {
		body, err := record.WithoutCopiesOf(id, c.body, c.id)
		if err != nil {
			return t.fail(err)
		}
		if err := t.exec(rewriteBody, body, c.seq); err != nil {
			return err
		}
	}
	if err := t.exec(dropCopies, id); err != nil {
		return err
	}
	return t.exec(dropOriginals, seq)
}

// dropTerms takes the document out of its blob of index terms: the one that this
// transaction has not written yet, or a stored one.
func (t *tx) dropTerms(document int64) error {
	if document > t.w.before.doc {
		rest, _, err := t.w.forward.Without(document)
		if err != nil {
			return t.fail(err)
		}
		t.w.forward = rest
		return nil
	}
	var stored forwardRow
	ok, err := t.row(func(row scanner) (err error) {
		stored, err = scanForward(row)
		return err
	}, forwardBlob, document)
	if err != nil || !ok {
		return err
	}
	rest, first, _, err := forward.Without(stored.blob, document)
	switch {
	case err != nil:
		return t.fail(err)
	case rest == nil:
		return t.exec(dropForward, stored.first)
	default:
		return t.exec(rewriteForward, first, rest, stored.first)
	}
}

// rows reads all rows of a query within the transaction.
func rows[T any](t *tx, scan func(scanner) (T, error), text string, args ...any) (all []T, err error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			all, err = nil, t.fail(err)
		}
	}()
	stmt, err := t.w.stmt(text)
	if err != nil {
		return nil, err
	}
	var found *sql.Rows
	if found, err = stmt.QueryContext(context.Background(), args...); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for found.Next() {
		one, err := scan(found)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, found.Err()
}
