package core

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/bits"
	"sort"
)

// The file: magic, then sections one after another (strings, dictionary,
// lemmas, three weight tables), then the CRC-32 of all before it. Numbers are
// unsigned varints; weights are one byte on a log scale.
const magic = "secondsource grammar 1\n"

// MaxFile is the largest model file that is read, in bytes.
const MaxFile = 32 << 20

// Feature is one feature with its weights, in fixed point with 8 bits behind
// the point. Classes rise; no weight is zero after quantisation.
type Feature struct {
	Key     uint32
	Classes []uint8
	Weights []int32
}

// Parts is what a model file is written from. Features rise by Key.
type Parts struct {
	Tags, Labels             []string
	Width                    int
	Lex                      Lexicon
	Lemmas                   map[string]string
	Tagger, Actions, Labeler []Feature
}

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

// quantise returns the code of the level nearest to w.
func quantise(w int32) int8 {
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
		return int8(-i)
	}
	return int8(i)
}

func dequantise(c int8) int16 {
	if c < 0 {
		return -levels[uint8(-c)&127]
	}
	return levels[c]
}

// Encode writes a model file.
func (p *Parts) Encode() []byte {
	var b []byte
	num := func(v int) { b = binary.AppendUvarint(b, uint64(v)) }
	str := func(s string) {
		num(len(s))
		b = append(b, s...)
	}
	b = append(b, magic...)
	num(len(p.Tags))
	for _, t := range p.Tags {
		str(t)
	}
	num(len(p.Labels))
	for _, t := range p.Labels {
		str(t)
	}
	num(p.Width)
	lk := make([]uint32, 0, len(p.Lex))
	for k := range p.Lex {
		lk = append(lk, k)
	}
	sort.Slice(lk, func(i, j int) bool { return lk[i] < lk[j] })
	num(len(lk))
	for _, k := range lk {
		b = binary.LittleEndian.AppendUint32(b, k)
		num(int(p.Lex[k].Amb))
		num(int(p.Lex[k].Sure) + 1)
	}
	mk := make([]string, 0, len(p.Lemmas))
	for k := range p.Lemmas {
		mk = append(mk, k)
	}
	sort.Strings(mk)
	num(len(mk))
	for _, k := range mk {
		str(k)
		str(p.Lemmas[k])
	}
	b = encodeTable(b, p.Tagger, false)
	b = encodeTable(b, p.Actions, true)
	b = encodeTable(b, p.Labeler, false)
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
}

// encodeTable appends a table: per feature a byte whose high nibble is the step
// of the key and whose low nibble is the number of weights, 15 meaning that a
// varint with the rest follows; then class and weight in turn. With four classes
// (masked) the low nibble is the set of classes and weights stand alone.
func encodeTable(b []byte, fs []Feature, masked bool) []byte {
	var body []byte
	count, weights, last := 0, 0, uint32(0)
	for _, f := range fs {
		n, mask := 0, 0
		for i, w := range f.Weights {
			if quantise(w) != 0 {
				n++
				mask |= 1 << f.Classes[i]
			}
		}
		if n == 0 {
			continue
		}
		d := f.Key - last
		last = f.Key
		low := min(n, 15)
		if masked {
			low = mask
		}
		body = append(body, byte(low)|byte(min(d, 15))<<4)
		if n >= 15 && !masked {
			body = binary.AppendUvarint(body, uint64(n-15))
		}
		if d >= 15 {
			body = binary.AppendUvarint(body, uint64(d-15))
		}
		for i, w := range f.Weights {
			q := quantise(w)
			if q != 0 && !masked {
				body = append(body, f.Classes[i])
			}
			if q != 0 {
				body = append(body, byte(q))
			}
		}
		count++
		weights += n
	}
	b = binary.AppendUvarint(b, uint64(count))
	b = binary.AppendUvarint(b, uint64(weights))
	b = binary.AppendUvarint(b, uint64(len(body)))
	return append(b, body...)
}

