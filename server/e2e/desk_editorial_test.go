package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
)

const damQuery = "Tor Bakke closed the Zenda dam"

// two are an archive of two outlets that report one thing, independently.
func two(t *testing.T) (e *editor, courier, herald claims.Claim) {
	t.Helper()
	e = newDesk(t)
	first := e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam, our reporter saw."))
	second := e.put(t, claims.OutcomeCreated, report("The Herald", day(5), "The Zenda dam was closed by the engineer Tor Bakke."))
	courier, herald = first.Claims[0], second.Claims[0]
	courier.Document, herald.Document = first.Document.ID, second.Document.ID
	e.counts(t, claims.Corroborated, 2, 2)
	return e, courier, herald
}

// counts asks the query and checks what the answer counts, and which judgements it
// says shaped it.
func (e *editor) counts(t *testing.T, v claims.Verdict, low, high int, judgements ...int64) claims.Corroboration {
	t.Helper()
	a := e.ask(t, claims.Query{Text: damQuery})
	if a.Verdict != v || a.OriginsMin != low || a.OriginsMax != high || !slices.Equal(a.Judgements, judgements) {
		t.Errorf("%s, by judgements %v; want %s %d-%d by %v\nmerges %+v", says(a), a.Judgements, v, low, high, judgements, a.Merges)
	}
	return a
}

// shows checks that an answer names a judgement as the evidence of a step.
func shows(t *testing.T, a claims.Corroboration, j claims.Judgement, apart bool) {
	t.Helper()
	if !slices.ContainsFunc(a.Merges, func(m claims.Merge) bool {
		return m.Reason == claims.MergeEditor && m.Judgement == j.Seq && m.Close == apart &&
			strings.Contains(m.Detail, j.Editor) && strings.Contains(m.Detail, j.Reason) && strings.Contains(m.Detail, fmt.Sprint(j.At.Year()))
	}) {
		t.Errorf("no step names judgement %d: %+v", j.Seq, a.Merges)
	}
}

