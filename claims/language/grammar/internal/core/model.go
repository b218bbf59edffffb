package core

import (
	"math"
	"strings"
)

// Model is a loaded model; it is read-only and safe for concurrent use.
type Model struct {
	Tags    []string // "UPOS|XPOS"
	Labels  []string // relations with subtype
	Width   int      // beam width, 1..MaxBeam
	Lex     Lexicon
	Lemmas  map[string]string // LemmaKey -> lemma, where the rules are wrong
	Tagger  ClassScorer
	Actions ActionScorer
	Labeler ClassScorer

	Info []TagInfo // of each tag, from DescribeTags
	Root int       // index of "root" in Labels
}

// uposClass numbers the universal tags for the sets of children.
var uposClass = map[string]uint8{
	"ADJ": 1, "ADP": 2, "ADV": 3, "AUX": 4, "CCONJ": 5, "DET": 6, "INTJ": 7, "NOUN": 8, "NUM": 9,
	"PART": 10, "PRON": 11, "PROPN": 12, "PUNCT": 13, "SCONJ": 14, "SYM": 15, "VERB": 16, "X": 17,
}

// DescribeTags derives what the parser needs to know of each "UPOS|XPOS" tag.
func DescribeTags(tags []string) []TagInfo {
	info := make([]TagInfo, len(tags))
	for i, t := range tags {
		upos, xpos, _ := strings.Cut(t, "|")
		c := uposClass[upos]
		switch xpos {
		case "POS":
			c = 18
		case "TO":
			c = 19
		case "VBG":
			c = 20
		case "VBN":
			c = 21
		case ",":
			c = 22
		case "WDT", "WP", "WRB", "WP$":
			c = 23
		case "VB":
			c = 24
		}
		if upos == "AUX" {
			c = 4
		}
		info[i].Class = c
		switch {
		case xpos == ",":
			info[i].Sep = 1
		case upos == "VERB":
			info[i].Sep = 1 << 8
		case upos == "CCONJ":
			info[i].Sep = 1 << 16
		case upos == "PUNCT":
			info[i].Sep = 1 << 24
		}
		switch upos {
		case "AUX":
			info[i].role = roleAux
		case "ADP", "SCONJ":
			info[i].role = roleCase
		case "PART":
			if xpos == "TO" || xpos == "POS" {
				info[i].role = roleCase
			}
		}
	}
	return info
}

// Analyze analyses words into s.Out, which stays valid until s is used again.
// It is linear in the number of words; any strings give a tree with one root.
func (m *Model) Analyze(words []string, s *Scratch) {
	n := len(words)
	s.Out.Tags = s.Tag(words, m.Lex, m.Tagger, len(m.Tags), nil)
	s.heads, s.gaps = grow(s.heads, n), grow(s.gaps, n)
	s.Out.Heads, s.Out.Gaps = s.heads, s.gaps
	s.Out.Labels = s.Out.Labels[:0]
	if n == 0 {
		return
	}
	for from := 0; from < n; {
		to := s.chunkEnd(m, from)
		s.prepareParse(m.Info, from, to)
		s.parse(to-from, m.Width, m.Actions, nil)
		s.attach(to-from, s.heads[from:to], s.gaps[from:to])
		for i := from; i < to; i++ {
			if int(s.heads[i]) == to-from {
				s.heads[i] = -1
			} else {
				s.heads[i] += int32(from)
			}
		}
		from = to
	}
	s.oneRoot(m)
	if n > MaxChunk {
		s.prepareParse(m.Info, 0, n)
	}
	s.Label(m.Info, m.Labeler, len(m.Labels), m.Root, nil)
	s.Out.Labels = append(s.Out.Labels[:0], s.tree.labels[:n]...)
}

// Label plants s.Out.Heads of the prepared words and labels it into s.tree.
func (s *Scratch) Label(info []TagInfo, sc ClassScorer, nlabels, root int, learn func(d int, keys []uint32, scores []int32)) {
	s.tree.plant(s.heads, s.atoms.cls, info, s.tags)
	s.label(sc, nlabels, root, s.gaps, learn)
}

// chunkEnd returns the end of the stretch from `from` that is parsed as one:
// all of it when short, else up to a sentence end, other punctuation, or the limit.
func (s *Scratch) chunkEnd(m *Model, from int) int {
	n := len(s.tok)
	if n-from <= MaxChunk {
		return n
	}
	best := from + MaxChunk
	rank := 0
	for i := from + MaxChunk/2; i < from+MaxChunk; i++ {
		t := m.Tags[s.tags[i]]
		r := 0
		if strings.HasSuffix(t, "|.") {
			r = 2
		} else if strings.HasPrefix(t, "PUNCT|") {
			r = 1
		}
		if r > 0 && r >= rank {
			rank, best = r, i+1
		}
	}
	return best
}

// oneRoot turns -1 heads into a single root: the first verb among them, else
// the first; the others hang on it.
func (s *Scratch) oneRoot(m *Model) {
	root, verb := -1, false
	for i, h := range s.heads {
		if h >= 0 {
			continue
		}
		v := strings.HasPrefix(m.Tags[s.tags[i]], "VERB|")
		if root < 0 || v && !verb {
			root, verb = i, v
		}
	}
	for i, h := range s.heads {
		if h >= 0 {
			continue
		}
		if i == root {
			s.heads[i] = int32(len(s.heads))
			continue
		}
		s.heads[i] = int32(root)
		s.gaps[i] = 0
	}
}

// PrepareTree readies the described words with given tags and heads (n for the
// root) for Label or LearnParse.
func (s *Scratch) PrepareTree(words []string, tags []uint8, heads []int, lex Lexicon, info []TagInfo) {
	s.describeAll(words)
	s.prepareWords(lex)
	s.tags = append(s.tags[:0], tags...)
	s.prepareParse(info, 0, len(words))
	s.heads, s.gaps = grow(s.heads, len(words)), grow(s.gaps, len(words))
	for i, h := range heads {
		s.heads[i] = int32(h)
		s.gaps[i] = math.MaxInt32
	}
}

// Describe fills and returns the tokens of words; they stay valid until s is
// used again.
func (s *Scratch) Describe(words []string) []Token {
	s.describeAll(words)
	return s.tok
}
