package core

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"
)

// tiny is a model small enough to damage in every byte.
func tiny() *Parts {
	return &Parts{
		Tags: []string{"NOUN|NN", "VERB|VBD", "PUNCT|."}, Labels: []string{"nsubj", "parataxis", "punct", "root"},
		Acts:    []Action{{Kind: Shift}, {Kind: Reduce}, {Left, 0}, {Left, 3}, {Right, 1}},
		Lex:     Lexicon{7: {Amb: 1, Sure: -1}, 9: {Amb: 0, Sure: 2}},
		Lemmas:  map[string]string{"said\tVBD": "say"},
		Tagger:  []Feature{{3, []uint8{0, 2}, []int32{300, -40}}, {70000, []uint8{1}, []int32{9}}},
		Actions: []Feature{{0, []uint8{0}, []int32{77}}, {1, []uint8{1, 3}, []int32{-5000, 6}}, {1<<KeyBits - 1, []uint8{0, 1, 2, 3, 4}, []int32{9, 10, 11, 12, 1000}}},
	}
}

func TestRoundTrip(t *testing.T) {
	p := tiny()
	m, err := Decode(p.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(m.Tags, " ") != strings.Join(p.Tags, " ") || m.Root != 3 || len(m.Acts) != 5 || m.Lemmas["said\tVBD"] != "say" {
		t.Errorf("read back %+v", m)
	}
	for k, e := range p.Lex {
		if m.Lex[k] != e {
			t.Errorf("dictionary %d: %v, want %v", k, m.Lex[k], e)
		}
	}
	near := func(got, want int32) bool {
		return got-want <= max(want, -want)/25+1 && want-got <= max(want, -want)/25+1
	}
	for _, f := range p.Tagger {
		out := make([]int32, len(p.Tags))
		m.Tagger.ScoreClasses([]uint32{f.Key}, out)
		for i, c := range f.Classes {
			if !near(out[c], f.Weights[i]) {
				t.Errorf("feature %d class %d: %d, want about %d", f.Key, c, out[c], f.Weights[i])
			}
		}
	}
	for _, f := range p.Actions {
		out := make([]int32, len(p.Acts))
		m.Actions.ScoreClasses([]uint32{f.Key, (f.Key + 5) & (1<<KeyBits - 1)}, out)
		for i, c := range f.Classes {
			if !near(out[c], f.Weights[i]) {
				t.Errorf("feature %d transition %d: %d, want about %d", f.Key, c, out[c], f.Weights[i])
			}
		}
	}
	if !bytes.Equal(p.Encode(), p.Encode()) {
		t.Error("two encodings differ")
	}
}

func TestDecodeDamaged(t *testing.T) {
	file := tiny().Encode()
	for n := range file {
		if _, err := Decode(file[:n]); err == nil {
			t.Errorf("cut to %d of %d bytes: no error", n, len(file))
		}
		bad := bytes.Clone(file)
		bad[n] ^= 0x40
		if _, err := Decode(bad); err == nil {
			t.Errorf("byte %d damaged: no error", n)
		}
	}
}

// FuzzDecode seals any bytes with a right checksum: what is read without error
// must then analyse without panic.
func FuzzDecode(f *testing.F) {
	file := tiny().Encode()
	f.Add(file[len(magic) : len(file)-4])
	f.Fuzz(func(_ *testing.T, body []byte) {
		file := append([]byte(magic), body...)
		file = binary.LittleEndian.AppendUint32(file, crc32.ChecksumIEEE(file))
		m, err := Decode(file)
		if err != nil {
			return
		}
		var s Scratch
		m.Analyze(strings.Fields("The man said that he saw it ."), &s)
	})
}

func TestQuantiseIsMonotone(t *testing.T) {
	last := int16(-32768)
	for w := int32(-20000); w <= 20000; w++ {
		v := values[quantise(w)]
		if v < last {
			t.Fatalf("weight %d reads back %d after %d", w, v, last)
		}
		last = v
	}
}
