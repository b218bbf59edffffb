// Package block packs the claims of one document into bytes and reads them back,
// all or one at a time.
//
// A block is
//
//	version byte
//	strings: count, then the length of each, then their bytes
//	claims: count, then for each the length of its record and the record
//	CRC-32C of all before it (4 bytes, big endian)
//
// Numbers are varints; a string is its place among the strings of the block, so
// that a name, a role or a word is paid once a document. A record begins with the
// claim's kind and who asserts it: what listings ask of claims that they pass over.
package block

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"math/bits"
	"time"

	"github.com/secondsource/secondsource/claims"
)

const (
	version      = 1
	checksumSize = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Encoder makes blocks. The zero value is ready to use, again and again, by one
// goroutine at a time.
type Encoder struct {
	places  map[string]uint64
	lengths []byte
	text    []byte
	records []byte
	record  []byte
	refused string // what cannot be stored
}

// Encode returns the block of a document's claims, which are numbered from 1 in
// their order. A number that is none, or an instant outside the years 0 to 9999,
// is CodeInvalid: no reader of the API could be told it.
func (e *Encoder) Encode(cs []claims.Claim) ([]byte, error) {
	if e.places == nil {
		e.places = make(map[string]uint64)
	}
	clear(e.places)
	e.places[""] = 0 // most claims have it many times
	e.lengths, e.text, e.records, e.refused = append(e.lengths[:0], 0), e.text[:0], e.records[:0], ""
	for i := range cs {
		e.record = e.record[:0]
		e.claim(&cs[i])
		e.records = binary.AppendUvarint(e.records, uint64(len(e.record)))
		e.records = append(e.records, e.record...)
	}
	if e.refused != "" {
		return nil, &claims.Error{Code: claims.CodeInvalid, Reason: claims.ReasonInvalidField,
			Message: "a claim holds a value that cannot be stored: " + e.refused}
	}
	b := make([]byte, 0, 1+2*binary.MaxVarintLen64+len(e.lengths)+len(e.text)+len(e.records)+checksumSize)
	b = append(b, version)
	b = binary.AppendUvarint(b, uint64(len(e.places)))
	b = append(b, e.lengths...)
	b = append(b, e.text...)
	b = binary.AppendUvarint(b, uint64(len(cs)))
	b = append(b, e.records...)
	return sealed(b), nil
}

func (e *Encoder) claim(c *claims.Claim) {
	by := c.Attribution.Asserter()
	e.string(string(c.Kind))
	e.string(by.Name)
	e.string(by.Handle)
	e.string(c.Text)
	e.string(string(c.Modality))
	e.string(string(c.Polarity))
	e.float(c.CheckWorthiness)
	e.float(c.Confidence)
	e.count(len(c.Doubts))
	for _, d := range c.Doubts {
		e.string(d)
	}
	e.count(len(c.Evidence))
	for _, s := range c.Evidence {
		e.span(s)
	}
	e.frame(&c.Frame)
	e.count(len(c.Attribution.Hops))
	for i := range c.Attribution.Hops {
		e.hop(&c.Attribution.Hops[i])
	}
}

func (e *Encoder) frame(f *claims.Frame) {
	e.string(f.Predicate.Lemma)
	e.span(f.Predicate.Span)
	e.flags(f.Predicate.Nominal, f.Time.Inferred)
	e.instant(f.Time.Start)
	e.instant(f.Time.End)
	e.string(f.Time.Text)
	e.span(f.Time.Span)
	e.string(f.Place)
	e.span(f.PlaceSpan)
	e.count(len(f.Arguments))
	for i := range f.Arguments {
		a := &f.Arguments[i]
		e.string(string(a.Role))
		e.string(a.Text)
		e.string(a.Head)
		e.string(a.Entity)
		e.string(a.Preposition)
		e.span(a.Span)
		e.count(len(a.Also))
		for _, also := range a.Also {
			e.string(also)
		}
	}
	e.count(len(f.Quantities))
	for i := range f.Quantities {
		q := &f.Quantities[i]
		e.flags(q.Open, q.Approx)
		e.float(q.Min)
		e.float(q.Max)
		e.string(q.Unit)
		e.string(q.Of)
		e.string(q.Text)
		e.span(q.Span)
	}
}

func (e *Encoder) hop(h *claims.Hop) {
	e.flags(h.Unnamed, h.Nobody)
	e.string(h.Mention)
	e.string(h.Name)
	e.string(h.Handle)
	e.string(string(h.Kind))
	e.string(h.SpeaksFor)
	e.span(h.SourceSpan)
	e.span(h.CueSpan)
	e.string(string(h.Where))
	e.string(string(h.Manner))
	e.string(string(h.Medium))
	e.instant(h.At)
}

func (e *Encoder) count(n int) { e.record = binary.AppendUvarint(e.record, uint64(n)) }

func (e *Encoder) string(s string) {
	if s == "" {
		e.record = append(e.record, 0)
		return
	}
	place, ok := e.places[s]
	if !ok {
		place = uint64(len(e.places))
		e.places[s] = place
		e.lengths = binary.AppendUvarint(e.lengths, uint64(len(s)))
		e.text = append(e.text, s...)
	}
	e.record = binary.AppendUvarint(e.record, place)
}

func (e *Encoder) span(s claims.Span) {
	e.record = binary.AppendVarint(e.record, int64(s.Start))
	e.record = binary.AppendVarint(e.record, int64(s.End)-int64(s.Start))
}

func (e *Encoder) flags(a, b bool) {
	var n byte
	if a {
		n |= 1
	}
	if b {
		n |= 2
	}
	e.record = append(e.record, n)
}

// float turns the bytes round: most numbers here have few digits, and so zeros at
// their end.
func (e *Encoder) float(f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		e.refused = fmt.Sprintf("the number %v", f)
	}
	e.record = binary.AppendUvarint(e.record, bits.ReverseBytes64(math.Float64bits(f)))
}

// instant keeps the offset to UTC, which is how the text tells the time. The zero
// time is a single zero.
func (e *Encoder) instant(t time.Time) {
	if t.IsZero() {
		e.record = append(e.record, 0)
		return
	}
	if y := t.Year(); y < 0 || y > 9999 {
		e.refused = fmt.Sprintf("an instant in the year %d", y)
	}
	_, offset := t.Zone()
	e.record = append(e.record, 1)
	e.record = binary.AppendVarint(e.record, t.Unix())
	e.record = binary.AppendUvarint(e.record, uint64(t.Nanosecond()))
	e.record = binary.AppendVarint(e.record, int64(offset))
}

// sealed is a body with its checksum.
func sealed(b []byte) []byte { return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli)) }
