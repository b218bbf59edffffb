package main

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// fakeEditorial keeps the last request and answers every one with one judgement.
type fakeEditorial struct {
	secondsourcev1.UnimplementedEditorialServiceServer

	asked  proto.Message
	answer *secondsourcev1.Judgement
}

func (f *fakeEditorial) MergeSources(_ context.Context, r *secondsourcev1.MergeSourcesRequest) (*secondsourcev1.MergeSourcesResponse, error) {
	f.asked = r
	return &secondsourcev1.MergeSourcesResponse{Judgement: f.answer}, nil
}

func (f *fakeEditorial) SplitSources(_ context.Context, r *secondsourcev1.SplitSourcesRequest) (*secondsourcev1.SplitSourcesResponse, error) {
	f.asked = r
	return &secondsourcev1.SplitSourcesResponse{Judgement: f.answer}, nil
}

func (f *fakeEditorial) SetController(_ context.Context, r *secondsourcev1.SetControllerRequest) (*secondsourcev1.SetControllerResponse, error) {
	f.asked = r
	return &secondsourcev1.SetControllerResponse{Judgement: f.answer}, nil
}

func (f *fakeEditorial) SetReliability(_ context.Context, r *secondsourcev1.SetReliabilityRequest) (*secondsourcev1.SetReliabilityResponse, error) {
	f.asked = r
	return &secondsourcev1.SetReliabilityResponse{Judgement: f.answer}, nil
}

func (f *fakeEditorial) JoinOrigins(_ context.Context, r *secondsourcev1.JoinOriginsRequest) (*secondsourcev1.JoinOriginsResponse, error) {
	f.asked = r
	return &secondsourcev1.JoinOriginsResponse{Judgement: f.answer}, nil
}

func (f *fakeEditorial) PartOrigins(_ context.Context, r *secondsourcev1.PartOriginsRequest) (*secondsourcev1.PartOriginsResponse, error) {
	f.asked = r
	return &secondsourcev1.PartOriginsResponse{Judgement: f.answer}, nil
}

func (f *fakeEditorial) SetRelation(_ context.Context, r *secondsourcev1.SetRelationRequest) (*secondsourcev1.SetRelationResponse, error) {
	f.asked = r
	return &secondsourcev1.SetRelationResponse{Judgement: f.answer}, nil
}

func (f *fakeEditorial) SetAttribution(_ context.Context, r *secondsourcev1.SetAttributionRequest) (*secondsourcev1.SetAttributionResponse, error) {
	f.asked = r
	return &secondsourcev1.SetAttributionResponse{Judgement: f.answer}, nil
}

func (f *fakeEditorial) SetStance(_ context.Context, r *secondsourcev1.SetStanceRequest) (*secondsourcev1.SetStanceResponse, error) {
	f.asked = r
	return &secondsourcev1.SetStanceResponse{Judgement: f.answer}, nil
}

func (f *fakeEditorial) UndoJudgement(_ context.Context, r *secondsourcev1.UndoJudgementRequest) (*secondsourcev1.UndoJudgementResponse, error) {
	f.asked = r
	return &secondsourcev1.UndoJudgementResponse{Judgement: f.answer}, nil
}

func (f *fakeEditorial) GetJudgement(_ context.Context, r *secondsourcev1.GetJudgementRequest) (*secondsourcev1.GetJudgementResponse, error) {
	f.asked = r
	return &secondsourcev1.GetJudgementResponse{Judgement: f.answer}, nil
}

// ListJudgements gives three entries, in pages of two.
func (f *fakeEditorial) ListJudgements(_ context.Context, r *secondsourcev1.ListJudgementsRequest) (*secondsourcev1.ListJudgementsResponse, error) {
	if r.GetPageToken() != "" {
		return &secondsourcev1.ListJudgementsResponse{Judgements: []*secondsourcev1.Judgement{f.answer}}, nil
	}
	f.asked = proto.CloneOf(r)
	return &secondsourcev1.ListJudgementsResponse{Judgements: []*secondsourcev1.Judgement{f.answer, f.answer}, NextPageToken: "more"}, nil
}

// ResolveSource knows "The Courier" and whatever looks like an id.
func (f *fakeServer) ResolveSource(_ context.Context, r *secondsourcev1.ResolveSourceRequest) (*secondsourcev1.ResolveSourceResponse, error) {
	name := "sources/" + strings.TrimPrefix(r.GetQuery(), "sources/")
	switch {
	case r.GetQuery() == "The Courier":
		name = "sources/derived-7"
	case strings.Contains(name, " "):
		return nil, status.Errorf(codes.NotFound, "%q is not stored", r.GetQuery())
	}
	return &secondsourcev1.ResolveSourceResponse{Source: &secondsourcev1.Source{Name: name}}, nil
}

func registerEditorial(s *grpc.Server, f *fakeEditorial) {
	if f != nil {
		secondsourcev1.RegisterEditorialServiceServer(s, f)
	}
}

