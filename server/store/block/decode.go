package block

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"math/bits"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// Block is a block whose checksum holds.
type Block struct {
	text    string
	ends    []int // of each string in text
	records [][]byte
}

// Parse looks at a block from outside. Bytes that fail the checksum, or that
// Encoder cannot have written, are CodeCorrupt. No input makes it allocate more
// than a small multiple of its own length. The bytes stay in use.
func Parse(b []byte) (Block, error) {
	if len(b) < 3+checksumSize {
		return Block{}, corrupt("it is too short")
	}
	body, sum := b[:len(b)-checksumSize], b[len(b)-checksumSize:]
	if crc32.Checksum(body, castagnoli) != binary.BigEndian.Uint32(sum) {
		return Block{}, corrupt("its checksum is wrong")
	}
	if body[0] != version {
		return Block{}, corrupt(fmt.Sprintf("its version is %d, not %d", body[0], version))
	}
	d := decoder{rest: body[1:]}
	k := Block{ends: make([]int, d.count())}
	end := 0
	for i := range k.ends {
		end += d.count()
		k.ends[i] = end
	}
	if end > len(d.rest) {
		return Block{}, corrupt("its strings are cut short")
	}
	k.text, d.rest = string(d.rest[:end]), d.rest[end:]
	k.records = make([][]byte, d.count())
	for i := range k.records {
		n := d.count()
		k.records[i], d.rest = d.rest[:n], d.rest[n:]
	}
	if d.bad || len(d.rest) > 0 {
		return Block{}, corrupt("its claims are cut short")
	}
	return k, nil
}

// Len is the number of claims.
func (k *Block) Len() int { return len(k.records) }

// About is what a claim begins with, the first being number 0: its kind, and name
// and handle of its deepest asserter. The strings share the block's memory.
func (k *Block) About(i int) (kind claims.Kind, name, handle string, err error) {
	d := decoder{block: k, rest: k.records[i]}
	kind, name, handle = claims.Kind(d.shared()), d.shared(), d.shared()
	if d.bad {
		return "", "", "", corrupt("a claim is malformed")
	}
	return kind, name, handle, nil
}

// Claim reads one claim, the first being number 0, with its Index and without its
// Document and Seq. It shares no memory with the block, so that to keep one claim
// is not to keep all.
func (k *Block) Claim(i int) (claims.Claim, error) {
	d := decoder{block: k, rest: k.records[i]}
	c := d.claim()
	if d.bad || len(d.rest) > 0 {
		return claims.Claim{}, corrupt("a claim is malformed")
	}
	c.Index = i + 1
	return c, nil
}

// Claims reads all of them.
func (k *Block) Claims() ([]claims.Claim, error) {
	cs := make([]claims.Claim, k.Len())
	for i := range cs {
		var err error
		if cs[i], err = k.Claim(i); err != nil {
			return nil, err
		}
	}
	return cs, nil
}

func corrupt(why string) error {
	return &claims.Error{Code: claims.CodeCorrupt, Reason: claims.ReasonStoreCorrupt,
		Message: "a document's block of claims cannot be read: " + why}
}

// decoder reads from rest. Once bad it returns zeros, so the callers need to
// look only at the end.
type decoder struct {
	block *Block
	rest  []byte
	bad   bool
}

func (d *decoder) fail() { d.bad, d.rest = true, nil }

func (d *decoder) claim() (c claims.Claim) {
	c.Kind = claims.Kind(d.word())
	d.shared() // who asserts it stands in the last hop
	d.shared()
	c.Text = d.string()
	c.Modality, c.Polarity = claims.Modality(d.word()), claims.Polarity(d.word())
	c.CheckWorthiness, c.Confidence = d.float(), d.float()
	c.Doubts = list(d, d.string)
	c.Evidence = list(d, d.span)
	c.Frame = d.frame()
	c.Attribution.Hops = list(d, d.hop)
	return c
}

func (d *decoder) frame() (f claims.Frame) {
	f.Predicate.Lemma, f.Predicate.Span = d.string(), d.span()
	f.Predicate.Nominal, f.Time.Inferred = d.flags()
	f.Time.Start, f.Time.End = d.instant(), d.instant()
	f.Time.Text, f.Time.Span = d.string(), d.span()
	f.Place, f.PlaceSpan = d.string(), d.span()
	f.Arguments = list(d, func() (a claims.Argument) {
		a.Role = claims.Role(d.word())
		a.Text, a.Head, a.Entity, a.Preposition, a.Span = d.string(), d.string(), d.string(), d.word(), d.span()
		a.Also = list(d, d.string)
		return a
	})
	f.Quantities = list(d, func() (q claims.Quantity) {
		q.Open, q.Approx = d.flags()
		q.Min, q.Max = d.float(), d.float()
		q.Unit, q.Of, q.Text, q.Span = d.string(), d.string(), d.string(), d.span()
		return q
	})
	return f
}