// Fit returns fs without its smallest weights, so that the table takes at most
// budget bytes of the file. masked is for the table of transitions.
func Fit(fs []Feature, masked bool, budget int) []Feature {
	lo, hi := int32(1), int32(1<<15)
	for lo < hi {
		mid := (lo + hi) / 2
		if len(encodeTable(nil, above(fs, mid), masked)) <= budget {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return above(fs, lo)
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

var errTorn = errors.New("grammar model: file is cut short or damaged")

// reader reads a model file; after an error it returns zeroes.
type reader struct {
	b   []byte
	err error
}

func (r *reader) num(limit int) int {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > uint64(limit) {
		r.err = errTorn
		r.b = nil
		return 0
	}
	r.b = r.b[n:]
	return int(v)
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.b) {
		r.err = errTorn
		r.b = nil
		return nil
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

func (r *reader) strs(limit int) []string {
	n := r.num(limit)
	out := make([]string, 0, n)
	for range n {
		out = append(out, string(r.bytes(r.num(256))))
	}
	return out
}

// Decode reads a model file. The error tells what is wrong with it: not a
// model file, another version, cut short, damaged.
func Decode(file []byte) (*Model, error) {
	if !bytes.HasPrefix(file, []byte(magic)) {
		return nil, fmt.Errorf("grammar model: does not begin with %q", magic[:len(magic)-1])
	}
	if len(file) < len(magic)+4 || len(file) > MaxFile {
		return nil, errTorn
	}
	body, sum := file[:len(file)-4], binary.LittleEndian.Uint32(file[len(file)-4:])
	if crc32.ChecksumIEEE(body) != sum {
		return nil, errors.New("grammar model: checksum does not match")
	}
	return decodeBody(body[len(magic):])
}

func decodeBody(body []byte) (*Model, error) {
	r := &reader{b: body}
	m := &Model{Tags: r.strs(255), Labels: r.strs(64)}
	m.Width = r.num(MaxBeam)
	n := r.num(1 << 20)
	m.Lex = make(Lexicon, min(n, len(r.b)/6))
	for i := 0; i < n && r.err == nil; i++ {
		k := r.bytes(4)
		if r.err != nil {
			break
		}
		amb, sure := r.num(1<<16-1), r.num(len(m.Tags))-1
		m.Lex[binary.LittleEndian.Uint32(k)] = LexEntry{uint16(amb), int16(sure)}
	}
	n = r.num(1 << 20)
	m.Lemmas = make(map[string]string, min(n, len(r.b)/2))
	for i := 0; i < n && r.err == nil; i++ {
		k := string(r.bytes(r.num(256)))
		m.Lemmas[k] = string(r.bytes(r.num(256)))
	}
	m.Tagger = r.sparse(len(m.Tags))
	m.Actions = r.dense()
	m.Labeler = r.sparse(len(m.Labels))
	m.Root = -1
	for i, l := range m.Labels {
		if l == "root" {
			m.Root = i
		}
	}
	switch {
	case r.err != nil:
		return nil, r.err
	case len(r.b) != 0:
		return nil, errors.New("grammar model: bytes left over")
	case len(m.Tags) == 0 || len(m.Labels) < 3 || m.Root < 0 || m.Width < 1:
		return nil, errors.New("grammar model: no tags, no relations or no beam")
	}
	m.Info = DescribeTags(m.Tags)
	return m, nil
}

// table reads the next table: start is told its size, weight each weight, and
// end the key and the number of weights of each feature, after its weights.
func (r *reader) table(classes int, masked bool, start func(n, weights int), weight func(c uint8, w int16), end func(key uint32, n int)) {
	count, weights := r.num(1<<24), r.num(1<<26)
	t := &reader{b: r.bytes(r.num(MaxFile))}
	// A byte and a weight is the least that a feature takes.
	if r.err != nil || count*2 > len(t.b) || weights > len(t.b) || weights < count {
		r.err = errTorn
		start(0, 0)
		return
	}
	start(count, weights)
	key := uint32(0)
	left := weights
	for i := range count {
		h := t.bytes(1)
		if t.err != nil {
			break
		}
		n, d, mask := int(h[0]&15), int(h[0]>>4), h[0]&15
		if masked {
			n = bits.OnesCount8(mask)
		} else if n == 15 {
			n += t.num(255)
		}
		if d == 15 {
			d += t.num(1 << KeyBits)
		}
		key += uint32(d)
		left -= n
		if t.err != nil || left < 0 || n == 0 || key >= 1<<KeyBits || d == 0 && i > 0 {
			t.err = errTorn
			break
		}
		if masked {
			for _, w := range t.bytes(n) {
				weight(uint8(bits.TrailingZeros8(mask)), dequantise(int8(w)))
				mask &= mask - 1
			}
		} else {
			for pairs := t.bytes(2 * n); len(pairs) > 0; pairs = pairs[2:] {
				if int(pairs[0]) >= classes {
					t.err = errTorn
					break
				}
				weight(pairs[0], dequantise(int8(pairs[1])))
			}
		}
		if t.err != nil {
			break
		}
		end(key, n)
	}
	if t.err != nil || len(t.b) != 0 || left != 0 {
		r.err = errTorn
	}
}

func (r *reader) sparse(classes int) *sparseTable {
	var t *sparseTable
	r.table(classes, false, func(n, weights int) {
		t = newSparse(n)
		t.class, t.w = make([]uint8, 0, weights), make([]int16, 0, weights)
	}, func(c uint8, w int16) {
		t.class, t.w = append(t.class, c), append(t.w, w)
	}, func(key uint32, n int) {
		t.put(key, n)
	})
	return t
}

func (r *reader) dense() *denseTable {
	var t *denseTable
	var w [NumActions]int16
	r.table(NumActions, true, func(n, _ int) { t = newDense(n) },
		func(c uint8, v int16) { w[c] = v },
		func(key uint32, _ int) {
			t.put(key, w)
			w = [NumActions]int16{}
		})
	return t
}
