package extract

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

var update = flag.Bool("update", false, "write the golden files anew")

var extractor = New(language.English())

// saturday is when the texts of testdata are printed.
var saturday = time.Date(2026, 3, 7, 9, 0, 0, 0, time.UTC)

// show puts a claim on a line, its chain under it.
func show(d *claims.Document, c *claims.Claim) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d. %s\n   %s %s %s", c.Index, c.Text, c.Kind, c.Modality, c.Polarity)
	if t := c.Frame.Time; t.Known() {
		fmt.Fprintf(&b, " [%s, %s)", t.Start.Format("2006-01-02T15"), t.End.Format("2006-01-02T15"))
	}
	for _, q := range c.Frame.Quantities {
		fmt.Fprintf(&b, " {%s of %q}", q.Text, q.Of)
	}
	b.WriteString("\n   ")
	for k, h := range c.Attribution.Hops {
		if k > 0 {
			b.WriteString(" <- ")
		}
		name := h.Name
		switch {
		case h.Unnamed:
			name = "unnamed: " + h.Mention
		case h.Nobody:
			name = "nobody"
		}
		b.WriteString(name)
		if h.SpeaksFor != "" {
			fmt.Fprintf(&b, " (for %s)", h.SpeaksFor)
		}
		if cue := h.CueSpan.Of(d.Text); cue != "" {
			fmt.Fprintf(&b, " %q", cue)
		}
	}
	fmt.Fprintf(&b, " %s\n", c.Attribution.Directness())
	return b.String()
}

// The golden files say what is read out of each text of testdata: a change of
// the grammar, the rules or the wording shows here as a difference to judge.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no texts", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			d := &claims.Document{Kind: claims.KindArticle, Publisher: "Zenda Courier", PublishedAt: saturday, Text: string(text)}
			if strings.Contains(f, "telegram") {
				d.Kind, d.Publisher = claims.KindTelegramPost, "@orta_guard"
			}
			r := extractor.Document(d)
			checkResult(t, d, r)
			checkReports(t, d.Text, extractor.Reports(d))
			var b strings.Builder
			for i := range r.Claims {
				b.WriteString(show(d, &r.Claims[i]))
			}
			golden := strings.TrimSuffix(f, ".txt") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("%s: the claims are not those of %s (go test ./claims/extract -update writes it anew):\n%s", f, golden, b.String())
			}
		})
	}
}

// Who says it, and how sure: one sentence each.
func TestAttribution(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text     string
		claim    string // words of the claim
		chain    string // hops after the publisher
		modality claims.Modality
		direct   claims.Manner
	}{
		{"The Zenda dam broke on Friday, the Interior Ministry said.", "dam broke", "Interior Ministry", claims.Asserted, claims.Indirect},
		{"The Interior Ministry said that the Zenda dam broke on Friday.", "dam broke", "Interior Ministry", claims.Asserted, claims.Indirect},
		{"The Interior Ministry denied that the Zenda dam broke.", "dam broke", "Interior Ministry", claims.Denied, claims.Indirect},
		{"According to Orta Lines, the ferry had 60 people on board.", "60 people", "Orta Lines", claims.Asserted, claims.Indirect},
		{"As per the Interior Ministry, the dam broke on Friday.", "dam broke", "Interior Ministry", claims.Asserted, claims.Indirect},
		{"\"The dam broke at noon,\" Eva Stromme told reporters.", "dam broke", "Eva Stromme", claims.Asserted, claims.DirectQuote},
		{"The dam broke on Friday.", "dam broke", "", claims.Asserted, claims.OwnVoice},
		{"The dam will reopen on Tuesday.", "dam will reopen", "", claims.Planned, claims.OwnVoice},
		{"The dam may break again.", "dam may break", "", claims.Hedged, claims.OwnVoice},
		{"The dam has reportedly broken.", "dam has", "", claims.Hedged, claims.OwnVoice},
		{"The minister is expected to open the dam.", "expected to open the dam", "", claims.Planned, claims.OwnVoice},
		{"The firm is believed to have paid a ransom.", "The firm has paid a ransom", "", claims.Hedged, claims.Indirect},
		{"He is thought to be hiding in the hills.", "thought to be hiding", "", claims.Hedged, claims.OwnVoice},
		{"The number of people killed in the floods has risen to 34.", "people killed in the floods has risen to 34", "", claims.Asserted, claims.OwnVoice},
		{"Has the ministry closed the dam?", "dam", "", claims.Questioned, claims.OwnVoice},
	}
	for _, tt := range tests {
		d := &claims.Document{Kind: claims.KindArticle, Publisher: "Zenda Courier", PublishedAt: saturday, Text: tt.text}
		r := extractor.Document(d)
		checkResult(t, d, r)
		found := false
		for i := range r.Claims {
			c := &r.Claims[i]
			if !strings.Contains(c.Text, tt.claim) || c.Kind != claims.Event {
				continue
			}
			found = true
			var names []string
			for _, h := range c.Attribution.Hops[1:] {
				names = append(names, h.Name)
			}
			if got := strings.Join(names, " <- "); got != tt.chain || c.Modality != tt.modality || c.Attribution.Directness() != tt.direct {
				t.Errorf("%q: %q %s %s, want %q %s %s", tt.text, got, c.Modality, c.Attribution.Directness(), tt.chain, tt.modality, tt.direct)
			}
		}
		if !found {
			t.Errorf("%q: no claim with %q", tt.text, tt.claim)
		}
	}
}

