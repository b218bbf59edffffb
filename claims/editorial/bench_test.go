package editorial_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/editorial"
)

// BenchmarkFold folds a log of a hundred thousand judgements of all kinds.
func BenchmarkFold(b *testing.B) {
	const n = 100_000
	js := make([]claims.Judgement, n)
	for i := range js {
		x, y := fmt.Sprintf("s%d", i%9973), fmt.Sprintf("s%d", (i*7+1)%9973)
		switch i % 5 {
		case 0:
			js[i] = merge(x, y)
		case 1:
			js[i] = split(x, y+"x")
		case 2:
			js[i] = grade(x, "B")
		case 3:
			js[i] = undo(int64(i))
		default:
			js[i] = claims.Judgement{Kind: claims.SetStance, Subject: "documents/" + x + "/claims/1", Value: map[string]string{editorial.StanceValue: "REFUTES", editorial.TextValue: "The dam " + y + " broke"}}
		}
	}
	for b.Loop() {
		log(js...).State(time.Time{})
	}
}
