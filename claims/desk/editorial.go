package desk

import (
	"context"
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
