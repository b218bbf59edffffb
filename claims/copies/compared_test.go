package copies

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestComparedAgreesWithCompare asks for more pairs than are kept, both ways, and
// after forgetting.
func TestComparedAgreesWithCompare(t *testing.T) {
	var texts []string
	for i := range 300 {
		words := make([]string, 12)
		for k := range words {
			words[k] = fmt.Sprintf("word%d", (i/7*3+k)%40)
		}
		texts = append(texts, strings.Join(words, " "))
	}
	c := NewCompared()
	check := func(i, j int, docA, docB int64) {
		t.Helper()
		if got, want := c.Compare(texts[i], texts[j], docA, docB), Compare(texts[i], texts[j]); got != want {
			t.Fatalf("%d and %d: %+v, want %+v", i, j, got, want)
		}
	}
	for round := range 2 {
		for i := range texts {
			for j := range i {
				check(i, j, int64(i+1), int64(j+1))
			}
		}
		check(3, 9, 4, 10)
		check(9, 3, 10, 4)
		check(0, 5, 0, 0) // not stored: not remembered
		check(7, 5, 0, 0)
		if round == 0 {
			c.Forget()
		}
	}
}

// A few texts are ranked as a detector of thousands ranks them.
func TestFewAreRankedAsByADetector(t *testing.T) {
	var all []string
	for i := range 60 {
		all = append(all, report(uint64(i/4), 60+i)+" "+report(uint64(i), 20))
	}
	all = append(all, "", "one", story, story)
	detector, few := NewDetector(), Few{}
	for i, text := range all {
		s := Sign(text)
		for _, most := range []int{0, 1, 3, 100} {
			if got, want := few.Similar(s, most), detector.Similar(s, most); !slices.Equal(got, want) {
				t.Fatalf("%d, %d at most: %v, want %v", i, most, got, want)
			}
		}
		detector.Add(int64(i+1), s)
		few.Add(int64(i+1), s)
	}
}

// What was made ready goes once a document was erased.
func TestTextsMadeReadyAreForgotten(t *testing.T) {
	c := NewCompared()
	c.Sign("one two three four five six", 1)
	if c.texts.Len() != 1 {
		t.Fatalf("%d texts are kept", c.texts.Len())
	}
	c.Forget()
	if c.texts.Len() != 0 {
		t.Errorf("%d texts are kept after all was forgotten", c.texts.Len())
	}
}
