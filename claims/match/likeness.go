package match

// sameAt is the likeness from which two statements say the same, tuned on the
// training part of MSRP.
const sameAt = 0.546

// numberCost is what each number that only one of two statements gives takes
// off their likeness, up to two.
const numberCost = 0.03

// repeatedCost is what words repeated side by side take off: of two statements that
// share as much, the one that repeats the other to the letter differs from it on
// purpose where it does.
const repeatedCost = 0.6

// Likeness is how alike two statements are, 0..1, whichever comes first: the mean
// of the share of meaning they have in common (words by rarity, synonyms counted),
// of words in common in the same order, and of the words of that one of which the
// other has less, less what is repeated to the letter, and what numbers of one alone
// take off. Time is the product of their lengths, of which at most mostWords words
// each are read.
func Likeness(a, b string) float64 {
	x, y := tokens(a), tokens(b)
	x, y = x[:min(len(x), mostWords)], y[:min(len(y), mostWords)]
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	p, n := covered(x, y)
	r, m := covered(y, x)
	meaning := 0.0
	if p+r > 0 {
		meaning = 2 * p * r / (p + r)
	}
	u, v := plainWords(x), plainWords(y)
	order := 2 * float64(longestInOrder(u, v)) / float64(len(u)+len(v))
	words := min(contained(u, v), contained(v, u))
	repeated := max(contained(pairsOf(u), pairsOf(v)), contained(pairsOf(v), pairsOf(u)))
	return max(0, (meaning+order+words-repeatedCost*repeated)/(3-repeatedCost)-numberCost*float64(min(n+m, 2)))
}

// Paraphrase tells whether two statements say the same.
func Paraphrase(a, b string) bool { return Likeness(a, b) >= sameAt }

// covered is the share of x's meaning that y has too, and how many numbers it
// has not.
func covered(x, y []token) (share float64, numbers int) {
	senses := sensesOf(y)
	total, have := 0.0, 0.0
	for _, t := range x {
		if t.stem == "" {
			continue
		}
		w := content(t.stem)
		if t.capital && !t.first {
			w *= 1.3
		}
		best := 0.0
		if senses[t.stem] != nil {
			best = 1
		} else {
			own := senseOf(t.stem)
			for _, s := range senses {
				best = max(best, own.same(s))
			}
		}
		total += w
		have += w * best
		if best == 0 && isNumberWord(t.lower) {
			numbers++
		}
	}
	if total == 0 {
		return 0, numbers
	}
	return have / total, numbers
}

// plainWords are the stems of words, those that carry no content as they stand.
func plainWords(ts []token) []string {
	out := make([]string, len(ts))
	for i, t := range ts {
		if out[i] = t.stem; t.stem == "" {
			out[i] = t.lower
		}
	}
	return out
}

// contained is the share of a list that stands in another too, each as often as it
// stands there; 1 of an empty one.
func contained[T comparable](a, b []T) float64 {
	if len(a) == 0 {
		return 1
	}
	left, both := make(map[T]int, len(b)), 0
	for _, w := range b {
		left[w]++
	}
	for _, w := range a {
		if left[w] > 0 {
			left[w]--
			both++
		}
	}
	return float64(both) / float64(len(a))
}

// pairsOf are the words that stand side by side.
func pairsOf(ws []string) [][2]string {
	out := make([][2]string, 0, len(ws))
	for i := range len(ws) - 1 {
		out = append(out, [2]string{ws[i], ws[i+1]})
	}
	return out
}

// longestInOrder is the length of the longest list of words that stands in both in the
// same order.
func longestInOrder(a, b []string) int {
	above, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for i := range a {
		for j := range b {
			if a[i] == b[j] {
				row[j+1] = above[j] + 1
			} else {
				row[j+1] = max(above[j+1], row[j])
			}
		}
		above, row = row, above
	}
	return above[len(b)]
}