func sampleJudgement() *secondsourcev1.Judgement {
	return &secondsourcev1.Judgement{Name: "judgements/7", Kind: secondsourcev1.JudgementKind_JUDGEMENT_KIND_SET_STANCE, Subject: "documents/d/claims/2",
		Value: map[string]string{"stance": "REFUTES", "claim_text": "A dam \x1b[2Jbroke"}, Editor: "Zoë", Reason: "another dam",
		DecidedAt: timestamppb.New(time.Date(2026, 3, 7, 9, 30, 0, 0, time.UTC))}
}

func TestDecisionsAreSentAsTheyAreMeant(t *testing.T) {
	from := timestamppb.New(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	for line, want := range map[string]proto.Message{
		"sources merge The_Courier courier":     &secondsourcev1.MergeSourcesRequest{Source: "sources/derived-7", Into: "sources/courier"},
		"sources split sources/a b":             &secondsourcev1.SplitSourcesRequest{Source: "sources/a", From: "sources/b"},
		"sources control a The_Courier":         &secondsourcev1.SetControllerRequest{Source: "sources/a", Controller: "sources/derived-7"},
		"sources control a none":                &secondsourcev1.SetControllerRequest{Source: "sources/a"},
		"sources control a b --from 2026-03-01": &secondsourcev1.SetControllerRequest{Source: "sources/a", Controller: "sources/b", Valid: &secondsourcev1.TimeRange{From: from}},
		"sources grade a b":                     &secondsourcev1.SetReliabilityRequest{Source: "sources/a", Reliability: secondsourcev1.Reliability_RELIABILITY_B},
		"origins join d/claims/1 documents/e":   &secondsourcev1.JoinOriginsRequest{Assertion: "documents/d/claims/1", With: "documents/e"},
		"origins part d e":                      &secondsourcev1.PartOriginsRequest{Assertion: "documents/d", From: "documents/e"},
		"claims stance d/claims/1 refutes It_rained.": &secondsourcev1.SetStanceRequest{Claim: "documents/d/claims/1", Stance: secondsourcev1.Stance_STANCE_REFUTES,
			Toward: &secondsourcev1.SetStanceRequest_ClaimText{ClaimText: "It rained."}},
		"claims stance d/claims/1 neutral documents/e/claims/2": &secondsourcev1.SetStanceRequest{Claim: "documents/d/claims/1", Stance: secondsourcev1.Stance_STANCE_NEUTRAL,
			Toward: &secondsourcev1.SetStanceRequest_TowardClaim{TowardClaim: "documents/e/claims/2"}},
		"claims relation d/claims/1 contradicts e/claims/2 --in time": &secondsourcev1.SetRelationRequest{Claim: "documents/d/claims/1", To: "documents/e/claims/2",
			Relation: secondsourcev1.RelationKind_RELATION_KIND_CONTRADICTS, Contradiction: secondsourcev1.ContradictionKind_CONTRADICTION_KIND_TIME},
		"claims asserter d/claims/1 The_Courier": &secondsourcev1.SetAttributionRequest{Claim: "documents/d/claims/1", Asserter: "sources/derived-7"},
		"claims asserter d/claims/1 nobody":      &secondsourcev1.SetAttributionRequest{Claim: "documents/d/claims/1"},
		"undo 7":                                 &secondsourcev1.UndoJudgementRequest{Name: "judgements/7"},
	} {
		f := &fakeServer{editorial: &fakeEditorial{answer: sampleJudgement()}}
		args := strings.Fields(line)
		for i := range args {
			args[i] = strings.ReplaceAll(args[i], "_", " ")
		}
		if _, _, err := f.execute(t, "", args...); err == nil || !strings.Contains(err.Error(), "--reason") || f.editorial.asked != nil {
			t.Errorf("%s without a reason: %v", line, err)
		}
		stdout, _, err := f.execute(t, "", append(args, "--reason", "so it is", "--request-id", "r")...)
		if err != nil || !strings.Contains(stdout, "judgements/7") {
			t.Errorf("%s: %v, %q", line, err, stdout)
			continue
		}
		m := want.ProtoReflect()
		for name, value := range map[string]string{"reason": "so it is", "request_id": "r"} {
			m.Set(m.Descriptor().Fields().ByName(protoreflect.Name(name)), protoreflect.ValueOfString(value))
		}
		if !proto.Equal(want, f.editorial.asked) {
			t.Errorf("%s: asked %v, want %v", line, f.editorial.asked, want)
		}
	}
}

func TestSlipsInDecisionsAreNamed(t *testing.T) {
	f := &fakeServer{editorial: &fakeEditorial{answer: sampleJudgement()}}
	for line, says := range map[string]string{
		"sources merge a":                        "name the source and the one that it is",
		"sources merge a No_Such":                "No Such",
		"sources grade a G":                      `"G" is none of A to F`,
		"sources control a b --from Friday":      "--from",
		"origins join a":                         "name two claims",
		"claims stance d/claims/1 maybe x":       `"maybe" is none of`,
		"claims relation d/claims/1 near e":      `"near" is none of`,
		"claims relation d contradicts e --in x": "--in",
		"claims asserter d/claims/1":             "or nobody",
		"undo":                                   "name one judgement",
	} {
		args := strings.Fields(line)
		for i := range args {
			args[i] = strings.ReplaceAll(args[i], "_", " ")
		}
		if _, _, err := f.execute(t, "", append(args, "--reason", "x")...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", line, err, says)
		}
	}
	if f.editorial.asked != nil {
		t.Errorf("asked %v all the same", f.editorial.asked)
	}
	for line, says := range map[string]string{"judgements --kind nonsense": "--kind", "judgements --from Friday": "--from", "judgements --limit -1": "--limit"} {
		if _, _, err := f.execute(t, "", strings.Fields(line)...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", line, err, says)
		}
	}
}

func TestJudgementsAreListedAndShown(t *testing.T) {
	f := &fakeServer{editorial: &fakeEditorial{answer: sampleJudgement()}}
	stdout, _, err := f.execute(t, "", "judgements", "judgements/7")
	want := "judgements/7  set stance  documents/d/claims/2\n    claim text: A dam [2Jbroke\n    stance: REFUTES\n    Zoë, 2026-03-07 09:30\n    “another dam”\n"
	if err != nil || stdout != want {
		t.Errorf("%v\n%q, want\n%q", err, stdout, want)
	}
	stdout, _, err = f.execute(t, "", "judgements", "--kind", "set-stance", "--about", "documents/d", "--editor", "Zoë", "--from", "2026-03-01")
	if err != nil || strings.Count(stdout, "judgements/7") != 3 || !strings.HasSuffix(stdout, "3 judgements\n") {
		t.Errorf("%v\n%s", err, stdout)
	}
	asked := &secondsourcev1.ListJudgementsRequest{Kind: secondsourcev1.JudgementKind_JUDGEMENT_KIND_SET_STANCE, About: "documents/d", Editor: "Zoë", PageSize: maxPage,
		Decided: &secondsourcev1.TimeRange{From: timestamppb.New(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))}}
	if !proto.Equal(asked, f.editorial.asked) {
		t.Errorf("asked %v, want %v", f.editorial.asked, asked)
	}
	if stdout, _, err = f.execute(t, "", "judgements", "--limit", "1"); err != nil || !strings.HasSuffix(stdout, "1 judgement\n") {
		t.Errorf("%v\n%s", err, stdout)
	}
	f.editorial.answer = &secondsourcev1.Judgement{Name: "judgements/8", Kind: secondsourcev1.JudgementKind_JUDGEMENT_KIND_UNDO, Undoes: "judgements/7", Value: map[string]string{"erased": "true"}}
	stdout, _, err = f.execute(t, "", "judgements", "8")
	if want := "judgements/8  undo\n    what it said went with a deleted document\n    takes back judgements/7\n    an editor, undated\n"; err != nil || stdout != want {
		t.Errorf("%v\n%q, want\n%q", err, stdout, want)
	}
	stdout, _, err = f.execute(t, "", "judgements", "8", "-o", "json")
	if err != nil || !strings.Contains(stdout, `"undoes": "judgements/7"`) {
		t.Errorf("%v\n%s", err, stdout)
	}
}

