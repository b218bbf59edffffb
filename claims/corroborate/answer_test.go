package corroborate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/corroborate"
)

var day = time.Date(2026, 5, 4, 6, 0, 0, 0, time.UTC)

// newsroom builds evidence by hand: what match would have judged.
type newsroom struct {
	sources     []claims.Source
	docs        []*claims.Document
	evidence    []claims.Evidence
	withdrawals []*claims.Document
	replaced    map[string]bool
	saying      bool
}

func (n *newsroom) source(id, name string, edit func(*claims.Source)) {
	s := claims.Source{ID: id, Name: name, Registered: true}
	if edit != nil {
		edit(&s)
	}
	n.sources = append(n.sources, s)
}

func control(by string) func(*claims.Source) {
	return func(s *claims.Source) { s.ControlledBy = []claims.Control{{Source: by}} }
}

// doc publishes hours after the first day's morning.
func (n *newsroom) doc(id, publisher string, hours int) *claims.Document {
	d := &claims.Document{ID: id, Publisher: publisher, PublishedAt: day.Add(time.Duration(hours) * time.Hour), Text: "text of " + id + ", told by " + publisher}
	n.docs = append(n.docs, d)
	return d
}

// says files a claim of a document: its chain behind the publisher, outermost first.
func (n *newsroom) says(d *claims.Document, st claims.Stance, hops ...claims.Hop) *claims.Evidence {
	own := claims.Hop{Name: d.Publisher, Manner: claims.OwnVoice, Where: claims.WhereMetadata}
	span := claims.Span{End: len(d.Text)}
	c := &claims.Claim{Document: d.ID, Index: len(n.evidence) + 1, Text: d.Text, Kind: claims.Event, Modality: claims.Asserted, Polarity: claims.Positive,
		Evidence: []claims.Span{span}, Attribution: claims.Attribution{Hops: append([]claims.Hop{own}, hops...)}}
	e := claims.Evidence{Document: d, Claim: c, Span: span, Text: d.Text, Stance: st, Relation: claims.Relation{Kind: claims.Entails, Score: 0.9}}
	if st == claims.Refutes {
		e.Relation.Kind, e.Relation.Contradiction = claims.Contradicts, claims.ByNegation
	}
	n.evidence = append(n.evidence, e)
	return &n.evidence[len(n.evidence)-1]
}

func by(name string) claims.Hop {
	return claims.Hop{Name: name, Mention: name, Manner: claims.Indirect}
}

func relay(name string) claims.Hop {
	return claims.Hop{Name: name, Mention: name, Manner: claims.Relay}
}

func unnamed(words string) claims.Hop {
	return claims.Hop{Name: words, Mention: words, Manner: claims.Indirect, Unnamed: true}
}

func (n *newsroom) answer() claims.Corroboration {
	in := corroborate.Input{Text: "The Halden Bridge fell", Claims: []claims.Claim{{Text: "The Halden Bridge fell", Kind: claims.Event}},
		Evidence: slices.Clone(n.evidence), Documents: slices.Clone(n.docs), Withdrawals: slices.Clone(n.withdrawals), Replaced: n.replaced, Registry: corroborate.NewRegistry(n.sources)}
	if n.saying {
		in.Claims[0].Kind = claims.Utterance
	}
	return corroborate.Answer(in)
}

