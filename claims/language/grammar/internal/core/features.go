package core

// atoms are the hashed views of the words that parser templates combine. They
// have two entries past the words: the artificial root and "none".
type atoms struct {
	w, p, wp []uint64 // lower-cased word, tag, both
	cls      []uint8  // coarse class of the tag, 0..31
	seps     []uint32 // running counts before each word, one byte each: comma, verb, conjunction, other punctuation
}

// TagInfo is what the parser needs of each tag.
type TagInfo struct {
	Class uint8  // coarse class, 0..31
	Sep   uint32 // what it adds to atoms.seps
	verb  bool
	form  uint8 // of a verb: see formFinite and its like
	punct bool
}

// prepareParse fills s.atoms from the described and tagged words.
func (s *Scratch) prepareParse(info []TagInfo) {
	tags := s.tags
	n := len(tags)
	a := &s.atoms
	a.w, a.p, a.wp = grow(a.w, n+2), grow(a.p, n+2), grow(a.wp, n+2)
	a.cls = grow(a.cls, n+2)
	a.seps = grow(a.seps, n+2)
	a.seps[0] = 0
	for i := range tags {
		tag := tags[i]
		a.w[i] = s.tok[i].Low
		a.p[i] = mix(uint64(tag) + 501)
		a.wp[i] = mix(a.w[i] + a.p[i])
		a.cls[i] = info[tag].Class
		a.seps[i+1] = addSep(a.seps[i], info[tag].Sep)
	}
	a.w[n], a.p[n], a.wp[n], a.cls[n] = 0x1234567, 0x89ABCDEF1, 0xFEDCBA98765, 31
	a.w[n+1], a.p[n+1], a.wp[n+1], a.cls[n+1] = none, none, none, 31
	a.seps[n+1] = a.seps[n]
}

func addSep(a, b uint32) uint32 {
	var out uint32
	for k := 0; k < 32; k += 8 {
		out |= ((a>>k + b>>k) & 0xFF) << k
	}
	return out
}

// between summarises what stands strictly between words i and j, i < j: up to
// two commas, and whether there is a verb, a conjunction, other punctuation.
func (a *atoms) between(i, j int) uint64 {
	x, y := a.seps[i+1], a.seps[j]
	c := min((y-x)&0xFF, 2)
	v := min((y>>8-x>>8)&0xFF, 2)
	k := min((y>>16-x>>16)&0xFF, 1)
	o := min((y>>24-x>>24)&0xFF, 1)
	return mix(uint64(1 + c + v<<2 + k<<4 + o<<5))
}

func distance(d int) uint64 {
	switch {
	case d < 5:
	case d < 7:
		d = 5
	case d < 11:
		d = 6
	default:
		d = 7
	}
	return mix(uint64(d) + 9001)
}

func small(t, v uint64) uint64 { return mix(t<<8 + min(v, 4) + 77) }

