package copies

import (
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/unicode/norm"

	"github.com/secondsource/secondsource/claims"
)

// ShingleSize is the number of consecutive words in a shingle.
const ShingleSize = 5

// word is one word of a text: a hash of its folded letters and digits, and the
// bytes it stands in.
type word struct {
	hash uint64
	span claims.Span
}

// FNV-1a, 64 bits.
const (
	fnvOffset = 0xCBF29CE484222325
	fnvPrime  = 0x100000001B3
)

// foldTable maps an ASCII byte to its lower-case letter or its digit, and
// everything else to 0.
var foldTable = func() (t [utf8.RuneSelf]byte) {
	for c := range t {
		switch c := byte(c); {
		case '0' <= c && c <= '9' || 'a' <= c && c <= 'z':
			t[c] = c
		case 'A' <= c && c <= 'Z':
			t[c] = c + 'a' - 'A'
		}
	}
	return t
}()

// split appends the words of a text (UAX #29) to into. A word is folded: lower
// case, compatibility forms taken apart (NFKD: the ligature "fi" is f and i),
// accents and punctuation left out, so that "Café’s" and "CAFES" are one word.
// What has no letter and no digit is no word; bytes that are
// not UTF-8 part words as a space does.
func split(text string, into []word) []word {
	if !utf8.ValidString(text) {
		text = spaced(text)
	}
	var wide [64]byte
	for it := words.FromString(text); it.Next(); {
		if h, ok := foldedHash(it.Value(), wide[:0]); ok {
			into = append(into, word{h, claims.Span{Start: it.Start(), End: it.End()}})
		}
	}
	return into
}

// spaced puts a space for each byte that is not UTF-8. The splitter would take
// such a byte together with what follows it, and differently at the end.
func spaced(text string) string {
	b := []byte(text)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			b[i] = ' '
		}
		i += n
	}
	return string(b)
}

// foldedHash hashes the folded token; ok is false when nothing of it is left.
// scratch is overwritten.
func foldedHash(token string, scratch []byte) (hash uint64, ok bool) {
	h := uint64(fnvOffset)
	for i := range len(token) {
		c := token[i]
		if c >= utf8.RuneSelf {
			return foldedHashWide(token, scratch)
		}
		if f := foldTable[c]; f != 0 {
			h = (h ^ uint64(f)) * fnvPrime
			ok = true
		}
	}
	return scramble(h), ok
}

// foldedHashWide is foldedHash for any token.
func foldedHashWide(token string, scratch []byte) (hash uint64, ok bool) {
	h := uint64(fnvOffset)
	var enc [utf8.UTFMax]byte
	for b := norm.NFKD.AppendString(scratch, token); len(b) > 0; {
		r, n := utf8.DecodeRune(b)
		b = b[n:]
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			continue
		}
		for _, c := range enc[:utf8.EncodeRune(enc[:], unicode.ToLower(r))] {
			h = (h ^ uint64(c)) * fnvPrime
		}
		ok = true
	}
	return scramble(h), ok
}

// scramble spreads a hash over all 64 bits: the finalizer of MurmurHash3.
func scramble(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xFF51AFD7ED558CCD
	h ^= h >> 33
	h *= 0xC4CEB9FE1A85EC53
	return h ^ h>>33
}

// shingleBase is the base of the polynomial hash over a shingle's words.
const (
	shingleBase  = 0x9E3779B97F4A7C15
	shingleBase2 = shingleBase * shingleBase & (1<<64 - 1)
	shingleBase4 = shingleBase2 * shingleBase2 & (1<<64 - 1)
	shingleBase5 = shingleBase4 * shingleBase & (1<<64 - 1)
)

// shingles appends a hash of each run of ShingleSize words, in order. A shorter
// text is one shingle by itself, a text without words none.
func shingles(ws []word, into []uint64) []uint64 {
	var h uint64
	for i := range ws {
		h = h*shingleBase + ws[i].hash
		if i >= ShingleSize {
			h -= ws[i-ShingleSize].hash * shingleBase5
		}
		if i >= ShingleSize-1 {
			into = append(into, scramble(h))
		}
	}
	if len(ws) > 0 && len(ws) < ShingleSize {
		// Its length keeps it apart from every full shingle.
		into = append(into, scramble(h+uint64(len(ws))))
	}
	return into
}

// hashSet is a set of hashes: open addressing, at most half full. 0 is kept as
// 1, which costs one collision in 2^64.
type hashSet struct {
	slots []uint64
	mask  uint64
	n     int
}

func newHashSet(most int) hashSet {
	size := 8
	for size < 2*most {
		size *= 2
	}
	return hashSet{slots: make([]uint64, size), mask: uint64(size - 1)}
}

// slot is where h is or would be.
func (s *hashSet) slot(h uint64) *uint64 {
	for i := h & s.mask; ; i = (i + 1) & s.mask {
		if p := &s.slots[i]; *p == 0 || *p == h {
			return p
		}
	}
}

// add tells whether h is new. No more than the number newHashSet was told.
func (s *hashSet) add(h uint64) bool {
	h = max(h, 1)
	p := s.slot(h)
	if *p != 0 {
		return false
	}
	*p = h
	s.n++
	return true
}

func (s *hashSet) has(h uint64) bool { return *s.slot(max(h, 1)) != 0 }