// The rules of VOCABULARY.md and of the scenarios' addendum, one example each.
func TestAnswer(t *testing.T) {
	t.Parallel()
	S, R := claims.Supports, claims.Refutes
	tests := []struct {
		name     string
		build    func(n *newsroom)
		verdict  claims.Verdict
		min, max int
		refuting int
	}{
		{"nothing is nothing", func(*newsroom) {}, claims.Unreported, 0, 0, 0},
		{"one outlet in its own voice", func(n *newsroom) { n.says(n.doc("a", "Elsen Courier", 0), S) }, claims.SingleOrigin, 1, 1, 0},
		{"two outlets, each in its own voice", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S)
			n.says(n.doc("b", "Coast Daily", 1), S)
		}, claims.Corroborated, 2, 2, 0},
		{"ten relays of one ministry", func(n *newsroom) {
			for i := range 10 {
				n.says(n.doc(fmt.Sprint("d", i), fmt.Sprint("Outlet ", i), i), S, by("Ministry of Transport"))
			}
		}, claims.SingleOrigin, 1, 1, 0},
		{"an outlet relays a ministry, another states it itself", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S, by("Ministry of Transport"))
			n.says(n.doc("b", "Coast Daily", 1), S)
		}, claims.Corroborated, 2, 2, 0},
		{"a company that is called no more than that may be the one that is named", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S, by("Norrow Shipping"))
			n.says(n.doc("b", "Coast Daily", 1), S, by("company"))
		}, claims.SingleOrigin, 1, 2, 0},
		{"a ministry and the agency it controls", func(n *newsroom) {
			n.source("gov", "Government of Velmark", nil)
			n.source("mot", "Ministry of Transport", control("gov"))
			n.source("mpa", "Meridian Press Agency", control("gov"))
			n.says(n.doc("a", "Ministry of Transport", 0), S)
			n.says(n.doc("b", "Meridian Press Agency", 1), S)
		}, claims.SingleOrigin, 1, 1, 0},
		{"a spokesperson is the body", func(n *newsroom) {
			n.source("mot", "Ministry of Transport", nil)
			n.says(n.doc("a", "Elsen Courier", 0), S, claims.Hop{Name: "Ada Brandt", Mention: "Ada Brandt", SpeaksFor: "Ministry of Transport", Manner: claims.DirectQuote})
			n.says(n.doc("b", "Ministry of Transport", 1), S)
		}, claims.SingleOrigin, 1, 1, 0},
		{"an unnamed source is its outlet's, whoever relays it", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S, unnamed("two officials"))
			n.says(n.doc("b", "Coast Daily", 1), S, relay("Elsen Courier"), unnamed("two officials"))
		}, claims.SingleOrigin, 1, 1, 0},
		{"a relay of an outlet that itself names a ministry", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S, by("Ministry of Transport"))
			n.says(n.doc("b", "Coast Daily", 1), S, relay("Elsen Courier"))
		}, claims.SingleOrigin, 1, 1, 0},
		{"reports say: the upper bound alone", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S)
			n.says(n.doc("b", "Coast Daily", 1), S, claims.Hop{Nobody: true, Mention: "reports", Manner: claims.Indirect})
		}, claims.SingleOrigin, 1, 2, 0},
		{"a near copy is no origin", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S)
			b := n.doc("b", "Coast Daily", 1)
			b.Copies = []claims.Copy{{Document: "a", Kind: claims.CopyNear, Containment: 0.95}}
			n.says(b, S)
		}, claims.SingleOrigin, 1, 1, 0},
		{"a forward is its origin's", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S)
			n.says(n.doc("b", "@elsen_now", 1), S, claims.Hop{Name: "Elsen Courier", Manner: claims.Forward})
		}, claims.SingleOrigin, 1, 1, 0},
		{"asserted and denied", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S)
			n.says(n.doc("b", "Coast Daily", 1), R, by("Ministry of Transport"))
		}, claims.Disputed, 1, 1, 1},
		{"one document reports both sides", func(n *newsroom) {
			d := n.doc("a", "Elsen Courier", 0)
			n.says(d, S, by("Harbour Union"))
			n.says(d, R, by("Ministry of Transport"))
		}, claims.Disputed, 1, 1, 1},
		{"only denied", func(n *newsroom) { n.says(n.doc("a", "Coast Daily", 1), R, by("Ministry of Transport")) }, claims.Refuted, 0, 0, 1},
		{"withdrawn and called untrue", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S)
			n.says(n.doc("b", "Coast Daily", 1), S, relay("Elsen Courier"))
			w := n.doc("c", "Elsen Courier", 2)
			w.Reading.Withdrawal = &claims.Withdrawal{Span: claims.Span{End: 4}, Untrue: true}
			n.withdrawals = append(n.withdrawals, w)
			n.says(n.doc("d", "Late Post", 3), S, relay("Elsen Courier"))
		}, claims.Refuted, 0, 0, 1},
		{"only withdrawn", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S)
			w := n.doc("c", "Elsen Courier", 2)
			w.Reading.Withdrawal = &claims.Withdrawal{Span: claims.Span{End: 4}}
			n.withdrawals = append(n.withdrawals, w)
		}, claims.Unreported, 0, 0, 0},
		{"withdrawn by one, held by another", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S)
			n.says(n.doc("b", "Coast Daily", 1), S)
			w := n.doc("c", "Elsen Courier", 2)
			w.Reading.Withdrawal = &claims.Withdrawal{Span: claims.Span{End: 4}, Untrue: true}
			n.withdrawals = append(n.withdrawals, w)
		}, claims.Disputed, 1, 1, 1},
		{"a denial withdrawn and called untrue", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), R)
			n.says(n.doc("b", "Coast Daily", 1), R, relay("Elsen Courier"))
			w := n.doc("c", "Elsen Courier", 2)
			w.Reading.Withdrawal = &claims.Withdrawal{Span: claims.Span{End: 4}, Untrue: true}
			n.withdrawals = append(n.withdrawals, w)
		}, claims.SingleOrigin, 1, 1, 0},
		{"another value withdrawn and called untrue", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), R).Relation.Contradiction = claims.ByQuantity
			w := n.doc("c", "Elsen Courier", 2)
			w.Reading.Withdrawal = &claims.Withdrawal{Span: claims.Span{End: 4}, Untrue: true}
			n.withdrawals = append(n.withdrawals, w)
		}, claims.Unreported, 0, 0, 0},
		{"a withdrawal that repeats what it denies, told twice", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S)
			for i := range 2 {
				w := n.doc(fmt.Sprint("w", i), "Elsen Courier", 2+i)
				w.Reading.Withdrawal = &claims.Withdrawal{Span: claims.Span{End: 4}, Untrue: true}
				n.withdrawals = append(n.withdrawals, w)
				n.says(w, S)
				n.says(w, R)
			}
		}, claims.Refuted, 0, 0, 1},
		{"a sister outlet's report falls with it, but is none of what it calls untrue", func(n *newsroom) {
			n.source("group", "Elsen Group", nil)
			n.source("courier", "Elsen Courier", control("group"))
			n.source("echo", "Elsen Echo", control("group"))
			n.says(n.doc("a", "Elsen Echo", 0), S)
			w := n.doc("c", "Elsen Courier", 2)
			w.Reading.Withdrawal = &claims.Withdrawal{Span: claims.Span{End: 4}, Untrue: true}
			n.withdrawals = append(n.withdrawals, w)
		}, claims.Unreported, 0, 0, 0},
		{"a copy of a version that says otherwise now", func(n *newsroom) {
			v1 := n.doc("v1", "Elsen Courier", 0)
			n.says(v1, S)
			c := n.doc("c", "Coast Daily", 1)
			c.Copies = []claims.Copy{{Document: "v1", Kind: claims.CopyExact, Containment: 1}}
			n.says(c, S)
			n.says(n.doc("v2", "Elsen Courier", 2), R)
			n.replaced = map[string]bool{"v1": true}
		}, claims.Refuted, 0, 0, 1},
		{"a replaced version that nobody copied", func(n *newsroom) {
			n.says(n.doc("v1", "Elsen Courier", 0), S)
			n.replaced = map[string]bool{"v1": true}
		}, claims.Unreported, 0, 0, 0},
		{"the same origin gives a later value", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S, by("Coast Guard"))
			n.says(n.doc("b", "Coast Daily", 9), R, by("Coast Guard")).Relation.Contradiction = claims.ByQuantity
		}, claims.Refuted, 0, 0, 1},
		{"another origin gives another value", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S, by("Coast Guard"))
			n.says(n.doc("b", "Coast Daily", 9), R, by("Harbour Union")).Relation.Contradiction = claims.ByQuantity
		}, claims.Disputed, 1, 1, 1},
		{"a second origin whose words are far from the claim", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S)
			n.says(n.doc("b", "Coast Daily", 1), S).Relation.Score = 0.4
		}, claims.SingleOrigin, 1, 2, 0},
		{"the only origin, in words far from the claim", func(n *newsroom) {
			n.says(n.doc("b", "Coast Daily", 1), S).Relation.Score = 0.4
		}, claims.SingleOrigin, 1, 1, 0},
		{"a circle of citations", func(n *newsroom) {
			n.says(n.doc("a", "Elsen Courier", 0), S, relay("Coast Daily"))
			n.says(n.doc("b", "Coast Daily", 1), S, relay("Elsen Courier"))
		}, claims.SingleOrigin, 1, 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := &newsroom{}
			tt.build(n)
			a := n.answer()
			if a.Verdict != tt.verdict || a.OriginsMin != tt.min || a.OriginsMax != tt.max || a.RefutingMin != tt.refuting {
				t.Errorf("%s, %d to %d origins, %d refuting; want %s, %d to %d, %d", a.Verdict, a.OriginsMin, a.OriginsMax, a.RefutingMin, tt.verdict, tt.min, tt.max, tt.refuting)
				for _, o := range a.Origins {
					t.Logf("%s %s (%s)", o.Stance, o.Name, o.Why)
				}
			}
		})
	}
}

