package e2e_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
)

const bridge = "The Halden Bridge collapsed on 4 May 2026"

// sourceOf is the resource name of what a name means.
func (h *house) sourceOf(t *testing.T, name string) string {
	t.Helper()
	r, err := h.ResolveSource(t.Context(), &secondsourcev1.ResolveSourceRequest{Query: name})
	if err != nil {
		t.Fatal(err)
	}
	return r.GetSource().GetName()
}

// TestJudgementsOverTheAPI decides, asks, undoes, restarts, and reads the log.
func TestJudgementsOverTheAPI(t *testing.T) {
	place := database(t)
	h := startWith(t, server.Config{Database: place})
	h.ingest(t, article("Elsen Courier", "2026-05-05", "The Halden Bridge collapsed on 4 May 2026. Nobody was hurt."))
	second := h.ingest(t, article("Inland Post", "2026-05-06", "On 4 May 2026 the Halden Bridge collapsed, our reporter saw.")).GetDocument().GetName()
	before := h.answer(t, bridge)
	if before.GetIndependentOriginsMin() != 2 || len(before.GetJudgements()) > 0 {
		t.Fatalf("%v", before)
	}

	merged, err := h.MergeSources(t.Context(), &secondsourcev1.MergeSourcesRequest{Source: h.sourceOf(t, "Inland Post"), Into: h.sourceOf(t, "Elsen Courier"), Reason: "one owner, one desk", RequestId: "m1"})
	if err != nil {
		t.Fatal(err)
	}
	j := merged.GetJudgement()
	if j.GetKind() != secondsourcev1.JudgementKind_JUDGEMENT_KIND_MERGE_SOURCES || j.GetReason() != "one owner, one desk" || j.GetDecidedAt() == nil {
		t.Errorf("%v", j)
	}
	again, err := h.MergeSources(t.Context(), &secondsourcev1.MergeSourcesRequest{Source: j.GetSubject(), Into: j.GetObject(), Reason: "one owner, one desk", RequestId: "m1"})
	if d := cmp.Diff(j, again.GetJudgement(), protocmp.Transform()); err != nil || d != "" {
		t.Errorf("sent again: %v\n%s", err, d)
	}
	_, err = h.MergeSources(t.Context(), &secondsourcev1.MergeSourcesRequest{Source: j.GetSubject(), Into: j.GetObject(), Reason: "another", RequestId: "m1"})
	refused(t, err, codes.AlreadyExists, "REQUEST_ID_REUSED", "m1")
	after := h.answer(t, bridge)
	if d := cmp.Diff([]string{j.GetName()}, after.GetJudgements()); after.GetIndependentOriginsMin() != 1 || d != "" {
		t.Errorf("%v\n%s", after, d)
	}
	named := false
	for _, m := range after.GetMerges() {
		named = named || m.GetReason() == secondsourcev1.MergeReason_MERGE_REASON_EDITOR && m.GetJudgement() == j.GetName() && strings.Contains(m.GetDetail(), "one owner, one desk")
	}
	if !named {
		t.Errorf("no merge names it: %v", after.GetMerges())
	}
	s, err := h.GetSource(t.Context(), &secondsourcev1.GetSourceRequest{Name: j.GetSubject()})
	if err != nil || s.GetSource().GetMergedInto() != j.GetObject() {
		t.Errorf("%v, %v", s, err)
	}
	h.stop()

	h = startWith(t, server.Config{Database: place})
	if d := cmp.Diff(after, h.answer(t, bridge), protocmp.Transform()); d != "" {
		t.Errorf("after a restart (-before +after):\n%s", d)
	}
	undo, err := h.UndoJudgement(t.Context(), &secondsourcev1.UndoJudgementRequest{Name: j.GetName(), Reason: "they parted"})
	if err != nil || undo.GetJudgement().GetUndoes() != j.GetName() {
		t.Fatal(undo, err)
	}
	if d := cmp.Diff(before, h.answer(t, bridge), protocmp.Transform()); d != "" {
		t.Errorf("undone (-before +after):\n%s", d)
	}
	_, err = h.UndoJudgement(t.Context(), &secondsourcev1.UndoJudgementRequest{Name: j.GetName(), Reason: "x"})
	refused(t, err, codes.FailedPrecondition, "JUDGEMENT_NOT_STANDING", "name: names a judgement that is undone already")

	_, err = h.SetStance(t.Context(), &secondsourcev1.SetStanceRequest{Claim: second + "/claims/1", Toward: &secondsourcev1.SetStanceRequest_ClaimText{ClaimText: bridge},
		Stance: secondsourcev1.Stance_STANCE_REFUTES, Reason: "it speaks of the old bridge"})
	if v := h.answer(t, bridge).GetVerdict(); err != nil || v != secondsourcev1.Verdict_VERDICT_DISPUTED {
		t.Errorf("%s, %v", v, err)
	}
	var kinds []string
	for x, err := range h.AllJudgements(t.Context(), &secondsourcev1.ListJudgementsRequest{PageSize: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, strings.TrimPrefix(x.GetKind().String(), "JUDGEMENT_KIND_"))
	}
	if d := cmp.Diff([]string{"SET_STANCE", "UNDO", "MERGE_SOURCES"}, kinds); d != "" {
		t.Errorf("the log (-want +got):\n%s", d)
	}
	page, err := h.ListJudgements(t.Context(), &secondsourcev1.ListJudgementsRequest{About: second})
	if err != nil || len(page.GetJudgements()) != 1 || page.GetJudgements()[0].GetValue()["stance"] != "REFUTES" {
		t.Errorf("%v, %v", page, err)
	}
	h.delete(t, second, "a test")
	got, err := h.GetJudgement(t.Context(), &secondsourcev1.GetJudgementRequest{Name: page.GetJudgements()[0].GetName()})
	if err != nil || got.GetJudgement().GetReason() != "" || got.GetJudgement().GetValue()["erased"] != "true" {
		t.Errorf("%v, %v", got, err)
	}
	stored(t, place, "old bridge", false)
}

