package desk

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/editorial"
)

// Decision is who decides, and why.
type Decision struct {
	Editor string // identity of the caller; "" when the server runs without keys
	Reason string // 1 to MaxReason bytes; it stands in answers
	// RequestID is the caller's own: the same judgement again under it changes
	// nothing, another one is CodeExists. "" for none.
	RequestID string
}

// The functions below append one judgement each and return it as stored. It shapes
// every answer from then on. Errors: CodeInvalid for what says nothing or is about
// one thing twice, CodeNotFound for what is not stored, CodePrecondition for what
// contradicts judgements that stand, CodeExists for a request id that was used.

// MergeSources judges a source to be another, under whose name answers show both.
func (d *Desk) MergeSources(ctx context.Context, source, into string, by Decision) (claims.Judgement, error) {
	return d.pairSources(ctx, claims.MergeSources, source, into, "into", by)
}

// SplitSources judges a source not to be another, nor to speak for it.
func (d *Desk) SplitSources(ctx context.Context, source, from string, by Decision) (claims.Judgement, error) {
	return d.pairSources(ctx, claims.SplitSources, source, from, "from", by)
}

func (d *Desk) pairSources(ctx context.Context, kind claims.JudgementKind, source, other, field string, by Decision) (claims.Judgement, error) {
	if source == other {
		return claims.Judgement{}, claims.Invalid(field, "names the same source")
	}
	j := claims.Judgement{Kind: kind, Subject: "sources/" + source, Object: "sources/" + other}
	return d.decide(ctx, j, by, func(tx claims.Tx, _, _ *editorial.State) error { return haveSources(tx, source, other) })
}

func haveSources(tx claims.Tx, ids ...string) error {
	for _, id := range ids {
		if _, err := tx.Source(id); err != nil {
			return err
		}
	}
	return nil
}

// SetController judges who controls a source ("": nobody), and when.
func (d *Desk) SetController(ctx context.Context, source, controller string, valid claims.Interval, by Decision) (claims.Judgement, error) {
	j := claims.Judgement{Kind: claims.SetController, Subject: "sources/" + source, Value: map[string]string{}}
	switch {
	case source == controller:
		return j, claims.Invalid("controller", "names the same source")
	case controller == "" && valid != claims.Interval{}:
		return j, claims.Invalid("valid", "is given without a controller")
	case !valid.From.IsZero() && !valid.To.IsZero() && !valid.From.Before(valid.To):
		return j, claims.Invalid("valid", "ends before it begins")
	}
	for key, at := range map[string]time.Time{editorial.FromValue: valid.From, editorial.ToValue: valid.To} {
		if !at.IsZero() {
			j.Value[key] = at.UTC().Format(time.RFC3339Nano)
		}
	}
	if controller != "" {
		j.Object = "sources/" + controller
	}
	return d.decide(ctx, j, by, func(tx claims.Tx, _, after *editorial.State) error {
		if err := haveSources(tx, source); err != nil {
			return err
		}
		if controller == "" {
			return nil
		}
		if err := haveSources(tx, controller); err != nil {
			return err
		}
		return noDetour(tx, source, after, "controller")
	})
}

// noDetour refuses a source that would control itself as judgements have it.
func noDetour(tx claims.Tx, source string, st *editorial.State, field string) error {
	todo, seen := []string{source}, map[string]bool{}
	for len(todo) > 0 && len(seen) < maxControllers {
		x := todo[0]
		todo = todo[1:]
		if seen[x] {
			continue
		}
		seen[x] = true
		s, err := tx.Source(x)
		if claims.CodeOf(err) == claims.CodeNotFound {
			continue
		}
		if err != nil {
			return err
		}
		s = st.Source(s)
		above := []string{s.SpeaksFor}
		for _, c := range s.ControlledBy {
			above = append(above, c.Source)
		}
		for _, id := range above {
			if id == source {
				return precondition(claims.ReasonControlCycle, "a source cannot control itself", field, fmt.Sprintf("leads back to sources/%s through sources/%s", source, x))
			}
			if id != "" {
				todo = append(todo, id)
			}
		}
	}
	return nil
}

// SetReliability judges how reliable a source is.
func (d *Desk) SetReliability(ctx context.Context, source string, grade claims.Grade, by Decision) (claims.Judgement, error) {
	if len(grade) != 1 || grade[0] < 'A' || grade[0] > 'F' {
		return claims.Judgement{}, claims.Invalid("reliability", "must be A to F")
	}
	j := claims.Judgement{Kind: claims.SetReliability, Subject: "sources/" + source, Value: map[string]string{editorial.ReliabilityValue: string(grade)}}
	return d.decide(ctx, j, by, func(tx claims.Tx, _, _ *editorial.State) error { return haveSources(tx, source) })
}

