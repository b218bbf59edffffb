package language

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checkTrees holds every sentence to being a tree: one root, and every other
// token hangs below it.
func checkTrees(t *testing.T, x *Text) {
	t.Helper()
	for n := range x.Sentences {
		s := &x.Sentences[n]
		roots := 0
		for _, i := range s.Tokens {
			if x.Tokens[i].Head < 0 {
				roots++
				if i != s.Root {
					t.Fatalf("sentence %d: token %q has no head and is no root", n, x.Tokens[i].Text)
				}
			}
			k, steps := i, 0
			for ; k >= 0 && steps <= len(s.Tokens); steps++ {
				k = x.Tokens[k].Head
			}
			if k >= 0 {
				t.Fatalf("sentence %d: token %q hangs on itself", n, x.Tokens[i].Text)
			}
		}
		if len(s.Tokens) > 0 && roots != 1 {
			t.Fatalf("sentence %d: %d roots", n, roots)
		}
	}
}

// What is mended stays a tree, and reads as it should: a word, its relation and
// what it hangs on.
func TestRepair(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, word, rel, head string }{
		{"The market fell after the strike over wages began on Monday.", "strike", "nsubj", "began"},
		{"Fires burned in Ruritz, the region's largest town.", "town", "appos", "Ruritz"},
		{"The firm said the bridge had failed twice.", "bridge", "nsubj", "failed"},
		{"Dorn, who shares a name with the man she met, was released on Friday.", "Dorn", "nsubj:pass", "released"},
		{"The land has an open, honest government.", "an", "det", "government"},
		{"Three men arrived on Friday at Bel Amar crossing.", "Amar", "compound", "crossing"},
		// A noun right before a name says what it names.
		{"The airline Nordwind said it would cut 300 jobs.", "Nordwind", "nsubj", "said"},
		{"A spokesman for hospital operator MediPlus said three patients had died.", "MediPlus", "nmod", "spokesman"},
		{"Mining group Kallax, which employs 2,000 people, said it would appeal.", "group", "compound", "Kallax"},
		{"Airline Nordwind has cancelled 40 flights.", "Nordwind", "nsubj", "cancelled"},
		{"Chief executive Maria Lopez of shipping group Maersund told Reuters the vessel had sunk.", "Maria", "nsubj", "told"},
		{"The mayor of Port Elsen resigned on Tuesday.", "Port", "nmod", "mayor"},
		{"A court in Orta on Tuesday sentenced former minister Tomas Rell to six years in prison.", "Tuesday", "obl", "sentenced"},
		{"Two people familiar with the matter said the pipeline will reopen.", "people", "nsubj", "said"},
		{"The number of people killed in the floods has risen to 34.", "number", "nsubj", "risen"},
		{"Three people were killed and five wounded when a bus overturned near Halden on Sunday.", "bus", "nsubj", "overturned"},
		{"Shares in Brandt fell 8% after the company warned that profits would be lower.", "company", "nsubj", "warned"},
	}
	for _, tt := range tests {
		x := English().Annotate(tt.text, Meta{Language: "en"})
		checkTrees(t, x)
		found := false
		for i := range x.Tokens {
			if k := &x.Tokens[i]; k.Text == tt.word && k.Rel == tt.rel && k.Head >= 0 && x.Tokens[k.Head].Text == tt.head {
				found = true
			}
		}
		if !found {
			t.Errorf("%q: %q is not %s of %q", tt.text, tt.word, tt.rel, tt.head)
		}
	}
}

// What stands in brackets does not take words from the sentence around it.
func TestBrackets(t *testing.T) {
	t.Parallel()
	x := English().Annotate("Ana Dorn (born in Zenda in 1971) won the race (which she had lost twice) on Friday.", Meta{Language: "en"})
	checkTrees(t, x)
	root := x.Sentences[0].Root
	if x.Tokens[root].Text != "won" || x.Child(root, "nsubj") != 0 && x.Tokens[x.Child(root, "nsubj")].Text != "Dorn" {
		t.Errorf("root %q", x.Tokens[root].Text)
	}
}

func FuzzTrees(f *testing.F) {
	files, _ := filepath.Glob("../extract/testdata/*.txt")
	for _, name := range files {
		if b, err := os.ReadFile(name); err == nil {
			f.Add(string(b))
			f.Add(strings.ReplaceAll(string(b), " the ", " (the) "))
		}
	}
	f.Add("A, whose b said c, of d, whose e (f) was g; and h, the i, who told j k l and m | n 08:31 — Arrests: 14, an o, p q and r-s t.")
	f.Fuzz(func(t *testing.T, text string) {
		checkTrees(t, English().Annotate(strings.ToValidUTF8(text[:min(len(text), 1<<12)], "?"), Meta{Language: "en"}))
	})
}
