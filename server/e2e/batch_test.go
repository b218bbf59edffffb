package e2e_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// tellStory stores the demo's documents and sources.
func tellStory(t *testing.T, h *house) {
	t.Helper()
	registerStory(t, h)
	for _, line := range storyLines(t, "documents.jsonl") {
		h.ingest(t, storyDocument(t, line))
	}
}

func question(text string) *secondsourcev1.CorroborateRequest {
	return &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: text}}
}

// Each answer of a batch is the one that the question gets alone, and a wrong one
// fails alone, as it does alone.
func TestABatchIsItsQuestions(t *testing.T) {
	t.Parallel()
	h := start(t)
	tellStory(t, h)
	wrong := question("A barge hit the Halden Bridge.")
	wrong.MinOrigins = 1001
	questions := []*secondsourcev1.CorroborateRequest{
		question("A barge hit the Halden Bridge on 4 May 2026"), wrong, question("The crew of the Marta K was drunk"), {},
		{Subject: &secondsourcev1.CorroborateRequest_Claim{Claim: "documents/nowhere/claims/1"}}, question("Zenda"),
		question("Two dock workers were injured at the Halden Bridge"), question("The crew of the Marta K was drunk"),
	}
	for range 2 {
		answer, err := h.BatchCorroborate(t.Context(), &secondsourcev1.BatchCorroborateRequest{Requests: questions})
		if err != nil || len(answer.GetResults()) != len(questions) {
			t.Fatalf("%d results, %v", len(answer.GetResults()), err)
		}
		for i, q := range questions {
			alone, err := h.Corroborate(t.Context(), q)
			got := answer.GetResults()[i]
			if err != nil {
				if e := err.(*client.Error); !proto.Equal(e.GRPCStatus().Proto(), got.GetError()) {
					t.Errorf("question %d: %v, alone %v", i, got.GetError(), e.GRPCStatus().Proto())
				}
				continue
			}
			if !proto.Equal(alone.GetCorroboration(), got.GetCorroboration()) {
				t.Errorf("question %d:\n%v\nalone\n%v", i, got, alone)
			}
		}
	}
	_, err := h.BatchCorroborate(t.Context(), &secondsourcev1.BatchCorroborateRequest{})
	refused(t, err, codes.InvalidArgument, "INVALID_FIELD", "requests")
	for len(questions) <= 50 {
		questions = append(questions, questions[0])
	}
	_, err = h.BatchCorroborate(t.Context(), &secondsourcev1.BatchCorroborateRequest{Requests: questions})
	refused(t, err, codes.InvalidArgument, "INVALID_FIELD", "requests")
}
