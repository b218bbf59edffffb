package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/postgres"
)

// overPostgres measures retrieval from posting lists beside a GIN index over
// tsvectors of the same claims, ranked by ts_rank, in one schema that is removed
// afterwards.
func (b *bench) overPostgres(ctx context.Context, c *corpus) (err error) {
	size := min(b.sizes[len(b.sizes)-1], million)
	conn, err := pgx.Connect(ctx, b.postgres)
	if err != nil {
		b.without("retrieval from PostgreSQL: " + err.Error())
		return nil
	}
	var id [4]byte
	_, _ = rand.Read(id[:]) // never fails
	schema := "bench_" + hex.EncodeToString(id[:])
	defer func() {
		ctx := context.WithoutCancel(ctx)
		_, dropped := conn.Exec(ctx, "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
		err = errors.Join(err, dropped, conn.Close(ctx))
	}()
	if _, err := conn.Exec(ctx, "CREATE SCHEMA "+schema); err != nil {
		return err
	}
	within, err := inSchema(b.postgres, schema)
	if err != nil {
		return err
	}
	s, err := postgres.Open(ctx, within, postgres.Options{CompactAt: tailClaims})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := b.loadPostgres(ctx, c, s, conn, schema, size); err != nil {
		return err
	}
	return b.searchPostgres(ctx, c, s, conn, schema, size)
}

// inSchema is a URL whose tables are those of a schema.
func inSchema(address, schema string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", errors.New("-postgres: not a URL")
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// loadPostgres stores the claims and makes the peer's table and index.
func (b *bench) loadPostgres(ctx context.Context, c *corpus, s *postgres.Store, conn *pgx.Conn, schema string, size int) error {
	if _, err := conn.Exec(ctx, "CREATE UNLOGGED TABLE "+schema+".gin (seq BIGINT PRIMARY KEY, found TSVECTOR NOT NULL)"); err != nil {
		return err
	}
	bar := progress(size, "storing "+short(size)+" claims in PostgreSQL")
	seq := int64(0)
	for n := 0; n < size; {
		all := c.write(min(chunk, size-n))
		if err := put(ctx, s, all); err != nil {
			return err
		}
		var seqs []int64
		var texts []string
		for _, w := range all {
			for i := range w.claims {
				seq++
				seqs, texts = append(seqs, seq), append(texts, w.claims[i].Text)
			}
		}
		if _, err := conn.Exec(ctx, "INSERT INTO "+schema+".gin SELECT seq, to_tsvector('english', text) FROM unnest($1::bigint[], $2::text[]) AS t (seq, text)", seqs, texts); err != nil {
			return err
		}
		n += len(seqs)
		_ = bar.Add(len(seqs))
	}
	_ = bar.Finish()
	for _, q := range []string{
		"CREATE INDEX ON " + schema + ".gin USING gin (found)", "VACUUM ANALYZE " + schema + ".gin",
	} {
		if _, err := conn.Exec(ctx, q); err != nil {
			return err
		}
	}
	if err := compacted(ctx, conn, schema); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, "VACUUM ANALYZE "+schema+".postings, "+schema+".claims")
	return err
}

// tailClaims is how many claims a store leaves uncompacted: the store's default.
const tailClaims = 4096

// compacted waits until the store's compactor has done its work.
func compacted(ctx context.Context, conn *pgx.Conn, schema string) error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		var left int64
		if err := conn.QueryRow(ctx, "SELECT l.claim - c.claim FROM "+schema+".log l JOIN "+schema+".compaction c ON c.shard = l.shard WHERE l.shard = 0").Scan(&left); err != nil {
			return err
		}
		if left < tailClaims {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (b *bench) searchPostgres(ctx context.Context, c *corpus, s *postgres.Store, conn *pgx.Conn, schema string, size int) error {
	const questions, warm = 40, 10
	qs := c.ask(questions+warm, 11)
	found := s.Candidates()
	ours := func(ctx context.Context, i int) error {
		_, err := found.Top(ctx, qs[i].keys, topTen)
		return err
	}
	gin := func(ctx context.Context, i int) error {
		words := make([]string, len(qs[i].typed))
		for j, w := range qs[i].typed {
			words[j] = "'" + strings.ReplaceAll(w, "'", "''") + "'"
		}
		rows, err := conn.Query(ctx, "SELECT seq FROM "+schema+".gin, to_tsquery('english', $1) q WHERE found @@ q ORDER BY ts_rank(found, q) DESC LIMIT 10", strings.Join(words, " | "))
		if err != nil {
			return err
		}
		_, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		return err
	}
	for i := range warm {
		if err := errors.Join(ours(ctx, questions+i), gin(ctx, questions+i)); err != nil {
			return err
		}
	}
	if err := b.sameAsMemory(ctx, s, found, qs); err != nil {
		return err
	}
	all, err := beside(ctx, questions, gin, ours)
	if err != nil {
		return err
	}
	peer, own := all[0], all[1]
	name := "PostgreSQL retrieval at " + short(size) + " against GIN and ts_rank"
	detail := fmt.Sprintf("p50 %v, GIN %v; exact", round(own.median()), round(peer.median()))
	if size == million {
		b.asked(name, ratio(peer.median(), own.median()), 30, 50, detail)
	} else {
		b.aside(name, ratio(peer.median(), own.median()), false, detail)
	}
	return nil
}

// sameAsMemory checks that the search in the database finds what the index in
// memory does.
func (b *bench) sameAsMemory(ctx context.Context, s claims.Store, found claims.Candidates, qs []question) error {
	index, err := indexOf(ctx, s)
	if err != nil {
		return err
	}
	for _, q := range qs {
		want, err := index.Top(ctx, q.keys, topTen)
		if err != nil {
			return err
		}
		have, err := found.Top(ctx, q.keys, topTen)
		if err != nil {
			return err
		}
		if !slices.Equal(want, have) {
			return fmt.Errorf("PostgreSQL finds other claims than the index in memory for %q", q.text)
		}
	}
	return nil
}
