package core

// LexEntry is what the tag dictionary knows of a frequent lower-cased word.
type LexEntry struct {
	Amb  uint16 // number of its set of tags; words with the same set share it
	Sure int16  // the one tag it always has, or -1
}

// Lexicon maps the upper 32 bits of Token.Low to its entry.
type Lexicon map[uint32]LexEntry

// LexKey is the key of a token in a Lexicon.
func LexKey(t *Token) uint32 { return uint32(t.Low >> 32) }

// amb returns the scattered number of a token's ambiguity class: its set of
// tags when the dictionary has it, else what its ending and shape suggest.
func (l Lexicon) amb(t *Token) (uint64, int16) {
	if e, ok := l[LexKey(t)]; ok {
		return mix(uint64(e.Amb) + 7001), e.Sure
	}
	return (t.Suf[1] ^ t.Flags*3) | 1, -1
}

// none marks a position outside the sentence.
const none = 0x5851F42D4C957F2D

// prepareTags computes the ambiguity classes of the described tokens.
func (s *Scratch) prepareTags(lex Lexicon) {
	n := len(s.tok)
	s.amb = grow(s.amb, n)
	s.sure = grow(s.sure, n)
	s.tags = grow(s.tags, n)
	for i := range s.tok {
		s.amb[i], s.sure[i] = lex.amb(&s.tok[i])
	}
}

// tagKeys appends the features of token i, whose left neighbours are tagged in
// s.tags. The templates follow Ratnaparkhi (1996) and Collins (2002), with the
// ambiguity classes of the right context after Toutanova et al. (2003).
func (s *Scratch) tagKeys(i int, keys []uint32) []uint32 {
	n := len(s.tok)
	t := &s.tok[i]
	t1, t2 := uint64(none), uint64(none)
	l1, l2, r1, r2 := uint64(none), uint64(none), uint64(none), uint64(none)
	a0, al, ar1, ar2 := s.amb[i], uint64(none), uint64(none), uint64(none)
	var lsuf, rsuf, lflag, rflag uint64
	if i > 0 {
		t1, l1, al = mix(uint64(s.tags[i-1])+101), s.tok[i-1].Low, s.amb[i-1]
		lsuf, lflag = s.tok[i-1].Suf[2], s.tok[i-1].Flags
	}
	if i > 1 {
		t2, l2 = mix(uint64(s.tags[i-2])+101), s.tok[i-2].Low
	}
	if i+1 < n {
		r1, ar1 = s.tok[i+1].Low, s.amb[i+1]
		rsuf, rflag = s.tok[i+1].Suf[2], s.tok[i+1].Flags
	}
	if i+2 < n {
		r2, ar2 = s.tok[i+2].Low, s.amb[i+2]
	}
	w := t.Low
	keys = append(keys[:0],
		key1(1, 1),
		key1(2, w), key1(3, t.Form), key2(4, w, t.Flags), key1(5, t.Shape), key1(6, t.Flags),
		key2(7, w, t1), key3(8, w, t1, t2), key2(9, w, l1), key2(10, w, r1), key2(11, w, ar1),
		key1(12, t1), key2(13, t1, t2), key1(14, l1), key1(15, l2), key1(16, r1), key1(17, r2),
		key1(18, a0), key2(19, a0, t1), key3(20, a0, t1, t2), key2(21, a0, ar1), key3(22, a0, ar1, ar2),
		key3(23, a0, t1, ar1), key4(24, a0, t1, ar1, ar2), key2(25, a0, r1), key2(26, a0, l1),
		key1(27, ar1), key1(28, ar2), key2(29, al, a0),
		key2(30, t.Shape, t1), key2(31, t.Flags, t1), key1(32, lsuf), key1(33, rsuf),
		key3(34, t.Flags, lflag, rflag), key3(35, a0, l1, r1), key2(36, l1, l2), key3(37, t2, t1, ar1),
	)
	for k, h := range t.Suf {
		if h != 0 {
			keys = append(keys, key1(40+uint64(k), h), key2(50+uint64(k), h, t.Flags))
		}
	}
	for k, h := range t.Pre {
		if h != 0 {
			keys = append(keys, key1(60+uint64(k), h))
		}
	}
	if t.Suf[2] != 0 {
		keys = append(keys, key2(70, t.Suf[2], t1), key2(71, t.Suf[1], ar1), key2(72, t.Suf[1], t1))
	}
	return keys
}

// Tag tags words greedily from left to right; the result is valid until s is
// used again. learn, when not nil, is called after each scored token with its
// keys and the scores of the tags.
func (s *Scratch) Tag(words []string, lex Lexicon, sc ClassScorer, ntags int, learn func(i int, keys []uint32, scores []int32)) []uint8 {
	s.describeAll(words)
	s.prepareTags(lex)
	s.scores = grow(s.scores, ntags)
	for i := range s.tok {
		if s.sure[i] >= 0 {
			s.tags[i] = uint8(s.sure[i])
			continue
		}
		s.keys = s.tagKeys(i, s.keys)
		s.thin()
		clear(s.scores)
		sc.ScoreClasses(s.keys, s.scores)
		best := 0
		for c, v := range s.scores {
			if v > s.scores[best] {
				best = c
			}
		}
		s.tags[i] = uint8(best)
		if learn != nil {
			learn(i, s.keys, s.scores)
		}
	}
	return s.tags
}
