package main

import (
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims/language/grammar/internal/core"
)

// figures are percentages of tokens, and tokens a second.
type figures struct {
	upos, xpos, uas, las, lemma, speed float64
}

// measure analyses the sentences' gold tokens and compares.
func measure(m *core.Model, ss []sentence) figures {
	var s core.Scratch
	var upos, xpos, uas, las, lemma, all int
	var spent time.Duration
	var buf, low, key []byte
	for k := range ss {
		g := &ss[k]
		start := time.Now()
		m.Analyze(g.words, &s)
		spent += time.Since(start)
		for i, w := range g.words {
			all++
			u, x, _ := strings.Cut(m.Tags[s.Out.Tags[i]], "|")
			if u == g.upos[i] {
				upos++
			}
			if x == g.xpos[i] {
				xpos++
			}
			if int(s.Out.Heads[i]) == g.heads[i] {
				uas++
				if m.Labels[s.Out.Labels[i]] == g.rels[i] {
					las++
				}
			}
			buf, low, key = m.Lemma(w, u, x, buf[:0], low, key)
			if string(buf) == g.lemmas[i] {
				lemma++
			}
		}
	}
	pc := func(n int) float64 { return 100 * float64(n) / float64(max(all, 1)) }
	return figures{pc(upos), pc(xpos), pc(uas), pc(las), pc(lemma), float64(all) / max(spent.Seconds(), 1e-9)}
}
