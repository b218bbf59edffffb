package web

import "strings"

// maxDiffer bounds the words of either text that are compared.
const maxDiffer = 300

// differing marks in each of two texts the words that the other has not in the same
// order: what is left beside their longest common row of words.
func differing(a, b string) (x, y []piece) {
	wa, wb := strings.Fields(a), strings.Fields(b)
	if len(wa) > maxDiffer || len(wb) > maxDiffer {
		return []piece{{a, false}}, []piece{{b, false}}
	}
	inOrder(len(wa), len(wb), func(i, j int) bool { return sameWord(wa[i], wb[j]) }, func(i, j int) {
		if i >= 0 {
			x = word(x, wa[i], j < 0)
		}
		if j >= 0 {
			y = word(y, wb[j], i < 0)
		}
	})
	return x, y
}

// inOrder goes through two rows of so many things by their longest common row: step
// gets the places of two that are the same, or that of one alone, and -1.
func inOrder(a, b int, same func(i, j int) bool, step func(i, j int)) {
	left := make([][]int, a+1) // of the longest common row, from here on
	for i := range left {
		left[i] = make([]int, b+1)
	}
	for i := a - 1; i >= 0; i-- {
		for j := b - 1; j >= 0; j-- {
			if same(i, j) {
				left[i][j] = left[i+1][j+1] + 1
			} else {
				left[i][j] = max(left[i+1][j], left[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < a || j < b; {
		switch {
		case i < a && j < b && same(i, j):
			step(i, j)
			i, j = i+1, j+1
		case j == b || i < a && left[i+1][j] >= left[i][j+1]:
			step(i, -1)
			i++
		default:
			step(-1, j)
			j++
		}
	}
}

func sameWord(a, b string) bool {
	const marks = ".,;:!?\"'()“”‘’"
	return strings.EqualFold(strings.Trim(a, marks), strings.Trim(b, marks))
}

// word appends a word to the last piece, or as a new one.
func word(ps []piece, w string, mark bool) []piece {
	n := len(ps)
	switch {
	case n == 0:
		return []piece{{w, mark}}
	case ps[n-1].Mark == mark:
		ps[n-1].Text += " " + w
		return ps
	case ps[n-1].Mark:
		return append(ps, piece{" " + w, mark})
	default:
		ps[n-1].Text += " "
		return append(ps, piece{w, mark})
	}
}
