package claims

import "time"

// SourceKind says what a source is.
type SourceKind string

// The kinds of source. SourceUnknown is the zero value.
const (
	SourceUnknown      SourceKind = ""
	SourcePerson       SourceKind = "PERSON"
	SourceOrganisation SourceKind = "ORGANISATION"
	SourceGovernment   SourceKind = "GOVERNMENT"
	SourceCompany      SourceKind = "COMPANY"
	SourceAgency       SourceKind = "AGENCY"
	SourceOutlet       SourceKind = "OUTLET"
	SourceChannel      SourceKind = "CHANNEL" // a Telegram channel whose owner is not known
	SourceAccount      SourceKind = "ACCOUNT" // an X account whose owner is not known
	SourceUnnamed      SourceKind = "UNNAMED" // "two officials", as one outlet's source
)

// Grade is the Admiralty code's reliability of a source, A (completely
// reliable) to E (unreliable), F (cannot be judged). An editor sets it; it is
// shown beside a verdict and never enters it.
type Grade string

// GradeUnjudged is the grade of a source no editor has judged.
const GradeUnjudged Grade = "F"

// Interval is a half-open span of time [From, To); a zero bound is open.
type Interval struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// Has tells whether the instant lies in the interval. The zero instant stands
// for "now unknown" and lies in every interval whose end is open.
func (i Interval) Has(at time.Time) bool {
	if at.IsZero() {
		return i.To.IsZero()
	}
	return (i.From.IsZero() || !at.Before(i.From)) && (i.To.IsZero() || at.Before(i.To))
}

// Alias is another name of a source, with the interval in which it was used.
type Alias struct {
	Name  string   `json:"name"`
	Valid Interval `json:"valid,omitzero"`
}

// Handle is an account of a source. Handles change hands: the interval says
// when it was this source's.
type Handle struct {
	Handle string   `json:"handle"`           // with its "@"
	Medium Medium   `json:"medium,omitempty"` // TELEGRAM, X; empty when not known
	Valid  Interval `json:"valid,omitzero"`
}

// Control says that another source controls this one, and when.
type Control struct {
	Source string   `json:"source"` // source id
	Valid  Interval `json:"valid,omitzero"`
}

// Source is whoever can assert something.
type Source struct {
	ID           string     // [a-z0-9-], 1 to 64 bytes; the last part of sources/{id}
	Name         string     // canonical name, 1 to 256 bytes
	Kind         SourceKind //
	Aliases      []Alias    // other names
	Handles      []Handle   // accounts
	ControlledBy []Control  // controllers; sources under one controller are one origin
	SpeaksFor    string     // id of the body whose voice this person is, or ""
	Reliability  Grade      // A to F
	Registered   bool       // false: derived from documents, not yet promoted by an editor
	Mentions     int        // hops that name it; counted for derived sources only
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Revision     int64 // grows by one with each update; guards against lost updates
	// MergedInto is the id of the source that an editor judged this one to be, or
	// ""; set when reading, never stored.
	MergedInto string
}

// MatchedBy says how ResolveSource found a source.
type MatchedBy string

// The ways a name finds its source, best first.
const (
	MatchedByID     MatchedBy = "ID"
	MatchedByName   MatchedBy = "NAME"
	MatchedByAlias  MatchedBy = "ALIAS"
	MatchedByHandle MatchedBy = "HANDLE"
	// MatchedByVariant: the same name in another wording ("Russia's Foreign
	// Ministry", "Russian Ministry of Foreign Affairs").
	MatchedByVariant MatchedBy = "VARIANT"
	// MatchedByDerived: no registered source; one met in documents.
	MatchedByDerived MatchedBy = "DERIVED"
)

// Resolution is a source and how it was found.
type Resolution struct {
	Source    Source
	MatchedBy MatchedBy
	Matched   string // the name, alias or handle that matched, as registered
}
