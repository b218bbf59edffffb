package block

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/secondsource/secondsource/claims"
)

// full is a claim with every field set.
func full() claims.Claim {
	at := time.Date(2026, 5, 4, 3, 2, 1, 9, time.UTC)
	return claims.Claim{
		Index: 1, Text: "Zwei Dockarbeiter wurden verletzt \x00é", Evidence: []claims.Span{{Start: 3, End: 9}, {Start: 20, End: 20}},
		Frame: claims.Frame{
			Predicate: claims.Predicate{Lemma: "injure", Span: claims.Span{Start: 4, End: 8}, Nominal: true},
			Arguments: []claims.Argument{
				{Role: claims.Patient, Text: "two dock workers", Head: "worker", Entity: "W", Also: []string{"the two", "they"}, Span: claims.Span{Start: 1, End: 2}},
				{Role: claims.Oblique, Text: "the quay", Head: "quay", Preposition: "beneath"}},
			Time:  claims.TimeSpan{Start: at, End: at.Add(time.Hour).In(time.FixedZone("", 2*3600)), Text: "on Monday", Span: claims.Span{Start: 7, End: 16}, Inferred: true},
			Place: "Halden", PlaceSpan: claims.Span{Start: 30, End: 36},
			Quantities: []claims.Quantity{{Min: 2, Max: 2.5, Approx: true, Unit: "km", Of: "worker", Text: "two"}, {Min: 0.1, Open: true}},
		},
		Polarity: claims.Negative, Modality: claims.Hedged, Kind: claims.Utterance, CheckWorthiness: 0.7, Confidence: 1, Doubts: []string{"who?", ""},
		Attribution: claims.Attribution{Hops: []claims.Hop{
			{Name: "Elsen Courier", Kind: claims.SourceOutlet, Where: claims.WhereMetadata, Manner: claims.OwnVoice},
			{Mention: "the ministry", Name: "Ministry", Handle: "@mot", Kind: "BODY", SpeaksFor: "Velmark", SourceSpan: claims.Span{Start: 1, End: 9}, CueSpan: claims.Span{Start: 9, End: 12},
				Manner: claims.Indirect, Medium: claims.MediumTelegram, Unnamed: true, Nobody: true, At: at}}},
	}
}

func encode(t testing.TB, cs ...claims.Claim) []byte {
	t.Helper()
	var e Encoder
	b, err := e.Encode(cs)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestClaimsComeBackAsTheyWere(t *testing.T) {
	want := []claims.Claim{full(), {Index: 2}, full()}
	want[2].Index, want[2].Text = 3, "another"
	k, err := Parse(encode(t, want...))
	if err != nil {
		t.Fatal(err)
	}
	got, err := k.Claims()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-stored +read):\n%s", diff)
	}
	kind, name, handle, err := k.About(2)
	if kind != claims.Utterance || name != "Ministry" || handle != "@mot" || err != nil {
		t.Errorf("it is about %q by %q, %q; error %v", kind, name, handle, err)
	}
}

func TestWhatIsSharedIsPaidOnce(t *testing.T) {
	one, ten := full(), make([]claims.Claim, 10)
	for i := range ten {
		ten[i] = full()
	}
	if a, b := len(encode(t, one)), len(encode(t, ten...)); b > 5*a {
		t.Errorf("one claim takes %d bytes and ten like it %d", a, b)
	}
}

func TestWhatCannotBeToldIsRefused(t *testing.T) {
	for what, change := range map[string]func(c *claims.Claim){
		"no number":        func(c *claims.Claim) { c.Confidence = math.NaN() },
		"without end":      func(c *claims.Claim) { c.Frame.Quantities[0].Max = math.Inf(1) },
		"far in the years": func(c *claims.Claim) { c.Frame.Time.End = time.Date(12024, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		c := full()
		change(&c)
		var e Encoder
		if _, err := e.Encode([]claims.Claim{c}); claims.CodeOf(err) != claims.CodeInvalid {
			t.Errorf("%s: error %v, want INVALID", what, err)
		}
		if _, err := e.Encode([]claims.Claim{full()}); err != nil {
			t.Errorf("after %s: %v", what, err)
		}
	}
}

// A byte that is flipped anywhere is noticed.
func TestDamageIsNoticed(t *testing.T) {
	whole := encode(t, full(), full())
	for i := range whole {
		whole[i] ^= 0x10
		if _, err := Parse(whole); claims.CodeOf(err) != claims.CodeCorrupt {
			t.Fatalf("byte %d: error %v, want CORRUPT", i, err)
		}
		whole[i] ^= 0x10
		if _, err := Parse(whole[:i]); claims.CodeOf(err) != claims.CodeCorrupt {
			t.Fatalf("cut at %d: error %v, want CORRUPT", i, err)
		}
	}
}

// FuzzBlock gives any bytes, with a checksum that holds, to the reader: it fails
// with CodeCorrupt, or what it read can be written and is read the same again.
func FuzzBlock(f *testing.F) {
	for _, b := range [][]byte{encode(f), encode(f, full()), encode(f, claims.Claim{}, full(), full())} {
		f.Add(b[:len(b)-checksumSize])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		k, err := Parse(sealed(body))
		var cs []claims.Claim
		if err == nil {
			cs, err = k.Claims()
		}
		if err != nil {
			if claims.CodeOf(err) != claims.CodeCorrupt {
				t.Errorf("error %v, want CORRUPT", err)
			}
			return
		}
		again, err := Parse(encode(t, cs...))
		if err != nil {
			t.Fatal(err)
		}
		read, err := again.Claims()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(cs, read, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-first +second):\n%s", diff)
		}
	})
}
