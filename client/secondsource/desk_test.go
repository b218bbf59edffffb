package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (f *fakeServer) BatchCorroborate(_ context.Context, req *secondsourcev1.BatchCorroborateRequest) (*secondsourcev1.BatchCorroborateResponse, error) {
	f.batches = append(f.batches, len(req.GetRequests()))
	answer := &secondsourcev1.BatchCorroborateResponse{}
	for _, q := range req.GetRequests() {
		result := &secondsourcev1.BatchCorroborateResult{Result: &secondsourcev1.BatchCorroborateResult_Corroboration{
			Corroboration: &secondsourcev1.Corroboration{ClaimText: q.GetClaimText() + q.GetClaim(), Verdict: secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN, IndependentOriginsMin: 1, IndependentOriginsMax: 1, MinOrigins: q.GetMinOrigins()}}}
		if q.GetClaimText() == "Zenda" {
			result.Result = &secondsourcev1.BatchCorroborateResult_Error{Error: status.New(codes.InvalidArgument, "no claim was found").Proto()}
		}
		answer.Results = append(answer.Results, result)
	}
	return answer, nil
}

func (f *fakeServer) CheckDraft(_ context.Context, req *secondsourcev1.CheckDraftRequest) (*secondsourcev1.CheckDraftResponse, error) {
	f.draft = req.GetDraft()
	return f.check, nil
}

func (f *fakeServer) Watch(req *secondsourcev1.WatchRequest, s grpc.ServerStreamingServer[secondsourcev1.WatchResponse]) error {
	f.watched = append(f.watched, req)
	if req.GetResumeToken() == "another" {
		refused, err := status.New(codes.InvalidArgument, "the resume token is not valid").WithDetails(&errdetails.ErrorInfo{Reason: "RESUME_TOKEN_INVALID"})
		if err != nil {
			return err
		}
		return refused.Err()
	}
	for _, e := range f.events {
		if err := s.Send(e); err != nil {
			return err
		}
	}
	return status.Error(codes.Internal, "that was all")
}

func (f *fakeServer) ExportClaims(req *secondsourcev1.ExportClaimsRequest, s grpc.ServerStreamingServer[secondsourcev1.ExportClaimsResponse]) error {
	f.exported = req
	if err := s.Send(&secondsourcev1.ExportClaimsResponse{Chunk: []byte("a line\n")}); err != nil {
		return err
	}
	if req.GetDocument() == "documents/broken" {
		return status.Error(codes.DataLoss, "that was all")
	}
	return nil
}

func TestCheckShowsTheWeakestFirst(t *testing.T) {
	f := &fakeServer{check: &secondsourcev1.CheckDraftResponse{Disclaimer: "Of reporting.", Unchecked: 3, Claims: []*secondsourcev1.CheckedClaim{
		{Claim: &secondsourcev1.Claim{Text: "The crew was drunk", Evidence: []*secondsourcev1.Excerpt{{Span: &secondsourcev1.Span{Start: 3, End: 21}}}},
			Corroboration: &secondsourcev1.Corroboration{Verdict: secondsourcev1.Verdict_VERDICT_DISPUTED, IndependentOriginsMin: 1, IndependentOriginsMax: 2, RefutingOriginsMin: 1, RefutingOriginsMax: 1,
				Origins: []*secondsourcev1.Origin{{DisplayName: "Norrow Shipping", Stance: secondsourcev1.Stance_STANCE_REFUTES, Evidence: []*secondsourcev1.Evidence{
					{Document: &secondsourcev1.Document{Publisher: "Norrow"}, Claim: &secondsourcev1.Claim{Name: "documents/n/claims/1"}, Excerpt: &secondsourcev1.Excerpt{Text: "was not \x1bdrunk"}}}}}}},
		{Claim: &secondsourcev1.Claim{Text: "It rained"}, Corroboration: &secondsourcev1.Corroboration{Verdict: secondsourcev1.Verdict_VERDICT_UNREPORTED}},
	}, LeftOut: []*secondsourcev1.LeftOutDocument{{Document: &secondsourcev1.Document{Name: "documents/own", Publisher: "The Courier"},
		Reason: secondsourcev1.LeftOutReason_LEFT_OUT_REASON_SAME_TEXT, Copy: &secondsourcev1.Copy{Containment: 0.93}}}}}
	stdout, _, err := f.execute(t, "The crew was drunk.", "check", "--publisher", "The Courier", "--kind", "article", "-")
	if err != nil {
		t.Fatal(err)
	}
	if f.draft.GetText() != "The crew was drunk." || f.draft.GetPublisher() != "The Courier" {
		t.Errorf("checked %v", f.draft)
	}
	for _, want := range []string{"DISPUTED  [3:21]\n", "1 independent origin (2 at most) for it; 1 independent origin against it.", "- Norrow Shipping refutes: »was not drunk«", "UNREPORTED",
		"2 claims: 1 disputed, 1 unreported; 3 more were not checked", "did not count: The Courier, documents/own: the same text, 93% of it", "Of reporting."} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
}

