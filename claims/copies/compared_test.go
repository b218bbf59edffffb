package copies

import (
	"fmt"
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
