package rpc

import (
	"context"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// editorialService answers secondsource.v1.EditorialService.
type editorialService struct {
	secondsourcev1.UnimplementedEditorialServiceServer

	desk *current
}

// decision is what the requests that decide have in common.
type decision interface {
	GetReason() string
	GetRequestId() string
}

func decisionFrom(ctx context.Context, req decision) desk.Decision {
	return desk.Decision{Editor: editor(ctx), Reason: req.GetReason(), RequestID: req.GetRequestId()}
}

func (s *editorialService) MergeSources(ctx context.Context, req *secondsourcev1.MergeSourcesRequest) (*secondsourcev1.MergeSourcesResponse, error) {
	j, err := s.desk.get().MergeSources(ctx, sourceID(req.GetSource()), sourceID(req.GetInto()), decisionFrom(ctx, req))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.MergeSourcesResponse{Judgement: judgementTo(j)}, nil
}

func (s *editorialService) SplitSources(ctx context.Context, req *secondsourcev1.SplitSourcesRequest) (*secondsourcev1.SplitSourcesResponse, error) {
	j, err := s.desk.get().SplitSources(ctx, sourceID(req.GetSource()), sourceID(req.GetFrom()), decisionFrom(ctx, req))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.SplitSourcesResponse{Judgement: judgementTo(j)}, nil
}

func (s *editorialService) SetController(ctx context.Context, req *secondsourcev1.SetControllerRequest) (*secondsourcev1.SetControllerResponse, error) {
	j, err := s.desk.get().SetController(ctx, sourceID(req.GetSource()), sourceID(req.GetController()), interval(req.GetValid()), decisionFrom(ctx, req))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.SetControllerResponse{Judgement: judgementTo(j)}, nil
}

func (s *editorialService) SetReliability(ctx context.Context, req *secondsourcev1.SetReliabilityRequest) (*secondsourcev1.SetReliabilityResponse, error) {
	j, err := s.desk.get().SetReliability(ctx, sourceID(req.GetSource()), enumFrom[claims.Grade](req.GetReliability()), decisionFrom(ctx, req))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.SetReliabilityResponse{Judgement: judgementTo(j)}, nil
}

func (s *editorialService) JoinOrigins(ctx context.Context, req *secondsourcev1.JoinOriginsRequest) (*secondsourcev1.JoinOriginsResponse, error) {
	j, err := s.desk.get().JoinOrigins(ctx, req.GetAssertion(), req.GetWith(), decisionFrom(ctx, req))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.JoinOriginsResponse{Judgement: judgementTo(j)}, nil
}

func (s *editorialService) PartOrigins(ctx context.Context, req *secondsourcev1.PartOriginsRequest) (*secondsourcev1.PartOriginsResponse, error) {
	j, err := s.desk.get().PartOrigins(ctx, req.GetAssertion(), req.GetFrom(), decisionFrom(ctx, req))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.PartOriginsResponse{Judgement: judgementTo(j)}, nil
}

func (s *editorialService) SetRelation(ctx context.Context, req *secondsourcev1.SetRelationRequest) (*secondsourcev1.SetRelationResponse, error) {
	j, err := s.desk.get().SetRelation(ctx, req.GetClaim(), req.GetTo(), enumFrom[claims.RelationKind](req.GetRelation()),
		enumFrom[claims.ContradictionKind](req.GetContradiction()), decisionFrom(ctx, req))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.SetRelationResponse{Judgement: judgementTo(j)}, nil
}

func (s *editorialService) SetAttribution(ctx context.Context, req *secondsourcev1.SetAttributionRequest) (*secondsourcev1.SetAttributionResponse, error) {
	j, err := s.desk.get().SetAttribution(ctx, req.GetClaim(), sourceID(req.GetAsserter()), decisionFrom(ctx, req))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.SetAttributionResponse{Judgement: judgementTo(j)}, nil
}

func (s *editorialService) SetStance(ctx context.Context, req *secondsourcev1.SetStanceRequest) (*secondsourcev1.SetStanceResponse, error) {
	j, err := s.desk.get().SetStance(ctx, req.GetClaim(), req.GetTowardClaim(), req.GetClaimText(), enumFrom[claims.Stance](req.GetStance()), decisionFrom(ctx, req))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.SetStanceResponse{Judgement: judgementTo(j)}, nil
}

func (s *editorialService) UndoJudgement(ctx context.Context, req *secondsourcev1.UndoJudgementRequest) (*secondsourcev1.UndoJudgementResponse, error) {
	seq, err := judgementSeq(req.GetName())
	if err != nil {
		return nil, statusOf(err)
	}
	j, err := s.desk.get().UndoJudgement(ctx, seq, decisionFrom(ctx, req))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.UndoJudgementResponse{Judgement: judgementTo(j)}, nil
}

func (s *editorialService) GetJudgement(ctx context.Context, req *secondsourcev1.GetJudgementRequest) (*secondsourcev1.GetJudgementResponse, error) {
	seq, err := judgementSeq(req.GetName())
	if err != nil {
		return nil, statusOf(err)
	}
	j, err := s.desk.get().GetJudgement(ctx, seq)
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.GetJudgementResponse{Judgement: judgementTo(j)}, nil
}

func (s *editorialService) ListJudgements(ctx context.Context, req *secondsourcev1.ListJudgementsRequest) (*secondsourcev1.ListJudgementsResponse, error) {
	pager, page, err := pageOf(req)
	if err != nil {
		return nil, statusOf(err)
	}
	decided := interval(req.GetDecided())
	rows, err := s.desk.get().ListJudgements(ctx, claims.JudgementFilter{Kind: judgementKind(req.GetKind()), About: req.GetAbout(),
		Editor: req.GetEditor(), From: decided.From, To: decided.To}, page)
	if err != nil {
		return nil, statusOf(err)
	}
	rows, next := cut(pager, rows, func(r claims.Judgement) claims.Cursor { return claims.Cursor{Key: r.Seq} })
	answer := &secondsourcev1.ListJudgementsResponse{NextPageToken: next}
	for i := range rows {
		answer.Judgements = append(answer.Judgements, judgementTo(rows[i]))
	}
	return answer, nil
}
