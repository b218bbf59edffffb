package e2e_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// feedArticle is a real article of the kind the project is for. It belongs to
// others, so the project holds no copy: it is read where it lies beside it.
const feedArticle = "../../../shared/articles/putin-pezeshkian-call.txt"

// readFeedArticle starts a house that has ingested the article.
func readFeedArticle(t *testing.T) (*house, *secondsourcev1.Document, *secondsourcev1.IngestDocumentResponse) {
	t.Helper()
	text, err := os.ReadFile(feedArticle)
	if os.IsNotExist(err) {
		t.Skipf("%s is not here: it belongs to others and is not part of the project", feedArticle)
	}
	if err != nil {
		t.Fatal(err)
	}
	doc := &secondsourcev1.Document{Kind: secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE, Publisher: "Free Press Journal",
		PublishedAt: timestamppb.New(time.Date(2026, 3, 7, 9, 0, 0, 0, time.UTC)), Text: string(text)}
	h := start(t)
	return h, doc, h.ingest(t, proto.CloneOf(doc))
}

// chain is who relays whom, publisher first; "feed" is an agency feed that the
// article does not name.
func chain(c *secondsourcev1.Claim) string {
	var names []string
	for _, h := range c.GetAttribution().GetHops() {
		name := h.GetCanonicalName()
		if h.GetMedium() == secondsourcev1.Medium_MEDIUM_FEED && name == "" {
			name = "feed"
		}
		names = append(names, name)
	}
	return strings.Join(names, " <- ")
}

// saying returns the claims whose self-contained text holds all the words.
func saying(cs []*secondsourcev1.Claim, words ...string) []*secondsourcev1.Claim {
	var out []*secondsourcev1.Claim
	for _, c := range cs {
		all := true
		for _, w := range words {
			all = all && strings.Contains(c.GetText(), w)
		}
		if all {
			out = append(out, c)
		}
	}
	return out
}

const (
	outlet   = "Free Press Journal"
	feed     = outlet + " <- feed"
	ministry = feed + " <- Russian Ministry of Foreign Affairs"
)

func TestFeedArticleClaims(t *testing.T) {
	t.Parallel()
	_, _, in := readFeedArticle(t)
	for _, c := range in.GetClaims() {
		if t.Failed() {
			t.Logf("%s | %s", chain(c), c.GetText())
		}
	}
	tests := []struct {
		name  string
		words []string // of the claim
		not   string   // what belongs to another claim
		chain string
		day   string // of the frame's time, or ""
	}{
		{"the call carries full names and the resolved Friday", []string{"Russian President Vladimir Putin held a telephonic conversation", "Masoud Pezeshkian", "6 March 2026"}, "condolences", feed, "2026-03-06"},
		{"the condolences are a claim of their own", []string{"Vladimir Putin conveyed", "condolences", "killing of Ayatollah"}, "conversation", feed, ""},
		{"the ministry is quoted from Telegram", []string{"Vladimir Putin has once again expressed", "condolences"}, "", ministry, ""},
		{"the post's second paragraph is the ministry's too", []string{"Vladimir Putin reaffirmed Russia's principled stance"}, "", ministry, ""},
		{"the embedded post is its author's", []string{"Vladimir Putin spoke with Iranian President Masoud Pezeshkian", "6 March 2026"}, "", feed + " <- Dynamite News", "2026-03-06"},
		{"Pezeshkian's words come through the ministry", []string{"defend their sovereignty"}, "", ministry + " <- Masoud Pezeshkian", ""},
		{"He also provided: Pezeshkian", []string{"Masoud Pezeshkian also provided a detailed update"}, "", ministry, ""},
		{"He reaffirmed: Putin", []string{"Vladimir Putin reaffirmed Russia's stance"}, "", feed, ""},
		{"the ministry noted further", []string{"ontact would be maintained with the Iranian side"}, "noted", ministry, ""},
		{"the strike is the feed's own voice", []string{"strike", "28 February 2026"}, "", feed, "2026-02-28"},
		{"the killing is the feed's own voice", []string{"killed", "Khamenei"}, "", feed, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, c := range saying(in.GetClaims(), tt.words...) {
				if tt.not != "" && strings.Contains(c.GetText(), tt.not) || chain(c) != tt.chain {
					continue
				}
				if tt.day == "" || c.GetFrame().GetTime().GetStart().AsTime().Format(time.DateOnly) == tt.day {
					return
				}
			}
			t.Errorf("no claim with %q, without %q, from %s, on %q; there are:", tt.words, tt.not, tt.chain, tt.day)
			for _, c := range saying(in.GetClaims(), tt.words[:1]...) {
				t.Logf("%s: %q (%s)", chain(c), c.GetText(), c.GetFrame().GetTime().GetStart().AsTime().Format(time.DateOnly))
			}
		})
	}
}

