package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
)

func TestSourcesAreRegisteredAndChanged(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	s := e.register(t, claims.Source{Name: "Ministère de l'Eau", Kind: claims.SourceGovernment})
	if s.ID != "ministere-de-l-eau" || s.Revision != 1 || !s.Registered || s.Reliability != claims.GradeUnjudged || !s.CreatedAt.Equal(day(20)) {
		t.Errorf("%+v", s)
	}
	_, err := e.CreateSource(t.Context(), claims.Source{ID: s.ID, Name: "Another"})
	fails(t, err, claims.CodeExists, s.ID)

	e.clock = day(21)
	changed, err := e.UpdateSource(t.Context(), claims.Source{ID: s.ID, Name: "not taken", Reliability: "B", Revision: 1}, []string{"reliability"})
	if err != nil || changed.Revision != 2 || changed.Reliability != "B" || changed.Name != s.Name || !changed.UpdatedAt.Equal(day(21)) {
		t.Errorf("%+v, %v", changed, err)
	}
	_, err = e.UpdateSource(t.Context(), claims.Source{ID: s.ID, Name: "Late", Revision: 1}, []string{"name"})
	fails(t, err, claims.CodeConflict, "revision 2, not 1")
	if got, err := e.GetSource(t.Context(), s.ID); err != nil || got.Name != s.Name || got.Revision != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	// Without a revision the last writer wins.
	if changed, err = e.UpdateSource(t.Context(), claims.Source{ID: s.ID, Name: "Water Ministry"}, []string{"name"}); err != nil || changed.Revision != 3 || changed.Reliability != "B" {
		t.Errorf("%+v, %v", changed, err)
	}
	// What is the same already is no change: an import that runs every night leaves
	// nothing in the log.
	if same, err := e.UpdateSource(t.Context(), changed, nil); err != nil || same.Revision != 3 || !same.UpdatedAt.Equal(changed.UpdatedAt) {
		t.Errorf("%+v, %v", same, err)
	}
	log, err := e.store.Judgements(t.Context(), 0, 10)
	if err != nil || len(log) != 3 || log[0].Kind != claims.RegisteredSource || log[1].Kind != claims.UpdatedSource || log[1].Value["fields"] != "reliability" {
		t.Errorf("the log of judgements: %+v, %v", log, err)
	}
}

func TestSourcesThatAreRefused(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	e.register(t, claims.Source{ID: "a", Name: "A"})
	e.register(t, claims.Source{ID: "b", Name: "B", ControlledBy: []claims.Control{{Source: "a"}}})
	e.register(t, claims.Source{ID: "c", Name: "C", SpeaksFor: "b"})
	for _, tt := range []struct {
		name string
		s    claims.Source
		says string
	}{
		{"no name", claims.Source{ID: "x"}, "source.canonical_name: is empty"},
		{"a long name", claims.Source{Name: strings.Repeat("n", claims.MaxName+1)}, "source.canonical_name: is 257 bytes long"},
		{"an id with a capital", claims.Source{ID: "X", Name: "X"}, "source.name: the id must be"},
		{"a grade that is none", claims.Source{Name: "X", Reliability: "G"}, "source.reliability: must be A to F"},
		{"a handle of nothing", claims.Source{Name: "X", Handles: []claims.Handle{{Handle: "@"}}}, "source.handles[0]: is empty"},
		{"an alias of nothing", claims.Source{Name: "X", Aliases: []claims.Alias{{Name: "X1"}, {Name: " "}}}, "source.aliases[1]: is empty"},
		{"an interval that ends before it begins", claims.Source{Name: "X", Aliases: []claims.Alias{{Name: "X1", Valid: claims.Interval{From: day(5), To: day(4)}}}}, "source.aliases[0]: ends before it begins"},
		{"a controller that is not stored", claims.Source{Name: "X", ControlledBy: []claims.Control{{Source: "nobody"}}}, "source.controlled_by: names sources/nobody"},
		{"speaking for what is not stored", claims.Source{Name: "X", SpeaksFor: "nobody"}, "source.speaks_for: names sources/nobody"},
		{"controlling oneself", claims.Source{ID: "x", Name: "X", ControlledBy: []claims.Control{{Source: "x"}}}, "source.controlled_by: leads back to sources/x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := e.CreateSource(t.Context(), tt.s)
			fails(t, err, claims.CodeInvalid, tt.says)
		})
	}
	// c speaks for b, a controls b: a may not be controlled by c.
	_, err := e.UpdateSource(t.Context(), claims.Source{ID: "a", ControlledBy: []claims.Control{{Source: "c"}}}, []string{"controlled_by"})
	fails(t, err, claims.CodeInvalid, "leads back to sources/a")
	_, err = e.UpdateSource(t.Context(), claims.Source{ID: "a", Name: "A"}, []string{"mentions"})
	fails(t, err, claims.CodeInvalid, `update_mask: names "mentions"`)
	_, err = e.UpdateSource(t.Context(), claims.Source{ID: "nobody", Name: "N"}, nil)
	fails(t, err, claims.CodeNotFound, "nobody")
	yes := true
	if ss, err := e.ListSources(t.Context(), claims.SourceFilter{Registered: &yes}, claims.Page{Size: 10}); err != nil || len(ss) != 3 {
		t.Errorf("%d sources are left, %v", len(ss), err)
	}
}

