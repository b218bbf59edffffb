package claims

import (
	"context"
	"time"
)

// Cursor is a position in a listing ordered by a 64-bit key and then an id; the
// zero value stands before the first row.
type Cursor struct {
	Key int64
	ID  string
}

// Page asks for up to Size rows after the cursor.
type Page struct {
	Size  int // 1 to 1000, anything else is CodeInvalid
	After Cursor
}

// SourceFilter narrows a listing of sources; zero fields do not filter.
type SourceFilter struct {
	Registered *bool
	Kind       SourceKind
	NamePrefix string // case-insensitive, of the canonical name
}

// DocumentFilter narrows a listing of documents; zero fields do not filter.
type DocumentFilter struct {
	Publisher     string // as received, case-insensitive
	Kind          DocumentKind
	From, To      time.Time // published in [From, To)
	Status        Status
	LatestVersion bool // leave out versions that a later one replaced
}

// ClaimFilter narrows a listing of claims; zero fields do not filter.
type ClaimFilter struct {
	Document string
	Asserter []string  // NameKeys of the deepest asserter: any of them
	From, To time.Time // document published in [From, To)
	Kind     Kind
}

// TermVector is what the index needs of one claim: its number and its terms.
type TermVector struct {
	Claim int64 // Claim.Seq
	Doc   int64 // Document.Seq
	Terms []Term
}

// Term is one key of a claim with its impact, the share it adds to a score.
// Impacts come from a frozen background table, so no document changes another's.
type Term struct {
	Key    uint64
	Impact uint16
}

// Stored is a document with its claims as they stand in the store.
type Stored struct {
	Document Document
	Claims   []Claim
}

// Store is the log of what was ingested: the truth that every index is derived
// from. All methods are safe for concurrent use. Reads see every update that
// returned before they began. After Close every method returns a
// CodeUnavailable error with ReasonStoreClosed. A name that is not stored is a
// CodeNotFound error. A database that is full, read-only or cannot be written
// gives CodeReadOnly, and reads go on; bytes that fail their checksum give
// CodeCorrupt. Text compares case-sensitively unless a field says otherwise.
// A call whose context has ended returns the context's error. An unknown (zero)
// time sorts before all others.
//
// A derived source leaves Sources, SourcesByKey and Stats while a registered
// source has its NameKey by name, alias or handle; Source still returns it.
type Store interface {
	// Source returns the source with the id, registered or derived.
	Source(ctx context.Context, id string) (Source, error)
	// Sources lists by (CreatedAt in microseconds, ID), ascending.
	Sources(ctx context.Context, f SourceFilter, p Page) ([]Source, error)
	// SourcesByKey returns every source one of whose names, aliases or handles
	// has one of the keys (NameKey), in order of id. Validity is not checked.
	SourcesByKey(ctx context.Context, keys []string) ([]Source, error)
	// RegisteredSources returns every registered source, in order of id.
	RegisteredSources(ctx context.Context) ([]Source, error)

	// Document returns the document with the id.
	Document(ctx context.Context, id string) (Document, error)
	// Documents lists by (PublishedAt in microseconds, ID), descending.
	Documents(ctx context.Context, f DocumentFilter, p Page) ([]Document, error)
	// DocumentsBySeq returns those of the documents that are stored, in order
	// of Seq.
	DocumentsBySeq(ctx context.Context, seqs []int64) ([]Document, error)
	// DocumentsByID returns those of the documents that are stored, in order of
	// Seq.
	DocumentsByID(ctx context.Context, ids []string) ([]Document, error)

	// Claim returns one claim of a document.
	Claim(ctx context.Context, document string, index int) (Claim, error)
	// Claims lists by Seq, ascending; Cursor.Key is the Seq, Cursor.ID is "".
	Claims(ctx context.Context, f ClaimFilter, p Page) ([]Claim, error)
	// ClaimsBySeq returns those of the claims that are stored, in order of Seq.
	ClaimsBySeq(ctx context.Context, seqs []int64) ([]Claim, error)

	// Judgements lists by Seq, ascending, those after the given one, at most n.
	Judgements(ctx context.Context, after int64, n int) ([]Judgement, error)
	// ListJudgements lists by Seq, descending; Cursor.Key is the Seq, Cursor.ID is
	// "", and the zero cursor stands before the latest entry.
	ListJudgements(ctx context.Context, f JudgementFilter, p Page) ([]Judgement, error)

	// Replay calls fn with the shingle signatures and forward terms of the
	// documents whose Seq is higher than after, in order of commit; it stops at
	// fn's first error. Whoever remembers the last Seq he was given misses none
	// that is committed later.
	Replay(ctx context.Context, after int64, fn func(Entry) error) error

	// Erasures lists the documents that were erased by Seq, ascending, those after
	// the given one, at most n. Whoever takes what Replay gives and then what
	// Erasures gives holds nothing that was erased before he began.
	Erasures(ctx context.Context, after int64, n int) ([]Erasure, error)

	// Update runs fn in one atomic transaction and returns when it is durable:
	// after a nil error nothing that fn wrote is lost by a crash, after an error
	// nothing of it is stored. fn's own error is returned as it is. Several
	// updates may share one commit; one that fails does not harm the others. fn
	// may be called again and keeps no state outside its Tx; it must not call
	// the Store. When too many updates wait it returns CodeOverloaded at once.
	// A panic in fn fails that update alone. A context that ends while the update
	// waits takes it back; once it has begun, its outcome is waited for.
	Update(ctx context.Context, fn func(Tx) error) error

	// Stats counts what is stored.
	Stats(ctx context.Context) (Stats, error)
	// Ping tells whether the store can answer.
	Ping(ctx context.Context) error
	// Close waits for running updates and releases everything. A second call
	// does nothing.
	Close() error
}

