// Package dataset is what the commands of claims/eval share: reading the
// benchmarks' files, and a newsroom of their own to try them on.
package dataset

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/match"
	"github.com/secondsource/secondsource/server/store/sqlite"
)

// maxLine bounds a line of a benchmark's file, in bytes.
const maxLine = 1 << 26

// Each decodes a file of JSON lines, one value a line; fields that T lacks are
// not read, and raw is the line as it stands, valid until do returns.
func Each[T any](file string, do func(v T, raw []byte) error) (err error) {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	s := bufio.NewScanner(f)
	s.Buffer(nil, maxLine)
	for n := 1; s.Scan(); n++ {
		if len(s.Bytes()) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			return fmt.Errorf("%s:%d: %w", file, n, err)
		}
		if err := do(v, s.Bytes()); err != nil {
			return err
		}
	}
	return s.Err()
}

// Lines reads a file of JSON lines whole.
func Lines[T any](file string) (out []T, err error) {
	return out, Each(file, func(v T, _ []byte) error {
		out = append(out, v)
		return nil
	})
}

// Body is an article of the Fake News Challenge.
type Body struct {
	ID   int    `json:"body_id"`
	Text string `json:"text"`
}

// Pair is a headline beside an article of the Fake News Challenge, with its gold
// label: agree, disagree, discuss or unrelated.
type Pair struct {
	Headline string `json:"headline"`
	Body     int    `json:"body_id"`
	Label    string `json:"label"`
}

// FakeNews reads bodies.jsonl and pairs.jsonl of a folder, for commands that
// measure; the bodies in order of their ids.
func FakeNews(dir string) ([]Body, []Pair, error) {
	if dir == "" {
		return nil, nil, errors.New("-in is required")
	}
	bodies, err := Lines[Body](filepath.Join(dir, "bodies.jsonl"))
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(bodies, func(a, b Body) int { return cmp.Compare(a.ID, b.ID) })
	pairs, err := Lines[Pair](filepath.Join(dir, "pairs.jsonl"))
	return bodies, pairs, err
}

// Newsroom opens a desk over an empty database in a temporary folder; stop closes
// and removes it. now is the desk's clock, nil for the real one.
func Newsroom(ctx context.Context, now func() time.Time) (d *desk.Desk, stop func() error, err error) {
	dir, err := os.MkdirTemp("", "secondsource-eval-")
	if err != nil {
		return nil, nil, err
	}
	remove := func() error { return os.RemoveAll(dir) }
	store, err := sqlite.Open(ctx, filepath.Join(dir, "eval.db"), sqlite.Options{})
	if err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	stop = func() error { return errors.Join(store.Close(), remove()) }
	d, err = desk.New(ctx, desk.Config{Store: store, Candidates: match.NewIndex(), Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, nil, errors.Join(err, stop())
	}
	return d, stop, nil
}
