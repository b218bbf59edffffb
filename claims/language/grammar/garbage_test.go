//go:build !race

// The race detector makes sync.Pool forget at random, so that memory is
// allocated anew: what this file counts holds only without it.

package grammar

import (
	"strings"
	"testing"
)

func TestAnalyzeIntoMakesNoGarbage(t *testing.T) {
	words := strings.Fields("Police said on Monday that two men had been arrested in Lyon .")
	m := Default()
	var dst []Word
	dst = m.AnalyzeInto(words, dst)
	if n := testing.AllocsPerRun(200, func() { dst = m.AnalyzeInto(words, dst) }); n >= 1 {
		t.Errorf("%v allocations a sentence", n)
	}
}
