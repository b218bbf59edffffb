package client

import (
	"context"
	"iter"

	"google.golang.org/protobuf/proto"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// AllSources yields every source that the request's filters let through, asking
// for page after page. It begins at the request's page token. After an error it
// yields that and stops.
func (c *Client) AllSources(ctx context.Context, req *secondsourcev1.ListSourcesRequest) iter.Seq2[*secondsourcev1.Source, error] {
	req = proto.CloneOf(req)
	return pages(req.GetPageToken(), func(token string) ([]*secondsourcev1.Source, string, error) {
		req.PageToken = token
		page, err := c.ListSources(ctx, req)
		return page.GetSources(), page.GetNextPageToken(), err
	})
}

// AllDocuments yields every document that the request's filters let through, the
// last published first, without their texts; see AllSources.
func (c *Client) AllDocuments(ctx context.Context, req *secondsourcev1.ListDocumentsRequest) iter.Seq2[*secondsourcev1.Document, error] {
	req = proto.CloneOf(req)
	return pages(req.GetPageToken(), func(token string) ([]*secondsourcev1.Document, string, error) {
		req.PageToken = token
		page, err := c.ListDocuments(ctx, req)
		return page.GetDocuments(), page.GetNextPageToken(), err
	})
}

// AllVersions yields every version of a document's publication, the first stored
// first, without their texts; see AllSources.
func (c *Client) AllVersions(ctx context.Context, req *secondsourcev1.ListVersionsRequest) iter.Seq2[*secondsourcev1.Document, error] {
	req = proto.CloneOf(req)
	return pages(req.GetPageToken(), func(token string) ([]*secondsourcev1.Document, string, error) {
		req.PageToken = token
		page, err := c.ListVersions(ctx, req)
		return page.GetDocuments(), page.GetNextPageToken(), err
	})
}

// AllClaims yields every claim that the request's filters let through; see
// AllSources.
func (c *Client) AllClaims(ctx context.Context, req *secondsourcev1.ListClaimsRequest) iter.Seq2[*secondsourcev1.Claim, error] {
	req = proto.CloneOf(req)
	return pages(req.GetPageToken(), func(token string) ([]*secondsourcev1.Claim, string, error) {
		req.PageToken = token
		page, err := c.ListClaims(ctx, req)
		return page.GetClaims(), page.GetNextPageToken(), err
	})
}

// AllJudgements yields every entry of the log that the request's filters let
// through, the latest first; see AllSources.
func (c *Client) AllJudgements(ctx context.Context, req *secondsourcev1.ListJudgementsRequest) iter.Seq2[*secondsourcev1.Judgement, error] {
	req = proto.CloneOf(req)
	return pages(req.GetPageToken(), func(token string) ([]*secondsourcev1.Judgement, string, error) {
		req.PageToken = token
		page, err := c.ListJudgements(ctx, req)
		return page.GetJudgements(), page.GetNextPageToken(), err
	})
}

// pages calls next with each page's token until there is none, and yields the
// rows of each page.
func pages[T any](first string, next func(token string) ([]*T, string, error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for token, more := first, true; more; more = token != "" {
			rows, following, err := next(token)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			token = following
		}
	}
}
