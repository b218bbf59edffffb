package postgres

import (
	"context"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

const (
	selectJudgements = `SELECT ` + judgementColumns + ` FROM judgements j`
	judgementsList   = selectJudgements + ` WHERE j.seq > $1 ORDER BY j.seq LIMIT $2`
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

// aboutDocument are the entries whose subject or object is a document ($1) or one
// of its claims, whose names lie in [$2, $3).
const aboutDocument = `(SELECT seq FROM judgements WHERE subject = $1 UNION ALL SELECT seq FROM judgements WHERE subject >= $2 AND subject < $3
	UNION ALL SELECT seq FROM judgements WHERE object = $1 UNION ALL SELECT seq FROM judgements WHERE object >= $2 AND object < $3)`

// judgementsQuery leaves the choice of the index to the planner.
func judgementsQuery(f claims.JudgementFilter, p claims.Page) query {
	var w where
	if f.About != "" { // first: its arguments are numbered
		name, from, to := record.AboutName(f.About)
		w.args = []any{str(name), str(from), str(to)}
		w.and("j.seq IN " + aboutDocument)
	}
	before := p.After.Key
	if before == 0 {
		before = math.MaxInt64
	}
	w.and("j.seq < ?", before)
	if f.Editor != "" {
		w.and("j.editor = ?", str(f.Editor))
	}
	if f.Kind != "" {
		w.and("j.kind = ?", str(f.Kind))
	}
	if !f.From.IsZero() {
		w.and("j.at >= ?", record.Micros(f.From))
	}
	if !f.To.IsZero() {
		w.and("j.at < ?", record.Micros(f.To))
	}
	return w.query(selectJudgements, ` ORDER BY j.seq DESC LIMIT ?`, p.Size)
}

// Claim implements claims.Tx.
func (t *tx) Claim(document string, index int) (claims.Claim, error) {
	var c claims.Claim
	ok, err := t.row(func(row pgx.Row) (err error) {
		c, err = scanClaim(row)
		return err
	}, claimByIndex, str(document), index)
	if err == nil && !ok {
		err = claims.NotFound(claims.ReasonClaimNotFound, fmt.Sprintf("documents/%s/claims/%d", document, index))
	}
	if err != nil {
		return claims.Claim{}, err
	}
	return c, nil
}

// Judgements implements claims.Tx.
func (t *tx) Judgements(after int64, n int) ([]claims.Judgement, error) {
	return rows(t, scanJudgement, judgementsList, after, max(n, 0))
}

const (
	judgementExists = `SELECT seq FROM judgements WHERE seq = $1`
	insertJudgement = `INSERT INTO judgements (seq, kind, subject, object, value, editor, reason, at, undoes)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	judgementByRequest = `SELECT ` + judgementColumns + ` FROM judgement_requests r JOIN judgements j ON j.seq = r.judgement WHERE r.request = $1`
	judgementRequest   = `SELECT hash FROM judgement_requests WHERE request = $1`
	insertJudgementID  = `INSERT INTO judgement_requests (request, hash, judgement) VALUES ($1, $2, $3)`
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
	var undoes *int64
	if j.Undoes != 0 {
		if err := t.hasJudgement(j.Undoes); err != nil {
			return 0, err
		}
		undoes = &j.Undoes
	}
	seq := t.w.head.judgement + 1
	b := t.writing()
	b.Queue(insertJudgement, seq, str(j.Kind), str(j.Subject), str(j.Object), value, str(j.Editor), str(j.Reason), record.Micros(j.At), undoes)
	if err := t.write(b); err != nil {
		return 0, err
	}
	t.w.head.judgement = seq
	return seq, nil
}

// hasJudgement is CodeNotFound for an entry that is not stored.
func (t *tx) hasJudgement(seq int64) error {
	ok, err := t.row(into(new(int64)), judgementExists, seq)
	if err == nil && !ok {
		err = claims.NotFound(claims.ReasonNoJudgement, fmt.Sprintf("judgements/%d", seq))
	}
	return err
}

// JudgementByRequest implements claims.Tx.
func (t *tx) JudgementByRequest(requestID string) (j claims.Judgement, hash [32]byte, ok bool, err error) {
	var h []byte
	ok, err = t.row(into(&h), judgementRequest, key(requestID))
	if !ok || err != nil {
		return claims.Judgement{}, hash, false, err
	}
	copy(hash[:], h)
	ok, err = t.row(func(row pgx.Row) (err error) {
		j, err = scanJudgement(row)
		return err
	}, judgementByRequest, key(requestID))
	return j, hash, ok, err
}

// RememberJudgement implements claims.Tx.
func (t *tx) RememberJudgement(requestID string, hash [32]byte, seq int64) error {
	if err := t.hasJudgement(seq); err != nil {
		return err
	}
	taken, err := t.row(into(new([]byte)), judgementRequest, key(requestID))
	switch {
	case err != nil:
		return err
	case taken:
		return record.RequestReused(requestID)
	}
	b := t.writing()
	b.Queue(insertJudgementID, key(requestID), hash[:], seq)
	return t.write(b)
}

const (
	dropJudgementIDs = `DELETE FROM judgement_requests WHERE judgement IN ` + aboutDocument
	eraseJudgements  = `UPDATE judgements SET reason = '', value = '` + record.ErasedJudgement + `' WHERE seq IN ` + aboutDocument
)

// queueWordsErased takes what judgements say of a document out of the log.
func queueWordsErased(b *pgx.Batch, id string) {
	name, from, to := record.About(id)
	b.Queue(dropJudgementIDs, str(name), str(from), str(to))
	b.Queue(eraseJudgements, str(name), str(from), str(to))
}
