// Command corpus measures answers from a whole archive:
//
//	go run ./claims/eval/corpus -in FOLDER [-n N]
//
// FOLDER holds bodies.jsonl and pairs.jsonl of the Fake News Challenge. All
// articles go into one temporary store through the desk, as articles of outlets
// of their own. Then each distinct headline (the first N of them) is asked as a
// claim, and the articles labelled as agreeing or disagreeing with it are looked
// for among the evidence of the answer. Texts are read, none is kept.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
)

func main() {
	in := flag.String("in", "", "folder with bodies.jsonl and pairs.jsonl")
	n := flag.Int("n", 0, "headlines to ask; 0: all")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *in, *n); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, dir string, n int) (err error) {
	c, err := load(dir)
	if err != nil {
		return err
	}
	d, stop, err := dataset.Newsroom(ctx, func() time.Time { return asked })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	var s score
	if err := s.ingest(ctx, d, c.bodies); err != nil {
		return err
	}
	if n <= 0 || n > len(c.headlines) {
		n = len(c.headlines)
	}
	for _, h := range c.headlines[:n] {
		if err := s.ask(ctx, d, h, c.labels[h]); err != nil {
			return err
		}
	}
	return s.print(w)
}

// published is when all articles are taken to have appeared, for the challenge
// does not say, and asked when they are asked for.
var (
	published = time.Date(2015, 1, 15, 12, 0, 0, 0, time.UTC)
	asked     = published.AddDate(0, 0, 1)
)

// ingest stores the articles one after another and measures how long it takes.
func (s *score) ingest(ctx context.Context, d *desk.Desk, bodies []dataset.Body) error {
	start := time.Now()
	for _, b := range bodies {
		id := strconv.Itoa(b.ID)
		doc := claims.Document{Kind: claims.KindArticle, Publisher: "Outlet " + id, ExternalID: id, PublishedAt: published, Text: b.Text}
		if _, err := d.Ingest(ctx, desk.IngestRequest{Document: doc}); err != nil {
			return fmt.Errorf("body %d: %w", b.ID, err)
		}
	}
	s.documents, s.ingesting = len(bodies), time.Since(start)
	return nil
}

// ask puts one headline and looks for the articles that bear on it.
func (s *score) ask(ctx context.Context, d *desk.Desk, headline string, labels map[int]string) error {
	start := time.Now()
	a, err := d.Corroborate(ctx, claims.Query{Text: headline})
	s.took = append(s.took, time.Since(start))
	if claims.CodeOf(err) == claims.CodeInvalid {
		s.noClaim++ // a bare name asks nothing; its articles count as missed
		err = nil
	}
	if err != nil {
		return fmt.Errorf("headline %q: %w", headline, err)
	}
	return s.add(&a, labels)
}
