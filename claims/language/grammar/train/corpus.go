package main

import (
	"sort"
	"strings"

	"github.com/secondsource/secondsource/claims/language/grammar/internal/core"
)

// example is a sentence in the form that the learners take.
type example struct {
	sentence

	tags   []uint8 // gold
	labels []uint8 // gold
	given  []uint8 // tags as a tagger that has not seen the sentence gives them
}

// inventory lists the distinct values in rising order.
func inventory(ss []sentence, f func(s *sentence, i int) string) ([]string, map[string]uint8) {
	seen := map[string]uint8{}
	var out []string
	for k := range ss {
		for i := range ss[k].words {
			v := f(&ss[k], i)
			if _, ok := seen[v]; !ok {
				seen[v] = 0
				out = append(out, v)
			}
		}
	}
	sort.Strings(out)
	for i, v := range out {
		seen[v] = uint8(i)
	}
	return out, seen
}

func jointTag(s *sentence, i int) string { return s.upos[i] + "|" + s.xpos[i] }

// augment returns altered copies of a few sentences, for text as newsrooms get
// it: headlines in lower case or capitals, sentences without a final stop.
// Typographic quotes and dashes need no copies: core straightens them.
func augment(ss []sentence, r *rng) []sentence {
	var out []sentence
	for k := range ss {
		s := &ss[k]
		n := len(s.words)
		switch d := r.below(100); {
		case d < 6:
			if n < 5 || s.xpos[n-1] != "." {
				continue
			}
			used := s.heads[n-1] == n
			for _, h := range s.heads {
				used = used || h == n-1
			}
			if used {
				continue
			}
			c := *s
			c.words, c.lemmas, c.upos, c.xpos, c.rels = s.words[:n-1], s.lemmas[:n-1], s.upos[:n-1], s.xpos[:n-1], s.rels[:n-1]
			c.heads = append([]int(nil), s.heads[:n-1]...)
			for i, h := range c.heads {
				if h == n {
					c.heads[i] = n - 1
				}
			}
			out = append(out, c)
		case d < 9:
			out = append(out, recase(s, strings.ToLower))
		case d < 12:
			out = append(out, recase(s, strings.ToUpper))
		}
	}
	return out
}

func recase(s *sentence, f func(string) string) sentence {
	c := *s
	c.words = make([]string, len(s.words))
	for i, w := range s.words {
		c.words[i] = f(w)
	}
	return c
}

// lexicon counts the tags of the words of the examples that keep says. Rare
// words are left out: they stand for the unknown ones.
func lexicon(ex []*example) core.Lexicon {
	var s core.Scratch
	type count struct {
		total int
		tag   map[uint8]int
	}
	counts := map[uint32]*count{}
	var order []uint32
	for _, e := range ex {
		for i, t := range s.Describe(e.words) {
			k := core.LexKey(&t)
			c := counts[k]
			if c == nil {
				c = &count{tag: map[uint8]int{}}
				counts[k] = c
				order = append(order, k)
			}
			c.total++
			c.tag[e.tags[i]]++
		}
	}
	lex := core.Lexicon{}
	classes := map[string]uint16{}
	for _, k := range order {
		c := counts[k]
		if c.total < 4 {
			continue
		}
		var set []byte
		sure := int16(-1)
		for t := range 256 {
			n := c.tag[uint8(t)]
			if n*20 >= c.total {
				set = append(set, byte(t))
			}
			if n == c.total && n >= 40 {
				sure = int16(t)
			}
		}
		id, ok := classes[string(set)]
		if !ok {
			id = uint16(len(classes))
			classes[string(set)] = id
		}
		lex[k] = core.LexEntry{Amb: id, Sure: sure}
	}
	return lex
}

// lemmas learns where the rules go wrong.
func lemmas(ss []sentence) map[string]string {
	m := &core.Model{}
	counts := map[string]map[string]int{}
	var buf, low, key []byte
	for k := range ss {
		s := &ss[k]
		for i, w := range s.words {
			want := s.lemmas[i]
			if want == "_" || len(w) > 32 || len(want) > 32 {
				continue
			}
			low = core.LowerForm(w, low[:0])
			kk := string(core.LemmaKey(low, s.xpos[i], nil))
			if counts[kk] == nil {
				counts[kk] = map[string]int{}
			}
			if s.upos[i] == "PROPN" {
				want = strings.ToLower(want)
			}
			buf, low, key = m.Lemma(w, s.upos[i], s.xpos[i], buf[:0], low, key)
			got := string(buf)
			if s.upos[i] == "PROPN" {
				got = strings.ToLower(got)
			}
			counts[kk][want]++
			if got == want {
				counts[kk]["\x00"+want]++
			}
		}
	}
	out := map[string]string{}
	for kk, c := range counts {
		best, n := "", 0
		for l, v := range c {
			if !strings.HasPrefix(l, "\x00") && (v > n || v == n && l < best) {
				best, n = l, v
			}
		}
		if c["\x00"+best]*2 < n {
			out[kk] = best
		}
	}
	return out
}
