package record

import (
	"fmt"

	"github.com/secondsource/secondsource/claims"
)

// CheckPage refuses pages of other sizes than 1 to 1000 rows.
func CheckPage(p claims.Page) error {
	if p.Size < 1 || p.Size > 1000 {
		return claims.Invalid("page.size", fmt.Sprintf("a page has 1 to 1000 rows, not %d", p.Size))
	}
	return nil
}

// CheckDocument refuses a PutDocument whose parts do not fit together.
func CheckDocument(doc *claims.Document, cs []claims.Claim, terms [][]claims.Term) error {
	if doc.ID == "" {
		return claims.Invalid("document.id", "a stored document needs an id")
	}
	if len(terms) != len(cs) {
		return claims.Invalid("terms", fmt.Sprintf("there are terms for %d claims and %d claims", len(terms), len(cs)))
	}
	for i := range cs {
		if cs[i].Index != i+1 {
			return claims.Invalid("claims.index", fmt.Sprintf("claim %d of the document has index %d", i+1, cs[i].Index))
		}
	}
	return nil
}

// Taken is what a store has of a document that is to be put.
type Taken struct {
	ID, Hash, Request bool
	Next              *string // of the previous version: nil when that is not stored, "" when it has none
}

// Refuse tells why a document cannot be put, or nil.
func (t Taken) Refuse(doc *claims.Document, id claims.Identity) error {
	switch {
	case t.ID:
		return &claims.Error{Code: claims.CodeExists, Message: fmt.Sprintf("the id of documents/%s is taken", doc.ID)}
	case t.Hash:
		return &claims.Error{Code: claims.CodeExists, Message: fmt.Sprintf("the same document as documents/%s is stored already", doc.ID)}
	case id.RequestID != "" && t.Request:
		return RequestReused(id.RequestID)
	case doc.Previous == "":
		return nil
	case t.Next == nil:
		return claims.NotFound(claims.ReasonDocumentNotFound, "documents/"+doc.Previous)
	case *t.Next != "":
		return &claims.Error{Code: claims.CodeConflict,
			Message: fmt.Sprintf("documents/%s has a next version already, documents/%s", doc.Previous, *t.Next)}
	}
	return nil
}

// RequestReused is the error of a request id that stands for something else.
func RequestReused(id string) error {
	return &claims.Error{Code: claims.CodeExists, Reason: claims.ReasonRequestReused,
		Message: fmt.Sprintf("the request id %q was used for another request", id)}
}

// RefuseInsert tells why a source cannot be inserted, given whether one of its id
// is registered.
func RefuseInsert(s *claims.Source, registered bool) error {
	if !registered {
		return nil
	}
	return &claims.Error{Code: claims.CodeExists, Reason: claims.ReasonSourceExists,
		Message: fmt.Sprintf("sources/%s is registered already", s.ID)}
}

// RefuseUpdate tells why a source cannot be updated, given the stored state.
func RefuseUpdate(s *claims.Source, registered bool, revision int64) error {
	switch {
	case !registered:
		return claims.NotFound(claims.ReasonSourceNotFound, "sources/"+s.ID)
	case revision != s.Revision:
		return &claims.Error{Code: claims.CodeConflict, Reason: claims.ReasonStaleRevision,
			Message: fmt.Sprintf("sources/%s is at revision %d, not %d: read it again", s.ID, revision, s.Revision)}
	}
	return nil
}
