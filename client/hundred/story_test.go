package main

import (
	"bytes"
	"encoding/json"
	"testing"
)

// The same seed makes the same items, some of them copies, each with a text.
func TestItemsAreTheSameEveryTime(t *testing.T) {
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := write(w, 2000, 7); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two runs of one seed differ")
	}
	texts, publishers, n := map[string]int{}, map[string]int{}, 0
	for dec := json.NewDecoder(&a); dec.More(); n++ {
		var x item
		if err := dec.Decode(&x); err != nil {
			t.Fatal(err)
		}
		if x.Text == "" || x.Publisher == "" || x.PublishedAt.IsZero() {
			t.Fatalf("item %d lacks something: %+v", n, x)
		}
		texts[x.Text]++
		publishers[x.Publisher]++
	}
	if n != 2000 {
		t.Errorf("%d items, want 2000", n)
	}
	if copies := n - len(texts); copies < 150 || copies > 500 {
		t.Errorf("%d items are copies to the letter", copies)
	}
	most := 0
	for _, k := range publishers {
		most = max(most, k)
	}
	if most < 10*n/len(publishers) {
		t.Errorf("the busiest of %d publishers has %d items: there is no skew", len(publishers), most)
	}
}

// value reads a metric, and nothing from one whose name merely begins so.
func TestValue(t *testing.T) {
	const all = "# HELP heap bytes\nheap_more 1\nheap 2.5e+06\n"
	if got := value(all, "heap"); got != 2.5e6 {
		t.Errorf("heap is %v", got)
	}
	if got := value(all, "other"); got != 0 {
		t.Errorf("what is not there is %v", got)
	}
}
