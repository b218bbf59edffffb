package match

import "strings"

// kinBits is how many bits of a key are told apart.
const kinBits = 1 << 16

// kinSet is a set of keys, folded to 16 bits: one that is not in it is not there,
// one that is may be another.
type kinSet [kinBits / 64]uint64

func (k *kinSet) add(keys []uint16) {
	for _, x := range keys {
		k[x/64] |= 1 << (x % 64)
	}
}

func (k *kinSet) has(keys []uint16) bool {
	for _, x := range keys {
		if k[x/64]&(1<<(x%64)) != 0 {
			return true
		}
	}
	return false
}

// kin are the words of a query and what they are related to. Most words of a text
// have nothing to do with any word of a query, and that is told from their keys
// without comparing them one by one.
type kin struct{ core, wide kinSet }

func kinOf(words []*sense) *kin {
	k := &kin{}
	for _, w := range words {
		k.core.add(w.core)
		k.wide.add(w.core)
		k.wide.add(w.wide)
		if w.stem == "person" {
			k.core.add(personKey)
		}
	}
	return k
}

// related tells whether a word may be like one of the query; where it says no,
// same gives 0 for each.
func (k *kin) related(s *sense) bool {
	return k.wide.has(s.core) || k.core.has(s.wide)
}

var personKey = []uint16{kinKey(hash("k", "person"))}

// kinKey folds the hash of a key to 16 bits.
func kinKey(hash uint64) uint16 { return uint16(mix(hash) >> 48) }

// keyed sets the keys of a sense: core, by which it is itself, and wide, what its
// meanings are linked to. Two that same finds alike share a key of one's core and
// the other's core or wide.
func (s *sense) keyed() *sense {
	verb, _, _ := strings.Cut(s.stem, "_") // a phrasal verb and its verb
	s.core = append(s.core, kinKey(hash("s", verb)))
	if len(s.stem) >= 6 {
		s.core = append(s.core, kinKey(hash("r", s.stem[:5])))
	}
	for _, n := range s.class {
		s.core = append(s.core, kinKey(hashClass(n)))
	}
	for _, m := range s.own {
		s.core = append(s.core, kinKey(hashSynset(m.synset)))
	}
	for _, linked := range [...]synsets{s.beside, s.up, s.up2} {
		for _, k := range linked {
			s.wide = append(s.wide, kinKey(hashSynset(k)))
		}
	}
	if s.person {
		s.wide = append(s.wide, personKey...)
	}
	return s
}
