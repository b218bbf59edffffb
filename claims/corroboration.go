package claims

import "time"

// RelationKind is how a document's claim stands to another.
type RelationKind string

// The relations.
const (
	Equivalent  RelationKind = "EQUIVALENT"
	Entails     RelationKind = "ENTAILS" // the document's claim entails the queried one
	Contradicts RelationKind = "CONTRADICTS"
	Updates     RelationKind = "UPDATES" // same origin, later value
	Related     RelationKind = "RELATED"
	Unrelated   RelationKind = "UNRELATED"
)

// ContradictionKind says in what two claims contradict.
type ContradictionKind string

// The kinds of contradiction.
const (
	NoContradiction ContradictionKind = ""
	ByNegation      ContradictionKind = "NEGATION"
	ByQuantity      ContradictionKind = "QUANTITY"
	ByTime          ContradictionKind = "TIME"
	ByPlace         ContradictionKind = "PLACE"
	ByEntity        ContradictionKind = "ENTITY"
	ByRole          ContradictionKind = "ROLE"
	ByAntonym       ContradictionKind = "ANTONYM"
)

// Stance of an assertion to a queried claim.
type Stance string

// The stances.
const (
	Supports Stance = "SUPPORTS"
	Refutes  Stance = "REFUTES"
	Neutral  Stance = "NEUTRAL"
)

// Relation is the judgement of two claims.
type Relation struct {
	Kind          RelationKind
	Contradiction ContradictionKind
	Score         float64 // 0..1: how sure
	Why           string  // one sentence in plain words
	QuerySpan     Span    // the words of the query's text that decided, or its whole
	EvidenceSpan  Span    // the words of the document that decided
}

// Verdict is what the stored reporting says of a claim. It speaks of
// reporting, never of truth.
type Verdict string

// The verdicts.
const (
	Unreported   Verdict = "UNREPORTED"
	SingleOrigin Verdict = "SINGLE_ORIGIN"
	Corroborated Verdict = "CORROBORATED"
	Disputed     Verdict = "DISPUTED"
	Refuted      Verdict = "REFUTED"
)

// Evidence is one stored claim that bears on the queried one.
type Evidence struct {
	Document  *Document
	Claim     *Claim
	Span      Span   // in Document.Text
	Text      string // Document.Text[Span], verbatim
	Stance    Stance
	Relation  Relation
	Withdrawn bool // its origin took it back: shown, not counted
	// Judgement is the Seq of the editor's judgement that set stance or relation, or
	// 0.
	Judgement int64
	Witness   bool // for a query about a saying: its publisher reports the saying itself
}

// Origin is the group of assertions that go back to one asserter.
type Origin struct {
	Name   string  // canonical name; "an unnamed source of X", "not identified (via X)"
	Source *Source // the linked source, or nil
	Stance Stance  // SUPPORTS or REFUTES
	// Identified: it counts in the lower bound. Others count in the upper only.
	Identified bool
	Why        string // why it is one origin, and why it does or does not count in the lower bound
	Evidence   []Evidence
	Members    []string // names of the sources that were merged into it
}

// MergeReason says why assertions were taken to have one origin.
type MergeReason string

// The reasons for a merge.
const (
	MergeAttribution MergeReason = "ATTRIBUTION"       // an outlet relays the one it names
	MergeSameSource  MergeReason = "SAME_SOURCE"       // two names of one source
	MergeControl     MergeReason = "COMMON_CONTROLLER" //
	MergeSpeaksFor   MergeReason = "SPEAKS_FOR"        // a person speaking for a body
	MergeForward     MergeReason = "FORWARD"           // a forward or repost
	MergeEmbed       MergeReason = "EMBED"             // a post that stands inside a text
	MergeCredit      MergeReason = "CREDIT"            // byline, dateline, disclaimer
	MergeCopy        MergeReason = "NEAR_COPY"         // the wording is another document's
	MergeRewrite     MergeReason = "REWRITE"           // rare shared wording, the same quotes in the same order
	MergeUnnamed     MergeReason = "UNNAMED_SOURCE"    // an outlet's unnamed source, relayed
	MergeCycle       MergeReason = "CITATION_CYCLE"    // A cites B, B cites A
	MergeEditor      MergeReason = "EDITOR"            // an editor's judgement
)

