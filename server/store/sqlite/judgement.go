package sqlite

import (
	"context"
	"fmt"
	"math"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

const (
	selectJudgements = `SELECT ` + judgementColumns + ` FROM judgements j`
	judgementsList   = selectJudgements + ` WHERE j.seq > ? ORDER BY j.seq LIMIT ?`
)

// Judgements implements claims.Store.
func (s *Store) Judgements(ctx context.Context, after int64, n int) ([]claims.Judgement, error) {
	return readAll(ctx, s, scanJudgement, query{judgementsList, []any{after, max(n, 0)}})
}

// ListJudgements implements claims.Store.
func (s *Store) ListJudgements(ctx context.Context, f claims.JudgementFilter, p claims.Page) ([]claims.Judgement, error) {
	if err := record.CheckPage(p); err != nil {
		return nil, err
	}
	return readAll(ctx, s, scanJudgement, judgementsQuery(f, p))
}

// aboutDocument are the entries whose subject or object is a document or one of
// its claims: ?1 its name, [?2, ?3) the names of its claims.
const aboutDocument = `(SELECT seq FROM judgements WHERE subject = ? UNION ALL SELECT seq FROM judgements WHERE subject >= ? AND subject < ?
	UNION ALL SELECT seq FROM judgements WHERE object <> '' AND object = ?
	UNION ALL SELECT seq FROM judgements WHERE object <> '' AND object >= ? AND object < ?)`

// judgementsQuery walks the log backwards, or goes by the narrowest filter.
func judgementsQuery(f claims.JudgementFilter, p claims.Page) query {
	var w where
	before := p.After.Key
	if before == 0 {
		before = math.MaxInt64
	}
	tail := ` ORDER BY j.seq DESC LIMIT ?`
	switch {
	case f.About != "":
		name, from, to := record.AboutName(f.About)
		w.and("j.seq IN "+aboutDocument, name, from, to, name, from, to)
		w.and("+j.seq < ?", before)
	case f.Editor != "":
		w.and("j.editor = ?", f.Editor)
		w.and("j.seq < ?", before)
		f.Editor = ""
	case f.Kind != "":
		w.and("j.kind = ?", f.Kind)
		w.and("j.seq < ?", before)
		f.Kind = ""
	default:
		w.and("j.seq < ?", before)
	}
	if f.Editor != "" {
		w.and("+j.editor = ?", f.Editor)
	}
	if f.Kind != "" {
		w.and("+j.kind = ?", f.Kind)
	}
	if !f.From.IsZero() {
		w.and("j.at >= ?", record.Micros(f.From))
	}
	if !f.To.IsZero() {
		w.and("j.at < ?", record.Micros(f.To))
	}
	return w.query(selectJudgements, tail, p.Size)
}

// Claim implements claims.Tx.
func (t *tx) Claim(document string, index int) (claims.Claim, error) {
	blocks, err := rows(t, scanBlock, blockOfDocument, document)
	if err != nil {
		return claims.Claim{}, err
	}
	return oneClaim(blocks, document, index)
}

// Judgements implements claims.Tx.
func (t *tx) Judgements(after int64, n int) ([]claims.Judgement, error) {
	return rows(t, scanJudgement, judgementsList, after, max(n, 0))
}

const (
	judgementExists    = `SELECT seq FROM judgements WHERE seq = ?`
	insertJudgement    = `INSERT INTO judgements (kind, subject, object, value, editor, reason, at, undoes) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`
	judgementByRequest = `SELECT ` + judgementColumns + ` FROM judgement_requests r CROSS JOIN judgements j ON j.seq = r.judgement WHERE r.request = ?`
	judgementRequest   = `SELECT hash FROM judgement_requests WHERE request = ?`
	insertJudgementID  = `INSERT INTO judgement_requests (request, hash, judgement) VALUES (?, ?, ?)`
)

// AppendJudgement implements claims.Tx.
func (t *tx) AppendJudgement(j claims.Judgement) (int64, error) {
	if err := t.usable(); err != nil {
		return 0, err
	}
	value, err := record.JudgementValue(&j)
	if err != nil {
		return 0, err
	}
	var undoes any
	if j.Undoes != 0 {
		if err := t.hasJudgement(j.Undoes); err != nil {
			return 0, err
		}
		undoes = j.Undoes
	}
	var seq int64
	_, err = t.inserted(func(row scanner) error { return row.Scan(&seq) }, insertJudgement,
		j.Kind, j.Subject, j.Object, value, j.Editor, j.Reason, record.Micros(j.At), undoes)
	return seq, err
}

// hasJudgement is CodeNotFound for an entry that is not stored.
func (t *tx) hasJudgement(seq int64) error {
	ok, err := t.row(func(row scanner) error { return row.Scan(new(int64)) }, judgementExists, seq)
	if err == nil && !ok {
		err = claims.NotFound(claims.ReasonNoJudgement, fmt.Sprintf("judgements/%d", seq))
	}
	return err
}

// JudgementByRequest implements claims.Tx.
func (t *tx) JudgementByRequest(requestID string) (j claims.Judgement, hash [32]byte, ok bool, err error) {
	var h []byte
	ok, err = t.row(func(row scanner) error { return row.Scan(&h) }, judgementRequest, requestID)
	if !ok || err != nil {
		return claims.Judgement{}, hash, false, err
	}
	copy(hash[:], h)
	ok, err = t.row(func(row scanner) (err error) {
		j, err = scanJudgement(row)
		return err
	}, judgementByRequest, requestID)
	return j, hash, ok, err
}

// RememberJudgement implements claims.Tx.
func (t *tx) RememberJudgement(requestID string, hash [32]byte, seq int64) error {
	if err := t.hasJudgement(seq); err != nil {
		return err
	}
	taken, err := t.row(func(row scanner) error { return row.Scan(new([]byte)) }, judgementRequest, requestID)
	switch {
	case err != nil:
		return err
	case taken:
		return record.RequestReused(requestID)
	}
	return t.exec(insertJudgementID, requestID, hash[:], seq)
}

const (
	dropJudgementIDs = `DELETE FROM judgement_requests WHERE judgement IN ` + aboutDocument
	eraseJudgements  = `UPDATE judgements SET reason = '', value = '` + record.ErasedJudgement + `' WHERE seq IN ` + aboutDocument
)

// eraseWords takes what judgements say of a document out of the log.
func (t *tx) eraseWords(id string) error {
	name, from, to := record.About(id)
	args := []any{name, from, to, name, from, to}
	if err := t.exec(dropJudgementIDs, args...); err != nil {
		return err
	}
	return t.exec(eraseJudgements, args...)
}
