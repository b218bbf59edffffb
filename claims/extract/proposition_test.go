package extract

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
)

// said puts the propositions of a text on a line each: subject | relation | object.
func said(text string, kinds ...PropositionKind) []string {
	var out []string
	for _, p := range extractor.Propositions(&claims.Document{Kind: claims.KindArticle, PublishedAt: saturday, Text: text, Language: "en"}) {
		if slices.Contains(kinds, p.Kind) {
			out = append(out, Words(text, p.Subject)+" | "+Words(text, p.Relation)+" | "+Words(text, p.Object))
		}
	}
	return out
}

// One sentence each: what its clauses say in the smallest parts.
func TestPropositions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		kind PropositionKind
		want []string
	}{
		{"The ministry closed the bridge in May.", PropCore, []string{"The ministry | closed | the bridge"}},
		{"The ministry closed the bridge in May.", PropAdjunct, []string{"The ministry | closed the bridge in | May"}},
		{"In May the ministry closed the bridge.", PropAdjunct, []string{"the ministry | closed the bridge In | May"}},
		{"The court and the police closed the road.", PropCore, []string{"The court | closed | the road", "the police | closed | the road"}},
		{"The firm sold trucks, boats and planes.", PropCore, []string{"The firm | sold | trucks", "The firm | sold | boats", "The firm | sold | planes"}},
		{"She won the race and lost the cup.", PropCore, []string{"She | won | the race", "She | lost | the cup"}},
		{"He became the mayor of Zenda.", PropModifier, []string{"He | became the mayor of | Zenda"}},
		{"The bridge was built by two brothers.", PropAdjunct, []string{"The bridge | was built by | two brothers"}},
		{"The army, which holds the town, closed the road.", PropCore, []string{"The army | closed | the road", "The army | holds | the town"}},
		{"The firm began to sell boats.", PropCore, []string{"The firm | began to sell | boats"}},
		{"There is no evidence of fraud.", PropCore, []string{"There | is | no evidence of fraud"}},
		{"The town is in ruins.", PropCore, []string{"The town | is in | ruins"}},
		{"The dam broke, the minister said.", PropContent, []string{"the minister | said | The dam broke"}},
		{"He believed that the dam would break.", PropContent, []string{"He | believed | that the dam would break"}},
		{"The river flooded.", PropBare, []string{"The river | flooded | "}},
		{"Police met the actress Ana Dorn in Zenda.", PropTitled, []string{"Ana Dorn | actress | actress"}},
		{"She wrote the novel \"Salt and Iron\" in Zenda.", PropCore, []string{"She | wrote | the novel Salt and Iron"}},
		{"The committee gave him a prize.", PropCore, []string{"The committee | gave him | a prize"}},
		{"Ana Dorn (Zenda Rovers) won the race.", PropAside, []string{"Ana Dorn | ( | Zenda Rovers"}},
	}
	for _, tt := range tests {
		got := said(tt.text, tt.kind)
		slices.Sort(got)
		want := slices.Clone(tt.want)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q, kind %d:\n got %q\nwant %q", tt.text, tt.kind, got, want)
		}
	}
}

// The clause inside "X is a Y that …" is about X.
func TestPropositionTopic(t *testing.T) {
	t.Parallel()
	text := "He is a lawyer who defended the firm."
	for _, p := range extractor.Propositions(&claims.Document{Kind: claims.KindArticle, Text: text, Language: "en"}) {
		if Words(text, p.Relation) == "defended" {
			if got := Words(text, p.Topic); got != "He" {
				t.Errorf("topic %q", got)
			}
			return
		}
	}
	t.Error("nobody defended the firm")
}

// checkPropositions holds propositions to what all must satisfy: every range is
// inside the text, whole characters, and no slot but the object is empty.
func checkPropositions(t *testing.T, text string, ps []Proposition) {
	t.Helper()
	for _, p := range ps {
		if len(p.Subject) == 0 || len(p.Relation) == 0 || len(p.Object) == 0 && p.Kind != PropBare {
			t.Fatalf("%+v: an empty slot", p)
		}
		for _, slot := range [...][]claims.Span{p.Subject, p.Relation, p.Object, p.Adverbs, p.SubjectRest, p.ObjectRest, p.Complement, p.Topic} {
			for _, s := range slot {
				if !s.In(len(text)) || s.Empty() || !utf8.ValidString(s.Of(text)) {
					t.Fatalf("a slot at %v of %d bytes", s, len(text))
				}
			}
		}
	}
}

func FuzzPropositions(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, name := range files {
		if b, err := os.ReadFile(name); err == nil {
			f.Add(string(b))
		}
	}
	f.Add("A (b (c) d) e, who f, was g; h, the i, j k and l and m such as n, whose o p.")
	f.Add("( ( ( ) ) ) a b c d ) ( e")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 1<<13 {
			t.Skip("the desk lets no such document through")
		}
		checkPropositions(t, text, extractor.Propositions(&claims.Document{Kind: claims.KindArticle, Text: text, Language: "en"}))
	})
}

// Coordination multiplies; what a clause says is bounded.
func TestPropositionsBounded(t *testing.T) {
	t.Parallel()
	names := strings.Repeat("Ana, ", 40) + "and Eva"
	text := names + " met " + names + " in Zenda, in Strelsau and in Klest."
	if n := len(said(text, PropCore, PropAdjunct, PropModifier, PropBare, PropContent)); n > 8*maxPropositions {
		t.Errorf("%d propositions", n)
	}
}
