package storetest

import (
	"fmt"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// erase erases one document.
func erase(t *testing.T, s claims.Store, id string) claims.Erasure {
	t.Helper()
	var e claims.Erasure
	update(t, s, func(tx claims.Tx) (err error) {
		e, err = tx.EraseDocument(id)
		return err
	})
	return e
}

// copying is a document that names others as copied.
func copying(id string, originals ...string) *piece {
	p := sample(id, 1)
	for _, o := range originals {
		p.doc.Copies = append(p.doc.Copies, claims.Copy{Document: o, Kind: claims.CopyNear, Containment: 0.5})
	}
	return &p
}

var eraseTests = []test{
	{"an erased document is nowhere", func(t *testing.T, s claims.Store) {
		before, p, after := sample("before", 2), full(), sample("after", 1)
		p.identity.RequestID = "r"
		store(t, s, &before, &p, &after)
		e := erase(t, s, p.doc.ID)
		same(t, "erasure", claims.Erasure{Seq: 1, Document: 2, FirstClaim: 3, Claims: len(p.claims)}, e)

		_, err := s.Document(t.Context(), p.doc.ID)
		wantCode(t, err, claims.CodeNotFound, claims.ReasonDocumentNotFound)
		_, err = s.Claim(t.Context(), p.doc.ID, 1)
		wantCode(t, err, claims.CodeNotFound, claims.ReasonClaimNotFound)
		page := claims.Page{Size: 100}
		same(t, "documents", []string{"before", "after"}, ids(must(s.DocumentsBySeq(t.Context(), []int64{1, 2, 3}))(t)))
		same(t, "documents by id", 0, len(must(s.DocumentsByID(t.Context(), []string{p.doc.ID}))(t)))
		same(t, "listing", 2, len(must(s.Documents(t.Context(), claims.DocumentFilter{}, page))(t)))
		same(t, "claims", append(seqs(before.claims), seqs(after.claims)...), seqs(must(s.Claims(t.Context(), claims.ClaimFilter{}, page))(t)))
		same(t, "claims by seq", 0, len(must(s.ClaimsBySeq(t.Context(), seqs(p.claims)))(t)))
		same(t, "replay", []claims.Entry{before.entry(), after.entry()}, replay(t, s))
		st := must(s.Stats(t.Context()))(t)
		same(t, "stats", claims.Stats{Documents: 2, Claims: 3, DerivedSources: 2}, st)
		update(t, s, func(tx claims.Tx) error {
			_, _, ok, err := tx.DocumentByRequest("r")
			same(t, "known by its request", false, ok)
			if err != nil {
				return err
			}
			if _, ok, err = tx.DocumentByHash(p.identity.Hash); err != nil {
				return err
			}
			same(t, "known by its hash", false, ok)
			_, err = tx.Document(p.doc.ID)
			wantCode(t, err, claims.CodeNotFound, claims.ReasonDocumentNotFound)
			return nil
		})
	}},
	{"claims beside an erased document are listed once", func(t *testing.T, s claims.Store) {
		var all []*piece
		for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
			p := sample(id, 1)
			all = append(all, &p)
		}
		all[3].claims[0].Kind, all[6].claims[0].Kind = claims.Utterance, claims.Utterance
		store(t, s, all...)
		erase(t, s, "e") // what follows the first one's document
		for size := 1; size <= 4; size++ {
			same(t, fmt.Sprintf("pages of %d", size), []int64{4, 7}, listClaims(t, s, claims.ClaimFilter{Kind: claims.Utterance}, size))
			same(t, fmt.Sprintf("all in pages of %d", size), []int64{1, 2, 3, 4, 6, 7}, listClaims(t, s, claims.ClaimFilter{}, size))
		}
	}},
	{"what is not stored cannot be erased, and the update goes on", func(t *testing.T, s claims.Store) {
		p := sample("doc", 1)
		store(t, s, &p)
		update(t, s, func(tx claims.Tx) error {
			_, err := tx.EraseDocument("other")
			wantCode(t, err, claims.CodeNotFound, claims.ReasonDocumentNotFound)
			if _, err := tx.EraseDocument("doc"); err != nil {
				return err
			}
			_, err = tx.EraseDocument("doc")
			wantCode(t, err, claims.CodeNotFound, claims.ReasonDocumentNotFound)
			return nil
		})
		same(t, "erasures", 1, len(must(s.Erasures(t.Context(), 0, 10))(t)))
	}},
	{"the same document can be stored again, as a new one", func(t *testing.T, s claims.Store) {
		p, again := sample("doc", 3), sample("doc", 3)
		p.identity.RequestID, again.identity.RequestID = "r", "r"
		store(t, s, &p)
		erase(t, s, "doc")
		store(t, s, &again)
		same(t, "seqs", []int64{2, 4, 5, 6}, append([]int64{again.doc.Seq}, seqs(again.claims)...))
		same(t, "replay", []claims.Entry{again.entry()}, replay(t, s))
	}},
	{"erasures are listed in order of commit", func(t *testing.T, s claims.Store) {
		a, b, c := sample("a", 2), sample("b", 0), sample("c", 1)
		store(t, s, &a, &b, &c)
		erase(t, s, "c")
		erase(t, s, "a")
		erase(t, s, "b")
		all := []claims.Erasure{{Seq: 1, Document: 3, FirstClaim: 3, Claims: 1}, {Seq: 2, Document: 1, FirstClaim: 1, Claims: 2}, {Seq: 3, Document: 2}}
		same(t, "all", all, must(s.Erasures(t.Context(), 0, 10))(t))
		same(t, "some", all[1:2], must(s.Erasures(t.Context(), 1, 1))(t))
		same(t, "the end", 0, len(must(s.Erasures(t.Context(), 3, 10))(t)))
		nothing(t, s)
	}},
	{"an update that fails erases nothing", func(t *testing.T, s claims.Store) {
		p := copying("doc")
		q := copying("copy", "doc")
		store(t, s, p, q)
		st := must(s.Stats(t.Context()))(t)
		err := s.Update(t.Context(), func(tx claims.Tx) error {
			n := sample("new", 2)
			if err := put(tx, &n); err != nil {
				return err
			}
			for _, id := range []string{"doc", "new"} {
				if _, err := tx.EraseDocument(id); err != nil {
					return err
				}
			}
			return errNo
		})
		if err != errNo {
			t.Errorf("error %v", err)
		}
		same(t, "stats", st, must(s.Stats(t.Context()))(t))
		same(t, "document", p.doc, must(s.Document(t.Context(), "doc"))(t))
		same(t, "copy", q.doc, must(s.Document(t.Context(), "copy"))(t))
		same(t, "replay", []claims.Entry{p.entry(), q.entry()}, replay(t, s))
		same(t, "erasures", 0, len(must(s.Erasures(t.Context(), 0, 10))(t)))
		next := sample("next", 1)
		store(t, s, &next)
		same(t, "seq", int64(3), next.doc.Seq)
	}},
	{"a document of the same update can be erased", func(t *testing.T, s claims.Store) {
		a, b, c := sample("a", 1), sample("b", 2), sample("c", 1)
		update(t, s, func(tx claims.Tx) error {
			for _, p := range []*piece{&a, &b} {
				if err := put(tx, p); err != nil {
					return err
				}
			}
			if _, err := tx.EraseDocument("b"); err != nil {
				return err
			}
			return put(tx, &c)
		})
		same(t, "seqs", []int64{1, 3}, []int64{a.doc.Seq, c.doc.Seq})
		same(t, "replay", []claims.Entry{a.entry(), c.entry()}, replay(t, s))
	}},
	{"of several documents of one commit the others stay", func(t *testing.T, s claims.Store) {
		ps := []*piece{copying("a"), copying("b"), copying("c"), copying("d")}
		update(t, s, func(tx claims.Tx) error {
			for _, p := range ps {
				if err := put(tx, p); err != nil {
					return err
				}
			}
			return nil
		})
		for _, n := range []int{0, 2, 3} { // the first, one in the middle, the last
			erase(t, s, ps[n].doc.ID)
		}
		same(t, "replay", []claims.Entry{ps[1].entry()}, replay(t, s))
		erase(t, s, "b")
		same(t, "replay", 0, len(replay(t, s)))
	}},
	{"the versions beside it become neighbours", func(t *testing.T, s claims.Store) {
		series := [32]byte{9}
		var ps []*piece
		for i, id := range []string{"v1", "v2", "v3"} {
			p := sample(id, 1)
			p.doc.Version, p.identity.Series = i+1, series
			if i > 0 {
				p.doc.Previous = ps[i-1].doc.ID
			}
			ps = append(ps, &p)
			store(t, s, &p)
		}
		links := func(id string) []string {
			d := must(s.Document(t.Context(), id))(t)
			return []string{d.Previous, d.Next}
		}
		erase(t, s, "v2")
		same(t, "v1", []string{"", "v3"}, links("v1"))
		same(t, "v3", []string{"v1", ""}, links("v3"))
		erase(t, s, "v3")
		same(t, "v1", []string{"", ""}, links("v1"))
		update(t, s, func(tx claims.Tx) error {
			d, ok, err := tx.LatestOfSeries(series)
			same(t, "latest", "v1", d.ID)
			same(t, "there is one", true, ok)
			return err
		})
		erase(t, s, "v1")
		same(t, "documents", 0, len(must(s.Documents(t.Context(), claims.DocumentFilter{}, claims.Page{Size: 9}))(t)))
	}},
	{"links of copies to it go", func(t *testing.T, s claims.Store) {
		store(t, s, copying("a"), copying("b"), copying("c", "a", "b", "a"), copying("d", "a"))
		erase(t, s, "a")
		named := func(id string) (all []string) {
			for _, c := range must(s.Document(t.Context(), id))(t).Copies {
				all = append(all, c.Document)
			}
			return all
		}
		same(t, "c", []string{"b"}, named("c"))
		same(t, "d", 0, len(named("d")))
		erase(t, s, "c")
		erase(t, s, "b")
		same(t, "documents", 1, len(must(s.Documents(t.Context(), claims.DocumentFilter{}, claims.Page{Size: 9}))(t)))
	}},
	{"derived sources that nothing else mentions go", func(t *testing.T, s claims.Store) {
		p, q := sample("p", 0), sample("q", 0)
		p.claims, p.terms = said(claims.Hop{Name: "Only Here", Kind: claims.SourcePerson}), [][]claims.Term{nil}
		q.claims, q.terms = said(claims.Hop{Name: "Somebody", Kind: claims.SourcePerson}), [][]claims.Term{nil}
		store(t, s, &p, &q)
		erase(t, s, "p")
		all := must(s.Sources(t.Context(), claims.SourceFilter{}, claims.Page{Size: 10}))(t)
		names := map[string]int{}
		for _, src := range all {
			names[src.Name] = src.Mentions
		}
		same(t, "sources", map[string]int{"Example Daily": 1, "Somebody": 1}, names)
		same(t, "by key", 0, len(must(s.SourcesByKey(t.Context(), []string{claims.NameKey("Only Here")}))(t)))
		same(t, "claims of the asserter", 0, len(must(s.Claims(t.Context(), claims.ClaimFilter{Asserter: []string{claims.NameKey("Only Here")}}, claims.Page{Size: 10}))(t)))
	}},
	{"a registered source stays, whoever mentioned it", func(t *testing.T, s claims.Store) {
		p := sample("p", 0)
		p.claims, p.terms = said(claims.Hop{Name: "Jane Roe"}), [][]claims.Term{nil}
		store(t, s, &p)
		met := must(s.SourcesByKey(t.Context(), []string{claims.NameKey("Jane Roe")}))(t)[0]
		addSources(t, s, source(met.ID, "Jane Roe", day))
		erase(t, s, "p")
		same(t, "registered", true, must(s.Source(t.Context(), met.ID))(t).Registered)
	}},
	{"a handle goes that no other claim tells", func(t *testing.T, s claims.Store) {
		named := claims.Hop{Name: "Jane Roe", Kind: claims.SourcePerson}
		told := named
		told.Handle, told.Medium = "@jane", claims.MediumX
		pieces := map[string]claims.Hop{"a": told, "b": named, "c": told}
		for _, id := range []string{"a", "b", "c"} {
			p := sample(id, 0)
			p.claims, p.terms = said(pieces[id]), [][]claims.Term{nil}
			store(t, s, &p)
		}
		handles := func() []claims.Handle {
			return must(s.SourcesByKey(t.Context(), []string{claims.NameKey("Jane Roe")}))(t)[0].Handles
		}
		known := func() int { return len(must(s.SourcesByKey(t.Context(), []string{claims.NameKey("@jane")}))(t)) }
		erase(t, s, "a")
		same(t, "handles, told by another too", []claims.Handle{{Handle: "@jane", Medium: claims.MediumX}}, handles())
		same(t, "found by it", 1, known())
		erase(t, s, "c")
		same(t, "handles", 0, len(handles()))
		same(t, "found by it", 0, known())
	}},
}
