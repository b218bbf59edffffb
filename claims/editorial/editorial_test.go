package editorial_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/editorial"
)

var noon = time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)

// log is a log of entries, one a minute, numbered from 1.
func log(js ...claims.Judgement) *editorial.Log {
	for i := range js {
		js[i].Seq, js[i].At = int64(i+1), noon.Add(time.Duration(i)*time.Minute)
	}
	l := &editorial.Log{}
	l.Add(js)
	return l
}

func merge(a, b string) claims.Judgement {
	return claims.Judgement{Kind: claims.MergeSources, Subject: "sources/" + a, Object: "sources/" + b}
}

func split(a, b string) claims.Judgement {
	return claims.Judgement{Kind: claims.SplitSources, Subject: "sources/" + a, Object: "sources/" + b}
}

func grade(of, g string) claims.Judgement {
	return claims.Judgement{Kind: claims.SetReliability, Subject: "sources/" + of, Value: map[string]string{editorial.ReliabilityValue: g}}
}

func undo(seq int64) claims.Judgement {
	return claims.Judgement{Kind: claims.UndoJudgement, Undoes: seq}
}

func update(of, changed string) claims.Judgement {
	return claims.Judgement{Kind: claims.UpdatedSource, Subject: "sources/" + of, Value: map[string]string{editorial.ChangedValue: changed}}
}

// as is what a to d are shown as.
func as(s *editorial.State) string {
	out := ""
	for _, x := range []string{"a", "b", "c", "d"} {
		out += s.Sources.As(x)
	}
	return out
}

