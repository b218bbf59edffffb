package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// tx is one update's view of the open transaction.
type tx struct {
	w     *writer
	wrote bool // something, so that it cannot be taken back alone
	over  bool // the callback has returned
	// broken is the first failure of a statement, after which the update cannot
	// become durable. A refusal (CodeExists and the like) comes before anything
	// is written and breaks nothing.
	broken error
}

var _ claims.Tx = (*tx)(nil)

var errOver = errors.New("a transaction of the store was used after its update ended")

// usable is asked first by every method. After a failure SQLite may have left
// the transaction, and a further statement would commit by itself.
func (t *tx) usable() error {
	if t.over {
		return errOver
	}
	return t.broken
}

func (t *tx) fail(err error) error {
	t.broken = translate(err, t.w.path)
	return t.broken
}

func (t *tx) exec(query string, args ...any) error {
	t.wrote = true
	if err := t.w.exec(query, args...); err != nil {
		return t.fail(err)
	}
	return nil
}

// row reads one row; ok is false when there is none.
func (t *tx) row(scan func(scanner) error, query string, args ...any) (ok bool, err error) {
	if err := t.usable(); err != nil {
		return false, err
	}
	stmt, err := t.w.stmt(query)
	if err != nil {
		return false, t.fail(err)
	}
	switch err := scan(stmt.QueryRowContext(context.Background(), args...)); {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, t.fail(err)
	}
	return true, nil
}

// inserted is row for a statement that writes.
func (t *tx) inserted(scan func(scanner) error, query string, args ...any) (ok bool, err error) {
	t.wrote = true
	return t.row(scan, query, args...)
}

func (t *tx) document(query string, args ...any) (doc claims.Document, ok bool, err error) {
	ok, err = t.row(func(row scanner) (err error) {
		doc, err = scanDocument(row)
		return err
	}, query, args...)
	if !ok {
		return claims.Document{}, false, err
	}
	return doc, true, nil
}

const (
	documentByRequest = `SELECT ` + documentColumns + ` FROM requests r JOIN documents d ON d.seq = r.document WHERE r.request = ?`
	requestHash       = `SELECT hash FROM requests WHERE request = ?`
	documentByHash    = `SELECT ` + documentColumns + ` FROM documents d WHERE d.seq IN (SELECT document FROM identities WHERE prefix = ?) AND d.hash = ?`
	arrivedByHash     = `SELECT ` + documentColumns + ` FROM documents d WHERE d.seq = ? AND d.hash = ?`
	latestOfSeries    = `SELECT ` + documentColumns + ` FROM documents d WHERE d.series = ? ORDER BY d.version DESC, d.seq DESC LIMIT 1`
)

// DocumentByRequest implements claims.Tx.
func (t *tx) DocumentByRequest(requestID string) (doc claims.Document, hash [32]byte, ok bool, err error) {
	doc, ok, err = t.document(documentByRequest, requestID)
	if !ok || err != nil {
		return doc, hash, false, err
	}
	var h []byte
	if _, err = t.row(func(row scanner) error { return row.Scan(&h) }, requestHash, requestID); err != nil {
		return claims.Document{}, hash, false, err
	}
	copy(hash[:], h)
	return doc, hash, true, nil
}

// DocumentByHash implements claims.Tx.
func (t *tx) DocumentByHash(hash [32]byte) (doc claims.Document, ok bool, err error) {
	if seq, ok := t.w.arrived[hash]; ok {
		if doc, ok, err := t.document(arrivedByHash, seq, hash[:]); ok || err != nil {
			return doc, ok, err
		}
	}
	return t.document(documentByHash, prefix(hash[:]), hash[:])
}

// LatestOfSeries implements claims.Tx.
func (t *tx) LatestOfSeries(series [32]byte) (doc claims.Document, ok bool, err error) {
	if series == [32]byte{} {
		return claims.Document{}, false, t.usable()
	}
	return t.document(latestOfSeries, series[:])
}

