package e2e_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/corroborate"
	"github.com/secondsource/secondsource/claims/desk"
)

// What must hold of every answer when editors judge, whatever is stored and
// whatever they judge.

var because = desk.Decision{Editor: "Zoë", Reason: "a test"}

// whole is all of some answers, to the last byte.
func whole(t *testing.T, as []claims.Corroboration) string {
	t.Helper()
	b, err := json.MarshalIndent(as, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// judged makes sure that a judgement was stored.
func judged(t *testing.T) func(j claims.Judgement, err error) claims.Judgement {
	return func(j claims.Judgement, err error) claims.Judgement {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
}

// met are the ids of the sources of an archive, some of them registered.
func (e *editor) met(t *testing.T, c *corpus) []string {
	t.Helper()
	var ids []string
	for _, name := range append([]string{"Water Board", "Harbour Office", "Interior Ministry", "Coast Guard"}, outlets...) {
		r, err := e.ResolveSource(t.Context(), name, time.Time{})
		if claims.CodeOf(err) == claims.CodeNotFound {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if c.rand.IntN(3) == 0 {
			r.Source = e.register(t, claims.Source{ID: r.Source.ID, Name: r.Source.Name})
		}
		ids = append(ids, r.Source.ID)
	}
	return ids
}

// pair draws two different ones.
func pair(c *corpus, of []string) (x, y string) {
	k := c.rand.Perm(len(of))
	return of[k[0]], of[k[1]]
}

// undone takes a judgement back and again brings it back: both restore every answer
// to the last byte.
func (e *editor) undone(t *testing.T, c *corpus, j claims.Judgement, before, after []claims.Corroboration) {
	t.Helper()
	undo := judged(t)(e.UndoJudgement(t.Context(), j.Seq, because))
	if x, y := whole(t, before), whole(t, e.answers(t, c)); x != y {
		t.Errorf("%s of %s and %s, undone: before %s\nafter %s\n%s", j.Kind, j.Subject, j.Object, x, y, c)
	}
	again := judged(t)(e.UndoJudgement(t.Context(), undo.Seq, because))
	if x, y := whole(t, after), whole(t, e.answers(t, c)); x != y {
		t.Errorf("%s of %s and %s, the undoing undone: before %s\nafter %s\n%s", j.Kind, j.Subject, j.Object, x, y, c)
	}
	judged(t)(e.UndoJudgement(t.Context(), again.Seq, because))
	if x, y := whole(t, before), whole(t, e.answers(t, c)); x != y {
		t.Errorf("%s of %s and %s, undone thrice: before %s\nafter %s\n%s", j.Kind, j.Subject, j.Object, x, y, c)
	}
}

// raised says in which places counts are higher than they were.
func raised(before, after []claims.Corroboration) bool {
	was := counts(before)
	for i, n := range counts(after) {
		if n > was[i] {
			return true
		}
	}
	return false
}

func TestAMergeJudgedRaisesNoCountAndIsUndone(t *testing.T) {
	shaped := 0
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		ids := e.met(t, c)
		before := e.answers(t, c)
		x, y := pair(c, ids)
		j := judged(t)(e.MergeSources(t.Context(), x, y, because))
		after := e.answers(t, c)
		if raised(before, after) {
			t.Errorf("%s is %s\nbefore %s\nafter %s\n%s", x, y, portraits(before), portraits(after), c)
		}
		for _, a := range after {
			shaped += len(a.Judgements)
		}
		e.undone(t, c, j, before, after)
		if s, err := e.GetSource(t.Context(), x); err != nil || s.MergedInto != "" {
			t.Errorf("%+v, %v", s, err)
		}
	})
	if shaped == 0 {
		t.Error("no merge shaped any answer")
	}
}

func TestMergesOfManyRaiseNoCountWhateverTheirOrder(t *testing.T) {
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		ids := e.met(t, c)
		before := e.answers(t, c)
		var all []claims.Judgement
		for range 3 {
			x, y := pair(c, ids)
			all = append(all, judged(t)(e.MergeSources(t.Context(), x, y, because)))
			after := e.answers(t, c)
			if raised(before, after) {
				t.Errorf("%s is %s too\nbefore %s\nafter %s\n%s", x, y, portraits(before), portraits(after), c)
			}
		}
		c.rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, j := range all {
			judged(t)(e.UndoJudgement(t.Context(), j.Seq, because))
		}
		if x, y := whole(t, before), whole(t, e.answers(t, c)); x != y {
			t.Errorf("before %s\nafter %s\n%s", x, y, c)
		}
	})
}

