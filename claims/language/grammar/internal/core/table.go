package core

import "encoding/binary"

// ClassScorer scores classes (tags, transitions) by feature keys, KeyBits wide;
// scores are added to out, which is indexed by class.
type ClassScorer interface {
	ScoreClasses(keys []uint32, out []int32)
}

// Feature is one feature with its weights, in fixed point with 8 bits behind
// the point. Classes rise; no weight is zero after quantisation.
type Feature struct {
	Key     uint32
	Classes []uint8
	Weights []int32
}

// Table scores classes straight from the bytes of a model file, which are
// searched in place: the upper bits of a key choose a bucket, whose records
// stand one after another in rising order of the lower bits.
//
// A record is a head of one byte (three when more than seven lower bits are
// left), which holds the lower bits and, below them, the number of weights less
// one; all ones there mean that a byte with the number follows. Then come
// class and weight, a byte each.
type Table struct {
	starts []byte // of the buckets in data, little-endian uint32, one more than buckets
	data   []byte
	bits   uint8 // of a key that choose the bucket
}

// perBucket is how many features share a bucket, at most, on average: a bucket
// then spans one or two cache lines, and its start costs a byte a feature.
const perBucket = 4

// layout returns the bytes of a record's head, 1..3, and how many of its bits
// hold the number of weights.
func (t *Table) layout() (head uint32, nbits uint8) {
	low := KeyBits - t.bits
	head = uint32(low+1)/8 + 1
	return head, min(uint8(8*head)-low, 8)
}

// The least and the most bits that choose a bucket.
const minBucketBits, maxBucketBits = 4, 20

func (t *Table) start(bucket uint32) uint32 {
	return binary.LittleEndian.Uint32(t.starts[4*bucket:])
}

// batch is how many keys are looked up side by side.
const batch = 192

// ScoreClasses implements ClassScorer. A lookup waits for memory twice, for the
// bucket's place and for its first record; the lookups of a batch take each of
// these steps together, so that the waits overlap.
func (t *Table) ScoreClasses(keys []uint32, out []int32) {
	var at, end [batch]uint32
	var first [batch]byte
	var sum [256]int32 // by class: a class is a byte, so that no index needs a check
	head, nbits := t.layout()
	shift := KeyBits - t.bits
	low := uint32(1)<<shift - 1
	many := uint32(1)<<nbits - 1
	for len(keys) > 0 {
		ks := keys[:min(len(keys), batch)]
		keys = keys[len(ks):]
		for i, k := range ks {
			b := 4 * (k >> shift)
			s := t.starts[b : b+8 : b+8]
			at[i], end[i] = binary.LittleEndian.Uint32(s), binary.LittleEndian.Uint32(s[4:])
		}
		for i := range ks {
			if at[i] < end[i] {
				first[i] = t.data[at[i]]
			}
		}
		for i, k := range ks {
			if at[i] == end[i] {
				continue
			}
			want, h := k&low, uint32(first[i])
			for d := t.data[at[i]:end[i]]; ; h = uint32(d[0]) {
				for i := uint32(1); i < head; i++ {
					h |= uint32(d[i]) << (8 * i)
				}
				d = d[head-1:]
				n := h & many
				if n == many {
					n = uint32(d[1])
					d = d[1:]
				}
				n = 2*n + 2
				rem := h >> nbits
				if rem == want {
					p := d[1 : 1+n]
					for ; len(p) >= 8; p = p[8:] {
						x := binary.LittleEndian.Uint64(p)
						sum[uint8(x)] += int32(values[uint8(x>>8)])
						sum[uint8(x>>16)] += int32(values[uint8(x>>24)])
						sum[uint8(x>>32)] += int32(values[uint8(x>>40)])
						sum[uint8(x>>48)] += int32(values[uint8(x>>56)])
					}
					for ; len(p) >= 2; p = p[2:] {
						sum[p[0]] += int32(values[p[1]])
					}
				}
				if d = d[1+n:]; rem >= want || len(d) == 0 {
					break
				}
			}
		}
	}
	for c := range min(len(out), len(sum)) {
		out[c] += sum[c]
	}
}

// check reports whether every lookup stays within the table and every class
// below classes.
func (t *Table) check(classes int) bool {
	head, nbits := t.layout()
	many := uint32(1)<<nbits - 1
	at := uint32(0)
	for b := range uint32(1) << t.bits {
		end := t.start(b + 1)
		if t.start(b) != at || end < at || int(end) > len(t.data) {
			return false
		}
		last := int64(-1)
		for at < end {
			h := uint32(t.data[at])
			at++
			if end-at < head-1 {
				return false
			}
			for i := uint32(1); i < head; i++ {
				h |= uint32(t.data[at]) << (8 * i)
				at++
			}
			n := h & many
			if n == many {
				if at == end {
					return false
				}
				n = uint32(t.data[at])
				at++
			}
			n = 2*n + 2
			rem := int64(h >> nbits)
			if rem <= last || end-at < n {
				return false
			}
			last = rem
			for p := t.data[at : at+n]; len(p) >= 2; p = p[2:] {
				if int(p[0]) >= classes {
					return false
				}
			}
			at += n
		}
	}
	return int(at) == len(t.data)
}
