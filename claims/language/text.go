// Package language turns text into an annotated Text: blocks, sentences,
// tokens, grammar, quotations, names, times and quantities, each with its byte
// span in the original. Nothing of the text is changed or lost; a Text that is
// not English is marked and left unsplit.
//
// A pipeline is a list of stages; each declares what it needs and what it
// gives, and New refuses a list whose needs are not met. Another language is
// another list.
package language

import (
	"time"

	"github.com/secondsource/secondsource/claims"
)

// Text is an annotated text. Indices into Tokens, Sentences, Blocks, Quotes and
// Entities are used throughout instead of pointers; -1 means none.
type Text struct {
	Raw  string
	Lang string // BCP 47 code of what was detected; "und" when nothing can be told
	// Unsplit is why there are no sentences, or "" (claims.Unsplit…).
	Unsplit string

	Blocks    []Block
	Tokens    []Token
	Quotes    []Quote
	Sentences []Sentence
	Entities  []Entity
	Mentions  []Mention
	Times     []Time
	Numbers   []Number

	Credits    []claims.Credit
	Embeds     []claims.Embed
	Satire     bool
	Withdrawal *claims.Withdrawal
	// Forwarded is the channel that a post's first line says it was forwarded
	// from, empty when none does.
	Forwarded claims.Span

	meta   Meta
	turns  int             // paragraphs that open like a transcript's, -1 before they are counted
	common map[int]int     // head of a common noun phrase -> the entity it was filed as; see commonEntity
	large  map[string]bool // words written large inside sentences; see truecase
}

// Meta is what is known about a text besides its bytes. Published is the anchor
// for relative dates; zero means unknown.
type Meta struct {
	Kind      claims.DocumentKind
	Publisher string
	Title     string
	Byline    string
	Dateline  string
	Credit    string
	Published time.Time
	Language  string // BCP 47 when the caller knows it
	// Stop is asked before each sentence is parsed, which takes most of the time;
	// when it says so, the text comes back as Stopped, without sentences. Nil:
	// never.
	Stop func() bool
}

// Stopped is Text.Unsplit of a text that Meta.Stop broke off.
const Stopped = "STOPPED"

// BlockKind says what a block of lines is.
type BlockKind int

// The kinds of block. Only Prose, Quoted posts (Post) and Lists yield claims.
const (
	Prose BlockKind = iota
	Post            // inside an embedded post
	Heading
	Prompt     // "Also read: …", "Subscribe"
	Disclaimer // "not edited by … auto-generated from a feed"
	Byline
	PageTitle // a scraped page title on top of the text
	LinkOnly
)

func (k BlockKind) String() string {
	return [...]string{"PROSE", "POST", "HEADING", "PROMPT", "DISCLAIMER", "BYLINE", "SCRAPED_TITLE", "LINK"}[k]
}

// Block is a run of lines that belong together.
type Block struct {
	Span  claims.Span
	Kind  BlockKind
	Embed int // index into Text.Embeds for blocks of a post, else -1
	// Paragraph numbers the blocks that are one paragraph: lines of a post share it.
	Paragraph int
}

// Token is one word or mark, tokenised as Universal Dependencies English does.
type Token struct {
	Span     claims.Span
	Text     string // the bytes, quotation marks and apostrophes made plain
	Lower    string
	UPOS     string
	XPOS     string
	Lemma    string
	Head     int // index into Text.Tokens, -1 for the root of its sentence
	Rel      string
	Margin   float32
	Sentence int
	Glued    bool // no white space before it
}

// Quote is a pair of quotation marks and what is between them.
type Quote struct {
	Span   claims.Span // with its marks
	Inner  claims.Span
	First  int  // first token inside
	Last   int  // one past the last token inside
	Clause bool // it is a statement of its own and is parsed apart from the words around it
	Open   bool // no closing mark: goes on in the next paragraph
	Bare   bool // no opening mark: it starts with its block
	Block  int
}

// Sentence is a unit that is parsed as one. Words of a clausal quotation are
// sentences of their own; the sentence around them has a hole there.
type Sentence struct {
	Span   claims.Span
	Tokens []int // in order of text
	Root   int   // index into Text.Tokens
	Block  int
	Quote  int   // the quotation it stands in, or -1
	Holes  []int // clausal quotations inside it, in order
	// Adjuncts are sentences cut out of this one that only name a source
	// ("according to the Coast Guard"); Host is the sentence an adjunct was cut
	// out of, -1 for all others, and Cue the tokens that bring the source in.
	Adjuncts []int
	Host     int
	Cue      [2]int
	End      byte // '.', '!', '?' or 0
}

// EntityKind says what a name names.
type EntityKind int

// The kinds of entity.
const (
	Unknown EntityKind = iota
	Person
	Body // organisations, governments, companies
	Place
	Thing
)

// Entity is one participant of a text under all its names.
type Entity struct {
	Name    string // fullest form in the text, without titles
	Kind    EntityKind
	Common  bool     // Name is the phrase of a common noun that a pronoun stands for
	Noun    int      // of a Common one: the phrase's noun, a token
	Titles  []string // "Russian President", "spokesman"
	Country string   // the country it is said to be of, or ""
	Body    string   // for a person: the body he or she speaks for by title, or ""
	Handle  string
	Also    []string // other forms in the text, in order of appearance
	Acronym string
	Gender  byte // 'm', 'f' or 0
	Plural  bool
	First   int // first mention

	key string // VariantKey of Name
}

// Mention is one place where an entity is named, described or meant by a
// pronoun.
type Mention struct {
	Tokens  [2]int // [first, last) in Text.Tokens
	Run     [2]int // the same with its titles
	Head    int    // the token that carries it
	Entity  int
	Pronoun bool
	// Described: a definite description ("the ministry"), not a name.
	Described bool
	Possess   bool // "his", "the ministry's"
	Adjective bool // "Iranian", for Iran
}

// Time is a time expression and the interval it means.
type Time struct {
	Tokens   [2]int
	Span     claims.Span
	Interval claims.TimeSpan
	Text     string // self-contained wording: "Friday 6 March 2026"
	Relative bool   // its wording depends on the day of publication
	Vague    bool   // "earlier", "recently": no interval
}

// Number is a quantity and what it counts or measures.
type Number struct {
	claims.Quantity

	Tokens [2]int
	Head   int // token that carries it
}

// Word returns the verbatim bytes of a token.
func (t *Text) Word(i int) string { return t.Tokens[i].Span.Of(t.Raw) }

// TokenSpan is the byte span from token a to token b, b included.
func (t *Text) TokenSpan(a, b int) claims.Span {
	return claims.Span{Start: t.Tokens[a].Span.Start, End: t.Tokens[b].Span.End}
}
