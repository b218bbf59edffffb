package rpc

import (
	"reflect"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func watchState() desk.WatchState {
	at := time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC)
	return desk.WatchState{Since: at, Judgement: 12, Claim: 1 << 40, Told: []desk.Told{
		{Claim: 0, At: at.Add(time.Hour), Standing: desk.Standing{Verdict: claims.Disputed, OriginsMin: 1, OriginsMax: 3, RefutingMin: 1, RefutingMax: 600}},
		{Claim: 1 << 40, At: at}, // held back
		{Claim: 77, At: at, Standing: desk.Standing{Verdict: claims.Unreported, WitnessesMin: 2, WitnessesMax: 2}}}}
}

func TestResumeTokens(t *testing.T) {
	hash := watchHash(&secondsourcev1.WatchRequest{Subject: &secondsourcev1.WatchRequest_ClaimText{ClaimText: "It rained."}})
	token := formatWatch(hash, watchState())
	if got, ok := parseWatch(hash, token); !ok || !reflect.DeepEqual(got, watchState()) {
		t.Errorf("%t\n%+v\n%+v", ok, got, watchState())
	}
	other := watchHash(&secondsourcev1.WatchRequest{Subject: &secondsourcev1.WatchRequest_ClaimText{ClaimText: "It snowed."}})
	if _, ok := parseWatch(other, token); ok {
		t.Error("another watch takes it")
	}
	for i := range len(token) {
		broken := []byte(token)
		broken[i] ^= 1
		if got, ok := parseWatch(hash, string(broken)); ok && !reflect.DeepEqual(got, watchState()) {
			t.Errorf("broken at %d, it is taken for %+v", i, got)
		}
	}
	full := watchState()
	for range 32 {
		full.Told = append(full.Told, full.Told[1])
	}
	if n := len(formatWatch(hash, full)); n > 4096 {
		t.Errorf("a token of %d bytes does not fit its field", n)
	}
}

func FuzzResumeToken(f *testing.F) {
	hash := watchHash(&secondsourcev1.WatchRequest{})
	f.Add(formatWatch(hash, watchState()))
	f.Add("")
	f.Add("AQAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, token string) {
		if s, ok := parseWatch(hash, token); ok {
			if again, ok := parseWatch(hash, formatWatch(hash, s)); !ok || !reflect.DeepEqual(s, again) {
				t.Errorf("%+v comes back as %+v", s, again)
			}
		}
	})
}

// stuck is a stream whose caller takes nothing.
type stuck struct {
	grpc.ServerStreamingServer[secondsourcev1.WatchResponse]
}

func (*stuck) Send(*secondsourcev1.WatchResponse) error { select {} }

func TestASlowCallerIsGivenUp(t *testing.T) {
	ctx := t.Context()
	stream := &stuck{&grpc.GenericServerStream[secondsourcev1.WatchRequest, secondsourcev1.WatchResponse]{ServerStream: &checkedStream{ctx: ctx}}}
	err := statusOf(sendWithin(stream, &secondsourcev1.WatchResponse{}, time.Millisecond))
	if s := status.Convert(err); s.Code() != codes.Aborted {
		t.Error(err)
	}
}
