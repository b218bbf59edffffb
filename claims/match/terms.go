package match

import (
	"hash/fnv"
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// maxTerms bounds the terms of one claim.
const maxTerms = 64

// impactScale maps a rarity of 1 to an impact.
const impactScale = 4096

// Terms are the keys under which a claim is found: the stems of its
// self-contained text, of the names its entities also go by, and the class of
// each stem, so that another word of the class finds it too. Sorted by key, each
// once.
func Terms(c *claims.Claim) []claims.Term {
	best := map[uint64]uint16{}
	add := func(key uint64, weight float64) {
		v := uint16(max(1, min(65535, weight*impactScale)))
		if v > best[key] {
			best[key] = v
		}
	}
	stem := func(s string, share float64) {
		r := Rarity(s) * share
		add(hash("s", s), r)
		for _, n := range words().class[s] {
			add(hashClass(n), r*0.7)
		}
	}
	n := 0
	for _, s := range Stems(c.Text) {
		if n++; n > maxTerms {
			break
		}
		stem(s, 1)
	}
	for _, a := range c.Frame.Arguments {
		for _, also := range a.Also {
			for _, s := range Stems(also) {
				if n++; n > 2*maxTerms {
					break
				}
				stem(s, 0.5)
			}
		}
	}
	if c.Frame.Predicate.Lemma != "" {
		if s := Stem(c.Frame.Predicate.Lemma); s != "" {
			stem(s, 1)
		}
	}
	out := make([]claims.Term, 0, len(best))
	for k, v := range best {
		out = append(out, claims.Term{Key: k, Impact: v})
	}
	slices.SortFunc(out, func(a, b claims.Term) int {
		if a.Key < b.Key {
			return -1
		}
		return 1
	})
	return out
}

// Keys are the keys of terms, for a search.
func Keys(ts []claims.Term) []uint64 {
	out := make([]uint64, len(ts))
	for i, t := range ts {
		out[i] = t.Key
	}
	return out
}

func hash(kind, s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(kind))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(s))
	return h.Sum64()
}

func hashClass(n int) uint64 { return hash("c", string(rune('0'+n))) }