// Entry is one document as Replay gives it.
type Entry struct {
	Document  int64  // Document.Seq
	Signature []byte // as given to PutDocument
	Vectors   []TermVector
}

// Erasure says which rows were erased with one document, and nothing of what
// stood in them: whoever derived something from them forgets it by these numbers.
type Erasure struct {
	Seq        int64 // order of commit, from 1
	Document   int64 // Document.Seq; never given out again
	FirstClaim int64 // Claim.Seq of its first claim, 0 when it had none
	Claims     int   // how many; their Seqs follow one another
}

// Stats are the counts of stored rows.
type Stats struct {
	Documents, Claims, RegisteredSources, DerivedSources int64
}

// Identity is what makes two documents the same one.
type Identity struct {
	RequestID string // "" for none
	// RequestHash is over the whole request body; the same RequestID with
	// another hash is a conflict.
	RequestHash [32]byte
	// Hash is over publisher, kind, external id or URL, time and text.
	Hash [32]byte
	// Series is over publisher and external id or URL, or zero when the
	// document has neither: the versions of one publication share it.
	Series [32]byte
}

// Tx is one transaction of Update. Its reads see its own writes.
type Tx interface {
	// DocumentByRequest returns the document stored under a request id with the
	// hash of that request's body, or ok = false.
	DocumentByRequest(requestID string) (doc Document, hash [32]byte, ok bool, err error)
	// DocumentByHash returns the document with the identity hash, or ok = false.
	DocumentByHash(hash [32]byte) (doc Document, ok bool, err error)
	// LatestOfSeries returns the highest version in a series, or ok = false, as
	// for the zero series.
	LatestOfSeries(series [32]byte) (doc Document, ok bool, err error)
	// PutDocument stores a new document with its claims, whose Index counts from
	// 1 without gaps, and gives both their Seq (written into doc and cs, as is
	// the claims' Document). It links doc.Previous to doc, keeps the request id,
	// and appends the forward terms, terms[i] being those of cs[i], to the
	// transaction's blob; the slices are not kept. It also counts the names in
	// the claims' hops as derived sources, one per NameKey: a hop's Name, or its
	// Handle where it has no name, and neither for an unnamed source or nobody.
	// A document id or hash that is taken is CodeExists, so is a request id
	// (ReasonRequestReused); a doc.Previous that is not stored is CodeNotFound,
	// one that has a next version already is CodeConflict. After these refusals
	// the transaction can be used further.
	PutDocument(doc *Document, cs []Claim, id Identity, signature []byte, terms [][]Term) error
	// RememberRequest files a further request id under a stored document. The
	// same again does nothing; an id that is filed with another hash or document
	// is CodeExists with ReasonRequestReused.
	RememberRequest(requestID string, hash [32]byte, document string) error

	// Document returns a document by id.
	Document(id string) (Document, error)
	// EraseDocument removes a document and everything that was derived from it: its
	// claims, asserters, request ids, index terms and signature, the mentions it
	// added to derived sources, those of them that nothing else mentions, a handle
	// that no other claim tells of them, and the links of other documents to it;
	// the versions beside it become neighbours. Of the judgements whose Subject or
	// Object is the document or a claim of it the Reason, the Value and the request
	// id go (Judgement.Erased); the entries stay. Its Seqs are not given out again.
	// Stored bytes are overwritten as far as the database can. A document that is
	// not stored is CodeNotFound.
	EraseDocument(id string) (Erasure, error)

	// Source returns a source by id.
	Source(id string) (Source, error)
	// InsertSource stores a new source as registered, with the Revision it has;
	// an id that is taken by a registered one is CodeExists, a derived one of
	// that id is promoted in place.
	InsertSource(s Source) error
	// UpdateSource replaces a source whose stored Revision is s.Revision and
	// stores it with Revision+1; another stored revision is CodeConflict, a
	// source that is not registered CodeNotFound.
	UpdateSource(s Source) error

	// Claim returns one claim of a document.
	Claim(document string, index int) (Claim, error)
	// Judgements is Store.Judgements with the transaction's own entries.
	Judgements(after int64, n int) ([]Judgement, error)
	// AppendJudgement adds to the log and returns the entry's Seq. One that
	// undoes an entry that is not stored is CodeNotFound.
	AppendJudgement(j Judgement) (int64, error)
	// JudgementByRequest returns the entry filed under a request id with the hash
	// of that request's body, or ok = false. These ids are no document's.
	JudgementByRequest(requestID string) (j Judgement, hash [32]byte, ok bool, err error)
	// RememberJudgement files a stored entry under a request id; one that is taken
	// is CodeExists with ReasonRequestReused.
	RememberJudgement(requestID string, hash [32]byte, seq int64) error
}

