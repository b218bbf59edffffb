package desk

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
)

// DeleteRequest names a document to delete.
type DeleteRequest struct {
	Document string // id of any of its versions
	// Reason stays in the log for good, so it names no person: 1 to MaxReason
	// bytes.
	Reason string
	Editor string // identity of the caller; "" when the server runs without keys
}

// MaxReason bounds DeleteRequest.Reason, in bytes.
const MaxReason = 500

// Deletion is what DeleteDocument did.
type Deletion struct {
	Documents []string // ids of the versions that were erased, the first one first
	Claims    int      // erased with them
	Judgement int64    // Seq of the entry in the log that says so
}

// DeleteDocument erases a document, all versions of it, and everything derived
// from them: no later answer, listing or search has anything of it. What stays is
// an entry of the log that says who deleted which ids, when and why. It is not a
// retraction: a retracted document is still there to be seen.
//
// Errors: CodeInvalid for a reason that is missing or too long, CodeNotFound for
// a document that is not stored (or not any more).
func (d *Desk) DeleteDocument(ctx context.Context, r DeleteRequest) (Deletion, error) {
	if err := checkReason(r.Reason); err != nil {
		return Deletion{}, err
	}
	at := d.now().UTC().Truncate(time.Microsecond)
	var done Deletion
	var erased []claims.Erasure
	err := d.store.Update(ctx, func(tx claims.Tx) error {
		done, erased = Deletion{}, nil // the callback may run again
		versions, err := versionsOf(tx, r.Document)
		if err != nil {
			return err
		}
		for _, id := range versions {
			e, err := tx.EraseDocument(id)
			if err != nil {
				return err
			}
			erased = append(erased, e)
			done.Claims += e.Claims
		}
		done.Documents = versions
		done.Judgement, err = tx.AppendJudgement(claims.Judgement{
			Kind: claims.DeletedDocument, Subject: "documents/" + r.Document, Editor: r.Editor, Reason: r.Reason, At: at,
			Value: map[string]string{"documents": strings.Join(versions, " "), "claims": fmt.Sprint(done.Claims)},
		})
		return err
	})
	if err != nil {
		return Deletion{}, err
	}
	d.forget(erased)
	return done, nil
}

func checkReason(reason string) error {
	switch {
	case strings.TrimSpace(reason) == "":
		return claims.Invalid("reason", "is empty: the log has to say why")
	case !utf8.ValidString(reason):
		e := claims.Invalid("reason", fmt.Sprintf("is not valid UTF-8 at byte %d", invalidAt(reason)))
		e.Reason = claims.ReasonInvalidUTF8
		return e
	case len(reason) > MaxReason:
		return claims.Invalid("reason", fmt.Sprintf("is %d bytes long; the limit is %d bytes", len(reason), MaxReason))
	}
	return nil
}

// versionsOf are the ids of all versions of a document, the first one first.
func versionsOf(tx claims.Tx, id string) ([]string, error) {
	doc, err := tx.Document(id)
	if err != nil {
		return nil, err
	}
	first := doc
	for first.Previous != "" {
		if first, err = tx.Document(first.Previous); err != nil {
			return nil, err
		}
	}
	ids := []string{first.ID}
	for next := first.Next; next != ""; {
		version, err := tx.Document(next)
		if err != nil {
			return nil, err
		}
		ids, next = append(ids, version.ID), version.Next
	}
	return ids, nil
}

// forget takes what was erased out of everything that is kept in memory.
func (d *Desk) forget(erased []claims.Erasure) {
	docs := make([]int64, 0, len(erased))
	var cs []int64
	for _, e := range erased {
		docs = append(docs, e.Document)
		for i := range e.Claims {
			cs = append(cs, e.FirstClaim+int64(i))
		}
	}
	d.index.Remove(cs)
	d.copies.Remove(docs...)
	d.unread.remove(docs)
	d.contexts.Forget(docs)
	d.judged.forget()
	d.compared.Forget()
}

// erasureBatch is how many erasures are read at once.
const erasureBatch = 1000

// forgetErased takes in the erasures that the log has beyond the last one.
func (d *Desk) forgetErased(ctx context.Context) error {
	for {
		erased, err := d.store.Erasures(ctx, d.forgot, erasureBatch)
		if err != nil {
			return err
		}
		if len(erased) == 0 {
			return nil
		}
		d.forget(erased)
		d.forgot = erased[len(erased)-1].Seq
	}
}
