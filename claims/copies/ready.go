package copies

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ready is a text made ready to be compared with others.
type ready struct {
	text     string
	words    []word
	hashes   []uint64
	shingles hashSet

	// What is the text's own; nil, and as all of it, where everything is.
	own         []bool
	ownShingles hashSet

	signature Signature
}

func readied(text string) *ready {
	r := &ready{text: text, words: split(text, nil), signature: Sign(text)}
	r.hashes = hashes(r.words)
	all := shingles(r.words, nil)
	r.shingles = setOf(all)
	r.ownShingles = r.shingles
	if own := ownWords(text, r.words); slices.Contains(own, false) {
		r.own, r.ownShingles = own, setOf(ownShingles(r.words, own))
	}
	return r
}

// size is about how many bytes of memory it takes.
func (r *ready) size() int {
	const each = 24 + 8 + 3*8 // a word, its hash, and up to four places of the set for one shingle
	return 512 + each*len(r.words) + 4*len(r.signature.fingerprints)
}

func setOf(hs []uint64) hashSet {
	s := newHashSet(len(hs))
	for _, h := range hs {
		s.add(h)
	}
	return s
}

// common gives containment and resemblance of two sets of shingles.
func common(a, b *hashSet) (containment, resemblance float64) {
	if a.n > b.n {
		a, b = b, a
	}
	both := 0
	for _, h := range a.slots {
		if h != 0 && b.has(h) {
			both++
		}
	}
	if both == 0 {
		return 0, 0
	}
	return float64(both) / float64(min(a.n, b.n)), float64(both) / float64(a.n+b.n-both)
}

// compare is Compare.
func compare(a, b *ready) Overlap {
	// Ties between passages are broken by place, so one order for both ways.
	if len(a.text) > len(b.text) || len(a.text) == len(b.text) && a.text > b.text {
		o := compare(b, a)
		o.A, o.B = o.B, o.A
		return o
	}
	if sameText(a.text, b.text) {
		return whole(a, b)
	}
	if len(a.words) == 0 || len(b.words) == 0 {
		return Overlap{}
	}
	var o Overlap
	o.Containment, o.Resemblance = common(&a.shingles, &b.shingles)
	if p := longestPassage(a.hashes, b.hashes); p.n > 0 {
		o.Shared = p.n
		o.A = a.words[p.a].span.Cover(a.words[p.a+p.n-1].span)
		o.B = b.words[p.b].span.Cover(b.words[p.b+p.n-1].span)
	}
	if a.own == nil && b.own == nil {
		o.Own, o.OwnShared = o.Containment, o.Shared
		return o
	}
	o.Own, _ = common(&a.ownShingles, &b.ownShingles)
	o.OwnShared = longestPassage(a.ownHashes(1), b.ownHashes(2)).n
	return o
}

// ownHashes are the hashes of the words; those that are not own are put so that
// they match nothing, not even in the other text, which has another number.
func (r *ready) ownHashes(side int) []uint64 {
	hs := slices.Clone(r.hashes)
	for i, own := range r.own {
		if !own {
			hs[i] = scramble(uint64(2*i + side))
		}
	}
	return hs
}

// sameText tells whether two texts have the same fields, and any.
func sameText(a, b string) bool {
	if a, b = strings.TrimSpace(a), strings.TrimSpace(b); a == "" {
		return false
	}
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if unicode.IsSpace(x) && unicode.IsSpace(y) {
			a, b = strings.TrimLeftFunc(a, unicode.IsSpace), strings.TrimLeftFunc(b, unicode.IsSpace)
			continue
		}
		if a[:n] != b[:m] {
			return false
		}
		a, b = a[n:], b[m:]
	}
	return len(a)+len(b) == 0
}
