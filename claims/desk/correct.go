package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// CorrectRequest is a correction of a stored document.
type CorrectRequest struct {
	RequestID string // as in IngestRequest
	Document  string // id of the version that is corrected, the latest
	// Correction is the corrected publication. What it leaves empty is as in the
	// version corrected; an unknown PublishedAt is now. Kind, Publisher, URL and
	// ExternalID say which publication it is and may not change.
	Correction claims.Document
}

// Correct stores a corrected version of a document, CORRECTED, in whose place it
// stands from then on; what was asked as of before is answered as before. The
// same correction again changes nothing. A document that another version has
// replaced already is CodeConflict with ReasonStaleVersion.
func (d *Desk) Correct(ctx context.Context, r CorrectRequest) (IngestResult, error) {
	old, err := d.store.Document(ctx, r.Document)
	if err != nil {
		return IngestResult{}, err
	}
	doc := r.Correction
	for _, f := range [...]struct {
		name       string
		value, was *string
	}{{"publisher", &doc.Publisher, &old.Publisher}, {"url", &doc.URL, &old.URL}, {"external_id", &doc.ExternalID, &old.ExternalID},
		{"kind", (*string)(&doc.Kind), (*string)(&old.Kind)}} {
		if *f.value != "" && *f.value != *f.was {
			return IngestResult{}, claims.Invalid("document."+f.name, fmt.Sprintf("cannot be corrected: it says which publication is meant, %q", *f.was))
		}
		*f.value = *f.was
	}
	for _, f := range [...]struct{ value, was *string }{{&doc.Title, &old.Title}, {&doc.Byline, &old.Byline}, {&doc.Dateline, &old.Dateline},
		{&doc.CreditLine, &old.CreditLine}, {&doc.ForwardedFrom, &old.ForwardedFrom}, {&doc.InReplyTo, &old.InReplyTo}, {&doc.Language, &old.Language}} {
		if *f.value == "" {
			*f.value = *f.was
		}
	}
	if doc.EmbargoedUntil.IsZero() {
		doc.EmbargoedUntil = old.EmbargoedUntil
	}
	doc.Status = claims.StatusCorrected
	return d.follow(ctx, r.RequestID, &old, doc)
}

// RetractRequest takes a stored document back.
type RetractRequest struct {
	RequestID string    // as in IngestRequest
	Document  string    // id of the version that is retracted, the latest
	Notice    string    // what its publisher says of it; "": the text stays as it was
	At        time.Time // when it was taken back; zero: now
}

// Retract stores a version of a document that is RETRACTED: what the publication
// asserts stops counting, and every relay of it with it. The same again changes
// nothing; see Correct for one that was replaced already.
func (d *Desk) Retract(ctx context.Context, r RetractRequest) (IngestResult, error) {
	old, err := d.store.Document(ctx, r.Document)
	if err != nil {
		return IngestResult{}, err
	}
	doc := old
	doc.PublishedAt = r.At // an embargo stays: what was held back is not let out by being taken back
	if strings.TrimSpace(r.Notice) != "" {
		doc.Text = r.Notice
	}
	doc.Status = claims.StatusRetracted
	return d.follow(ctx, r.RequestID, &old, doc)
}

// follow stores a document as the version behind another.
func (d *Desk) follow(ctx context.Context, requestID string, old *claims.Document, doc claims.Document) (IngestResult, error) {
	if old.Next != "" {
		next, err := d.store.Document(ctx, old.Next)
		if err != nil {
			return IngestResult{}, err
		}
		if same(&next, &doc) {
			return d.unchanged(ctx, next) // sent twice
		}
		return IngestResult{}, &claims.Error{Code: claims.CodeConflict, Reason: claims.ReasonStaleVersion,
			Message:  fmt.Sprintf("documents/%s is not the latest version: documents/%s stands in its place", old.ID, old.Next),
			Metadata: map[string]string{"next": "documents/" + old.Next}}
	}
	if same(old, &doc) {
		return d.unchanged(ctx, *old)
	}
	if doc.PublishedAt.IsZero() {
		doc.PublishedAt = d.now()
	}
	doc.Previous, doc.Next, doc.Seq, doc.Reading, doc.Copies = old.ID, "", 0, claims.Reading{}, nil
	res, err := d.ingest(ctx, IngestRequest{RequestID: requestID, Document: doc}, old.Version+1)
	// Somebody else was quicker.
	if claims.CodeOf(err) == claims.CodeConflict {
		return IngestResult{}, &claims.Error{Code: claims.CodeConflict, Reason: claims.ReasonStaleVersion,
			Message: fmt.Sprintf("documents/%s is no longer the latest version: read it again", old.ID), Err: err}
	}
	return res, err
}

// same tells whether a stored version says already what another would: an embargo
// that is asked for is never taken for one that is there. A time of publication
// that is not given may be any.
func same(stored, doc *claims.Document) bool {
	return stored.Status == doc.Status && stored.Text == doc.Text && stored.Title == doc.Title &&
		stored.Byline == doc.Byline && stored.Dateline == doc.Dateline && stored.CreditLine == doc.CreditLine &&
		stored.ForwardedFrom == doc.ForwardedFrom && stored.InReplyTo == doc.InReplyTo && stored.Language == doc.Language &&
		sameInstant(stored.EmbargoedUntil, doc.EmbargoedUntil) &&
		(doc.PublishedAt.IsZero() || sameInstant(stored.PublishedAt, doc.PublishedAt))
}

// sameInstant compares as finely as times are stored.
func sameInstant(a, b time.Time) bool {
	return a.Truncate(time.Microsecond).Equal(b.Truncate(time.Microsecond))
}
