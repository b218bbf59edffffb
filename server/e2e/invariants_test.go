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

// What must hold of every answer, whatever is stored: each test asks it of many
// small archives (invariants_corpus_test.go) that it did not choose.

// archives is how many corpora each property is asked of.
var archives = 30

// eachCorpus runs a check on every archive, stored in a desk of its own.
func eachCorpus(t *testing.T, check func(t *testing.T, e *editor, c *corpus)) {
	t.Helper()
	n := archives
	if strings.HasPrefix(t.Name(), overPostgres) {
		n = min(n, 5) // each takes a schema
	} else {
		t.Parallel()
	}
	corpora(n, func(c *corpus) {
		e := newDesk(t)
		e.fill(t, c.pieces)
		check(t, e, c)
	})
}

// fill ingests pieces.
func (e *editor) fill(t *testing.T, ps []piece) {
	t.Helper()
	for _, p := range ps {
		e.file(t, p.Document)
	}
}

// file ingests a document that was not stored before.
func (e *editor) file(t *testing.T, d claims.Document) claims.Document {
	t.Helper()
	res, err := e.Ingest(t.Context(), desk.IngestRequest{Document: d})
	if err != nil || res.Outcome == claims.OutcomeUnchanged {
		t.Fatalf("%s, %v: %q of %s", res.Outcome, err, d.Text, d.Publisher)
	}
	return res.Document
}

// portrait is all of an answer that must not depend on chance: the verdict, the
// bounds, the origins and each document's stance, by publisher and time.
func portrait(a claims.Corroboration) string {
	var lines []string
	for _, o := range a.Origins {
		lines = append(lines, fmt.Sprintf("  %s, identified %v, %s: %s", o.Name, o.Identified, o.Stance, strings.Join(documents(o), ", ")))
	}
	slices.Sort(lines)
	return fmt.Sprintf("%s, support %d-%d, refutation %d-%d\n%s", a.Verdict, a.OriginsMin, a.OriginsMax, a.RefutingMin, a.RefutingMax, strings.Join(lines, "\n"))
}

// documents are those behind an origin.
func documents(o claims.Origin) []string {
	var out []string
	for _, x := range o.Evidence {
		out = append(out, piece{Document: *x.Document}.name())
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// with lists the documents that an answer gives with a stance.
func with(a claims.Corroboration, s claims.Stance) string {
	var out []string
	for _, o := range a.Origins {
		if o.Stance == s {
			out = append(out, documents(o)...)
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), ", ")
}

// String shows an archive in a message.
func (c *corpus) String() string {
	var b strings.Builder
	b.WriteString(c.name)
	for _, p := range c.pieces {
		fmt.Fprintf(&b, "\n  %s: %s", p.name(), p.Text)
	}
	return b.String()
}

func TestACopyAForwardOrARelayRaisesNoLowerBound(t *testing.T) {
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		p := c.pieces[c.rand.IntN(len(c.pieces))]
		for _, echo := range echoes {
			if echo.skip != nil && echo.skip(p) {
				continue
			}
			before := e.ask(t, claims.Query{Text: p.event.happened()})
			d := echo.of(c, p)
			e.file(t, d)
			after := e.ask(t, claims.Query{Text: p.event.happened()})
			if after.OriginsMin > before.OriginsMin || after.RefutingMin > before.RefutingMin {
				t.Errorf("%s of %q by %s: %q\nbefore %s\nafter %s\n%s", echo.name, p.Text, p.Publisher, d.Text, portrait(before), portrait(after), c)
			}
		}
	})
}

