package match

import (
	"regexp"
	"strings"

	"github.com/secondsource/secondsource/claims"
)

// tone is how a whole document speaks of its matter: whether it puts it forward
// as its own knowledge, passes it on with reserve, or calls it untrue.
type tone struct {
	reserve float64 // words of passing on and of doubt, for 100 words
	debunks float64 // words of calling it untrue, for 100 words
	early   bool    // it calls it untrue in its first sentences
}

// debunking words say of a report that it is not so; reserve passes it on
// without vouching for it. Both are of the language of news, not of any story.
var (
	debunkingRx = regexp.MustCompile(`(?i)\b(?:hoax\w*|fakes?|faked|false|falsely|den(?:y|ies|ied|ying)|denials?|debunk\w*|refut\w+|untrue|bogus|fabricat\w+|satir\w+|pranks?|pranked|staged|retract\w*|disprov\w+|` +
		`dispell?\w*|inaccura\w+|not true|isn['’]t true|wasn['’]t true|no evidence|made up|photoshopped|doctored|fooled|duped|never happened|did(?: not|n['’]t) happen|mistaken|misidentif\w+|incorrect|myths?|` +
		`dismiss\w*|contrary to|rejected)\b`)
	reserveRx = regexp.MustCompile(`(?i)\b(?:reportedly|rumou?r\w*|alleg\w+|unconfirmed|apparently|purported\w*|unverified|supposedly|claim(?:s|ed|ing)?|according to|sources?|reports?|reported|believed|` +
		`could not (?:be )?(?:independently )?(?:verif|confirm)\w+|may have|might|possibl\w+|suggest\w*|speculat\w+|investigating|if true|yet to)\b`)
	headReserveRx = regexp.MustCompile(`(?i)\b(?:reportedly|rumou?r\w*|alleg\w+|unconfirmed|apparently|may|might|could|claims?|claimed|report\w*|sources?|says?|suspected|believed|possibl[ey])\b|\?|["“”‘’']`)
	deniedRx      = regexp.MustCompile(`(?i)n['’]t\b|\b(?:not|no|never)\b`)
)

// early is how many sentences open a document.
const early = 3

// toneOf reads the tone of a text with its sentences. Time is linear in its length.
func toneOf(text string, ps []part) tone {
	n := len(strings.Fields(text))
	if n == 0 {
		return tone{}
	}
	debunks := debunkingRx.FindAllStringIndex(text, -1)
	t := tone{debunks: 100 * float64(len(debunks)) / float64(n), reserve: 100 * float64(len(reserveRx.FindAllStringIndex(text, -1))) / float64(n)}
	if len(ps) > 0 && len(debunks) > 0 {
		t.early = debunks[0][0] < ps[min(early, len(ps))-1].span.End
	}
	return t
}

// Bearing is how a whole document bears on a statement.
type Bearing string

// The bearings of a document. A document that discusses a statement tells of it
// without taking a side.
const (
	Agrees    Bearing = "AGREES"
	Disagrees Bearing = "DISAGREES"
	Discusses Bearing = "DISCUSSES"
	Elsewhere Bearing = "UNRELATED"
)

// Thresholds of bearings, tuned on the tuning tenth of the Fake News Challenge's
// training part.
const (
	sameStory   = 0.20 // cosine of the topics, enough by itself
	nearStory   = 0.10 // and with a sentence that says some of it
	someOfIt    = 0.16
	mostOfIt    = 0.40 // share of the statement in one sentence, enough by itself
	debunkedAt  = 0.8
	reservedAt  = 0.9
	headReserve = 1.0
)

// Text is a whole document made ready to be compared with statements.
type Text struct {
	topic topic
	parts []part
	tone  tone
}

// NewText reads a document.
func NewText(d *claims.Document) *Text {
	ps := parts(d.Text)
	return &Text{newTopic(d.Text), ps, toneOf(d.Text, ps)}
}

// Bearing tells how the document bears on a statement, such as another one's
// headline. What calls a report untrue disagrees with the report and agrees with
// a statement that calls it untrue as well.
func (t *Text) Bearing(statement string) Bearing {
	about := newTopic(statement)
	cos, best := about.cosine(t.topic), 0.0
	for _, p := range t.parts {
		best = max(best, about.share(p.stems()))
	}
	if cos < sameStory && best < mostOfIt && (cos < nearStory || best < someOfIt) {
		return Elsewhere
	}
	untrue := debunkingRx.MatchString(statement) || deniedRx.MatchString(statement)
	if t.tone.early || t.tone.debunks >= debunkedAt {
		if !untrue {
			return Disagrees
		}
	} else if untrue {
		return Agrees
	}
	reserve := t.tone.reserve
	if len(headReserveRx.FindAllStringIndex(statement, 2)) > 1 || strings.Contains(strings.ToLower(statement), "report") {
		reserve += headReserve
	}
	if reserve >= reservedAt {
		return Discusses
	}
	return Agrees
}
