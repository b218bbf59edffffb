package e2e_test

import (
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
)

// A correction stands in the place of what it corrects, and says so.
func TestACorrectionReplacesWhatItCorrects(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	d := report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam.")
	d.Title = "Dam closed"
	old := e.put(t, claims.OutcomeCreated, d)
	fix := desk.CorrectRequest{Document: old.Document.ID, Correction: claims.Document{Text: "Engineer Ida Holm closed the Zenda dam.", PublishedAt: day(5)}}
	res, err := e.Correct(t.Context(), fix)
	if err != nil {
		t.Fatal(err)
	}
	if x := res.Document; x.Version != 2 || x.Previous != old.Document.ID || x.Status != claims.StatusCorrected || x.Title != "Dam closed" || x.Publisher != "The Courier" {
		t.Errorf("got %+v", x)
	}
	if got, want := says(e.ask(t, claims.Query{Text: "Ida Holm closed the Zenda dam"})), "SINGLE_ORIGIN 1-1: The Courier (SUPPORTS: The Courier v2)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := says(e.ask(t, claims.Query{Text: damClaim, AsOfPublished: day(4)})), "SINGLE_ORIGIN 1-1: The Courier (SUPPORTS: The Courier v1)"; got != want {
		t.Errorf("as of before: got %s, want %s", got, want)
	}

	again, err := e.Correct(t.Context(), fix)
	if err != nil || again.Outcome != claims.OutcomeUnchanged || again.Document.ID != res.Document.ID {
		t.Errorf("sent twice: %v %v", again.Outcome, err)
	}
	fix.Correction.Text = "Engineer Nils Ek closed the Zenda dam."
	_, err = e.Correct(t.Context(), fix)
	fails(t, err, claims.CodeConflict, "documents/"+res.Document.ID+" stands in its place")
	fix.Document, fix.Correction.Publisher = res.Document.ID, "The Herald"
	_, err = e.Correct(t.Context(), fix)
	fails(t, err, claims.CodeInvalid, "document.publisher: cannot be corrected")
	fix.Document = "nowhere"
	_, err = e.Correct(t.Context(), fix)
	fails(t, err, claims.CodeNotFound, "documents/nowhere")
}

// What a correction asks for beside the text is not lost when the text is there already.
func TestACorrectionOfMoreThanTheTextIsAVersion(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	e.clock = day(6)
	old := e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam."))
	fix := desk.CorrectRequest{Document: old.Document.ID, Correction: claims.Document{Text: "Engineer Ida Holm closed the Zenda dam.", PublishedAt: day(5)}}
	first, err := e.Correct(t.Context(), fix)
	if err != nil {
		t.Fatal(err)
	}
	fix.Correction.EmbargoedUntil = day(12)
	_, err = e.Correct(t.Context(), fix)
	fails(t, err, claims.CodeConflict, "documents/"+first.Document.ID+" stands in its place")
	fix.Document = first.Document.ID
	for _, want := range []claims.Outcome{claims.OutcomeNewVersion, claims.OutcomeUnchanged} {
		held, err := e.Correct(t.Context(), fix)
		if err != nil || held.Outcome != want || !held.Document.EmbargoedUntil.Equal(day(12)) {
			t.Errorf("got %s until %v, %v; want %s", held.Outcome, held.Document.EmbargoedUntil, err, want)
		}
	}
}

// What is retracted stops counting, and whoever has it from there with it.
func TestARetractionTakesRelaysWithIt(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	own := e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam."))
	e.put(t, claims.OutcomeCreated, report("The Herald", day(4), "Engineer Tor Bakke closed the Zenda dam, the Courier reported."))
	if a := e.ask(t, claims.Query{Text: damClaim}); a.Verdict != claims.SingleOrigin {
		t.Fatalf("before: %s", says(a))
	}
	res, err := e.Retract(t.Context(), desk.RetractRequest{Document: own.Document.ID, At: day(6)})
	if err != nil || res.Document.Status != claims.StatusRetracted || res.Document.Version != 2 || res.Document.Text != own.Document.Text {
		t.Fatalf("got %+v, %v", res.Document, err)
	}
	if a := e.ask(t, claims.Query{Text: damClaim}); a.Verdict != claims.Unreported {
		t.Errorf("afterwards: %s", says(a))
	}
	if a := e.ask(t, claims.Query{Text: damClaim, AsOfPublished: day(5)}); a.Verdict != claims.SingleOrigin {
		t.Errorf("as of before: %s", says(a))
	}
	again, err := e.Retract(t.Context(), desk.RetractRequest{Document: res.Document.ID})
	if err != nil || again.Outcome != claims.OutcomeUnchanged {
		t.Errorf("retracted twice: %v %v", again.Outcome, err)
	}
}

// A feed's cancelled item is a version with a notice for its text: nothing in it
// counts, and what it cancels no more either.
func TestACancelledItemOfAFeedTakesBackTheVersionBefore(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	d := report("Meridian Press Agency", day(3), "Engineer Tor Bakke closed the Zenda dam.")
	d.Kind, d.ExternalID = claims.KindAgencyItem, "urn:newsml:meridian.example:dam"
	e.put(t, claims.OutcomeCreated, d)
	d.Text, d.Status, d.PublishedAt = "Kill: the source withdrew.", claims.StatusRetracted, day(4)
	e.put(t, claims.OutcomeNewVersion, d)
	if got, want := says(e.ask(t, claims.Query{Text: damClaim})), "UNREPORTED 0-0: "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// With not a word changed, and not the time either, a retraction is a version.
func TestTheStatusAloneMakesAVersion(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	d := report("Meridian Press Agency", day(3), "Engineer Tor Bakke closed the Zenda dam.")
	d.ExternalID = "dam"
	e.put(t, claims.OutcomeCreated, d)
	d.Status = claims.StatusRetracted
	e.put(t, claims.OutcomeNewVersion, d)
	e.put(t, claims.OutcomeUnchanged, d)
	if got, want := says(e.ask(t, claims.Query{Text: damClaim})), "UNREPORTED 0-0: "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
