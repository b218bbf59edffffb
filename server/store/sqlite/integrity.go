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
	`SELECT printf('documents/%s has %d claims and counts %d', d.id, (SELECT count(*) FROM claims c WHERE c.document = d.seq), d.claim_count)
	FROM documents d WHERE d.claim_count <> (SELECT count(*) FROM claims c WHERE c.document = d.seq)`,
	`SELECT printf('claim number %d has an asserter and is not there', a.claim) FROM claim_asserters a LEFT JOIN claims c ON c.seq = a.claim WHERE c.seq IS NULL`,
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