// Ten outlets that quote one president are ten witnesses of one origin.
func TestWitnessesOfASaying(t *testing.T) {
	t.Parallel()
	n := &newsroom{saying: true}
	for i := range 10 {
		e := n.says(n.doc(fmt.Sprint("d", i), fmt.Sprint("Outlet ", i), i), claims.Supports)
		e.Claim.Kind = claims.Utterance
		e.Claim.Frame.Arguments = []claims.Argument{{Role: claims.Agent, Text: "Ada Brandt", Entity: "Ada Brandt"}}
	}
	a := n.answer()
	if a.OriginsMin != 1 || a.WitnessesMin != 10 {
		t.Errorf("%d origins, %d witnesses; want 1 and 10", a.OriginsMin, a.WitnessesMin)
	}
}

// random builds a newsroom of a few outlets that state, relay and deny.
func random(r *rand.Rand) *newsroom {
	n := &newsroom{}
	n.source("gov", "Government of Velmark", nil)
	n.source("mot", "Ministry of Transport", control("gov"))
	names := []string{"Elsen Courier", "Coast Daily", "Meridian Press Agency", "Ministry of Transport", "Harbour Union"}
	for i := range 1 + r.IntN(6) {
		d := n.doc(fmt.Sprint("d", i), names[r.IntN(len(names))], i)
		st := claims.Supports
		if r.IntN(4) == 0 {
			st = claims.Refutes
		}
		var hops []claims.Hop
		switch r.IntN(4) {
		case 0:
			hops = append(hops, by(names[r.IntN(len(names))]))
		case 1:
			hops = append(hops, relay(names[r.IntN(len(names))]))
		case 2:
			hops = append(hops, unnamed("two officials"))
		}
		n.says(d, st, hops...)
	}
	return n
}

