package desk

import (
	"context"
	"slices"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/corroborate"
)

// maxVersions bounds the versions of one publication that are looked at before
// and after the one found.
const maxVersions = 64

// versions loads the other versions of documents.
func (d *Desk) versions(ctx context.Context, docs []*claims.Document) (map[string]*claims.Document, error) {
	out := map[string]*claims.Document{}
	for range maxVersions {
		var beside []string
		for _, x := range docs {
			out[x.ID] = x
			beside = append(beside, x.Previous, x.Next)
		}
		slices.Sort(beside)
		beside = slices.DeleteFunc(slices.Compact(beside), func(id string) bool { return id == "" || out[id] != nil })
		if len(beside) == 0 {
			break
		}
		read, err := d.store.DocumentsByID(ctx, beside)
		if err != nil {
			return nil, err
		}
		docs = nil
		for i := range read {
			docs = append(docs, &read[i])
		}
	}
	return out, nil
}

// replaced: a later version stands in the place of an earlier one, from when it
// was published and known. Which came into the store first decides nothing: an
// old version may be fetched from an archive long after the new one.
func replaced(x *claims.Document, versions map[string]*claims.Document, q claims.Query) bool {
	for n := versions[x.Next]; n != nil; n = versions[n.Next] {
		if known(n, q) && newer(n, x) {
			return true
		}
	}
	for p := versions[x.Previous]; p != nil; p = versions[p.Previous] {
		if known(p, q) && newer(p, x) {
			return true
		}
	}
	return false
}

// newer compares versions by publication; where that is the same or not known,
// by their order in the store.
func newer(x, y *claims.Document) bool {
	if x.PublishedAt.IsZero() || y.PublishedAt.IsZero() || x.PublishedAt.Equal(y.PublishedAt) {
		return x.Version > y.Version
	}
	return x.PublishedAt.After(y.PublishedAt)
}

// known: a document had been published, was free and stood in the store by the
// times of the query.
func known(x *claims.Document, q claims.Query) bool {
	return free(x, q.AskedAt) && (q.AsOfPublished.IsZero() || free(x, q.AsOfPublished)) && (q.AsOfKnown.IsZero() || free(x, q.AsOfKnown)) &&
		(q.AsOfPublished.IsZero() || !x.PublishedAt.After(q.AsOfPublished)) && (q.AsOfKnown.IsZero() || !x.IngestedAt.After(q.AsOfKnown))
}

// free: no embargo holds the document back at a moment.
func free(x *claims.Document, at time.Time) bool { return !x.EmbargoedUntil.After(at) }

func admitted(x *claims.Document, q claims.Query, reg *corroborate.Registry) bool {
	if !known(x, q) || q.LeftOut != nil && q.LeftOut(x) {
		return false
	}
	if !q.From.IsZero() && x.PublishedAt.Before(q.From) || !q.To.IsZero() && !x.PublishedAt.Before(q.To) {
		return false
	}
	if len(q.Sources) == 0 {
		return true
	}
	for _, s := range q.Sources {
		if claims.NameKey(s) == claims.NameKey(x.Publisher) {
			return true
		}
		a, b := reg.Identify(s, x.PublishedAt), reg.Identify(x.Publisher, x.PublishedAt)
		if a != "" && b != "" && reg.Same(a, b) {
			return true
		}
	}
	return false
}
