package rpc

import (
	"context"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// corroborationService answers secondsource.v1.CorroborationService.
type corroborationService struct {
	secondsourcev1.UnimplementedCorroborationServiceServer

	desk *current
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
