package match

import (
	"reflect"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// stump sends what is at most 1 to -1, the rest to 2.
var stump = Forest{Bias: 0.5, Trees: []Tree{{{Feature: 1, Left: 1, Right: 2, At: 1}, {Value: -1}, {Value: 2}}}}

func TestForestScores(t *testing.T) {
	for _, tt := range []struct {
		x    []float64
		want float64
	}{{[]float64{9, 1}, -0.5}, {[]float64{9, 1.5}, 2.5}, {nil, -0.5}} {
		if got := stump.Score(tt.x); got != tt.want {
			t.Errorf("Score(%v) = %v, want %v", tt.x, got, tt.want)
		}
	}
}

func TestForestIsReadAsWritten(t *testing.T) {
	b, err := stump.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	f, rest, err := readForest(append(b, "more"...))
	if err != nil || string(rest) != "more" || !reflect.DeepEqual(*f, stump) {
		t.Errorf("%+v, then %q, %v; want %+v", f, rest, err, stump)
	}
	for n := range b {
		if _, _, err := readForest(b[:n]); err == nil {
			t.Errorf("%d of %d bytes are read as a forest", n, len(b))
		}
	}
}

func FuzzForest(f *testing.F) {
	b, _ := stump.AppendBinary(nil)
	f.Add(b)
	f.Add(treeTable[:2000])
	f.Fuzz(func(_ *testing.T, b []byte) {
		if forest, _, err := readForest(b); err == nil {
			forest.Score([]float64{1, 2, 3}) // it ends
		}
	})
}

// The trees that are shipped know as many grounds as are measured, and none that
// may speak one way only speaks the other.
func TestTreesKeepToTheSigns(t *testing.T) {
	pro, con := Signs()
	for name, f := range map[string]struct {
		forest Forest
		signs  []int8
	}{"for": {forests().pro, pro}, "against": {forests().con, con}} {
		x := make([]float64, len(pro))
		for _, tree := range f.forest.Trees {
			for _, n := range tree {
				if n.Left != 0 && int(n.Feature) >= len(pro) {
					t.Fatalf("%s: a tree asks for ground %d of %d", name, n.Feature, len(pro))
				}
			}
		}
		for i, sign := range f.signs {
			for _, base := range []float64{0, 0.5, 1} {
				for k := range x {
					x[k] = base
				}
				x[i] = 0
				low := f.forest.Score(x)
				x[i] = 1
				if high := f.forest.Score(x); sign > 0 && high < low-1e-6 || sign < 0 && high > low+1e-6 {
					t.Errorf("%s: ground %d has sign %d, yet more of it takes %v to %v", name, i, sign, low, high)
				}
			}
		}
	}
}

func TestFiguresOf(t *testing.T) {
	for _, tt := range []struct {
		text  string
		value float64
		unit  string
		open  bool
	}{
		{"Twenty-six inmates broke out", 26, "", false},
		{"At least 1,140 people fled", 1140, "", true},
		{"a fee of €34m was agreed", 34e6, "€", false},
		{"turnout was 54.3 percent", 54.3, "%", false},
		{"some 2.3 billion euros", 2.3e9, "euros", false},
	} {
		fs := figuresOf(tokens(tt.text))
		if len(fs) != 1 || fs[0].value != tt.value || fs[0].unit != tt.unit || fs[0].open != tt.open {
			t.Errorf("%q: %+v, want %v %q %v", tt.text, fs, tt.value, tt.unit, tt.open)
		}
	}
}

// A word that every document of a story says tells less than one that few say,
// and a copy changes nothing.
func TestPrepareWeighsWordsByTheStory(t *testing.T) {
	doc := func(s string) *Context { return NewContext(&claims.Document{Text: s}) }
	a, b := doc("The ferry capsized near Elsen."), doc("The ferry left Elsen with a crew of nine.")
	q := claims.Claim{Text: "The ferry capsized near Elsen"}
	weights := func(docs ...*Context) map[string]float64 {
		r := NewReader(&q)
		r.Prepare(docs)
		m := map[string]float64{}
		for i, w := range r.q.words {
			m[w.stem] = r.idf[i]
		}
		return m
	}
	w := weights(a, b)
	if w["capsiz"] <= w["ferri"] {
		t.Errorf("capsize %v, ferry %v", w["capsiz"], w["ferri"])
	}
	if x := weights(a, b, doc("The ferry capsized near Elsen."), doc("Bread is dearer in Zenda.")); !reflect.DeepEqual(x, w) {
		t.Errorf("a copy and another story make %v of %v", x, w)
	}
}