func TestResolveSource(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	e.register(t, claims.Source{ID: "ruritania-mfa", Name: "Ruritanian Ministry of Foreign Affairs", Kind: claims.SourceGovernment,
		Aliases: []claims.Alias{{Name: "MFA"}, {Name: "Foreign Office", Valid: claims.Interval{To: day(5)}}},
		Handles: []claims.Handle{{Handle: "@mfa", Valid: claims.Interval{From: day(5)}}}})
	e.register(t, claims.Source{ID: "fan-club", Name: "Fan Club", Handles: []claims.Handle{{Handle: "mfa", Valid: claims.Interval{To: day(5)}}}})
	e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "The dam broke, Eva Stromme said."))
	for _, tt := range []struct {
		name string
		at   time.Time
		id   string
		by   claims.MatchedBy
	}{
		{"ruritania-mfa", time.Time{}, "ruritania-mfa", claims.MatchedByID},
		{"sources/ruritania-mfa", time.Time{}, "ruritania-mfa", claims.MatchedByID},
		{"the ruritanian ministry of foreign affairs", time.Time{}, "ruritania-mfa", claims.MatchedByName},
		{"mfa", time.Time{}, "ruritania-mfa", claims.MatchedByAlias},
		{"Ruritania's Foreign Ministry", time.Time{}, "ruritania-mfa", claims.MatchedByVariant},
		{"Foreign Office", day(4), "ruritania-mfa", claims.MatchedByAlias},
		{"@mfa", time.Time{}, "ruritania-mfa", claims.MatchedByHandle},
		{"@MFA", day(5), "ruritania-mfa", claims.MatchedByHandle},
		{"@mfa", day(4), "fan-club", claims.MatchedByHandle}, // handles change hands
		{"Eva Stromme", time.Time{}, "", claims.MatchedByDerived},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := e.ResolveSource(t.Context(), tt.name, tt.at)
			if err != nil || r.MatchedBy != tt.by || tt.id != "" && r.Source.ID != tt.id {
				t.Errorf("%s by %s (%q), %v; want %s by %s", r.Source.ID, r.MatchedBy, r.Matched, err, tt.id, tt.by)
			}
			if r.Source.Registered == (tt.by == claims.MatchedByDerived) {
				t.Errorf("registered: %v", r.Source.Registered)
			}
		})
	}
	eva, err := e.ResolveSource(t.Context(), "Eva Stromme", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := e.ResolveSource(t.Context(), "sources/"+eva.Source.ID, time.Time{}); err != nil || r.MatchedBy != claims.MatchedByID || r.Source.Name != "Eva Stromme" {
		t.Errorf("a derived source by its id: %+v, %v", r, err)
	}
	for name, code := range map[string]claims.Code{"": claims.CodeInvalid, "  ": claims.CodeInvalid, "Nobody": claims.CodeNotFound, "Foreign Office": claims.CodeNotFound, "sources/nobody": claims.CodeNotFound} {
		_, err := e.ResolveSource(t.Context(), name, day(10))
		fails(t, err, code, "")
	}
}