func TestWhatStands(t *testing.T) {
	for name, tt := range map[string]struct {
		log  *editorial.Log
		want string // as
	}{
		"nothing":                                 {log(), "abcd"},
		"one merge":                               {log(merge("a", "b")), "bbcd"},
		"a chain is shown as its end":             {log(merge("a", "b"), merge("b", "c")), "cccd"},
		"whatever the order":                      {log(merge("b", "c"), merge("a", "b")), "cccd"},
		"two classes":                             {log(merge("a", "b"), merge("c", "d"), merge("b", "d")), "dddd"},
		"undone":                                  {log(merge("a", "b"), undo(1)), "abcd"},
		"the undoing undone":                      {log(merge("a", "b"), undo(1), undo(2)), "bbcd"},
		"undone three times":                      {log(merge("a", "b"), undo(1), undo(2), undo(3)), "abcd"},
		"the latest on a pair":                    {log(merge("a", "b"), merge("b", "a")), "aacd"},
		"a split takes the place of a merge":      {log(merge("a", "b"), split("b", "a")), "abcd"},
		"and undone lets it stand again":          {log(merge("a", "b"), split("b", "a"), undo(2)), "bbcd"},
		"a merge that a split forbids is void":    {log(split("a", "c"), merge("a", "b"), merge("b", "c")), "bbcd"},
		"whatever the order of the two":           {log(merge("a", "b"), merge("b", "c"), split("a", "c")), "bbcd"},
		"what is erased does not stand":           {log(claims.Judgement{Kind: claims.MergeSources, Subject: "sources/a", Object: "sources/b", Value: map[string]string{claims.ErasedValue: "true"}}), "abcd"},
		"registrations and deletions are nothing": {log(claims.Judgement{Kind: claims.RegisteredSource, Subject: "sources/a"}, claims.Judgement{Kind: claims.DeletedDocument, Subject: "documents/a"}), "abcd"},
	} {
		if got := as(tt.log.State(time.Time{})); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestGradesAndWhatTheRegistryChangedSince(t *testing.T) {
	registered := claims.Source{ID: "a", Reliability: "F", ControlledBy: []claims.Control{{Source: "x"}}}
	for name, tt := range map[string]struct {
		log  *editorial.Log
		want claims.Grade
	}{
		"none":                        {log(), "F"},
		"one":                         {log(grade("a", "B")), "B"},
		"the latest":                  {log(grade("a", "B"), grade("a", "C")), "C"},
		"the one before":              {log(grade("a", "B"), grade("a", "C"), undo(2)), "B"},
		"the registry is newer":       {log(grade("a", "B"), update("a", "controlled_by,reliability")), "F"},
		"the registry is older":       {log(update("a", "reliability"), grade("a", "B")), "B"},
		"the registry changed others": {log(grade("a", "B"), update("a", "controlled_by"), update("b", "reliability"), update("a", "")), "B"},
	} {
		if got := tt.log.State(time.Time{}).Source(registered).Reliability; got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
	from := noon.Add(time.Hour)
	s := log(claims.Judgement{Kind: claims.SetController, Subject: "sources/a", Object: "sources/y", Value: map[string]string{editorial.FromValue: from.Format(time.RFC3339Nano)}}).State(time.Time{}).Source(registered)
	if d := cmp.Diff([]claims.Control{{Source: "y", Valid: claims.Interval{From: from}}}, s.ControlledBy); d != "" {
		t.Error(d)
	}
	if s = log(claims.Judgement{Kind: claims.SetController, Subject: "sources/a"}).State(time.Time{}).Source(registered); len(s.ControlledBy) > 0 || len(registered.ControlledBy) != 1 {
		t.Errorf("%+v", s)
	}
}

func TestStatesAsOfATime(t *testing.T) {
	l := log(merge("a", "b"), undo(1), merge("b", "c"), undo(2))
	for minute, want := range map[int]string{-1: "abcd", 0: "bbcd", 1: "abcd", 2: "accd", 3: "cccd", 9: "cccd"} {
		if got := as(l.State(noon.Add(time.Duration(minute) * time.Minute))); got != want {
			t.Errorf("as of minute %d: %s, want %s", minute, got, want)
		}
	}
}

func TestWhatAJudgementWouldContradict(t *testing.T) {
	l := log(merge("a", "b"), merge("b", "c"))
	j := split("a", "c")
	j.Seq = l.Last() + 1
	if void, by := l.With(j).Void(l.State(time.Time{})); void != 2 || by != 3 {
		t.Errorf("a split: %d by %d", void, by)
	}
	l = log(split("a", "c"), merge("a", "b"))
	j = merge("c", "b")
	j.Seq = l.Last() + 1
	if void, by := l.With(j).Void(l.State(time.Time{})); void != 3 || by != 1 {
		t.Errorf("a merge: %d by %d", void, by)
	}
	if got := as(l.State(time.Time{})); got != "bbcd" {
		t.Errorf("it was added all the same: %s", got)
	}
	// What contradicts already is no news.
	l = log(merge("a", "b"), merge("b", "c"), split("a", "c"))
	j = grade("a", "B")
	j.Seq = l.Last() + 1
	if void, _ := l.With(j).Void(l.State(time.Time{})); void != 0 {
		t.Errorf("something else: %d", void)
	}
}

func TestThePathOfAMerge(t *testing.T) {
	s := log(merge("a", "b"), merge("b", "c"), merge("a", "c"), merge("c", "d")).State(time.Time{})
	var seqs []int64
	for _, j := range s.Sources.Path("a", "d") {
		seqs = append(seqs, j.Seq)
	}
	if d := cmp.Diff([]int64{3, 4}, seqs); d != "" {
		t.Error(d)
	}
	if s.Sources.Path("a", "x") != nil || s.Sources.Path("a", "a") != nil {
		t.Error("a path to nowhere")
	}
	s = log(merge("a", "b"), split("c", "b")).State(time.Time{})
	for _, pair := range [][2]string{{"a", "c"}, {"c", "a"}, {"b", "c"}} {
		if j := s.Sources.Apart(pair[0], pair[1]); j == nil || j.Seq != 2 {
			t.Errorf("%v are not apart: %v", pair, j)
		}
	}
	if s.Sources.Apart("a", "b") != nil || s.Sources.Apart("a", "d") != nil || s.Sources.Apart("c", "c") != nil {
		t.Error("others are apart")
	}
}

func TestWhatIsSaidOfAClaimAndAQuery(t *testing.T) {
	rel := func(claim, to string, kind claims.RelationKind) claims.Judgement {
		return claims.Judgement{Kind: claims.SetRelation, Subject: claim, Object: to, Value: map[string]string{editorial.RelationValue: string(kind)}}
	}
	st := func(claim, to, text string, s claims.Stance) claims.Judgement {
		return claims.Judgement{Kind: claims.SetStance, Subject: claim, Object: to, Value: map[string]string{editorial.StanceValue: string(s), editorial.TextValue: text}}
	}
	read := claims.Relation{Kind: claims.Entails, Score: 0.4, Why: "words"}
	for name, tt := range map[string]struct {
		log      *editorial.Log
		modality claims.Modality
		kind     claims.RelationKind
		stance   claims.Stance
		by       int64
	}{
		"nothing":                       {log(), claims.Asserted, claims.Entails, claims.Supports, 0},
		"of another claim":              {log(rel("d2", "q", claims.Unrelated)), claims.Asserted, claims.Entails, claims.Supports, 0},
		"to another query":              {log(rel("d", "p", claims.Unrelated)), claims.Asserted, claims.Entails, claims.Supports, 0},
		"a contradiction":               {log(rel("d", "q", claims.Contradicts)), claims.Asserted, claims.Contradicts, claims.Refutes, 1},
		"a contradiction the other way": {log(rel("q", "d", claims.Contradicts)), claims.Asserted, claims.Contradicts, claims.Refutes, 1},
		"entailment":                    {log(rel("d", "q", claims.Entails)), claims.Asserted, claims.Entails, claims.Supports, 1},
		"entailment the other way":      {log(rel("q", "d", claims.Entails)), claims.Asserted, claims.Entails, claims.Supports, 0},
		"of what is denied":             {log(rel("d", "q", claims.Equivalent)), claims.Denied, claims.Equivalent, claims.Refutes, 1},
		"of what is planned":            {log(rel("d", "q", claims.Equivalent)), claims.Planned, claims.Equivalent, claims.Neutral, 1},
		"an update":                     {log(rel("d", "q", claims.Updates)), claims.Asserted, claims.Updates, claims.Refutes, 1},
		"a stance to its words":         {log(st("d", "", " The QUERY's\nwords. ", claims.Refutes)), claims.Asserted, claims.Contradicts, claims.Refutes, 1},
		"a stance to its name":          {log(st("d", "q", "", claims.Neutral)), claims.Asserted, claims.Related, claims.Neutral, 1},
		"a stance goes before":          {log(st("d", "q", "", claims.Supports), rel("d", "q", claims.Contradicts)), claims.Asserted, claims.Entails, claims.Supports, 1},
		"the latest of both targets":    {log(st("d", "q", "", claims.Supports), st("d", "", "the query's words", claims.Neutral)), claims.Asserted, claims.Related, claims.Neutral, 2},
		"undone":                        {log(st("d", "q", "", claims.Refutes), undo(1)), claims.Asserted, claims.Entails, claims.Supports, 0},
	} {
		o := tt.log.State(time.Time{}).Overruled("The query's words", "q")
		gotRel, gotStance, by := read, claims.Supports, (*claims.Judgement)(nil)
		if o != nil {
			gotRel, gotStance, by = o.On("d", &claims.Claim{Modality: tt.modality}, read, claims.Supports)
		}
		seq := int64(0)
		if by != nil {
			seq = by.Seq
		}
		if gotRel.Kind != tt.kind || gotStance != tt.stance || seq != tt.by {
			t.Errorf("%s: %s, %s by %d; want %s, %s by %d", name, gotRel.Kind, gotStance, seq, tt.kind, tt.stance, tt.by)
		}
		if by != nil && gotRel.Score != 1 || by == nil && gotRel != read {
			t.Errorf("%s: %+v", name, gotRel)
		}
	}
	if got := claimsOf(log(rel("d", "q", claims.Entails), st("e", "q", "", claims.Supports), st("d", "q", "", claims.Supports)).State(time.Time{})); !slices.Equal(got, []string{"d", "e"}) {
		t.Errorf("claims %v", got)
	}
}

func claimsOf(s *editorial.State) []string {
	names := s.Overruled("x", "q").Claims()
	slices.Sort(names)
	return names
}

// TestALogIsFoldedTheSameInAnyPieces: whoever reads the log entry by entry, asking in
// between, knows what whoever reads it at once knows as of then.
func TestALogIsFoldedTheSameInAnyPieces(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 28))
		var js []claims.Judgement
		for len(js) < 12 {
			k := r.Perm(4)
			x, y := string(rune('a'+k[0])), string(rune('a'+k[1]))
			switch n := len(js); {
			case r.IntN(4) == 0:
				js = append(js, split(x, y))
			case n > 0 && r.IntN(3) == 0:
				js = append(js, undo(1+r.Int64N(int64(n))))
			default:
				js = append(js, merge(x, y))
			}
		}
		whole, pieces := log(js...), &editorial.Log{}
		for i := range js { // log has numbered them
			pieces.Add(js[i : i+1])
			pieces.Add(js[i : i+1]) // what it has changes nothing
			if x, y := describe(pieces.State(time.Time{})), describe(whole.State(js[i].At)); x != y {
				t.Fatalf("seed %d, entry %d: in pieces %s, as of then %s", seed, i+1, x, y)
			}
		}
	}
}

func describe(s *editorial.State) string {
	out := as(s)
	for seq := range int64(13) {
		out += fmt.Sprint(" ", s.Stands(seq))
	}
	for _, x := range "abcd" {
		for _, y := range "abcd" {
			if s.Sources.Apart(string(x), string(y)) != nil {
				out += " " + string(x) + "|" + string(y)
			}
		}
	}
	return out
}