func TestJudgementsThatTheAPIRefuses(t *testing.T) {
	h := start(t)
	document := h.ingest(t, article("Elsen Courier", "2026-05-05", "The Halden Bridge collapsed on 4 May 2026.")).GetDocument().GetName()
	courier := h.sourceOf(t, "Elsen Courier")
	ctx := t.Context()
	for says, call := range map[string]struct {
		do     func() error
		code   codes.Code
		reason string
	}{
		"source": {func() error {
			_, err := h.MergeSources(ctx, &secondsourcev1.MergeSourcesRequest{Source: "x", Into: courier, Reason: "x"})
			return err
		}, codes.InvalidArgument, "INVALID_FIELD"},
		"into: names": {func() error {
			_, err := h.MergeSources(ctx, &secondsourcev1.MergeSourcesRequest{Source: courier, Into: courier, Reason: "x"})
			return err
		}, codes.InvalidArgument, "INVALID_FIELD"},
		"sources/nobody": {func() error {
			_, err := h.SplitSources(ctx, &secondsourcev1.SplitSourcesRequest{Source: courier, From: "sources/nobody", Reason: "x"})
			return err
		}, codes.NotFound, "SOURCE_NOT_FOUND"},
		"reason": {func() error {
			_, err := h.SetReliability(ctx, &secondsourcev1.SetReliabilityRequest{Source: courier, Reliability: 1})
			return err
		}, codes.InvalidArgument, "INVALID_FIELD"},
		"reliability": {func() error {
			_, err := h.SetReliability(ctx, &secondsourcev1.SetReliabilityRequest{Source: courier, Reason: "x"})
			return err
		}, codes.InvalidArgument, "INVALID_FIELD"},
		"controller": {func() error {
			_, err := h.SetController(ctx, &secondsourcev1.SetControllerRequest{Source: courier, Controller: courier, Reason: "x"})
			return err
		}, codes.InvalidArgument, "INVALID_FIELD"},
		"claims/9": {func() error {
			_, err := h.JoinOrigins(ctx, &secondsourcev1.JoinOriginsRequest{Assertion: document, With: document + "/claims/9", Reason: "x"})
			return err
		}, codes.NotFound, "CLAIM_NOT_FOUND"},
		"documents/nobody": {func() error {
			_, err := h.PartOrigins(ctx, &secondsourcev1.PartOriginsRequest{Assertion: document, From: "documents/nobody", Reason: "x"})
			return err
		}, codes.NotFound, "DOCUMENT_NOT_FOUND"},
		"relation": {func() error {
			_, err := h.SetRelation(ctx, &secondsourcev1.SetRelationRequest{Claim: document + "/claims/1", To: document + "/claims/2", Reason: "x"})
			return err
		}, codes.InvalidArgument, "INVALID_FIELD"},
		"claim": {func() error {
			_, err := h.SetAttribution(ctx, &secondsourcev1.SetAttributionRequest{Claim: document, Reason: "x"})
			return err
		}, codes.InvalidArgument, "INVALID_FIELD"},
		"toward": {func() error {
			_, err := h.SetStance(ctx, &secondsourcev1.SetStanceRequest{Claim: document + "/claims/1", Stance: 1, Reason: "x"})
			return err
		}, codes.InvalidArgument, "INVALID_FIELD"},
		"judgements/99": {func() error {
			_, err := h.UndoJudgement(ctx, &secondsourcev1.UndoJudgementRequest{Name: "judgements/99", Reason: "x"})
			return err
		}, codes.NotFound, "JUDGEMENT_NOT_FOUND"},
		"judgements/98": {func() error {
			_, err := h.GetJudgement(ctx, &secondsourcev1.GetJudgementRequest{Name: "judgements/98"})
			return err
		}, codes.NotFound, "JUDGEMENT_NOT_FOUND"},
		"name": {func() error {
			_, err := h.GetJudgement(ctx, &secondsourcev1.GetJudgementRequest{Name: "7"})
			return err
		}, codes.InvalidArgument, "INVALID_FIELD"},
		"about": {func() error {
			_, err := h.ListJudgements(ctx, &secondsourcev1.ListJudgementsRequest{About: "7"})
			return err
		}, codes.InvalidArgument, "INVALID_FIELD"},
		"page_token": {func() error {
			_, err := h.ListJudgements(ctx, &secondsourcev1.ListJudgementsRequest{PageToken: "7"})
			return err
		}, codes.InvalidArgument, "PAGE_TOKEN_INVALID"},
	} {
		refused(t, call.do(), call.code, call.reason, says)
	}
	if page, err := h.ListJudgements(ctx, &secondsourcev1.ListJudgementsRequest{}); err != nil || len(page.GetJudgements()) > 0 {
		t.Errorf("something is stored all the same: %v, %v", page, err)
	}
}

