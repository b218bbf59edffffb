package storetest

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// full is a document that uses every field, with texts that stores have been
// known to change: NUL, emoji, combining marks, both line ends, no line end.
func full() piece {
	p := sample("full", 2)
	text := "\x00A\r\nZoë said “наступ” 🧑‍🚀\u200b e\u0301 \uFFFD 漢字\n "
	p.doc = claims.Document{
		ID: "full", Kind: claims.KindTelegramPost, Publisher: "Ünïcode 📰", Title: text, Byline: text, Dateline: text,
		CreditLine: text, URL: text, ExternalID: text, ForwardedFrom: "@" + text, InReplyTo: text, Language: "uk",
		PublishedAt: day, IngestedAt: at(1), RetrievedAt: at(2), EmbargoedUntil: at(4), Status: claims.StatusCorrected, Text: text, Version: 3,
		Reading: claims.Reading{Language: "uk", Unsplit: claims.UnsplitNoProse,
			Credits:  []claims.Credit{{Name: "RTA", Where: claims.WhereDateline, Span: claims.Span{Start: 1, End: 4}, Text: text}},
			SetAside: []claims.Aside{{Span: claims.Span{Start: 1, End: 2}, Why: "HEADING"}},
			Embeds:   []claims.Embed{{Span: claims.Span{Start: 2, End: 9}, Kind: claims.KindXPost, Author: "Zoë", Handle: "@zoe", PublishedAt: at(3)}},
			Satire:   true, Withdrawal: &claims.Withdrawal{Span: claims.Span{Start: 1, End: 3}, Untrue: true}},
		Copies: []claims.Copy{{Document: "other", Kind: claims.CopyNear, Containment: 0.9, Resemblance: 1.0 / 3,
			Span: claims.Span{Start: 1, End: 2}, Other: claims.Span{Start: 3, End: 4}}},
	}
	c := &p.claims[0]
	c.Text, c.Doubts, c.Kind, c.Modality, c.Polarity = text, []string{"one", text}, claims.Utterance, claims.Denied, claims.Negative
	c.Confidence, c.CheckWorthiness = 1.0/3, 2.0/3
	c.Evidence = []claims.Span{{Start: 5, End: 9}, {Start: 1, End: 2}}
	c.Frame.Time = claims.TimeSpan{Start: at(5), End: at(6), Text: "Monday", Span: claims.Span{Start: 1, End: 2}, Inferred: true}
	c.Frame.Place, c.Frame.PlaceSpan = "Київ", claims.Span{Start: 4, End: 8}
	c.Frame.Quantities = []claims.Quantity{{Min: 12, Open: true, Approx: true, Unit: "km", Of: "road", Text: text, Span: claims.Span{Start: 1, End: 2}}}
	c.Attribution.Hops = append(c.Attribution.Hops, claims.Hop{Mention: text, Name: "Zoë", Handle: "@zoe", Kind: claims.SourcePerson,
		SpeaksFor: "the ministry", SourceSpan: claims.Span{Start: 1, End: 2}, CueSpan: claims.Span{Start: 2, End: 3}, Where: claims.WhereTitle,
		Manner: claims.DirectQuote, Medium: claims.MediumX, At: at(9)})
	return p
}