// JoinOrigins judges two assertions to go back to one origin. They are named by the
// resource name of a claim, or of a document for whatever it asserts.
func (d *Desk) JoinOrigins(ctx context.Context, assertion, with string, by Decision) (claims.Judgement, error) {
	return d.pairOrigins(ctx, claims.JoinOrigins, assertion, with, "with", by)
}

// PartOrigins judges two assertions to go back to two origins; see JoinOrigins.
func (d *Desk) PartOrigins(ctx context.Context, assertion, from string, by Decision) (claims.Judgement, error) {
	return d.pairOrigins(ctx, claims.PartOrigins, assertion, from, "from", by)
}

func (d *Desk) pairOrigins(ctx context.Context, kind claims.JudgementKind, assertion, other, field string, by Decision) (claims.Judgement, error) {
	if assertion == other {
		return claims.Judgement{}, claims.Invalid(field, "names the same assertion")
	}
	j := claims.Judgement{Kind: kind, Subject: assertion, Object: other}
	return d.decide(ctx, j, by, func(tx claims.Tx, _, _ *editorial.State) error { return haveAssertions(tx, assertion, other) })
}

// haveAssertions checks that claims, or documents, are stored.
func haveAssertions(tx claims.Tx, names ...string) error {
	for _, name := range names {
		document, index := claimOf(name)
		var err error
		if strings.Contains(name, "/claims/") {
			_, err = tx.Claim(document, index)
		} else {
			_, err = tx.Document(document)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SetRelation judges how a stored claim stands to another, both by resource name.
func (d *Desk) SetRelation(ctx context.Context, claim, to string, kind claims.RelationKind, contradiction claims.ContradictionKind, by Decision) (claims.Judgement, error) {
	j := claims.Judgement{Kind: claims.SetRelation, Subject: claim, Object: to, Value: map[string]string{editorial.RelationValue: string(kind)}}
	switch {
	case claim == to:
		return j, claims.Invalid("to", "names the same claim")
	case kind == "":
		return j, claims.Invalid("relation", "is not given")
	case contradiction != claims.NoContradiction && kind != claims.Contradicts:
		return j, claims.Invalid("contradiction", "is given for a relation that is none")
	case contradiction != claims.NoContradiction:
		j.Value[editorial.ContradictionValue] = string(contradiction)
	}
	return d.decide(ctx, j, by, func(tx claims.Tx, _, _ *editorial.State) error { return haveAssertions(tx, claim, to) })
}

// SetAttribution judges who asserts a stored claim: a source by id, "" for nobody
// who is known.
func (d *Desk) SetAttribution(ctx context.Context, claim, asserter string, by Decision) (claims.Judgement, error) {
	j := claims.Judgement{Kind: claims.SetAttribution, Subject: claim}
	if asserter != "" {
		j.Object = "sources/" + asserter
	}
	return d.decide(ctx, j, by, func(tx claims.Tx, _, _ *editorial.State) error {
		if err := haveAssertions(tx, claim); err != nil || asserter == "" {
			return err
		}
		return haveSources(tx, asserter)
	})
}

// SetStance judges whether a stored claim supports or refutes another, which is
// stored (toward is its resource name) or given in words.
func (d *Desk) SetStance(ctx context.Context, claim, toward, text string, stance claims.Stance, by Decision) (claims.Judgement, error) {
	j := claims.Judgement{Kind: claims.SetStance, Subject: claim, Object: toward, Value: map[string]string{editorial.StanceValue: string(stance)}}
	switch {
	case stance == "":
		return j, claims.Invalid("stance", "is not given")
	case claim == toward:
		return j, claims.Invalid("toward_claim", "names the same claim")
	case toward != "" && text != "":
		return j, claims.Invalid("claim_text", "is given beside a stored claim")
	case toward == "" && editorial.TextKey(text) == "":
		return j, claims.Invalid("claim_text", "is empty")
	case len(text) > maxQuery:
		return j, claims.Invalid("claim_text", fmt.Sprintf("is %d bytes long; the limit is %d bytes", len(text), maxQuery))
	case !utf8.ValidString(text):
		return j, claims.Invalid("claim_text", fmt.Sprintf("is not valid UTF-8 at byte %d", invalidAt(text)))
	case toward == "":
		j.Value[editorial.TextValue] = strings.TrimSpace(text)
	}
	return d.decide(ctx, j, by, func(tx claims.Tx, _, _ *editorial.State) error {
		if err := haveAssertions(tx, claim); err != nil || toward == "" {
			return err
		}
		return haveAssertions(tx, toward)
	})
}

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
