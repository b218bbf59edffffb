package sqlite

import (
	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// documentColumns are scanned by scanDocument; "d" is the table.
const documentColumns = `d.seq, d.id, d.version, coalesce(d.previous, ''), coalesce(d.next, ''), d.kind, d.status,
	d.publisher, d.published_at, d.ingested_at, d.retrieved_at, d.title, d.byline, d.dateline, d.credit_line, d.url,
	d.external_id, d.forwarded_from, d.in_reply_to, d.language, d.body, d.text`

type scanner interface{ Scan(dest ...any) error }

func scanDocument(row scanner) (claims.Document, error) {
	var d claims.Document
	var published, ingested, retrieved int64
	var body []byte
	err := row.Scan(&d.Seq, &d.ID, &d.Version, &d.Previous, &d.Next, &d.Kind, &d.Status,
		&d.Publisher, &published, &ingested, &retrieved, &d.Title, &d.Byline, &d.Dateline, &d.CreditLine, &d.URL,
		&d.ExternalID, &d.ForwardedFrom, &d.InReplyTo, &d.Language, &body, &d.Text)
	if err != nil {
		return d, err
	}
	d.PublishedAt, d.IngestedAt, d.RetrievedAt = record.Instant(published), record.Instant(ingested), record.Instant(retrieved)
	return d, record.ReadDocumentBody(body, &d)
}

// sourceColumns are scanned by scanSource; "s" is the table. The count of
// mentions goes on below a promoted source and is not shown.
const sourceColumns = `s.num, s.id, s.registered, s.kind, s.name, iif(s.registered, 0, s.mentions), s.created_at, s.updated_at, s.revision, s.body`

// sourceRow is a source with the mentions that its row has (counts).
type sourceRow struct {
	claims.Source

	num int64
}

func scanSource(row scanner) (sourceRow, error) {
	var s sourceRow
	var created, updated int64
	var body []byte
	if err := row.Scan(&s.num, &s.ID, &s.Registered, &s.Kind, &s.Name, &s.Mentions, &created, &updated, &s.Revision, &body); err != nil {
		return s, err
	}
	s.CreatedAt, s.UpdatedAt = record.Instant(created), record.Instant(updated)
	return s, record.ReadSourceBody(body, &s.Source)
}

const judgementColumns = `j.seq, j.kind, j.subject, j.object, j.value, j.editor, j.reason, j.at, coalesce(j.undoes, 0)`

func scanJudgement(row scanner) (claims.Judgement, error) {
	var j claims.Judgement
	var value []byte
	var at int64
	if err := row.Scan(&j.Seq, &j.Kind, &j.Subject, &j.Object, &value, &j.Editor, &j.Reason, &at, &j.Undoes); err != nil {
		return j, err
	}
	j.At = record.Instant(at)
	return j, record.ReadJudgementValue(value, &j)
}
