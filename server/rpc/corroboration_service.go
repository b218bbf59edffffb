package rpc

import (
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// corroborationService answers secondsource.v1.CorroborationService.
type corroborationService struct {
	secondsourcev1.UnimplementedCorroborationServiceServer

	desk     *current
	validate func(proto.Message) error // checks a question of a batch, and what a watch asks
	watches  *watchLimit
}

func (s *corroborationService) Corroborate(ctx context.Context, req *secondsourcev1.CorroborateRequest) (*secondsourcev1.CorroborateResponse, error) {
	query, err := queryFrom(req)
	if err != nil {
		return nil, statusOf(err)
	}
	answer, err := s.desk.get().Corroborate(ctx, query)
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.CorroborateResponse{Corroboration: corroborationTo(&answer)}, nil
}

// maxAnswer bounds the answers of a batch, in bytes. Clients take messages as
// large as MaxReceive; the rest is for what stands around the answers.
const maxAnswer = MaxReceive - 64<<10

func (s *corroborationService) BatchCorroborate(ctx context.Context, req *secondsourcev1.BatchCorroborateRequest) (*secondsourcev1.BatchCorroborateResponse, error) {
	answer := &secondsourcev1.BatchCorroborateResponse{Results: make([]*secondsourcev1.BatchCorroborateResult, len(req.GetRequests()))}
	var queries []claims.Query
	var asked []int // the question of each query
	for i, question := range req.GetRequests() {
		err := s.validate(question)
		if err == nil {
			var query claims.Query
			if query, err = queryFrom(question); err == nil {
				queries, asked = append(queries, query), append(asked, i)
				continue
			}
		}
		answer.Results[i] = unanswered(err)
	}
	answered, err := s.desk.get().CorroborateAll(ctx, queries)
	if err != nil {
		return nil, statusOf(err)
	}
	size := 0
	for k, a := range answered {
		result := unanswered(a.Err)
		if a.Err == nil {
			result = &secondsourcev1.BatchCorroborateResult{Result: &secondsourcev1.BatchCorroborateResult_Corroboration{Corroboration: corroborationTo(&a.Corroboration)}}
			if n := proto.Size(result); size+n > maxAnswer {
				result = unanswered(&claims.Error{Code: claims.CodeOverloaded, Reason: claims.ReasonAnswerTooLarge,
					Message: "the answers before this one fill the message: ask it again by itself"})
			} else {
				size += n
			}
		}
		answer.Results[asked[k]] = result
	}
	return answer, nil
}

func unanswered(err error) *secondsourcev1.BatchCorroborateResult {
	return &secondsourcev1.BatchCorroborateResult{Result: &secondsourcev1.BatchCorroborateResult_Error{Error: protoOf(err)}}
}

func (s *corroborationService) CheckDraft(ctx context.Context, req *secondsourcev1.CheckDraftRequest) (*secondsourcev1.CheckDraftResponse, error) {
	check, err := s.desk.get().CheckDraft(ctx, desk.CheckRequest{Draft: documentFrom(req.GetDraft()), MinOrigins: int(req.GetMinOrigins())})
	if err != nil {
		return nil, statusOf(err)
	}
	return checkTo(&check), nil
}
