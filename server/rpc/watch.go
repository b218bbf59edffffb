package rpc

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// watchPatience is how long an answer may wait for its caller to take it: the
// window of the stream is full then, and what the watch holds is wanted by others.
const watchPatience = time.Minute

func (s *corroborationService) Watch(req *secondsourcev1.WatchRequest, stream grpc.ServerStreamingServer[secondsourcev1.WatchResponse]) error {
	r, hash, err := s.watchFrom(req)
	if err != nil {
		return statusOf(err)
	}
	leave, err := s.watches.enter(stream.Context())
	if err != nil {
		return statusOf(err)
	}
	defer leave()
	// The caller learns that it watches, and the request's id, before there is news.
	if err := stream.SendHeader(metadata.MD{}); err != nil {
		return err
	}
	err = s.desk.get().Watch(stream.Context(), r, func(e desk.WatchEvent) error {
		return sendWithin(stream, watchTo(&e, hash), watchPatience)
	})
	if errors.Is(context.Cause(stream.Context()), errStopping) {
		err = &claims.Error{Code: claims.CodeUnavailable, Reason: reasonStopping, Message: "the watch was ended; it can be resumed with its last token"}
	}
	return statusOf(err)
}

// sendWithin sends an answer, or gives the caller up.
func sendWithin[M any](stream grpc.ServerStreamingServer[M], m *M, patience time.Duration) error {
	sent := make(chan error, 1)
	go func() { sent <- stream.Send(m) }() // it ends with the call at the latest
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case err := <-sent:
		return err
	case <-stream.Context().Done():
		return stream.Context().Err()
	case <-late.C:
		return &claims.Error{Code: claims.CodeConflict, Reason: reasonSlowCaller, Message: "answers were not taken for too long"}
	}
}

// watchFrom reads what is to be watched, and what binds its tokens to it.
func (s *corroborationService) watchFrom(req *secondsourcev1.WatchRequest) (desk.WatchRequest, []byte, error) {
	r := desk.WatchRequest{Source: sourceID(req.GetSource())}
	if err := s.validate(req); err != nil {
		return r, nil, err
	}
	if r.Source != "" && (req.GetPublished() != nil || len(req.GetSources()) > 0) {
		return r, nil, claims.Invalid("source", "cannot be watched within published or sources: all that it asserts is watched")
	}
	published := interval(req.GetPublished())
	r.Query = claims.Query{Text: req.GetClaimText(), From: published.From, To: published.To, MinOrigins: int(req.GetMinOrigins())}
	for _, name := range req.GetSources() {
		r.Query.Sources = append(r.Query.Sources, sourceID(name))
	}
	if name := req.GetClaim(); name != "" {
		var err error
		if r.Query.Document, r.Query.Index, err = claimID(name); err != nil {
			return r, nil, err
		}
	}
	hash := watchHash(req)
	if token := req.GetResumeToken(); token != "" {
		state, ok := parseWatch(hash, token)
		if !ok {
			return r, nil, &claims.Error{Code: claims.CodeInvalid, Reason: reasonResumeToken, Message: "the resume token is not valid",
				Violations: []claims.Violation{{Field: "resume_token", Description: "is not one that this watch gave out"}}}
		}
		r.After = &state
	}
	return r, hash, nil
}

func watchTo(e *desk.WatchEvent, hash []byte) *secondsourcev1.WatchResponse {
	m := &secondsourcev1.WatchResponse{Event: enumTo[secondsourcev1.WatchEvent](e.Kind), ResumeToken: formatWatch(hash, e.State), At: timestamp(e.At)}
	if e.Corroboration.Verdict != "" {
		m.Corroboration = corroborationTo(&e.Corroboration)
	}
	if e.Claim != nil && e.Document != nil {
		m.Claim = claimTo(e.Claim, e.Document.Text)
		m.Corroboration.Claims = nil // its spans would be taken for those of the answer's own text
	}
	if b := &e.Before; b.Verdict != "" {
		m.Before = &secondsourcev1.Standing{Verdict: enumTo[secondsourcev1.Verdict](b.Verdict),
			IndependentOriginsMin: count(b.OriginsMin), IndependentOriginsMax: count(b.OriginsMax),
			RefutingOriginsMin: count(b.RefutingMin), RefutingOriginsMax: count(b.RefutingMax),
			WitnessesMin: count(b.WitnessesMin), WitnessesMax: count(b.WitnessesMax)}
	}
	for _, c := range e.Causes {
		cause := &secondsourcev1.WatchCause{Kind: enumTo[secondsourcev1.WatchCauseKind](c.Kind), Document: documentName(c.Document), Publisher: c.Publisher}
		if c.Judgement != 0 {
			cause.Judgement = judgementName(c.Judgement)
		}
		m.Causes = append(m.Causes, cause)
	}
	return m
}
