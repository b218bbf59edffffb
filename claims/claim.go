package claims

import "time"

// Kind tells an event from an utterance.
type Kind string

// The kinds of claim: that something is so, or that somebody said something.
const (
	Event     Kind = "EVENT"
	Utterance Kind = "UTTERANCE"
)

// Polarity of the proposition itself.
type Polarity string

// The polarities.
const (
	Positive Polarity = "POSITIVE"
	Negative Polarity = "NEGATIVE"
)

// Modality is how the proposition is put forward. Only Asserted content
// supports; Denied refutes; the others support nothing beyond themselves.
type Modality string

// The modalities.
const (
	Asserted    Modality = "ASSERTED"
	Denied      Modality = "DENIED" // "X denied that P": P itself, denied by X
	Hedged      Modality = "HEDGED"
	Planned     Modality = "PLANNED"
	Demanded    Modality = "DEMANDED"
	Conditional Modality = "CONDITIONAL"
	Questioned  Modality = "QUESTIONED"
)

// Role is what an argument does in the frame, passives normalised.
type Role string

// The roles.
const (
	Agent     Role = "AGENT"     // who does it (deep subject)
	Patient   Role = "PATIENT"   // whom or what it is done to (deep object)
	Recipient Role = "RECIPIENT" // to whom
	Attribute Role = "ATTRIBUTE" // what the agent is said to be
	Content   Role = "CONTENT"   // what is said, wanted, planned
	Partner   Role = "PARTNER"   // with whom, in acts that take two
	Oblique   Role = "OBLIQUE"   // anything else; Preposition says how
	PlaceRole Role = "PLACE"
	TimeRole  Role = "TIME"
)

// Predicate is the head of a claim's frame.
type Predicate struct {
	Lemma   string `json:"lemma"`             // "call", "be", with particle "call off"
	Span    Span   `json:"span"`              // in Document.Text, empty where the claim has no span there
	Nominal bool   `json:"nominal,omitempty"` // taken from a noun: "the killing of X"
}

// Argument is one participant of a frame.
type Argument struct {
	Role        Role   `json:"role"`
	Text        string `json:"text"`                  // self-contained: pronouns and descriptions resolved
	Head        string `json:"head"`                  // lemma of the head word
	Entity      string `json:"entity,omitempty"`      // canonical name within the document, for names
	Preposition string `json:"preposition,omitempty"` // for OBLIQUE, PLACE, TIME
	// Also is what else the document calls the entity: other forms of the name,
	// titles, its country. "Ana Dorn": "Ruritanian President", "Ruritania".
	Also []string `json:"also,omitempty"`
	Span Span     `json:"span,omitzero"`
}

// TimeSpan is when something happened: [Start, End), UTC.
type TimeSpan struct {
	Start time.Time `json:"start,omitzero"`
	End   time.Time `json:"end,omitzero"`
	Text  string    `json:"text,omitempty"` // the words
	Span  Span      `json:"span,omitzero"`  // where they stand
	// Inferred: the text names no time; it was read from the context.
	Inferred bool `json:"inferred,omitempty"`
}

// Known tells whether both bounds are set.
func (t TimeSpan) Known() bool { return !t.Start.IsZero() && !t.End.IsZero() }

// Quantity is a number in a claim: Min <= value <= Max. An exact number has
// Min == Max.
type Quantity struct {
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`              // not set when Open
	Open   bool    `json:"open,omitempty"`   // no upper bound ("at least 12"): Max is 0
	Approx bool    `json:"approx,omitempty"` // "some 3,000"
	Unit   string  `json:"unit,omitempty"`   // "%", "USD", "km"; "" for a count
	Of     string  `json:"of,omitempty"`     // lemma of what is counted
	Text   string  `json:"text,omitempty"`
	Span   Span    `json:"span,omitzero"`
}

// Frame is the predicate of a claim with its arguments.
type Frame struct {
	Predicate  Predicate  `json:"predicate"`
	Arguments  []Argument `json:"arguments,omitempty"`
	Time       TimeSpan   `json:"time,omitzero"`
	Place      string     `json:"place,omitempty"` // canonical name within the document
	PlaceSpan  Span       `json:"place_span,omitzero"`
	Quantities []Quantity `json:"quantities,omitempty"`
}

// Argument returns the first argument with the role, or nil.
func (f *Frame) Argument(r Role) *Argument {
	for i := range f.Arguments {
		if f.Arguments[i].Role == r {
			return &f.Arguments[i]
		}
	}
	return nil
}

// Claim is one atomic proposition that a document states, made self-contained.
type Claim struct {
	Document string // id of its document; "" for a query or a stateless extraction
	Index    int    // from 1, in the order of the text
	Text     string // self-contained
	// Evidence are the ranges of Document.Text that state it, the main one
	// first, never empty for a stored claim.
	Evidence []Span
	Frame    Frame
	Polarity Polarity
	Modality Modality
	Kind     Kind
	// CheckWorthiness is 0..1: how much an editor would want it checked.
	CheckWorthiness float64
	// Confidence is 0..1; Doubts say in words which readings are uncertain.
	Confidence  float64
	Doubts      []string
	Attribution Attribution

	Seq int64 // order of commit in this store; 0 before it is stored
}

// MainSpan is the first evidence span, empty when there is none.
func (c *Claim) MainSpan() Span {
	if len(c.Evidence) == 0 {
		return Span{}
	}
	return c.Evidence[0]
}