func TestAnUnrelatedDocumentChangesNoAnswer(t *testing.T) {
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		before := portraits(e.answers(t, c))
		for i, text := range []string{
			"Wheat cost 31 crowns a sack in Orta, traders said.",
			"The Zenda choir sang in the cathedral. A bishop from Lomira listened.",
			"According to the Water Board, prices of tap water fall in April.",
			"The Courier moved to a new building. The Herald stays where it is.",
			"Correction: We reported earlier that the museum was free on Sundays. That was wrong: it is free on Mondays.",
			"The singer Tor Falk did not appear in Klest.",
		} {
			e.file(t, report(pick(c, outlets), day(3+i), text))
		}
		if after := portraits(e.answers(t, c)); after != before {
			t.Errorf("before %s\nafter %s\n%s", before, after, c)
		}
	})
}

// answers are those about all events of an archive, as they are told and denied.
func (e *editor) answers(t *testing.T, c *corpus) []claims.Corroboration {
	t.Helper()
	var out []claims.Corroboration
	for _, x := range c.events {
		out = append(out, e.ask(t, claims.Query{Text: x.happened()}), e.ask(t, claims.Query{Text: x.negated()}))
	}
	return out
}

func portraits(as []claims.Corroboration) string {
	var out []string
	for _, a := range as {
		out = append(out, a.Text+": "+portrait(a))
	}
	return strings.Join(out, "\n")
}

// counts are all bounds of answers.
func counts(as []claims.Corroboration) []int {
	var out []int
	for _, a := range as {
		out = append(out, a.OriginsMin, a.OriginsMax, a.RefutingMin, a.RefutingMax)
	}
	return out
}

func TestNoOrderOfIngestShowsInAnAnswer(t *testing.T) {
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		// Something to be found as a copy, in whichever order it comes.
		p := c.pieces[c.rand.IntN(len(c.pieces))]
		c.add(echoes[c.rand.IntN(3)].of(c, p), p.event, p.telling)
		e.fill(t, c.pieces[len(c.pieces)-1:])
		other := newDesk(t)
		shuffled := slices.Clone(c.pieces)
		c.rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		other.fill(t, shuffled)
		if x, y := portraits(e.answers(t, c)), portraits(other.answers(t, c)); x != y {
			t.Errorf("in one order %s\nin another %s\n%s", x, y, c)
		}
	})
}

func TestAStoredClaimIsAnsweredAsItsOwnWords(t *testing.T) {
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		for _, p := range c.pieces {
			in, err := e.Ingest(t.Context(), desk.IngestRequest{Document: p.Document}) // it is stored: this brings its claims
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(in.Claims, func(x claims.Claim) bool { return x.Kind == claims.Event && x.Modality == claims.Asserted })
			if i >= 0 {
				cl := in.Claims[i]
				stored, asked := e.ask(t, claims.Query{Document: in.Document.ID, Index: cl.Index}), e.ask(t, claims.Query{Text: cl.Text})
				x, y := with(stored, claims.Supports), with(asked, claims.Supports)
				if stored.Verdict != asked.Verdict || x != y {
					t.Errorf("%q as stored: %s by %s\nas asked: %s by %s\n%s", cl.Text, stored.Verdict, x, asked.Verdict, y, c)
				}
				replaced := p.telling == dropped && p.URL != ""
				if !replaced && !slices.ContainsFunc(stored.Timeline, func(x claims.TimelineEntry) bool {
					return x.Document == in.Document.ID && x.Stance == claims.Supports
				}) {
					t.Errorf("%q is not supported by %s, which says it, but by %q\n%s", cl.Text, p.name(), x, c)
				}
			}
		}
	})
}

func TestTheNegatedQuerySwapsTheSides(t *testing.T) {
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		for _, x := range c.events {
			yes, no := e.ask(t, claims.Query{Text: x.happened()}), e.ask(t, claims.Query{Text: x.negated()})
			if with(yes, claims.Supports) != with(no, claims.Refutes) || with(yes, claims.Refutes) != with(no, claims.Supports) ||
				yes.OriginsMin != no.RefutingMin || yes.OriginsMax != no.RefutingMax || yes.RefutingMin != no.OriginsMin || yes.RefutingMax != no.OriginsMax {
				t.Errorf("%q\n%s\n%q\n%s\n%s", x.happened(), portrait(yes), x.negated(), portrait(no), c)
			}
		}
	})
}

