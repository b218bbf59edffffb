// Command weigh fits the weights by which claims/match weighs the grounds for
// and against a claim, from scenarios with gold answers:
//
//	go run ./claims/eval/weigh -in FOLDER -out claims/match/weights.go
//
// It fits a logistic regression to the claim of each document that bears most on
// a query, chosen anew in each round (expectation maximisation over which claim
// it is; Zhou and Zhang's multiple instances), and prints how well documents are
// told when the scenarios are held out in turn. The same scenarios and reading
// give the same weights.
package main

import (
	"errors"
	"flag"
	"fmt"
	"go/format"
	"os"
	"strings"
)

const folds = 9

func main() {
	in := flag.String("in", "", "folder of scenarios")
	out := flag.String("out", "", "Go file to write; none: only report")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		fmt.Fprintln(os.Stderr, "weigh:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	rows, err := load(in)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return errors.New("-in has no scenarios")
	}
	var code strings.Builder
	code.WriteString("package match\n\n// Weights of the features of a claim, in their order, and the constant, fitted by\n// claims/eval/weigh.\nvar (\n")
	for _, s := range []struct {
		name  string
		label func(*row) bool
	}{{"weightsFor", func(r *row) bool { return r.supports }}, {"weightsAgainst", func(r *row) bool { return r.refutes }}} {
		var held []scored
		for k := range folds {
			var rest, part []*row
			for _, r := range rows {
				if r.fold == k {
					part = append(part, r)
				} else {
					rest = append(rest, r)
				}
			}
			w := fit(rest, s.label)
			for _, r := range part {
				_, v := w.best(r)
				held = append(held, scored{v, s.label(r)})
			}
		}
		fmt.Printf("%s, scenarios held out in turn:\n%s", s.name, curve(held))
		w := fit(rows, s.label)
		fmt.Fprintf(&code, "\t%s = [nFeatures + 1]float64{", s.name)
		for i, v := range w {
			if i > 0 {
				code.WriteString(", ")
			}
			fmt.Fprintf(&code, "%.3f", v)
		}
		code.WriteString("}\n")
	}
	code.WriteString(")\n")
	if out == "" {
		return nil
	}
	b, err := format.Source([]byte(code.String()))
	if err != nil {
		return err
	}
	return os.WriteFile(out, b, 0o644)
}