var documentTests = []test{
	{"every field comes back byte for byte", func(t *testing.T, s claims.Store) {
		p := full()
		store(t, s, &p)
		same(t, "document", p.doc, must(s.Document(t.Context(), "full"))(t))
		for i, c := range p.claims {
			same(t, "claim", c, must(s.Claim(t.Context(), "full", i+1))(t))
		}
	}},
	{"zero times and empty fields come back as such", func(t *testing.T, s claims.Store) {
		p := piece{doc: claims.Document{ID: "bare", Text: "x"}, identity: claims.Identity{Hash: [32]byte{1}}}
		store(t, s, &p)
		got := must(s.Document(t.Context(), "bare"))(t)
		same(t, "document", p.doc, got)
		if !got.PublishedAt.IsZero() || !got.RetrievedAt.IsZero() {
			t.Errorf("the zero time came back as %v and %v", got.PublishedAt, got.RetrievedAt)
		}
	}},
	{"instants are kept in microseconds, before 1970 too", func(t *testing.T, s claims.Store) {
		p := sample("old", 0)
		p.doc.PublishedAt = time.Date(1871, 1, 18, 12, 0, 0, 1999, time.FixedZone("LMT", 3600))
		p.doc.IngestedAt = time.Unix(0, 0).UTC()
		store(t, s, &p)
		got := must(s.Document(t.Context(), "old"))(t)
		same(t, "published", time.Date(1871, 1, 18, 11, 0, 0, 1000, time.UTC), got.PublishedAt)
		same(t, "ingested at the epoch, which is not the zero time", p.doc.IngestedAt, got.IngestedAt)
	}},
	{"seqs count commits from 1 and are written into document and claims", func(t *testing.T, s claims.Store) {
		a, b := sample("a", 2), sample("b", 1)
		store(t, s, &a, &b)
		same(t, "document seqs", []int64{1, 2}, []int64{a.doc.Seq, b.doc.Seq})
		same(t, "claim seqs", []int64{1, 2, 3}, append(seqs(a.claims), seqs(b.claims)...))
		if a.claims[0].Document != "a" {
			t.Errorf("the claim's document is %q", a.claims[0].Document)
		}
	}},
	{"a name that is not stored is not found", func(t *testing.T, s claims.Store) {
		p := sample("doc", 1)
		store(t, s, &p)
		_, err := s.Document(t.Context(), "nope")
		wantCode(t, err, claims.CodeNotFound, claims.ReasonDocumentNotFound)
		_, err = s.Claim(t.Context(), "doc", 2)
		wantCode(t, err, claims.CodeNotFound, claims.ReasonClaimNotFound)
		_, err = s.Claim(t.Context(), "nope", 1)
		wantCode(t, err, claims.CodeNotFound, claims.ReasonClaimNotFound)
		_, err = s.Source(t.Context(), "nope")
		wantCode(t, err, claims.CodeNotFound, claims.ReasonSourceNotFound)
	}},
	{"names and request ids compare case-sensitively", func(t *testing.T, s claims.Store) {
		p := sample("doc", 0)
		p.identity.RequestID = "Request"
		store(t, s, &p)
		_, err := s.Document(t.Context(), "DOC")
		wantCode(t, err, claims.CodeNotFound, claims.ReasonDocumentNotFound)
		same(t, "by another case", 0, len(must(s.DocumentsByID(t.Context(), []string{"Doc"}))(t)))
		update(t, s, func(tx claims.Tx) error {
			_, _, ok, err := tx.DocumentByRequest("request")
			if ok {
				t.Error("the request was found under another case")
			}
			return err
		})
	}},
	{"a document id that is taken exists", func(t *testing.T, s claims.Store) {
		a, b := sample("a", 1), sample("a", 2)
		b.identity.Hash = [32]byte{9}
		store(t, s, &a)
		wantCode(t, s.Update(t.Context(), func(tx claims.Tx) error { return put(tx, &b) }), claims.CodeExists, "")
		same(t, "document", a.doc, must(s.Document(t.Context(), "a"))(t))
	}},
	{"an identity hash that is taken exists", func(t *testing.T, s claims.Store) {
		a, b := sample("a", 1), sample("b", 2)
		b.identity.Hash = a.identity.Hash
		store(t, s, &a)
		wantCode(t, s.Update(t.Context(), func(tx claims.Tx) error { return put(tx, &b) }), claims.CodeExists, "")
		same(t, "claims", int64(1), must(s.Stats(t.Context()))(t).Claims)
	}},
	{"a request id that is taken exists", func(t *testing.T, s claims.Store) {
		a, b := sample("a", 0), sample("b", 0)
		a.identity.RequestID, b.identity.RequestID = "r", "r"
		store(t, s, &a)
		wantCode(t, s.Update(t.Context(), func(tx claims.Tx) error { return put(tx, &b) }), claims.CodeExists, claims.ReasonRequestReused)
	}},
	{"a refusal leaves the update usable", func(t *testing.T, s claims.Store) {
		a, b := sample("a", 1), sample("b", 1)
		store(t, s, &a)
		update(t, s, func(tx claims.Tx) error {
			wantCode(t, put(tx, &a), claims.CodeExists, "")
			return put(tx, &b)
		})
		same(t, "stored", []string{"a", "b"}, ids(must(s.DocumentsByID(t.Context(), []string{"b", "a"}))(t)))
		same(t, "replayed", []claims.Entry{a.entry(), b.entry()}, replay(t, s))
	}},
	{"terms, claims and indexes must fit together", func(t *testing.T, s claims.Store) {
		for name, spoil := range map[string]func(*piece){
			"no id":            func(p *piece) { p.doc.ID = "" },
			"too few terms":    func(p *piece) { p.terms = p.terms[1:] },
			"an index twice":   func(p *piece) { p.claims[1].Index = 1 },
			"indexes from 0":   func(p *piece) { p.claims[0].Index = 0 },
			"a year past 9999": func(p *piece) { p.claims[0].Frame.Time.Start = time.Date(12024, 1, 1, 0, 0, 0, 0, time.UTC) },
		} {
			p := sample("a", 2)
			spoil(&p)
			err := s.Update(t.Context(), func(tx claims.Tx) error { return put(tx, &p) })
			if claims.CodeOf(err) != claims.CodeInvalid {
				t.Errorf("%s: error %v, want CodeInvalid", name, err)
			}
		}
		nothing(t, s)
	}},
	{"a document is found by request, hash and series, in its own update too", func(t *testing.T, s claims.Store) {
		p := sample("a", 1)
		p.identity.RequestID, p.identity.RequestHash, p.identity.Series = "r1", [32]byte{1}, [32]byte{2}
		look := func(tx claims.Tx) {
			doc, hash, ok, err := tx.DocumentByRequest("r1")
			if !ok || err != nil || doc.ID != "a" || hash != p.identity.RequestHash {
				t.Errorf("by request: %q %v %v %v", doc.ID, hash, ok, err)
			}
			doc, ok, err = tx.DocumentByHash(p.identity.Hash)
			if !ok || err != nil {
				t.Errorf("by hash: %v %v", ok, err)
			}
			same(t, "by hash", p.doc, doc)
			doc, ok, err = tx.LatestOfSeries(p.identity.Series)
			if !ok || err != nil || doc.ID != "a" {
				t.Errorf("by series: %q %v %v", doc.ID, ok, err)
			}
		}
		update(t, s, func(tx claims.Tx) error {
			if err := put(tx, &p); err != nil {
				return err
			}
			look(tx)
			return nil
		})
		update(t, s, func(tx claims.Tx) error {
			look(tx)
			return nil
		})
		update(t, s, func(tx claims.Tx) error {
			if _, _, ok, err := tx.DocumentByRequest("r2"); ok || err != nil {
				t.Errorf("an unknown request: %v %v", ok, err)
			}
			if _, ok, err := tx.DocumentByHash([32]byte{8}); ok || err != nil {
				t.Errorf("an unknown hash: %v %v", ok, err)
			}
			if _, ok, err := tx.LatestOfSeries([32]byte{8}); ok || err != nil {
				t.Errorf("an unknown series: %v %v", ok, err)
			}
			return nil
		})
	}},
	{"documents without a series share none", func(t *testing.T, s claims.Store) {
		a, b := sample("a", 0), sample("b", 0)
		store(t, s, &a, &b)
		update(t, s, func(tx claims.Tx) error {
			doc, ok, err := tx.LatestOfSeries([32]byte{})
			if ok || err != nil {
				t.Errorf("the zero series gives %q %v", doc.ID, err)
			}
			return nil
		})
	}},
	{"a further request id is filed, again without effect, never for another body or document", func(t *testing.T, s claims.Store) {
		a, b := sample("a", 0), sample("b", 0)
		store(t, s, &a, &b)
		remember := func(request string, hash byte, doc string) error {
			return s.Update(t.Context(), func(tx claims.Tx) error { return tx.RememberRequest(request, [32]byte{hash}, doc) })
		}
		for range 2 {
			if err := remember("r", 1, "a"); err != nil {
				t.Fatal(err)
			}
		}
		wantCode(t, remember("r", 2, "a"), claims.CodeExists, claims.ReasonRequestReused)
		wantCode(t, remember("r", 1, "b"), claims.CodeExists, claims.ReasonRequestReused)
		wantCode(t, remember("q", 1, "c"), claims.CodeNotFound, claims.ReasonDocumentNotFound)
		update(t, s, func(tx claims.Tx) error {
			doc, hash, ok, err := tx.DocumentByRequest("r")
			if !ok || doc.ID != "a" || hash != [32]byte{1} {
				t.Errorf("filed under %q %v %v", doc.ID, hash, ok)
			}
			return err
		})
	}},
	{"versions are linked both ways", func(t *testing.T, s claims.Store) {
		var all []*piece
		for i := range 3 {
			p := sample(fmt.Sprintf("v%d", i+1), 1)
			p.doc.Version, p.identity.Series = i+1, [32]byte{7}
			if i > 0 {
				p.doc.Previous = all[i-1].doc.ID
			}
			all = append(all, &p)
		}
		store(t, s, all...)
		for _, want := range []struct{ id, previous, next string }{{"v1", "", "v2"}, {"v2", "v1", "v3"}, {"v3", "v2", ""}} {
			doc := must(s.Document(t.Context(), want.id))(t)
			same(t, want.id, []string{want.previous, want.next}, []string{doc.Previous, doc.Next})
		}
		update(t, s, func(tx claims.Tx) error {
			doc, ok, err := tx.LatestOfSeries([32]byte{7})
			if !ok || doc.ID != "v3" {
				t.Errorf("the latest is %q", doc.ID)
			}
			return err
		})
		late, lost := sample("late", 0), sample("lost", 0)
		late.doc.Previous, lost.doc.Previous = "v1", "nowhere"
		wantCode(t, s.Update(t.Context(), func(tx claims.Tx) error { return put(tx, &late) }), claims.CodeConflict, "")
		wantCode(t, s.Update(t.Context(), func(tx claims.Tx) error { return put(tx, &lost) }), claims.CodeNotFound, claims.ReasonDocumentNotFound)
	}},
	{"long lists of numbers and names are answered at once, in order of seq", func(t *testing.T, s claims.Store) {
		const n = 300
		update(t, s, func(tx claims.Tx) error {
			for i := range n {
				p := sample(fmt.Sprintf("d%03d", n-i), 1)
				if err := put(tx, &p); err != nil {
					return err
				}
			}
			return nil
		})
		nums, names := []int64{-1, 1 << 60}, []string{"nope", ""}
		for i := range n {
			nums = append(nums, int64(n-i), int64(n-i)) // twice
			names = append(names, fmt.Sprintf("d%03d", i+1))
		}
		for len(nums) < 20000 {
			nums = append(nums, int64(1000+len(nums)))
		}
		want := make([]int64, n)
		for i := range want {
			want[i] = int64(i + 1)
		}
		seqOf := func(docs []claims.Document) (all []int64) {
			for _, d := range docs {
				all = append(all, d.Seq)
			}
			return all
		}
		same(t, "by seq", want, seqOf(must(s.DocumentsBySeq(t.Context(), nums))(t)))
		same(t, "by id", want, seqOf(must(s.DocumentsByID(t.Context(), names))(t)))
		same(t, "claims by seq", want, seqs(must(s.ClaimsBySeq(t.Context(), nums))(t)))
		same(t, "of nothing", 0, len(must(s.DocumentsBySeq(t.Context(), nil))(t))+len(must(s.DocumentsByID(t.Context(), nil))(t))+
			len(must(s.ClaimsBySeq(t.Context(), nil))(t))+len(must(s.SourcesByKey(t.Context(), nil))(t)))
	}},
}

