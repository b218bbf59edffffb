package match

import (
	"strings"
	"testing"
)

// TestWordsOfNoKinAreNotAlike: a word that shares no key with a query's is like
// none of its words, for every word of the background table.
func TestWordsOfNoKinAreNotAlike(t *testing.T) {
	var all []*sense
	_, rest, _ := strings.Cut(backgroundTable, "\n")
	for row := range strings.Lines(rest) {
		stem, _, _ := strings.Cut(strings.TrimSpace(row), " ")
		all = append(all, senseOf(stem))
	}
	for _, phrasal := range []string{"step_down", "call_off", "person"} {
		all = append(all, senseOf(phrasal))
	}
	passed, asked := 0, 0
	for i := 0; i < len(all); i += 7 {
		q := all[i]
		k := kinOf([]*sense{q})
		for j := i % 3; j < len(all); j += 3 {
			related := k.related(all[j])
			if asked++; related {
				passed++
			}
			if v := q.same(all[j]); v > 0 && !related {
				t.Fatalf("%q and %q are alike (%.2f) and of no kin", q.stem, all[j].stem, v)
			}
		}
	}
	if passed*20 > asked {
		t.Errorf("%d of %d pairs are not told apart by their keys", passed, asked)
	}
}
