// Command nearcopies measures how well copies of an article are told from other
// outlets' rewrites of the same story:
//
//	go run ./claims/eval/nearcopies -in FOLDER
//
// FOLDER holds bodies.jsonl and pairs.jsonl of the Fake News Challenge. Each
// article is edited in the ways a newsroom edits agency copy; an article and its
// edit are a pair to be found. Two articles that bear on one headline and share
// little wording are rewrites of one story: a pair that must stay apart. The
// edits are drawn from a fixed seed. Texts are read, none is kept.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
)

const (
	minWords = 80  // of an article that is edited
	every    = 3   // one article in so many is edited
	likely   = 30  // candidates of the detector that are compared
	sample   = 4e4 // rewrites that are compared, at most
)

func main() {
	in := flag.String("in", "", "folder with bodies.jsonl and pairs.jsonl")
	flag.Parse()
	if err := run(os.Stdout, *in); err != nil {
		fmt.Fprintln(os.Stderr, "nearcopies:", err)
		os.Exit(1)
	}
}

// outcome counts pairs.
type outcome struct{ found, missed, wrong int }

func (o *outcome) add(x outcome) {
	o.found, o.missed, o.wrong = o.found+x.found, o.missed+x.missed, o.wrong+x.wrong
}

func run(w io.Writer, dir string) error {
	c, err := load(dir)
	if err != nil {
		return err
	}
	det := copies.NewDetector()
	for i, b := range c.bodies {
		det.Add(int64(i), copies.Sign(b))
	}
	byEdit, total := map[string]*outcome{}, outcome{}
	var stray outcome
	for i, b := range c.bodies {
		if i%every != 0 || len(words(b)) < minWords {
			continue
		}
		for _, e := range edits {
			text := e.make(b, seed(i, e.name))
			o := c.search(det, text, i)
			stray.wrong += o.wrong
			if byEdit[e.name] == nil {
				byEdit[e.name] = &outcome{}
			}
			byEdit[e.name].add(outcome{found: o.found, missed: o.missed})
			total.add(o)
		}
	}
	rewrites, taken := 0, 0
	for _, p := range c.rewrites() {
		if rewrites >= sample {
			break
		}
		rewrites++
		if isCopy(c.bodies[p[0]], c.bodies[p[1]]) {
			taken++
		}
	}
	total.wrong += taken
	var names []string
	for n := range byEdit {
		names = append(names, n)
	}
	sort.Strings(names)
	var b strings.Builder
	fmt.Fprintf(&b, "%-22s %6s %6s\n", "edit", "pairs", "found")
	for _, n := range names {
		o := byEdit[n]
		fmt.Fprintf(&b, "%-22s %6d %6.2f\n", n, o.found+o.missed, 100*share(o.found, o.found+o.missed))
	}
	fmt.Fprintf(&b, "rewrites of one story  %6d, taken for copies %d; other articles taken for the edited one %d\n", rewrites, taken, stray.wrong)
	p, r := share(total.found, total.found+total.wrong), share(total.found, total.found+total.missed)
	fmt.Fprintf(&b, "pairs: P %.2f R %.2f F1 %.2f\n", 100*p, 100*r, 100*2*p*r/max(p+r, 1e-9))
	_, err = io.WriteString(w, b.String())
	return err
}

func share(a, b int) float64 { return float64(a) / float64(max(b, 1)) }

// isCopy: the same text or most of its wording; a shared passage is not enough.
func isCopy(a, b string) bool {
	k := copies.Kind(copies.Compare(a, b))
	return k == claims.CopyExact || k == claims.CopyNear
}

// search looks an edited article up as the service does on ingest. Other
// articles count as wrong unless they share much wording with the original, so
// that nobody can say.
func (c *corpus) search(det *copies.Detector, text string, original int) outcome {
	o := outcome{missed: 1}
	for _, k := range det.Similar(copies.Sign(text), likely) {
		if !isCopy(text, c.bodies[k]) {
			continue
		}
		switch {
		case int(k) == original:
			o.found, o.missed = 1, 0
		case c.wording(original, int(k)) < apart:
			o.wrong++
		}
	}
	return o
}

func load(dir string) (*corpus, error) {
	bodies, pairs, err := dataset.FakeNews(dir)
	if err != nil {
		return nil, err
	}
	c := &corpus{story: map[string][]int{}, grams: map[int]map[uint64]bool{}}
	at := map[int]int{}
	for i, b := range bodies {
		at[b.ID] = i
		c.bodies = append(c.bodies, b.Text)
	}
	for _, p := range pairs {
		if p.Label != "unrelated" {
			c.story[p.Headline] = append(c.story[p.Headline], at[p.Body])
		}
	}
	return c, nil
}
