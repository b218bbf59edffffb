package rpc

import (
	"context"
	"log/slog"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// documentService answers secondsource.v1.DocumentService.
type documentService struct {
	secondsourcev1.UnimplementedDocumentServiceServer

	desk     *current
	log      *slog.Logger
	timeout  time.Duration             // for each document of a stream
	validate func(proto.Message) error // checks a document of a stream
	working  chan struct{}             // holds a token for each document of a stream that is worked on
}

func (s *documentService) IngestDocument(ctx context.Context, req *secondsourcev1.IngestDocumentRequest) (*secondsourcev1.IngestDocumentResponse, error) {
	result, err := s.desk.get().Ingest(ctx, desk.IngestRequest{RequestID: req.GetRequestId(), Document: documentFrom(req.GetDocument())})
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.IngestDocumentResponse{
		Document: briefDocument(&result.Document),
		Claims:   claimsTo(result.Claims, result.Document.Text),
		Outcome:  enumTo[secondsourcev1.IngestOutcome](result.Outcome),
	}, nil
}

func (s *documentService) GetDocument(ctx context.Context, req *secondsourcev1.GetDocumentRequest) (*secondsourcev1.GetDocumentResponse, error) {
	document, err := s.desk.get().GetDocument(ctx, documentID(req.GetName()))
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.GetDocumentResponse{Document: documentTo(&document)}, nil
}

func (s *documentService) ListDocuments(ctx context.Context, req *secondsourcev1.ListDocumentsRequest) (*secondsourcev1.ListDocumentsResponse, error) {
	pager, page, err := pageOf(req)
	if err != nil {
		return nil, statusOf(err)
	}
	rows, err := s.desk.get().ListDocuments(ctx, documentFilter(req), page)
	if err != nil {
		return nil, statusOf(err)
	}
	rows, next := cut(pager, rows, func(r claims.Document) claims.Cursor {
		return claims.Cursor{Key: r.PublishedAt.UnixMicro(), ID: r.ID}
	})
	answer := &secondsourcev1.ListDocumentsResponse{NextPageToken: next}
	for i := range rows {
		answer.Documents = append(answer.Documents, briefDocument(&rows[i]))
	}
	return answer, nil
}

func (s *documentService) CorrectDocument(ctx context.Context, req *secondsourcev1.CorrectDocumentRequest) (*secondsourcev1.CorrectDocumentResponse, error) {
	result, err := s.desk.get().Correct(ctx, desk.CorrectRequest{
		RequestID: req.GetRequestId(), Document: documentID(req.GetName()), Correction: documentFrom(req.GetDocument())})
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.CorrectDocumentResponse{
		Document: briefDocument(&result.Document),
		Claims:   claimsTo(result.Claims, result.Document.Text),
		Outcome:  enumTo[secondsourcev1.IngestOutcome](result.Outcome),
	}, nil
}

func (s *documentService) RetractDocument(ctx context.Context, req *secondsourcev1.RetractDocumentRequest) (*secondsourcev1.RetractDocumentResponse, error) {
	result, err := s.desk.get().Retract(ctx, desk.RetractRequest{
		RequestID: req.GetRequestId(), Document: documentID(req.GetName()), Notice: req.GetNotice(), At: instant(req.GetRetractedAt())})
	if err != nil {
		return nil, statusOf(err)
	}
	return &secondsourcev1.RetractDocumentResponse{
		Document: briefDocument(&result.Document),
		Outcome:  enumTo[secondsourcev1.IngestOutcome](result.Outcome),
	}, nil
}

func (s *documentService) ListVersions(ctx context.Context, req *secondsourcev1.ListVersionsRequest) (*secondsourcev1.ListVersionsResponse, error) {
	pager, page, err := pageOf(req)
	if err != nil {
		return nil, statusOf(err)
	}
	rows, err := s.desk.get().ListVersions(ctx, documentID(req.GetName()), page)
	if err != nil {
		return nil, statusOf(err)
	}
	rows, next := cut(pager, rows, func(r claims.Document) claims.Cursor { return claims.Cursor{ID: r.ID} })
	answer := &secondsourcev1.ListVersionsResponse{NextPageToken: next}
	for i := range rows {
		answer.Documents = append(answer.Documents, briefDocument(&rows[i]))
	}
	return answer, nil
}

func (s *documentService) DeleteDocument(ctx context.Context, req *secondsourcev1.DeleteDocumentRequest) (*secondsourcev1.DeleteDocumentResponse, error) {
	done, err := s.desk.get().DeleteDocument(ctx, desk.DeleteRequest{Document: documentID(req.GetName()), Reason: req.GetReason(), Editor: editor(ctx)})
	if err != nil {
		return nil, statusOf(err)
	}
	answer := &secondsourcev1.DeleteDocumentResponse{Claims: int32(done.Claims), Judgement: judgementName(done.Judgement)}
	for _, id := range done.Documents {
		answer.Documents = append(answer.Documents, documentName(id))
	}
	return answer, nil
}