// pages walks a listing of documents page by page.
func pages(t *testing.T, s claims.Store, f claims.DocumentFilter, size int, between func()) []string {
	t.Helper()
	all := []string{}
	var after claims.Cursor
	for {
		docs := must(s.Documents(t.Context(), f, claims.Page{Size: size, After: after}))(t)
		if len(docs) > size {
			t.Fatalf("a page of %d has %d rows", size, len(docs))
		}
		all = append(all, ids(docs)...)
		if len(docs) < size {
			return all
		}
		last := docs[len(docs)-1]
		after = claims.Cursor{Key: last.PublishedAt.UnixMicro(), ID: last.ID}
		if between != nil {
			between()
		}
	}
}

func published(id string, minute int) *piece {
	p := sample(id, 1)
	p.doc.PublishedAt = at(minute)
	return &p
}

var documentListingTests = []test{
	{"newest first, ties by id descending, any page size", func(t *testing.T, s claims.Store) {
		undated := sample("undated", 0)
		undated.doc.PublishedAt = time.Time{}
		store(t, s, published("b", 1), published("a", 1), published("c", 3), published("d", 2), &undated)
		for size := 1; size <= 6; size++ {
			same(t, fmt.Sprintf("pages of %d", size), []string{"c", "d", "b", "a", "undated"}, pages(t, s, claims.DocumentFilter{}, size, nil))
		}
	}},
	{"rows that come while paging shift nothing", func(t *testing.T, s claims.Store) {
		store(t, s, published("a", 1), published("b", 2), published("c", 3), published("d", 4))
		n := 0
		got := pages(t, s, claims.DocumentFilter{}, 1, func() {
			if n++; n > 3 {
				return
			}
			store(t, s, published(fmt.Sprintf("newer%d", n), 10+n))
		})
		same(t, "pages", []string{"d", "c", "b", "a"}, got)
	}},
	{"the filters, alone and together", func(t *testing.T, s claims.Store) {
		post := published("post", 2)
		post.doc.Kind, post.doc.Publisher = claims.KindTelegramPost, "Straße 24 ÅÉ"
		gone := published("gone", 3)
		gone.doc.Status, gone.identity.Series = claims.StatusRetracted, [32]byte{1}
		again := published("again", 4)
		again.doc.Previous, again.doc.Version, again.identity.Series = "gone", 2, [32]byte{1}
		store(t, s, published("plain", 1), post, gone, again)
		for name, tt := range map[string]struct {
			f    claims.DocumentFilter
			want []string
		}{
			"publisher in any case":       {claims.DocumentFilter{Publisher: "STRASSE 24 åé"}, []string{"post"}},
			"publisher, not a prefix":     {claims.DocumentFilter{Publisher: "Example"}, []string{}},
			"kind":                        {claims.DocumentFilter{Kind: claims.KindArticle}, []string{"again", "gone", "plain"}},
			"status":                      {claims.DocumentFilter{Status: claims.StatusRetracted}, []string{"gone"}},
			"latest versions":             {claims.DocumentFilter{LatestVersion: true}, []string{"again", "post", "plain"}},
			"from, the bound itself in":   {claims.DocumentFilter{From: at(3)}, []string{"again", "gone"}},
			"to, the bound itself out":    {claims.DocumentFilter{To: at(3)}, []string{"post", "plain"}},
			"between":                     {claims.DocumentFilter{From: at(2), To: at(4)}, []string{"gone", "post"}},
			"kind and status":             {claims.DocumentFilter{Kind: claims.KindArticle, Status: claims.StatusUsable}, []string{"again", "plain"}},
			"publisher, kind and version": {claims.DocumentFilter{Publisher: "example daily", Kind: claims.KindArticle, LatestVersion: true}, []string{"again", "plain"}},
			"all of them": {claims.DocumentFilter{Publisher: "example daily", Kind: claims.KindArticle, Status: claims.StatusUsable,
				From: at(1), To: at(4), LatestVersion: true}, []string{"plain"}},
		} {
			same(t, name, tt.want, pages(t, s, tt.f, 2, nil))
			same(t, name+" one by one", tt.want, pages(t, s, tt.f, 1, nil))
		}
		beyond := claims.Page{Size: 9, After: claims.Cursor{Key: at(99).UnixMicro(), ID: "x"}}
		same(t, "the cursor does not widen the filter", []string{"plain"},
			ids(must(s.Documents(t.Context(), claims.DocumentFilter{To: at(2)}, beyond))(t)))
	}},
	{"a page has 1 to 1000 rows", func(t *testing.T, s claims.Store) {
		for _, size := range []int{-1, 0, 1001} {
			_, err := s.Documents(t.Context(), claims.DocumentFilter{}, claims.Page{Size: size})
			wantCode(t, err, claims.CodeInvalid, "")
			_, err = s.Claims(t.Context(), claims.ClaimFilter{}, claims.Page{Size: size})
			wantCode(t, err, claims.CodeInvalid, "")
			_, err = s.Sources(t.Context(), claims.SourceFilter{}, claims.Page{Size: size})
			wantCode(t, err, claims.CodeInvalid, "")
		}
		must(s.Documents(t.Context(), claims.DocumentFilter{}, claims.Page{Size: 1000}))(t)
	}},
	{"publications of one instant page by id", func(t *testing.T, s claims.Store) {
		want := make([]string, 0, 25)
		for i := range 25 {
			store(t, s, published(fmt.Sprintf("d%02d", i), 0))
			want = append(want, fmt.Sprintf("d%02d", 24-i))
		}
		same(t, "pages", want, pages(t, s, claims.DocumentFilter{}, 4, nil))
	}},
	{"hashes of any bytes are told apart", func(t *testing.T, s claims.Store) {
		for i := range 3 {
			p := sample(fmt.Sprintf("d%d", i), 0)
			p.identity.Hash = sha256.Sum256([]byte{byte(i)})
			p.identity.Hash[0] = 0
			store(t, s, &p)
		}
		same(t, "stored", int64(3), must(s.Stats(t.Context()))(t).Documents)
	}},
}
