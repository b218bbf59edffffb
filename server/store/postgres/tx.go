package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/forward"
	"github.com/secondsource/secondsource/server/store/record"
)

// tx is one update's view of the open transaction.
type tx struct {
	w      *writer
	before head // what to go back to
	mark   forward.Mark
	full   *forward.Encoder // what it was before this update took documents out of it
	saved  bool             // its savepoint is set
	over   bool             // the callback has returned
	// broken is the first failure of a statement, after which the update cannot
	// become durable. A refusal (CodeExists and the like) comes before anything
	// is written and breaks nothing.
	broken error
}

var _ claims.Tx = (*tx)(nil)

var errOver = errors.New("a transaction of the store was used after its update ended")

// usable is asked first by every method. After a failure PostgreSQL refuses
// every further statement, with an error that says nothing.
func (t *tx) usable() error {
	if t.over {
		return errOver
	}
	return t.broken
}

func (t *tx) fail(err error) error {
	t.broken = translate(err, t.w.database)
	return t.broken
}

// row reads one row; ok is false when there is none.
func (t *tx) row(scan func(pgx.Row) error, query string, args ...any) (ok bool, err error) {
	if err := t.usable(); err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	switch err := scan(t.w.conn.QueryRow(ctx, query, args...)); {
	case errors.Is(err, pgx.ErrNoRows):
		return false, nil
	case err != nil:
		return false, t.fail(err)
	}
	return true, nil
}

// into scans a row into variables.
func into(dest ...any) func(pgx.Row) error {
	return func(row pgx.Row) error { return row.Scan(dest...) }
}

// writing is a batch of statements that write, after the savepoint of this
// update.
func (t *tx) writing() *pgx.Batch {
	b := t.w.releasing()
	if !t.saved {
		t.saved, t.w.dirty = true, true
		b.Queue("SAVEPOINT part")
	}
	return b
}

// write runs the batch in one exchange.
func (t *tx) write(b *pgx.Batch) error {
	if err := t.w.send(b); err != nil {
		return t.fail(err)
	}
	return nil
}

func (t *tx) document(query string, args ...any) (doc claims.Document, ok bool, err error) {
	ok, err = t.row(func(row pgx.Row) (err error) {
		doc, err = scanDocument(row)
		return err
	}, query, args...)
	if !ok {
		return claims.Document{}, false, err
	}
	return doc, true, nil
}

const (
	documentByRequest = `SELECT ` + documentColumns + ` FROM requests r JOIN documents d ON d.seq = r.document WHERE r.request = $1`
	requestHash       = `SELECT hash FROM requests WHERE request = $1`
	requestState      = `SELECT hash, document FROM requests WHERE request = $1`
	documentByHash    = `SELECT ` + documentColumns + ` FROM documents d WHERE d.hash = $1`
	latestOfSeries    = `SELECT ` + documentColumns + ` FROM documents d WHERE d.series = $1 ORDER BY d.version DESC, d.seq DESC LIMIT 1`
	seqOfDocument     = `SELECT seq FROM documents WHERE id = $1`
)

// DocumentByRequest implements claims.Tx.
func (t *tx) DocumentByRequest(requestID string) (doc claims.Document, hash [32]byte, ok bool, err error) {
	doc, ok, err = t.document(documentByRequest, key(requestID))
	if !ok || err != nil {
		return doc, hash, false, err
	}
	var h []byte
	if _, err = t.row(into(&h), requestHash, key(requestID)); err != nil {
		return claims.Document{}, hash, false, err
	}
	copy(hash[:], h)
	return doc, hash, true, nil
}

// DocumentByHash implements claims.Tx.
func (t *tx) DocumentByHash(hash [32]byte) (doc claims.Document, ok bool, err error) {
	return t.document(documentByHash, hash[:])
}

// LatestOfSeries implements claims.Tx.
func (t *tx) LatestOfSeries(series [32]byte) (doc claims.Document, ok bool, err error) {
	if series == [32]byte{} {
		return claims.Document{}, false, t.usable()
	}
	return t.document(latestOfSeries, series[:])
}

const (
	checkDocument = `SELECT
	EXISTS (SELECT 1 FROM documents WHERE id = $1),
	EXISTS (SELECT 1 FROM documents WHERE hash = $2),
	EXISTS (SELECT 1 FROM requests WHERE request = $3),
	(SELECT coalesce(next, '') FROM documents WHERE id = $4)`
	insertDocument = `INSERT INTO documents (seq, id, hash, series, version, previous, kind, status, publisher, publisher_fold,
	published_at, ingested_at, retrieved_at, title, byline, dateline, credit_line, url, external_id,
	forwarded_from, in_reply_to, language, body, text)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`
	linkNext      = `UPDATE documents SET next = $1 WHERE id = $2`
	insertRequest = `INSERT INTO requests (request, hash, document) VALUES ($1, $2, $3)`
	insertClaims  = `INSERT INTO claims (seq, document, idx, kind, modality, published_at, text, body)
	SELECT $1 + c.idx, $2, c.idx, c.kind, c.modality, $3, c.text, c.body
	FROM unnest($4::integer[], $5::text[], $6::text[], $7::bytea[], $8::text[]) AS c (idx, kind, modality, text, body)`
	insertCopies = `INSERT INTO copy_links (original, document) SELECT o.id, $2 FROM unnest($1::bytea[]) AS o (id)`
	insertKeys   = `INSERT INTO claim_asserters (key, claim) SELECT a.key, a.claim FROM unnest($1::bytea[], $2::bigint[]) AS a (key, claim)`
)

