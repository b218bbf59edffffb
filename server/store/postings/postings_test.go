package postings_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/postings"
)

// random are postings of distinct slots, ascending.
func random(r *rand.Rand, n int) []postings.Posting {
	var ps []postings.Posting
	for slot := range postings.BlockSize {
		if r.IntN(postings.BlockSize) < n {
			ps = append(ps, postings.Posting{Slot: uint16(slot), Impact: uint16(r.IntN(1 << 16))})
		}
	}
	return ps
}

func TestRoundTripInAnyNumberOfChunks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	lists := map[string][]postings.Posting{
		"one":           {{Slot: 7, Impact: 3}},
		"the bounds":    {{Slot: 0, Impact: 0}, {Slot: 65535, Impact: 65535}},
		"every slot":    random(r, postings.BlockSize),
		"some slots":    random(r, 300),
		"nothing of it": nil,
	}
	for name, want := range lists {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int{1, 7, 1000, postings.BlockSize} {
				if len(want)/size > 10000 {
					continue
				}
				var blob []byte
				for part := range slices.Chunk(want, size) {
					blob = append(blob, postings.Chunk(part)...)
				}
				got, err := postings.Decode(nil, blob)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
					t.Fatalf("in chunks of %d (-want +got):\n%s", size, d)
				}
			}
		})
	}
}

func TestWithout(t *testing.T) {
	blob := append(postings.Chunk([]postings.Posting{{1, 10}, {5, 90}}), postings.Chunk([]postings.Posting{{6, 20}})...)
	rest, highest, err := postings.Without(blob, func(slot uint16) bool { return slot == 5 })
	if err != nil || highest != 20 {
		t.Fatalf("highest %d, error %v", highest, err)
	}
	got, err := postings.Decode(nil, rest)
	if d := cmp.Diff([]postings.Posting{{1, 10}, {6, 20}}, got); d != "" || err != nil {
		t.Errorf("%s %v", d, err)
	}
	if rest, _, err := postings.Without(blob, func(uint16) bool { return true }); rest != nil || err != nil {
		t.Errorf("%d bytes are left of nothing, error %v", len(rest), err)
	}
}

func TestDamageIsNoticed(t *testing.T) {
	blob := append(postings.Chunk([]postings.Posting{{1, 10}, {500, 9000}}), postings.Chunk([]postings.Posting{{501, 20}})...)
	for at := range blob {
		for bit := range 8 {
			bad := bytes.Clone(blob)
			bad[at] ^= 1 << bit
			if _, err := postings.Decode(nil, bad); claims.CodeOf(err) != claims.CodeCorrupt {
				t.Errorf("bit %d of byte %d: error %v", bit, at, err)
			}
		}
	}
	again := append(bytes.Clone(blob), postings.Chunk([]postings.Posting{{501, 1}})...)
	if _, err := postings.Decode(nil, again); claims.CodeOf(err) != claims.CodeCorrupt {
		t.Errorf("a slot that does not rise: %v", err)
	}
}

// FuzzDecode: any bytes are read or refused, without panic and with no more
// memory than they have length; what is read comes back from being written.
func FuzzDecode(f *testing.F) {
	f.Add(postings.Chunk([]postings.Posting{{1, 10}, {500, 9000}}))
	f.Add([]byte{1, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, blob []byte) {
		ps, err := postings.Decode(nil, blob)
		if err != nil {
			if claims.CodeOf(err) != claims.CodeCorrupt {
				t.Errorf("error %v", err)
			}
			return
		}
		again, err := postings.Decode(nil, postings.Chunk(ps))
		if err != nil || !slices.Equal(ps, again) {
			t.Errorf("%v came back as %v, error %v", ps, again, err)
		}
	})
}