// Names are linked when an answer is read: what an editor changes acts on what
// was stored before, and at once.
func TestAnEditorsChangeActsOnStoredDocuments(t *testing.T) {
	t.Parallel()
	const (
		query = "Tor Bakke closed the Zenda dam"
		two   = "CORROBORATED 2-2: The Courier (SUPPORTS: The Courier v1); The Herald (SUPPORTS: The Herald v1)"
	)
	archive := func(t *testing.T) *editor {
		t.Helper()
		e := newDesk(t)
		e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam, our reporter saw."))
		e.put(t, claims.OutcomeCreated, report("The Herald", day(5), "The Zenda dam was closed by the engineer Tor Bakke."))
		if got := says(e.ask(t, claims.Query{Text: query})); got != two {
			t.Fatalf("got %s, want %s", got, two)
		}
		return e
	}
	one := func(t *testing.T, e *editor, reason claims.MergeReason) {
		t.Helper()
		a := e.ask(t, claims.Query{Text: query})
		merged := false
		for _, m := range a.Merges {
			merged = merged || m.Reason == reason
		}
		if a.Verdict != claims.SingleOrigin || a.OriginsMin != 1 || a.OriginsMax != 1 || len(a.Origins) != 1 || !merged {
			t.Errorf("%s, merges %+v; want one origin by %s", says(a), a.Merges, reason)
		}
	}
	t.Run("a controller makes two origins one, from when it controls", func(t *testing.T) {
		e := archive(t)
		e.register(t, claims.Source{ID: "holding", Name: "Zenda Holding"})
		e.register(t, claims.Source{ID: "courier", Name: "The Courier", ControlledBy: []claims.Control{{Source: "holding"}}})
		herald := e.register(t, claims.Source{ID: "herald", Name: "The Herald", ControlledBy: []claims.Control{{Source: "holding", Valid: claims.Interval{From: day(6)}}}})
		if a := e.ask(t, claims.Query{Text: query}); a.OriginsMin != 2 {
			t.Errorf("the Herald wrote it before it was bought: %s", says(a))
		}
		herald.ControlledBy[0].Valid = claims.Interval{}
		herald, err := e.UpdateSource(t.Context(), herald, []string{"controlled_by"})
		if err != nil {
			t.Fatal(err)
		}
		one(t, e, claims.MergeControl)
		herald.ControlledBy = nil
		if _, err := e.UpdateSource(t.Context(), herald, []string{"controlled_by"}); err != nil {
			t.Fatal(err)
		}
		if a := e.ask(t, claims.Query{Text: query}); a.OriginsMin != 2 {
			t.Errorf("sold again: %s", says(a))
		}
	})
	t.Run("one controls the other", func(t *testing.T) {
		e := archive(t)
		e.register(t, claims.Source{ID: "courier", Name: "The Courier"})
		e.register(t, claims.Source{ID: "herald", Name: "The Herald", ControlledBy: []claims.Control{{Source: "courier"}}})
		one(t, e, claims.MergeControl)
	})
	t.Run("a controller that was only met in documents", func(t *testing.T) {
		e := archive(t)
		courier, err := e.ResolveSource(t.Context(), "The Courier", time.Time{})
		if err != nil || courier.MatchedBy != claims.MatchedByDerived {
			t.Fatal(courier, err)
		}
		e.register(t, claims.Source{ID: "herald", Name: "The Herald", ControlledBy: []claims.Control{{Source: courier.Source.ID}}})
		one(t, e, claims.MergeControl)
		if r, err := e.ResolveSource(t.Context(), "The Courier", time.Time{}); err != nil || !r.Source.Registered || r.Source.Revision != 1 {
			t.Errorf("it is not registered: %+v, %v", r, err)
		}
	})
	t.Run("two names of one source", func(t *testing.T) {
		e := archive(t)
		e.register(t, claims.Source{ID: "courier", Name: "The Courier", Aliases: []claims.Alias{{Name: "The Herald"}}})
		one(t, e, claims.MergeSameSource)
	})
}

func TestClaimsAreListedByAsserter(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "The Zenda dam broke, the Ruritanian Foreign Ministry said."))
	e.put(t, claims.OutcomeCreated, claims.Document{Kind: claims.KindTelegramPost, Publisher: "@mfa_ruritania", PublishedAt: day(4), Text: "The Zenda dam was rebuilt in a week."})
	e.put(t, claims.OutcomeCreated, report("The Herald", day(5), "Wheat is cheap in Orta."))
	list := func(asserter string) string {
		t.Helper()
		cs, err := e.ListClaims(t.Context(), desk.ClaimQuery{Asserter: asserter, Kind: claims.Event}, claims.Page{Size: 10})
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for i := range cs {
			texts = append(texts, cs[i].Text)
		}
		return strings.Join(texts, "; ")
	}
	const broke, rebuilt, wheat = "The Zenda dam broke", "The Zenda dam was rebuilt in a week", "Wheat is cheap in Orta"
	if got := list("the herald"); got != wheat {
		t.Errorf("by a name that nobody registered: %q", got)
	}
	if got := list("Nobody"); got != "" {
		t.Errorf("by nobody's: %q", got)
	}
	derived, err := e.ResolveSource(t.Context(), "The Herald", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if got := list("sources/" + derived.Source.ID); got != wheat {
		t.Errorf("by the resource name of a derived source: %q", got)
	}
	// Registered under a third wording, with the channel as its handle.
	e.register(t, claims.Source{ID: "mfa", Name: "Ruritanian Ministry of Foreign Affairs", Kind: claims.SourceGovernment,
		Handles: []claims.Handle{{Handle: "@mfa_ruritania"}}})
	for _, name := range []string{"mfa", "sources/mfa", "Ruritanian Ministry of Foreign Affairs", "@mfa_ruritania", "Ruritania's Foreign Ministry"} {
		if got := list(name); got != broke+"; "+rebuilt {
			t.Errorf("by %q: %q", name, got)
		}
	}
	cs, err := e.ListClaims(t.Context(), desk.ClaimQuery{Asserter: "mfa"}, claims.Page{Size: 10})
	if err != nil {
		t.Fatal(err)
	}
	for i := range cs {
		if got := cs[i].Attribution.Asserter().Source; got != "mfa" {
			t.Errorf("%q is linked to %q", cs[i].Text, got)
		}
	}
	_, err = e.ListClaims(t.Context(), desk.ClaimQuery{Document: "nowhere"}, claims.Page{Size: 10})
	fails(t, err, claims.CodeNotFound, "nowhere")
}
