package storetest

import (
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// judge appends entries, each in an update of its own.
func judge(t *testing.T, s claims.Store, js ...claims.Judgement) {
	t.Helper()
	for _, j := range js {
		update(t, s, func(tx claims.Tx) error {
			_, err := tx.AppendJudgement(j)
			return err
		})
	}
}

// listed are the seqs of a listing, page by page.
func listed(t *testing.T, s claims.Store, f claims.JudgementFilter, size int) []int64 {
	t.Helper()
	all := []int64{}
	for p := (claims.Page{Size: size}); ; {
		js := must(s.ListJudgements(t.Context(), f, p))(t)
		for i := range js {
			all = append(all, js[i].Seq)
		}
		if len(js) < size {
			return all
		}
		p.After = claims.Cursor{Key: all[len(all)-1]}
	}
}

var editorialTests = []test{
	{"a listing goes from the latest on, under every filter", func(t *testing.T, s claims.Store) {
		judge(t, s,
			claims.Judgement{Kind: claims.MergeSources, Subject: "sources/a", Object: "sources/b", Editor: "Zoë", At: at(1)},
			claims.Judgement{Kind: claims.SetStance, Subject: "documents/d/claims/1", Object: "documents/e/claims/2", Editor: "abe", At: at(2)},
			claims.Judgement{Kind: claims.SetReliability, Subject: "sources/a", Editor: "Zoë", At: at(3)},
			claims.Judgement{Kind: claims.JoinOrigins, Subject: "documents/d", Object: "documents/d-2", At: at(4)},
			claims.Judgement{Kind: claims.UndoJudgement, Subject: "sources/a", Undoes: 3, Editor: "abe", At: at(5)},
			claims.Judgement{Kind: claims.SetStance, Subject: "documents/d0", At: at(6)},
		)
		for name, tt := range map[string]struct {
			f    claims.JudgementFilter
			want []int64
		}{
			"all":                  {claims.JudgementFilter{}, []int64{6, 5, 4, 3, 2, 1}},
			"kind":                 {claims.JudgementFilter{Kind: claims.SetStance}, []int64{6, 2}},
			"no such kind":         {claims.JudgementFilter{Kind: "X"}, []int64{}},
			"a source":             {claims.JudgementFilter{About: "sources/a"}, []int64{5, 3, 1}},
			"as the object":        {claims.JudgementFilter{About: "sources/b"}, []int64{1}},
			"names are exact":      {claims.JudgementFilter{About: "sources/A"}, []int64{}},
			"a claim":              {claims.JudgementFilter{About: "documents/d/claims/1"}, []int64{2}},
			"a document's claims":  {claims.JudgementFilter{About: "documents/d"}, []int64{4, 2}},
			"a document as object": {claims.JudgementFilter{About: "documents/e"}, []int64{2}},
			"another document":     {claims.JudgementFilter{About: "documents/d-2"}, []int64{4}},
			"editor":               {claims.JudgementFilter{Editor: "Zoë"}, []int64{3, 1}},
			"editor and kind":      {claims.JudgementFilter{Editor: "Zoë", Kind: claims.MergeSources}, []int64{1}},
			"from":                 {claims.JudgementFilter{From: at(5)}, []int64{6, 5}},
			"to":                   {claims.JudgementFilter{To: at(2)}, []int64{1}},
			"all of them": {claims.JudgementFilter{Kind: claims.SetReliability, About: "sources/a", Editor: "Zoë", From: at(3), To: at(4)},
				[]int64{3}},
		} {
			same(t, name, tt.want, listed(t, s, tt.f, 100))
			same(t, name+" one by one", tt.want, listed(t, s, tt.f, 1))
		}
		_, err := s.ListJudgements(t.Context(), claims.JudgementFilter{}, claims.Page{})
		wantCode(t, err, claims.CodeInvalid, "")
	}},
	{"a transaction reads the log with its own entries", func(t *testing.T, s claims.Store) {
		judge(t, s, claims.Judgement{Kind: claims.SetStance, Subject: "documents/d/claims/1", At: day})
		update(t, s, func(tx claims.Tx) error {
			seq, err := tx.AppendJudgement(claims.Judgement{Kind: claims.MergeSources, Subject: "sources/a", Object: "sources/b", At: at(1)})
			if err != nil {
				return err
			}
			all, err := tx.Judgements(0, 10)
			if err != nil {
				return err
			}
			same(t, "entries", []claims.JudgementKind{claims.SetStance, claims.MergeSources}, []claims.JudgementKind{all[0].Kind, all[1].Kind})
			some, err := tx.Judgements(1, 1)
			same(t, "after the first", seq, some[0].Seq)
			return err
		})
	}},
	{"a transaction reads a claim", func(t *testing.T, s claims.Store) {
		p := sample("doc", 2)
		store(t, s, &p)
		update(t, s, func(tx claims.Tx) error {
			c, err := tx.Claim("doc", 2)
			same(t, "claim", p.claims[1], c)
			if err != nil {
				return err
			}
			_, err = tx.Claim("doc", 3)
			wantCode(t, err, claims.CodeNotFound, claims.ReasonClaimNotFound)
			_, err = tx.Claim("none", 1)
			wantCode(t, err, claims.CodeNotFound, claims.ReasonClaimNotFound)
			return nil
		})
	}},
	{"an entry is known by its request, once", func(t *testing.T, s claims.Store) {
		hash := [32]byte{1, 2}
		update(t, s, func(tx claims.Tx) error {
			seq, err := tx.AppendJudgement(claims.Judgement{Kind: claims.SetStance, Subject: "documents/d/claims/1", At: day})
			if err != nil {
				return err
			}
			return tx.RememberJudgement("r\x00", hash, seq)
		})
		update(t, s, func(tx claims.Tx) error {
			j, h, ok, err := tx.JudgementByRequest("r\x00")
			if !ok || err != nil || h != hash || j.Seq != 1 || j.Kind != claims.SetStance {
				t.Errorf("%+v, hash %v, %v, %v", j, h, ok, err)
			}
			if _, _, ok, err = tx.JudgementByRequest("R\x00"); ok || err != nil {
				t.Errorf("another id is known: %v", err)
			}
			wantCode(t, tx.RememberJudgement("r\x00", hash, 1), claims.CodeExists, claims.ReasonRequestReused)
			wantCode(t, tx.RememberJudgement("new", hash, 2), claims.CodeNotFound, claims.ReasonNoJudgement)
			return nil
		})
	}},
	{"what judgements say of an erased document goes, and the entries stay", func(t *testing.T, s claims.Store) {
		p, other := sample("d", 1), sample("d-2", 1)
		store(t, s, &p, &other)
		secret := map[string]string{"claim_text": "what it said"}
		entries := []claims.Judgement{
			{Kind: claims.SetStance, Subject: "documents/d/claims/1", Value: secret, Editor: "Zoë", Reason: "it says", At: day},
			{Kind: claims.SetRelation, Subject: "documents/d-2/claims/1", Object: "documents/d/claims/1", Value: secret, Reason: "they say", At: at(1)},
			{Kind: claims.SetStance, Subject: "documents/d-2/claims/1", Value: secret, Reason: "that one stays", At: at(2)},
			{Kind: claims.UndoJudgement, Subject: "documents/d/claims/1", Undoes: 1, Reason: "it does not say", At: at(3)},
			{Kind: claims.PartOrigins, Subject: "documents/d", Object: "documents/d-2", Reason: "of the whole", At: at(4)},
		}
		judge(t, s, entries...)
		update(t, s, func(tx claims.Tx) error { return tx.RememberJudgement("first", [32]byte{1}, 1) })
		update(t, s, func(tx claims.Tx) error { return tx.RememberJudgement("third", [32]byte{3}, 3) })
		erase(t, s, "d")
		for i := range entries {
			entries[i].Seq = int64(i + 1)
			if i != 2 {
				entries[i].Value, entries[i].Reason = map[string]string{claims.ErasedValue: "true"}, ""
			}
		}
		got := must(s.Judgements(t.Context(), 0, 10))(t)
		same(t, "the log", entries, got)
		same(t, "erased", []bool{true, false}, []bool{got[0].Erased(), got[2].Erased()})
		update(t, s, func(tx claims.Tx) error {
			for id, want := range map[string]bool{"first": false, "third": true} {
				if _, _, ok, err := tx.JudgementByRequest(id); ok != want || err != nil {
					t.Errorf("known by the request %q: %v, %v", id, ok, err)
				}
			}
			return nil
		})
	}},
}
