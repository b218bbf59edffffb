// Command weigh grows the trees by which claims/match weighs the grounds for and
// against a claim, from scenarios with gold answers and from the lessons beside it:
//
//	go run ./claims/eval/weigh -in FOLDER -out claims/match/trees.bin
//
// It boosts regression trees over the claim of each document that bears most on a
// query, chosen anew in each round, with grounds that may speak one way only, and
// prints how well documents are told when the scenarios are held out in turn.
// With -folds DIR it also writes the trees that were grown without each ninth of
// the scenarios (DIR/K.bin for those whose place in the folder is K modulo 9), so
// that whole verdicts can be measured on what was not learned from. The same
// scenarios and reading give the same trees.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/language"
	"github.com/secondsource/secondsource/claims/match"
)

// folds is in how many parts the scenarios are held out.
const folds = 9

func main() {
	in := flag.String("in", "", "folder of scenarios")
	out := flag.String("out", "", "file of trees to write; none: only report")
	parts := flag.String("folds", "", "folder for the trees grown without each part of the scenarios; none: they are not kept")
	flag.Parse()
	if err := run(*in, *out, *parts); err != nil {
		fmt.Fprintln(os.Stderr, "weigh:", err)
		os.Exit(1)
	}
}

// label is what one forest learns to tell.
type label struct {
	name string
	of   func(*row) bool
}

var labels = [...]label{{"supports", func(r *row) bool { return r.supports }}, {"refutes", func(r *row) bool { return r.refutes }}}

func run(in, out, parts string) error {
	x := extract.New(language.English())
	rows, err := load(x, in)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return errors.New("-in has no scenarios")
	}
	ours, err := lessons(x)
	if err != nil {
		return err
	}
	rows = append(rows, ours...)
	pro, con := match.Signs()
	held, err := holdOut(rows, [...][]int8{pro, con})
	if err != nil {
		return err
	}
	if parts != "" {
		for k, b := range held {
			if err := os.WriteFile(filepath.Join(parts, strconv.Itoa(k)+".bin"), b, 0o644); err != nil {
				return err
			}
		}
	}
	if out == "" {
		return nil
	}
	var b []byte
	for n, l := range labels {
		if b, err = learn(rows, l.of, [...][]int8{pro, con}[n], standard).AppendBinary(b); err != nil {
			return err
		}
	}
	return os.WriteFile(out, b, 0o644)
}

// holdOut grows trees without each part of the scenarios, prints how well they
// tell that part, and returns them.
func holdOut(rows []*row, signs [2][]int8) (held [folds][]byte, err error) {
	var forests [folds][len(labels)]*match.Forest
	for n, l := range labels {
		var wg sync.WaitGroup
		for k := range folds {
			wg.Go(func() {
				var rest []*row
				for _, r := range rows {
					if r.fold != k {
						rest = append(rest, r)
					}
				}
				forests[k][n] = learn(rest, l.of, signs[n], standard)
			})
		}
		wg.Wait()
		var told []scored
		for _, r := range rows {
			if r.fold != noFold && !r.made {
				_, v := best(forests[r.fold][n], r)
				told = append(told, scored{v, l.of(r)})
			}
		}
		fmt.Printf("%s, scenarios held out in turn: %s\n", l.name, report(told))
	}
	for k := range folds {
		for n := range labels {
			if held[k], err = forests[k][n].AppendBinary(held[k]); err != nil {
				return held, err
			}
		}
	}
	return held, nil
}
