package rpc

import (
	"context"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// sourceService answers secondsource.v1.SourceService.
type sourceService struct {
	secondsourcev1.UnimplementedSourceServiceServer

	desk *current
}

func (s *sourceService) CreateSource(ctx context.Context, req *secondsourcev1.CreateSourceRequest) (*secondsourcev1.CreateSourceResponse, error) {
	source, err := newSource(req)
	if err != nil {
		return nil, statusOf(err)
	}
	stored, err := s.desk.get().CreateSource(desk.WithEditor(ctx, editor(ctx)), source)
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.CreateSourceResponse{Source: sourceTo(stored)}, nil
}

func (s *sourceService) GetSource(ctx context.Context, req *secondsourcev1.GetSourceRequest) (*secondsourcev1.GetSourceResponse, error) {
	source, err := s.desk.get().GetSource(ctx, sourceID(req.GetName()))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.GetSourceResponse{Source: sourceTo(source)}, nil
}

func (s *sourceService) ListSources(ctx context.Context, req *secondsourcev1.ListSourcesRequest) (*secondsourcev1.ListSourcesResponse, error) {
	pager, page, err := pageOf(req)
	if err != nil {
		return nil, statusOf(err)
	}
	filter := claims.SourceFilter{Registered: req.Registered, Kind: enumFrom[claims.SourceKind](req.GetKind()), NamePrefix: req.GetNamePrefix()}
	rows, err := s.desk.get().ListSources(ctx, filter, page)
	if err != nil {
		return nil, statusOf(err)
	}
	rows, next := cut(pager, rows, func(r claims.Source) claims.Cursor {
		return claims.Cursor{Key: r.CreatedAt.UnixMicro(), ID: r.ID}
	})
	answer := &secondsourcev1.ListSourcesResponse{NextPageToken: next}
	for _, row := range rows {
		answer.Sources = append(answer.Sources, sourceTo(row))
	}
	return answer, nil
}

func (s *sourceService) UpdateSource(ctx context.Context, req *secondsourcev1.UpdateSourceRequest) (*secondsourcev1.UpdateSourceResponse, error) {
	source, fields, err := changedSource(req)
	if err != nil {
		return nil, statusOf(err)
	}
	stored, err := s.desk.get().UpdateSource(desk.WithEditor(ctx, editor(ctx)), source, fields)
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.UpdateSourceResponse{Source: sourceTo(stored)}, nil
}

func (s *sourceService) ResolveSource(ctx context.Context, req *secondsourcev1.ResolveSourceRequest) (*secondsourcev1.ResolveSourceResponse, error) {
	found, err := s.desk.get().ResolveSource(ctx, req.GetQuery(), instant(req.GetAt()))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.ResolveSourceResponse{
		Source: sourceTo(found.Source), MatchedBy: enumTo[secondsourcev1.MatchedBy](found.MatchedBy), Matched: found.Matched}, nil
}