func TestJudgementsShapeAnswers(t *testing.T) {
	t.Parallel()
	t.Run("merged sources are one origin under one name", func(t *testing.T) {
		e, _, _ := two(t)
		x, y := e.resolved(t, "The Courier"), e.resolved(t, "The Herald")
		j := judged(t)(e.MergeSources(t.Context(), x, y, because))
		a := e.counts(t, claims.SingleOrigin, 1, 1, j.Seq)
		shows(t, a, j, false)
		if o := a.Origins[0]; o.Name != "The Herald" || !slices.Contains(o.Members, "The Courier") {
			t.Errorf("%s of %v", o.Name, o.Members)
		}
		if h := a.Origins[0].Evidence[0].Claim.Attribution.Hops[0]; h.Name != "The Courier" || h.Source != y {
			t.Errorf("the chain names %q, linked to %q", h.Name, h.Source)
		}
		if s, err := e.GetSource(t.Context(), x); err != nil || s.MergedInto != y {
			t.Errorf("%+v, %v", s, err)
		}
		derived := false
		ss, err := e.ListSources(t.Context(), claims.SourceFilter{Registered: &derived}, claims.Page{Size: 10})
		if err != nil || !slices.ContainsFunc(ss, func(s claims.Source) bool { return s.ID == x && s.MergedInto == y }) {
			t.Errorf("%+v, %v", ss, err)
		}
		cs, err := e.ListClaims(t.Context(), desk.ClaimQuery{Asserter: "The Courier"}, claims.Page{Size: 10})
		publishers := map[string]bool{}
		for i := range cs {
			publishers[cs[i].Attribution.Hops[0].Name+" as "+cs[i].Attribution.Hops[0].Source] = true
		}
		if err != nil || !publishers["The Courier as "+y] || !publishers["The Herald as "+y] || len(publishers) != 2 {
			t.Errorf("claims of %v, %v", publishers, err)
		}
		only := e.ask(t, claims.Query{Text: damQuery, Sources: []string{x}})
		if only.OriginsMax == 0 {
			t.Errorf("asked of one of them: %s", says(only))
		}
	})
	t.Run("split sources stay two, whoever controls them", func(t *testing.T) {
		e, _, _ := two(t)
		e.register(t, claims.Source{ID: "holding", Name: "Zenda Holding"})
		for id, name := range map[string]string{"courier": "The Courier", "herald": "The Herald"} {
			e.register(t, claims.Source{ID: id, Name: name, ControlledBy: []claims.Control{{Source: "holding"}}})
		}
		e.counts(t, claims.SingleOrigin, 1, 1)
		j := judged(t)(e.SplitSources(t.Context(), "herald", "courier", because))
		shows(t, e.counts(t, claims.Corroborated, 2, 2, j.Seq), j, true)
		// The latest on a pair stands, and undoing it lets the one before stand again.
		m := judged(t)(e.MergeSources(t.Context(), "courier", "herald", because))
		e.counts(t, claims.SingleOrigin, 1, 1, m.Seq)
		judged(t)(e.UndoJudgement(t.Context(), m.Seq, because))
		e.counts(t, claims.Corroborated, 2, 2, j.Seq)
	})
	t.Run("a name in another wording is split from the source it resembles", func(t *testing.T) {
		e := newDesk(t)
		e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam, the Zenda Coast Guard said."))
		e.put(t, claims.OutcomeCreated, report("The Herald", day(5), "The Zenda dam was closed by the engineer Tor Bakke, the Coast Guard said."))
		guard := e.register(t, claims.Source{Name: "Zenda Coast Guard", Kind: claims.SourceGovernment})
		e.counts(t, claims.SingleOrigin, 1, 1)
		derived := false
		ss, err := e.ListSources(t.Context(), claims.SourceFilter{Registered: &derived, NamePrefix: "Coast"}, claims.Page{Size: 10})
		if err != nil || len(ss) != 1 {
			t.Fatalf("%+v, %v", ss, err)
		}
		j := judged(t)(e.SplitSources(t.Context(), ss[0].ID, guard.ID, because))
		if a := e.ask(t, claims.Query{Text: damQuery}); a.OriginsMin != 2 {
			t.Errorf("after %d: %s", j.Seq, says(a))
		}
	})
	t.Run("a controller, of sources nobody registered", func(t *testing.T) {
		e, _, _ := two(t)
		x, y := e.resolved(t, "The Courier"), e.resolved(t, "The Herald")
		j := judged(t)(e.SetController(t.Context(), x, y, claims.Interval{From: day(4)}, because))
		e.counts(t, claims.Corroborated, 2, 2, j.Seq) // it came under control after it wrote that
		j = judged(t)(e.SetController(t.Context(), x, y, claims.Interval{}, because))
		e.counts(t, claims.SingleOrigin, 1, 1, j.Seq)
		if s, err := e.GetSource(t.Context(), x); err != nil || len(s.ControlledBy) != 1 || s.ControlledBy[0].Source != y {
			t.Errorf("%+v, %v", s, err)
		}
		_, err := e.SetController(t.Context(), y, x, claims.Interval{}, because)
		fails(t, err, claims.CodePrecondition, "controller: leads back to")
		none := judged(t)(e.SetController(t.Context(), x, "", claims.Interval{}, because))
		judged(t)(e.SetController(t.Context(), y, x, claims.Interval{}, because))
		_, err = e.UndoJudgement(t.Context(), none.Seq, because)
		fails(t, err, claims.CodePrecondition, "name: leads back to")
	})
	t.Run("a grade is shown and counts for nothing", func(t *testing.T) {
		e, _, _ := two(t)
		e.register(t, claims.Source{ID: "courier", Name: "The Courier"})
		j := judged(t)(e.SetReliability(t.Context(), "courier", "B", because))
		a := e.counts(t, claims.Corroborated, 2, 2, j.Seq)
		if !slices.ContainsFunc(a.Origins, func(o claims.Origin) bool { return o.Source != nil && o.Source.Reliability == "B" }) {
			t.Errorf("%+v", a.Origins)
		}
		// The same values sent again are no decision; another value is, and it is newer.
		same, err := e.UpdateSource(t.Context(), claims.Source{ID: "courier", Name: "The Courier", Reliability: "F"}, []string{"reliability"})
		if err != nil || same.Reliability != "B" {
			t.Errorf("%+v, %v", same, err)
		}
		other, err := e.UpdateSource(t.Context(), claims.Source{ID: "courier", Reliability: "C"}, []string{"reliability"})
		if err != nil || other.Reliability != "C" {
			t.Errorf("%+v, %v", other, err)
		}
	})
	t.Run("joined assertions are one origin", func(t *testing.T) {
		e, courier, herald := two(t)
		j := judged(t)(e.JoinOrigins(t.Context(), claimNamed(&herald), "documents/"+courier.Document, because))
		shows(t, e.counts(t, claims.SingleOrigin, 1, 1, j.Seq), j, false)
	})
	t.Run("parted assertions are two, copy or not", func(t *testing.T) {
		e := newDesk(t)
		text := damClosed + " Nobody was hurt, and the villages below had been warned in time by bells and by telephone."
		first := e.put(t, claims.OutcomeCreated, report("The Courier", day(3), text))
		second := e.put(t, claims.OutcomeCreated, report("The Herald", day(4), text))
		e.counts(t, claims.SingleOrigin, 1, 1)
		j := judged(t)(e.PartOrigins(t.Context(), "documents/"+second.Document.ID, "documents/"+first.Document.ID, because))
		a := e.counts(t, claims.Corroborated, 2, 2, j.Seq)
		shows(t, a, j, true)
	})
	t.Run("a stance towards words", func(t *testing.T) {
		e, _, herald := two(t)
		j := judged(t)(e.SetStance(t.Context(), claimNamed(&herald), "", "  tor BAKKE closed the Zenda dam. ", claims.Refutes, because))
		if a := e.counts(t, claims.Disputed, 1, 1, j.Seq); a.RefutingMin != 1 || a.Contradictions[0].Evidence.Judgement != j.Seq {
			t.Errorf("%s", says(a))
		}
		if a := e.ask(t, claims.Query{Text: "Engineer Tor Bakke closed the dam of Zenda"}); a.Verdict != claims.Corroborated || len(a.Judgements) > 0 {
			t.Errorf("asked in other words: %s", says(a))
		}
		neutral := judged(t)(e.SetStance(t.Context(), claimNamed(&herald), "", damQuery, claims.Neutral, because))
		e.counts(t, claims.SingleOrigin, 1, 1, neutral.Seq)
	})
	t.Run("a stance of a claim that shares no word with the query", func(t *testing.T) {
		e, _, _ := two(t)
		in := e.put(t, claims.OutcomeCreated, report("The Lantern", day(6), "Water no longer flows out of the reservoir."))
		j := judged(t)(e.SetStance(t.Context(), "documents/"+in.Document.ID+"/claims/1", "", damQuery, claims.Supports, because))
		e.counts(t, claims.Corroborated, 3, 3, j.Seq)
		if a := e.ask(t, claims.Query{Text: damQuery, AsOfPublished: day(5)}); a.OriginsMin != 2 {
			t.Errorf("as of before it was published: %s", says(a))
		}
	})
	t.Run("a relation of two claims", func(t *testing.T) {
		e, courier, herald := two(t)
		j := judged(t)(e.SetRelation(t.Context(), claimNamed(&herald), claimNamed(&courier), claims.Contradicts, claims.ByTime, because))
		a := e.ask(t, claims.Query{Document: courier.Document, Index: courier.Index})
		if a.Verdict != claims.Disputed || len(a.Contradictions) != 1 || a.Contradictions[0].Kind != claims.ByTime || !slices.Equal(a.Judgements, []int64{j.Seq}) {
			t.Errorf("%s by %v", says(a), a.Judgements)
		}
		if a = e.ask(t, claims.Query{Document: herald.Document, Index: herald.Index}); a.Verdict != claims.Disputed {
			t.Errorf("the other way round: %s", says(a))
		}
		if a = e.ask(t, claims.Query{Text: courier.Text}); a.Verdict != claims.Disputed {
			t.Errorf("in its words: %s", says(a))
		}
		// A stance goes before a relation.
		s := judged(t)(e.SetStance(t.Context(), claimNamed(&herald), claimNamed(&courier), "", claims.Supports, because))
		if a = e.ask(t, claims.Query{Document: courier.Document, Index: courier.Index}); a.Verdict != claims.Corroborated || !slices.Equal(a.Judgements, []int64{s.Seq}) {
			t.Errorf("%s by %v", says(a), a.Judgements)
		}
	})
	t.Run("an asserter", func(t *testing.T) {
		e, courier, herald := two(t)
		x, y := e.resolved(t, "The Courier"), e.resolved(t, "The Herald")
		j := judged(t)(e.SetAttribution(t.Context(), claimNamed(&herald), x, because))
		e.counts(t, claims.SingleOrigin, 1, 1, j.Seq)
		c, err := e.GetClaim(t.Context(), herald.Document, herald.Index)
		if err != nil || c.Attribution.Asserter().Name != "The Courier" || c.Attribution.Asserter().Judgement != j.Seq {
			t.Errorf("%+v, %v", c.Attribution, err)
		}
		list := func(asserter string, size int) (all []string) {
			for p := (claims.Page{Size: size}); ; {
				cs, err := e.ListClaims(t.Context(), desk.ClaimQuery{Asserter: asserter, Kind: claims.Event}, p)
				if err != nil {
					t.Fatal(err)
				}
				for i := range cs {
					all = append(all, claimNamed(&cs[i]))
				}
				if len(cs) < size {
					return all
				}
				p.After = claims.Cursor{Key: cs[len(cs)-1].Seq}
			}
		}
		for asserter, want := range map[string]bool{x: true, y: false} {
			for _, size := range []int{1, 10} {
				if all := list(asserter, size); slices.Contains(all, claimNamed(&herald)) != want || slices.Contains(all, claimNamed(&courier)) != want {
					t.Errorf("claims of %s, pages of %d: %v", asserter, size, all)
				}
			}
		}
		own := judged(t)(e.SetAttribution(t.Context(), claimNamed(&herald), y, because))
		e.counts(t, claims.Corroborated, 2, 2, own.Seq)
		nobody := judged(t)(e.SetAttribution(t.Context(), claimNamed(&herald), "", because))
		e.counts(t, claims.SingleOrigin, 1, 2, nobody.Seq)
	})
}

