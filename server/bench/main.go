// Command bench measures this project beside the programs that one would reach
// for instead, each pair in the same run: `make bench`. It prints one table of
// ratios, writes its rows to build/bench.jsonl, and draws how the cost grows.
//
// It needs SQLite's FTS5 for a peer, and so the build tag sqlite_fts5, which
// nothing else in the project does. With -postgres it measures that store too, in
// a schema of its own, which it removes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const million = 1_000_000

// options are what a run is told.
type options struct {
	sizes    []int // numbers of claims, rising
	only     []string
	words    string // table of word frequencies
	dir      string // for databases, "" for a temporary one
	postgres string // URL, or ""
	out      string // the rows
	plot     string // the picture, or ""
	profiles string // folder for CPU profiles, or ""
	digests  string // folder for digests of the answers, or ""
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(ctx, o)
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// parts are what can be measured alone.
var parts = []string{"search", "store", "postgres", "copies", "call", "desk"}

func parse(args []string) (options, error) {
	o := options{}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	sizes := f.String("sizes", "10k,30k,100k,300k,1M", "numbers of claims to measure searches at, rising")
	only := f.String("only", strings.Join(parts, ","), "what to measure")
	f.StringVar(&o.words, "words", "claims/match/background.txt", "the table of word frequencies")
	f.StringVar(&o.dir, "dir", "", "folder for databases (some 5 GB for a million claims); a temporary one if empty")
	f.StringVar(&o.postgres, "postgres", os.Getenv("SECONDSOURCE_TEST_POSTGRES"), "URL of a PostgreSQL database")
	f.StringVar(&o.out, "out", "build/bench.jsonl", "file for the rows")
	f.StringVar(&o.plot, "plot", "build/bench.svg", "file for the picture of how the cost grows")
	f.StringVar(&o.profiles, "profiles", "", "folder for CPU profiles of questions, at each size, and of storing; none if empty")
	f.StringVar(&o.digests, "digests", "", "folder for a digest of each answer at each size, to compare two builds by; none if empty")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("%q is no option", f.Arg(0))
	}
	for s := range strings.SplitSeq(*sizes, ",") {
		n, err := size(s)
		if err != nil || len(o.sizes) > 0 && n <= o.sizes[len(o.sizes)-1] {
			return o, fmt.Errorf("-sizes %s: want rising numbers such as 10k or 1M", *sizes)
		}
		o.sizes = append(o.sizes, n)
	}
	for s := range strings.SplitSeq(*only, ",") {
		if !slices.Contains(parts, s) {
			return o, fmt.Errorf("-only %s: there are %s", *only, strings.Join(parts, ", "))
		}
		o.only = append(o.only, s)
	}
	return o, nil
}

// size reads "10k" or "1M".
func size(s string) (int, error) {
	unit := 1
	switch {
	case strings.HasSuffix(s, "k"):
		unit = 1000
	case strings.HasSuffix(s, "M"):
		unit = million
	}
	n, err := strconv.Atoi(strings.TrimRight(s, "kM"))
	if err == nil && (n < 1 || n > 1000*million/unit) {
		err = errors.New("out of range")
	}
	return n * unit, err
}

// short is the inverse of size.
func short(n int) string {
	switch {
	case n >= million && n%million == 0:
		return strconv.Itoa(n/million) + "M"
	case n >= 1000 && n%1000 == 0:
		return strconv.Itoa(n/1000) + "k"
	}
	return strconv.Itoa(n)
}

// run measures and reports. What was measured before an error is reported too.
func run(ctx context.Context, o options) (err error) {
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "secondsource-bench-"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(o.dir) }()
	}
	start := time.Now()
	b := &bench{options: o, report: report{tell: os.Stderr}, grown: map[string][]point{}}
	err = b.measure(ctx)
	fmt.Printf("\nEach row is a ratio to the peer measured beside it, unless it names a unit. It took %v.\n\n", time.Since(start).Round(time.Second))
	err = errors.Join(err, b.print(os.Stdout), b.save(o.out))
	if o.plot != "" && len(b.grown) > 0 {
		err = errors.Join(err, os.WriteFile(o.plot, plot(b.grown), 0o600))
	}
	return err
}
