package core

// tree is a finished unlabelled tree with its children in order.
type tree struct {
	heads  []int32 // n is the artificial root
	start  []int32 // children of h are kids[start[h]:start[h+1]]
	kids   []int32
	rank   []int32 // position of a word among its head's children
	set    []uint32
	queue  []int32
	labels []uint8  // of the words labelled so far; 255 before
	used   []uint64 // set of the labels given to a head's children so far
	aux    []int32  // last auxiliary child, n+1 if none
	caseOf []int32  // first child that is an adposition or subordinator, n+1 if none
}

// plant fills the tree from heads (n for the root's child). Linear.
func (t *tree) plant(heads []int32, cls []uint8, info []TagInfo, tags []uint8) {
	n := len(heads)
	t.heads = heads
	t.start = grow(t.start, n+3)
	t.kids, t.rank = grow(t.kids, n), grow(t.rank, n)
	t.set, t.used = grow(t.set, n+2), grow(t.used, n+2)
	t.labels = grow(t.labels, n+2)
	t.aux, t.caseOf = grow(t.aux, n+2), grow(t.caseOf, n+2)
	clear(t.start)
	clear(t.set)
	clear(t.used)
	for i := range t.labels {
		t.labels[i] = 255
		t.aux[i], t.caseOf[i] = int32(n+1), int32(n+1)
	}
	for _, h := range heads {
		t.start[h+2]++
	}
	for i := 2; i < len(t.start); i++ {
		t.start[i] += t.start[i-1]
	}
	for d, h := range heads {
		at := t.start[h+1]
		t.kids[at] = int32(d)
		t.rank[d] = at
		t.start[h+1]++
		t.set[h] |= 1 << cls[d]
		switch info[tags[d]].role {
		case roleAux:
			t.aux[h] = int32(d)
		case roleCase:
			if t.caseOf[h] == int32(n+1) {
				t.caseOf[h] = int32(d)
			}
		}
	}
	// Heads before their children.
	t.queue = append(t.queue[:0], t.children(n)...)
	for i := 0; i < len(t.queue); i++ {
		t.queue = append(t.queue, t.children(int(t.queue[i]))...)
	}
}

func (t *tree) children(h int) []int32 { return t.kids[t.start[h]:t.start[h+1]] }

// Roles of tags that the labeller looks for among a word's children.
const (
	roleNone = iota
	roleAux
	roleCase
)