const (
	// checkNew is checkDocument without a request and a previous version.
	checkNew      = `SELECT EXISTS (SELECT 1 FROM documents WHERE id = ?), EXISTS (SELECT 1 FROM identities WHERE prefix = ?)`
	checkDocument = `SELECT
	EXISTS (SELECT 1 FROM documents WHERE id = ?1),
	EXISTS (SELECT 1 FROM identities WHERE prefix = ?2),
	EXISTS (SELECT 1 FROM requests WHERE request = ?3),
	(SELECT coalesce(next, '') FROM documents WHERE id = ?4)`
	insertDocument = `INSERT INTO documents (seq, id, hash, series, version, previous, kind, status, publisher, publisher_fold,
	published_at, ingested_at, retrieved_at, claim_count, first_claim, title, byline, dateline, credit_line, url, external_id,
	forwarded_from, in_reply_to, language, body, text)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	insertBlock   = `INSERT INTO claim_blocks (first, document, published_at, claims, body) VALUES (?, ?, ?, ?, ?)`
	linkNext      = `UPDATE documents SET next = ? WHERE id = ?`
	insertRequest = `INSERT INTO requests (request, hash, document) VALUES (?, ?, ?)`
	insertCopy    = `INSERT INTO copy_links (original, document) VALUES (?, ?)`
)

// PutDocument implements claims.Tx.
func (t *tx) PutDocument(doc *claims.Document, cs []claims.Claim, id claims.Identity, signature []byte, terms [][]claims.Term) error {
	if err := t.usable(); err != nil {
		return err
	}
	if err := t.admit(doc, cs, id, terms); err != nil {
		return err
	}
	body, err := record.DocumentBody(doc)
	if err != nil {
		return err
	}
	packed, err := t.w.block.Encode(cs)
	if err != nil {
		return err
	}
	seq, first := t.w.open.doc+1, t.w.open.claim+1
	published, fold := record.Micros(doc.PublishedAt), record.Fold(doc.Publisher)

	// From here on a failure breaks the update.
	var series []byte
	if id.Series != [32]byte{} {
		series = id.Series[:]
	}
	firstOrNone := first
	if len(cs) == 0 {
		firstOrNone = 0
	}
	err = t.exec(insertDocument, seq, doc.ID, id.Hash[:], series, doc.Version, null(doc.Previous), doc.Kind, doc.Status,
		doc.Publisher, fold, published, record.Micros(doc.IngestedAt), record.Micros(doc.RetrievedAt), len(cs), firstOrNone,
		doc.Title, doc.Byline, doc.Dateline, doc.CreditLine, doc.URL, doc.ExternalID, doc.ForwardedFrom, doc.InReplyTo,
		doc.Language, body, doc.Text)
	if err != nil {
		return err
	}
	if doc.Previous != "" {
		if err := t.exec(linkNext, doc.ID, doc.Previous); err != nil {
			return err
		}
	}
	if id.RequestID != "" {
		if err := t.exec(insertRequest, id.RequestID, id.RequestHash[:], seq); err != nil {
			return err
		}
	}
	for _, original := range record.Originals(doc) {
		if err := t.exec(insertCopy, original, seq); err != nil {
			return err
		}
	}
	entry := claims.Entry{Document: seq, Signature: signature, Vectors: make([]claims.TermVector, len(cs))}
	for i := range cs {
		entry.Vectors[i] = claims.TermVector{Claim: first + int64(i), Doc: seq, Terms: terms[i]}
	}
	if len(cs) > 0 {
		if err := t.exec(insertBlock, first, seq, published, len(cs), packed); err != nil {
			return err
		}
	}
	if err := t.countNames(doc, cs); err != nil {
		return err
	}
	if err := t.fileAsserters(first, cs); err != nil {
		return err
	}
	if err := t.w.forward.Add(entry); err != nil {
		return t.fail(err)
	}
	t.w.open.arrivals = append(t.w.open.arrivals, seq, prefix(id.Hash[:]), fold, published, doc.ID)
	t.w.arrived[id.Hash] = seq
	t.w.open.doc, t.w.open.claim = seq, first+int64(len(cs))-1
	doc.Seq = seq
	for i := range cs {
		cs[i].Seq, cs[i].Document = first+int64(i), doc.ID
	}
	return nil
}

// admit refuses what cannot be stored, before anything is written.
func (t *tx) admit(doc *claims.Document, cs []claims.Claim, id claims.Identity, terms [][]claims.Term) error {
	if err := record.CheckDocument(doc, cs, terms); err != nil {
		return err
	}
	var have record.Taken
	var err error
	if id.RequestID == "" && doc.Previous == "" {
		_, err = t.row(func(row scanner) error { return row.Scan(&have.ID, &have.Hash) }, checkNew, doc.ID, prefix(id.Hash[:]))
	} else {
		_, err = t.row(func(row scanner) error { return row.Scan(&have.ID, &have.Hash, &have.Request, &have.Next) },
			checkDocument, doc.ID, prefix(id.Hash[:]), id.RequestID, doc.Previous)
	}
	if err != nil {
		return err
	}
	if _, arrived := t.w.arrived[id.Hash]; arrived || have.Hash { // or one that begins with the same bytes
		if _, have.Hash, err = t.DocumentByHash(id.Hash); err != nil {
			return err
		}
	}
	return have.Refuse(doc, id)
}

// RememberRequest implements claims.Tx.
func (t *tx) RememberRequest(requestID string, hash [32]byte, document string) error {
	var seq int64
	ok, err := t.row(func(row scanner) error { return row.Scan(&seq) }, `SELECT seq FROM documents WHERE id = ?`, document)
	if err != nil {
		return err
	}
	if !ok {
		return claims.NotFound(claims.ReasonDocumentNotFound, "documents/"+document)
	}
	var have []byte
	var of int64
	ok, err = t.row(func(row scanner) error { return row.Scan(&have, &of) },
		`SELECT hash, document FROM requests WHERE request = ?`, requestID)
	switch {
	case err != nil:
		return err
	case !ok:
		return t.exec(insertRequest, requestID, hash[:], seq)
	case string(have) != string(hash[:]) || of != seq:
		return record.RequestReused(requestID)
	}
	return nil
}

// null is NULL for "".
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}
