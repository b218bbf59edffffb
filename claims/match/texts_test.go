package match

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

func TestHolds(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		claim, text string
		want        bool
	}{
		{"Ilse Brandt was born in Strelsau", "She was born in Strelsau in 1961.", true},
		{"Ilse Brandt was born in Zenda", "She was born in Strelsau in 1961.", false},
		{"Nordkai Towage owns four tugs", "The company owns four tugs and a barge.", true},
		{"Nordkai Towage owns nine tugs", "The company owns four tugs and a barge.", false},
		{"The Heron is not a tanker", "The Heron is a tanker built in 1990.", false},
		{"The Heron is not a tanker", "The Heron is a ferry built in 1990.", true},
		{"The crew was paid", "The crew was never paid.", false},
	} {
		if got := Holds(x.claim, x.text); got != x.want {
			t.Errorf("Holds(%q, %q) = %v", x.claim, x.text, got)
		}
	}
}

func TestParaphrase(t *testing.T) {
	t.Parallel()
	a := "The harbour was closed to large ships after the collision, the port authority said."
	for _, x := range []struct {
		b    string
		want bool
	}{
		{"After the collision the harbour was shut to large vessels, said the port authority.", true},
		{"The port authority said it would buy three new tugs next year.", false},
	} {
		if got := Paraphrase(a, x.b); got != x.want {
			t.Errorf("Paraphrase(…, %q) = %v, likeness %.2f", x.b, got, Likeness(a, x.b))
		}
		if p, q := Likeness(a, x.b), Likeness(x.b, a); p != q {
			t.Errorf("likeness of %q is %v one way and %v the other", x.b, p, q)
		}
	}
	if l := Likeness(a, a); l < 0.99 {
		t.Errorf("a statement is %.2f like itself", l)
	}
}

func TestBearing(t *testing.T) {
	t.Parallel()
	const headline = "Giant squid washed ashore at Strelsau harbour"
	for _, x := range []struct {
		text string
		want Bearing
	}{
		{"A giant squid nine metres long washed ashore at Strelsau harbour on Monday. Children took pictures of the animal.", Agrees},
		{"The picture of a giant squid washed ashore at Strelsau harbour is a hoax. It was made by a student, who apologised.", Disagrees},
		{"A giant squid has reportedly washed ashore at Strelsau harbour. The report could not be verified, and its source is a rumour on a forum.", Discusses},
		{"Parliament passed the budget on Tuesday after a night of talks between the parties.", Elsewhere},
	} {
		d := &claims.Document{Text: x.text}
		if got := NewText(d).Bearing(headline); got != x.want {
			t.Errorf("%q: %s, want %s", x.text, got, x.want)
		}
	}
	hoax := NewText(&claims.Document{Text: "The picture of a giant squid washed ashore at Strelsau harbour is a hoax. It was made by a student, who apologised."})
	if got := hoax.Bearing("The giant squid of Strelsau harbour was a hoax"); got != Discusses && got != Agrees {
		t.Errorf("what calls it a hoax too: %s", got)
	}
}

func TestSameEvents(t *testing.T) {
	t.Parallel()
	a := "A container ship struck the pier of Strelsau harbour on Thursday. Four dock workers were killed in the collision."
	b := "The collision of a container ship with the pier of Strelsau harbour killed four dock workers. Police arrested the captain."
	c := "The national bank of Grauberg raised its interest rate by half a point. Savers welcomed the decision of the bank."
	at := func(doc int, text, word string) Mention {
		start := strings.Index(text, word)
		return Mention{Doc: doc, Text: text, Span: claims.Span{Start: start, End: start + len(word)}}
	}
	ms := []Mention{at(0, a, "killed"), at(1, b, "killed"), at(0, a, "collision"), at(1, b, "collision"), at(1, b, "arrested"), at(2, c, "raised")}
	got := SameEvents(ms)
	if got[0] != got[1] || got[2] != got[3] {
		t.Errorf("the same event told twice is two: %v", got)
	}
	if got[0] == got[2] || got[4] == got[0] || got[5] == got[0] || got[5] == got[4] {
		t.Errorf("different events are one: %v", got)
	}
	// No order of the mentions changes what belongs together.
	order := rand.New(rand.NewPCG(1, 2)).Perm(len(ms))
	shuffled := make([]Mention, len(ms))
	for i, k := range order {
		shuffled[i] = ms[k]
	}
	again := SameEvents(shuffled)
	for i := range ms {
		for j := range ms {
			p, q := slices.Index(order, i), slices.Index(order, j)
			if (got[i] == got[j]) != (again[p] == again[q]) {
				t.Errorf("mentions %d and %d: the order decides", i, j)
			}
		}
	}
}

// Two look-alike stories stay two, though all their words of events are the same.
func TestSameEventsTellStoriesApart(t *testing.T) {
	t.Parallel()
	var ms []Mention
	add := func(doc int, text string) {
		for _, w := range []string{"earthquake", "killed"} {
			start := strings.Index(text, w)
			ms = append(ms, Mention{Doc: doc, Text: text, Span: claims.Span{Start: start, End: start + len(w)}})
		}
	}
	add(0, "A strong earthquake killed nine villagers in the hills of Zenda on Monday. Mayor Ana Dorn asked Strelsau for tents.")
	add(1, "The earthquake in Zenda killed nine villagers on Monday. Ana Dorn, the mayor, asked for tents from Strelsau.")
	add(2, "An earthquake off Port Havel killed two fishermen in July 2009. The lighthouse keeper Olen Brisk saw boats sink.")
	add(3, "Two fishermen were killed in July 2009 when an earthquake struck off Port Havel. Boats sank, said lighthouse keeper Olen Brisk.")
	got := SameEvents(ms)
	for i := range 2 {
		if got[i] != got[i+2] || got[i+4] != got[i+6] {
			t.Errorf("one event told twice is two: %v", got)
		}
		if got[i] == got[i+4] {
			t.Errorf("two stories are one: %v", got)
		}
	}
	if got[0] == got[1] {
		t.Errorf("the earthquake and the deaths are one: %v", got)
	}
}

// Hostile mentions: spans outside of their text or of nothing are events of their
// own and harm nobody.
func FuzzSameEvents(f *testing.F) {
	f.Add("Four were killed. It happened on Monday.", 10, 16)
	f.Add("", 0, 0)
	f.Add("a\n\n``", -3, 99)
	f.Fuzz(func(t *testing.T, text string, from, to int) {
		if len(text) > 2000 {
			t.Skip("longer texts are compared in other tests, and slow the search down")
		}
		text = strings.ToValidUTF8(text, "")
		ms := []Mention{{Doc: 0, Text: text, Span: claims.Span{Start: from, End: to}}, {Doc: 0, Text: text, Span: claims.Span{Start: 0, End: min(len(text), 4)}}, {Doc: 1, Text: text, Span: claims.Span{Start: 0, End: min(len(text), 4)}}}
		if got := SameEvents(ms); len(got) != len(ms) {
			t.Fatalf("%d groups of %d mentions", len(got), len(ms))
		}
	})
}
