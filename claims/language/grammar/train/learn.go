package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/secondsource/secondsource/claims/language/grammar/internal/core"
)

// settings are what training can be varied by; the shipped model has the
// defaults of defaultSettings.
type settings struct {
	seed                   uint64
	folds, foldEpochs      int
	tagEpochs, parseEpochs int
	tagRuns, parseRuns     int // perceptrons trained apart and averaged
	tagMargin, parseMargin int // lead, in updates, up to which a right answer is learnt from too
	tagDrop, parseDrop     int // 64ths of the features left out at random in training
	tagBytes, parseBytes   int // room in the file
	augment                bool
	progress               io.Writer
	mu                     sync.Mutex // guards progress
}

func defaultSettings() *settings {
	return &settings{
		seed: 20240229, folds: 5, foldEpochs: 5, tagEpochs: 10, parseEpochs: 8, tagRuns: 4, parseRuns: 6,
		tagMargin: 10, parseMargin: 0, tagDrop: 26, parseDrop: 14,
		tagBytes: 2350000, parseBytes: 6000000, augment: true,
	}
}

func (c *settings) sayf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = fmt.Fprintf(c.progress, format+"\n", args...)
}

func order(n int) []int {
	ix := make([]int, n)
	for i := range ix {
		ix[i] = i
	}
	return ix
}

// parallel calls f with 0..n-1, as many at a time as there are processors. The
// calls must not depend on one another, so that the outcome is that of a loop.
func parallel(n int, f func(i int)) {
	var wg sync.WaitGroup
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		wg.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			f(i)
		})
	}
	wg.Wait()
}

// mixed averages the weights of several perceptrons, which differ in the order
// of the examples and in the features dropped (McDonald, Hall and Mann 2010):
// what they agree on stays, what chance taught one of them fades.
func mixed(runs int, learn func(run int) *sparse) []core.Feature {
	var mu sync.Mutex
	var sum []core.Feature // in whatever order the runs end: it is of integers
	parallel(runs, func(i int) {
		fs := learn(i).average(256, faint)
		mu.Lock()
		defer mu.Unlock()
		sum = core.Sum(sum, fs)
	})
	for _, f := range sum {
		for i := range f.Weights {
			f.Weights[i] /= int32(runs)
		}
	}
	return sum
}

// faint is the average weight, in 256ths, below which one perceptron's say is
// not worth its memory.
const faint = 4

// dropper leaves out some 64ths of the features at random, so that no weight
// relies on others being there (Hinton et al. 2012). It gives nil for none.
func dropper(seed uint64, share int) func(keys []uint32) []uint32 {
	if share == 0 {
		return nil
	}
	r := rng(seed)
	return func(keys []uint32) []uint32 {
		out := keys[:0]
		var bits uint64
		for i, k := range keys {
			if i%10 == 0 {
				bits = r.next()
			}
			if int(bits&63) >= share {
				out = append(out, k)
			}
			bits >>= 6
		}
		return out
	}
}

// learnTagger trains one tagger of ntags tags on ex.
func (c *settings) learnTagger(name string, ex []*example, lex core.Lexicon, ntags, epochs int, seed uint64) *sparse {
	p := newSparse()
	r := rng(seed)
	s := core.Scratch{Drop: dropper(seed+1000, c.tagDrop)}
	ix := order(len(ex))
	start := time.Now()
	for ep := range epochs {
		r.shuffle(ix)
		wrong, all := 0, 0
		for _, k := range ix {
			e := ex[k]
			all += len(e.words)
			s.Tag(e.words, lex, p, ntags, func(i int, keys []uint32, scores []int32) {
				p.t++
				if p.learn(keys, scores, int(e.tags[i]), int32(c.tagMargin)) {
					wrong++
				}
			})
		}
		c.sayf("%s, epoch %d: %.2f%% wrong, %.0f s", name, ep+1, 100*float64(wrong)/float64(all), time.Since(start).Seconds())
	}
	return p
}

// jackknife fills ex.given, the tags that the parser learns with: the documents
// are dealt into folds, and each fold is tagged by a tagger trained on the
// others, so that the parser sees tags as wrong as those of a new text.
func (c *settings) jackknife(ex []*example, tags []string) {
	parallel(c.folds, func(f int) {
		var in []*example
		for _, e := range ex {
			if e.doc%c.folds != f {
				in = append(in, e)
			}
		}
		lex := lexicon(in)
		p := c.learnTagger(fmt.Sprintf("fold %d", f+1), in, lex, len(tags), c.foldEpochs, c.seed+uint64(f)+1)
		t := core.NewTable(p.average(256, 1))
		var s core.Scratch
		right, all := 0, 0
		for _, e := range ex {
			if e.doc%c.folds != f {
				continue
			}
			e.given = append([]uint8(nil), s.Tag(e.words, lex, t, len(tags), nil)...)
			for i, g := range e.given {
				all++
				if g == e.tags[i] {
					right++
				}
			}
		}
		c.sayf("fold %d of %d: tags %.2f%% right", f+1, c.folds, 100*float64(right)/float64(all))
	})
}

