package core

import "testing"

// silent scores nothing, so that a parse goes where the oracle lets it.
type silent struct{}

func (silent) ScoreClasses([]uint32, []int32) {}

// randomTree hangs the words from..to on head or on one another, projectively.
func randomTree(heads []int, from, to, head int, next func(n int) int) {
	if from >= to {
		return
	}
	root := from + next(to-from)
	heads[root] = head
	for lo := from; lo < root; {
		hi := lo + 1 + next(root-lo)
		randomTree(heads, lo, hi, root, next)
		lo = hi
	}
	for lo := root + 1; lo < to; {
		hi := lo + 1 + next(to-lo)
		randomTree(heads, lo, hi, root, next)
		lo = hi
	}
}

// TestOracleReachesGold: whoever takes only transitions that the oracle calls
// harmless ends with the gold tree and its labels.
func TestOracleReachesGold(t *testing.T) {
	const root, labels = 2, 4
	acts := []Action{{Kind: Shift}, {Kind: Reduce}}
	for l := range uint8(labels) {
		acts = append(acts, Action{Left, l}, Action{Right, l})
	}
	x := uint32(1)
	next := func(n int) int {
		x = x*1664525 + 1013904223
		return int(x>>8) % n
	}
	info := DescribeTags([]string{"NOUN|NN"})
	var s Scratch
	for n := 1; n < 60; n++ {
		heads, gold := make([]int, n), make([]uint8, n)
		randomTree(heads, 0, n, n, next)
		for i, h := range heads {
			gold[i] = root
			for h < n && gold[i] == root {
				gold[i] = uint8(next(labels))
			}
		}
		s.Prepare(make([]string, n), make([]uint8, n), info)
		s.LearnGreedy(heads, gold, acts, root, silent{}, func() bool { return false }, func(_ []uint32, _ []int32, good, bad int) {
			if good < 0 || bad < 0 {
				t.Fatalf("choice of %d against %d", good, bad)
			}
		})
		for i := range n {
			if nd := s.state.nodes[i]; int(nd.head) != heads[i] || nd.lab-1 != gold[i] {
				t.Fatalf("%d words: word %d has head %d and label %d, want %d and %d", n, i, nd.head, nd.lab-1, heads[i], gold[i])
			}
		}
	}
}
