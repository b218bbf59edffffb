package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
	"github.com/secondsource/secondsource/claims/corroborate"
)

// Limits of one check.
const (
	// MaxChecked is how many claims of a draft are corroborated, the first ones in
	// the order of the text.
	MaxChecked = 100
	// maxOwnCopies bounds the near-copies of a draft that are looked for: a text that
	// everybody prints has many.
	maxOwnCopies = 200
)

// CheckRequest is a draft to check.
type CheckRequest struct {
	Draft      claims.Document // its text is required; an unknown PublishedAt is now
	MinOrigins int             // as in claims.Query
}

// CheckedClaim is a claim of a draft with what the stored reporting says of it.
type CheckedClaim struct {
	Claim         claims.Claim // its spans point into the draft's text
	Corroboration claims.Corroboration
}

// LeftOutReason says why a stored document was not counted for a draft.
type LeftOutReason string

// The reasons.
const (
	LeftOutPublication LeftOutReason = "SAME_PUBLICATION" // a version of the draft's own publication
	LeftOutText        LeftOutReason = "SAME_TEXT"        // the draft's own text, or most of it
)

// LeftOut is a stored document that was not counted for a draft.
type LeftOut struct {
	Document claims.Document
	Reason   LeftOutReason
	Copy     claims.Copy // for LeftOutText: how much is shared; Span is in the draft
}

// Check is what the stored reporting says of a draft.
type Check struct {
	Draft  claims.Document // with its Reading, and in Copies whose wording it shares
	Claims []CheckedClaim  // the weakest first
	// Unchecked is how many claims stand behind the last one that was checked.
	Unchecked int
	LeftOut   []LeftOut // by publication
}

// CheckDraft reads a draft and asks of each of its claims what is stored about
// it, as Corroborate does. It stores nothing.
//
// A draft does not bear itself out: versions of its own publication, and documents
// that hold its text or most of it, whoever published them, are left out and
// named. A near-copy by a publisher whom the draft credits (byline, dateline,
// credit line) is not the draft's copy but its source, and counts.
//
// The weakest claims come first: those denied, then those nobody reports, those of
// one origin, those corroborated, by fewer origins first; within that in the order
// of the text.
func (d *Desk) CheckDraft(ctx context.Context, r CheckRequest) (Check, error) {
	if r.MinOrigins < 0 || r.MinOrigins > 1000 {
		return Check{}, claims.Invalid("min_origins", "must be 1 to 1000")
	}
	now := d.now()
	doc := r.Draft
	if doc.PublishedAt.IsZero() {
		doc.PublishedAt = now
	}
	read, err := d.Extract(ctx, doc)
	if err != nil {
		return Check{}, err
	}
	own, err := d.ownOf(ctx, &read.Document, now)
	if err != nil {
		return Check{}, err
	}
	out := Check{Draft: read.Document}
	checked := read.Claims[:min(len(read.Claims), MaxChecked)]
	out.Unchecked = len(read.Claims) - len(checked)
	out.Claims = make([]CheckedClaim, len(checked))
	var mu sync.Mutex
	var broken error
	d.each(ctx, len(checked), func(i int) error {
		c := checked[i]
		q := claims.Query{Text: c.Text, MinOrigins: r.MinOrigins, AskedAt: now, LeftOut: own.leftOut}
		a, err := d.ask(ctx, q, []claims.Claim{c}, c.Text)
		out.Claims[i] = CheckedClaim{Claim: c, Corroboration: a}
		return err
	}, func(i int, err error) {
		mu.Lock()
		defer mu.Unlock()
		if broken == nil {
			broken = fmt.Errorf("claim %d of the draft: %w", i+1, err)
		}
	})
	if err := ctx.Err(); err != nil {
		return Check{}, err
	}
	if broken != nil {
		return Check{}, broken
	}
	slices.SortStableFunc(out.Claims, weakerFirst)
	out.LeftOut = own.list()
	return out, nil
}

// weakness orders verdicts, the weakest first.
var weakness = map[claims.Verdict]int{claims.Refuted: 0, claims.Disputed: 1, claims.Unreported: 2, claims.SingleOrigin: 3, claims.Corroborated: 4}

func weakerFirst(a, b CheckedClaim) int {
	return cmp.Or(
		cmp.Compare(weakness[a.Corroboration.Verdict], weakness[b.Corroboration.Verdict]),
		cmp.Compare(a.Corroboration.OriginsMin, b.Corroboration.OriginsMin),
		cmp.Compare(a.Claim.MainSpan().Start, b.Claim.MainSpan().Start),
		cmp.Compare(a.Claim.Index, b.Claim.Index))
}

// own are the stored documents that are the draft itself.
type own struct {
	draft *claims.Document
	texts map[string]bool // ids of near-copies

	mu    sync.Mutex
	found map[string]LeftOut // by id
}

// ownOf finds the near-copies of a draft among what is stored and free, but for
// those it credits.
func (d *Desk) ownOf(ctx context.Context, draft *claims.Document, now time.Time) (*own, error) {
	o := &own{draft: draft, texts: map[string]bool{}, found: map[string]LeftOut{}}
	shared, err := d.findCopies(ctx, draft, copies.Sign(draft.Text), maxOwnCopies)
	if err != nil {
		return nil, err
	}
	reg, err := d.registry(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(shared))
	for i := range shared {
		ids[i] = shared[i].Document
	}
	docs, err := d.store.DocumentsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := map[string]*claims.Document{}
	for i := range docs {
		byID[docs[i].ID] = &docs[i]
	}
	draft.Copies = nil
	for _, c := range shared {
		x := byID[c.Document]
		if x == nil || !free(x, now) { // deleted since, or held back
			continue
		}
		draft.Copies = append(draft.Copies, c)
		if c.Kind != claims.CopyPartial && !credits(draft, x.Publisher, reg) {
			o.texts[x.ID] = true
			o.found[x.ID] = LeftOut{Document: *x, Reason: LeftOutText, Copy: c}
		}
	}
	return o, nil
}

// credits tells whether a document says that it has its text from a publisher.
func credits(x *claims.Document, publisher string, reg *corroborate.Registry) bool {
	p, known := reg.Find(publisher, x.PublishedAt)
	for _, c := range x.Reading.Credits {
		if c.Name == "" {
			continue
		}
		if claims.NameKey(c.Name) == claims.NameKey(publisher) {
			return true
		}
		if s, ok := reg.Find(c.Name, x.PublishedAt); ok && known && s.Source.ID == p.Source.ID {
			return true
		}
	}
	return false
}

// leftOut is claims.Query.LeftOut.
func (o *own) leftOut(x *claims.Document) bool {
	if o.texts[x.ID] {
		return true
	}
	if !sameSeries(o.draft, x) {
		return false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.found[x.ID] = LeftOut{Document: *x, Reason: LeftOutPublication}
	return true
}

func (o *own) list() []LeftOut {
	out := make([]LeftOut, 0, len(o.found))
	for _, l := range o.found {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b LeftOut) int {
		return cmp.Or(a.Document.PublishedAt.Compare(b.Document.PublishedAt), cmp.Compare(a.Document.Seq, b.Document.Seq))
	})
	return out
}
