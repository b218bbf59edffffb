package e2e_test

import (
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// A later version stands in the place of the earlier one, from when it was
// published on the one clock and stored on the other.
func TestVersionsReplaceOneAnother(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	d := report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam.")
	d.URL = "https://courier.example/dam"
	e.clock = day(10)
	e.put(t, claims.OutcomeCreated, d)
	d.PublishedAt, d.Text = day(5), "Engineer Tor Bakke inspected the Orta bridge. He found no crack."
	e.clock = day(12)
	e.put(t, claims.OutcomeNewVersion, d)

	const (
		dam, bridge   = "Tor Bakke closed the Zenda dam", "Tor Bakke inspected the Orta bridge"
		first, second = "SINGLE_ORIGIN 1-1: The Courier (SUPPORTS: The Courier v1)", "SINGLE_ORIGIN 1-1: The Courier (SUPPORTS: The Courier v2)"
		nothing       = "UNREPORTED 0-0: "
	)
	for _, tt := range []struct {
		name  string
		query claims.Query
		want  string
	}{
		{"today the first version counts no more", claims.Query{Text: dam}, nothing},
		{"and the second does", claims.Query{Text: bridge}, second},
		{"before anything was published", claims.Query{Text: dam, AsOfPublished: day(2)}, nothing},
		{"at the very instant of publication", claims.Query{Text: dam, AsOfPublished: day(3)}, first},
		{"between the two", claims.Query{Text: dam, AsOfPublished: day(4)}, first},
		{"the second is not out yet", claims.Query{Text: bridge, AsOfPublished: day(4)}, nothing},
		{"the second is out", claims.Query{Text: dam, AsOfPublished: day(5)}, nothing},
		{"before the store knew anything", claims.Query{Text: dam, AsOfKnown: day(9)}, nothing},
		{"when the store knew the first alone", claims.Query{Text: dam, AsOfKnown: day(11)}, first},
		{"though the second was published then", claims.Query{Text: bridge, AsOfKnown: day(11)}, nothing},
		{"when the store knew both", claims.Query{Text: dam, AsOfKnown: day(12)}, nothing},
		{"both clocks: known late, published early", claims.Query{Text: dam, AsOfPublished: day(4), AsOfKnown: day(15)}, first},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := says(e.ask(t, tt.query)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// An old version that is fetched from an archive after the new one takes nobody's
// place.
func TestAnOldVersionThatComesLateReplacesNothing(t *testing.T) {
	t.Parallel()
	version := func(n int, text string) claims.Document {
		d := report("The Courier", day(n), text)
		d.URL = "https://courier.example/dam"
		return d
	}
	e := newDesk(t)
	e.put(t, claims.OutcomeCreated, version(5, "Engineer Tor Bakke inspected the Orta bridge."))
	e.put(t, claims.OutcomeNewVersion, version(4, "Engineer Tor Bakke painted the Sarn tower."))
	e.put(t, claims.OutcomeNewVersion, version(3, "Engineer Tor Bakke closed the Zenda dam."))
	for _, tt := range []struct {
		query string
		asOf  int
		want  claims.Verdict
	}{
		{"Tor Bakke inspected the Orta bridge", 20, claims.SingleOrigin},
		{"Tor Bakke painted the Sarn tower", 20, claims.Unreported},
		{"Tor Bakke closed the Zenda dam", 20, claims.Unreported},
		{"Tor Bakke painted the Sarn tower", 4, claims.SingleOrigin},
		{"Tor Bakke closed the Zenda dam", 4, claims.Unreported},
		{"Tor Bakke closed the Zenda dam", 3, claims.SingleOrigin},
	} {
		if a := e.ask(t, claims.Query{Text: tt.query, AsOfPublished: day(tt.asOf)}); a.Verdict != tt.want {
			t.Errorf("%q as of day %d: %s, want %s", tt.query, tt.asOf, says(a), tt.want)
		}
	}
}

// What copied a version that was rewritten since has it from that publisher, who
// says otherwise now.
func TestACopyOfAReplacedVersionIsNoOriginOfItsOwn(t *testing.T) {
	t.Parallel()
	text := damClosed + " Nobody lives below the dam, and the road along the river stays open for the time being."
	first := report("The Courier", day(3), text)
	first.URL = "https://courier.example/dam"
	second := first
	second.PublishedAt, second.Text = day(6), "Engineer Tor Bakke did not close the Zenda dam. The gates stood open all week."
	e := newDesk(t)
	e.put(t, claims.OutcomeCreated, first)
	e.put(t, claims.OutcomeCreated, report("The Herald", day(4), text))
	if got, want := says(e.ask(t, claims.Query{Text: closedQuery})), "SINGLE_ORIGIN 1-1: The Courier (SUPPORTS: The Courier v1, The Herald v1)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	e.put(t, claims.OutcomeNewVersion, second)
	if got, want := says(e.ask(t, claims.Query{Text: closedQuery})), "REFUTED 0-0: The Courier (REFUTES: The Courier v2)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestARetractedDocumentStopsCounting(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	d := report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam.")
	d.Status = claims.StatusRetracted
	e.put(t, claims.OutcomeCreated, d)
	if got := says(e.ask(t, claims.Query{Text: "Tor Bakke closed the Zenda dam"})); got != "UNREPORTED 0-0: " {
		t.Error(got)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	e.register(t, claims.Source{ID: "courier", Name: "The Courier", Aliases: []claims.Alias{{Name: "Zenda Courier"}}})
	e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam, our reporter saw."))
	e.put(t, claims.OutcomeCreated, report("The Herald", day(5), "The Zenda dam was closed by the engineer Tor Bakke."))
	const (
		query   = "Tor Bakke closed the Zenda dam"
		courier = "SINGLE_ORIGIN 1-1: The Courier (SUPPORTS: The Courier v1)"
		herald  = "SINGLE_ORIGIN 1-1: The Herald (SUPPORTS: The Herald v1)"
		both    = "CORROBORATED 2-2: The Courier (SUPPORTS: The Courier v1); The Herald (SUPPORTS: The Herald v1)"
	)
	for _, tt := range []struct {
		name  string
		query claims.Query
		want  string
	}{
		{"none", claims.Query{}, both},
		{"from the herald's instant", claims.Query{From: day(5)}, herald},
		{"up to the herald's instant, which is not in", claims.Query{To: day(5)}, courier},
		{"by name", claims.Query{Sources: []string{"the herald"}}, herald},
		{"by id", claims.Query{Sources: []string{"courier"}}, courier},
		{"by resource name", claims.Query{Sources: []string{"sources/courier"}}, courier},
		{"by another name", claims.Query{Sources: []string{"Zenda Courier"}}, courier},
		{"by any of several", claims.Query{Sources: []string{"courier", "The Herald"}}, both},
		{"by nobody's", claims.Query{Sources: []string{"The Post"}}, "UNREPORTED 0-0: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.query.Text = query
			if got := says(e.ask(t, tt.query)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	for least, met := range map[int]bool{0: true, 1: true, 2: true, 3: false} { // 0 stands for 2
		if a := e.ask(t, claims.Query{Text: query, MinOrigins: least}); a.ThresholdMet != met || a.Verdict != claims.Corroborated {
			t.Errorf("%d origins asked for: met %v, %s", least, a.ThresholdMet, a.Verdict)
		}
	}
}

func TestAStoredClaimCanBeAskedFor(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	in := e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam."))
	e.put(t, claims.OutcomeCreated, report("The Herald", day(5), "The Zenda dam was closed by the engineer Tor Bakke, our reporter saw."))
	a := e.ask(t, claims.Query{Document: in.Document.ID, Index: 1})
	if got, want := says(a), "CORROBORATED 2-2: The Courier (SUPPORTS: The Courier v1); The Herald (SUPPORTS: The Herald v1)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, q := range []claims.Query{{Document: in.Document.ID, Index: 99}, {Document: "nowhere", Index: 1}, {Document: in.Document.ID}} {
		_, err := e.Corroborate(t.Context(), q)
		fails(t, err, claims.CodeNotFound, "is not stored")
	}
}

// A text in a language that is not read is stored and says so.
func TestAnotherLanguageIsStoredUnsplit(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	const text = "L'ingénieur Tor Bakke a fermé le barrage de Zenda mardi, et personne n'a été blessé dans la ville."
	d := e.put(t, claims.OutcomeCreated, report("Gazette de Klest", day(8), text))
	if r := d.Document.Reading; r.Unsplit != claims.UnsplitLanguage || r.Language != "fr" || len(d.Claims) != 0 {
		t.Errorf("%+v, %d claims", r, len(d.Claims))
	}
	if got, err := e.GetDocument(t.Context(), d.Document.ID); err != nil || got.Text != text || got.Reading.Unsplit != claims.UnsplitLanguage {
		t.Errorf("%+v, %v", got, err)
	}
	e.clock = day(25)
	e.put(t, claims.OutcomeCreated, report("Gazette de Klest", day(9), text+" Il pleut."))
	count := func(q claims.Query) (n int) {
		q.Text = closedQuery
		a := e.ask(t, q)
		if a.Verdict != claims.Unreported {
			t.Errorf("what was not read says %s", a.Verdict)
		}
		for _, u := range a.Unmeasured {
			if u.Kind == claims.UnmeasuredLanguage {
				n++
			}
		}
		return n
	}
	if now, then, known := count(claims.Query{}), count(claims.Query{AsOfPublished: day(8)}), count(claims.Query{AsOfKnown: day(24)}); now != 2 || then != 1 || known != 1 {
		t.Errorf("%d unread now, %d published by the 8th, %d known by the 24th; want 2, 1, 1", now, then, known)
	}
	if n := count(claims.Query{Sources: []string{"The Courier"}}); n != 0 {
		t.Errorf("asked about the Courier alone, %d documents of others are named as unread", n)
	}
}
