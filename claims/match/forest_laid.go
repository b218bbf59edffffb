package match

// laidForest is a forest laid out to be walked quickly: all nodes in one list, and a
// leaf that leads to itself, so that every walk of a tree takes as many steps and
// the processor guesses none of them.
type laidForest struct {
	bias  float64
	trees []laidTree
	nodes []laidNode
	width int // features that it asks for
}

type laidTree struct{ root, depth int32 }

type laidNode struct {
	at      float32
	feature int32
	next    [2]int32 // where x <= at, and where not
	value   float32
}

// laid lays a forest out.
func (f *Forest) laid() *laidForest {
	l := &laidForest{bias: f.Bias, width: 1}
	for _, t := range f.Trees {
		root, depth := int32(len(l.nodes)), make([]int32, len(t))
		tree := laidTree{root: root}
		for k, n := range t { // children stand behind their parents
			x := laidNode{at: n.At, feature: int32(n.Feature), next: [2]int32{root + int32(n.Left), root + int32(n.Right)}, value: n.Value}
			if n.Left == 0 {
				x.feature, x.next = 0, [2]int32{root + int32(k), root + int32(k)}
			} else {
				depth[n.Left], depth[n.Right] = depth[k]+1, depth[k]+1
				tree.depth = max(tree.depth, depth[k]+1)
				l.width = max(l.width, int(n.Feature)+1)
			}
			l.nodes = append(l.nodes, x)
		}
		l.trees = append(l.trees, tree)
	}
	return l
}

// score is Forest.Score of what widened gives.
func (l *laidForest) score(x []float32) float64 {
	sum, nodes := l.bias, l.nodes
	for _, t := range l.trees {
		k := t.root
		for range t.depth {
			n := &nodes[k]
			right := 1
			if x[n.feature] <= n.at {
				right = 0
			}
			k = n.next[right&1]
		}
		sum += float64(nodes[k].value)
	}
	return sum
}

// widened appends features to an empty list, as the trees compare them, and zeros
// for those that are lacking.
func widened(into []float32, x []float64, width int) []float32 {
	for _, v := range x {
		into = append(into, float32(v))
	}
	for len(into) < width {
		into = append(into, 0)
	}
	return into
}
