package rpc

import (
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/secondsource/secondsource/claims"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server/auth"
)

// serverService answers secondsource.v1.ServerService.
type serverService struct {
	secondsourcev1.UnimplementedServerServiceServer

	desk    *current
	version string
}

func (s *serverService) GetServerInfo(ctx context.Context, _ *secondsourcev1.GetServerInfoRequest) (*secondsourcev1.GetServerInfoResponse, error) {
	problem := ""
	if err := s.desk.get().CheckWritable(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, statusOf(err)
		}
		problem = "the server's log has it under this request id"
		if e, ok := errors.AsType[*claims.Error](err); ok {
			problem = e.Message // holds no secrets
		}
	}
	who, _ := auth.Caller(ctx)
	return &secondsourcev1.GetServerInfoResponse{Version: s.version, Time: timestamppb.New(time.Now()), Caller: who.Name, Role: string(who.Role),
		StoreWritable: problem == "", StoreProblem: problem}, nil
}
