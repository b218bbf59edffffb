package claims_test

import (
	"testing"

	"github.com/secondsource/secondsource/claims"
)

func TestDirectnessIsThatOfTheDeepestHopThatSpeaks(t *testing.T) {
	for _, tt := range []struct {
		name    string
		manners []claims.Manner
		want    claims.Manner
	}{
		{"an outlet in its own voice", []claims.Manner{claims.OwnVoice}, claims.OwnVoice},
		{"outlet, ministry quoted", []claims.Manner{claims.OwnVoice, claims.DirectQuote}, claims.DirectQuote},
		{"outlet, agency, ministry in other words", []claims.Manner{claims.OwnVoice, claims.Relay, claims.Indirect}, claims.Indirect},
		{"a relay is indirect", []claims.Manner{claims.OwnVoice, claims.Relay}, claims.Indirect},
		{"what is quoted from a relay is quoted", []claims.Manner{claims.OwnVoice, claims.Relay, claims.DirectQuote}, claims.DirectQuote},
		{"a forward passes through", []claims.Manner{claims.OwnVoice, claims.Forward}, claims.OwnVoice},
		{"an embedded post passes through", []claims.Manner{claims.OwnVoice, claims.Indirect, claims.EmbedManner}, claims.Indirect},
		{"nothing but forwards: the author's own voice", []claims.Manner{claims.Forward, claims.Forward}, claims.OwnVoice},
		{"no hop at all", nil, claims.OwnVoice},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var a claims.Attribution
			for _, m := range tt.manners {
				a.Hops = append(a.Hops, claims.Hop{Manner: m})
			}
			if got := a.Directness(); got != tt.want {
				t.Errorf("%v: %s, want %s", tt.manners, got, tt.want)
			}
		})
	}
}

func TestAsserterIsTheDeepestHop(t *testing.T) {
	cue := claims.Span{Start: 3, End: 7}
	a := claims.Attribution{Hops: []claims.Hop{{Name: "Courier"}, {Name: "Ministry", CueSpan: cue}}}
	if a.Asserter().Name != "Ministry" || a.Cue() != cue {
		t.Errorf("%+v, cue %v", a.Asserter(), a.Cue())
	}
	if (claims.Attribution{}).Asserter() != (claims.Hop{}) {
		t.Error("no hop, yet an asserter")
	}
}