// Merge is one step by which assertions became one origin, with its evidence.
type Merge struct {
	Origin   string // name of the resulting origin
	Reason   MergeReason
	Detail   string // one sentence in plain words
	Document string // id of the document that was merged
	Other    string // id of the document, or name of the source, it was merged into
	Span     Span   // in Document's text: the words that show it; empty for metadata
	Close    bool   // looked at and not merged: the evidence was not enough
	// Judgement is the Seq of the editor's judgement that is the evidence, or 0.
	Judgement int64
}

// Contradiction shows two claims side by side.
type Contradiction struct {
	Kind      ContradictionKind
	Evidence  Evidence
	QuerySpan Span
	QueryText string // the words of the query
	Detail    string
}

// UnmeasuredKind says why something could not be measured.
type UnmeasuredKind string

// The kinds of what could not be measured.
const (
	UnmeasuredLanguage UnmeasuredKind = "LANGUAGE"        // a document in another language shares the query's names
	UnmeasuredLineage  UnmeasuredKind = "UNKNOWN_LINEAGE" // who stands behind an assertion is not recorded
	UnmeasuredQuery    UnmeasuredKind = "QUERY"           // a part of the query was not understood
	UnmeasuredLimit    UnmeasuredKind = "LIMIT"           // more candidates than were read
)

// Unmeasured is one thing the answer could not take into account.
type Unmeasured struct {
	Kind     UnmeasuredKind
	Detail   string
	Document string // id, or ""
}

// TimelineEntry is one assertion in order of publication.
type TimelineEntry struct {
	At       time.Time
	Document string // id
	Claim    int    // index of the claim in it
	Origin   string
	Stance   Stance
	Event    string // ASSERTED, DENIED, WITHDRAWN
}

// Query asks which stored documents support or contradict a claim.
type Query struct {
	Text          string // a claim in words; exclusive with Claim
	Document      string // with Index: a stored claim
	Index         int
	AsOfPublished time.Time // only documents published at or before it; zero: all
	AsOfKnown     time.Time // only documents this store knew at or before it; zero: all
	From, To      time.Time // only documents published in [From, To); zero: open
	Sources       []string  // only documents of these publishers (ids or names); empty: all
	MinOrigins    int       // 0: 2
	// LeftOut says of a document that it does not count, whatever else lets it in;
	// nil: none is left out. It may be called from several goroutines at once.
	LeftOut func(*Document) bool
	// AskedAt is when the query is answered, which the desk sets: what is under
	// embargo then answers nothing.
	AskedAt time.Time
}

// Corroboration is the answer to a query.
type Corroboration struct {
	Text    string  // the claim as understood
	Claims  []Claim // the query, read
	Verdict Verdict

	OriginsMin, OriginsMax     int // independent origins of support
	RefutingMin, RefutingMax   int // and of refutation
	WitnessesMin, WitnessesMax int // for a query about a saying: independent publishers of it
	MinOrigins                 int
	ThresholdMet               bool // OriginsMin >= MinOrigins

	Origins        []Origin // supporting first, each group's evidence by time
	Contradictions []Contradiction
	Merges         []Merge
	Unmeasured     []Unmeasured
	First          *TimelineEntry
	Timeline       []TimelineEntry
	Related        []Evidence // close, but neither supporting nor refuting: what was looked at
	Judgements     []int64    // Seqs of the editors' judgements that shaped the answer, ascending
	// Considered is the number of stored claims that were judged.
	Considered int
}

// Disclaimer stands in every answer.
const Disclaimer = "This says what the stored documents report and how many independent origins stand behind it. It does not say what is true."
