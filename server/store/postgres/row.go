package postgres

import (
	"crypto/sha256"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// str is a string in a BYTEA column.
//
//nolint:recvcheck // a value is written, a place is scanned into
type str string

// ScanBytes implements pgtype.BytesScanner.
func (s *str) ScanBytes(v []byte) error {
	*s = str(v)
	return nil
}

// BytesValue implements pgtype.BytesValuer.
func (s str) BytesValue() ([]byte, error) { return []byte(s), nil }

// strs are the values of a BYTEA[].
func strs(values []string) [][]byte {
	all := make([][]byte, len(values))
	for i, v := range values {
		all[i] = []byte(v)
	}
	return all
}

// maxKey bounds the keys of indexes, in bytes: a B-tree takes 2,700 a row, and
// some rows have several.
const maxKey = 512

// key is a name as an index holds it. Of one that is too long the end is
// replaced by a hash, so that different names keep different keys.
func key(name string) str {
	if len(name) <= maxKey {
		return str(name)
	}
	sum := sha256.Sum256([]byte(name))
	return str(name[:maxKey-len(sum)]) + str(sum[:])
}

func keys(names []string) [][]byte {
	all := make([][]byte, len(names))
	for i, n := range names {
		all[i] = []byte(key(n))
	}
	return all
}

// start is the part of a folded name by which prefixes are looked up.
func start(fold string) str { return str(fold[:min(len(fold), maxKey)]) }

// documentColumns are scanned by scanDocument; "d" is the table.
const documentColumns = `d.seq, d.id, d.version, coalesce(d.previous, ''), coalesce(d.next, ''), d.kind, d.status,
	d.publisher, d.published_at, d.ingested_at, d.retrieved_at, d.title, d.byline, d.dateline, d.credit_line, d.url,
	d.external_id, d.forwarded_from, d.in_reply_to, d.language, d.body, d.text`

func scanDocument(row pgx.Row) (claims.Document, error) {
	var d claims.Document
	var published, ingested, retrieved int64
	var body []byte
	err := row.Scan(&d.Seq, (*str)(&d.ID), &d.Version, (*str)(&d.Previous), (*str)(&d.Next), &d.Kind, &d.Status,
		(*str)(&d.Publisher), &published, &ingested, &retrieved, (*str)(&d.Title), (*str)(&d.Byline), (*str)(&d.Dateline),
		(*str)(&d.CreditLine), (*str)(&d.URL), (*str)(&d.ExternalID), (*str)(&d.ForwardedFrom), (*str)(&d.InReplyTo),
		(*str)(&d.Language), &body, (*str)(&d.Text))
	if err != nil {
		return d, err
	}
	d.PublishedAt, d.IngestedAt, d.RetrievedAt = record.Instant(published), record.Instant(ingested), record.Instant(retrieved)
	return d, record.ReadDocumentBody(body, &d)
}

// claimColumns are scanned by scanClaim; "c" is the table, "d" its document.
const claimColumns = `c.seq, d.id, c.idx, c.kind, c.modality, c.text, c.body`

func scanClaim(row pgx.Row) (claims.Claim, error) {
	var c claims.Claim
	var body []byte
	if err := row.Scan(&c.Seq, (*str)(&c.Document), &c.Index, &c.Kind, &c.Modality, (*str)(&c.Text), &body); err != nil {
		return c, err
	}
	return c, record.ReadClaimBody(body, &c)
}

// sourceColumns are scanned by scanSource; "s" is the table. The count of
// mentions goes on below a promoted source and is not shown.
const sourceColumns = `s.id, s.registered, s.kind, s.name, CASE WHEN s.registered THEN 0 ELSE s.mentions END,
	s.created_at, s.updated_at, s.revision, s.body`

func scanSource(row pgx.Row) (claims.Source, error) {
	var s claims.Source
	var created, updated int64
	var body []byte
	if err := row.Scan((*str)(&s.ID), &s.Registered, &s.Kind, (*str)(&s.Name), &s.Mentions, &created, &updated, &s.Revision, &body); err != nil {
		return s, err
	}
	s.CreatedAt, s.UpdatedAt = record.Instant(created), record.Instant(updated)
	return s, record.ReadSourceBody(body, &s)
}

const judgementColumns = `j.seq, j.kind, j.subject, j.object, j.value, j.editor, j.reason, j.at, coalesce(j.undoes, 0)`

func scanJudgement(row pgx.Row) (claims.Judgement, error) {
	var j claims.Judgement
	var value []byte
	var at int64
	err := row.Scan(&j.Seq, (*str)(&j.Kind), (*str)(&j.Subject), (*str)(&j.Object), &value, (*str)(&j.Editor), (*str)(&j.Reason), &at, &j.Undoes)
	if err != nil {
		return j, err
	}
	j.At = record.Instant(at)
	return j, record.ReadJudgementValue(value, &j)
}
