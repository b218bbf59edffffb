// Package storetest is the conformance suite of claims.Store: one test for each
// sentence of the contract in claims/ports.go. Every store passes it whole.
//
//	func TestConformance(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) claims.Store { ... })
//	}
package storetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/secondsource/secondsource/claims"
)

// A test of the suite gets a fresh, empty store, which is closed after it.
type test struct {
	name string
	run  func(t *testing.T, s claims.Store)
}

// Run checks stores against the contract. open returns a fresh, empty store for
// each test; the suite closes it.
func Run(t *testing.T, open func(t *testing.T) claims.Store) {
	t.Helper()
	for _, group := range []struct {
		name  string
		tests []test
	}{
		{"Documents", documentTests},
		{"DocumentListing", documentListingTests},
		{"Claims", claimTests},
		{"Sources", sourceTests},
		{"DerivedSources", derivedTests},
		{"Judgements", judgementTests},
		{"Editorial", editorialTests},
		{"Replay", replayTests},
		{"Update", updateTests},
		{"Erasure", eraseTests},
		{"Life", lifeTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, tt := range group.tests {
				t.Run(tt.name, func(t *testing.T) {
					s := open(t)
					t.Cleanup(func() {
						if err := s.Close(); err != nil {
							t.Errorf("Close: %v", err)
						}
					})
					tt.run(t, s)
				})
			}
		})
	}
}

