package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// check checks a draft and gives its claims in short: verdict, bounds, words.
func (h *house) check(t *testing.T, draft *secondsourcev1.Document) (*secondsourcev1.CheckDraftResponse, []string) {
	t.Helper()
	before := h.documents(t)
	answer, err := h.CheckDraft(t.Context(), &secondsourcev1.CheckDraftRequest{Draft: draft})
	if err != nil {
		t.Fatal(err)
	}
	if after := h.documents(t); after != before {
		t.Errorf("%d documents are stored, %d were: a check stores nothing", after, before)
	}
	var lines []string
	for _, c := range answer.GetClaims() {
		for _, e := range c.GetClaim().GetEvidence() {
			if s := e.GetSpan(); draft.GetText()[s.GetStart():s.GetEnd()] != e.GetText() {
				t.Errorf("%q is not what stands at %v of the draft", e.GetText(), s)
			}
		}
		a := c.GetCorroboration()
		lines = append(lines, fmt.Sprintf("%s %d-%d %s", strings.TrimPrefix(a.GetVerdict().String(), "VERDICT_"),
			a.GetIndependentOriginsMin(), a.GetIndependentOriginsMax(), c.GetClaim().GetText()))
	}
	return answer, lines
}

func (h *house) documents(t *testing.T) int {
	t.Helper()
	answer, err := h.ListDocuments(t.Context(), &secondsourcev1.ListDocumentsRequest{PageSize: 500})
	if err != nil {
		t.Fatal(err)
	}
	return len(answer.GetDocuments())
}

const harbourDraft = "A barge hit the Halden Bridge on Monday. The crew of the Marta K was drunk. " +
	"The harbour master Jon Halm resigned. Two dock workers were injured at the Halden Bridge."

