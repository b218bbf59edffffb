package core

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
)

// The file: magic, then sections one after another (strings, transitions,
// dictionary, lemmas, two weight tables), then the CRC-32 of all before it.
// Numbers are unsigned varints; the tables are used where they stand.
const magic = "secondsource grammar 2\n"

// MaxFile is the largest model file that is read, in bytes.
const MaxFile = 32 << 20

// Parts is what a model file is written from. Features rise by Key.
type Parts struct {
	Tags, Labels    []string
	Acts            []Action
	Lex             Lexicon
	Lemmas          map[string]string
	Tagger, Actions []Feature
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
	num(len(p.Acts))
	for _, a := range p.Acts {
		b = append(b, a.Kind, a.Label)
	}
	lk := make([]uint32, 0, len(p.Lex))
	for k := range p.Lex {
		lk = append(lk, k)
	}
	slices.Sort(lk)
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
	slices.Sort(mk)
	num(len(mk))
	for _, k := range mk {
		str(k)
		str(p.Lemmas[k])
	}
	b = appendTable(b, p.Tagger)
	b = appendTable(b, p.Actions)
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
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
	acts := r.bytes(2 * r.num(255))
	for ; len(acts) > 0; acts = acts[2:] {
		m.Acts = append(m.Acts, Action{acts[0], acts[1]})
	}
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
	m.Tagger = r.table(len(m.Tags))
	m.Actions = r.table(len(m.Acts))
	switch {
	case r.err != nil:
		return nil, r.err
	case len(r.b) != 0:
		return nil, errors.New("grammar model: bytes left over")
	case len(m.Tags) == 0:
		return nil, errors.New("grammar model: no tags")
	}
	label := func(name string) int { return slices.Index(m.Labels, name) }
	m.Root = label("root")
	if m.Root < 0 || label("parataxis") < 0 || label("punct") < 0 {
		return nil, errors.New("grammar model: relations root, parataxis or punct missing")
	}
	m.Loose, m.Punct = uint8(label("parataxis")), uint8(label("punct"))
	if !complete(m.Acts, len(m.Labels), uint8(m.Root)) {
		return nil, errors.New("grammar model: transitions do not suffice to parse")
	}
	m.Info, m.Past = DescribeTags(m.Tags), slices.Index(m.Tags, "VERB|VBD")
	return m, nil
}

// complete reports whether every state of a parse allows one of the acts, and
// none has a label past the last: a Shift, a Reduce, and a Left for the root.
func complete(acts []Action, labels int, root uint8) bool {
	for _, a := range acts {
		if a.Kind > Right || int(a.Label) >= labels {
			return false
		}
	}
	return slices.Contains(acts, Action{Kind: Shift}) && slices.Contains(acts, Action{Kind: Reduce}) &&
		slices.Contains(acts, Action{Left, root})
}

// table reads a table, which stays in the file's bytes.
func (r *reader) table(classes int) *Table {
	t := &Table{bits: uint8(r.num(maxBucketBits))}
	if t.bits < minBucketBits {
		r.err = errTorn
		return t
	}
	t.starts = r.bytes(4<<t.bits + 4)
	t.data = r.bytes(r.num(MaxFile))
	if r.err == nil && !t.check(classes) {
		r.err = errTorn
	}
	return t
}

func appendTable(b []byte, fs []Feature) []byte {
	t := NewTable(fs)
	b = binary.AppendUvarint(b, uint64(t.bits))
	b = append(b, t.starts...)
	b = binary.AppendUvarint(b, uint64(len(t.data)))
	return append(b, t.data...)
}