func TestAnAnswerNamesTheJudgementsThatShapedIt(t *testing.T) {
	f := &fakeServer{answer: &secondsourcev1.Corroboration{Verdict: secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN, ClaimText: "It rained", Judgements: []string{"judgements/3", "judgements/7"},
		Merges: []*secondsourcev1.Merge{{Origin: "A", Reason: secondsourcev1.MergeReason_MERGE_REASON_EDITOR, Detail: `B is A: Zoë: "one house" (judgements/3)`, Judgement: "judgements/3"}}}}
	stdout, _, err := f.execute(t, "", "corroborate", "It rained")
	if err != nil || !strings.Contains(stdout, "Shaped by judgements/3, judgements/7.\n") || !strings.Contains(stdout, `A (editor): B is A: Zoë: "one house" (judgements/3)`) {
		t.Errorf("%v\n%s", err, stdout)
	}
}

func TestTheLogSaysWhatWasTakenBack(t *testing.T) {
	entry := func(name, undoes string) *secondsourcev1.Judgement {
		return &secondsourcev1.Judgement{Name: name, Undoes: undoes}
	}
	got := takenBack([]*secondsourcev1.Judgement{
		entry("judgements/6", "judgements/5"), entry("judgements/5", "judgements/1"), entry("judgements/4", "judgements/2"), entry("judgements/2", ""), entry("judgements/1", "")})
	// 1 stands: what took it back was taken back.
	if want := map[string]string{"judgements/5": "judgements/6", "judgements/2": "judgements/4"}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	f := &fakeServer{editorial: &fakeEditorial{answer: entry("judgements/7", "judgements/7")}}
	if stdout, _, err := f.execute(t, "", "judgements", "--limit", "1"); err != nil || !strings.Contains(stdout, "\n    taken back by judgements/7\n") {
		t.Errorf("%v\n%s", err, stdout)
	}
}
