package language

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
)

var pipeline = English()

// published is the Saturday on which the texts of these tests are printed.
var published = time.Date(2026, 3, 7, 9, 0, 0, 0, time.UTC)

func annotate(text string) *Text {
	return pipeline.Annotate(text, Meta{Kind: claims.KindArticle, Publisher: "Zenda Courier", Published: published, Language: "en"})
}

func TestTokens(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"Putin's aides don't know.", "Putin|'s|aides|do|n't|know|."},
		{"The U.S.-led force hit 3,000 homes.", "The|U.S.|-|led|force|hit|3,000|homes|."},
		{"Mr. Lee met Dr. Okafor at 04:20.", "Mr.|Lee|met|Dr.|Okafor|at|04:20|."},
		{"See https://zenda.example/a?b=1, said @zenda_gov #dam", "See|https://zenda.example/a?b=1|,|said|@zenda_gov|#dam"},
		{"“We cannot stay,” she said…", "\"|We|can|not|stay|,|\"|she|said|…"},
		{"Capt. R.K. Menon, 58, died Jan. 14.", "Capt.|R.K.|Menon|,|58|,|died|Jan.|14|."},
	}
	for _, tt := range tests {
		var got []string
		for _, tok := range tokenize(tt.text, claims.Span{End: len(tt.text)}, nil) {
			got = append(got, tok.Text)
		}
		if s := strings.Join(got, "|"); s != tt.want {
			t.Errorf("%q:\n got %s\nwant %s", tt.text, s, tt.want)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, from, to, words string }{
		{"The dam broke on Friday.", "2026-03-06T00", "2026-03-07T00", "Friday 6 March 2026"},
		{"The dam broke on Saturday.", "2026-03-07T00", "2026-03-08T00", "Saturday 7 March 2026"},
		{"The dam broke on Tuesday evening.", "2026-03-03T17", "2026-03-04T00", "Tuesday evening 3 March 2026"},
		{"The dam will reopen on Tuesday.", "2026-03-10T00", "2026-03-11T00", "Tuesday 10 March 2026"},
		{"The dam broke on February 28.", "2026-02-28T00", "2026-03-01T00", "28 February 2026"},
		{"The dam broke on 30 December.", "2025-12-30T00", "2025-12-31T00", "30 December 2025"},
		{"The dam broke on March 3, 2019.", "2019-03-03T00", "2019-03-04T00", "3 March 2019"},
		{"The dam was built last month.", "2026-02-01T00", "2026-03-01T00", "in February 2026"},
		{"The dam was built in October.", "2025-10-01T00", "2025-11-01T00", "October 2025"},
		{"The dam was built in 2009.", "2009-01-01T00", "2010-01-01T00", "2009"},
		{"The dam broke overnight.", "2026-03-06T18", "2026-03-07T09", "in the night to 7 March 2026"},
		{"The dam broke three days ago.", "2026-03-04T00", "2026-03-05T00", "on 4 March 2026"},
		{"The dam broke yesterday.", "2026-03-06T00", "2026-03-07T00", "on 6 March 2026"},
	}
	for _, tt := range tests {
		x := annotate(tt.text)
		if len(x.Times) != 1 {
			t.Errorf("%q: %d times", tt.text, len(x.Times))
			continue
		}
		iv := x.Times[0].Interval
		if got := iv.Start.Format("2006-01-02T15"); got != tt.from || iv.End.Format("2006-01-02T15") != tt.to || x.Times[0].Text != tt.words {
			t.Errorf("%q: [%s, %s) %q, want [%s, %s) %q", tt.text, got, iv.End.Format("2006-01-02T15"), x.Times[0].Text, tt.from, tt.to, tt.words)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text     string
		min, max float64
		open     bool
		approx   bool
		unit, of string
	}{
		{"At least 12 people died.", 12, 0, true, false, "", "people"},
		{"More than 200 people died.", 200, 0, true, false, "", "people"},
		{"Some 3,000 homes burned.", 3000, 3000, false, true, "", "home"},
		{"Two dock workers fell.", 2, 2, false, false, "", "worker"},
		{"The fee was €34 million.", 34e6, 34e6, false, false, "EUR", ""},
		{"Prices rose 5.9 percent.", 5.9, 5.9, false, false, "%", ""},
		{"It cost 12 lakh rupees.", 12e5, 12e5, false, false, "", "rupee"},
	}
	for _, tt := range tests {
		x := annotate(tt.text)
		if len(x.Numbers) != 1 {
			t.Errorf("%q: %d numbers", tt.text, len(x.Numbers))
			continue
		}
		q := x.Numbers[0].Quantity
		if q.Min != tt.min || q.Max != tt.max || q.Open != tt.open || q.Approx != tt.approx || q.Unit != tt.unit || tt.of != "" && q.Of != tt.of && q.Of != strings.TrimSuffix(tt.of, "s") {
			t.Errorf("%q: %+v", tt.text, q)
		}
	}
}

// A feed article of our own, with all that stands round the prose.
const scraped = `Dam breaks in Zenda, hundreds flee | Zenda Courier

ZENDA, March 6 (RTA) - The Zenda dam broke on Friday, the Ruritanian Interior Ministry said.

Also Read: Ten walks along the river

What we know so far

By noon the ministry had moved 300 people.

Dam Breaks In Zenda



Water is in the streets of the old town. Stay away from the river! — Zenda Fire Service (@zenda_fire) March 6, 2026

(Disclaimer: This story has not been edited by our staff and is auto-generated from a syndicated feed.)`

func TestLayout(t *testing.T) {
	t.Parallel()
	x := annotate(scraped)
	kinds := map[string]BlockKind{}
	for _, b := range x.Blocks {
		kinds[strings.Join(strings.Fields(b.Span.Of(x.Raw))[:2], " ")] = b.Kind
	}
	for start, want := range map[string]BlockKind{"Dam breaks": PageTitle, "The Zenda": Prose, "Also Read:": Prompt, "What we": Heading,
		"By noon": Prose, "Dam Breaks": Post, "Water is": Post, "(Disclaimer: This": Disclaimer} {
		if got, ok := kinds[start]; !ok || got != want {
			t.Errorf("the block %q is %v, want %v", start, got, want)
		}
	}
	if len(x.Embeds) != 1 || x.Embeds[0].Author != "Zenda Fire Service" || x.Embeds[0].Handle != "@zenda_fire" || x.Embeds[0].PublishedAt.Format(time.DateOnly) != "2026-03-06" {
		t.Errorf("embedded posts: %+v", x.Embeds)
	} else if !strings.HasPrefix(x.Embeds[0].Span.Of(x.Raw), "Dam Breaks In Zenda") {
		t.Errorf("the post begins at %q", x.Embeds[0].Span.Of(x.Raw)[:20])
	}
	if len(x.Credits) != 2 || x.Credits[0].Name != "RTA" || x.Credits[1].Name != "" {
		t.Errorf("credits: %+v", x.Credits)
	}
}

func TestCoreference(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, pronoun, want string }{
		{"Eva Stromme met Tor Bakke in Oslo. She thanked him.", "She", "Eva Stromme"},
		{"President Ana Brill spoke with Prime Minister Tor Bakke. She urged a halt.", "She", "Ana Brill"},
		{"The Ruritanian Interior Ministry closed the road. It moved 300 people.", "It", "Ruritanian Interior Ministry"},
		{"The Ruritanian Interior Ministry closed the road. The ministry moved 300 people.", "The ministry", "Ruritanian Interior Ministry"},
		{"Eva Stromme resigned. Stromme said nothing.", "Stromme said", "Eva Stromme"},
		{"A strike on Iranian territory killed its leader.", "its", "Iran"},
		{"The Ruritanian Interior Ministry closed the road. It rained.", "It", ""},
	}
	for _, tt := range tests {
		x := annotate(tt.text)
		at := strings.LastIndex(tt.text, tt.pronoun)
		got := ""
		for _, m := range x.Mentions {
			if s := x.TokenSpan(m.Tokens[0], m.Tokens[1]-1); s.Start == at {
				got = x.Entities[m.Entity].Name
			}
		}
		if got != tt.want {
			t.Errorf("%q: %q means %q, want %q", tt.text, tt.pronoun, got, tt.want)
		}
	}
}

