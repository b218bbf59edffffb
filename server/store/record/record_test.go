package record

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/secondsource/secondsource/claims"
)

// seeds are bodies of every kind, and some that nobody wrote.
func seeds(f *testing.F) {
	f.Helper()
	d := claims.Document{Copies: []claims.Copy{{Document: "a", Kind: claims.CopyNear, Containment: 0.5}},
		Reading: claims.Reading{Language: "en", Credits: []claims.Credit{{Name: "RTA\x00"}}, Withdrawal: &claims.Withdrawal{Untrue: true}}}
	c := claims.Claim{Evidence: []claims.Span{{Start: 1, End: 2}}, Doubts: []string{"é\u2028"}, Attribution: claims.Attribution{
		Hops: []claims.Hop{{Name: "A", Handle: "@a", At: time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)}}}}
	s := claims.Source{Handles: []claims.Handle{{Handle: "@a", Medium: claims.MediumX}}, SpeaksFor: "b", Reliability: claims.GradeUnjudged}
	j := claims.Judgement{Value: map[string]string{"reliability": "B"}}
	for _, body := range []func() (string, error){
		func() (string, error) { return DocumentBody(&d) }, func() (string, error) { return ClaimBody(&c) },
		func() (string, error) { return SourceBody(&s) }, func() (string, error) { return JudgementValue(&j) },
	} {
		text, err := body()
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(text))
	}
	for _, text := range []string{"", "{}", "[]", "null", `{"evidence":null}`, `{"evidence":[{"s":-1,"e":9e99}]}`, `{"hops":`, `{"aliases":[{}]}`, "\xff"} {
		f.Add([]byte(text))
	}
}

// FuzzBodies gives any bytes to every reader of stored JSON: it fails with
// CodeCorrupt, or what it read can be written and is read the same again.
func FuzzBodies(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		var d, dd claims.Document
		roundTrip(t, ReadDocumentBody(body, &d), &d, &dd, DocumentBody, ReadDocumentBody)
		var c, cc claims.Claim
		roundTrip(t, ReadClaimBody(body, &c), &c, &cc, ClaimBody, ReadClaimBody)
		var s, ss claims.Source
		roundTrip(t, ReadSourceBody(body, &s), &s, &ss, SourceBody, ReadSourceBody)
		var j, jj claims.Judgement
		roundTrip(t, ReadJudgementValue(body, &j), &j, &jj, JudgementValue, ReadJudgementValue)
		if without, err := WithoutCopiesOf("a", body, "d"); err == nil {
			var left claims.Document
			if err := ReadDocumentBody([]byte(without), &left); err != nil {
				t.Errorf("without its copies it cannot be read: %v", err)
			}
			for _, copied := range left.Copies {
				if copied.Document == "a" {
					t.Errorf("a copy is left: %s", without)
				}
			}
		}
	})
}

func roundTrip[T any](t *testing.T, err error, first, second *T, write func(*T) (string, error), read func([]byte, *T) error) {
	t.Helper()
	if err != nil {
		if claims.CodeOf(err) != claims.CodeCorrupt {
			t.Errorf("error %v, want CORRUPT", err)
		}
		return
	}
	text, err := write(first)
	if claims.CodeOf(err) == claims.CodeInvalid {
		return // an instant beyond the year 9999: JSON reads some that it does not write
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := read([]byte(text), second); err != nil {
		t.Fatalf("what was written cannot be read: %v\n%s", err, text)
	}
	if diff := cmp.Diff(first, second, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s is read as something else (-first +second):\n%s", text, diff)
	}
}
