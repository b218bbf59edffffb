package record

import (
	"slices"
	"strings"

	"github.com/secondsource/secondsource/claims"
)

// Originals are the ids of the documents that a document names as copied, each
// once: a store files the document under them, so that the link goes when one of
// them is erased.
func Originals(d *claims.Document) []string {
	ids := make([]string, 0, len(d.Copies))
	for _, c := range d.Copies {
		ids = append(ids, c.Document)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// WithoutCopiesOf is a document's body without its links to another document; id
// names the document in the error, CodeCorrupt.
func WithoutCopiesOf(original string, body []byte, id string) (string, error) {
	d := claims.Document{ID: id}
	if err := ReadDocumentBody(body, &d); err != nil {
		return "", err
	}
	d.Copies = slices.DeleteFunc(d.Copies, func(c claims.Copy) bool { return c.Document == original })
	return DocumentBody(&d)
}

// Known is what the claims that are left tell of a derived source: the body that
// it then has, and the key of the handle in it. Without one that tells a handle
// it is NoBody.
func Known(key string, left []claims.Claim) (body, handleKey string, err error) {
	names, err := NamesMet(left)
	if err != nil {
		return "", "", err
	}
	for i := range names {
		if names[i].Key == key {
			return names[i].Body, names[i].HandleKey, nil
		}
	}
	return NoBody, "", nil
}

// MostLeft bounds the claims that are asked what they tell of a derived source
// after a document was erased: the first ones, which are those it was made from.
const MostLeft = 1000

// ErasedJudgement is the value of a judgement whose words were erased.
const ErasedJudgement = `{"` + claims.ErasedValue + `":"true"}`

// About is the range [from, to) of the resource names of a document's claims; the
// document's own name stands before it.
func About(document string) (name, from, to string) {
	name = "documents/" + document
	return name, name + "/", name + "0" // "0" follows "/"
}

// AboutName is About for any resource name: only a document has something below
// it that is meant with it.
func AboutName(resource string) (name, from, to string) {
	if id, ok := strings.CutPrefix(resource, "documents/"); ok && !strings.Contains(id, "/") {
		return About(id)
	}
	return resource, resource, resource
}
