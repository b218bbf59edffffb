package web

import (
	"slices"
	"strings"
)

// maxDiffer bounds the words of either text that are compared.
const maxDiffer = 300

// differing marks in each of two texts the words that the other has not in the same
// order: what is left beside their longest common row of words.
func differing(a, b string) (x, y []piece) {
	wa, wb := strings.Fields(a), strings.Fields(b)
	if len(wa) > maxDiffer || len(wb) > maxDiffer {
		return []piece{{a, false}}, []piece{{b, false}}
	}
	row := make([][]int, len(wa)+1)
	for i := range row {
		row[i] = make([]int, len(wb)+1)
	}
	for i, w := range slices.Backward(wa) {
		for j, o := range slices.Backward(wb) {
			if sameWord(w, o) {
				row[i][j] = row[i+1][j+1] + 1
			} else {
				row[i][j] = max(row[i+1][j], row[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(wa) || j < len(wb) {
		switch {
		case i < len(wa) && j < len(wb) && sameWord(wa[i], wb[j]):
			x, y = word(x, wa[i], false), word(y, wb[j], false)
			i, j = i+1, j+1
		case j == len(wb) || i < len(wa) && row[i+1][j] >= row[i][j+1]:
			x = word(x, wa[i], true)
			i++
		default:
			y = word(y, wb[j], true)
			j++
		}
	}
	return x, y
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
