package copies

import (
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/internal/cputime"
)

// TestTimeIsLinear: no text of an eighth of the largest size takes long. What is
// quadratic would take minutes.
func TestTimeIsLinear(t *testing.T) {
	const size = claims.MaxText / 8
	for name, piece := range map[string]string{
		"one word": "a ", "two words": "a b ", "no spaces": "a", "quotation marks": `"`, "opening marks": "“", "apostrophes": "'a ", "guillemets": "« a ",
		"lines": "\n", "open quotations before blank lines": "“a\n\n", "accents": "e\u0301\u0301", "not UTF-8": "\xff", "joiners": "a\u200d.", "boilerplate": "also read ",
		"sentences": "a. ", "Chinese": "北京", "a sentence over and over": "Nobody was hurt when the lock opened. ",
	} {
		a := strings.Repeat(piece, size/len(piece))
		b := a[:len(a)/2] + "x " + a[len(a)/2+2:]
		took := cputime.Of(func() {
			Compare(a, b)
			Sign(a)
		})
		if took > 10*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
	t.Logf("prose: %v", cputime.Of(func() { Compare(report(1, size/6), report(2, size/6)) }))
}
