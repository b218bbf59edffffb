package storetest

import (
	"fmt"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

func listClaims(t *testing.T, s claims.Store, f claims.ClaimFilter, size int) []int64 {
	t.Helper()
	all := []int64{}
	var after claims.Cursor
	for {
		cs := must(s.Claims(t.Context(), f, claims.Page{Size: size, After: after}))(t)
		all = append(all, seqs(cs)...)
		if len(cs) < size {
			return all
		}
		after = claims.Cursor{Key: cs[len(cs)-1].Seq}
	}
}

var claimTests = []test{
	{"in order of seq, any page size, rows that come appear at the end", func(t *testing.T, s claims.Store) {
		a, b := sample("a", 3), sample("b", 2)
		store(t, s, &a, &b)
		for size := 1; size <= 6; size++ {
			same(t, fmt.Sprintf("pages of %d", size), []int64{1, 2, 3, 4, 5}, listClaims(t, s, claims.ClaimFilter{}, size))
		}
		first := must(s.Claims(t.Context(), claims.ClaimFilter{}, claims.Page{Size: 4}))(t)
		c := sample("c", 1)
		store(t, s, &c)
		rest := must(s.Claims(t.Context(), claims.ClaimFilter{}, claims.Page{Size: 4, After: claims.Cursor{Key: first[3].Seq}}))(t)
		same(t, "the next page", []int64{5, 6}, seqs(rest))
	}},
	{"the filters, alone and together", func(t *testing.T, s claims.Store) {
		mfa := claims.Hop{Name: "The Foreign Ministry", Handle: "@mfa", Kind: claims.SourceGovernment}
		a := published("a", 1) // claim 1: the minister
		b := published("b", 2) // claims 2, 3: the ministry, once as an utterance
		b.claims = append(said(mfa), said(mfa)...)
		b.claims[1].Index, b.claims[1].Kind = 2, claims.Utterance
		b.terms = append(b.terms, nil)
		c := published("c", 3) // claim 4: known by its handle alone; claim 5: nobody
		c.claims = append(said(claims.Hop{Handle: "@mfa"}), said(claims.Hop{Nobody: true})...)
		c.claims[1].Index = 2
		c.terms = append(c.terms, nil)
		store(t, s, a, b, c)
		for name, tt := range map[string]struct {
			f    claims.ClaimFilter
			want []int64
		}{
			"document":                      {claims.ClaimFilter{Document: "b"}, []int64{2, 3}},
			"a document that is not stored": {claims.ClaimFilter{Document: "z"}, []int64{}},
			"document, case":                {claims.ClaimFilter{Document: "B"}, []int64{}},
			"asserter by name":              {claims.ClaimFilter{Asserter: []string{"foreign ministry"}}, []int64{2, 3}},
			"asserter by handle":            {claims.ClaimFilter{Asserter: []string{"@mfa"}}, []int64{2, 3, 4}},
			"any of several, none twice":    {claims.ClaimFilter{Asserter: []string{"@mfa", "foreign ministry", "minister", "x"}}, []int64{1, 2, 3, 4}},
			"not the publisher":             {claims.ClaimFilter{Asserter: []string{"example daily"}}, []int64{}},
			"an asserter without a key":     {claims.ClaimFilter{Asserter: []string{""}}, []int64{}},
			"keys are compared exactly":     {claims.ClaimFilter{Asserter: []string{"Foreign Ministry"}}, []int64{}},
			"from":                          {claims.ClaimFilter{From: at(2)}, []int64{2, 3, 4, 5}},
			"to":                            {claims.ClaimFilter{To: at(2)}, []int64{1}},
			"between":                       {claims.ClaimFilter{From: at(2), To: at(3)}, []int64{2, 3}},
			"kind":                          {claims.ClaimFilter{Kind: claims.Utterance}, []int64{3}},
			"asserter and time":             {claims.ClaimFilter{Asserter: []string{"@mfa"}, From: at(3)}, []int64{4}},
			"asserter and to":               {claims.ClaimFilter{Asserter: []string{"@mfa"}, To: at(3)}, []int64{2, 3}},
			"time and kind":                 {claims.ClaimFilter{From: at(1), To: at(9), Kind: claims.Event}, []int64{1, 2, 4, 5}},
			"document and asserter":         {claims.ClaimFilter{Document: "c", Asserter: []string{"@mfa"}}, []int64{4}},
			"all of them": {claims.ClaimFilter{Document: "b", Asserter: []string{"@mfa"}, From: at(2), To: at(3), Kind: claims.Utterance},
				[]int64{3}},
		} {
			same(t, name, tt.want, listClaims(t, s, tt.f, 100))
			same(t, name+" one by one", tt.want, listClaims(t, s, tt.f, 1))
		}
	}},
	{"claims that arrive out of order of publication are listed by seq", func(t *testing.T, s claims.Store) {
		store(t, s, published("late", 9), published("early", 1), published("middle", 5))
		same(t, "from the middle", []int64{1, 3}, listClaims(t, s, claims.ClaimFilter{From: at(5)}, 1))
	}},
}

var judgementTests = []test{
	{"seqs count from 1; every field comes back", func(t *testing.T, s claims.Store) {
		want := []claims.Judgement{
			{Kind: claims.SetReliability, Subject: "sources/a", Value: map[string]string{"reliability": "B", "ключ": "\x00🧑‍🚀"},
				Editor: "Zoë", Reason: "because\x00 “so”", At: day},
			{Kind: claims.MergeSources, Subject: "sources/a", Object: "sources/b", At: at(1)},
			{Kind: claims.UndoJudgement, Subject: "sources/a", Undoes: 1},
		}
		for i := range want {
			update(t, s, func(tx claims.Tx) (err error) {
				want[i].Seq, err = tx.AppendJudgement(want[i])
				return err
			})
			if want[i].Seq != int64(i+1) {
				t.Errorf("entry %d has seq %d", i+1, want[i].Seq)
			}
		}
		same(t, "the log", want, must(s.Judgements(t.Context(), 0, 10))(t))
		same(t, "after the first, at most one", want[1:2], must(s.Judgements(t.Context(), 1, 1))(t))
		same(t, "after the last", 0, len(must(s.Judgements(t.Context(), 3, 10))(t)))
		same(t, "none asked for", 0, len(must(s.Judgements(t.Context(), 0, 0))(t)))
	}},
	{"an entry cannot take back one that is not there", func(t *testing.T, s claims.Store) {
		err := s.Update(t.Context(), func(tx claims.Tx) error {
			_, err := tx.AppendJudgement(claims.Judgement{Kind: claims.UndoJudgement, Undoes: 5})
			return err
		})
		wantCode(t, err, claims.CodeNotFound, "")
	}},
	{"a failed update leaves no gap", func(t *testing.T, s claims.Store) {
		for i := range 2 {
			err := s.Update(t.Context(), func(tx claims.Tx) error {
				if _, err := tx.AppendJudgement(claims.Judgement{Kind: claims.SetStance}); err != nil {
					return err
				}
				if i == 0 {
					return errNo
				}
				return nil
			})
			if i == 0 && err != errNo {
				t.Errorf("error %v, want the callback's own", err)
			}
		}
		log := must(s.Judgements(t.Context(), 0, 10))(t)
		if len(log) != 1 || log[0].Seq != 1 {
			t.Errorf("the log is %v", log)
		}
	}},
}

var replayTests = []test{
	{"signatures and terms come back as given, in order of commit", func(t *testing.T, s claims.Store) {
		a, b, c := sample("a", 2), sample("b", 0), sample("c", 1)
		b.signature = nil
		c.terms[0] = []claims.Term{{Key: 1<<64 - 1, Impact: 1<<16 - 1}, {Key: 0, Impact: 0}, {Key: 5, Impact: 9}}
		store(t, s, &b, &c, &a)
		same(t, "entries", []claims.Entry{b.entry(), c.entry(), a.entry()}, replay(t, s))
	}},
	{"the documents of one update and of many come the same way", func(t *testing.T, s claims.Store) {
		var want []claims.Entry
		n := 0
		for round := range 40 {
			ps := make([]piece, round%3+1)
			update(t, s, func(tx claims.Tx) error {
				for i := range ps {
					ps[i] = sample(fmt.Sprintf("d%d-%d", round, i), (n+i)%4)
					if err := put(tx, &ps[i]); err != nil {
						return err
					}
				}
				return nil
			})
			for i := range ps {
				n++
				want = append(want, ps[i].entry())
			}
		}
		same(t, "entries", want, replay(t, s))
	}},
	{"the callback may change its slices after PutDocument", func(t *testing.T, s claims.Store) {
		p := sample("a", 1)
		want := sample("a", 1)
		update(t, s, func(tx claims.Tx) error {
			if err := put(tx, &p); err != nil {
				return err
			}
			want.doc.Seq, want.claims[0].Seq = p.doc.Seq, p.claims[0].Seq
			clear(p.signature)
			clear(p.terms[0])
			return nil
		})
		same(t, "entries", []claims.Entry{want.entry()}, replay(t, s))
	}},
	{"from any seq on, also in the middle of a commit", func(t *testing.T, s claims.Store) {
		var want []claims.Entry
		for round := range 3 {
			update(t, s, func(tx claims.Tx) error {
				for i := range 3 {
					p := sample(fmt.Sprintf("d%d-%d", round, i), 1)
					if err := put(tx, &p); err != nil {
						return err
					}
					want = append(want, p.entry())
				}
				return nil
			})
		}
		for after := range int64(11) {
			var got []claims.Entry
			if err := s.Replay(t.Context(), after, func(e claims.Entry) error { got = append(got, e); return nil }); err != nil {
				t.Fatal(err)
			}
			same(t, fmt.Sprintf("after %d", after), want[min(after, 9):], got)
		}
	}},
	{"it stops at the first error of fn and returns it", func(t *testing.T, s claims.Store) {
		a, b := sample("a", 1), sample("b", 1)
		store(t, s, &a, &b)
		calls := 0
		err := s.Replay(t.Context(), 0, func(claims.Entry) error { calls++; return errNo })
		if err != errNo || calls != 1 {
			t.Errorf("%d calls, error %v", calls, err)
		}
	}},
	{"fn may use the store", func(t *testing.T, s claims.Store) {
		a := sample("a", 1)
		store(t, s, &a)
		if err := s.Replay(t.Context(), 0, func(e claims.Entry) error {
			_, err := s.DocumentsBySeq(t.Context(), []int64{e.Document})
			return err
		}); err != nil {
			t.Error(err)
		}
	}},
}
