package desk

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/editorial"
)

// UndoJudgement takes back the judgement with a Seq, which may be an undoing
// itself: then what that had taken back stands again.
func (d *Desk) UndoJudgement(ctx context.Context, seq int64, by Decision) (claims.Judgement, error) {
	undone, err := d.GetJudgement(ctx, seq)
	if err != nil {
		return claims.Judgement{}, err
	}
	j := claims.Judgement{Kind: claims.UndoJudgement, Subject: undone.Subject, Object: undone.Object, Undoes: seq}
	return d.decide(ctx, j, by, func(tx claims.Tx, before, after *editorial.State) error {
		now, err := tx.Judgements(seq-1, 1)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("judgements/%d", seq)
		switch target := now[0]; {
		case target.Erased():
			return precondition(claims.ReasonNotUndoable, name+" was about a document that is deleted", "name", "is about a document that is deleted")
		case target.Kind == claims.RegisteredSource || target.Kind == claims.UpdatedSource || target.Kind == claims.DeletedDocument:
			return precondition(claims.ReasonNotUndoable, name+" is no judgement that can be undone", "name", fmt.Sprintf("is a %s, which cannot be undone", target.Kind))
		case !before.Stands(seq):
			return precondition(claims.ReasonNotStanding, name+" stands no more", "name", "names a judgement that is undone already")
		}
		if id, is := strings.CutPrefix(undone.Subject, "sources/"); is {
			return noDetour(tx, id, after, "name")
		}
		return nil
	})
}

func precondition(reason, message, field, description string) error {
	return &claims.Error{Code: claims.CodePrecondition, Reason: reason, Message: message, Violations: []claims.Violation{{Field: field, Description: description}}}
}

// maxRequestID bounds request ids, in bytes.
const maxRequestID = 128

// decide appends a judgement, when it goes with what is stored and what stands. check
// is asked inside the transaction, of what stands before and after.
func (d *Desk) decide(ctx context.Context, j claims.Judgement, by Decision, check func(tx claims.Tx, before, after *editorial.State) error) (claims.Judgement, error) {
	if err := checkReason(by.Reason); err != nil {
		return claims.Judgement{}, err
	}
	if len(by.RequestID) > maxRequestID {
		return claims.Judgement{}, claims.Invalid("request_id", fmt.Sprintf("is %d bytes long; the limit is %d bytes", len(by.RequestID), maxRequestID))
	}
	j.Editor, j.Reason, j.At = by.Editor, by.Reason, d.now().UTC().Truncate(time.Microsecond)
	hash, err := requestHash(j)
	if err != nil {
		return claims.Judgement{}, err
	}
	var stored claims.Judgement
	err = d.store.Update(ctx, func(tx claims.Tx) error {
		stored = j // the callback may run again
		if by.RequestID != "" {
			old, was, ok, err := tx.JudgementByRequest(by.RequestID)
			if err != nil {
				return err
			}
			if ok && was != hash {
				return &claims.Error{Code: claims.CodeExists, Reason: claims.ReasonRequestReused, Message: fmt.Sprintf("the request id %q was used for another judgement", by.RequestID)}
			}
			if ok {
				stored = old
				return nil
			}
		}
		log, err := d.logIn(tx)
		if err != nil {
			return err
		}
		stored.Seq = log.Last() + 1
		before, after := log.State(time.Time{}), log.With(stored)
		if err := check(tx, before, after); err != nil {
			return err
		}
		if void, forbids := after.Void(before); void != 0 {
			return contradicts(fieldOf(j.Kind), stored.Seq, void, forbids)
		}
		if stored.Seq, err = tx.AppendJudgement(j); err != nil || by.RequestID == "" {
			return err
		}
		return tx.RememberJudgement(by.RequestID, hash, stored.Seq)
	})
	if err != nil {
		return claims.Judgement{}, err
	}
	return stored, nil
}

// fieldOf is the field of the request that a contradiction is about.
func fieldOf(kind claims.JudgementKind) string {
	switch kind {
	case claims.MergeSources:
		return "into"
	case claims.JoinOrigins:
		return "with"
	case claims.SplitSources, claims.PartOrigins:
		return "from"
	case claims.SetController, claims.SetReliability, claims.SetRelation, claims.SetAttribution, claims.SetStance,
		claims.RegisteredSource, claims.UpdatedSource, claims.DeletedDocument, claims.UndoJudgement:
	}
	return "name"
}

// contradicts is the refusal of a judgement with which another would take no
// effect, or which would take none itself.
func contradicts(field string, seq, void, forbids int64) error {
	with := void
	if void == seq {
		with = forbids
	}
	name := fmt.Sprintf("judgements/%d", with)
	return &claims.Error{Code: claims.CodePrecondition, Reason: claims.ReasonContradicts, Message: "it contradicts " + name + ": undo that first",
		Violations: []claims.Violation{{Field: field, Description: "contradicts " + name}}, Metadata: map[string]string{"judgement": name}}
}

// logIn is the log as a transaction sees it.
func (d *Desk) logIn(tx claims.Tx) (*editorial.Log, error) {
	d.judged.mu.Lock()
	log := d.judged.log.Clone()
	d.judged.mu.Unlock()
	for {
		js, err := tx.Judgements(log.Last(), judgementBatch)
		if err != nil {
			return nil, err
		}
		log.Add(js)
		if len(js) < judgementBatch {
			return log, nil
		}
	}
}

// requestHash is over what was asked for, not when.
func requestHash(j claims.Judgement) ([32]byte, error) {
	body, err := json.Marshal([]any{j.Kind, j.Subject, j.Object, j.Value, j.Editor, j.Reason, j.Undoes})
	return sha256.Sum256(body), err
}

// GetJudgement returns one entry of the log.
func (d *Desk) GetJudgement(ctx context.Context, seq int64) (claims.Judgement, error) {
	js, err := d.store.Judgements(ctx, seq-1, 1)
	if err != nil {
		return claims.Judgement{}, err
	}
	if len(js) == 0 || js[0].Seq != seq {
		return claims.Judgement{}, claims.NotFound(claims.ReasonNoJudgement, fmt.Sprintf("judgements/%d", seq))
	}
	return js[0], nil
}

// ListJudgements lists the log, the latest entry first.
func (d *Desk) ListJudgements(ctx context.Context, f claims.JudgementFilter, p claims.Page) ([]claims.Judgement, error) {
	return d.store.ListJudgements(ctx, f, p)
}

// editorKey is under which a context holds who changes the registry.
type editorKey struct{}

// WithEditor says in the context who registers and changes sources, for the log.
func WithEditor(ctx context.Context, editor string) context.Context {
	return context.WithValue(ctx, editorKey{}, editor)
}

func editorOf(ctx context.Context) string {
	editor, _ := ctx.Value(editorKey{}).(string)
	return editor
}
