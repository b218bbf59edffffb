package claims

import "time"

// Limits on what a document may hold, in bytes. They bound memory and time, so
// every way in applies them.
const (
	MaxText  = 2 << 20 // Document.Text
	MaxTitle = 2 << 10 // Title, Byline, Dateline, CreditLine
	MaxName  = 256     // names, handles
	MaxURL   = 2 << 10 // URL, ExternalID
)

// DocumentKind says what was published.
type DocumentKind string

// The kinds of document.
const (
	KindUnknown      DocumentKind = ""
	KindArticle      DocumentKind = "ARTICLE"
	KindAgencyItem   DocumentKind = "AGENCY_ITEM"
	KindTelegramPost DocumentKind = "TELEGRAM_POST"
	KindXPost        DocumentKind = "X_POST"
	KindPressRelease DocumentKind = "PRESS_RELEASE"
	KindTranscript   DocumentKind = "TRANSCRIPT"
)

// Status is the state of a publication, after ninjs pubStatus.
type Status string

// The states. A RETRACTED document's own assertions stop counting.
const (
	StatusUsable    Status = "USABLE"
	StatusCorrected Status = "CORRECTED"
	StatusRetracted Status = "RETRACTED"
)

// Document is one publication of one text. The text is stored verbatim.
type Document struct {
	ID            string // 1 to 64 bytes of [a-z0-9-]; the last part of documents/{id}
	Kind          DocumentKind
	Publisher     string // name or handle as received; "" when not known
	Title         string
	Byline        string
	Dateline      string
	CreditLine    string // the agency or feed credited beside the text ("RTA", RSS <source>)
	URL           string
	ExternalID    string // the publisher's own id
	ForwardedFrom string // handle or name, for a Telegram forward or a repost
	InReplyTo     string // URL or external id
	Language      string // BCP 47; "" asks for detection
	PublishedAt   time.Time
	IngestedAt    time.Time
	RetrievedAt   time.Time // when it was fetched, zero when not known
	// EmbargoedUntil holds a document back: it is stored and answers no query
	// before. Zero: it is free.
	EmbargoedUntil time.Time
	Status         Status
	Text           string

	// Version counts the versions of one publisher's URL (or external id) from
	// 1; Previous and Next are the ids of the versions beside it, or "".
	Version  int
	Previous string
	Next     string

	// Reading is what the text says about itself; set by extraction.
	Reading Reading
	// Copies are the stored documents whose wording this one shares, found when
	// it was ingested, strongest first.
	Copies []Copy

	Seq int64 // order of commit in this store; 0 before it is stored
}

// Reading is what extraction found out about a document as a whole.
type Reading struct {
	Language string `json:"language,omitempty"` // BCP 47, detected or given
	// Unsplit says why the text was stored without claims, or is "". One of the
	// Unsplit constants.
	Unsplit string   `json:"unsplit,omitempty"`
	Credits []Credit `json:"credits,omitempty"` // feeds and agencies the text or its metadata credits
	// SetAside are the ranges read as boilerplate: scraped titles, "Also read",
	// disclaimers, bylines, datelines.
	SetAside []Aside `json:"set_aside,omitempty"`
	Embeds   []Embed `json:"embeds,omitempty"` // posts that stand inside the text
	// Satire and Withdrawal: what kind of document it says it is.
	Satire     bool        `json:"satire,omitempty"`
	Withdrawal *Withdrawal `json:"withdrawal,omitempty"`
}

// Reasons for a text without claims.
const (
	UnsplitLanguage = "LANGUAGE_NOT_SUPPORTED"
	UnsplitNoProse  = "NO_PROSE"
)

// Where names the part of a document that a span points into.
type Where string

// The parts. WhereText is the default.
const (
	WhereText     Where = ""
	WhereTitle    Where = "TITLE"
	WhereByline   Where = "BYLINE"
	WhereDateline Where = "DATELINE"
	WhereCredit   Where = "CREDIT_LINE"
	WhereMetadata Where = "METADATA" // kind, publisher, forwarded_from: no span
)

// Credit is one feed or agency that a document credits for its text.
type Credit struct {
	Name  string `json:"name,omitempty"` // "" for "an agency feed": credited, not named
	Where Where  `json:"where,omitempty"`
	Span  Span   `json:"span"`           // in the part named by Where
	Text  string `json:"text,omitempty"` // the words that credit it
}

// Aside is a range that yields no claim, and why.
type Aside struct {
	Span Span   `json:"span"`
	Why  string `json:"why"` // SCRAPED_TITLE, PROMPT, DISCLAIMER, BYLINE, DATELINE, CAPTION, HEADING, LINK, LIMIT
}

// Embed is a post that stands inside a document's text.
type Embed struct {
	Span        Span         `json:"span"` // the whole post, its signature included
	Kind        DocumentKind `json:"kind"`
	Author      string       `json:"author"`
	Handle      string       `json:"handle,omitempty"` // with its "@"
	PublishedAt time.Time    `json:"published_at,omitzero"`
}

// Withdrawal says that a document takes back something its publisher published.
type Withdrawal struct {
	Span Span `json:"span"`
	// Untrue: it also says the thing is not so (a correction), instead of only
	// ceasing to stand by it.
	Untrue bool `json:"untrue,omitempty"`
}

// CopyKind says how two documents share wording.
type CopyKind string

// The kinds of copy.
const (
	CopyExact   CopyKind = "EXACT"   // the same text, white space aside
	CopyNear    CopyKind = "NEAR"    // most of the wording
	CopyPartial CopyKind = "PARTIAL" // long passages
)

// Copy links a document to an earlier one whose wording it shares.
type Copy struct {
	Document    string   `json:"document"` // id of the other document
	Kind        CopyKind `json:"kind"`
	Containment float64  `json:"containment"` // share of the shorter text's 5-word shingles that stand in the other, 0..1
	Resemblance float64  `json:"resemblance"` // Jaccard similarity of the shingle sets, 0..1
	Span        Span     `json:"span"`        // the longest shared passage, in this document
	Other       Span     `json:"other"`       // the same passage in the other
}

// ForwardedFromUnknown stands in Document.ForwardedFrom where a forward does not
// say whose post it is. It names nobody: its lineage is unknown.
const ForwardedFromUnknown = "unknown"

// Outcome says what ingesting did.
type Outcome string

// The outcomes of Ingest.
const (
	OutcomeCreated    Outcome = "CREATED"
	OutcomeUnchanged  Outcome = "UNCHANGED"   // the same document was stored already
	OutcomeNewVersion Outcome = "NEW_VERSION" // the same publisher and URL, another text
)
