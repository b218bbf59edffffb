package match

import "math"

// The features of the second look at two mentions, from the chances of all pairs
// of their story at first sight.
const (
	aLogit      = iota // of the chance at first sight
	aChance            // the chance itself
	aCompany           // cosine of their chances with all others
	aCommon            // others that both are likely one with, beside those that one is
	aRival             // how much likelier one of them is one with another mention in the document of the other
	aRivals            // the same of both, the lower
	aRivalLogit        // the same as aRival, between logits
	aBetter            // how much likelier one of them is one with any other
	aBetterBoth        // the same of both, the lower
	aFewer             // log of how many others it is expected to be one with, of the lower
	aMore              // of the higher
	aBoth              // chance and company
	nAgain
)

// againFeatures are the features of the second look.
type againFeatures [nAgain]float64

// secondLook knows the chances at first sight.
type secondLook struct {
	first             [][]float64
	told              []*eventMention
	sum, squares, top []float64
	// best are a mention's two highest chances with those of one document.
	best []map[*eventDoc][2]float64
}

// lookAgain prepares the second look. first is kept.
func (s *eventSet) lookAgain(first [][]float64) *secondLook {
	n := len(s.told)
	l := &secondLook{first, s.told, make([]float64, n), make([]float64, n), make([]float64, n), make([]map[*eventDoc][2]float64, n)}
	for i := range n {
		l.best[i] = map[*eventDoc][2]float64{}
		for k, p := range first[i] {
			if k == i {
				continue
			}
			l.sum[i] += p
			l.squares[i] += p * p
			l.top[i] = max(l.top[i], p)
			b := l.best[i][s.told[k].doc]
			switch {
			case p > b[0]:
				b[0], b[1] = p, b[0]
			case p > b[1]:
				b[1] = p
			}
			l.best[i][s.told[k].doc] = b
		}
	}
	return l
}

// rival is the highest chance of mention i with another one in the document of j.
func (l *secondLook) rival(i, j int) float64 {
	b := l.best[i][l.told[j].doc]
	if b[0] == l.first[i][j] {
		return b[1]
	}
	return b[0]
}

func (l *secondLook) features(i, j int) againFeatures {
	p := l.first[i][j]
	dot := 0.0
	for k := range l.first {
		if k != i && k != j {
			dot += l.first[i][k] * l.first[j][k]
		}
	}
	company := 0.0
	if a, b := l.squares[i]-p*p, l.squares[j]-p*p; a > 1e-12 && b > 1e-12 {
		company = dot / math.Sqrt(a*b)
	}
	x, y := l.rival(i, j), l.rival(j, i)
	few, many := min(l.sum[i], l.sum[j]), max(l.sum[i], l.sum[j])
	return againFeatures{
		aLogit: logit(p, 1e-4), aChance: p, aCompany: company, aCommon: dot / (1 + few),
		aRival: max(x, y) - p, aRivals: min(x, y) - p, aRivalLogit: logit(max(x, y), 1e-2) - logit(p, 1e-2),
		aBetter: max(l.top[i], l.top[j]) - p, aBetterBoth: min(l.top[i], l.top[j]) - p,
		aFewer: math.Log1p(few), aMore: math.Log1p(many), aBoth: p * company,
	}
}

// logit of a chance, which is kept from 0 and 1 by little.
func logit(p, little float64) float64 { return math.Log((p + little) / (1 - p + little)) }
