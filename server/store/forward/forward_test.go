package forward_test

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/forward"
)

func encode(t *testing.T, entries ...claims.Entry) []byte {
	t.Helper()
	var e forward.Encoder
	for _, entry := range entries {
		if err := e.Add(entry); err != nil {
			t.Fatal(err)
		}
	}
	return e.Blob()
}

func decode(blob []byte) ([]claims.Entry, error) {
	var got []claims.Entry
	err := forward.Decode(blob, func(e claims.Entry) error {
		got = append(got, e)
		return nil
	})
	return got, err
}

func TestRoundTrip(t *testing.T) {
	tests := map[string][]claims.Entry{
		"a document without claims": {{Document: 1}},
		"a signature of any bytes":  {{Document: 7, Signature: []byte{0, 255, 0}}},
		"terms in the order given, twice too": {{Document: 1, Vectors: []claims.TermVector{
			{Claim: 1, Doc: 1, Terms: []claims.Term{{Key: 9, Impact: 1}, {Key: 3, Impact: 2}, {Key: 9, Impact: 4}}},
		}}},
		"the largest numbers": {{Document: math.MaxInt64, Vectors: []claims.TermVector{
			{Claim: math.MaxInt64, Doc: math.MaxInt64, Terms: []claims.Term{{Key: math.MaxUint64, Impact: math.MaxUint16}, {Key: 0}}},
		}}},
		"several documents with gaps": {
			{Document: 3, Vectors: []claims.TermVector{{Claim: 5, Doc: 3}, {Claim: 6, Doc: 3}}},
			{Document: 4, Signature: []byte("x")},
			{Document: 9, Vectors: []claims.TermVector{{Claim: 70, Doc: 9, Terms: []claims.Term{{Key: 1, Impact: 1}}}}},
		},
	}
	for name, entries := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := decode(encode(t, entries...))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(entries, got, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("read back other entries (-want +got):\n%s", d)
			}
		})
	}
}

func TestResetDropsWhatWasAddedSince(t *testing.T) {
	one := claims.Entry{Document: 1, Signature: []byte("one")}
	two := claims.Entry{Document: 2, Signature: []byte("two")}
	var e forward.Encoder
	if err := e.Add(one); err != nil {
		t.Fatal(err)
	}
	mark := e.Mark()
	if err := e.Add(two); err != nil {
		t.Fatal(err)
	}
	e.Reset(mark)
	if d := cmp.Diff(encode(t, one), e.Blob()); d != "" {
		t.Error(d)
	}
	e.Reset(forward.Mark{})
	if e.Blob() != nil || e.First() != 0 {
		t.Error("the zero mark does not empty the encoder")
	}
	if err := e.Add(two); err != nil || e.First() != 2 {
		t.Errorf("after emptying: first %d, error %v", e.First(), err)
	}
}

func TestAddRefusesAnotherOrder(t *testing.T) {
	first := claims.Entry{Document: 2, Vectors: []claims.TermVector{{Claim: 5, Doc: 2}}}
	tests := map[string]claims.Entry{
		"the same document":  {Document: 2},
		"an earlier one":     {Document: 1},
		"the same claim":     {Document: 3, Vectors: []claims.TermVector{{Claim: 5, Doc: 3}}},
		"claims that fall":   {Document: 3, Vectors: []claims.TermVector{{Claim: 7, Doc: 3}, {Claim: 6, Doc: 3}}},
		"a claim without no": {Document: 3, Vectors: []claims.TermVector{{Doc: 3}}},
	}
	for name, entry := range tests {
		t.Run(name, func(t *testing.T) {
			var e forward.Encoder
			if err := e.Add(first); err != nil {
				t.Fatal(err)
			}
			if err := e.Add(entry); !errors.Is(err, forward.ErrOrder) {
				t.Errorf("error %v, want ErrOrder", err)
			}
			if d := cmp.Diff(encode(t, first), e.Blob()); d != "" {
				t.Errorf("the refused entry left something behind:\n%s", d)
			}
		})
	}
}

func TestEveryFlippedBitIsCorrupt(t *testing.T) {
	blob := encode(t, claims.Entry{Document: 1, Signature: []byte("sig"), Vectors: []claims.TermVector{
		{Claim: 1, Doc: 1, Terms: []claims.Term{{Key: 77, Impact: 3}}},
	}})
	for i := range blob {
		for bit := range 8 {
			blob[i] ^= 1 << bit
			if _, err := decode(blob); claims.CodeOf(err) != claims.CodeCorrupt {
				t.Fatalf("byte %d bit %d: error %v, want CodeCorrupt", i, bit, err)
			}
			blob[i] ^= 1 << bit
		}
	}
	for n := range blob {
		if _, err := decode(blob[:n]); claims.CodeOf(err) != claims.CodeCorrupt {
			t.Fatalf("cut to %d bytes: error %v, want CodeCorrupt", n, err)
		}
	}
}

func TestDecodeStopsAtTheFirstError(t *testing.T) {
	stop := errors.New("enough")
	calls := 0
	err := forward.Decode(encode(t, claims.Entry{Document: 1}, claims.Entry{Document: 2}), func(claims.Entry) error {
		calls++
		return stop
	})
	if err != stop || calls != 1 {
		t.Errorf("%d calls, error %v", calls, err)
	}
}

// FuzzDecode gives the decoder any bytes under a right checksum: it must not
// panic, and what it accepts must survive being written again.
func FuzzDecode(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 4 {
		var e forward.Encoder
		claim := int64(0)
		for doc := range int64(3) {
			entry := claims.Entry{Document: doc + 1, Signature: []byte{1, 2, 3}}
			for range r.IntN(3) {
				claim++
				entry.Vectors = append(entry.Vectors, claims.TermVector{Claim: claim, Doc: doc + 1,
					Terms: []claims.Term{{Key: r.Uint64(), Impact: uint16(r.Uint32())}, {Key: 5, Impact: 1}}})
			}
			if err := e.Add(entry); err != nil {
				f.Fatal(err)
			}
		}
		blob := e.Blob()
		f.Add(blob[:len(blob)-4])
	}
	f.Add([]byte{})
	f.Add([]byte{1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, body []byte) {
		blob := binary.BigEndian.AppendUint32(append([]byte{}, body...), crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
		got, err := decode(blob)
		if err != nil {
			if claims.CodeOf(err) != claims.CodeCorrupt {
				t.Fatalf("error %v, want CodeCorrupt", err)
			}
			return
		}
		again, err := decode(encode(t, got...))
		if len(got) == 0 {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(got, again, cmpopts.EquateEmpty()); d != "" {
			t.Error(d)
		}
	})
}
