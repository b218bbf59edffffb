package sqlite

import (
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// What is erased while somebody reads it is not kept: he had it before, and the
// next one does not get it.
func TestAClaimErasedWhileItIsReadIsNotKept(t *testing.T) {
	k := newKept(1 << 20)
	_, missing, state := k.find([]int64{1})
	if len(missing) != 1 {
		t.Fatalf("%v is missing of an empty store", missing)
	}
	k.forget()
	k.put([]claims.Claim{{Seq: 1, Text: "secret"}}, state)
	if have, _, _ := k.find([]int64{1}); len(have) > 0 {
		t.Errorf("%v is kept", have)
	}
}

func TestTheClaimsReadLastAreKeptWithinBounds(t *testing.T) {
	k := newKept(100 << 10)
	for seq := range int64(5000) {
		_, _, state := k.find([]int64{1, seq})
		k.put([]claims.Claim{{Seq: seq, Text: "t"}}, state)
	}
	if most := 100 << 10 / 640; k.claims.Len() > most {
		t.Errorf("%d claims are kept; there is room for %d", k.claims.Len(), most)
	}
	if have, _, _ := k.find([]int64{1, 2, 4999}); len(have) != 2 {
		t.Errorf("of the one read all the time, an old one and the last one %d are kept", len(have))
	}
}

// A claim comes back the same whether it is kept or not, each once and in order
// of seq; an erased one does not come back; a closed store gives none.
func TestKeptClaimsAreThoseOfTheDatabase(t *testing.T) {
	s := openNew(t, Options{})
	doc, cs, identity, signature, terms := storetest.Document("d1", 5)
	put := func(tx claims.Tx) error { return tx.PutDocument(&doc, cs, identity, signature, terms) }
	if err := s.Update(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	ask := func(seqs ...int64) []int64 {
		t.Helper()
		got, err := s.ClaimsBySeq(t.Context(), seqs)
		if err != nil {
			t.Fatal(err)
		}
		var order []int64
		for i := range got {
			if got[i].Text != cs[got[i].Seq-cs[0].Seq].Text {
				t.Errorf("claim %d comes back as %q", got[i].Seq, got[i].Text)
			}
			order = append(order, got[i].Seq)
		}
		return order
	}
	first := cs[0].Seq
	if got := ask(first+3, first+1, first+3); len(got) != 2 || got[0] != first+1 {
		t.Errorf("not kept: %v", got)
	}
	if got := ask(first+4, first+3, first, first+1, first+1, first+99); len(got) != 4 || got[0] != first || got[3] != first+4 {
		t.Errorf("kept in part: %v", got)
	}
	erase := func(tx claims.Tx) error {
		_, err := tx.EraseDocument("d1")
		return err
	}
	if err := s.Update(t.Context(), erase); err != nil {
		t.Fatal(err)
	}
	if got := ask(first, first+1, first+3); len(got) > 0 {
		t.Errorf("%v of an erased document are still there", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ClaimsBySeq(t.Context(), nil); claims.CodeOf(err) != claims.CodeUnavailable {
		t.Errorf("a closed store gives %v", err)
	}
}