func TestJudgementsAsOfAnEarlierTime(t *testing.T) {
	t.Parallel()
	e, _, _ := two(t)
	x, y := e.resolved(t, "The Courier"), e.resolved(t, "The Herald")
	e.clock = day(22)
	j := judged(t)(e.MergeSources(t.Context(), x, y, because))
	e.clock = day(24)
	judged(t)(e.UndoJudgement(t.Context(), j.Seq, because))
	for n, want := range map[int]int{21: 2, 22: 1, 23: 1, 24: 2} {
		if a := e.ask(t, claims.Query{Text: damQuery, AsOfKnown: day(n)}); a.OriginsMin != want {
			t.Errorf("as known on the %dth: %s, want %d", n, says(a), want)
		}
	}
	// When something was published says nothing of when an editor knew better.
	if a := e.ask(t, claims.Query{Text: damQuery, AsOfPublished: day(10)}); a.OriginsMin != 2 {
		t.Errorf("as published: %s", says(a))
	}
}

func TestJudgementsThatAreRefused(t *testing.T) {
	t.Parallel()
	e, courier, herald := two(t)
	for _, id := range []string{"a", "b", "c"} {
		e.register(t, claims.Source{ID: id, Name: strings.ToUpper(id) + " News"})
	}
	ctx, one, other := t.Context(), claimNamed(&courier), claimNamed(&herald)
	first := judged(t)(e.MergeSources(ctx, "a", "b", because))
	judged(t)(e.MergeSources(ctx, "b", "c", because))
	judged(t)(e.PartOrigins(ctx, one, other, because))
	for name, tt := range map[string]struct {
		judge func() (claims.Judgement, error)
		code  claims.Code
		says  string
	}{
		"a source with itself":       {func() (claims.Judgement, error) { return e.MergeSources(ctx, "a", "a", because) }, claims.CodeInvalid, "into: names the same"},
		"a source that is nowhere":   {func() (claims.Judgement, error) { return e.MergeSources(ctx, "a", "x", because) }, claims.CodeNotFound, "sources/x"},
		"split while held together":  {func() (claims.Judgement, error) { return e.SplitSources(ctx, "a", "c", because) }, claims.CodePrecondition, "from: contradicts judgements/"},
		"a claim that is nowhere":    {func() (claims.Judgement, error) { return e.JoinOrigins(ctx, one, "documents/x/claims/1", because) }, claims.CodeNotFound, "documents/x/claims/1"},
		"a document that is nowhere": {func() (claims.Judgement, error) { return e.PartOrigins(ctx, "documents/x", one, because) }, claims.CodeNotFound, "documents/x"},
		"an assertion with itself":   {func() (claims.Judgement, error) { return e.JoinOrigins(ctx, one, one, because) }, claims.CodeInvalid, "with: names the same"},
		"no reason":                  {func() (claims.Judgement, error) { return e.SetReliability(ctx, "a", "B", desk.Decision{}) }, claims.CodeInvalid, "reason: is empty"},
		"no grade":                   {func() (claims.Judgement, error) { return e.SetReliability(ctx, "a", "G", because) }, claims.CodeInvalid, "reliability: must be"},
		"its own controller":         {func() (claims.Judgement, error) { return e.SetController(ctx, "a", "a", claims.Interval{}, because) }, claims.CodeInvalid, "controller: names the same"},
		"a time of no controller": {func() (claims.Judgement, error) {
			return e.SetController(ctx, "a", "", claims.Interval{From: day(1)}, because)
		}, claims.CodeInvalid, "valid: is given"},
		"a relation to itself": {func() (claims.Judgement, error) { return e.SetRelation(ctx, one, one, claims.Related, "", because) }, claims.CodeInvalid, "to: names the same"},
		"a kind of no contradiction": {func() (claims.Judgement, error) {
			return e.SetRelation(ctx, one, other, claims.Entails, claims.ByTime, because)
		}, claims.CodeInvalid, "contradiction: is given"},
		"a stance to nothing":    {func() (claims.Judgement, error) { return e.SetStance(ctx, one, "", " . ", claims.Supports, because) }, claims.CodeInvalid, "claim_text: is empty"},
		"an asserter nowhere":    {func() (claims.Judgement, error) { return e.SetAttribution(ctx, one, "x", because) }, claims.CodeNotFound, "sources/x"},
		"undoing nothing":        {func() (claims.Judgement, error) { return e.UndoJudgement(ctx, 99, because) }, claims.CodeNotFound, "judgements/99"},
		"undoing a registration": {func() (claims.Judgement, error) { return e.UndoJudgement(ctx, 1, because) }, claims.CodePrecondition, "cannot be undone"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tt.judge()
			fails(t, err, tt.code, tt.says)
		})
	}
	log, err := e.ListJudgements(ctx, claims.JudgementFilter{Editor: because.Editor}, claims.Page{Size: 10})
	if err != nil || len(log) != 3 {
		t.Errorf("%d judgements are stored, %v", len(log), err)
	}
	// What was undone cannot be undone, and what it forbade can be done.
	undo := judged(t)(e.UndoJudgement(ctx, first.Seq, because))
	_, err = e.UndoJudgement(ctx, first.Seq, because)
	fails(t, err, claims.CodePrecondition, "undone already")
	split := judged(t)(e.SplitSources(ctx, "a", "c", because))
	_, err = e.MergeSources(ctx, "c", "a", because) // the same pair: the latest stands
	if err != nil {
		t.Errorf("after %d: %v", split.Seq, err)
	}
	judged(t)(e.SplitSources(ctx, "a", "c", because))
	_, err = e.UndoJudgement(ctx, undo.Seq, because) // a would be b, and so c
	fails(t, err, claims.CodePrecondition, "name: contradicts judgements/")
}

