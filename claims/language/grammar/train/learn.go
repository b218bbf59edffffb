package main

import (
	"fmt"
	"io"
	"time"

	"github.com/secondsource/secondsource/claims/language/grammar/internal/core"
)

// settings are what training can be varied by; the shipped model has the
// defaults of defaultSettings.
type settings struct {
	seed                              uint64
	folds, foldEpochs                 int
	tagEpochs, parseEpochs, arcEpochs int
	width, infer                      int // beam in training and in use
	tagBytes, parseBytes, labelBytes  int // room in the file
	augment                           bool
	progress                          io.Writer
}

var tagMargin, labelMargin, arcMargin int32 = 30, 30, 30

func defaultSettings() settings {
	return settings{
		seed: 20240229, folds: 5, foldEpochs: 5, tagEpochs: 8, parseEpochs: 12, arcEpochs: 8,
		width: 8, infer: 8, tagBytes: 1900000, parseBytes: 4200000, labelBytes: 1700000, augment: true,
	}
}

func (c *settings) say(format string, args ...any) { fmt.Fprintf(c.progress, format+"\n", args...) }

func order(n int) []int {
	ix := make([]int, n)
	for i := range ix {
		ix[i] = i
	}
	return ix
}

// learnTagger trains a tagger on ex for some epochs.
func learnTagger(ex []*example, lex core.Lexicon, ntags, epochs int, r rng, say func(epoch, wrong, all int)) *sparse {
	p := newSparse()
	var s core.Scratch
	ix := order(len(ex))
	for ep := range epochs {
		r.shuffle(ix)
		wrong, all := 0, 0
		for _, k := range ix {
			e := ex[k]
			all += len(e.words)
			s.Tag(e.words, lex, p, ntags, func(i int, keys []uint32, scores []int32) {
				p.t++
				if p.learn(keys, scores, int(e.tags[i]), -1, tagMargin) {
					wrong++
				}
			})
		}
		if say != nil {
			say(ep+1, wrong, all)
		}
	}
	return p
}

// jackknife fills ex.given: the documents are dealt into folds, and each fold is
// tagged by a tagger trained on the others.
func (c *settings) jackknife(ex []*example, tags []string) error {
	for f := range c.folds {
		var in []*example
		for _, e := range ex {
			if e.doc%c.folds != f {
				in = append(in, e)
			}
		}
		lex := lexicon(in)
		p := learnTagger(in, lex, len(tags), c.foldEpochs, rng(c.seed+uint64(f)+1), nil)
		parts := core.Parts{Tags: tags, Labels: []string{"a", "b", "root"}, Width: 1, Lex: lex, Tagger: p.average(256, 1, 1)}
		m, err := core.Decode(parts.Encode())
		if err != nil {
			return err
		}
		var s core.Scratch
		right, all := 0, 0
		for _, e := range ex {
			if e.doc%c.folds != f {
				continue
			}
			e.given = append([]uint8(nil), s.Tag(e.words, m.Lex, m.Tagger, len(tags), nil)...)
			for i, t := range e.given {
				all++
				if t == e.tags[i] {
					right++
				}
			}
		}
		c.say("fold %d of %d: tags %.2f%% right", f+1, c.folds, 100*float64(right)/float64(all))
	}
	return nil
}

// learnActions trains the transition model: beam search with updates at the
// largest violation (Collins and Roark 2004; Huang, Fayong and Guo 2012).
func (c *settings) learnActions(ex []*example, lex core.Lexicon, info []core.TagInfo) *dense {
	p := newDense()
	var s core.Scratch
	var gold core.Gold
	actions, proj := make([][]uint8, len(ex)), make([][]int, len(ex))
	for k, e := range ex {
		if len(e.words) <= core.MaxChunk {
			proj[k] = projective(e.heads)
			actions[k] = append([]uint8(nil), s.GoldActions(proj[k], nil)...)
		}
	}
	r := rng(c.seed + 100)
	ix := order(len(ex))
	for ep := range c.parseEpochs {
		start := time.Now()
		r.shuffle(ix)
		wrong := 0
		for _, k := range ix {
			e := ex[k]
			if actions[k] == nil {
				continue
			}
			p.t++
			n := len(e.words)
			s.PrepareTree(e.words, e.given, e.heads, lex, info)
			gold.Actions, gold.Heads, gold.Cost = actions[k], proj[k], arcMargin
			s.LearnParse(n, c.width, p, &gold)
			if gold.Violation == 0 {
				continue
			}
			wrong++
			same := 0
			for same < gold.Violation && gold.Best[same] == gold.Actions[same] {
				same++
			}
			s.Replay(n, gold.Actions[:gold.Violation], same, func(keys []uint32, a int) { p.update(keys, a, 1) })
			s.Replay(n, gold.Best[:gold.Violation], same, func(keys []uint32, a int) { p.update(keys, a, -1) })
		}
		c.say("parser epoch %d: %.2f%% of sentences wrong, %d features, %.0f s", ep+1, 100*float64(wrong)/float64(len(ix)), len(p.w), time.Since(start).Seconds())
	}
	return p
}

// learnLabels trains the labeller on gold trees with jackknifed tags.
func (c *settings) learnLabels(ex []*example, lex core.Lexicon, info []core.TagInfo, nlabels, root int) *sparse {
	p := newSparse()
	var s core.Scratch
	r := rng(c.seed + 200)
	ix := order(len(ex))
	for ep := range c.arcEpochs {
		start := time.Now()
		r.shuffle(ix)
		wrong, all := 0, 0
		for _, k := range ix {
			e := ex[k]
			s.PrepareTree(e.words, e.given, e.heads, lex, info)
			all += len(e.words)
			s.Label(info, p, nlabels, root, func(d int, keys []uint32, scores []int32) {
				p.t++
				if p.learn(keys, scores, int(e.labels[d]), root, labelMargin) {
					wrong++
				}
			})
		}
		c.say("relations epoch %d: %.2f%% wrong, %.0f s", ep+1, 100*float64(wrong)/float64(all), time.Since(start).Seconds())
	}
	return p
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
	c.say("%d sentences, %d tags, %d relations, %d lemma exceptions", len(ss), len(tags), len(labels), len(lem))
	parts := &core.Parts{Tags: tags, Labels: labels, Width: c.infer, Lemmas: lem}
	parts.Lex = lexicon(ex)
	start := time.Now()
	p := learnTagger(ex, parts.Lex, len(tags), c.tagEpochs, rng(c.seed), func(ep, wrong, all int) {
		c.say("tagger epoch %d: %.2f%% wrong, %.0f s", ep, 100*float64(wrong)/float64(all), time.Since(start).Seconds())
	})
	parts.Tagger = core.Fit(p.average(256, 1, 1), false, c.tagBytes)
	if !loadGiven(ex) { //TMP
		if err := c.jackknife(ex, tags); err != nil {
			return nil, err
		}
		saveGiven(ex) //TMP
	} //TMP
	info := core.DescribeTags(tags)
	parts.Labeler = core.Fit(c.learnLabels(ex, parts.Lex, info, len(labels), int(labelOf["root"])).average(256, 1, 1), false, c.labelBytes)
	parts.Actions = core.Fit(c.learnActions(ex, parts.Lex, info).average(256, 1, 1), true, c.parseBytes)
	return parts, nil
}
