package core

// ActionScorer scores the four transitions of the parser. Keys are KeyBits
// wide; scores are added to out.
type ActionScorer interface {
	ScoreActions(keys []uint32, out *[NumActions]int32)
}

// ClassScorer scores many classes (tags, relations); scores are added to out,
// which is indexed by class.
type ClassScorer interface {
	ScoreClasses(keys []uint32, out []int32)
}

// denseSlot is one feature of the transition model; key is the feature key
// plus one, so that zero marks an empty slot.
type denseSlot struct {
	key uint32
	w   [NumActions]int16
}

// denseTable is an open-addressed table, at most half full.
type denseTable struct {
	slots []denseSlot
	shift uint8
}

func tableShift(n int) uint8 {
	bits := uint8(4)
	for 1<<bits < 2*n {
		bits++
	}
	return bits
}

// place spreads a key over 1<<bits slots.
func place(key uint32, bits uint8) uint32 {
	return (key * 0x9E3779B1) >> (32 - bits)
}

func newDense(n int) *denseTable {
	bits := tableShift(n)
	return &denseTable{slots: make([]denseSlot, 1<<bits), shift: bits}
}

func (t *denseTable) put(key uint32, w [NumActions]int16) {
	mask := uint32(len(t.slots) - 1)
	i := place(key, t.shift)
	for t.slots[i].key != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = denseSlot{key + 1, w}
}

// ScoreActions implements ActionScorer.
func (t *denseTable) ScoreActions(keys []uint32, out *[NumActions]int32) {
	mask := uint32(len(t.slots) - 1)
	slots := t.slots
	var o [NumActions]int32
	for _, k := range keys {
		i := place(k, t.shift) & mask
		for {
			s := &slots[i]
			if s.key == k+1 {
				o[0] += int32(s.w[0])
				o[1] += int32(s.w[1])
				o[2] += int32(s.w[2])
				o[3] += int32(s.w[3])
				break
			}
			if s.key == 0 {
				break
			}
			i = (i + 1) & mask
		}
	}
	for a := range out {
		out[a] += o[a]
	}
}

type sparseSlot struct {
	key   uint32 // feature key plus one; 0 is an empty slot
	start uint32 // first entry in class and w
	n     uint32
}

// sparseTable keeps only the classes a feature has a weight for.
type sparseTable struct {
	slots []sparseSlot
	class []uint8
	w     []int16
	shift uint8
}

func newSparse(n int) *sparseTable {
	bits := tableShift(n)
	return &sparseTable{slots: make([]sparseSlot, 1<<bits), shift: bits}
}

// put adds a feature whose n weights are the last n of class and w.
func (t *sparseTable) put(key uint32, n int) {
	mask := uint32(len(t.slots) - 1)
	i := place(key, t.shift)
	for t.slots[i].key != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = sparseSlot{key + 1, uint32(len(t.w) - n), uint32(n)}
}

// ScoreClasses implements ClassScorer.
func (t *sparseTable) ScoreClasses(keys []uint32, out []int32) {
	mask := uint32(len(t.slots) - 1)
	for _, k := range keys {
		i := place(k, t.shift) & mask
		for {
			s := &t.slots[i]
			if s.key == k+1 {
				cls := t.class[s.start : s.start+s.n]
				w := t.w[s.start : s.start+s.n]
				for j, c := range cls {
					out[c] += int32(w[j])
				}
				break
			}
			if s.key == 0 {
				break
			}
			i = (i + 1) & mask
		}
	}
}
