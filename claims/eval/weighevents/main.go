// Command weighevents fits the weights by which claims/match tells which mentions
// are of one event, from the training part of ECB+:
//
//	go run ./claims/eval/weighevents -in FOLDER/train -out claims/match/event_weights.go
//
// FOLDER/train stands for FOLDER/train_docs.jsonl and FOLDER/train_mentions.jsonl.
// It fits three logistic regressions, each on what the one before it finds: which
// documents tell one story, which mentions are one event at first sight, and
// which are at the second. With -held it writes the groups of mentions found when
// a fifth of the topics is held out in turn, for the suite's scorer. The same
// files give the same weights.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/format"
	"os"
	"strconv"

	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
	"github.com/secondsource/secondsource/claims/match"
)

const folds = 5

func main() {
	in := flag.String("in", "", "folder and name of a part of ECB+")
	out := flag.String("out", "", "Go file to write")
	held := flag.String("held", "", "predictions to write, topics held out in turn, JSON lines")
	flag.Parse()
	if err := run(*in, *out, *held); err != nil {
		fmt.Fprintln(os.Stderr, "weighevents:", err)
		os.Exit(1)
	}
}

func run(in, out, held string) error {
	mentions, events, err := dataset.Events(in)
	if err != nil {
		return err
	}
	g := newGold(mentions, events)
	if held != "" {
		if err := writeHeld(held, g); err != nil {
			return err
		}
	}
	if out == "" {
		return nil
	}
	code, err := source(g.fit(func(int) bool { return true }))
	if err != nil {
		return err
	}
	return os.WriteFile(out, code, 0o644)
}

// writeHeld writes each topic's groups by weights fitted without its fold.
func writeHeld(file string, g *gold) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for k := range folds {
		w := g.fit(func(topic int) bool { return topic%folds != k })
		for i, c := range g.events.Group(w) {
			if m := &g.mentions[i]; m.Topic%folds == k {
				if err := enc.Encode(map[string]string{"mention": m.Mention, "cluster": strconv.Itoa(k) + "." + strconv.Itoa(c)}); err != nil {
					return err
				}
			}
		}
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}

func source(w *match.EventWeights) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("package match\n\n// Weights of the features of events, in their order, each list with its constant\n// last, fitted by claims/eval/weighevents.\nvar (\n")
	for _, l := range []struct {
		name, size string
		weights    []float64
	}{{"storyWeights", "nStory", w.Story}, {"firstWeights", "nEvent", w.First}, {"secondWeights", "nAgain", w.Second}} {
		fmt.Fprintf(&b, "%s = [%s + 1]float64{", l.name, l.size)
		for i, v := range l.weights {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%.4f", v)
		}
		b.WriteString("}\n")
	}
	b.WriteString(")\n")
	return format.Source(b.Bytes())
}
