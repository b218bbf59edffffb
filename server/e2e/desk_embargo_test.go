package e2e_test

import (
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
)

const damClaim = "Tor Bakke closed the Zenda dam"

// A document under embargo stands in the store and answers no query before its
// time, nor one as of a moment before it.
func TestAnEmbargoedDocumentAnswersNothingBeforeItsTime(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	e.clock = day(10)
	d := report("Meridian Press Agency", day(9), "Engineer Tor Bakke closed the Zenda dam.")
	d.EmbargoedUntil = day(12)
	stored := e.put(t, claims.OutcomeCreated, d)
	if got, err := e.GetDocument(t.Context(), stored.Document.ID); err != nil || !got.EmbargoedUntil.Equal(day(12)) {
		t.Errorf("by its name it is read, with its embargo: %v %v", got.EmbargoedUntil, err)
	}
	e.put(t, claims.OutcomeUnchanged, d)

	const nothing, free = "UNREPORTED 0-0: ", "SINGLE_ORIGIN 1-1: Meridian Press Agency (SUPPORTS: Meridian Press Agency v1)"
	for _, tt := range []struct {
		name  string
		today int
		query claims.Query
		want  string
	}{
		{"before", 11, claims.Query{}, nothing},
		{"before, as of later", 11, claims.Query{AsOfPublished: day(15), AsOfKnown: day(15)}, nothing},
		{"at the very instant", 12, claims.Query{}, free},
		{"afterwards", 13, claims.Query{}, free},
		{"afterwards, as of a time under embargo", 13, claims.Query{AsOfPublished: day(11)}, nothing},
		{"afterwards, as known under embargo", 13, claims.Query{AsOfKnown: day(11)}, nothing},
		{"afterwards, as of its end", 13, claims.Query{AsOfPublished: day(12), AsOfKnown: day(12)}, free},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e.clock = day(tt.today)
			tt.query.Text = damClaim
			if got := says(e.ask(t, tt.query)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// A version under embargo leaves the one before it in its place.
func TestAnEmbargoedVersionReplacesNothingYet(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	d := report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam.")
	d.ExternalID = "dam-1"
	e.put(t, claims.OutcomeCreated, d)
	d.Text, d.PublishedAt, d.EmbargoedUntil = "Engineer Tor Bakke inspected the Orta bridge. He found no crack.", day(4), day(25)
	e.put(t, claims.OutcomeNewVersion, d)
	if got, want := says(e.ask(t, claims.Query{Text: damClaim})), "SINGLE_ORIGIN 1-1: The Courier (SUPPORTS: The Courier v1)"; got != want {
		t.Errorf("under embargo: got %s, want %s", got, want)
	}
	e.clock = day(26)
	if got, want := says(e.ask(t, claims.Query{Text: damClaim})), "UNREPORTED 0-0: "; got != want {
		t.Errorf("free: got %s, want %s", got, want)
	}
}

// What an agency lets go before its time is a version of its own.
func TestAnEmbargoCanBeLifted(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	d := report("Meridian Press Agency", day(9), "Engineer Tor Bakke closed the Zenda dam.")
	d.ExternalID, d.EmbargoedUntil = "dam-1", day(28)
	e.put(t, claims.OutcomeCreated, d)
	d.EmbargoedUntil = time.Time{}
	e.put(t, claims.OutcomeNewVersion, d)
	if got, want := says(e.ask(t, claims.Query{Text: damClaim})), "SINGLE_ORIGIN 1-1: Meridian Press Agency (SUPPORTS: Meridian Press Agency v2)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEmbargoedClaimsAreListedOnlyWithTheirDocument(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	var held desk.IngestResult
	for n, name := range []string{"Courier", "Herald", "Gazette", "Monitor", "Tribune"} {
		d := report(name, day(n+1), "Engineer Tor Bakke closed the Zenda dam.")
		if n == 1 || n == 2 {
			d.EmbargoedUntil = day(25)
		}
		if res := e.put(t, claims.OutcomeCreated, d); n == 1 {
			held = res
		}
	}
	first, err := e.ListClaims(t.Context(), desk.ClaimQuery{}, claims.Page{Size: 2})
	if err != nil || len(first) != 2 {
		t.Fatalf("a page is filled over what is held back: %d claims, %v", len(first), err)
	}
	rest, err := e.ListClaims(t.Context(), desk.ClaimQuery{}, claims.Page{Size: 2, After: claims.Cursor{Key: first[1].Seq}})
	if err != nil || len(rest) != 1 {
		t.Errorf("three documents are free: %d claims remain, %v", len(rest), err)
	}
	own, err := e.ListClaims(t.Context(), desk.ClaimQuery{Document: held.Document.ID}, claims.Page{Size: 10})
	if err != nil || len(own) != 1 {
		t.Errorf("whoever reads the document reads its claims: %d, %v", len(own), err)
	}
}

// A forward that does not say whose post it is counts in the upper bound alone.
func TestAForwardOfNobodyKnownRaisesNoLowerBound(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam."))
	d := report("@harbour_watch", day(4), "The Zenda dam was shut by engineer Tor Bakke yesterday, on orders of nobody.")
	d.Kind, d.ForwardedFrom = claims.KindTelegramPost, claims.ForwardedFromUnknown
	e.put(t, claims.OutcomeCreated, d)
	a := e.ask(t, claims.Query{Text: damClaim})
	if a.OriginsMin != 1 || a.OriginsMax != 2 {
		t.Errorf("got %s", says(a))
	}
}

// Neither a correction nor a retraction lets out what is held back.
func TestAnEmbargoOutlastsCorrections(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	d := report("Meridian Press Agency", day(9), "Engineer Tor Bakke closed the Zenda dam.")
	d.EmbargoedUntil = day(25)
	old := e.put(t, claims.OutcomeCreated, d)
	fixed, err := e.Correct(t.Context(), desk.CorrectRequest{Document: old.Document.ID, Correction: claims.Document{Text: "Engineer Ida Holm closed the Zenda dam."}})
	if err != nil || !fixed.Document.EmbargoedUntil.Equal(day(25)) {
		t.Errorf("corrected: embargo until %v, %v", fixed.Document.EmbargoedUntil, err)
	}
	gone, err := e.Retract(t.Context(), desk.RetractRequest{Document: fixed.Document.ID})
	if err != nil || !gone.Document.EmbargoedUntil.Equal(day(25)) {
		t.Errorf("retracted: embargo until %v, %v", gone.Document.EmbargoedUntil, err)
	}
	if cs, err := e.ListClaims(t.Context(), desk.ClaimQuery{}, claims.Page{Size: 10}); err != nil || len(cs) != 0 {
		t.Errorf("%d claims are listed, %v", len(cs), err)
	}
}
