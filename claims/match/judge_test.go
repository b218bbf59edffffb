package match_test

import (
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/language"
	"github.com/secondsource/secondsource/claims/match"
)

var published = time.Date(2026, 5, 6, 9, 0, 0, 0, time.UTC)

// first reads a sentence and returns its main claim.
func first(t testing.TB, x *extract.Extractor, text string) claims.Claim {
	t.Helper()
	cs := x.Query(text, claims.Document{PublishedAt: published})
	if len(cs) == 0 {
		t.Fatalf("no claim in %q", text)
	}
	return cs[0]
}

func judge(t testing.TB, x *extract.Extractor, query, text string) (claims.Relation, claims.Stance) {
	t.Helper()
	q, c := first(t, x, query), first(t, x, text)
	ctx := match.NewContext(&claims.Document{Text: text, PublishedAt: published})
	return match.NewReader(&q).Judge(&c, ctx)
}

const (
	sup = claims.Supports
	ref = claims.Refutes
	neu = claims.Neutral
)

// What a document says, what is asked, and how the one stands to the other.
var pairs = []struct {
	name, query, text string
	stance            claims.Stance
	kind              claims.ContradictionKind
}{
	{"the same words", "The Halden Bridge collapsed", "The Halden Bridge collapsed.", sup, ""},
	{"more is said", "The Halden Bridge collapsed", "The Halden Bridge collapsed on Monday after a barge hit it.", sup, ""},
	{"another word: purchase", "Lumo bought the Elsen shipyard", "Lumo purchased the Elsen shipyard.", sup, ""},
	{"another word: fire", "Karla Wendt was fired", "Karla Wendt was sacked.", sup, ""},
	{"another word: detain", "Police arrested Tomas Riva", "Police detained Tomas Riva.", sup, ""},
	{"another word: blast", "The blast wounded Tomas Riva", "The explosion injured Tomas Riva.", sup, ""},
	{"another word: commence", "The Elsen trial began", "The Elsen trial commenced.", sup, ""},
	{"another word: cancel", "Lumo called off the Elsen concert", "Lumo cancelled the Elsen concert.", sup, ""},
	{"step down", "Karla Wendt resigned", "Karla Wendt stepped down.", sup, ""},
	{"lose one's life", "Tomas Riva died in Elsen", "Tomas Riva lost his life in Elsen.", sup, ""},
	{"lose one's life, asked", "Tomas Riva lost his life in Elsen", "Tomas Riva died in Elsen.", sup, ""},
	{"into custody", "Tomas Riva was arrested", "Tomas Riva was taken into custody.", sup, ""},
	{"set free", "Tomas Riva was freed", "Tomas Riva was released.", sup, ""},
	{"more general", "A vessel capsized near Elsen", "A ferry capsized near Elsen.", sup, ""},
	{"people for guards", "Two people died in Elsen", "Two guards died in Elsen.", sup, ""},
	{"adjective of a made-up country", "Velmarkian troops entered Elsen", "Troops of Velmark entered Elsen.", sup, ""},
	{"adjective of a country", "French police searched the Lumo office", "Police of France searched the Lumo office.", sup, ""},
	{"passive", "Lumo dismissed Karla Wendt", "Karla Wendt was dismissed by Lumo.", sup, ""},
	{"both negative", "Tomas Riva did not sign the Elsen accord", "Tomas Riva did not sign the Elsen accord.", sup, ""},
	{"words and digits", "Seventeen guards died in Elsen", "17 guards died in Elsen.", sup, ""},
	{"a pair", "A pair of guards died in Elsen", "Two guards died in Elsen.", sup, ""},
	{"at least, from an exact number", "At least nine guards died in Elsen", "17 guards died in Elsen.", sup, ""},
	{"more than, from an exact number", "More than 100 houses burned in Elsen", "140 houses burned in Elsen.", sup, ""},
	{"about, from an exact number", "About 3,000 houses burned in Elsen", "3,100 houses burned in Elsen.", sup, ""},
	{"percent", "Lumo cut prices by 5 percent", "Lumo cut prices by 5%.", sup, ""},
	{"magnitude", "Lumo paid 34 million euros to Velmark", "Lumo paid €34m to Velmark.", sup, ""},
	{"month for a day", "The Halden Bridge collapsed in May 2026", "The Halden Bridge collapsed on 4 May 2026.", sup, ""},

	{"negated", "The Halden Bridge collapsed", "The Halden Bridge did not collapse.", ref, claims.ByNegation},
	{"the query is negated", "The Halden Bridge did not collapse", "The Halden Bridge collapsed.", ref, claims.ByNegation},
	{"nobody", "Guards died in Elsen", "No guards died in Elsen.", ref, claims.ByNegation},
	{"another number", "12 guards died in Elsen", "14 guards died in Elsen.", ref, claims.ByQuantity},
	{"another price", "Lumo paid 34 million euros to Velmark", "Lumo paid 26 million euros to Velmark.", ref, claims.ByQuantity},
	{"fewer than at least", "At least 20 guards died in Elsen", "14 guards died in Elsen.", ref, claims.ByQuantity},
	{"another day", "The Halden Bridge collapsed on 1 May 2026", "The Halden Bridge collapsed on 4 May 2026.", ref, claims.ByTime},
	{"antonym", "Lumo opened the Elsen terminal", "Lumo closed the Elsen terminal.", ref, claims.ByAntonym},
	{"antonym of prices", "Lumo prices rose in Velmark", "Lumo prices fell in Velmark.", ref, claims.ByAntonym},
	{"the other leg", "Tomas Riva broke his right leg in Elsen", "Tomas Riva broke his left leg in Elsen.", ref, claims.ByAntonym},
	{"roles swapped", "Brandt sued Lumo", "Lumo sued Brandt.", ref, claims.ByRole},

	{"at least does not bear out more", "20 guards died in Elsen", "At least 14 guards died in Elsen.", neu, ""},
	{"hedged", "The Halden Bridge collapsed", "The Halden Bridge may have collapsed.", neu, ""},
	{"planned", "Lumo closed the Elsen terminal", "Lumo will close the Elsen terminal.", neu, ""},
	{"demanded", "Lumo closed the Elsen terminal", "Lumo should close the Elsen terminal.", neu, ""},
	{"conditional", "Lumo closed the Elsen terminal", "Lumo would close the Elsen terminal.", neu, ""},
	{"another first name", "Karla Wendt resigned", "Gustav Wendt resigned.", neu, ""},
	{"another company of the name", "Lumo Shipping went bankrupt", "Lumo Airlines went bankrupt.", neu, ""},
	{"Guinea is not Equatorial Guinea", "Guinea arrested nine soldiers", "Equatorial Guinea arrested nine soldiers.", neu, ""},
	{"another county with an s", "Marl County closed its schools", "Marls County closed its schools.", neu, ""},
	{"another batch", "Batch 4417B of Lumo syrup was recalled", "Batch 4471B of Lumo syrup was recalled.", neu, ""},
	{"another place", "A ferry sank off Elsen", "A ferry sank off Port Karm.", neu, ""},
	{"the place is not said", "A Lumo ferry sank near Elsen", "A Lumo ferry sank on Monday.", neu, ""},
	{"another act", "Lumo fined Karla Wendt", "Lumo praised Karla Wendt.", neu, ""},
	{"the mayor of another town", "The mayor of Ruritania resigned", "The mayor of Borduria resigned on Tuesday.", neu, ""},
	{"another agent", "Brandt bought the Elsen shipyard", "Lumo bought the Elsen shipyard.", neu, ""},
	{"sisters are not the same", "Lumo bought a truck in Elsen", "Lumo bought a bus in Elsen.", neu, ""},
	{"the circumstance is not said", "Karla Wendt met Tomas Riva by telephone", "Karla Wendt met Tomas Riva.", neu, ""},
	{"only the name is told of", "The Halden Bridge was sold", "A barge hit the Halden Bridge on 4 May 2026.", neu, ""},
	{"who bought a ferry bought no airline", "Karla Wendt bought an airline", "Karla Wendt bought two ferries on Monday.", neu, ""},
	{"a negation of something else", "Aidan Roe opened a museum of glass", "Aidan Roe found no evidence of tampering.", neu, ""},
	{"a denial is no saying of another", "Two port officials said that the crew of the Marta K was drunk", "Norrow Shipping denies that the crew of the Marta K was drunk.", neu, ""},
	{"somebody else says it", "Two port officials said that the crew of the Marta K was drunk", "Norrow Shipping said that the crew of the Marta K was drunk.", neu, ""},
	{"the saying is not the thing", "Karla Wendt said that the Halden Bridge collapsed", "The Halden Bridge collapsed.", neu, ""},
	{"another matter", "The Halden Bridge collapsed", "Lumo cut its prices.", neu, ""},
	{"only the place is shared", "A ferry sank off Elsen", "Schools closed in Elsen.", neu, ""},
	{"a number of something else", "12 guards died in Elsen", "12 houses burned in Elsen.", neu, ""},
}

