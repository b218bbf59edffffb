package record

// Kind is how a value is stored; the stores differ in what they call it.
type Kind int

// The kinds.
const (
	Int    Kind = iota // 64 bits
	Int32              // 32 bits
	Bool               // 0 or 1 where there is no type for it
	Word               // a short text of this program's own: an enumeration, JSON
	Text               // a text from outside, which may hold any character
	Key                // such a text that an index holds: a store may cut it
	Prefix             // the start of a Text, by which prefixes are looked up
	Binary             // bytes
)

// Column is one value of a row. Null values are allowed where a store has them.
type Column struct {
	Name string
	Kind Kind
	// From is the column that a Prefix is made of.
	From string
}

// Table is one table that all SQL stores have, with the columns that they share.
// A row is a list of their values: int64, bool, string, []byte or nil.
type Table struct {
	Name    string
	Columns []Column
	Keys    int // the first so many columns tell one row from another
}

// Tables are those that hold the log and who may ask for it, each after those it
// refers to. What a
// store derives from them, such as posting lists, is made again.
var Tables = []Table{
	{Name: "documents", Keys: 1, Columns: []Column{
		{"seq", Int, ""}, {"id", Text, ""}, {"hash", Binary, ""}, {"series", Binary, ""}, {"version", Int32, ""},
		{"previous", Text, ""}, {"next", Text, ""}, {"kind", Word, ""}, {"status", Word, ""},
		{"publisher", Text, ""}, {"publisher_fold", Key, ""}, {"published_at", Int, ""}, {"ingested_at", Int, ""}, {"retrieved_at", Int, ""},
		{"title", Text, ""}, {"byline", Text, ""}, {"dateline", Text, ""}, {"credit_line", Text, ""}, {"url", Text, ""}, {"external_id", Text, ""},
		{"forwarded_from", Text, ""}, {"in_reply_to", Text, ""}, {"language", Text, ""}, {"body", Word, ""}, {"text", Text, ""}}},
	{Name: "requests", Keys: 1, Columns: []Column{{"request", Key, ""}, {"hash", Binary, ""}, {"document", Int, ""}}},
	{Name: "claims", Keys: 1, Columns: []Column{
		{"seq", Int, ""}, {"document", Int, ""}, {"idx", Int32, ""}, {"kind", Word, ""}, {"modality", Word, ""},
		{"published_at", Int, ""}, {"text", Text, ""}, {"body", Word, ""}}},
	{Name: "claim_asserters", Keys: 2, Columns: []Column{{"key", Key, ""}, {"claim", Int, ""}}},
	{Name: "copy_links", Keys: 2, Columns: []Column{{"original", Text, ""}, {"document", Int, ""}}},
	{Name: "sources", Keys: 1, Columns: []Column{
		{"id", Text, ""}, {"registered", Bool, ""}, {"derived_key", Key, ""}, {"kind", Word, ""}, {"name", Text, ""}, {"name_fold", Text, ""},
		{"name_start", Prefix, "name_fold"}, {"mentions", Int, ""}, {"created_at", Int, ""}, {"updated_at", Int, ""}, {"revision", Int, ""}, {"body", Word, ""}}},
	{Name: "source_names", Keys: 2, Columns: []Column{{"key", Key, ""}, {"source", Text, ""}}},
	{Name: "judgements", Keys: 1, Columns: []Column{
		{"seq", Int, ""}, {"kind", Text, ""}, {"subject", Text, ""}, {"object", Text, ""}, {"value", Word, ""}, {"editor", Text, ""},
		{"reason", Text, ""}, {"at", Int, ""}, {"undoes", Int, ""}}},
	{Name: "judgement_requests", Keys: 1, Columns: []Column{{"request", Key, ""}, {"hash", Binary, ""}, {"judgement", Int, ""}}},
	{Name: "forward", Keys: 1, Columns: []Column{{"first", Int, ""}, {"blob", Binary, ""}}},
	{Name: "erasures", Keys: 1, Columns: []Column{{"seq", Int, ""}, {"document", Int, ""}, {"first_claim", Int, ""}, {"claims", Int32, ""}}},
	{Name: "api_keys", Keys: 1, Columns: []Column{
		{"name", Word, ""}, {"role", Word, ""}, {"hash", Binary, ""}, {"created_at", Int, ""}, {"revoked_at", Int, ""}}},
}

// Head is what the next rows of a log are numbered after, and the counts of rows.
type Head struct{ Document, Claim, Judgement, Documents, Claims, Erased int64 }
