package recent_test

import (
	"testing"

	"github.com/secondsource/secondsource/internal/recent"
)

// What is asked for again and again stays, however much else comes by.
func TestWhatIsUsedStays(t *testing.T) {
	c := recent.New[int, string](20)
	c.Put(0, "used", 1)
	for i := 1; i < 1000; i++ {
		c.Put(i, "passing", 1)
		if v, ok := c.Get(0); !ok || v != "used" {
			t.Fatalf("after %d others: %q, %v", i, v, ok)
		}
		if c.Len() > 20 {
			t.Fatalf("%d values are kept", c.Len())
		}
	}
	if _, ok := c.Get(500); ok {
		t.Error("what passed long ago is kept")
	}
	if _, ok := c.Get(999); !ok {
		t.Error("what came last is gone")
	}
}

func TestWhatIsKeptStaysUntilItIsDropped(t *testing.T) {
	c := recent.New[string, int](100)
	c.Put("a", 1, 10)
	c.Put("a", 2, 10)
	if v, _ := c.Get("a"); v != 1 {
		t.Errorf("it became %d", v)
	}
	c.Delete("a")
	if _, ok := c.Get("a"); ok || c.Len() != 0 {
		t.Error("it is kept after it was deleted")
	}
	c.Put("a", 3, 10)
	c.Clear()
	if _, ok := c.Get("a"); ok {
		t.Error("it is kept after all was cleared")
	}
	var none recent.Cache[string, int]
	none.Put("a", 1, 1)
	none.Clear()
	if _, ok := none.Get("a"); ok {
		t.Error("the zero value keeps something")
	}
}
