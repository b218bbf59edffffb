// Command predict answers the benchmark suites:
//
//	go run ./claims/eval/predict -suite scenarios -in FOLDER -out pred.jsonl
//
// The scenarios and the entailment of propsegment go through the whole engine,
// as a request does. polnear, benchie and the segments of propsegment are views
// of the reading that makes the claims (Extractor.Reports, .Propositions). fnc1,
// feversym, msrp and ecbplus are answered by functions of claims/match that no
// answer of the service rests on yet.
//
// It reads any file of the suite's format; labels and gold answers may be
// missing and are never read, and ids are opaque.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
)

// options are what a suite is asked: where its input lies, and which of its
// tasks or forms is meant.
type options struct {
	in   string // file or folder
	task string // propsegment: seg or entail
	docs bool   // polnear: whole articles instead of single sentences
}

// suites are the benchmarks this build answers. The writer gets one prediction a
// line.
var suites = map[string]func(ctx context.Context, o options, write func(any) error) error{
	"benchie":     benchie,
	"ecbplus":     ecbplus,
	"feversym":    feversym,
	"fnc1":        fnc1,
	"fnc1-held":   held,
	"msrp":        msrp,
	"polnear":     polnear,
	"propsegment": propsegment,
	"scenarios":   scenarios,
}

func main() {
	suite := flag.String("suite", "", "benchmark: "+strings.Join(names(), ", "))
	var o options
	flag.StringVar(&o.in, "in", "", "input file or folder")
	flag.StringVar(&o.task, "task", "seg", "propsegment: seg or entail")
	flag.BoolVar(&o.docs, "docs", false, "polnear: whole articles instead of sentences")
	out := flag.String("out", "", "predictions to write, JSON lines")
	flag.Parse()
	if err := run(*suite, o, *out); err != nil {
		fmt.Fprintln(os.Stderr, "predict:", err)
		os.Exit(1)
	}
}

func names() []string {
	var out []string
	for n := range suites {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

func run(suite string, o options, out string) (err error) {
	answer, ok := suites[suite]
	if !ok {
		return fmt.Errorf("-suite %q is not one of %s", suite, strings.Join(names(), ", "))
	}
	if o.in == "" || out == "" {
		return fmt.Errorf("-in and -out are required")
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	err = answer(context.Background(), o, func(v any) error { return enc.Encode(v) })
	if e := w.Flush(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
