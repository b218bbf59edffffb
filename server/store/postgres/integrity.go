package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/forward"
	"github.com/secondsource/secondsource/server/store/postings"
)

// mostReports bounds what one question reports.
const mostReports = 20

// integrityQueries each give a sentence for everything that is wrong that the
// tables' own constraints let pass.
var integrityQueries = []string{
	`SELECT 'the log counts ' || l.documents || ' documents and has ' || (SELECT count(*) FROM documents) FROM log l
	WHERE l.documents <> (SELECT count(*) FROM documents)`,
	`SELECT 'the log counts ' || l.claims || ' claims and has ' || (SELECT count(*) FROM claims) FROM log l WHERE l.claims <> (SELECT count(*) FROM claims)`,
	`SELECT 'the log counts ' || l.erased || ' erasures and has ' || (SELECT count(*) FROM erasures) FROM log l
	WHERE l.erased <> (SELECT count(*) FROM erasures)`,
	`SELECT 'number ' || s.seq || ' is stored and was not given out yet' FROM log l JOIN (
	SELECT max(seq) AS seq FROM documents) s ON s.seq > l.document`,
	`SELECT 'claim number ' || s.seq || ' is stored and was not given out yet' FROM log l JOIN (
	SELECT max(seq) AS seq FROM claims) s ON s.seq > l.claim`,
	`SELECT 'documents/' || convert_from(d.id, 'UTF8') || ' and its next version do not name each other' FROM documents d
	LEFT JOIN documents n ON n.id = d.next WHERE d.next IS NOT NULL AND n.previous IS DISTINCT FROM d.id`,
	`SELECT 'a document is linked as copied and is not there: ' || convert_from(l.original, 'UTF8') FROM copy_links l
	LEFT JOIN documents d ON d.id = l.original WHERE d.id IS NULL`,
}

// Integrity reads one state of the database, checks what its constraints cannot,
// and that the posting lists hold the very terms that the forward blobs do; it
// calls report with what is wrong. The error is that of a database that does not
// answer, or the context's.
func (s *Store) Integrity(ctx context.Context, report func(what string)) error {
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	tell := func(err error) error {
		if claims.CodeOf(err) == claims.CodeCorrupt {
			report(err.Error())
			return nil
		}
		return err
	}
	err := pgx.BeginTxFunc(ctx, s.reads, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		for _, text := range integrityQueries {
			rows, err := tx.Query(ctx, fmt.Sprintf("%s LIMIT %d", text, mostReports))
			if err != nil {
				return err
			}
			wrong, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				return err
			}
			for _, what := range wrong {
				report(what)
			}
		}
		expected, upTo, err := s.expected(ctx, tx)
		if err != nil {
			return tell(err)
		}
		found, err := s.listed(ctx, tx, report)
		if err != nil {
			return tell(err)
		}
		if found != expected {
			report(fmt.Sprintf("the posting lists hold %d terms of claims, and other ones than the forward blobs up to document number %d, which hold %d",
				found.terms, upTo, expected.terms))
		}
		return nil
	})
	return failed(ctx, err, s.name)
}

// sum is a number for a set of postings that does not depend on their order.
type sum struct {
	terms int64
	hash  uint64
}

func (s *sum) add(term, claim int64, impact uint16) {
	s.terms++
	// Each posting's own hash (the finaliser of MurmurHash3, by Appleby), added up.
	h := uint64(term)*0x9E3779B97F4A7C15 ^ uint64(claim)<<16 ^ uint64(impact)
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	s.hash += h ^ h>>33
}

// expected sums up the terms that have been compacted.
func (s *Store) expected(ctx context.Context, tx pgx.Tx) (all sum, upTo int64, err error) {
	if err := tx.QueryRow(ctx, `SELECT document FROM compaction WHERE shard = 0`).Scan(&upTo); err != nil {
		return all, 0, err
	}
	for last := int64(-1); ; {
		rows, err := tx.Query(ctx, forwardFrom, last, replayBatch)
		if err != nil {
			return all, upTo, err
		}
		blobs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (forwardRow, error) { return scanForward(row) })
		if err != nil {
			return all, upTo, err
		}
		for _, row := range blobs {
			if last = row.first; last > upTo {
				return all, upTo, nil
			}
			if err := forward.Decode(row.blob, func(e claims.Entry) error {
				for _, v := range e.Vectors {
					var once [64]tailPosting
					for _, p := range appendTerms(once[:0], v) {
						all.add(p.term, p.claim, p.impact)
					}
				}
				return nil
			}); err != nil {
				return all, upTo, err
			}
		}
		if len(blobs) < replayBatch {
			return all, upTo, nil
		}
	}
}

const allLists = `DECLARE lists NO SCROLL CURSOR FOR SELECT term, block, highest, blob FROM postings WHERE shard = 0`

// listed sums up the posting lists.
func (s *Store) listed(ctx context.Context, tx pgx.Tx, report func(string)) (all sum, err error) {
	if _, err := tx.Exec(ctx, allLists); err != nil {
		return all, err
	}
	var ps []postings.Posting
	wrong := 0
	for {
		rows, err := tx.Query(ctx, `FETCH 1000 FROM lists`)
		if err != nil {
			return all, err
		}
		n := 0
		var k listKey
		var highest int32
		var blob []byte
		_, err = pgx.ForEachRow(rows, []any{&k.term, &k.block, &highest, &blob}, func() (err error) {
			n++
			if ps, err = postings.Decode(ps[:0], blob); err != nil {
				return err
			}
			if most := postings.Highest(ps); int32(most) != highest {
				if wrong++; wrong <= mostReports {
					report(fmt.Sprintf("the highest impact of term %d in block %d is %d, and its row says %d", k.term, k.block, most, highest))
				}
			}
			for _, p := range ps {
				all.add(k.term, k.block*s.w.block+int64(p.Slot), p.Impact)
			}
			return nil
		})
		if err != nil {
			return all, err
		}
		if n == 0 {
			return all, nil
		}
	}
}