// assertions are the documents of an archive and the claims that answers show, by
// resource name.
func assertions(c *corpus, as []claims.Corroboration) []string {
	var names []string
	for _, a := range as {
		for _, o := range a.Origins {
			for _, x := range o.Evidence {
				if x.Claim.Index == 0 {
					continue
				}
				name := "documents/" + x.Document.ID
				if c.rand.IntN(2) == 0 {
					name = claimNamed(x.Claim)
				}
				names = append(names, name)
			}
		}
	}
	return names
}

func claimNamed(c *claims.Claim) string {
	return corroborate.ClaimName(c)
}

func TestJoinedAndPartedOriginsAreUndone(t *testing.T) {
	shaped := map[claims.JudgementKind]int{}
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		p := c.pieces[c.rand.IntN(len(c.pieces))]
		c.add(echoes[c.rand.IntN(len(echoes)-1)].of(c, p), p.event, p.telling)
		e.fill(t, c.pieces[len(c.pieces)-1:])
		before := e.answers(t, c)
		names := assertions(c, before)
		if len(names) < 2 {
			return
		}
		for _, judge := range []func(x, y string) (claims.Judgement, error){
			func(x, y string) (claims.Judgement, error) { return e.JoinOrigins(t.Context(), x, y, because) },
			func(x, y string) (claims.Judgement, error) { return e.PartOrigins(t.Context(), x, y, because) },
		} {
			x, y := pair(c, names)
			if x == y {
				continue
			}
			j := judged(t)(judge(x, y))
			after := e.answers(t, c)
			if j.Kind == claims.JoinOrigins && raised(before, after) {
				t.Errorf("%s and %s joined\nbefore %s\nafter %s\n%s", x, y, portraits(before), portraits(after), c)
			}
			for _, a := range after {
				shaped[j.Kind] += len(a.Judgements)
			}
			e.undone(t, c, j, before, after)
		}
	})
	if shaped[claims.JoinOrigins] == 0 || shaped[claims.PartOrigins] == 0 {
		t.Errorf("judgements that shaped an answer: %v", shaped)
	}
}

func TestWhatIsSaidOfClaimsIsUndone(t *testing.T) {
	shaped := map[claims.JudgementKind]int{}
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		ids := e.met(t, c)
		before := e.answers(t, c)
		var names []string
		cs, err := e.ListClaims(t.Context(), desk.ClaimQuery{}, claims.Page{Size: 100})
		if err != nil {
			t.Fatal(err)
		}
		for i := range cs {
			names = append(names, claimNamed(&cs[i]))
		}
		bearing := names // those that an answer rests on, where there are any
		for _, a := range before {
			for i := range a.Origins {
				for k := range a.Origins[i].Evidence {
					bearing = append(bearing[:0:0], claimNamed(a.Origins[i].Evidence[k].Claim))
				}
			}
		}
		stance := oneOf(c, claims.Supports, claims.Refutes, claims.Neutral)
		kind := oneOf(c, claims.Equivalent, claims.Entails, claims.Contradicts, claims.Updates, claims.Related, claims.Unrelated)
		for _, judge := range []func(x, y string) (claims.Judgement, error){
			func(x, _ string) (claims.Judgement, error) {
				return e.SetStance(t.Context(), x, "", c.events[0].happened(), stance, because)
			},
			func(x, y string) (claims.Judgement, error) {
				return e.SetStance(t.Context(), x, y, "", stance, because)
			},
			func(x, y string) (claims.Judgement, error) {
				return e.SetRelation(t.Context(), x, y, kind, "", because)
			},
			func(_, _ string) (claims.Judgement, error) {
				return e.SetAttribution(t.Context(), pick(c, bearing), pick(c, append(ids, "")), because)
			},
		} {
			j := judged(t)(judge(pair(c, names)))
			after := e.answers(t, c)
			for _, a := range after {
				shaped[j.Kind] += len(a.Judgements)
			}
			e.undone(t, c, j, before, after)
		}
	})
	if shaped[claims.SetStance] == 0 || shaped[claims.SetAttribution] == 0 {
		t.Errorf("judgements that shaped an answer: %v", shaped)
	}
}

