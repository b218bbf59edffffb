package match

// square is a symmetric table of n*n likenesses.
func square(n int, like func(i, j int) float64) [][]float64 {
	t := make([][]float64, n)
	for i := range t {
		t[i] = make([]float64, n)
	}
	for i := range n {
		for j := range i {
			v := like(i, j)
			t[i][j], t[j][i] = v, v
		}
	}
	return t
}

// group joins what is alike, the likest two groups first, as long as their
// average likeness is at least at (UPGMA); it returns the group of each item,
// numbered in order of their first item. It changes like. Time is cubic in n at
// worst.
func group(like [][]float64, at float64) []int {
	n := len(like)
	size, of := make([]int, n), make([]int, n)
	for i := range n {
		size[i], of[i] = 1, i
	}
	best := make([]int, n) // likest partner with a higher number
	find := func(i int) {
		best[i] = -1
		for j := i + 1; j < n; j++ {
			if size[j] > 0 && (best[i] < 0 || like[i][j] > like[i][best[i]]) {
				best[i] = j
			}
		}
	}
	for i := range n {
		find(i)
	}
	for {
		a := -1
		for i := range n {
			if size[i] > 0 && best[i] >= 0 && (a < 0 || like[i][best[i]] > like[a][best[a]]) {
				a = i
			}
		}
		if a < 0 || like[a][best[a]] < at {
			break
		}
		b := best[a]
		for k := range n {
			if size[k] > 0 && k != a && k != b {
				v := (like[a][k]*float64(size[a]) + like[b][k]*float64(size[b])) / float64(size[a]+size[b])
				like[a][k], like[k][a] = v, v
			}
		}
		size[a] += size[b]
		size[b] = 0
		for k := range n {
			if of[k] == b {
				of[k] = a
			}
		}
		for i := range n {
			if size[i] > 0 && (i == a || best[i] == a || best[i] == b || i < a) {
				find(i)
			}
		}
	}
	number := map[int]int{}
	out := make([]int, n)
	for i := range n {
		if _, ok := number[of[i]]; !ok {
			number[of[i]] = len(number)
		}
		out[i] = number[of[i]]
	}
	return out
}
