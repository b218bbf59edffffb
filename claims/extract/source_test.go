package extract

import (
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// Who is meant: the body a person speaks for, the name behind a common noun, the
// speaker behind a pronoun. want is the last link of the claim's chain: its body
// where it speaks for one, else its name.
func TestWhoIsMeant(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, claim, want string }{
		// A role explained by a name, in either order.
		{"The dam broke at noon, the head of Orta Rescue, Ana Moss, said.", "dam broke", "Orta Rescue"},
		{"The Orta Port Authority met on Monday. The quay is closed, the authority's spokesman, Tor Bakke, said.", "quay is closed", "Orta Port Authority"},
		{"The Teachers' Union met on Monday. “The talks have failed,” said its secretary, Eva Lind.", "talks have failed", "Teachers' Union"},
		{"A lawyer in Orta, Ana Moss, said the mine had closed.", "mine had closed", "Ana Moss"},
		// Offices whose body the text names elsewhere.
		{"The High Court of Orta sat on Monday. The contract was void, Judge Ana Moss said.", "contract was void", "High Court of Orta"},
		{"A man was arrested on Monday. The knife was found in a drain, Detective Inspector Tor Bakke of the district police said.", "knife was found", "district police"},
		{"The Ministry of Works sold the canal on Monday. The price was fair, Minister Ana Moss said.", "price was fair", "Ministry of Works"},
		// What a name is called stands for it.
		{"The brewer Orta Lund cut 40 jobs. The plant will stay open, the brewer said.", "plant will stay", "Orta Lund"},
		{"Orta Shipyards sued its customer. The bill was never paid, the yard said.", "bill was never paid", "Orta Shipyards"},
		// A pronoun goes on with who spoke last.
		{"The dam broke at noon, the Interior Ministry said. The road was closed, it added.", "road was closed", "Interior Ministry"},
		{"Ana Moss of the High Court said the clerk had lied. “The clerk knew,” she said.", "clerk knew", "High Court"},
		// Records and those who made or saw them.
		{"A teacher earns 610 crowns, according to the Orta Union's pay tables.", "earns 610", "Orta Union"},
		{"The passengers were geologists, according to a list seen by this newspaper.", "passengers were geologists", "Zenda Courier"},
		{"The price was wrong, the Orta Statistics Office said, citing an error in the weights.", "price was wrong", "Orta Statistics Office"},
		{"The club sold its striker for a record fee, Gazzetta Orta report.", "sold its striker", "Gazzetta Orta"},
		{"The Orta Centre put the depth at 10 kilometres.", "depth", "Orta Centre"},
		{"The bank will close two branches, the Courier has learned from two insiders.", "close two branches", "two insiders"},
		{"Prices rose in January, data from the Orta Statistics Office showed on Tuesday.", "prices rose", "Orta Statistics Office"},
		{"The lake is poisoned, according to a study led by Ana Moss.", "lake is poisoned", "Ana Moss"},
		// Who is known to the writer alone, and who to nobody.
		{"Our subscribers report that the fire covers three tanks.", "fire covers", "Our subscribers"},
		{"The dam was sold in May, it has emerged.", "dam was sold", ""},
		{"It has since emerged that the dam was sold in May.", "dam was sold", ""},
		// A dash at the end names who said it; a turn lasts as long as its paragraph.
		{"Three people were killed in a blast near Orta - police", "killed in a blast", "police"},
		{"KOLB: No. We were told at noon. The raid was legal.\n\nLUND: Two officers were hurt.\n", "raid was legal", "KOLB"},
		// What goes on with a saying's content.
		{"Ana Moss said police had held the captain but had not charged him.", "had not charged", "Ana Moss"},
		// What a name is called beside it is no part of it, and "it" is who says it.
		{"Refinery operator Petrona said the fire was out by noon.", "fire was out", "Petrona"},
		{"German carmaker Brandt said it will close its plant in Lodz by June.", "brandt will close its plant", "Brandt"},
		{"Nordwind said on Friday that it would cut 300 jobs.", "nordwind would cut 300 jobs", "Nordwind"},
		{"Steelmaker Voest said its furnace had failed.", "voest's furnace had failed", "Voest"},
		{"Police in Marl said they had arrested two men.", "police in marl had arrested two men", "Police in Marl"},
		{"The ministry denied it had ordered the strike.", "the ministry had ordered the strike", "ministry"},
		{"The driver said he had fallen asleep at the wheel.", "the driver had fallen asleep", "the driver"},
		{"Officials told residents that they should leave the valley by noon.", "they should leave the valley", "Officials"},
		{"Shop manager Rita Cole said that thieves took 40 phones.", "thieves took 40 phones", "Rita Cole"},
		// "The company" is the body that the text names, and its trade tells where one is named.
		{"Nordwind will cut 300 jobs in Orta, the company said on Friday.", "300 jobs", "Nordwind"},
		{"Brandt is recalling 4,000 cars. The carmaker said a valve could leak.", "a valve could leak", "Brandt"},
		{"Brandt and Voest are recalling cars. The carmaker said a valve could leak.", "a valve could leak", "carmaker"},
		// Officials of a country are not the country.
		{"A US official, who spoke on condition of anonymity, said the strike had killed two commanders.", "killed two commanders", "A US official"},
		{"US officials said the strike killed two commanders.", "killed two commanders", "US officials"},
		{"The pipeline will reopen on Monday, two people familiar with the matter said.", "pipeline will reopen", "two people familiar with the matter"},
		// Nobody's name, but somebody.
		{"“It lasted an hour,” said one, a teacher.", "lasted an hour", "a teacher"},
		{"The quay was sold last week, said a broker in Orta, who asked not to be named.", "quay was sold", "a broker in Orta"},
	} {
		d := &claims.Document{Kind: claims.KindArticle, Publisher: "Zenda Courier", PublishedAt: saturday, Text: tt.text, Language: "en"}
		r := extractor.Document(d)
		checkResult(t, d, r)
		got := "no claim"
		for i := range r.Claims {
			if c := &r.Claims[i]; strings.Contains(strings.ToLower(c.Text), tt.claim) && c.Kind == claims.Event {
				h := c.Attribution.Asserter()
				if got = h.SpeaksFor; got == "" {
					got = h.Name
				}
			}
		}
		if !strings.EqualFold(strings.TrimPrefix(strings.ToLower(got), "the "), strings.TrimPrefix(tt.want, "the ")) {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// A post credits an account at its end; "Telegram channels" are those it credits,
// or nobody.
func TestCreditsOfAPost(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, claim, want string
		nobody            bool
	}{
		{"The rail bridge in Orta has lost a span. Via @orta_guard https://t.co/x", "lost a span", "@orta_guard", false},
		{"Telegram channels say the rail bridge in Orta has lost a span. Via @orta_guard", "lost a span", "@orta_guard", false},
		{"Telegram channels say the rail bridge in Orta has lost a span.", "lost a span", "", true},
		{"🚨 Jon Halm has signed for Real Zenda until 2030! [@anamoss, Gazzetta Orta] 🔴 #Zenda", "signed for", "Gazzetta Orta", false},
		{"The ferry sailed at noon (h/t @harbour_eye).", "ferry sailed", "@harbour_eye", false},
		{"The mayor met @harbour_eye at noon. The talks failed.", "talks failed", "Zenda Courier", false},
	} {
		d := &claims.Document{Kind: claims.KindXPost, Publisher: "Zenda Courier", PublishedAt: saturday, Text: tt.text, Language: "en"}
		r := extractor.Document(d)
		checkResult(t, d, r)
		found := false
		for i := range r.Claims {
			c := &r.Claims[i]
			if !strings.Contains(c.Text, tt.claim) || c.Kind != claims.Event {
				continue
			}
			found = true
			if h := c.Attribution.Asserter(); h.Name != tt.want || h.Nobody != tt.nobody {
				t.Errorf("%q: %+v, want %q", tt.text, h, tt.want)
			}
		}
		if !found {
			t.Errorf("%q: no claim with %q", tt.text, tt.claim)
		}
	}
}

// Who is quoted in a release speaks for whoever published it, and adds no link.
func TestRelease(t *testing.T) {
	t.Parallel()
	d := &claims.Document{Kind: claims.KindArticle, Publisher: "Ministry of Works", PublishedAt: saturday, Language: "en",
		Text: "PRESS RELEASE\n\nThe canal was sold today.\n\nThe Chancellor, Ana Moss, said: “The price was fair and the buyer is known to us.”"}
	for _, c := range extractor.Document(d).Claims {
		if strings.Contains(c.Text, "price was fair") && c.Kind == claims.Event {
			if len(c.Attribution.Hops) != 1 || c.Attribution.Directness() != claims.DirectQuote {
				t.Errorf("%+v", c.Attribution)
			}
			return
		}
	}
	t.Error("no claim")
}

// A copied post that names its channel in its first line is forwarded from it.
func TestForwardedByItsFirstLine(t *testing.T) {
	t.Parallel()
	d := &claims.Document{Kind: claims.KindTelegramPost, Publisher: "Zenda Live", PublishedAt: saturday, Language: "en", Text: "⚡️ Forwarded from Orta Live\n🔴 The road to Orta is closed.\n"}
	r := extractor.Document(d)
	checkResult(t, d, r)
	if len(r.Claims) != 1 {
		t.Fatalf("%d claims", len(r.Claims))
	}
	if h := r.Claims[0].Attribution.Asserter(); h.Name != "Orta Live" || h.Manner != claims.Forward || h.SourceSpan.Of(d.Text) != "Orta Live" {
		t.Errorf("%+v", h)
	}
}