func TestJudge(t *testing.T) {
	t.Parallel()
	x := extract.New(language.English())
	for _, tt := range pairs {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rel, st := judge(t, x, tt.query, tt.text)
			if st != tt.stance || rel.Contradiction != tt.kind {
				t.Errorf("%q is asked, %q is said: %s %s %s (%.2f, %s); want %s %s", tt.query, tt.text, st, rel.Kind, rel.Contradiction, rel.Score, rel.Why, tt.stance, tt.kind)
			}
			if st != claims.Neutral && rel.Why == "" {
				t.Error("no reason is given")
			}
			if rel.Score < 0 || rel.Score > 1 {
				t.Errorf("the score is %v", rel.Score)
			}
			if want := map[claims.Stance]bool{sup: rel.Kind == claims.Equivalent || rel.Kind == claims.Entails, ref: rel.Kind == claims.Contradicts, neu: rel.Kind == claims.Related || rel.Kind == claims.Unrelated}; !want[st] {
				t.Errorf("%s with %s", st, rel.Kind)
			}
		})
	}
}

// The same claim asked in the negative swaps what supports and what refutes.
func TestNegationSwapsStance(t *testing.T) {
	t.Parallel()
	x := extract.New(language.English())
	for _, text := range [...]string{"The Halden Bridge collapsed.", "The Halden Bridge did not collapse."} {
		_, a := judge(t, x, "The Halden Bridge collapsed", text)
		_, b := judge(t, x, "The Halden Bridge did not collapse", text)
		if a == b || a == claims.Neutral || b == claims.Neutral {
			t.Errorf("%q: %s, and %s of the negation", text, a, b)
		}
	}
}