func TestFeedArticleAttribution(t *testing.T) {
	t.Parallel()
	_, doc, in := readFeedArticle(t)
	quoted := 0
	for _, c := range in.GetClaims() {
		for _, h := range c.GetAttribution().GetHops() {
			if strings.Contains(h.GetCanonicalName(), "Foreign") && h.GetCanonicalName() != "Russian Ministry of Foreign Affairs" {
				t.Errorf("%q is told as a source of its own: %q", h.GetCanonicalName(), c.GetText())
			}
			if s := h.GetCueSpan(); s != nil && doc.GetText()[s.GetStart():s.GetEnd()] != h.GetCueText() {
				t.Errorf("the cue %q is not what stands at its span: %q", h.GetCueText(), doc.GetText()[s.GetStart():s.GetEnd()])
			}
		}
		hops := c.GetAttribution().GetHops()
		last := hops[len(hops)-1]
		if chain(c) == ministry && last.GetMedium() == secondsourcev1.Medium_MEDIUM_TELEGRAM {
			quoted++
			if c.GetAttribution().GetDirectness() != secondsourcev1.Manner_MANNER_DIRECT_QUOTE || last.GetCueText() == "" {
				t.Errorf("%q: directness %v, cue %q", c.GetText(), c.GetAttribution().GetDirectness(), last.GetCueText())
			}
		}
		if last.GetCanonicalName() == "Dynamite News" && last.GetHandle() != "@DynamiteNews_" {
			t.Errorf("the embedded post's handle is %q", last.GetHandle())
		}
		if strings.Contains(c.GetText(), "Also Watch") || strings.Contains(c.GetText(), "Disclaimer") || strings.Contains(c.GetText(), "editorial team") {
			t.Errorf("boilerplate became a claim: %q", c.GetText())
		}
	}
	if quoted < 2 {
		t.Errorf("%d claims are quoted from the ministry's Telegram post", quoted)
	}
	credits := in.GetDocument().GetReading().GetCredits()
	if len(credits) != 1 || !strings.Contains(credits[0].GetText(), "feed") && !strings.Contains(credits[0].GetText(), "auto-generated") {
		t.Errorf("the disclaimer is not read as the feed's credit: %v", credits)
	}
	embeds := in.GetDocument().GetReading().GetEmbeds()
	if len(embeds) != 1 || !strings.HasPrefix(doc.GetText()[embeds[0].GetExcerpt().GetSpan().GetStart():], "Russia Urges End") {
		t.Errorf("the embedded post does not begin at its first line: %v", embeds)
	}
}

