package match

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

func contextDocument(seq int64) *claims.Document {
	return &claims.Document{Seq: seq, Title: "Fire", Text: fmt.Sprintf("A fire destroyed %d houses in Zenda. Nobody was hurt.", seq)}
}

func TestContextsAreThoseOfTheirDocuments(t *testing.T) {
	c := NewContexts(1 << 20)
	for range 3 {
		for seq := range int64(300) { // more than there is room for; 0 is one that is not stored
			d := contextDocument(seq)
			if got := c.Of(d); !reflect.DeepEqual(got, NewContext(d)) {
				t.Fatalf("the context of document %d is another's", seq)
			}
		}
	}
	docs := []*claims.Document{contextDocument(5), contextDocument(299), contextDocument(1000)}
	for i, got := range c.All(docs) {
		if !reflect.DeepEqual(got, NewContext(docs[i])) {
			t.Errorf("of all, the context of document %d is another's", docs[i].Seq)
		}
	}
	if room := (1 << 20) / contextSize / 160; c.kept.Len() > room {
		t.Errorf("%d contexts are kept; there is room for %d", c.kept.Len(), room)
	}
}

func TestAContextOfAnErasedDocumentIsForgotten(t *testing.T) {
	c := NewContexts(1 << 20)
	d := contextDocument(7)
	c.Of(d)
	c.Forget([]int64{7, 8})
	c.Of(d) // by somebody who had read it before
	if n := c.kept.Len(); n > 0 {
		t.Errorf("%d contexts are still there", n)
	}
}

// What goes wrong over one document is for the caller to catch, as if he had made
// its context himself: it does not end the process.
func TestAPanicOverADocumentIsTheCallers(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("nothing was caught")
		}
	}()
	NewContexts(1 << 20).All([]*claims.Document{contextDocument(1), nil, contextDocument(2)})
}
