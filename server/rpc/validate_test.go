package rpc

import (
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// What is wrong with a request is said in words, not in the validator's.
func TestViolationsAreInWords(t *testing.T) {
	v, err := protovalidate.New()
	if err != nil {
		t.Fatal(err)
	}
	check := checks(v)
	for _, tt := range []struct {
		says string
		m    proto.Message
	}{
		{"subject: is missing: set claim_text or claim", &secondsourcev1.CorroborateRequest{}},
		{"toward: is missing: set claim_text or toward_claim", &secondsourcev1.SetStanceRequest{Claim: "documents/d/claims/1", Stance: secondsourcev1.Stance_STANCE_NEUTRAL, Reason: "r"}},
		{"claim: must have the form documents/{id}/claims/{number}, the id of 1 to 64 characters of a-z, 0-9 and -",
			&secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_Claim{Claim: "documents/d"}}},
		{"about: must have the form sources/{id}, documents/{id} or documents/{id}/claims/{number}", &secondsourcev1.ListJudgementsRequest{About: "The Courier"}},
		{"assertion: must have the form documents/{id} or documents/{id}/claims/{number}", &secondsourcev1.JoinOriginsRequest{Assertion: "d", With: "documents/e", Reason: "r"}},
		{"name: must have the form judgements/{number}", &secondsourcev1.GetJudgementRequest{Name: "judgements/x"}},
		{"name: must have the form sources/{id}, the id of 1 to 64 characters of a-z, 0-9 and -", &secondsourcev1.GetSourceRequest{Name: "The Courier"}},
		{"source_id: must be 1 to 64 characters of a-z, 0-9 and -", &secondsourcev1.CreateSourceRequest{SourceId: "Ü", Source: &secondsourcev1.Source{CanonicalName: "x"}}},
	} {
		if err := check(tt.m); err == nil || err.Error() != "the request is not valid; "+tt.says {
			t.Errorf("%v, want %q", err, tt.says)
		}
	}
}
