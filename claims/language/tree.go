package language

import "slices"

// Children returns the dependents of token h in order of text.
func (t *Text) Children(h int) []int {
	if t.Tokens[h].Sentence < 0 {
		return nil
	}
	var out []int
	for _, i := range t.Sentences[t.Tokens[h].Sentence].Tokens {
		if t.Tokens[i].Head == h {
			out = append(out, i)
		}
	}
	return out
}

// Child returns the first dependent of h with one of the relations, or -1.
func (t *Text) Child(h int, rels ...string) int {
	if h < 0 || t.Tokens[h].Sentence < 0 {
		return -1
	}
	for _, i := range t.Sentences[t.Tokens[h].Sentence].Tokens {
		if t.Tokens[i].Head == h {
			if slices.Contains(rels, t.Tokens[i].Rel) {
				return i
			}
		}
	}
	return -1
}

// Subtree returns token h and everything below it, in order of text; skip, if
// not nil, cuts off the subtrees whose head it names.
func (t *Text) Subtree(h int, skip func(i int) bool) []int {
	sent := t.Tokens[h].Sentence
	if sent < 0 {
		return []int{h}
	}
	toks := t.Sentences[sent].Tokens
	in := make(map[int]bool, 8)
	in[h] = true
	// Heads may stand on either side: sweep until nothing changes; the depth of
	// a tree bounds the sweeps, and two or three do in practice.
	for changed, rounds := true, 0; changed && rounds < len(toks); rounds++ {
		changed = false
		for _, i := range toks {
			if !in[i] && t.Tokens[i].Head >= 0 && in[t.Tokens[i].Head] && (skip == nil || !skip(i)) {
				in[i] = true
				changed = true
			}
		}
		for _, i := range slices.Backward(toks) {

			if !in[i] && t.Tokens[i].Head >= 0 && in[t.Tokens[i].Head] && (skip == nil || !skip(i)) {
				in[i] = true
				changed = true
			}
		}
	}
	out := make([]int, 0, len(in))
	for _, i := range toks {
		if in[i] {
			out = append(out, i)
		}
	}
	return out
}