// What somebody said is one claim and that he said it another, and only the
// publisher stands behind the second.
func TestEventAndUtterance(t *testing.T) {
	t.Parallel()
	d := &claims.Document{Kind: claims.KindArticle, Publisher: "Zenda Courier", PublishedAt: saturday, Text: "Eva Stromme said that the dam broke."}
	var event, utterance int
	for _, c := range extractor.Document(d).Claims {
		switch {
		case c.Kind == claims.Event && c.Attribution.Asserter().Name == "Eva Stromme":
			event++
		case c.Kind == claims.Utterance && c.Attribution.Asserter().Name == "Zenda Courier":
			utterance++
		}
	}
	if event != 1 || utterance != 1 {
		t.Errorf("%d claims of what she said, %d that she said it", event, utterance)
	}
}

func TestPolarity(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]claims.Polarity{
		"The dam did not break.":                  claims.Negative,
		"No unit opened fire on the post.":        claims.Negative,
		"Nobody was hurt in the old town.":        claims.Negative,
		"The dam broke.":                          claims.Positive,
		"The ministry never closed the crossing.": claims.Negative,
		"The pilot failed to reach the tower.":    claims.Negative,
	} {
		cs := extractor.Query(text, claims.Document{PublishedAt: saturday})
		if len(cs) == 0 || cs[0].Polarity != want {
			t.Errorf("%q: %+v, want %s", text, cs, want)
		}
	}
}

// A text in another language is marked, not mis-split in silence.
func TestOtherLanguage(t *testing.T) {
	t.Parallel()
	r := extractor.Document(&claims.Document{Text: "Le ministère a déclaré que le barrage était fermé et que personne n'a été blessé dans la ville.", PublishedAt: saturday})
	if r.Reading.Unsplit != claims.UnsplitLanguage || r.Reading.Language != "fr" || len(r.Claims) != 0 {
		t.Errorf("%+v, %d claims", r.Reading, len(r.Claims))
	}
}

