package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// item is a document as `secondsource ingest` reads it from a line.
type item struct {
	Kind        string    `json:"kind"`
	Publisher   string    `json:"publisher"`
	URL         string    `json:"url"`
	PublishedAt time.Time `json:"published_at"`
	Title       string    `json:"title"`
	Text        string    `json:"text"`
}

var (
	verbs   = strings.Fields("closed inspected damaged repaired blocked opened evacuated guarded flooded searched")
	things  = strings.Fields("bridge harbour tunnel railway hospital school airport refinery market dam")
	because = []string{"after a storm", "in the night", "for the second time", "despite a protest", "during a drill", "on Monday"}
	bodies  = strings.Fields("Ministry Council Police Brigade Union Agency Port")
	begin   = strings.Fields("Hal Vel Zen Mar Els Nor Kar Dru Ost Bel Tor Wen Ash Lun Pry")
	end     = strings.Fields("den mark da ow sen rava burg by stad field mouth ton gate haven ford")
)

// write writes so many items, the same for the same seed. Names, events and
// publishers have the skew that news has: a few come up all the time. One item in
// five is a copy of a recent one under another name, some of them shortened.
func write(w io.Writer, n int, seed uint64) error {
	r := rand.New(rand.NewPCG(seed, 2))
	skewed := func(n int) int { return int(math.Pow(float64(n), r.Float64())) - 1 }
	name := func(i int) string {
		return begin[i%len(begin)] + end[i/len(begin)%len(end)] + strings.Repeat("-"+end[i%7], i/(len(begin)*len(end))%3)
	}
	recent := make([]item, 0, 200)
	enc := json.NewEncoder(w)
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		at = at.Add(time.Duration(r.IntN(60)) * time.Second)
		x := item{Kind: "ARTICLE", Publisher: name(skewed(400)) + " Courier", URL: fmt.Sprintf("https://news.example/%d", i), PublishedAt: at}
		if len(recent) > 0 && r.IntN(5) == 0 {
			of := recent[r.IntN(len(recent))]
			if x.Title, x.Text = of.Title, of.Text; r.IntN(3) == 0 {
				x.Text = x.Text[:strings.LastIndex(strings.TrimSuffix(x.Text, "."), ".")+1]
			}
		} else {
			place, who := name(skewed(3000)), name(skewed(3000))
			thing := things[r.IntN(len(things))]
			x.Title = fmt.Sprintf("%s: %s of %s", place, thing, who)
			x.Text = fmt.Sprintf("The %s of %s was %s %s, the %s %s said. %d people were injured in %s.", thing, place, verbs[r.IntN(len(verbs))], because[r.IntN(len(because))],
				who, bodies[r.IntN(len(bodies))], 2+skewed(90), place)
			if len(recent) < cap(recent) {
				recent = append(recent, x)
			} else {
				recent[r.IntN(len(recent))] = x
			}
		}
		if err := enc.Encode(x); err != nil {
			return err
		}
	}
	return nil
}
