// Command oracle answers scenarios with the gold stance of each document in the
// place of the judged one:
//
//	go run ./claims/eval/oracle -in scenarios/dev -out pred.jsonl [-v]
//
// What it still gets wrong is an error of independence (who is behind what, what
// is one origin, what was withdrawn) and none of matching: its figures are the
// ceilings of the suite for a matcher that never errs. It reads gold answers, so
// it is no prediction and no mode of the command predict.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
)

func main() {
	in := flag.String("in", "", "folder of scenarios with gold answers")
	out := flag.String("out", "", "answers to write for the suite's scorer, JSON lines; may be missing")
	verbose := flag.Bool("v", false, "print every answer that is wrong, with its origins")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *in, *out, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

// gold is a scenario with what is expected of it.
type gold struct {
	dataset.Scenario

	Queries []struct {
		dataset.Question

		Expect expected `json:"expect"`
	} `json:"queries"`
}

type expected struct {
	Verdict            string   `json:"verdict"`
	IndependentOrigins int      `json:"independent_origins"`
	Origins            []string `json:"origins"`
	Supports           []string `json:"supports"`
	Refutes            []string `json:"refutes"`
	Why                string   `json:"why"`
}

// answers is one line of output, as the suite's scorer reads it.
type answers struct {
	ID      string           `json:"id"`
	Queries []dataset.Answer `json:"queries"`
	Claims  []struct{}       `json:"claims"`
}

// tally counts right answers.
type tally struct{ queries, verdicts, counted, exact int }

func run(ctx context.Context, w io.Writer, in, out string, verbose bool) (err error) {
	file := bufio.NewWriter(io.Discard)
	if out != "" {
		f, e := os.Create(out)
		if e != nil {
			return e
		}
		defer func() { err = errors.Join(err, file.Flush(), f.Close()) }()
		file.Reset(f)
	}
	enc := json.NewEncoder(file)
	var t tally
	err = dataset.EachScenario(in, func(s *gold) error {
		as, err := t.scenario(ctx, w, s, verbose)
		if err != nil {
			return err
		}
		return enc.Encode(as)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "verdict accuracy     %6.2f   (%d queries)\norigin count exact   %6.2f   (%d with support)\n",
		percent(t.verdicts, t.queries), t.queries, percent(t.exact, t.counted), t.counted)
	return err
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }

func (t *tally) scenario(ctx context.Context, w io.Writer, s *gold, verbose bool) (out answers, err error) {
	c, err := s.Open(ctx)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	out = answers{ID: s.ID, Claims: []struct{}{}}
	for i := range s.Queries {
		q := &s.Queries[i]
		cq, err := c.Query(q.Question)
		if err != nil {
			return out, err
		}
		found, err := c.Corroborate(ctx, cq)
		if err != nil {
			return out, fmt.Errorf("query %q: %w", q.Claim, err)
		}
		given, err := c.Given(ctx, cq, evidence(c, &found, q.Claim, &q.Expect))
		if err != nil {
			return out, fmt.Errorf("query %q: %w", q.Claim, err)
		}
		a := c.Answer(&given)
		out.Queries = append(out.Queries, a)
		right := t.add(a, &q.Expect)
		if verbose && !right {
			if err := show(w, c, fmt.Sprintf("%s q%d %q", s.ID, i+1, q.Claim), &q.Expect, &given); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

func (t *tally) add(a dataset.Answer, e *expected) bool {
	t.queries++
	verdict, exact := a.Verdict == e.Verdict, a.IndependentOrigins == e.IndependentOrigins
	if verdict {
		t.verdicts++
	}
	if e.IndependentOrigins > 0 {
		t.counted++
		if exact {
			t.exact++
		}
	}
	return verdict && (exact || e.IndependentOrigins == 0)
}
