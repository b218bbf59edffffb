package claims

import "time"

// JudgementKind says what an editor decided.
type JudgementKind string

// The kinds of judgement.
const (
	MergeSources     JudgementKind = "MERGE_SOURCES"
	SplitSources     JudgementKind = "SPLIT_SOURCES"
	SetController    JudgementKind = "SET_CONTROLLER"
	SetReliability   JudgementKind = "SET_RELIABILITY"
	JoinOrigins      JudgementKind = "JOIN_ORIGINS"
	PartOrigins      JudgementKind = "PART_ORIGINS"
	SetRelation      JudgementKind = "SET_RELATION"
	SetAttribution   JudgementKind = "SET_ATTRIBUTION"
	SetStance        JudgementKind = "SET_STANCE"
	UndoJudgement    JudgementKind = "UNDO"
	RegisteredSource JudgementKind = "REGISTER_SOURCE"
	UpdatedSource    JudgementKind = "UPDATE_SOURCE"
	// DeletedDocument says that a document was erased with what was derived from
	// it; Value counts versions and claims, and tells nothing of what they said.
	DeletedDocument JudgementKind = "DELETE_DOCUMENT"
)

// Judgement is one entry of the append-only log of what editors decided.
// Nothing is deleted: an undo is an entry of its own.
type Judgement struct {
	Seq     int64 // order of commit, from 1; 0 before it is stored
	Kind    JudgementKind
	Subject string            // resource name it is about: "sources/x", "documents/d/claims/1"
	Object  string            // the other resource, where there is one
	Value   map[string]string // what was decided, such as {"reliability": "B"}
	Editor  string            // identity of the caller; "" when the server runs without keys
	Reason  string
	At      time.Time
	Undoes  int64 // Seq of the entry it takes back, or 0
}

// Erased tells whether what the entry said was erased with the document that it
// was about: its Reason is empty then and its Value says no more than that.
func (j *Judgement) Erased() bool { return j.Value[ErasedValue] != "" }

// ErasedValue is the key in the Value of an entry whose words were erased.
const ErasedValue = "erased"

// JudgementFilter narrows a listing of judgements; zero fields do not filter.
type JudgementFilter struct {
	Kind JudgementKind
	// About is the resource name of its Subject or its Object, compared exactly; a
	// document's name has its claims with it.
	About    string
	Editor   string    // compared exactly
	From, To time.Time // At in [From, To)
}