func (d *decoder) hop() (h claims.Hop) {
	h.Unnamed, h.Nobody = d.flags()
	h.Mention, h.Name, h.Handle = d.string(), d.string(), d.string()
	h.Kind, h.SpeaksFor = claims.SourceKind(d.word()), d.string()
	h.SourceSpan, h.CueSpan = d.span(), d.span()
	h.Where, h.Manner, h.Medium = claims.Where(d.word()), claims.Manner(d.word()), claims.Medium(d.word())
	h.At = d.instant()
	return h
}

// list reads so many things as the count before them says. Each takes a byte at
// least; they are gathered as they come, because some are larger in memory.
func list[T any](d *decoder, one func() T) []T {
	n := d.count()
	if n == 0 {
		return nil
	}
	all := make([]T, 0, min(n, 8))
	for ; n > 0 && !d.bad; n-- {
		all = append(all, one())
	}
	return all
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

// count reads a number of things that take a byte each at least.
func (d *decoder) count() int {
	v := d.uvarint()
	if v > uint64(len(d.rest)) {
		d.fail()
		return 0
	}
	return int(v)
}

// shared is a string in the block's memory.
func (d *decoder) shared() string {
	place := d.uvarint()
	if d.bad || place >= uint64(len(d.block.ends)) {
		d.fail()
		return ""
	}
	start := 0
	if place > 0 {
		start = d.block.ends[place-1]
	}
	return d.block.text[start:d.block.ends[place]]
}

func (d *decoder) string() string { return strings.Clone(d.shared()) }

// word is a string that is mostly one of few.
func (d *decoder) word() string {
	s := d.shared()
	if w, ok := words[s]; ok {
		return w
	}
	return strings.Clone(s)
}

func (d *decoder) span() claims.Span {
	start, length := d.varint(), d.varint()
	return claims.Span{Start: int(start), End: int(start + length)}
}

func (d *decoder) flags() (a, b bool) {
	if len(d.rest) == 0 || d.rest[0] > 3 {
		d.fail()
		return false, false
	}
	n := d.rest[0]
	d.rest = d.rest[1:]
	return n&1 != 0, n&2 != 0
}

func (d *decoder) float() float64 {
	f := math.Float64frombits(bits.ReverseBytes64(d.uvarint()))
	if math.IsNaN(f) || math.IsInf(f, 0) {
		d.fail()
		return 0
	}
	return f
}

// The instants that can be told, in seconds since 1970.
var (
	firstInstant = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	lastInstant  = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
)

const day = 24 * 60 * 60

func (d *decoder) instant() time.Time {
	set := d.uvarint()
	if set == 0 {
		return time.Time{}
	}
	seconds, nanos, offset := d.varint(), d.uvarint(), d.varint()
	local := seconds + offset
	if set != 1 || offset <= -day || offset >= day || seconds < firstInstant-day || seconds > lastInstant+day ||
		local < firstInstant || local >= lastInstant || nanos >= uint64(time.Second) {
		d.fail()
		return time.Time{}
	}
	t := time.Unix(seconds, int64(nanos)).UTC()
	if offset != 0 {
		t = t.In(time.FixedZone("", int(offset)))
	}
	return t
}

// words are strings that many claims have, each once in memory.
var words = func() map[string]string {
	m := make(map[string]string)
	for _, w := range []string{"",
		string(claims.Event), string(claims.Utterance), string(claims.Positive), string(claims.Negative),
		string(claims.Asserted), string(claims.Denied), string(claims.Hedged), string(claims.Planned), string(claims.Demanded), string(claims.Conditional), string(claims.Questioned),
		string(claims.Agent), string(claims.Patient), string(claims.Recipient), string(claims.Attribute), string(claims.Content), string(claims.Partner), string(claims.Oblique), string(claims.PlaceRole), string(claims.TimeRole),
		string(claims.OwnVoice), string(claims.DirectQuote), string(claims.Indirect), string(claims.Relay), string(claims.Forward), string(claims.EmbedManner),
		string(claims.WhereTitle), string(claims.WhereByline), string(claims.WhereDateline), string(claims.WhereCredit), string(claims.WhereMetadata),
		string(claims.SourcePerson), string(claims.SourceOrganisation), string(claims.SourceOutlet),
		string(claims.MediumTelegram), string(claims.MediumX), string(claims.MediumFeed), string(claims.MediumStatement), string(claims.MediumInterview),
		"in", "on", "at", "of", "to", "for", "from", "with", "by", "about", "after", "before", "against", "over", "into",
	} {
		m[w] = w
	}
	return m
}()
