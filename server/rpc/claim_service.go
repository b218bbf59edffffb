package rpc

import (
	"context"

	"github.com/secondsource/secondsource/claims"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// claimService answers secondsource.v1.ClaimService.
type claimService struct {
	secondsourcev1.UnimplementedClaimServiceServer

	desk *current
}

func (s *claimService) ExtractClaims(ctx context.Context, req *secondsourcev1.ExtractClaimsRequest) (*secondsourcev1.ExtractClaimsResponse, error) {
	read, err := s.desk.get().Extract(ctx, documentFrom(req.GetDocument()))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.ExtractClaimsResponse{
		Document: briefDocument(&read.Document), Claims: claimsTo(read.Claims, read.Document.Text)}, nil
}

func (s *claimService) GetClaim(ctx context.Context, req *secondsourcev1.GetClaimRequest) (*secondsourcev1.GetClaimResponse, error) {
	document, index, err := claimID(req.GetName())
	if err != nil {
		return nil, statusOf(err)
	}
	claim, err := s.desk.get().GetClaim(ctx, document, index)
	if err != nil {
		return nil, statusOf(err)
	}
	converted, err := storedClaims(ctx, s.desk.get(), []claims.Claim{claim})
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.GetClaimResponse{Claim: converted[0]}, nil
}

func (s *claimService) ListClaims(ctx context.Context, req *secondsourcev1.ListClaimsRequest) (*secondsourcev1.ListClaimsResponse, error) {
	pager, page, err := pageOf(req)
	if err != nil {
		return nil, statusOf(err)
	}
	rows, err := s.desk.get().ListClaims(ctx, claimQuery(req), page)
	if err != nil {
		return nil, statusOf(err)
	}
	rows, next := cut(pager, rows, func(r claims.Claim) claims.Cursor { return claims.Cursor{Key: r.Seq} })
	converted, err := storedClaims(ctx, s.desk.get(), rows)
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.ListClaimsResponse{Claims: converted, NextPageToken: next}, nil
}
