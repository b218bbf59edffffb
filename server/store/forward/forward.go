// Package forward packs the shingle signatures and forward terms of the
// documents of one commit into one blob, and reads them back. Every SQL store
// keeps these blobs beside its rows and rebuilds the index from them.
//
// A blob is
//
//	version byte, entry..., CRC-32C of all before it (4 bytes, big endian)
//
// and an entry, with every number an unsigned varint,
//
//	document: seq minus the previous entry's
//	signature: length, bytes
//	keys: count, then the distinct term keys ascending, each minus the one before
//	vectors: count, then for each
//	  claim: seq minus the previous vector's in the blob
//	  terms: count, then for each its place among the keys and its impact
//
// Claims of one document share most of their terms, so a key's eight bytes are
// paid once a document and a term costs two to four bytes after that.
package forward

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"

	"github.com/secondsource/secondsource/claims"
)

const (
	version      = 1
	checksumSize = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrOrder is returned by Encoder.Add for an entry whose document or claims do
// not come after those already added.
var ErrOrder = errors.New("forward: documents and claims must be added in rising order of seq")

// Encoder builds one blob. The zero value is empty and ready to use; it is not
// safe for concurrent use.
type Encoder struct {
	buf    []byte
	mark   Mark
	keys   []uint64
	places map[uint64]uint64 // of the keys
}

// Mark is a state of an Encoder to go back to.
type Mark struct {
	size       int
	first      int64 // seq of the blob's first document, 0 when empty
	doc, claim int64 // seqs last added
}

// Mark returns the present state.
func (e *Encoder) Mark() Mark { return e.mark }

// Reset goes back to a state of this encoder: what was added since is dropped.
// The zero Mark empties it.
func (e *Encoder) Reset(m Mark) {
	e.mark = m
	e.buf = e.buf[:m.size]
}

// First is the Seq of the first document added, 0 when there is none.
func (e *Encoder) First() int64 { return e.mark.first }

// Add appends one document. Seqs start at 1 and rise from entry to entry and
// from vector to vector. The entry's slices are not kept.
func (e *Encoder) Add(entry claims.Entry) error {
	before := e.mark
	if entry.Document <= before.doc {
		return ErrOrder
	}
	if len(e.buf) == 0 {
		e.buf = append(e.buf, version)
		e.mark.first = entry.Document
	}
	b := binary.AppendUvarint(e.buf, uint64(entry.Document-before.doc))
	b = binary.AppendUvarint(b, uint64(len(entry.Signature)))
	b = append(b, entry.Signature...)

	e.keys = e.keys[:0]
	if e.places == nil {
		e.places = make(map[uint64]uint64)
	}
	clear(e.places)
	for _, v := range entry.Vectors {
		for _, t := range v.Terms {
			if _, ok := e.places[t.Key]; !ok {
				e.places[t.Key] = 0
				e.keys = append(e.keys, t.Key)
			}
		}
	}
	slices.Sort(e.keys) // few of many: claims of a document share most of theirs
	b = binary.AppendUvarint(b, uint64(len(e.keys)))
	var last uint64
	for i, k := range e.keys {
		b = binary.AppendUvarint(b, k-last)
		last, e.places[k] = k, uint64(i)
	}

	b = binary.AppendUvarint(b, uint64(len(entry.Vectors)))
	claim := before.claim
	for _, v := range entry.Vectors {
		if v.Claim <= claim {
			e.Reset(before)
			return ErrOrder
		}
		b = binary.AppendUvarint(b, uint64(v.Claim-claim))
		claim = v.Claim
		b = binary.AppendUvarint(b, uint64(len(v.Terms)))
		for _, t := range v.Terms {
			b = binary.AppendUvarint(b, e.places[t.Key])
			b = binary.AppendUvarint(b, uint64(t.Impact))
		}
	}
	e.buf = b
	e.mark.size, e.mark.doc, e.mark.claim = len(b), entry.Document, claim
	return nil
}

// Blob returns a copy of what was added with its checksum, or nil when nothing
// was.
func (e *Encoder) Blob() []byte {
	if len(e.buf) == 0 {
		return nil
	}
	blob := make([]byte, len(e.buf), len(e.buf)+checksumSize)
	copy(blob, e.buf)
	return binary.BigEndian.AppendUint32(blob, crc32.Checksum(e.buf, castagnoli))
}

// Decode calls fn with the entries of a blob in order and stops at fn's first
// error, which it returns as it is. Bytes that fail the checksum, or that
// Encoder cannot have written, are CodeCorrupt; fn is not called unless the
// checksum holds. The entries do not share memory with the blob.
func Decode(blob []byte, fn func(claims.Entry) error) error {
	if len(blob) < 1+checksumSize {
		return corrupt("it is too short")
	}
	body, sum := blob[:len(blob)-checksumSize], blob[len(blob)-checksumSize:]
	if crc32.Checksum(body, castagnoli) != binary.BigEndian.Uint32(sum) {
		return corrupt("its checksum is wrong")
	}
	if body[0] != version {
		return corrupt(fmt.Sprintf("its version is %d, not %d", body[0], version))
	}
	d := decoder{rest: body[1:]}
	for len(d.rest) > 0 {
		e := d.entry()
		if d.bad {
			return corrupt("an entry is malformed")
		}
		if err := fn(e); err != nil {
			return err
		}
	}
	return nil
}

// Later is fn for the documents whose Seq is higher than after; of a blob that
// was read in part it drops the part that is known.
func Later(after int64, fn func(claims.Entry) error) func(claims.Entry) error {
	return func(e claims.Entry) error {
		if e.Document <= after {
			return nil
		}
		return fn(e)
	}
}

func corrupt(why string) error {
	return &claims.Error{Code: claims.CodeCorrupt, Reason: claims.ReasonStoreCorrupt,
		Message: "a blob of forward terms cannot be read: " + why}
}

// decoder reads from rest. Once bad it returns zeros, so the callers need to
// look only at the end.
type decoder struct {
	rest       []byte
	doc, claim int64
	bad        bool
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.rest)
	if n <= 0 {
		d.bad, d.rest = true, nil
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

// count reads a number of things that take at least size bytes each. A count
// beyond what the rest can hold is malformed, so no input makes the decoder
// allocate more than a small multiple of its own length.
func (d *decoder) count(size int) int {
	v := d.uvarint()
	if v > uint64(len(d.rest)/size) {
		d.bad, d.rest = true, nil
		return 0
	}
	return int(v)
}

// after reads a seq that must come after last.
func (d *decoder) after(last int64) int64 {
	v := d.uvarint()
	if v == 0 || v > uint64(1<<63-1-last) {
		d.bad, d.rest = true, nil
		return last
	}
	return last + int64(v)
}

func (d *decoder) entry() claims.Entry {
	d.doc = d.after(d.doc)
	e := claims.Entry{Document: d.doc}
	if n := d.count(1); n > 0 {
		e.Signature = slices.Clone(d.rest[:n])
		d.rest = d.rest[n:]
	}
	keys := make([]uint64, d.count(1))
	var last uint64
	for i := range keys {
		last += d.uvarint()
		keys[i] = last
	}
	e.Vectors = make([]claims.TermVector, d.count(2))
	for i := range e.Vectors {
		d.claim = d.after(d.claim)
		v := claims.TermVector{Claim: d.claim, Doc: d.doc, Terms: make([]claims.Term, d.count(2))}
		for j := range v.Terms {
			at, impact := d.uvarint(), d.uvarint()
			if d.bad || at >= uint64(len(keys)) || impact > 1<<16-1 {
				d.bad, d.rest = true, nil
				return claims.Entry{}
			}
			v.Terms[j] = claims.Term{Key: keys[at], Impact: uint16(impact)}
		}
		e.Vectors[i] = v
	}
	return e
}