// A document's claims do not depend on what was read before it.
func TestStateless(t *testing.T) {
	t.Parallel()
	d := &claims.Document{Kind: claims.KindArticle, Publisher: "Zenda Courier", PublishedAt: saturday, Text: "The Interior Ministry said the dam broke. It closed the road."}
	all := func() string {
		var b strings.Builder
		r := extractor.Document(d)
		for i := range r.Claims {
			b.WriteString(show(d, &r.Claims[i]))
		}
		return b.String()
	}
	before := all()
	extractor.Document(&claims.Document{Text: "The Foreign Ministry said it was raining. It closed the embassy.", PublishedAt: saturday})
	if after := all(); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// checkResult holds a result to what every result must satisfy.
func checkResult(t *testing.T, d *claims.Document, r Result) {
	t.Helper()
	n := len(d.Text)
	for i := range r.Claims {
		c := &r.Claims[i]
		if c.Index != i+1 || c.Text == "" || !utf8.ValidString(c.Text) || len(c.Evidence) == 0 || len(c.Attribution.Hops) == 0 {
			t.Fatalf("claim %d: %+v", i, c)
		}
		for _, s := range c.Evidence {
			if !s.In(n) || s.Empty() || !utf8.ValidString(s.Of(d.Text)) {
				t.Fatalf("claim %q: evidence at %v of %d bytes", c.Text, s, n)
			}
		}
		for _, a := range c.Frame.Arguments {
			if !a.Span.In(n) {
				t.Fatalf("claim %q: argument %q at %v", c.Text, a.Text, a.Span)
			}
		}
		if len(c.Attribution.Hops) > maxHops {
			t.Fatalf("claim %q: %d hops", c.Text, len(c.Attribution.Hops))
		}
		for _, h := range c.Attribution.Hops {
			if !h.CueSpan.In(n) || h.Where == claims.WhereText && h.SourceSpan.Of(d.Text) != h.Mention && h.Mention != "" {
				t.Fatalf("claim %q: hop %+v: %q", c.Text, h, h.SourceSpan.Of(d.Text))
			}
		}
	}
	for _, a := range r.Reading.SetAside {
		if !a.Span.In(n) {
			t.Fatalf("set aside at %v of %d bytes", a.Span, n)
		}
	}
}

func FuzzDocument(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, name := range files {
		if b, err := os.ReadFile(name); err == nil {
			f.Add(string(b), "Zenda Courier", "")
		}
	}
	f.Add("\"A.\" \"B,\" he said that she, according to x, told y that \"z\", said w.", "", "@a")
	f.Fuzz(func(t *testing.T, text, publisher, forwarded string) {
		if !utf8.ValidString(text) || !utf8.ValidString(publisher) || !utf8.ValidString(forwarded) || len(text) > 1<<13 {
			t.Skip("the desk lets no such document through")
		}
		d := &claims.Document{Kind: claims.KindTelegramPost, Publisher: publisher, ForwardedFrom: forwarded, PublishedAt: saturday, Text: text, Language: "en"}
		checkResult(t, d, extractor.Document(d))
		checkReports(t, text, extractor.Reports(d))
	})
}

func BenchmarkDocument(b *testing.B) {
	text, err := os.ReadFile("testdata/harbour.txt")
	if err != nil {
		b.Fatal(err)
	}
	d := &claims.Document{Kind: claims.KindArticle, Publisher: "Zenda Courier", PublishedAt: saturday, Text: string(text)}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		extractor.Document(d)
	}
}

// Time is linear in the length of a text: MB/s stays level from 1 kB to 1 MB.
func BenchmarkLength(b *testing.B) {
	text, err := os.ReadFile("testdata/harbour.txt")
	if err != nil {
		b.Fatal(err)
	}
	long := strings.Repeat(string(text)+"\n\n", 1+1<<20/len(text))
	for _, kb := range []int{1, 4, 16, 64, 256, 1024} {
		b.Run(fmt.Sprintf("%dkB", kb), func(b *testing.B) {
			d := &claims.Document{Kind: claims.KindArticle, Publisher: "Zenda Courier", PublishedAt: saturday, Text: strings.ToValidUTF8(long[:kb<<10], "")}
			b.SetBytes(int64(len(d.Text)))
			b.ReportAllocs()
			for b.Loop() {
				extractor.Document(d)
			}
		})
	}
	b.Run("one sentence of 20,000 words", func(b *testing.B) {
		d := &claims.Document{Kind: claims.KindArticle, PublishedAt: saturday, Text: strings.Repeat("the minister said the dam broke ", 3334)}
		b.SetBytes(int64(len(d.Text)))
		for b.Loop() {
			extractor.Document(d)
		}
	})
}
