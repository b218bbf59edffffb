package forward

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/secondsource/secondsource/claims"
)

// TestWithoutIsAsIfItHadNeverCome takes each document out of blobs and out of
// encoders, and compares with those that it never came to.
func TestWithoutIsAsIfItHadNeverCome(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	for range 200 {
		var entries []claims.Entry
		doc, claim := int64(0), int64(0)
		for range 1 + r.IntN(6) {
			doc += 1 + r.Int64N(3)
			e := claims.Entry{Document: doc, Signature: []byte{byte(doc), 7}, Vectors: []claims.TermVector{}}
			for range r.IntN(4) {
				claim += 1 + r.Int64N(5)
				e.Vectors = append(e.Vectors, claims.TermVector{Claim: claim, Doc: doc, Terms: []claims.Term{{Key: r.Uint64N(9), Impact: uint16(r.IntN(99))}}})
			}
			entries = append(entries, e)
		}
		var whole Encoder
		for _, e := range entries {
			if err := whole.Add(e); err != nil {
				t.Fatal(err)
			}
		}
		for n, gone := range entries {
			var never Encoder
			for i, e := range entries {
				if i != n {
					if err := never.Add(e); err != nil {
						t.Fatal(err)
					}
				}
			}
			rest, first, was, err := Without(whole.Blob(), gone.Document)
			if err != nil || first != never.First() || !cmp.Equal(rest, never.Blob()) || !cmp.Equal(was, gone) {
				t.Fatalf("without document %d the blob begins with %d, gone is %v, error %v", gone.Document, first, was, err)
			}
			left, was, err := whole.Without(gone.Document)
			if err != nil || !cmp.Equal(left.Blob(), never.Blob()) || !cmp.Equal(was, gone) {
				t.Fatalf("without document %d the encoder holds something else; gone is %v, error %v", gone.Document, was, err)
			}
		}
		rest, _, was, err := Without(whole.Blob(), doc+1)
		if err != nil || !cmp.Equal(rest, whole.Blob()) || was.Document != 0 {
			t.Fatalf("without one it does not hold it is another; gone is %v, error %v", was, err)
		}
	}
	if _, _, _, err := Without([]byte("no blob"), 1); claims.CodeOf(err) != claims.CodeCorrupt {
		t.Errorf("error %v, want CORRUPT", err)
	}
	var empty Encoder
	if rest, _, err := empty.Without(1); err != nil || rest.Blob() != nil {
		t.Errorf("an empty encoder: %v", err)
	}
}
