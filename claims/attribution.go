package claims

import (
	"slices"
	"time"
)

// Manner says how a hop carries what it reports.
type Manner string

// The manners of a hop.
const (
	OwnVoice    Manner = "OWN_VOICE"
	DirectQuote Manner = "DIRECT_QUOTE"
	Indirect    Manner = "INDIRECT"
	Relay       Manner = "RELAY" // reports that another source reports
	Forward     Manner = "FORWARD"
	EmbedManner Manner = "EMBED"
)

// Medium says where a hop's source said it.
type Medium string

// The media.
const (
	MediumUnknown         Medium = ""
	MediumTelegram        Medium = "TELEGRAM"
	MediumX               Medium = "X"
	MediumFeed            Medium = "FEED"
	MediumStatement       Medium = "STATEMENT"
	MediumInterview       Medium = "INTERVIEW"
	MediumPressConference Medium = "PRESS_CONFERENCE"
	MediumBroadcast       Medium = "BROADCAST"
	MediumCourt           Medium = "COURT"
	MediumOther           Medium = "OTHER"
)

// Hop is one link of an attribution chain.
type Hop struct {
	Mention string     `json:"mention,omitempty"` // the words that name the source, verbatim; "" for the publisher
	Name    string     `json:"name"`              // canonical name within the document; "" for a source nobody names
	Handle  string     `json:"handle,omitempty"`  // with its "@"
	Kind    SourceKind `json:"kind,omitempty"`    // what the mention looks like
	// SpeaksFor is the canonical name of the body that a person speaks for
	// ("Foreign Minister X" -> the foreign ministry), or "".
	SpeaksFor  string    `json:"speaks_for,omitempty"`
	SourceSpan Span      `json:"source_span,omitzero"` // of Mention, in the part named by Where; empty for metadata
	CueSpan    Span      `json:"cue_span,omitzero"`    // of the cue words in Document.Text; empty when there is none
	Where      Where     `json:"where,omitempty"`
	Manner     Manner    `json:"manner"`
	Medium     Medium    `json:"medium,omitempty"`
	Unnamed    bool      `json:"unnamed,omitempty"` // "two officials": known to the hop before it, to nobody else
	Nobody     bool      `json:"nobody,omitempty"`  // "reports say", "is said to": no source at all
	At         time.Time `json:"at,omitzero"`       // when it was said, where the text tells

	// Source is the id of the linked source, set when reading, as of the
	// query's time; never stored.
	Source string `json:"-"`
	// Judgement is the Seq of the editor's judgement that put the hop there, or 0;
	// set when reading, never stored.
	Judgement int64 `json:"-"`
}

// Attribution is who asserts a claim: Hops[0] is the publisher, the last hop the
// deepest asserter. There is at least one hop.
type Attribution struct {
	Hops []Hop `json:"hops"`
}

// Asserter is the deepest hop.
func (a Attribution) Asserter() Hop {
	if len(a.Hops) == 0 {
		return Hop{}
	}
	return a.Hops[len(a.Hops)-1]
}

// Directness is the manner of the deepest hop that is DIRECT_QUOTE, INDIRECT or
// OWN_VOICE; RELAY counts as INDIRECT, FORWARD and EMBED pass through.
func (a Attribution) Directness() Manner {
	for _, v := range slices.Backward(a.Hops) {
		switch m := v.Manner; m {
		case DirectQuote, Indirect, OwnVoice:
			return m
		case Relay:
			return Indirect
		case Forward, EmbedManner:
		}
	}
	return OwnVoice
}

// Cue is the span of the cue words that bring in the deepest asserter; empty
// when the publisher speaks in its own voice.
func (a Attribution) Cue() Span { return a.Asserter().CueSpan }
