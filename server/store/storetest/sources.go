package storetest

import (
	"fmt"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

func listSources(t *testing.T, s claims.Store, f claims.SourceFilter, size int) []string {
	t.Helper()
	all := []string{}
	var after claims.Cursor
	for {
		page := must(s.Sources(t.Context(), f, claims.Page{Size: size, After: after}))(t)
		all = append(all, sourceIDs(page)...)
		if len(page) < size {
			return all
		}
		last := page[len(page)-1]
		after = claims.Cursor{Key: last.CreatedAt.UnixMicro(), ID: last.ID}
	}
}

var yes, no = true, false

// The ids of the sources that the samples' hops name: "derived-" and the first
// 80 bits of the key's SHA-256 in base32. They are stable, so that links to
// them outlive a move from one store to another.
const (
	derivedMinister = "derived-qmfwqv4unq64epi2"
	derivedDaily    = "derived-xac4lhqsmsqwvpb7"
)

var sourceTests = []test{
	{"every field comes back", func(t *testing.T, s claims.Store) {
		src := claims.Source{ID: "zoe", Name: "Zoë \x00🧑‍🚀", Kind: claims.SourcePerson, SpeaksFor: "ministry", Reliability: "B", Registered: true,
			Aliases:      []claims.Alias{{Name: "Z.", Valid: claims.Interval{From: at(1), To: at(2)}}, {Name: "Zoé"}},
			Handles:      []claims.Handle{{Handle: "@zoe", Medium: claims.MediumX, Valid: claims.Interval{From: at(3)}}},
			ControlledBy: []claims.Control{{Source: "holding", Valid: claims.Interval{To: at(4)}}},
			CreatedAt:    at(5), UpdatedAt: at(6), Revision: 1}
		addSources(t, s, src)
		same(t, "source", src, must(s.Source(t.Context(), "zoe"))(t))
		update(t, s, func(tx claims.Tx) error {
			same(t, "in an update", src, must(tx.Source("zoe"))(t))
			_, err := tx.Source("nobody")
			wantCode(t, err, claims.CodeNotFound, claims.ReasonSourceNotFound)
			return nil
		})
	}},
	{"an update sees its own writes", func(t *testing.T, s claims.Store) {
		update(t, s, func(tx claims.Tx) error {
			if err := tx.InsertSource(source("a", "A", day)); err != nil {
				return err
			}
			got, err := tx.Source("a")
			same(t, "source", source("a", "A", day), got)
			return err
		})
	}},
	{"a registered id exists", func(t *testing.T, s claims.Store) {
		addSources(t, s, source("a", "A", day))
		wantCode(t, s.Update(t.Context(), func(tx claims.Tx) error { return tx.InsertSource(source("a", "B", day)) }),
			claims.CodeExists, claims.ReasonSourceExists)
		same(t, "name", "A", must(s.Source(t.Context(), "a"))(t).Name)
	}},
	{"an update raises the revision; a stale one conflicts", func(t *testing.T, s claims.Store) {
		addSources(t, s, source("a", "A", day))
		src := source("a", "B", day)
		src.UpdatedAt = at(1)
		update(t, s, func(tx claims.Tx) error { return tx.UpdateSource(src) })
		got := must(s.Source(t.Context(), "a"))(t)
		want := src
		want.Revision = 2
		same(t, "source", want, got)
		for _, revision := range []int64{0, 1, 3} {
			src.Revision = revision
			wantCode(t, s.Update(t.Context(), func(tx claims.Tx) error { return tx.UpdateSource(src) }),
				claims.CodeConflict, claims.ReasonStaleRevision)
		}
		same(t, "source after the conflicts", want, must(s.Source(t.Context(), "a"))(t))
		wantCode(t, s.Update(t.Context(), func(tx claims.Tx) error { return tx.UpdateSource(source("z", "Z", day)) }),
			claims.CodeNotFound, claims.ReasonSourceNotFound)
	}},
	{"by creation, ties by id, any page size", func(t *testing.T, s claims.Store) {
		addSources(t, s, source("c", "C", at(1)), source("b", "B", at(2)), source("a", "A", at(2)), source("d", "D", at(0)))
		for size := 1; size <= 5; size++ {
			same(t, fmt.Sprintf("pages of %d", size), []string{"d", "c", "a", "b"}, listSources(t, s, claims.SourceFilter{}, size))
		}
	}},
	{"the filters, alone and together", func(t *testing.T, s claims.Store) {
		agency := source("agency", "ÉCLAIR News", at(1))
		agency.Kind = claims.SourceAgency
		addSources(t, s, agency, source("eclat", "éclat", at(2)), source("ec", "ec_lair", at(3)))
		p := sample("doc", 1)
		p.doc.IngestedAt = at(4)
		p.claims = said(claims.Hop{Name: "Éclaireur", Kind: claims.SourceAgency})
		store(t, s, &p)
		derived := must(s.SourcesByKey(t.Context(), []string{"eclaireur"}))(t)[0].ID
		outlet := must(s.SourcesByKey(t.Context(), []string{"example daily"}))(t)[0].ID
		for name, tt := range map[string]struct {
			f    claims.SourceFilter
			want []string
		}{
			"registered":               {claims.SourceFilter{Registered: &yes}, []string{"agency", "eclat", "ec"}},
			"kind":                     {claims.SourceFilter{Kind: claims.SourceAgency}, []string{"agency", derived}},
			"prefix in any case":       {claims.SourceFilter{NamePrefix: "Écla"}, []string{"agency", "eclat", derived}},
			"prefix is no pattern":     {claims.SourceFilter{NamePrefix: "ec_"}, []string{"ec"}},
			"prefix, a percent sign":   {claims.SourceFilter{NamePrefix: "%"}, []string{}},
			"kind and registered":      {claims.SourceFilter{Kind: claims.SourceAgency, Registered: &yes}, []string{"agency"}},
			"kind and derived":         {claims.SourceFilter{Kind: claims.SourceOutlet, Registered: &no}, []string{outlet}},
			"prefix, kind, registered": {claims.SourceFilter{NamePrefix: "éCL", Kind: claims.SourceAgency, Registered: &no}, []string{derived}},
		} {
			same(t, name, tt.want, listSources(t, s, tt.f, 10))
			same(t, name+" one by one", tt.want, listSources(t, s, tt.f, 1))
		}
		same(t, "all registered, by id", []string{"agency", "ec", "eclat"}, sourceIDs(must(s.RegisteredSources(t.Context()))(t)))
	}},
	{"by any key of name, alias and handle, whatever its validity", func(t *testing.T, s claims.Store) {
		a := source("a", "The Foreign Ministry", day)
		a.Aliases = []claims.Alias{{Name: "M.F.A.", Valid: claims.Interval{To: at(-99999)}}}
		a.Handles = []claims.Handle{{Handle: "@MFA"}}
		b := source("b", "Media Fund Agency", day)
		b.Aliases = []claims.Alias{{Name: "MFA"}}
		addSources(t, s, b, a)
		for keys, want := range map[[2]string][]string{
			{"foreign ministry"}:        {"a"},
			{"mfa"}:                     {"a", "b"},
			{"@mfa"}:                    {"a"},
			{"@mfa", "mfa"}:             {"a", "b"},
			{"MFA"}:                     {},
			{"", "the foreign ministr"}: {},
		} {
			same(t, fmt.Sprint(keys), want, sourceIDs(must(s.SourcesByKey(t.Context(), keys[:]))(t)))
		}
		b.Aliases = nil
		update(t, s, func(tx claims.Tx) error { return tx.UpdateSource(b) })
		same(t, "after an alias was taken away", []string{"a"}, sourceIDs(must(s.SourcesByKey(t.Context(), []string{"mfa"}))(t)))
	}},
}

var derivedTests = []test{
	{"the names in hops are counted", func(t *testing.T, s claims.Store) {
		p := sample("doc", 2)
		p.claims[1].Attribution.Hops[1] = claims.Hop{Name: "the MINISTER", Handle: "@minister", Medium: claims.MediumX, Manner: claims.Indirect}
		store(t, s, &p)
		got := must(s.SourcesByKey(t.Context(), []string{"minister", "example daily"}))(t)
		if len(got) != 2 {
			t.Fatalf("%d sources", len(got))
		}
		for _, src := range got {
			want := claims.Source{ID: src.ID, Name: "Example Daily", Kind: claims.SourceOutlet, Mentions: 2,
				CreatedAt: p.doc.IngestedAt, UpdatedAt: p.doc.IngestedAt}
			if src.Name != "Example Daily" {
				want.Name, want.Kind = "Minister", claims.SourcePerson
				want.Handles = []claims.Handle{{Handle: "@minister", Medium: claims.MediumX}}
			}
			same(t, "derived source", want, src)
			same(t, "by id", src, must(s.Source(t.Context(), src.ID))(t))
		}
		same(t, "by handle", 1, len(must(s.SourcesByKey(t.Context(), []string{"@minister"}))(t)))
		again := sample("again", 1)
		store(t, s, &again)
		same(t, "mentions after another document", 3, must(s.Source(t.Context(), got[0].ID))(t).Mentions)
		same(t, "stats", claims.Stats{Documents: 2, Claims: 3, DerivedSources: 2}, must(s.Stats(t.Context()))(t))
	}},
	{"a kind and a handle that come later are kept, the first of each", func(t *testing.T, s claims.Store) {
		for i, hop := range []claims.Hop{
			{Name: "Bot"},
			{Name: "Bot", Kind: claims.SourceAccount, Handle: "@one", Medium: claims.MediumStatement},
			{Name: "Bot", Kind: claims.SourcePerson, Handle: "@two"},
		} {
			p := sample(fmt.Sprintf("d%d", i), 1)
			p.claims = said(hop)
			store(t, s, &p)
		}
		got := must(s.SourcesByKey(t.Context(), []string{"bot"}))(t)[0]
		same(t, "kind", claims.SourceAccount, got.Kind)
		same(t, "handles", []claims.Handle{{Handle: "@one"}}, got.Handles)
		same(t, "by the handle it does not have", 0, len(must(s.SourcesByKey(t.Context(), []string{"@two"}))(t)))
	}},
	{"a hop with only a handle is met under it; unnamed sources and nobody are not", func(t *testing.T, s claims.Store) {
		p := sample("doc", 1)
		p.claims[0].Attribution.Hops = []claims.Hop{{Handle: "@channel", Manner: claims.Forward}, {Name: "two officials", Unnamed: true},
			{Name: "reports", Nobody: true}, {}, {Name: "…"}}
		store(t, s, &p)
		page := must(s.Sources(t.Context(), claims.SourceFilter{}, claims.Page{Size: 10}))(t)
		if len(page) != 1 || page[0].Name != "@channel" || page[0].Mentions != 1 {
			t.Errorf("derived sources: %v", page)
		}
	}},
	{"one name has one id", func(t *testing.T, s claims.Store) {
		p := sample("doc", 1)
		p.claims = said(claims.Hop{Name: "The Minister"})
		store(t, s, &p)
		// The id is a function of the key alone, so it is the same in every store.
		same(t, "id", derivedMinister, must(s.SourcesByKey(t.Context(), []string{"minister"}))(t)[0].ID)
	}},
	{"it leaves the listings while a registered source has its name", func(t *testing.T, s claims.Store) {
		p := sample("doc", 1)
		store(t, s, &p)
		for name, own := range map[string]func(*claims.Source){
			"name":   func(src *claims.Source) { src.Name = "the minister" },
			"alias":  func(src *claims.Source) { src.Aliases = []claims.Alias{{Name: "MINISTER"}} },
			"handle": func(src *claims.Source) { src.Handles = []claims.Handle{{Handle: "minister"}} },
		} {
			src := source("reg-"+name, "Somebody "+name, at(9))
			free := src
			own(&src)
			addSources(t, s, src)
			same(t, name+": listed", []string{derivedDaily, src.ID}, last(listSources(t, s, claims.SourceFilter{}, 10), src.ID))
			same(t, name+": by key", []string{src.ID}, sourceIDs(must(s.SourcesByKey(t.Context(), []string{"minister"}))(t)))
			same(t, name+": counted", int64(1), must(s.Stats(t.Context()))(t).DerivedSources)
			same(t, name+": by id it is still there", 1, must(s.Source(t.Context(), derivedMinister))(t).Mentions)
			update(t, s, func(tx claims.Tx) error { return tx.UpdateSource(free) })
			same(t, name+": given up", []string{derivedMinister}, sourceIDs(must(s.SourcesByKey(t.Context(), []string{"minister"}))(t)))
			same(t, name+": counted again", int64(2), must(s.Stats(t.Context()))(t).DerivedSources)
		}
	}},
	{"it is promoted in place", func(t *testing.T, s claims.Store) {
		p := sample("doc", 1)
		store(t, s, &p)
		src := source(derivedMinister, "A. Minister", at(3))
		src.Aliases = []claims.Alias{{Name: "Minister"}}
		addSources(t, s, src)
		same(t, "source", src, must(s.Source(t.Context(), derivedMinister))(t))
		again := sample("again", 1)
		store(t, s, &again)
		same(t, "after another mention", src, must(s.Source(t.Context(), derivedMinister))(t))
		same(t, "stats", claims.Stats{Documents: 2, Claims: 2, RegisteredSources: 1, DerivedSources: 1}, must(s.Stats(t.Context()))(t))
		wantCode(t, s.Update(t.Context(), func(tx claims.Tx) error { return tx.InsertSource(src) }), claims.CodeExists, claims.ReasonSourceExists)
	}},
	{"only a registered source can be updated", func(t *testing.T, s claims.Store) {
		p := sample("doc", 1)
		store(t, s, &p)
		wantCode(t, s.Update(t.Context(), func(tx claims.Tx) error {
			src, err := tx.Source(derivedMinister)
			if err != nil {
				return err
			}
			return tx.UpdateSource(src)
		}), claims.CodeNotFound, claims.ReasonSourceNotFound)
	}},
}

// last leaves out of a listing the registered sources of earlier rounds.
func last(all []string, id string) []string {
	kept := []string{}
	for _, one := range all {
		if one == id || len(one) > 8 && one[:8] == "derived-" {
			kept = append(kept, one)
		}
	}
	return kept
}
