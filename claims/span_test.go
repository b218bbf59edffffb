package claims_test

import (
	"testing"

	"github.com/secondsource/secondsource/claims"
)

func TestSpanOf(t *testing.T) {
	const text = "café burned" // é is two bytes
	for _, tt := range []struct {
		span claims.Span
		want string
	}{
		{claims.Span{Start: 0, End: 5}, "café"},
		{claims.Span{Start: 6, End: 12}, "burned"},
		{claims.Span{Start: 3, End: 3}, ""},
		{claims.Span{Start: 0, End: 13}, ""}, // past the end
		{claims.Span{Start: -1, End: 2}, ""},
		{claims.Span{Start: 5, End: 2}, ""}, // backwards
	} {
		if got := tt.span.Of(text); got != tt.want {
			t.Errorf("%v of %q is %q, want %q", tt.span, text, got, tt.want)
		}
	}
}

func TestTwoSpans(t *testing.T) {
	for _, tt := range []struct {
		name     string
		a, b     claims.Span
		overlap  int
		contains bool
		cover    claims.Span
	}{
		{"apart", claims.Span{Start: 0, End: 3}, claims.Span{Start: 5, End: 8}, 0, false, claims.Span{Start: 0, End: 8}},
		{"side by side share nothing", claims.Span{Start: 0, End: 3}, claims.Span{Start: 3, End: 6}, 0, false, claims.Span{Start: 0, End: 6}},
		{"crossing", claims.Span{Start: 0, End: 5}, claims.Span{Start: 3, End: 8}, 2, false, claims.Span{Start: 0, End: 8}},
		{"one in the other", claims.Span{Start: 0, End: 9}, claims.Span{Start: 3, End: 5}, 2, true, claims.Span{Start: 0, End: 9}},
		{"the same", claims.Span{Start: 2, End: 4}, claims.Span{Start: 2, End: 4}, 2, true, claims.Span{Start: 2, End: 4}},
		{"an empty one adds nothing to the cover", claims.Span{Start: 5, End: 8}, claims.Span{}, 0, false, claims.Span{Start: 5, End: 8}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.a.Overlap(tt.b); got != tt.overlap || tt.b.Overlap(tt.a) != got {
				t.Errorf("overlap %d and %d, want %d", got, tt.b.Overlap(tt.a), tt.overlap)
			}
			if got := tt.a.Contains(tt.b); got != tt.contains {
				t.Errorf("contains: %v", got)
			}
			if got := tt.a.Cover(tt.b); got != tt.cover || tt.b.Cover(tt.a) != got {
				t.Errorf("cover %v and %v, want %v", got, tt.b.Cover(tt.a), tt.cover)
			}
		})
	}
}