// A document cannot tell of what comes after it.
func TestPublishedBefore(t *testing.T) {
	t.Parallel()
	x := extract.New(language.English())
	q, c := first(t, x, "The Halden Bridge collapsed on 4 May 2026"), first(t, x, "The Halden Bridge collapsed.")
	early := match.NewContext(&claims.Document{Text: "The Halden Bridge collapsed.", PublishedAt: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)})
	if _, st := match.NewReader(&q).Judge(&c, early); st != claims.Neutral {
		t.Errorf("a document of 2025 %s what happened in 2026", st)
	}
}

func TestSaid(t *testing.T) {
	t.Parallel()
	c := claims.Claim{Text: "Ada Brandt said that a barge hit the Halden Bridge", Kind: claims.Utterance, Modality: claims.Asserted, Polarity: claims.Positive,
		Frame: claims.Frame{Predicate: claims.Predicate{Lemma: "say"}, Arguments: []claims.Argument{
			{Role: claims.Agent, Text: "Ada Brandt", Entity: "Ada Brandt", Head: "brandt"}, {Role: claims.Content, Text: "a barge hit the Halden Bridge", Head: "hit"}}}}
	s, ok := match.Said(&c)
	if !ok || s.Kind != claims.Event || s.Attribution.Asserter().Name != "Ada Brandt" || s.Text != "a barge hit the Halden Bridge" {
		t.Errorf("%v, %+v", ok, s)
	}
	c.Frame.Predicate.Lemma = "threaten"
	if _, ok := match.Said(&c); ok {
		t.Error("a threat asserts what it threatens")
	}
}

func BenchmarkJudge(b *testing.B) {
	x := extract.New(language.English())
	q := first(b, x, "A pair of Velmarkian frontier guards lost their lives at Elsen on 4 May 2026")
	text := "Two border guards died when artillery shelled the Velmark post at Elsen early on Monday, the Ministry of Defence said."
	c := first(b, x, text)
	ctx := match.NewContext(&claims.Document{Text: text, PublishedAt: published})
	r := match.NewReader(&q)
	b.ReportAllocs()
	for b.Loop() {
		r.Judge(&c, ctx)
	}
}