func TestAJudgementIsSentTwice(t *testing.T) {
	t.Parallel()
	e, _, _ := two(t)
	x, y := e.resolved(t, "The Courier"), e.resolved(t, "The Herald")
	by := desk.Decision{Editor: "Zoë", Reason: "one house", RequestID: "r1"}
	first := judged(t)(e.MergeSources(t.Context(), x, y, by))
	e.clock = e.clock.Add(time.Hour)
	if again := judged(t)(e.MergeSources(t.Context(), x, y, by)); again.Seq != first.Seq || !again.At.Equal(first.At) {
		t.Errorf("%+v, then %+v", first, again)
	}
	_, err := e.SplitSources(t.Context(), x, y, by)
	fails(t, err, claims.CodeExists, "r1")
	undo := desk.Decision{Editor: "Zoë", Reason: "two houses", RequestID: "r2"}
	u := judged(t)(e.UndoJudgement(t.Context(), first.Seq, undo))
	if again := judged(t)(e.UndoJudgement(t.Context(), first.Seq, undo)); again.Seq != u.Seq {
		t.Errorf("undone twice: %d, %d", u.Seq, again.Seq)
	}
}

func TestDeletedDocumentsTakeTheWordsOfJudgementsWithThem(t *testing.T) {
	t.Parallel()
	e, courier, herald := two(t)
	j := judged(t)(e.SetStance(t.Context(), claimNamed(&herald), "", "Ottoline Quarrington closed it", claims.Refutes,
		desk.Decision{Editor: "Zoë", Reason: "the Herald names Quarrington", RequestID: "r"}))
	kept := judged(t)(e.SetReliability(t.Context(), e.resolved(t, "The Courier"), "B", because))
	if _, err := e.DeleteDocument(t.Context(), desk.DeleteRequest{Document: herald.Document, Reason: "a test"}); err != nil {
		t.Fatal(err)
	}
	got, err := e.GetJudgement(t.Context(), j.Seq)
	if err != nil || !got.Erased() || got.Reason != "" || got.Value["claim_text"] != "" || got.Editor != "Zoë" || got.Subject != claimNamed(&herald) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := e.GetJudgement(t.Context(), kept.Seq); err != nil || got.Erased() {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = e.UndoJudgement(t.Context(), j.Seq, because)
	fails(t, err, claims.CodePrecondition, "deleted")
	_, err = e.SetStance(t.Context(), claimNamed(&herald), claimNamed(&courier), "", claims.Supports, because)
	fails(t, err, claims.CodeNotFound, herald.Document)
	e.counts(t, claims.SingleOrigin, 1, 1)
}