func TestVariantKey(t *testing.T) {
	t.Parallel()
	same := [][]string{
		{"Russian Foreign Ministry", "Russia's Foreign Ministry", "Russian Ministry of Foreign Affairs", "the Russian Ministry of Foreign Affairs"},
		{"Kestovian Ministry of Defence", "Kestovia's Defense Ministry", "Kestovian Defence Ministry"},
	}
	for _, group := range same {
		for _, n := range group[1:] {
			if VariantKey(n) != VariantKey(group[0]) {
				t.Errorf("%q and %q: %q, %q", group[0], n, VariantKey(group[0]), VariantKey(n))
			}
		}
	}
	for _, pair := range [][2]string{{"Russian Foreign Ministry", "Russian Defence Ministry"}, {"Government of Guinea", "Government of Equatorial Guinea"},
		{"Iranian Foreign Ministry", "Iraqi Foreign Ministry"}, {"Lucie Moreau", "Bernard Moreau"}} {
		if VariantKey(pair[0]) == VariantKey(pair[1]) {
			t.Errorf("%q and %q share a key", pair[0], pair[1])
		}
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"The ministry said that the dam was closed and that no one was hurt.", "en"},
		{"Il ministero ha detto che la diga è chiusa e che non ci sono feriti nella zona.", "it"},
		{"Министерство сообщило, что плотина закрыта.", "ru"},
		{"قالت الوزارة إن السد مغلق", "ar"},
		{"Das Ministerium sagte, der Damm sei geschlossen und es gebe keine Verletzten.", "de"},
		{"17 34 😀", "und"},
	}
	for _, tt := range tests {
		if got := detectLanguage(tt.text); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.text, got, tt.want)
		}
	}
	x := pipeline.Annotate("Министерство сообщило, что плотина закрыта.", Meta{Published: published})
	if x.Unsplit != claims.UnsplitLanguage || len(x.Sentences) != 0 {
		t.Errorf("a Russian text: unsplit %q, %d sentences", x.Unsplit, len(x.Sentences))
	}
}