func TestADraftsWeakestClaimsComeFirst(t *testing.T) {
	t.Parallel()
	h := start(t)
	tellStory(t, h)
	draft := article("Harbour News", "2026-05-05", harbourDraft)
	answer, lines := h.check(t, draft)
	if got, want := strings.Join(lines, "\n"), strings.Join([]string{
		"DISPUTED 1-1 The crew of the Marta K was drunk",
		"UNREPORTED 0-0 The harbour master Jon Halm resigned",
		"UNREPORTED 0-0 Jon Halm is the harbour master",
		"SINGLE_ORIGIN 1-1 Two dock workers were injured at the Halden Bridge",
		"CORROBORATED 2-2 A barge hit the Halden Bridge on Monday 4 May 2026",
	}, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(answer.GetLeftOut()) != 0 || answer.GetUnchecked() != 0 || answer.GetDraft().GetText() != "" || answer.GetDisclaimer() == "" {
		t.Errorf("%v", answer)
	}
	for _, c := range answer.GetClaims() {
		alone, err := h.Corroborate(t.Context(), question(c.GetClaim().GetText()))
		if err != nil || alone.GetCorroboration().GetVerdict() != c.GetCorroboration().GetVerdict() {
			t.Errorf("%s: %v in the draft, %v alone, %v", c.GetClaim().GetText(), c.GetCorroboration().GetVerdict(), alone.GetCorroboration().GetVerdict(), err)
		}
	}
}

// A text that is in the store already says nothing for itself.
func TestADraftDoesNotBearItselfOut(t *testing.T) {
	t.Parallel()
	text := "Engineer Tor Bakke closed the Zenda dam on Tuesday. The river rose by two metres, and nobody lives below the dam. " +
		"The road along the river stays open for the time being, and the mayor of Orta thanked the crew for a long night of work."
	const nothing, once = "UNREPORTED 0-0 Engineer Tor Bakke closed the Zenda dam on Tuesday 3 March 2026", "SINGLE_ORIGIN 1-1 Engineer Tor Bakke closed the Zenda dam on Tuesday 3 March 2026"
	with := func(d *secondsourcev1.Document, change func(*secondsourcev1.Document)) *secondsourcev1.Document {
		change(d)
		return d
	}
	for _, tt := range []struct {
		name   string
		stored []*secondsourcev1.Document
		draft  *secondsourcev1.Document
		want   string
		out    string // who is left out, and why
	}{
		{"its own text", []*secondsourcev1.Document{article("The Courier", "2026-03-04", text)}, article("The Courier", "2026-03-04", text), nothing, "The Courier SAME_TEXT"},
		{"its own text, a sentence longer", []*secondsourcev1.Document{article("The Courier", "2026-03-04", text)}, article("The Courier", "2026-03-04", text+" It rained."), nothing, "The Courier SAME_TEXT"},
		{"copies of it by others", []*secondsourcev1.Document{article("The Courier", "2026-03-04", text), article("The Herald", "2026-03-05", text)},
			article("The Courier", "2026-03-04", text), nothing, "The Courier SAME_TEXT, The Herald SAME_TEXT"},
		{"copies of nobody's draft", []*secondsourcev1.Document{article("The Courier", "2026-03-04", text)}, with(article("", "2026-03-04", text), func(*secondsourcev1.Document) {}), nothing, "The Courier SAME_TEXT"},
		{"an earlier version in other words", []*secondsourcev1.Document{with(article("The Courier", "2026-03-03", "Engineer Tor Bakke closed the Zenda dam on Tuesday."), func(d *secondsourcev1.Document) { d.Url = "https://courier.example/dam" })},
			with(article("The Courier", "2026-03-04", text), func(d *secondsourcev1.Document) { d.Url = "https://courier.example/dam" }), nothing, "The Courier SAME_PUBLICATION"},
		{"an agency that it credits", []*secondsourcev1.Document{article("Meridian Press Agency", "2026-03-04", text)},
			with(article("The Courier", "2026-03-04", text), func(d *secondsourcev1.Document) { d.CreditLine = "Meridian Press Agency" }), once, ""},
		{"an agency that it credits, and a copy", []*secondsourcev1.Document{article("Meridian Press Agency", "2026-03-04", text), article("The Herald", "2026-03-05", text)},
			with(article("The Courier", "2026-03-04", text), func(d *secondsourcev1.Document) { d.CreditLine = "Meridian Press Agency" }), once, "The Herald SAME_TEXT"},
		{"what another says in its own words", []*secondsourcev1.Document{article("The Courier", "2026-03-04", text), article("The Herald", "2026-03-05", "We saw how Tor Bakke shut the dam at Zenda on Tuesday.")},
			article("The Courier", "2026-03-04", text), once, "The Courier SAME_TEXT"},
		{"what is held back", []*secondsourcev1.Document{with(article("The Courier", "2026-03-04", text), func(d *secondsourcev1.Document) {
			d.EmbargoedUntil = timestamppb.New(day(1).AddDate(100, 0, 0))
		})}, article("The Herald", "2026-03-04", text), nothing, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := start(t)
			for _, d := range tt.stored {
				h.ingest(t, d)
			}
			answer, lines := h.check(t, tt.draft)
			found := false
			for _, line := range lines {
				found = found || line == tt.want
			}
			if !found {
				t.Errorf("got\n%s\nwant among them\n%s", strings.Join(lines, "\n"), tt.want)
			}
			var out []string
			for _, l := range answer.GetLeftOut() {
				out = append(out, l.GetDocument().GetPublisher()+" "+strings.TrimPrefix(l.GetReason().String(), "LEFT_OUT_REASON_"))
				if same := l.GetReason() == secondsourcev1.LeftOutReason_LEFT_OUT_REASON_SAME_TEXT; same != (l.GetCopy().GetContainment() > 0.5) {
					t.Errorf("%v", l)
				}
			}
			if got := strings.Join(out, ", "); got != tt.out {
				t.Errorf("left out: %q, want %q", got, tt.out)
			}
		})
	}
}

func TestALongDraftIsCheckedInPart(t *testing.T) {
	t.Parallel()
	h := start(t)
	var text strings.Builder
	for i := range 130 {
		fmt.Fprintf(&text, "Engineer Tor Bakke closed the Zenda dam number %d. ", i+1)
	}
	answer, lines := h.check(t, &secondsourcev1.Document{Text: text.String()})
	if len(lines) != 100 || answer.GetUnchecked() < 30 {
		t.Errorf("%d claims are checked, %d are not", len(lines), answer.GetUnchecked())
	}
	_, err := h.CheckDraft(t.Context(), &secondsourcev1.CheckDraftRequest{})
	refused(t, err, codes.InvalidArgument, "INVALID_FIELD", "draft")
	_, err = h.CheckDraft(t.Context(), &secondsourcev1.CheckDraftRequest{Draft: &secondsourcev1.Document{Text: " \n"}})
	refused(t, err, codes.InvalidArgument, "EMPTY_TEXT", "document.text")
}
