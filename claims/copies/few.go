package copies

import "math/bits"

// Few finds which of a few texts may share their wording, as a Detector that knows
// only them would, without the room that one takes. The zero value knows none. Not
// safe for concurrent use.
type Few struct {
	held    shard
	docs    []signed
	weights []int32 // by entry
	holders []uint32
	found   []found
}

// Add makes a text findable under a number that no other one has.
func (f *Few) Add(doc int64, s Signature) {
	if len(s.fingerprints) == 0 {
		return
	}
	f.docs = append(f.docs, signed{doc, int32(len(s.fingerprints)), pack(&s.minima)})
	for _, x := range s.fingerprints {
		f.held.add(x, uint32(len(f.docs)-1))
	}
}

// Similar is Detector.Similar.
func (f *Few) Similar(s Signature, most int) []int64 {
	f.weights = append(f.weights[:0], make([]int32, len(f.docs))...)
	for _, x := range s.fingerprints {
		f.holders = f.held.holders(x, f.holders[:0])
		weight := weightUnit / int32(max(1, bits.Len(uint(len(f.holders)))))
		for _, at := range f.holders {
			f.weights[at] += weight
		}
	}
	f.found = f.found[:0]
	own := pack(&s.minima)
	for at, weight := range f.weights {
		if weight > 0 {
			f.found = append(f.found, f.docs[at].likeness(weight, &own, len(s.fingerprints)))
		}
	}
	return ranked(f.found, most)
}
