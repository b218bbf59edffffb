package main

import (
	"reflect"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

func testWords(t *testing.T) *vocabulary {
	t.Helper()
	words, err := newVocabulary("../../claims/match/background.txt")
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// The same seed makes the same documents and questions, so that two runs measure
// the same work.
func TestACorpusIsTheSameEveryTime(t *testing.T) {
	words := testWords(t)
	a, b := newCorpus(words, 5), newCorpus(words, 5)
	if x, y := a.write(300), b.write(300); !reflect.DeepEqual(x, y) {
		t.Error("two corpora of one seed differ")
	}
	if x, y := a.ask(20, 3), b.ask(20, 3); !reflect.DeepEqual(x, y) {
		t.Error("two lists of questions of one seed differ")
	}
}

// Every span of a made-up claim is the text that the claim says it is: a store
// and a reader may rely on it as on what extraction gives.
func TestSpansOfTheCorpusHold(t *testing.T) {
	for _, w := range newCorpus(testWords(t), 5).write(500) {
		for _, c := range w.claims {
			if got := c.MainSpan().Of(w.doc.Text); got != c.Text {
				t.Fatalf("the evidence of %q is %q", c.Text, got)
			}
			for _, a := range c.Frame.Arguments {
				if got := a.Span.Of(w.doc.Text); !strings.EqualFold(got, a.Text) {
					t.Errorf("%q: the argument %q stands at %q", c.Text, a.Text, got)
				}
			}
			for _, q := range c.Frame.Quantities {
				if got := q.Span.Of(w.doc.Text); got != q.Text {
					t.Errorf("%q: the number %q stands at %q", c.Text, q.Text, got)
				}
			}
			for _, h := range c.Attribution.Hops {
				if h.Manner == claims.Indirect && (h.SourceSpan.Of(w.doc.Text) != h.Mention || h.CueSpan.Of(w.doc.Text) != "said") {
					t.Errorf("%q: %q is said by %q", c.Text, h.SourceSpan.Of(w.doc.Text), h.CueSpan.Of(w.doc.Text))
				}
			}
		}
	}
}
