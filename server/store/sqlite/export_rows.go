package sqlite

import (
	"context"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// exportBatch is how many rows are read at a time.
const exportBatch = 200

// exportedBlock is a block with what the rows of its claims have of the document.
type exportedBlock struct {
	blockRow

	seq, published int64 // of the document
}

const exportBlocks = `SELECT b.first, d.id, b.claims, b.body, b.document, b.published_at FROM claim_blocks b CROSS JOIN documents d ON d.seq = b.document
	WHERE b.first > ? ORDER BY b.first LIMIT ?`

func scanExported(row scanner) (b exportedBlock, err error) {
	err = row.Scan(&b.first, &b.document, &b.count, &b.body, &b.seq, &b.published)
	return b, err
}

// exportClaims calls fn with the rows that other stores have of each claim, in
// order of claims.
func (s *Store) exportClaims(ctx context.Context, rowsOf func(*exportedBlock, *claims.Claim) ([][]any, error), fn func(row []any) error) error {
	for last := int64(0); ; {
		blocks, err := readAll(ctx, s, scanExported, query{exportBlocks, []any{last, exportBatch}})
		if err != nil || len(blocks) == 0 {
			return err
		}
		for i := range blocks {
			b := &blocks[i]
			last = b.first
			cs, err := b.claims()
			if err != nil {
				return err
			}
			for j := range cs {
				rows, err := rowsOf(b, &cs[j])
				if err != nil {
					return err
				}
				for _, row := range rows {
					if err := fn(row); err != nil {
						return err
					}
				}
			}
		}
	}
}

// claimRows is the row of a claim.
func claimRows(b *exportedBlock, c *claims.Claim) ([][]any, error) {
	body, err := record.ClaimBody(c)
	return [][]any{{c.Seq, b.seq, int64(c.Index), string(c.Kind), string(c.Modality), b.published, c.Text, body}}, err
}

// asserterRows are the keys under which a claim is filed.
func asserterRows(_ *exportedBlock, c *claims.Claim) (rows [][]any, err error) {
	for _, key := range record.AsserterKeys(c.Attribution.Asserter()) {
		rows = append(rows, []any{key, c.Seq})
	}
	return rows, nil
}

// exportSources is Export of sources, whose rows do not have all their mentions.
func (s *Store) exportSources(ctx context.Context, t record.Table, fn func(row []any) error) error {
	columns, mentions := exportColumns(t), 0
	for i, c := range columns {
		if c == "mentions" {
			mentions = i
		}
	}
	text := "SELECT " + strings.Join(columns, ", ") + ", num FROM sources WHERE id > ? ORDER BY id LIMIT ?"
	scan := func(row scanner) ([]any, error) {
		values, into := make([]any, len(columns)+1), make([]any, len(columns)+1)
		for i := range values {
			into[i] = &values[i]
		}
		err := row.Scan(into...)
		return values, err
	}
	for last := ""; ; {
		s.counts.mu.RLock()
		some, err := readAll(ctx, s, scan, query{text, []any{last, exportBatch}})
		for _, row := range some {
			n, isCount := row[mentions].(int64)
			num, isNum := row[len(columns)].(int64)
			if isCount && isNum {
				row[mentions] = n + s.counts.mentions[num]
			}
		}
		s.counts.mu.RUnlock()
		if err != nil || len(some) == 0 {
			return err
		}
		for _, row := range some {
			values, err := s.values(t, row)
			if err != nil {
				return err
			}
			last, _ = values[0].(string)
			if err := fn(values); err != nil {
				return err
			}
		}
	}
}
