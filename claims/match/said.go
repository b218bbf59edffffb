package match

import (
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// asserting verbs put what is said forward as so.
var asserting = map[string]bool{"say": true, "tell": true, "announce": true, "confirm": true, "report": true, "state": true, "add": true, "note": true, "declare": true,
	"write": true, "post": true, "disclose": true, "reveal": true, "acknowledge": true, "admit": true}

// vague speakers are nobody in particular.
var vague = stemSet("channel report media source rumour rumor account user people post outlet")

// Said is what a saying puts forward as so, asserted by its speaker; ok is false
// for a saying that asserts nothing or whose words the frame does not tell apart.
func Said(c *claims.Claim) (said claims.Claim, ok bool) {
	who, what := c.Frame.Argument(claims.Agent), c.Frame.Argument(claims.Content)
	if c.Kind != claims.Utterance || c.Modality != claims.Asserted || c.Polarity != claims.Positive || who == nil || what == nil || what.Text == "" ||
		!asserting[c.Frame.Predicate.Lemma] || vague[Stem(who.Head)] {
		return said, false
	}
	said = *c
	said.Kind, said.Text = claims.Event, what.Text
	said.Frame = claims.Frame{Time: c.Frame.Time, Quantities: c.Frame.Quantities}
	for _, t := range tokens(what.Text) {
		switch t.lower {
		case "not", "no", "nobody", "none", "never", "may", "might", "could", "would", "will", "if", "whether", "should":
			return said, false // its polarity and modality are not known
		}
	}
	name := who.Entity
	if name == "" {
		name = who.Text
	}
	said.Attribution.Hops = append(slices.Clone(c.Attribution.Hops), claims.Hop{Mention: who.Text, Name: name, SourceSpan: who.Span, CueSpan: c.Frame.Predicate.Span, Manner: claims.Indirect})
	return said, true
}
