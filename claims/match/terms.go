package match

import (
	"hash/fnv"
	"slices"
	"strconv"

	"github.com/secondsource/secondsource/claims"
)

// maxTerms bounds the terms of one claim.
const maxTerms = 64

// impactScale maps a rarity of 1 to an impact.
const impactScale = 4096

// meaningFrom is the rarity from which a word's meanings are keys too; what is
// common finds nothing.
const meaningFrom = 0.3

// maxKeys bounds the meanings of one word that are keys.
const maxKeys = 3

// keys are the synsets under which a word is found: its commonest, and one that
// is more general.
func (s *sense) keys() []int {
	var out []int
	for _, m := range s.own {
		if m.rank == 0 && len(out) < maxKeys-1 {
			out = append(out, m.synset)
		}
	}
	general := -1
	if len(s.up) > 0 {
		general = s.up[0]
	}
	if general >= 0 {
		out = append(out, general)
	}
	return out
}

// Terms are the keys under which a claim is found: the stems of its
// self-contained text, of the names its entities also go by, and the class and
// commonest meanings of each stem, so that another word for it finds it too. Sorted by key, each
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
		x := senseOf(s)
		for _, n := range x.class {
			add(hashClass(n), r*0.7)
		}
		if r >= meaningFrom {
			for _, k := range x.keys() {
				add(hashSynset(k), r*0.5)
			}
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

func hashSynset(n int) uint64 { return hash("y", strconv.Itoa(n)) }

func hashClass(n int) uint64 { return hash("c", string(rune('0'+n))) }
