package sqlite

import (
	"context"
	"fmt"

	"github.com/secondsource/secondsource/claims"
)

// mostReports bounds what one question reports.
const mostReports = 20

// integrityQueries each give a sentence for everything that is wrong.
var integrityQueries = []string{
	`SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'`,
	`SELECT printf('row %d of %s refers to a row of %s that is not there', rowid, "table", parent) FROM pragma_foreign_key_check`,
	`SELECT printf('documents/%s has %d claims and counts %d', d.id, coalesce(b.claims, 0), d.claim_count) FROM documents d
	LEFT JOIN claim_blocks b ON b.first = d.first_claim AND b.document = d.seq WHERE d.claim_count <> coalesce(b.claims, 0)`,
	`SELECT printf('claim number %d is of a document that is not there', b.first) FROM claim_blocks b
	LEFT JOIN documents d ON d.seq = b.document AND d.first_claim = b.first WHERE d.seq IS NULL`,
	fmt.Sprintf(`SELECT printf('asserter %%d has no claim of numbers %%d to %%d', a.asserter, a.part << %[1]d, (a.part + 1 << %[1]d) - 1) FROM asserted a
	WHERE NOT EXISTS (SELECT 1 FROM claim_blocks b WHERE b.first >= a.part << %[1]d AND b.first < a.part + 1 << %[1]d)`, partBits),
	`SELECT printf('asserter %d has no name', a.asserter) FROM asserted a LEFT JOIN sources s ON s.num = a.asserter LEFT JOIN asserters k ON k.id = -a.asserter
	WHERE s.num IS NULL AND k.id IS NULL`,
	`SELECT printf('documents/%s cannot be found by its publisher', d.id) FROM documents d
	LEFT JOIN arrivals a ON a.document = d.seq LEFT JOIN publishers p ON (p.publisher_fold, p.published_at, p.id, p.document) = (d.publisher_fold, d.published_at, d.id, d.seq)
	WHERE a.document IS NULL AND p.document IS NULL`,
	`SELECT printf('%d documents can be found by their identity, and there are %d', found, stored) FROM (SELECT
	(SELECT count(*) FROM arrivals) + (SELECT count(*) FROM identities) AS found, (SELECT count(*) FROM documents) AS stored) WHERE found <> stored`,
	`SELECT printf('documents/%s is linked as copied and is not there', l.original) FROM copy_links l LEFT JOIN documents d ON d.id = l.original WHERE d.id IS NULL`,
	`SELECT printf('documents/%s and documents/%s do not name each other as versions', d.id, d.next) FROM documents d
	LEFT JOIN documents n ON n.id = d.next WHERE d.next IS NOT NULL AND n.previous IS NOT d.id`,
	`SELECT printf('erasure %d follows number %d', e.seq, e.seq - 2) FROM erasures e WHERE e.seq > 1 AND NOT EXISTS (SELECT 1 FROM erasures WHERE seq = e.seq - 1)`,
}

// Integrity lets SQLite look at every page, key and reference of the file, and
// calls report with what is wrong. The error is that of a file that cannot be
// read at all, or the context's.
func (s *Store) Integrity(ctx context.Context, report func(what string)) error {
	for _, text := range integrityQueries {
		wrong, err := readAll(ctx, s, scanText, query{text + fmt.Sprintf(" LIMIT %d", mostReports), nil})
		switch {
		case claims.CodeOf(err) == claims.CodeCorrupt:
			report(err.Error())
			return nil
		case err != nil:
			return err
		}
		for _, what := range wrong {
			report(what)
		}
	}
	return nil
}

func scanText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}
