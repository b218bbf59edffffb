// Package postings packs the claims that have a term into one blob, and reads it
// back. A SQL store keeps such blobs by term and block; a block is a range of
// claims, and a claim's slot its place in it.
//
// A blob is one chunk or several, each appended when further claims came:
//
//	version byte, count, count times (slot, impact), CRC-32C of all before it (4 bytes, big endian)
//
// with every number an unsigned varint. A slot is given minus the one before it
// in the chunk, the first one plus 1; slots rise from chunk to chunk too. So a
// chunk can be appended without reading what is there.
package postings

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// BlockSize is the most claims a block may have: slots have 16 bits.
const BlockSize = 1 << 16

const (
	version      = 1
	checksumSize = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Posting is one claim of a term.
type Posting struct {
	Slot   uint16
	Impact uint16
}

// Chunk packs postings, which rise by slot.
func Chunk(ps []Posting) []byte {
	last := -1
	b := make([]byte, 0, 1+binary.MaxVarintLen32+4*len(ps)+checksumSize)
	b = append(b, version)
	b = binary.AppendUvarint(b, uint64(len(ps)))
	for _, p := range ps {
		b = binary.AppendUvarint(b, uint64(int(p.Slot)-last))
		b = binary.AppendUvarint(b, uint64(p.Impact))
		last = int(p.Slot)
	}
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// Decode appends the postings of a blob to ps. A blob that fails a checksum, or
// that Chunk cannot have written, is CodeCorrupt. What it allocates is bounded by
// the blob's length.
func Decode(ps []Posting, blob []byte) ([]Posting, error) {
	least := 0 // slot that comes next at the earliest
	for len(blob) > 0 {
		chunk, last := blob, -1
		if blob[0] != version {
			return ps, corrupt(fmt.Sprintf("its version is %d, not %d", blob[0], version))
		}
		count, n := binary.Uvarint(blob[1:])
		if n <= 0 || count > uint64(len(blob)/2) {
			return ps, corrupt("it is cut short")
		}
		blob = blob[1+n:]
		ps = slices.Grow(ps, int(count))
		for range count {
			var step, impact uint64
			// Nearly all of them have a step of one byte and an impact of two.
			if len(blob) > 2 && blob[0] < 0x80 && blob[1] >= 0x80 && blob[2] < 0x80 {
				step, impact = uint64(blob[0]), uint64(blob[1]&0x7F)|uint64(blob[2])<<7
				blob = blob[3:]
			} else {
				var n, m int
				step, n = binary.Uvarint(blob)
				if n <= 0 {
					return ps, corrupt("a slot is malformed")
				}
				if impact, m = binary.Uvarint(blob[n:]); m <= 0 || impact > 1<<16-1 {
					return ps, corrupt("an impact is malformed")
				}
				blob = blob[n+m:]
			}
			if step == 0 || step > BlockSize || last+int(step) < least || last+int(step) >= BlockSize {
				return ps, corrupt("a slot is malformed")
			}
			last += int(step)
			least = last + 1
			ps = append(ps, Posting{uint16(last), uint16(impact)})
		}
		if len(blob) < checksumSize {
			return ps, corrupt("it is cut short")
		}
		body := chunk[:len(chunk)-len(blob)]
		if crc32.Checksum(body, castagnoli) != binary.BigEndian.Uint32(blob) {
			return ps, corrupt("its checksum is wrong")
		}
		blob = blob[checksumSize:]
	}
	return ps, nil
}

// Without is a blob without the postings of some slots, nil when none is left,
// and the highest impact that is left.
func Without(blob []byte, gone func(slot uint16) bool) (rest []byte, highest uint16, err error) {
	ps, err := Decode(nil, blob)
	if err != nil {
		return nil, 0, err
	}
	ps = slices.DeleteFunc(ps, func(p Posting) bool { return gone(p.Slot) })
	if len(ps) == 0 {
		return nil, 0, nil
	}
	return Chunk(ps), Highest(ps), nil
}

// Highest is the highest impact of postings.
func Highest(ps []Posting) (highest uint16) {
	for _, p := range ps {
		highest = max(highest, p.Impact)
	}
	return highest
}

func corrupt(why string) error {
	return &claims.Error{Code: claims.CodeCorrupt, Reason: claims.ReasonStoreCorrupt,
		Message: "a blob of postings cannot be read: " + why}
}
