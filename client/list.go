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
	return pages(func() ([]*secondsourcev1.Source, string, error) {
		page, err := c.ListSources(ctx, req)
		req.PageToken = page.GetNextPageToken()
		return page.GetSources(), page.GetNextPageToken(), err
	})
}

// AllDocuments yields every document that the request's filters let through, the
// last published first, without their texts; see AllSources.
func (c *Client) AllDocuments(ctx context.Context, req *secondsourcev1.ListDocumentsRequest) iter.Seq2[*secondsourcev1.Document, error] {
	req = proto.CloneOf(req)
	return pages(func() ([]*secondsourcev1.Document, string, error) {
		page, err := c.ListDocuments(ctx, req)
		req.PageToken = page.GetNextPageToken()
		return page.GetDocuments(), page.GetNextPageToken(), err
	})
}

// AllClaims yields every claim that the request's filters let through; see
// AllSources.
func (c *Client) AllClaims(ctx context.Context, req *secondsourcev1.ListClaimsRequest) iter.Seq2[*secondsourcev1.Claim, error] {
	req = proto.CloneOf(req)
	return pages(func() ([]*secondsourcev1.Claim, string, error) {
		page, err := c.ListClaims(ctx, req)
		req.PageToken = page.GetNextPageToken()
		return page.GetClaims(), page.GetNextPageToken(), err
	})
}

// pages calls next until it returns no token, and yields the rows of each page.
func pages[T any](next func() ([]*T, string, error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for {
			rows, token, err := next()
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if token == "" {
				return
			}
		}
	}
}
