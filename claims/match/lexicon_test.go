package match

import (
	"bytes"
	"testing"
)

func TestSame(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query, other string
		low, high          float64
	}{
		{"one word", "collapse", "collapse", 1, 1},
		{"synonyms", "buy", "purchase", 0.8, 0.9},
		{"derived", "lose", "loss", 0.8, 1},
		{"the query is more general", "vessel", "boat", 0.65, 0.9},
		{"people", "people", "guard", 0.8, 0.8},
		{"news words", "sack", "relieve", 0.8, 0.9},
		{"antonyms are not alike", "rise", "fall", 0, 0},
		{"sisters are not alike", "truck", "bus", 0, 0},
		{"strangers", "barge", "minister", 0, 0},
		{"unknown words", "zenda", "hentzau", 0, 0},
		{"nothing", "", "barge", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Same(Stem(tt.query), Stem(tt.other)); got < tt.low || got > tt.high {
				t.Errorf("Same(%q, %q) is %v; want %v to %v", tt.query, tt.other, got, tt.low, tt.high)
			}
		})
	}
}

func TestOpposite(t *testing.T) {
	t.Parallel()
	for _, p := range [...][2]string{{"rise", "fall"}, {"guilty", "innocent"}, {"accept", "reject"}, {"dead", "alive"}, {"win", "lose"}} {
		if !opposite(Stem(p[0]), Stem(p[1])) || !opposite(Stem(p[1]), Stem(p[0])) {
			t.Errorf("%q and %q are no opposites", p[0], p[1])
		}
	}
	if opposite("bridg", "barg") {
		t.Error("a bridge is the opposite of a barge")
	}
}

func TestStemsFoldPhrases(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"lost their lives":        "die",
		"was taken into custody":  "arrest",
		"stepped down":            "step_down",
		"called off":              "call_off",
		"was found not guilty":    "acquit",
		"Equatorial Guinea's men": "equatorialguinea",
	} {
		ss := Stems(text)
		found := false
		for _, s := range ss {
			found = found || s == want
		}
		if !found {
			t.Errorf("%q gives %v, without %q", text, ss, want)
		}
	}
}

// sample is a small source: two words of one synset, one more general.
func sample() LexiconSource {
	return LexiconSource{
		Words: []LexiconWord{
			{"barg", []LexiconSense{{0, 0}}}, {"boat", []LexiconSense{{1, 0}}}, {"lighter", []LexiconSense{{0, 1}, {2, 3}}}, {"pilot", []LexiconSense{{3, 0}}},
		},
		Synsets: []LexiconSynset{{Up: []int{1}}, {}, {Beside: []int{0, 1}, Against: []int{3}}, {Person: true}},
	}
}

func TestLexiconFile(t *testing.T) {
	t.Parallel()
	b, err := EncodeLexicon(sample())
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := EncodeLexicon(sample()); !bytes.Equal(b, again) {
		t.Error("the same source gives other bytes")
	}
	f, err := openLexicon(string(b))
	if err != nil {
		t.Fatal(err)
	}
	if m := f.find("lighter"); len(m) != 2 || m[0] != (meaning{0, 1, false}) || m[1] != (meaning{2, 3, false}) {
		t.Errorf("lighter: %+v", m)
	}
	if m := f.find("pilot"); len(m) != 1 || !m[0].person {
		t.Errorf("pilot: %+v", m)
	}
	for _, w := range [...]string{"", "a", "boats", "zz"} {
		if m := f.find(w); m != nil {
			t.Errorf("%q: %+v", w, m)
		}
	}
	for n := range b {
		if _, err := openLexicon(string(b[:n])); err == nil {
			t.Fatalf("%d bytes of %d pass", n, len(b))
		}
	}
	if _, err := EncodeLexicon(LexiconSource{Words: []LexiconWord{{"b", nil}, {"a", nil}}}); err == nil {
		t.Error("words out of order pass")
	}
	if _, err := EncodeLexicon(LexiconSource{Words: []LexiconWord{{"a", []LexiconSense{{7, 0}}}}}); err == nil {
		t.Error("a sense without a synset passes")
	}
}

// The lexicon that ships opens, and is not a stub.
func TestLexiconShipped(t *testing.T) {
	t.Parallel()
	f, err := openLexicon(lexiconTable)
	if err != nil {
		t.Fatal(err)
	}
	if f.words < 30000 || f.synsets < 30000 {
		t.Errorf("%d words, %d synsets", f.words, f.synsets)
	}
}

// Any bytes: no panic, and what is read lies within the table.
func FuzzLexicon(f *testing.F) {
	b, err := EncodeLexicon(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b, "lighter")
	f.Add(b[:40], "boat")
	f.Fuzz(func(t *testing.T, b []byte, word string) {
		l, err := openLexicon(string(b))
		if err != nil {
			return
		}
		for _, m := range l.find(word) {
			if m.synset >= l.synsets {
				t.Fatalf("synset %d of %d", m.synset, l.synsets)
			}
			l.relation(l.upEnds, l.up, m.synset, func(k int) {
				if k >= l.synsets {
					t.Fatalf("synset %d of %d", k, l.synsets)
				}
			})
		}
	})
}