func TestFeedArticleCorroboration(t *testing.T) {
	t.Parallel()
	h, doc, _ := readFeedArticle(t)
	tests := []struct {
		claim    string
		verdict  secondsourcev1.Verdict
		min, max int32
		origins  string // identified, by name
	}{
		{"The presidents of Russia and Iran spoke on 6 March 2026", secondsourcev1.Verdict_VERDICT_CORROBORATED, 2, 3, "Dynamite News, Russian Ministry of Foreign Affairs"},
		{"The presidents of Russia and Iran spoke by telephone on 6 March 2026", secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN, 1, 2, "Russian Ministry of Foreign Affairs"},
		{"Putin threatened Iran with strikes", secondsourcev1.Verdict_VERDICT_UNREPORTED, 0, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.claim, func(t *testing.T) {
			a, err := h.Corroborate(t.Context(), &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: tt.claim}})
			if err != nil {
				t.Fatal(err)
			}
			c := a.GetCorroboration()
			if c.GetVerdict() != tt.verdict || c.GetIndependentOriginsMin() != tt.min || c.GetIndependentOriginsMax() != tt.max {
				t.Errorf("%v, %d to %d origins; want %v, %d to %d", c.GetVerdict(), c.GetIndependentOriginsMin(), c.GetIndependentOriginsMax(), tt.verdict, tt.min, tt.max)
			}
			names := map[string]bool{}
			for _, o := range c.GetOrigins() {
				if o.GetIdentified() {
					names[o.GetDisplayName()] = true
				}
				if o.GetDisplayName() == outlet {
					t.Errorf("the outlet counts beside its feed")
				}
				for _, e := range o.GetEvidence() {
					if s := e.GetExcerpt().GetSpan(); doc.GetText()[s.GetStart():s.GetEnd()] != e.GetExcerpt().GetText() {
						t.Errorf("evidence %q is not what stands at its span", e.GetExcerpt().GetText())
					}
				}
			}
			for n := range strings.SplitSeq(tt.origins, ", ") {
				if n != "" && !names[n] {
					t.Errorf("%s is no origin; there are %v", n, names)
				}
			}
		})
	}
	t.Run("Putin urged more attacks on Iran", func(t *testing.T) {
		a, err := h.Corroborate(t.Context(), &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: "Putin urged more attacks on Iran"}})
		if err != nil {
			t.Fatal(err)
		}
		if n := a.GetCorroboration().GetIndependentOriginsMax(); n != 0 {
			t.Errorf("%d origins support it", n)
		}
	})
}

func TestFeedArticleSpans(t *testing.T) {
	t.Parallel()
	h, doc, in := readFeedArticle(t)
	stored, err := h.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: in.GetDocument().GetName()})
	if err != nil {
		t.Fatal(err)
	}
	text := stored.GetDocument().GetText()
	if text != doc.GetText() {
		t.Fatal("the stored text is not the one ingested, byte for byte")
	}
	for c, err := range h.AllClaims(t.Context(), &secondsourcev1.ListClaimsRequest{Document: in.GetDocument().GetName()}) {
		if err != nil {
			t.Fatal(err)
		}
		if len(c.GetEvidence()) == 0 {
			t.Errorf("no evidence for %q", c.GetText())
		}
		for _, e := range c.GetEvidence() {
			if text[e.GetSpan().GetStart():e.GetSpan().GetEnd()] != e.GetText() {
				t.Errorf("evidence %q is not what stands at its span", e.GetText())
			}
		}
		for _, hop := range c.GetAttribution().GetHops() {
			if s := hop.GetSourceSpan(); s != nil && hop.GetSourcePart() <= secondsourcev1.DocumentPart_DOCUMENT_PART_TEXT && text[s.GetStart():s.GetEnd()] != hop.GetMention() {
				t.Errorf("mention %q is not what stands at its span: %q", hop.GetMention(), text[s.GetStart():s.GetEnd()])
			}
		}
	}
	again := h.ingest(t, proto.CloneOf(doc))
	if again.GetOutcome() != secondsourcev1.IngestOutcome_INGEST_OUTCOME_UNCHANGED || again.GetDocument().GetName() != in.GetDocument().GetName() || len(again.GetClaims()) != len(in.GetClaims()) {
		t.Errorf("ingested again: %v, %s, %d claims", again.GetOutcome(), again.GetDocument().GetName(), len(again.GetClaims()))
	}
}

func TestFeedArticleMinistryHasOneName(t *testing.T) {
	t.Parallel()
	h, _, _ := readFeedArticle(t)
	for _, name := range []string{"Russian Ministry of Foreign Affairs", "Russian Foreign Ministry", "Russia's Foreign Ministry"} {
		r, err := h.ResolveSource(t.Context(), &secondsourcev1.ResolveSourceRequest{Query: name})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := r.GetSource().GetCanonicalName(); got != "Russian Ministry of Foreign Affairs" {
			t.Errorf("%s resolves to %q", name, got)
		}
	}
}