// RunReopen checks that what was stored is there after the store was closed and
// opened again. fresh returns a function that opens one and the same database,
// empty at first, each time it is called; the suite closes each store before it
// opens the next.
func RunReopen(t *testing.T, fresh func(t *testing.T) (open func() claims.Store)) {
	t.Helper()
	for _, tt := range reopenTests {
		t.Run(tt.name, func(t *testing.T) {
			open := fresh(t)
			s := open()
			check := tt.before(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open()
			check(t, s)
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// day is a time to count from; instants are whole microseconds, as the domain
// has them.
var day = time.Date(2024, 5, 1, 12, 0, 0, 123456000, time.UTC)

// at is day plus n minutes.
func at(n int) time.Time { return day.Add(time.Duration(n) * time.Minute) }

// A piece is what PutDocument takes.
type piece struct {
	doc       claims.Document
	claims    []claims.Claim
	identity  claims.Identity
	signature []byte
	terms     [][]claims.Term
}

// Document makes a document with n claims that differs from others by its id
// alone. The other suites and benchmarks of stores use it too.
func Document(id string, n int) (claims.Document, []claims.Claim, claims.Identity, []byte, [][]claims.Term) {
	p := sample(id, n)
	return p.doc, p.claims, p.identity, p.signature, p.terms
}

func sample(id string, n int) piece {
	p := piece{
		doc: claims.Document{
			ID: id, Kind: claims.KindArticle, Publisher: "Example Daily", Title: "Title of " + id,
			URL: "https://daily.example/" + id, Language: "en", PublishedAt: day, IngestedAt: at(1),
			Status: claims.StatusUsable, Version: 1,
			Text: "The minister said that the bridge in " + id + " was closed on Monday.",
		},
		identity:  claims.Identity{Hash: sha256.Sum256([]byte(id))},
		signature: []byte("signature of " + id),
	}
	for i := range n {
		p.claims = append(p.claims, claims.Claim{
			Index: i + 1, Text: fmt.Sprintf("The bridge %d in %s was closed.", i, id),
			Evidence: []claims.Span{{Start: 0, End: 12}}, Kind: claims.Event, Polarity: claims.Positive,
			Modality: claims.Asserted, Confidence: 0.5, CheckWorthiness: 0.25,
			Frame: claims.Frame{Predicate: claims.Predicate{Lemma: "close", Span: claims.Span{Start: 30, End: 36}},
				Arguments: []claims.Argument{{Role: claims.Patient, Text: "the bridge", Head: "bridge"}}},
			Attribution: claims.Attribution{Hops: []claims.Hop{
				{Name: "Example Daily", Kind: claims.SourceOutlet, Manner: claims.OwnVoice},
				{Mention: "The minister", Name: "Minister", Kind: claims.SourcePerson, Manner: claims.Indirect},
			}},
		})
		p.terms = append(p.terms, []claims.Term{{Key: uint64(i), Impact: 7}, {Key: 1 << 60, Impact: 3}})
	}
	return p
}

// said makes one claim with the deepest asserter given.
func said(by claims.Hop) []claims.Claim {
	c := sample("x", 1).claims
	by.Manner = claims.Indirect
	c[0].Attribution.Hops[1] = by
	return c
}

func source(id, name string, created time.Time) claims.Source {
	return claims.Source{ID: id, Name: name, Kind: claims.SourcePerson, Reliability: claims.GradeUnjudged,
		Registered: true, CreatedAt: created, UpdatedAt: created, Revision: 1}
}

func put(tx claims.Tx, p *piece) error {
	return tx.PutDocument(&p.doc, p.claims, p.identity, p.signature, p.terms)
}

// store puts pieces, each in an update of its own, and gives them their seqs.
func store(t *testing.T, s claims.Store, ps ...*piece) {
	t.Helper()
	for _, p := range ps {
		update(t, s, func(tx claims.Tx) error { return put(tx, p) })
	}
}

func update(t *testing.T, s claims.Store, fn func(claims.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func addSources(t *testing.T, s claims.Store, sources ...claims.Source) {
	t.Helper()
	update(t, s, func(tx claims.Tx) error {
		for _, src := range sources {
			if err := tx.InsertSource(src); err != nil {
				return err
			}
		}
		return nil
	})
}

// must unwraps the result of a read that has to succeed.
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// same compares a whole value with what was read back. An empty list is as good
// as none.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func wantCode(t *testing.T, err error, code claims.Code, reason string) {
	t.Helper()
	e, ok := errors.AsType[*claims.Error](err)
	if !ok || e.Code != code || (reason != "" && e.Reason != reason) {
		t.Errorf("error %v, want code %s and reason %q", err, code, reason)
	}
}

func ids(docs []claims.Document) []string {
	all := []string{}
	for _, d := range docs {
		all = append(all, d.ID)
	}
	return all
}

func sourceIDs(sources []claims.Source) []string {
	all := []string{}
	for _, s := range sources {
		all = append(all, s.ID)
	}
	return all
}

func seqs(cs []claims.Claim) []int64 {
	all := []int64{}
	for _, c := range cs {
		all = append(all, c.Seq)
	}
	return all
}

func replay(t *testing.T, s claims.Store) []claims.Entry {
	t.Helper()
	var all []claims.Entry
	if err := s.Replay(t.Context(), 0, func(e claims.Entry) error {
		all = append(all, e)
		return nil
	}); err != nil {
		t.Fatalf("Replay: %v", err)
	}
	return all
}

// entry is what Replay has to give for a stored piece.
func (p *piece) entry() claims.Entry {
	e := claims.Entry{Document: p.doc.Seq, Signature: p.signature}
	for i, c := range p.claims {
		e.Vectors = append(e.Vectors, claims.TermVector{Claim: c.Seq, Doc: p.doc.Seq, Terms: p.terms[i]})
	}
	return e
}

// nothing checks that an empty store is still empty.
func nothing(t *testing.T, s claims.Store) {
	t.Helper()
	same(t, "stats of an empty store", claims.Stats{}, must(s.Stats(t.Context()))(t))
	if n := len(replay(t, s)); n != 0 {
		t.Errorf("Replay gives %d entries of an empty store", n)
	}
	page := claims.Page{Size: 10}
	if n := len(must(s.Documents(t.Context(), claims.DocumentFilter{}, page))(t)); n != 0 {
		t.Errorf("%d documents in an empty store", n)
	}
	if n := len(must(s.Claims(t.Context(), claims.ClaimFilter{}, page))(t)); n != 0 {
		t.Errorf("%d claims in an empty store", n)
	}
	if n := len(must(s.Sources(t.Context(), claims.SourceFilter{}, page))(t)); n != 0 {
		t.Errorf("%d sources in an empty store", n)
	}
}

func background() context.Context { return context.Background() }