type counts struct {
	Verdict                    claims.Verdict
	Min, Max, RefMin, RefMax   int
	Origins                    string
	Merges, Contradictions, At int
}

func count(a claims.Corroboration) counts {
	var names []string
	for _, o := range a.Origins {
		names = append(names, string(o.Stance)+" "+o.Name)
	}
	return counts{a.Verdict, a.OriginsMin, a.OriginsMax, a.RefutingMin, a.RefutingMax, strings.Join(names, "; "), len(a.Merges), len(a.Contradictions), len(a.Timeline)}
}

func TestProperties(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7))
		n := random(r)
		before := count(n.answer())

		shuffled := &newsroom{sources: slices.Clone(n.sources), docs: slices.Clone(n.docs), evidence: slices.Clone(n.evidence)}
		r.Shuffle(len(shuffled.evidence), func(i, j int) {
			shuffled.evidence[i], shuffled.evidence[j] = shuffled.evidence[j], shuffled.evidence[i]
		})
		r.Shuffle(len(shuffled.docs), func(i, j int) { shuffled.docs[i], shuffled.docs[j] = shuffled.docs[j], shuffled.docs[i] })
		if got := count(shuffled.answer()); got != before {
			t.Errorf("seed %d: the order of evidence shows:\n%s", seed, cmp.Diff(before, got))
		}

		unrelated := *n
		unrelated.docs = append(slices.Clone(n.docs), &claims.Document{ID: "x", Publisher: "Elsewhere", PublishedAt: day, Text: "the weather"})
		unrelated.evidence = slices.Clone(n.evidence)
		if got := count(unrelated.answer()); got != before {
			t.Errorf("seed %d: a document that bears on nothing shows:\n%s", seed, cmp.Diff(before, got))
		}

		swapped := *n
		swapped.evidence = slices.Clone(n.evidence)
		for i := range swapped.evidence {
			e := &swapped.evidence[i]
			if e.Stance = claims.Supports; n.evidence[i].Stance == claims.Supports {
				e.Stance = claims.Refutes
			}
		}
		if got := count(swapped.answer()); got.Min != before.RefMin || got.RefMin != before.Min || got.Max != before.RefMax || got.RefMax != before.Max {
			t.Errorf("seed %d: the negation is no mirror:\n%+v\n%+v", seed, before, got)
		}

		for i := range n.evidence {
			if n.evidence[i].Stance != claims.Supports || n.evidence[i].Document.Publisher == "" {
				continue
			}
			for how, later := range map[string]func(*newsroom, *claims.Document){
				"copy": func(m *newsroom, d *claims.Document) {
					d.Copies = []claims.Copy{{Document: n.evidence[i].Document.ID, Kind: claims.CopyNear, Containment: 0.97}}
					m.says(d, claims.Supports, n.evidence[i].Claim.Attribution.Hops[1:]...)
				},
				"forward": func(m *newsroom, d *claims.Document) {
					m.says(d, claims.Supports, claims.Hop{Name: n.evidence[i].Document.Publisher, Manner: claims.Forward})
				},
				"relay": func(m *newsroom, d *claims.Document) {
					m.says(d, claims.Supports, append([]claims.Hop{relay(n.evidence[i].Document.Publisher)}, n.evidence[i].Claim.Attribution.Hops[1:]...)...)
				},
			} {
				m := &newsroom{sources: n.sources, docs: slices.Clone(n.docs), evidence: slices.Clone(n.evidence)}
				later(m, m.doc("later", "Late Post", 30))
				if got := m.answer(); got.OriginsMin > before.Min {
					t.Errorf("seed %d: a %s of %s raised the lower bound from %d to %d", seed, how, n.evidence[i].Document.ID, before.Min, got.OriginsMin)
				}
			}
		}
	}
}