// TestTheLogSaysWhoDecided: the name of the API key, for judgements and for what is
// registered, changed and deleted.
func TestTheLogSaysWhoDecided(t *testing.T) {
	place := database(t)
	zoe, admin := createKey(t, place, "zoe", claims.RoleEditor), createKey(t, place, "boss", claims.RoleAdmin)
	h := startWith(t, server.Config{Database: place}, client.WithToken(zoe))
	document := h.ingest(t, article("Elsen Courier", "2026-05-05", "The Halden Bridge collapsed on 4 May 2026.")).GetDocument().GetName()
	source, err := h.CreateSource(t.Context(), &secondsourcev1.CreateSourceRequest{Source: &secondsourcev1.Source{CanonicalName: "Elsen Courier"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = h.SetReliability(t.Context(), &secondsourcev1.SetReliabilityRequest{Source: source.GetSource().GetName(), Reliability: secondsourcev1.Reliability_RELIABILITY_B, Reason: "years of it"}); err != nil {
		t.Fatal(err)
	}
	if _, err = h.dial(t, client.WithToken(admin)).DeleteDocument(t.Context(), &secondsourcev1.DeleteDocumentRequest{Name: document, Reason: "a test"}); err != nil {
		t.Fatal(err)
	}
	var who []string
	for j, err := range h.AllJudgements(t.Context(), &secondsourcev1.ListJudgementsRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		who = append(who, strings.TrimPrefix(j.GetKind().String(), "JUDGEMENT_KIND_")+" by "+j.GetEditor())
	}
	if d := cmp.Diff([]string{"DELETE_DOCUMENT by boss", "SET_RELIABILITY by zoe", "REGISTER_SOURCE by zoe"}, who); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	page, err := h.ListJudgements(t.Context(), &secondsourcev1.ListJudgementsRequest{Editor: "zoe", Kind: secondsourcev1.JudgementKind_JUDGEMENT_KIND_SET_RELIABILITY})
	if err != nil || len(page.GetJudgements()) != 1 {
		t.Errorf("%v, %v", page, err)
	}
}
