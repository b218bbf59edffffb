// Package editorial folds the log of what editors decided into what stands: which
// sources are one, which origins are joined or parted, who controls and asserts
// what, and which relations and stances were overruled. It is a pure function of
// the entries in their order: what is undone does not count, and of several
// decisions on one matter the latest stands.
package editorial

import (
	"slices"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// Log holds the entries that may shape an answer, as far as they were read. Use it
// from one goroutine at a time; the States that it gives are immutable.
type Log struct {
	entries []claims.Judgement
	last    int64
	latest  *State // of all entries; nil: not folded yet
	newest  time.Time
	early   *State // as of a time before the newest entry
	asOf    time.Time
}

// Last is the Seq of the last entry that was added, 0 for none.
func (l *Log) Last() int64 { return l.last }

// Add takes entries in, in the order of their Seqs; those it has change nothing.
func (l *Log) Add(js []claims.Judgement) {
	for i := range js {
		j := js[i]
		if j.Seq <= l.last {
			continue
		}
		l.last = j.Seq
		if !shapes(&j) {
			continue
		}
		l.entries = append(l.entries, j)
		l.latest, l.early = nil, nil
		if j.At.After(l.newest) {
			l.newest = j.At
		}
	}
}

// Clone is a log of its own with the same entries.
func (l *Log) Clone() *Log {
	c := *l
	c.entries = slices.Clip(c.entries)
	return &c
}

// shapes tells whether an entry may change what stands.
func shapes(j *claims.Judgement) bool {
	switch j.Kind {
	case claims.RegisteredSource, claims.DeletedDocument:
		return false
	case claims.UpdatedSource:
		return j.Value[ChangedValue] != ""
	case claims.MergeSources, claims.SplitSources, claims.SetController, claims.SetReliability, claims.JoinOrigins, claims.PartOrigins,
		claims.SetRelation, claims.SetAttribution, claims.SetStance, claims.UndoJudgement:
	}
	return true
}

// State is what stands by a moment; the zero time: by now. An entry decided after
// the moment does not count, whatever its place in the log.
func (l *Log) State(asOf time.Time) *State {
	if asOf.IsZero() || !l.newest.After(asOf) {
		if l.latest == nil {
			l.latest = fold(l.entries)
		}
		return l.latest
	}
	if l.early == nil || !l.asOf.Equal(asOf) {
		l.asOf, l.early = asOf, fold(slices.DeleteFunc(slices.Clone(l.entries), func(j claims.Judgement) bool { return j.At.After(asOf) }))
	}
	return l.early
}

// With is what would stand by now with one more entry, which is not added.
func (l *Log) With(j claims.Judgement) *State {
	return fold(append(slices.Clone(l.entries), j))
}

// fold reads the entries twice: from the end, to see which are undone, and from
// the beginning, so that later decisions take the place of earlier ones.
func fold(entries []claims.Judgement) *State {
	undone := map[int64]bool{}
	for i := range slices.Backward(entries) {
		if j := &entries[i]; j.Kind == claims.UndoJudgement && !undone[j.Seq] {
			undone[j.Undoes] = true
		}
	}
	s := newState()
	sources, origins := newMatters(), newMatters()
	for i := range entries {
		j := &entries[i]
		if undone[j.Seq] || j.Erased() {
			continue
		}
		s.standing[j.Seq] = true
		switch j.Kind {
		case claims.MergeSources, claims.SplitSources:
			sources.decide(j, id(j.Subject), id(j.Object), j.Kind == claims.MergeSources)
		case claims.JoinOrigins, claims.PartOrigins:
			origins.decide(j, j.Subject, j.Object, j.Kind == claims.JoinOrigins)
		case claims.SetController:
			s.control[id(j.Subject)] = j
		case claims.SetReliability:
			s.grade[id(j.Subject)] = j
		case claims.UpdatedSource:
			s.updated(j)
		case claims.SetAttribution:
			s.asserter[j.Subject] = j
		case claims.SetRelation:
			s.relate(j)
		case claims.SetStance:
			s.stance(j)
		case claims.UndoJudgement, claims.RegisteredSource, claims.DeletedDocument:
		}
	}
	s.Sources, s.Origins = sources.partition(), origins.partition()
	return s
}

// id is the last part of a source's resource name.
func id(name string) string { return strings.TrimPrefix(name, "sources/") }

// TextKey folds a claim's words to the key under which queries are compared: lower
// case, single spaces, no full stop at the end.
func TextKey(text string) string {
	return strings.TrimRight(strings.ToLower(strings.Join(strings.Fields(text), " ")), ".!? ")
}