// learnActions trains one transition model with a dynamic oracle, following its
// own mistakes nine times in ten from the second epoch on (Goldberg and Nivre
// 2013).
func (c *settings) learnActions(name string, ex []*example, parts *core.Parts, root int, seed uint64) *sparse {
	p := newSparse()
	s := core.Scratch{Drop: dropper(seed+1000, c.parseDrop)}
	info := core.DescribeTags(parts.Tags)
	heads := make([][]int, len(ex))
	for k, e := range ex {
		heads[k] = projective(e.heads)
	}
	r := rng(seed)
	ix := order(len(ex))
	start := time.Now()
	for ep := range c.parseEpochs {
		r.shuffle(ix)
		wrong, all := 0, 0
		explore := func() bool { return ep > 0 && r.below(10) > 0 }
		for _, k := range ix {
			e := ex[k]
			s.Prepare(e.words, e.given, info)
			s.LearnGreedy(heads[k], e.labels, parts.Acts, root, p, explore, func(keys []uint32, scores []int32, good, bad int) {
				p.t++
				all++
				if scores[good]-scores[bad] <= int32(c.parseMargin) {
					p.update(keys, good, 1)
					p.update(keys, bad, -1)
				}
				if scores[good] <= scores[bad] {
					wrong++
				}
			})
		}
		c.sayf("%s, epoch %d: %.2f%% of transitions wrong, %d features, %.0f s", name, ep+1, 100*float64(wrong)/float64(all), p.used, time.Since(start).Seconds())
	}
	return p
}

// actions lists the transitions that the trees need: an arc of a label goes
// only the ways that it was seen to go.
func actions(ex []*example, nlabels int) []core.Action {
	seen := make([][2]bool, nlabels)
	for _, e := range ex {
		for i, h := range projective(e.heads) {
			if h > i {
				seen[e.labels[i]][0] = true
			} else {
				seen[e.labels[i]][1] = true
			}
		}
	}
	acts := []core.Action{{Kind: core.Shift}, {Kind: core.Reduce}}
	for way := range 2 {
		for l := range nlabels {
			if seen[l][way] {
				acts = append(acts, core.Action{Kind: uint8(core.Left + way), Label: uint8(l)})
			}
		}
	}
	return acts
}

// train learns the whole model from the sentences.
func (c *settings) train(ss []sentence) (*core.Parts, error) {
	lem := lemmas(ss)
	if c.augment {
		r := rng(c.seed)
		ss = append(ss, augment(ss, &r)...)
	}
	tags, tagOf := inventory(ss, jointTag)
	labels, labelOf := inventory(ss, func(s *sentence, i int) string { return s.rels[i] })
	if len(tags) > 255 || len(labels) > 64 {
		return nil, fmt.Errorf("%d tags and %d relations are more than the format holds", len(tags), len(labels))
	}
	ex := make([]*example, len(ss))
	for k := range ss {
		e := &example{sentence: ss[k]}
		for i := range e.words {
			e.tags = append(e.tags, tagOf[jointTag(&ss[k], i)])
			e.labels = append(e.labels, labelOf[ss[k].rels[i]])
		}
		ex[k] = e
	}
	c.sayf("%d sentences, %d tags, %d relations, %d lemma exceptions", len(ss), len(tags), len(labels), len(lem))
	parts := &core.Parts{Tags: tags, Labels: labels, Acts: actions(ex, len(labels)), Lex: lexicon(ex), Lemmas: lem}
	parts.Tagger = core.Fit(mixed(c.tagRuns, func(run int) *sparse {
		return c.learnTagger(fmt.Sprintf("tagger %d", run+1), ex, parts.Lex, len(tags), c.tagEpochs, c.seed+uint64(run)*77)
	}), c.tagBytes)
	c.jackknife(ex, tags)
	parts.Actions = core.Fit(mixed(c.parseRuns, func(run int) *sparse {
		return c.learnActions(fmt.Sprintf("parser %d", run+1), ex, parts, int(labelOf["root"]), c.seed+100+uint64(run)*77)
	}), c.parseBytes)
	return parts, nil
}