func TestPipelineNeeds(t *testing.T) {
	t.Parallel()
	if _, err := New(Stage{Name: "parse", Needs: []Layer{LayerSentences}, Gives: []Layer{LayerGrammar}}); err == nil {
		t.Error("a stage without what it needs was accepted")
	}
	twice := Stage{Name: "blocks", Gives: []Layer{LayerBlocks}}
	if _, err := New(twice, twice); err == nil {
		t.Error("a layer given twice was accepted")
	}
}

// checkText holds an annotated text to what every text must satisfy.
func checkText(t *testing.T, x *Text) {
	t.Helper()
	last := 0
	for i := range x.Tokens {
		tok := &x.Tokens[i]
		if !tok.Span.In(len(x.Raw)) || tok.Span.Empty() || tok.Span.Start < last {
			t.Fatalf("token %d at %v after %d in %d bytes", i, tok.Span, last, len(x.Raw))
		}
		last = tok.Span.End
		if tok.Sentence >= 0 && (tok.Sentence >= len(x.Sentences) || tok.Head >= len(x.Tokens) || tok.Head == i) {
			t.Fatalf("token %d: sentence %d, head %d", i, tok.Sentence, tok.Head)
		}
	}
	for s := range x.Sentences {
		sent := &x.Sentences[s]
		if !sent.Span.In(len(x.Raw)) || len(sent.Tokens) > maxSentence {
			t.Fatalf("sentence %d: %v, %d tokens", s, sent.Span, len(sent.Tokens))
		}
		for _, i := range sent.Tokens {
			// Every chain of heads ends at a root.
			n := 0
			for h := i; h >= 0; h = x.Tokens[h].Head {
				if n++; n > len(sent.Tokens)+1 {
					t.Fatalf("sentence %d: token %d stands in a circle", s, i)
				}
			}
		}
	}
	for _, m := range x.Mentions {
		if m.Entity < 0 || m.Entity >= len(x.Entities) || m.Tokens[0] >= m.Tokens[1] {
			t.Fatalf("mention %+v", m)
		}
	}
	for _, q := range x.Quotes {
		if !q.Inner.In(len(x.Raw)) || !q.Span.Contains(q.Inner) {
			t.Fatalf("quotation %+v", q)
		}
	}
	for _, e := range x.Embeds {
		if !e.Span.In(len(x.Raw)) {
			t.Fatalf("embedded post at %v", e.Span)
		}
	}
}

func FuzzAnnotate(f *testing.F) {
	f.Add(scraped)
	f.Add("“Open. ‘Quote” said the 4.5m-strong U.S. team… @x #y https://z.example \n\n- a\n- b")
	f.Add("He said that she said that \"it\" was, according to him, as per them, true, the ministry said.")
	f.Add(strings.Repeat("(", 300) + "\u200b\ufeff\x00" + strings.Repeat("a.b.", 200))
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 1<<14 {
			t.Skip("the desk lets no such text through")
		}
		checkText(t, annotate(text))
	})
}

// One sentence of 20,000 words without punctuation is cut, not choked on.
func TestEndlessSentence(t *testing.T) {
	t.Parallel()
	x := annotate(strings.Repeat("the minister said the dam broke ", 3400))
	checkText(t, x)
	if len(x.Sentences) < 20400/maxSentence {
		t.Errorf("%d sentences", len(x.Sentences))
	}
}

func BenchmarkAnnotate(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		text := strings.Repeat(scraped+"\n\n", n)
		b.Run(fmt.Sprintf("%dkB", len(text)/1000), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				annotate(text)
			}
		})
	}
}