func TestBeforeTheFirstDocumentNothingIsReported(t *testing.T) {
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		for _, x := range c.events {
			var first time.Time // of the documents that say more than "reports say"
			for _, p := range c.pieces {
				if p.event == x && p.telling != hearsay && (first.IsZero() || p.PublishedAt.Before(first)) {
					first = p.PublishedAt
				}
			}
			if first.IsZero() {
				continue
			}
			for name, q := range map[string]claims.Query{
				"published": {Text: x.happened(), AsOfPublished: first.Add(-time.Second)},
				"known":     {Text: x.happened(), AsOfKnown: e.clock.Add(-time.Second)},
			} {
				if a := e.ask(t, q); a.Verdict != claims.Unreported || a.OriginsMax != 0 || a.RefutingMax != 0 || len(a.Timeline) != 0 {
					t.Errorf("as of a second before anything was %s: %s\n%s", name, portrait(a), c)
				}
			}
			if a := e.ask(t, claims.Query{Text: x.happened(), AsOfPublished: first}); a.Verdict == claims.Unreported {
				t.Errorf("%q is unreported as of its first document\n%s", x.happened(), c)
			}
		}
	})
}

func TestMergingSourcesRaisesNoCountAndCanBeUndone(t *testing.T) {
	merges := []struct {
		name string
		both bool // the other source is registered too
		of   func(s *claims.Source, other claims.Source)
	}{
		{"is controlled by", true, func(s *claims.Source, other claims.Source) { s.ControlledBy = []claims.Control{{Source: other.ID}} }},
		{"speaks for", true, func(s *claims.Source, other claims.Source) { s.SpeaksFor = other.ID }},
		{"is also called", false, func(s *claims.Source, other claims.Source) { s.Aliases = []claims.Alias{{Name: other.Name}} }},
	}
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		names := append(slices.Clone(outlets), "Water Board", "Harbour Office")
		k := c.rand.Perm(len(names))
		merge := merges[c.rand.IntN(len(merges))]
		one, two := e.register(t, claims.Source{ID: "one", Name: names[k[0]]}), claims.Source{ID: "two", Name: names[k[1]]}
		if merge.both {
			two = e.register(t, two)
		}
		before := e.answers(t, c)
		merged := one
		merge.of(&merged, two)
		e.change(t, merged)
		after := e.answers(t, c)
		was := counts(before)
		for i, n := range counts(after) {
			if n > was[i] {
				t.Errorf("%s %s %s\nbefore %s\nafter %s\n%s", one.Name, merge.name, two.Name, portraits(before), portraits(after), c)
				break
			}
		}
		e.change(t, one)
		if undone := portraits(e.answers(t, c)); undone != portraits(before) {
			t.Errorf("%s %s %s no more\nbefore %s\nafter %s\n%s", one.Name, merge.name, two.Name, portraits(before), undone, c)
		}
	})
}

// change replaces the links of a source, whatever its revision.
func (e *editor) change(t *testing.T, s claims.Source) {
	t.Helper()
	s.Revision = 0
	if _, err := e.UpdateSource(t.Context(), s, []string{"controlled_by", "speaks_for", "aliases"}); err != nil {
		t.Fatal(err)
	}
}

// The properties would say little of archives that are all alike.
func TestTheCorporaKnowEveryVerdict(t *testing.T) {
	seen := map[claims.Verdict]int{}
	eachCorpus(t, func(t *testing.T, e *editor, c *corpus) {
		for _, x := range c.events {
			seen[e.ask(t, claims.Query{Text: x.happened()}).Verdict]++
		}
	})
	for _, v := range []claims.Verdict{claims.SingleOrigin, claims.Corroborated, claims.Disputed, claims.Refuted} {
		if seen[v] < 2 {
			t.Errorf("%s in %d of %d answers: %v", v, seen[v], 2*archives, seen)
		}
	}
}