func oneOf[T any](c *corpus, of ...T) T { return of[c.rand.IntN(len(of))] }

func TestSplitSourcesStayApartAndAreUndone(t *testing.T) {
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		e.register(t, claims.Source{ID: "holding", Name: "Zenda Holding"})
		x, y := pair(c, outlets)
		for id, name := range map[string]string{"one": x, "two": y} {
			e.register(t, claims.Source{ID: id, Name: name, ControlledBy: []claims.Control{{Source: "holding"}}})
		}
		before := e.answers(t, c)
		j := judged(t)(e.SplitSources(t.Context(), "one", "two", because))
		after := e.answers(t, c)
		for _, a := range after {
			for _, o := range a.Origins {
				if strings.Contains(o.Why, x+" states it in its own voice") && strings.Contains(strings.Join(o.Members, ", "), y) {
					t.Errorf("%s is still one with %s: %s\n%s", x, y, portrait(a), c)
				}
			}
		}
		e.undone(t, c, j, before, after)
	})
}

func TestNoOrderOfIngestShowsAfterJudgements(t *testing.T) {
	eachCorpus(t, func(t *testing.T, _ *editor, c *corpus) {
		// The first two documents and the judgements about them are there; the rest comes
		// in two orders.
		judge := func(e *editor) {
			one, two := c.pieces[0], c.pieces[1]
			var ids []string
			for _, p := range []piece{one, two} {
				in, err := e.Ingest(t.Context(), desk.IngestRequest{Document: p.Document})
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, "documents/"+in.Document.ID)
			}
			a, b := e.resolved(t, one.Publisher), e.resolved(t, two.Publisher)
			if a != b {
				judged(t)(e.MergeSources(t.Context(), a, b, because))
			}
			judged(t)(e.JoinOrigins(t.Context(), ids[0], ids[1], because))
			judged(t)(e.SetReliability(t.Context(), a, "B", because))
			if in, err := e.Ingest(t.Context(), desk.IngestRequest{Document: two.Document}); err == nil && len(in.Claims) > 0 {
				judged(t)(e.SetStance(t.Context(), claimNamed(&in.Claims[0]), "", one.event.happened(), claims.Refutes, because))
				judged(t)(e.SetAttribution(t.Context(), claimNamed(&in.Claims[0]), a, because))
			}
		}
		rest := c.pieces[2:]
		first, second := newDesk(t), newDesk(t)
		for _, x := range []*editor{first, second} {
			judge(x)
			x.fill(t, rest)
			c.rand.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
		}
		if x, y := portraits(first.answers(t, c)), portraits(second.answers(t, c)); x != y {
			t.Errorf("in one order %s\nin another %s\n%s", x, y, c)
		}
	})
}

// resolved is the id of the source that a name means.
func (e *editor) resolved(t *testing.T, name string) string {
	t.Helper()
	r, err := e.ResolveSource(t.Context(), name, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Source.ID
}
