package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"

	"github.com/pressly/goose/v3"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/block"
	"github.com/secondsource/secondsource/server/store/record"
)

// blocksVersion is the schema in which the claims of a document stand together
// (docs/adr/0036). SQL alone cannot bring an older database to it.
const blocksVersion = 6

var (
	//go:embed migrations/blocks_create.sqlt
	createBlocks string
	//go:embed migrations/blocks_finish.sqlt
	finishBlocks string
)

// blocksMigration brings a database to blocksVersion. References are not checked
// while it runs (Store.migrate).
func blocksMigration() *goose.Migration {
	return goose.NewGoMigration(blocksVersion, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		u := &upgrade{ctx: ctx, tx: tx, numbers: make(map[string]int64)}
		for _, step := range []func() error{
			func() error { return u.exec(createBlocks) },
			u.names, u.arrivals, u.claims,
			func() error { return u.exec(finishBlocks) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		for _, text := range foldArrivals {
			if err := u.exec(text); err != nil {
				return err
			}
		}
		return nil
	}}, nil)
}

// upgrade copies from the tables of schema 5 into those of blocksVersion.
type upgrade struct {
	ctx     context.Context //nolint:containedctx // it lasts as long as the migration
	tx      *sql.Tx
	numbers map[string]int64 // of asserters, by key
}

func (u *upgrade) exec(text string, args ...any) error {
	_, err := u.tx.ExecContext(u.ctx, text, args...)
	return err
}

// upgradeBatch is how many documents are read at a time.
const upgradeBatch = 200

// names files the names of registered sources and the handles of derived ones, with
// the ids that derived sources of these names have.
func (u *upgrade) names() error {
	all, err := gather(u.ctx, u.tx, scanName, `SELECT n.key, n.source FROM source_names n JOIN sources s ON s.id = n.source
		WHERE s.registered = 1 OR n.key IS NOT s.derived_key ORDER BY n.key, n.source`)
	if err != nil {
		return err
	}
	for _, n := range all {
		if err := u.exec(`INSERT INTO new_names (key, source, derived) VALUES (?, ?, ?)`, n[0], n[1], record.DerivedID(n[0])); err != nil {
			return err
		}
	}
	return nil
}

func scanName(row scanner) (n [2]string, err error) {
	err = row.Scan(&n[0], &n[1])
	return n, err
}

type identified struct {
	seq  int64
	hash []byte
}

func scanIdentified(row scanner) (d identified, err error) {
	err = row.Scan(&d.seq, &d.hash)
	return d, err
}

// arrivals takes every document for one that has just come.
func (u *upgrade) arrivals() error {
	for last := int64(0); ; {
		some, err := gather(u.ctx, u.tx, scanIdentified, `SELECT seq, hash FROM documents WHERE seq > ? ORDER BY seq LIMIT ?`, last, upgradeBatch)
		if err != nil || len(some) == 0 {
			return err
		}
		for _, d := range some {
			if err := u.exec(`INSERT INTO arrivals (document, prefix, publisher_fold, published_at, id)
				SELECT seq, ?, publisher_fold, published_at, id FROM documents WHERE seq = ?`, prefix(d.hash), d.seq); err != nil {
				return err
			}
			last = d.seq
		}
	}
}

// oldClaim is a row of the claims of schema 5.
type oldClaim struct {
	claims.Claim

	document, published int64
}

func scanOldClaim(row scanner) (c oldClaim, err error) {
	var body []byte
	if err := row.Scan(&c.document, &c.Document, &c.Seq, &c.Index, &c.Kind, &c.Modality, &c.published, &c.Text, &body); err != nil {
		return c, err
	}
	return c, record.ReadClaimBody(body, &c.Claim)
}

// claims packs the claims of each document into a block.
func (u *upgrade) claims() error {
	var head int64
	if err := u.tx.QueryRowContext(u.ctx, `SELECT coalesce(max(seq), 0) FROM documents`).Scan(&head); err != nil {
		return err
	}
	var e block.Encoder
	for from := int64(0); from < head; from += upgradeBatch {
		some, err := gather(u.ctx, u.tx, scanOldClaim, `SELECT c.document, d.id, c.seq, c.idx, c.kind, c.modality, c.published_at, c.text, c.body
			FROM claims c JOIN documents d ON d.seq = c.document WHERE c.document > ? AND c.document <= ? ORDER BY c.document, c.idx`, from, from+upgradeBatch)
		if err != nil {
			return err
		}
		for len(some) > 0 {
			n := 1
			for n < len(some) && some[n].document == some[0].document {
				n++
			}
			if err := u.block(&e, some[:n]); err != nil {
				return err
			}
			some = some[n:]
		}
	}
	return nil
}

func (u *upgrade) block(e *block.Encoder, old []oldClaim) error {
	cs := make([]claims.Claim, len(old))
	for i := range old {
		cs[i] = old[i].Claim
	}
	body, err := e.Encode(cs)
	if err != nil {
		return err
	}
	first := cs[0].Seq
	if err := u.exec(insertBlock, first, old[0].document, old[0].published, len(cs), body); err != nil {
		return err
	}
	for i := range cs {
		for _, key := range record.AsserterKeys(cs[i].Attribution.Asserter()) {
			number, err := u.number(key)
			if err == nil {
				err = u.exec(`INSERT OR IGNORE INTO new_asserted (asserter, part) SELECT ?1, ?2 WHERE ?2 < (SELECT part FROM folded)`, number, part(first))
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// number is the number under which claims of a key stand.
func (u *upgrade) number(key string) (n int64, err error) {
	if n, ok := u.numbers[key]; ok {
		return n, nil
	}
	err = u.tx.QueryRowContext(u.ctx, `SELECT num FROM new_sources WHERE id = ?`, record.DerivedID(key)).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		err = u.tx.QueryRowContext(u.ctx, `SELECT -id FROM new_asserters WHERE key = ?`, key).Scan(&n)
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = u.tx.QueryRowContext(u.ctx, `INSERT INTO new_asserters (key) VALUES (?) RETURNING -id`, key).Scan(&n)
	}
	if len(u.numbers) >= maxKnown {
		clear(u.numbers)
	}
	u.numbers[key] = n
	return n, err
}
