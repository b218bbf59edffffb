package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// underWay is how long storing a document may take: it bears the time at which
// that began.
const underWay = time.Minute

// maxCauses bounds the causes told of one change.
const maxCauses = 50

// causes says what lies between two answers to one question.
func (d *Desk) causes(ctx context.Context, before *seen, after *snapshot) ([]WatchCause, error) {
	was, is := before.counted, counted(&after.answer)
	var out []WatchCause
	for id, stance := range is {
		if was[id] != stance {
			x := after.looked[id]
			out = append(out, cause(arrival(x, before), x))
		}
	}
	for id := range was {
		if is[id] != "" {
			continue
		}
		gone, err := d.departure(ctx, id, before, after)
		if err != nil {
			return nil, err
		}
		out = append(out, gone...)
	}
	judged := slices.DeleteFunc(slices.Clone(after.answer.Judgements), func(seq int64) bool { return slices.Contains(before.judgements, seq) })
	if len(out) == 0 && len(judged) == 0 {
		// What came in need not be evidence itself: it may show that two are one.
		for _, x := range after.looked {
			if becameKnown(x, before, after) && x.Version == 1 && mentioned(&after.answer, x.ID) {
				out = append(out, cause(arrival(x, before), x))
			}
		}
	}
	if len(out) == 0 && len(judged) == 0 && after.judgement > before.judgement {
		js, err := d.store.Judgements(ctx, before.judgement, maxCauses)
		if err != nil {
			return nil, err
		}
		for _, j := range js {
			if j.Seq <= after.judgement {
				judged = append(judged, j.Seq)
			}
		}
	}
	for _, seq := range judged {
		out = append(out, WatchCause{Kind: CauseJudgement, Judgement: seq})
	}
	if len(out) == 0 {
		// What was on its way into the store when a token was written bears an earlier
		// time than the token does.
		for id := range is {
			if x := after.looked[id]; x != nil && x.IngestedAt.After(before.at.Add(-underWay)) {
				out = append(out, cause(arrival(x, before), x))
			}
		}
	}
	if len(out) == 0 {
		out = append(out, WatchCause{Kind: CauseOther})
	}
	slices.SortFunc(out, func(a, b WatchCause) int {
		return cmp.Or(cmp.Compare(a.Judgement, b.Judgement), cmp.Compare(seqOf(after, a.Document), seqOf(after, b.Document)), cmp.Compare(a.Document, b.Document), cmp.Compare(a.Kind, b.Kind))
	})
	out = slices.Compact(out)
	return out[:min(len(out), maxCauses)], nil
}

func seqOf(s *snapshot, id string) int64 {
	if x := s.looked[id]; x != nil {
		return x.Seq
	}
	return 0
}

func cause(kind CauseKind, x *claims.Document) WatchCause {
	if x == nil {
		return WatchCause{Kind: kind}
	}
	return WatchCause{Kind: kind, Document: x.ID, Publisher: x.Publisher}
}

// counted are the documents whose assertions count in an answer, with their
// stance.
func counted(a *claims.Corroboration) map[string]claims.Stance {
	out := map[string]claims.Stance{}
	for i := range a.Origins {
		for _, e := range a.Origins[i].Evidence {
			if !e.Withdrawn && e.Document != nil {
				out[e.Document.ID] += e.Stance
			}
		}
	}
	return out
}

// mentioned tells whether an answer names a document.
func mentioned(a *claims.Corroboration, id string) bool {
	return slices.ContainsFunc(a.Merges, func(m claims.Merge) bool { return m.Document == id || m.Other == id }) ||
		slices.ContainsFunc(a.Timeline, func(t claims.TimelineEntry) bool { return t.Document == id })
}

// becameKnown: the document was not known, or not free, when the first answer was
// given and was when the second was.
func becameKnown(x *claims.Document, before *seen, after *snapshot) bool {
	known := func(at time.Time) bool { return !x.IngestedAt.After(at) && free(x, at) }
	return known(after.at) && (!known(before.at) || !before.looked[x.ID])
}

// arrival says how a document came to count.
func arrival(x *claims.Document, before *seen) CauseKind {
	switch {
	case x == nil:
		return CauseOther
	case x.EmbargoedUntil.After(before.at) && !x.IngestedAt.After(before.at):
		return CauseEmbargo
	case x.Status == claims.StatusCorrected:
		return CauseCorrected
	case x.Status == claims.StatusRetracted:
		return CauseRetracted
	case x.Version > 1:
		return CauseVersion
	}
	return CauseStored
}

// departure says why a document counts no more: because of the version that
// stands in its place, because it is deleted, or because what it says was taken
// back.
func (d *Desk) departure(ctx context.Context, id string, before *seen, after *snapshot) ([]WatchCause, error) {
	x, err := d.store.Document(ctx, id)
	if claims.CodeOf(err) == claims.CodeNotFound {
		return []WatchCause{{Kind: CauseDeleted, Document: id}}, nil
	}
	if err != nil {
		return nil, err
	}
	for next := x.Next; next != ""; {
		v, err := d.store.Document(ctx, next)
		if claims.CodeOf(err) == claims.CodeNotFound { // deleted at this moment
			break
		}
		if err != nil {
			return nil, err
		}
		if becameKnown(&v, before, after) {
			return []WatchCause{cause(arrival(&v, before), &v)}, nil
		}
		next = v.Next
	}
	var out []WatchCause
	for _, v := range after.looked {
		if becameKnown(v, before, after) && (v.Reading.Withdrawal != nil || v.Status != claims.StatusUsable) {
			kind := arrival(v, before)
			if v.Reading.Withdrawal != nil && kind == CauseStored {
				kind = CauseWithdrawn
			}
			out = append(out, cause(kind, v))
		}
	}
	return out, nil
}
