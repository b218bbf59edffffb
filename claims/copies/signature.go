package copies

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
	"strings"
)

const (
	signatureVersion = 1
	minima           = 128
	// winnow is the number of consecutive shingles of which the least is kept as
	// a fingerprint.
	winnow = 6
	// maxFingerprints bounds those of a long text to its least ones.
	maxFingerprints = 4096
)

// Signature is what the detector needs to know of a text; the zero value is
// that of a text of white space alone.
//
// It is a one-permutation MinHash of the set of shingles (Li, Owen and Zhang,
// "One permutation hashing", 2012), 128 minima cut to 16 bits, which estimates
// resemblance; and fingerprints of 32 bits chosen by winnowing (Schleimer,
// Wilkerson and Aiken, "Winnowing", 2003), which find what resemblance cannot: a
// short text inside a long one. Two texts that share ten words in a row share a
// fingerprint, as long as neither has more than 4,096 of them (about 14,000
// words); of a longer one the least 4,096 stay, and a shared passage is then
// found the more surely the longer it is.
type Signature struct {
	minima       [minima]uint16 // 0 where no shingle fell
	fingerprints []uint32       // ascending, each once
}

// Sign makes the signature of a text. A text without words, of symbols say, is
// signed as one shingle, white space aside.
func Sign(text string) Signature {
	s, _ := signers.Get().(*signer) // New makes no other type
	defer signers.Put(s)
	s.words = split(text, s.words[:0])
	s.shingles = shingles(s.words, s.shingles[:0])
	if len(s.words) == 0 {
		h := uint64(fnvOffset)
		for f := range strings.FieldsSeq(text) {
			for i := range len(f) {
				h = (h ^ uint64(f[i])) * fnvPrime
			}
		}
		if h != fnvOffset {
			s.shingles = append(s.shingles, scramble(h))
		}
	}
	var sig Signature
	for _, h := range s.shingles {
		bin := &sig.minima[h>>(64-7)]
		if v := max(uint16(h>>41), 1); *bin == 0 || v < *bin {
			*bin = v
		}
	}
	s.prints = winnowed(s.shingles, s.prints[:0])
	slices.Sort(s.prints)
	s.prints = slices.Compact(s.prints)
	sig.fingerprints = slices.Clone(s.prints[:min(len(s.prints), maxFingerprints)])
	return sig
}

// winnowed appends the least of each winnow consecutive shingles, the last of
// equal ones, and all shingles of a text that has no more than that.
func winnowed(shingles []uint64, into []uint32) []uint32 {
	if len(shingles) <= winnow {
		for _, h := range shingles {
			into = append(into, uint32(h))
		}
		return into
	}
	least := -1
	for end := winnow; end <= len(shingles); end++ {
		begin, before := end-winnow, least
		if least < begin {
			least = begin
			for i := begin + 1; i < end; i++ {
				if uint32(shingles[i]) <= uint32(shingles[least]) {
					least = i
				}
			}
		} else if uint32(shingles[end-1]) <= uint32(shingles[least]) {
			least = end - 1
		}
		if least != before {
			into = append(into, uint32(shingles[least]))
		}
	}
	return into
}

// signer is the memory of one Sign at a time.
type signer struct {
	words    []word
	shingles []uint64
	prints   []uint32
}

// Marshal writes the signature: a version byte, the minima (2 bytes each), the
// fingerprints ascending (4 bytes each), all big endian. About 400 bytes for a
// short news text, 16,641 at most.
func (s Signature) Marshal() []byte {
	b := make([]byte, 1, 1+2*minima+4*len(s.fingerprints))
	b[0] = signatureVersion
	for _, m := range s.minima {
		b = binary.BigEndian.AppendUint16(b, m)
	}
	for _, f := range s.fingerprints {
		b = binary.BigEndian.AppendUint32(b, f)
	}
	return b
}

// Errors of Parse.
var (
	ErrVersion   = errors.New("copies: signature of an unknown version")
	ErrMalformed = errors.New("copies: not a signature")
)

// Parse reads what Marshal wrote. Bytes of another version give ErrVersion,
// bytes that Marshal does not write ErrMalformed.
func Parse(b []byte) (Signature, error) {
	switch {
	case len(b) == 0:
		return Signature{}, ErrMalformed
	case b[0] != signatureVersion:
		return Signature{}, ErrVersion
	}
	b = b[1:]
	if len(b) < 2*minima || (len(b)-2*minima)%4 != 0 || (len(b)-2*minima)/4 > maxFingerprints {
		return Signature{}, ErrMalformed
	}
	var s Signature
	empty := true
	for i := range s.minima {
		s.minima[i] = binary.BigEndian.Uint16(b)
		b = b[2:]
		empty = empty && s.minima[i] == 0
	}
	if empty != (len(b) == 0) {
		return Signature{}, ErrMalformed
	}
	if len(b) > 0 {
		s.fingerprints = make([]uint32, 0, len(b)/4)
	}
	for ; len(b) > 0; b = b[4:] {
		f := binary.BigEndian.Uint32(b)
		if n := len(s.fingerprints); n > 0 && f <= s.fingerprints[n-1] {
			return Signature{}, ErrMalformed
		}
		s.fingerprints = append(s.fingerprints, f)
	}
	return s, nil
}

// packed are the minima, four in a word, so that four are compared at a time.
type packed [minima / 4]uint64

func pack(m *[minima]uint16) (p packed) {
	for i := range p {
		p[i] = uint64(m[4*i]) | uint64(m[4*i+1])<<16 | uint64(m[4*i+2])<<32 | uint64(m[4*i+3])<<48
	}
	return p
}

// set gives the highest bit of each of the four numbers in a word that is not 0.
func set(w uint64) uint64 {
	const high, low = 0x8000_8000_8000_8000, 0x7FFF_7FFF_7FFF_7FFF
	return (w&low + low | w) & high
}

// resemblance estimates the Jaccard similarity from two lists of minima.
func resemblance(a, b *packed) float64 {
	same, either := 0, 0
	for i, m := range a {
		n := b[i]
		some := set(m | n)
		either += bits.OnesCount64(some)
		same += bits.OnesCount64(some &^ set(m^n))
	}
	return float64(same) / float64(max(either, 1))
}
