package match

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Forest is a sum of regression trees, boosted (Friedman, 2001): the logit of
// what its command was fitted to tell.
type Forest struct {
	Bias  float64
	Trees []Tree
}

// Tree is a binary tree, its root first.
type Tree []Node

// Node sends x[Feature] <= At to Left, the rest to Right; a leaf has Left 0 and
// adds Value.
type Node struct {
	Feature     uint16
	Left, Right uint16
	At, Value   float32
}

// Score is the logit of x; a feature that x lacks is 0.
func (f *Forest) Score(x []float64) float64 {
	sum := f.Bias
	for _, t := range f.Trees {
		k := uint16(0)
		for t[k].Left != 0 {
			v := 0.0
			if int(t[k].Feature) < len(x) {
				v = x[t[k].Feature]
			}
			if float32(v) <= t[k].At {
				k = t[k].Left
			} else {
				k = t[k].Right
			}
		}
		sum += float64(t[k].Value)
	}
	return sum
}

const forestMagic = "SSFO\x00\x00\x00\x01"

// Limits of a stored forest.
const (
	maxTrees = 4096
	maxNodes = 255
)

// AppendBinary writes the forest, little endian: magic, bias, number of trees, and
// for each its number of nodes and the nodes.
func (f *Forest) AppendBinary(b []byte) ([]byte, error) {
	w := bytes.NewBuffer(append(b, forestMagic...))
	if len(f.Trees) > maxTrees {
		return nil, fmt.Errorf("%d trees; the limit is %d", len(f.Trees), maxTrees)
	}
	put := func(v any) { _ = binary.Write(w, binary.LittleEndian, v) } // a buffer takes everything
	put(f.Bias)
	put(uint32(len(f.Trees)))
	for _, t := range f.Trees {
		if len(t) == 0 || len(t) > maxNodes {
			return nil, fmt.Errorf("a tree of %d nodes", len(t))
		}
		put(uint16(len(t)))
		put([]Node(t))
	}
	return w.Bytes(), nil
}

// readForest reads one forest from the head of b and returns what follows it.
func readForest(b []byte) (*Forest, []byte, error) {
	if !bytes.HasPrefix(b, []byte(forestMagic)) {
		return nil, nil, errors.New("no forest")
	}
	r := bytes.NewReader(b[len(forestMagic):])
	get := func(v any) error { return binary.Read(r, binary.LittleEndian, v) }
	f := &Forest{}
	var n uint32
	if err := errors.Join(get(&f.Bias), get(&n)); err != nil {
		return nil, nil, err
	}
	if n > maxTrees || math.IsNaN(f.Bias) {
		return nil, nil, fmt.Errorf("a forest of %d trees", n)
	}
	for range n {
		var m uint16
		if err := get(&m); err != nil {
			return nil, nil, err
		}
		if m == 0 || m > maxNodes {
			return nil, nil, fmt.Errorf("a tree of %d nodes", m)
		}
		t := make(Tree, m)
		if err := get([]Node(t)); err != nil {
			return nil, nil, err
		}
		for k, x := range t {
			// Children stand behind their parents, so every walk ends.
			if x.Left != 0 && (int(x.Left) <= k || int(x.Right) <= k || x.Left >= m || x.Right >= m) {
				return nil, nil, errors.New("a tree that does not end")
			}
		}
		f.Trees = append(f.Trees, t)
	}
	return f, b[len(b)-r.Len():], nil
}
