package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3", which has FTS5 only with the tag sqlite_fts5

	"github.com/secondsource/secondsource/server/store/record"
)

// A table is a peer in a SQLite file: the bare rows of claims, as this project's
// own store writes them, and with fts an FTS5 index over their text. It has the
// settings of the store: write-ahead log, FULL, 64 MiB of cache, folded
// every 4,096 pages.
type table struct {
	write, read *sql.DB
	fts         bool
	claims      int // rows, which are numbered from 1
	docs        int
}

// peerReaders is how many connections ask a peer at the same time.
const peerReaders = 4

func openTable(ctx context.Context, path string, fts bool) (*table, error) {
	settings := url.Values{"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_busy_timeout": {"5000"}, "_txlock": {"immediate"}, "_cache_size": {"-65536"}}
	name := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: settings.Encode()}).String()
	t := &table{fts: fts}
	var err error
	if t.write, err = sql.Open("sqlite3", name); err != nil {
		return nil, err
	}
	t.write.SetMaxOpenConns(1)
	if t.read, err = sql.Open("sqlite3", name); err != nil {
		return nil, err
	}
	t.read.SetMaxOpenConns(peerReaders)
	t.read.SetMaxIdleConns(peerReaders)
	schema := `PRAGMA wal_autocheckpoint = 4096; CREATE TABLE claims (seq INTEGER PRIMARY KEY, document INTEGER NOT NULL, idx INTEGER NOT NULL, kind TEXT NOT NULL,
		modality TEXT NOT NULL, published_at INTEGER NOT NULL, text TEXT NOT NULL, body TEXT NOT NULL) STRICT;`
	if fts {
		schema += `CREATE VIRTUAL TABLE found USING fts5 (text, content = 'claims', content_rowid = 'seq', tokenize = 'porter unicode61');`
	}
	if _, err = t.write.ExecContext(ctx, schema); err != nil {
		if fts && strings.Contains(err.Error(), "no such module") {
			err = errNoFTS
		}
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

var errNoFTS = errors.New("this build has no FTS5: build it with -tags sqlite_fts5, as `make bench` does")

func (t *table) close() error { return errors.Join(t.write.Close(), t.read.Close()) }

// add inserts the claims of documents, so many documents a commit.
func (t *table) add(ctx context.Context, all []*written, batch int) error {
	for from := 0; from < len(all); from += batch {
		if err := t.commit(ctx, all[from:min(from+batch, len(all))]); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) commit(ctx context.Context, part []*written) (err error) {
	tx, err := t.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	row, err := tx.PrepareContext(ctx, `INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, row.Close()) }()
	text := row // not asked where there is no FTS5
	if t.fts {
		if text, err = tx.PrepareContext(ctx, `INSERT INTO found (rowid, text) VALUES (?, ?)`); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, text.Close()) }()
	}
	for _, w := range part {
		t.docs++
		for i := range w.claims {
			c := &w.claims[i]
			body, err := record.ClaimBody(c)
			if err != nil {
				return err
			}
			t.claims++
			if _, err := row.ExecContext(ctx, t.claims, t.docs, c.Index, c.Kind, c.Modality, record.Micros(w.doc.PublishedAt), c.Text, body); err != nil {
				return err
			}
			if t.fts {
				if _, err := text.ExecContext(ctx, t.claims, c.Text); err != nil {
					return err
				}
			}
		}
	}
	return tx.Commit()
}

// settle merges the segments of the FTS5 index into one, which makes its
// searches as quick as they get.
func (t *table) settle(ctx context.Context) error {
	for _, q := range []string{`INSERT INTO found (found) VALUES ('optimize')`, `PRAGMA wal_checkpoint(TRUNCATE)`, `ANALYZE`} {
		if _, err := t.write.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

// search finds the ten best rows for any of the words.
func (t *table) search(ctx context.Context, words []string) ([]int64, error) {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = `"` + strings.ReplaceAll(w, `"`, `""`) + `"`
	}
	return collect(t.read.QueryContext(ctx, `SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found) LIMIT 10`, strings.Join(quoted, " OR ")))
}

// collect reads the numbers of a result.
func collect(rows *sql.Rows, err error) ([]int64, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []int64
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, err
		}
		all = append(all, seq)
	}
	return all, rows.Err()
}