func TestAFileOfQuestions(t *testing.T) {
	var lines strings.Builder
	lines.WriteString("# what the paper says\n\nThe dam broke\nZenda\ndocuments/d/claims/2\n")
	for range 60 {
		lines.WriteString("It rained\n")
	}
	f := &fakeServer{}
	path := write(t, "claims.txt", lines.String())
	stdout, stderr, err := f.execute(t, "", "corroborate", "--file", path)
	if !errors.Is(err, errReported) || len(f.batches) != 2 || f.batches[0] != 50 || f.batches[1] != 13 {
		t.Errorf("%v, batches of %v", err, f.batches)
	}
	if strings.Count(stdout, "SINGLE ORIGIN") != 62 || !strings.HasPrefix(stdout, "SINGLE ORIGIN  “The dam broke”\n") || !strings.Contains(stdout, "“documents/d/claims/2”") {
		t.Error(stdout)
	}
	if !strings.Contains(stderr, path+":4: no claim was found") || !strings.Contains(stderr, "1 of 63 claims were not answered") {
		t.Error(stderr)
	}
	stdout, _, err = f.execute(t, "The dam broke\n", "corroborate", "--file", "-", "--min-origins", "3", "-o", "json")
	answer := &secondsourcev1.BatchCorroborateResponse{}
	if err != nil || protojson.Unmarshal([]byte(stdout), answer) != nil || answer.GetResults()[0].GetCorroboration().GetMinOrigins() != 3 {
		t.Errorf("%v\n%s", err, stdout)
	}
	for _, tt := range []struct {
		stdin string
		args  []string
		says  string
	}{
		{"", []string{"--file", "-"}, "holds no claim"},
		{"caf\xe9 burned", []string{"--file", "-"}, "-:1: "},
		{"documents/d", []string{"--file", "-"}, "is a document: name one of its claims"},
		{strings.Repeat("a", 9000), []string{"--file", "-"}, "longer than"},
		{"", []string{"--file", "-", "It rained"}, "--file goes with neither"},
		{"", []string{"--watch", "--as-of", "2026-01-01", "It rained"}, "--watch goes with neither"},
	} {
		if _, _, err := f.execute(t, tt.stdin, append([]string{"corroborate"}, tt.args...)...); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%v: %v, want %q", tt.args, err, tt.says)
		}
	}
}

func TestWatchTellsAndRemembers(t *testing.T) {
	f := &fakeServer{events: []*secondsourcev1.WatchResponse{
		{Event: secondsourcev1.WatchEvent_WATCH_EVENT_BEGAN, ResumeToken: "t1", Corroboration: &secondsourcev1.Corroboration{ClaimText: "It rained", Verdict: secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN}},
		{Event: secondsourcev1.WatchEvent_WATCH_EVENT_CHANGED, ResumeToken: "t2", Before: &secondsourcev1.Standing{Verdict: secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN},
			Corroboration: &secondsourcev1.Corroboration{ClaimText: "It rained", Verdict: secondsourcev1.Verdict_VERDICT_DISPUTED},
			Causes:        []*secondsourcev1.WatchCause{{Kind: secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_EMBARGO_ENDED, Publisher: "Meridian", Document: "documents/m"}}}}}
	state := filepath.Join(t.TempDir(), "state")
	stdout, _, err := f.execute(t, "", "watch", "It rained", "--source", "Meridian", "--state", state)
	if err == nil || !strings.Contains(err.Error(), "that was all") {
		t.Error(err)
	}
	for _, want := range []string{"DISPUTED, was SINGLE ORIGIN", "- embargo ended, Meridian, documents/m"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	if token, err := os.ReadFile(state); err != nil || string(token) != "t2\n" {
		t.Errorf("%q, %v", token, err)
	}
	stdout, _, _ = f.execute(t, "", "watch", "--asserter", "Meridian", "--state", state, "-o", "json")
	last := f.watched[len(f.watched)-1]
	if last.GetSource() != "Meridian" || last.GetResumeToken() != "t2" || strings.Count(stdout, "\n") != 2 || !strings.HasPrefix(stdout, "{") {
		t.Errorf("%v\n%s", last, stdout)
	}
	stdout, _, _ = f.execute(t, "", "corroborate", "--watch", "documents/d/claims/1")
	if f.watched[len(f.watched)-1].GetClaim() != "documents/d/claims/1" || strings.Count(stdout, "Asked for:") != 2 || strings.Count(stdout, "changed") != 1 {
		t.Errorf("%v\n%s", f.watched, stdout)
	}
	other := write(t, "other", "another\n")
	if _, _, err := f.execute(t, "", "watch", "It rained", "--state", other); err == nil || !strings.Contains(err.Error(), other+" keeps the state of another watch") {
		t.Error(err)
	}
	for _, args := range [][]string{{"watch"}, {"watch", "It rained", "--asserter", "x"}, {"watch", "documents/d"}} {
		if _, _, err := f.execute(t, "", args...); err == nil {
			t.Errorf("%v passes", args)
		}
	}
}

func TestExportWritesAWholeFileOrNone(t *testing.T) {
	f := &fakeServer{}
	stdout, _, err := f.execute(t, "", "export", "--format", "schema.org", "--verdicts", "--from", "2026-03-01", "d1")
	if err != nil || stdout != "a line\n" || f.exported.GetDocument() != "documents/d1" || !f.exported.GetVerdicts() || f.exported.GetFormat() != secondsourcev1.ExportFormat_EXPORT_FORMAT_SCHEMA_ORG || f.exported.GetPublished().GetFrom() == nil {
		t.Errorf("%q, %v, %v", stdout, f.exported, err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "claims.csv")
	if _, _, err := f.execute(t, "", "export", "--format", "csv", "--file", file); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "a line\n" {
		t.Errorf("%q, %v", b, err)
	}
	if _, _, err := f.execute(t, "", "export", "--file", filepath.Join(folder, "half"), "broken"); err == nil {
		t.Error("it fails on the way")
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("%v is left", left)
	}
	if _, _, err := f.execute(t, "", "export", "--format", "xml"); err == nil || !strings.Contains(err.Error(), "none of jsonl, csv, schema.org, prov") {
		t.Error(err)
	}
}
