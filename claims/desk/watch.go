package desk

import (
	"context"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// WatchRequest says what to watch: a question, or what a source asserts.
type WatchRequest struct {
	// Query is the question. As-of times are CodeInvalid: what is as of a time does
	// not change.
	Query claims.Query
	// Source is a source's id, name or handle; "": watch Query.
	Source string
	// After is where to go on; nil: from now on.
	After *WatchState
}

// Standing is what a watch looks at: a change of any of it is told.
type Standing struct {
	Verdict                    claims.Verdict
	OriginsMin, OriginsMax     int
	RefutingMin, RefutingMax   int
	WitnessesMin, WitnessesMax int
}

func standingOf(a *claims.Corroboration) Standing {
	return Standing{a.Verdict, a.OriginsMin, a.OriginsMax, a.RefutingMin, a.RefutingMax, a.WitnessesMin, a.WitnessesMax}
}

// WatchState is how far a watch has come and what it has told: enough to go on
// elsewhere without telling a thing twice.
type WatchState struct {
	Since     time.Time // when the watch began: relative dates in its question mean it
	Judgement int64     // Judgement.Seq up to which the log was taken into account
	Claim     int64     // watching a source: Claim.Seq up to which its claims are followed
	Told      []Told
}

// Told is the last standing told of one claim.
type Told struct {
	Claim    int64     // Claim.Seq; 0 for a watch's own question
	At       time.Time // as of when there was no more to tell
	Standing Standing  // zero: nothing was told, its document was held back
}

// WatchEventKind says what happened.
type WatchEventKind string

// The kinds of event.
const (
	WatchBegan   WatchEventKind = "BEGAN"   // the first of a watch that goes on from nowhere
	WatchChanged WatchEventKind = "CHANGED" // verdict or a number of origins changed
	WatchClaimed WatchEventKind = "CLAIMED" // the source watched asserts something new
)

// CauseKind says what brought a change about.
type CauseKind string

// The kinds of cause.
const (
	CauseStored    CauseKind = "STORED"        // a document came in
	CauseVersion   CauseKind = "NEW_VERSION"   // a document gave way to a later version
	CauseCorrected CauseKind = "CORRECTED"     // or to a correction
	CauseRetracted CauseKind = "RETRACTED"     // or was retracted
	CauseWithdrawn CauseKind = "WITHDRAWN"     // a document takes back what its publisher published
	CauseEmbargo   CauseKind = "EMBARGO_ENDED" // a document is held back no more
	CauseDeleted   CauseKind = "DELETED"       // a document was erased
	CauseJudgement CauseKind = "JUDGEMENT"     // an editor decided something, or changed a source
	CauseOther     CauseKind = "OTHER"         // none of these was found
)

// WatchCause is one thing that brought a change about.
type WatchCause struct {
	Kind      CauseKind
	Document  string // id; "": none
	Publisher string // the document's, where it is known
	Judgement int64  // Seq; 0: none
}

// WatchEvent is what a watch tells.
type WatchEvent struct {
	Kind WatchEventKind
	// Claim is the claim that is asked about where it is a stored one, and Document
	// its document; both are nil otherwise, and when it is deleted.
	Claim         *claims.Claim
	Document      *claims.Document
	Corroboration claims.Corroboration // of WatchBegan on a source it is empty
	Before        Standing             // the last one told; zero when nothing was
	Causes        []WatchCause         // of WatchChanged
	At            time.Time            // as of when
	State         WatchState           // to go on after this event
}

// Limits of one watch.
const (
	// maxFollowed bounds the claims of a source that are followed, the latest ones.
	maxFollowed = 32
	// maxSteps bounds the moments between two answers that are told one by one; of
	// those before, the last alone is told of.
	maxSteps = 64
	// maxJudgements bounds the judgements between two answers that are looked at.
	maxJudgements = 1000
	// sweepEvery is how often a question is asked again though nothing seems to
	// concern it: the keys by which that is told may miss a paraphrase.
	sweepEvery = 5 * time.Minute
)

// Watch tells of every change of a verdict or a number of origins, with what
// caused it, until the context ends or tell returns an error, which it returns.
// While tell does not return, what happens is gathered and told afterwards.
//
// A watch that goes on after a state tells first what it missed, moment by moment
// as documents came in, embargoes ended and editors decided. What was told by a
// state is never told again after it. A deletion, and a change of a registered
// source, act on all times: one that was undone in the meantime is not told.
// Errors are those of Corroborate.
func (d *Desk) Watch(ctx context.Context, r WatchRequest, tell func(WatchEvent) error) error {
	w, err := d.newWatch(ctx, r, tell)
	if err != nil {
		return err
	}
	if err := d.watches.join(ctx, d, w); err != nil {
		return err
	}
	defer d.watches.leave(w)
	if w.fresh {
		w.state.Judgement = d.watches.judgements()
	}
	if err := w.begin(ctx); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.wake:
		}
		if err := w.round(ctx); err != nil {
			return err
		}
	}
}
