package e2e_test

import (
	"path/filepath"
	"testing"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
)

// A text in a language that is not read is stored and marked, and an answer that
// may lack its voice says so: also after a restart.
func TestOtherLanguage(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "languages.db")
	h := startWith(t, server.Config{Database: database})
	in := h.ingest(t, article("Gazette de Klest", "2026-03-07",
		"Le ministre Tor Bakke a déclaré que le barrage de Zenda était fermé et que personne n'a été blessé dans la ville."))
	if r := in.GetDocument().GetReading(); r.GetLanguage() != "fr" || r.GetUnsplit() == secondsourcev1.UnsplitReason_UNSPLIT_REASON_UNSPECIFIED || len(in.GetClaims()) != 0 {
		t.Errorf("%v, %d claims", r, len(in.GetClaims()))
	}
	ask := func(claim string) *secondsourcev1.Corroboration {
		t.Helper()
		a, err := h.Corroborate(t.Context(), &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: claim}})
		if err != nil {
			t.Fatal(err)
		}
		return a.GetCorroboration()
	}
	check := func() {
		t.Helper()
		found := false
		for _, u := range ask("Tor Bakke closed the Zenda dam").GetUnmeasured() {
			found = found || u.GetKind() == secondsourcev1.UnmeasuredKind_UNMEASURED_KIND_LANGUAGE && u.GetDocument() == in.GetDocument().GetName()
		}
		if !found {
			t.Error("the answer does not say that a French document was not read")
		}
		for _, u := range ask("Eva Stromme opened the Orta bridge").GetUnmeasured() {
			if u.GetKind() == secondsourcev1.UnmeasuredKind_UNMEASURED_KIND_LANGUAGE {
				t.Errorf("a document that shares no name is named: %v", u)
			}
		}
	}
	check()
	for claim, detail := range map[string]string{
		"حريق في مصفاة أرلين أدى إلى مقتل ثلاثة عمال":      "the claim is in another language (ar), and only English is read: it was compared by its words alone",
		"Le ministre a déclaré que le barrage était fermé": "",
		"Tor Bakke, Zenda, Orta":                       "no statement was found in the claim: it was compared by its words alone",
		"Tor Bakke closed the Zenda dam":               "",
		"Jan de la Cruz met Eva van den Berg in Zenda": "",
		"The minister of transport said that the dam would be closed on 4 May to repair it": "",
	} {
		got := ""
		for _, u := range ask(claim).GetUnmeasured() {
			if u.GetKind() == secondsourcev1.UnmeasuredKind_UNMEASURED_KIND_QUERY {
				got = u.GetDetail()
			}
		}
		if got != detail {
			t.Errorf("%q: %q, want %q", claim, got, detail)
		}
	}
	h.stop()
	h = startWith(t, server.Config{Database: database})
	check()
}
