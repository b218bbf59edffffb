package copies

import (
	"slices"
	"testing"
)

// TestTextsAreComparedByTheirOwnWords: runs of words that two texts share outside
// quotations, and the quotations they share in one order.
func TestTextsAreComparedByTheirOwnWords(t *testing.T) {
	first := NewText(`The harbour master walked slowly along the frozen quay. "We never saw a thing," he said. "The lamp was out again," he added. `+
		`Later the crew lifted the broken mast onto the pier.`, 4)
	second := NewText(`Later the crew lifted the broken mast onto a barge. "We never saw a thing," said the master. `+
		`It was he who walked slowly along the frozen quay. "The lamp was out again," he said.`, 4)
	texts := func(ps []Passage, in func(Passage) string) (out []string) {
		for _, p := range ps {
			out = append(out, in(p))
		}
		return out
	}
	got := first.Passages(second)
	want := []string{"walked slowly along the frozen quay", "Later the crew lifted the broken mast onto"}
	if have := texts(got, func(p Passage) string { return p.A.Of(first.String()) }); !slices.Equal(have, want) {
		t.Errorf("passages of the first: %q, want %q", have, want)
	}
	if have := texts(got, func(p Passage) string { return p.B.Of(second.String()) }); !slices.Equal(have, want) {
		t.Errorf("passages of the second: %q, want %q", have, want)
	}
	var quotes []string
	for _, s := range first.Quotations(second) {
		quotes = append(quotes, s.Of(first.String()))
	}
	if len(quotes) != 2 {
		t.Errorf("quotations in one order: %q, want both", quotes)
	}
	if none := NewText("", 4).Passages(second); none != nil {
		t.Errorf("an empty text shares %v", none)
	}
}
