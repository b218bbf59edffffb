package extract

import (
	"strings"

	"github.com/secondsource/secondsource/claims"
)

var mediaWords = []struct {
	word   string
	medium claims.Medium
}{
	{"telegram", claims.MediumTelegram}, {"twitter", claims.MediumX}, {"x", claims.MediumX}, {"tweeted", claims.MediumX}, {"tweet", claims.MediumX},
	{"statement", claims.MediumStatement}, {"communique", claims.MediumStatement}, {"interview", claims.MediumInterview},
	{"conference", claims.MediumPressConference}, {"briefing", claims.MediumPressConference}, {"reporters", claims.MediumPressConference},
	{"television", claims.MediumBroadcast}, {"tv", claims.MediumBroadcast}, {"radio", claims.MediumBroadcast}, {"court", claims.MediumCourt}, {"judge", claims.MediumCourt},
	{"instagram", claims.MediumOther}, {"facebook", claims.MediumOther},
}

// mediumNear reads the medium from the words under the cue.
func (r *reader) mediumNear(cue int) claims.Medium {
	sent := r.t.Tokens[cue].Sentence
	if sent < 0 {
		return claims.MediumUnknown
	}
	for _, i := range r.t.Sentences[sent].Tokens {
		d := i - cue
		if d < -12 || d > 12 {
			continue
		}
		if m := mediumWord(r.t.Tokens[i].Text); m != claims.MediumUnknown {
			return m
		}
	}
	return claims.MediumUnknown
}

func mediumWord(w string) claims.Medium {
	low := strings.ToLower(w)
	for _, m := range mediaWords {
		if low == m.word && (low != "x" || w == "X") {
			return m.medium
		}
	}
	return claims.MediumUnknown
}
