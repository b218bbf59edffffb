package core

import (
	"encoding/binary"
	"sort"
)

// levels are the absolute weights that a byte can stand for: even steps of 1
// near zero, then of 6 per cent, since perceptron weights span three decades.
var levels = func() (l [128]int16) {
	v := int32(6)
	for i := 1; i < 128; i++ {
		l[i] = int16(v)
		v = max(v+1, v*106/100)
	}
	return l
}()

// values are the weights that the bytes of a file stand for: two's complement
// codes, negative ones for negative weights.
var values = func() (v [256]int16) {
	for i := range 128 {
		v[i] = levels[i]
		v[uint8(-i)] = -levels[i]
	}
	return v
}()

// quantise returns the code of the level nearest to w.
func quantise(w int32) uint8 {
	neg := w < 0
	if neg {
		w = -w
	}
	i := sort.Search(128, func(i int) bool { return int32(levels[i]) >= w })
	if i == 128 {
		i = 127
	} else if i > 0 && w-int32(levels[i-1]) < int32(levels[i])-w {
		i--
	}
	if neg {
		return uint8(-i)
	}
	return uint8(i)
}

// NewTable writes features, which rise by key, as a Table.
func NewTable(fs []Feature) *Table {
	t := &Table{bits: minBucketBits}
	for t.bits < maxBucketBits && len(fs) > perBucket<<t.bits {
		t.bits++
	}
	head, nbits := t.layout()
	shift := KeyBits - t.bits
	many := uint32(1)<<nbits - 1
	t.starts = make([]byte, 0, 4<<t.bits+4)
	for b := range uint32(1) << t.bits {
		t.starts = binary.LittleEndian.AppendUint32(t.starts, uint32(len(t.data)))
		for ; len(fs) > 0 && fs[0].Key>>shift == b; fs = fs[1:] {
			var pairs []byte
			for i, w := range fs[0].Weights {
				if q := quantise(w); q != 0 {
					pairs = append(pairs, fs[0].Classes[i], q)
				}
			}
			if len(pairs) == 0 {
				continue
			}
			n := uint32(len(pairs)/2 - 1)
			h := (fs[0].Key&(1<<shift-1))<<nbits | min(n, many)
			for i := range head {
				t.data = append(t.data, byte(h>>(8*i)))
			}
			if n >= many {
				t.data = append(t.data, byte(n))
			}
			t.data = append(t.data, pairs...)
		}
	}
	t.starts = binary.LittleEndian.AppendUint32(t.starts, uint32(len(t.data)))
	return t
}

// Fit returns fs without its smallest weights, so that the table takes about
// budget bytes of the file, at most.
func Fit(fs []Feature, budget int) []Feature {
	lo, hi := int32(3), int32(1<<15)
	for lo < hi {
		mid := (lo + hi) / 2
		if sizeAbove(fs, mid) <= budget {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return above(fs, lo)
}

// sizeAbove estimates, on the safe side, the bytes of the table of the weights
// of at least floor.
func sizeAbove(fs []Feature, floor int32) int {
	size := 0
	for _, f := range fs {
		n := 0
		for _, w := range f.Weights {
			if w >= floor || w <= -floor {
				n++
			}
		}
		if n > 0 {
			size += 3 + 2*n // head, rarely a number, one to two bytes of the starts
		}
	}
	return size
}

// above keeps the weights of at least floor.
func above(fs []Feature, floor int32) []Feature {
	var out []Feature
	for _, f := range fs {
		g := Feature{Key: f.Key}
		for i, w := range f.Weights {
			if w >= floor || w <= -floor {
				g.Classes, g.Weights = append(g.Classes, f.Classes[i]), append(g.Weights, w)
			}
		}
		if len(g.Weights) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// Sum adds the weights of two lists of features, both rising by key.
func Sum(a, b []Feature) []Feature {
	out := make([]Feature, 0, max(len(a), len(b)))
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].Key < b[0].Key:
			out, a = append(out, a[0]), a[1:]
		case len(a) == 0 || b[0].Key < a[0].Key:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, a[0].plus(b[0])), a[1:], b[1:]
		}
	}
	return out
}

func (f Feature) plus(g Feature) Feature {
	out := Feature{Key: f.Key}
	i, j := 0, 0
	for i < len(f.Classes) || j < len(g.Classes) {
		var c uint8
		var w int32
		switch {
		case j == len(g.Classes) || i < len(f.Classes) && f.Classes[i] < g.Classes[j]:
			c, w = f.Classes[i], f.Weights[i]
			i++
		case i == len(f.Classes) || g.Classes[j] < f.Classes[i]:
			c, w = g.Classes[j], g.Weights[j]
			j++
		default:
			c, w = f.Classes[i], f.Weights[i]+g.Weights[j]
			i, j = i+1, j+1
		}
		out.Classes, out.Weights = append(out.Classes, c), append(out.Weights, w)
	}
	return out
}