// PutDocument implements claims.Tx. All rows go in one exchange.
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
	bodies, err := record.ClaimBodies(cs)
	if err != nil {
		return err
	}
	met, err := record.NamesMet(cs)
	if err != nil {
		return err
	}
	seq, before := t.w.head.document+1, t.w.head.claim

	// From here on a failure breaks the update.
	b := t.writing()
	b.Queue(insertDocument, seq, str(doc.ID), id.Hash[:], series(id), doc.Version, null(doc.Previous), string(doc.Kind), string(doc.Status),
		str(doc.Publisher), key(record.Fold(doc.Publisher)), record.Micros(doc.PublishedAt), record.Micros(doc.IngestedAt), record.Micros(doc.RetrievedAt),
		str(doc.Title), str(doc.Byline), str(doc.Dateline), str(doc.CreditLine), str(doc.URL), str(doc.ExternalID), str(doc.ForwardedFrom),
		str(doc.InReplyTo), str(doc.Language), body, str(doc.Text))
	if doc.Previous != "" {
		b.Queue(linkNext, str(doc.ID), str(doc.Previous))
	}
	if id.RequestID != "" {
		b.Queue(insertRequest, key(id.RequestID), id.RequestHash[:], seq)
	}
	if originals := record.Originals(doc); len(originals) > 0 {
		b.Queue(insertCopies, strs(originals), seq)
	}
	if len(cs) > 0 {
		queueClaims(b, seq, before, doc, cs, bodies)
	}
	queueMet(b, met, record.Micros(doc.IngestedAt))
	if err := t.write(b); err != nil {
		return err
	}
	entry := claims.Entry{Document: seq, Signature: signature, Vectors: make([]claims.TermVector, len(cs))}
	for i := range cs {
		cs[i].Seq, cs[i].Document = before+int64(i)+1, doc.ID
		entry.Vectors[i] = claims.TermVector{Claim: cs[i].Seq, Doc: seq, Terms: terms[i]}
	}
	if err := t.w.forward.Add(entry); err != nil {
		return t.fail(err)
	}
	doc.Seq = seq
	h := &t.w.head
	h.document, h.claim = seq, before+int64(len(cs))
	h.documents, h.claims = h.documents+1, h.claims+int64(len(cs))
	return nil
}

// queueClaims adds the rows of claims, as arrays: one statement for any number.
func queueClaims(b *pgx.Batch, doc, before int64, d *claims.Document, cs []claims.Claim, bodies []string) {
	var (
		places            = make([]int32, len(cs))
		kinds, modalities = make([]string, len(cs)), make([]string, len(cs))
		texts             = make([][]byte, len(cs))
		asserters         []string
		asserted          []int64
	)
	for i := range cs {
		c := &cs[i]
		places[i], kinds[i], modalities[i], texts[i] = int32(c.Index), string(c.Kind), string(c.Modality), []byte(c.Text)
		for _, k := range record.AsserterKeys(c.Attribution.Asserter()) {
			asserters, asserted = append(asserters, k), append(asserted, before+int64(c.Index))
		}
	}
	b.Queue(insertClaims, before, doc, record.Micros(d.PublishedAt), places, kinds, modalities, texts, bodies)
	if len(asserters) > 0 {
		b.Queue(insertKeys, keys(asserters), asserted)
	}
}

// admit refuses what cannot be stored, before anything is written.
func (t *tx) admit(doc *claims.Document, cs []claims.Claim, id claims.Identity, terms [][]claims.Term) error {
	if err := record.CheckDocument(doc, cs, terms); err != nil {
		return err
	}
	var have record.Taken
	var next *str
	if _, err := t.row(into(&have.ID, &have.Hash, &have.Request, &next),
		checkDocument, str(doc.ID), id.Hash[:], key(id.RequestID), str(doc.Previous)); err != nil {
		return err
	}
	have.Next = (*string)(next)
	return have.Refuse(doc, id)
}

// RememberRequest implements claims.Tx.
func (t *tx) RememberRequest(requestID string, hash [32]byte, document string) error {
	var seq int64
	ok, err := t.row(into(&seq), seqOfDocument, str(document))
	if err != nil {
		return err
	}
	if !ok {
		return claims.NotFound(claims.ReasonDocumentNotFound, "documents/"+document)
	}
	var have []byte
	var of int64
	ok, err = t.row(into(&have, &of), requestState, key(requestID))
	switch {
	case err != nil:
		return err
	case !ok:
		b := t.writing()
		b.Queue(insertRequest, key(requestID), hash[:], seq)
		return t.write(b)
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
	return str(s)
}

// series is NULL for the zero series.
func series(id claims.Identity) []byte {
	if id.Series == [32]byte{} {
		return nil
	}
	return id.Series[:]
}