// Hit is one claim that a search found.
type Hit struct {
	Claim int64 // Claim.Seq
	Doc   int64 // Document.Seq
	Score uint32
	// Shared tells which terms of the query the claim has.
	Shared Shared
}

// MaxShared is how many terms of a query, the first, are told apart in a hit.
const MaxShared = 128

// Shared is a set of terms of a query by their place in it, a bit each. Of a term
// that occurs twice the first place is meant.
type Shared [MaxShared / 64]uint64

// Add adds the term at a place, 0 to MaxShared-1.
func (s *Shared) Add(place int) { s[place/64] |= 1 << (place % 64) }

// Has tells whether the term at a place is in the set; one at MaxShared or later
// never is.
func (s *Shared) Has(place int) bool {
	return place < MaxShared && s[place/64]&(1<<(place%64)) != 0
}

// Or adds the terms of another set of the same query.
func (s *Shared) Or(o Shared) {
	for i, x := range o {
		s[i] |= x
	}
}

// Candidates finds stored claims by their terms. It is exact: the hits are the
// k best by the sum of the stored impacts of the terms that claim and query
// share, ties by lower Seq.
type Candidates interface {
	// Add makes the claims findable. Adding a claim twice does nothing.
	Add(vectors []TermVector)
	// Remove makes claims unfindable for good: a later Add of one does nothing.
	// What is not there is no error.
	Remove(claims []int64)
	// Top returns at most k hits, best first. Terms that occur twice count once.
	Top(ctx context.Context, query []uint64, k int) ([]Hit, error)
	// Len is the number of claims that can be found.
	Len() int
}