// actionKeys appends the features of a state after Zhang and Nivre (2011),
// with labels.
func (s *Scratch) actionKeys(st *State, keys []uint32) []uint32 {
	a := &s.atoms
	n := st.n
	null := n + 1
	at := func(i int32) int {
		if i < 0 {
			return null
		}
		return int(i)
	}
	n0 := st.b
	n1, n2, n3 := min(n0+1, null), min(n0+2, null), min(n0+3, null)
	s0, s1, s2 := null, null, null
	if k := len(st.stack); k > 0 {
		s0 = int(st.stack[k-1])
		if k > 1 {
			s1 = int(st.stack[k-2])
		}
		if k > 2 {
			s2 = int(st.stack[k-3])
		}
	}
	s0n, n0n := &freshNode, &st.nodes[n0]
	sP, sN, nP := null, null, null
	if n0 > 0 {
		nP = n0 - 1
	}
	hasHead := uint64(0)
	dist := uint64(none)
	btw := uint64(none)
	if s0 != null {
		s0n = &st.nodes[s0]
		if s0n.head >= 0 {
			hasHead = 1
		}
		dist = distance(n0 - s0)
		sN = s0 + 1
		if s0 > 0 {
			sP = s0 - 1
		}
		btw = a.between(s0, n0)
	}
	s0h, s0l, s0l2, s0r, s0r2 := at(s0n.head), at(s0n.l1), at(s0n.l2), at(s0n.r1), at(s0n.r2)
	n0l, n0l2 := at(n0n.l1), at(n0n.l2)
	s0h2 := null
	if s0h < n {
		s0h2 = at(st.nodes[s0h].head)
	}
	s1h := uint64(0)
	if s1 != null && st.nodes[s1].head >= 0 {
		s1h = 1
	}
	lab := func(i int) uint64 {
		if i >= n {
			return none
		}
		return mix(uint64(st.nodes[i].lab) + 2001)
	}
	s0lab, s0ll, s0rl, n0ll := lab(s0), lab(s0l), lab(s0r), lab(n0l)
	w, p, wp := a.w, a.p, a.wp
	s0w, s0p, s0wp := w[s0], p[s0]+hasHead*mulC, wp[s0]+hasHead*mulC
	n0w, n0p, n0wp := w[n0], p[n0], wp[n0]
	n1p, n2p := p[n1], p[n2]
	s0vl, s0vr, n0vl := small(1, uint64(s0n.lv)), small(2, uint64(s0n.rv)), small(3, uint64(n0n.lv))
	s0sl, s0sr, n0sl := mix(s0n.lset+11), mix(s0n.rset+12), mix(n0n.lset+13)
	s1p := p[s1] + s1h*mulC
	return append(keys[:0],
		// single words
		key1(100, s0wp), key1(101, s0w), key1(102, s0p), key1(103, n0wp), key1(104, n0w), key1(105, n0p),
		key1(106, wp[n1]), key1(107, w[n1]), key1(108, n1p), key1(109, wp[n2]), key1(110, w[n2]), key1(111, n2p),
		// pairs
		key2(112, s0wp, n0wp), key2(113, s0wp, n0w), key2(114, s0w, n0wp), key2(115, s0wp, n0p),
		key2(116, s0p, n0wp), key2(117, s0w, n0w), key2(118, s0p, n0p), key2(119, n0p, n1p),
		// triples
		key3(120, n0p, n1p, n2p), key3(121, s0p, n0p, n1p), key3(122, p[s0h], s0p, n0p),
		key3(123, s0p, p[s0l], n0p), key3(124, s0p, p[s0r], n0p), key3(125, s0p, n0p, p[n0l]),
		key4(126, s0p, n0p, n1p, n2p), key3(127, s0w, n0p, n1p), key3(128, s0p, n0w, n1p), key3(129, s0p, n0p, w[n1]),
		// distance
		key2(130, s0w, dist), key2(131, s0p, dist), key2(132, n0w, dist), key2(133, n0p, dist),
		key3(134, s0w, n0w, dist), key3(135, s0p, n0p, dist),
		// what stands between
		key3(136, s0p, n0p, btw), key2(137, s0w, btw), key2(138, n0w, btw), key3(139, s0w, n0p, btw),
		// valency
		key2(140, s0w, s0vr), key2(141, s0p, s0vr), key2(142, s0w, s0vl), key2(143, s0p, s0vl),
		key2(144, n0w, n0vl), key2(145, n0p, n0vl), key4(146, s0p, n0p, s0vr, n0vl),
		// relatives
		key1(147, w[s0h]), key1(148, p[s0h]), key1(149, w[s0l]), key1(150, p[s0l]),
		key1(151, w[s0r]), key1(152, p[s0r]), key1(153, w[n0l]), key1(154, p[n0l]),
		key1(155, w[s0h2]), key1(156, p[s0h2]), key1(157, w[s0l2]), key1(158, p[s0l2]),
		key1(159, w[s0r2]), key1(160, p[s0r2]), key1(161, w[n0l2]), key1(162, p[n0l2]),
		key3(163, s0p, p[s0l], p[s0l2]), key3(164, s0p, p[s0r], p[s0r2]), key3(165, s0p, p[s0h], p[s0h2]),
		key3(166, n0p, p[n0l], p[n0l2]),
		key3(167, w[s0h], s0p, n0p), key3(168, p[s0h], s0p, n0w), key3(169, w[s0h], n0p, s0w),
		key3(170, s0w, w[s0r], n0p), key3(171, s0p, w[s0r], n0w), key3(172, s0p, n0p, w[n0l]), key3(173, s0w, n0w, w[n0l]),
		// sets of children
		key2(174, s0w, s0sr), key2(175, s0p, s0sr), key2(176, s0w, s0sl), key2(177, s0p, s0sl),
		key2(178, n0w, n0sl), key2(179, n0p, n0sl), key3(180, s0p, n0p, s0sr), key3(181, s0p, n0p, n0sl),
		key3(182, s0w, n0p, s0sr),
		// deeper in the stack and the buffer
		key2(183, s1p, n0p), key3(184, s1p, s0p, n0p), key2(185, w[s1], n0w), key2(186, w[s1], n0p),
		key4(187, s1p, s0p, n0p, n1p), key3(188, p[s2], s1p, n0p), key4(189, p[s2], s1p, s0p, n0p),
		// labels of the arcs built
		key1(200, s0lab), key2(201, s0p, s0lab), key3(202, s0p, n0p, s0lab), key3(203, s0p, s0lab, lab(s0h)),
		key1(204, s0ll), key1(205, s0rl), key1(206, n0ll), key1(207, lab(s0l2)), key1(208, lab(s0r2)), key1(209, lab(n0l2)),
		key3(210, s0p, s0ll, n0p), key3(211, s0p, s0rl, n0p), key3(212, s0p, n0ll, n0p), key2(213, s0w, s0rl),
		key3(214, s0p, s0ll, lab(s0l2)), key3(215, s0p, s0rl, lab(s0r2)), key3(216, n0p, n0ll, lab(n0l2)), key3(217, s0w, n0p, s0lab),
		// words of two arcs: attachment of prepositional phrases and the like
		key3(220, s0w, n0p, w[n0l]), key3(221, w[s0h], n0p, w[n0l]), key3(222, w[s1], n0p, w[n0l]), key3(223, s0p, s0lab, w[n0l]),
		key4(224, s0p, n0p, w[n0l], n1p), key3(225, n0w, n0p, w[n0l]), key3(226, w[s0h], s0lab, n0p),
		// what stands beside the two ends of an arc (McDonald et al. 2005)
		key4(227, s0p, p[sN], p[nP], n0p), key4(228, s0p, p[sP], n0p, p[nP]), key3(229, s0p, p[sN], n0p), key3(230, s0p, n0p, p[nP]),
		key3(231, s0w, w[nP], n0p), key3(232, s0p, w[nP], n0p), key3(233, s0p, n0p, w[sP]),
		key4(234, s0p, n0p, n1p, btw), key3(235, n0w, n1p, n2p), key2(236, n0w, w[n1]), key2(237, s0w, w[n1]),
		key1(190, p[n3]), key4(191, n0p, n1p, n2p, p[n3]), key3(192, w[s1], s0p, n0p), key3(193, s1p, s0p, n0w),
	)
}