// labelKeys appends the features of the arc to d. Words whose arcs are already
// labelled: all ancestors of d, and d's elder siblings.
func (s *Scratch) labelKeys(d int, keys []uint32) []uint32 {
	t, a := &s.tree, &s.atoms
	n := len(t.heads)
	null := n + 1
	h := int(t.heads[d])
	lo, hi := t.start[h], t.start[h+1]
	r := t.rank[d]
	prev, next := null, null
	if r > lo {
		prev = int(t.kids[r-1])
	}
	if r+1 < hi {
		next = int(t.kids[r+1])
	}
	first, last := null, null
	if ks := t.children(d); len(ks) > 0 {
		first, last = int(ks[0]), int(ks[len(ks)-1])
	}
	hfirst, hlast := int(t.kids[lo]), int(t.kids[hi-1])
	gh := null
	hl := uint64(254)
	if h < n {
		gh = int(t.heads[h])
		hl = uint64(t.labels[h])
	}
	hlab := mix(hl + 301)
	plab := mix(uint64(t.labels[prev]) + 601)
	dir, lft, rgt := uint64(0), d, h
	switch {
	case h == n:
		dir, rgt = 2, d
	case h < d:
		dir, lft, rgt = 1, h, d
	}
	where := mix(dir<<4 + uint64(min(rgt-lft, 6)) + 40)
	dv := mix(dir + 91)
	btw := uint64(none)
	if h < n {
		btw = a.between(lft, rgt)
	}
	l, rr := null, min(d+1, null)
	if d > 0 {
		l = d - 1
	}
	hL, hR := null, min(h+1, null)
	if h > 0 && h < n {
		hL = h - 1
	}
	w, p := a.w, a.p
	dw, dp, hw, hp := w[d], p[d], w[h]+dv, p[h]+dv
	dset, hset := mix(uint64(t.set[d])+5), mix(uint64(t.set[h])+6)
	used := mix(t.used[h] + 8)
	cs, aux := t.caseOf[d], t.aux[h]
	daux := t.aux[d]
	hcs := t.caseOf[h]
	var dsuf, hsuf, dshape uint64
	dsuf, dshape = s.tok[s.off+d].Suf[2], s.tok[s.off+d].Shape
	if h < n {
		hsuf = s.tok[s.off+h].Suf[2]
	}
	return append(keys[:0],
		key1(300, dw), key1(301, dp), key2(302, dp, where), key2(303, dw, dv), key1(304, hw), key1(305, hp),
		key2(306, dp, hp), key2(307, dw, hp), key2(308, dp, hw), key2(309, dw, hw), key3(310, dp, hp, where),
		key3(311, dp, hp, btw), key3(312, dp, hp, hlab), key3(313, dw, hp, hlab), key2(314, dp, hlab),
		key3(315, dp, hp, p[gh]), key3(316, dp, hp, w[cs]), key3(317, hw, dp, w[cs]), key3(318, dw, hp, w[cs]),
		key3(319, dp, hp, dset), key3(320, dw, hp, dset), key3(321, dp, hp, hset), key3(322, dp, hw, dset),
		key3(323, dp, hp, w[first]), key3(324, dp, hp, p[first]), key3(325, dp, hp, p[last]), key3(326, dp, hp, w[last]),
		key3(327, dp, hp, w[aux]), key4(328, dp, hp, w[aux], used), key3(329, dp, hp, used), key3(330, dp, hw, used),
		key3(331, dp, hp, plab), key3(332, dp, p[prev], hp), key3(333, dp, p[next], hp), key4(334, dp, hp, p[prev], p[next]),
		key3(335, dw, w[prev], hp), key3(336, dp, hp, w[next]), key4(337, dp, hp, plab, p[next]),
		key2(338, dp, p[l]+dv), key2(339, dp, p[rr]+dv), key3(340, p[l], dp, p[rr]), key2(341, dw, w[l]), key2(342, dw, w[rr]),
		key3(343, hp, p[hL], p[hR]), key3(344, dp, hp, p[hL]), key3(345, dp, hp, p[hR]),
		key3(346, dp, hp, dsuf), key3(347, dp, hp, hsuf), key3(348, dp, hp, dshape),
		key3(349, dp, w[daux], hp), key3(350, dw, hw, w[cs]), key3(351, dp, hw, w[next]), key3(352, dw, hp, used),
		key3(353, dp, w[first], w[cs]), key3(354, dp, w[hcs], hp), key3(355, dp, w[hfirst], hp), key3(356, dp, p[hlast], hp),
		key4(357, dp, hp, dset, hlab), key4(358, dp, hp, w[cs], hlab), key3(359, hw, dp, hlab), key3(360, dw, w[gh], hp),
		key4(361, dp, hp, hset, p[gh]), key2(362, dw, hlab), key4(363, dp, hp, p[first], w[cs]), key3(364, dw, dset, hlab),
	)
}

// label labels every arc of the planted tree, heads first. The class root is
// given to the root and to no other word. learn, when not nil, is called after
// each scored arc with its keys and the scores of the relations.
func (s *Scratch) label(sc ClassScorer, nlabels, root int, gaps []int32, learn func(d int, keys []uint32, scores []int32)) {
	t := &s.tree
	n := len(t.heads)
	s.scores = grow(s.scores, nlabels)
	for _, d32 := range t.queue {
		d := int(d32)
		h := int(t.heads[d])
		best := root
		if h < n {
			s.keys = s.labelKeys(d, s.keys)
			clear(s.scores)
			sc.ScoreClasses(s.keys, s.scores)
			best = 0
			if root == 0 {
				best = 1
			}
			second := best
			for c, v := range s.scores {
				switch {
				case c == root || c == best:
				case v > s.scores[best]:
					best, second = c, best
				case second == best || v > s.scores[second]:
					second = c
				}
			}
			gaps[d] = min(gaps[d], s.scores[best]-s.scores[second])
			if learn != nil {
				learn(d, s.keys, s.scores)
			}
		}
		t.labels[d] = uint8(best)
		t.used[h] |= 1 << (best & 63)
	}
}
