package rpc

import (
	"context"
	"errors"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/secondsource/secondsource/claims"
)

// errorDomain is google.rpc.ErrorInfo.domain of every error of this service.
const errorDomain = "secondsource"

// Reasons that arise in the transport itself; the others are claims.Reason….
const (
	reasonMalformed = "MALFORMED_MESSAGE"
	reasonStarting  = "STARTING"
	reasonStopping  = "STOPPING"
	reasonInternal  = "INTERNAL"
	reasonDeadline  = "DEADLINE_EXCEEDED"

	reasonTooManyExports = "TOO_MANY_EXPORTS"
	reasonTooManyWatches = "TOO_MANY_WATCHES"
	reasonSlowCaller     = "SLOW_CALLER"
	reasonResumeToken    = "RESUME_TOKEN_INVALID"
	reasonCancelled      = "CANCELLED"
)

// retryAfter is how long an overloaded server asks its callers to wait.
const retryAfter = 500 * time.Millisecond

// statusCodes is the one map from what went wrong to the status that says so.
var statusCodes = map[claims.Code]codes.Code{
	claims.CodeInvalid:     codes.InvalidArgument,
	claims.CodeTooLarge:    codes.InvalidArgument,
	claims.CodeNotFound:    codes.NotFound,
	claims.CodeExists:      codes.AlreadyExists,
	claims.CodeConflict:    codes.Aborted,
	claims.CodeOverloaded:  codes.ResourceExhausted,
	claims.CodeUnavailable: codes.Unavailable,
	claims.CodeCorrupt:     codes.DataLoss,
	claims.CodeUnsupported: codes.Unimplemented,
	// Not UNAVAILABLE: trying again does not free a full disk.
	claims.CodeReadOnly:     codes.FailedPrecondition,
	claims.CodePrecondition: codes.FailedPrecondition,
}

// statusOf turns an error of the desk into a gRPC status with google.rpc
// details. An error without a claims.Code becomes INTERNAL and says nothing of
// its cause, which the logging interceptor writes beside the request id.
func statusOf(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*callError](err); ok {
		return err
	}
	if e, ok := errors.AsType[*claims.Error](err); ok {
		if code, known := statusCodes[e.Code]; known {
			return &callError{status: detailed(code, e), cause: err}
		}
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &callError{status: plain(codes.DeadlineExceeded, reasonDeadline, "the call took longer than its deadline"), cause: err}
	case errors.Is(err, context.Canceled):
		return &callError{status: plain(codes.Canceled, reasonCancelled, "the call was cancelled"), cause: err}
	}
	return &callError{status: plain(codes.Internal, reasonInternal, "internal error; the server's log has it under this request id"), cause: err}
}

// callError is a status for the caller and, for the log, its cause.
type callError struct {
	status *status.Status
	cause  error
}

func (e *callError) Error() string              { return e.cause.Error() }
func (e *callError) Unwrap() error              { return e.cause }
func (e *callError) GRPCStatus() *status.Status { return e.status }

func plain(code codes.Code, reason, message string) *status.Status {
	return detailed(code, &claims.Error{Reason: reason, Message: message})
}

// detailed builds the status. The cause e.Err is left out: it may name files and
// statements of the server's.
func detailed(code codes.Code, e *claims.Error) *status.Status {
	s := status.New(code, (&claims.Error{Message: e.Message, Violations: e.Violations}).Error())
	details := []protoadapt.MessageV1{&errdetails.ErrorInfo{Reason: e.Reason, Domain: errorDomain, Metadata: e.Metadata}}
	if len(e.Violations) > 0 {
		bad := &errdetails.BadRequest{}
		for _, v := range e.Violations {
			bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
				Field: v.Field, Description: v.Description, Reason: e.Reason})
		}
		details = append(details, bad)
	}
	if e.Code == claims.CodeOverloaded {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(retryAfter)})
	}
	with, err := s.WithDetails(details...)
	if err != nil { // a detail cannot be encoded: the status alone still says what it is
		return s
	}
	return with
}
